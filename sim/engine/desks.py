"""Desks: scarce people who work through a priority queue within opening hours.

In: pieces of work submitted by cases and by the nightly posting. Out: for each piece of work an
event that the case waits for, and integer statistics (`sim.engine.desk_statistics`). The picture
is a process per person: wait for work, take the most urgent, be busy for its duration, start again.
It is written with two bare events a service, the end of the service and the dispatch of whoever
is idle, because generators per person would all have to be woken for every arrival.

Within one instant the order is fixed, so that the record never depends on who ran first: services
end, then everybody else acts (submits, withdraws), and last the idle people, in number order,
take work in the order of (priority, time queued, member, order).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np
import numpy.typing as npt
import simpy
from simpy.events import URGENT, EventPriority

from models.errors import InputError
from sim.engine.desk_statistics import DeskStatistics, second_of
from sim.engine.opening_hours import OpeningHours

NEVER = math.inf
NOBODY = -1
_LAST = EventPriority(URGENT + 2)  # after all that is urgent or normal at the same instant


class PlannedEvent(simpy.Event):
    """A timeout whose delay is known only after others may already wait for it."""

    def happen_in(self, delay: float, priority: EventPriority, value: object = None) -> None:
        """Schedule the event; the priority places it among the events of its instant."""
        self._ok = True
        self._value = value
        self.env.schedule(self, priority, delay)


@dataclass(slots=True, eq=False)
class Work:
    """One piece of work at a desk; what `Desk.submit` hands out and `Desk.withdraw` takes.

    All but `done` and `subject` is plain data.
    """

    priority: int
    """Smaller is served first; a service under way is never interrupted."""
    queued_at: float
    """Instant of the submission, in days."""
    member: int
    """Member the work is about; breaks ties of priority and time."""
    order: int
    """Attempt or sequence number; breaks ties of one member."""
    duration: float
    """Time a person needs for it, in days."""
    done: PlannedEvent
    """Happens, with the work as its value, when it is finished, withdrawn or refused.

    Wait for it or ask `processed`; like a SimPy timeout it counts as `triggered` from the start
    of the service on.
    """
    started_at: float = NEVER
    """Instant at which a person took it, in days; inf before and without service."""
    finished_at: float = NEVER
    """Instant at which the person had done it, in days; inf before and without service."""
    staff: int = NOBODY
    """Number of the person who took it, from 0; -1 for nobody."""
    is_moot: bool = False
    """Whether it was withdrawn before it was finished."""
    is_refused: bool = False
    """Whether the desk was full and never queued it."""
    subject: object = None
    """What the work is done for; for those who submit, to find their own again."""

    def __lt__(self, other: "Work") -> bool:
        """Refuse to order two live pieces of work by luck; the heap asks only on a full tie."""
        if not (self.is_moot or other.is_moot):
            raise ValueError(
                f"two pieces of work of member {self.member} tie at one desk with priority "
                f"{self.priority}, queued_at {self.queued_at} and order {self.order}: submit "
                "them with different orders"
            )
        return self.is_moot


class Desk:
    """A number of people who pull work from one priority queue.

    Parameters
    ----------
    env
        SimPy environment whose clock counts days since the start; an integer is a midnight.
    name
        Name of the desk in the record.
    n_staff
        Number of people; with 0 nothing is ever served.
    hours
        When people take up work. What they have begun they finish, after closing if need be.
    month_of
        Month by day index, from 0, never decreasing: the index of the statistics.
    capacity
        The most work the desk holds, waiting and in service together (K of a queue M/M/c/K);
        None is no limit. What comes beyond is refused on the spot, so that at a full desk those
        who submit at one instant must do so in a declared order.
    on_finish
        Called with each piece of work at the end of its service, before the case hears of it.

    Raises
    ------
    InputError
        If `n_staff` or `capacity` is negative.

    Notes
    -----
    Withdrawn work stays in the heap until its turn comes, or until moot work is more than half
    of the heap. That makes a withdrawal cheap and keeps the heap at most twice the backlog.

    Examples
    --------
    >>> env = simpy.Environment()
    >>> desk = Desk(env, "callers", 1, OpeningHours(540, 1080), month_of=[0])
    >>> work = desk.submit(member=7, priority=0, duration=0.125)
    >>> env.run()
    >>> work.started_at, work.finished_at, desk.statistics.wait_seconds
    (0.375, 0.5, [32400])
    """

    def __init__(
        self,
        env: simpy.Environment,
        name: str,
        n_staff: int,
        hours: OpeningHours,
        *,
        month_of: npt.ArrayLike,
        capacity: int | None = None,
        on_finish: Callable[[Work], None] | None = None,
    ) -> None:
        if n_staff < 0:
            raise InputError(f"desk {name}: n_staff must be 0 or more, got {n_staff}")
        if capacity is not None and capacity < 0:
            raise InputError(f"desk {name}: capacity must be 0 or more, or None, got {capacity}")
        self.name = name
        self.n_staff = n_staff
        self.hours = hours
        self.capacity = capacity
        self.statistics = DeskStatistics(month_of, n_staff * hours.open_seconds(np.size(month_of)))
        self._env = env
        self._on_finish = on_finish
        self._idle = list(range(n_staff))
        self._heap: list[tuple[int, float, int, int, Work]] = []
        self._serving: dict[int, Work] = {}
        self._planned: PlannedEvent | None = None  # the next dispatch
        self._open_until = -math.inf  # end of the opening period that the last dispatch was in

    @property
    def n_waiting(self) -> int:
        """Pieces of work queued and not moot."""
        return self.statistics.n_waiting

    @property
    def n_moot_queued(self) -> int:
        """Pieces of work withdrawn and not yet thrown away."""
        return len(self._heap) - self.statistics.n_waiting

    @property
    def n_busy(self) -> int:
        """People in the middle of a service."""
        return self.n_staff - len(self._idle)

    def submit(self, member: int, priority: int, duration: float, order: int = 0) -> Work:
        """Queue a piece of work and return it; wait for its `done` event.

        Parameters
        ----------
        member
            Member the work is about.
        priority
            Smaller is served first.
        duration
            Time a person needs, in days; a service of 0 ends in a second round of its instant.
        order
            Tells apart work of one member that is queued at one instant with one priority.

        Returns
        -------
        Work
            Queued, or with `is_refused` if the desk is full; its `done` event then happens now.

        Raises
        ------
        ValueError
            If `duration` is negative or not finite. On a full tie of priority, instant, member
            and order, here or as late as when the tied work would be served.
        """
        if not 0.0 <= duration < math.inf:
            raise ValueError(
                f"desk {self.name}: the duration of work for member {member} must be a finite "
                f"number of days, 0 or more, got {duration}"
            )
        env = self._env
        now = float(env.now)
        work = Work(priority, now, member, order, duration, PlannedEvent(env))
        if self.capacity is not None and self.n_waiting + self.n_busy >= self.capacity:
            self.statistics.count_refusal(now)
            work.is_refused = True
            work.done.succeed(work)
            return work
        heappush(self._heap, (priority, now, member, order, work))
        self.statistics.count_arrival(now)
        if self._planned is None and self._idle:
            self._plan_dispatch()
        return work

    def withdraw(self, work: Work) -> None:
        """Mark `work`, submitted to this desk, as moot.

        Work still waiting is never served, and its `done` event happens now. Of work in service
        the person finishes the call: it counts as served, and `done` happens at the end of the
        service, with `is_moot` set. Nothing happens to work finished, moot or refused.
        """
        if work.is_moot or work.is_refused or work.finished_at != NEVER:
            return
        work.is_moot = True
        if work.started_at != NEVER:
            return
        self.statistics.count_withdrawal(self._env.now, work.queued_at)
        work.done.succeed(work)
        if self.n_moot_queued > self.n_waiting:
            self._heap = [entry for entry in self._heap if not entry[-1].is_moot]
            heapify(self._heap)

    def record_backlog(self, day: int) -> None:
        """Note the number waiting at the midnight that opens `day`; days left out count 0."""
        backlog_by_day = self.statistics.backlog_by_day
        if len(backlog_by_day) == day:
            backlog_by_day.append(self.statistics.n_waiting)
            return
        backlog_by_day.extend([0] * (day + 1 - len(backlog_by_day)))
        backlog_by_day[day] = self.statistics.n_waiting

    def works(self) -> list[Work]:
        """Return the pieces of work at hand that are waiting and not moot, or in service."""
        waiting = (work for *_, work in self._heap if not work.is_moot)
        return [*self._serving.values(), *waiting]

    def planned(self) -> list[tuple[simpy.Event, Work | None]]:
        """Return the events that are scheduled: ends of services, and with None a dispatch."""
        events: list[tuple[simpy.Event, Work | None]] = [
            (work.done, work) for work in self._serving.values()
        ]
        return events if self._planned is None else [*events, (self._planned, None)]

    def resume(self, at: float, work: Work | None) -> None:
        """Schedule an event again that `planned` gave, on a desk whose state was restored.

        The `done` of all `works` must be new. Events of one instant are to be scheduled in the
        order in which they were before.
        """
        delay = at - self._env.now  # exact: both are multiples of the last place of the later
        if work is None:
            self._dispatch_in(delay)
        else:
            work.done.callbacks.insert(0, self._finish)
            work.done.happen_in(delay, URGENT, work)

    def check_littles_law(self) -> int:
        """Return the residual of Little's law in seconds: 0 on a desk in order.

        The time integral of the number waiting, kept at each change of the queue, less the waits
        of the individual pieces of work: served, withdrawn, and so far of those still waiting.
        Both are sums of whole seconds, so they agree exactly and not only in the long run.
        """
        statistics, now = self.statistics, second_of(self._env.now)
        waits = sum(statistics.wait_seconds) + sum(statistics.moot_wait_seconds)
        waits += sum(
            now - second_of(queued_at)
            for _, queued_at, _, _, work in self._heap
            if not work.is_moot
        )
        return statistics.queue_integral(self._env.now) - waits

    def _plan_dispatch(self) -> None:
        """Let idle people look at the queue at the end of this instant or at the next opening."""
        if self._planned is not None or not self._idle or not self.statistics.n_waiting:
            return
        now = self._env.now
        # NOTE: within an opening period nobody looks at the calendar again.
        delay = 0.0 if now < self._open_until else self.hours.next_opening(now) - now
        if delay != math.inf:
            self._dispatch_in(delay)

    def _dispatch_in(self, delay: float) -> None:
        """Plan the next look at the queue."""
        self._planned = PlannedEvent(self._env)
        self._planned.callbacks.append(self._dispatch)
        self._planned.happen_in(delay, _LAST)

    def _dispatch(self, _: simpy.Event) -> None:
        """Hand work to idle people, in number order, while both last and the desk is open."""
        self._planned = None
        # now + (opening - now) can fall short of the opening by one rounding: then plan again
        now = self._env.now
        if now >= self._open_until and self.hours.is_open(now):
            self._open_until = self.hours.closing(now)
        if now < self._open_until:
            while self._heap and self._idle:
                work = heappop(self._heap)[-1]
                if not work.is_moot:
                    self._start(work, heappop(self._idle))
        if self._idle:
            self._plan_dispatch()

    def _start(self, work: Work, staff: int) -> None:
        """Begin the service of `work` by one person."""
        now = float(self._env.now)
        work.started_at = now
        work.staff = staff
        self._serving[staff] = work
        self.statistics.count_start(now, work.queued_at, work.duration)
        work.done.callbacks.insert(0, self._finish)
        work.done.happen_in(work.duration, URGENT, work)

    def _finish(self, done: simpy.Event) -> None:
        """End a service: the person is idle again."""
        work: Work = done.value  # type: ignore[assignment]
        work.finished_at = float(self._env.now)
        del self._serving[work.staff]
        heappush(self._idle, work.staff)
        if self._on_finish is not None:
            self._on_finish(work)
        if self._planned is None and self._heap:
            self._plan_dispatch()
