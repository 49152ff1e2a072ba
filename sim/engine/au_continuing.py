"""Continuing charges at au PAY Atobarai: merchants that hold the card data charge every month."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.members.misuse import User
from models.products.au_pay.membership import is_charged
from models.products.catalogue import Product
from sim.engine.agenda import Task
from sim.engine.purchases import take_in
from sim.engine.uses import TURNS_AT, mark
from sim.engine.world import MINUTES_PER_DAY, World
from sim.portfolio import PurchaseStatus, Status
from sim.rng import Stream


@implements("AU-24.5")
def charge_continuing(world: World, day: int, rows: Ints) -> None:
    """Plan the charges of a month, also of who left without telling the merchant."""
    terms = world.au.continuing
    if world.calendar.day_of_month[day] != 1 or world.script is not None or not terms.share:
        return
    status = world.members.status[rows]
    is_member = (status == Status.ACTIVE) | (status == Status.SUSPENDED)
    rows = rows[is_member | (status == Status.WITHDRAWN)]
    u = world.uniforms(Stream.SUBSCRIPTION, rows, 0)
    has_one = u[0] < terms.share
    rows, u = rows[has_one], u[:, has_one]
    has_left = world.members.status[rows] == Status.WITHDRAWN
    goes_on = is_charged(terms, ~has_left, world.uniforms(Stream.AU_CONTINUING, rows, 0)[0])
    rows, u, has_left = rows[goes_on], u[:, goes_on], has_left[goes_on]
    if not rows.size:
        return
    month = int(world.calendar.month_of[day])
    turns_on = day + np.floor(u[1] * 28).astype(np.int64)
    price = np.maximum(np.floor(terms.monthly_yen * (0.5 + u[2])), 1).astype(np.int64)
    purchases = world.purchases.append(
        rows.size,
        member=rows,
        product=int(Product.AU_ONE_TIME),
        user=User.SUBSCRIPTION,
        month=month,
        minute=turns_on * MINUTES_PER_DAY + TURNS_AT,
        price_yen=price,
        u_hold=world.uniforms(Stream.SUBSCRIPTION_HOLD, rows, month)[0],
    )
    mark(world, purchases)
    world.agenda.schedule(Task.WISH, turns_on[~has_left], purchases[~has_left])
    late = purchases[has_left]
    world.agenda.schedule(Task.CHARGE, turns_on[has_left], late)


@implements("AU-24.5")
def charge_former(world: World, day: int, purchases: Ints) -> None:
    """Take in charges after a withdrawal: nobody is asked, and they are owed all the same."""
    table = world.purchases
    del day
    purchases = purchases[table.status[purchases] == PurchaseStatus.WISHED]
    take_in(world, purchases)
