"""Estimates of the headline numbers: mean, value at risk, expected shortfall.

A `Sample` flows in, an `Estimate` with its interval flows out, and from an estimate the number of
replications that a narrower interval would take.
"""

from typing import Literal

from sim.metrics.means import Estimate, mean_estimate
from sim.metrics.samples import Sample
from sim.metrics.statistics import sample_size, student_factor
from sim.metrics.tails import quantile_estimate, shortfall_estimate

Statistic = Literal["mean", "value_at_risk", "expected_shortfall"]


def estimate(
    sample: Sample, statistic: Statistic, *, tail: float, confidence: float, seed: int
) -> Estimate:
    """Estimate one number of a sample.

    Parameters
    ----------
    sample
        The replications.
    statistic
        What to estimate.
    tail
        Level of value at risk and expected shortfall.
    confidence
        Level of the interval.
    seed
        Seed of the bootstrap.
    """
    match statistic:
        case "mean":
            return mean_estimate(sample, confidence)
        case "value_at_risk":
            return quantile_estimate(sample, tail, confidence)
        case "expected_shortfall":
            return shortfall_estimate(sample, tail, confidence, seed)


def replications_still_needed(found: Estimate, half_width: float, confidence: float) -> int | None:
    """Give how many more replications narrow an interval to a half-width.

    Parameters
    ----------
    found
        The estimate so far.
    half_width
        Wanted half-width.
    confidence
        Level of the interval.

    Returns
    -------
    int or None
        At least 0, whole groups; None without an interval so far, or where the wanted half-width
        is 0 and the present one is not.

    Notes
    -----
    The half-width is that of a Student interval over groups whose spread stays as it is. For a
    quantile this takes the density around it for constant.
    """
    if found.half_width is None:
        return None
    size = found.n // found.n_groups
    deviation = found.half_width * found.n_groups**0.5 / student_factor(found.n_groups, confidence)
    n_groups = sample_size(deviation, half_width, confidence)
    return None if n_groups is None else max(0, n_groups - found.n_groups) * size
