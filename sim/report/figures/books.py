"""Figures of the lender's books: income, the bridge to profit, and uses turned away."""

import math
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import polars as pl
from matplotlib.axes import Axes

from sim.report.language import listed, say
from sim.report.numbers import FEWEST_IN_MILLIONS, grouped, millions, percent, words
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

    name: str
    label: str
    yen: float
    is_total: bool = False


@styled
def profit_bridge(run: Run) -> Drawing:
    """Draw how income, costs and losses add up to profit, mean over replications."""
    name, title = "profit_bridge", say("From income to profit")
    income = run.means("revenue", "kind", "yen")
    costs = run.means("costs", "kind", "yen")
    off = sum(run.means("written_off", "component", "yen").values())
    recovered = float(run.tables["profit"]["recovered_yen"].sum()) / run.n_replications
    revenue, cost = sum(income.values()), sum(costs.values())
    if not revenue and not cost:
        return nothing(name, title, say("there is no income and no cost"))
    profit = revenue - cost - off + recovered
    steps = [
        *(Step(kind, words(kind), yen) for kind, yen in income.items() if yen),
        Step("income", say("income"), revenue, is_total=True),
        *(
            Step(f"{kind}_cost", say("{kind} cost", kind=words(kind)), -yen)
            for kind, yen in costs.items()
            if yen
        ),
        *([Step("written_off", say("written off"), -off)] if off else []),
        *([Step("recovered", say("recovered"), recovered)] if recovered else []),
        Step("profit", say("profit"), profit, is_total=True),
    ]
    figure, (axes,) = new_figure(0.9 + 0.25 * len(steps))
    _bridge(axes, steps)
    caption = say(
        "Means over replications, whole horizon; kinds that are 0 are left out. Income {revenue}, "
        "costs {cost}, written off {off}, recovered {recovered}, profit {profit}.",
        revenue=millions(revenue),
        cost=millions(cost),
        off=millions(off),
        recovered=millions(recovered),
        profit=millions(profit),
    )
    gmv = float(run.tables["portfolio"]["posted_yen"].sum()) / run.n_replications
    if gmv:
        caption += say(
            " Per yen of GMV ({gmv}): income {revenue}, costs {cost}, net loss {loss}, profit "
            "{profit}.",
            gmv=millions(gmv),
            revenue=percent(revenue / gmv),
            cost=percent(cost / gmv),
            loss=percent((off - recovered) / gmv),
            profit=percent(profit / gmv),
        )
    data = pl.DataFrame({
        "step": [step.name for step in steps],
        "yen": [step.yen for step in steps],
        "is_total": [step.is_total for step in steps],
    })  # fmt: skip
    metrics = ["revenue.yen", "costs.yen", "written_off.yen", "profit.recovered_yen",
               "profit.profit_yen"]  # fmt: skip
    return finish(name, title, caption, figure, data={name: data}, metrics=metrics)


def _bridge(axes: Axes, steps: list[Step]) -> None:
    """Draw the bars of a bridge from top to bottom with their amounts."""
    levels = list(accumulate((0.0 if s.is_total else s.yen for s in steps), initial=0.0))
    unit = 1e6 if max(map(abs, levels)) >= FEWEST_IN_MILLIONS else 1.0
    lowest = min(*levels, 0.0) / unit
    span = (max(*levels, 0.0) / unit - lowest) or 1.0
    digits = max(0, 2 - math.floor(math.log10(span)))
    for row, (step, level) in enumerate(zip(steps, levels, strict=False)):
        start, width = (0.0 if step.is_total else level / unit), step.yen / unit
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
    axes.set_xlabel(say("million yen") if unit > 1 else say("yen"))
    plain_axis(axes.xaxis)


@styled
def revenue(run: Run) -> Drawing:
    """Draw income by kind over time."""
    name, title = "revenue", say("Income by kind")
    income = run.monthly("revenue", "kind", "yen")
    totals = run.means("revenue", "kind", "yen")
    if not any(totals.values()):
        return nothing(name, title, say("there is no income"))
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
    axes.set_ylabel(say("million yen a month"))
    month_axis(axes, months.size)
    axes.legend(loc="upper left", ncols=3)
    plain_axis(axes.yaxis)
    total = sum(totals.values())
    shares = listed(f"{words(kind)} {percent(totals[kind] / total, 1)}" for kind in kinds)
    caption = say(
        "Mean over replications, as accrued, without consumption tax: {shares}. Look at what grows "
        "with arrears (late damages, fees of late payers) beside what grows with purchases.",
        shares=shares,
    )
    data = income.select("month_end", *kinds)
    return finish(name, title, caption, figure, data={name: data}, metrics=["revenue.yen"])


@styled
def declines(run: Run) -> Drawing:
    """Draw how many uses are declined for which reason."""
    name, title = "declines", say("Why uses are declined")
    counts = run.means("declines", "reason", "purchases")
    yen = run.means("declines", "reason", "yen")
    total = sum(counts.values())
    if not total:
        return nothing(name, title, say("no use was declined"))
    reasons = sorted((reason for reason in counts if counts[reason]), key=counts.__getitem__)
    figure, (axes,) = new_figure(1.05 + 0.26 * len(reasons))
    values = [counts[reason] for reason in reasons]
    axes.barh(range(len(reasons)), values, color=ORANGE, height=0.68)
    for row, reason in enumerate(reasons):
        text = f"{percent(counts[reason] / total, 1)}  ({millions(yen[reason])})"
        axes.text(values[row] + 0.01 * max(values), row, text, va="center", fontsize=8)
    axes.set_yticks(range(len(reasons)), [words(reason) for reason in reasons])
    axes.set_xlim(0, 1.36 * max(values))
    axes.set_xlabel(say("uses declined in a replication (mean), with share and price"))
    axes.grid(visible=False, axis="y")
    plain_axis(axes.xaxis)
    authorised = float(run.tables["portfolio"]["purchases_authorised"].sum()) / run.n_replications
    caption = say(
        "{authorised} uses authorised and {declined} declined in a mean replication: {rate} of "
        "those decided are authorised. Most frequent reason: {reason}.",
        authorised=grouped(authorised, 0),
        declined=grouped(total, 0),
        rate=percent(authorised / (authorised + total), 1),
        reason=words(reasons[-1]),
    )
    data = pl.DataFrame({
        "reason": reasons,
        "purchases": values,
        "share": [value / total for value in values],
        "yen": [yen[reason] for reason in reasons],
    }).reverse()  # fmt: skip
    metrics = ["declines.purchases", "declines.share", "declines.yen"]
    return finish(name, title, caption, figure, data={name: data}, metrics=metrics)
