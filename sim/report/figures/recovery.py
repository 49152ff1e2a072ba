"""Figures of arrears after the first missed day: how they end, and what each stage brings."""

import numpy as np
import polars as pl
from matplotlib.axes import Axes

from sim.metrics.frames import ratio
from sim.report.language import listed, say
from sim.report.numbers import counted, level_text, millions, percent, significant, words
from sim.report.source import Run
from sim.report.style import (
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    RED,
    Drawing,
    age_axis,
    finish,
    new_figure,
    nothing,
    plain_axis,
    styled,
)

ENDINGS = {"cured": GREEN, "written_off": RED, "sold": ORANGE, "released": PURPLE}
LONGEST_LABEL = 24
"""Letters of the name of a stage that stand beside its bar; channels are named by users."""


@styled
def spell_survival(run: Run) -> Drawing:
    """Draw how long spells of arrears last and by when they have ended in which way."""
    name, title = "spell_survival", say("How long arrears last, and how they end")
    curve = run.tables["spell_survival"].filter(number="all").drop("number")
    if not curve.height:
        return nothing(name, title, say("no spell of arrears has begun"))
    endings = (
        run.tables["competing_risks"]
        .filter(number="all")
        .pivot("ending", index="days_past_due", values="incidence")
        .sort("days_past_due")
    )
    shown = [ending for ending in ENDINGS if ending in endings.columns and endings[ending].sum()]
    bad = [ending for ending in shown if ending != "cured"]
    figure, axes = new_figure(4.6 if bad else 3.2, 2 if bad else 1, (3, 2) if bad else (1,),
                              sharex=True)  # fmt: skip
    _survival(axes[0], curve, run.config.experiment.confidence)
    if "cured" in shown:
        _incidence(axes[0], endings, "cured")
    axes[0].set_ylim(0, 103)
    axes[0].set_ylabel(say("% of spells"))
    axes[0].legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=3, borderaxespad=0)
    for ending in bad:
        _incidence(axes[1], endings, ending)
    if bad:
        axes[1].set_ylim(bottom=0)
        axes[1].set_ylabel(say("ended by then,\n% of spells"))
        axes[1].legend(loc="upper left")
    for panel in axes:
        plain_axis(panel.yaxis)
    age_axis(axes[-1], max(curve["days_past_due"].to_list()))
    metrics = [f"spell_survival.{c}" for c in ("survival", "lower", "upper")]
    data = {name: curve, "competing_risks": endings}
    return finish(name, title, _survival_caption(curve, endings, shown), figure, data=data,
                  metrics=[*metrics, "competing_risks.incidence"])  # fmt: skip


def _survival(axes: Axes, curve: pl.DataFrame, confidence: float) -> None:
    """Draw the Kaplan-Meier curve with its band, from all spells down in steps."""
    band = curve.drop_nulls(["lower", "upper"])
    if band.height:
        axes.fill_between(
            band["days_past_due"].to_numpy(), 100 * band["lower"].to_numpy(),
            100 * band["upper"].to_numpy(), step="post", color=BLUE, alpha=0.22, lw=0,
            label=say("{level} interval", level=level_text(confidence)),
        )  # fmt: skip
    axes.step([0, *curve["days_past_due"]], [100.0, *100 * curve["survival"]], where="post",
              color=BLUE, label=say("still in arrears"))  # fmt: skip


def _incidence(axes: Axes, endings: pl.DataFrame, ending: str) -> None:
    """Draw by when spells have ended in one way."""
    axes.step([0, *endings["days_past_due"]], [0.0, *100 * endings[ending]], where="post",
              color=ENDINGS[ending], label=words(ending))  # fmt: skip


def _survival_caption(curve: pl.DataFrame, endings: pl.DataFrame, shown: list[str]) -> str:
    """Say how many spells last beyond some ages and how they end."""
    last = curve.row(-1, named=True)["days_past_due"]
    lasting = [
        say("{share} beyond {age} days", age=age,
            share=percent(curve.filter(pl.col("days_past_due") <= age)["survival"][-1], 1))
        for age in (7, 30, 90, 365) if curve["days_past_due"][0] <= age <= last
    ]  # fmt: skip
    ended = [f"{words(ending)} {percent(endings[ending][-1], 1)}" for ending in shown]
    text = say(
        "{spells} of all replications; Kaplan-Meier, so spells that still ran at "
        "the horizon count as long as they were seen. They last: {lasting}. Ended after {last} "
        "days, of competing ways: {ended}. Where the curve of those still in arrears has become "
        "flat, more time brings little.",
        spells=counted(curve["at_risk"][0], "{n} spell of arrears", "{n} spells of arrears"),
        lasting=listed(lasting) or say("not observed for a week"),
        last=last,
        ended=listed(ended) or say("none"),
    )
    if any(ending != "cured" for ending in shown):
        text += say(" What has ended badly by then is the lower panel, on a scale of its own.")
    return text


@styled
def collection_stages(run: Run) -> Drawing:
    """Draw the cash that came in at each stage of collection, and what a yen of it cost."""
    name, title = "collection_stages", say("What each stage of collection brings and costs")
    amounts = pl.col("contacts", "cost_yen", "payments", "cash_yen")
    shown = (
        run.tables["collection_stages"]
        .group_by("lender", "stage", maintain_order=True)
        .agg(amounts.sum())
        .filter((pl.col("cost_yen") > 0) | (pl.col("cash_yen") > 0))
        .with_columns(ratio("cost_yen", "cash_yen").alias("cost_per_yen"))
        .with_columns(amounts / run.n_replications)
    )
    if not shown.height:
        return nothing(name, title, say("collection has cost nothing and brought nothing"))
    parts = shown.partition_by("lender", maintain_order=True)
    figure, panels = new_figure(
        0.9 + 0.3 * shown.height + 0.3 * len(parts), len(parts), [x.height for x in parts],
        sharex=True,
    )  # fmt: skip
    for axes, part in zip(panels, parts, strict=True):
        _stage_bars(axes, part)
        if len(parts) > 1:
            axes.set_title(words(part["lender"][0]))
    most = float(shown.select("cash_yen", "cost_yen").to_numpy().max())
    panels[0].set_xlim(0, 1.3 * most / 1e6)
    panels[0].legend(loc="lower right", bbox_to_anchor=(1, 1.0), ncols=2, borderaxespad=0)
    panels[-1].set_xlabel(say("million yen a replication; beside the bars the cost of a yen"))
    plain_axis(panels[-1].xaxis)
    metrics = [f"{name}.{column}" for column in ("cash_yen", "cost_yen", "cost_per_yen")]
    return finish(name, title, _stages_caption(shown), figure, data={name: shown}, metrics=metrics)


def _stage_bars(axes: Axes, part: pl.DataFrame) -> None:
    """Draw cash and cost of the stages of a lender from top to bottom."""
    rows = np.arange(part.height)
    cash, cost = part["cash_yen"].to_numpy() / 1e6, part["cost_yen"].to_numpy() / 1e6
    axes.barh(rows - 0.19, cash, height=0.38, color=BLUE, label=say("cash"))
    axes.barh(rows + 0.19, cost, height=0.38, color=ORANGE, label=say("cost"))
    for row, (end, rate) in enumerate(
        zip(np.maximum(cash, cost), part["cost_per_yen"], strict=True)
    ):
        text = say("no cash") if rate is None else significant(rate, 2)
        axes.annotate(text, (end, row), (4, 0), textcoords="offset points", va="center", fontsize=8)
    axes.set_yticks(rows, [_label(stage) for stage in part["stage"]])
    axes.set_ylim(part.height - 0.45, -0.55)
    axes.grid(visible=False, axis="y")


def _label(stage: str) -> str:
    """Write a stage; users name channels, at any length."""
    text = words(stage)
    return (
        text
        if len(text) <= LONGEST_LABEL
        else f"{text[: LONGEST_LABEL - 1]}\N{HORIZONTAL ELLIPSIS}"
    )


def _stages_caption(shown: pl.DataFrame) -> str:
    """Say what all stages cost and bring, and which is the dearest."""
    cash, cost = (float(shown[column].sum()) for column in ("cash_yen", "cost_yen"))
    text = say(
        "Mean over replications. Collection and recovery bring {cash} and cost {cost}: {rate} yen "
        "a yen. Cash counts for the last stage that was reached when it came in, not for the one "
        "that caused it; reminders go out before the due date and bring cash on time, which is not "
        "here.",
        cash=millions(cash),
        cost=millions(cost),
        rate=significant(cost / cash, 2) if cash else say("no cash"),
    )
    dear = shown.drop_nulls("cost_per_yen").sort("cost_per_yen", descending=True).head(1)
    if dear["cost_per_yen"].sum():
        text += say(
            " The dearest yen is that of {stage}, {rate} yen; above 1 a stage costs more than it "
            "brings.",
            stage=_stage_of(dear, is_alone=shown["lender"].n_unique() == 1),
            rate=significant(dear["cost_per_yen"][0], 2),
        )
    return text


def _stage_of(row: pl.DataFrame, *, is_alone: bool) -> str:
    """Write the stage of a row, with the lender if there are others."""
    stage = words(row["stage"][0])
    if is_alone:
        return stage
    return say("{stage} ({lender})", stage=stage, lender=words(row["lender"][0]))
