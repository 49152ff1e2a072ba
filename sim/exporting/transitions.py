"""Transitions: one row a stay of a member in a state, from month end to month end.

The same row is a spell for survival tools (start, end, event), an observation for estimators of
transition matrices (id, time, state), and a record of who went where (state, next state).
"""

import numpy as np
import polars as pl

from models.arrays import Ints
from sim.engine.state.world import World
from sim.exporting.accounts import NEVER
from sim.exporting.panel import STATES, Pictures, dates, identifier, names

TRANSITIONS_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "id": pl.String,
    "replication": pl.Int32,
    "lender": pl.String,
    "member": pl.Int32,
    "state": pl.String,
    "start_month": pl.Int16,
    "end_month": pl.Int16,
    "start_date": pl.Date,
    "end_date": pl.Date,
    "duration_months": pl.Int16,
    "event": pl.Int8,
    "next_state": pl.String,
}


class Stays:
    """The running stay of each chosen member at one lender.

    Parameters
    ----------
    world
        The lender's world, not yet begun.
    pictures
        The states at month ends.
    """

    def __init__(self, world: World, pictures: Pictures) -> None:
        self._world = world
        self._pictures = pictures
        self._since = np.full(pictures.rows.size, NEVER, dtype=np.int16)
        """Month at whose end the running stay was first seen."""

    def ended(self, day: int, *, is_last: bool) -> pl.DataFrame:
        """Give the stays that end with a month, by replication and member.

        Parameters
        ----------
        day
            Last day of the month.
        is_last
            Whether the run ends; stays that go on are then given, too, without an event.
        """
        month = int(self._world.calendar.month_of[day])
        state, before = self._pictures.state, self._pictures.state_before
        is_known = self._since != NEVER
        moved = is_known & (state != before)
        frame = self._frame(np.flatnonzero(moved), before, state, month)
        self._since[moved | (~is_known & self._pictures.is_customer)] = month
        if not is_last:
            return frame
        goes_on = np.flatnonzero(self._since != NEVER)
        rest = self._frame(goes_on, state, np.full(state.size, NEVER), month)
        return pl.concat([frame, rest]).sort("replication", "member", "start_month")

    def _frame(self, chosen: Ints, state: Ints, then: Ints, month: int) -> pl.DataFrame:
        """Give stays in states that end in a month, or go on where no state is next (`NEVER`)."""
        world, since = self._world, self._since[chosen]
        rows = self._pictures.rows[chosen]
        first_of_next = world.calendar.month_first[1:]
        frame = pl.DataFrame(
            {
                "replication": world.persons.replication[rows],
                "member": world.persons.number[rows],
                "state": names(state[chosen], STATES),
                "start_month": since,
                "end_month": np.full(chosen.size, month),
                "start_date": dates(world, first_of_next[since] - 1),
                "end_date": dates(world, np.full(chosen.size, first_of_next[month] - 1)),
                "duration_months": month - since,
                "event": then[chosen] != NEVER,
                "next_state": names(then[chosen], STATES),
            }
        ).with_columns(lender=pl.lit(world.lender.name.lower()))
        frame = frame.with_columns(id=identifier())
        return frame.select(pl.col(name).cast(dtype) for name, dtype in TRANSITIONS_SCHEMA.items())
