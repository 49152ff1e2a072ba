"""Figures of a comparison: paired differences with their intervals, and what pairing is worth."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font

from sim.experiment.comparison import Comparison
from sim.metrics.statistics import quantile
from sim.report.language import listed, say
from sim.report.metric_words import axis_of, words_of
from sim.report.numbers import grouped, level_text, significant, span
from sim.report.papers.harmless import plain, width
from sim.report.style import (
    CATEGORIES,
    FONTS,
    INK,
    MUTED,
    Drawing,
    add_japanese_font,
    finish,
    new_figure,
    nothing,
    plain_axis,
    styled,
)
from sim.report.sweeps.figures_of_points import columns_of

Row = dict[str, Any]

MOST_SHOWN = 32
"""Width of a name in a legend, in Latin letters."""
LEGEND, KEY = 54, 4
"""Width of a legend and of the key beside each name, in the same unit."""
MOST_RUNS = len(CATEGORIES)


def label_of(name: str, number: int) -> str:
    """Give a name as a figure can show it: short, and in letters that its fonts have.

    Parameters
    ----------
    name
        Name of a run.
    number
        Its place among the runs, from 0, which stands for a name that cannot be drawn.
    """
    text = plain(name)
    if any(ord(character) not in _letters() for character in text):
        return say("run {n}", n=number + 1)
    if width(text) <= MOST_SHOWN:
        return text
    while width(text) > MOST_SHOWN - 1:
        text = text[:-1]
    return f"{text}\N{HORIZONTAL ELLIPSIS}"


@cache
def _letters() -> frozenset[int]:
    """Give the code points that the fonts of figures can draw."""
    add_japanese_font()
    fonts = (get_font(findfont(FontProperties(family=name))) for name in FONTS)
    return frozenset(code for font in fonts for code in font.get_charmap())


def figures_of(comparison: Comparison) -> list[Drawing]:
    """Draw all figures of a comparison in their order."""
    units = comparison.table["unit"].unique(maintain_order=True).to_list()
    return [
        relative_differences(comparison),
        *(differences(comparison, unit) for unit in units),
        worth_of_pairing(comparison),
    ]


@styled
def relative_differences(comparison: Comparison) -> Drawing:
    """Draw every difference with its interval, in per cent of the baseline's mean."""
    name, title = "relative_differences", say("Paired differences, relative to the baseline")
    rows = [
        {**row, **{key: 100 * row[key] / abs(row["baseline_mean"]) for key in ENDS}}
        for row in _with_interval(comparison)
        if row["baseline_mean"]
    ]
    if not rows:
        reason = say("no metric has both an interval and a baseline other than 0")
        return nothing(name, title, reason)
    figure, axes = _forest(comparison, rows)
    axes.set_xlabel(say("difference to {baseline}, % of its mean", baseline=_baseline(comparison)))
    sure = sum(row["lower"] > 0 or row["upper"] < 0 for row in rows)
    caption = say(
        "Mean of the paired differences over {n} replications with {level} intervals, over the "
        "absolute mean of the baseline. {sure} of {all} intervals exclude 0.",
        n=grouped(comparison.n),
        level=_level(comparison),
        sure=sure,
        all=len(rows),
    )
    left_out = comparison.table["metric"].n_unique() - len(_metrics(rows))
    if left_out:
        message = " Left out, without interval or with a baseline of 0: {n}."
        caption += say(message, n=left_out)
    shown = {f"{key}_per_cent": [row[key] for row in rows] for key in ENDS}
    names = {key: [row[key] for row in rows] for key in ("run", "metric")}
    data = pl.DataFrame({**names, **shown})
    return _finished(name, title, caption, figure, comparison, data)


@styled
def differences(comparison: Comparison, unit: str) -> Drawing:
    """Draw the differences of the metrics of one unit in that unit."""
    slug = re.sub(r"\W+", "_", unit).strip("_") or "numbers"
    text = {"yen": "million yen", "share": "percentage points", "-": "numbers"}.get(unit, unit)
    name, title = f"differences_{slug}", say("Paired differences, {unit}", unit=say(text))
    rows = []
    for row in _with_interval(comparison):
        if row["unit"] == unit:
            factor = axis_of(row["metric"]).factor
            rows.append({**row, **{key: factor * row[key] for key in ENDS}})
    if not rows:
        return nothing(name, title, say("no metric has an interval"))
    figure, axes = _forest(comparison, rows)
    message = "difference to {baseline}, {unit}"
    axes.set_xlabel(say(message, baseline=_baseline(comparison), unit=say(text)))
    largest = max(rows, key=lambda row: abs(row["difference"]))
    caption = say(
        "As above, in {unit}. Largest: {metric}, {run}, {difference} ({ends}).",
        unit=say(text),
        metric=words_of(largest["metric"]),
        run=label_of(largest["run"], comparison.runs.index(largest["run"])),
        difference=grouped(largest["difference"], 2),
        ends=span(grouped(largest["lower"], 2), grouped(largest["upper"], 2)),
    )
    data = comparison.table.filter(pl.col("unit") == unit).drop_nulls(list(ENDS))
    data = data.select("run", "metric", "unit", *ENDS)
    return _finished(name, title, caption, figure, comparison, data)


@styled
def worth_of_pairing(comparison: Comparison) -> Drawing:
    """Draw how many times more replications independent seeds would need."""
    name, title = "worth_of_pairing", say("What common random numbers are worth")
    found = comparison.table.filter(pl.col("variance_reduction_factor") > 0)
    rows = list(found.iter_rows(named=True))
    if not rows:
        return nothing(name, title, say("no difference varies over the replications"))
    metrics = _metrics(rows)
    figure, (axes,) = new_figure(_height(len(metrics)))
    for row in rows:
        number = comparison.runs.index(row["run"])
        level = _level_of(metrics, row["metric"], number, len(comparison.runs))
        axes.plot(row["variance_reduction_factor"], level, "o", ms=5, color=_colour(number))
    axes.set_xscale("log")
    axes.axvline(1, color=INK, lw=0.8)
    axes.set_xlabel(say("replications needed, independent over common seeds"))
    _label_rows(axes, metrics)
    _legend(axes, comparison)
    plain_axis(axes.xaxis)
    factors = sorted(float(row["variance_reduction_factor"]) for row in rows)
    caption = say(
        "Variance of the difference under independent seeds over that of the paired difference: "
        "{ends}, median {median}. Left of 1 pairing would do harm.",
        ends=span(significant(factors[0], 3), significant(factors[-1], 3)),
        median=significant(quantile(factors, 0.5), 3),
    )
    data = found.select("run", "metric", "variance_reduction_factor")
    return _finished(name, title, caption, figure, comparison, data)


def _finished(
    name: str, title: str, caption: str, figure: Figure, comparison: Comparison, data: pl.DataFrame
) -> Drawing:
    """Finish a figure whose data have a row for each run and metric."""
    metrics = [column for metric in data["metric"].unique(maintain_order=True)
               for column in columns_of(metric)]  # fmt: skip
    caption += _key(comparison)
    return finish(name, title, caption, figure, data={name: data}, metrics=metrics)


ENDS = ("difference", "lower", "upper")


def _with_interval(comparison: Comparison) -> list[Row]:
    """Give the rows that have an interval."""
    return list(comparison.table.drop_nulls(list(ENDS)).iter_rows(named=True))


def _forest(comparison: Comparison, rows: Sequence[Row]) -> tuple[Figure, Axes]:
    """Draw intervals below each other, those of a metric together."""
    metrics = _metrics(rows)
    figure, (axes,) = new_figure(_height(len(metrics)))
    for row in rows:
        number = comparison.runs.index(row["run"])
        level = _level_of(metrics, row["metric"], number, len(comparison.runs))
        colour = _colour(number)
        axes.plot([row["lower"], row["upper"]], [level, level], color=colour, lw=1.5)
        axes.plot(row["difference"], level, "o", ms=4.5, color=colour)
    axes.axvline(0, color=INK, lw=0.8)
    _label_rows(axes, metrics)
    _legend(axes, comparison)
    plain_axis(axes.xaxis)
    return figure, axes


def _metrics(rows: Sequence[Row]) -> list[str]:
    """Give the metrics of some rows in their order."""
    return list(dict.fromkeys(row["metric"] for row in rows))


def _height(n_metrics: int) -> float:
    """Give the height of a figure with a line for each metric, inches."""
    return 1.35 + 0.3 * n_metrics


def _level_of(metrics: Sequence[str], metric: str, number: int, n_runs: int) -> float:
    """Give where a run stands: the runs of a metric share its line."""
    spread = 0.6 / max(n_runs - 1, 1)
    return metrics.index(metric) + (number - n_runs / 2) * spread


def _label_rows(axes: Axes, metrics: Sequence[str]) -> None:
    """Write the metrics at their lines, the first on top."""
    axes.set_yticks(range(len(metrics)), [words_of(metric) for metric in metrics])
    axes.set_ylim(len(metrics) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")


def _legend(axes: Axes, comparison: Comparison) -> None:
    """Name the runs if there are several; colours repeat beyond those of the palette."""
    others = comparison.runs[1:]
    if len(others) > 1:
        labels = [label_of(name, number) for number, name in enumerate(others, start=1)]
        for number, label in enumerate(labels, start=1):
            axes.plot([], [], "o-", ms=4, color=_colour(number), label=label)
        n_columns = max(1, LEGEND // (max(map(width, labels)) + KEY))
        axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=n_columns, borderaxespad=0)


def _colour(number: int) -> str:
    """Give the colour of a run."""
    return CATEGORIES[(number - 1) % MOST_RUNS] if number else MUTED


def _baseline(comparison: Comparison) -> str:
    """Name the baseline."""
    return label_of(comparison.runs[0], 0)


def _level(comparison: Comparison) -> str:
    """Write the level of the intervals."""
    text = level_text(comparison.confidence)
    return (
        say("{level} simultaneous (Bonferroni)", level=text) if comparison.is_simultaneous else text
    )


def _key(comparison: Comparison) -> str:
    """Say which run a number stands for where a name cannot be drawn whole."""
    shown = [
        f"{label}: {plain(name)}"
        for number, name in enumerate(comparison.runs)
        if (label := label_of(name, number)) != plain(name)
    ]
    return say(" {list}.", list=listed(shown, "; ")) if shown else ""
