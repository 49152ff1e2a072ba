"""Where persons stand when they ask for a use: limits, what is used of them, stops and arrears."""

from typing import NamedTuple

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.kernels.groups import place_in
from models.products.np_atobarai import may_order
from sim.engine.dues.parts import PRICE
from sim.engine.dues.settlement import claims_of
from sim.engine.members.status import IS_MEMBER
from sim.engine.state.exposure import is_order
from sim.engine.state.portfolio import PurchaseStatus, Status, Stop
from sim.engine.state.unpaid import unpaid_dues
from sim.engine.state.use_log import log_uses
from sim.engine.state.world import World
from sim.record.eventlog import Activity

STOPS_OF_ALL_SERVICES = int(Stop.ARREARS | Stop.MISUSE | Stop.CREDIT)
"""Suspensions under NP-7.1; the other stops concern the member services only (NP-7.4)."""


class Standing(NamedTuple):
    """Where persons stand towards one product: arguments of `authorise`, shape (n,) each."""

    per_use_limit_yen: Ints
    limit_yen: Ints
    used_yen: Ints
    is_active: Bools
    is_overdue: Bools
    n_uses: Ints


@implements("NP-23.3", "NP-7.1")
def standing_of(world: World, rows: Ints, product: Ints) -> Standing:
    """Give where persons stand towards the products they ask for.

    Parameters
    ----------
    world
        Lender.
    rows
        Member rows, unique, shape (n,).
    product
        `Product` that each asks for, shape (n,).
    """
    if not world.sells_orders:
        return _standing_for_uses(world, rows)
    orders = is_order(world, product).nonzero()[0]
    if orders.size == rows.size:
        return _standing_for_orders(world, rows)
    standing = _standing_for_uses(world, rows)
    if orders.size:
        of_orders = _standing_for_orders(world, rows[orders])
        for column, own in zip(standing, of_orders, strict=True):
            column[orders] = own
    return standing


def _standing_for_uses(world: World, rows: Ints) -> Standing:
    """Give where members stand who use their membership."""
    members = world.members
    limit, status = members.limit_yen[rows], members.status[rows]
    is_suspended = status == int(Status.SUSPENDED)
    return Standing(
        np.floor(limit * world.terms.per_use_limit_share).astype(np.int64),
        limit,
        _used_yen(world, rows),
        IS_MEMBER[status],
        is_suspended,
        members.n_uses[rows],
    )


def _used_yen(world: World, rows: Ints) -> Ints:
    """Give what uses up the cumulative limits: prices, and fees and damages if they count."""
    members = world.members
    used = members.unsettled_yen[rows]
    if world.sells_orders:  # orders have a limit of their own
        used = used - world.orderers.unsettled_yen[rows]
    if not world.atone.limit_counts_fees:  # C-57
        return used
    used = used + members.claimed_damages_yen[rows] + members.claimed_admin_yen[rows]
    dues = unpaid_dues(world, rows)
    dues = dues[~is_order(world, world.dues.product[dues])]
    if dues.size:
        billed = claims_of(world, dues)[:, :PRICE].sum(axis=1)
        np.add.at(used, place_in(rows, world.dues.member[dues]), billed)
    return used


@implements("NP-7.4", "ART-02", "ART-03")
def _standing_for_orders(world: World, rows: Ints) -> Standing:
    """Give where persons stand who order; arrears with any product of the lender stop orders."""
    members, orderers = world.members, world.orderers
    status = members.status[rows]
    limit = np.full(rows.size, world.config.products.np_atobarai.limit_yen)
    stopped = (members.stops[rows] & STOPS_OF_ALL_SERVICES) != 0
    return Standing(
        limit,
        limit,
        orderers.unsettled_yen[rows],
        may_order(status != int(Status.DECEASED), members.is_barred[rows]),
        (members.overdue_since[rows] >= 0) | stopped,
        orderers.n_orders[rows],
    )


@implements("NP-24.2")
def prescreened(world: World, purchases: Ints) -> Ints:
    """Give the uses that are asked for; who was told before that none is possible does not ask."""
    if not world.config.screening.prescreens:
        return purchases
    table, members = world.purchases, world.members
    rows = table.member[purchases]
    is_vain = (members.status[rows] == Status.SUSPENDED) | (members.limit_yen[rows] == 0)
    is_vain &= ~is_order(world, table.product[purchases])
    told = purchases[is_vain]
    table.status[told] = PurchaseStatus.DECLINED
    log_uses(world, Activity.PRESCREENED, table.minute[told], told)
    asked: Ints = purchases[~is_vain]
    return asked
