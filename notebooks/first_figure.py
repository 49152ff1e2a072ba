import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.cell(hide_code=True)
def _():
    import marimo as mo

    mo.md(
        """
        # What does the reminder before the due date do?

        Two runs of one portfolio differ in one parameter. They share their random numbers member
        by member, so what differs between the curves is the reminder. The runs are tiny, to take
        seconds; leave out the settings in `SMALL` before you conclude anything.
        """
    )
    return (mo,)


@app.cell
def _(mo):
    import matplotlib.pyplot as plt

    import sim

    CONFIG = mo.notebook_dir().parent / "configs" / "atone.yaml"
    SMALL = ["population.members=300", "months=6"]
    return CONFIG, SMALL, plt, sim


@app.cell
def _(CONFIG, SMALL, plt, sim):
    figure, axes = plt.subplots()
    for label, days in (("reminder 3 days before", 3), ("no reminder", 0)):
        settings = [*SMALL, f"collections.reminder_days={days}"]
        result = sim.run(CONFIG, overrides=settings, replications=2, jobs=1)
        curve = result.metrics["unpaid_curve"].drop_nulls("unpaid_share")
        axes.plot(curve["days_past_due"], 100 * curve["unpaid_share"], "o-", label=label)
    axes.set(xlabel="days past due", ylabel="share of billed price unpaid, %", xlim=(0, 60))
    axes.legend()
    figure
    return (figure,)


if __name__ == "__main__":
    app.run()
