"""The stopping rule: are the intervals narrow enough, and if not, how far to go.

The headline numbers of replications 0 ... n - 1 and the configuration flow in, a `Decision` flows
out. The rule looks only when n is a whole number of batches above the minimum, and takes the first
such n at which all targets are met; replications beyond it do not count. So the number of
replications, and with it the result, does not depend on how many were simulated side by side, on
the order in which they finished or on how often the run was stopped.

Looking at the data to decide when to stop makes an interval cover less than its level: it stops
where the spread happens to look small. As the wanted half-width shrinks this vanishes (Chow and
Robbins 1965). What is left at moderate numbers is held down in two ways: no look before the
minimum, and a relative width g is asked for as g / (1 + g) of the estimate, which keeps the error
within g of the true value (Law 2015, section 9.4.1).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from sim.config import Config, Precision, Target
from sim.metrics.declared.replications import BOUNDS
from sim.metrics.estimation import estimate, replications_still_needed
from sim.metrics.means import Estimate
from sim.metrics.samples import sample_of

FEWEST_GROUPS = 10
"""Groups of dependent replications before the first look."""


@dataclass(frozen=True)
class TargetState:
    """One target at one look."""

    target: Target
    estimate: Estimate
    wanted: float | None
    """Half-width that meets the target; None without an estimate."""
    is_met: bool
    needed: int | None
    """Replications still needed, as the spread is now; None where that is not known."""

    @property
    def stated(self) -> Estimate:
        """The estimate with its interval cut at the bounds of the metric."""
        return self.estimate.within(BOUNDS[self.target.metric])


@dataclass(frozen=True)
class Decision:
    """What the stopping rule says."""

    n: int
    """Replications of the last look, 0 ... n - 1; 0 before the first one."""
    is_enough: bool
    """Whether the run ends with these n replications."""
    is_precise: bool
    """Whether all targets are met; a run may also end at its maximum."""
    next_look: int
    """Replications at which to look next; n where the run ends."""
    targets: tuple[TargetState, ...]
    """State of each target at the last look."""

    @property
    def likely_total(self) -> int | None:
        """Replications in all that the spread so far asks for; None where that is not known."""
        needed = [state.needed for state in self.targets]
        known = [number for number in needed if number is not None]
        return self.n + max(known) if known and len(known) == len(needed) else None


def looks(precision: Precision, group_size: int) -> Iterator[int]:
    """Give the numbers of replications at which the rule looks, the maximum last.

    Each is rounded up to whole groups of replications. Groups of more than one are looked at from
    `FEWEST_GROUPS` on, since the spread between a few groups looks small by luck too often.

    Examples
    --------
    >>> from sim.config import Target
    >>> target = Target(metric="profit_yen", relative=0.1)
    >>> rule = Precision(targets=(target,), minimum=10, batch=20, maximum=75)
    >>> list(looks(rule, 1)), list(looks(rule, 4))
    ([10, 30, 50, 70, 75], [40, 60, 76])
    """

    def whole(n: int) -> int:
        return -(-n // group_size) * group_size

    n, last = precision.minimum, 0
    if group_size > 1:
        n = max(n, FEWEST_GROUPS * group_size)
    while n < precision.maximum:
        if whole(n) > last:
            last = whole(n)
            yield last
        n += precision.batch
    if whole(precision.maximum) > last:
        yield whole(precision.maximum)


def decide(replications: pl.DataFrame, config: Config, *, after: int = 0) -> Decision:
    """Apply the stopping rule to what is there.

    Parameters
    ----------
    replications
        The metric table `replications`; rows in any order, numbers from 0 without gap count.
    config
        The run, with its section `experiment.precision`.
    after
        Looks up to so many replications are known not to have ended the run and are left out; below
        the maximum.

    Returns
    -------
    Decision
        Of the first look at which the run ends; otherwise of the last one that the replications
        allow, with the number to simulate next.

    Raises
    ------
    ValueError
        If the configuration has no stopping rule.
    """
    precision = config.experiment.precision
    if precision is None:
        raise ValueError("the configuration has no section experiment.precision")
    frame = replications.sort("replication")
    there = _without_gap(frame["replication"].to_list())
    states: tuple[TargetState, ...] = ()
    seen = 0
    for n in looks(precision, config.macro.sampling.group_size):
        if n <= after:
            continue
        if n > there:
            return Decision(seen, False, False, n, states)
        seen, states = n, _states(frame.head(n), precision, config)
        if all(state.is_met for state in states):
            return Decision(n, True, True, n, states)
    return Decision(seen, True, False, seen, states)


def confidence_of(config: Config) -> float:
    """Give the level of the intervals that the stopping rule looks at."""
    precision = config.experiment.precision
    own = precision.confidence if precision is not None else None
    return own or config.experiment.confidence


def table(decision: Decision) -> pl.DataFrame:
    """List the targets with their intervals, one row each."""
    rows = [
        {
            "metric": state.target.metric,
            "statistic": state.target.statistic,
            "n": decision.n,
            "value": state.estimate.value,
            "lower": state.stated.lower,
            "upper": state.stated.upper,
            "half_width": state.estimate.half_width,
            "wanted_half_width": state.wanted,
            "is_met": state.is_met,
            "replications_needed": state.needed,
        }
        for state in decision.targets
    ]
    return pl.DataFrame(rows, schema=TABLE)


TABLE: dict[str, type[pl.DataType]] = {
    "metric": pl.String,
    "statistic": pl.String,
    "n": pl.Int64,
    "value": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "half_width": pl.Float64,
    "wanted_half_width": pl.Float64,
    "is_met": pl.Boolean,
    "replications_needed": pl.Int64,
}
"""Columns of `table`."""


def _states(frame: pl.DataFrame, precision: Precision, config: Config) -> tuple[TargetState, ...]:
    """Look at every target."""
    return tuple(_state(frame, target, config) for target in precision.targets)


def _state(frame: pl.DataFrame, target: Target, config: Config) -> TargetState:
    """Look at one target."""
    confidence = confidence_of(config)
    found = estimate(
        sample_of(frame, target.metric, config),
        target.statistic,
        tail=config.experiment.tail,
        confidence=confidence,
        seed=config.seed,
    )
    wanted = _wanted(target, found)
    if wanted is None or found.half_width is None:
        return TargetState(target, found, wanted, False, None)
    is_met = found.half_width <= wanted
    needed = 0 if is_met else replications_still_needed(found, wanted, confidence)
    return TargetState(target, found, wanted, is_met, needed)


def _wanted(target: Target, found: Estimate) -> float | None:
    """Give the half-width that meets a target."""
    if target.absolute is not None:
        return target.absolute
    if target.relative is None or found.value is None:
        return None
    return target.relative / (1.0 + target.relative) * abs(found.value)


def _without_gap(numbers: list[int]) -> int:
    """Count the numbers 0, 1, 2, ... up to the first gap."""
    return next((place for place, number in enumerate(numbers) if number != place), len(numbers))
