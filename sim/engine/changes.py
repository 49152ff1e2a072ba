"""Changes of the terms: on the morning of a date a lender's world gets its new configuration.

What is billed keeps its fees, method and due date. Late damages and the revolving fee run at the
old rate up to the last day before the change and at the new one from its first day on, for the
whole balance, each part floored by itself. Instalments keep the fee of their purchase (AU-23.2).
"""

import numpy as np

from models.clauses import implements
from models.products.atone_late import LateTerms
from models.products.catalogue import Lender
from sim.engine.au_pay.late import restart_groups
from sim.engine.au_pay.revolving import settle_fees
from sim.engine.dues.settlement import accrue, restart_accrual
from sim.engine.state.portfolio import DueStatus
from sim.engine.state.world import World


def settle_before_change(world: World, day: int) -> None:
    """Settle what accrued up to a business day if other terms of accrual hold the next morning."""
    after = world.stages.get(day + 1)
    if after is None:
        return
    if world.lender == Lender.NP:
        if _terms_of_accrual(after.products.atone.late) != _terms_of_accrual(world.atone.late):
            _settle_damages(world, day)
        return
    now, then = world.au, after.products.au_pay
    if (then.late.rate, then.late.cap_rate) != (now.late.rate, now.late.cap_rate):
        restart_groups(world, day)
    if then.revolving.rate != now.revolving.rate:
        settle_fees(world, day)


@implements("NP-15.2", "NP-30.1")
def _settle_damages(world: World, day: int) -> None:
    """Post the late damages of Net Protections up to a day; those after it begin anew."""
    dues = world.dues
    overdue = np.flatnonzero(dues.status[: dues.size] == DueStatus.OVERDUE)
    overdue = overdue[dues.accrues_from[overdue] < day]
    accrue(world, day, overdue)
    restart_accrual(world, day, overdue)


def _terms_of_accrual(late: LateTerms) -> tuple[object, ...]:
    """Give what decides how late damages accrue."""
    return late.rate, late.base, late.split_years


@implements("NP-15.2", "AU-49.2")
def change_terms(world: World, day: int) -> None:
    """Let the terms hold that begin on the morning of a day."""
    after = world.stages.get(day)
    if after is not None and day > 0:
        world.adopt(after)
