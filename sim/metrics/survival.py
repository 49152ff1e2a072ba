"""Estimators of survival from counts by time: Kaplan-Meier, Nelson-Aalen, Aalen-Johansen.

Counts flow in, one for each time at which something happened, in ascending order. What is censored
at a time was at risk at it.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from scipy.special import ndtri


class Survival(NamedTuple):
    """Survival after one time."""

    at_risk: int
    survival: float
    lower: float | None
    upper: float | None
    cumulative_hazard: float


def survival(events: Sequence[int], censored: Sequence[int], confidence: float) -> list[Survival]:
    """Estimate survival after each time.

    Parameters
    ----------
    events
        How many ended at each time.
    censored
        How many were last seen at each time.
    confidence
        Level of the interval.

    Returns
    -------
    list of Survival
        Product-limit estimate (Kaplan and Meier 1958), its interval on the log(-log) scale with
        Greenwood's variance (Kalbfleisch and Prentice 2002), the sum of the hazards (Nelson 1969,
        Aalen 1978). The interval is None before the first event and from survival 0 on.

    Examples
    --------
    >>> [round(at.survival, 3) for at in survival([1, 1, 2, 0], [0, 1, 0, 1], 0.95)]
    [0.833, 0.667, 0.222, 0.222]
    """
    z = float(ndtri((1.0 + confidence) / 2.0))
    at_risk = sum(events) + sum(censored)
    product, variance, hazard = 1.0, 0.0, 0.0
    found = []
    for ended, lost in zip(events, censored, strict=True):
        product *= (at_risk - ended) / at_risk
        hazard += ended / at_risk
        if ended < at_risk:
            variance += ended / (at_risk * (at_risk - ended))
        known = 0.0 < product < 1.0
        lower, upper = _log_log(product, variance, z) if known else (None, None)
        found.append(Survival(at_risk, product, lower, upper, hazard))
        at_risk -= ended + lost
    return found


def _log_log(survival: float, variance: float, z: float) -> tuple[float, float]:
    """Give the interval whose ends are survival to a power and to its inverse."""
    power = math.exp(z * math.sqrt(variance) / -math.log(survival))
    return survival**power, survival ** (1.0 / power)


def incidence(events: Sequence[Sequence[int]], censored: Sequence[int]) -> list[list[float]]:
    """Estimate by when each of several causes has ended what was at risk.

    Parameters
    ----------
    events
        By time: how many each cause ended.
    censored
        By time: how many were last seen then.

    Returns
    -------
    list of list of float
        By time: cumulative incidence of each cause (Aalen and Johansen 1978). With the
        survival they sum to 1.

    Examples
    --------
    >>> incidence([[1, 0], [0, 1]], [0, 2])
    [[0.25, 0.0], [0.25, 0.25]]
    """
    at_risk = sum(map(sum, events)) + sum(censored)
    surviving = 1.0
    total = [0.0] * (len(events[0]) if events else 0)
    found = []
    for ended, lost in zip(events, censored, strict=True):
        total = [
            so_far + surviving * count / at_risk for so_far, count in zip(total, ended, strict=True)
        ]
        surviving *= (at_risk - sum(ended)) / at_risk
        found.append(total)
        at_risk -= sum(ended) + lost
    return found
