"""Figures of arrears: unpaid shares by age, vintages, roll rates, the stock of receivables."""

from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colorbar import Colorbar
from matplotlib.colors import Normalize, PowerNorm
from matplotlib.image import AxesImage

from models.arrays import Floats
from sim.record.tallies import Bucket
from sim.report.language import listed, say
from sim.report.numbers import counted, days_of, grouped, level_text, millions, percent, span, words
from sim.report.source import Run
from sim.report.style import (
    BLUE,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    QUANTITY,
    RED,
    SEVERITY,
    TIME,
    Drawing,
    age_axis,
    finish,
    middle_of,
    month_axis,
    new_figure,
    nothing,
    plain_axis,
    styled,
)
from sim.report.targets import UNPAID_AGES, Target, base_curve_of, unpaid_targets_of


@styled
def unpaid_curve(run: Run) -> Drawing:
    """Draw the pooled unpaid share by age with interval and target ranges."""
    name, title = "unpaid_curve", say("Unpaid share by days past due")
    curve = run.tables["unpaid_curve"].drop_nulls("unpaid_share")
    if not curve["unpaid_yen"].sum():
        return nothing(name, title, say("no bill has been observed past its due date unpaid"))
    figure, (axes,) = new_figure(3.6)
    age_axis(axes, max(curve["days_past_due"].to_list()))
    shown = curve.filter(pl.col("unpaid_share") > 0).select(
        "days_past_due", "unpaid_share", "lower", "upper"
    )
    _expectations(axes, run)
    band = shown.drop_nulls(["lower", "upper"])
    if band.height:
        axes.fill_between(
            band["days_past_due"].to_numpy(), 100 * band["lower"].clip(1e-5).to_numpy(),
            100 * band["upper"].to_numpy(), color=BLUE, alpha=0.22, lw=0,
            label=say("{level} interval of the mean",
                      level=level_text(run.config.experiment.confidence)),
        )  # fmt: skip
    days, share = shown["days_past_due"].to_numpy(), 100 * shown["unpaid_share"].to_numpy()
    axes.plot(days, share, "o-", color=BLUE, ms=4, label=say("simulated, pooled"))
    axes.set_yscale("log")
    axes.set_ylim(min(0.5, 0.8 * share.min()), max(20.0, 1.2 * share.max()))
    axes.set_yticks([t for t in (0.01, 0.1, 0.5, 1, 2, 5, 10, 20, 50, 100)
                     if axes.get_ylim()[0] <= t <= axes.get_ylim()[1]])  # fmt: skip
    axes.minorticks_off()
    plain_axis(axes.yaxis)
    axes.set_ylabel(say("unpaid, % of price billed (log scale)"))
    axes.legend(loc="upper right")
    metrics = [f"unpaid_curve.{column}" for column in ("unpaid_share", "lower", "upper")]
    return finish(name, title, _curve_caption(run, curve), figure,
                  data={name: _with_expectations(run, shown)}, metrics=metrics)  # fmt: skip


def _expectations(axes: Axes, run: Run) -> None:
    """Draw what published sources lead one to expect, where they speak of such a portfolio."""
    expected = base_curve_of(run.config)
    if not expected:
        return
    for age, target in unpaid_targets_of(run.config).items():
        axes.plot(
            [age, age], [100 * target.low, 100 * target.high], color=ORANGE, lw=9, alpha=0.45,
            solid_capstyle="butt", label=say("target range") if age == 14 else None,
        )  # fmt: skip
    axes.plot(list(expected), [100 * x for x in expected.values()], ":", color=MUTED,
              lw=1.3, label=say("base year of the sources"))  # fmt: skip


def _with_expectations(run: Run, curve: pl.DataFrame) -> pl.DataFrame:
    """Set beside a curve what published sources lead one to expect."""
    base, found = base_curve_of(run.config), unpaid_targets_of(run.config)
    if not base:
        return curve
    ages = pl.Series("days_past_due", sorted({*base, *found}), pl.Int32)
    targets = {age: tuple(target) for age, target in found.items()}
    expected = pl.DataFrame({
        "days_past_due": ages,
        "target_low": [targets.get(age, (None, None))[0] for age in ages],
        "target_high": [targets.get(age, (None, None))[1] for age in ages],
        "base_year_share": [base.get(age) for age in ages],
    })  # fmt: skip
    return curve.join(expected, on="days_past_due", how="full", coalesce=True).sort("days_past_due")


STATES = {"within": "{share} at {age} days (within the target {target})",
          "below": "{share} at {age} days (below the target {target})",
          "above": "{share} at {age} days (above the target {target})"}  # fmt: skip


def _curve_caption(run: Run, curve: pl.DataFrame) -> str:
    """Say how high the curve is at some ages, and how it lies to the target ranges."""
    shares = dict(zip(curve["days_past_due"], curve["unpaid_share"], strict=True))
    targets = unpaid_targets_of(run.config)
    texts = [_share_at(age, shares[age], targets.get(age)) for age in UNPAID_AGES if age in shares]
    first, last = curve.row(0, named=True), curve.row(-1, named=True)
    return say(
        "Of the price billed, {first} is unpaid at the end of the due date; {shares}; {last} "
        "after {age} days. Only bills observed to an age count at it. The level at which the curve "
        "flattens stays unpaid for good, before recoveries.",
        first=percent(first["unpaid_share"]),
        shares=listed(texts, "; ") or say("nothing was observed for {n} days", n=UNPAID_AGES[0]),
        last=percent(last["unpaid_share"]),
        age=last["days_past_due"],
    )


def _share_at(age: int, share: float, target: Target | None) -> str:
    """Say how high the curve is at an age, and how that lies to its target if it has one."""
    if target is None:
        return say("{share} at {age} days", share=percent(share), age=age)
    state = "within" if target.holds(share) else "below" if share < target.low else "above"
    ends = span(percent(target.low, 1), percent(target.high, 1))
    return say(STATES[state], share=percent(share), age=age, target=ends)


@styled
def vintages(run: Run) -> Drawing:
    """Draw the unpaid share by age for every billing month."""
    name, title = "vintages", say("Vintages: unpaid share by billing month")
    pooled = (
        run.tables["vintages"]
        .filter("is_observed")
        .group_by("month", "month_end", "days_past_due")
        .agg(pl.col("unpaid_yen", "billed_yen").sum())
        .filter(pl.col("billed_yen") > 0)
        .with_columns(unpaid_share=pl.col("unpaid_yen") / pl.col("billed_yen"))
        .sort("month", "days_past_due")
    )
    if not pooled["unpaid_yen"].sum():
        return nothing(name, title, say("no bill has been observed past its due date unpaid"))
    figure, (axes,) = new_figure(3.6)
    age_axis(axes, max(pooled["days_past_due"].to_list()))
    months = pooled["month"].unique(maintain_order=True).to_list()
    norm = Normalize(months[0], max(months[-1], months[0] + 1))
    for month in months:
        line = pooled.filter(pl.col("month") == month)
        axes.plot(line["days_past_due"].to_numpy(), 100 * line["unpaid_share"].to_numpy(), "o-",
                  ms=2.2, lw=1.1, color=TIME(norm(month)))  # fmt: skip
    bar = figure.colorbar(ScalarMappable(norm, TIME), ax=axes, pad=0.015, aspect=28)
    _month_ticks(bar, pooled)
    bar.outline.set_visible(False)
    axes.set_ylim(bottom=0)
    axes.set_ylabel(say("unpaid, % of price billed"))
    plain_axis(axes.yaxis)
    return finish(name, title, _vintage_caption(pooled), figure, data={name: pooled},
                  metrics=["vintages.unpaid_share"])  # fmt: skip


def _month_ticks(bar: Colorbar, pooled: pl.DataFrame) -> None:
    """Name the first, the middle and the last month beside a colour bar."""
    ends = dict(pooled.select("month", "month_end").unique().sort("month").iter_rows())
    months = list(ends)
    ticks = sorted({months[0], months[len(months) // 2], months[-1]})
    bar.set_ticks(ticks, labels=[f"{ends[month]:%Y-%m}" for month in ticks])
    bar.set_label(say("billing month"))


def _vintage_caption(pooled: pl.DataFrame) -> str:
    """Say how vintages differ at the latest age at which several are observed."""
    count = pooled.group_by("days_past_due").agg(pl.len()).sort("days_past_due")
    several = count.filter(pl.col("len") > 1)["days_past_due"].to_list()
    age = 30 if 30 in several else several[-1] if several else count["days_past_due"][0]
    at = pooled.filter(pl.col("days_past_due") == age).sort("unpaid_share")
    best, worst = at.row(0, named=True), at.row(-1, named=True)
    return say(
        "Pooled over replications, {months}, early ones blue, late ones orange. {age} past due the "
        "unpaid share lies between {low} ({best}) and {high} ({worst}). Lines that fan out or "
        "drift by colour show a portfolio whose quality changes.",
        months=counted(pooled["month"].n_unique(), "{n} billing month", "{n} billing months"),
        age=counted(age, "{n} day", "{n} days"),
        low=percent(best["unpaid_share"]),
        best=f"{best['month_end']:%Y-%m}",
        high=percent(worst["unpaid_share"]),
        worst=f"{worst['month_end']:%Y-%m}",
    )


ROLLING = tuple(bucket.name.lower() for bucket in Bucket)[1:]
"""Buckets of members, in order of severity."""


@styled
def roll_rates(run: Run) -> Drawing:
    """Draw the monthly transition matrix between buckets with its numbers."""
    name, title = "roll_rates", say("Roll rates: where members are a month later")
    pooled = run.tables["roll_rates"].filter(pl.col("month").is_null())
    cells = {(r["from_bucket"], r["to_bucket"]): r for r in pooled.iter_rows(named=True)}
    sources = [b for b in ROLLING if any(source == b for source, _ in cells)]
    if not sources:
        return nothing(name, title, say("there are no two month ends with members"))
    matrix = np.array([
        [(cells.get((source, to)) or {}).get("member_share") or 0.0 for to in ROLLING]
        for source in sources
    ])  # fmt: skip
    figure, (axes,) = new_figure(1.25 + 0.34 * len(sources))
    image = axes.imshow(
        np.ma.masked_equal(100 * matrix, 0.0),
        cmap=QUANTITY,
        norm=PowerNorm(0.5, 0, 100),
        aspect="auto",
    )
    _numbers(axes, matrix, image)
    before = {r["from_bucket"]: r["members_from"] for r in pooled.iter_rows(named=True)}
    labels = [f"{_short(source)}  (n = {grouped(before[source])})" for source in sources]
    axes.set_yticks(range(len(sources)), labels)
    axes.set_xticks(range(len(ROLLING)), [_short(to) for to in ROLLING])
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.set_xlabel(say("a month later, % of members"), labelpad=6)
    axes.xaxis.set_label_position("top")
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    shown = pooled.filter(
        pl.col("from_bucket").is_in(sources) & pl.col("to_bucket").is_in(ROLLING)
    ).select("from_bucket", "to_bucket", "members_from", "members", "member_share")
    return finish(name, title, _roll_caption(cells), figure, data={name: shown},
                  metrics=["roll_rates.member_share", "roll_rates.members_from"])  # fmt: skip


def _numbers(axes: Axes, matrix: Floats, image: AxesImage) -> None:
    """Write the numbers into their cells, dark on light and light on dark."""
    for (row, column), share in np.ndenumerate(matrix):
        red, green, blue = image.to_rgba(np.array([100 * share]))[0][:3]
        is_light = 0.299 * red + 0.587 * green + 0.114 * blue > 0.5
        colour = MUTED if share == 0 else "#111111" if is_light else "#ffffff"
        text = "·" if share == 0 else "<0.1" if share < 0.001 else f"{100 * share:.1f}"
        axes.text(column, row, text, ha="center", va="center", fontsize=8,
                  color=colour)  # fmt: skip


def _short(bucket: str) -> str:
    """Write a bucket in short."""
    is_late = bucket.startswith("dpd_")
    return say("{days} d", days=days_of(bucket)) if is_late else words(bucket)


MOVES = {
    ("current", "dpd_1_30"): "of members current, {share} fall into arrears ({ends})",
    ("dpd_1_30", "dpd_31_60"): "of those 1 to 30 days past due, {share} roll on ({ends})",
    ("dpd_31_60", "dpd_61_90"): "of those 31 to 60 days, {share} ({ends})",
    ("dpd_61_90", "dpd_91_180"): "of those 61 to 90 days, {share} ({ends})",
}


def _roll_caption(cells: dict[tuple[str, str], dict[str, Any]]) -> str:
    """Say how arrears cure and roll."""
    texts = []
    for move, message in MOVES.items():
        cell = cells.get(move)
        if cell is not None and cell["member_share"] is not None:
            ends = span(percent(cell["lower"], 1), percent(cell["upper"], 1))
            texts.append(say(message, share=percent(cell["member_share"], 1), ends=ends))
    return say(
        "All months and replications pooled: {moves}. Right of the diagonal arrears grow older, "
        "left of it they cure. In brackets Wilson intervals, too narrow where common shocks "
        "matter. A dot: nobody made the move.",
        moves=listed(texts, "; ") or say("no member was ever in arrears"),
    )


@styled
def receivables(run: Run) -> Drawing:
    """Draw the receivable by bucket over time, and the share that is overdue."""
    name, title = "receivables", say("Receivables by days past due")
    buckets = [b for b in ROLLING if b == "current" or b.startswith("dpd_")]
    stock = run.monthly("arrears", "bucket", "principal_yen")
    if not sum(stock[b].sum() for b in buckets if b in stock.columns):
        return nothing(name, title, say("nobody owes anything at a month's end"))
    figure, (top, bottom) = new_figure(4.4, rows=2, ratios=(3, 2), sharex=True)
    months, base = middle_of(stock["month_end"]), np.zeros(stock.height)
    for bucket, colour in zip(buckets, SEVERITY, strict=True):
        yen = stock[bucket].to_numpy() / 1e6 if bucket in stock.columns else base * 0
        top.bar(months, yen, bottom=base, width=24, color=colour, edgecolor=PAPER, linewidth=0.3,
                label=words(bucket))  # fmt: skip
        base = base + yen
    top.set_ylim(0, base.max() * 1.32)
    top.legend(loc="upper left", ncols=3)
    top.set_ylabel(say("million yen"))
    plain_axis(top.yaxis)
    shares = _late_shares(run, bottom)
    last = stock.row(-1, named=True)
    late = shares["mean"].to_list()[-1:]
    caption = say(
        "Mean over replications at month ends: {yen} of price owed at the end of {month}, {late} "
        "of it by members overdue. Below: that share, mean and range of all replications; a rise "
        "at constant purchases means that arrears build up faster than they are collected.",
        yen=millions(sum(last.get(bucket, 0) for bucket in buckets)),
        month=f"{last['month_end']:%Y-%m}",
        late=percent(late[0] if late else None, 1),
    )
    held = [bucket for bucket in buckets if bucket in stock.columns]
    data = {name: stock.select("month_end", *held), "late_share": shares}
    return finish(name, title, caption, figure, data=data,
                  metrics=["arrears.principal_yen", "portfolio.late_share"])  # fmt: skip


def _late_shares(run: Run, axes: Axes) -> pl.DataFrame:
    """Draw the overdue share of the receivable, mean and range by month end."""
    shares = (
        run.tables["portfolio"]
        .drop_nulls("late_share")
        .group_by("month_end")
        .agg(
            mean=pl.col("late_share").mean(),
            lowest=pl.col("late_share").min(),
            highest=pl.col("late_share").max(),
        )
        .sort("month_end")
    )
    months = middle_of(shares["month_end"])
    axes.fill_between(months, 100 * shares["lowest"].to_numpy(), 100 * shares["highest"].to_numpy(),
                      color=RED, alpha=0.2, lw=0)  # fmt: skip
    axes.plot(months, 100 * shares["mean"].to_numpy(), "o-", color=RED, ms=3)
    axes.set_ylim(bottom=0)
    axes.set_ylabel(say("overdue, %"))
    month_axis(axes, months.size)
    axes.axhline(0, color=INK, lw=0.4)
    plain_axis(axes.yaxis)
    return shares
