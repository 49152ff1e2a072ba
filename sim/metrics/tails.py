"""Value at risk and expected shortfall, whatever the way in which replications were sampled.

A `Sample` flows in, an `Estimate` flows out. With independent replications the value at risk is an
order statistic with its exact binomial interval.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import Floats
from sim.metrics import statistics
from sim.metrics.bootstrap import studentised_interval
from sim.metrics.means import Estimate, estimated, mean_estimate, nothing
from sim.metrics.samples import Sample
from sim.metrics.statistics import Interval

TAIL_VALUES = 10
"""Values beyond the value at risk from which the expected shortfall gets an interval."""
FEWEST_GROUPS = 20
"""Groups of dependent replications from which a quantile gets an interval; 10 cover too little."""


def quantile_estimate(sample: Sample, level: float, confidence: float) -> Estimate:
    """Estimate a quantile; control variates are not used.

    Notes
    -----
    Plain replications: an order statistic with the exact binomial interval. Otherwise the smallest
    value that a weighted share of at most 1 - level exceeds, and the interval of Woodruff (1952):
    the quantiles at the ends of the interval of that share. Chu and Nakayama (2012) show that this
    holds for importance sampling, stratification and antithetic pairs.
    """
    if not sample.values:
        return nothing(sample, "no replication has a value")
    n = len(sample.values)
    if sample.is_plain:
        value = statistics.quantile(sample.values, level)
        exact = statistics.quantile_interval(sample.values, level, confidence)
        least = statistics.sample_for_quantile_interval(level, confidence)
        found = estimated(sample, value, exact, 1.0)
        return found if exact else replace(found, reason=f"{n} values; the interval needs {least}")
    tail = Tail.of(sample)
    at_level = tail.value_exceeded_by(1.0 - level)
    if at_level is None:
        return nothing(sample, f"the weights of {n} values add up to less than {1.0 - level:.4g}")
    # The value itself counts: left out, a heavy weight on it would not show in the spread.
    shares = sample.group_means([float(x >= at_level) for x in sample.values])
    deviation = statistics.standard_deviation(shares)
    if sample.n_groups < FEWEST_GROUPS:
        reason = f"{sample.n_groups} groups; the interval needs {FEWEST_GROUPS}"
        return nothing(sample, reason, at_level)
    if not deviation:
        return nothing(sample, "no spread beyond the quantile", at_level)
    speed_up = level * (1.0 - level) / (sample.group_size * deviation**2)
    n_groups = sample.n_groups
    half = statistics.student_factor(n_groups, confidence) * deviation / math.sqrt(n_groups)
    lower, upper = (tail.value_exceeded_by(1.0 - level + sign * half) for sign in (1.0, -1.0))
    interval = Interval(lower, upper) if lower is not None and upper is not None else None
    return estimated(sample, at_level, interval, speed_up, "too few values beyond the quantile")


def shortfall_estimate(sample: Sample, level: float, confidence: float, seed: int) -> Estimate:
    """Estimate the expected shortfall; control variates are not used.

    Notes
    -----
    q + E[(L - q)+] / (1 - level) at the estimated quantile q (Rockafellar and Uryasev 2000), the
    weighted mean of the worst outcomes of total probability 1 - level. The interval is the
    studentised bootstrap over groups (`sim.metrics.bootstrap`).
    """
    if not sample.values:
        return nothing(sample, "no replication has a value")
    at_risk = quantile_estimate(sample, level, confidence).value
    if at_risk is None:
        return nothing(sample, "no value at risk to start from")
    if sample.is_plain:
        value = statistics.expected_shortfall(sample.values, level)
    else:
        value = Tail.of(sample).mean_of_worst(1.0 - level)
    n_beyond = sum(x > at_risk for x in sample.values)
    if n_beyond < TAIL_VALUES or sample.n_groups < FEWEST_GROUPS:
        reason = (
            f"{n_beyond} of {len(sample.values)} values in {sample.n_groups} groups are beyond "
        )
        reason += f"the value at risk; the interval needs {TAIL_VALUES}, and {FEWEST_GROUPS} groups"
        return nothing(sample, reason, value)
    interval = studentised_interval(
        np.array(sample.values),
        None if sample.weights is None else np.array(sample.weights),
        sample.group_size,
        1.0 - level,
        confidence,
        seed,
    )
    return estimated(sample, value, interval, _shortfall_speed_up(sample, at_risk), "no spread")


@dataclass(frozen=True)
class Tail:
    """The weighted empirical law of a sample, seen from its largest value."""

    values: Floats  # falling
    shares: Floats  # probability of each
    reached: Floats  # cumulative probability, each value included

    @classmethod
    def of(cls, sample: Sample) -> "Tail":
        """Sort a sample."""
        values = np.array(sample.values)
        order = np.argsort(-values, kind="stable")
        weights = np.ones(len(values)) if sample.weights is None else np.array(sample.weights)
        shares = weights[order] / len(values)
        return cls(values[order], shares, np.cumsum(shares))

    def value_exceeded_by(self, probability: float) -> float | None:
        """Give the smallest value that is exceeded with at most a probability."""
        # One part in 10^12 above keeps sums of equal shares from falling short by rounding.
        beyond = int(np.searchsorted(self.reached, probability * (1.0 + 1e-12), side="right"))
        if probability <= 0.0 or beyond >= self.values.size:
            return None
        return float(self.values[beyond])

    def mean_of_worst(self, probability: float) -> float:
        """Give the mean of the worst values of a total probability."""
        before = self.reached - self.shares
        taken = np.clip(probability - before, 0.0, self.shares)
        return math.fsum((taken * self.values).tolist()) / probability


def _shortfall_speed_up(sample: Sample, at_risk: float) -> float | None:
    """Compare the variance of the mean excess with that of plain replications."""
    if sample.is_plain:
        return 1.0
    excess = tuple(max(x - at_risk, 0.0) for x in sample.values)
    return mean_estimate(replace(sample, values=excess, controls=None), 0.95).speed_up
