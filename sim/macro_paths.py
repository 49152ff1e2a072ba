"""The macro paths of replications: uniforms of the run's streams become monthly factors.

A configuration and numbers of replications flow in; factors and, under importance sampling, exact
likelihood ratios flow out. Row for row both are pure functions of (configuration, replication), so
neither the size of a pass nor the number of replications moves a path. Replications
k g ... k g + g - 1, with g the group size of the method, form group k. Over a group every method
but importance sampling has plain expectations; groups are independent of each other.
"""

from functools import cache

import numpy as np
from scipy.special import ndtri

from models.arrays import Floats, Ints
from models.macro import factor_path, path_of_shocks
from models.macro_sampling import (
    Sampling,
    log_likelihood_ratio,
    nested_scramble,
    reflected,
    score_direction,
    stratified_uniforms,
)
from sim.config import Config
from sim.rng import Randomness, Stream

PER_UNIT_OF_LOG_WEIGHT = 10**12
"""The facts hold the logarithm of a weight as a whole number of such parts."""


def factor_paths(config: Config, rng: Randomness, replications: Ints) -> Floats:
    """Draw the macro factor of every replication and month.

    Parameters
    ----------
    config
        The run; `macro.sampling` says how.
    rng
        The uniforms of the run.
    replications
        Numbers of replications, in any order.

    Returns
    -------
    Floats
        Shape (replications, months).
    """
    sampling = config.macro.sampling
    match sampling.method:
        case "antithetic":
            sign = np.where(replications % 2 == 1, -1.0, 1.0)
            shocks = ndtri(_plain(config, rng, replications - replications % 2))
            shocks = shocks * sign[:, np.newaxis]
        case "stratified":
            u = _plain(config, rng, replications)
            u[:, 0] = stratified_uniforms(u[:, 0], replications % sampling.strata, sampling.strata)
            shocks = reflected(ndtri(u), _direction(config))
        case "sobol":
            shocks = reflected(ndtri(_nets(config, rng, replications)), _direction(config))
        case "importance":
            shocks = ndtri(_plain(config, rng, replications))
            shocks[:, 0] = _shifted_scores(sampling, rng, replications, shocks[:, 0])
            shocks = reflected(shocks, _direction(config))
        case _:
            return factor_path(config.macro, _plain(config, rng, replications))
    return path_of_shocks(config.macro, shocks)


def log_weights(config: Config, rng: Randomness, replications: Ints) -> list[int]:
    """Give the logarithms of the likelihood ratios of importance sampling.

    Returns
    -------
    list of int
        In parts of 1 / `PER_UNIT_OF_LOG_WEIGHT`; 0 under every other method.
    """
    sampling = config.macro.sampling
    if sampling.method != "importance":
        return [0] * len(replications)
    scores = ndtri(_plain(config, rng, replications)[:, 0])
    return [
        round(
            log_likelihood_ratio(score, sampling.shift, sampling.plain_share)
            * PER_UNIT_OF_LOG_WEIGHT
        )
        for score in _shifted_scores(sampling, rng, replications, scores).tolist()
    ]


def _plain(config: Config, rng: Randomness, replications: Ints) -> Floats:
    """Draw independent uniforms, shape (replications, months)."""
    n, months = len(replications), config.months
    u = rng.uniforms(
        Stream.MACRO, np.repeat(replications, months), 0, np.tile(np.arange(months), n)
    )[0]
    return np.asarray(u.reshape(n, months))


def _direction(config: Config) -> Floats:
    """Give the direction of the score."""
    return score_direction(config.macro.phi, config.months, config.macro.sampling.months)


def _shifted_scores(
    sampling: Sampling, rng: Randomness, replications: Ints, scores: Floats
) -> Floats:
    """Shift the scores of those replications that the mixture chooses."""
    chosen = rng.uniforms(Stream.MACRO_MIXTURE, replications, 0, 0)[0] >= sampling.plain_share
    return np.where(chosen, scores + sampling.shift, scores)


def _nets(config: Config, rng: Randomness, replications: Ints) -> Floats:
    """Draw points of scrambled Sobol nets, one net a group, shape (replications, months).

    The first digits of a point are those of the net, scrambled; the rest is its plain uniform, as
    an unending scramble would make it (Owen 1995).
    """
    points, months = config.macro.sampling.points, config.months
    bits = points.bit_length() - 1
    cells = _sobol_cells(months, bits)
    u = _plain(config, rng, replications)
    for net in np.unique(replications // points).tolist():
        rows = np.flatnonzero(replications // points == net)
        own = cells[replications[rows] % points]
        for month in range(months):
            digits = rng.uniforms(Stream.MACRO_SCRAMBLE, net, np.arange(points), month)[0]
            flips = (digits < 0.5).astype(np.int64)
            u[rows, month] += nested_scramble(own[:, month], flips, bits)
    return np.asarray(u / points)


@cache
def _sobol_cells(months: int, bits: int) -> Ints:
    """Give the first digits of the first 2**bits Sobol points (Joe and Kuo 2008), read-only."""
    from scipy.stats import qmc  # takes long to import

    points = qmc.Sobol(months, scramble=False, bits=30).random_base2(bits)
    cells = (points * 2**bits).astype(np.int64)
    cells.flags.writeable = False
    return np.asarray(cells)
