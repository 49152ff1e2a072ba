"""Payment by points (NP-42.1): members who save points use them when a bill is paid in full."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels import pay_with_points as points_for
from models.kernels.groups import one_by_one
from sim.engine.dues.parts import FEE, PRICE
from sim.engine.points.lots import books_of, points_in_lots, take
from sim.engine.state.np_portfolio import append_chained
from sim.engine.state.portfolio import Status
from sim.engine.state.unpaid import order_of
from sim.engine.state.world import END_OF_DAY, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.table import add_at


@implements("NP-42.1", "NP-42.2", "NP-41.1", "NP-41.2", "NP-41.3", "NP-41.6", "NP-7.4")
def pay_by_points(world: World, day: int, dues: Ints, claims: Ints) -> Ints | None:
    """Let members pay what they can of dues with points before they pay the rest.

    Points pay fees and prices: the terms name price, shipping, fee and tax.

    Parameters
    ----------
    world, day
        As in every step.
    dues
        Open dues that are about to be paid, shape (n,).
    claims
        What is asked for (`claims_of`), yen, shape (n, 5).

    Returns
    -------
    Ints | None
        What is paid by points, yen, shape (n, 5), still to be posted and taken off the dues; None:
        nothing.
    """
    if world.points is None:
        return None
    rows, accounts = world.dues.member[dues], world.points.accounts
    payers = accounts.pays[rows].nonzero()[0]
    payers = payers[points_in_lots(world, rows[payers]) > 0]
    # Whoever is suspended uses no service, points included (NP-7.4).
    payers = payers[world.members.status[rows[payers]] == int(Status.ACTIVE)]
    if not payers.size:
        return None
    payers = payers[order_of(world, dues[payers])]
    paid = np.zeros_like(claims)
    for first in one_by_one(rows[payers]):
        chosen = payers[first]
        fee, price = claims[chosen, FEE], claims[chosen, PRICE]
        yen = _pay(world, day, dues[chosen], fee, price)
        paid[chosen, FEE] = np.minimum(yen, fee)
        paid[chosen, PRICE] = np.maximum(yen - fee, 0)
    return paid


def _pay(world: World, day: int, dues: Ints, fee: Ints, price: Ints) -> Ints:
    """Pay fee, then price, of one due of each of several members by points; give the yen of it."""
    books, table = books_of(world), world.dues
    rows, unit = table.member[dues], world.config.products.np_points.yen_per_point
    # What the lender owes in money is set off; points pay what lies above it (NP-46).
    payable = np.maximum(fee + price - world.members.credit_yen[rows], 0)
    points = points_for(payable, points_in_lots(world, rows), yen_per_point=unit).points
    yen = points * unit
    some = points.nonzero()[0]
    if not some.size:
        return yen
    dues, rows, fee, price, points = dues[some], rows[some], fee[some], price[some], points[some]
    last_day = take(world, rows, points)
    add_at(books.accounts.points, rows, -points)
    on_price = np.maximum(points * unit - fee, 0) // unit
    on_fee = points - on_price
    append_chained(
        books.uses,
        books.accounts.last_use,
        rows,
        member=rows,
        due=dues,
        points=on_price,
        money_yen=price - on_price * unit,
        fee_points=on_fee,
        fee_money_yen=np.maximum(fee - on_fee * unit, 0),
        last_day=last_day,
    )
    minute, month = day * MINUTES_PER_DAY + END_OF_DAY, table.month[dues]
    product = table.product[dues]
    world.log.add(
        Activity.POINTS_USED, minute, rows, yen=yen[some], reference=month, product=product
    )
    return yen
