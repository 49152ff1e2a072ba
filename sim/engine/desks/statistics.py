"""Statistics of a desk: whole numbers by month, and the length of its queue over time.

In: what happens at a desk, with its instant. Out: counts and seconds that add up exactly, whatever
the order of the additions. What happens is noted as it is and reduced in bulk: whoever reads a
count finds everything counted.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from models.arrays import Floats, Ints
from sim.engine.desks.work import Work

SECONDS_PER_DAY = 86_400
WAIT_EDGES_MINUTES = (1, 5, 15, 60, 240, 1_440, 3 * 1_440, 7 * 1_440)
"""Upper edges of the wait buckets; a wait on an edge is in the longer bucket, the last is open."""
SKILL_MEASURES = (
    "arrivals",
    "served",
    "moot",
    "outsourced",
    "wait_seconds",
    "service_seconds",
)
"""What is counted by skill where the people of a desk differ in what they can do."""
MOST_NUMBERS = 4 * 4_096
"""Numbers noted of services begun before they are reduced."""

_WAIT_EDGES_SECONDS = np.array([60 * edge for edge in WAIT_EDGES_MINUTES])
_REFUSAL, _WITHDRAWAL, _OUTSOURCING = range(3)
_CHANGE_OF_QUEUE = np.array([0, -1, -1])


def second_of(time: float) -> int:
    """Return an instant in whole seconds since the start; differences of it add up exactly."""
    return round(time * SECONDS_PER_DAY)


def seconds_of(times: Floats) -> Ints:
    """Return what `second_of` gives for each instant."""
    return np.rint(times * SECONDS_PER_DAY).astype(np.int64)


class DeskStatistics:
    """Integer counts of one desk; lists are indexed by month, times are whole seconds.

    Arrivals belong to the month of the submission, refusals and withdrawals to the month in which
    they happen, `served` and waits to the month in which the service starts. Waits run on the
    wall clock, closed hours included. Service seconds are split at the ends of months and end
    with the horizon; they include overrun after closing, capacity seconds do not. A service that
    is broken off is taken out of `served` and its waits again; the time worked on it stays.

    arrivals = served + moot + outsourced + refused + still waiting.

    Parameters
    ----------
    month_of
        Month by day index, from 0, never decreasing.
    duty_seconds_by_day
        Seconds on duty of all people by day, had nobody been absent.
    absent_seconds_by_day
        Of those, the seconds that absence took.
    n_skills
        Skills that work at this desk may need.
    """

    def __init__(
        self,
        month_of: npt.ArrayLike,
        duty_seconds_by_day: Ints,
        absent_seconds_by_day: Ints | int = 0,
        n_skills: int = 1,
    ) -> None:
        months = np.asarray(month_of)
        if months.ndim != 1 or months.size == 0 or months[0] < 0 or (np.diff(months) < 0).any():
            raise ValueError("month_of must give each day its month, from 0 and never decreasing")
        n_months = int(months[-1]) + 1
        self._arrivals = [0] * n_months
        self._refused = [0] * n_months
        self._served = [0] * n_months
        self._moot = [0] * n_months
        self._wait_seconds = [0] * n_months
        self._moot_wait_seconds = [0] * n_months
        self._outsourced = [0] * n_months
        self._outsourced_wait_seconds = [0] * n_months
        self.interrupted = [0] * n_months
        """Services broken off."""
        self._service_seconds = [0] * n_months
        self._wait_histogram = [[0] * (len(WAIT_EDGES_MINUTES) + 1) for _ in range(n_months)]
        self.backlog_by_day: list[int] = []
        """Waiting and not moot at the midnight that opens the day."""
        absent_seconds = np.zeros(n_months, dtype=np.int64)
        np.add.at(absent_seconds, months, absent_seconds_by_day)
        self.absent_seconds: list[int] = absent_seconds.tolist()
        """Seconds of duty that absence and illness took."""
        capacity_seconds = -absent_seconds
        np.add.at(capacity_seconds, months, duty_seconds_by_day)
        self.capacity_seconds: list[int] = capacity_seconds.tolist()
        """Seconds that people were on duty: what utilisation divides by."""
        self._month_of: list[int] = months.tolist()
        ends = np.searchsorted(months, np.arange(n_months), side="right") * SECONDS_PER_DAY
        self._month_ends: list[int] = ends.tolist()
        self.n_waiting = 0
        """Pieces of work queued and not moot."""
        self._by_skill = {
            measure: [[0] * n_months for _ in range(n_skills)] for measure in SKILL_MEASURES
        }
        # NOTE: plain numbers, one after the other. Tuples would keep the garbage collector busy, to
        # add to an array takes longer, and work that is over leaves its memory to the next.
        self._arrived: list[float] = []
        """Submissions that are not counted yet: their instant, how many, skill."""
        self._begun: list[float] = []
        """Services whose start is not counted yet: its instant, waits since, duration, skill."""
        self._notes: list[float] = []
        """What else is not counted yet: a kind, its instant, waits since, skill."""
        self._n_skills = n_skills
        self._queue_seconds = 0
        self._counted_waiting = 0
        self._counted_second = 0

    @property
    def arrivals(self) -> list[int]:
        """Submissions."""
        self.reduce()
        return self._arrivals

    @property
    def refused(self) -> list[int]:
        """Submissions to a full desk."""
        self.reduce()
        return self._refused

    @property
    def served(self) -> list[int]:
        """Services begun."""
        self.reduce()
        return self._served

    @property
    def moot(self) -> list[int]:
        """Withdrawn before service."""
        self.reduce()
        return self._moot

    @property
    def wait_seconds(self) -> list[int]:
        """Waits of what was served."""
        self.reduce()
        return self._wait_seconds

    @property
    def moot_wait_seconds(self) -> list[int]:
        """Waits up to the withdrawal."""
        self.reduce()
        return self._moot_wait_seconds

    @property
    def outsourced(self) -> list[int]:
        """Handed to somebody outside before service."""
        self.reduce()
        return self._outsourced

    @property
    def outsourced_wait_seconds(self) -> list[int]:
        """Waits up to the handing over."""
        self.reduce()
        return self._outsourced_wait_seconds

    @property
    def service_seconds(self) -> list[int]:
        """Time people were at work."""
        self.reduce()
        return self._service_seconds

    @property
    def wait_histogram(self) -> list[list[int]]:
        """Served work by wait; buckets between `WAIT_EDGES_MINUTES`."""
        self.reduce()
        return self._wait_histogram

    @property
    def by_skill(self) -> dict[str, list[list[int]]]:
        """`SKILL_MEASURES` by skill and month; of use where there is more than one skill."""
        self.reduce()
        return self._by_skill

    @property
    def queue_seconds(self) -> int:
        """Time integral of the number waiting, up to the last change of it."""
        self.reduce()
        return self._queue_seconds

    def queue_integral(self, now: float) -> int:
        """Return the time integral of the number waiting up to `now`, in seconds."""
        return self.queue_seconds + self.n_waiting * (second_of(now) - self._counted_second)

    def check_littles_law(self, now: float, waiting_since: Iterable[float]) -> int:
        """Return the residual of Little's law in seconds: 0 on a desk in order.

        The time integral of the number waiting, kept at each change of the queue, less the waits
        of the individual pieces of work: served, withdrawn, outsourced, and so far of those still
        waiting. Both are sums of whole seconds, so they agree exactly and not only in the long run.
        """
        waits = sum(self.wait_seconds) + sum(self.moot_wait_seconds)
        waits += sum(self.outsourced_wait_seconds)
        waits += sum(second_of(now) - second_of(since) for since in waiting_since)
        return self.queue_integral(now) - waits

    def record_backlog(self, day: int) -> None:
        """Note the number waiting at the midnight that opens `day`; days left out count 0."""
        backlog = self.backlog_by_day
        del backlog[day:]
        backlog.extend([0] * (day - len(backlog)))
        backlog.append(self.n_waiting)

    def count_arrivals(self, works: Sequence[Work], now: float) -> None:
        """Count work that joins the queue."""
        self.n_waiting += len(works)
        if self._n_skills == 1:
            self._arrived.extend((now, len(works), 0))
        else:
            for work in works:
                self._arrived.extend((now, 1, work.queue))

    def count_refusal(self, now: float, skill: int = 0) -> None:
        """Count work that found the desk full."""
        self._notes.extend((_REFUSAL, now, now, skill))

    def count_withdrawal(self, now: float, waits_since: float, skill: int = 0) -> None:
        """Count work that leaves the queue unserved."""
        self.n_waiting -= 1
        self._notes.extend((_WITHDRAWAL, now, waits_since, skill))

    def count_outsourcing(self, now: float, waits_since: float, skill: int = 0) -> None:
        """Count work that leaves the queue for somebody outside."""
        self.n_waiting -= 1
        self._notes.extend((_OUTSOURCING, now, waits_since, skill))

    def count_interruption(self, work: Work, now: float) -> float:
        """Take back that a service was begun, for work that joins the queue again.

        Returns
        -------
        float
            A new `waits_since`: the instant, in whole seconds, since which the work would have
            waited without the time in service.
        """
        self.reduce()
        skill, started_at = work.queue, work.started_at
        month, start = self._month_at(started_at), second_of(started_at)
        wait = start - second_of(work.waits_since)
        self._served[month] -= 1
        self._wait_seconds[month] -= wait
        self._by_skill["served"][skill][month] -= 1
        self._by_skill["wait_seconds"][skill][month] -= wait
        bucket = int(np.searchsorted(_WAIT_EDGES_SECONDS, wait, side="right"))
        self._wait_histogram[month][bucket] -= 1
        self._split_service(month, start, second_of(started_at + work.duration), skill, -1)
        self._split_service(month, start, second_of(now), skill)
        self.interrupted[self._month_at(now)] += 1
        self.n_waiting += 1
        self._add_to_queue(np.array([second_of(now)]), np.array([1]))
        return (second_of(now) - wait) / SECONDS_PER_DAY

    def count_starts(self, works: Sequence[Work]) -> None:
        """Count work that leaves the queue because a person takes it."""
        self.n_waiting -= len(works)
        noted = self._begun
        for work in works:
            noted.extend((work.started_at, work.waits_since, work.duration, work.queue))
        if len(noted) >= MOST_NUMBERS:
            self.reduce()

    def reduce(self) -> None:
        """Count what has been noted."""
        for noted, width, count in (
            (self._notes, 4, self._reduce_notes),
            (self._arrived, 3, self._reduce_arrivals),
            (self._begun, 4, self._reduce_starts),
        ):
            if noted:
                count(np.fromiter(noted, np.float64, len(noted)).reshape(-1, width))
                noted.clear()

    def _reduce_notes(self, table: Floats) -> None:
        """Count what has left the queue unserved, or found no place in it."""
        kind, now = table[:, 0].astype(np.int64), table[:, 1]
        month, second = self._months_at(now), seconds_of(now)
        wait, skill = second - seconds_of(table[:, 2]), table[:, 3].astype(np.int64)
        for measure, counts, is_one in (
            ("arrivals", self._arrivals, kind == _REFUSAL),
            ("", self._refused, kind == _REFUSAL),
            ("moot", self._moot, kind == _WITHDRAWAL),
            ("outsourced", self._outsourced, kind == _OUTSOURCING),
        ):
            _add_by_month(counts, month[is_one], 1)
            self._add_by_skill(measure, skill[is_one], month[is_one], 1)
        gone, given = kind == _WITHDRAWAL, kind == _OUTSOURCING
        _add_by_month(self._moot_wait_seconds, month[gone], wait[gone])
        _add_by_month(self._outsourced_wait_seconds, month[given], wait[given])
        self._add_to_queue(second, _CHANGE_OF_QUEUE[kind])

    def _reduce_arrivals(self, table: Floats) -> None:
        """Count work that has joined the queue."""
        now, (n, skill) = table[:, 0], table[:, 1:].T.astype(np.int64)
        month = self._months_at(now)
        _add_by_month(self._arrivals, month, n)
        self._add_by_skill("arrivals", skill, month, n)
        self._add_to_queue(seconds_of(now), n)

    def _reduce_starts(self, table: Floats) -> None:
        """Count services that have begun."""
        now, waits_since, duration = table[:, 0], table[:, 1], table[:, 2]
        skill = table[:, 3].astype(np.int64)
        month, second = self._months_at(now), seconds_of(now)
        wait = second - seconds_of(waits_since)
        _add_by_month(self._served, month, 1)
        _add_by_month(self._wait_seconds, month, wait)
        self._add_by_skill("served", skill, month, 1)
        self._add_by_skill("wait_seconds", skill, month, wait)
        self._add_to_histogram(month, wait)
        ends = seconds_of(now + duration)
        self._add_service(month, second, ends, skill)
        self._add_to_queue(second, np.array([-1]))

    def _add_to_histogram(self, month: Ints, wait: Ints) -> None:
        """Count served work by month and wait."""
        n_buckets = len(_WAIT_EDGES_SECONDS) + 1
        bucket = np.searchsorted(_WAIT_EDGES_SECONDS, wait, side="right")
        cells = np.bincount(month * n_buckets + bucket)
        for cell in np.flatnonzero(cells).tolist():
            row, column = divmod(cell, n_buckets)
            self._wait_histogram[row][column] += int(cells[cell])

    def _add_to_queue(self, second: Ints, change: Ints) -> None:
        """Bring the time integral up to the last of some changes."""
        last = max(self._counted_second, int(second.max()))
        self._queue_seconds += self._counted_waiting * (last - self._counted_second)
        self._queue_seconds += int((change * (last - second)).sum())
        self._counted_waiting += int(np.broadcast_to(change, second.shape).sum())
        self._counted_second = last

    def _add_by_skill(self, measure: str, skill: Ints, month: Ints, values: Ints | int) -> None:
        """Add values to a measure by skill, where there is more than one."""
        if self._n_skills == 1 or measure not in self._by_skill:
            return
        each = np.broadcast_to(values, skill.shape)
        for number, counts in enumerate(self._by_skill[measure]):
            chosen = skill == number
            _add_by_month(counts, month[chosen], each[chosen])

    def _add_service(self, month: Ints, start: Ints, end: Ints, skill: Ints) -> None:
        """Add the seconds from starts to ends to the months they fall in."""
        is_within = end <= np.array(self._month_ends)[month]
        within, seconds = month[is_within], (end - start)[is_within]
        _add_by_month(self._service_seconds, within, seconds)
        self._add_by_skill("service_seconds", skill[is_within], within, seconds)
        rest = ~is_within
        for first, begin, stop, needed in zip(
            month[rest].tolist(),
            start[rest].tolist(),
            end[rest].tolist(),
            skill[rest].tolist(),
            strict=True,
        ):
            self._split_service(first, begin, stop, needed)

    def _months_at(self, times: Floats) -> Ints:
        """Give what `_month_at` gives for each instant."""
        days = np.minimum(times.astype(np.int64), len(self._month_of) - 1)
        return np.array(self._month_of)[days]

    def _month_at(self, now: float) -> int:
        """Give the month of an instant; what is after the horizon belongs to its last month."""
        return self._month_of[min(int(now), len(self._month_of) - 1)]

    def _split_service(self, month: int, start: int, end: int, skill: int, sign: int = 1) -> None:
        """Add the seconds from `start` to `end` to the months they fall in, or take them off."""
        while start < end and month < len(self._month_ends):
            stop = min(end, self._month_ends[month])
            if stop > start:
                self._service_seconds[month] += sign * (stop - start)
                self._by_skill["service_seconds"][skill][month] += sign * (stop - start)
                start = stop
            month += 1


def _add_by_month(counts: list[int], month: Ints, values: Ints | int) -> None:
    """Add values to the months they belong to."""
    if not month.size:
        return
    first, last = int(month.min()), int(month.max())
    sums = np.zeros(last - first + 1, dtype=np.int64)
    np.add.at(sums, month - first, values)
    for number, value in enumerate(sums.tolist(), start=first):
        counts[number] += value
