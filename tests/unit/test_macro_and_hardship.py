"""The economy: the shared factor, what it does to chances, and hardship."""

import numpy as np
import pytest
from scipy.special import ndtri

from models.arrays import Floats
from models.macro import (
    BOUND_STEPS,
    Macro,
    conditional_bound,
    conditional_probability,
    factor_path,
    stressed,
)
from models.members.hardship import DAYS_PER_MONTH, Hardship, hardship_chance, hardship_days

N = 4_000
GRID = (np.arange(N) + 0.5) / N
"""Midpoints of equal parts of the unit interval: a sample without luck."""


@pytest.mark.clause("ART-01")
def test_stress_multiplies_chances_up_to_the_ceiling() -> None:
    p = np.array([0.0, 0.1, 0.3, 0.7])
    assert stressed(p, Macro(stress_multiplier=2.0), 0.9) == pytest.approx([0.0, 0.2, 0.6, 0.9])


@pytest.mark.clause("ART-01")
def test_without_stress_chances_stay() -> None:
    assert stressed(np.array([0.1, 0.3]), Macro(), 0.9).tolist() == [0.1, 0.3]


def test_a_good_month_lowers_and_a_bad_one_raises_every_chance() -> None:
    p = np.array([0.01, 0.05, 0.5])
    good, bad = (conditional_probability(p, z, 0.1) for z in (1.5, -1.5))
    assert (good < p).all()
    assert (bad > p).all()


def test_over_all_months_a_chance_is_what_it_is() -> None:
    # The mean over the factor's quantiles: integration by midpoints, off by the cut tails.
    z = ndtri(GRID)
    for p in (0.01, 0.05, 0.3):
        conditional = conditional_probability(np.full(N, p), z, 0.05)
        assert conditional.mean() == pytest.approx(p, rel=1e-3)


def test_without_correlation_the_economy_is_not_felt() -> None:
    p = np.array([0.0, 0.2, 1.0])
    assert conditional_probability(p, -3.0, 0.0).tolist() == [0.0, 0.2, 1.0]


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_certainties_stay_certain_in_any_month(p: float) -> None:
    assert conditional_probability(np.array([p]), -3.0, 0.2).tolist() == [p]


def test_the_factor_is_as_persistent_as_declared_and_standard_normal_in_every_month() -> None:
    n = 20_000
    u = np.random.default_rng(20260101).random((n, 6))
    path = factor_path(Macro(phi=0.8), u)
    # Four standard errors of mean, variance and correlation of n pairs of normals.
    assert np.abs(path.mean(axis=0)).max() < 4 / n**0.5
    assert np.abs(path.var(axis=0) - 1.0).max() < 4 * (2 / n) ** 0.5
    correlation = np.corrcoef(path[:, 4], path[:, 5])[0, 1]
    assert abs(correlation - 0.8) < 4 * (1 - 0.8**2) / n**0.5


@pytest.mark.parametrize("rho", [0.0, 0.04, 0.5])
@pytest.mark.parametrize("lowest", [-4.0, 0.0, 2.0])
def test_a_bound_of_conditional_chances_holds_and_is_near(rho: float, lowest: float) -> None:
    p = np.concatenate(([0.0, 1e-12, 0.9], np.linspace(0.0, 0.9, 5_000)))
    at_worst = conditional_probability(p, lowest, rho)
    bound = conditional_bound(p, lowest, rho)
    assert (bound >= at_worst).all()
    assert (bound >= conditional_probability(p, lowest + np.linspace(0, 3, p.size), rho)).all()
    # Of a bound between two ends of steps, that of the lower end misses by no more than one step.
    one_step_up = conditional_probability(np.minimum(p + 0.9 / BOUND_STEPS, 0.9), lowest, rho)
    assert (bound <= one_step_up * (1.0 + 1e-6)).all()


@pytest.mark.parametrize("p", [np.zeros(0), np.zeros(3)])
def test_chances_of_nothing_are_bounded_by_nothing(p: Floats) -> None:
    assert conditional_bound(p, -3.0, 0.04).tolist() == p.tolist()


def test_a_factor_without_memory_is_its_shocks() -> None:
    u = np.array([[0.1, 0.5, 0.9]])
    assert factor_path(Macro(phi=0.0), u).tolist() == ndtri(u).tolist()


@pytest.mark.clause("ART-01")
def test_hardship_comes_more_often_to_the_strained_and_under_stress() -> None:
    strain, hardship = np.array([0.0, 1.0, 3.0]), Hardship(per_month=0.01, strain_share=0.9)
    chances = hardship_chance(hardship, Macro(), strain)
    assert chances == pytest.approx([0.001, 0.01, 0.028])
    severe = hardship_chance(hardship, Macro(stress_multiplier=2.0), strain)
    assert severe == pytest.approx(2 * chances)


def test_hardship_lasts_its_mean_and_at_least_a_day() -> None:
    hardship = Hardship(mean_months=5.0, reference_income_yen=250_000)
    days = hardship_days(hardship, np.full(GRID.size, 250_000), GRID)
    assert days.min() == 1
    # Rounding up adds half a day; the midpoints miss a little of the long tail.
    assert days.mean() == pytest.approx(5.0 * DAYS_PER_MONTH + 0.5, rel=2e-3)


@pytest.mark.parametrize(("income", "factor"), [(0, 1.2), (125_000, 1.1), (900_000, 0.8)])
def test_hardship_lasts_longer_with_less_income(income: int, factor: float) -> None:
    hardship = Hardship(mean_months=5.0, income_effect=0.2, reference_income_yen=250_000)
    days = hardship_days(hardship, np.full(GRID.size, income), GRID)
    assert days.mean() == pytest.approx(5.0 * factor * DAYS_PER_MONTH + 0.5, rel=2e-3)
