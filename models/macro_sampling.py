"""How the macro paths of a run are sampled: plainly, or so that an estimate needs fewer of them.

Standard normal shocks flow in, shape (paths, months), and shocks of the same law flow out, or
shocks of another law with their likelihood ratios. All methods act on one direction of the shocks:
the **score**, the mean of the factor over the first months in units of its standard deviation. A
Householder reflection carries the first axis to that direction, so that the score is the first
coordinate of the reflected shocks and independent of the others.
"""

import math
from typing import Literal, Self

import numpy as np
from pydantic import model_validator

from models.arrays import Floats, Ints
from models.parameters import Parameters, parameter

Method = Literal["plain", "antithetic", "stratified", "sobol", "importance"]

MOST_POINTS = 4096


class Sampling(Parameters):
    """How the macro paths of the replications are drawn; plain means independently."""

    method: Method = parameter(
        "plain",
        "Method: plain, antithetic, stratified, sobol or importance.",
        unit="-",
        source="assumption",
    )
    months: int | None = parameter(
        None,
        "The score is the factor's mean over so many first months; null for the whole horizon.",
        unit="months",
        source="assumption",
        ge=1,
        le=120,
    )
    strata: int = parameter(
        10,
        "Equally likely strata of the score; as many replications form one group.",
        unit="strata",
        source="assumption",
        ge=2,
        le=1000,
    )
    points: int = parameter(
        32,
        "Points of one scrambled Sobol net, a power of two; they form one group.",
        unit="points",
        source="assumption",
        ge=2,
        le=MOST_POINTS,
    )
    shift: float = parameter(
        -2.5,
        "Mean of the score under importance sampling; below 0 for bad times.",
        unit="standard deviations",
        source="assumption",
        ge=-6,
        le=6,
    )
    plain_share: float = parameter(
        0.1,
        "Chance that a replication of importance sampling is not shifted; bounds its weight.",
        unit="share",
        source="assumption",
        ge=0,
        lt=1,
    )

    @model_validator(mode="after")
    def _is_a_net(self) -> Self:
        if self.points & (self.points - 1):
            raise ValueError(f"points: got {self.points}; allowed: a power of two")
        return self

    @property
    def group_size(self) -> int:
        """Replications that depend on each other; groups are independent."""
        match self.method:
            case "antithetic":
                return 2
            case "stratified":
                return self.strata
            case "sobol":
                return self.points
        return 1


def score_direction(phi: float, months: int, first: int | None) -> Floats:
    """Give the direction of the shocks in which the score lies.

    Parameters
    ----------
    phi
        Persistence of the factor.
    months
        Length of the path.
    first
        Months over which the factor is averaged; None for all.

    Returns
    -------
    Floats
        Unit vector, shape (months,); its product with standard normal shocks is the score.

    Notes
    -----
    The factor of month m is phi^m e_0 + sqrt(1 - phi^2) sum_j phi^(m-j) e_j. Shock j therefore
    enters the sum over the window of w months with 1 + phi + ... + phi^(w-1-j), times
    sqrt(1 - phi^2) except for j = 0.

    Examples
    --------
    >>> score_direction(0.5, 3, 1).tolist()
    [1.0, 0.0, 0.0]
    """
    window = min(first or months, months)
    spread = math.sqrt(1.0 - phi * phi)
    loadings = [
        math.fsum(phi**k for k in range(window - j)) * (1.0 if j == 0 else spread)
        for j in range(window)
    ]
    norm = math.sqrt(math.fsum(loading * loading for loading in loadings))
    direction = np.zeros(months)
    direction[:window] = [loading / norm for loading in loadings]
    return direction


def reflected(shocks: Floats, direction: Floats) -> Floats:
    """Reflect shocks so that the first axis and a direction change places (Householder 1958).

    Parameters
    ----------
    shocks
        Shape (paths, months).
    direction
        Unit vector, shape (months,).

    Returns
    -------
    Floats
        Shocks of the same law, shape (paths, months). What was coordinate 0 is now the product
        with the direction.

    Examples
    --------
    >>> reflected(np.array([[2.0, 1.0]]), np.array([0.0, 1.0])).tolist()
    [[1.0, 2.0]]
    """
    normal = -direction
    normal[0] += 1.0
    length = math.fsum(component * component for component in normal.tolist())
    if length == 0.0:
        return shocks
    along = np.zeros(shocks.shape[0])
    # NOTE: column by column, since the order of a sum inside numpy may follow the vector width.
    for month, component in enumerate(normal.tolist()):
        along += shocks[:, month] * component
    return shocks - (along * (2.0 / length))[:, np.newaxis] * normal


def stratified_uniforms(u: Floats, stratum: Ints, strata: int) -> Floats:
    """Squeeze uniforms into their strata of equal chance.

    Examples
    --------
    >>> stratified_uniforms(np.array([0.5, 0.5]), np.array([0, 3]), 4).tolist()
    [0.125, 0.875]
    """
    return (stratum + u) / strata


def nested_scramble(cells: Ints, flips: Ints, bits: int) -> Ints:
    """Scramble one coordinate of a net, digit by digit (Owen 1995).

    Parameters
    ----------
    cells
        First `bits` binary digits of the coordinate of each point, as integers below 2**bits.
    flips
        Random digits 0 or 1, shape (2**bits,); entry 2**d + k flips digit d of the points whose
        first d digits are k. Entry 0 is not used.
    bits
        Number of digits.

    Returns
    -------
    Ints
        Scrambled digits as integers; each of 0 ... 2**bits - 1 once if the cells are so.

    Examples
    --------
    >>> nested_scramble(np.arange(4), np.array([0, 1, 0, 1]), 2).tolist()
    [2, 3, 1, 0]
    """
    scrambled = np.zeros_like(cells)
    for digit in range(bits):
        prefix = cells >> (bits - digit)
        own = (cells >> (bits - digit - 1)) & 1
        scrambled = (scrambled << 1) | (own ^ flips[(1 << digit) + prefix])
    return scrambled


def log_likelihood_ratio(score: float, shift: float, plain_share: float) -> float:
    """Give the logarithm of the plain density of a score over its sampling density.

    Parameters
    ----------
    score
        Score as it was sampled.
    shift
        Mean of the shifted part of the mixture.
    plain_share
        Share of the part that is not shifted.

    Notes
    -----
    The sampling density is the defensive mixture plain_share N(0, 1) + (1 - plain_share)
    N(shift, 1) (Hesterberg 1995); a ratio is therefore at most 1 / plain_share. Only the score is
    sampled differently, so the ratio of the score is that of the whole path.

    Examples
    --------
    >>> log_likelihood_ratio(-2.0, -2.0, 0.0)
    -2.0
    >>> log_likelihood_ratio(1.7, 0.0, 0.3)
    -0.0
    """
    tilt = shift * score - shift * shift / 2.0
    if plain_share == 0.0:
        return -tilt
    return -math.log(plain_share + (1.0 - plain_share) * math.exp(tilt))
