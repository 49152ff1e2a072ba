"""Sale of overdue receivables, and securitisation of current ones (AU-25.3, AU-45.1, LEN-08)."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels.groups import distinct, place_in, sum_by
from models.products.au_pay.measures import Measure, MeasureGround
from models.products.au_pay.sale import is_sold, sale_price, servicing_income
from sim.engine.agenda import Task
from sim.engine.au_pay.acceleration import IS_ACCELERABLE
from sim.engine.au_pay.measures import carry_out
from sim.engine.collection.default import begin_defaults, count_fate
from sim.engine.collection.spell_ends import end_spells
from sim.engine.dues.settlement import accrue, end_claims, restart_accrual
from sim.engine.members.status import is_member
from sim.engine.state.exposure import change_unsettled
from sim.engine.state.unpaid import unpaid_dues
from sim.engine.state.world import CONTACT_MINUTE, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.postings import Posting
from sim.record.spells import Ending
from sim.record.workouts import Flow


@implements("AU-25.3", "AU-45.1")
def sell(world: World, day: int, rows: Ints) -> None:
    """Sell what members owe whose arrears are old enough; nothing more is owed to the lender.

    Payments that are stopped stay with their defence (AU-34); memberships end with the sale.
    """
    terms, members, table = world.au.sale, world.members, world.dues
    since = members.overdue_since[rows].astype(np.int64)
    is_late = (since >= 0) & ~members.is_written_off[rows]
    old = is_late & is_sold(terms, np.where(is_late, day - since, 0))
    younger = rows[is_late & ~old]
    again = members.overdue_since[younger].astype(np.int64) + terms.from_day
    world.agenda.schedule(Task.SELL, np.maximum(again, day + 1), younger)
    # What the law firm, the court or an intermediary deals with is not for sale.
    bound = members.is_placed[rows] | world.arrangements.stops_contacts(rows)
    bound |= world.proceedings.is_begun(rows)
    rows = rows[old & ~bound]
    if not rows.size:
        return
    every = unpaid_dues(world, rows)
    dues = every[IS_ACCELERABLE[table.status[every]]]
    owners = distinct(table.member[dues]).astype(np.int64)
    begin_defaults(world, day, owners)
    accrue(world, day, dues)
    sold_yen = table.price_yen[dues].astype(np.int64)
    count_fate(world, "written_off", day, dues, sold_yen)
    claim = sum_by(owners, table.member[dues], _derecognise(world, day, dues))
    age = day - members.overdue_since[owners].astype(np.int64)
    price = sale_price(terms, claim, age)
    world.ledger.post(Posting.SALE_PROCEEDS, day, owners, price)
    world.workouts.add(Flow.SALE, day, owners, price)
    # Of the price for the whole claim, balances get back what was paid for their part.
    place = place_in(owners, table.member[dues])
    returned = sold_yen * price[place] // np.maximum(claim[place], 1)
    count_fate(world, "recovered", day, dues, returned)
    minute = day * MINUTES_PER_DAY + CONTACT_MINUTE
    world.log.add(Activity.RECEIVABLE_SOLD, minute, owners, yen=price)
    carry_out(world, day, owners[is_member(world, owners)], Measure.CANCEL, MeasureGround.UNPAID)
    end_spells(world, day, owners, every, Ending.SOLD)


def _derecognise(world: World, day: int, dues: Ints) -> Ints:
    """Take sold dues off the books, part by part; give what each was, yen, shape (n,)."""
    table, whole = world.dues, np.zeros(dues.size, dtype=np.int64)
    rows, month, product = table.member[dues], table.month[dues], table.product[dues]
    for posting, columns in (
        (Posting.PRINCIPAL_SOLD, (table.price_yen,)),
        (Posting.FEE_SOLD, (table.fee_yen,)),
        (Posting.LATE_DAMAGES_SOLD, (table.damages_yen, table.late_damages_yen)),
        (Posting.COST_SOLD, (table.cost_yen,)),
    ):
        yen = np.zeros(dues.size, dtype=np.int64)
        for column in columns:
            yen += column[dues]
        world.ledger.post(posting, day, rows, yen, month, product)
        whole += yen
    change_unsettled(world, rows, product, -table.price_yen[dues])
    world.contract.paid(world, day, dues, table.price_yen[dues].astype(np.int64))
    end_claims(world, dues)
    restart_accrual(world, day, dues)
    return whole


@implements("AU-25.3", "LEN-08")
def serve_securitised(world: World, day: int, rows: Ints) -> None:
    """Earn for a month what servicing current receivables brings that were sold at par.

    The sale at par moves neither profit nor the members' debts; only the servicing is booked.
    """
    terms = world.au.sale
    if not terms.securitise or world.calendar.day_of_month[day + 1] != 1:
        return
    members = world.members
    current = rows[(members.overdue_since[rows] < 0) & (members.unsettled_yen[rows] > 0)]
    held = (members.unsettled_yen[current] - members.held_yen[current]).astype(np.int64)
    held -= world.revolving.unposted_yen[current]
    month = int(world.calendar.month_of[day])
    first, weight = int(world.calendar.month_first[month]), world.calendar.weight
    span = int(weight[day] - weight[max(first - 1, 0)])
    income = servicing_income(terms, held, np.full(held.size, span))
    world.ledger.post(Posting.SERVICING_FEE, day, current, income)
