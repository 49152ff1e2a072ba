"""One pass: some replications of a configuration, simulated together in one SimPy environment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from sim.config import Config
from sim.engine.clock import Clock
from sim.engine.drivers import MOMENT, drive_cohort, drive_members
from sim.engine.garbage import rarely_collected
from sim.engine.members.population import populate
from sim.engine.state.economy import Economy
from sim.engine.state.world import World
from sim.facts.recorded_lines import event_frame, ledger_frame
from sim.facts.replication import facts_of
from sim.record.eventlog import Record

Driver = Literal["cohort", "member"]
CHUNK_ROWS = 1 << 16
"""Rows a step gets at once: large enough to forget the overhead, small enough for the cache."""


@dataclass(frozen=True)
class Outcome:
    """What a pass hands back.

    Parameters
    ----------
    facts
        Integer facts of all replications, canonical order (`sim.facts.replication`).
    ledger, events
        Lines of the recorded members, canonical order (`sim.facts.recorded_lines`); empty if
        none is recorded.
    """

    facts: pl.DataFrame
    ledger: pl.DataFrame
    events: pl.DataFrame


def simulate(
    config: Config,
    replications: Sequence[int],
    *,
    driver: Driver = "cohort",
    record: Record | None = None,
    chunk_rows: int | None = None,
) -> Outcome:
    """Simulate replications of a configuration in one pass.

    Parameters
    ----------
    config
        The run.
    replications
        Numbers of the replications, each at most once.
    driver
        Everybody as arrays, or one process per member; the outcome is the same, bit for bit.
    record
        Whose lines are kept; nobody's by default.
    chunk_rows
        Rows a step gets at once; no effect on the outcome.

    Returns
    -------
    Outcome
        Facts and recorded lines.

    Raises
    ------
    LedgerError
        If the books do not agree (a defect).
    """
    with rarely_collected():
        worlds = run_worlds(config, replications, driver, record or Record.nothing(), chunk_rows)
        return outcome_of(worlds)


def run_worlds(
    config: Config,
    replications: Sequence[int],
    driver: Driver,
    record: Record,
    chunk_rows: int | None = None,
) -> list[World]:
    """Run a pass to its end and give the worlds of its lenders."""
    worlds = set_up(config, replications, record, chunk_rows)
    if driver == "cohort":
        drive_cohort(worlds)
    else:
        drive_members(worlds)
    populate(worlds[0].economy, worlds)
    run_to_the_end(worlds)
    return worlds


def set_up(
    config: Config,
    replications: Sequence[int],
    record: Record,
    chunk_rows: int | None = None,
    now: float = 0.0,
) -> list[World]:
    """Build the empty worlds of a pass, whose clock stands at an instant."""
    env = Clock(initial_time=now)
    economy = Economy(config, replications, record, env, chunk_rows or CHUNK_ROWS)
    worlds = [World(economy, lender) for lender in config.active_lenders()]
    for world in worlds:
        world.others = [other for other in worlds if other is not world]
    return worlds


def run_to_the_end(worlds: Sequence[World]) -> None:
    """Run the clock of a pass to its end."""
    economy = worlds[0].economy
    # The last books are closed a moment after midnight; no desk sees the day that begins then.
    economy.env.run(until=economy.n_days + 2 * MOMENT)


def outcome_of(worlds: Sequence[World]) -> Outcome:
    """Collect what a pass hands back; its worlds are not of use any more."""
    outcome = Outcome(facts_of(worlds), ledger_frame(worlds), event_frame(worlds))
    worlds[0].env.stop()
    for world in worlds:
        world.part()
    return outcome
