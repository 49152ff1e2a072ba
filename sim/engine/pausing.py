"""Pausing a pass at a midnight, and going on from there, in this process or in another one.

A pass pauses a moment after midnight: the business day before is closed, its books are not. So
terms that change on this morning still settle what accrued under the old ones, as they do in an
uninterrupted pass. All that the pass knows is then plain data (`sim.engine.plain_state`). SimPy
holds no event but the next night, and each planned call is the alarm of cases that sleep until its
instant. So alarms are planned again from who sleeps, and what follows is the same, bit for bit.
"""

from collections.abc import Sequence

import simpy

from sim.config import Config
from sim.engine.agenda import CohortAgenda
from sim.engine.cases.course import plan_alarm
from sim.engine.clock import Call
from sim.engine.desks.backlog import Backlog
from sim.engine.desks.crew import Crew
from sim.engine.desks.desk import Desk
from sim.engine.desks.statistics import DeskStatistics
from sim.engine.drivers import MOMENT, drive_cohort
from sim.engine.members.population import populate
from sim.engine.plain_state import PlainState, restore, save
from sim.engine.simulation import set_up
from sim.engine.state.case_book import CaseBook
from sim.engine.state.economy import Economy
from sim.engine.state.world import World
from sim.record.activity_log import EventLog
from sim.record.eventlog import Record
from sim.record.ledger import Ledger
from sim.record.monthly_sums import MonthlySums
from sim.record.spells import Spells
from sim.record.workouts import Workouts

OF_CONFIGURATION = frozenset({"config", "env", "chunk_rows", "calendar", "n_days", "n_members"})
OF_BOOKS = frozenset({"_n_members", "_month_of"})
CONSTANTS: dict[type, frozenset[str]] = {
    Economy: OF_CONFIGURATION | {"replications", "is_recorded", "rng", "factor"},
    World: OF_CONFIGURATION
    | {"economy", "lender", "contract", "stages", "replications", "persons", "others", "script"}
    | {"terms", "atone", "au", "derived", "nights_of_everybody"},
    Ledger: frozenset({"_is_recorded", "_lender"}),
    EventLog: frozenset({"_is_recorded"}),
    MonthlySums: OF_BOOKS | {"_rows", "_place", "_lengths", "_waiting_yen"},
    Spells: OF_BOOKS,
    Workouts: OF_BOOKS,
    CohortAgenda: frozenset(),
    CaseBook: frozenset({"alarms", "over"}),
    Desk: frozenset(
        {"name", "n_staff", "roster", "capacity", "outside", "_env", "on_end", "over"}
        | {"_queues", "_can_do"}
    ),
    Crew: frozenset({"roster"}),
    Backlog: frozenset({"_ageing_days"}),
    DeskStatistics: frozenset(
        {"capacity_seconds", "absent_seconds", "_month_of", "_month_ends", "_n_skills"}
        | {"_notes", "_arrived", "_begun"}
    ),
}
"""What constructors and `World.adopt` rebuild from the configuration, and what is planned."""


class PauseError(AssertionError):
    """Something planned that nobody knows how to plan again: a defect of the simulator."""


def pause(config: Config, replications: Sequence[int], record: Record, day: int) -> PlainState:
    """Run a pass to the midnight that opens a day and save it.

    Parameters
    ----------
    config
        The run.
    replications
        Numbers of the replications in the pass.
    record
        Whose lines are kept.
    day
        From 1 to the last day of the run.
    """
    worlds = set_up(config, replications, record)
    nights = drive_cohort(worlds)
    populate(worlds[0].economy, worlds)
    worlds[0].env.run(until=day + MOMENT / 2)
    return state_of(worlds, nights)


def state_of(worlds: Sequence[World], nights: simpy.Process) -> PlainState:
    """Save worlds that stand a moment after a midnight."""
    for world in worlds:
        world.ledger.reduce()
        world.log.reduce()
        for desks in world.desks:
            for desk in vars(desks).values():
                desk.statistics.reduce()
    _check_planned(worlds, nights)
    return save({"economy": worlds[0].economy, "worlds": list(worlds)}, CONSTANTS)


def resume(
    config: Config, replications: Sequence[int], record: Record, day: int, saved: PlainState
) -> tuple[list[World], simpy.Process]:
    """Rebuild the worlds of a paused pass and the process of its nights.

    Running their clock goes on with it.

    Parameters
    ----------
    config
        The run, as it was up to the pause; terms may differ from the morning of the day on.
    replications, record, day
        As they were.
    saved
        What `pause` gave.
    """
    worlds = set_up(config, replications, record, now=day + MOMENT / 2)
    nights = drive_cohort(worlds, day)
    for world in worlds:
        world.adopt(world.stages[max(first for first in world.stages if first < day)])
    restore({"economy": worlds[0].economy, "worlds": worlds}, saved)
    for world in worlds:
        for instant in world.cases.asleep:
            plan_alarm(world, instant)
    return worlds, nights


def _check_planned(worlds: Sequence[World], nights: simpy.Process) -> None:
    """Raise PauseError if more or less is planned than the next night and alarms of who sleeps."""
    known: set[tuple[float, Call]] = set()
    for world in worlds:
        book = world.cases
        if book.beginning or book.over:
            raise PauseError("cases are about to begin or to go on")
        if book.alarms.keys() != book.asleep.keys():
            raise PauseError(f"cases sleep until {[*book.asleep]}, alarms are at {[*book.alarms]}")
        known.update(book.alarms.items())
    env = worlds[0].env
    # What stopped the clock is still there, and calls nobody any more.
    held = [event for *_, event in env._queue if event.callbacks]  # noqa: SLF001 - listed nowhere else
    planned = env.planned_calls()
    unknown: list[object] = [event for event in held if event is not nights.target]
    unknown += [call for at, call in planned if (at, call) not in known]
    if unknown or len(planned) != len(known):
        raise PauseError(f"{unknown} are planned by nobody known, or some of {known} are not")
