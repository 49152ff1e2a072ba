"""The trials of a search: what was proposed, what it gave, which are feasible and best."""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.experiment.design.kinds import Requirement


@dataclass(frozen=True)
class Estimate:
    """The mean of a metric over replications; ends are None below two."""

    metric: str
    mean: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Trial:
    """One proposal; `estimates` and `violations` are empty if it was not evaluated or failed."""

    batch: int
    point: int | None
    estimates: tuple[Estimate, ...] = ()
    violations: tuple[float, ...] = ()

    @property
    def is_feasible(self) -> bool:
        """Whether it has values and keeps all limits."""
        return bool(self.estimates) and not any(self.violations)


def violation(requirement: Requirement, estimate: Estimate) -> float:
    """Give how far an estimate is beyond its limit, 0 within.

    Examples
    --------
    >>> limit = Requirement(metric="approval_rate", at_least=0.5)
    >>> violation(limit, Estimate("approval_rate", 0.25, None, None))
    0.25
    """
    low = high = estimate.mean
    if requirement.with_confidence and estimate.lower is not None and estimate.upper is not None:
        low, high = estimate.lower, estimate.upper
    below = 0.0 if requirement.at_least is None else requirement.at_least - low
    above = 0.0 if requirement.at_most is None else high - requirement.at_most
    return max(below, above, 0.0)


def front(losses: Sequence[Sequence[float]]) -> list[int]:
    """Give the numbers of the vectors that no other beats or equals in all and beats in one.

    Examples
    --------
    >>> front([(1, 3), (2, 2), (3, 1), (3, 3), (2, 2)])
    [0, 1, 2, 4]
    """

    def beats(other: Sequence[float], one: Sequence[float]) -> bool:
        no_worse = all(a <= b for a, b in zip(other, one, strict=True))
        return no_worse and any(a < b for a, b in zip(other, one, strict=True))

    return [k for k, one in enumerate(losses) if not any(beats(other, one) for other in losses)]
