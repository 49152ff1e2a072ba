"""The clock of a pass: SimPy's, and two things more.

SimPy schedules an event after a delay, and ``now + (at - now)`` can miss ``at`` by one rounding.
This one also calls at an instant, to the bit. Such a call is no event: nobody can wait for it, and
it costs a fraction of one.

And some things have so much going on in themselves that an event for each happening would cost more
than the happening: the desks. They follow the clock: before an event or a call of a later instant,
they catch up, each in one go. So whoever acts finds them as they are then.
"""

import math
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any, Protocol

import simpy
from simpy.events import EventPriority

Call = Callable[[float], None]
"""What is called at an instant, with that instant."""


class Follower(Protocol):
    """Something that goes on by itself between the events of a clock."""

    next_at: float
    """Instant at which something happens next; inf: never."""

    def catch_up(self, to: float) -> None:
        """Let happen what is due before an instant, and what comes first at that instant."""


class Clock(simpy.Environment):
    """SimPy environment whose clock counts days since the start; an integer is a midnight."""

    def __init__(self, initial_time: float = 0.0) -> None:
        super().__init__(initial_time)
        self._calls: list[tuple[float, int, int, Call]] = []
        self._followers: list[Follower] = []
        self._followed_to = -math.inf
        self._before_events: list[Callable[[], None]] = []
        self._told_at = -math.inf

    def call_at(self, at: float, priority: EventPriority, call: Call) -> None:
        """Plan a call at an instant, now or later; the priority places it among the events of it.

        Of calls and events with one instant and priority those planned first come first.
        """
        heappush(self._calls, (at, priority, next(self._eid), call))

    def follow(self, follower: Follower) -> None:
        """Let something catch up before each event and call of a later instant."""
        self._followers.append(follower)

    def before_events(self, call: Callable[[], None]) -> None:
        """Have something called before the first event of each instant, but after the followers."""
        self._before_events.append(call)

    def stand_at(self, instant: float) -> None:
        """Let a follower set the clock to what happens in it while it catches up."""
        self._now = instant

    def stop(self) -> None:
        """Forget all that is planned, and who follows: these hold the clock, and it holds them."""
        for held in (self._queue, self._calls, self._followers, self._before_events):
            held.clear()

    def step(self) -> None:
        """Make the calls that are due before the next event, and let that happen."""
        calls: list[Any] = self._calls
        events: list[Any] = self._queue
        while (at := self.next_planned()) < math.inf:
            if at > self._followed_to:
                self._follow(at)
            elif calls and not (events and events[0] < calls[0]):
                self._now, _, _, call = heappop(calls)
                call(self._now)
            elif at > self._told_at:
                self._now = self._told_at = at
                for tell in self._before_events:
                    tell()
            else:
                super().step()
                return
        self._go_on_without_plan()

    def next_planned(self) -> float:
        """Give the instant of the next call or event, or inf; followers are not asked."""
        at = self._queue[0][0] if self._queue else math.inf
        return min(at, self._calls[0][0]) if self._calls else at

    def peek(self) -> float:
        """Give the instant of the next call or event, or of what a follower does next, or inf."""
        of_followers = (follower.next_at for follower in self._followers)
        return min(self.next_planned(), min(of_followers, default=math.inf))

    def planned_calls(self) -> list[tuple[float, Call]]:
        """Give the calls to come and their instants, in their order."""
        return [(at, call) for at, _, _, call in sorted(self._calls)]

    def _follow(self, to: float) -> None:
        """Let the followers catch up with an instant, or with an earlier one that they plan."""
        for follower in self._followers:
            if follower.next_at <= to:
                follower.catch_up(to)
                to = min(to, self.next_planned())
        self._followed_to = to

    def _go_on_without_plan(self) -> None:
        """Let the follower that is first go on; if nothing is left to do, say so as SimPy does."""
        followers = sorted(self._followers, key=lambda one: one.next_at)
        if not followers or followers[0].next_at == math.inf:
            super().step()
        else:
            at, *later = (follower.next_at for follower in followers)
            to = later[0] if later else math.inf
            followers[0].catch_up(max(math.nextafter(at, math.inf), math.nextafter(to, 0.0)))
