"""Figures of money coming in late or on time, and of the people who see to it."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import polars as pl
from matplotlib.axes import Axes

from models.arrays import Floats
from sim.metrics.operations import desks_at_work
from sim.report.language import listed, say
from sim.report.numbers import NOTHING, grouped, percent, words
from sim.report.source import Run
from sim.report.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PAPER,
    PURPLE,
    QUANTITY,
    RED,
    SKY,
    Drawing,
    finish,
    month_axis,
    new_figure,
    nothing,
    plain_axis,
    styled,
)

SOURCES = {
    "cash": BLUE,
    "credit": GREEN,
    "agency": ORANGE,
    "garnishment": RED,
    "plan": SKY,
    "recovery": PURPLE,
}
SOURCE_TEXTS = {
    "cash": "cash",
    "credit": "set off against a credit",
    "agency": "through the law firm",
    "garnishment": "from attached wages",
    "plan": "by plan of a settlement",
    "recovery": "after write-off",
}
FIRST_DAY, LAST_DAY = -31, 120
"""Days from the due date that the figure shows."""


@styled
def payment_delay(run: Run) -> Drawing:
    """Draw when billed price comes in: by day, and cumulated by source."""
    name, title = "payment_delay", say("When billed price comes in")
    shares = {source: _by_day(run, source) for source in SOURCES}
    total = sum(shares.values(), np.zeros(LAST_DAY - FIRST_DAY + 1))
    if not total.sum():
        return nothing(name, title, say("nothing has been paid"))
    days = np.arange(FIRST_DAY, LAST_DAY + 1)
    figure, (top, bottom) = new_figure(4.6, rows=2, ratios=(3, 2), sharex=True)
    base, edges = np.zeros(total.size), np.append(days, LAST_DAY + 1) - 0.5
    for source, colour in SOURCES.items():
        cumulated = np.cumsum(shares[source])
        top.fill_between(days, base, base + cumulated, step="post", color=colour, lw=0,
                         label=say(SOURCE_TEXTS[source]))  # fmt: skip
        floor = _below(shares, source)
        bottom.stairs(floor + shares[source], edges, baseline=floor, fill=True, color=colour)
        base = base + cumulated
    top.set_ylim(0, 100)
    top.set_yticks(range(0, 101, 25))
    top.set_ylabel(say("paid by then,\n% of price billed"))
    top.legend(loc="lower left", ncols=3, bbox_to_anchor=(-0.01, 1.0), borderaxespad=0,
               columnspacing=1.2)  # fmt: skip
    bottom.set_yscale("log")
    bottom.set_ylim(max(0.001, 0.5 * total[total > 0].min()), 2 * total.max())
    bottom.set_ylabel(say("paid on the day,\n% (log scale)"))
    bottom.set_xlabel(say("days from the due date"))
    for axes in (top, bottom):
        axes.axvline(0, color=INK, lw=0.8, ls="--")
        plain_axis(axes.yaxis)
    plain_axis(bottom.xaxis)
    data = pl.DataFrame({"days_from_due": days} | {s: shares[s] / 100 for s in SOURCES})
    return finish(name, title, _delay_caption(total), figure, data={name: data},
                  metrics=["payment_delay.share_of_billed"])  # fmt: skip


def _delay_caption(total: Floats) -> str:
    """Say how much comes in on time; shares by day in per cent."""
    by_then = {day: total[: day - FIRST_DAY + 1].sum() / 100 for day in (0, 30, LAST_DAY)}
    return say(
        "{due} of the price billed is in by the due date (dashed), {month} 30 days later and "
        "{last} after {days} days; on the due date alone {day}. Steps after it are reminders, "
        "calls and pay days at work. All bills of all replications; late bills of the last months "
        "are not in yet.",
        due=percent(by_then[0]),
        month=percent(by_then[30]),
        last=percent(by_then[LAST_DAY]),
        days=LAST_DAY,
        day=percent(total[-FIRST_DAY] / 100),
    )


def _by_day(run: Run, source: str) -> Floats:
    """Give the share of billed price that a source brings by day, in per cent."""
    table = run.tables["payment_delay"].filter(pl.col("source") == source)
    cells = np.zeros(LAST_DAY - FIRST_DAY + 1)
    for day, share in table.select("days_from_due", "share_of_billed").drop_nulls().iter_rows():
        # What comes before the first day shown counts on it; what comes later is not shown.
        if day <= LAST_DAY:
            cells[max(day, FIRST_DAY) - FIRST_DAY] += 100 * share
    return cells


def _below(shares: dict[str, Floats], source: str) -> Floats:
    """Give what lies below a source in a stack."""
    names = list(SOURCES)
    lower = [shares[name] for name in names[: names.index(source)]]
    return np.sum(lower, axis=0) if lower else np.zeros(LAST_DAY - FIRST_DAY + 1)


DESKS = {"review": PURPLE, "calls": BLUE, "law_firm": ORANGE, "clerks": GREEN, "court": RED}
DESK_TEXTS = {
    "review": "review of purchases",
    "calls": "callers",
    "law_firm": "law firm",
    "clerks": "legal clerks",
    "court": "court",
}
ROOM_FOR_LEGEND = 1.35


@styled
def desks(run: Run) -> Drawing:
    """Draw the backlog of each lender's desks by day and the distribution of their waits."""
    name, title = "desks", say("Backlog and waits at the desks")
    totals = run.tables["desk_totals"]
    if not totals["arrivals"].sum():
        return nothing(name, title, say("no work reached a desk"))
    lenders = desks_at_work(totals["desk"])
    figure, panels = new_figure(
        1.84 + 2.76 * len(lenders), len(lenders) + 1, (*(3 for _ in lenders), 2 * len(lenders))
    )
    for (lender, own), axes in zip(lenders.items(), panels, strict=False):
        _backlog(axes, run, own)
        if len(lenders) > 1:
            axes.set_title(words(lender))
    panels[0].legend(loc="upper left", ncols=3)
    texts = _desk_texts(lenders)
    _waits(panels[-1], run, texts)
    is_shown = pl.col("desk").is_in(list(texts))
    backlog = run.tables["backlog"].filter(is_shown)
    waits = run.tables["desk_waits"].filter(is_shown)
    data = {
        "backlog": backlog.select("desk", "date", "mean", "lower", "upper").sort("desk", "date"),
        "desk_waits": waits.select("desk", "below_minutes", "share"),
    }
    metrics = ["backlog.mean", "backlog.lower", "backlog.upper", "desk_waits.share"]
    caption = _desk_caption(totals, texts)
    return finish(name, title, caption, figure, data=data, metrics=metrics)


def _desk_texts(lenders: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Give the desks of some lenders with their words; two lenders are told apart."""
    message = "{desk} ({lender})" if len(lenders) > 1 else "{desk}"
    return {
        desk: say(message, desk=say(text), lender=words(lender))
        for lender, own in lenders.items()
        for desk, text in zip(own, DESK_TEXTS.values(), strict=True)
    }


def _backlog(axes: Axes, run: Run, own: Sequence[str]) -> None:
    """Draw the work that waits at the desks of a lender, with room for a legend above it."""
    for desk, (kind, colour) in zip(own, DESKS.items(), strict=True):
        backlog = run.tables["backlog"].filter(pl.col("desk") == desk).sort("day")
        dates = backlog["date"].to_numpy()
        low, high = backlog["lower"].to_numpy(), backlog["upper"].to_numpy()
        axes.fill_between(dates, low, high, color=colour, alpha=0.2, lw=0)
        axes.plot(dates, backlog["mean"].to_numpy(), color=colour, lw=1.1,
                  label=say(DESK_TEXTS[kind]))  # fmt: skip
    axes.set_ylim(0, ROOM_FOR_LEGEND * max(axes.get_ylim()[1], 0.0))
    axes.set_ylabel(say("work waiting at midnight"))
    month_axis(axes, run.config.months, day=1, most=7)  # beside the long names of the desks
    plain_axis(axes.yaxis)


def _waits(axes: Axes, run: Run, texts: dict[str, str]) -> None:
    """Draw the distribution of waits of each desk as one bar."""
    waits = run.tables["desk_waits"]
    edges = waits["below_minutes"].unique(maintain_order=True).to_list()
    labels = [_span(low, high) for low, high in pairwise([0, *edges])]
    for row, desk in enumerate(texts):
        own = waits.filter(pl.col("desk") == desk)
        left = 0.0
        for number, share in enumerate(own["share"].fill_null(0.0)):
            axes.barh(
                row, 100 * share, left=left, height=0.62, edgecolor=PAPER, linewidth=0.5,
                color=QUANTITY(number / max(len(edges) - 1, 1)),
                label=labels[number] if row == 0 else None,
            )  # fmt: skip
            left += 100 * share
    axes.set_yticks(range(len(texts)), list(texts.values()))
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.set_xlabel(say("wait until somebody takes it up, % of work served"))
    axes.grid(visible=False, axis="y")
    handles, labels = axes.get_legend_handles_labels()
    axes.figure.legend(handles, labels, loc="outside lower left", ncols=5)


def _span(low: int | None, high: int | None) -> str:
    """Name a class of waits."""
    if high is None:
        return say("{wait} or more", wait=_length(low or 0))
    return say("to {wait}" if low else "below {wait}", wait=_length(high))


def _length(minutes: int) -> str:
    """Write minutes in the largest unit that fits."""
    for size, message in ((1440, "{n} d"), (60, "{n} h")):
        if minutes >= size and minutes % size == 0:
            return say(message, n=minutes // size)
    return say("{n} min", n=minutes)


def _desk_caption(totals: pl.DataFrame, names: dict[str, str]) -> str:
    """Say how busy each desk is and how long work waits."""
    texts = []
    for desk, text in names.items():
        own = totals.filter(pl.col("desk") == desk)
        served, waited, worked, capacity = (
            int(own[name].sum())
            for name in ("served", "wait_seconds", "service_seconds", "capacity_seconds")
        )
        if not served:
            texts.append(say("{desk}: nothing served", desk=text))
            continue
        texts.append(say(
            "{desk}: {served} served a replication, mean wait {hours} hours, {used} of capacity "
            "used",
            desk=text,
            served=grouped(served / own.height, 1),
            hours=grouped(waited / served / 3600, 1),
            used=percent(worked / capacity, 1) if capacity else NOTHING,
        ))  # fmt: skip
    return say(
        "{desks}. Lines: mean over replications; bands: {low} to {high} of replications. A backlog "
        "that does not return to 0 between the peaks is a desk too small for its work. Waits "
        "include closed hours.",
        desks=listed(texts, "; "),
        low=percent(0.05, 0),
        high=percent(0.95, 0),
    )
