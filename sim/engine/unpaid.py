"""The dues of members, unpaid or of a use: walks along the chain of each member's dues."""

import numpy as np

from models.arrays import Ints
from sim.engine.exposure import apart_class, month_or_purchase
from sim.engine.world import World
from sim.portfolio import DueStatus

NOWHERE = -1


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


def bills_of(world: World, purchases: Ints) -> Ints:
    """Give the due that bills each use of several members, `NOWHERE` if none does yet."""
    table, dues, members = world.purchases, world.dues, world.members
    found = np.full(purchases.size, NOWHERE, dtype=np.int64)
    place = np.arange(purchases.size)
    current = members.last_due[table.member[purchases]].astype(np.int64)
    while True:
        walking = current != NOWHERE
        if not walking.any():
            return found
        place, current = place[walking], current[walking]
        use = purchases[place]
        is_own = dues.purchase[current] == use
        is_month = (
            (dues.purchase[current] == NOWHERE)
            & (dues.product[current] == table.product[use])
            & (dues.month[current] == table.billing_month[use])
            & (dues.merchant[current] == apart_class(world, use))
        )
        hit = is_own | is_month
        found[place[hit]] = current[hit]
        place, current = place[~hit], dues.previous[current[~hit]].astype(np.int64)
