"""The work that waits at a desk, most urgent first, in one heap for each skill that work needs."""

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush

from sim.engine.desks.work import Work

Entry = tuple[float, float, int, int, Work]
"""Urgency, time queued, member, order: what comes first is smallest."""


class Backlog:
    """Queues of work by the number of the skill that it needs.

    Parameters
    ----------
    n_skills
        Number of skills.
    ageing_days
        Wait that makes work as urgent as the next priority; with 0 priority is strict.

    Notes
    -----
    Withdrawn work stays in its heap until its turn comes, or until moot work is more than half
    of all. That makes a withdrawal cheap and keeps the heaps at most twice the backlog.

    Work that ages is ordered by priority * ageing_days + queued_at, which never changes: a wait of
    `ageing_days` makes up for one step of priority.
    """

    def __init__(self, n_skills: int, ageing_days: float = 0.0) -> None:
        self._ageing_days = ageing_days
        self._queues: list[list[Entry]] = [[] for _ in range(n_skills)]

    def __len__(self) -> int:
        """Count the pieces of work, moot ones included."""
        return sum(map(len, self._queues))

    def add(self, works: Iterable[Work]) -> None:
        """Put pieces of work into the places of their urgency."""
        queues, ageing_days = self._queues, self._ageing_days
        for work in works:
            since = work.queued_at
            urgency: float = work.priority
            if ageing_days:
                urgency = urgency * ageing_days + since
            heappush(queues[work.queue], (urgency, since, work.member, work.order, work))

    def take(self, skills: Sequence[int]) -> Work | None:
        """Take the most urgent work that needs one of these skills, if there is any."""
        if len(skills) == 1:  # as nearly always: there is nothing to compare
            queue = self._queues[skills[0]]
            while queue:
                work = heappop(queue)[-1]
                if not work.is_moot:
                    return work
            return None
        best: list[Entry] | None = None
        for skill in skills:
            queue = self._queues[skill]
            while queue and queue[0][-1].is_moot:
                heappop(queue)
            if queue and (best is None or queue[0] < best[0]):
                best = queue
        return None if best is None else heappop(best)[-1]

    def entries(self) -> list[Entry]:
        """Give the entries of work that is not moot, in no order."""
        return [entry for queue in self._queues for entry in queue if not entry[-1].is_moot]

    def keep(self, entries: Iterable[Entry]) -> None:
        """Throw away all but these entries."""
        self._queues = [[] for _ in self._queues]
        for entry in entries:
            self._queues[entry[-1].queue].append(entry)
        for queue in self._queues:
            heapify(queue)
