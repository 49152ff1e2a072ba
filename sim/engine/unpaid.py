"""The unpaid dues of members: a walk along the chain of each member's dues."""

import numpy as np

from models.arrays import Ints
from sim.engine.exposure import month_or_purchase
from sim.engine.world import World
from sim.portfolio import DueStatus


def unpaid_dues(world: World, rows: Ints) -> Ints:
    """Give the unpaid dues of member rows, by member, oldest first."""
    table, members = world.dues, world.members
    current, owner = members.last_due[rows].astype(np.int64), rows
    found = []
    while True:
        walking = current >= np.maximum(members.first_unpaid[owner], 0)
        if not walking.any():
            break
        current, owner = current[walking], owner[walking]
        status = table.status[current]
        found.append(current[(status != DueStatus.PAID) & (status != DueStatus.GONE)])
        current = table.previous[current].astype(np.int64)
    # Whoever walks leaves a note where the next walk may end.
    members.first_unpaid[rows] = members.last_due[rows] + 1
    if not found:
        return np.zeros(0, dtype=np.int64)
    for dues in found:  # from the newest to the oldest
        members.first_unpaid[table.member[dues]] = dues
    return in_order(world, np.concatenate(found))


def in_order(world: World, dues: Ints) -> Ints:
    """Order dues by member and due day, those of one day by what they are for.

    The order of rows is left out as far as can be: it depends on who is processed first.
    """
    table = world.dues
    order = (dues, month_or_purchase(world, dues), table.due_day[dues], table.member[dues])
    ordered: Ints = dues[np.lexsort(order)]
    return ordered
