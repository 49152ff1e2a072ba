"""The economy: one standard normal factor a month that all members share.

The factor follows a stationary AR(1); with asset correlation rho a member's chance p becomes, given
the factor z, Phi((Phi^-1(p) - sqrt(rho) z) / sqrt(1 - rho)) (Vasicek 2002). A high factor is a good
month.
"""

import math

import numpy as np
from scipy.special import ndtr, ndtri

from models.arrays import Floats
from models.clauses import implements
from models.macro_sampling import Sampling
from models.parameters import Parameters, parameter

BOUND_STEPS = 256
"""Steps of equal width into which `conditional_bound` divides the chances."""


class Macro(Parameters):
    """The economy and how strongly members feel it."""

    phi: float = parameter(
        0.96,
        "Persistence of the factor from month to month.",
        unit="-",
        source="facts 4",
        gt=-1,
        lt=1,
    )
    rho: float = parameter(
        0.02,
        "Asset correlation: part of a member's fortune that is the economy's.",
        unit="-",
        source="facts 4; facts 7",
        ge=0,
        lt=1,
    )
    stress_multiplier: float = parameter(
        1.0,
        "Multiple of the chances to be short of cash and to fall into hardship.",
        unit="x",
        source="ART-01; facts 6.3 (1.36 mild, 2.1 severe)",
        ge=0,
        le=10,
    )
    sampling: Sampling = Sampling()


def factor_path(macro: Macro, u: Floats) -> Floats:
    """Turn uniforms into monthly factors.

    Parameters
    ----------
    macro
        Parameters.
    u
        Uniforms, shape (replications, months).

    Returns
    -------
    Floats
        Factors with standard normal margins, shape (replications, months).
    """
    return path_of_shocks(macro, ndtri(u))


def path_of_shocks(macro: Macro, shocks: Floats) -> Floats:
    """Turn standard normal shocks into monthly factors, shape (replications, months).

    Examples
    --------
    >>> path_of_shocks(Macro(phi=0.6), np.array([[1.0, 0.0, 1.0]])).round(3).tolist()
    [[1.0, 0.6, 1.16]]
    """
    path = np.empty_like(shocks)
    path[:, 0] = shocks[:, 0]
    spread = math.sqrt(1.0 - macro.phi**2)
    for month in range(1, path.shape[1]):
        path[:, month] = macro.phi * path[:, month - 1] + spread * shocks[:, month]
    return path


@implements("ART-01")
def stressed(p: Floats, macro: Macro, ceiling: float) -> Floats:
    """Multiply chances by the stress multiplier, at most `ceiling`."""
    return np.minimum(p * macro.stress_multiplier, ceiling)


def conditional_probability(p: Floats, factor: Floats | float, rho: float) -> Floats:
    """Give the chance of an unconditional p, given the factor (Vasicek 2002, eq. 4).

    Examples
    --------
    >>> conditional_probability(np.array([0.03]), 0.0, 0.04).round(6).tolist()
    [0.027456]
    """
    if rho == 0.0:
        return np.asarray(p)
    return np.asarray(ndtr((ndtri(p) - math.sqrt(rho) * factor) / math.sqrt(1.0 - rho)))


def conditional_bound(p: Floats, lowest_factor: float, rho: float) -> Floats:
    """Give a bound of the conditional probabilities at any factor from the lowest on, cheaply.

    Parameters
    ----------
    p
        Unconditional chances in [0, 1], shape (n,).
    lowest_factor
        Lowest factor.
    rho
        Asset correlation.

    Returns
    -------
    Floats
        At or above `conditional_probability`, shape (n,): that of the upper end of the step of p.

    Notes
    -----
    Few uniforms lie below the bound of a small chance, and only for those the chance itself, with
    its two normal distributions, need be worked out.

    Examples
    --------
    >>> p = np.array([0.01, 0.03, 0.2])
    >>> bound = conditional_bound(p, -1.0, 0.04)
    >>> bool((bound >= conditional_probability(p, np.array([-1.0, 0.0, 2.0]), 0.04)).all())
    True
    """
    highest = float(p.max(initial=0.0))
    if highest == 0.0:
        return np.zeros_like(p)
    ends = np.linspace(0.0, highest, BOUND_STEPS + 1)[1:]
    # NOTE: a billionth higher, because the last bits of a normal distribution need not ascend.
    bounds = conditional_probability(ends, lowest_factor, rho) * (1.0 + 1e-9)
    step = (p * (BOUND_STEPS / highest)).astype(np.int64)
    return np.asarray(bounds[np.minimum(step, BOUND_STEPS - 1)])
