"""Prescription: claims that nobody paid or acknowledged for years end (COLL-13)."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.policy.law.prescription import first_prescribed_day, pleads_prescription
from sim.engine.agenda import Task
from sim.engine.world import World
from sim.engine.write_off import extinguish
from sim.eventlog import Activity
from sim.rng import Stream


def watch(world: World, rows: Ints) -> None:
    """Plan the mornings on which claims may be prescribed."""
    days = _days(world, rows)
    within = days < world.n_days
    world.agenda.schedule(Task.PRESCRIBE, days[within], rows[within])


def _days(world: World, rows: Ints) -> Ints:
    """Give the days on which claims are prescribed if nothing happens until then, shape (n,)."""
    members, title = world.members, world.proceedings.title_day[rows]
    since = np.maximum(members.spell_start[rows], members.last_paid_day[rows])
    since = np.maximum(since, title).astype(np.int64)
    start = np.datetime64(world.config.start, "D")
    terms = world.config.collections.law.prescription
    dates = first_prescribed_day(terms, start + since, title >= 0)
    return np.asarray((dates - start).astype(np.int64))


@implements("COLL-13")
def prescribe(world: World, day: int, rows: Ints) -> None:
    """End the claims of members who plead prescription; look again where something happened."""
    rows = rows[world.members.overdue_since[rows] >= 0]
    if not rows.size:
        return
    ripe = _days(world, rows) <= day
    watch(world, rows[~ripe])
    rows = rows[ripe]
    u = world.uniforms(Stream.PRESCRIPTION, rows, world.members.spell_start[rows].astype(np.int64))
    pleads = pleads_prescription(world.config.collections.law.prescription, u[0])
    extinguish(world, day, rows[pleads], Activity.PRESCRIBED)
