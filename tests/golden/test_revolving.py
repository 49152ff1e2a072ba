"""Worked examples of the revolving plan (rulebook 4.1, 4.3), to the yen."""

import datetime as dt

import numpy as np
import pytest

from models.kernels import accrued_fee, revolving_fee, revolving_payment, tiered_payment
from models.kernels.revolving import LONG, STANDARD

RATE = "0.18"

ORDINARY = """
2025-09-04 100,000 2025-08-15 21 1,035 10,000 8,965 91,035
2025-10-04 91,035 2025-09-05 30 1,346 10,000 8,654 82,381
2025-11-04 82,381 2025-10-05 31 1,259 10,000 8,741 73,640
2025-12-04 73,640 2025-11-05 30 1,089 10,000 8,911 64,729
2026-01-04 64,729 2025-12-05 31 989 10,000 9,011 55,718
2026-02-04 55,718 2026-01-05 31 851 10,000 9,149 46,569
2026-03-04 46,569 2026-02-05 28 643 10,000 9,357 37,212
2026-04-04 37,212 2026-03-05 31 568 10,000 9,432 27,780
2026-05-04 27,780 2026-04-05 30 410 10,000 9,590 18,190
2026-06-04 18,190 2026-05-05 31 278 10,000 9,722 8,468
2026-07-04 8,468 2026-06-05 30 125 8,593 8,468 0
"""
LEAP = """
2023-09-04 100,000 2023-08-15 21 1,035 10,000 8,965 91,035
2023-10-04 91,035 2023-09-05 30 1,346 10,000 8,654 82,381
2023-11-04 82,381 2023-10-05 31 1,259 10,000 8,741 73,640
2023-12-04 73,640 2023-11-05 30 1,089 10,000 8,911 64,729
2024-01-04 64,729 2023-12-05 31 989 10,000 9,011 55,718
2024-02-04 55,718 2024-01-05 31 849 10,000 9,151 46,567
2024-03-04 46,567 2024-02-05 29 664 10,000 9,336 37,231
2024-04-04 37,231 2024-03-05 31 567 10,000 9,433 27,798
2024-05-04 27,798 2024-04-05 30 410 10,000 9,590 18,208
2024-06-04 18,208 2024-05-05 31 277 10,000 9,723 8,485
2024-07-04 8,485 2024-06-05 30 125 8,610 8,485 0
"""


def pay_off(first: str, table: str) -> list[str]:
    """Carry a balance of 100,000 yen in the Fixed course to its end, one line a month."""
    balance, first_day, lines = 100_000, dt.date.fromisoformat(first), []
    for due in (dt.date.fromisoformat(line.split()[0]) for line in table.strip().splitlines()):
        fee = int(accrued_fee(balance, RATE, first_day, due))
        payment = int(revolving_payment(balance, "fixed", fee, 10_000))
        left = balance - (payment - fee)
        days = (due - first_day).days + 1
        lines.append(
            f"{due} {balance:,} {first_day} {days} {fee:,} {payment:,} {payment - fee:,} {left:,}"
        )
        balance, first_day = left, due + dt.timedelta(days=1)
    return lines


@pytest.mark.clause("AU-30.1(1)", "AU-30.1(2)", "AUX-REV(1)", "AUX-REV(2)")
@pytest.mark.golden("G-01", "G-02")
def test_the_printed_example_comes_out_to_the_yen() -> None:
    fees = accrued_fee(
        [100_000, 91_035], RATE, ["2025-08-15", "2025-09-05"], ["2025-09-04", "2025-10-04"]
    )
    assert fees.tolist() == [1_035, 1_346]
    payments = revolving_payment([100_000, 91_035], "fixed", fees, 10_000)
    assert payments.tolist() == [10_000, 10_000]
    assert (payments - fees).tolist() == [8_965, 8_654]
    assert ([100_000, 91_035] - (payments - fees)).tolist() == [91_035, 82_381]


@pytest.mark.clause("AU-30.1(1)", "AU-30.1(2)", "AU-23.1")
@pytest.mark.golden("G-01", "G-02", "G-03")
def test_the_printed_example_is_paid_off_in_eleven_months_of_ordinary_years() -> None:
    assert pay_off("2025-08-15", ORDINARY) == ORDINARY.strip().splitlines()


@pytest.mark.clause("AUX-REV(3)", "C-41")
@pytest.mark.golden("G-04")
def test_the_same_example_across_the_start_of_a_leap_year_bears_17_yen_more() -> None:
    assert pay_off("2023-08-15", LEAP) == LEAP.strip().splitlines()


@pytest.mark.clause("AUX-REV(3)", "C-41")
@pytest.mark.golden("G-04")
def test_flooring_each_year_apart_costs_the_lender_a_yen_of_the_span_over_new_year() -> None:
    span = (64_729, RATE, "2023-12-05", "2024-01-04")
    assert accrued_fee(*span) == 989
    assert accrued_fee(*span, split_mode="each") == 861 + 127


@pytest.mark.clause("AUX-REV(1)", "C-13")
@pytest.mark.golden("G-05")
@pytest.mark.parametrize(
    ("balance", "payment"),
    [
        (1, 10_000),
        (100_000, 10_000),
        (100_001, 15_000),
        (150_000, 15_000),
        (150_001, 20_000),
        (200_000, 20_000),
        (200_001, 25_000),
        (300_000, 30_000),
        (300_001, 35_000),
        (500_000, 50_000),
    ],
)
def test_the_standard_course_rises_where_a_step_of_50_000_is_started(
    balance: int, payment: int
) -> None:
    assert tiered_payment(balance, STANDARD) == payment
    assert revolving_payment(balance, "standard", 0) == min(payment, balance)  # C-17


@pytest.mark.clause("AUX-REV(1)", "C-13")
@pytest.mark.golden("G-05")
@pytest.mark.parametrize(
    ("balance", "payment"),
    [
        (1, 3_000),
        (60_000, 3_000),
        (60_001, 4_000),
        (80_000, 4_000),
        (80_001, 5_000),
        (200_000, 10_000),
        (200_001, 11_000),
        (225_000, 11_000),
        (225_001, 12_000),
        (250_000, 12_000),
        (275_001, 14_000),
        (300_000, 14_000),
        (300_001, 15_000),
    ],
)
def test_the_long_course_rises_by_steps_of_20_000_and_then_of_25_000(
    balance: int, payment: int
) -> None:
    assert tiered_payment(balance, LONG) == payment
    assert revolving_payment(balance, "long", 0) == min(payment, balance)  # C-17


@pytest.mark.clause("AUX-REV(1)", "C-13")
@pytest.mark.golden("G-05")
def test_a_step_may_count_once_completed_instead() -> None:
    standard = [100_001, 149_999, 150_000, 200_001, 500_000]
    paid = revolving_payment(standard, "standard", 0, tier_rounding="floor")
    assert paid.tolist() == [10_000, 10_000, 15_000, 20_000, 50_000]
    long = [60_001, 80_000, 200_000, 200_001, 225_000, 300_001]
    paid = revolving_payment(long, "long", 0, tier_rounding="floor")
    assert paid.tolist() == [3_000, 4_000, 10_000, 10_000, 11_000, 14_000]


@pytest.mark.clause("AUX-REV(1)", "C-13")
@pytest.mark.golden("G-05")
def test_the_long_course_may_refuse_what_its_table_does_not_print() -> None:
    assert revolving_payment(300_000, "long", 0, long_above_300k="not_allowed") == 14_000
    with pytest.raises(ValueError, match="the long course takes no balance above 300000 yen"):
        revolving_payment(300_001, "long", 0, long_above_300k="not_allowed")


@pytest.mark.clause("AUX-REV(1)")
@pytest.mark.golden("G-06")
@pytest.mark.parametrize(
    ("chosen", "balance", "fee", "payment", "principal"),
    [
        (5_000, 327_060, 4_999, 5_000, 1),
        (5_000, 327_061, 5_000, 5_000, 0),
        (5_000, 327_127, 5_001, 15_000, 9_999),
        (5_000, 400_000, 6_115, 15_000, 8_885),
        (5_000, 1_000_000, 15_287, 25_000, 9_713),
        (10_000, 700_000, 10_701, 20_000, 9_299),
    ],
)
def test_an_amount_that_the_fee_exceeds_is_raised_in_steps_of_10_000(
    chosen: int, balance: int, fee: int, payment: int, principal: int
) -> None:
    of_31_days = accrued_fee(balance, RATE, "2025-10-05", "2025-11-04")
    assert of_31_days == fee
    assert revolving_payment(balance, "fixed", of_31_days, chosen) == payment
    assert payment - fee == principal


@pytest.mark.clause("AUX-PRE(1)", "C-14", "AU-32.2")
@pytest.mark.golden("G-11")
def test_full_prepayment_bears_the_fee_of_the_days_to_the_payment() -> None:
    fee = accrued_fee(82_381, RATE, "2025-10-05", "2025-10-20")
    assert (fee, 82_381 + fee) == (650, 83_031)


@pytest.mark.clause("AUX-PRE(2)", "C-47")
@pytest.mark.golden("G-11")
@pytest.mark.parametrize(
    ("day_belongs_to", "fee", "left"), [("old", 1_139, 52_174), ("new", 1_124, 52_159)]
)
def test_part_prepayment_splits_the_month_of_the_fee(
    day_belongs_to: str, fee: int, left: int
) -> None:
    last_old = np.datetime64("2025-09-20" if day_belongs_to == "old" else "2025-09-19")
    charged = revolving_fee(
        [91_035, 61_035],
        RATE,
        [np.datetime64("2025-09-05"), last_old + 1],
        [last_old, np.datetime64("2025-10-04")],
    )
    assert charged == fee
    payment = revolving_payment(61_035, "fixed", charged, 10_000)
    assert 61_035 - (payment - charged) == left


@pytest.mark.clause("AU-30.1(2)", "C-10")
@pytest.mark.golden("G-11")
def test_a_first_purchase_prepaid_before_the_15th_bears_no_fee() -> None:
    assert accrued_fee(100_000, RATE, "2025-08-15", "2025-08-14") == 0


@pytest.mark.clause("AU-30.1(2)", "C-18")
@pytest.mark.golden("G-25")
def test_a_second_purchase_bears_its_fee_from_the_15th_or_with_the_whole_account() -> None:
    first_days = ["2025-09-05", "2025-09-15"]
    assert revolving_fee([91_035, 50_000], RATE, first_days, "2025-10-04") == 1_839
    assert accrued_fee(141_035, RATE, "2025-09-05", "2025-10-04") == 2_086


@pytest.mark.clause("AU-30.1(1)", "AUX-REV(1)", "C-17")
@pytest.mark.golden("G-27")
def test_the_last_payment_is_the_balance_with_the_fee_on_top_or_within() -> None:
    fee = accrued_fee(9_950, RATE, "2025-09-05", "2025-10-04")
    assert fee == 147
    assert revolving_payment(9_950, "fixed", fee, 10_000) == 10_097
    within = revolving_payment(
        9_950, "fixed", fee, 10_000, final_rule="min_payment_balance_plus_fee"
    )
    assert (within, within - fee, 9_950 - (within - fee)) == (10_000, 9_853, 97)
