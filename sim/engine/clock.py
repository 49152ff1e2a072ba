"""The clock of a pass: SimPy's, and two things more.

SimPy schedules an event after a delay, and ``now + (at - now)`` can miss ``at`` by one rounding.
This one also calls at an instant, to the bit. Such a call is no event: nobody can wait for it, and
it costs a fraction of one. While the clock runs, Python looks for garbage less often.
"""

import gc
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

import simpy
from simpy.events import EventPriority

ALLOCATIONS_PER_COLLECTION = 50_000
"""So many new objects, a few megabytes, before Python looks for those that only hold each other.

A pass makes hardly any such garbage and keeps many objects for long. At Python's own threshold of
some hundred, looking through these takes 5 to 8 % of the time.
"""

Call = Callable[[float], None]
"""What is called at an instant, with that instant."""


class Clock(simpy.Environment):
    """SimPy environment whose clock counts days since the start; an integer is a midnight."""

    def __init__(self, initial_time: float = 0.0) -> None:
        super().__init__(initial_time)
        self._calls: list[tuple[float, int, int, Call]] = []

    def run(self, until: float | simpy.Event | None = None) -> Any:  # noqa: ANN401 - as SimPy's
        """Run as SimPy does; whoever raises the threshold of garbage collection puts it back."""
        threshold, *older = gc.get_threshold()
        if not 0 < threshold < ALLOCATIONS_PER_COLLECTION:
            return super().run(until)
        gc.set_threshold(ALLOCATIONS_PER_COLLECTION, *older)
        try:
            return super().run(until)
        finally:
            gc.set_threshold(threshold, *older)

    def call_at(self, at: float, priority: EventPriority, call: Call) -> None:
        """Plan a call at an instant, now or later; the priority places it among the events of it.

        Of calls and events with one instant and priority those planned first come first.
        """
        heappush(self._calls, (at, priority, next(self._eid), call))

    def step(self) -> None:
        """Make the calls that are due before the next event, and let that happen."""
        calls: list[Any] = self._calls
        events: list[Any] = self._queue
        while calls and not (events and events[0] < calls[0]):
            self._now, _, _, call = heappop(calls)
            call(self._now)
        super().step()

    def peek(self) -> float:
        """Give the instant of the next call or event, or inf."""
        calls = self._calls
        return min(super().peek(), calls[0][0]) if calls else super().peek()

    def is_over(self, instant: float) -> bool:
        """Tell whether nothing more is planned up to an instant."""
        if self._calls and self._calls[0][0] <= instant:
            return False
        return not (self._queue and self._queue[0][0] <= instant)

    def planned_calls(self) -> list[tuple[float, Call]]:
        """Give the calls to come and their instants, in their order."""
        return [(at, call) for at, _, _, call in sorted(self._calls)]
