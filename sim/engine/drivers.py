"""The two drivers: everybody at once as arrays, or one SimPy process per member.

Both run the same nights on the same state and give the same ledger, bit for bit. At midnight a
business day is closed, a moment later the books, and after another moment the new day is opened.
"""

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from models.arrays import Ints
from sim.engine.agenda import CohortAgenda, MembersAgenda
from sim.engine.books import close_books
from sim.engine.night import close_day, open_day
from sim.engine.world import World

Process = Generator[simpy.Event, Any, None]
MOMENT = 2.0**-12
"""A third of a minute; as a power of two it leaves sums of times exact."""
AWAKE = -1


def drive_cohort(world: World) -> None:
    """Set up the cohort driver."""
    world.agenda = CohortAgenda()
    crowd = np.arange(world.members.size)
    world.env.process(_nights(world, crowd))


def _nights(world: World, crowd: Ints) -> Process:
    """Go from night to night with everybody."""
    for day in range(world.n_days):
        yield world.env.timeout(MOMENT)
        if day:
            close_books(world, day - 1)
        yield world.env.timeout(MOMENT)
        open_day(world, day, crowd)
        yield world.env.timeout(1 - 2 * MOMENT)
        close_day(world, day, crowd)
    yield world.env.timeout(MOMENT)
    close_books(world, world.n_days - 1)


def drive_members(world: World) -> None:
    """Set up the member driver."""
    lives = Lives(world)
    world.agenda = lives.agenda
    for row in range(world.members.size):
        lives.begin(row)
    world.env.process(_books(world))


def _books(world: World) -> Process:
    """Close the books a moment after each midnight."""
    yield world.env.timeout(MOMENT)
    for day in range(world.n_days):
        yield world.env.timeout(1)
        close_books(world, day)


class Lives:
    """The processes of the member driver and the nights until which they sleep."""

    def __init__(self, world: World) -> None:
        self.agenda = MembersAgenda(self._owners, self._wake)
        self._world = world
        self._sleeps_until = [AWAKE] * world.members.size
        self._processes: list[simpy.Process] = []
        calendar = world.calendar
        days = np.arange(world.n_days + 1)
        number = calendar.day_of_month[: world.n_days + 1]
        fee_days = np.isin(number, world.terms.late.admin_fee_days)
        # The first of a month closes the last one; a fee day is closed the night after.
        nights = days[number == 1].tolist() + (days[fee_days] + 1).tolist()
        self._fixed_nights = sorted({night for night in nights if 0 < night <= world.n_days})

    def begin(self, row: int) -> None:
        """Start the process of one member."""
        self._processes.append(self._world.env.process(self._life(row)))

    def _owners(self, owner: str, rows: Ints) -> Ints:
        """Give the member rows that own rows of a table."""
        match owner:
            case "purchase":
                return self._world.purchases.member[rows]
            case "due":
                return self._world.dues.member[rows]
            case _:
                return rows

    def _wake(self, row: int, night: int) -> None:
        """Wake a member who would sleep through a night."""
        if self._sleeps_until[row] > night:
            self._sleeps_until[row] = AWAKE
            self._processes[row].interrupt()

    def _life(self, row: int) -> Process:
        """Live one member's nights."""
        world = self._world
        crowd = np.array([row])
        yield world.env.timeout(2 * MOMENT)
        open_day(world, 0, crowd, row)
        night = 0
        while True:
            last, night = night, self._next_night(row, night)
            if night > world.n_days:
                return
            self._sleeps_until[row] = night
            try:
                yield world.env.timeout(night - world.env.now)
            except simpy.Interrupt:
                night = last
                continue
            self._sleeps_until[row] = AWAKE
            close_day(world, night - 1, crowd, row)
            if night == world.n_days:
                return
            yield world.env.timeout(2 * MOMENT)
            open_day(world, night, crowd, row)

    def _next_night(self, row: int, night: int) -> int:
        """Give the next night after one on which a member has something to do."""
        position = np.searchsorted(self._fixed_nights, night, side="right")
        fixed = (
            self._fixed_nights[position] if position < len(self._fixed_nights) else night + 10**6
        )
        return min(fixed, max(self.agenda.next_night(row), night + 1))
