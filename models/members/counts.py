"""Counts and frailties from uniforms."""

import math
from functools import lru_cache

import numpy as np
from scipy.special import expm1, gammaincinv

from models.arrays import Floats, Ints

LARGEST_COUNT = 63
"""Counts are cut here, so that (month, number) fits one occurrence key."""


def poisson_quantile(u: Floats, mean: Floats) -> Ints:
    """Give the Poisson quantile of each uniform.

    Parameters
    ----------
    u
        Uniforms, shape (n,).
    mean
        Means at or above 0, shape (n,).

    Returns
    -------
    Ints
        Smallest k with P(N <= k) >= u, int16, cut at 63, shape (n,).

    Notes
    -----
    Sequential search on the rows still above their cumulative probability. exp(-mean) comes from
    scipy, whose result does not depend on the processor's vector width.

    Examples
    --------
    >>> poisson_quantile(np.array([0.5, 0.5, 0.99]), np.array([0.0, 1.0, 1.0])).tolist()
    [0, 1, 4]
    """
    counts = np.zeros(u.shape[0], dtype=np.int16)
    term = 1.0 + expm1(-mean)
    above: Ints = np.flatnonzero(u > term)
    u, mean, term = u[above], mean[above], term[above]
    cumulative = term.copy()
    k = 0
    while above.size and k < LARGEST_COUNT:
        k += 1
        counts[above] = k
        term = term * mean / k
        cumulative = cumulative + term
        left = (u > cumulative).nonzero()[0]
        above, u, mean = above[left], u[left], mean[left]
        term, cumulative = term[left], cumulative[left]
    return counts


GAMMA_LEVELS = 1 << 12
"""Levels of a tabulated gamma distribution; the highest is the quantile of 1 - 1/8192."""


def gamma_quantile(shape: float, u: Floats) -> Floats:
    """Give the quantile of a gamma distribution with mean 1, on 4,096 equally likely levels.

    Parameters
    ----------
    shape
        Shape, above 0; the variance is its inverse.
    u
        Uniforms in (0, 1), shape (n,).

    Returns
    -------
    Floats
        Shape (n,).

    Notes
    -----
    NOTE: the table costs 4,096 inversions of the incomplete gamma function however many members
    there are; one for each of them took a tenth of a run.

    Examples
    --------
    >>> gamma_quantile(1.0, np.array([0.5])).round(3).tolist()  # exponential: ln 2
    [0.693]
    """
    return np.asarray(_gamma_levels(shape)[(u * GAMMA_LEVELS).astype(np.int64)])


@lru_cache(maxsize=64)
def _gamma_levels(shape: float) -> Floats:
    """Give the tabulated quantiles; kept, since every pass asks for the same few shapes."""
    midpoints = (np.arange(GAMMA_LEVELS) + 0.5) / GAMMA_LEVELS
    levels = np.asarray(gammaincinv(shape, midpoints), dtype=np.float64)
    # fsum, not numpy's sum: its last bit does not depend on the vector width.
    levels /= math.fsum(levels) / GAMMA_LEVELS
    levels.flags.writeable = False
    return levels
