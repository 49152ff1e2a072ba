"""Desks: scarce people who work through a priority queue while they are on duty.

In: pieces of work submitted by cases and by the nightly posting. Out: a call when a piece of work
is over, and integer statistics (`sim.engine.desk_statistics`). The picture is a process per
person: wait for work, take the most urgent, be busy for its duration, start again. It is written
with a heap of the ends of services and two planned calls (`sim.engine.clock`), at the next end and
at the next look of the idle at the queue, because generators per person would all have to be woken
for every arrival. A call that has been superseded by an earlier one is made and does nothing.

Within one instant the order is fixed, so that the record never depends on who ran first: services
end, in the order in which they were begun, then everybody else acts (submits, withdraws), and last
the idle people on duty, in number order, each take the most urgent work that they can do, in the
order of (urgency, time queued, member, order).
"""

import math
from collections.abc import Callable, Iterable
from heapq import heapify, heappop, heappush

import numpy as np
import numpy.typing as npt
from simpy.events import URGENT, EventPriority

from models.errors import InputError
from models.policy.staffing import ORDINARY, Outside
from sim.engine.backlog import Backlog
from sim.engine.clock import Call, Clock
from sim.engine.desk_statistics import DeskStatistics
from sim.engine.roster import Roster
from sim.engine.work import NEVER, NOBODY, Work

_LAST = EventPriority(URGENT + 2)  # after all that is urgent or normal at the same instant


def _nobody_listens(_: Work) -> None:
    """Hear that work is over, and do nothing."""


class Desk:
    """A number of people who pull work from one priority queue.

    Parameters
    ----------
    env
        Clock of the pass.
    name
        Name of the desk in the record.
    roster
        Its people: when they take up work, and what they can do. With nobody nothing is ever
        served. What they have begun they finish, after closing if need be, unless they fall ill.
    month_of
        Month by day index, from 0, never decreasing: the index of the statistics.
    capacity
        The most work the desk holds, waiting and in service together (K of a queue M/M/c/K);
        None is no limit. What comes beyond is refused on the spot, so that at a full desk those
        who submit at one instant must do so in a declared order.
    on_end
        Called with each piece of work when it is over: finished, or withdrawn while it waits.
        Work that a full desk refuses was never there.
    ageing_days
        Wait that makes work as urgent as the next priority; with 0 priority is strict.
    outside
        Who takes what waits beyond a number; None: nobody.

    Raises
    ------
    InputError
        If `capacity` is negative.

    Examples
    --------
    >>> from sim.engine.opening_hours import OpeningHours
    >>> env = Clock()
    >>> people = Roster.alike(1, OpeningHours(540, 1080))
    >>> desk = Desk(env, "callers", people, month_of=[0])
    >>> work = desk.submit(member=7, priority=0, duration=0.125)
    >>> env.run()
    >>> work.started_at, work.finished_at, desk.statistics.wait_seconds
    (0.375, 0.5, [32400])
    """

    def __init__(
        self,
        env: Clock,
        name: str,
        roster: Roster,
        *,
        month_of: npt.ArrayLike,
        capacity: int | None = None,
        on_end: Callable[[Work], None] = _nobody_listens,
        ageing_days: float = 0.0,
        outside: Outside | None = None,
    ) -> None:
        if capacity is not None and capacity < 0:
            raise InputError(f"desk {name}: capacity must be 0 or more, or None, got {capacity}")
        self.name = name
        self.n_staff = roster.n_people
        self.roster = roster
        self.capacity = capacity
        self.outside = outside
        self.on_end = on_end
        n_days = np.size(month_of)
        self.statistics = DeskStatistics(
            month_of, roster.duty_seconds(n_days), roster.absent_seconds(n_days), len(roster.skills)
        )
        self._env = env
        self._skills = {skill: number for number, skill in enumerate(roster.skills)}
        people = range(roster.n_people)
        self._can_do = [[self._skills[name] for name in roster.skills_of(one)] for one in people]
        self._backlog = Backlog(len(roster.skills), ageing_days)
        self._idle: list[int] = []  # a heap of those on duty
        self._off = list(people)  # idle, but not on duty
        self._is_on_duty = [False] * roster.n_people
        self._until = -math.inf  # end of the turn for which these three hold
        self._serving: dict[int, Work] = {}
        self._ends: list[tuple[float, int, Work]] = []
        self._n_begun = 0  # numbers services: those that end together end in this order
        self._n_unsettled = 0  # pieces of work given away since the provider was last paid
        self._look_at = NEVER  # instants of the next look at the queue and of the next end
        self._end_at = NEVER
        self._is_ending = False  # while it is, the queue is looked at afterwards in any case

    @property
    def n_waiting(self) -> int:
        """Pieces of work queued and not moot."""
        return self.statistics.n_waiting

    @property
    def n_moot_queued(self) -> int:
        """Pieces of work withdrawn and not yet thrown away."""
        return len(self._backlog) - self.statistics.n_waiting

    @property
    def n_busy(self) -> int:
        """People in the middle of a service."""
        return len(self._serving)

    def submit(
        self, member: int, priority: int, duration: float, order: int = 0, skill: str = ORDINARY
    ) -> Work:
        """Make a piece of work, queue it and return it; `Work` describes the parameters."""
        work = Work(member, priority, duration, order, skill)
        self.submit_all([work])
        return work

    def submit_all(self, works: Iterable[Work]) -> None:
        """Queue pieces of work in their order; a full desk marks them as `is_refused`.

        Parameters
        ----------
        works
            New ones.

        Raises
        ------
        ValueError
            If a duration is negative or not finite, or nobody can ever have the skill. On a full
            tie of priority, instant, member and order, here or as late as when the tied work
            would be served.
        """
        now, numbers, statistics = float(self._env.now), self._skills, self.statistics
        for work in works:
            if work.skill not in numbers or not 0.0 <= work.duration < math.inf:
                raise ValueError(f"desk {self.name}: {self._fault(work)}")
            work.queued_at = work.waits_since = now
            work.queue = numbers[work.skill]
            if self.capacity is not None and self.n_waiting + self.n_busy >= self.capacity:
                statistics.count_refusal(now, work.queue)
                work.is_refused = True
            else:
                self._backlog.add(work)
                statistics.count_arrival(now, work.queue)
        self._plan_look()

    def withdraw(self, work: Work) -> None:
        """Mark `work`, submitted to this desk, as moot.

        Work still waiting is never served, and over now. Of work in service the person finishes
        the call: it counts as served, and is over at the end of the service, with `is_moot` set.
        Nothing happens to work finished, moot or refused.
        """
        if work.is_moot or work.is_refused or work.finished_at != NEVER:
            return
        work.is_moot = True
        if work.started_at != NEVER:
            return
        self.statistics.count_withdrawal(self._env.now, work.waits_since, work.queue)
        if self.n_moot_queued > self.n_waiting:
            self._backlog.keep(self._backlog.entries())
        self.on_end(work)

    def interrupt(self, staff: int) -> Work | None:
        """Break off what a person is doing, and return it; None if the person is idle.

        The work is queued again as it was, to be begun anew, and counts neither as served nor as
        lost; if it was withdrawn in the meantime, it ends as moot. The person is idle.
        """
        work = self._serving.get(staff)
        if work is not None:
            self._ends = [entry for entry in self._ends if entry[-1] is not work]
            heapify(self._ends)
            self._break_off(work, float(self._env.now))
            self._plan_look()
            self._plan_end()
        return work

    def settle_outsourced(self) -> int:
        """Return the pieces of work given away since this was last asked."""
        n, self._n_unsettled = self._n_unsettled, 0
        return n

    def works(self) -> list[Work]:
        """Return the pieces of work at hand: in service, given away, and waiting and not moot."""
        waiting = (entry[-1] for entry in self._backlog.entries())
        return [*(entry[-1] for entry in sorted(self._ends)), *waiting]

    @property
    def calls(self) -> tuple[Call, Call]:
        """What a desk plans, superseded or not: looks at the queue, and ends of services."""
        return self._look, self._end_services

    def planned(self) -> list[tuple[float, Call, bool]]:
        """Return the instants and calls that are planned, and whether services end in each."""
        calls = ((self._look_at, self._look, False), (self._end_at, self._end_services, True))
        return [one for one in calls if one[0] != NEVER]

    def resume(self, at: float, *, is_end: bool) -> None:
        """Plan a call again that `planned` gave, on a desk whose state was restored."""
        if is_end:
            self._plan_end()
        else:
            self._look_by(at)

    def check_littles_law(self) -> int:
        """Return the residual of Little's law in seconds: 0 on a desk in order."""
        waiting = [entry[-1].waits_since for entry in self._backlog.entries()]
        return self.statistics.check_littles_law(self._env.now, waiting)

    def _fault(self, work: Work) -> str:
        """Say why work cannot be submitted."""
        if work.skill not in self._skills:
            return (
                f"nobody has the skill {work.skill!r} that work for member {work.member} needs; "
                f"there are {', '.join(self._skills)}"
            )
        return (
            f"the duration of work for member {work.member} must be a finite number of days, "
            f"0 or more, got {work.duration}"
        )

    def _plan_look(self) -> None:
        """Plan the next look at the queue: now, if somebody is idle and on duty."""
        now = self._env.now
        if self._is_ending or self._look_at <= now or not self.statistics.n_waiting:
            return
        if now >= self._until:
            self._take_turns(now)
        self._look_by(now if self._idle else self._next_change(now))

    def _next_change(self, now: float) -> float:
        """Give the next instant at which waiting work may find somebody without a service's end."""
        at = self._until if self._off else NEVER
        if self.outside is not None and self.statistics.n_waiting > self.outside.above:
            at = min(at, self.roster.hours.opening_from(now))
        return at

    def _look_by(self, at: float) -> None:
        """Plan a look at the queue, unless an earlier one is planned."""
        if at < self._look_at:
            self._look_at = at
            self._env.call_at(at, _LAST, self._look)

    def _take_turns(self, now: float) -> None:
        """Learn who is on duty now."""
        self._until, self._is_on_duty = self.roster.turn(now)
        idle = sorted(self._idle + self._off)
        self._idle = [person for person in idle if self._is_on_duty[person]]
        self._off = [person for person in idle if not self._is_on_duty[person]]

    def _look(self, now: float) -> None:
        """Look at the queue at the end of an instant."""
        if now == self._look_at:
            self._look_at = NEVER
            self._dispatch(now)
            self._plan_end()

    def _dispatch(self, now: float) -> None:
        """Hand work to idle people, in number order, while both last."""
        if now >= self._until:
            self._take_turns(now)
        if self.outside is not None and self.roster.hours.opening_from(now) == now:
            self._give_away(now, self.outside)
        idle, unable = self._idle, []
        while idle and self.statistics.n_waiting:
            person = heappop(idle)
            work = self._backlog.take(self._can_do[person])
            if work is None:
                unable.append(person)
            else:
                self._start(work, person, now)
        for person in unable:
            heappush(idle, person)
        if self.statistics.n_waiting and (self._off or self.outside):
            self._look_by(self._next_change(now))

    def _start(self, work: Work, staff: int, now: float) -> None:
        """Begin the service of `work` by one person."""
        work.started_at = now
        work.staff = staff
        self._serving[staff] = work
        self.statistics.count_start(now, work.waits_since, work.duration, work.queue)
        ends_at = now + work.duration
        if self.roster.has_leaves:
            leaves_at = self.roster.leaves_at(staff, now)
            if leaves_at < ends_at:
                work.is_cut, ends_at = True, leaves_at
        self._n_begun += 1
        heappush(self._ends, (ends_at, self._n_begun, work))

    def _give_away(self, now: float, outside: Outside) -> None:
        """Hand the least urgent work beyond the number that stays to somebody outside."""
        entries = sorted(self._backlog.entries())
        self._backlog.keep(entries[: outside.above])
        for *_, work in entries[outside.above :]:
            work.is_outsourced, work.started_at = True, now
            self.statistics.count_outsourcing(now, work.waits_since, work.queue)
            self._n_begun += 1
            heappush(self._ends, (now + outside.days, self._n_begun, work))
            self._n_unsettled += 1

    def _plan_end(self) -> None:
        """Plan a call at the next end of a service."""
        at = self._ends[0][0] if self._ends else NEVER
        if at != self._end_at:
            self._end_at = at
            if at != NEVER:
                self._env.call_at(at, URGENT, self._end_services)

    def _end_services(self, now: float) -> None:
        """End the services of this instant."""
        if now != self._end_at:
            return
        self._end_at, self._is_ending = NEVER, True
        while self._ends and self._ends[0][0] <= now:
            self._finish(heappop(self._ends)[-1], now)
        self._is_ending = False
        if self._env.is_over(now):  # else somebody acts before the idle look at the queue
            self._dispatch(now)
        else:
            self._plan_look()
        self._plan_end()

    def _finish(self, work: Work, now: float) -> None:
        """End a service: the person is idle again."""
        if work.is_cut:
            self._break_off(work, now)
            return
        work.finished_at = now
        if not work.is_outsourced:
            self._free(work.staff)
        self.on_end(work)

    def _break_off(self, work: Work, now: float) -> None:
        """Queue work again whose service ends before it is done."""
        started_at = work.started_at
        self._free(work.staff)
        work.is_cut, work.started_at, work.staff = False, NEVER, NOBODY
        work.waits_since = self.statistics.count_interruption(
            now, started_at, work.waits_since, work.duration, work.queue
        )
        if work.is_moot:
            self.statistics.count_withdrawal(now, work.waits_since, work.queue)
            self.on_end(work)
        else:
            self._backlog.add(work)

    def _free(self, staff: int) -> None:
        """Let a person be idle again."""
        del self._serving[staff]
        if self._is_on_duty[staff]:
            heappush(self._idle, staff)
        else:
            self._off.append(staff)
