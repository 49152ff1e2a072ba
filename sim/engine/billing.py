"""Billing: at the end of a month purchases become a due, with fees, method and due date.

Also here: the statement, the reminder before the due date, and what the lender owes the member.
"""

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.macro import stressed
from models.members.repayment import Reason, chances, punctual_day, reasons
from models.products.atone import PayMethod, method_of_bill, service_fees
from sim.engine.agenda import Task
from sim.engine.settlement import net_credit, refund_credit
from sim.engine.world import CONTACT_MINUTE, END_OF_DAY, MINUTES_PER_DAY, World
from sim.eventlog import Activity
from sim.ledger import Posting
from sim.portfolio import DueStatus
from sim.rng import Stream


@implements("NP-28.1", "NP-25.1", "CAL-04")
def close_month(world: World, day: int, rows: Ints) -> None:
    """Close the month of members with anything to bill or to give back; write their dues."""
    if world.calendar.day_of_month[day + 1] != 1:
        return
    members, nets = world.members, world.terms.refund == "net_first"
    give_back = net_credit if nets else refund_credit
    give_back(world, day, rows[members.credit_yen[rows] > 0])
    has_claims = (
        (members.month_uses[rows] > 0)
        | (members.claimed_damages_yen[rows] > 0)
        | (members.claimed_admin_yen[rows] > 0)
    )
    billed = rows[has_claims & ~members.is_written_off[rows]]
    if billed.size:
        dues = _make_dues(world, day, billed)
        if nets:
            owners = world.dues.member[dues]
            net_credit(world, day, owners[members.credit_yen[owners] > 0])
        _plan(world, dues)


@implements("NP-25.2", "NP-26", "NP-28.9")
def _make_dues(world: World, day: int, rows: Ints) -> Ints:
    """Write one due for each member: price, fees, carried claims, method and due day."""
    members, terms = world.members, world.terms
    month = int(world.calendar.month_of[day])
    chosen = members.pay_method[rows]
    fees = service_fees(terms.fees, chosen, members.month_uses[rows].astype(np.int64))
    price = members.month_price_yen[rows].astype(np.int64)
    damages, admin = members.claimed_damages_yen[rows], members.claimed_admin_yen[rows]
    fee = fees.net_yen + fees.tax_yen
    claim = price + fee + damages + admin
    method = method_of_bill(terms, chosen, claim)
    dues = world.dues.append(
        rows.size,
        member=rows,
        month=month,
        method=method,
        price_yen=price,
        fee_yen=fee,
        damages_yen=damages,
        admin_yen=admin,
        due_day=world.derived.due_day[month][method],
        previous=members.last_due[rows],
    )
    members.last_due[rows] = dues
    members.last_bill_day[rows] = day
    for column in (
        members.month_uses,
        members.month_price_yen,
        members.claimed_damages_yen,
        members.claimed_admin_yen,
    ):
        column[rows] = 0
    world.ledger.post(Posting.SERVICE_FEE, day, rows, fees.net_yen, month)
    world.ledger.post(Posting.SERVICE_FEE_TAX, day, rows, fees.tax_yen, month)
    world.delays.bill(rows, month, price)
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    world.log.add(Activity.BILL_CLOSED, minute, rows, yen=claim, reference=month)
    is_high = method != chosen
    world.log.add(Activity.HIGH_BILL, minute, rows[is_high], yen=claim[is_high], reference=month)
    return dues


@implements("NP-28.3", "NP-28.4", "NP-28.5")
def _plan(world: World, dues: Ints) -> None:
    """Decide why and when dues will be paid, and plan statement, reminder, debit, due date."""
    table, members, agenda = world.dues, world.members, world.agenda
    month = int(table.month[dues[0]])
    statement = int(world.derived.statement_day[month])
    agenda.schedule(Task.STATEMENT, np.full(dues.size, statement), dues)  # a claim of 0 yen, too
    dues = dues[table.status[dues] == DueStatus.OPEN]
    if not dues.size:
        return
    rows, due_day = table.member[dues], table.due_day[dues]
    u = world.uniforms(Stream.BILL, rows, table.month[dues])
    by_hand = table.method[dues] != PayMethod.DIRECT_DEBIT
    table.reason[dues] = _reasons(world, dues, rows, by_hand, u)
    table.u[dues] = u[1]
    table.is_paid_twice[dues] = by_hand & (u[3] < world.config.behaviour.repayment.paid_twice_share)
    members.bills[rows] += 1
    lag = world.derived.reflection[table.method[dues]]
    first = np.full(dues.size, statement)
    pays_on = punctual_day(world.config.behaviour.repayment, first, due_day, lag, u[2])
    table.pays_on[dues] = np.where(by_hand, pays_on, due_day)
    punctual = by_hand & (table.reason[dues] == Reason.PUNCTUAL)
    agenda.schedule(Task.PAY, pays_on[punctual], dues[punctual])
    agenda.schedule(Task.DEBIT, due_day[~by_hand], dues[~by_hand])
    agenda.schedule(Task.FALL_DUE, due_day, dues)
    days_before = world.config.collections.reminder_days
    if days_before:
        reminded = np.maximum(due_day[by_hand] - days_before, statement)
        agenda.schedule(Task.REMIND, reminded, dues[by_hand])


def _reasons(world: World, dues: Ints, rows: Ints, by_hand: Bools, u: Floats) -> Ints:
    """Draw why each due will not be paid in time, if so."""
    members, behaviour, macro = world.members, world.config.behaviour, world.config.macro
    forgets, short = chances(
        behaviour.repayment,
        members.carelessness[rows],
        members.strain[rows],
        members.age[rows],
        members.bills[rows],
        by_hand,
        world.dues.method[dues] == PayMethod.INVOICE,
    )
    due_month = int(world.dues.month[dues[0]]) + 1
    # In hardship only a part of the bills is missed; u[3]'s upper end decides, clear of its lower
    # end, which decides about paying twice.
    in_hardship = (members.hardship_until[rows] >= world.dues.due_day[dues]) & (
        u[3] > 1.0 - behaviour.hardship.misses_bill
    )
    return reasons(
        forgets,
        stressed(short, macro, behaviour.repayment.ceiling),
        world.factor_of(rows, due_month),
        macro.rho,
        in_hardship,
        members.never_pays[rows],
        u[0],
    )


@implements("NP-28.5", "CAL-03", "LEN-04")
def show_statement(world: World, day: int, dues: Ints) -> None:
    """Show the statement and bear the cost of the bill."""
    rows = world.dues.member[dues]
    world.log.add(
        Activity.STATEMENT_SHOWN,
        day * MINUTES_PER_DAY + CONTACT_MINUTE,
        rows,
        reference=world.dues.month[dues],
    )
    is_open = world.dues.status[dues] == DueStatus.OPEN
    cost = np.where(is_open, world.derived.bill_cost[world.dues.method[dues]], 0)
    world.ledger.post(Posting.BILL_COST, day, rows, cost, world.dues.month[dues])


@implements("NP-28.5")
def remind(world: World, day: int, dues: Ints) -> None:
    """Remind members of open bills; some of the forgetful now pay in time."""
    table = world.dues
    dues = dues[table.status[dues] == DueStatus.OPEN]
    if not dues.size:
        return
    rows = table.member[dues]
    cost = world.config.collections.reminder_cost_yen
    world.log.add(
        Activity.REMINDER_SENT,
        day * MINUTES_PER_DAY + CONTACT_MINUTE,
        rows,
        cost_yen=cost,
        reference=table.month[dues],
        resource="message",
    )
    world.ledger.post(Posting.CONTACT_COST, day, rows, np.full(rows.size, cost), table.month[dues])
    u = world.uniforms(Stream.REMINDER, rows, table.month[dues])[0]
    heeds = (table.reason[dues] == Reason.FORGETFUL) & (
        u < world.config.behaviour.repayment.reminder_heeded
    )
    heeding = dues[heeds]
    table.reason[heeding] = Reason.PUNCTUAL
    lag = world.derived.reflection[table.method[heeding]]
    table.pays_on[heeding] = np.maximum(day + lag, table.due_day[heeding] - 1)
    world.agenda.schedule(Task.PAY, table.pays_on[heeding], heeding)
