"""When a desk is open: minutes of the day on the open days of the horizon.

In: the opening and closing minute and, by day index, whether the desk opens at all (the bank
calendar, CAL-01). Out: instants of the simulation clock, in days since the start. An opening
period holds its first instant and not its last, so at `closing` nobody is taken any more.
"""

import math

import numpy as np
import numpy.typing as npt

from models.calendar import MINUTES_PER_DAY
from models.errors import InputError


def _next_true_day(is_true: npt.NDArray[np.bool_], beyond: float) -> list[float]:
    """Return for each day the first day at or after it where `is_true`, else `beyond`."""
    days = np.where(is_true, np.arange(is_true.size, dtype=np.float64), beyond)
    following: list[float] = np.minimum.accumulate(days[::-1])[::-1].tolist()
    return following


class OpeningHours:
    """The hours in which a desk takes up work.

    Parameters
    ----------
    open_minute
        First minute of the day in which work is taken up, 0 to 1439.
    close_minute
        Minute at which the desk closes, up to 1440 = midnight. With 0 and 1440 the desk works
        around the clock, and neighbouring open days are one opening period.
    is_open_day
        By day index, whether the desk opens on that day; after the end of the array it is closed
        for ever. None opens every day, without end.

    Raises
    ------
    InputError
        If the minutes are not in order within one day, or `is_open_day` is not a boolean vector.

    Examples
    --------
    >>> hours = OpeningHours(540, 1080, np.array([True, False, True]))
    >>> hours.next_opening(0.25), hours.next_opening(0.5), hours.next_opening(0.75)
    (0.375, 0.5, 2.375)
    """

    def __init__(
        self,
        open_minute: int,
        close_minute: int,
        is_open_day: npt.NDArray[np.bool_] | None = None,
    ) -> None:
        if not 0 <= open_minute < close_minute <= MINUTES_PER_DAY:
            raise InputError(
                f"opening hours {open_minute}-{close_minute} must be minutes of one day with "
                f"0 <= open_minute < close_minute <= {MINUTES_PER_DAY}"
            )
        if is_open_day is not None and (is_open_day.ndim != 1 or is_open_day.dtype != np.bool_):
            raise InputError(
                f"is_open_day must be a boolean vector by day index, got {is_open_day.ndim} "
                f"dimensions of {is_open_day.dtype}"
            )
        self.open_minute = open_minute
        self.close_minute = close_minute
        self._opening = open_minute / MINUTES_PER_DAY
        self._closing = close_minute / MINUTES_PER_DAY
        self._is_open_day = None if is_open_day is None else is_open_day.copy()
        self._next_open_day: list[float] | None = None
        self._next_closed_day: list[float] | None = None
        if is_open_day is not None:
            self._next_open_day = _next_true_day(is_open_day, beyond=math.inf)
            self._next_closed_day = _next_true_day(~is_open_day, beyond=is_open_day.size)

    @property
    def bounds(self) -> tuple[float, float]:
        """Opening and closing as parts of the day."""
        return self._opening, self._closing

    def is_open(self, now: float) -> bool:
        """Tell whether work may be taken up at the instant `now`."""
        return self.next_opening(now) == now

    def opening_from(self, now: float) -> float:
        """Return the first instant from `now` on at which an open day begins; inf if none."""
        day = int(now)
        if now > day + self._opening:
            day += 1
        return self._first_open_day(day) + self._opening

    def next_opening(self, now: float) -> float:
        """Return the first instant from `now` on with the desk open; inf if there is none."""
        day = int(now)
        if now >= day + self._closing:
            day += 1
        return max(now, self._first_open_day(day) + self._opening)

    def closing(self, now: float) -> float:
        """Return the end of the opening period around `now`, or of the next one; inf if none."""
        opening = self.next_opening(now)
        if opening == math.inf:
            return math.inf
        day = int(opening)
        if self.close_minute - self.open_minute < MINUTES_PER_DAY:
            return day + self._closing
        return math.inf if self._next_closed_day is None else self._next_closed_day[day]

    def open_seconds(self, n_days: int) -> npt.NDArray[np.int64]:
        """Return the seconds open on each of the first `n_days` days."""
        is_open = np.ones(n_days, dtype=np.bool_)
        if self._is_open_day is not None:
            is_open[:] = False
            is_open[: self._is_open_day.size] = self._is_open_day[:n_days]
        return is_open * np.int64((self.close_minute - self.open_minute) * 60)

    def _first_open_day(self, day: int) -> float:
        """Return the first open day from `day` on; inf if there is none."""
        if self._next_open_day is None:
            return day
        return self._next_open_day[day] if day < len(self._next_open_day) else math.inf
