"""The clock of a pass: SimPy's, and three things more.

SimPy schedules an event after a delay, and ``now + (at - now)`` can miss ``at`` by one rounding.
This one also schedules at an instant, to the bit. And who knows that nothing is scheduled before
what it does next may do it at once, without an event. While it runs, Python looks for garbage less
often.
"""

import gc
from heapq import heappush
from typing import Any

import simpy
from simpy.events import EventPriority

ALLOCATIONS_PER_COLLECTION = 50_000
"""So many new objects, a few megabytes, before Python looks for those that only hold each other.

A pass makes hardly any such garbage and keeps many objects for long. At Python's own threshold of
some hundred, looking through these takes 5 to 8 % of the time.
"""


class Clock(simpy.Environment):
    """SimPy environment whose clock counts days since the start; an integer is a midnight."""

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

    def schedule_at(self, event: simpy.Event, at: float, priority: EventPriority) -> None:
        """Schedule an event at an instant, now or later."""
        heappush(self._queue, (at, priority, next(self._eid), event))

    def advance(self, at: float) -> bool:
        """Go to an instant if nothing is scheduled up to it; tell whether that was so."""
        if self._queue and self._queue[0][0] <= at:
            return False
        self._now = at
        return True
