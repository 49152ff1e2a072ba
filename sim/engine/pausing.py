"""Pausing a pass at a midnight, and going on from there, in this process or in another one.

A pass pauses a moment after midnight: the business day before is closed, its books are not. So
terms that change on this morning still settle what accrued under the old ones, as they do in an
uninterrupted pass. All that the pass knows is then plain data (`sim.engine.plain_state`), and each
event that SimPy holds is one of: the next night, the next end of services at a desk, a look at its
queue, an alarm of sleeping cases. They are scheduled again at the same instants and in the same
order, so that what follows is the same, bit for bit.
"""

from collections.abc import Sequence
from typing import NamedTuple

import simpy

from sim.activity_log import EventLog
from sim.config import Config
from sim.engine.agenda import CohortAgenda
from sim.engine.backlog import Backlog
from sim.engine.case_book import CaseBook
from sim.engine.cases import listen, plan_alarm
from sim.engine.desk_statistics import DeskStatistics
from sim.engine.desks import Desk
from sim.engine.drivers import MOMENT, drive_cohort
from sim.engine.economy import Economy
from sim.engine.plain_state import PlainState, restore, save
from sim.engine.population import populate
from sim.engine.simulation import set_up
from sim.engine.spells import Spells
from sim.engine.work import PlannedEvent, Work
from sim.engine.workouts import Workouts
from sim.engine.world import World
from sim.eventlog import Record
from sim.ledger import Ledger
from sim.monthly_sums import MonthlySums

OF_CONFIGURATION = frozenset({"config", "env", "chunk_rows", "calendar", "n_days", "n_members"})
OF_BOOKS = frozenset({"_n_members", "_month_of"})
CONSTANTS: dict[type, frozenset[str]] = {
    Economy: OF_CONFIGURATION | {"replications", "is_recorded", "rng", "factor"},
    World: OF_CONFIGURATION
    | {"economy", "lender", "contract", "stages", "replications", "persons", "others", "script"}
    | {"terms", "atone", "au", "derived", "nights_of_everybody"},
    Ledger: frozenset({"_is_recorded", "_lender"}),
    EventLog: frozenset({"_is_recorded"}),
    MonthlySums: OF_BOOKS,
    Spells: OF_BOOKS,
    Workouts: OF_BOOKS,
    CohortAgenda: frozenset(),
    CaseBook: frozenset({"alarms"}),
    Desk: frozenset(
        {"name", "n_staff", "roster", "capacity", "outside", "_env", "_on_finish"}
        | {"_skills", "_can_do", "_look", "_end", "_is_ending"}
    ),
    Backlog: frozenset({"_ageing_days"}),
    DeskStatistics: frozenset({"capacity_seconds", "absent_seconds", "_month_of", "_month_ends"}),
    Work: frozenset({"done"}),
}
"""What constructors and `World.adopt` rebuild from the configuration, and events of SimPy."""


class Pending(NamedTuple):
    """An event that SimPy holds: of a desk, or an alarm where there is no desk."""

    at: float
    world: int
    replication: int
    desk: str
    is_end: bool
    """Whether services end; otherwise somebody looks at the queue."""


class PauseError(AssertionError):
    """An event that nobody knows how to schedule again: a defect of the simulator."""


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
        for desks in world.desks:
            for desk in vars(desks).values():
                desk.statistics.reduce()
    roots = {
        "economy": worlds[0].economy,
        "worlds": list(worlds),
        "pending": _pending(worlds, nights),
    }
    return save(roots, CONSTANTS)


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
    roots = {"economy": worlds[0].economy, "worlds": worlds}
    pending: list[Pending] = restore(roots, saved)["pending"]
    for world in worlds:
        for desks in world.desks:
            for desk in vars(desks).values():
                _listen_again(world, desk)
    for event in pending:
        world = worlds[event.world]
        if event.desk:
            desk = getattr(world.desks[event.replication], event.desk)
            desk.resume(event.at, is_end=event.is_end)
        else:
            plan_alarm(world, event.at)
    return worlds, nights


def _listen_again(world: World, desk: Desk) -> None:
    """Give the work of a desk its events back."""
    for work in desk.works():
        work.done = PlannedEvent(world.env)
        if work.subject is not None:
            listen(world, work)


def _pending(worlds: Sequence[World], nights: simpy.Process) -> list[Pending]:
    """Describe the events that SimPy holds, in the order in which they will happen."""
    known: dict[int, Pending] = {}
    for number, world in enumerate(worlds):
        if world.cases.beginning:
            raise PauseError("cases are about to begin")
        for instant, alarm in world.cases.alarms.items():
            known[id(alarm)] = Pending(instant, number, -1, "", is_end=False)
        for replication, desks in enumerate(world.desks):
            for name, desk in vars(desks).items():
                for event, is_end in desk.planned():
                    known[id(event)] = Pending(0.0, number, replication, name, is_end)
    queue = sorted(worlds[0].env._queue)  # noqa: SLF001 - SimPy lists its events nowhere else
    # What stopped the clock is still there, and calls nobody any more.
    held = [(at, event) for at, _, _, event in queue if event.callbacks]
    held = [(at, event) for at, event in held if event is not nights.target]
    unknown = [event for _, event in held if id(event) not in known]
    if unknown or len(held) != len(known):
        raise PauseError(f"{unknown} are scheduled by nobody known, or {len(known)} are not")
    return [known[id(event)]._replace(at=at) for at, event in held]
