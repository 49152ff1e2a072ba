"""The clock of a pass: SimPy's, and two things more that desks need.

SimPy schedules an event after a delay, and ``now + (at - now)`` can miss ``at`` by one rounding.
This one also schedules at an instant, to the bit. And who knows that nothing is scheduled before
what it does next may do it at once, without an event.
"""

from heapq import heappush

import simpy
from simpy.events import EventPriority


class Clock(simpy.Environment):
    """SimPy environment whose clock counts days since the start; an integer is a midnight."""

    def schedule_at(self, event: simpy.Event, at: float, priority: EventPriority) -> None:
        """Schedule an event at an instant, now or later."""
        heappush(self._queue, (at, priority, next(self._eid), event))

    def advance(self, at: float) -> bool:
        """Go to an instant if nothing is scheduled up to it; tell whether that was so."""
        if self._queue and self._queue[0][0] <= at:
            return False
        self._now = at
        return True
