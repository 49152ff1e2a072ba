"""Ways to propose the next settings: every combination in turn, or a sampler of Optuna.

Settings are proposed as numbers of levels, so that no last bit of a proposal reaches a setting.
Optuna is an extra (``tsuke[experiments]``): it is imported when a search needs it.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, Protocol

from sim.experiment.design.axes import Axis, Choices
from sim.experiment.design.designs import axes_of
from sim.experiment.design.kinds import Optimisation
from sim.experiment.design.sampling import missing
from sim.experiment.design.trials import Trial

if TYPE_CHECKING:
    import optuna
    from optuna.samplers import BaseSampler

SEEDS = 2**32
"""Number of seeds that Optuna's samplers know."""


LEAST_POPULATION = 8
"""Trials of a generation of the genetic sampler, at least."""
_DIRECTIONS: Mapping[str, Literal["minimize", "maximize"]] = {
    "minimise": "minimize",
    "maximise": "maximize",
}
"""What Optuna calls ours."""


class Search(Protocol):
    """Proposes levels and learns from what they gave."""

    def ask(self, count: int) -> list[tuple[int, ...]]:
        """Propose the levels of the next trials."""
        ...

    def tell(self, trials: Sequence[Trial]) -> None:
        """Learn the outcome of the trials asked for last, in their order."""
        ...


def search_of(design: Optimisation, seed: int) -> Search:
    """Choose the way of searching."""
    axes = axes_of(design.parameters)
    return _Enumeration(axes.values()) if design.sampler == "grid" else _Optuna(design, axes, seed)


class _Enumeration:
    """Proposes every combination of levels, the last parameter fastest."""

    def __init__(self, axes: Iterable[Axis]) -> None:
        self.left = itertools.product(*(range(axis.n_levels) for axis in axes))

    def ask(self, count: int) -> list[tuple[int, ...]]:
        """Propose the next combinations; none when all were proposed."""
        return list(itertools.islice(self.left, count))

    def tell(self, trials: Sequence[Trial]) -> None:
        """Learn nothing."""


class _Optuna:
    """Proposes by a sampler of Optuna, in memory."""

    def __init__(self, design: Optimisation, axes: dict[str, Axis], seed: int) -> None:
        try:
            import optuna
        except ImportError as error:
            raise missing("optuna", "an optimisation") from error
        verbosity = optuna.logging.get_verbosity()
        optuna.logging.set_verbosity(optuna.logging.WARNING)  # no line for each study and trial
        self.study = optuna.create_study(
            sampler=_sampler(design, seed),
            directions=[_DIRECTIONS[objective.direction] for objective in design.objectives],
        )
        optuna.logging.set_verbosity(verbosity)
        self.failed = optuna.trial.TrialState.FAIL
        self.axes = axes
        self.n_objectives = len(design.objectives)
        self.asked: list[optuna.Trial] = []

    def ask(self, count: int) -> list[tuple[int, ...]]:
        """Propose the levels of the next trials."""
        self.asked = [self.study.ask() for _ in range(count)]
        return [
            tuple(_suggest(trial, name, axis) for name, axis in self.axes.items())
            for trial in self.asked
        ]

    def tell(self, trials: Sequence[Trial]) -> None:
        """Tell the study what the trials gave."""
        for asked, trial in zip(self.asked, trials, strict=True):
            if not trial.estimates:
                self.study.tell(asked, state=self.failed)
                continue
            for k, beyond in enumerate(trial.violations):
                asked.set_constraint(str(k), beyond)
            means = [estimate.mean for estimate in trial.estimates[: self.n_objectives]]
            self.study.tell(asked, means)


def _suggest(trial: "optuna.Trial", name: str, axis: Axis) -> int:
    """Ask for the level of one parameter; numbers have an order, other choices have none."""
    last = axis.n_levels - 1
    if isinstance(axis, Choices) and not all(_is_number(value) for value in axis.values):
        return int(trial.suggest_categorical(name, list(range(last + 1))))
    return trial.suggest_int(name, 0, last)


def _is_number(value: object) -> bool:
    """Tell whether a choice is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _sampler(design: Optimisation, seed: int) -> "BaseSampler":
    """Make the sampler with its seed."""
    from optuna import samplers

    own = seed % SEEDS
    match design.sampler:
        case "random":
            return samplers.RandomSampler(seed=own)
        case "nsga2":
            return samplers.NSGAIISampler(
                population_size=max(design.batch, LEAST_POPULATION), seed=own
            )
        case "gp":
            if find_spec("torch") is None:
                raise missing("torch", "the sampler gp")
            return samplers.GPSampler(seed=own)
    return samplers.TPESampler(seed=own, constant_liar=True)
