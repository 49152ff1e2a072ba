"""The payment-stop defence of au PAY Atobarai: what is deducted, and what happens when it ends."""

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.products.au_pay.defence import may_stop, stop_ends
from models.products.catalogue import Product
from sim.engine.agenda import Task
from sim.engine.au_pay.kinds import ORDINARY, kinds_of
from sim.engine.au_pay.legs import charge_of, legs_of
from sim.engine.state.exposure import in_turns, key_of
from sim.engine.state.portfolio import DueStatus, PurchaseStatus
from sim.engine.state.use_log import log_uses_at_close
from sim.engine.state.world import World
from sim.record.eventlog import Activity
from sim.rng import Stream
from sim.table import add_at

WITHIN_DAYS = 30
"""Days after the posting within which goods turn out to be wrong."""


def plan_stops(world: World, day: int, purchases: Ints, u_stops: Floats, u_goods: Floats) -> None:
    """Draw for which uses members will stop paying, and which are rescinded without a quarrel.

    Parameters
    ----------
    world, day
        As in every step.
    purchases
        Uses that are posted, shape (n,).
    u_stops
        Uniforms that decide who stops paying, shape (n,).
    u_goods
        Draws of `Stream.AU_STOP`, shape (4, n).
    """
    terms = world.au.stop
    if not (terms.share or terms.mismatch_share):
        return
    differs = u_goods[2] < terms.mismatch_share
    for task, is_so in (
        (Task.CANCEL, differs),
        (Task.PAYMENT_STOP, ~differs & (u_stops < terms.share)),
    ):
        some = is_so.nonzero()[0]
        days = day + 1 + (u_goods[0, some] * WITHIN_DAYS).astype(np.int64)
        world.agenda.schedule(task, days, purchases[some])


def declare_stops(world: World, day: int, purchases: Ints) -> None:
    """Let members declare that they stop paying; some uses are excluded from that (AU-34.5)."""
    stop_paying(world, day, purchases, kinds_of(world, purchases) != ORDINARY)


@implements("AU-34.1", "AU-34.2", "AU-34.3", "AU-34.5", "AU-34.6", "AU-34.7")
def stop_paying(world: World, day: int, purchases: Ints, is_excluded: Bools) -> None:
    """Stop the payment of uses that qualify: their unpaid part is deducted and never late.

    Parameters
    ----------
    world, day
        As in every step.
    purchases
        Uses, unique, shape (n,).
    is_excluded
        Which are out of the defence whatever their size, shape (n,).
    """
    table, terms = world.purchases, world.au
    plan, price = table.product[purchases], table.price_yen[purchases].astype(np.int64)
    total = price + charge_of(world, purchases)
    allowed = may_stop(
        terms.stop, plan, price, total, np.ones(price.shape, dtype=bool), is_excluded
    )
    allowed &= (table.status[purchases] == PurchaseStatus.POSTED) & ~table.is_stopped[purchases]
    log_uses_at_close(world, Activity.PAYMENT_STOP_REFUSED, day, purchases[~allowed])
    purchases = purchases[allowed]
    if not purchases.size:
        return
    table.is_stopped[purchases] = True
    log_uses_at_close(world, Activity.PAYMENT_STOPPED, day, purchases)
    _deduct_legs(world, purchases)
    for part in in_turns(table, purchases[table.product[purchases] == Product.AU_REVOLVING]):
        rows, state = table.member[part], world.revolving
        room = state.principal(rows) - state.stopped_yen[rows]
        state.stopped_yen[rows] += np.minimum(table.price_yen[part], room).astype(np.int32)
    ends = np.full(purchases.size, stop_ends(terms.stop, np.array(day)))
    world.agenda.schedule(Task.STOP_OVER, ends, purchases)


def _deduct_legs(world: World, purchases: Ints) -> None:
    """Take the legs of stopped uses off the bills as long as the ground lasts."""
    dues = world.dues
    legs = legs_of(world, purchases)
    is_open = dues.status[legs] == DueStatus.OPEN
    billed = legs[is_open]
    world.delays.change_billed(dues.member[billed], dues.month[billed], -dues.price_yen[billed])
    waiting = is_open | (dues.status[legs] == DueStatus.SCHEDULED)
    dues.status[legs[waiting]] = DueStatus.STOPPED


@implements("AU-34.1", "AU-34.4")
def end_stops(world: World, day: int, purchases: Ints) -> None:
    """End stops: the merchant returns the price, or the member goes on paying."""
    table = world.purchases
    purchases = purchases[table.is_stopped[purchases]]
    if not purchases.size:
        return
    u = world.uniforms(Stream.AU_STOP, table.member[purchases], key_of(table, purchases))[1]
    is_upheld = u < world.au.stop.upheld_share
    resume(world, day, purchases[~is_upheld])
    upheld = purchases[is_upheld]
    log_uses_at_close(world, Activity.PAYMENT_STOP_UPHELD, day, upheld)
    world.contract.cancel_posted(world, day, upheld)


@implements("AU-34.1", "AU-34.6")
def resume(world: World, day: int, purchases: Ints) -> None:
    """Let members go on paying for uses: missed legs fall due on the next due date."""
    table, dues, days = world.purchases, world.dues, world.derived.au_days
    if not purchases.size:
        return
    table.is_stopped[purchases] = False
    log_uses_at_close(world, Activity.PAYMENT_RESUMED, day, purchases)
    legs = legs_of(world, purchases)
    legs = legs[dues.status[legs] == DueStatus.STOPPED]
    # The next statement that is still to come, by its closing.
    month = int(world.calendar.month_of[day])
    first = month + 1 + int(days.announced_on[month + 1] < day)
    due_month = np.maximum(dues.month[legs].astype(np.int64) + 1, first)
    dues.month[legs] = due_month - 1
    dues.due_day[legs] = days.due_day[due_month]
    dues.status[legs] = DueStatus.SCHEDULED
    announced = np.maximum(days.announced_on[due_month], day)
    world.agenda.schedule(Task.ANNOUNCE, announced, legs)
    for part in in_turns(table, purchases[table.product[purchases] == Product.AU_REVOLVING]):
        rows, state = table.member[part], world.revolving
        less = np.minimum(table.price_yen[part], state.stopped_yen[rows])
        add_at(state.stopped_yen, rows, -less)
