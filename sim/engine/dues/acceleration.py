"""Acceleration and claims demanded at once: debts that do not wait for a bill or a due date.

The NP terms accelerate in two cases only: a proven antisocial breach (NP-8.5), and a withdrawal
with debts that the lender permits (NP-11.6). Arrears accelerate nothing unless the lender chooses
a reading of its own (C-15).
"""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels.groups import is_among
from models.members.repayment import Reason
from models.products.catalogue import PayMethod, Product
from sim.engine.agenda import Task
from sim.engine.collection.arrears import begin_spells, stop_use
from sim.engine.dues.billing import has_claims, make_dues, reasons_of
from sim.engine.dues.settlement import claims_of
from sim.engine.members.membership import has
from sim.engine.state.due_index import IS_OPEN
from sim.engine.state.exposure import key_of
from sim.engine.state.new_dues import write_dues
from sim.engine.state.portfolio import DueStatus, Stop
from sim.engine.state.unpaid import OF_NO_BILL, unpaid_dues
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.rng import Stream

EARLY = 512
"""Added to the month of a bill made before its closing, so that its draws are its own."""


@implements("NP-8.5", "NP-11.6", "NP-27.2", "NP-30.2")
def accelerate(world: World, day: int, rows: Ints) -> None:
    """Make all unpaid debts of members due on the morning of a day.

    Parameters
    ----------
    world
        Lender.
    day
        Day of acceleration; it bears late damages itself (NP-30.2, C-16).
    rows
        Member rows, unique.

    Notes
    -----
    What is not billed yet is billed now, with its fees; instalments lose their dates. What is
    overdue already keeps its day. Orders not invoiced yet are claimed by their invoice.
    """
    members, table = world.members, world.dues
    unbilled = rows[has_claims(world, rows)]
    if unbilled.size:
        _draw(world, day, make_dues(world, day, unbilled))
    _bill_plans(world, day, rows)
    members.accelerated_day[rows] = day
    if world.config.policy.repossession.share:
        world.agenda.schedule(Task.REPOSSESS, day, rows)
    dues = unpaid_dues(world, rows, IS_OPEN)
    if not dues.size:
        return
    table.due_day[dues] = day
    table.status[dues] = DueStatus.OVERDUE
    includes_day = world.atone.late.acceleration_day_counts
    table.accrues_from[dues] = max(day - includes_day, 0)
    table.accrued_yen[dues] = 0
    owners = table.member[dues]
    world.log.add(
        Activity.ACCELERATED,
        day * MINUTES_PER_DAY,
        owners,
        yen=claims_of(world, dues).sum(axis=1),
        reference=table.month[dues],
        product=table.product[dues],
    )
    begin_spells(world, day, dues[members.overdue_since[owners] < 0])


def _bill_plans(world: World, day: int, rows: Ints) -> None:
    """Bill what is left of purchases in instalments, each in one sum without further fee."""
    plans = world.plans
    if not plans.size:
        return
    left = (plans.open_yen[: plans.size] > 0).nonzero()[0]
    left = left[is_among(plans.member[left], rows)]
    if not left.size:
        return
    key = key_of(world.purchases, plans.purchase[left])
    left = left[np.lexsort((key, plans.member[left]))]
    month, product = int(world.calendar.month_of[day]), int(Product.ATONE_INSTALMENTS)
    owners, price = plans.member[left], plans.open_yen[left].astype(np.int64)
    method = world.members.pay_method[owners]
    dues = write_dues(
        world,
        owners,
        product=product,
        purchase=plans.purchase[left],
        month=month,
        method=method,
        price_yen=price,
        fee_method=method,
        due_day=day,
    )
    plans.open_yen[left] = 0
    world.delays.bill(owners, month, price)
    _draw(world, day, dues)


def _draw(world: World, day: int, dues: Ints) -> None:
    """Draw why and when dues made now will be paid."""
    table = world.dues
    rows = table.member[dues]
    table.due_day[dues] = day
    u = world.uniforms(Stream.BILL, rows, table.month[dues] + EARLY)
    by_hand = np.ones(dues.size, dtype=bool)
    table.method[dues] = np.where(
        table.method[dues] == PayMethod.DIRECT_DEBIT,
        PayMethod[world.atone.failed_debit_method.upper()],
        table.method[dues],
    )
    table.reason[dues] = reasons_of(world, dues, rows, by_hand, u)
    table.u[dues] = u[1]
    if world.atone.wait_for_advance:  # C-36
        has_merchant = table.price_yen[dues] > 0
        table.advance_day[dues] = np.where(has_merchant, world.members.advance_day[rows], -1)
    table.pays_on[dues] = np.maximum(day, table.advance_day[dues])


@implements("NP-7.1", "NP-27.2")
def stop_and_accelerate(world: World, day: int, rows: Ints) -> None:
    """Stop the use of members in arrears; accelerate if the lender reads the terms so (C-15)."""
    before = has(world, rows, Stop.ARREARS)
    stop_use(world, day, rows)
    if world.atone.accelerate_on_arrears == "at_suspend":
        accelerate(world, day, rows[has(world, rows, Stop.ARREARS) & ~before])


@implements("NP-27.4")
def demand_claims(world: World, day: int, rows: Ints) -> None:
    """Make claims payable at once a due of this day."""
    members, table = world.members, world.dues
    rows = rows[members.claimed_cost_yen[rows] > 0]
    if not rows.size:
        return
    method = PayMethod[world.atone.failed_debit_method.upper()]
    dues = write_dues(
        world,
        rows,
        month=int(world.calendar.month_of[day]),
        method=int(method),
        merchant=OF_NO_BILL,
        cost_yen=members.claimed_cost_yen[rows],
        due_day=day,
    )
    members.claimed_cost_yen[rows] = 0
    _draw(world, day, dues)
    is_punctual = table.reason[dues] == Reason.PUNCTUAL
    table.pays_on[dues[is_punctual]] = day + 1
    world.agenda.schedule(Task.FALL_DUE, table.due_day[dues], dues)
