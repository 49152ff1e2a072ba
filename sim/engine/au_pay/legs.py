"""Legs: what of which use falls due in which month at au PAY Atobarai.

All legs of a use are written when it is posted, as dues that are scheduled. The statement of a
month announces those of the next due date; from then on they are open and can be paid.
"""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels.groups import distinct
from models.products.au_pay.periods import first_due_month
from models.products.au_pay.schedules import finance_charge, legs
from models.products.catalogue import Product
from sim.engine.agenda import Task
from sim.engine.au_pay.late import rebase_groups
from sim.engine.au_pay.tax import give_back_charge, levy_tax, untaxed_fee
from sim.engine.dues.settlement import restart_accrual
from sim.engine.state.due_index import IS_UNBILLED, IS_UNPAID
from sim.engine.state.new_dues import write_dues
from sim.engine.state.portfolio import DueStatus
from sim.engine.state.unpaid import in_order as oldest_first
from sim.engine.state.world import END_OF_DAY, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.postings import Posting


@implements("AU-23.2", "AU-31.1")
def charge_of(world: World, purchases: Ints) -> Ints:
    """Give the fee of instalments of uses, else 0, at the rate of the day of each use.

    A plan chosen after the purchase counts as chosen at it (AU-28.3(2)), and a fee that is chosen
    outlives a change of the rate.
    """
    table = world.purchases
    fee = np.zeros(purchases.size, dtype=np.int64)
    chosen = (table.product[purchases] == int(Product.AU_INSTALMENTS)).nonzero()[0]
    if not chosen.size:
        return fee
    purchases = purchases[chosen]
    plan, price = table.product[purchases], table.price_yen[purchases].astype(np.int64)
    times, day = table.times[purchases], table.minute[purchases] // MINUTES_PER_DAY
    for begins, config in world.stages.items():  # the last one that had begun
        rows = (day >= begins).nonzero()[0]
        terms = config.products.au_pay.instalments
        fee[chosen[rows]] = finance_charge(terms, plan[rows], price[rows], times[rows])
    return fee


@implements("AU-29.1(1)", "AU-29.1(2)", "AU-29.1(3)", "AU-31.1", "AU-31.2", "AU-26.1")
def write_legs(world: World, day: int, purchases: Ints) -> None:
    """Write the legs of uses in all plans but revolving; book the fee of instalments.

    Parameters
    ----------
    world
        Lender.
    day
        Business day.
    purchases
        Posted uses whose cycle month and number of payments are known, unique, by member and key.
    """
    if not purchases.size:
        return
    terms, table, days = world.au, world.purchases, world.derived.au_days
    rows, plan = table.member[purchases].astype(np.int64), table.product[purchases]
    price, times = table.price_yen[purchases].astype(np.int64), table.times[purchases]
    cycle = table.billing_month[purchases].astype(np.int64)
    fee = charge_of(world, purchases)
    use_day = table.minute[purchases] // MINUTES_PER_DAY
    first = first_due_month(terms.bonus, world.calendar, use_day, cycle, plan)
    found = legs(terms.plan, plan, price, fee, times, first)
    world.ledger.post(Posting.FINANCE_CHARGE, day, rows, fee, cycle, plan)
    owners = rows[found.owner]
    dues = write_dues(
        world,
        owners,
        product=plan[found.owner],
        purchase=purchases[found.owner],
        month=found.due_month - 1,
        method=world.members.pay_method[owners],
        price_yen=found.principal_yen,
        fee_yen=found.fee_yen,
        due_day=days.due_day[found.due_month],
        status=int(DueStatus.SCHEDULED),
    )
    table.first_leg[purchases] = dues[0] + times.cumsum() - times
    announced = days.announced_on[found.due_month]
    world.agenda.schedule(Task.ANNOUNCE, np.maximum(announced, day), dues)


@implements("AU-36.1")
def announce(world: World, day: int, dues: Ints) -> None:
    """Put the scheduled legs of the next due date on the statement of their members."""
    table = world.dues
    dues = distinct(dues[table.status[dues] == DueStatus.SCHEDULED])
    if not dues.size:
        return
    open_legs(world, day, dues)
    rows = distinct(table.member[dues]).astype(np.int64)
    world.agenda.schedule(Task.STATED, day + 1, rows)


def open_legs(world: World, day: int, dues: Ints) -> None:
    """Let legs be bills of their month, to be debited and missed on their due day."""
    table = world.dues
    table.status[dues] = DueStatus.OPEN
    rows, month = table.member[dues], table.month[dues]
    taxed = levy_tax(world, day, dues) > 0
    rebase_groups(world, day, dues[taxed])
    world.delays.change_billed(rows, month, table.price_yen[dues])
    world.agenda.schedule(Task.DEBIT, table.due_day[dues], dues)
    world.agenda.schedule(Task.FALL_DUE, table.due_day[dues], dues)


def call_in(world: World, day: int, dues: Ints) -> None:
    """Make legs bills of the month of a day, because they are claimed, paid or given up before."""
    table = world.dues
    early = dues[IS_UNBILLED[table.status[dues]]]
    now = int(world.calendar.month_of[day])
    table.month[early] = np.minimum(table.month[early], now)
    table.status[early] = DueStatus.OPEN
    levy_tax(world, day, early)
    world.delays.change_billed(table.member[early], table.month[early], table.price_yen[early])


def legs_of(world: World, purchases: Ints) -> Ints:
    """Give the unpaid legs of uses, by member, oldest first."""
    table = world.purchases
    first, count = table.first_leg[purchases], table.times[purchases].astype(np.int64)
    count[first < 0] = 0
    dues = (first - count.cumsum() + count).repeat(count) + np.arange(count.sum())
    return oldest_first(world, dues[IS_UNPAID[world.dues.status[dues]]])


def drop_legs(world: World, day: int, dues: Ints) -> None:
    """Take legs off that will never be paid: the price is owed otherwise, the fee not at all."""
    table = world.dues
    if not dues.size:
        return
    charged = dues[table.fee_yen[dues] > 0]
    if charged.size:
        fee = untaxed_fee(world, charged)
        give_back_charge(world, day, charged, fee, Posting.FINANCE_CHARGE_RETURNED)
    table.price_yen[dues] = 0
    table.status[dues] = DueStatus.PAID
    restart_accrual(world, day, dues)


@implements("AU-36.2", "AU-38.1")
def bill_claims(world: World, day: int, rows: Ints) -> None:
    """Put fees, costs and late damages that wait for a bill on the statement that goes out next."""
    month = int(world.calendar.month_of[day])
    if day != world.derived.au_days.announced_on[month + 1]:
        return
    members = world.members
    waits = members.claimed_damages_yen[rows] + members.claimed_cost_yen[rows]
    rows = np.sort(rows[waits + members.claimed_fee_yen[rows] > 0])
    if not rows.size:
        return
    dues = write_dues(
        world,
        rows,
        product=int(Product.AU_ONE_TIME),
        month=month,
        method=members.pay_method[rows],
        fee_yen=members.claimed_fee_yen[rows],
        damages_yen=members.claimed_damages_yen[rows],
        cost_yen=members.claimed_cost_yen[rows],
        due_day=world.derived.au_days.due_day[month + 1],
        status=int(DueStatus.SCHEDULED),
    )
    for column in (
        members.claimed_fee_yen,
        members.claimed_damages_yen,
        members.claimed_cost_yen,
    ):
        column[rows] = 0
    world.log.add(
        Activity.CLAIMS_BILLED,
        day * MINUTES_PER_DAY + END_OF_DAY,
        rows,
        yen=world.dues.fee_yen[dues] + world.dues.damages_yen[dues] + world.dues.cost_yen[dues],
        reference=month,
    )
    announce(world, day, dues)
