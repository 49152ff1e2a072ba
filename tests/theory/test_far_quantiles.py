"""Far quantiles under importance sampling: right for many members, too low for few.

A loss is the sum over members of the one-factor model, taken as gamma distributed given the factor,
so that its quantile is known to any number of digits. With few members the rare bad outcomes of
ordinary years have large weights that most runs do not hold: docs/experiments.md has the table.
"""

import math
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from scipy import optimize, stats

from models.arrays import Floats
from models.macro import conditional_probability
from models.macro_sampling import log_likelihood_ratio
from sim.metrics.samples import Sample
from sim.metrics.tails import quantile_estimate

P, RHO, SQUARED_VARIATION = 0.03, 0.1, 0.5
SHIFT, PLAIN_SHARE = -2.5, 0.1
LEVEL, N, EXPERIMENTS = 0.99, 400, 300
SEED = 216_034_117


def law(factor: Floats, members: int) -> tuple[Floats, Floats]:
    """Give shape and scale of the loss per member, given the factor."""
    mean = conditional_probability(np.full(factor.shape, P), factor, RHO)
    variance = mean * (1.0 + SQUARED_VARIATION) / members
    return mean * mean / variance, variance / mean


@cache
def true_quantile(members: int) -> float:
    """Integrate over the factor and solve."""
    factor = np.linspace(-9.0, 9.0, 6001)
    density = stats.norm.pdf(factor) / stats.norm.pdf(factor).sum()
    shape, scale = law(factor, members)

    def excess(loss: float) -> float:
        return float((density * stats.gamma.sf(loss, shape, scale=scale)).sum()) - (1.0 - LEVEL)

    return float(optimize.brentq(excess, 1e-4, 1.0))


class Found(NamedTuple):
    """What the experiments found, over the truth where they estimate it."""

    chances: Floats
    quantiles: Floats
    covered: Floats


@cache
def experiments(members: int) -> Found:
    """Estimate the quantile many times."""
    rng, truth = np.random.default_rng(SEED), true_quantile(members)
    chances, quantiles, covered = [], [], []
    for _ in range(EXPERIMENTS):
        is_shifted = rng.random(N) >= PLAIN_SHARE
        scores = rng.standard_normal(N) + np.where(is_shifted, SHIFT, 0.0)
        weights = [math.exp(log_likelihood_ratio(z, SHIFT, PLAIN_SHARE)) for z in scores.tolist()]
        losses = rng.gamma(*law(scores, members))
        chances.append(float(np.mean(np.array(weights) * (losses > truth))) / (1.0 - LEVEL))
        found = quantile_estimate(Sample(tuple(losses.tolist()), tuple(weights)), LEVEL, 0.95)
        assert found.value is not None
        quantiles.append(found.value / truth)
        if found.lower is not None and found.upper is not None:
            covered.append(found.lower <= truth <= found.upper)
    return Found(np.array(chances), np.array(quantiles), np.array(covered, dtype=float))


@pytest.mark.parametrize("members", [30, 500])
def test_the_chance_of_a_loss_beyond_the_quantile_is_unbiased(members: int) -> None:
    """A t-test at the level 0.001; the law is skewed for few members, so it is a rough one."""
    assert stats.ttest_1samp(experiments(members).chances, 1.0).pvalue > 0.001


def test_many_members_have_the_right_quantile_with_an_interval_that_covers() -> None:
    found = experiments(500)
    assert found.quantiles.mean() == pytest.approx(1.0, abs=0.01)
    assert found.covered.size == EXPERIMENTS
    assert 0.90 <= found.covered.mean() <= 0.98


def test_few_members_have_a_quantile_that_is_too_low_as_the_documentation_says() -> None:
    """A documented divergence: the median is some 6 % too low, and a third has no interval."""
    found = experiments(30)
    assert 0.90 < np.median(found.quantiles) < 0.97
    assert found.covered.size < 0.7 * EXPERIMENTS
    assert found.covered.mean() < 0.92
