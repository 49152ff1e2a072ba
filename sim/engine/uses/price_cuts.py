"""Prices that merchants lower after the sale: less on the bill to come, else owed to the member.

What is billed stays due as it is (NP-28.7). Of what points have paid, money comes back first, then
points (NP-42.4); points earned before stay, for nothing was cancelled or returned (NP-40.1).
"""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels import merchant_discount
from models.kernels.exact import floor_of_share
from models.products.catalogue import Product
from sim.engine.points.awards import refund
from sim.engine.state.exposure import change_unsettled, is_order, key_of
from sim.engine.state.portfolio import PurchaseStatus
from sim.engine.state.unbilled import waits_for_bill
from sim.engine.state.world import END_OF_DAY, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.postings import Posting
from sim.table import add_at


def take_price_cuts(world: World, day: int, purchases: Ints) -> None:
    """Lower the prices of uses by the share that the configuration names."""
    price = world.purchases.price_yen[purchases].astype(np.int64)
    share = world.config.behaviour.merchants.price_cut
    lower_prices(world, day, purchases, floor_of_share(price, share, "price cut"))


@implements("NP-42.4", "NP-29.3", "LEN-05")
def lower_prices(world: World, day: int, purchases: Ints, cut_yen: Ints) -> None:
    """Lower the prices of posted uses at Net Protections.

    Parameters
    ----------
    world, day
        As in every step.
    purchases
        Uses, unique, shape (n,); those that are off, in instalments or withheld keep their price.
    cut_yen
        By how much, yen, at most the price, shape (n,).
    """
    table = world.purchases
    is_live = (table.status[purchases] == PurchaseStatus.POSTED) & ~table.is_stopped[purchases]
    is_live &= (table.product[purchases] != Product.ATONE_INSTALMENTS) & (cut_yen > 0)
    purchases, cut = purchases[is_live], cut_yen[is_live].astype(np.int64)
    if not purchases.size:
        return
    waits = waits_for_bill(world, day, purchases)
    _lower_unbilled(world, day, purchases[waits], cut[waits])
    _owe_cut(world, day, purchases[~waits], cut[~waits])
    _refund_by_merchant(world, day, purchases, cut)
    table.price_yen[purchases] -= cut.astype(np.int32)
    world.log.add(
        Activity.PRICE_LOWERED,
        day * MINUTES_PER_DAY + END_OF_DAY,
        table.member[purchases],
        yen=cut,
        reference=key_of(table, purchases),
        product=table.product[purchases],
    )


def _lower_unbilled(world: World, day: int, purchases: Ints, cut: Ints) -> None:
    """Take cuts off the bills that are not closed yet."""
    table = world.purchases
    rows, product = table.member[purchases], table.product[purchases]
    change_unsettled(world, rows, product, -cut)
    orders = is_order(world, product)
    add_at(world.members.month_price_yen, rows[~orders], -cut[~orders])
    add_at(world.orderers.open_yen, rows[orders], -cut[orders])
    month = table.billing_month[purchases]
    world.ledger.post(Posting.PURCHASE_CANCELLED, day, rows, cut, month, product)


def _owe_cut(world: World, day: int, purchases: Ints, cut: Ints) -> None:
    """Owe members the cuts of what is billed, in money and points as they paid."""
    table = world.purchases
    rows, product = table.member[purchases], table.product[purchases]
    yen = refund(world, day, purchases, cut)
    add_at(world.members.credit_yen, rows, yen)
    month = table.billing_month[purchases]
    world.ledger.post(Posting.PURCHASE_RETURNED, day, rows, yen, month, product)


def _refund_by_merchant(world: World, day: int, purchases: Ints, cut: Ints) -> None:
    """Let merchants that were paid give the cut back, less the discount that they get back."""
    table, share = world.purchases, world.config.economics.merchant_discount
    paid = np.flatnonzero(table.is_paid_out[purchases])
    purchases, cut = purchases[paid], cut[paid]
    rows, product = table.member[purchases], table.product[purchases]
    price = table.price_yen[purchases].astype(np.int64)
    discount = merchant_discount(price, share) - merchant_discount(price - cut, share)
    world.ledger.post(Posting.MERCHANT_REFUNDED, day, rows, cut - discount, -1, product)
    world.ledger.post(Posting.MERCHANT_DISCOUNT_RETURNED, day, rows, discount, -1, product)
