"""Worked dates of the NP products (rulebook 4.7), day by day."""

import datetime as dt

import numpy as np
import pytest

from models.calendar import Calendar, next_business_day

DEBIT_DUE = """
2025-01-27 2025-02-27 2025-03-27 2025-04-28 2025-05-27 2025-06-27
2025-07-28 2025-08-27 2025-09-29 2025-10-27 2025-11-27 2025-12-29
2026-01-27 2026-02-27 2026-03-27 2026-04-27 2026-05-27 2026-06-29
2026-07-27 2026-08-27 2026-09-28 2026-10-27 2026-11-27 2026-12-28
"""
STATEMENT = """
2025-01-08 2025-02-05 2025-03-05 2025-04-03 2025-05-07 2025-06-04
2025-07-03 2025-08-05 2025-09-03 2025-10-03 2025-11-06 2025-12-03
2026-01-07 2026-02-04 2026-03-04 2026-04-03 2026-05-08 2026-06-03
2026-07-03 2026-08-05 2026-09-03 2026-10-05 2026-11-05 2026-12-03
"""
MONTHS = np.arange("2025-01", "2027-01", dtype="datetime64[M]")


@pytest.fixture
def calendar() -> Calendar:
    return Calendar.of(dt.date(2025, 1, 1), months=24)


@pytest.mark.clause("NP-28.3", "CAL-01", "CAL-02")
@pytest.mark.golden("G-20")
def test_direct_debit_is_due_on_the_27th_or_the_next_business_day(calendar: Calendar) -> None:
    due = [calendar.date(calendar.due_day(month, 27, roll=True)) for month in range(24)]
    assert [day.isoformat() for day in due] == DEBIT_DUE.split()
    nominal = MONTHS.astype("datetime64[D]") + 26
    assert next_business_day(nominal).astype(str).tolist() == DEBIT_DUE.split()


@pytest.mark.clause("NP-28.5", "C-44", "CAL-03")
@pytest.mark.golden("G-20")
def test_the_statement_is_shown_on_the_third_business_day(calendar: Calendar) -> None:
    shown = [calendar.date(calendar.nth_business_day(month, 3)) for month in range(24)]
    assert [day.isoformat() for day in shown] == STATEMENT.split()


@pytest.mark.clause("NP-28.3", "CAL-02")
@pytest.mark.golden("G-20")
def test_the_debit_for_january_2027_rolls_into_march(calendar: Calendar) -> None:
    assert calendar.date(calendar.due_day(25, 27, roll=True)) == dt.date(2027, 3, 1)
    assert next_business_day("2027-02-27") == np.datetime64("2027-03-01")


@pytest.mark.clause("C-44")
@pytest.mark.golden("G-20")
def test_a_debit_that_rolls_into_march_keeps_the_statement_of_february(calendar: Calendar) -> None:
    shown = calendar.date(calendar.nth_business_day(25, 3))
    assert shown == dt.date(2027, 2, 3)


@pytest.mark.clause("C-21", "CAL-04")
@pytest.mark.golden("G-20")
@pytest.mark.parametrize("day_of_month", [10, 20])
def test_the_10th_and_the_20th_never_move(calendar: Calendar, day_of_month: int) -> None:
    due = [calendar.date(calendar.due_day(month, day_of_month, roll=False)) for month in range(24)]
    assert {day.day for day in due} == {day_of_month}
    assert any(not calendar.is_business_day[calendar.day(day)] for day in due)


@pytest.mark.clause("C-21")
@pytest.mark.golden("G-20")
def test_a_terminal_bill_due_on_sunday_10_may_2026_stays_there(calendar: Calendar) -> None:
    due = calendar.date(calendar.due_day(16, 10, roll=False))
    assert due == dt.date(2026, 5, 10)
    assert due.weekday() == 6


@pytest.mark.clause("NP-28.1", "NP-28.3")
@pytest.mark.golden("G-20")
@pytest.mark.parametrize(
    ("bought", "days"),
    [(dt.date(2026, 1, 1), [40, 50, 57]), (dt.date(2026, 1, 31), [10, 20, 27])],
)
def test_days_from_purchase_to_due_date_by_terminal_invoice_and_debit(
    calendar: Calendar, bought: dt.date, days: list[int]
) -> None:
    bought_on = calendar.day(bought)
    following = int(calendar.month_of[bought_on]) + 1
    due = [calendar.due_day(following, number, roll=number == 27) for number in (10, 20, 27)]
    assert [day - bought_on for day in due] == days


@pytest.mark.golden("G-21")
def test_sixty_days_before_a_notice_of_31_march_2026_is_30_january(calendar: Calendar) -> None:
    notice = calendar.day(dt.date(2026, 3, 31))
    assert calendar.date(notice - 60) == dt.date(2026, 1, 30)
