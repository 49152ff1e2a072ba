"""Which figures a sweep has, by the kind of its design."""

from collections.abc import Iterator

from sim.experiment.design.kinds import (
    LatinHypercube,
    Morris,
    OneAtATime,
    Optimisation,
    SobolIndices,
    SobolPoints,
)
from sim.report.style import Drawing
from sim.report.sweeps.figures_of_points import cloud, heat_map, response, trade_off
from sim.report.sweeps.figures_of_sensitivity import (
    pareto_front,
    progress_of_search,
    screening,
    tornado,
    variance_shares,
)
from sim.report.sweeps.source import SweepResults

MOST_METRICS = 8
"""Metrics that are drawn; the tables have all."""

MOST_CROSSED = 2
"""Parameters of a grid that curves can show; points of more are drawn as clouds."""


def themes_of(results: SweepResults) -> dict[str, list[Drawing]]:
    """Draw all figures of a sweep.

    Returns
    -------
    dict
        Figures by the heading they stand under, in the order of the report.
    """
    metrics = results.sweep.metrics[:MOST_METRICS]
    match results.sweep.design:
        case OneAtATime():
            return {"What moves the result": [tornado(results, metric) for metric in metrics]}
        case Morris():
            return {"What matters": [screening(results, metric) for metric in metrics]}
        case SobolIndices():
            shares = [variance_shares(results, metric) for metric in metrics]
            clouds = [cloud(results, metric) for metric in metrics]
            return {"Shares of variance": shares, "All points": clouds}
        case Optimisation():
            return {"Search": list(_search(results, results.sweep.design))}
        case LatinHypercube() | SobolPoints():
            return {"All points": [cloud(results, metric) for metric in metrics]}
    return _grid(results, metrics)


def _search(results: SweepResults, design: Optimisation) -> Iterator[Drawing]:
    """Draw the front of the first two objectives, and the way to each of them."""
    names = [objective.metric for objective in design.objectives]
    if len(names) > 1:
        yield pareto_front(results, names[0], names[1])
    for name in names:
        yield progress_of_search(results, name)


def _grid(results: SweepResults, metrics: tuple[str, ...]) -> dict[str, list[Drawing]]:
    """Draw curves; for two parameters heat maps too; the first metrics against each other."""
    if results.sweep.design.kind == "grid" and len(results.parameters) > MOST_CROSSED:
        return {"All points": [cloud(results, metric) for metric in metrics]}
    themes = {"Response": [response(results, metric) for metric in metrics]}
    if len(results.parameters) == 2 and results.sweep.design.kind == "grid":
        themes["Both parameters"] = [heat_map(results, metric) for metric in metrics]
    if len(metrics) > 1:
        others = metrics[1:3]
        themes["Trade-off"] = [trade_off(results, other, metrics[0]) for other in others]
    return themes
