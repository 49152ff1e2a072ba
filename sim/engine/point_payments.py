"""Payment by points (NP-42.1): members who save points use them when a bill is paid in full."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels import pay_with_points as points_for
from sim.engine.lots import books_of, one_by_one, points_in_lots, take
from sim.engine.settlement import POINTS, claims_of, settle
from sim.engine.unpaid import in_order
from sim.engine.world import END_OF_DAY, MINUTES_PER_DAY, World
from sim.eventlog import Activity
from sim.np_portfolio import append_chained
from sim.portfolio import Status, add_at

FEE, PRICE = -2, -1
"""Columns of claims that points may pay; the terms name price, shipping, fee and tax."""


@implements("NP-42.1", "NP-42.2", "NP-41.1", "NP-41.2", "NP-41.3", "NP-41.6", "NP-7.4")
def pay_by_points(world: World, day: int, dues: Ints) -> None:
    """Let members pay what they can of dues with points before they pay the rest.

    Parameters
    ----------
    world, day
        As in every step.
    dues
        Open dues that are about to be paid, shape (n,).
    """
    if world.points is None or not dues.size:
        return
    members, accounts = world.members, world.points.accounts
    dues = in_order(world, dues)
    for chosen in one_by_one(world.dues.member[dues]):
        rows = world.dues.member[dues[chosen]]
        # Whoever is suspended uses no service, points included (NP-7.4).
        pays = accounts.pays[rows] & (members.status[rows] == Status.ACTIVE)
        _pay(world, day, dues[chosen[pays]])


def _pay(world: World, day: int, dues: Ints) -> None:
    """Pay one due of each of several members by points."""
    books, table = books_of(world), world.dues
    rows, terms = table.member[dues], world.config.products.np_points
    claims = claims_of(world, dues)
    claims[:, :FEE] = 0
    # What the lender owes in money is set off; points pay what lies above it (NP-46).
    payable = np.maximum(claims.sum(axis=1) - world.members.credit_yen[rows], 0)
    use = points_for(payable, points_in_lots(world, rows), yen_per_point=terms.yen_per_point)
    some = np.flatnonzero(use.points > 0)
    dues, rows, claims, points = dues[some], rows[some], claims[some], use.points[some]
    if not dues.size:
        return
    last_day = take(world, rows, points)
    add_at(books.accounts.points, rows, -points)
    yen, fee, price = points * terms.yen_per_point, claims[:, FEE], claims[:, PRICE]
    on_price = (yen - np.minimum(yen, fee)) // terms.yen_per_point
    on_fee = points - on_price
    append_chained(
        books.uses,
        books.accounts.last_use,
        rows,
        member=rows,
        due=dues,
        points=on_price,
        money_yen=price - on_price * terms.yen_per_point,
        fee_points=on_fee,
        fee_money_yen=np.maximum(fee - on_fee * terms.yen_per_point, 0),
        last_day=last_day,
    )
    minute, month = day * MINUTES_PER_DAY + END_OF_DAY, table.month[dues]
    product = table.product[dues]
    world.log.add(Activity.POINTS_USED, minute, rows, yen=yen, reference=month, product=product)
    settle(world, day, dues, np.arange(dues.size), claims, yen, POINTS)
