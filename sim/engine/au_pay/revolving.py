"""Revolving accounts of au PAY Atobarai: captured on the 14th, billed when a fee month ends.

A fee month ends on the nominal 4th; what it bills becomes a due of that date, rolled where banks
are closed. The members at hand are planned from cut-off to cut-off while an account holds anything.
"""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels.groups import distinct, sum_by
from models.kernels.revolving import Course
from models.products.au_pay.defence import stopped_share
from models.products.au_pay.periods import nominal_day
from models.products.au_pay.revolving import (
    MonthlyBill,
    accrued,
    capture,
    chosen_in_force,
    close_fee_month,
    course_of_name,
    monthly_bill,
    payment_base,
    settle_fee,
)
from sim.engine.agenda import NEVER, Task
from sim.engine.au_pay.account_dues import bill_at_once, write_account_dues
from sim.engine.au_pay.accounts import (
    REVOLVING,
    due_month_of,
    fee_month_of,
    plan_cut_off,
    plan_month,
    take_singled_out,
)
from sim.engine.au_pay.kinds import N_KINDS, ORDINARY, add_pending, capture_of, split_payment
from sim.engine.au_pay.late import credit_of
from sim.engine.au_pay.tax import levy_tax
from sim.engine.state.portfolio import PurchaseStatus
from sim.engine.state.world import BEFORE_PAYMENTS, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.postings import Posting
from sim.rng import Stream
from sim.table import add_at


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
    late, ahead = (cut_off < day).nonzero()[0], (cut_off >= day).nonzero()[0]
    add_at(world.revolving.pending_yen, rows, price)
    add_pending(world, purchases)
    world.agenda.schedule(Task.CAPTURE, cut_off[ahead], purchases[ahead])
    world.agenda.schedule(Task.CUT_OFF, cut_off[ahead], rows[ahead])
    if late.size:
        capture_uses(world, day, purchases[late])
        plan_month(world, day, distinct(rows[late]).astype(np.int64))


@implements("AU-30.1(1)")
def capture_uses(world: World, day: int, purchases: Ints) -> None:
    """Capture uses on their cut-off day; those that are off by then are in no account any more."""
    table, accounts = world.purchases, world.revolving
    is_live = table.status[purchases] == PurchaseStatus.POSTED
    purchases = purchases[is_live & (table.product[purchases] == REVOLVING)]
    if not purchases.size:
        return
    rows, place = np.unique(table.member[purchases], return_inverse=True)
    yen = capture_of(world, rows, place, purchases)
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
    plan_month(world, day, rows[table.has_to_bill(rows) | (table.base_yen[rows] > 0)])


def bill_of(world: World, rows: Ints, day: int) -> MonthlyBill:
    """Compute what accounts pay for the fee month that holds a day, as things stand."""
    table, terms = world.revolving, world.au
    accounts, month = table.accounts(rows), fee_month_of(world, day)
    to_due = accrued(
        terms.revolving,
        terms.daycount,
        world.calendar,
        accounts,
        month,
        np.array(month.to_day),
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
    table = world.revolving
    ends = fee_month_of(world, day).to_day
    if day != ends:  # this was planned under other terms
        world.agenda.schedule(Task.FEE_MONTH, ends, rows)
        return
    is_used = (table.principal(rows) > table.pending_yen[rows]) | table.has_fee_left(rows)
    every, rows = rows, rows[is_used]
    accounts, bill = table.accounts(rows), bill_of(world, rows, day)
    table.base_yen[every] = 0  # a balance sets the payment of its own month
    if not rows.size:
        return
    held = accounts.running_yen + accounts.captured_yen + accounts.pending_yen
    stopped = stopped_share(bill.principal_yen, table.stopped_yen[rows].astype(np.int64), held)
    principal = bill.principal_yen - stopped
    bill = MonthlyBill(bill.fee_yen + principal, bill.fee_yen, principal)
    table.write(rows, close_fee_month(accounts, bill))
    table.top_up_yen[rows] = 0
    owed = accounts.running_yen + accounts.captured_yen - table.stopped_yen[rows]
    _write_dues(world, day, rows, bill, owed)
    plan_cut_off(world, day, rows[table.principal(rows) > 0])


def _write_dues(world: World, day: int, rows: Ints, bill: MonthlyBill, owed: Ints) -> None:
    """Write what accounts owe for a fee month as dues of its due date, by kind of use."""
    some = bill.payment_yen > 0
    rows, owed = rows[some], owed[some]
    fee, principal = bill.fee_yen[some], bill.principal_yen[some]
    month = due_month_of(world, day)
    if world.singled_out.is_any:
        fees, principals = split_payment(world, rows, fee, principal, owed)
        parts = [
            _write_part(world, month, rows, fees[:, kind], principals[:, kind], kind)
            for kind in range(N_KINDS)
        ]
        dues = np.concatenate(parts)
    else:
        dues = _write_part(world, month, rows, fee, principal, ORDINARY)
    world.ledger.post(Posting.REVOLVING_FEE, day, rows, fee, month - 1, REVOLVING)
    tax = sum_by(rows, world.dues.member[dues], levy_tax(world, day, dues))
    world.delays.change_billed(rows, max(month - 1, 0), principal)
    world.log.add(
        Activity.REVOLVING_BILLED,
        day * MINUTES_PER_DAY + BEFORE_PAYMENTS,
        rows,
        yen=fee + tax + principal,
        reference=month - 1,
        product=REVOLVING,
    )


@implements("AU-39.1(2)", "AU-39.1(3)", "AU-39.1(4)")
def _write_part(
    world: World, month: int, rows: Ints, fee: Ints, principal: Ints, kind: int
) -> Ints:
    """Write the part of monthly payments that is for one kind of use; give the dues."""
    some = fee + principal > 0
    rows, fee, principal = rows[some], fee[some], principal[some]
    days = np.full(rows.size, world.derived.au_days.due_day[month])
    dues = write_account_dues(world, rows, month - 1, principal, fee, days)
    if kind != ORDINARY:
        legs = credit_of(world).legs
        legs.cover(world.dues)
        legs.kind[dues] = kind
    world.agenda.schedule(Task.DEBIT, days, dues)
    world.agenda.schedule(Task.FALL_DUE, days, dues)
    return dues


@implements("AU-39.1(2)", "AU-39.1(3)", "AU-39.1(4)", "AU-30.1(2)")
def bill_singled_out(world: World, day: int, rows: Ints) -> tuple[Ints, Ints]:
    """Bill what revolving accounts hold of the kinds (2) to (4); give the dues and their kinds."""
    if not world.singled_out.is_any:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    yen, fees = take_singled_out(world, day, rows)
    place, number = np.nonzero(yen)
    kind, owners = number + 1, rows[place]
    never = np.full(owners.size, NEVER)  # an account has no day of its own for it
    dues = bill_at_once(world, day, owners, yen[place, number], fees[place, number], never)
    legs = credit_of(world).legs
    legs.cover(world.dues)
    legs.kind[dues] = kind
    legs.is_of_account[dues] = True
    return dues, kind


@implements("AU-23.2")
def settle_fees(world: World, day: int) -> None:
    """Fix the fee of all accounts up to a business day; another rate holds the next morning."""
    table, terms = world.revolving, world.au
    rows = np.arange(table.size)
    month = fee_month_of(world, day + 1)
    accounts = table.accounts(rows)
    after = settle_fee(terms.revolving, terms.daycount, world.calendar, accounts, month, day)
    table.write(rows, after)
