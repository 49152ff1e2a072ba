"""Revolving accounts: capture, overdue principal, courses, top-up, acceleration."""

import datetime as dt
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calendar import Calendar
from models.kernels.revolving import Course
from models.products.au_pay import AuPayTerms, periods, revolving
from models.products.au_pay.accrual import DayCount, accrual, interest, weight_at
from models.products.au_pay.parts import put_principal, shares_of_parts
from models.products.au_pay.plan_terms import RevolvingTerms
from models.products.au_pay.revolving import Accounts

TERMS = AuPayTerms()
CALENDAR = Calendar.of(dt.date(2025, 1, 1), months=24)
MONTH = revolving.fee_month(TERMS.revolving, TERMS.due, CALENDAR, 9)  # 5 Sep to 4 Oct 2025


def yen(*amounts: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Give amounts as an array."""
    return np.array(amounts, dtype=np.int64)


def account(
    running: int = 0, captured: int = 0, overdue: int = 0, *, is_first: bool = False
) -> Accounts:
    """Give one account."""
    return revolving.open_accounts(1)._replace(
        running_yen=yen(running),
        captured_yen=yen(captured),
        overdue_yen=yen(overdue),
        is_first=np.array([is_first]),
    )


def bill(
    accounts: Accounts,
    terms: RevolvingTerms = TERMS.revolving,
    course: Course = Course.FIXED,
    top_up: int = 0,
) -> list[int]:
    """Give payment, fee and principal of one account for October 2025."""
    due = revolving.accrued(terms, TERMS.daycount, CALENDAR, accounts, MONTH, yen(MONTH.to_day))
    base = revolving.payment_base(terms, accounts)
    found = revolving.monthly_bill(
        terms, TERMS.daycount, accounts, base, due, yen(course), yen(10_000), yen(top_up)
    )
    return [int(part[0]) for part in found]


@pytest.mark.clause("AU-30.1(2)", "C-10", "CAL-05", "C-22")
def test_a_fee_month_keeps_the_nominal_4th_or_follows_the_rolled_due_date() -> None:
    rolled = RevolvingTerms(nominal_days=False)
    nominal_days, rolled_days = (
        [CALENDAR.date(day).isoformat() for day in found]
        for found in (
            revolving.fee_month(TERMS.revolving, TERMS.due, CALENDAR, 9),
            revolving.fee_month(rolled, TERMS.due, CALENDAR, 9),
        )
    )
    assert nominal_days == ["2025-09-04", "2025-09-14", "2025-10-04"]
    assert rolled_days == ["2025-09-04", "2025-09-14", "2025-10-06"]


@pytest.mark.clause("AU-30.1(2)", "CAL-05", "C-22")
def test_rolled_fee_days_make_a_longer_month_dearer() -> None:
    terms = RevolvingTerms(nominal_days=False)
    month = revolving.fee_month(terms, TERMS.due, CALENDAR, 9)
    found = revolving.accrued(
        terms, TERMS.daycount, CALENDAR, account(91_035), month, yen(month.to_day)
    )
    assert interest(TERMS.daycount, found, terms.rate).tolist() == [91_035 * 18 * 32 // 36_500]


@pytest.mark.clause("AU-30.1(1)")
def test_the_cut_off_moves_only_what_it_captures() -> None:
    before = account(5)._replace(pending_yen=yen(30))
    after = revolving.capture(before, yen(20))
    assert [int(part[0]) for part in after[:3]] == [5, 20, 10]


@pytest.mark.clause("C-19")
@pytest.mark.parametrize(("on_overdue", "fee"), [(False, 739), (True, 1_035)])
def test_overdue_principal_bears_damages_only_or_the_fee_too(*, on_overdue: bool, fee: int) -> None:
    terms = RevolvingTerms(fee_on_overdue=on_overdue)
    assert bill(account(50_000, overdue=20_000), terms)[1] == fee


@pytest.mark.clause("C-19", "AUX-REV(1)")
@pytest.mark.parametrize(("in_base", "payment"), [(False, 10_000), (True, 15_000)])
def test_overdue_principal_sets_the_next_payment_or_not(*, in_base: bool, payment: int) -> None:
    terms = RevolvingTerms(overdue_in_payment_base=in_base)
    assert bill(account(90_000, overdue=20_000), terms, Course.STANDARD)[0] == payment


@pytest.mark.clause("C-19")
@pytest.mark.parametrize(("on_overdue", "fee"), [(False, 739), (True, 838)])
def test_overdue_principal_paid_on_the_way_bears_the_fee_to_its_day(
    *, on_overdue: bool, fee: int
) -> None:
    terms = RevolvingTerms(fee_on_overdue=on_overdue)
    day = yen(MONTH.after_day + 10)
    gone = revolving.borne_until_paid(terms, TERMS.daycount, CALENDAR, MONTH, yen(20_000), day)
    paid = account(50_000)._replace(gone=gone)
    assert bill(paid, terms)[1] == fee


@pytest.mark.clause("AU-30.1(2)", "C-18")
def test_a_purchase_of_12_august_bears_the_fee_from_15_september() -> None:
    used = yen(CALENDAR.day(dt.date(2025, 8, 12)))
    cycle = periods.cycle_month(TERMS.period, TERMS.due, CALENDAR, used, used, np.array([True]))
    month = revolving.fee_month(TERMS.revolving, TERMS.due, CALENDAR, int(cycle[0]) + 1)
    assert CALENDAR.date(month.first_after_day + 1) == dt.date(2025, 9, 15)


@pytest.mark.clause("C-19")
def test_overdue_principal_is_never_billed_a_second_time() -> None:
    terms = RevolvingTerms(overdue_in_payment_base=True)
    assert bill(account(4_000, overdue=50_000), terms) == [4_059, 59, 4_000]


@pytest.mark.clause("AU-30.1(2)", "C-18")
@pytest.mark.parametrize(("is_first", "days"), [(True, 20), (False, 30)])
def test_by_account_only_the_first_use_starts_on_the_15th(*, is_first: bool, days: int) -> None:
    terms = RevolvingTerms(first_fee_scope="per_account")
    fee = bill(account(captured=100_000, is_first=is_first), terms)[1]
    assert fee == 100_000 * 18 * days // 36_500


@pytest.mark.clause("C-18")
def test_an_account_is_first_until_it_is_billed() -> None:
    used = account(captured=10_000, is_first=True)
    for amount, is_first in ((0, True), (500, False)):
        billed = revolving.MonthlyBill(yen(amount), yen(0), yen(amount))
        assert revolving.close_fee_month(used, billed).is_first.tolist() == [is_first]


@pytest.mark.clause("AU-30.1(1)")
def test_the_billed_principal_leaves_the_account_paid_or_not() -> None:
    accounts = account(60_000, 40_000)
    billed = revolving.MonthlyBill(yen(10_000), yen(1_300), yen(8_700))
    after = revolving.close_fee_month(accounts, billed)
    assert (after.running_yen.tolist(), after.captured_yen.tolist()) == ([91_300], [0])


@pytest.mark.clause("AU-30.1(3)")
def test_a_top_up_goes_to_principal() -> None:
    assert bill(account(91_035), top_up=5_000) == [15_000, 1_346, 13_654]
    assert bill(account(12_000), top_up=5_000) == [12_177, 177, 12_000]


@pytest.mark.clause("AUX-REV(1)", "C-13")
def test_a_step_of_the_tiers_counts_from_its_start_or_its_end() -> None:
    terms = RevolvingTerms(tier_rounding="floor")
    assert bill(account(100_001), course=Course.STANDARD)[0] == 15_000
    assert bill(account(100_001), terms, Course.STANDARD)[0] == 10_000


@pytest.mark.clause("AUX-REV(1)", "C-13")
def test_above_300000_the_long_course_goes_on_or_gives_way_to_the_standard() -> None:
    terms = RevolvingTerms(long_above_300k="not_allowed")
    assert bill(account(300_001), course=Course.LONG)[0] == 15_000
    assert bill(account(300_001), terms, Course.LONG)[0] == 35_000
    assert bill(account(300_000), terms, Course.LONG)[0] == 14_000


@pytest.mark.clause("AU-30.1(1)", "AUX-REV(1)")
def test_without_a_choice_the_course_is_standard() -> None:
    assert revolving.course_of_name(TERMS.revolving) == Course.STANDARD


@pytest.mark.clause("AUX-REV(1)")
def test_a_fixed_amount_is_brought_to_a_step_inside_the_range() -> None:
    named = yen(0, 1, 5_000, 12_345, 100_000, 250_000)
    found = revolving.chosen_in_force(TERMS.revolving, named)
    assert found.tolist() == [10_000, 5_000, 5_000, 10_000, 100_000, 100_000]


@pytest.mark.clause("AU-39.2(1)", "C-19")
def test_acceleration_claims_the_fee_through_its_day_and_all_principal() -> None:
    accounts = account(91_035, 50_000)._replace(pending_yen=yen(7_000))
    day = CALENDAR.day(dt.date(2025, 9, 20))
    found = revolving.payoff(TERMS.revolving, TERMS.daycount, CALENDAR, accounts, MONTH, yen(day))
    assert found.principal_yen.tolist() == [148_035]
    assert found.fee_yen.tolist() == [(91_035 * 16 + 50_000 * 6) * 18 // 36_500]


def test_principal_is_taken_from_the_oldest_drawer_first() -> None:
    accounts = account(100, 200)._replace(pending_yen=yen(400))
    day = yen(MONTH.after_day)
    for taken, left in ((60, [40, 200, 400]), (250, [0, 50, 400]), (650, [0, 0, 50])):
        after = revolving.take_principal(
            TERMS.daycount, TERMS.revolving, CALENDAR, accounts, MONTH, yen(taken), day
        )
        assert [int(part[0]) for part in after[:3]] == left


@pytest.mark.clause("C-28", "C-54")
def test_a_span_over_new_year_is_split_or_counts_as_its_first_day() -> None:
    calendar = Calendar.of(dt.date(2023, 12, 1), months=2)
    span = yen(10_000_000), yen(29), yen(32)  # 31 Dec 2023 to 2 Jan 2024
    found = {
        split: int(
            interest(
                DayCount(split_years=split),
                accrual(DayCount(split_years=split), calendar, *span),
                TERMS.late.rate,
            )[0]
        )
        for split in (True, False)
    }
    assert found == {True: 11_937, False: 11_958}


def test_weights_reach_beyond_the_calendar() -> None:
    days = np.array([-366, -365, 0])
    weights = weight_at(CALENDAR, days)
    assert np.diff(weights).tolist() == [365, 364 * 365 + 365 + 1]


@pytest.mark.clause("AU-38.5", "AU-39.1(2)")
@pytest.mark.parametrize(
    ("paid", "parts", "whole", "shares"),
    [
        (8_965, [60_000, 0, 0], 100_000, [3_586, 5_379, 0, 0]),
        (10, [1, 1, 1], 3, [0, 3, 3, 4]),  # a fee may be above what it is for
        (2, [1, 1, 1], 3, [0, 0, 1, 1]),
        (100, [0, 0, 0], 0, [100, 0, 0, 0]),
        (99, [33, 33, 33], 99, [0, 33, 33, 33]),
    ],
)
def test_a_payment_is_divided_among_parts_in_proportion(
    paid: int, parts: list[int], whole: int, shares: list[int]
) -> None:
    found = shares_of_parts(yen(paid), yen(*parts)[np.newaxis], yen(whole))
    assert found.tolist() == [shares]


@pytest.mark.clause("AU-38.5")
@given(
    st.lists(st.integers(0, 3_000_000), min_size=4, max_size=4),
    st.fractions(0, 1, max_denominator=97),
)
def test_no_part_pays_more_than_it_is_and_none_is_a_yen_off(
    held: list[int], share: Fraction
) -> None:
    whole = sum(held)
    paid = int(whole * share)
    (found,) = shares_of_parts(yen(paid), yen(*held[1:])[np.newaxis], yen(whole)).tolist()
    assert sum(found) == paid
    for part, own in zip(held, found, strict=True):
        assert 0 <= own <= part
        assert abs(own * whole - part * paid) < max(whole, 1)


@pytest.mark.clause("AU-30.1(2)", "AU-41.1")
def test_principal_that_comes_back_bears_the_fee_from_the_next_day_on() -> None:
    before, day = account(50_000), yen(MONTH.after_day + 16)
    terms = TERMS.revolving
    back = put_principal(TERMS.daycount, terms, CALENDAR, before, MONTH, yen(91_035), day)
    whole = revolving.accrued(terms, TERMS.daycount, CALENDAR, back, MONTH, yen(MONTH.to_day))
    days = MONTH.to_day - MONTH.after_day
    fee = (50_000 * days + 91_035 * (days - 16)) * 18 // 36_500
    assert interest(TERMS.daycount, whole, terms.rate).tolist() == [fee]
    assert back.running_yen.tolist() == [141_035]
