"""A portfolio without members: the Vasicek large-pool loss as a function of the macro path.

It runs through the same macro paths, table of replications and estimators as a portfolio, costs a
thousandth of one, and its mean, quantile and expected shortfall are closed forms (Vasicek 2002).
"""

import math
from collections.abc import Mapping

import numpy as np
import polars as pl
from scipy import stats
from scipy.special import ndtr, ndtri

from models.arrays import Floats
from models.macro import conditional_probability
from sim.config import Config
from sim.macro_paths import PER_UNIT_OF_LOG_WEIGHT, factor_paths, log_weights
from sim.rng import Randomness, Stream

P, RHO, PHI, MONTHS, TAIL = 0.03, 0.1, 0.9, 6, 0.95
CONTROL_P = 0.06
NOISE = 0.1 * P
"""Standard deviation of what the economy does not explain."""

MEAN = P
QUANTILE = float(ndtr((ndtri(P) + math.sqrt(RHO) * ndtri(TAIL)) / math.sqrt(1 - RHO)))
SHORTFALL = float(
    stats.multivariate_normal([0, 0], [[1, math.sqrt(RHO)], [math.sqrt(RHO), 1]]).cdf(
        [ndtri(P), ndtri(1 - TAIL)]
    )
) / (1 - TAIL)


def config_of(
    seed: int,
    sampling: Mapping[str, object],
    experiment: Mapping[str, object] | None = None,
) -> Config:
    """Configure the economy and the experiment; the number of replications is not used."""
    size = int(str(sampling.get("strata", sampling.get("points", 2))))
    return Config.model_validate(
        {
            "months": MONTHS,
            "seed": seed,
            "macro": {"phi": PHI, "rho": RHO, "sampling": dict(sampling)},
            "behaviour": {"repayment": {"short_of_cash": CONTROL_P}},
            "experiment": {"replications": size, "tail": TAIL, **(experiment or {})},
        }
    )


def replications_of(config: Config, n: int) -> pl.DataFrame:
    """Compute n replications.

    Parameters
    ----------
    config
        The economy and how it is sampled.
    n
        Replications.

    Returns
    -------
    pl.DataFrame
        The columns of the table `replications` that the estimators need; the loss is
        `net_loss_rate`, with noise `vintage_net_loss_share`.
    """
    rng, numbers = Randomness(config.seed), np.arange(n)
    path = factor_paths(config, rng, numbers)
    loss = conditional_probability(np.full(n, P), score_of(path), RHO)
    noise = ndtri(rng.uniforms(Stream.MEMBER_TRAITS, numbers, 0, 0)[0])
    controls = [conditional_probability(np.full(n, CONTROL_P), month, RHO) for month in path.T]
    logs = log_weights(config, rng, numbers)
    return pl.DataFrame(
        {
            "replication": numbers,
            "net_loss_rate": loss,
            "vintage_net_loss_share": loss + NOISE * noise,
            "likelihood_weight": [math.exp(log / PER_UNIT_OF_LOG_WEIGHT) for log in logs],
            "vasicek_probability": np.mean(controls, axis=0),
        }
    )


def score_of(path: Floats) -> Floats:
    """Give the mean factor of each path in units of its standard deviation."""
    months = range(MONTHS)
    variance = sum(PHI ** abs(i - j) for i in months for j in months) / MONTHS**2
    return np.asarray(path.mean(axis=1) / math.sqrt(variance))
