"""Continuing charges at au PAY Atobarai: merchants that hold the card data charge every month."""

from models.arrays import Ints
from models.clauses import implements
from models.products.au_pay.membership import is_charged
from models.products.catalogue import Product
from sim.engine.agenda import Task
from sim.engine.members.status import is_member
from sim.engine.state.portfolio import PurchaseStatus, Status
from sim.engine.state.world import World
from sim.engine.uses.kinds import plan_debits, subscribes
from sim.engine.uses.purchases import take_in
from sim.rng import Stream


@implements("AU-24.5")
def charge_continuing(world: World, day: int, rows: Ints) -> None:
    """Plan the charges of a month, also of who left without telling the merchant."""
    terms = world.au.continuing
    if world.calendar.day_of_month[day] != 1 or world.script is not None or not terms.share:
        return
    status = world.members.status[rows]
    rows = rows[is_member(world, rows) | (status == Status.WITHDRAWN)]
    rows = rows[subscribes(world, rows, terms.share)]
    has_left = world.members.status[rows] == Status.WITHDRAWN
    goes_on = is_charged(terms, ~has_left, world.uniforms(Stream.AU_CONTINUING, rows, 0)[0])
    rows, has_left = rows[goes_on], has_left[goes_on]
    if not rows.size:
        return
    purchases, turns_on = plan_debits(world, day, rows, terms.monthly_yen, Product.AU_ONE_TIME)
    world.agenda.schedule(Task.WISH, turns_on[~has_left], purchases[~has_left])
    world.agenda.schedule(Task.CHARGE, turns_on[has_left], purchases[has_left])


@implements("AU-24.5")
def charge_former(world: World, day: int, purchases: Ints) -> None:
    """Take in charges after a withdrawal: nobody is asked, and they are owed all the same."""
    table = world.purchases
    purchases = purchases[table.status[purchases] == PurchaseStatus.WISHED]
    take_in(world, day, purchases)
