"""Estimators over replications: small pure functions of a sequence of numbers.

Sums are exact (`math.fsum`), so a result does not depend on the order of the values. A quantile is
an order statistic; the index is computed in one place, `rank_of`.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from scipy.special import bdtr, ndtri, stdtrit


class Interval(NamedTuple):
    """Two ends of an interval."""

    lower: float
    upper: float

    def within(self, bounds: tuple[float, float], value: float) -> "Interval":
        """Cut off what lies beyond the bounds of a quantity, never more than to its estimate.

        The truth is within the bounds, so that no interval covers it less often. An estimate may
        lie outside them, as under importance sampling.

        Examples
        --------
        >>> Interval(-0.1, 0.3).within((0.0, 1.0), 0.1)
        Interval(lower=0.0, upper=0.3)
        >>> Interval(1.01, 1.05).within((0.0, 1.0), 1.03)
        Interval(lower=1.01, upper=1.03)
        """
        lowest, highest = bounds
        return Interval(max(self.lower, min(lowest, value)), min(self.upper, max(highest, value)))


def rank_of(n: int, level: float) -> int:
    """Give the rank, from 1, of the order statistic that is a quantile: ceil(level * n).

    The level is taken as the decimal number it was written as, so that no product of binary
    fractions decides.

    Examples
    --------
    >>> rank_of(20, 0.95), rank_of(100, 0.07), rank_of(1, 0.05)
    (19, 7, 1)
    """
    return max(1, math.ceil(Fraction(repr(level)) * n))


def quantile(values: Sequence[float], level: float) -> float:
    """Give the ceil(level * n)-th smallest value.

    Examples
    --------
    >>> quantile([30, 10, 20, 40], 0.5)
    20
    """
    return sorted(values)[rank_of(len(values), level) - 1]


def mean(values: Sequence[float]) -> float:
    """Give the mean.

    Examples
    --------
    >>> mean([1, 2, 6])
    3.0
    """
    return math.fsum(values) / len(values)


def standard_deviation(values: Sequence[float]) -> float | None:
    """Give the standard deviation with denominator n - 1; None below 2 values.

    Examples
    --------
    >>> standard_deviation([1, 2, 3])
    1.0
    """
    if len(values) < 2:
        return None
    centre = mean(values)
    return math.sqrt(math.fsum((x - centre) ** 2 for x in values) / (len(values) - 1))


def student_factor(n: int, confidence: float) -> float:
    """Give the two-sided Student t quantile with n - 1 degrees of freedom.

    Examples
    --------
    >>> round(student_factor(20, 0.95), 3)
    2.093
    """
    return float(stdtrit(n - 1, (1.0 + confidence) / 2.0))


def student_interval(values: Sequence[float], confidence: float) -> Interval | None:
    """Give the Student t interval of the mean; None below 2 values.

    Examples
    --------
    >>> [round(end, 4) for end in student_interval([1, 2, 3], 0.95)]
    [-0.4841, 4.4841]
    """
    deviation = standard_deviation(values)
    if deviation is None:
        return None
    half = student_factor(len(values), confidence) * deviation / math.sqrt(len(values))
    return Interval(mean(values) - half, mean(values) + half)


def wilson_interval(successes: int, trials: int, confidence: float) -> Interval | None:
    """Give the Wilson score interval of a share; None without trials.

    Examples
    --------
    >>> [round(end, 4) for end in wilson_interval(0, 10, 0.95)]
    [0.0, 0.2775]
    >>> [round(end, 4) for end in wilson_interval(5, 10, 0.95)]
    [0.2366, 0.7634]
    """
    if not trials:
        return None
    z = float(ndtri((1.0 + confidence) / 2.0))
    share, z2 = successes / trials, z * z
    centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    spread = math.sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials))
    half = z * spread / (1 + z2 / trials)
    lower = 0.0 if successes == 0 else centre - half
    return Interval(lower, 1.0 if successes == trials else centre + half)


def ratio_interval(
    numerators: Sequence[float], denominators: Sequence[float], confidence: float
) -> Interval | None:
    """Give the interval of a ratio of two sums over replications.

    Notes
    -----
    The variance of the ratio R is that of the mean of its residuals x - R y over the mean of y
    (linearisation: Cochran 1977, section 6.4); the interval is Student's with n - 1 degrees of
    freedom. None below 2 replications, or where the denominators sum to 0.

    Examples
    --------
    >>> [round(end, 4) for end in ratio_interval([1, 2, 3], [10, 10, 10], 0.95)]
    [-0.0484, 0.4484]
    >>> ratio_interval([2, 4], [10, 20], 0.95)
    Interval(lower=0.2, upper=0.2)
    """
    n, below = len(numerators), math.fsum(denominators)
    if n < 2 or not below:
        return None
    value = math.fsum(numerators) / below
    residuals = [x - value * y for x, y in zip(numerators, denominators, strict=True)]
    deviation = math.sqrt(math.fsum(e * e for e in residuals) / (n - 1))
    half = student_factor(n, confidence) * deviation * math.sqrt(n) / abs(below)
    return Interval(value - half, value + half)


def sample_size(deviation: float, half_width: float, confidence: float) -> int | None:
    """Give the number of values whose Student interval has a half-width.

    Parameters
    ----------
    deviation
        Standard deviation of the values.
    half_width
        Wanted half-width.
    confidence
        Level of the interval.

    Returns
    -------
    int or None
        The smallest n from 2 with t(n - 1) s / sqrt(n) <= half_width; None where the values differ
        and the half-width is 0.

    Examples
    --------
    >>> sample_size(10, 5, 0.95)
    18
    """
    if deviation == 0.0:
        return 2
    allowed = half_width / deviation
    if allowed <= 0.0:
        return None
    # The normal quantile is below every t quantile: start there and climb the last few steps.
    z = float(ndtri((1.0 + confidence) / 2.0))
    n = max(2, math.floor((z / allowed) ** 2))
    while student_factor(n, confidence) / math.sqrt(n) > allowed:
        n += 1
    return n


def quantile_interval(values: Sequence[float], level: float, confidence: float) -> Interval | None:
    """Give the distribution-free interval of a quantile; None where n does not suffice.

    Notes
    -----
    With B binomial(n, level): the lower end is the largest order statistic r with
    P(B <= r - 1) <= (1 - confidence) / 2, the upper end the smallest order statistic s with
    P(B <= s - 1) >= (1 + confidence) / 2.

    Examples
    --------
    >>> quantile_interval(range(1, 101), 0.95, 0.95)
    Interval(lower=90, upper=100)
    >>> quantile_interval(range(1, 21), 0.95, 0.95) is None
    True
    """
    n = len(values)
    below = bdtr(np.arange(n, dtype=np.float64), n, level)  # P(B <= r - 1) of rank r = index + 1
    lower = int(np.searchsorted(below, (1.0 - confidence) / 2.0, side="right"))
    upper = int(np.searchsorted(below, (1.0 + confidence) / 2.0, side="left")) + 1
    if lower < 1 or upper > n:
        return None
    ranked = sorted(values)
    return Interval(ranked[lower - 1], ranked[upper - 1])


def sample_for_quantile_interval(level: float, confidence: float) -> int:
    """Give the smallest n for which `quantile_interval` exists.

    Examples
    --------
    >>> sample_for_quantile_interval(0.95, 0.95)
    72
    """
    rarer = max(level, 1.0 - level)
    return math.ceil(math.log((1.0 - confidence) / 2.0) / math.log(rarer))


def expected_shortfall(values: Sequence[float], level: float) -> float:
    """Give the mean of the worst n (1 - level) values, the last of them counted in part.

    Examples
    --------
    >>> expected_shortfall(range(1, 21), 0.9)
    19.5
    >>> expected_shortfall([0, 0, 10], 0.5)  # the worst one and a half
    6.666666666666667
    """
    n, share = len(values), Fraction(repr(level))
    rank = rank_of(n, level)
    ranked = sorted(values)
    part = float(rank - n * share) * ranked[rank - 1]
    return math.fsum([*ranked[rank:], part]) / float(n * (1 - share))
