"""When au PAY Atobarai bills: standard periods, captured sales, due months and due days.

In flow day and month indices of a `Calendar`, out flow the same. Kept invariant: cut-offs never
roll (CAL-04); a due day may (AU-35.1).
"""

import numpy as np

from models.arrays import Bools, Ints
from models.calendar import Calendar
from models.clauses import implements
from models.products.au_pay.payment_terms import DueTerms, StatementTerms
from models.products.au_pay.plan_terms import BonusTerms, PeriodTerms, PlanTerms
from models.products.catalogue import Product


def nominal_day(calendar: Calendar, month: Ints, day_of_month: int) -> Ints:
    """Give the day index of a day number in months, clipped to short months, never rolled.

    Months before and after the calendar are found by date.
    """
    months = np.asarray(month, dtype=np.int64)
    known = calendar.month_first
    if months.size and months.min() >= 0 and months.max() < known.size - 1:
        first = known[months].astype(np.int64)
        return np.asarray(np.minimum(first + day_of_month, known[months + 1]) - 1)
    start = np.datetime64(calendar.start, "M")
    by_date = (start + months).astype("datetime64[M]")
    firsts = by_date.astype("datetime64[D]")
    length = ((by_date + 1).astype("datetime64[D]") - firsts).astype(np.int64)
    offset = (firsts - np.datetime64(calendar.start, "D")).astype(np.int64)
    return np.asarray(offset + np.minimum(day_of_month, length) - 1)


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
    month = calendar.month_of[use_day].astype(np.int64)
    of_year = calendar.month_of_year[month].astype(np.int64)
    key = of_year * 100 + calendar.day_of_month[use_day]
    due = np.asarray(cycle, dtype=np.int64) + 1
    is_open = np.zeros(due.shape, dtype=np.bool_)
    for window in terms.windows:
        after, before = key >= window.from_month_day, key <= window.to_month_day
        wraps = window.from_month_day > window.to_month_day
        inside = (after | before) if wraps else (after & before)
        months_ahead = (window.due_month - of_year - 1) % 12 + 1
        due = np.where(inside & ~is_open, np.maximum(due, month + months_ahead), due)
        is_open |= inside
    return due, is_open


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
