"""Desks: scarce people who work through a priority queue while they are on duty.

In: pieces of work submitted by cases and by the nightly posting. Out: a call when a piece of work
is over, and integer statistics (`sim.engine.desks.statistics`). The picture is a process per
person: wait for work, take the most urgent, be busy for its duration, start again. Between two
instants at which somebody asks something of a desk, all that happens there depends on the desk
alone. So it is no process at all: it follows the clock (`sim.engine.clock`) and catches up with it
in one go, with a heap of the ends of services, one of the work announced, and the instant of the
next look at the queue.

Within one instant the order is fixed, so that the record never depends on who ran first: services
end, in the order in which they were begun, announced work arrives, everybody else acts (submits,
withdraws), and last the idle people on duty, in number order, each take the most urgent work that
they can do, in the order of (urgency, time queued, member, order).
"""

from collections.abc import Callable, Sequence
from heapq import heapify, heappop, heappush

import numpy as np
import numpy.typing as npt

from models.errors import InputError
from models.policy.staffing import ORDINARY, Outside
from sim.engine.clock import Clock
from sim.engine.desks.backlog import Backlog
from sim.engine.desks.crew import Crew
from sim.engine.desks.roster import Roster
from sim.engine.desks.statistics import DeskStatistics
from sim.engine.desks.work import NEVER, NOBODY, Work, check_works


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
        Called with each piece of work whose service is over: finished, or broken off after it was
        withdrawn. The clock stands at the end then; this desk may be asked, but other desks may
        have gone on already. Who asks these, too, plans a call or an event for it. None: nobody
        needs to know at once; what is over is kept in `over`.
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
    >>> from sim.engine.desks.opening_hours import OpeningHours
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
        on_end: Callable[[Work], None] | None = None,
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
        self.over: list[Work] = []
        """Work whose service is over, in this order, where nobody is called; readers empty it."""
        n_days = np.size(month_of)
        self.statistics = DeskStatistics(
            month_of, roster.duty_seconds(n_days), roster.absent_seconds(n_days), len(roster.skills)
        )
        self._env = env
        self._queues = {skill: number for number, skill in enumerate(roster.skills)}
        people = range(roster.n_people)
        self._can_do = [[self._queues[name] for name in roster.skills_of(one)] for one in people]
        self._backlog = Backlog(len(roster.skills), ageing_days)
        self._crew = Crew(roster)
        self._ends: list[tuple[float, int, Work]] = []  # a heap
        self._n_begun = 0  # numbers services: those that end together end in this order
        self._announced: list[tuple[float, int, Work]] = []  # a heap
        self._n_announced = 0
        self._n_unsettled = 0  # pieces of work given away since the provider was last paid
        self._look_at = NEVER
        self.next_at = NEVER
        """Instant of the next end of a service or look of the idle at the queue."""
        env.follow(self)

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
        return self._crew.n_busy

    def submit(
        self, member: int, priority: int, duration: float, order: int = 0, skill: str = ORDINARY
    ) -> Work:
        """Make a piece of work, queue it and return it; `Work` describes the parameters."""
        work = Work(member, priority, duration, order, skill)
        self.submit_all([work])
        return work

    def submit_all(self, works: Sequence[Work]) -> None:
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
        now = float(self._env.now)
        check_works(works, self._queues, self.name)
        self._admit(works, now)
        self._plan_look(now)

    def announce(self, work: Work, at: float) -> None:
        """Let a piece of work be submitted by itself at an instant to come.

        Until then it may be withdrawn, and is never submitted.

        Raises
        ------
        ValueError
            As by `submit_all`.
        """
        check_works([work], self._queues, self.name)
        self._n_announced += 1
        heappush(self._announced, (at, self._n_announced, work))
        self.next_at = min(self.next_at, at)

    def withdraw(self, work: Work) -> bool:
        """Mark `work`, submitted to this desk, as moot; tell whether it is over with that.

        Work still waiting is never served. Of work in service the person finishes the call: it
        counts as served, and is over at the end of the service, with `is_moot` set. Nothing
        happens to work finished, moot or refused.
        """
        if work.is_moot or work.is_refused or work.finished_at != NEVER:
            return False
        work.is_moot = True
        if work.started_at != NEVER:
            return False
        if work.queued_at == NEVER:
            return True
        self.statistics.count_withdrawal(self._env.now, work.waits_since, work.queue)
        if self.n_moot_queued > self.n_waiting:
            self._backlog.keep(self._backlog.entries())
        return True

    def interrupt(self, staff: int) -> Work | None:
        """Break off what a person is doing, and return it; None if the person is idle.

        The work is queued again as it was, to be begun anew, and counts neither as served nor as
        lost; if it was withdrawn in the meantime, it ends as moot. The person is idle.
        """
        work = next((entry[-1] for entry in self._ends if entry[-1].staff == staff), None)
        if work is not None:
            now = float(self._env.now)
            self._ends[:] = [entry for entry in self._ends if entry[-1] is not work]
            heapify(self._ends)
            self._break_off(work, now)
            self._plan_look(now)
        return work

    def catch_up(self, to: float) -> None:
        """Let happen what is due before an instant; what is due at it, up to where others act."""
        clock, ends, announced = self._env, self._ends, self._announced
        while (now := self.next_at) <= to:
            if ends and ends[0][0] == now:
                if self.on_end is None:
                    self._hand_on(min(to, self._look_at, announced[0][0] if announced else NEVER))
                    self._find_next()
                    if self.next_at > now:
                        continue
                clock.stand_at(now)
                while ends and ends[0][0] == now:
                    self._end_service(*heappop(ends))
                if self.on_end is not None:  # who may have planned something
                    to = min(to, clock.next_planned())
            if announced and announced[0][0] == now:
                self._arrive(now)
            if now == to:
                self._look_at = now
                return
            self._look_at = NEVER
            if self.statistics.n_waiting:
                self._dispatch(now)
            self._find_next()

    def settle_outsourced(self) -> int:
        """Return the pieces of work given away since this was last asked."""
        n, self._n_unsettled = self._n_unsettled, 0
        return n

    def works(self) -> list[Work]:
        """Return the pieces of work at hand: in service, given away, and waiting and not moot."""
        waiting = (entry[-1] for entry in self._backlog.entries())
        return [*(entry[-1] for entry in sorted(self._ends)), *waiting]

    def check_littles_law(self) -> int:
        """Return the residual of Little's law in seconds: 0 on a desk in order."""
        waiting = [entry[-1].waits_since for entry in self._backlog.entries()]
        return self.statistics.check_littles_law(self._env.now, waiting)

    def _admit(self, works: Sequence[Work], now: float) -> None:
        """Queue work in its order; refuse what a full desk has no place for."""
        queues = self._queues
        for work in works:
            work.queue = queues[work.skill]
            work.queued_at = work.waits_since = now
        if self.capacity is not None:
            n_places = max(0, self.capacity - self.n_waiting - self.n_busy)
            works, refused = works[:n_places], works[n_places:]
            for work in refused:
                self.statistics.count_refusal(now, work.queue)
                work.is_refused = True
        self._backlog.add(works)
        self.statistics.count_arrivals(works, now)

    def _arrive(self, now: float) -> None:
        """Submit the work announced for now, but for what was withdrawn."""
        announced, works = self._announced, []
        while announced and announced[0][0] == now:
            works.append(heappop(announced)[-1])
        self._admit([work for work in works if not work.is_moot], now)

    def _plan_look(self, now: float) -> None:
        """Plan the next look at the queue: at once, if somebody is idle and on duty."""
        if self.statistics.n_waiting and now < self._look_at:
            self._crew.take_turns(now)
            at = now if self._crew.idle else self._next_change(now)
            self._look_at = min(self._look_at, at)
            self.next_at = min(self.next_at, at)

    def _next_change(self, now: float) -> float:
        """Give the next instant at which waiting work may find somebody without a service's end."""
        at = self._crew.until if self._crew.off else NEVER
        if self.outside is not None and self.statistics.n_waiting > self.outside.above:
            at = min(at, self.roster.hours.opening_from(now))
        return at

    def _find_next(self) -> None:
        """Find the instant of what happens next."""
        at = self._look_at
        if self._ends and self._ends[0][0] < at:
            at = self._ends[0][0]
        if self._announced and self._announced[0][0] < at:
            at = self._announced[0][0]
        self.next_at = at

    def _dispatch(self, now: float) -> None:
        """Hand work to idle people, in number order, while both last."""
        self._crew.take_turns(now)
        if self.outside is not None and self.roster.hours.opening_from(now) == now:
            self._give_away(now, self.outside)
        idle, n_waiting = self._crew.idle, self.statistics.n_waiting
        begun: list[Work] = []
        unable = []
        while idle and len(begun) < n_waiting:
            person = heappop(idle)
            work = self._backlog.take(self._can_do[person])
            if work is None:
                unable.append(person)
            else:
                self._start(work, person, now)
                begun.append(work)
        for person in unable:
            heappush(idle, person)
        self.statistics.count_starts(begun)
        if self.statistics.n_waiting and (self._crew.off or self.outside):
            self._look_at = self._next_change(now)

    def _hand_on(self, to: float) -> None:
        """Let services end before an instant, and who ends one begin the next, in the usual case.

        That is: whoever ends a service ends it alone, is on duty, and nobody else is idle. Then
        the person takes the most urgent work on the spot. Or nothing waits. Where there is more to
        look at, it stops.
        """
        if self.roster.has_leaves or self.outside is not None:
            return
        ends, crew = self._ends, self._crew
        until, begun = min(to, crew.until), list[Work]()
        n_to_begin = 0 if crew.idle else self.statistics.n_waiting
        while len(begun) < n_to_begin and ends and (now := ends[0][0]) < until:
            end = heappop(ends)
            done = end[-1]
            is_alone = not ends or ends[0][0] > now
            work = None
            if is_alone and crew.is_on_duty[done.staff]:
                work = self._backlog.take(self._can_do[done.staff])
            if work is None:
                heappush(ends, end)
                break
            done.finished_at = now
            self.over.append(done)
            self._start(work, done.staff, now)
            begun.append(work)
        self.statistics.count_starts(begun)
        if not self.statistics.n_waiting:
            self._look_at = NEVER
            while ends and ends[0][0] < to:
                self._end_service(*heappop(ends))

    def _start(self, work: Work, staff: int, now: float) -> None:
        """Begin the service of `work` by one person."""
        work.started_at, work.staff = now, staff
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

    def _end_service(self, now: float, _: int, work: Work) -> None:
        """End a service, or break it off."""
        if work.is_cut:
            self._break_off(work, now)
            return
        work.finished_at = now
        if not work.is_outsourced:
            self._crew.free(work.staff)
        self._tell(work)

    def _break_off(self, work: Work, now: float) -> None:
        """Queue work again whose service ends before it is done."""
        self._crew.free(work.staff)
        work.waits_since = self.statistics.count_interruption(work, now)
        work.is_cut, work.started_at, work.staff = False, NEVER, NOBODY
        if work.is_moot:
            self.statistics.count_withdrawal(now, work.waits_since, work.queue)
            self._tell(work)
        else:
            self._backlog.add([work])

    def _tell(self, work: Work) -> None:
        """Tell that the service of work is over, or keep it for those who ask."""
        if self.on_end is None:
            self.over.append(work)
        else:
            self.on_end(work)
