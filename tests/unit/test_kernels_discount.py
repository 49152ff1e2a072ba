"""Merchant discount and cost of funds."""

from fractions import Fraction

import pytest

from models.kernels import funding_cost, merchant_discount


@pytest.mark.clause("LEN-01")
def test_the_discount_is_rounded_down_purchase_by_purchase() -> None:
    assert merchant_discount([1_200, 3_033, 33, 34, 0], Fraction(3, 100)).tolist() == [
        36,
        90,
        0,
        1,
        0,
    ]


@pytest.mark.clause("LEN-03")
def test_funds_cost_a_365th_of_the_yearly_rate_a_day() -> None:
    assert funding_cost(1_000_000 * 365, Fraction(15, 1000)) == 15_000
    assert funding_cost([24_333, 24_334], Fraction(15, 1000)).tolist() == [0, 1]


def test_negative_prices_and_funds_are_refused() -> None:
    with pytest.raises(ValueError, match="price_yen must be 0 or more, got -1"):
        merchant_discount(-1, "0.03")
    with pytest.raises(ValueError, match="yen_days must be 0 or more, got -1"):
        funding_cost(-1, "0.015")


def test_funds_that_could_overflow_are_refused() -> None:
    largest = (2**63 - 1) // 3
    assert funding_cost(largest, "0.015") == largest * 15 // 365_000
    with pytest.raises(OverflowError, match="funding cost: "):
        funding_cost(largest + 1, "0.015")
    with pytest.raises(OverflowError, match="merchant discount: "):
        merchant_discount(largest + 1, "0.03")
