"""Figures of a sweep: response curves, heat maps, clouds of points, one metric against another."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colorbar import Colorbar
from matplotlib.figure import Figure

from models.arrays import Floats
from sim.metrics.headline import UNITS
from sim.report.language import say
from sim.report.metric_words import axis_of, words_of
from sim.report.numbers import (
    counted,
    grouped,
    in_unit,
    level_text,
    parameter_text,
    significant,
    span,
)
from sim.report.style import (
    BLUE,
    CATEGORIES,
    INK,
    MUTED,
    PAPER,
    QUANTITY,
    WIDTH_INCHES,
    Drawing,
    finish,
    new_figure,
    nothing,
    plain_axis,
    styled,
)
from sim.report.sweeps.data import differences_frame, points_frame
from sim.report.sweeps.source import SweepResults

LOG_RATIO = 12.0
"""Largest over smallest setting from which an axis is logarithmic."""
MOST_LINES = len(CATEGORIES)
APART = 0.09
"""Distance of dots that both get their names, of the extent of their line."""
MOST_TICKS = 10
MOST_WHISKERS = 60
"""Points of a cloud up to which intervals are drawn."""
TICK_ROOM = 0.085
"""Width of a tick's text, of the extent of the axis."""
COLUMNS = 3
"""Panels side by side of a cloud."""


def number_text(metric: str, value: float | None) -> str:
    """Write a value of a metric for a caption."""
    return say("unknown") if value is None else in_unit(value, UNITS.get(metric, "-"))


def difference_text(metric: str, value: float) -> str:
    """Write a difference of two values of a metric; shares differ by percentage points."""
    if UNITS.get(metric) == "share":
        return say("{n} percentage points", n=grouped(100 * value, 2))
    return number_text(metric, value)


def against(vertical: str, horizontal: str) -> str:
    """Write the title of a figure that sets something against something else."""
    title = say("{vertical} against {horizontal}", vertical=vertical, horizontal=horizontal)
    return title[:1].upper() + title[1:]


def columns_of(metric: str) -> list[str]:
    """Name the column of the metric tables that a metric is."""
    return [f"replications.{metric}"]


@styled
def response(results: SweepResults, metric: str) -> Drawing:
    """Draw a metric against the first parameter, a line for each value of the second.

    The band is the interval of each mean. The bars are the interval of its difference to the
    first point of the line, from paired replications: what is left when shared luck cancels.
    """
    name = f"response_{metric}"
    first, second = results.parameters[0], _second(results)
    title = against(words_of(metric), results.label(first))
    lines = _lines(results, metric, second)
    if not any(len(points) for _, points in lines):
        return nothing(name, title, say("no point has a value"))
    figure, (axes,) = new_figure(3.1)
    settings = dict(zip(results.settings["point"], results.settings[first], strict=True))
    positions = _positions(axes, list(dict.fromkeys(settings.values())))
    for colour, (text, points) in zip(CATEGORIES, lines, strict=False):
        _line(axes, results, metric, points, [positions[settings[p]] for p in points], colour, text)
    axes.set_xlabel(results.label(first))
    axes.set_ylabel(axis_of(metric).label)
    plain_axis(axes.yaxis)
    if second is not None:
        axes.legend(title=results.label(second), loc="center left", bbox_to_anchor=(1.0, 0.5))
    data = differences_frame(results, [points for _, points in lines], metric)
    return finish(name, title, _response_caption(results, metric, lines), figure,
                  data={name: data}, metrics=columns_of(metric))  # fmt: skip


def _second(results: SweepResults) -> str | None:
    """Name the parameter whose values have a line each: the second one of a grid."""
    is_grid = results.sweep.design.kind == "grid" and len(results.parameters) > 1
    return results.parameters[1] if is_grid else None


def _lines(results: SweepResults, metric: str, second: str | None) -> list[tuple[str, list[int]]]:
    """Sort the points with a value into lines by the value of the second parameter."""
    known = [point for point in results.points if results.responses(metric).get(point)]
    if second is None:
        return [("", known)]
    value = dict(zip(results.settings["point"], results.settings[second], strict=True))
    values = list(dict.fromkeys(value[point] for point in known))[:MOST_LINES]
    return [(parameter_text(v), [p for p in known if value[p] == v]) for v in values]


def _positions(axes: Axes, values: Sequence[Any]) -> dict[Any, float]:
    """Place settings along the horizontal axis: numbers to scale, others one after the other."""
    if not all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        axes.set_xticks(range(len(values)), [parameter_text(v) for v in values])
        return {v: float(k) for k, v in enumerate(values)}
    is_log = min(values) > 0 and max(values) / min(values) >= LOG_RATIO
    if is_log:
        axes.set_xscale("log")
    if is_log or len(values) <= MOST_TICKS:
        _name_ticks(axes, sorted(values), is_log=is_log)
    else:
        plain_axis(axes.xaxis)
    return {v: float(v) for v in values}


def _name_ticks(axes: Axes, values: Sequence[float], *, is_log: bool) -> None:
    """Set a tick at each value, with its text where there is room for it."""
    places = [math.log(v) if is_log else float(v) for v in values]
    room = TICK_ROOM * ((places[-1] - places[0]) or 1.0)
    texts, last = [], -math.inf
    for value, place in zip(values, places, strict=True):
        is_near = place - last < room
        texts.append("" if is_near else parameter_text(value))
        last = last if is_near else place
    axes.set_xticks(values, texts)
    axes.minorticks_off()


def _line(
    axes: Axes,
    results: SweepResults,
    metric: str,
    points: Sequence[int],
    positions: Sequence[float],
    colour: str,
    text: str,
) -> None:
    """Draw the means of some points with both intervals."""
    factor = axis_of(metric).factor
    found = [results.estimate(metric, point) for point in points]
    means = np.array([factor * e.mean for e in found if e is not None])
    ends = [e.interval for e in found if e is not None]
    axes.plot(positions, means, "o-", color=colour, ms=4, label=text or None)
    whole = [interval for interval in ends if interval is not None]
    if len(whole) == len(points) > 1:
        low, high = (np.array([factor * i[k] for i in whole]) for k in (0, 1))
        axes.fill_between(positions, low, high, color=colour, alpha=0.13, lw=0)
    for k, point in enumerate(points[1:], start=1):
        gap = results.difference(metric, points[0], point)
        if gap is not None and gap.upper is not None:
            half = factor * (gap.upper - gap.mean)
            axes.errorbar(positions[k], means[k], half, color=colour, lw=1.2, capsize=3)


def _response_caption(
    results: SweepResults, metric: str, lines: Sequence[tuple[str, list[int]]]
) -> str:
    """Say where the means lie and how sure their difference is."""
    text, points = lines[0]
    low, high = points[0], points[-1]
    first, last = (results.estimate(metric, point) for point in (low, high))
    told = say(
        "From {first} to {last}",
        first=number_text(metric, first.mean if first else None),
        last=number_text(metric, last.mean if last else None),
    )
    second = _second(results)
    if second is not None:
        told += say(" at {parameter} {value}", parameter=results.label(second), value=text)
    gap = results.difference(metric, low, high)
    if gap and gap.lower is not None and gap.upper is not None and low != high:
        told += say(
            ", a difference of {gap} ({level} interval {ends}, paired over {replications})",
            gap=difference_text(metric, gap.mean),
            level=level_text(results.confidence),
            ends=span(difference_text(metric, gap.lower), difference_text(metric, gap.upper)),
            replications=counted(gap.n, "{n} replication", "{n} replications"),
        )
    return say(
        "{ends}. Bands: interval of each mean. Bars: interval of its difference to the leftmost "
        "point of the line; where a bar does not reach the level of that point, the effect is more "
        "than luck.",
        ends=told,
    )


@styled
def heat_map(results: SweepResults, metric: str) -> Drawing:
    """Draw the mean of a metric over the grid of two parameters."""
    first, second = results.parameters[:2]
    name = f"heat_map_{metric}"
    axis, settings = axis_of(metric), results.settings
    title = f"{axis.label[0].upper()}{axis.label[1:]}"
    columns = list(dict.fromkeys(settings[first]))
    rows = list(dict.fromkeys(settings[second]))
    cells = np.full((len(rows), len(columns)), np.nan)
    for point, x, y in settings.select("point", first, second).iter_rows():
        found = results.estimate(metric, point)
        if found is not None:
            cells[rows.index(y), columns.index(x)] = axis.factor * found.mean
    if np.isnan(cells).all():
        return nothing(name, title, say("no point has a value"))
    figure, (axes,) = new_figure(max(2.4, 0.42 * len(rows) + 1.5))
    image = axes.imshow(cells, cmap=QUANTITY, aspect="auto", origin="lower")
    axes.grid(visible=False)
    axes.set_xticks(range(len(columns)), [parameter_text(v) for v in columns])
    axes.set_yticks(range(len(rows)), [parameter_text(v) for v in rows])
    axes.set_xlabel(results.label(first))
    axes.set_ylabel(results.label(second))
    _write_cells(axes, cells)
    _colour_bar(figure.colorbar(image, ax=axes, pad=0.02))
    best = np.unravel_index(np.nanargmax(cells), cells.shape)
    least = np.unravel_index(np.nanargmin(cells), cells.shape)

    def place(cell: Sequence[Any]) -> str:
        row, column = (int(k) for k in cell)
        return say(
            "{value} at {first} {x}, {second} {y}",
            value=number_text(metric, float(cells[row, column]) / axis.factor),
            first=results.label(first),
            x=parameter_text(columns[column]),
            second=results.label(second),
            y=parameter_text(rows[row]),
        )

    caption = say(
        "Means over replications. Highest {best}; lowest {least}. Where the shade changes along "
        "one side only, the other parameter does not matter.",
        best=place(best),
        least=place(least),
    )
    data = points_frame(results, results.points, [metric])
    return finish(name, title, caption, figure, data={name: data}, metrics=columns_of(metric))


def _write_cells(axes: Axes, cells: Floats) -> None:
    """Write each value into its cell, readable on its colour."""
    low, high = float(np.nanmin(cells)), float(np.nanmax(cells))
    for (row, column), value in np.ndenumerate(cells):
        if not np.isnan(value):
            depth = (value - low) / (high - low) if high > low else 0.0
            # these stand on the map's own colours, which stay when a page is dark
            colour = "#ffffff" if depth > 0.45 else "#10202c"
            text = significant(float(value), 3)
            axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=8)


def _colour_bar(bar: Colorbar) -> None:
    """Draw a colour bar without a frame; the title says what it measures."""
    bar.outline.set_visible(False)
    plain_axis(bar.ax.yaxis)


@styled
def cloud(results: SweepResults, metric: str) -> Drawing:
    """Draw a metric against each parameter of a sampled design."""
    name = f"cloud_{metric}"
    title = against(words_of(metric), say("each parameter"))
    names = [n for n in results.parameters if results.settings[n].dtype.is_numeric()]
    found = {p: e for p in results.points if (e := results.estimate(metric, p)) is not None}
    if not names or not found:
        return nothing(name, title, say("no point has a value, or no parameter is a number"))
    rows = -(-len(names) // COLUMNS)
    figure = Figure(figsize=(WIDTH_INCHES, 1.9 * rows + 0.5), layout="constrained")
    panels = figure.subplots(rows, min(COLUMNS, len(names)), squeeze=False, sharey=True)
    axis = axis_of(metric)
    for panel, parameter in zip(panels.flat, names, strict=False):
        value = dict(zip(results.settings["point"], results.settings[parameter], strict=True))
        across, means = [value[point] for point in found], [e.mean for e in found.values()]
        ends = [e.interval.upper - e.mean if e.interval else 0.0 for e in found.values()]
        if len(found) <= MOST_WHISKERS:
            panel.errorbar(
                across, axis.factor * np.array(means), axis.factor * np.array(ends),
                fmt="none", elinewidth=0.7, ecolor=MUTED,
            )  # fmt: skip
        panel.plot(across, axis.factor * np.array(means), "o", color=BLUE, ms=3.5, mec=PAPER,
                   mew=0.4)  # fmt: skip
        panel.set_xlabel(results.label(parameter))
        plain_axis(panel.xaxis)
        plain_axis(panel.yaxis)
        panel.locator_params(axis="x", nbins=4)
    for panel in panels.flat[len(names) :]:
        panel.set_visible(False)
    for row in panels:
        row[0].set_ylabel(axis.label)
    values = [estimate.mean for estimate in found.values()]
    kind = (
        "{points}, each the mean over replications with its interval: from {low} to {high}. A "
        "panel in which the dots rise or fall shows a parameter that matters by itself."
        if len(found) <= MOST_WHISKERS
        else "{points}, each the mean over replications: from {low} to {high}. A panel in which "
        "the dots rise or fall shows a parameter that matters by itself."
    )
    caption = say(
        kind,
        points=counted(len(found), "{n} point", "{n} points"),
        low=number_text(metric, min(values)),
        high=number_text(metric, max(values)),
    )
    data = points_frame(results, list(found), [metric])
    return finish(name, title, caption, figure, data={name: data}, metrics=columns_of(metric))


@styled
def trade_off(results: SweepResults, horizontal: str, vertical: str) -> Drawing:
    """Draw one metric against another, a line for each value of the second parameter."""
    name = f"trade_off_{horizontal}_{vertical}"
    title = against(words_of(vertical), words_of(horizontal))
    first, second = results.parameters[0], _second(results)
    lines = _lines(results, vertical, second)
    if not any(results.responses(horizontal).get(p) for _, points in lines for p in points):
        return nothing(name, title, say("no point has both values"))
    x_axis, y_axis = axis_of(horizontal), axis_of(vertical)
    figure, (axes,) = new_figure(3.4)
    settings = dict(zip(results.settings["point"], results.settings[first], strict=True))
    for colour, (text, points) in zip(CATEGORIES, lines, strict=False):
        pairs = [
            (results.estimate(horizontal, p), results.estimate(vertical, p), p) for p in points
        ]
        known = [
            (x.mean * x_axis.factor, y.mean * y_axis.factor, p) for x, y, p in pairs if x and y
        ]
        if not known:
            continue
        across, along = [x for x, _, _ in known], [y for _, y, _ in known]
        axes.plot(across, along, "o-", color=colour, ms=4.5, mec=PAPER, mew=0.6, label=text or None)
        if colour == CATEGORIES[0]:
            _name_dots(axes, across, along, [parameter_text(settings[p]) for _, _, p in known])
    axes.set_xlabel(x_axis.label)
    axes.set_ylabel(y_axis.label)
    plain_axis(axes.xaxis)
    plain_axis(axes.yaxis)
    axes.margins(0.08)
    if second is not None:
        axes.legend(title=results.label(second), loc="center left", bbox_to_anchor=(1.0, 0.5))
    caption = say(
        "Each dot is a point of the sweep; the numbers beside the dots of the first line are "
        "{parameter}. Means over replications. Where a line turns back, more of one is no longer "
        "paid for by less of the other.",
        parameter=results.label(first),
    )
    points = [point for _, line in lines for point in line]
    data = points_frame(results, points, [horizontal, vertical])
    return finish(name, title, caption, figure, data={name: data},
                  metrics=[*columns_of(horizontal), *columns_of(vertical)])  # fmt: skip


def _name_dots(
    axes: Axes, across: Sequence[float], along: Sequence[float], names: Sequence[str]
) -> None:
    """Write names beside dots, leaving out those too near to the last one written."""
    width = (max(across) - min(across)) or 1.0
    height = (max(along) - min(along)) or 1.0
    rises = (along[-1] - along[0]) * (across[-1] - across[0]) > 0
    where = ((-5, 4), "right") if rises else ((5, 4), "left")
    last: tuple[float, float] | None = None
    for x, y, name in zip(across, along, names, strict=True):
        place = (x / width, y / height)
        if last is None or math.dist(last, place) > APART:
            axes.annotate(
                name, (x, y), xytext=where[0], ha=where[1], color=INK, fontsize=7,
                textcoords="offset points",
            )  # fmt: skip
            last = place
