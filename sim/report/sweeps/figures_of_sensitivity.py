"""Figures of what matters and what is best: tornado, screening, shares of variance, the search."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from matplotlib.axes import Axes

from sim.report.language import listed, say
from sim.report.metric_words import axis_of, words_of
from sim.report.numbers import counted, grouped, level_text, parameter_text, percent, span
from sim.report.style import (
    BLUE,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    Drawing,
    finish,
    new_figure,
    nothing,
    plain_axis,
    styled,
)
from sim.report.sweeps.data import analysis_frame
from sim.report.sweeps.figures_of_points import against, columns_of, difference_text, number_text
from sim.report.sweeps.source import SweepResults

BAR_INCHES = 0.3
"""Height of a bar of a tornado."""


def _rows(results: SweepResults, table: str, metric: str) -> list[dict[str, Any]]:
    """Give the rows of an analysis about one metric."""
    frame = results.analyses.get(table)
    return [] if frame is None else frame.filter(pl.col("metric") == metric).to_dicts()


@styled
def tornado(results: SweepResults, metric: str) -> Drawing:
    """Draw how far each parameter alone moves a metric, the widest on top."""
    name = f"tornado_{metric}"
    title = say("What moves the {metric}, one parameter at a time", metric=words_of(metric))
    rows = sorted(_rows(results, "tornado", metric), key=lambda row: abs(row["swing"]))
    if not rows:
        return nothing(name, title, say("no parameter has a value at both ends"))
    figure, (axes,) = new_figure(BAR_INCHES * len(rows) + 1.2)
    axis = axis_of(metric)
    effects = _rows(results, "effects", metric)
    shown = []
    for place, row in enumerate(rows):
        levels = [e for e in effects if e["parameter"] == row["parameter"]]
        shown += [levels[0], levels[-1]]
        ends = ((levels[0], BLUE, say("low value")), (levels[-1], ORANGE, say("high value")))
        for effect, colour, which in ends:
            _bar(axes, place, effect, axis.factor, colour, None if place else which)
        _ends(axes, place, row, levels, axis.factor)
    base = axis.factor * rows[-1]["base_mean"]
    axes.axvline(base, color=INK, lw=1)
    axes.set_yticks(range(len(rows)), [results.label(row["parameter"]) for row in rows])
    axes.grid(visible=False, axis="y")
    axes.margins(x=0.16)
    axes.set_xlabel(axis.label)
    plain_axis(axes.xaxis)
    axes.legend(loc="lower right", ncols=2, bbox_to_anchor=(1.0, 1.0), borderaxespad=0.2)
    first = rows[-1]
    caption = say(
        "From the base, {base}, each parameter alone is set to its low and its high value. "
        "Whiskers: {level} interval of the difference to the base, paired over {replications}. "
        "Widest: {parameter}, a swing of {swing}{ends}.",
        base=number_text(metric, first["base_mean"]),
        level=level_text(results.confidence),
        replications=counted(first["n"], "{n} replication", "{n} replications"),
        parameter=results.label(first["parameter"]),
        swing=difference_text(metric, first["swing"]),
        ends=_interval(metric, first["swing_lower"], first["swing_upper"]),
    )
    data = pl.DataFrame(shown, infer_schema_length=None).drop("metric")
    return finish(name, title, caption, figure, data={name: data}, metrics=columns_of(metric))


def _bar(
    axes: Axes,
    place: int,
    effect: Mapping[str, Any],
    factor: float,
    colour: str,
    label: str | None,
) -> None:
    """Draw the difference of one end to the base, with its interval."""
    base, width = factor * effect["base_mean"], factor * effect["difference"]
    axes.barh(place, width, left=base, height=0.62, color=colour, label=label)
    if effect["lower"] is not None:
        half = factor * (effect["upper"] - effect["difference"])
        axes.errorbar(base + width, place, xerr=half, color=INK, lw=0.9, capsize=2.5)


def _ends(
    axes: Axes,
    place: int,
    row: Mapping[str, Any],
    levels: Sequence[Mapping[str, Any]],
    factor: float,
) -> None:
    """Write the two settings left and right of both bars and their whiskers."""
    ends = [(levels[0], row["low"]), (levels[-1], row["high"])]
    (_, left), (_, right) = sorted(ends, key=lambda end: end[0]["difference"])
    reached = [
        0.0,
        *(x for effect, _ in ends for key in ("difference", "lower", "upper")
          if (x := effect[key]) is not None),
    ]  # fmt: skip
    for text, difference, step, side in (
        (left, min(reached), -4, "right"),
        (right, max(reached), 4, "left"),
    ):
        end = factor * (levels[0]["base_mean"] + difference)
        axes.annotate(
            text, (end, place), xytext=(step, 0), textcoords="offset points", ha=side,
            va="center", fontsize=7, color=MUTED,
        )  # fmt: skip


def _interval(metric: str, lower: float | None, upper: float | None) -> str:
    """Write an interval in brackets, nothing where there is none."""
    if lower is None or upper is None:
        return ""
    return say(
        " ({ends})", ends=span(difference_text(metric, lower), difference_text(metric, upper))
    )


@styled
def screening(results: SweepResults, metric: str) -> Drawing:
    """Draw importance against curvature and interaction of each parameter (Morris)."""
    name = f"screening_{metric}"
    title = say("Elementary effects on the {metric}", metric=words_of(metric))
    rows = _rows(results, "morris", metric)
    if not rows:
        return nothing(name, title, say("too few trajectories have values"))
    figure, (axes,) = new_figure(3.6)
    axis = axis_of(metric)
    rows.sort(key=lambda row: float(row["mu_star"]))
    for k, row in enumerate(rows):
        _effect_dot(axes, row, axis.factor, results.label(row["parameter"]), is_above=k % 2 == 0)
    limit = max(axes.get_xlim()[1], axes.get_ylim()[1])
    axes.plot([0, limit], [0, limit], ":", color=MUTED, lw=1, scalex=False, scaley=False)
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    axes.set_xlabel(say("mean absolute effect: {axis}", axis=axis.label))
    axes.set_ylabel(say("its standard deviation"))
    plain_axis(axes.xaxis)
    plain_axis(axes.yaxis)
    caption = say(
        "Effect of a parameter's whole range, over {n} trajectories, with {level} intervals. Far "
        "right: important. High, near the dotted line and above: the effect bends or depends on "
        "other parameters. Most important: {leaders}.",
        n=grouped(rows[0]["trajectories"]),
        level=level_text(results.confidence),
        leaders=listed(results.label(row["parameter"]) for row in rows[:-4:-1]),
    )
    data = analysis_frame(results, "morris", metric)
    return finish(name, title, caption, figure, data={name: data}, metrics=columns_of(metric))


def _effect_dot(
    axes: Axes, row: Mapping[str, Any], factor: float, name: str, *, is_above: bool
) -> None:
    """Draw importance and spread of one parameter's effects with their intervals."""
    x, y = factor * row["mu_star"], factor * row["sigma"]
    across = [[x - factor * row["mu_star_lower"]], [factor * row["mu_star_upper"] - x]]
    along = None  # of two trajectories there is no interval of the spread
    if row["sigma_lower"] is not None:
        along = [[y - factor * row["sigma_lower"]], [factor * row["sigma_upper"] - y]]
    axes.errorbar(
        x, y, xerr=across, yerr=along, fmt="o", color=BLUE, ms=5, elinewidth=0.8, ecolor=MUTED
    )
    offset = (5, 5 if is_above else -11)
    axes.annotate(name, (x, y), xytext=offset, fontsize=8, textcoords="offset points", color=INK)


@styled
def variance_shares(results: SweepResults, metric: str) -> Drawing:
    """Draw first- and total-order Sobol indices with their intervals."""
    name = f"variance_shares_{metric}"
    title = say("Shares of the variance of the {metric}", metric=words_of(metric))
    rows = [
        row for row in _rows(results, "sobol_indices", metric) if row["total_order"] is not None
    ]
    if not rows:
        reason = say("the metric does not vary, or too few samples have values")
        return nothing(name, title, reason)
    rows.sort(key=lambda row: float(row["total_order"]))
    figure, (axes,) = new_figure(0.5 * len(rows) + 1.2)
    parts = (
        ("total_order", BLUE, 0.19, say("with interactions")),
        ("first_order", ORANGE, -0.19, say("alone")),
    )
    for key, colour, shift, label in parts:
        places = [k + shift for k in range(len(rows))]
        widths = [row[key] for row in rows]
        halves = [row[f"{key}_upper"] - row[key] for row in rows]
        axes.barh(places, widths, height=0.36, color=colour, label=label)
        axes.errorbar(
            widths, places, xerr=halves, fmt="none", ecolor=INK, elinewidth=0.9, capsize=2.5
        )
    axes.axvline(0, color=INK, lw=0.8)
    axes.set_yticks(range(len(rows)), [results.label(row["parameter"]) for row in rows])
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(say("share of the variance over the design"))
    plain_axis(axes.xaxis)
    axes.legend(loc="lower right")
    data = analysis_frame(results, "sobol_indices", metric)
    return finish(name, title, _shares_caption(results, metric, rows), figure,
                  data={name: data}, metrics=columns_of(metric))  # fmt: skip


def _shares_caption(results: SweepResults, metric: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """Say what the indices rest on and how much of the variance is chance."""
    noise = _rows(results, "noise", metric)
    share = noise[0]["noise_share"] if noise else None
    caption = say(
        "Sobol indices over {n} base samples with {level} bootstrap intervals; estimates of small "
        "shares may fall below 0. Where a blue bar passes its orange one, the parameter acts "
        "through others.",
        n=grouped(rows[0]["samples"]),
        level=level_text(results.confidence),
    )
    if share is not None:
        caption += say(
            " Chance makes {share} of the variance between points.", share=percent(share, 1)
        )
    return caption


@styled
def pareto_front(results: SweepResults, first: str, second: str) -> Drawing:
    """Draw the trials of a search by two objectives, and the front that none beats."""
    name = "pareto_front"
    title = say("{axes}: the best trials", axes=against(words_of(second), words_of(first)))
    trials = _trials(results, (first, second))
    if not trials:
        return nothing(name, title, say("no trial has values"))
    figure, (axes,) = new_figure(3.8)
    x_axis, y_axis = axis_of(first), axis_of(second)
    groups = (
        (say("breaks a requirement"), "x", MUTED, [t for t in trials if not t["is_feasible"]]),
        (say("beaten"), "o", BLUE, [t for t in trials if t["is_feasible"] and not t["is_best"]]),
    )
    best = sorted((t for t in trials if t["is_best"]), key=lambda t: float(t[first]))
    for label, marker, colour, group in (*groups, (say("Pareto front"), "o-", ORANGE, best)):
        across = [x_axis.factor * t[first] for t in group]
        along = [y_axis.factor * t[second] for t in group]
        axes.plot(across, along, marker, color=colour, ms=5, mec=None if marker == "x" else PAPER,
                  mew=1.2 if marker == "x" else 0.6, label=label)  # fmt: skip
    axes.set_xlabel(f"{x_axis.label} ({say(_wish(results, first))})")
    axes.set_ylabel(f"{y_axis.label} ({say(_wish(results, second))})")
    plain_axis(axes.xaxis)
    plain_axis(axes.yaxis)
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3, borderaxespad=0.2)
    caption = say(
        "{trials}; {best} on the front: feasible, and no other is better in every objective. "
        "Means over replications.",
        trials=counted(len(trials), "{n} trial", "{n} trials"),
        best=grouped(len(best)),
    )
    if best:
        caption += say(
            " Its ends: {first}; {last}.", first=_at(results, best[0]), last=_at(results, best[-1])
        )
    return finish(name, title, caption, figure, data={name: _trials_frame(results, trials)},
                  metrics=[*columns_of(first), *columns_of(second)])  # fmt: skip


@styled
def progress_of_search(results: SweepResults, metric: str) -> Drawing:
    """Draw the trials of a search in their order, and the best so far."""
    name, title = f"search_{metric}", say("Search for the best {metric}", metric=words_of(metric))
    trials = _trials(results, (metric,))
    if not trials:
        return nothing(name, title, say("no trial has values"))
    figure, (axes,) = new_figure(3.0)
    axis = axis_of(metric)
    feasible = [t for t in trials if t["is_feasible"]]
    others = [t for t in trials if not t["is_feasible"]]
    for group, marker, colour, label in (
        (feasible, "o", BLUE, say("feasible")), (others, "x", MUTED, say("breaks a requirement")),
    ):  # fmt: skip
        axes.plot([t["trial"] for t in group], [axis.factor * t[metric] for t in group], marker,
                  color=colour, ms=4.5, label=label)  # fmt: skip
    better = min if _wish(results, metric) == "low is good" else max
    so_far = [
        better(axis.factor * t[metric] for t in feasible[: k + 1]) for k in range(len(feasible))
    ]
    axes.step(
        [t["trial"] for t in feasible], so_far, where="post", color=GREEN, label=say("best so far")
    )
    axes.set_xlabel(say("trial"))
    axes.set_ylabel(f"{axis.label} ({say(_wish(results, metric))})")
    plain_axis(axes.xaxis)
    plain_axis(axes.yaxis)
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3, borderaxespad=0.2)
    caption = say(
        "{trials} with values, {feasible} feasible. A line that is still moving at the end asks "
        "for more trials.",
        trials=counted(len(trials), "{n} trial", "{n} trials"),
        feasible=grouped(len(feasible)),
    )
    if feasible:
        best = better(feasible, key=lambda t: float(t[metric]))
        caption += say(
            " Best: {value} at {settings}.",
            value=number_text(metric, best[metric]),
            settings=_at(results, best),
        )
    return finish(name, title, caption, figure, data={name: _trials_frame(results, trials)},
                  metrics=columns_of(metric))  # fmt: skip


def _trials_frame(results: SweepResults, trials: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Give trials with their settings."""
    frame = pl.DataFrame(list(trials), infer_schema_length=None)
    return frame.join(results.settings, on="point", how="left")


def _trials(results: SweepResults, metrics: Sequence[str]) -> list[dict[str, Any]]:
    """Give the trials that have values, one row each with the metrics side by side."""
    frame = results.analyses.get("trials")
    if frame is None:
        return []
    known = frame.filter(pl.col("metric").is_in(list(metrics)) & pl.col("mean").is_not_null())
    if not known.height:
        return []
    keys = ["trial", "point", "is_feasible", "is_best"]
    first = known.unique([*keys, "metric"], keep="first", maintain_order=True)
    wide = first.pivot("metric", index=keys, values="mean").sort("trial")
    return wide.drop_nulls(list(metrics)).to_dicts()


def _wish(results: SweepResults, metric: str) -> str:
    """Say which end of a metric the search wants."""
    objectives = getattr(results.sweep.design, "objectives", ())
    wanted = {objective.metric: objective.direction for objective in objectives}
    return "high is good" if wanted.get(metric) == "maximise" else "low is good"


def _at(results: SweepResults, trial: Mapping[str, Any]) -> str:
    """Write the settings of a trial."""
    row = results.settings.filter(pl.col("point") == trial["point"]).to_dicts()
    if not row:
        return say("unknown settings")
    return listed(f"{results.label(n)} {parameter_text(row[0][n])}" for n in results.parameters)
