"""Arrears: where a due becomes late, what that costs, and the stop and release of use.

A member has one spell of arrears at a time. It begins with the first missed due, takes in every due
missed while it lasts, and ends when nothing overdue is left.
"""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels.groups import as_slice, distinct, first_of_runs, place_in
from models.members.repayment import Reason, days_late, waits_for_payday
from models.policy.collections import strategy_of
from models.products.atone import late_admin_fee_due
from sim.engine.agenda import NEVER, Task
from sim.engine.collection.prescription import watch
from sim.engine.dues.instalment_fees import charge_late_instalments
from sim.engine.dues.settlement import accrue, claims_of
from sim.engine.members.membership import lift, stop
from sim.engine.state.due_index import IS_OVERDUE
from sim.engine.state.exposure import is_order
from sim.engine.state.ladders import MOST_STEPS
from sim.engine.state.portfolio import DueStatus, Status, Stop
from sim.engine.state.unpaid import all_unpaid
from sim.engine.state.world import END_OF_DAY, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.postings import Posting
from sim.rng import Stream
from sim.table import add_at


@implements("NP-7.1", "CAL-06")
def fall_due(world: World, day: int, dues: Ints) -> None:
    """Turn dues unpaid at the end of their due day into arrears; begin spells."""
    table, members = world.dues, world.members
    is_open = (table.status[dues] == int(DueStatus.OPEN)) & (table.due_day[dues] <= day)
    dues = distinct(dues[is_open])
    if not dues.size:
        return
    rows, product = table.member[dues], table.product[dues]
    table.status[dues] = DueStatus.OVERDUE
    table.accrues_from[dues] = day
    world.log.add(
        Activity.PAYMENT_MISSED,
        day * MINUTES_PER_DAY + END_OF_DAY,
        rows,
        yen=claims_of(world, dues).sum(axis=1),
        reference=table.month[dues],
        product=product,
    )
    add_at(members.bills_late, world.contract.bills(world, dues), 1)
    world.contract.missed(world, day, dues)
    of_orders = rows[is_order(world, product)]
    if of_orders.size:
        for record in (world.persons.np_uses, world.persons.np_late):  # ART-08
            add_at(record, of_orders, 1)
    # A claim given up before does not cover what falls due only now; it has its own day.
    again = rows[members.is_written_off[rows]]
    if again.size:
        write_off_day = day + world.config.collections.write_off.day
        world.agenda.schedule(Task.WRITE_OFF, write_off_day, again)
    begin_spells(world, day, dues[members.overdue_since[rows] < 0])


def begin_spells(world: World, day: int, dues: Ints) -> None:
    """Begin the arrears of members: their fate, the usage stop, the ladder, the write-off.

    `dues` are all that fell due of members without arrears, those of a member together; of two
    dues of one day the older one begins the spell.
    """
    if not dues.size:
        return
    table, members, agenda = world.dues, world.members, world.agenda
    dues = dues[table.member[dues].argsort(kind="stable")]
    first = first_of_runs(table.member[dues]).nonzero()[0]
    overdue_yen = np.add.reduceat(table.price_yen[dues], first, dtype=np.int64)
    dues = dues[first]
    rows = table.member[dues]
    world.spells.begin(day, rows, overdue_yen)
    reason = table.reason[dues]
    members.overdue_since[rows] = day
    members.spell_start[rows] = day
    members.spell_first_due[rows] = dues
    members.spell_reason[rows] = reason
    members.spell_u[rows] = table.u[dues]
    members.spell_stay[rows] = 1.0
    # A punctual member is here because the payment has not been reflected yet (NP-28.4).
    pays_on = np.where(
        reason == Reason.PUNCTUAL,
        np.maximum(table.pays_on[dues], day + 1),
        natural_payment_day(world, rows),
    )
    members.spell_pays_on[rows] = pays_on
    agenda.schedule(Task.PAY_ARREARS, pays_on, rows)
    default_day = day + world.config.economics.default_dpd
    agenda.schedule(Task.DEFAULT, default_day, rows)
    stop_day = world.terms.usage_stop_day
    agenda.schedule(Task.STOP, day + stop_day, rows)
    _begin_ladders(world, day, rows)
    write_off_day = world.config.collections.write_off.day
    agenda.schedule(Task.WRITE_OFF, day + write_off_day, rows)
    watch(world, rows)


def _begin_ladders(world: World, day: int, rows: Ints) -> None:
    """Put members at the foot of the ladder by which they are dealt with."""
    members, weights = world.members, world.derived.strategy_weights
    if len(weights) > 1:
        u = world.uniforms(Stream.DEBT_COLLECTION, rows, 0)[0]
        members.strategy[rows] = strategy_of(weights, u)
    foot = members.strategy[rows].astype(np.int64) * MOST_STEPS
    past_due = world.derived.rungs.day[foot]
    has_steps = past_due >= 0
    rows, days = rows[has_steps], day + past_due[has_steps]
    members.ladder_step[rows] = 0
    members.ladder_day[rows] = days
    world.agenda.schedule(Task.DUN, days, rows)


def natural_payment_day(world: World, rows: Ints) -> Ints:
    """Give the day on which payments of arrears will count, as things stand, shape (n,)."""
    return counts_on(world, rows, day_of_transfer(world, rows))


def day_of_transfer(world: World, rows: Ints) -> Ints:
    """Give the day on which members will send what they owe, as things stand, shape (n,)."""
    members = world.members
    start, reason, u = members.spell_start[rows], members.spell_reason[rows], members.spell_u[rows]
    days = days_late(
        world.derived.unpaid,
        reason,
        u,
        members.spell_stay[rows],
        world.persons.hardship_until[rows] - start,
    )
    last = world.n_days + 50  # beyond the horizon nobody asks on which day
    day = np.minimum(start + days, last)
    waits = waits_for_payday(world.config.behaviour.repayment, reason, u).nonzero()[0]
    if waits.size:
        day[waits] = world.next_payday(rows[waits], day[waits])
    return np.asarray(day)


@implements("NP-28.4")
def counts_on(world: World, rows: Ints, sent_on: Ints | int) -> Ints:
    """Give the days on which payments of arrears sent on some days count, by the oldest bill."""
    table, oldest = world.dues, world.members.spell_first_due[rows]
    reflected = sent_on + world.derived.reflection[table.method[oldest]]
    return np.asarray(np.maximum(reflected, table.advance_day[oldest]))


@implements("COLL-01", "ART-09", "NP-23.2", "NP-7.1")
def stop_use(world: World, day: int, rows: Ints) -> None:
    """Stop the use of members still in arrears."""
    stop(world, day, not_to_use_on(world, day, rows), Stop.ARREARS, Activity.USE_STOPPED)


def not_to_use_on(world: World, day: int, rows: Ints) -> Ints:
    """Give those whose arrears are old enough to stop use; look at younger ones again."""
    rows = rows[world.members.overdue_since[rows] >= 0]
    stops_on = world.members.spell_start[rows] + world.terms.usage_stop_day
    is_ripe = stops_on <= day
    # Of younger arrears this was planned for earlier ones, or the terms give more days by now.
    world.agenda.schedule(Task.STOP, stops_on[~is_ripe], rows[~is_ripe])
    return rows[is_ripe]


@implements("COLL-14", "NP-7.4", "NP-31.1")
def release_use(world: World, day: int, rows: Ints) -> None:
    """Release members whose arrears are cleared, after a look at their limits."""
    members = world.members
    rows = rows[(members.overdue_since[rows] < 0) & (members.release_day[rows] == day)]
    if not rows.size:
        return
    if world.terms.release_probability < 1:  # C-20
        u = world.uniforms(Stream.RELEASE, rows, day)[0]
        rows = rows[u < world.terms.release_probability]
    world.contract.review(world, day, lift(world, day, rows, Stop.ARREARS, Activity.USE_RELEASED))


@implements("NP-30.3")
def charge_admin_fees(world: World, day: int, rows: Ints) -> None:
    """Charge the late administration fee on its days; it goes on the next bill (C-74)."""
    late = world.atone.late
    if world.calendar.day_of_month[day] not in late.admin_fee_days:
        return
    members = world.members
    rows = _in_arrears(world, rows)
    rows = rows[world.persons.died_day[rows] < 0]
    is_collected = ~(members.is_placed[rows] | members.is_written_off[rows])
    is_collected &= ~(
        world.arrangements.stops_contacts(rows) | world.proceedings.has_enforceable_title(rows)
    )
    collected = rows[is_collected]  # by the lender itself
    uses = late.admin_fee_trigger == "use_continues"  # C-24
    is_offered = members.status[rows] == Status.ACTIVE if uses else is_collected
    since = _bills_overdue_since(world, rows)
    arises = late_admin_fee_due(since, is_offered, world.calendar.month_of, day)
    rows = rows[arises & (late.admin_fee_yen > 0)]
    if world.plans.size:
        dues = all_unpaid(world, collected, IS_OVERDUE)
        first = world.calendar.month_first[world.calendar.month_of[day]]
        charge_late_instalments(world, day, dues[world.dues.due_day[dues] < first], rows)
    members.claimed_admin_yen[rows] += late.admin_fee_yen
    net, tax = world.derived.late_admin_fee
    world.ledger.post(Posting.LATE_ADMIN_FEE, day, rows, np.full(rows.size, net))
    world.ledger.post(Posting.LATE_ADMIN_FEE_TAX, day, rows, np.full(rows.size, tax))
    world.log.add(
        Activity.LATE_ADMIN_FEE_CHARGED,
        day * MINUTES_PER_DAY + END_OF_DAY,
        rows,
        yen=np.full(rows.size, late.admin_fee_yen),
    )


def _in_arrears(world: World, rows: Ints) -> Ints:
    """Give those of the members at hand who are in arrears."""
    is_late = world.members.overdue_since[as_slice(rows)] >= 0
    return np.asarray(rows[is_late.nonzero()[0]])  # NOTE: of many rows faster than by the mask


def _bills_overdue_since(world: World, rows: Ints) -> Ints:
    """Give the due day of the oldest overdue bill of atone, -1 where there is none, shape (n,)."""
    if not world.sells_orders:
        return np.asarray(world.members.overdue_since[rows])
    table = world.dues
    dues = all_unpaid(world, rows, IS_OVERDUE)
    bills = dues[~is_order(world, table.product[dues])]
    since = np.full(rows.size, NEVER, dtype=np.int64)
    place = place_in(rows, table.member[bills])
    np.minimum.at(since, place, table.due_day[bills].astype(np.int64))
    since[since == NEVER] = -1
    return since


@implements("NP-30.1")
def accrue_month(world: World, day: int, rows: Ints) -> None:
    """Post late damages at the end of a month, so that the month bears what it earned."""
    if world.calendar.day_of_month[day + 1] != 1:
        return
    members, rows = world.members, _in_arrears(world, rows)
    rows = rows[~members.is_written_off[rows]]
    if rows.size:
        accrue(world, day, all_unpaid(world, rows, IS_OVERDUE))
