"""The annual percentage rate: closed forms, edges and refusals."""

import math

import numpy as np
import pytest

from models.kernels import annual_percentage_rate


def test_one_payment_bears_the_simple_rate_of_a_month() -> None:
    assert annual_percentage_rate(100_000, 101_500, 1) == pytest.approx(0.18, abs=1e-12)


def test_two_payments_solve_the_quadratic() -> None:
    # 100 = v + 121 v * v
    v = (math.sqrt(1 + 4 * 121 * 100) - 1) / (2 * 121)
    rate = annual_percentage_rate(100, 121, 2, first_payment=1)
    assert rate == pytest.approx(12 * (1 / v - 1), abs=1e-12)


def test_an_annuity_of_a_known_rate_returns_it() -> None:
    for n in (3, 36, 600):
        for rate in (0.001, 0.18, 3.0):
            monthly = rate / 12
            payment = 100_000 * monthly / (1 - (1 + monthly) ** -n)
            assert annual_percentage_rate(100_000, payment, n) == pytest.approx(rate, abs=1e-10)


def test_payments_that_add_up_to_the_price_bear_no_rate_at_all() -> None:
    rates = annual_percentage_rate([99_999, 100_000], 33_333, 3, first_payment=[33_333, 33_334])
    assert rates.tolist() == [0.0, 0.0]
    nearly = annual_percentage_rate(100_000, 100_000 / 3, 3)
    assert nearly == pytest.approx(0.0, abs=1e-12)


def test_payments_short_of_the_price_bear_a_negative_rate() -> None:
    assert annual_percentage_rate(100_000, 99_000, 1) == pytest.approx(-0.12, abs=1e-12)
    assert -1 < float(annual_percentage_rate(100_000, 33_000, 3)) < 0
    assert annual_percentage_rate(10**6, 1, 1) == pytest.approx(12 * (1e-6 - 1), abs=1e-10)


def test_exorbitant_payments_have_a_rate_as_well() -> None:
    assert annual_percentage_rate(1, 10**9, 36) == pytest.approx(12e9, rel=1e-8)
    # 1 = 10**6 * v * v: v = 1/1000
    rate = annual_percentage_rate(1, 10**6, 2, first_payment=0)
    assert rate == pytest.approx(12 * 999, abs=1e-8)


def test_plans_of_different_length_are_solved_together_as_one_by_one() -> None:
    price, payment = np.array([[100_000], [90_000]]), np.array([25_820, 10_820, 3_597])
    counts = np.array([4, 10, 36])
    together = annual_percentage_rate(price, payment, counts)
    alone = [
        [float(annual_percentage_rate(p, a, n)) for a, n in zip(payment, counts, strict=True)]
        for p in price.ravel()
    ]
    assert together.tolist() == alone
    assert annual_percentage_rate([], [], []).tolist() == []


def test_a_larger_first_payment_raises_the_rate_of_the_same_total() -> None:
    equal = annual_percentage_rate(100_000, 9_000, 12)
    early = annual_percentage_rate(100_000, 8_000, 12, first_payment=20_000)
    assert early > equal


@pytest.mark.parametrize(
    ("price", "payment", "n", "message"),
    [
        (0, 1, 3, "cash_price must be above 0, got 0"),
        (-1, 1, 3, "cash_price must be finite and 0 or more"),
        (1, -1, 3, "payment must be finite and 0 or more"),
        (1, math.nan, 3, "payment must be finite and 0 or more"),
        (1, 0, 3, "the payments must add up to more than 0"),
        (1, 1, 0, "n must lie between 1 and 1200"),
        (1, 1, 1_201, "n must lie between 1 and 1200"),
    ],
)
def test_what_has_no_rate_is_refused(price: float, payment: float, n: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        annual_percentage_rate([price, price], payment, n)


def test_a_count_is_a_whole_number() -> None:
    with pytest.raises(TypeError, match="n must be integers"):
        annual_percentage_rate(100, 10, 3.5)


def test_payments_of_almost_nothing_are_refused() -> None:
    with pytest.raises(OverflowError, match="the payments are too far below the price"):
        annual_percentage_rate(1e300, 1e-10, 1_200, first_payment=1e-3)
