"""What is posted and not billed yet: on the open month, on an order, in a plan of instalments.

Each product keeps its unbilled price in a place of its own; together with the prices on dues they
are the principal receivable (reconciled in `sim.engine.books`).
"""

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.kernels.groups import is_among, place_in
from models.products.catalogue import Product
from models.products.np_instalments import counts_chosen
from sim.engine.agenda import Task
from sim.engine.state.exposure import by_member, is_order
from sim.engine.state.world import World
from sim.rng import Stream, repeated
from sim.table import add_at


@implements("ART-07", "ART-03")
def add_unbilled(world: World, day: int, purchases: Ints) -> None:
    """Put posted purchases where they wait for their bill, and plan invoices and instalments."""
    table, members = world.purchases, world.members
    product = table.product[purchases]
    is_monthly = product == int(Product.ATONE)
    if is_monthly.all():
        monthly = purchases
    else:
        monthly = purchases[is_monthly]
        orders = purchases[is_order(world, product)]
        if orders.size:
            rows, price = table.member[orders], table.price_yen[orders]
            add_at(world.orderers.open_yen, rows, price)
            lag = world.config.products.np_atobarai.issue_lag_days
            world.agenda.schedule(Task.INVOICE, day + lag, orders)
        _open_plans(world, purchases[product == Product.ATONE_INSTALMENTS])
    rows = table.member[monthly]
    add_at(members.month_uses, rows, 1)
    add_at(members.month_price_yen, rows, table.price_yen[monthly])


def _open_plans(world: World, purchases: Ints) -> None:
    """Open the plans of purchases in instalments; the first one is billed with this month."""
    if not purchases.size:
        return
    table = world.purchases
    purchases = by_member(table, purchases)
    rows, price = table.member[purchases], table.price_yen[purchases]
    u = plan_uniforms(world, rows, table.month[purchases], table.wish[purchases])
    plans = world.plans.append(
        rows.size,
        member=rows,
        purchase=purchases,
        n_payments=counts_chosen(world.config.products.np_instalment, price, u),
        open_yen=price,
    )
    ends = world.calendar.month_first[table.billing_month[purchases] + 1] - 1
    world.agenda.schedule(Task.INSTALMENT, ends, plans)


def plan_uniforms(world: World, rows: Ints, month: Ints | int, wish: Ints) -> Floats:
    """Draw whether and in how many payments uses are split, shape (4, n)."""
    return world.uniforms(Stream.INSTALMENTS, rows, repeated(month, wish))


@implements("NP-24.5")
def waits_for_bill(world: World, day: int, purchases: Ints) -> Bools:
    """Tell which posted purchases are on no bill yet, not even on one of an acceleration."""
    table = world.purchases
    posted = table.posted_day[purchases]
    waits = table.billing_month[purchases] == world.calendar.month_of[day]
    waits &= posted >= world.members.accelerated_day[table.member[purchases]]
    if world.sells_orders:
        orders = is_order(world, table.product[purchases]).nonzero()[0]
        lag = world.config.products.np_atobarai.issue_lag_days
        waits[orders] = day <= posted[orders] + lag
    return np.asarray(waits)


def drop_unbilled(world: World, purchases: Ints) -> Ints:
    """Take off what is not billed yet of posted purchases that are over.

    Returns
    -------
    Ints
        Yen that will never be billed, shape (n,): the whole price unless instalments were billed.
    """
    table, members = world.purchases, world.members
    rows, price = table.member[purchases], table.price_yen[purchases].astype(np.int64)
    product = table.product[purchases]
    monthly = (product == int(Product.ATONE)).nonzero()[0]
    add_at(members.month_price_yen, rows[monthly], -price[monthly])
    if not world.atone.fees.charge_on_cancelled:  # C-45
        add_at(members.month_uses, rows[monthly], -1)
    if monthly.size == purchases.size:
        return price
    orders = is_order(world, product)
    add_at(world.orderers.open_yen, rows[orders], -price[orders])
    in_plan = (product == Product.ATONE_INSTALMENTS).nonzero()[0]
    if in_plan.size:
        price[in_plan] = close_plans(world, purchases[in_plan])
    return price


def close_plans(world: World, purchases: Ints) -> Ints:
    """End the plans of purchases, `product` whatever; give what was left in them, shape (n,)."""
    plans = world.plans
    left = np.zeros(purchases.size, dtype=np.int64)
    if not plans.size or not purchases.size:
        return left
    found = is_among(plans.purchase[: plans.size], purchases).nonzero()[0]
    left[place_in(purchases, plans.purchase[found])] = plans.open_yen[found]
    plans.open_yen[found] = 0
    return left


def unbilled_elsewhere(world: World) -> Ints:
    """Give the principal that waits for an invoice or in plans of instalments, by replication."""
    plans, orderers = world.plans, world.orderers
    waiting = world.sum_of_rows(orderers.open_yen[: orderers.size])
    add_at(waiting, plans.member[: plans.size] // world.n_members, plans.open_yen[: plans.size])
    return waiting
