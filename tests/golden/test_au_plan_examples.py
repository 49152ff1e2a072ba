"""Worked instalments, two-time uses, dates and prepayments of au PAY Atobarai (rulebook 4)."""

import datetime as dt

import numpy as np
import pytest

from models.calendar import Calendar
from models.products.au_pay import AuPayTerms, periods, prepayment, schedules
from models.products.au_pay.prepayment import PrepayWay
from models.products.catalogue import Product

TERMS = AuPayTerms()
CALENDAR = Calendar.of(dt.date(2025, 1, 1), months=36)

DUE_DAYS = """
2025-01-06 2025-02-04 2025-03-04 2025-04-04 2025-05-07 2025-06-04
2025-07-04 2025-08-04 2025-09-04 2025-10-06 2025-11-04 2025-12-04
2026-01-05 2026-02-04 2026-03-04 2026-04-06 2026-05-07 2026-06-04
2026-07-06 2026-08-04 2026-09-04 2026-10-05 2026-11-04 2026-12-04
"""


def one(value: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Give a number as an array of one."""
    return np.array([value], dtype=np.int64)


def instalments(price: int, times: int) -> tuple[int, list[int], list[int]]:
    """Give fee, payments and fees of the payments of an instalment use."""
    plan = one(Product.AU_INSTALMENTS)
    fee = schedules.finance_charge(TERMS.instalments, plan, one(price), one(times))
    found = schedules.legs(TERMS.plan, plan, one(price), fee, one(times), one(2))
    payments = (found.principal_yen + found.fee_yen).tolist()
    return int(fee[0]), payments, found.fee_yen.tolist()


def dates_of(plan: Product, used: str, times: int = 1) -> list[str]:
    """Give the nominal due dates of a use posted on its own day."""
    day = one(CALENDAR.day(dt.date.fromisoformat(used)))
    is_revolving = np.array([False])
    cycle = periods.cycle_month(TERMS.period, TERMS.due, CALENDAR, day, day, is_revolving)
    first = periods.first_due_month(TERMS.bonus, CALENDAR, day, cycle, one(plan))
    found = schedules.legs(TERMS.plan, one(plan), one(90_000), one(0), one(times), first)
    nominal = periods.nominal_day(CALENDAR, found.due_month, 4)
    return [CALENDAR.date(int(day)).isoformat() for day in nominal]


@pytest.mark.clause("AU-31.1", "AU-31.2", "AU-31.3", "AUX-INS")
@pytest.mark.golden("G-07")
def test_the_printed_instalments_are_ten_of_10820() -> None:
    fee, payments, _ = instalments(100_000, 10)
    assert (fee, payments) == (8_200, [10_820] * 10)


@pytest.mark.clause("AU-31.1", "AU-31.2", "C-11")
@pytest.mark.golden("G-08")
@pytest.mark.parametrize(
    ("price", "times", "fee", "first", "others"),
    [
        (33_333, 7, 1_913, 5_036, 5_035),
        (50_000, 12, 4_920, 4_584, 4_576),
        (98_765, 10, 8_098, 10_689, 10_686),
        (98_765, 36, 29_155, 3_565, 3_553),
        (100_000, 3, 0, 33_334, 33_333),
        (100_000, 6, 4_920, 17_490, 17_486),
    ],
)
def test_fee_and_remainder_fall_as_worked(
    price: int, times: int, fee: int, first: int, others: int
) -> None:
    found, payments, fees = instalments(price, times)
    assert found == sum(fees) == fee
    assert payments == [first] + [others] * (times - 1)


@pytest.mark.clause("AU-29.1(2)")
@pytest.mark.golden("G-09")
@pytest.mark.parametrize(
    ("price", "halves"), [(10_000, [5_000, 5_000]), (9_999, [4_999, 5_000]), (1, [0, 1])]
)
def test_the_odd_yen_of_two_time_use_comes_second(price: int, halves: list[int]) -> None:
    plan = one(Product.AU_TWO_TIME)
    found = schedules.legs(TERMS.plan, plan, one(price), one(0), one(2), one(5))
    assert (found.principal_yen.tolist(), found.due_month.tolist()) == (halves, [5, 6])


@pytest.mark.clause("AU-32.4", "C-14")
@pytest.mark.golden("G-10")
def test_ten_instalments_are_paid_off_by_the_rule_of_78() -> None:
    before = np.arange(10)
    payoff, rebate = prepayment.instalment_payoff(
        TERMS.prepay,
        10_820 * (10 - before),
        np.full(10, 8_200),
        np.full(10, 10),
        before,
        np.zeros(10, dtype=np.int64),
        np.full(10, 30),
        np.ones(10, dtype=np.bool_),
    )
    assert rebate.tolist() == [6_709, 5_367, 4_174, 3_130, 2_236, 1_490, 894, 447, 149, 0]
    assert payoff.tolist() == [
        101_491, 92_013, 82_386, 72_610, 62_684, 52_610, 42_386, 32_013, 21_491, 10_820,
    ]  # fmt: skip


@pytest.mark.clause("AU-32.4")
@pytest.mark.golden("G-10")
def test_six_instalments_with_a_remainder_are_paid_off_as_worked() -> None:
    before = np.arange(6)
    _, payments, _ = instalments(100_000, 6)
    payoff, _ = prepayment.instalment_payoff(
        TERMS.prepay,
        np.array([sum(payments[paid:]) for paid in before]),
        np.full(6, 4_920),
        np.full(6, 6),
        before,
        np.zeros(6, dtype=np.int64),
        np.full(6, 30),
        np.ones(6, dtype=np.bool_),
    )
    assert payoff.tolist() == [101_406, 85_088, 68_539, 51_756, 34_738, 17_486]


@pytest.mark.clause("AU-32.4")
@pytest.mark.golden("G-10")
def test_the_legs_of_a_use_carry_the_fees_that_a_prepayment_gives_back() -> None:
    _, _, fees = instalments(100_000, 10)
    assert [sum(fees[paid + 1 :]) for paid in range(10)] == [
        6_709, 5_367, 4_174, 3_130, 2_236, 1_490, 894, 447, 149, 0,
    ]  # fmt: skip


@pytest.mark.clause("AU-35.1", "CAL-02")
@pytest.mark.golden("G-18")
def test_amounts_fall_due_on_the_4th_or_the_next_business_day() -> None:
    days = periods.due_day(TERMS.due, CALENDAR, np.arange(24))
    assert [CALENDAR.date(int(day)).isoformat() for day in days] == DUE_DAYS.split()


@pytest.mark.clause("AU-21.1", "AU-29.1", "AU-29.1(1)")
@pytest.mark.golden("G-19")
@pytest.mark.parametrize(
    ("used", "due", "days"),
    [
        ("2026-07-11", "2026-09-04", 55),
        ("2026-08-10", "2026-09-04", 25),
        ("2026-08-11", "2026-10-04", 54),
        ("2026-02-10", "2026-03-04", 22),
        ("2026-12-10", "2027-01-04", 25),
    ],
)
def test_one_time_use_falls_due_after_its_standard_period(used: str, due: str, days: int) -> None:
    assert dates_of(Product.AU_ONE_TIME, used) == [due]
    assert (dt.date.fromisoformat(due) - dt.date.fromisoformat(used)).days == days


@pytest.mark.clause("AU-29.1(3)", "C-12")
@pytest.mark.golden("G-19")
@pytest.mark.parametrize(
    ("used", "due", "days"),
    [
        ("2025-12-11", "2026-08-04", 236),
        ("2026-07-10", "2026-08-04", 25),
        ("2026-07-11", "2027-01-04", 177),
        ("2026-12-10", "2027-01-04", 25),
        ("2026-12-11", "2027-08-04", 236),
    ],
)
def test_bonus_use_falls_due_in_the_month_of_its_window(used: str, due: str, days: int) -> None:
    assert dates_of(Product.AU_BONUS, used) == [due]
    assert (dt.date.fromisoformat(due) - dt.date.fromisoformat(used)).days == days


@pytest.mark.clause("AU-29.1(2)", "AU-31.2", "AU-35.1")
@pytest.mark.golden("G-19")
def test_two_time_use_and_three_instalments_of_july_run_from_september() -> None:
    assert dates_of(Product.AU_TWO_TIME, "2026-07-20", 2) == ["2026-09-04", "2026-10-04"]
    found = dates_of(Product.AU_INSTALMENTS, "2026-07-20", 3)
    assert found == ["2026-09-04", "2026-10-04", "2026-11-04"]
    rolled = periods.due_day(TERMS.due, CALENDAR, np.array([20, 21, 22]))
    assert [CALENDAR.date(int(day)).isoformat() for day in rolled] == [
        "2026-09-04", "2026-10-05", "2026-11-04",
    ]  # fmt: skip


@pytest.mark.clause("AU-32.2", "AUX-PRE", "C-62")
@pytest.mark.golden("G-24")
@pytest.mark.parametrize(
    ("plan", "is_full", "open_ways"),
    [
        (Product.AU_INSTALMENTS, True, {PrepayWay.BANK_TRANSFER}),
        (Product.AU_INSTALMENTS, False, set()),
        (Product.AU_REVOLVING, True, set(PrepayWay) - {PrepayWay.ATM}),
        (Product.AU_REVOLVING, False, set(PrepayWay) - {PrepayWay.ATM}),
        (Product.AU_ONE_TIME, True, set()),
        (Product.AU_TWO_TIME, True, set()),
        (Product.AU_BONUS, True, set()),
    ],
)
def test_the_prepayment_matrix_is_the_printed_one(
    plan: Product, open_ways: set[PrepayWay], *, is_full: bool
) -> None:
    ways = np.array(list(PrepayWay))
    allowed = prepayment.prepayment_allowed(
        TERMS.prepay,
        np.full(4, plan),
        np.full(4, is_full),
        ways,
        is_due_date=True,
        is_approved=np.ones(4, dtype=np.bool_),
    )
    assert {PrepayWay(way) for way in ways[allowed]} == open_ways
