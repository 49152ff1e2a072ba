"""The night between two days, as two tables: what closes a business day and what opens the next.

Order of rulebook 0.6. Closing: postings, cancellations and payouts (2), payments (3), debit run
(4), due-date evaluation (5), accrual (6), month's closing (8). Acceleration (7) has no part in
atone (C-15). Opening: release and re-review (9), collections (10), applications and purchases (11).
A step gets the rows that its task planned for the day, or, where it has no task, the members at
hand. The cohort driver calls these functions for everybody, the member driver for one member.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from models.arrays import Ints
from models.kernels.groups import distinct
from models.products.catalogue import Lender
from sim.engine.agenda import NOTHING, Task
from sim.engine.au_pay.night import CLOSING_AT_AU, OPENING_AT_AU
from sim.engine.collection.arrears import accrue_month, charge_admin_fees, fall_due
from sim.engine.collection.calls import take_calls
from sim.engine.collection.default import default
from sim.engine.collection.title import repossess
from sim.engine.common_night import (
    ACQUIRE,
    COLLECT,
    ENFORCE,
    LOOK_INTO_AND_PAY_OUT,
    STOP_AND_RELEASE,
    Steps,
)
from sim.engine.dues.acceleration import demand_claims, stop_and_accelerate
from sim.engine.dues.billing import close_month, remind, show_statement
from sim.engine.dues.instalments import bill_instalments
from sim.engine.dues.merchants import bill_by_merchant
from sim.engine.dues.payments import (
    do_as_told,
    pay,
    pay_arrears,
    pay_part,
    retry_debits,
    run_debits,
)
from sim.engine.members.app_card import charge_card_fee, offer_cards
from sim.engine.members.conduct import end_doubts, end_suspensions, end_suspicions, review
from sim.engine.members.identity import check_identity, receive, screen, unmask
from sim.engine.members.leaving import leave
from sim.engine.members.life_events import live, plan_life
from sim.engine.points.awards import award
from sim.engine.points.lots import expire
from sim.engine.state.world import World
from sim.engine.uses.kinds import debit_subscriptions
from sim.engine.uses.misuse import begin_misuse
from sim.engine.uses.orders import begin_month_of_orders, combine_bills, invoice
from sim.engine.uses.price_cuts import take_price_cuts
from sim.engine.uses.purchases import ask, cancel
from sim.engine.uses.wishes import begin_month, change_method

EVERYBODY = -1

CLOSING: Steps = (
    *ACQUIRE,
    (Task.CANCEL, cancel),
    (Task.PRICE_CUT, take_price_cuts),
    (Task.INVOICE, invoice),
    *LOOK_INTO_AND_PAY_OUT,
    (Task.REPOSSESS, repossess),
    (Task.CALLED, take_calls),
    (Task.TOLD, do_as_told),
    (Task.PAY, pay),
    (Task.PAY_ARREARS, pay_arrears),
    *ENFORCE,
    (Task.DEBIT, run_debits),
    (Task.DEBIT_AGAIN, retry_debits),
    (Task.PAY_PART, pay_part),
    (Task.CLAIMED, demand_claims),
    (Task.FALL_DUE, fall_due),
    (None, charge_admin_fees),
    (None, accrue_month),
    (Task.METHOD, change_method),
    (Task.INSTALMENT, bill_instalments),
    (Task.BILL_APART, bill_by_merchant),
    (None, close_month),
    (None, combine_bills),
    (Task.AWARD, award),
    (Task.EXPIRE, expire),
)
OPENING: Steps = (
    (Task.DEFAULT, default),
    *STOP_AND_RELEASE,
    (Task.SUSPENSION_ENDS, end_suspensions),
    (Task.DOUBT_ENDS, end_doubts),
    (Task.SUSPICION_ENDS, end_suspicions),
    (Task.STOP, stop_and_accelerate),
    (Task.RE_REVIEW, review),
    *COLLECT,
    (None, begin_month),
    (None, plan_life),
    (None, debit_subscriptions),
    (None, begin_misuse),
    (None, offer_cards),
    (Task.CARD_FEE, charge_card_fee),
    (None, begin_month_of_orders),
    (Task.LIFE_EVENT, live),
    (Task.LEAVE, leave),
    (Task.UNMASKED, unmask),
    (Task.IDENTITY, check_identity),
    (Task.APPLY, receive),
    (Task.SCREENED, screen),
    (Task.STATEMENT, show_statement),
    (Task.REMIND, remind),
    (Task.WISH, ask),
)


class Night(NamedTuple):
    """What one lender does between two days."""

    closing: Steps
    opening: Steps


NIGHTS: Mapping[Lender, Night] = {
    Lender.NP: Night(CLOSING, OPENING),
    Lender.AU: Night(CLOSING_AT_AU, OPENING_AT_AU),
}


def close_day(world: World, day: int, crowd: Ints, member: int = EVERYBODY) -> None:
    """Close a business day for the members at hand."""
    _run(NIGHTS[world.lender].closing, world, day, crowd, member, night=day + 1)


def open_day(world: World, day: int, crowd: Ints, member: int = EVERYBODY) -> None:
    """Open a day for the members at hand and answer what they ask for during it."""
    _run(NIGHTS[world.lender].opening, world, day, crowd, member, night=day)


def _run(steps: Steps, world: World, day: int, crowd: Ints, member: int, *, night: int) -> None:
    """Run the steps of a half night in their order."""
    is_everybodys = night in world.nights_of_everybody
    for task, step in steps:
        if task is None:
            rows = crowd if is_everybodys else NOTHING
        else:
            rows = world.agenda.take(task, day, member)
            if task.owner == "member" and rows.size > 1:
                rows = distinct(rows)  # a plan may be made twice, and is carried out once
        if rows.size:
            for part in _chunks(world, task, rows):
                step(world, day, part)


def _chunks(world: World, task: Task | None, rows: Ints) -> list[Ints]:
    """Split rows into chunks of bounded length; what belongs to one member stays together.

    Of several dues of one member the older come first.
    """
    size = world.chunk_rows
    if rows.size <= size:
        return [rows]
    owner = "member" if task is None else task.owner
    if owner == "member":  # sorted, each once
        return [rows[start : start + size] for start in range(0, rows.size, size)]
    if owner != "purchase":
        rows = np.sort(rows)
    members = world.members_of(owner, rows)
    order = np.argsort(members, kind="stable")
    rows, members = rows[order], members[order]
    cuts = np.searchsorted(members, members[size::size], side="left")
    return [part for part in np.split(rows, distinct(cuts)) if part.size]
