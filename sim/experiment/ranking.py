"""Which of many policies is best, with a stated probability of being right.

The same metric of runs under common random numbers flows in, a `Selection` flows out. The
procedure is KN of Kim and Nelson (2001): after a first stage it adds one replication of all
survivors at a time and drops a policy as soon as another is ahead by more than their difference can
vary. It needs the variance of differences only, so it holds for whatever dependence common random
numbers bring, and gains from it.

References
----------
.. [1] S.-H. Kim, B. L. Nelson, "A fully sequential procedure for indifference-zone selection in
   simulation", ACM Transactions on Modeling and Computer Simulation 11 (2001), 251-273.
   DOI 10.1145/502109.502111
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import Floats
from models.errors import InputError
from sim.experiment.pairing import Comparable, check_comparable, load_named, paired
from sim.metrics.declared.replications import METRICS

FIRST_STAGE = 20
"""Replications, or groups of them, from which the variances of differences are estimated."""


@dataclass(frozen=True)
class Selection:
    """What the procedure found in the replications that there are."""

    best: str
    """The policy selected; the leader of the survivors while `is_decided` is False."""
    is_decided: bool
    """Whether the statement of probability holds."""
    survivors: tuple[str, ...]
    """Policies not yet dropped, the leader first."""
    eliminated: dict[str, int]
    """Observations of each dropped policy at the moment it was dropped, in that order."""
    used: int
    """Observations of each survivor that were looked at."""
    at_most_needed: int
    """Further observations that decide in any case; 0 once decided."""
    group_size: int
    """Replications in one observation."""
    probability: float
    """Least probability that the best is selected if it leads by the indifference at least."""
    indifference: float
    """Smallest difference worth detecting."""


def select_best(
    observations: Mapping[str, Sequence[float]],
    *,
    indifference: float,
    probability: float = 0.95,
    first_stage: int = FIRST_STAGE,
    group_size: int = 1,
) -> Selection:
    """Select the policy with the largest mean.

    Parameters
    ----------
    observations
        By policy one number a replication; number r of each comes from the same random numbers.
    indifference
        Smallest difference worth detecting, above 0.
    probability
        Least probability of a correct selection.
    first_stage
        Observations before the first comparison, at least 2.
    group_size
        Replications in one observation; for the record only.

    Returns
    -------
    Selection
        The numbers that come after the decision are not looked at.

    Raises
    ------
    InputError
        If there are fewer than two policies or too few observations, or if they differ in number.

    Notes
    -----
    With k policies, n0 first observations, eta = ((2 alpha / (k - 1))^(-2 / (n0 - 1)) - 1) / 2,
    h^2 = 2 eta (n0 - 1) and S_il^2 the variance of the first-stage differences of i and l, policy i
    survives r observations if its mean is at least that of each survivor l less
    W_il(r) = max(0, delta / (2 r) (h^2 S_il^2 / delta^2 - r)). At r above every
    h^2 S_il^2 / delta^2 all W are 0 and one policy is left [1]_ (c = 1; theorem 1).
    """
    names, data = _checked(observations, indifference, probability, first_stage)
    n = data.shape[1]
    limits = _limits(data[:, :first_stage], indifference, probability)
    alive = list(range(len(names)))
    eliminated: dict[str, int] = {}
    r = first_stage
    sums = np.array([math.fsum(row) for row in data[:, :r].tolist()])
    while True:
        means = sums / r
        alive, dropped = _screened(alive, means, limits, r, indifference)
        eliminated |= {names[policy]: r for policy in dropped}
        last = math.floor(max((limits[i, j] for i in alive for j in alive if i != j), default=0.0))
        is_decided = len(alive) == 1 or r > last
        if is_decided or r == n:
            break
        sums += data[:, r]
        r += 1
    order = sorted(alive, key=lambda policy: -means[policy])
    return Selection(
        best=names[order[0]],
        is_decided=is_decided,
        survivors=tuple(names[policy] for policy in order),
        eliminated=eliminated,
        used=r,
        at_most_needed=0 if is_decided else last + 1 - r,
        group_size=group_size,
        probability=probability,
        indifference=indifference,
    )


def select(
    results: Sequence[Comparable] | Mapping[str, Comparable],
    metric: str,
    *,
    indifference: float,
    smallest: bool = False,
    probability: float = 0.95,
    first_stage: int = FIRST_STAGE,
) -> Selection:
    """Select the run with the best mean of a metric under common random numbers.

    Parameters
    ----------
    results
        Two or more finished results, or their directories, perhaps by name.
    metric
        Column of the metric table `replications`.
    indifference
        Smallest difference worth detecting, in units of the metric.
    smallest
        Whether the smallest mean is the best.
    probability, first_stage
        As in `select_best`.

    Raises
    ------
    InputError
        If the results cannot be compared, or an argument cannot be used.
    """
    if metric not in METRICS:
        raise InputError(f"metric: got {metric!r}; allowed: one of {', '.join(METRICS)}")
    named = load_named(results)
    check_comparable(named)
    first = next(iter(named.values()))
    sign = -1.0 if smallest else 1.0
    observations = {}
    for name, result in named.items():
        sample, _ = paired(result, first, metric)
        observations[name] = [sign * x for x in sample.group_means(sample.values)]
    return select_best(
        observations,
        indifference=indifference,
        probability=probability,
        first_stage=first_stage,
        group_size=first.config.macro.sampling.group_size,
    )


def _checked(
    observations: Mapping[str, Sequence[float]],
    indifference: float,
    probability: float,
    first_stage: int,
) -> tuple[list[str], Floats]:
    """Return names and numbers, shape (policies, observations)."""
    if len(observations) < 2:
        raise InputError(f"policies: got {len(observations)}; allowed: two or more")
    if not indifference > 0.0:
        raise InputError(f"indifference: got {indifference}; allowed: above 0")
    least = 1.0 / len(observations)
    if not least < probability < 1.0:
        raise InputError(
            f"probability: got {probability}; allowed: above {least:.4g} (a guess) and below 1"
        )
    if first_stage < 2:
        raise InputError(f"first_stage: got {first_stage}; allowed: at least 2")
    lengths = {name: len(numbers) for name, numbers in observations.items()}
    if len(set(lengths.values())) > 1:
        raise InputError(
            f"policies have values in different numbers of replications: {lengths}; choose a "
            "metric that all of them have"
        )
    n = next(iter(lengths.values()))
    if n < first_stage:
        raise InputError(
            f"{n} independent observations of each policy; the first stage needs {first_stage}"
        )
    return list(observations), np.array([list(row) for row in observations.values()], dtype=float)


def _limits(first: Floats, indifference: float, probability: float) -> Floats:
    """Give h^2 S_il^2 / delta^2 of every pair of policies."""
    k, n0 = first.shape
    eta = 0.5 * ((2.0 * (1.0 - probability) / (k - 1)) ** (-2.0 / (n0 - 1)) - 1.0)
    h2 = 2.0 * eta * (n0 - 1)
    limits = np.zeros((k, k))
    for i in range(k):
        for j in range(i):
            gaps = first[i] - first[j]
            centre = math.fsum(gaps.tolist()) / n0
            variance = math.fsum(((gaps - centre) ** 2).tolist()) / (n0 - 1)
            limits[i, j] = limits[j, i] = h2 * variance / indifference**2
    return limits


def _screened(
    alive: list[int], means: Floats, limits: Floats, r: int, indifference: float
) -> tuple[list[int], list[int]]:
    """Part the policies that survive from those that fall behind."""

    def margin(i: int, j: int) -> float:
        return max(0.0, indifference / (2.0 * r) * (float(limits[i, j]) - r))

    stays = [i for i in alive if all(means[i] >= means[j] - margin(i, j) for j in alive if j != i)]
    return stays, [i for i in alive if i not in stays]
