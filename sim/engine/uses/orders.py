"""NP Atobarai and air: persons order, each order is invoiced on its own and due days later.

Whoever orders need not be a member of atone. Arrears, dunning and write-off are those of any due
(ART-17); late damages are asked for on a new slip, together with the order (C-60). How an order was
paid is what atone's screening knows of a person (ART-08).
"""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels.groups import find_in
from models.members.repayment import Reason
from models.members.spending import purchase_wishes, wishes
from models.products.catalogue import PayMethod, Product
from sim.engine.agenda import Task
from sim.engine.dues.billing import plan_payments
from sim.engine.dues.settlement import claims_of
from sim.engine.members.status import IS_MEMBER
from sim.engine.state.due_index import IS_OPEN
from sim.engine.state.exposure import MOST_MONTHS, in_time_order
from sim.engine.state.new_dues import write_dues
from sim.engine.state.portfolio import DueStatus, PurchaseStatus, Status
from sim.engine.state.unpaid import invoices_to_combine, unpaid_dues
from sim.engine.state.world import END_OF_DAY, MINUTES_PER_DAY, World
from sim.engine.uses.wishes import fall_into_hardship
from sim.record.eventlog import Activity
from sim.record.postings import Posting
from sim.rng import Stream, repeated
from sim.table import add_at

LONGEST_ARREARS_OF_BUYERS = 30
"""Days in arrears after which nobody tries to order any more."""


@implements("ART-02", "ART-03")
def begin_month_of_orders(world: World, day: int, rows: Ints) -> None:
    """Draw what persons will want to order in a month, members or not."""
    if not world.sells_orders or world.calendar.day_of_month[day] != 1:
        return
    members, orderers = world.members, world.orderers
    status, since = members.status[rows], members.overdue_since[rows]
    orders = (orderers.per_month[rows] > 0) | (orderers.air_per_month[rows] > 0)
    orders &= status != Status.DECEASED
    # A person's troubles are the same whether or not there is a membership.
    fall_into_hardship(world, day, rows[(orders & ~IS_MEMBER[status]).nonzero()[0]])
    expects = (since < 0) | (since > day - LONGEST_ARREARS_OF_BUYERS)
    rows = rows[(orders & expects & ~members.is_barred[rows]).nonzero()[0]]
    for product, column in (
        (Product.NP_ATOBARAI, orderers.per_month),
        (Product.NP_AIR, orderers.air_per_month),
    ):
        _plan_orders(world, day, rows[column[rows] > 0], product)


def _plan_orders(world: World, day: int, rows: Ints, product: Product) -> None:
    """Write the orders of a month that persons want."""
    calendar, orderers = world.calendar, world.orderers
    month = int(calendar.month_of[day])
    spending = world.config.behaviour.orders.spending_on(product)
    monthly = orderers.per_month if product == Product.NP_ATOBARAI else orderers.air_per_month
    key = (int(product) - int(Product.ATONE)) * MOST_MONTHS + month
    u = world.uniforms(Stream.ORDERS, rows, key)
    counts = wishes(spending, u[0], monthly[rows], int(calendar.month_of_year[month]))
    owner = np.repeat(rows, counts)
    if not owner.size:
        return
    number = np.arange(owner.size) - np.repeat(np.cumsum(counts) - counts, counts)
    u = world.uniforms(Stream.PURCHASE, owner, repeated(key, number))
    planned = purchase_wishes(
        spending,
        world.derived.order_prices[product],
        u,
        orderers.price_scale[owner],
        int(calendar.month_first[month + 1] - calendar.month_first[month]),
    )
    minute = planned.minute + day * MINUTES_PER_DAY
    purchases = world.purchases.append(
        owner.size,
        member=owner,
        product=int(product),
        month=month,
        wish=number,
        minute=minute,
        price_yen=planned.price_yen,
        u_hold=u[2],
        cancel_after=np.where(planned.is_cancelled, planned.cancel_after_days, -1),
    )
    world.agenda.schedule(Task.WISH, minute // MINUTES_PER_DAY, purchases)


@implements("ART-03", "ART-17", "LEN-04", "CAL-06")
def invoice(world: World, day: int, purchases: Ints) -> None:
    """Issue the invoices of shipped orders: one due each, some days later, without roll."""
    table, terms = world.purchases, world.config.products.np_atobarai
    purchases = purchases[table.status[purchases] == PurchaseStatus.POSTED]
    if not purchases.size:
        return
    purchases = in_time_order(table, purchases)
    rows, price = table.member[purchases], table.price_yen[purchases].astype(np.int64)
    add_at(world.orderers.open_yen, rows, -price)
    dues = _make_dues(world, day, purchases)
    month, product, method = (
        column[dues] for column in (world.dues.month, world.dues.product, world.dues.method)
    )
    world.delays.bill(rows, month, price)
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    yen = price + world.dues.fee_yen[dues]
    world.log.add(Activity.INVOICE_ISSUED, minute, rows, yen=yen, reference=month, product=product)
    cost = world.derived.bill_cost[method]
    world.ledger.post(Posting.BILL_COST, day, rows, cost, month, product)
    due_month = int(world.calendar.month_of[day + terms.term_days])
    withheld = table.is_stopped[purchases]  # C-26
    if withheld.any():
        world.delays.change_billed(rows[withheld], month[withheld], -price[withheld])
        world.dues.status[dues[withheld]] = DueStatus.STOPPED
    plan_payments(world, dues[~withheld], day + 1, due_month)


def _make_dues(world: World, day: int, purchases: Ints) -> Ints:
    """Write the due of each order, sorted by member, with its fee."""
    table, terms = world.purchases, world.config.products.np_atobarai
    rows, month = table.member[purchases], table.billing_month[purchases]
    product = table.product[purchases]
    net, tax = world.derived.order_fee
    dues = write_dues(
        world,
        rows,
        product=product,
        purchase=purchases,
        month=month,
        method=world.orderers.method[rows],
        price_yen=table.price_yen[purchases],
        fee_yen=net + tax,
        fee_method=world.orderers.method[rows],
        n_uses=1,
        due_day=day + terms.term_days,
    )
    world.ledger.post(Posting.ORDER_FEE, day, rows, np.full(rows.size, net), month, product)
    world.ledger.post(Posting.ORDER_FEE_TAX, day, rows, np.full(rows.size, tax), month, product)
    return dues


@implements("NP-28.8")
def combine_bills(world: World, day: int, rows: Ints) -> None:
    """Put open invoices of orders on the bill of atone that has just been made, if so agreed.

    The dues keep their product in the books; they are announced, paid and missed with the bill.
    """
    if world.calendar.day_of_month[day + 1] != 1:
        return
    table = world.dues
    billed = rows[world.members.last_bill_day[rows] == day]
    orders = invoices_to_combine(world, billed)
    if not orders.size:
        return
    dues = unpaid_dues(world, billed, IS_OPEN)
    bills = dues[(table.product[dues] == Product.ATONE) & (table.purchase[dues] < 0)]
    bills = bills[table.month[bills] == world.calendar.month_of[day]]
    bills = bills[table.merchant[bills] == 0]  # what merchants have billed apart stays apart
    # Dues are sorted by member, and a member has one bill of a month here.
    place, has_bill = find_in(table.member[bills], table.member[orders])
    orders, bill = orders[has_bill], bills[place[has_bill]]
    if not orders.size:
        return
    # What is planned for the same day already is not planned twice.
    is_planned = (table.reason[orders] == Reason.PUNCTUAL) & (
        table.pays_on[orders] == table.pays_on[bill]
    )
    moves = table.due_day[orders] != table.due_day[bill]
    for column in (table.due_day, table.method, table.reason, table.u, table.pays_on):
        column[orders] = column[bill]
    table.is_paid_twice[orders] = table.is_paid_twice[bill]
    by_hand = table.method[orders] != PayMethod.DIRECT_DEBIT
    punctual = by_hand & (table.reason[orders] == Reason.PUNCTUAL) & ~is_planned
    world.agenda.schedule(Task.PAY, table.pays_on[orders[punctual]], orders[punctual])
    world.agenda.schedule(Task.DEBIT, table.due_day[orders[~by_hand]], orders[~by_hand])
    world.agenda.schedule(Task.FALL_DUE, table.due_day[orders[moves]], orders[moves])
    world.log.add(
        Activity.BILLS_COMBINED,
        day * MINUTES_PER_DAY + END_OF_DAY,
        table.member[orders],
        yen=claims_of(world, orders).sum(axis=1),
        reference=table.month[orders],
        product=table.product[orders],
    )
