"""Day weights: exact day counts over ordinary and leap years by one subtraction.

In flow dates, out flows an int64 prefix sum. Kept invariant: for d1 <= d2 the difference
``day_weight(d2) - day_weight(d1)`` over `YEAR_WEIGHT` is the exact fraction of a year that lies
after d1, up to and including d2.
"""

import datetime as dt
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from models.kernels.exact import IntArray

Dates: TypeAlias = npt.ArrayLike | dt.date | Sequence[dt.date]
"""Dates: ``datetime64``, ``datetime.date`` or ISO text, one or many; never plain integers."""

YEAR_WEIGHT = 365 * 366
"""Weight of one year: 365 days of 366 each in an ordinary year, 366 of 365 in a leap year."""


def as_days(dates: Dates, name: str = "dates") -> npt.NDArray[np.datetime64]:
    """Return dates as a ``datetime64[D]`` array.

    Parameters
    ----------
    dates
        Dates of any shape.
    name
        What the error message calls them.

    Returns
    -------
    NDArray[datetime64]
        The same shape, dtype ``datetime64[D]``.

    Raises
    ------
    TypeError
        If `dates` are numbers: a day index is not a date.
    ValueError
        If a date is missing (NaT).

    Examples
    --------
    >>> as_days("2025-02-10")
    array('2025-02-10', dtype='datetime64[D]')
    """
    array = np.asarray(dates)
    if array.size and array.dtype.kind not in "MOU":
        raise TypeError(f"{name} must be dates, got {array.dtype}")
    days: npt.NDArray[np.datetime64] = array.astype("datetime64[D]")
    if np.isnat(days).any():
        raise ValueError(f"{name} must not hold a missing date (NaT)")
    return days


def months_later(dates: Dates, months: npt.ArrayLike) -> npt.NDArray[np.datetime64]:
    """Return the same day of the month some months later, or the last of a shorter month.

    Parameters
    ----------
    dates
        Dates of any shape.
    months
        Whole months; broadcasts with `dates`.

    Returns
    -------
    NDArray[datetime64]
        The broadcast shape, dtype ``datetime64[D]``.

    Raises
    ------
    TypeError
        If `dates` are numbers.
    ValueError
        If a date is missing (NaT).

    Examples
    --------
    >>> months_later(["2026-08-31", "2024-02-29"], [6, 60]).astype(str).tolist()
    ['2027-02-28', '2029-02-28']
    """
    days = as_days(dates)
    month = days.astype("datetime64[M]")
    day_of_month = days - month.astype("datetime64[D]")
    target = month + np.asarray(months).astype("timedelta64[M]")
    first = target.astype("datetime64[D]")
    last = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    return np.asarray(np.minimum(first + day_of_month, last))


def day_weight(dates: Dates) -> IntArray:
    """Return the running sum of day weights up to and including each date.

    Parameters
    ----------
    dates
        Dates of any shape.

    Returns
    -------
    IntArray
        Weights in 1/(365 * 366) of a year, the same shape, int64; the origin is arbitrary.

    Raises
    ------
    TypeError
        If `dates` are numbers.
    ValueError
        If a date is missing (NaT).

    Notes
    -----
    A day of an ordinary year weighs 366, a day of a leap year 365, so that each year weighs
    365 * 366 and a span over New Year is split by itself (NP-30.1, C-28)::

        W(d) = 366 * o(d) - 366 * l(y - 1) - (l(y) - l(y - 1)) * k(d)
        l(y) = y // 4 - y // 100 + y // 400

    with o the ordinal, y the year and k the day number in the year of date d, and l(y) the
    number of Gregorian leap years up to y: 366 less one for every leap-year day so far.

    Examples
    --------
    >>> span = day_weight("2024-01-31") - day_weight("2023-12-10")
    >>> int(span) == 21 * 366 + 31 * 365
    True
    """
    days = as_days(dates)
    years = days.astype("datetime64[Y]")
    year = years.astype(np.int64) + 1970
    day_of_year = (days - years).astype(np.int64) + 1
    leap_years_before = _leap_years(year - 1)
    is_leap_year = _leap_years(year) - leap_years_before
    weight = 366 * (days.astype(np.int64) - leap_years_before) - is_leap_year * day_of_year
    return np.asarray(weight, dtype=np.int64)


def span_weight(due: Dates, paid: Dates, *, split_years: bool = True) -> IntArray:
    """Return the day weight from the day after one date to another.

    Parameters
    ----------
    due
        Days before the first that counts.
    paid
        Last days that count; broadcast with `due`.
    split_years
        Whether each day has the weight of its own year; otherwise the year of the first day
        that counts sets the weight of the whole span (C-28, C-54).

    Returns
    -------
    IntArray
        Weights in 1/(365 * 366) of a year, the broadcast shape, int64; 0 where `paid` is not
        after `due`.

    Raises
    ------
    TypeError
        If dates are numbers.
    ValueError
        If a date is missing (NaT).

    Examples
    --------
    >>> span = span_weight("2023-12-10", "2024-01-31")
    >>> int(span) == 21 * 366 + 31 * 365
    True
    >>> int(span_weight("2023-12-10", "2024-01-31", split_years=False)) == 52 * 366
    True
    """
    before, last = as_days(due, "due"), as_days(paid, "paid")
    start = day_weight(before)
    if split_years:
        weight = day_weight(last) - start
    else:
        weight_of_first = day_weight(before + np.timedelta64(1, "D")) - start
        weight = (last - before).astype(np.int64) * weight_of_first
    return np.asarray(np.maximum(weight, 0), dtype=np.int64)


def _leap_years(year: IntArray) -> IntArray:
    """Count the Gregorian leap years from year 1 to the given year."""
    return np.asarray(year // 4 - year // 100 + year // 400)
