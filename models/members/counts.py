"""Counts of rare things from uniforms."""

import numpy as np
from scipy.special import expm1

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
        left = u > cumulative
        above, u, mean = above[left], u[left], mean[left]
        term, cumulative = term[left], cumulative[left]
    return counts
