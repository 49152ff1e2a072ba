"""Yen that bore interest for some days: what a balance with a history adds up to, floored once.

In flow yen and day indices, out flow sums of yen times day weight, then whole yen. Kept invariant:
a sum of parts is floored once, however often the balance moved (C-41).
"""

from typing import NamedTuple

import numpy as np

from models.arrays import Ints
from models.calendar import Calendar
from models.clauses import implements
from models.kernels import ExactRate, SplitMode, day_weight, interest_of_weight
from models.kernels.days import span_weight
from models.parameters import Parameters, parameter


class DayCount(Parameters):
    """How a day of a fee or of late damages counts."""

    split_years: bool = parameter(
        True,
        "Each day has the weight of its own year; otherwise the first day's year sets them all.",
        unit="-",
        source="AU-23.1; C-28; C-54",
    )
    split_mode: SplitMode = parameter(
        "sum",
        "Floor the sum of the parts in ordinary and leap years, or each part.",
        unit="-",
        source="AUX-REV(3); C-41",
    )


class Accrual(NamedTuple):
    """Yen times time, shape (n,) each: in day weights, and in days."""

    yen_weight: Ints
    yen_days: Ints

    def plus(self, *others: "Accrual") -> "Accrual":
        """Add further accruals of the same rows."""
        return Accrual(
            np.asarray(self.yen_weight + sum(other.yen_weight for other in others)),
            np.asarray(self.yen_days + sum(other.yen_days for other in others)),
        )


def no_accrual(n: int) -> Accrual:
    """Give accruals of nothing for `n` rows."""
    return Accrual(np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64))


def weight_at(calendar: Calendar, day: Ints) -> Ints:
    """Give the running day weight of day indices, inside the calendar or not."""
    index = np.asarray(day, dtype=np.int64)
    # A day before the calendar is above all days of it when read without a sign.
    if index.view(np.uint64).max(initial=0) < calendar.weight.size:
        return np.asarray(calendar.weight[index])
    return np.asarray(day_weight(np.datetime64(calendar.start, "D") + index))


def accrual(
    daycount: DayCount, calendar: Calendar, yen: Ints, after_day: Ints, to_day: Ints
) -> Accrual:
    """Accrue yen over days.

    Parameters
    ----------
    daycount
        How years are split.
    calendar
        Calendar of the run.
    yen
        Balance, yen, 0 or more; all arrays broadcast.
    after_day
        Day index before the first day that counts.
    to_day
        Last day that counts; where it is not after `after_day` nothing accrues.

    Returns
    -------
    Accrual
        The broadcast shape, int64; a century of 600 million yen fits.

    Examples
    --------
    >>> import datetime as dt
    >>> calendar = Calendar.of(dt.date(2025, 1, 1), months=1)
    >>> span = np.array([4]), np.array([6])
    >>> accrual(DayCount(), calendar, np.array([100]), *span).yen_days.tolist()
    [200]
    """
    before = np.asarray(after_day, dtype=np.int64)
    last = np.maximum(np.asarray(to_day, dtype=np.int64), before)
    if daycount.split_years:
        weight = weight_at(calendar, last) - weight_at(calendar, before)
    else:
        start = np.datetime64(calendar.start, "D")
        weight = span_weight(start + before, start + last, split_years=False)
    balance = np.asarray(yen, dtype=np.int64)
    return Accrual(np.asarray(balance * weight), np.asarray(balance * (last - before)))


@implements("AU-23.1", "AUX-REV(3)")
def interest(daycount: DayCount, accrued: Accrual, rate: ExactRate) -> Ints:
    """Give the interest on accruals in whole yen, rounded down.

    Parameters
    ----------
    daycount
        How years are split and where the floor falls.
    accrued
        Yen times time, shape (n,).
    rate
        Rate a year, exact.

    Returns
    -------
    Ints
        int64 yen, shape (n,).

    Notes
    -----
    ``floor(rate * (o / 365 + l / 366))`` with o yen-days in ordinary and l in leap years; an
    ordinary day weighs 366 and a leap day 365, so ``o = yen_weight - 365 * yen_days``. With
    ``split_mode="each"`` both parts are floored (C-41).
    """
    if daycount.split_mode == "sum":
        return interest_of_weight(accrued.yen_weight, rate, 1)
    ordinary = accrued.yen_weight - 365 * accrued.yen_days
    leap = accrued.yen_days - ordinary
    parts = interest_of_weight(ordinary, rate, 366), interest_of_weight(leap, rate, 365)
    return np.asarray(parts[0] + parts[1])
