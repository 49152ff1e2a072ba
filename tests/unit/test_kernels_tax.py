"""Consumption tax: halves, shapes and refusals."""

from fractions import Fraction

import pytest

from models.kernels import fees_with_tax, with_tax
from models.kernels.tax import TaxRounding

TAX = Fraction(1, 10)


@pytest.mark.clause("C-02")
def test_half_a_yen_goes_up_only_under_half_up() -> None:
    assert with_tax([5, 4, 15], TAX, "per_fee_half_up").tolist() == [6, 4, 17]
    assert with_tax([5, 4, 15], TAX, "per_fee_floor").tolist() == [5, 4, 16]


@pytest.mark.clause("NP-26")
def test_another_tax_rate_changes_the_fee() -> None:
    assert with_tax(226, 0) == 226
    assert with_tax(226, "0.08") == 244


@pytest.mark.parametrize("rounding", ["per_fee_floor", "per_fee_half_up", "sum_floor"])
def test_one_use_costs_one_fee_and_none_costs_nothing(rounding: TaxRounding) -> None:
    fees = fees_with_tax([90, 226, 317], 1, TAX, rounding)
    assert fees.tolist() == with_tax([90, 226, 317], TAX, rounding).tolist()
    assert fees_with_tax([90, 226, 317], 0, TAX, rounding).tolist() == [0, 0, 0]


def test_fees_broadcast_against_uses() -> None:
    fees = fees_with_tax([[90], [226]], [1, 2, 3], TAX, "per_fee_floor")
    assert fees.tolist() == [[99, 198, 297], [248, 496, 744]]


def test_an_unknown_rounding_is_refused_with_the_known_ones() -> None:
    known = "rounding must be 'per_fee_floor', 'per_fee_half_up' or 'sum_floor', got 'up'"
    with pytest.raises(ValueError, match=known):
        with_tax(226, TAX, "up")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=known):
        fees_with_tax(226, 2, TAX, "up")  # type: ignore[arg-type]


def test_negative_fees_uses_and_rates_are_refused() -> None:
    with pytest.raises(ValueError, match="fee_yen must be 0 or more, got -1"):
        with_tax(-1, TAX)
    with pytest.raises(ValueError, match="n_uses must be 0 or more, got -2"):
        fees_with_tax(226, -2, TAX, "sum_floor")
    with pytest.raises(ValueError, match="tax_rate must be 0 or more, got -1/10"):
        with_tax(226, -TAX)


def test_fees_that_could_overflow_are_refused() -> None:
    largest = (2**63 - 1) // 11
    assert with_tax(largest, TAX) == largest * 11 // 10
    with pytest.raises(OverflowError, match="fee with tax: "):
        with_tax(largest + 1, TAX)
    with pytest.raises(OverflowError, match="fees with tax: "):
        fees_with_tax(largest, 20, TAX, "per_fee_floor")
