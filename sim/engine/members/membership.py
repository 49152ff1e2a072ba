"""Membership: stops of use by ground, their release, and the end of membership.

Grounds are kept apart, because each has its own release: a member may use the service again when
none is left. What ends a membership ends it for good; debts stay.
"""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from sim.engine.members.status import HAS_ENDED, is_member
from sim.engine.points.lots import forfeit
from sim.engine.state.portfolio import Status, Stop
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.record.eventlog import Activity


@implements("NP-7.1", "COLL-01", "ART-09")
def stop(world: World, day: int, rows: Ints, ground: Stop, activity: Activity) -> Ints:
    """Stop all use of members by a ground that is new to them.

    Parameters
    ----------
    world
        Lender.
    day
        Morning or business day of the stop.
    rows
        Member rows, unique.
    ground
        Why.
    activity
        What is logged, with its clause.

    Returns
    -------
    Ints
        The rows for which the ground is new.
    """
    members = world.members
    rows = rows[is_member(world, rows) & ~has(world, rows, ground)]
    if not rows.size:
        return rows
    members.stops[rows] |= int(ground)
    members.status[rows] = Status.SUSPENDED
    world.log.add(activity, day * MINUTES_PER_DAY, rows)
    return rows


@implements("NP-7.4", "COLL-14")
def lift(world: World, day: int, rows: Ints, ground: Stop, activity: Activity) -> Ints:
    """End a ground of stops; use is free again for whom it was the last one.

    Returns
    -------
    Ints
        The rows that may use the service again.
    """
    members = world.members
    rows = rows[has(world, rows, ground)]
    if not rows.size:
        return rows
    left, status = members.stops[rows] & ~int(ground), members.status[rows]
    members.stops[rows] = left
    free: Ints = rows[(left == 0) & (status == int(Status.SUSPENDED))]
    members.status[free] = Status.ACTIVE
    # An ended membership is not free again.
    world.log.add(activity, day * MINUTES_PER_DAY, rows[~HAS_ENDED[status]])
    return free


@implements("NP-7.5", "NP-7.4")
def end(world: World, day: int, rows: Ints, status: Status, activity: Activity) -> Ints:
    """End memberships: no use, no limits; what is owed stays owed.

    Returns
    -------
    Ints
        The rows whose membership has ended now.
    """
    members = world.members
    rows = rows[is_member(world, rows)]
    if not rows.size:
        return rows
    members.status[rows] = status
    members.is_barred[rows] = activity.clause.startswith("NP-7.1")
    forfeit(world, day, rows)
    members.ended_day[rows] = day
    members.stops[rows] = 0
    members.limit_yen[rows] = 0
    world.log.add(activity, day * MINUTES_PER_DAY, rows)
    return rows


def has(world: World, rows: Ints, ground: Stop) -> Bools:
    """Tell which members are stopped on a ground."""
    return np.asarray((world.members.stops[rows] & int(ground)) != 0)
