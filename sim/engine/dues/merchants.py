"""Merchants with terms of their own: their fee on the month's bill, or a due of their own."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.products.atone import high_bill_base, method_of_bill
from models.products.atone_fees import BillFees, fees_of_uses, service_fees
from models.products.catalogue import PayMethod, Product
from models.products.merchants import MerchantClass
from sim.engine.dues.billing import log_high_bills, plan_dues
from sim.engine.state.new_dues import write_dues
from sim.engine.state.portfolio import PurchaseStatus
from sim.engine.state.unbilled import waits_for_bill
from sim.engine.state.world import END_OF_DAY, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.postings import Posting
from sim.table import add_at


@implements("NP-25.5", "NP-28.11")
def bill_by_merchant(world: World, day: int, purchases: Ints) -> None:
    """Bill the uses of a month at merchants with terms of their own, before the month closes."""
    table = world.purchases
    is_posted = table.status[purchases] == PurchaseStatus.POSTED
    purchases = purchases[is_posted & (table.product[purchases] == Product.ATONE)]
    purchases = purchases[waits_for_bill(world, day, purchases)]
    purchases = purchases[~table.is_stopped[purchases]]  # its fee is the usual one (C-26)
    classes = world.config.behaviour.merchants.classes
    merchant = table.merchant[purchases]
    for number, terms in enumerate(classes, start=1):
        uses = purchases[merchant == number]
        if not uses.size:
            continue
        if terms.is_billed_apart:
            _bill_apart(world, day, uses, number, terms)
        elif terms.fee_yen is not None:
            _fix_fee(world, day, uses, terms.fee_yen)


def _fix_fee(world: World, day: int, purchases: Ints, fee_yen: int) -> None:
    """Put a merchant's own fee on the month's bill in place of the usual one."""
    members, rows = world.members, world.purchases.member[purchases]
    one = np.ones_like(rows, dtype=np.int64)
    gross = _post_fees(world, day, rows, fees_of_uses(world.atone.fees, fee_yen * one, one))
    add_at(members.month_uses, rows, -1)
    add_at(members.claimed_fee_yen, rows, gross)
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    world.log.add(Activity.USE_FEE_FIXED, minute, rows, yen=gross, product=Product.ATONE)


def _post_fees(world: World, day: int, rows: Ints, fees: BillFees) -> Ints:
    """Post fees of uses and their tax; give them with tax."""
    month = int(world.calendar.month_of[day])
    world.ledger.post(Posting.SERVICE_FEE, day, rows, fees.net_yen, month, Product.ATONE)
    world.ledger.post(Posting.SERVICE_FEE_TAX, day, rows, fees.tax_yen, month, Product.ATONE)
    return fees.net_yen + fees.tax_yen


def _bill_apart(world: World, day: int, purchases: Ints, number: int, terms: MerchantClass) -> None:
    """Write a due for the uses of each member at a class of merchants."""
    table, members = world.purchases, world.members
    month = int(world.calendar.month_of[day])
    rows, place = np.unique(table.member[purchases], return_inverse=True)
    n_uses = np.bincount(place)
    price = np.bincount(place, weights=table.price_yen[purchases]).astype(np.int64)
    members.month_uses[rows] -= n_uses.astype(np.int16)
    members.month_price_yen[rows] -= price.astype(np.int32)
    chosen = members.pay_method[rows]
    if terms.method is not None:
        chosen = np.full(rows.size, PayMethod[terms.method.upper()])
    if terms.fee_yen is None:
        fees = service_fees(world.atone.fees, chosen, n_uses)
    else:
        fees = fees_of_uses(world.atone.fees, np.full(rows.size, terms.fee_yen), n_uses)
    fee = _post_fees(world, day, rows, fees)
    claim = price + fee
    method = method_of_bill(world.atone, chosen, high_bill_base(world.atone, price, claim))
    dues = write_dues(
        world,
        rows,
        month=month,
        merchant=number,
        method=method,
        price_yen=price,
        fee_yen=fee,
        fee_method=chosen,
        n_uses=n_uses,
        due_day=_due_days(world, month, method, terms.due_day),
    )
    members.last_bill_day[rows] = day
    world.delays.bill(rows, month, price)
    world.log.add(
        Activity.BILLED_APART,
        day * MINUTES_PER_DAY + END_OF_DAY,
        rows,
        yen=claim,
        reference=month,
        product=Product.ATONE,
    )
    log_high_bills(world, day, dues, claim)
    plan_dues(world, dues)


def _due_days(world: World, month: int, method: Ints, due_day: int | None) -> Ints:
    """Give the due days of dues of a closed month, by the merchants' day where they have one."""
    if due_day is None:
        return np.asarray(world.derived.due_day[month][method])
    roll = world.atone.due.roll_methods
    days = [
        world.calendar.due_day(month + 1, due_day, roll=one.name.lower() in roll)
        for one in PayMethod
    ]
    return np.array(days)[method]
