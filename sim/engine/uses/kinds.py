"""What kind of use a wish is: for cash, at which merchants, by card, one that is questioned later.

Also here: subscriptions, whose uses come by themselves. Nothing is drawn for what is switched off.
"""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.members.misuse import User, is_cash_out
from models.policy.inquiries import NO_GROUND, ground_of
from models.products.catalogue import Product
from models.products.merchants import merchant_class
from sim.engine.agenda import Task
from sim.engine.members.status import is_member
from sim.engine.state.exposure import key_of
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.rng import Stream

TURNS_AT = 8 * 60
"""Minute of the day at which subscriptions debit."""
EVERY_MONTHS_DAYS = 28
"""Days that every month has: a subscription debits on the same one each month."""


def mark(world: World, purchases: Ints) -> None:
    """Draw the kinds of planned uses and plan what will come of them."""
    if purchases.size:
        world.contract.mark(world, purchases)
    if purchases.size and _has_kinds(world):
        _mark_kinds(world, purchases)
    if purchases.size and any(world.config.policy.inquiries.shares):
        _plan_inquiries(world, purchases)
    if purchases.size and world.config.behaviour.merchants.price_cut_share:
        _plan_price_cuts(world, purchases)


def _has_kinds(world: World) -> bool:
    """Tell whether any kind of use is switched on."""
    behaviour, card = world.config.behaviour, world.config.products.app_card
    cash_out, has_classes = behaviour.misuse.cash_out_share, bool(behaviour.merchants.classes)
    return bool(cash_out or has_classes or card.asks_per_month)


@implements("NP-9.1", "NP-9.2", "NP-19", "NP-50.2", "AU-24.12")
def _mark_kinds(world: World, purchases: Ints) -> None:
    """Draw cash-out and its detection, the class of merchants, and the use of the app card."""
    table, config = world.purchases, world.config
    rows = table.member[purchases]
    u = world.uniforms(Stream.USE_KIND, rows, key_of(table, purchases))
    day = table.minute[purchases] // MINUTES_PER_DAY
    is_short = world.persons.hardship_until[rows] >= day
    for_cash = is_cash_out(config.behaviour.misuse, is_short, u[0])
    table.merchant[purchases] = merchant_class(config.behaviour.merchants, u[2])
    by_card = world.members.has_app_card[rows] & (u[3] < config.products.app_card.use_share)
    table.is_by_card[purchases] = by_card
    policy = config.policy.cash_out
    seen = np.flatnonzero(for_cash & (u[1] < policy.detected_share))
    world.agenda.schedule(Task.CASH_OUT, day[seen] + policy.detection_days, purchases[seen])


@implements("NP-31.2", "NP-28.6")
def _plan_inquiries(world: World, purchases: Ints) -> None:
    """Draw which uses are looked into, and when."""
    table, terms = world.purchases, world.config.policy.inquiries
    u = world.uniforms(Stream.INQUIRY, table.member[purchases], key_of(table, purchases))
    asked = np.flatnonzero(ground_of(terms, u[0]) != NO_GROUND)
    day = table.minute[purchases[asked]] // MINUTES_PER_DAY + world.terms.post_lag_days + 1
    after = np.floor(u[1][asked] * terms.within_days).astype(np.int64)
    world.agenda.schedule(Task.QUESTION, day + after, purchases[asked])


def _plan_price_cuts(world: World, purchases: Ints) -> None:
    """Draw which uses become cheaper after they are posted, and when."""
    table, terms = world.purchases, world.config.behaviour.merchants
    u = world.uniforms(Stream.PRICE_CUT, table.member[purchases], key_of(table, purchases))
    cheaper = np.flatnonzero(u[0] < terms.price_cut_share)
    day = table.minute[purchases[cheaper]] // MINUTES_PER_DAY + world.terms.post_lag_days + 1
    after = np.floor(u[1][cheaper] * terms.price_cut_within_days).astype(np.int64)
    world.agenda.schedule(Task.PRICE_CUT, day + after, purchases[cheaper])


@implements("NP-24.7")
def debit_subscriptions(world: World, day: int, rows: Ints) -> None:
    """Plan the debits of a month: each one is asked for and screened like any other use."""
    terms = world.config.behaviour.merchants.subscriptions
    if not terms.share or world.calendar.day_of_month[day] != 1:
        return
    rows = rows[is_member(world, rows)]
    rows = rows[subscribes(world, rows, terms.share)]
    if rows.size:
        purchases, turns_on = plan_debits(world, day, rows, terms.monthly_yen, Product.ATONE)
        world.agenda.schedule(Task.WISH, turns_on, purchases)


def subscribes(world: World, rows: Ints, share: float) -> Bools:
    """Tell which members have a subscription; it stays with them for good."""
    return np.asarray(world.uniforms(Stream.SUBSCRIPTION, rows, 0)[0] < share)


def plan_debits(
    world: World, day: int, rows: Ints, monthly_yen: int, product: Product
) -> tuple[Ints, Ints]:
    """Write down the uses by which subscriptions debit in the month that a day begins.

    Parameters
    ----------
    world
        Lender.
    day
        First day of a month.
    rows
        Member rows with a subscription, unique, not none, shape (n,).
    monthly_yen
        What subscriptions cost on average.
    product
        What they are paid with.

    Returns
    -------
    tuple[Ints, Ints]
        The uses, and the days on which they turn up, shape (n,).
    """
    month, u = int(world.calendar.month_of[day]), world.uniforms(Stream.SUBSCRIPTION, rows, 0)
    turns_on = day + np.floor(u[1] * EVERY_MONTHS_DAYS).astype(np.int64)
    price = np.maximum(np.floor(monthly_yen * (0.5 + u[2])), 1).astype(np.int64)
    purchases = world.purchases.append(
        rows.size,
        member=rows,
        product=int(product),
        user=User.SUBSCRIPTION,
        month=month,
        minute=turns_on * MINUTES_PER_DAY + TURNS_AT,
        price_yen=price,
        u_hold=world.uniforms(Stream.SUBSCRIPTION_HOLD, rows, month)[0],
    )
    mark(world, purchases)
    return purchases, turns_on
