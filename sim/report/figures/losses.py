"""Figures of what is lost: its distribution, its parts, and its weather."""

import numpy as np
import polars as pl
from matplotlib.axes import Axes

from sim.metrics.declared.replications import BOUNDS
from sim.metrics.means import Estimate, mean_estimate
from sim.metrics.samples import Sample, sample_of
from sim.metrics.statistics import expected_shortfall, mean, quantile
from sim.report.language import listed, say
from sim.report.numbers import counted, grouped, level_text, millions, percent, span, words
from sim.report.source import Run
from sim.report.style import (
    BLUE,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    PURPLE,
    RED,
    SKY,
    Drawing,
    finish,
    new_figure,
    nothing,
    plain_axis,
    styled,
)

FEW = 30
"""Below so many replications every one is a dot; from here on a histogram is honest."""
FEWEST_BINS, MOST_BINS = 10, 60
FEWEST_FITTED = 5
"""Replications from which a line is fitted."""


@styled
def loss_distribution(run: Run) -> Drawing:
    """Draw the booked net loss rate over replications with value at risk and shortfall."""
    name, title = "loss_distribution", say("Net loss over replications")
    shown = run.tables["replications"].select("replication", "net_loss_rate").drop_nulls()
    rates = shown["net_loss_rate"].to_list()
    if not rates:
        return nothing(name, title, say("no replication has purchases"))
    if not any(rates):
        return nothing(name, title, say("no replication has losses or recoveries"))
    level = run.config.experiment.tail
    at_risk, shortfall = quantile(rates, level), expected_shortfall(rates, level)
    figure, (axes,) = new_figure(3.2 if len(rates) >= FEW else 2.5)
    if len(rates) < FEW:
        _dots(axes, rates)
    else:
        _histogram(axes, rates)
    centre = _mean(run)
    middle = mean(rates) if centre.value is None else centre.value
    marks = {"mean": middle, "value_at_risk": at_risk, "expected_shortfall": shortfall}
    _marks(axes, marks, level)
    axes.set_xlabel(say("net loss booked, % of GMV"))
    plain_axis(axes.xaxis)
    yen = run.values("net_loss_yen")
    caption = say(
        "Written off less recovered in {months}, {replications}: mean {mean} of GMV{interval}, or "
        "{yen}; value at risk at {level} {at_risk}, expected shortfall {shortfall}. The further "
        "the dashed lines lie to the right of the mean, the more the lender must hold for a bad "
        "run; losses are booked at the write-off, late in the life of a bill.",
        months=counted(run.config.months, "{n} month", "{n} months"),
        replications=counted(len(rates), "{n} replication", "{n} replications"),
        mean=percent(marks["mean"]),
        interval=_interval(centre, run.config.experiment.confidence),
        yen=millions(mean(yen)),
        level=level_text(level),
        at_risk=percent(at_risk),
        shortfall=percent(shortfall),
    )
    lines = pl.DataFrame({"statistic": list(marks), "net_loss_rate": list(marks.values())})
    return finish(name, title, caption, figure, data={name: shown, f"{name}_marks": lines},
                  metrics=["replications.net_loss_rate"])  # fmt: skip


def _mean(run: Run) -> Estimate:
    """Estimate the mean rate as the headline does, but for weights: figures are as sampled."""
    frame, config = run.tables["replications"], run.config
    if run.is_weighted:
        sample = Sample(tuple(run.values("net_loss_rate")))
    else:
        sample = sample_of(frame, "net_loss_rate", config)
    return mean_estimate(sample, config.experiment.confidence).within(BOUNDS["net_loss_rate"])


def _interval(found: Estimate, confidence: float) -> str:
    """Write the interval of a mean of shares, nothing where there is none."""
    if found.lower is None or found.upper is None:
        return ""
    ends = span(percent(found.lower), percent(found.upper))
    return say(" ({level} interval {ends})", level=level_text(confidence), ends=ends)


def _dots(axes: Axes, rates: list[float]) -> None:
    """Draw each replication as a dot; near ones are stacked."""
    ordered = sorted(rates)
    width = (ordered[-1] - ordered[0]) / 45 or 1.0
    heights: list[int] = []
    for number, rate in enumerate(ordered):
        taken = {heights[i] for i in range(number) if rate - ordered[i] < width}
        heights.append(min(set(range(len(rates))) - taken))
    axes.plot([100 * rate for rate in ordered], heights, "o", color=BLUE, ms=6, mec=PAPER, mew=0.7)
    axes.set_ylim(-0.8, max(*heights, 3) + 0.8)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False, axis="y")
    if len(set(ordered)) == 1:
        half = abs(ordered[0]) * 50 or 0.5
        axes.set_xlim(100 * ordered[0] - half, 100 * ordered[0] + half)


def _histogram(axes: Axes, rates: list[float]) -> None:
    """Draw a histogram with bins by the rule of Freedman and Diaconis, and a rug."""
    per_cent = 100 * np.array(rates)
    bins = np.histogram_bin_edges(per_cent, "fd")
    n_bins = min(max(bins.size - 1, FEWEST_BINS), MOST_BINS)
    bins = np.linspace(bins[0], bins[-1], n_bins + 1)
    axes.hist(per_cent, bins=bins.tolist(), color=BLUE, edgecolor=PAPER, linewidth=0.6)
    axes.plot(per_cent, np.zeros_like(per_cent), "|", color=INK, ms=6, alpha=0.35, clip_on=False)
    axes.set_ylabel(say("replications"))


def _marks(axes: Axes, marks: dict[str, float], level: float) -> None:
    """Mark mean, value at risk and expected shortfall."""
    text = level_text(level)
    looks = [(say("mean"), INK, "-"), (f"VaR {text}", ORANGE, "--"), (f"ES {text}", RED, "-.")]
    for value, (label, colour, dash) in zip(marks.values(), looks, strict=True):
        axes.axvline(100 * value, color=colour, ls=dash, lw=1.4, label=f"{label}: {percent(value)}")
    axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=3, borderaxespad=0)


PART_COLOURS = {
    "in_house": GREEN,
    "set_off": SKY,
    "law_firm": ORANGE,
    "garnishment": INK,
    "plan": MUTED,
    "after_write_off": PURPLE,
    "open": RED,
    "principal": BLUE,
    "fees": SKY,
    "late_damages": ORANGE,
    "late_admin_fees": PURPLE,
}


@styled
def lost_yen(run: Run) -> Drawing:
    """Draw what late yen became and what written-off yen consisted of."""
    name, title = "lost_yen", say("Where a late yen went, and what was given up")
    stages = run.means("recovery_by_stage", "stage", "yen")
    parts = run.means("written_off", "component", "yen")
    late, off = sum(stages.values()), sum(parts.values())
    if not late and not off:
        return nothing(name, title, say("no bill fell overdue"))
    figure, axes = new_figure(3.6, rows=2, ratios=(1, 1))
    _shares(axes[0], stages, say("price unpaid at the due date, {yen}, in %", yen=millions(late)))
    _shares(axes[1], parts, say("written off, {yen}, in %", yen=millions(off)))
    caption = say(
        "Means over replications. Of {late} unpaid at the due date: {stages}; what is open is "
        "still owed or given up. Written off {off}: {parts}.",
        late=millions(late),
        stages=_listed(stages, late),
        off=millions(off),
        parts=_listed(parts, off),
    )
    data = {"recovery_by_stage": _frame("stage", stages), "written_off": _frame("component", parts)}
    return finish(name, title, caption, figure, data=data,
                  metrics=["recovery_by_stage.yen", "written_off.yen"])  # fmt: skip


def _frame(key: str, parts: dict[str, float]) -> pl.DataFrame:
    """Give mean yen and shares by part."""
    total = sum(parts.values())
    shares = [yen / total if total else None for yen in parts.values()]
    return pl.DataFrame({key: list(parts), "yen": list(parts.values()), "share": shares})


def _listed(parts: dict[str, float], total: float) -> str:
    """Write the shares of a total."""
    texts = [f"{words(name)} {percent(yen / total, 1)}" for name, yen in parts.items() if total]
    return listed(texts) or say("nothing")


def _shares(axes: Axes, parts: dict[str, float], title: str) -> None:
    """Draw one bar of a hundred per cent in its parts."""
    total = sum(parts.values())
    axes.set_title(title)
    axes.set_xlim(0, 100)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False, axis="y")
    if not total:
        axes.text(50, 0, say("nothing"), ha="center", va="center", color=MUTED)
        axes.set_ylim(-0.5, 0.5)
        return
    left = 0.0
    for name, yen in parts.items():
        share = 100 * yen / total
        axes.barh(
            0, share, left=left, color=PART_COLOURS.get(name, MUTED), edgecolor=PAPER,
            linewidth=0.8, label=f"{words(name)} {share:.1f} %",
        )  # fmt: skip
        left += share
    axes.legend(ncols=3, loc="upper left", bbox_to_anchor=(-0.01, -0.22), borderaxespad=0)


@styled
def macro_factor(run: Run) -> Drawing:
    """Draw missed bills against the mean macro factor, one dot a replication."""
    name, title = "macro_factor", say("Missed bills and the macro factor")
    columns = ["macro_factor_mean", "unpaid_share_1"]
    pairs = run.tables["replications"].select("replication", *columns).drop_nulls()
    if not pairs.height:
        return nothing(name, title, say("no bill has been due for a day"))
    factor = pairs[columns[0]].to_numpy()
    missed = 100 * pairs[columns[1]].to_numpy()
    figure, (axes,) = new_figure(3.1)
    axes.plot(factor, missed, "o", color=BLUE, ms=5, mec=PAPER, mew=0.6, alpha=0.85)
    axes.set_xlabel(say("mean macro factor of the replication (below 0: bad times)"))
    axes.set_ylabel(say("unpaid 1 day past due,\n% of price billed"))
    plain_axis(axes.xaxis)
    plain_axis(axes.yaxis)
    caption = say(
        "{replications}, mean {mean} % unpaid after a day.",
        replications=counted(pairs.height, "{n} replication", "{n} replications"),
        mean=f"{missed.mean():.2f}",
    )
    if pairs.height >= FEWEST_FITTED and np.ptp(factor) > 0 and np.ptp(missed) > 0:
        slope, base = np.polyfit(factor, missed, 1)
        pairs = pairs.with_columns(fitted_share=pl.Series((base + slope * factor) / 100))
        ends = np.array([factor.min(), factor.max()])
        axes.plot(ends, base + slope * ends, color=RED, lw=1.3)
        caption += say(
            " A factor lower by 1 goes with {slope} points more (least squares, the line), "
            "correlation {correlation}: the steeper the line, the more of the risk is weather that "
            "no screening removes.",
            slope=grouped(-slope, 2),
            correlation=grouped(float(np.corrcoef(factor, missed)[0, 1]), 2),
        )
    return finish(name, title, caption, figure, data={name: pairs},
                  metrics=[f"replications.{column}" for column in columns])  # fmt: skip
