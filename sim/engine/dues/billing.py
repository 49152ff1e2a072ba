"""Billing: at the end of a month purchases become a due, with fees, method and due date.

Also here: the statement, the reminder before the due date, and what the lender owes the member.
"""

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.kernels.groups import as_slice, sum_by
from models.macro import stressed
from models.members.repayment import Reason, chances, punctual_day, reasons
from models.products.atone import high_bill_base, method_of_bill
from models.products.atone_fees import service_fees
from models.products.catalogue import PayMethod, Product
from sim.engine.agenda import NOTHING, Task
from sim.engine.collection.contact_costs import bear_contact_cost
from sim.engine.dues.set_off import net_credit, refund_credit
from sim.engine.dues.settlement import claims_of
from sim.engine.members.status import has_ended
from sim.engine.state.exposure import due_key
from sim.engine.state.new_dues import write_dues
from sim.engine.state.portfolio import DueStatus, Status
from sim.engine.state.unpaid import invoices_to_combine
from sim.engine.state.world import CONTACT_MINUTE, END_OF_DAY, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.postings import Posting
from sim.record.tallies import Stages
from sim.rng import Stream


@implements("NP-28.1", "NP-25.1", "CAL-04")
def close_month(world: World, day: int, rows: Ints) -> None:
    """Close the month of members with anything to bill or to give back; write their dues."""
    if world.calendar.day_of_month[day + 1] != 1:
        return
    members, nets = world.members, world.terms.refund == "net_first"
    give_back = net_credit if nets else refund_credit
    at_hand = as_slice(rows)
    give_back(world, day, rows[members.credit_yen[at_hand] > 0])
    billed = rows[has_claims(world, at_hand).nonzero()[0]]  # NOTE: of many rows faster than a mask
    if billed.size:
        dues = make_dues(world, day, billed, invoices_to_combine(world, billed))
        if nets:
            owners = world.dues.member[dues]
            net_credit(world, day, owners[members.credit_yen[owners] > 0])
        plan_dues(world, dues)
    if not world.atone.method_persists:
        default = PayMethod[world.atone.default_method.upper()]
        members.pay_method[rows[members.status[rows] != Status.APPLICANT]] = default


def has_claims(world: World, rows: Ints | slice) -> Bools:
    """Tell who has anything that is not billed yet."""
    members = world.members
    return np.asarray(
        (members.month_uses[rows] > 0)
        | (members.month_price_yen[rows] > 0)
        | (members.claimed_damages_yen[rows] > 0)
        | (members.claimed_admin_yen[rows] > 0)
        | (members.claimed_cost_yen[rows] > 0)
        | (members.claimed_fee_yen[rows] > 0)
    )


@implements("NP-25.2", "NP-26", "NP-28.9", "NP-11.7")
def make_dues(world: World, day: int, rows: Ints, invoices: Ints = NOTHING) -> Ints:
    """Write one due for each member: price, fees, carried claims, method and due day.

    `invoices` will be put on these bills (NP-28.8).
    """
    members, terms = world.members, world.atone
    month = int(world.calendar.month_of[day])
    chosen = members.pay_method[rows]
    fees = service_fees(terms.fees, chosen, members.month_uses[rows].astype(np.int64))
    price = members.month_price_yen[rows].astype(np.int64)
    damages, admin = members.claimed_damages_yen[rows], members.claimed_admin_yen[rows]
    cost, n_uses = members.claimed_cost_yen[rows], members.month_uses[rows]
    fee = fees.net_yen + fees.tax_yen + members.claimed_fee_yen[rows]
    claim = price + fee + damages + admin + cost
    method = _method_with(world, invoices, rows, chosen, price, claim)
    dues = write_dues(
        world,
        rows,
        month=month,
        method=method,
        price_yen=price,
        fee_yen=fee,
        damages_yen=damages,
        admin_yen=admin,
        cost_yen=cost,
        fee_method=chosen,
        n_uses=n_uses,
        due_day=world.derived.due_day[month][method],
    )
    members.last_bill_day[rows] = day
    for column in (
        members.month_uses,
        members.month_price_yen,
        members.claimed_damages_yen,
        members.claimed_admin_yen,
        members.claimed_cost_yen,
        members.claimed_fee_yen,
    ):
        column[rows] = 0
    world.ledger.post(Posting.SERVICE_FEE, day, rows, fees.net_yen, month, Product.ATONE)
    world.ledger.post(Posting.SERVICE_FEE_TAX, day, rows, fees.tax_yen, month, Product.ATONE)
    world.delays.bill(rows, month, price)
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    world.log.add(
        Activity.BILL_CLOSED, minute, rows, yen=claim, reference=month, product=Product.ATONE
    )
    found = has_ended(world, rows)
    world.log.add(Activity.DEBT_FOUND, minute, rows[found], yen=claim[found], reference=month)
    log_high_bills(world, day, dues, claim)
    return dues


@implements("NP-28.1", "NP-28.8")
def _method_with(
    world: World, invoices: Ints, rows: Ints, chosen: Ints, price: Ints, claim: Ints
) -> Ints:
    """Give the method of bills, held with their invoices against the high-bill limit."""
    table = world.dues
    tested = high_bill_base(world.atone, price, claim)
    if invoices.size:
        asked = claims_of(world, invoices).sum(axis=1)
        asked = high_bill_base(world.atone, table.price_yen[invoices], asked)
        tested = tested + sum_by(rows, table.member[invoices], asked)
    return method_of_bill(world.atone, chosen, tested)


def log_high_bills(world: World, day: int, dues: Ints, claim: Ints) -> None:
    """Log the bills whose method is another than the chosen one, because they are high."""
    table = world.dues
    is_high = table.method[dues] != table.fee_method[dues]
    dues = dues[is_high]
    world.log.add(
        Activity.HIGH_BILL,
        day * MINUTES_PER_DAY + END_OF_DAY,
        table.member[dues],
        yen=claim[is_high],
        reference=table.month[dues],
        product=Product.ATONE,
    )


@implements("NP-28.3", "NP-28.4", "NP-28.5")
def plan_dues(world: World, dues: Ints) -> None:
    """Decide why and when dues will be paid, and plan statement, reminder, debit, due date."""
    table, members, agenda = world.dues, world.members, world.agenda
    month = int(table.month[dues[0]])
    statement = int(world.derived.statement_day[month])
    agenda.schedule(Task.STATEMENT, statement, dues)  # a claim of 0 yen, too
    dues = dues[table.status[dues] == DueStatus.OPEN]
    if not dues.size:
        return
    plan_payments(world, dues, statement, month + 1)
    members.bills[table.member[dues]] += 1


def plan_payments(world: World, dues: Ints, first_day: int, due_month: int) -> None:
    """Decide why and when open dues will be paid; plan payment, debit, due date and reminder.

    Parameters
    ----------
    world
        State and agenda.
    dues
        Rows, all announced on one day, shape (n,).
    first_day
        Day from which they can be paid.
    due_month
        Month whose macro factor decides.
    """
    table, members, agenda = world.dues, world.members, world.agenda
    rows, due_day = table.member[dues], table.due_day[dues]
    u = world.uniforms(Stream.BILL, rows, due_key(world, dues))
    repayment, method = world.config.behaviour.repayment, table.method[dues]
    by_hand = method != int(PayMethod.DIRECT_DEBIT)
    reason = reasons_of(world, dues, rows, by_hand, u, due_month)
    table.reason[dues] = reason
    table.u[dues] = u[1]
    table.is_paid_twice[dues] = by_hand & (u[3] < repayment.paid_twice_share)
    first, lag = np.full(dues.size, first_day), world.derived.reflection[method]
    pays_on = np.where(by_hand, punctual_day(repayment, first, due_day, lag, u[2]), due_day)
    if world.atone.wait_for_advance:  # C-36
        table.advance_day[dues] = members.advance_day[rows]
    table.pays_on[dues] = pays_on = np.maximum(pays_on, table.advance_day[dues])
    punctual = by_hand & (reason == int(Reason.PUNCTUAL))
    agenda.schedule(Task.PAY, pays_on[punctual], dues[punctual])
    agenda.schedule(Task.DEBIT, due_day[~by_hand], dues[~by_hand])
    agenda.schedule(Task.FALL_DUE, due_day, dues)
    if world.atone.allow_partial:  # C-58
        pays_part = by_hand & (reason == int(Reason.SHORT_OF_CASH))
        agenda.schedule(Task.PAY_PART, due_day[pays_part], dues[pays_part])
    days_before = world.config.collections.reminder_days
    if days_before:
        reminded = np.maximum(due_day[by_hand] - days_before, first_day)
        agenda.schedule(Task.REMIND, reminded, dues[by_hand])


def reasons_of(
    world: World, dues: Ints, rows: Ints, by_hand: Bools, u: Floats, due_month: int | None = None
) -> Ints:
    """Draw why each due will not be paid in time, if so."""
    if world.script is not None:
        return world.script.reasons(world.dues.due_day[dues], by_hand)
    members, persons = world.members, world.persons
    behaviour, macro = world.config.behaviour, world.config.macro
    forgets, short = chances(
        behaviour.repayment,
        persons.carelessness[rows],
        persons.strain[rows],
        persons.age[rows],
        members.bills[rows],
        by_hand,
        world.dues.method[dues] == PayMethod.INVOICE,
    )
    if due_month is None:
        due_month = int(world.dues.month[dues[0]]) + 1
    # In hardship only a part of the bills is missed; u[3]'s upper end decides, clear of its lower
    # end, which decides about paying twice.
    in_hardship = (persons.hardship_until[rows] >= world.dues.due_day[dues]) & (
        u[3] > 1.0 - behaviour.hardship.misses_bill
    )
    return reasons(
        forgets,
        stressed(short, macro, behaviour.repayment.ceiling),
        world.factor_of(rows, due_month),
        macro.rho,
        in_hardship,
        persons.never_pays[rows],
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
        product=world.dues.product[dues],
    )
    is_open = world.dues.status[dues] == DueStatus.OPEN
    cost = np.where(is_open, world.derived.bill_cost[world.dues.method[dues]], 0)
    world.ledger.post(
        Posting.BILL_COST, day, rows, cost, world.dues.month[dues], world.dues.product[dues]
    )


@implements("NP-28.5", "NP-16.2", "NP-11.4")
def remind(world: World, day: int, dues: Ints) -> None:
    """Remind members of open bills; some of the forgetful now pay in time."""
    table = world.dues
    dues = dues[table.status[dues] == int(DueStatus.OPEN)]
    rows = table.member[dues]
    may_hear = (world.persons.died_day[rows] < 0) & ~world.arrangements.stops_contacts(rows)
    dues, rows = dues[may_hear], rows[may_hear]
    if not dues.size:
        return
    cost = world.config.collections.reminder_cost_yen
    month, product = table.month[dues], table.product[dues]
    world.log.add(
        Activity.REMINDER_SENT,
        day * MINUTES_PER_DAY + CONTACT_MINUTE,
        rows,
        cost_yen=cost,
        reference=month,
        resource="message",
        product=product,
    )
    bear_contact_cost(world, day, rows, Stages.REMINDER, cost, month, product)
    is_delivered = ~world.members.is_mailbox_dead[rows]
    forgotten = dues[(table.reason[dues] == int(Reason.FORGETFUL)) & is_delivered]
    if not forgotten.size:
        return
    key = due_key(world, forgotten)
    u = world.uniforms(Stream.REMINDER, table.member[forgotten], key)[0]
    heeding = forgotten[u < world.config.behaviour.repayment.reminder_heeded]
    table.reason[heeding] = Reason.PUNCTUAL
    lag = world.derived.reflection[table.method[heeding]]
    lag = lag + world.config.products.np_membership.particulars.email_lag_days
    earliest = np.maximum(table.due_day[heeding] - 1, table.advance_day[heeding])
    table.pays_on[heeding] = np.maximum(day + lag, earliest)
    world.agenda.schedule(Task.PAY, table.pays_on[heeding], heeding)
