"""Estimators over replications, against worked numbers and exact laws."""

import math

import pytest
from scipy.special import bdtr
from scipy.stats import binomtest, ttest_1samp

from sim.metrics.statistics import (
    expected_shortfall,
    mean,
    quantile,
    quantile_interval,
    rank_of,
    sample_for_quantile_interval,
    sample_size,
    standard_deviation,
    student_factor,
    student_interval,
    wilson_interval,
)


def test_rank_takes_the_level_as_it_was_written() -> None:
    # 0.07 * 100 is 7.000000000000001 in binary, which a naive ceiling makes 8.
    assert [rank_of(100, level / 100) for level in range(1, 100)] == list(range(1, 100))


def test_quantile_is_an_observed_value_whatever_the_order() -> None:
    assert quantile([5, 1, 4, 2, 3], 0.5) == 3
    assert quantile([5, 1, 4, 2, 3], 0.95) == 5
    assert quantile([7], 0.05) == 7


def test_sums_do_not_depend_on_the_order_of_the_values() -> None:
    values = [1e16, 1.0, -1e16, 1.0]
    assert mean(values) == mean(sorted(values)) == 0.5


def test_one_value_has_no_spread() -> None:
    assert standard_deviation([3]) is None
    assert student_interval([3], 0.95) is None


def test_student_interval_agrees_with_scipy() -> None:
    values = [3.1, 2.7, 4.4, 3.9, 2.2]
    expected = ttest_1samp(values, 0.0).confidence_interval(0.9)
    assert student_interval(values, 0.9) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize(("successes", "trials"), [(0, 7), (1, 9), (40, 90), (12, 12)])
def test_wilson_interval_agrees_with_scipy(successes: int, trials: int) -> None:
    expected = binomtest(successes, trials).proportion_ci(0.95, method="wilson")
    found = wilson_interval(successes, trials, 0.95)
    assert found == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilson_interval_needs_a_trial() -> None:
    assert wilson_interval(0, 0, 0.95) is None


@pytest.mark.parametrize("precision", [0.5, 0.1, 0.05, 0.01])
def test_the_sample_size_is_the_smallest_number_that_suffices(precision: float) -> None:
    deviation, half_width = 16.5, 98.75 * precision
    n = sample_size(deviation, half_width, 0.95)
    assert n is not None

    def width(n: int) -> float:
        return student_factor(n, 0.95) * deviation / math.sqrt(n)

    assert width(n) <= half_width
    assert n == 2 or width(n - 1) > half_width


def test_no_number_of_values_gives_an_interval_without_width() -> None:
    assert sample_size(1.0, 0.0, 0.95) is None
    assert sample_size(0.0, 0.0, 0.95) == 2


@pytest.mark.parametrize("n", [72, 100, 500])
def test_quantile_interval_covers_by_the_binomial_law_and_not_by_more_than_it_must(n: int) -> None:
    found = quantile_interval(range(1, n + 1), 0.95, 0.95)
    assert found is not None
    lower, upper = int(found.lower), int(found.upper)
    assert bdtr(lower - 1, n, 0.95) <= 0.025 < bdtr(lower, n, 0.95)
    assert bdtr(upper - 2, n, 0.95) < 0.975 <= bdtr(upper - 1, n, 0.95)


@pytest.mark.parametrize(("level", "confidence"), [(0.95, 0.95), (0.99, 0.9), (0.75, 0.95)])
def test_quantile_interval_exists_from_the_stated_number_on(
    level: float, confidence: float
) -> None:
    least = sample_for_quantile_interval(level, confidence)
    assert quantile_interval(range(least), level, confidence) is not None
    assert quantile_interval(range(least - 1), level, confidence) is None


def test_expected_shortfall_counts_the_value_at_risk_with_the_part_that_is_left() -> None:
    # n (1 - p) = 1.5: the worst value whole, the next by half.
    assert expected_shortfall([1, 2, 3, 4, 5, 6], 0.75) == pytest.approx((6 + 0.5 * 5) / 1.5)


def test_expected_shortfall_is_at_least_the_value_at_risk() -> None:
    values = [0, 0, 0, 1, 5, 9, 9, 30]
    for level in (0.51, 0.75, 0.9, 0.99):
        assert expected_shortfall(values, level) >= quantile(values, level)
