"""Statistics of a desk: whole numbers by month, and the length of its queue over time.

In: what happens at a desk, with its instant. Out: counts and seconds that add up exactly, whatever
the order of the additions.
"""

from bisect import bisect_right

import numpy as np
import numpy.typing as npt

SECONDS_PER_DAY = 86_400
WAIT_EDGES_MINUTES = (1, 5, 15, 60, 240, 1_440, 3 * 1_440, 7 * 1_440)
"""Upper edges of the wait buckets; a wait on an edge is in the longer bucket, the last is open."""

_WAIT_EDGES_SECONDS = tuple(60 * edge for edge in WAIT_EDGES_MINUTES)


def second_of(time: float) -> int:
    """Return an instant in whole seconds since the start; differences of it add up exactly."""
    return round(time * SECONDS_PER_DAY)


class DeskStatistics:
    """Integer counts of one desk; lists are indexed by month, times are whole seconds.

    Arrivals belong to the month of the submission, refusals and withdrawals to the month in which
    they happen, `served` and waits to the month in which the service starts. Waits run on the
    wall clock, closed hours included. Service seconds are split at the ends of months and end
    with the horizon; they include overrun after closing, capacity seconds do not.

    arrivals = served + moot + refused + still waiting.
    """

    def __init__(
        self, month_of: npt.ArrayLike, capacity_seconds_by_day: npt.NDArray[np.int64]
    ) -> None:
        months = np.asarray(month_of)
        if months.ndim != 1 or months.size == 0 or months[0] < 0 or (np.diff(months) < 0).any():
            raise ValueError("month_of must give each day its month, from 0 and never decreasing")
        n_months = int(months[-1]) + 1
        self.arrivals = [0] * n_months
        self.refused = [0] * n_months
        self.served = [0] * n_months
        self.moot = [0] * n_months
        """Withdrawn before service."""
        self.wait_seconds = [0] * n_months
        """Waits of what was served."""
        self.moot_wait_seconds = [0] * n_months
        """Waits up to the withdrawal."""
        self.service_seconds = [0] * n_months
        self.wait_histogram = [[0] * (len(WAIT_EDGES_MINUTES) + 1) for _ in range(n_months)]
        """Served work by wait; buckets between `WAIT_EDGES_MINUTES`."""
        self.backlog_by_day: list[int] = []
        """Waiting and not moot at the midnight that opens the day."""
        self.queue_seconds = 0
        """Time integral of the number waiting, up to the last change of it."""
        capacity_seconds = np.zeros(n_months, dtype=np.int64)
        np.add.at(capacity_seconds, months, capacity_seconds_by_day)
        self.capacity_seconds: list[int] = capacity_seconds.tolist()
        """Staff times open seconds: what utilisation divides by."""
        self._month_of: list[int] = months.tolist()
        ends = np.searchsorted(months, np.arange(n_months), side="right") * SECONDS_PER_DAY
        self._month_ends: list[int] = ends.tolist()
        self.n_waiting = 0
        """Pieces of work queued and not moot."""
        self._changed_second = 0

    def month_at(self, now: float) -> int:
        """Return the month of an instant; what comes after the horizon is in the last month."""
        day = int(now)
        return self._month_of[day] if day < len(self._month_of) else self._month_of[-1]

    def queue_integral(self, now: float) -> int:
        """Return the time integral of the number waiting up to `now`, in seconds."""
        return self.queue_seconds + self.n_waiting * (second_of(now) - self._changed_second)

    def count_arrival(self, now: float) -> None:
        """Count work that joins the queue."""
        self.arrivals[self.month_at(now)] += 1
        self._change_queue(second_of(now), 1)

    def count_refusal(self, now: float) -> None:
        """Count work that found the desk full."""
        month = self.month_at(now)
        self.arrivals[month] += 1
        self.refused[month] += 1

    def count_withdrawal(self, now: float, queued_at: float) -> None:
        """Count work that leaves the queue unserved."""
        month, second = self.month_at(now), second_of(now)
        self.moot[month] += 1
        self.moot_wait_seconds[month] += second - second_of(queued_at)
        self._change_queue(second, -1)

    def count_start(self, now: float, queued_at: float, duration: float) -> None:
        """Count work that leaves the queue because a person takes it."""
        month, second = self.month_at(now), second_of(now)
        wait = second - second_of(queued_at)
        self.served[month] += 1
        self.wait_seconds[month] += wait
        self.wait_histogram[month][bisect_right(_WAIT_EDGES_SECONDS, wait)] += 1
        self._add_service(month, second, second_of(now + duration))
        self._change_queue(second, -1)

    def _change_queue(self, second: int, change: int) -> None:
        """Bring the time integral up to a second and change the number waiting."""
        self.queue_seconds += self.n_waiting * (second - self._changed_second)
        self._changed_second = second
        self.n_waiting += change

    def _add_service(self, month: int, start: int, end: int) -> None:
        """Add the seconds from `start` to `end` to the months they fall in."""
        while start < end and month < len(self._month_ends):
            stop = min(end, self._month_ends[month])
            if stop > start:
                self.service_seconds[month] += stop - start
                start = stop
            month += 1
