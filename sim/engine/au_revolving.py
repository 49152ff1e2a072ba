"""Revolving accounts of au PAY Atobarai: captured on the 14th, billed when a fee month ends.

A fee month ends on the nominal 4th; what it bills becomes a due of that date, rolled where banks
are closed. The members at hand are planned from cut-off to cut-off while an account holds anything.
"""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.kernels.groups import distinct
from models.kernels.revolving import Course
from models.products.au_pay.defence import stopped_share
from models.products.au_pay.periods import due_day, nominal_day, statement_day
from models.products.au_pay.revolving import (
    FeeMonth,
    MonthlyBill,
    accrued,
    capture,
    chosen_in_force,
    close_fee_month,
    course_of_name,
    fee_month,
    monthly_bill,
    move_overdue,
    payment_base,
    settle_fee,
    take_principal,
)
from models.products.catalogue import Product
from sim.engine.agenda import Task
from sim.engine.orders import link_dues
from sim.engine.world import BEFORE_PAYMENTS, MINUTES_PER_DAY, World
from sim.eventlog import Activity
from sim.portfolio import DueStatus, PurchaseStatus, add_at
from sim.postings import Posting
from sim.rng import Stream

REVOLVING = int(Product.AU_REVOLVING)


def due_month_of(world: World, day: int) -> int:
    """Give the due month whose fee month holds a day."""
    month = int(world.calendar.month_of[day])
    return month if day <= month_of_fees(world, month).to_day else month + 1


def month_of_fees(world: World, due_month: int) -> FeeMonth:
    """Give the fee month of a due month."""
    return fee_month(world.au.revolving, world.au.due, world.calendar, due_month)


@implements("AU-30.1(1)", "AUX-REV(1)")
def begin_accounts(world: World, rows: Ints) -> None:
    """Draw what members are found suitable for and which course they choose."""
    table, plan, terms = world.revolving, world.au.plan, world.au.revolving
    u = world.uniforms(Stream.AU_MEMBER, rows, 0)
    table.is_suitable[rows] = u[0] < plan.eligible_share
    table.is_all[rows] = table.is_suitable[rows] & (u[1] < plan.all_revolving_share)
    course = np.full(rows.size, int(course_of_name(terms)))
    course[u[2] < terms.long_share + terms.fixed_share] = Course.FIXED
    course[u[2] < terms.long_share] = Course.LONG
    table.course[rows] = course
    table.chosen_yen[rows] = chosen_in_force(terms, np.zeros(rows.size, dtype=np.int64))
    table.wants_paper[rows] = u[3] < world.au.statement.paper_share


def add_uses(world: World, day: int, purchases: Ints) -> None:
    """Put revolving uses into their accounts; their cut-off captures them."""
    if not purchases.size:
        return
    table = world.purchases
    rows, price = table.member[purchases], table.price_yen[purchases]
    cycle = table.billing_month[purchases].astype(np.int64)
    cut_off = nominal_day(world.calendar, cycle, world.au.period.capture_day)
    # A use that switches after its cut-off is captured at once, as if chosen at the purchase.
    is_late = cut_off < day
    add_at(world.revolving.pending_yen, rows, price)
    world.agenda.schedule(Task.CAPTURE, cut_off[~is_late], purchases[~is_late])
    world.agenda.schedule(Task.CUT_OFF, cut_off[~is_late], rows[~is_late])
    capture_uses(world, day, purchases[is_late])
    _plan_month(world, day, distinct(rows[is_late]).astype(np.int64))


@implements("AU-30.1(1)")
def capture_uses(world: World, day: int, purchases: Ints) -> None:
    """Capture uses on their cut-off day; those that are off by then are in no account any more."""
    table, accounts = world.purchases, world.revolving
    is_live = table.status[purchases] == PurchaseStatus.POSTED
    purchases = purchases[is_live & (table.product[purchases] == REVOLVING)]
    if not purchases.size:
        return
    rows, place = np.unique(table.member[purchases], return_inverse=True)
    yen = np.zeros(rows.size, dtype=np.int64)
    np.add.at(yen, place, table.price_yen[purchases])
    before = accounts.accounts(rows)
    yen = np.minimum(yen, before.pending_yen)  # a prepayment may have met some of it
    accounts.write(rows, capture(before, yen))
    cut_off = nominal_day(world.calendar, world.calendar.month_of[day], world.au.period.capture_day)
    if day > int(cut_off):
        add_at(accounts.base_yen, rows, yen)


@implements("AU-30.1(1)")
def cut_off(world: World, day: int, rows: Ints) -> None:
    """Fix the balance that sets the next payment of accounts."""
    table = world.revolving
    accounts = table.accounts(rows)
    table.base_yen[rows] = payment_base(world.au.revolving, accounts)
    _plan_month(world, day, rows[table.principal(rows) > 0])


def _plan_month(world: World, day: int, rows: Ints) -> None:
    """Plan the end of the fee month of accounts, and the statement before it."""
    month = due_month_of(world, day)
    ends = month_of_fees(world, month).to_day
    world.agenda.schedule(Task.FEE_MONTH, np.full(rows.size, ends), rows)
    sent = max(int(statement_day(world.au.statement, world.calendar, np.array(month))), day + 1)
    world.agenda.schedule(Task.STATED, np.full(rows.size, sent), rows)


def bill_of(world: World, rows: Ints, day: int) -> MonthlyBill:
    """Compute what accounts pay for the fee month that holds a day, as things stand."""
    table, terms = world.revolving, world.au
    accounts, month = table.accounts(rows), month_of_fees(world, due_month_of(world, day))
    to_due = accrued(
        terms.revolving,
        terms.daycount,
        world.calendar,
        accounts,
        month,
        np.full(rows.size, month.to_day),
    )
    return monthly_bill(
        terms.revolving,
        terms.daycount,
        accounts,
        table.base_yen[rows].astype(np.int64),
        to_due,
        table.course[rows],
        table.chosen_yen[rows].astype(np.int64),
        table.top_up_yen[rows].astype(np.int64),
    )


@implements("AU-30.1(1)", "AU-30.1(2)", "AU-30.1(3)", "CAL-05", "AU-34.6", "AU-38.5")
def end_fee_month(world: World, day: int, rows: Ints) -> None:
    """End a fee month: bill fee and principal of accounts, carry the rest over."""
    table, terms = world.revolving, world.au
    accounts = table.accounts(rows)
    owed = accounts.running_yen + accounts.captured_yen
    is_used = (owed > 0) | (accounts.gone.yen_days > 0) | (accounts.settled_fee_yen > 0)
    rows = rows[is_used & (day == month_of_fees(world, due_month_of(world, day)).to_day)]
    if not rows.size:
        return
    accounts, bill = table.accounts(rows), bill_of(world, rows, day)
    held = accounts.running_yen + accounts.captured_yen + accounts.pending_yen
    stopped = stopped_share(bill.principal_yen, table.stopped_yen[rows].astype(np.int64), held)
    principal = bill.principal_yen - stopped
    bill = MonthlyBill(bill.fee_yen + principal, bill.fee_yen, principal)
    table.write(rows, close_fee_month(accounts, bill))
    table.top_up_yen[rows] = 0
    _write_dues(world, day, rows, bill)
    left = rows[table.principal(rows) > 0]
    month = int(world.calendar.month_of[day])
    after = nominal_day(world.calendar, np.array([month, month + 1]), terms.period.capture_day)
    next_cut = int(after[after > day][0])
    world.agenda.schedule(Task.CUT_OFF, np.full(left.size, next_cut), left)


def _write_dues(world: World, day: int, rows: Ints, bill: MonthlyBill) -> None:
    """Write what accounts owe for a fee month as dues of its due date."""
    some = bill.payment_yen > 0
    rows, fee, principal = rows[some], bill.fee_yen[some], bill.principal_yen[some]
    month = due_month_of(world, day)
    days = due_day(world.au.due, world.calendar, np.full(rows.size, month))
    dues = world.dues.append(
        rows.size,
        member=rows,
        product=REVOLVING,
        month=month - 1,
        method=world.members.pay_method[rows],
        price_yen=principal,
        fee_yen=fee,
        due_day=days,
    )
    link_dues(world, dues)
    world.ledger.post(Posting.REVOLVING_FEE, day, rows, fee, month - 1, REVOLVING)
    world.delays.bill(rows, max(month - 1, 0), principal, 0)
    world.log.add(
        Activity.REVOLVING_BILLED,
        day * MINUTES_PER_DAY + BEFORE_PAYMENTS,
        rows,
        yen=fee + principal,
        reference=month - 1,
        product=REVOLVING,
    )
    world.agenda.schedule(Task.DEBIT, days, dues)
    world.agenda.schedule(Task.FALL_DUE, days, dues)


@implements("AU-23.2")
def settle_fees(world: World, day: int) -> None:
    """Fix the fee of all accounts up to a business day; another rate holds the next morning."""
    table, terms = world.revolving, world.au
    rows = np.arange(table.size)
    month = month_of_fees(world, due_month_of(world, day + 1))
    accounts = table.accounts(rows)
    after = settle_fee(terms.revolving, terms.daycount, world.calendar, accounts, month, day)
    table.write(rows, after)


def take_out(world: World, day: int, rows: Ints, yen: Ints, last_day: int) -> None:
    """Take principal out of the accounts of unique members; it bears the fee up to a day."""
    terms, table = world.au, world.revolving
    table.write(
        rows,
        take_principal(
            terms.daycount,
            terms.revolving,
            world.calendar,
            table.accounts(rows),
            month_of_fees(world, due_month_of(world, day)),
            yen,
            np.full(rows.size, last_day),
        ),
    )


def change_overdue(world: World, day: int, dues: Ints, yen: Ints) -> None:
    """Add revolving principal that was missed (above 0), or overdue principal paid (below 0)."""
    is_own = (world.dues.product[dues] == REVOLVING) & (yen != 0)
    if not is_own.any():
        return
    rows, place = np.unique(world.dues.member[dues[is_own]], return_inverse=True)
    change = np.zeros(rows.size, dtype=np.int64)
    np.add.at(change, place, yen[is_own])
    terms, table = world.au, world.revolving
    month = month_of_fees(world, due_month_of(world, day))
    after = move_overdue(
        terms.revolving,
        terms.daycount,
        world.calendar,
        table.accounts(rows),
        month,
        change,
        np.full(rows.size, day),
    )
    table.write(rows, after)


def missed_principal(world: World, day: int, dues: Ints) -> None:
    """Take note of revolving principal that has become overdue (C-19)."""
    change_overdue(world, day, dues, world.dues.price_yen[dues].astype(np.int64))


def paid_principal(world: World, day: int, dues: Ints, yen: Ints) -> None:
    """Take note of overdue revolving principal that was paid (C-19)."""
    is_late = world.dues.status[dues] == DueStatus.OVERDUE
    change_overdue(world, day, dues[is_late], -yen[is_late].astype(np.int64))


def is_captured(world: World, day: int, purchases: Ints) -> Bools:
    """Tell which revolving uses were captured before the closing of a day, shape (n,)."""
    cycle = world.purchases.billing_month[purchases].astype(np.int64)
    return np.asarray(day > nominal_day(world.calendar, cycle, world.au.period.capture_day))
