"""The bank calendar of Japan, and the days of one simulated horizon by index.

In flow dates, out flow business days, due days and day weights. Kept invariants: closings never
roll (CAL-04), a roll goes forward only (CAL-02), and day 0 is the first day of the horizon. The
lender keeps the bank calendar (CAL-03).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Self, TypeAlias, TypeVar

import holidays
import numpy as np
import numpy.typing as npt

from models.arrays import Floats, Ints
from models.clauses import implements
from models.kernels.days import Dates, as_days, day_weight

DateArray: TypeAlias = npt.NDArray[np.datetime64]
Scalar = TypeVar("Scalar", bound=np.generic)

FIRST_YEAR, LAST_YEAR = 1949, 2099
"""Years whose public holidays are known."""

MINUTES_PER_DAY = 1440

_DAYS_AFTER_END = 120
_BANK_CLOSED = ((12, 31), (1, 1), (1, 2), (1, 3))


@implements("CAL-01")
def is_business_day(dates: Dates, extra_holidays: Iterable[dt.date] = ()) -> npt.NDArray[np.bool_]:
    """Tell which dates are business days of a bank.

    Parameters
    ----------
    dates
        Dates from 1949 to 2099, any shape.
    extra_holidays
        Further days on which banks are closed.

    Returns
    -------
    NDArray[bool]
        The same shape.

    Raises
    ------
    TypeError
        If `dates` are numbers.
    ValueError
        If a date is missing (NaT) or outside the known years.

    Notes
    -----
    Monday to Friday, not a Japanese public holiday, not 31 December to 3 January (CAL-01).

    Examples
    --------
    >>> is_business_day(["2027-02-26", "2027-02-27", "2027-12-31"]).tolist()
    [True, False, False]
    """
    days = as_days(dates)
    return np.asarray(np.is_busday(days, busdaycal=_bank_calendar(days, extra_holidays)))


def next_business_day(dates: Dates, extra_holidays: Iterable[dt.date] = ()) -> DateArray:
    """Return each date itself, or the next business day where it is none.

    Parameters
    ----------
    dates
        Dates from 1949 to 2099, any shape.
    extra_holidays
        Further days on which banks are closed.

    Returns
    -------
    NDArray[datetime64]
        The same shape, ``datetime64[D]``.

    Raises
    ------
    TypeError
        If `dates` are numbers.
    ValueError
        If a date is missing (NaT) or outside the known years.

    Notes
    -----
    The roll "following", even into the next month (CAL-02, NP-28.3).

    Examples
    --------
    >>> next_business_day("2027-02-27")
    array('2027-03-01', dtype='datetime64[D]')
    """
    days = as_days(dates)
    calendar = _bank_calendar(days, extra_holidays)
    return np.asarray(np.busday_offset(days, 0, roll="following", busdaycal=calendar))


@dataclass(frozen=True, eq=False)
class Calendar:
    """The days of one horizon by index, 0 being the first; build it with `Calendar.of`.

    All arrays are read-only. They reach beyond the horizon, to the end of a month, so that
    bills of the last month find their due dates, rolls and arrears.
    """

    start: dt.date
    """Day 0, the first day of a month."""
    months: int
    """Months in the horizon."""
    n_days: int
    """Days in the horizon."""
    month_of: npt.NDArray[np.int16] = field(repr=False)
    """Month index by day, 0 for the month of the start."""
    month_first: npt.NDArray[np.int32] = field(repr=False)
    """Day index of the first day by month; one month more than the arrays by day cover."""
    day_of_month: npt.NDArray[np.int8] = field(repr=False)
    """Day number in its month, 1 to 31, by day."""
    month_of_year: npt.NDArray[np.int8] = field(repr=False)
    """Month number in its year, 1 to 12, by month."""
    is_business_day: npt.NDArray[np.bool_] = field(repr=False)
    """Whether banks are open, by day (CAL-01)."""
    next_business_day: npt.NDArray[np.int32] = field(repr=False)
    """Day index of that day or of the next business day, by day (CAL-02)."""
    weight: npt.NDArray[np.int64] = field(repr=False)
    """Running day weight, by day (`models.kernels.day_weight`)."""

    @classmethod
    def of(
        cls,
        start: dt.date,
        months: int,
        margin_days: int = 0,
        extra_holidays: tuple[dt.date, ...] = (),
    ) -> Self:
        """Build the calendar of a horizon.

        Parameters
        ----------
        start
            First day of the horizon, the first of a month.
        months
            Months in the horizon, 1 or more.
        margin_days
            Days that the arrays cover beyond the usual 120 after the horizon, 0 or more.
        extra_holidays
            Further days on which banks are closed.

        Returns
        -------
        Calendar
            With arrays over at least ``n_days + 120 + margin_days`` days.

        Raises
        ------
        ValueError
            If the start is not the first of a month, a number is too small, or the horizon
            leaves the years 1949 to 2099.

        Examples
        --------
        >>> calendar = Calendar.of(dt.date(2027, 1, 1), months=12)
        >>> calendar.n_days, calendar.date(calendar.due_day(1, 27, roll=True))
        (365, datetime.date(2027, 3, 1))
        """
        if start.day != 1:
            raise ValueError(f"start must be the first day of a month, got {start}")
        if months < 1 or margin_days < 0:
            raise ValueError(
                f"months must be 1 or more, margin_days 0 or more, got {months}, {margin_days}"
            )
        first = np.datetime64(start, "D")
        end = (first.astype("datetime64[M]") + months).astype("datetime64[D]")
        last_month = (end + _DAYS_AFTER_END + margin_days).astype("datetime64[M]")
        month = np.arange(first.astype("datetime64[M]"), last_month + 2)
        month_start = month.astype("datetime64[D]")
        days = np.arange(first, month_start[-1])
        month_of_day = days.astype("datetime64[M]")
        return cls(
            start=start,
            months=months,
            n_days=int((end - first).astype(np.int64)),
            month_of=_fixed(month_of_day - month[0], np.int16),
            month_first=_fixed(month_start - first, np.int32),
            day_of_month=_fixed(days - month_of_day.astype("datetime64[D]") + 1, np.int8),
            month_of_year=_fixed(month.astype(np.int64) % 12 + 1, np.int8),
            is_business_day=_fixed(is_business_day(days, extra_holidays), np.bool_),
            next_business_day=_fixed(next_business_day(days, extra_holidays) - first, np.int32),
            weight=_fixed(day_weight(days), np.int64),
        )

    def date(self, day: int) -> dt.date:
        """Return the date of a day index, inside the arrays or not."""
        return self.start + dt.timedelta(days=int(day))

    def day(self, date: dt.date) -> int:
        """Return the day index of a date, negative before the start."""
        return (date - self.start).days

    def nth_business_day(self, month_index: int, n: int) -> int:
        """Return the day index of the n-th business day of a month (CAL-03, NP-28.5).

        Raise ValueError if the month is not covered or has fewer business days.
        """
        first, end = self._bounds(month_index)
        open_days = np.flatnonzero(self.is_business_day[first:end])
        if not 1 <= n <= open_days.size:
            raise ValueError(f"month {month_index} has {open_days.size} business days, got n = {n}")
        return first + int(open_days[n - 1])

    def due_day(self, month_index: int, day_of_month: int, roll: bool) -> int:  # noqa: FBT001
        """Return the day index of a due date in a month.

        A day number beyond the end of the month means its last day (rulebook 0.4); with `roll`
        a due date that is no business day moves to the next one, even into the next month
        (NP-28.3, CAL-02). Raise ValueError if the month is not covered or the number is not
        1 to 31.
        """
        if not 1 <= day_of_month <= 31:
            raise ValueError(f"day_of_month must be 1 to 31, got {day_of_month}")
        first, end = self._bounds(month_index)
        nominal = min(first + day_of_month, end) - 1
        return int(self.next_business_day[nominal]) if roll else nominal

    def even_day(self, month_index: int, u: Floats) -> Ints:
        """Return days of a month by uniforms of shape (n,), each of its days as likely.

        Raise ValueError if the month is not covered.

        Examples
        --------
        >>> calendar = Calendar.of(dt.date(2027, 1, 1), months=12)
        >>> calendar.even_day(1, np.array([0.0, 0.5, 0.999])).tolist()
        [31, 45, 58]
        """
        first, end = self._bounds(month_index)
        return np.asarray(first + np.floor(u * (end - first)).astype(np.int64))

    def _bounds(self, month_index: int) -> tuple[int, int]:
        """Return the first day of a month and of the month after it."""
        n_months = self.month_first.size - 1
        if not 0 <= month_index < n_months:
            raise ValueError(f"month {month_index} is not covered, there are 0 to {n_months - 1}")
        return int(self.month_first[month_index]), int(self.month_first[month_index + 1])


def _fixed(values: npt.NDArray[np.generic], dtype: type[Scalar]) -> npt.NDArray[Scalar]:
    """Return values as a read-only array of a type."""
    array = values.astype(dtype)
    array.flags.writeable = False
    return array


def _bank_calendar(days: DateArray, extra_holidays: Iterable[dt.date]) -> np.busdaycalendar:
    """Return the bank calendar of the years that dates touch, and of the year after."""
    if days.size == 0:
        return _bank_calendar_of(LAST_YEAR, LAST_YEAR, ())
    first, last = (
        int(day.astype("datetime64[Y]").astype(np.int64)) + 1970 for day in (days.min(), days.max())
    )
    if first < FIRST_YEAR or last > LAST_YEAR:
        raise ValueError(
            f"holidays are known from {FIRST_YEAR} to {LAST_YEAR}, got {first} to {last}"
        )
    return _bank_calendar_of(first, last, tuple(extra_holidays))


@lru_cache(maxsize=64)
def _bank_calendar_of(
    first_year: int, last_year: int, extra_holidays: tuple[dt.date, ...]
) -> np.busdaycalendar:
    """Build the bank calendar of some years (CAL-01)."""
    # A roll from the last days of a year ends in the year after.
    years = range(first_year, last_year + 2)
    public = holidays.country_holidays("JP", years=years)
    closed = [dt.date(year, month, day) for year in years for month, day in _BANK_CLOSED]
    return np.busdaycalendar(
        holidays=np.array([*public, *closed, *extra_holidays], dtype="datetime64[D]")
    )
