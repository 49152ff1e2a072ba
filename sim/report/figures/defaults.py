"""Figures of credit risk: what defaults lose, and what is provided for losses to come."""

from collections.abc import Mapping

import numpy as np
import polars as pl
from matplotlib.axes import Axes

from sim.report.language import listed, say
from sim.report.numbers import counted, days_of, grouped, millions, percent, words
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
    SEVERITY,
    Drawing,
    finish,
    middle_of,
    month_axis,
    new_figure,
    nothing,
    plain_axis,
    styled,
)

ENDINGS = {"cured": GREEN, "written_off": RED, "sold": ORANGE, "released": PURPLE, "running": MUTED}
STATES = {"closed": "{workouts} lost {share} of the claim",
          "running": "{n} still running lost {share} so far"}  # fmt: skip


@styled
def workout_lgd(run: Run) -> Drawing:
    """Draw the loss given default by month of default, closed workouts apart from running ones."""
    name, title = "workout_lgd", say("Loss given default by month of default")
    losses = run.tables["workout_lgd"]
    whole = losses.filter(pl.col("month").is_null())
    pooled = {row["state"]: row for row in whole.iter_rows(named=True)}
    if not any(row["exposure_yen"] for row in pooled.values()):
        return nothing(name, title, say("no default with a claim has begun"))
    monthly = _by_month_end(run, losses)
    owed = _by_month_end(run, run.tables["exposure_at_default"]).with_columns(
        pl.col("exposure_yen") / run.n_replications
    )
    figure, (top, bottom) = new_figure(4.6, rows=2, ratios=(3, 2), sharex=True)
    _losses(top, monthly, pooled)
    _stack(bottom, owed, "ending", "exposure_yen", ENDINGS)
    bottom.set_ylabel(say("owed at default,\nmillion yen"))
    month_axis(bottom, run.config.months)
    columns = ["month_end", "ending", "defaults", "exposure_yen"]
    data = {name: monthly, "exposure_at_default": owed.select(columns)}
    metrics = ["workout_lgd.loss_given_default", "workout_lgd.discounted_yen",
               "exposure_at_default.exposure_yen"]  # fmt: skip
    return finish(name, title, _lgd_caption(pooled), figure, data=data, metrics=metrics)


def _by_month_end(run: Run, table: pl.DataFrame) -> pl.DataFrame:
    """Give the rows of single months with the last day of the month."""
    ends = run.tables["portfolio"].select("month", "month_end").unique()
    return table.join(ends, on="month").sort("month_end", maintain_order=True).drop("month")


def _losses(axes: Axes, monthly: pl.DataFrame, pooled: Mapping[str, Mapping[str, float]]) -> None:
    """Draw the loss rates of closed workouts, and hollow those so far of running ones."""
    looks = {"closed": (BLUE, "o", BLUE, say("closed")),
             "running": (ORANGE, "s", "none", say("running: loss so far"))}  # fmt: skip
    for state, (colour, marker, face, label) in looks.items():
        rows = monthly.filter(pl.col("state") == state).drop_nulls("loss_given_default")
        if not rows.height:
            continue
        axes.plot(middle_of(rows["month_end"]), 100 * rows["loss_given_default"].to_numpy(), marker,
                  color=colour, mfc=face, ms=5, label=label)  # fmt: skip
        axes.axhline(100 * pooled[state]["loss_given_default"], color=colour, lw=1.1, ls="--")
    axes.axhline(0, color=INK, lw=0.4)
    axes.set_ylabel(say("loss, % of claim at default"))
    axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2, borderaxespad=0)
    plain_axis(axes.yaxis)


def _stack(
    axes: Axes, rows: pl.DataFrame, key: str, value: str, colours: Mapping[str, str]
) -> None:
    """Draw stacked bars by month end, in millions; kinds that never occur are left out."""
    wide = rows.pivot(key, index="month_end", values=value).sort("month_end").fill_null(0)
    months, base = middle_of(wide["month_end"]), np.zeros(wide.height)
    for kind, colour in colours.items():
        if kind in wide.columns and wide[kind].sum():
            yen = wide[kind].to_numpy() / 1e6
            axes.bar(months, yen, bottom=base, width=24, color=colour, edgecolor=PAPER,
                     linewidth=0.3, label=words(kind))  # fmt: skip
            base = base + yen
    axes.set_ylim(0, base.max() * 1.45 or 1)
    axes.legend(loc="upper left", ncols=3)
    plain_axis(axes.yaxis)


def _lgd_caption(pooled: Mapping[str, Mapping[str, float]]) -> str:
    """Say what closed and running workouts have lost."""
    states = [
        say(message, n=grouped(pooled[state]["defaults"]),
            workouts=counted(int(pooled[state]["defaults"]), "{n} closed workout",
                             "{n} closed workouts"),
            share=percent(pooled[state]["loss_given_default"], 1))
        for state, message in STATES.items() if state in pooled
    ]  # fmt: skip
    return say(
        "All replications: {states} (dashed). Cash less costs of collection, discounted to the day "
        "of default. Closed workouts alone lean to quick cures and early months, running ones "
        "still collect: neither alone is the loss of a month until all are closed. "
        "Below: the mean claim of a replication by what has become of it.",
        states=listed(states),
    )


@styled
def expected_credit_loss(run: Run) -> Drawing:
    """Draw provision rates by bucket beside published ones, and the allowance over time."""
    name, title = "expected_credit_loss", say("Provision rates and loss allowance")
    rates = run.tables["provision_matrix"].drop_nulls("loss_rate")
    if not rates.height:
        return nothing(name, title, say("no month end has 365 days after it"))
    allowance = _by_month_end(run, run.tables["expected_credit_loss"]).with_columns(
        pl.col("principal_yen", "expected_loss_yen") / run.n_replications
    )
    figure, (top, bottom) = new_figure(4.9, rows=2, ratios=(1, 1))
    _rates(top, rates)
    buckets = run.tables["provision_matrix"]["bucket"].to_list()
    _stack(bottom, allowance, "bucket", "expected_loss_yen",
           dict(zip(buckets, SEVERITY, strict=True)))  # fmt: skip
    bottom.set_ylabel(say("allowance, million yen"))
    month_axis(bottom, run.config.months)
    metrics = ["provision_matrix.loss_rate", "provision_matrix.published_rate",
               "expected_credit_loss.expected_loss_yen"]  # fmt: skip
    data = {"provision_matrix": rates, name: allowance}
    return finish(name, title, _allowance_caption(rates, allowance), figure, data=data,
                  metrics=metrics)  # fmt: skip


def _rates(axes: Axes, rates: pl.DataFrame) -> None:
    """Draw the loss rate of every bucket, and as a mark the published one."""
    places = np.arange(rates.height)
    lost, published = (100 * rates[c].to_numpy() for c in ("loss_rate", "published_rate"))
    axes.bar(places, lost, width=0.6, color=BLUE, label=say("simulated"))
    axes.hlines(published, places - 0.36, places + 0.36, color=ORANGE, lw=2.6,
                label=say("implied by published figures"))  # fmt: skip
    axes.set_xticks(places, [_short(bucket) for bucket in rates["bucket"]])
    axes.set_xlabel(say("days past due at a month's end"))
    axes.set_ylabel(say("lost later, % of balance"))
    axes.axhline(0, color=INK, lw=0.4)
    axes.grid(visible=False, axis="x")
    axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2, borderaxespad=0)
    plain_axis(axes.yaxis)


def _short(bucket: str) -> str:
    """Write a bucket below its bar."""
    return days_of(bucket) if bucket.startswith("dpd_") else words(bucket)


def _allowance_caption(rates: pl.DataFrame, allowance: pl.DataFrame) -> str:
    """Say how the rates lie to the published ones and how large the allowance is at the end."""
    last = allowance.filter(pl.col("month_end") == allowance["month_end"].max())
    owed, lost = (float(last[c].sum()) for c in ("principal_yen", "expected_loss_yen"))
    texts = [
        say("{bucket} {rate} (published {published})", bucket=words(row["bucket"]),
            rate=percent(row["loss_rate"], 1), published=percent(row["published_rate"], 1))
        for row in rates.iter_rows(named=True)
    ]  # fmt: skip
    return say(
        "Of balances at month ends with a year after them, of all replications, the lender lost: "
        "{rates}. Below: balances of every month end times these rates, mean over replications; "
        "{allowance} at the end of {month}, {share} of the price owed. Bars above the marks mean "
        "that this portfolio needs more than published figures imply. The rates are those of the "
        "whole run: hindsight.",
        rates=listed(texts, "; "),
        allowance=millions(lost),
        month=f"{last['month_end'][0]:%Y-%m}" if last.height else "",
        share=percent(lost / owed if owed else None, 1),
    )
