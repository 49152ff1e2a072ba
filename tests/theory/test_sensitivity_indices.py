"""Sensitivity analysis against functions whose indices are known in closed form."""

import math

import numpy as np
import pytest

from models.arrays import Floats
from sim.experiment.design.sampling import morris_sample, saltelli_sample
from sim.experiment.design.sensitivity import elementary_effects, indices, screening

NAMES = ("first", "second", "third")
A, B = 7.0, 0.1


def ishigami(shares: Floats) -> Floats:
    """Evaluate sin x1 + a sin^2 x2 + b x3^4 sin x1 on (-pi, pi)^3 (Ishigami and Homma, 1990)."""
    return np.array(
        [
            math.sin(x) + A * math.sin(y) ** 2 + B * z**4 * math.sin(x)
            for x, y, z in (2 * shares - 1) * math.pi
        ]
    )


def closed_form() -> tuple[list[float], list[float]]:
    """Give first and total order from the partial variances of Saltelli et al. (2008), 4.5."""
    alone = (0.5 * (1 + B * math.pi**4 / 5) ** 2, A**2 / 8, 0.0)
    together = B**2 * math.pi**8 * (1 / 18 - 1 / 50)
    variance = sum(alone) + together
    total = (alone[0] + together, alone[1], together)
    return [v / variance for v in alone], [v / variance for v in total]


def test_the_closed_form_is_the_published_one() -> None:
    first, total = closed_form()
    assert first == pytest.approx([0.3139, 0.4424, 0.0], abs=5e-5)
    assert total == pytest.approx([0.5576, 0.4424, 0.2437], abs=5e-5)


def test_sobol_indices_of_the_ishigami_function() -> None:
    sample = saltelli_sample(NAMES, 4096, seed=7)
    found = indices(ishigami(sample), names=NAMES, confidence=0.95, resamples=200, seed=7)
    for row, first, total in zip(found, *closed_form(), strict=True):
        assert row["first_order"] == pytest.approx(first, abs=0.01)
        assert row["total_order"] == pytest.approx(total, abs=0.01)
        assert row["samples"] == 4096


def test_intervals_of_sobol_indices_hold_the_truth() -> None:
    """At 99 % and six indices over 10 seeds: more than 4 misses have a chance below 0.001."""
    misses = 0
    for seed in range(10):
        values = ishigami(saltelli_sample(NAMES, 256, seed))
        found = indices(values, names=NAMES, confidence=0.99, resamples=200, seed=seed)
        for row, *truth in zip(found, *closed_form(), strict=True):
            for name, true in zip(("first_order", "total_order"), truth, strict=True):
                lower, upper = row[f"{name}_lower"], row[f"{name}_upper"]
                assert isinstance(lower, float)
                assert isinstance(upper, float)
                misses += not lower <= true <= upper
    assert misses <= 4


def test_a_constant_has_no_indices() -> None:
    found = indices(np.ones(40), names=NAMES, confidence=0.95, resamples=50, seed=0)
    assert [row["first_order"] for row in found] == [None, None, None]
    assert [row["total_order_upper"] for row in found] == [None, None, None]


def test_the_bootstrap_repeats_even_with_seed_0() -> None:
    values = ishigami(saltelli_sample(NAMES, 64, seed=0))
    runs = [indices(values, names=NAMES, confidence=0.95, resamples=50, seed=0) for _ in range(2)]
    assert runs[0] == runs[1]


def linear(shares: Floats) -> Floats:
    """Evaluate 3 x1 - 2 x2 + 0 x3."""
    return np.array([3.0 * x - 2.0 * y for x, y, _ in shares])


def test_elementary_effects_of_a_line_are_its_slopes() -> None:
    sample = morris_sample(NAMES, 6, 4, seed=1)
    effects = elementary_effects(sample, linear(sample))
    assert effects == pytest.approx(np.tile([3.0, -2.0, 0.0], (6, 1)))


def test_screening_of_a_line_finds_importance_and_no_curvature() -> None:
    sample = morris_sample(NAMES, 6, 4, seed=1)
    found = screening(sample, linear(sample), names=NAMES, levels=4, confidence=0.95, seed=1)
    assert [row["mu"] for row in found] == pytest.approx([3.0, -2.0, 0.0])
    assert [row["mu_star"] for row in found] == pytest.approx([3.0, 2.0, 0.0])
    assert [row["sigma"] for row in found] == pytest.approx([0.0, 0.0, 0.0], abs=1e-12)
    assert [row["sigma_upper"] for row in found] == pytest.approx([0.0, 0.0, 0.0], abs=1e-12)


def test_a_product_shows_as_spread_of_the_effects() -> None:
    """The effect of x1 in x1 x2 is x2, uniform on the lattice 0, 1/3, 2/3, 1."""
    sample = morris_sample(NAMES, 400, 4, seed=3)
    values = np.array([x * y for x, y, _ in sample])
    first = screening(sample, values, names=NAMES, levels=4, confidence=0.99, seed=1)[0]
    lattice = [0.0, 1 / 3, 2 / 3, 1.0]
    spread = math.sqrt(sum((v - 0.5) ** 2 for v in lattice) / 4)
    assert isinstance(first["sigma_lower"], float)
    assert isinstance(first["sigma_upper"], float)
    assert isinstance(first["mu_star_lower"], float)
    assert isinstance(first["mu_star_upper"], float)
    assert first["sigma_lower"] <= spread <= first["sigma_upper"]
    assert first["mu_star_lower"] <= 0.5 <= first["mu_star_upper"]
