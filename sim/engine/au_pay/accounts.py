"""Revolving accounts as such: their fee months, and principal that enters and leaves them."""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.products.au_pay.accrual import Accrual, interest
from models.products.au_pay.parts import put_principal, shares_of_parts
from models.products.au_pay.periods import nominal_day, statement_day
from models.products.au_pay.revolving import (
    FeeMonth,
    borne_until_paid,
    take_principal,
)
from models.products.catalogue import Product
from sim.engine.agenda import Task
from sim.engine.au_pay.kinds import take_all
from sim.engine.au_pay.late import credit_of
from sim.engine.state.portfolio import DueStatus
from sim.engine.state.world import World
from sim.table import add_at

REVOLVING, OVERDUE = int(Product.AU_REVOLVING), int(DueStatus.OVERDUE)


def due_month_of(world: World, day: int) -> int:
    """Give the due month whose fee month holds a day."""
    return int(world.derived.au_days.fee_due_month[day])


def fee_month_of(world: World, day: int) -> FeeMonth:
    """Give the fee month that holds a day."""
    return world.derived.au_days.fee_month_on(day)


def plan_month(world: World, day: int, rows: Ints) -> None:
    """Plan the end of the fee month of accounts, and the statement before it."""
    month, ends = due_month_of(world, day), fee_month_of(world, day).to_day
    world.agenda.schedule(Task.FEE_MONTH, ends, rows)
    sent = max(int(statement_day(world.au.statement, world.calendar, np.array(month))), day + 1)
    world.agenda.schedule(Task.STATED, sent, rows)


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
            fee_month_of(world, day),
            yen,
            np.full(rows.size, last_day),
        ),
    )


def missed_principal(world: World, dues: Ints) -> None:
    """Take note of revolving principal that has become overdue (C-19)."""
    own = dues[world.dues.product[dues] == REVOLVING]
    if own.size:
        add_at(world.revolving.overdue_yen, world.dues.member[own], world.dues.price_yen[own])


@implements("AU-30.1(2)")
def paid_principal(world: World, day: int, dues: Ints, yen: Ints) -> None:
    """Take note of overdue revolving principal that was paid; it may have borne the fee (C-19)."""
    terms, table, dues_table = world.au, world.revolving, world.dues
    is_own = (dues_table.product[dues] == REVOLVING) & (dues_table.status[dues] == OVERDUE)
    is_own &= yen > 0
    if not is_own.any():
        return
    rows, yen = dues_table.member[dues[is_own]], yen[is_own]
    add_at(table.overdue_yen, rows, -yen)
    if terms.revolving.fee_on_overdue:
        month = fee_month_of(world, day)
        gone = borne_until_paid(
            terms.revolving, terms.daycount, world.calendar, month, yen, np.array(day)
        )
        add_at(table.gone_weight, rows, gone.yen_weight)
        add_at(table.gone_days, rows, gone.yen_days)


def is_captured(world: World, day: int, purchases: Ints) -> Bools:
    """Tell which revolving uses were captured before the closing of a day, shape (n,)."""
    cycle = world.purchases.billing_month[purchases].astype(np.int64)
    return np.asarray(day > nominal_day(world.calendar, cycle, world.au.period.capture_day))


@implements("AU-39.1(2)", "AU-39.1(3)", "AU-39.1(4)", "AU-30.1(2)")
def take_singled_out(world: World, day: int, rows: Ints) -> tuple[Ints, Ints]:
    """Take what accounts hold of uses that AU-39.1 singles out, with the fee on it through a day.

    Returns
    -------
    tuple[Ints, Ints]
        Principal and fee by kind, (2) to (4), yen, shape (n, 3) each (C-19). What the account had
        accrued otherwise goes with it where nothing is left.
    """
    terms, table = world.au, world.revolving
    pending, captured = take_all(world, rows)
    leaving = captured.sum(axis=1)
    before = table.accounts(rows)
    take_out(world, day, rows, leaving, day)
    after = table.accounts(rows)
    after = after._replace(pending_yen=after.pending_yen - pending.sum(axis=1))
    is_empty = after.running_yen + after.captured_yen + after.pending_yen == 0
    own = Accrual(
        after.gone.yen_weight - before.gone.yen_weight, after.gone.yen_days - before.gone.yen_days
    )
    fee = np.where(
        is_empty,
        after.settled_fee_yen + interest(terms.daycount, after.gone, terms.revolving.rate),
        interest(terms.daycount, own, terms.revolving.rate),
    )
    fee = np.where(leaving > 0, fee, 0)
    takes_all = is_empty & (leaving > 0)
    gone = (np.where(takes_all, 0, part) for part in before.gone)
    settled = np.where(takes_all, 0, after.settled_fee_yen)
    table.write(rows, after._replace(gone=Accrual(*gone), settled_fee_yen=settled))
    return pending + captured, shares_of_parts(fee, captured, leaving)[:, 1:]


@implements("AU-41.1", "AU-39.1(2)", "AU-39.1(3)", "AU-39.1(4)")
def put_back(world: World, day: int, dues: Ints) -> None:
    """Put principal whose acceleration was cured back into its accounts; it bears the fee again."""
    table, terms, accounts = world.dues, world.au, world.revolving
    dues = np.sort(dues[table.status[dues] == DueStatus.SCHEDULED])
    if not dues.size:
        return
    rows, place = np.unique(table.member[dues], return_inverse=True)
    rows, price = rows.astype(np.int64), table.price_yen[dues].astype(np.int64)
    yen = np.zeros(rows.size, dtype=np.int64)
    np.add.at(yen, place, price)
    month, last = fee_month_of(world, day), np.full(rows.size, day - 1)
    before, calendar = accounts.accounts(rows), world.calendar
    accounts.write(
        rows, put_principal(terms.daycount, terms.revolving, calendar, before, month, yen, last)
    )
    state = world.singled_out
    own = state.row_of(table.member[dues], credit_of(world).legs.kind[dues].astype(np.int64))
    add_at(state.captured_yen, own, price)
    table.price_yen[dues] = 0
    table.status[dues] = DueStatus.PAID
    plan_month(world, day, rows)
    plan_cut_off(world, day, rows)


@implements("AU-30.1(1)")
def plan_cut_off(world: World, day: int, rows: Ints) -> None:
    """Plan the next cut-off of accounts after a day."""
    month = int(world.calendar.month_of[day])
    days = nominal_day(world.calendar, np.array([month, month + 1]), world.au.period.capture_day)
    next_cut = int(days[days > day][0])
    world.agenda.schedule(Task.CUT_OFF, next_cut, rows)
