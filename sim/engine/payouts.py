"""Payouts: what merchants get for posted purchases, less the discount."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels import merchant_discount
from sim.engine.world import World
from sim.portfolio import PurchaseStatus
from sim.postings import Posting


@implements(
    "LEN-01", "LEN-02", "NP-22.2", "NP-52(1)", "NP-52(2)", "NP-52(3)", "AU-25.1", "AU-25.2"
)  # fmt: skip
def pay_merchants(world: World, day: int, purchases: Ints) -> None:
    """Pay merchants the price less the discount, unless the purchase is off.

    Where the brand of the app card has advanced the price, it is paid in their place.
    """
    table = world.purchases
    status = table.status[purchases]
    is_owed = (status == PurchaseStatus.POSTED) | (status == PurchaseStatus.EXEMPTED)
    purchases = purchases[is_owed & ~table.is_paid_out[purchases]]
    if not purchases.size:
        return
    table.is_paid_out[purchases] = True
    rows, price = table.member[purchases], table.price_yen[purchases]
    discount = merchant_discount(price, world.config.economics.merchant_discount)
    by_brand = table.is_by_card[purchases]
    if world.config.products.app_card.creditor == "lender":
        by_brand = np.zeros(rows.size, dtype=bool)
    for posting, is_so in ((Posting.MERCHANT_PAID, ~by_brand), (Posting.BRAND_PAID, by_brand)):
        world.ledger.post(
            posting,
            day,
            rows[is_so],
            (price - discount)[is_so],
            table.billing_month[purchases[is_so]],
            table.product[purchases[is_so]],
        )
    world.ledger.post(
        Posting.MERCHANT_DISCOUNT,
        day,
        rows,
        discount,
        table.billing_month[purchases],
        table.product[purchases],
    )
