"""Payments: bills paid on time, the direct-debit run, arrears paid late."""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.kernels import with_tax
from models.kernels.exact import floor_of_share
from models.kernels.groups import distinct, first_of_runs
from models.members.repayment import Reason
from models.policy.collections import agency_fee
from models.products.catalogue import Lender, PayMethod, Product
from sim.engine.agenda import Task
from sim.engine.dues.claims import claim_at_once
from sim.engine.dues.instalment_fees import charge_failed_debits
from sim.engine.dues.parts import CASH, POINTS
from sim.engine.dues.receipts import debts_of
from sim.engine.dues.settlement import (
    accrue,
    claims_of,
    pay_off,
    restart_accrual,
    settle,
    settle_members,
)
from sim.engine.points.payments import pay_by_points
from sim.engine.state.exposure import is_order
from sim.engine.state.portfolio import DueStatus
from sim.engine.state.unpaid import order_of
from sim.engine.state.world import END_OF_DAY, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.postings import Posting
from sim.record.workouts import Flow
from sim.table import add_at

RETRY_DAYS = 5
"""Days between two debits of one bill (C-39)."""


def do_as_told(world: World, day: int, rows: Ints) -> None:
    """Carry out what a script says its member does on a business day."""
    if world.script is not None:
        for deed in world.script.deeds.get(day, []):
            deed(day, rows)


@implements("NP-29.1", "NP-29.2", "NP-28.4")
def take_money(world: World, day: int, rows: Ints, cash_yen: Ints) -> None:
    """Take money that members send for whatever is billed; what is left over is theirs.

    Parameters
    ----------
    world, day
        As in every step.
    rows
        Member rows, unique, shape (n,).
    cash_yen
        Yen, above 0, shape (n,).
    """
    members = world.members
    was_late = members.overdue_since[rows] >= 0
    taken = settle_members(world, day, rows, CASH, cash_yen)
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    for activity, is_so in ((Activity.BILL_PAID_LATE, was_late), (Activity.BILL_PAID, ~was_late)):
        chosen = is_so & (taken > 0)
        world.log.add(activity, minute, rows[chosen], yen=taken[chosen])
    rest = cash_yen - taken
    over = rest > 0
    add_at(members.credit_yen, rows[over], rest[over])
    world.ledger.post(Posting.OVERPAID, day, rows[over], rest[over])
    world.log.add(Activity.OVERPAID, minute, rows[over], yen=rest[over])


@implements("NP-28.4")
def pay(world: World, day: int, dues: Ints) -> None:
    """Take payments by hand that become effective; nobody pays a newer bill before an older.

    A payment planned again for its old day, by a reminder of an order that was put on a bill of
    atone, is made once.
    """
    table = world.dues
    dues = dues[(table.status[dues] == int(DueStatus.OPEN)) & (table.pays_on[dues] == day)]
    dues = distinct(dues)
    in_arrears = world.members.overdue_since[table.member[dues]] >= 0
    pay_in_full(world, day, dues[~in_arrears])
    waiting = dues[in_arrears]
    waiting = waiting[table.due_day[waiting] > day]  # later the arrears take the bill in
    if waiting.size:
        table.pays_on[waiting] = day + 1
        world.agenda.schedule(Task.PAY, table.pays_on[waiting], waiting)


@implements("NP-28.9", "NP-25.3")
def run_debits(world: World, day: int, dues: Ints) -> None:
    """Debit accounts on the due day; where the balance is short, a fee and another method."""
    table, terms = world.dues, world.atone
    dues = dues[table.status[dues] == int(DueStatus.OPEN)]
    dues = dues[world.persons.died_day[table.member[dues]] < 0]  # the account is frozen
    is_covered = table.reason[dues] == int(Reason.PUNCTUAL)
    # What is debited before the merchants are paid counts only then (NP-28.4, C-36).
    pay_in_full(world, day, dues[is_covered & (table.pays_on[dues] <= day)])
    failed = dues[~is_covered]
    if not failed.size:
        return
    _fail(world, day, failed)
    if terms.failed_debit_extends_days:  # C-56
        table.due_day[failed] = day + terms.failed_debit_extends_days
        world.agenda.schedule(Task.FALL_DUE, table.due_day[failed], failed)
    if terms.debit_retries:
        again = np.full(failed.size, day + RETRY_DAYS)
        world.agenda.schedule(Task.DEBIT_AGAIN, again, failed)


@implements("NP-25.3")
def retry_debits(world: World, day: int, dues: Ints) -> None:
    """Ask the bank again; who cannot pay yet fails again, with or without another fee (C-39)."""
    table, members, terms = world.dues, world.members, world.atone
    rows = table.member[dues]
    is_late = table.status[dues] == DueStatus.OVERDUE
    still = is_late & (members.spell_pays_on[rows] > day) & ~members.is_placed[rows]
    dues = dues[still & (world.persons.died_day[rows] < 0)]
    if not dues.size:
        return
    accrue(world, day, dues)
    _fail(world, day, dues, has_fee=not terms.fees.failed_debit_once)
    restart_accrual(world, day, dues)
    tried = (day - table.due_day[dues]) // RETRY_DAYS
    dues = dues[tried < terms.debit_retries]
    world.agenda.schedule(Task.DEBIT_AGAIN, day + RETRY_DAYS, dues)


def _fail(world: World, day: int, failed: Ints, *, has_fee: bool = True) -> None:
    """Charge the fee of failed debits and designate another method."""
    table, terms = world.dues, world.atone
    rows, month, product = table.member[failed], table.month[failed], table.product[failed]
    fee = terms.fees.failed_debit_yen if has_fee else 0
    gross = int(with_tax(fee, terms.fees.tax_rate, terms.fees.tax_rounding))
    bears = _stands_first(world, failed)
    table.fee_yen[failed] += np.where(bears, gross, 0).astype(np.int32)
    table.method[failed] = PayMethod[terms.failed_debit_method.upper()]
    for posting, yen in (
        (Posting.FAILED_DEBIT_FEE, fee),
        (Posting.FAILED_DEBIT_FEE_TAX, gross - fee),
    ):
        world.ledger.post(posting, day, rows, np.where(bears, yen, 0), month, product)
    if has_fee:
        charge_failed_debits(world, day, failed, has_atone_fee=fee > 0)
    world.log.add(
        Activity.DEBIT_FAILED,
        day * MINUTES_PER_DAY + END_OF_DAY,
        rows,
        yen=claims_of(world, failed).sum(axis=1),
        reference=month,
        product=product,
    )


@implements("NP-25.3", "NP-28.8")
def _stands_first(world: World, failed: Ints) -> Bools:
    """Tell which dues stand for a debit; a bill is debited once with the invoices put on it."""
    table, stands = world.dues, np.ones(failed.size, dtype=bool)
    together = is_order(world, table.product[failed])  # by debit only if put on a bill
    if not together.any():
        return stands
    is_bill = (table.product[failed] == Product.ATONE) & (table.merchant[failed] == 0)
    place = (together | is_bill).nonzero()[0]
    place = place[order_of(world, failed[place])]  # the bill before its invoices
    stands[place] = first_of_runs(table.member[failed[place]])
    return stands


@implements("NP-29.1")
def pay_part(world: World, day: int, dues: Ints) -> None:
    """Take a part of bills from members short of cash who can pay one by hand (C-58)."""
    table = world.dues
    dues = dues[table.status[dues] == DueStatus.OPEN]
    dues = dues[table.reason[dues] == Reason.SHORT_OF_CASH]
    rows = table.member[dues]
    alive = world.persons.died_day[rows] < 0
    dues = dues[alive & (world.members.overdue_since[rows] < 0)]
    if not dues.size:
        return
    claims = claims_of(world, dues)
    cash = floor_of_share(claims.sum(axis=1), world.atone.partial_payment, "part of a bill")
    settle(world, day, dues, np.arange(dues.size), claims, cash, CASH)
    world.log.add(
        Activity.PART_PAID,
        day * MINUTES_PER_DAY + END_OF_DAY,
        table.member[dues],
        yen=cash,
        reference=table.month[dues],
        product=table.product[dues],
    )


def pay_in_full(world: World, day: int, dues: Ints) -> None:
    """Pay open dues in whole (C-58), some of them twice (NP-29.2)."""
    if not dues.size:
        return
    table, members = world.dues, world.members
    claims = claims_of(world, dues)
    by_points = pay_by_points(world, day, dues, claims)
    debts = debts_of(world, dues)
    if by_points is None:
        claim = pay_off(world, day, debts, {CASH: claims})
    else:
        cash = claims - by_points
        pay_off(world, day, debts, {POINTS: by_points, CASH: cash})
        claim = cash.sum(axis=1)
    rows, month, product = debts.rows, debts.month, debts.product
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    world.log.add(Activity.BILL_PAID, minute, rows, yen=claim, reference=month, product=product)
    in_time = dues[day <= debts.due_day]
    add_at(members.bills_on_time, world.contract.bills(world, in_time), 1)
    if world.sells_orders:
        add_at(world.persons.np_uses, rows[is_order(world, product)], 1)  # ART-08
    twice = table.is_paid_twice[dues] & (claim > 0)
    if twice.any():
        add_at(members.credit_yen, rows[twice], claim[twice])
        world.ledger.post(
            Posting.OVERPAID, day, rows[twice], claim[twice], month[twice], product[twice]
        )
        world.log.add(
            Activity.OVERPAID,
            minute,
            rows[twice],
            yen=claim[twice],
            reference=month[twice],
            product=product[twice],
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
    in_default = world.workouts.is_running[rows]
    cash = settle_members(world, day, rows, CASH, cash_yen)
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    brought = cash > 0  # an empty estate, or a wage that others have taken, brings nothing
    for activity, is_so in (
        (Activity.BILL_PAID_LATE, brought & ~written_off),
        (Activity.RECOVERED, brought & written_off),
    ):
        world.log.add(activity, minute, rows[is_so], yen=cash[is_so])
    _pay_agency(world, day, rows[placed], cash[placed], in_default[placed])


@implements("COLL-04", "NP-7.3")
def _pay_agency(world: World, day: int, rows: Ints, cash_yen: Ints, in_default: Bools) -> None:
    """Pay the law firm its part of the cash that came in on its cases."""
    if not rows.size:
        return
    fee = agency_fee(world.config.collections.law_firm, cash_yen)
    world.ledger.post(Posting.AGENCY_FEE, day, rows, fee)
    world.workouts.add(Flow.AGENCY_FEE, day, rows[in_default], fee[in_default])
    indemnity = world.config.products.np_membership.indemnity
    if indemnity.scope == "all_cost" and world.lender == Lender.NP:  # C-76
        claim_at_once(world, day, rows, fee, Posting.AGENCY_FEE_CLAIMED)
