"""Costs on the members of au PAY Atobarai: of late payments, and the annual fee (AU-44)."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.products.au_pay.payment import yearly_and_payment_cost
from sim.engine.agenda import Task
from sim.engine.dues.claims import claim_at_once
from sim.engine.dues.payments import pay_arrears
from sim.engine.members.status import is_member
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.postings import Posting

YEAR = 365
"""Days between two annual fees."""


@implements("AU-44.2", "AU-44.3")
def pay_arrears_at_au(world: World, day: int, rows: Ints) -> None:
    """Take payments of arrears; each costs its member what the lender has set (AU-44.3)."""
    if not world.au.costs.payment_cost_yen:
        pay_arrears(world, day, rows)
        return
    due = rows[world.members.spell_pays_on[rows] == day]
    pay_arrears(world, day, rows)
    paid = due[world.members.last_paid_day[due] == day]
    one, none = np.ones(paid.size, dtype=np.int64), np.zeros(paid.size, dtype=bool)
    cost = yearly_and_payment_cost(world.au.costs, one, none)
    claim_at_once(world, day, paid, cost, Posting.PAYMENT_COST_CLAIMED)


@implements("AUX-FEE")
def plan_annual_fee(world: World, day: int, rows: Ints) -> None:
    """Plan the next annual fee, where there is one."""
    if world.au.costs.annual_fee_yen:
        world.agenda.schedule(Task.CARD_FEE, day + YEAR, rows)


@implements("AUX-FEE")
def charge_annual_fee(world: World, day: int, rows: Ints) -> None:
    """Charge members the annual fee; it goes on the next statement."""
    rows = rows[is_member(world, rows)]
    none, every = np.zeros(rows.size, dtype=np.int64), np.ones(rows.size, dtype=bool)
    fee = yearly_and_payment_cost(world.au.costs, none, every)
    world.members.claimed_fee_yen[rows] += fee.astype(np.int32)
    world.ledger.post(Posting.CARD_FEE, day, rows, fee)
    minute = day * MINUTES_PER_DAY
    world.log.add(Activity.CARD_FEE_CHARGED, minute, rows, yen=fee)
    plan_annual_fee(world, day, rows)
