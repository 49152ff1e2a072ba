"""Payouts: what merchants get for posted purchases, less the discount."""

from models.arrays import Ints
from models.clauses import implements
from models.codes import one_of
from models.kernels import merchant_discount
from sim.engine.state.portfolio import PurchaseStatus
from sim.engine.state.world import World
from sim.record.postings import Posting

IS_OWED = one_of(PurchaseStatus.POSTED, PurchaseStatus.EXEMPTED)
"""Whether the merchant is owed the price, by `PurchaseStatus`."""


@implements(
    "LEN-01", "LEN-02", "NP-22.2", "NP-52(1)", "NP-52(2)", "NP-52(3)", "AU-25.1", "AU-25.2"
)  # fmt: skip
def pay_merchants(world: World, day: int, purchases: Ints) -> None:
    """Pay merchants the price less the discount, unless the purchase is off.

    Where the brand of the app card has advanced the price, it is paid in their place.
    """
    table = world.purchases
    is_owed = IS_OWED[table.status[purchases]]
    purchases = purchases[is_owed & ~table.is_paid_out[purchases]]
    if not purchases.size:
        return
    table.is_paid_out[purchases] = True
    rows, price = table.member[purchases], table.price_yen[purchases]
    discount = merchant_discount(price, world.config.economics.merchant_discount)
    month, product = table.billing_month[purchases], table.product[purchases]
    paid = price - discount
    if world.config.products.app_card.creditor == "lender":
        world.ledger.post(Posting.MERCHANT_PAID, day, rows, paid, month, product)
    else:
        by_brand = table.is_by_card[purchases]
        world.ledger.post(Posting.MERCHANT_PAID, day, rows, paid * ~by_brand, month, product)
        world.ledger.post(Posting.BRAND_PAID, day, rows, paid * by_brand, month, product)
    world.ledger.post(Posting.MERCHANT_DISCOUNT, day, rows, discount, month, product)
