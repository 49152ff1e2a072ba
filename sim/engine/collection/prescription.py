"""Prescription: claims that nobody paid or acknowledged for years end (COLL-13)."""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.policy.law.prescription import (
    first_prescribed_day,
    is_prescribed,
    pleads_prescription,
)
from sim.engine.agenda import Task
from sim.engine.collection.write_off import extinguish
from sim.engine.state.world import World
from sim.record.eventlog import Activity
from sim.rng import Stream

SHORTEST_YEAR = 365


def watch(world: World, rows: Ints) -> None:
    """Plan the mornings on which claims may be prescribed."""
    terms = world.config.collections.law.prescription
    # Most claims outlive the horizon whatever the calendar says, and all do in a short run.
    shortest = SHORTEST_YEAR * min(terms.years, terms.years_of_title)
    if shortest >= world.n_days:
        return
    since, has_title = _running_since(world, rows)
    may = (since + shortest < world.n_days).nonzero()[0]
    if not may.size:
        return
    start = _date_of(world, 0)
    first = first_prescribed_day(terms, np.asarray(start + since[may]), has_title[may])
    days = (first - start).astype(np.int64)
    within = days < world.n_days
    world.agenda.schedule(Task.PRESCRIBE, days[within], rows[may[within]])


def _running_since(world: World, rows: Ints) -> tuple[Ints, Bools]:
    """Give the days since which time runs on claims, and whether a title stands, shape (n,)."""
    members, title = world.members, world.proceedings.title_day[rows]
    since = np.maximum(members.spell_start[rows], members.last_paid_day[rows])
    since = np.maximum(since, world.proceedings.acknowledged_day[rows])
    return np.maximum(since, title).astype(np.int64), title >= 0


def _date_of(world: World, day: int) -> np.datetime64:
    """Give the date of a day."""
    return np.datetime64(world.calendar.date(day), "D")


@implements("COLL-13")
def prescribe(world: World, day: int, rows: Ints) -> None:
    """End the claims of members who plead prescription; look again where something happened."""
    rows = rows[world.members.overdue_since[rows] >= 0]
    if not rows.size:
        return
    terms = world.config.collections.law.prescription
    since, has_title = _running_since(world, rows)
    dates = np.asarray(_date_of(world, 0) + since)
    ripe = is_prescribed(terms, _date_of(world, day), dates, has_title)
    watch(world, rows[~ripe])
    rows = rows[ripe]
    u = world.uniforms(Stream.PRESCRIPTION, rows, world.members.spell_start[rows].astype(np.int64))
    pleads = pleads_prescription(terms, u[0])
    extinguish(world, day, rows[pleads], Activity.PRESCRIBED)
