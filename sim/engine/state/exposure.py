"""What counts against limits, and how a purchase or a due is named in random streams.

Invariant: a member's `unsettled_yen` is the price of all uses that are authorised or held and not
yet paid; the part of it that belongs to NP Atobarai and air has a limit of its own.
"""

from collections.abc import Iterator

import numpy as np

from models.arrays import Bools, Ints
from models.kernels.groups import ascending, one_by_one
from models.products.catalogue import Lender, Product
from models.products.np_atobarai import IS_ORDER
from sim.engine.state.portfolio import Purchases
from sim.engine.state.world import World
from sim.rng import repeated
from sim.table import add_at

MOST_MONTHS = 128
PLACES = len(Product)
PLACE_OF_PRODUCT = np.minimum(np.arange(len(Product)), Product.AU_ONE_TIME) - Product.ATONE
"""Number of a product in keys, by `Product`."""


def key_of(table: Purchases, purchases: Ints) -> Ints:
    """Give the key of purchases in random streams and records: user, product, month and wish.

    All plans of au PAY Atobarai count as one product: a use keeps its key when its plan changes.
    """
    key = PLACE_OF_PRODUCT[table.product[purchases]]
    key += PLACES * table.user[purchases]
    key *= MOST_MONTHS
    key += table.month[purchases]
    return repeated(key, table.wish[purchases])


def order_by_member(table: Purchases, purchases: Ints) -> Ints:
    """Give the positions of purchases sorted by member, those of one member by their keys."""
    return ascending(table.member[purchases], lambda tied: key_of(table, purchases[tied]))


def by_member(table: Purchases, purchases: Ints) -> Ints:
    """Sort purchases by member, those of one member by their keys."""
    return np.asarray(purchases[order_by_member(table, purchases)])


def in_turns(table: Purchases, purchases: Ints) -> Iterator[Ints]:
    """Give purchases so that each part holds one of each member, in the order of their keys."""
    ordered = by_member(table, purchases)
    for place in one_by_one(table.member[ordered]):
        yield ordered[place]


def in_time_order(table: Purchases, purchases: Ints) -> Ints:
    """Sort purchases by member and minute; where a member has two in one minute, by their keys."""
    place = (table.member[purchases] << 32) + table.minute[purchases]
    order = ascending(place, lambda tied: key_of(table, purchases[tied]))
    return np.asarray(purchases[order])


def due_key(world: World, dues: Ints) -> Ints:
    """Give the key of dues: the billing month, or the purchase where a due is that of one.

    Keys of purchases lie above all months, except those of purchases by atone, which have no due of
    their own.
    """
    return month_or_purchase(world, dues, is_order(world, world.dues.product[dues]))


def month_or_purchase(world: World, dues: Ints, by_purchase: Bools | None = None) -> Ints:
    """Give the key of the purchase that dues are for where they are for one, else the month."""
    purchase = world.dues.purchase[dues]
    key = world.dues.month[dues].astype(np.int64)
    is_own = purchase >= 0 if by_purchase is None else by_purchase & (purchase >= 0)
    own = is_own.nonzero()[0]
    if own.size:
        key[own] = key_of(world.purchases, purchase[own])
    return key


def is_order(world: World, product: Ints) -> Bools:
    """Tell which products are invoiced by order, shape (n,)."""
    if not world.sells_orders:
        return np.zeros(product.shape, dtype=bool)
    return np.asarray(IS_ORDER[product])


def apart_class(world: World, purchases: Ints) -> Ints:
    """Give the class of merchants by which uses are billed apart, 0 for the month's bill."""
    classes = world.config.behaviour.merchants.classes
    if not classes:
        return np.zeros(purchases.size, dtype=np.int8)
    is_apart = np.array([False, *(one.is_billed_apart for one in classes)])
    merchant = world.purchases.merchant[purchases]
    return np.where(is_apart[merchant], merchant, 0)


def change_unsettled(world: World, rows: Ints, product: Ints, yen: Ints) -> None:
    """Change what is unsettled of members; every change of `unsettled_yen` goes through here.

    Parameters
    ----------
    world
        Lender.
    rows
        Member rows, repetitions allowed, shape (n,).
    product
        `Product` of the price, shape (n,).
    yen
        Change, shape (n,).
    """
    add_at(world.members.unsettled_yen, rows, yen)
    if world.sells_orders:
        orders = IS_ORDER[product].nonzero()[0]
        add_at(world.orderers.unsettled_yen, rows[orders], yen[orders])


def change_unposted(world: World, purchases: Ints, sign: int) -> None:
    """Add what is authorised and not posted yet, or take it off, where that is kept apart.

    Parameters
    ----------
    world
        Lender.
    purchases
        Uses that are authorised now, or posted or cancelled, shape (n,).
    sign
        1 or -1.
    """
    table = world.purchases
    if world.lender == Lender.AU:
        yen = sign * table.price_yen[purchases]
        add_at(world.revolving.unposted_yen, table.member[purchases], yen)
    elif world.sells_orders:
        orders = purchases[IS_ORDER[table.product[purchases]]]
        yen = sign * table.price_yen[orders]
        add_at(world.orderers.unshipped_yen, table.member[orders], yen)


def unposted(world: World) -> Ints | None:
    """Give what is authorised and not posted yet by member row, where that is kept apart."""
    if world.lender == Lender.AU:
        return world.revolving.unposted_yen
    return world.orderers.unshipped_yen if world.sells_orders else None
