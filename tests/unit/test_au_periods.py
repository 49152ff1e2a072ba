"""Standard periods, captured sales, bonus windows and due days."""

import datetime as dt

import numpy as np
import pytest

from models.calendar import Calendar
from models.products.au_pay import AuPayTerms, periods
from models.products.au_pay.payment_terms import DueTerms
from models.products.au_pay.plan_terms import BonusTerms, BonusWindow, PeriodTerms
from models.products.catalogue import Product

TERMS = AuPayTerms()
CALENDAR = Calendar.of(dt.date(2026, 1, 1), months=18)
NOT_REVOLVING, IS_REVOLVING = np.array([False]), np.array([True])


def day(date: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Give the index of a date as an array of one."""
    return np.array([CALENDAR.day(dt.date.fromisoformat(date))])


def cycle(
    used: str, posted: str, is_revolving: np.ndarray = NOT_REVOLVING, *, all_plans: bool = True
) -> int:
    """Give the month, 0 for January 2026, whose period captures a use."""
    terms = PeriodTerms(capture_all_plans=all_plans)
    return int(
        periods.cycle_month(terms, TERMS.due, CALENDAR, day(used), day(posted), is_revolving)[0]
    )


@pytest.mark.clause("AU-21.1", "CAL-04")
def test_the_standard_period_runs_from_the_11th_to_the_10th() -> None:
    used = ["2026-01-10", "2026-01-11", "2026-02-10", "2026-02-11", "2026-03-10"]
    assert [cycle(date, date) for date in used] == [0, 1, 1, 2, 2]


@pytest.mark.clause("AU-29.1", "AU-30.1(1)", "C-10", "C-46")
@pytest.mark.parametrize(
    ("used", "posted", "month"),
    [
        ("2026-03-10", "2026-03-14", 2),
        ("2026-03-10", "2026-03-15", 3),
        ("2026-03-11", "2026-03-12", 3),
        ("2026-02-20", "2026-02-21", 2),
        ("2026-02-20", "2026-05-14", 4),
        ("2026-02-20", "2026-05-15", 5),
    ],
)
def test_a_sale_is_captured_by_the_10th_if_known_on_the_14th(
    used: str, posted: str, month: int
) -> None:
    assert cycle(used, posted) == cycle(used, posted, IS_REVOLVING) == month


@pytest.mark.clause("C-46")
def test_read_for_revolving_only_the_capture_rule_leaves_other_plans_their_period() -> None:
    assert cycle("2026-03-10", "2026-03-15", all_plans=False) == 2
    assert cycle("2026-03-10", "2026-03-15", IS_REVOLVING, all_plans=False) == 3


@pytest.mark.clause("C-46")
@pytest.mark.parametrize(("posted", "month"), [("2026-04-03", 2), ("2026-04-04", 3)])
def test_even_then_nothing_falls_due_before_it_is_posted(posted: str, month: int) -> None:
    assert cycle("2026-03-10", posted, all_plans=False) == month


@pytest.mark.clause("AU-29.1(3)", "C-46")
@pytest.mark.parametrize(
    ("used", "posted", "month"),
    [
        ("2026-07-05", "2026-07-14", 7),
        ("2026-07-05", "2026-07-20", 8),
        ("2026-03-01", "2026-04-20", 7),
    ],
)
def test_a_late_posting_moves_a_bonus_use_only_past_its_window(
    used: str, posted: str, month: int
) -> None:
    due, is_open = periods.bonus_due_month(
        TERMS.bonus, CALENDAR, day(used), np.array([cycle(used, posted)])
    )
    assert (due.tolist(), is_open.tolist()) == ([month], [True])


@pytest.mark.clause("AU-29.1(3)", "C-12")
def test_a_use_outside_every_bonus_window_is_due_like_one_time_use() -> None:
    summer = BonusTerms(windows=(BonusWindow(from_month_day=401, to_month_day=630, due_month=8),))
    used = np.array([CALENDAR.day(dt.date(2026, 3, 31)), CALENDAR.day(dt.date(2026, 4, 1))])
    due, is_open = periods.bonus_due_month(summer, CALENDAR, used, np.array([3, 3]))
    assert (due.tolist(), is_open.tolist()) == ([4, 7], [False, True])


@pytest.mark.clause("AU-29.1(1)", "AU-29.1(3)")
def test_only_bonus_use_looks_at_the_windows() -> None:
    used = np.repeat(day("2026-02-20"), 3)
    plan = np.array([Product.AU_ONE_TIME, Product.AU_BONUS, Product.AU_INSTALMENTS])
    first = periods.first_due_month(TERMS.bonus, CALENDAR, used, np.full(3, 2), plan)
    assert first.tolist() == [3, 7, 3]


@pytest.mark.clause("AU-35.1", "CAL-02")
def test_a_due_day_rolls_unless_it_is_told_not_to() -> None:
    months = np.array([3, 4])  # 4 April 2026 is a Saturday, 4 May a holiday
    rolled = [CALENDAR.date(int(d)).day for d in periods.due_day(TERMS.due, CALENDAR, months)]
    fixed = [
        CALENDAR.date(int(d)).day for d in periods.due_day(DueTerms(roll="none"), CALENDAR, months)
    ]
    assert (rolled, fixed) == ([6, 7], [4, 4])


@pytest.mark.clause("AU-35.1")
def test_a_due_day_beyond_the_calendar_stays_nominal() -> None:
    beyond = periods.due_day(TERMS.due, CALENDAR, np.array([60]))
    assert CALENDAR.date(int(beyond[0])) == dt.date(2031, 1, 4)


@pytest.mark.clause("AU-36.1", "AU-28.3(2)")
def test_statement_and_last_switch_lie_in_the_month_before_the_due_date() -> None:
    month = np.array([3])
    statement = periods.statement_day(TERMS.statement, CALENDAR, month)
    switch = periods.last_switch_day(TERMS.plan, CALENDAR, month)
    assert CALENDAR.date(int(statement[0])) == dt.date(2026, 3, 25)
    assert CALENDAR.date(int(switch[0])) == dt.date(2026, 3, 20)


def test_a_day_beyond_a_short_month_is_its_last() -> None:
    assert CALENDAR.date(int(periods.nominal_day(CALENDAR, np.array([1]), 31)[0])).day == 28
