"""The two drivers: everybody at once as arrays, or one SimPy process per member.

Both run the same nights on the same state and give the same ledger, bit for bit. At midnight a
business day is closed, a moment later the books, and after another moment the new day is opened.
Lenders follow each other within a night: what one of them does to a person the next one knows.
"""

from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
import simpy

from models.arrays import Ints
from sim.engine.agenda import NEVER, CohortAgenda, MembersAgenda
from sim.engine.books import close_books
from sim.engine.cases.answers import listen
from sim.engine.changes import change_terms, settle_before_change
from sim.engine.contracts import sign
from sim.engine.night import close_day, open_day
from sim.engine.state.world import World

Process = Generator[simpy.Event, Any, None]
MOMENT = 2.0**-12
"""A third of a minute; as a power of two it leaves sums of times exact."""
AWAKE = -1


def drive_cohort(worlds: Sequence[World], first_day: int = 0) -> simpy.Process:
    """Set up the cohort driver, to begin at midnight before its first day; give its process."""
    sign(worlds)
    for world in worlds:
        listen(world)
        world.agenda = CohortAgenda()
    crowd = np.arange(worlds[0].members.size)
    return worlds[0].env.process(_nights(worlds, crowd, first_day))


def _nights(worlds: Sequence[World], crowd: Ints, first_day: int) -> Process:
    """Go from night to night with everybody."""
    env, n_days = worlds[0].env, worlds[0].n_days
    for day in range(first_day, n_days):
        yield env.timeout(day + MOMENT - env.now)
        if day:
            _close_all_books(worlds, day - 1)
        yield env.timeout(MOMENT)
        for world in worlds:
            open_day(world, day, crowd)
        yield env.timeout(1 - 2 * MOMENT)
        for world in worlds:
            close_day(world, day, crowd)
    yield env.timeout(MOMENT)
    _close_all_books(worlds, n_days - 1)


def drive_members(worlds: Sequence[World]) -> None:
    """Set up the member driver."""
    lives = Lives(worlds)
    for row in range(worlds[0].members.size):
        lives.begin(row)
    worlds[0].env.process(_books(worlds))


def _books(worlds: Sequence[World]) -> Process:
    """Close the books a moment after each midnight."""
    env = worlds[0].env
    for day in range(worlds[0].n_days):
        # An event at midnight lets cases hear from the desks, and wake their members for the night.
        yield env.timeout(day + 1 - env.now)
        yield env.timeout(MOMENT)
        _close_all_books(worlds, day)


def _close_all_books(worlds: Sequence[World], day: int) -> None:
    """Close the books of every lender and let terms change that do so the next morning."""
    for world in worlds:
        settle_before_change(world, day)
        close_books(world, day)
        change_terms(world, day + 1)


class Lives:
    """The processes of the member driver and the nights until which they sleep."""

    def __init__(self, worlds: Sequence[World]) -> None:
        sign(worlds)
        self._worlds = worlds
        self._agendas = []
        for world in worlds:
            listen(world)
            world.agenda = MembersAgenda(world.members_of, self._wake)
            self._agendas.append(world.agenda)
        self._env, self._n_days = worlds[0].env, worlds[0].n_days
        self._sleeps_until = [AWAKE] * worlds[0].members.size
        self._processes: list[simpy.Process] = []
        fixed = frozenset[int]().union(*(world.nights_of_everybody for world in worlds))
        self._fixed_nights = sorted(night for night in fixed if 0 < night <= self._n_days)

    def begin(self, row: int) -> None:
        """Start the process of one member."""
        self._processes.append(self._env.process(self._life(row)))

    def _wake(self, row: int, night: int) -> None:
        """Wake a member who would sleep through a night."""
        if self._sleeps_until[row] > night:
            self._sleeps_until[row] = AWAKE
            self._processes[row].interrupt()

    def _life(self, row: int) -> Process:
        """Live one member's nights."""
        env, crowd = self._env, np.array([row])
        yield env.timeout(2 * MOMENT)
        self._open(0, crowd, row)
        night = 0
        while True:
            last, night = night, self._next_night(row, night)
            if night > self._n_days:
                return
            self._sleeps_until[row] = night
            try:
                yield env.timeout(night - env.now)
            except simpy.Interrupt:
                night = last
                continue
            self._sleeps_until[row] = AWAKE
            for world in self._worlds:
                close_day(world, night - 1, crowd, row)
            if night == self._n_days:
                return
            yield env.timeout(2 * MOMENT)
            self._open(night, crowd, row)

    def _open(self, day: int, crowd: Ints, row: int) -> None:
        """Open a member's day at every lender."""
        for world in self._worlds:
            open_day(world, day, crowd, row)

    def _next_night(self, row: int, night: int) -> int:
        """Give the next night after one on which a member has something to do."""
        position = np.searchsorted(self._fixed_nights, night, side="right")
        fixed = self._fixed_nights[position] if position < len(self._fixed_nights) else NEVER
        planned = min(agenda.next_night(row) for agenda in self._agendas)
        return min(fixed, max(planned, night + 1))
