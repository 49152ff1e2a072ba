"""Worked examples of fees with tax (rulebook 4.6), and the order of allocation (NP-29.1)."""

from fractions import Fraction

import numpy as np
import pytest

from models.kernels import allocate, allocate_by_account, fees_with_tax, late_damages, with_tax
from models.kernels.tax import TaxRounding

TAX = Fraction(10, 100)
PRICE = 1_200 + 3_000 + 12_800
FEES = [226, 90, 317]
"""Before tax: convenience-store terminal or e-barcode, direct debit, invoice."""


@pytest.mark.clause("NP-25.2", "C-02")
@pytest.mark.golden("G-30")
def test_fees_with_tax_are_rounded_down_one_by_one() -> None:
    assert with_tax([90, 226, 317, 190], TAX).tolist() == [99, 248, 348, 209]


@pytest.mark.clause("NP-25.2", "C-02")
@pytest.mark.golden("G-30")
def test_fees_with_tax_rounded_half_up_are_a_yen_more_where_the_half_is_reached() -> None:
    assert with_tax([90, 226, 317, 190], TAX, "per_fee_half_up").tolist() == [99, 249, 349, 209]


@pytest.mark.clause("NP-25.2", "C-02", "C-03")
@pytest.mark.golden("G-31")
@pytest.mark.parametrize(
    ("n_fees", "rounding", "bills"),
    [
        (3, "per_fee_floor", [17_744, 17_297, 18_044]),
        (1, "per_fee_floor", [17_248, 17_099, 17_348]),
        (3, "sum_floor", [17_745, 17_297, 18_046]),
        (3, "per_fee_half_up", [17_747, 17_297, 18_047]),
    ],
)
def test_three_uses_make_the_bill_of_the_worked_example(
    n_fees: int, rounding: TaxRounding, bills: list[int]
) -> None:
    fees = fees_with_tax(FEES, n_fees, TAX, rounding)
    assert (PRICE + fees).tolist() == bills


@pytest.mark.clause("C-02")
@pytest.mark.golden("G-31")
def test_tax_floored_on_the_sum_is_a_yen_more_than_floored_per_fee() -> None:
    assert fees_with_tax(226, 3, TAX, "sum_floor") == 745
    assert fees_with_tax(226, 3, TAX, "per_fee_floor") == 744


@pytest.mark.clause("NP-30.1", "NP-25.2")
@pytest.mark.golden("G-31", "G-32")
def test_late_damages_of_the_bill_bear_on_price_and_fees() -> None:
    bill = PRICE + fees_with_tax(226, 3, TAX, "per_fee_floor")
    rate = Fraction(146, 1000)
    assert late_damages(bill, rate, "2026-03-10", "2026-03-30") == 141
    assert late_damages(PRICE, rate, "2026-03-10", "2026-03-30") == 136


@pytest.mark.clause("NP-29.1")
def test_a_short_payment_satisfies_damages_then_fee_then_price_of_the_late_bill() -> None:
    legal_cost, late_admin_fee, damages, fee, price = 0, 100, 141, 744, 17_000
    claims = np.array([[legal_cost, late_admin_fee, damages, fee, price]] * 3)
    assert allocate([241, 500, 20_000], claims).tolist() == [
        [0, 100, 141, 0, 0],
        [0, 100, 141, 259, 0],
        [0, 100, 141, 744, 17_000],
    ]


@pytest.mark.clause("NP-29.1", "NP-29.2")
def test_the_older_bill_is_satisfied_whole_before_the_next_and_the_excess_is_left() -> None:
    older, newer = [0, 100, 141, 744, 17_000], [0, 0, 20, 248, 5_000]
    allocated, left = allocate_by_account([18_100, 24_000], [4, 4, 9, 9], [older, newer] * 2)
    assert allocated.tolist() == [older, [0, 0, 20, 95, 0], older, newer]
    assert left.tolist() == [0, 24_000 - 17_985 - 5_268]
