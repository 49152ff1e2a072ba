"""A chronicle of collection: what happened to whom, in the order in which it happened.

The event log dates what a night posts on the day that it closes. Who wants to know whether a call
came before a notice needs the order itself: here whatever is logged, the work that desks finish and
the spells of arrears that each night finds are written down one after the other.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np

from models.arrays import Ints
from sim.engine import drivers
from sim.engine.agenda import CohortAgenda, Task
from sim.engine.books import close_books
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.record.activity_log import EventLog
from sim.record.eventlog import ACTIVITIES, Activity
from sim.record.ledger import Ledger
from sim.record.postings import Posting

FINISHED = (Task.CALLED, Task.AGENCY_WORKED, Task.PAPERS_READY, Task.DOCKETED)
"""What desks leave for the night."""
BOOKED = (Posting.LEGAL_WORK, Posting.LATE_DAMAGES)
NOTICES = ("intermediary_retained", "bankruptcy_filed", "rehabilitation_filed")


class Entry(NamedTuple):
    """One thing that happened to a member at a lender."""

    number: int
    name: str
    day: int
    row: int
    yen: int


class Chronicle:
    """What happened at every lender of a pass of the cohort driver."""

    def __init__(self) -> None:
        self._entries: dict[int, list[Entry]] = defaultdict(list)
        self._spells: dict[int, Ints] = {}
        self._noted: dict[int, set[int]] = defaultdict(set)
        """Whose notices have come since the last night, by log."""
        self._number = count()

    def lives(self, world: World) -> dict[int, list[Entry]]:
        """Give what happened to each member at a lender, in order."""
        books = (world, world.log, world.agenda, world.ledger)
        lives: dict[int, list[Entry]] = defaultdict(list)
        for entry in sorted(entry for book in books for entry in self._entries[id(book)]):
            lives[entry.row].append(entry)
        return lives

    def write(self, book: object, name: str, day: int, row: int, yen: int = 0) -> None:
        """Write one thing down."""
        self._entries[id(book)].append(Entry(next(self._number), name, day, row, yen))
        if name in NOTICES:
            self._noted[id(book)].add(row)

    def close(self, world: World, day: int) -> None:
        """Close the books of a day, then note which spells of arrears are over or have begun."""
        close_books(world, day)
        now = world.members.spell_start.astype(np.int64)
        before = self._spells.get(id(world), np.full(now.size, -1))
        self._spells[id(world)] = now
        noted = np.isin(np.arange(now.size), sorted(self._noted.pop(id(world.log), ())))
        changed = now != before
        over = (changed & (before >= 0)) | (noted & (now < 0))
        for name, rows in (("spell_over", over), ("spell_begun", changed & (now >= 0))):
            for row in np.flatnonzero(rows).tolist():
                self.write(world, name, day, row)

    @contextmanager
    def written(self) -> Iterator["Chronicle"]:
        """Write down what happens from here to the end of the context."""
        log, add, post = EventLog.add, CohortAgenda.add, Ledger.post

        def logged(
            self_: EventLog,
            activity: Activity | Ints,
            minute: Ints | int,
            rows: Ints,
            **more: Any,  # noqa: ANN401
        ) -> None:
            log(self_, activity, minute, rows, **more)
            number = activity.number if isinstance(activity, Activity) else activity
            columns = (number, minute, more.get("yen", 0))
            every = (np.broadcast_to(np.asarray(one), rows.shape).tolist() for one in columns)
            for row, kind, time, yen in zip(rows.tolist(), *every, strict=True):
                name = ACTIVITIES[kind].name.lower()
                self.write(self_, name, time // MINUTES_PER_DAY, row, yen)

        def finished(self_: CohortAgenda, task: Task, day: int, row: int) -> None:
            add(self_, task, day, row)
            if task in FINISHED:
                self.write(self_, task.name.lower(), day, row)

        def booked(
            self_: Ledger,
            posting: Posting,
            day: int,
            rows: Ints,
            yen: Ints,
            *more: Any,  # noqa: ANN401
        ) -> None:
            post(self_, posting, day, rows, yen, *more)
            if posting in BOOKED:
                for row, amount in zip(rows.tolist(), yen.tolist(), strict=True):
                    if amount:
                        self.write(self_, posting.name.lower(), day, row, amount)

        with (
            patch.object(EventLog, "add", logged),
            patch.object(CohortAgenda, "add", finished),
            patch.object(Ledger, "post", booked),
            patch.object(drivers, "close_books", self.close),
        ):
            yield self
