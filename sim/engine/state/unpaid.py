"""The dues of members: unpaid ones in the order in which they are paid, and those of a use."""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.kernels.groups import ascending
from sim.engine.state.due_index import IS_OPEN, IS_UNPAID
from sim.engine.state.exposure import apart_class, is_order, month_or_purchase
from sim.engine.state.world import World

NOWHERE = -1
OF_NO_BILL = -1
"""In place of a class of merchants: the due is no bill of a month."""


def unpaid_dues(world: World, rows: Ints, is_wanted: Bools = IS_UNPAID) -> Ints:
    """Give the unpaid dues of unique member rows, by member, oldest first.

    `is_wanted` tells by `DueStatus` which of them.
    """
    return in_order(world, all_unpaid(world, rows, is_wanted))


def all_unpaid(world: World, rows: Ints, is_wanted: Bools = IS_UNPAID) -> Ints:
    """Give the unpaid dues of unique member rows in no order, for sums and the like."""
    return world.due_index.unpaid(world.dues, rows, is_wanted)


@implements("NP-28.8")
def invoices_to_combine(world: World, rows: Ints) -> Ints:
    """Give the open invoices that go on the next bill of atone, if so agreed, as `unpaid_dues`."""
    if not world.sells_orders or not world.config.products.np_atobarai.combined_bill:
        return rows[:0]
    dues = unpaid_dues(world, rows, IS_OPEN)
    return np.asarray(dues[is_order(world, world.dues.product[dues])])


def in_order(world: World, dues: Ints) -> Ints:
    """Order dues by member and due day, those of one day by what they are for."""
    return np.asarray(dues[order_of(world, dues)])


def order_of(world: World, dues: Ints) -> Ints:
    """Give the positions of dues in the order of `in_order`, shape (n,).

    The order of rows is left out as far as can be: it depends on who is processed first.
    """
    table = world.dues
    day = (table.member[dues].astype(np.int64) << 32) + table.due_day[dues]
    return ascending(day, lambda tied: month_or_purchase(world, dues[tied]), dues.__getitem__)


def bills_of(world: World, purchases: Ints) -> Ints:
    """Give the due that bills each use of several members, `NOWHERE` if none does yet."""
    table, dues, members = world.purchases, world.dues, world.members
    rows = table.member[purchases]
    may_be_early = table.posted_day[purchases] < members.accelerated_day[rows]
    found = np.full(purchases.size, NOWHERE, dtype=np.int64)
    place = np.arange(purchases.size)
    current = members.last_due[rows].astype(np.int64)
    while True:
        walking = current != NOWHERE
        if not walking.any():
            return found
        place, current = place[walking], current[walking]
        use = purchases[place]
        is_own = dues.purchase[current] == use
        hit = is_own | _may_bill(world, current, use)
        found[place[hit]] = current[hit]
        # A month in which debts were accelerated has two bills; the older one comes first.
        goes_on = ~hit | (may_be_early[place] & ~is_own)
        place, current = place[goes_on], dues.previous[current[goes_on]].astype(np.int64)


def _may_bill(world: World, dues: Ints, purchases: Ints) -> Bools:
    """Tell where a due is a bill of the month of a use, made after its posting, shape (n,).

    One that an acceleration made before the closing holds what was posted till then, whatever the
    merchant.
    """
    table, uses = world.dues, world.purchases
    month, merchant = table.month[dues], table.merchant[dues]
    is_early = world.calendar.month_of[table.due_day[dues]] == month
    holds = (merchant == 0) & (uses.posted_day[purchases] < table.due_day[dues])
    return np.asarray(
        (table.purchase[dues] == NOWHERE)
        & (table.product[dues] == uses.product[purchases])
        & (month == uses.billing_month[purchases])
        & np.where(is_early, holds, merchant == apart_class(world, purchases))
    )
