"""Exemption at au PAY Atobarai: a use that others made is owed no more, in whatever plan it is."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels.groups import distinct, sum_by
from sim.engine.au_pay.cure import cure
from sim.engine.au_pay.legs import legs_of
from sim.engine.au_pay.returns import drop_unbilled
from sim.engine.au_pay.tax import give_back_charge, untaxed_fee
from sim.engine.collection.spell_ends import end_spells
from sim.engine.dues.settlement import accrue, close_dues, restart_accrual
from sim.engine.state.exposure import change_unsettled
from sim.engine.state.portfolio import DueStatus
from sim.engine.state.unpaid import unpaid_dues
from sim.engine.state.world import World
from sim.record.postings import Posting
from sim.record.spells import Ending
from sim.table import add_at


@implements("AU-42.1", "AU-43.1", "LEN-07")
def release_legs(world: World, day: int, purchases: Ints) -> None:
    """Release the debt of one posted use of each of several members.

    What is on no statement yet is taken off; what is billed and unpaid is released with its fee and
    late damages; what is paid is owed to the member. Revolving principal that left its account is
    billed with that of other uses and counts as paid.
    """
    table = world.purchases
    rows, price = table.member[purchases], table.price_yen[purchases].astype(np.int64)
    month, product = table.billing_month[purchases], table.product[purchases]
    before = unpaid_dues(world, np.sort(rows).astype(np.int64))
    accrue(world, day, before)
    dropped = drop_unbilled(world, day, purchases)
    world.ledger.post(Posting.EXEMPTED, day, rows, dropped, month, product)
    change_unsettled(world, rows, product, -dropped)
    legs = legs_of(world, purchases)
    released = sum_by(purchases, world.dues.purchase[legs], world.dues.price_yen[legs])
    _release(world, day, legs)
    paid = price - dropped - released
    world.ledger.post(Posting.EXEMPTED_PAID, day, rows, paid, month, product)
    add_at(world.members.credit_yen, rows, paid)
    owners = distinct(world.dues.member[before])
    cure(world, day, owners, before)
    end_spells(world, day, owners, before, Ending.RELEASED)


def _release(world: World, day: int, legs: Ints) -> None:
    """Release what is unpaid of billed legs: price, fee and late damages."""
    dues = world.dues
    rows, month, product = dues.member[legs], dues.month[legs], dues.product[legs]
    is_off = dues.status[legs] == DueStatus.WRITTEN_OFF
    price, fee = dues.price_yen[legs].astype(np.int64), dues.fee_yen[legs].astype(np.int64)
    late = dues.late_damages_yen[legs].astype(np.int64)
    post = world.ledger.post
    post(Posting.EXEMPTED, day, rows, np.where(is_off, 0, price), month, product)
    owed = legs[~is_off]
    charge = untaxed_fee(world, owed)
    give_back_charge(world, day, owed, charge, Posting.FINANCE_CHARGE_RETURNED)
    post(Posting.EXEMPTED_LATE_DAMAGES, day, rows, np.where(is_off, 0, late), month, product)
    given_up = np.where(is_off, price + fee + late, 0)
    post(Posting.EXEMPTED_WRITTEN_OFF, day, rows, given_up, month, product)
    change_unsettled(world, rows, product, -np.where(is_off, 0, price))
    delay = day - dues.due_day[legs]
    world.delays.add("credit", rows, month, delay, np.where(is_off, 0, price))
    world.delays.add("recovery", rows, month, delay, np.where(is_off, price, 0))
    for column in (dues.price_yen, dues.fee_yen, dues.late_damages_yen):
        column[legs] = 0
    restart_accrual(world, day, legs)
    # What the last moment added is released with the rest.
    rest = dues.cost_yen[legs] + dues.damages_yen[legs]
    close_dues(world, day, legs[rest == 0])
