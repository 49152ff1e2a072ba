"""Prepayment at au PAY Atobarai: revolving in full or part, instalments in full, others if allowed.

What is prepaid becomes a due of the day and is settled at once, so that every payment takes the
same path.
"""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.kernels.groups import find_in, first_of_runs, group_rows, place_in, sum_by
from models.products.au_pay.accrual import Accrual
from models.products.au_pay.periods import nominal_day
from models.products.au_pay.prepayment import (
    PrepayWay,
    Request,
    instalment_payoff,
    irregular_prepayment,
    part_prepayment,
    prepayment_allowed,
    request,
)
from models.products.au_pay.revolving import payoff
from sim.engine.agenda import Task
from sim.engine.au_pay.account_dues import bill_at_once
from sim.engine.au_pay.accounts import REVOLVING, fee_month_of
from sim.engine.au_pay.kinds import pay_down, take_all
from sim.engine.au_pay.legs import call_in, charge_of, legs_of
from sim.engine.au_pay.tax import give_back_charge, untaxed_fee
from sim.engine.collection.spell_ends import end_spells
from sim.engine.dues.parts import CASH
from sim.engine.dues.payments import take_money
from sim.engine.dues.settlement import accrue, claims_of, restart_accrual, settle
from sim.engine.members.status import is_member
from sim.engine.state.exposure import in_turns
from sim.engine.state.portfolio import DueStatus, PurchaseStatus
from sim.engine.state.unpaid import all_unpaid, in_order, unpaid_dues
from sim.engine.state.world import BEFORE_PAYMENTS, END_OF_DAY, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.postings import Posting
from sim.rng import Stream
from sim.table import add_at


@implements("AU-32.1")
def plan_prepayments(world: World, day: int, rows: Ints) -> None:
    """Draw on the first of a month who asks to prepay, and for when; top-ups of the month."""
    terms, revolving = world.au.prepay, world.au.revolving
    if world.calendar.day_of_month[day] != 1 or world.script is not None:
        return
    if not (terms.per_month or revolving.top_up_share):
        return
    rows = rows[is_member(world, rows)]
    month = int(world.calendar.month_of[day])
    u = world.uniforms(Stream.AU_MONTH, rows, month)
    asks = u[0] < terms.per_month
    days = world.calendar.even_day(month, u[1])
    by_debit = request(terms, u[0], u[2]).way == PrepayWay.DIRECT_DEBIT
    days[by_debit] = world.derived.au_days.due_day[month]
    world.agenda.schedule(Task.PREPAY, days[asks], rows[asks])
    # Nobody keeps the top-up of a month without a payment for a later one.
    tops_up = u[3] < revolving.top_up_share
    world.revolving.top_up_yen[rows] = np.where(tops_up, revolving.top_up_yen, 0)


def prepay(world: World, day: int, rows: Ints) -> None:
    """Let members prepay: the revolving account in whole or in half, else their first use."""
    alive = world.persons.died_day[rows] < 0
    rows = rows[alive & (world.members.overdue_since[rows] < 0)]
    if not rows.size:
        return
    month = int(world.calendar.month_of[day])
    u = world.uniforms(Stream.AU_MONTH, rows, month)
    asked = request(world.au.prepay, u[0], u[2])
    held = world.revolving.principal(rows)
    revolves = held > 0
    if revolves.any():
        yen = np.maximum(held[revolves] // 2, 1)
        prepay_revolving(world, day, rows[revolves], yen, asked.of(revolves))
    if not revolves.all():
        uses = _first_uses(world, day, rows[~revolves], asked.of(~revolves))
        _settle_uses(world, day, uses)


def _first_uses(world: World, day: int, rows: Ints, asked: Request) -> Ints:
    """Give the first use of each member that may be prepaid as asked."""
    table, dues = world.dues, all_unpaid(world, rows)
    dues = dues[(table.purchase[dues] >= 0) & (table.status[dues] != DueStatus.STOPPED)]
    of_due = asked.of(place_in(rows, table.member[dues]))
    dues = in_order(world, dues[_is_regular(world, day, table.product[dues], of_due)])
    return table.purchase[dues[first_of_runs(table.member[dues])]].astype(np.int64)


def _is_regular(world: World, day: int, plan: Ints, asked: Request) -> Bools:
    """Tell which full or, for revolving, part prepayments are in the matrix and agreed."""
    is_due_date = bool(day == world.derived.au_days.due_day[world.calendar.month_of[day]])
    is_full = asked.is_full | (np.asarray(plan) != REVOLVING)
    return prepayment_allowed(
        world.au.prepay, plan, is_full, asked.way, asked.is_approved, is_due_date=is_due_date
    )


@implements("AU-32.1", "AU-32.2", "AUX-PRE", "AUX-PRE(1)", "AUX-PRE(2)")
def prepay_revolving(world: World, day: int, rows: Ints, yen: Ints, asked: Request) -> None:
    """Prepay revolving accounts, wholly with the fee to the day or in part to principal.

    Parameters
    ----------
    world, day
        As in every step.
    rows
        Member rows, unique, shape (n,).
    yen
        What is paid in part, shape (n,).
    asked
        What was asked for.
    """
    allowed = _is_regular(world, day, np.full(rows.size, REVOLVING), asked)
    rows, yen, in_full = rows[allowed], yen[allowed], asked.is_full[allowed]
    whole, part = rows[in_full], rows[~in_full]
    principal, fee = _pay_off(world, day, whole)
    paid = _pay_down(world, day, part, yen[~in_full])
    _pay_now(
        world,
        day,
        np.concatenate((whole, part)),
        np.concatenate((principal, paid)),
        np.concatenate((fee, np.zeros_like(paid))),
    )


def _pay_off(world: World, day: int, rows: Ints) -> tuple[Ints, Ints]:
    """Take all out of accounts; give the principal and the fee to the day, yen, shape (n,)."""
    zero = np.zeros(rows.size, dtype=np.int64)
    if not rows.size:
        return zero, zero
    terms, table = world.au, world.revolving
    accounts, days = table.accounts(rows), np.array(day)
    found = payoff(
        terms.revolving, terms.daycount, world.calendar, accounts, fee_month_of(world, day), days
    )
    table.write(
        rows,
        accounts._replace(
            running_yen=zero,
            captured_yen=zero,
            pending_yen=zero,
            gone=Accrual(zero, zero),
            settled_fee_yen=zero,
            is_first=np.zeros(rows.size, dtype=bool),
        ),
    )
    table.stopped_yen[rows] = 0
    take_all(world, rows)
    return found.principal_yen, found.fee_yen


def _pay_down(world: World, day: int, rows: Ints, yen: Ints) -> Ints:
    """Take what is prepaid in part out of accounts; give that, and credit what is too much."""
    if not rows.size:
        return yen
    terms, table = world.au, world.revolving
    before = table.accounts(rows)
    after, rest = part_prepayment(
        terms.prepay,
        terms.revolving,
        terms.daycount,
        world.calendar,
        before,
        fee_month_of(world, day),
        yen,
        day,
    )
    table.write(rows, after)
    pay_down(world, rows, before, after)
    over = rest > 0
    if over.any():
        add_at(world.members.credit_yen, rows[over], rest[over])
        world.ledger.post(Posting.OVERPAID, day, rows[over], rest[over], -1, REVOLVING)
        minute = day * MINUTES_PER_DAY + END_OF_DAY
        world.log.add(Activity.OVERPAID, minute, rows[over], yen=rest[over], product=REVOLVING)
    return yen - rest


def _pay_now(world: World, day: int, rows: Ints, principal: Ints, fee: Ints) -> None:
    """Write dues of today for revolving principal and fee, and pay them."""
    some = principal + fee > 0
    rows, principal, fee = rows[some], principal[some], fee[some]
    if not rows.size:
        return
    month = int(world.calendar.month_of[day])
    dues = bill_at_once(world, day, rows, principal, fee, np.full(rows.size, day))
    cash = principal + world.dues.fee_yen[dues]
    world.log.add(
        Activity.REVOLVING_BILLED,
        day * MINUTES_PER_DAY + BEFORE_PAYMENTS,
        rows,
        yen=cash,
        reference=month,
        product=REVOLVING,
    )
    _log(world, day, rows, cash, REVOLVING)
    settle(world, day, dues, np.arange(dues.size), claims_of(world, dues), cash, CASH)


@implements("AU-32.4", "AU-32.2", "AUX-PRE")
def prepay_uses(world: World, day: int, purchases: Ints, asked: Request) -> None:
    """Prepay uses in full, instalments less the unearned fee.

    Parameters
    ----------
    world, day
        As in every step.
    purchases
        Uses that do not revolve, unique, shape (n,).
    asked
        What was asked for.
    """
    allowed = _is_regular(world, day, world.purchases.product[purchases], asked)
    _settle_uses(world, day, purchases[allowed])


def _settle_uses(world: World, day: int, purchases: Ints) -> None:
    """Prepay uses whose prepayment is regular, where they are posted and not stopped."""
    if not purchases.size:
        return
    table = world.purchases
    is_live = table.status[purchases] == PurchaseStatus.POSTED
    for part in in_turns(table, purchases[is_live & ~table.is_stopped[purchases]]):
        _settle_use(world, day, part)


def _settle_use(world: World, day: int, purchases: Ints) -> None:
    """Prepay one use of each of several members."""
    table, dues = world.purchases, world.dues
    legs = legs_of(world, purchases)
    accrue(world, day, legs)
    # Rows of members and of their uses are in one order here: one use of each member.
    purchases = purchases[np.argsort(table.member[purchases])]
    account, first = group_rows(dues.member[legs], "member")
    rows = dues.member[legs[first]]
    purchases = purchases[find_in(rows, table.member[purchases])[1]]
    if not purchases.size:
        return
    unpaid = np.bincount(account, weights=dues.price_yen[legs] + dues.fee_yen[legs])
    ahead = np.bincount(account, weights=dues.due_day[legs] >= day).astype(np.int64)
    times = table.times[purchases]
    fee = charge_of(world, purchases)
    days_left, period = _to_next_due(world, day)
    is_late = np.bincount(account, weights=dues.status[legs] == DueStatus.OVERDUE) > 0
    _, rebate = instalment_payoff(
        world.au.prepay,
        unpaid.astype(np.int64),
        fee,
        times.astype(np.int64),
        times.astype(np.int64) - ahead,
        days_left,
        period,
        ~is_late,
    )
    _give_back_fee(world, day, legs, account, rebate)
    call_in(world, day, legs)
    claims = claims_of(world, legs)
    cash = np.bincount(account, weights=claims.sum(axis=1)).astype(np.int64)
    _log(world, day, rows, cash, table.product[purchases])
    late = rows[world.members.overdue_since[rows] >= 0]
    before = unpaid_dues(world, late) if late.size else late
    settle(world, day, legs, account, claims, cash, CASH)
    if late.size:
        end_spells(world, day, late, before)


def _to_next_due(world: World, day: int) -> tuple[Ints, Ints]:
    """Give the days to the next nominal due date, and those since the one before."""
    month = int(world.calendar.month_of[day])
    dates = nominal_day(world.calendar, np.arange(month - 1, month + 2), world.au.due.day)
    later = int(np.searchsorted(dates, day, side="left"))
    return np.asarray(dates[later] - day), np.asarray(dates[later] - dates[later - 1])


def _give_back_fee(world: World, day: int, legs: Ints, account: Ints, rebate: Ints) -> None:
    """Take the unearned fee off legs, the last ones first."""
    fee = untaxed_fee(world, legs)
    # What the legs from here to the last one hold, less what the later ones hold already.
    end = np.bincount(account, weights=fee).astype(np.int64)
    start = np.cumsum(end) - end
    before = np.cumsum(fee) - fee - start[account]
    kept = (end - rebate)[account]
    stays = np.clip(kept - before, 0, fee)
    given = fee - stays
    some = given > 0
    give_back_charge(world, day, legs[some], given[some], Posting.FINANCE_CHARGE_REBATED)
    restart_accrual(world, day, legs[some])


@implements("AU-32.3", "AU-38.2", "AU-38.3", "AU-38.4")
def pay_unasked(world: World, day: int, rows: Ints, cash_yen: Ints) -> None:
    """Take money that was not agreed: for what is billed, the rest credited or sent back.

    Parameters
    ----------
    world, day
        As in every step.
    rows
        Member rows, unique, shape (n,).
    cash_yen
        Yen, above 0, shape (n,).
    """
    dues = unpaid_dues(world, rows)
    dues = dues[np.isin(world.dues.status[dues], (DueStatus.OPEN, DueStatus.OVERDUE))]
    accrue(world, day, dues)
    asked = sum_by(rows, world.dues.member[dues], claims_of(world, dues).sum(axis=1))
    excess = np.maximum(cash_yen - asked, 0)
    split = irregular_prepayment(world.au.prepay, excess, excess)
    back = split.refunded_yen
    taken = cash_yen - back
    take_money(world, day, rows[taken > 0], taken[taken > 0])
    some = back > 0
    world.ledger.post(Posting.OVERPAID, day, rows[some], back[some])
    world.ledger.post(Posting.REFUND_PAID, day, rows[some], back[some])
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    world.log.add(Activity.REFUND_PAID, minute, rows[some], yen=back[some])


def _log(world: World, day: int, rows: Ints, yen: Ints, product: Ints | int) -> None:
    """Log prepayments."""
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    world.log.add(Activity.PREPAID, minute, rows, yen=yen, product=product)
