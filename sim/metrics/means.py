"""The mean over replications, whatever the way in which these were sampled.

A `Sample` flows in, an `Estimate` flows out: value, interval, and what the sampling was worth. With
independent replications and no control variate it is the mean with its Student interval.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sim.metrics import statistics
from sim.metrics.samples import Sample
from sim.metrics.statistics import Interval

FEWEST_GROUPS_FOR_CONTROL = 10
"""Groups from which a control variate is used; below, its coefficient costs more than it gains."""


@dataclass(frozen=True)
class Estimate:
    """One estimated number."""

    value: float | None
    lower: float | None
    upper: float | None
    n: int
    """Replications behind it."""
    n_groups: int
    """Independent groups behind it."""
    effective_sample_size: float | None
    """Plain, independent replications whose estimate would have the same variance."""
    speed_up: float | None
    """`effective_sample_size` over `n`."""
    reason: str | None = None
    """Why there is no value or no interval."""

    @property
    def half_width(self) -> float | None:
        """The longer arm of the interval."""
        if self.value is None or self.lower is None or self.upper is None:
            return None
        return max(self.value - self.lower, self.upper - self.value)

    def within(self, bounds: tuple[float, float]) -> "Estimate":
        """Cut the interval at the bounds of what is estimated; to show it, not to plan with it."""
        if self.value is None or self.lower is None or self.upper is None:
            return self
        lower, upper = Interval(self.lower, self.upper).within(bounds, self.value)
        return replace(self, lower=lower, upper=upper)


def mean_estimate(sample: Sample, confidence: float) -> Estimate:
    """Estimate the mean.

    Notes
    -----
    The mean of the group means, with their Student interval; a control variate is first taken out
    of them by `controlled`.
    """
    if not sample.values:
        return nothing(sample, "no replication has a value")
    means = sample.group_means(sample.values)
    if sample.controls is not None and len(means) >= FEWEST_GROUPS_FOR_CONTROL:
        means = controlled(means, sample.group_means(sample.controls))
    value, deviation = statistics.mean(means), statistics.standard_deviation(means)
    interval = statistics.student_interval(means, confidence)
    if deviation is None or interval is None:
        return nothing(sample, "one group has no spread: 2 or more are needed", value)
    plain = sample.plain_variance()
    speed_up = 1.0 if sample.is_plain and sample.controls is None else None
    if speed_up is None and plain is not None and deviation > 0.0:
        speed_up = plain / (sample.group_size * deviation**2)
    return estimated(sample, value, interval, speed_up)


def controlled(means: Sequence[float], controls: Sequence[float]) -> list[float]:
    """Subtract from each mean its control times a coefficient estimated from all the others.

    Parameters
    ----------
    means
        One number a group.
    controls
        Control variate of each group, of expectation 0.

    Returns
    -------
    list of float
        Numbers with the expectation of the means.

    Notes
    -----
    A coefficient fitted to the same group would bias the mean by order 1 / n (Lavenberg and Welch
    1981); one that does not know the group leaves it unbiased for any law (splitting: Nelson 1990;
    Avramidis and Wilson 1993). The sums without one group are the sums less its share.

    Examples
    --------
    >>> controlled([1.0, 3.0, 5.0, 3.0], [-1.0, 0.0, 1.0, 0.0])
    [3.0, 3.0, 3.0, 3.0]
    """
    n = len(means)
    y_mean, c_mean = statistics.mean(means), statistics.mean(controls)
    ys, cs = [y - y_mean for y in means], [c - c_mean for c in controls]
    products = math.fsum(y * c for y, c in zip(ys, cs, strict=True))
    squares = math.fsum(c * c for c in cs)
    # Leaving out one of n removes n / (n - 1) times its product of deviations from the mean of all.
    share = n / (n - 1)
    result = []
    for mean, control, y, c in zip(means, controls, ys, cs, strict=True):
        rest = squares - share * c * c
        slope = (products - share * y * c) / rest if rest > 0.0 else 0.0
        result.append(mean - slope * control)
    return result


def estimated(
    sample: Sample,
    value: float,
    interval: Interval | None,
    speed_up: float | None,
    reason: str | None = None,
) -> Estimate:
    """Put an estimate together; the reason stands only where there is no interval."""
    n = len(sample.values)
    size = None if speed_up is None else n * speed_up
    lower, upper = interval if interval is not None else (None, None)
    why = reason if interval is None else None
    return Estimate(value, lower, upper, n, sample.n_groups, size, speed_up, why)


def nothing(sample: Sample, reason: str, value: float | None = None) -> Estimate:
    """Give an estimate without interval, for a reason."""
    return Estimate(value, None, None, len(sample.values), sample.n_groups, None, None, reason)
