"""Uses of au PAY Atobarai: abroad, the plan chosen at the use, posting, a switch afterwards."""

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.kernels.groups import one_by_one, place_in
from models.products.au_pay.foreign import yen_of_foreign
from models.products.au_pay.limits import room_for_credit
from models.products.au_pay.periods import cycle_month, last_switch_day
from models.products.au_pay.plan_terms import PlanMix
from models.products.au_pay.plans import (
    NO_CHOICE,
    instalments_in_force,
    may_switch,
    plan_in_force,
)
from models.products.catalogue import Product
from sim.engine.agenda import Task
from sim.engine.au_pay.legs import drop_legs, legs_of, write_legs
from sim.engine.au_pay.limits import limits_of
from sim.engine.au_pay.revolving import add_uses
from sim.engine.au_pay.stops import plan_stops
from sim.engine.state.exposure import by_member, key_of, order_by_member
from sim.engine.state.portfolio import DueStatus, PurchaseStatus
from sim.engine.state.use_log import log_uses_at_close
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.rng import Stream

PLANS_OF_MIX = np.array(
    [Product.AU_TWO_TIME, Product.AU_BONUS, Product.AU_REVOLVING, Product.AU_INSTALMENTS]
)
"""Plans of `PlanMix`, in its order."""


@implements("AU-35.4", "AU-28.2")
def mark_uses(world: World, purchases: Ints) -> None:
    """Draw the plans that planned uses ask for, and which are abroad.

    The price of a use abroad bears the handling cost of conversion.
    """
    table, foreign = world.purchases, world.au.foreign
    u = world.uniforms(Stream.AU_USE, table.member[purchases], key_of(table, purchases))
    _name(world, purchases, u)
    if not foreign.share:
        return
    chosen = purchases[u[2] < foreign.share]
    table.is_foreign[chosen] = True
    # The drawn price is what the brand's rate makes of the foreign amount.
    table.price_yen[chosen] = yen_of_foreign(foreign, table.price_yen[chosen].astype(np.int64), 1)


def name_plans(world: World, purchases: Ints) -> None:
    """Draw the plans that uses ask for."""
    table = world.purchases
    u = world.uniforms(Stream.AU_USE, table.member[purchases], key_of(table, purchases))
    _name(world, purchases, u)


@implements("AU-28.1")
def _name(world: World, purchases: Ints, u: Floats) -> None:
    """Write down the plans and numbers of payments that uses ask for; `u` has shape (4, n)."""
    table, mix = world.purchases, world.au.plan.mix
    ends = np.cumsum([mix.two_time, mix.bonus, mix.revolving, mix.instalments])
    some = (u[0] < ends[-1]).nonzero()[0]
    named = purchases[some]
    table.asked_plan[named] = PLANS_OF_MIX[ends.searchsorted(u[0, some], side="right")]
    table.times[named] = _times_asked(mix, u[1, some])


def _times_asked(mix: PlanMix, u: Floats) -> Ints:
    """Give the numbers of payments that members ask for."""
    times = np.array(mix.times, dtype=np.int64)
    return np.asarray(times[(u * times.size).astype(np.int64)])


@implements("AU-28.1", "AU-28.2", "AU-28.3(1)", "AU-22.4", "AU-27.2", "AU-27.3", "AU-31.1")
def choose_plans(world: World, purchases: Ints, unsettled_yen: Ints) -> None:
    """Put in force the plans of uses that pass.

    Parameters
    ----------
    world
        Lender.
    purchases
        Uses of one day, shape (n,).
    unsettled_yen
        What was unsettled of their members before each of them, shape (n,).
    """
    table, plan, state = world.purchases, world.au.plan, world.revolving
    day = int(table.minute[purchases[0]]) // MINUTES_PER_DAY
    rows = table.member[purchases].astype(np.int64)
    asked, times = table.asked_plan[purchases], table.times[purchases]
    table.product[purchases], table.times[purchases] = Product.AU_ONE_TIME, 1
    # Nobody is refused one-time payment: only the other uses are looked at.
    at_once = asked == int(Product.AU_ONE_TIME)
    if plan.default == "one_time":
        at_once |= asked == int(NO_CHOICE)
    other = (~at_once | state.is_all[rows]).nonzero()[0]
    if not other.size:
        return
    purchases, rows = purchases[other], rows[other]
    price = table.price_yen[purchases].astype(np.int64)
    in_force = plan_in_force(
        plan,
        asked[other],
        price,
        room_for_credit(limits_of(world, day, rows), unsettled_yen[other]),
        state.is_suitable[rows],
        state.is_all[rows],
        table.is_foreign[purchases],
    )
    table.product[purchases], table.times[purchases] = instalments_in_force(
        world.au.instalments, in_force, price, times[other]
    )


@implements("AU-29.1")
def plan_posting(world: World, day: int, purchases: Ints) -> Ints:
    """Give the days on which uses authorised on a day reach the lender."""
    return np.full(purchases.size, day + world.terms.post_lag_days)


@implements("AU-21.1", "AU-29.1", "AU-29.2", "AU-30.1(1)")
def wait_for_bill(world: World, day: int, purchases: Ints) -> None:
    """Give posted uses their cycle month and write what they will owe when."""
    table, terms = world.purchases, world.au
    purchases = by_member(table, purchases)
    is_revolving = table.product[purchases] == int(Product.AU_REVOLVING)
    table.billing_month[purchases] = cycle_month(
        terms.period,
        terms.due,
        world.calendar,
        table.minute[purchases] // MINUTES_PER_DAY,
        day,
        is_revolving,
    )
    _owe(world, day, purchases)
    if world.script is None:
        _plan_changes(world, day, purchases)


def _owe(world: World, day: int, purchases: Ints) -> None:
    """Write the legs of uses, by member and key, or put them into revolving accounts."""
    is_revolving = world.purchases.product[purchases] == int(Product.AU_REVOLVING)
    write_legs(world, day, purchases[~is_revolving])
    add_uses(world, day, purchases[is_revolving])


@implements("AU-28.3(2)")
def _plan_changes(world: World, day: int, purchases: Ints) -> None:
    """Draw which uses members will want in another plan, when they ask, and what they stop."""
    terms, table = world.au, world.purchases
    if not (terms.plan.switch_share or terms.stop.share or terms.stop.mismatch_share):
        return
    key, rows = key_of(table, purchases), table.member[purchases]
    # One draw for both: what members do later, and what becomes of the goods.
    blocks = (Stream.AU_SWITCH, key), (Stream.AU_STOP, key)
    u, u_goods = world.blocks(blocks, rows).swapaxes(0, 1)
    wants = (u[0] < terms.plan.switch_share).nonzero()[0]
    if wants.size:
        chosen = purchases[wants]
        left = np.maximum(_last_switch(world, chosen) - day, 0)
        days = day + 1 + np.floor(u[1][wants] * left).astype(np.int64)
        world.agenda.schedule(Task.SWITCH, days, chosen)
    plan_stops(world, day, purchases, u[2], u_goods)


@implements("AU-28.3(2)")
def _last_switch(world: World, purchases: Ints) -> Ints:
    """Give the last day on which uses may change their plan.

    It is counted from the first due date in the new plan, which is as if chosen at the purchase: a
    bonus use, due later, would else have payments that lie in the past.
    """
    first = world.purchases.billing_month[purchases].astype(np.int64) + 1
    return last_switch_day(world.au.plan, world.calendar, first)


def ask_to_switch(world: World, day: int, purchases: Ints) -> None:
    """Let members ask for the plan that they want instead."""
    table = world.purchases
    u = world.uniforms(Stream.AU_USE, table.member[purchases], key_of(table, purchases))
    mix = world.au.plan.mix
    credit = mix.revolving + mix.instalments
    # Half of them each where the mix says nothing.
    share = mix.revolving / credit if credit else 0.5
    target = np.where(u[3] < share, int(Product.AU_REVOLVING), int(Product.AU_INSTALMENTS))
    switch(world, day, purchases, target, _times_asked(mix, u[1]))


@implements("AU-28.3(2)", "AU-27.2", "AU-27.3")
def switch(world: World, day: int, purchases: Ints, target: Ints, times: Ints) -> None:
    """Change the plans of whole uses after the purchase, as if chosen then.

    Parameters
    ----------
    world, day
        As in every step.
    purchases
        Uses, unique, shape (n,).
    target
        Plan wanted, as `Product`, shape (n,).
    times
        Number of instalments asked for, shape (n,).
    """
    table = world.purchases
    rows = table.member[purchases].astype(np.int64)
    may = world.revolving.is_suitable[rows] & ~table.is_stopped[purchases]
    may &= table.status[purchases] == int(PurchaseStatus.POSTED)
    may &= table.product[purchases] != int(Product.AU_REVOLVING)
    purchases, target, times = purchases[may], target[may], times[may]
    order = order_by_member(table, purchases)
    purchases, target, times = purchases[order], target[order], times[order]
    # A switch uses up the room for the member's next one.
    for place in one_by_one(table.member[purchases]):
        _switch(world, day, purchases[place], target[place], times[place])


def _switch(world: World, day: int, purchases: Ints, target: Ints, times: Ints) -> None:
    """Change the plan of one use of each of several members who may have it in another one."""
    table, members, terms = world.purchases, world.members, world.au
    rows, price = table.member[purchases], table.price_yen[purchases].astype(np.int64)
    room = room_for_credit(limits_of(world, day, rows), members.unsettled_yen[rows] - price)
    plan, count = instalments_in_force(terms.instalments, target, price, times)
    last_day = _last_switch(world, purchases)
    allowed = may_switch(table.product[purchases], plan, day, last_day, price, room)
    purchases, plan, count = purchases[allowed], plan[allowed], count[allowed]
    dues = legs_of(world, purchases)
    use = place_in(purchases, world.dues.purchase[dues])
    fresh = ~_is_begun(world, purchases, dues, use)
    purchases, plan, count = purchases[fresh], plan[fresh], count[fresh]
    if not purchases.size:
        return
    drop_legs(world, day, dues[fresh[use]])
    table.product[purchases], table.times[purchases] = plan, count
    log_uses_at_close(world, Activity.PLAN_SWITCHED, day, purchases)
    _owe(world, day, purchases)


def _is_begun(world: World, purchases: Ints, dues: Ints, use: Ints) -> Bools:
    """Tell of which uses anything is paid, overdue or claimed already.

    `dues` are their unpaid legs, `use` the places of these legs' uses.
    """
    table = world.dues
    is_fresh = table.status[dues] == int(DueStatus.SCHEDULED)
    left = np.zeros(purchases.size, dtype=np.int64)
    np.add.at(left, use[is_fresh], table.price_yen[dues[is_fresh]])
    return np.asarray(left != world.purchases.price_yen[purchases])
