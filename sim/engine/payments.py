"""Payments: bills paid on time, the direct-debit run, arrears paid late."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels import with_tax
from models.members.repayment import Reason
from models.products.atone import PayMethod
from sim.engine.agenda import Task
from sim.engine.settlement import CASH, claims_of, pay_agency, settle, settle_members
from sim.engine.world import END_OF_DAY, MINUTES_PER_DAY, World
from sim.eventlog import Activity
from sim.ledger import Posting
from sim.portfolio import DueStatus, add_at


@implements("NP-28.4")
def pay(world: World, day: int, dues: Ints) -> None:
    """Take payments by hand that become effective; nobody pays a newer bill before an older."""
    table = world.dues
    dues = dues[(table.status[dues] == DueStatus.OPEN) & (table.pays_on[dues] == day)]
    in_arrears = world.members.overdue_since[table.member[dues]] >= 0
    _pay_in_full(world, day, dues[~in_arrears])
    waiting = dues[in_arrears]
    waiting = waiting[table.due_day[waiting] > day]  # later the arrears take the bill in
    table.pays_on[waiting] = day + 1
    world.agenda.schedule(Task.PAY, table.pays_on[waiting], waiting)


@implements("NP-28.9", "NP-25.3")
def run_debits(world: World, day: int, dues: Ints) -> None:
    """Debit accounts on the due day; where the balance is short, a fee and another method."""
    table = world.dues
    dues = dues[table.status[dues] == DueStatus.OPEN]
    is_covered = table.reason[dues] == Reason.PUNCTUAL
    _pay_in_full(world, day, dues[is_covered])
    failed = dues[~is_covered]
    if not failed.size:
        return
    terms = world.terms
    rows, month = table.member[failed], table.month[failed]
    fee = terms.fees.failed_debit_yen
    gross = int(with_tax(fee, terms.fees.tax_rate, terms.fees.tax_rounding))
    table.fee_yen[failed] += gross
    table.method[failed] = PayMethod[terms.failed_debit_method.upper()]
    world.ledger.post(Posting.FAILED_DEBIT_FEE, day, rows, np.full(rows.size, fee), month)
    world.ledger.post(
        Posting.FAILED_DEBIT_FEE_TAX, day, rows, np.full(rows.size, gross - fee), month
    )
    world.log.add(
        Activity.DEBIT_FAILED,
        day * MINUTES_PER_DAY + END_OF_DAY,
        rows,
        yen=claims_of(world, failed).sum(axis=1),
        reference=month,
    )


def _pay_in_full(world: World, day: int, dues: Ints) -> None:
    """Pay open dues in whole (C-58), some of them twice (NP-29.2)."""
    if not dues.size:
        return
    table, members = world.dues, world.members
    claims = claims_of(world, dues)
    claim = claims.sum(axis=1)
    settle(world, day, dues, np.arange(dues.size), claims, claim, CASH)
    rows, month = table.member[dues], table.month[dues]
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    world.log.add(Activity.BILL_PAID, minute, rows, yen=claim, reference=month)
    add_at(members.bills_on_time, rows, (day <= table.due_day[dues]).astype(np.int16))
    twice = table.is_paid_twice[dues]
    if twice.any():
        add_at(members.credit_yen, rows[twice], claim[twice])
        world.ledger.post(Posting.OVERPAID, day, rows[twice], claim[twice], month[twice])
        world.log.add(
            Activity.OVERPAID, minute, rows[twice], yen=claim[twice], reference=month[twice]
        )


@implements("NP-28.4", "COLL-12")
def pay_arrears(world: World, day: int, rows: Ints) -> None:
    """Take payments of arrears: whoever pays late pays all that is overdue."""
    members = world.members
    rows = rows[(members.spell_pays_on[rows] == day) & (members.overdue_since[rows] >= 0)]
    if rows.size:
        collect_arrears(world, day, rows, None)


def collect_arrears(world: World, day: int, rows: Ints, cash_yen: Ints | None) -> None:
    """Take cash on arrears (None: all of it), log it and pay the law firm where it has the case."""
    members = world.members
    written_off = members.is_written_off[rows]
    placed = members.is_placed[rows]
    cash = settle_members(world, day, rows, CASH, cash_yen)
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    for activity, is_so in (
        (Activity.BILL_PAID_LATE, ~written_off),
        (Activity.RECOVERED, written_off),
    ):
        world.log.add(activity, minute, rows[is_so], yen=cash[is_so])
    pay_agency(world, day, rows[placed], cash[placed])
