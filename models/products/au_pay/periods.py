"""When au PAY Atobarai bills: standard periods, captured sales, due months and due days.

In flow day and month indices of a `Calendar`, out flow the same. Kept invariant: cut-offs never
roll (CAL-04); a due day may (AU-35.1).
"""

import datetime as dt
from functools import lru_cache

import numpy as np

from models.arrays import Bools, Ints
from models.calendar import Calendar
from models.clauses import implements
from models.products.au_pay.payment_terms import DueTerms, StatementTerms
from models.products.au_pay.plan_terms import BonusTerms, PeriodTerms, PlanTerms
from models.products.catalogue import Product

MONTHS_BEFORE, MONTHS_AFTER = 1200, 2400
"""Months around the start of a calendar whose days are known."""


def nominal_day(calendar: Calendar, month: Ints, day_of_month: int) -> Ints:
    """Give the day index of a day number in months, clipped to short months, never rolled.

    Months may lie up to a century before the start of the calendar and two after it.
    """
    days = _nominal_days(calendar.start, day_of_month)
    return np.asarray(days[np.asarray(month, dtype=np.int64) + MONTHS_BEFORE])


@lru_cache(maxsize=64)
def _nominal_days(start: dt.date, day_of_month: int) -> Ints:
    """Give the day index of a day number in all months around a start."""
    first = np.datetime64(start, "M") + np.arange(-MONTHS_BEFORE, MONTHS_AFTER + 1)
    days = (first.astype("datetime64[D]") - np.datetime64(start, "D")).astype(np.int64)
    found = np.minimum(days[:-1] + day_of_month, days[1:]) - 1
    found.flags.writeable = False
    return found


@implements("AU-21.1", "AU-29.1", "AU-30.1(1)", "CAL-04")
def cycle_month(
    terms: PeriodTerms,
    due: DueTerms,
    calendar: Calendar,
    use_day: Ints,
    posted_day: Ints | int,
    is_revolving: Bools,
) -> Ints:
    """Give the month whose standard period captures each use.

    Parameters
    ----------
    terms
        Period and capture rule.
    due
        Due day, which a late posting must not precede under the other reading of C-46.
    calendar
        Calendar of the run.
    use_day, posted_day
        Day of the use, and day on which the lender knows of it, day indices, shape (n,); the
        latter may be one for all.
    is_revolving
        Uses of the revolving plan, to which the capture rule applies in any case.

    Returns
    -------
    Ints
        Month index in which the period ends, shape (n,): used by the 10th and posted by the 14th,
        else the next month whose 14th the posting meets (C-46).
    """
    month_of, number = calendar.month_of.astype(np.int64), calendar.day_of_month
    by_use = month_of[use_day] + (number[use_day] > terms.end_day)
    captured = month_of[posted_day] + (number[posted_day] > terms.capture_day)
    payable = month_of[posted_day] - (number[posted_day] < due.day)
    posted = captured if terms.capture_all_plans else np.where(is_revolving, captured, payable)
    return np.asarray(np.maximum(by_use, posted))


@implements("AU-29.1(3)")
def bonus_due_month(
    terms: BonusTerms, calendar: Calendar, use_day: Ints, cycle: Ints
) -> tuple[Ints, Bools]:
    """Give the due month of bonus uses.

    Parameters
    ----------
    terms
        Windows.
    calendar
        Calendar of the run.
    use_day
        Day of the use, shape (n,).
    cycle
        Month whose period captures the use (`cycle_month`), shape (n,).

    Returns
    -------
    due_month : Ints
        Month index, shape (n,): that of the window of the use, later only where a late posting
        has moved the use past it (C-46).
    is_open : Bools
        Whether the use lies in a window at all; where not, the month is that of one-time use.
    """
    windows = tuple((w.from_month_day, w.to_month_day, w.due_month) for w in terms.windows)
    month = calendar.month_of[use_day].astype(np.int64)
    month_day = calendar.month_of_year[month] * np.int64(100) + calendar.day_of_month[use_day]
    ahead = _months_to_bonus(windows)[month_day]
    is_open = ahead > 0
    one_time = np.asarray(cycle, dtype=np.int64) + 1
    return np.where(is_open, np.maximum(one_time, month + ahead), one_time), is_open


@lru_cache(maxsize=64)
def _months_to_bonus(windows: tuple[tuple[int, int, int], ...]) -> Ints:
    """Give the months from a use to its bonus, by month * 100 + day of the use; 0: no window.

    Windows are first day, last day and month of the due date; the first one that holds a day wins.
    """
    month_day = np.arange(1300)
    found = np.zeros(month_day.size, dtype=np.int64)
    for first, last, due_month in windows:
        after, before = month_day >= first, month_day <= last
        inside = (after | before) if first > last else (after & before)
        months_ahead = (due_month - month_day // 100 - 1) % 12 + 1
        found = np.where(inside & (found == 0), months_ahead, found)
    found.flags.writeable = False
    return found


@implements("AU-35.1", "CAL-02", "CAL-06")
def due_day(terms: DueTerms, calendar: Calendar, month: Ints) -> Ints:
    """Give the due day of months: the 4th, or the next business day.

    Parameters
    ----------
    terms
        Due day and roll.
    calendar
        Calendar of the run.
    month
        Month indices, any shape.

    Returns
    -------
    Ints
        Day indices. A nominal day beyond the calendar's arrays stays nominal: no run gets there.
    """
    nominal = nominal_day(calendar, month, terms.day)
    if terms.roll == "none":
        return nominal
    size = calendar.next_business_day.size
    inside = (nominal >= 0) & (nominal < size)
    rolled = calendar.next_business_day[np.clip(nominal, 0, size - 1)]
    return np.where(inside, rolled, nominal)


@implements("AU-36.1")
def statement_day(terms: StatementTerms, calendar: Calendar, due_month: Ints) -> Ints:
    """Give the day of the statement for what falls due in months, day indices."""
    return nominal_day(calendar, np.asarray(due_month) - 1, terms.day)


@implements("AU-36.1")
def announced_on(
    statement: StatementTerms, period: PeriodTerms, calendar: Calendar, due_month: Ints
) -> Ints:
    """Give the business day that closes before the statement of due months goes out."""
    sent = statement_day(statement, calendar, due_month) - 1
    captured = nominal_day(calendar, np.asarray(due_month) - 1, period.capture_day)
    return np.asarray(np.maximum(sent, captured))


@implements("AU-28.3(2)")
def last_switch_day(terms: PlanTerms, calendar: Calendar, due_month: Ints) -> Ints:
    """Give the last day on which a use first due in months may change its plan, day indices."""
    return nominal_day(calendar, np.asarray(due_month) - 1, terms.switch_day)


def first_due_month(
    terms: BonusTerms, calendar: Calendar, use_day: Ints, cycle: Ints, plan: Ints
) -> Ints:
    """Give the month of the first due date of uses by plan.

    Returns
    -------
    Ints
        Month index, shape (n,): the month after the period, for bonus uses that of the window.
    """
    due = np.asarray(cycle, dtype=np.int64) + 1
    bonus = (np.asarray(plan) == int(Product.AU_BONUS)).nonzero()[0]
    if bonus.size:
        due[bonus], _ = bonus_due_month(terms, calendar, use_day[bonus], cycle[bonus])
    return due
