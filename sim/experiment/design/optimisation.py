"""Search the settings whose metrics are best, by Optuna, on common random numbers.

Batches of settings are proposed, evaluated like the points of any sweep, and told to the search.
Nothing of the search is stored: started again with the same sweep it proposes the same settings
in the same order, and an `evaluate` that keeps results answers the known ones at once. So a
stopped search continues where it was, and its course depends on the seed and the batch size only.
"""

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import polars as pl

from models.errors import InputError
from sim.experiment.design import tables
from sim.experiment.design.designs import Row, axes_of
from sim.experiment.design.kinds import Objective, Optimisation
from sim.experiment.design.responses import responses, tidy
from sim.experiment.design.searching import search_of
from sim.experiment.design.sweep import Sweep
from sim.experiment.design.trials import Estimate, Trial, front, violation
from sim.experiment.sweeps.point import Point
from sim.metrics.declared.replications import BOUNDS
from sim.metrics.statistics import mean, student_interval

Evaluate: TypeAlias = Callable[[Sequence[Point]], Sequence[pl.DataFrame | None]]
"""Evaluates points: for each its `replications` table, None where it failed."""


@dataclass(frozen=True)
class Optimum:
    """What a search found."""

    trials: pl.DataFrame = field(repr=False)
    """The table `trials`: every proposal, its metrics, whether it is feasible, and best."""
    points: tuple[Point, ...] = field(repr=False)
    """The points evaluated, by number."""
    table: pl.DataFrame = field(repr=False)
    """Their results: columns `point`, `replication`, `metric`, `value`."""
    best: tuple[Point, ...]
    """The feasible points that no other beats in all objectives; one unless objectives conflict."""


def optimise(sweep: Sweep, evaluate: Evaluate) -> Optimum:
    """Search the best settings.

    Parameters
    ----------
    sweep
        A sweep whose design is an optimisation.
    evaluate
        Gives the `replications` table of each point, None for one that failed.

    Raises
    ------
    InputError
        If the design is another one, or Optuna is not installed.
    """
    design = sweep.design
    if not isinstance(design, Optimisation):
        raise InputError(f"{sweep.name}: the design {design.kind}; allowed: optimisation")
    search = search_of(design, sweep.base.seed)
    run = _Run(sweep, design, evaluate)
    trials: list[Trial] = []
    for batch in itertools.count():
        count = min(design.batch, design.trials - len(trials))
        if not (proposals := search.ask(count) if count else []):
            break
        told = run.batch(batch, proposals)
        search.tell(told)
        trials += told
    best = _best(trials, design.objectives)
    numbers = sorted({t.point for k, t in enumerate(trials) if k in best and t.point is not None})
    points = tuple(run.points.values())
    return Optimum(
        tables.frame_of(tables.TRIALS, _rows(trials, best, design)),
        points,
        tidy(run.frames),
        tuple(points[number] for number in numbers),
    )


class _Run:
    """Evaluates proposals, each different one once."""

    def __init__(self, sweep: Sweep, design: Optimisation, evaluate: Evaluate) -> None:
        self.plan = sweep.plan()
        self.design = design
        self.confidence = sweep.base.experiment.confidence
        self.group_size = sweep.group_size
        self.evaluate = evaluate
        self.axes = axes_of(design.parameters)
        self.points: dict[str, Point] = {}
        self.frames: dict[int, pl.DataFrame | None] = {}

    def batch(self, number: int, proposals: Sequence[tuple[int, ...]]) -> list[Trial]:
        """Evaluate proposals together."""
        points = [self._point(levels) for levels in proposals]
        different = {point.number: point for point in points if point is not None}
        new = [point for n, point in different.items() if n not in self.frames]
        if new:
            frames = self.evaluate(new)
            self.frames |= {p.number: frame for p, frame in zip(new, frames, strict=True)}
        return [self._trial(number, point) for point in points]

    def _point(self, levels: Sequence[int]) -> Point | None:
        """Build the point of a proposal, None if it breaks a constraint on the settings."""
        row: Row = {
            name: axis.level(k) for (name, axis), k in zip(self.axes.items(), levels, strict=True)
        }
        settings = self.plan.settings(row)
        if not self.plan.allows(settings):
            return None
        key = json.dumps(settings, sort_keys=True)
        if key not in self.points:
            self.points[key] = self.plan.point(len(self.points), settings)
        return self.points[key]

    def _trial(self, batch: int, point: Point | None) -> Trial:
        """Give the outcome of a proposal."""
        if point is None:
            return Trial(batch, None)
        frame = self.frames[point.number]
        wanted = [objective.metric for objective in self.design.objectives]
        wanted += [requirement.metric for requirement in self.design.requirements]
        found = [None if frame is None else self._estimate(frame, metric) for metric in wanted]
        estimates = tuple(estimate for estimate in found if estimate is not None)
        if len(estimates) < len(wanted):
            return Trial(batch, point.number)
        limited = estimates[len(self.design.objectives) :]
        pairs = zip(self.design.requirements, limited, strict=True)
        return Trial(batch, point.number, estimates, tuple(violation(r, e) for r, e in pairs))

    def _estimate(self, frame: pl.DataFrame, metric: str) -> Estimate | None:
        """Give the mean of a metric, None if no replication has a value."""
        found = responses(tidy({0: frame}), metric, self.group_size)
        values = list(found.get(0, {}).values())
        if not values:
            return None
        value, interval = mean(values), student_interval(values, self.confidence)
        ends = interval.within(BOUNDS[metric], value) if interval else (None, None)
        return Estimate(metric, value, *ends)


def _best(trials: Sequence[Trial], objectives: Sequence[Objective]) -> set[int]:
    """Give the numbers of the feasible trials on the Pareto front."""
    feasible = [k for k, trial in enumerate(trials) if trial.is_feasible]
    signs = [1.0 if objective.direction == "minimise" else -1.0 for objective in objectives]
    losses = [
        [sign * estimate.mean for sign, estimate in zip(signs, trials[k].estimates, strict=False)]
        for k in feasible
    ]
    return {feasible[k] for k in front(losses)}


def _rows(
    trials: Sequence[Trial], best: set[int], design: Optimisation
) -> Iterator[dict[str, object]]:
    """Give the rows of the table of trials."""
    none = (0.0,) * len(design.objectives)
    for k, trial in enumerate(trials):
        known = {"trial": k, "batch": trial.batch, "point": trial.point}
        flags = {"is_feasible": trial.is_feasible, "is_best": k in best}
        if not trial.estimates:
            yield {**known, **flags, "metric": design.objectives[0].metric}
        for estimate, beyond in zip(trial.estimates, (*none, *trial.violations), strict=False):
            yield {
                **known,
                "metric": estimate.metric,
                "mean": estimate.mean,
                "lower": estimate.lower,
                "upper": estimate.upper,
                "violation": beyond,
                **flags,
            }
