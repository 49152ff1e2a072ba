"""The unpaid dues of members, in the order in which they are paid."""

import numpy as np

from models.arrays import Ints
from sim.engine.exposure import month_or_purchase
from sim.engine.world import World


def unpaid_dues(world: World, rows: Ints) -> Ints:
    """Give the unpaid dues of unique member rows, by member, oldest first."""
    return in_order(world, world.due_index.unpaid(world.dues, rows))


def in_order(world: World, dues: Ints) -> Ints:
    """Order dues by member and due day, those of one day by what they are for.

    The order of rows is left out as far as can be: it depends on who is processed first.
    """
    table = world.dues
    order = (dues, month_or_purchase(world, dues), table.due_day[dues], table.member[dues])
    ordered: Ints = dues[np.lexsort(order)]
    return ordered
