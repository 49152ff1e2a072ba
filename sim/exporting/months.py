"""A replication simulated again, handed over month by month.

The clock stops each night after the books are closed. What was recorded is booked by member and,
unless it is exported itself, forgotten, so that a month of lines is all that is ever held. Stopping
a clock changes nothing that happens.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence

import numpy as np
import polars as pl

from sim.config import Config
from sim.engine.drivers import MOMENT, drive_cohort
from sim.engine.members.population import populate
from sim.engine.simulation import run_to_the_end, set_up
from sim.engine.state.world import World
from sim.exporting.panel import PANEL_SCHEMA, Pictures, identifier
from sim.exporting.transitions import TRANSITIONS_SCHEMA, Stays
from sim.facts.recorded_lines import EVENT_SCHEMA, LEDGER_SCHEMA, event_frame, ledger_frame
from sim.record.eventlog import Record

SCHEMAS: dict[str, dict[str, pl.DataType | type[pl.DataType]]] = {
    "panel": PANEL_SCHEMA,
    "transitions": TRANSITIONS_SCHEMA,
    "events": {"id": pl.String, **EVENT_SCHEMA},
    "ledger": {"id": pl.String, **LEDGER_SCHEMA},
}
"""Columns of the exported tables and their types."""
BOOKS_CLOSED = 1 + 1.5 * MOMENT
"""Days from the midnight that opens a day to the moment after its books are closed."""

Month = tuple[dt.date, dict[str, pl.DataFrame]]
"""First day of a month, and the tables of the month by name."""


def begin(config: Config, replication: int, record: Record) -> list[World]:
    """Set up a replication for the first night; every table shows recorded members only."""
    worlds = set_up(config, [replication], record)
    drive_cohort(worlds)
    populate(worlds[0].economy, worlds)
    return worlds


def months(worlds: Sequence[World], what: Collection[str]) -> Iterator[Month]:
    """Simulate to the end and give the wanted tables of each month as it closes.

    Parameters
    ----------
    worlds
        What `begin` gave.
    what
        Names of tables, among those of `SCHEMAS`.
    """
    views = [_View(world) for world in worlds]
    calendar = worlds[0].calendar
    n_months = worlds[0].config.months
    for month in range(n_months):
        first, after = (int(day) for day in calendar.month_first[month : month + 2])
        for day in range(first, after):
            worlds[0].env.run(until=day + BOOKS_CLOSED)
            for view in views:
                view.close_night(day, what)
        last_day, is_last = after - 1, month == n_months - 1
        for view in views:
            view.pictures.close_month(last_day)
        yield calendar.date(first), _tables(worlds, views, what, last_day, is_last=is_last)
        for view in views:
            view.forget()
    run_to_the_end(worlds)


class _View:
    """What is known of the recorded members of one lender."""

    def __init__(self, world: World) -> None:
        recorded = world.economy.is_recorded
        rows = np.flatnonzero(recorded if recorded is not None else ())
        self.pictures = Pictures(world, rows)
        self.stays = Stays(world, self.pictures)
        self._world = world
        self._n_booked = 0

    def close_night(self, day: int, what: Collection[str]) -> None:
        """Book the lines of a business day, and forget what is not exported itself."""
        lines = self._world.ledger.lines
        self.pictures.close_night(day, lines[self._n_booked :])
        if "ledger" not in what:
            lines.clear()
        if "events" not in what:
            self._world.log.kept.clear()
        self._n_booked = len(lines)

    def forget(self) -> None:
        """Forget the lines and flows of a month that is handed over."""
        self._world.ledger.lines.clear()
        self._world.log.kept.clear()
        self._n_booked = 0
        self.pictures.begin_month()


def _tables(
    worlds: Sequence[World],
    views: Sequence[_View],
    what: Collection[str],
    day: int,
    *,
    is_last: bool,
) -> dict[str, pl.DataFrame]:
    """Give the wanted tables of the month that ends with a day."""
    tables: dict[str, pl.DataFrame] = {}
    if "panel" in what:
        tables["panel"] = pl.concat(view.pictures.panel(day) for view in views)
    if "transitions" in what:
        ended = [view.stays.ended(day, is_last=is_last) for view in views]
        tables["transitions"] = pl.concat(ended)
    if "events" in what:
        tables["events"] = _identified(event_frame(worlds), "events", "case_id")
    if "ledger" in what:
        tables["ledger"] = _identified(ledger_frame(worlds), "ledger", "member")
    return tables


def _identified(lines: pl.DataFrame, table: str, member: str) -> pl.DataFrame:
    """Put the id of the account, as in the panel, before recorded lines."""
    return lines.with_columns(id=identifier(member)).select(list(SCHEMAS[table]))
