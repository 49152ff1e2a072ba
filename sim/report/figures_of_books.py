"""Figures of the lender's books: income, the bridge to profit, and uses turned away."""

import math
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes

from sim.report.numbers import grouped, millions, percent, words
from sim.report.source import Run
from sim.report.style import (
    BLUE,
    CATEGORIES,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    RED,
    Drawing,
    finish,
    middle_of,
    month_axis,
    new_figure,
    nothing,
    plain_axis,
    styled,
)


class Step(NamedTuple):
    """One bar of a bridge; a total stands on the ground."""

    label: str
    yen: float
    is_total: bool = False


@styled
def profit_bridge(run: Run) -> Drawing:
    """Draw how income, costs and losses add up to profit, mean over replications."""
    name, title = "profit_bridge", "From income to profit"
    income = run.means("revenue", "kind", "yen")
    costs = run.means("costs", "kind", "yen")
    off = sum(run.means("written_off", "component", "yen").values())
    recovered = float(run.tables["profit"]["recovered_yen"].sum()) / run.n_replications
    revenue, cost = sum(income.values()), sum(costs.values())
    if not revenue and not cost:
        return nothing(name, title, "there is no income and no cost")
    profit = revenue - cost - off + recovered
    steps = [
        *(Step(words(kind), yen) for kind, yen in income.items()),
        Step("income", revenue, is_total=True),
        *(Step(f"{words(kind)} cost", -yen) for kind, yen in costs.items()),
        Step("written off", -off),
        Step("recovered", recovered),
        Step("profit", profit, is_total=True),
    ]
    figure, (axes,) = new_figure(0.9 + 0.25 * len(steps))
    _bridge(axes, steps)
    gmv = float(run.tables["portfolio"]["posted_yen"].sum()) / run.n_replications
    rates = ""
    if gmv:
        rates = (
            f" Per yen of GMV ({millions(gmv)}): income {percent(revenue / gmv)}, costs "
            f"{percent(cost / gmv)}, net loss {percent((off - recovered) / gmv)}, profit "
            f"{percent(profit / gmv)}."
        )
    caption = (
        f"Means over replications, whole horizon. Income {millions(revenue)}, costs "
        f"{millions(cost)}, written off {millions(off)}, recovered {millions(recovered)}, profit "
        f"{millions(profit)}.{rates}"
    )
    return finish(name, title, caption, figure)


def _bridge(axes: Axes, steps: list[Step]) -> None:
    """Draw the bars of a bridge from top to bottom with their amounts."""
    levels = list(accumulate((0.0 if s.is_total else s.yen for s in steps), initial=0.0))
    lowest = min(*levels, 0.0) / 1e6
    span = (max(*levels, 0.0) / 1e6 - lowest) or 1.0
    digits = max(0, 2 - math.floor(math.log10(span)))
    for row, (step, level) in enumerate(zip(steps, levels, strict=False)):
        start, width = (0.0, step.yen / 1e6) if step.is_total else (level / 1e6, step.yen / 1e6)
        colour = BLUE if step.is_total else GREEN if step.yen >= 0 else RED
        axes.barh(row, width, left=start, color=colour, height=0.68)
        end = max(start, start + width)
        axes.text(end + 0.012 * span, row, grouped(width, digits), va="center", fontsize=8)
        if row + 1 < len(steps):
            at = start + width
            axes.plot([at, at], [row + 0.34, row + 0.66], color=MUTED, lw=0.8)
    axes.set_yticks(range(len(steps)), [step.label for step in steps])
    for label, step in zip(axes.get_yticklabels(), steps, strict=True):
        label.set_fontweight("bold" if step.is_total else "normal")
    axes.invert_yaxis()
    axes.set_xlim(lowest - (0.02 * span if lowest < 0 else 0), lowest + 1.14 * span)
    axes.axvline(0, color=INK, lw=0.6)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("million yen")
    plain_axis(axes.xaxis)


@styled
def revenue(run: Run) -> Drawing:
    """Draw income by kind over time."""
    name, title = "revenue", "Income by kind"
    income = run.monthly("revenue", "kind", "yen")
    totals = run.means("revenue", "kind", "yen")
    if not any(totals.values()):
        return nothing(name, title, "there is no income")
    kinds = sorted((kind for kind in totals if totals[kind]), key=lambda kind: -totals[kind])
    figure, (axes,) = new_figure(3.4)
    months = middle_of(income["month_end"])
    above, below = np.zeros(months.size), np.zeros(months.size)
    for kind, colour in zip(kinds, CATEGORIES, strict=False):
        yen = income[kind].to_numpy() / 1e6
        axes.bar(months, yen, bottom=np.where(yen >= 0, above, below), width=24, color=colour,
                 edgecolor=PAPER, linewidth=0.3, label=words(kind))  # fmt: skip
        above, below = above + np.maximum(yen, 0), below + np.minimum(yen, 0)
    axes.set_ylim(min(0.0, 1.1 * below.min()), above.max() * 1.3 or 1)
    axes.set_ylabel("million yen a month")
    month_axis(axes, months.size)
    axes.legend(loc="upper left", ncols=3)
    plain_axis(axes.yaxis)
    total = sum(totals.values())
    shares = ", ".join(f"{words(kind)} {percent(totals[kind] / total, 1)}" for kind in kinds)
    caption = f"Mean over replications, as accrued, without consumption tax: {shares}."
    return finish(name, title, caption, figure)


@styled
def declines(run: Run) -> Drawing:
    """Draw how many uses are declined for which reason."""
    name, title = "declines", "Why uses are declined"
    counts = run.means("declines", "reason", "purchases")
    yen = run.means("declines", "reason", "yen")
    total = sum(counts.values())
    if not total:
        return nothing(name, title, "no use was declined")
    reasons = sorted((reason for reason in counts if counts[reason]), key=counts.__getitem__)
    figure, (axes,) = new_figure(1.05 + 0.26 * len(reasons))
    values = [counts[reason] for reason in reasons]
    axes.barh(range(len(reasons)), values, color=ORANGE, height=0.68)
    for row, reason in enumerate(reasons):
        text = f"{percent(counts[reason] / total, 1)}  ({millions(yen[reason])})"
        axes.text(values[row] + 0.01 * max(values), row, text, va="center", fontsize=8)
    axes.set_yticks(range(len(reasons)), [words(reason) for reason in reasons])
    axes.set_xlim(0, 1.36 * max(values))
    axes.set_xlabel("uses declined in a replication (mean), with their share and price")
    axes.grid(visible=False, axis="y")
    plain_axis(axes.xaxis)
    authorised = float(run.tables["portfolio"]["purchases_authorised"].sum()) / run.n_replications
    caption = (
        f"{grouped(authorised, 0)} uses authorised and {grouped(total, 0)} declined in a mean "
        f"replication: {percent(authorised / (authorised + total), 1)} of those decided are "
        f"authorised. Most frequent reason: {words(reasons[-1])}."
    )
    return finish(name, title, caption, figure)
