"""The bill of au PAY Atobarai: statement, debit on the due date, what is owed to the member.

The bill of a due date is all that a member owes on it. Whether it is paid is one decision, taken
when the account is debited.
"""

import numpy as np

from models.arrays import Floats, Ints
from models.clauses import implements
from models.kernels import with_tax
from models.kernels.groups import distinct, first_of_runs, group_rows, sum_by
from models.members.repayment import Reason
from models.products.au_pay.allocation import allocate_payment, plan_rank
from models.products.au_pay.payment import (
    after_failed_debit,
    is_debited,
    may_object,
    paper_fee,
    tax_on_charge,
)
from models.products.au_pay.periods import announced_on, due_day
from models.products.catalogue import PayMethod, Product
from sim.engine.agenda import Task
from sim.engine.au_pay.revolving import bill_of
from sim.engine.dues.billing import reasons_of
from sim.engine.dues.parts import CASH, COST, DAMAGES, FEE, PRICE
from sim.engine.dues.payments import pay_in_full
from sim.engine.dues.set_off import net_credit, transfer_credit
from sim.engine.dues.settlement import claims_of, settle
from sim.engine.state.due_index import IS_OPEN
from sim.engine.state.portfolio import DueStatus
from sim.engine.state.unpaid import all_unpaid
from sim.engine.state.world import CONTACT_MINUTE, END_OF_DAY, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.postings import Posting
from sim.rng import Stream
from sim.table import add_at

LONGEST_THOUGHT = 14
"""Days within which members object at all, in time or not."""
PARTS_AT_AU = [COST, DAMAGES, FEE, PRICE]
"""Parts of claims that this lender has, as `CLAIMS` of its terms: no late administration fee."""


@implements("AU-38.1", "AU-38.5")
def allocate_by_kind(
    world: World, day: int, dues: Ints, account: Ints, claims: Ints, cash_yen: Ints
) -> Ints:
    """Allocate money of a day kind by kind over all dues of an account; yen, shape (n, 5)."""
    table = world.dues
    paid = np.zeros_like(claims)
    if dues.size:
        found, _ = allocate_payment(
            world.au.allocation,
            day,
            cash_yen,
            account,
            table.due_day[dues],
            table.product[dues],
            claims[:, PARTS_AT_AU],
        )
        paid[:, PARTS_AT_AU] = found
    return paid


def bills_of(world: World, dues: Ints) -> Ints:
    """Give member rows, one for each due date of each member among dues."""
    table = world.dues
    bill = (table.member[dues].astype(np.int64) << 32) + table.due_day[dues]
    return distinct(bill) >> 32


def nights_of_everybody(world: World) -> list[int]:
    """Give the nights that close a due date or bring a statement, and the firsts of months."""
    calendar = world.calendar
    firsts = np.flatnonzero(calendar.day_of_month[: world.n_days + 1] == 1)
    months = np.arange(world.config.months + 1)
    nights = set(firsts.tolist())
    for stage in world.stages.values():  # terms may change on the way
        terms = stage.products.au_pay
        nights |= set((due_day(terms.due, calendar, months) + 1).tolist())
        nights |= set(
            (announced_on(terms.statement, terms.period, calendar, months + 1) + 1).tolist()
        )
    return sorted(nights)


@implements("AU-36.1", "AU-36.2", "LEN-04")
def send_statements(world: World, day: int, rows: Ints) -> None:
    """Send the statement of the next due date; bear its cost, charge paper."""
    due_month = int(world.calendar.month_of[day]) + 1
    due = int(world.derived.au_days.due_day[due_month])
    dues, table = all_unpaid(world, rows, IS_OPEN), world.dues
    dues = dues[table.due_day[dues] <= due]
    yen = sum_by(rows, table.member[dues], claims_of(world, dues).sum(axis=1))
    revolves = np.flatnonzero(world.revolving.has_to_bill(rows))
    bill = bill_of(world, rows[revolves], day)
    yen[revolves] += bill.payment_yen + tax_on_charge(world.au.costs, bill.fee_yen)
    rows, yen = rows[yen > 0], yen[yen > 0]
    month = due_month - 1
    minute = day * MINUTES_PER_DAY + CONTACT_MINUTE
    world.log.add(Activity.STATEMENT_SHOWN, minute, rows, yen=yen, reference=month)
    world.members.last_bill_day[rows] = day
    cost = world.derived.bill_cost[world.members.pay_method[rows]]
    world.ledger.post(Posting.BILL_COST, day, rows, cost, month)
    _charge_paper(world, day, rows)
    if world.script is None and world.au.statement.dispute_share:
        u = world.uniforms(Stream.AU_DISPUTE, rows, month)
        objects = u[0] < world.au.statement.dispute_share
        days = day + 1 + np.floor(u[1] * LONGEST_THOUGHT).astype(np.int64)
        world.agenda.schedule(Task.OBJECT, days[objects], rows[objects])


@implements("AU-36.3")
def object_to_statement(world: World, day: int, rows: Ints) -> None:
    """Hear members who object to their last statement within a week; later it stands."""
    members = world.members
    in_time = may_object(world.au.statement, members.last_bill_day[rows], day)
    rows = rows[in_time & (members.last_bill_day[rows] >= 0)]
    members.disputed_until[rows] = day + world.config.policy.inquiries.days
    world.log.add(Activity.STATEMENT_DISPUTED, day * MINUTES_PER_DAY + CONTACT_MINUTE, rows)


@implements("AU-36.2", "AU-44.1")
def _charge_paper(world: World, day: int, rows: Ints) -> None:
    """Charge paper statements; the fee goes on the next bill."""
    terms = world.au
    rows = rows[world.revolving.wants_paper[rows]]
    gross = paper_fee(terms.statement, terms.costs, np.ones(rows.size, dtype=bool))
    net = np.full(rows.size, terms.statement.paper_fee_yen)
    add_at(world.members.claimed_fee_yen, rows, gross)
    world.ledger.post(Posting.PAPER_FEE, day, rows, net)
    world.ledger.post(Posting.PAPER_FEE_TAX, day, rows, gross - net)


@implements("AU-35.2", "AU-38.4", "AU-38.6")
def give_back(world: World, day: int, rows: Ints) -> None:
    """Net on a due date what is owed to members with what falls due; transfer the rest."""
    members, terms = world.members, world.au.due
    if day != world.derived.au_days.due_day[world.calendar.month_of[day]]:
        return
    rows = rows[members.credit_yen[rows] > 0]
    if not rows.size:
        return
    before = members.credit_yen[rows].copy()
    netted_first = terms.overpayment == "net_next_due"
    net_credit(world, day, rows[netted_first | (members.overdue_since[rows] >= 0)])
    # Who owes something that falls due later keeps the credit for it.
    waits = (members.credit_yen[rows] == before) & (members.unsettled_yen[rows] > 0)
    transfer_credit(world, day, rows[(members.credit_yen[rows] > 0) & ~(netted_first & waits)])


@implements("AU-35.1", "AU-35.3", "AU-35.5", "CAL-02")
def run_debits(world: World, day: int, dues: Ints) -> None:
    """Debit the bills of a due date, each all or nothing; where that fails, another way is told."""
    table, members = world.dues, world.members
    # A leg that was stopped and goes on may be planned twice.
    dues = distinct(dues[(table.status[dues] == DueStatus.OPEN) & (table.due_day[dues] == day)])
    if not dues.size:
        return
    rank = plan_rank(world.au.allocation)[table.product[dues]]
    owner = table.member[dues].astype(np.int64)
    # The dues are in ascending order, and stay so within a plan.
    order = np.argsort(owner * len(Product) + rank, kind="stable")
    dues = dues[order]
    bill, first = group_rows(owner[order], "member")
    rows = owner[order][first]
    month = int(world.calendar.month_of[day])
    has_account = members.pay_method[rows] == PayMethod.DIRECT_DEBIT
    debited = is_debited(world.au.due, has_account, members.overdue_since[rows] >= 0)
    u = world.uniforms(Stream.BILL, rows, month)
    leading = dues[first]
    reason = reasons_of(world, leading, rows, ~debited, u, month)
    table.reason[dues], table.u[dues] = reason[bill], u[1][bill]
    table.pays_on[dues] = day
    members.bills[rows] += 1
    world.delays.bill(rows, max(month - 1, 0), np.zeros_like(rows))
    alive = world.persons.died_day[rows] < 0  # the account of the dead is frozen
    # Whose debit is stopped pays all that is late together; others pay by hand as asked.
    pays = alive & (reason == Reason.PUNCTUAL) & (debited | ~has_account)
    pay_in_full(world, day, dues[pays[bill]])
    failed = alive & debited & ~pays
    _fail(world, day, dues[failed[bill]], u[3][failed])


@implements("AU-35.3")
def _fail(world: World, day: int, dues: Ints, u: Floats) -> None:
    """Tell members whose bill was not covered how to pay, with what C-50, C-56 and C-59 say."""
    if not dues.size:
        return
    table, terms = world.dues, world.au.due
    bill, first = group_rows(table.member[dues], "member")
    rows = table.member[dues[first]]
    claims = claims_of(world, dues)
    asked = np.bincount(bill, weights=claims.sum(axis=1)).astype(np.int64)
    minute, month = day * MINUTES_PER_DAY + END_OF_DAY, int(world.calendar.month_of[day]) - 1
    if terms.debit_allow_partial:
        part = np.floor(u * asked).astype(np.int64)
        settle(world, day, dues, bill, claims, part, CASH)
        world.log.add(Activity.PART_PAID, minute, rows, yen=part, reference=month)
    world.log.add(Activity.DEBIT_FAILED, minute, rows, yen=asked, reference=month)
    dues = dues[table.status[dues] == DueStatus.OPEN]  # a part never pays all
    table.method[dues] = PayMethod.BANK_TRANSFER
    new_day, fee = after_failed_debit(terms, np.array(day))
    gross = int(with_tax(fee, world.au.costs.tax_rate))
    leading = dues[first_of_runs(table.member[dues])]
    table.fee_yen[leading] += gross
    product = table.product[leading]
    post = world.ledger.post
    post(Posting.FAILED_DEBIT_FEE, day, rows, np.full(rows.size, fee), month, product)
    post(Posting.FAILED_DEBIT_FEE_TAX, day, rows, np.full(rows.size, gross - fee), month, product)
    if terms.extend_due_days:
        table.due_day[dues] = new_day
        world.agenda.schedule(Task.FALL_DUE, int(new_day), dues)
    if terms.debit_retries:
        again = np.full(leading.size, day + terms.debit_retry_days)
        world.agenda.schedule(Task.DEBIT_AGAIN, again, leading)


@implements("AU-35.3")
def retry_debits(world: World, day: int, dues: Ints) -> None:
    """Ask the bank again for bills still unpaid, if the debit is not stopped meanwhile (C-61)."""
    table, members, terms = world.dues, world.members, world.au.due
    rows = table.member[dues]
    late = members.overdue_since[rows] >= 0
    has_account = members.pay_method[rows] == PayMethod.DIRECT_DEBIT
    still = late & is_debited(terms, has_account, late) & ~members.is_placed[rows]
    still &= (members.spell_pays_on[rows] > day) & (world.persons.died_day[rows] < 0)
    dues, rows = dues[still], rows[still]
    month = table.month[dues]
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    world.log.add(Activity.DEBIT_FAILED, minute, rows, yen=0, reference=month)
    tried = (day - table.due_day[dues]) // terms.debit_retry_days
    again = dues[tried < terms.debit_retries]
    days = np.full(again.size, day + terms.debit_retry_days)
    world.agenda.schedule(Task.DEBIT_AGAIN, days, again)
