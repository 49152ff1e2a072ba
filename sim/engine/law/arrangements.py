"""Arrangements: an intermediary's notice or a petition stops collection; a plan may follow.

From the notice on nobody contacts the member and the court's steps pause (ART-14). The claim is
called in whole and paid by a plan (COLL-09), or ends before the bankruptcy court (COLL-10). All
lenders whom the member owes hear of it the same day.
"""

import numpy as np

from models.arrays import Floats, Ints
from models.clauses import implements
from models.codes import one_of
from models.kernels.groups import as_slice
from models.policy.law.insolvency import Petition, petitions, rehabilitation_payments
from models.policy.law.proceedings import IN_COURT, Stage
from models.policy.law.settlement import (
    Pressure,
    is_plan_cancelled,
    misses_payment,
    plan_payments,
    retains_intermediary,
)
from models.products.au_pay.arrears import Ground
from models.products.catalogue import Lender
from sim.engine.agenda import NEVER, Task
from sim.engine.au_pay.acceleration import learn_of
from sim.engine.cases.course import put_aside
from sim.engine.collection.arrears import natural_payment_day
from sim.engine.collection.dunning import dun_again
from sim.engine.collection.write_off import extinguish, give_up
from sim.engine.dues.acceleration import accelerate
from sim.engine.dues.payments import collect_arrears
from sim.engine.dues.settlement import accrue, accrued_claims, claim_of_members, restart_accrual
from sim.engine.law.courts import sue
from sim.engine.law.execution import execute
from sim.engine.members.leaving import owes
from sim.engine.members.membership import stop
from sim.engine.state.due_index import IS_OVERDUE
from sim.engine.state.legal_portfolio import Arrangement
from sim.engine.state.portfolio import Stop
from sim.engine.state.unpaid import all_unpaid
from sim.engine.state.world import CONTACT_MINUTE, END_OF_DAY, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.rng import Stream

NOON = MINUTES_PER_DAY // 2
"""Other lenders hear of it in the course of the day, after the letters of the morning."""
ACTIVITY_OF = {
    Arrangement.SETTLEMENT: Activity.INTERMEDIARY_RETAINED,
    Arrangement.BANKRUPTCY: Activity.BANKRUPTCY_FILED,
    Arrangement.REHABILITATION: Activity.REHABILITATION_FILED,
}
OVERTAKES = {
    Arrangement.SETTLEMENT: (Arrangement.NONE,),
    Arrangement.REHABILITATION: (Arrangement.NONE, Arrangement.SETTLEMENT),
    Arrangement.BANKRUPTCY: (
        Arrangement.NONE,
        Arrangement.SETTLEMENT,
        Arrangement.REHABILITATION,
    ),
}
"""What a member may have when a notice or petition of a kind comes, for it to take its place.

The court binds all creditors: a plan out of court ends with any petition, and one of rehabilitation
with the bankruptcy of who cannot fulfil it.
"""
GIVES_WAY = {kind: one_of(*present) for kind, present in OVERTAKES.items()}
"""The same as a table by `Arrangement`."""
IS_IN_COURT = one_of(*IN_COURT)
"""Whether a claim is before the court, by `Stage`."""


def plan_troubles(world: World, day: int, rows: Ints) -> None:
    """Draw on the first of a month who will retain an intermediary or petition, and when."""
    if world.calendar.day_of_month[day] != 1 or world.script is not None:
        return
    law, members, calendar = world.config.collections.law, world.members, world.calendar
    if not (law.settlement.enabled or law.insolvency.enabled):
        return
    month = int(calendar.month_of[day])
    at_hand = as_slice(rows)
    rows = rows[(members.overdue_since[at_hand] >= 0) | (members.unsettled_yen[at_hand] > 0)]
    rows = rows[~world.arrangements.stops_contacts(rows) & (world.persons.died_day[rows] < 0)]
    if law.settlement.enabled:
        late = rows[members.overdue_since[rows] >= 0]
        u = _draws(world, day, late, Stream.ARRANGEMENT)
        retains = retains_intermediary(law.settlement, _pressure(world, late), u[0])
        days = calendar.even_day(month, u[1][retains]) + law.settlement.stop_lag_days
        world.agenda.schedule(Task.RETAIN, days, late[retains])
    if law.insolvency.enabled and rows.size:
        u = _draws(world, day, rows, Stream.INSOLVENCY)
        files = petitions(law.insolvency, _days_past_due(world, day, rows), u[0]) != Petition.NONE
        world.agenda.schedule(Task.PETITION, calendar.even_day(month, u[1][files]), rows[files])


def _draws(world: World, day: int, rows: Ints, stream: Stream) -> Floats:
    """Draw for persons in a month, whoever the lender is, shape (4, n)."""
    month = int(world.calendar.month_of[day])
    return world.economy.uniforms(stream, rows, month, Lender.NP)


def _days_past_due(world: World, day: int, rows: Ints) -> Ints:
    """Give the days past due of members' oldest unpaid bills at any lender, 0 for none."""
    late = np.zeros(rows.size, dtype=np.int64)
    for one in (world, *world.others):
        since = one.members.overdue_since[rows].astype(np.int64)
        late = np.maximum(late, np.where(since >= 0, day - since, 0))
    return late


@implements("ART-15", "COLL-09")
def _pressure(world: World, rows: Ints) -> Ints:
    """Tell how far collection from members has come, shape (n,)."""
    members, stage = world.members, world.proceedings.stage[rows]
    pressure = np.where(members.ladder_step[rows] > 0, Pressure.DUNNING, Pressure.OVERDUE)
    pressure = np.where(members.is_placed[rows], Pressure.LAW_FIRM, pressure)
    pressure = np.where(IS_IN_COURT[stage], Pressure.LAWSUIT, pressure)
    pressure = np.where(stage == Stage.GARNISHMENT, Pressure.GARNISHMENT, pressure)
    return pressure.astype(np.int64)


@implements("ART-14", "ART-16", "COLL-09")
def retain(world: World, day: int, rows: Ints) -> None:
    """Let members still in arrears retain an intermediary, who writes to whom they owe."""
    rows = rows[world.members.overdue_since[rows] >= 0]
    rows = note(world, day, rows, Arrangement.SETTLEMENT)
    if world.config.collections.law.settlement.include_all_lenders:
        for other in world.others:
            note(other, day, rows, Arrangement.SETTLEMENT, NOON)


@implements("COLL-10")
def file_petitions(world: World, day: int, rows: Ints) -> None:
    """Let members petition for bankruptcy or rehabilitation before one court for all creditors.

    Who has an arrangement at the lender at which this was drawn goes on with it; a petition drawn
    at another lender overtakes it.
    """
    month_first = int(world.calendar.month_first[world.calendar.month_of[day]])
    u = _draws(world, day, rows, Stream.INSOLVENCY)
    late = _days_past_due(world, month_first, rows)
    kind = petitions(world.config.collections.law.insolvency, late, u[0])
    for petition, arrangement in (
        (Petition.BANKRUPTCY, Arrangement.BANKRUPTCY),
        (Petition.REHABILITATION, Arrangement.REHABILITATION),
    ):
        rows_of = rows[kind == petition]
        is_free = world.arrangements.kind[rows_of] == Arrangement.NONE
        filed = note(world, day, rows_of[is_free], arrangement)
        for other in world.others:
            note(other, day, filed, arrangement, NOON)


@implements("ART-14", "COLL-09", "COLL-10", "NP-7.1", "AU-39.2(4)", "AU-39.2(6)")
def note(world: World, day: int, rows: Ints, kind: Arrangement, minute: int = 0) -> Ints:
    """Take note of a notice or petition: contacts and court steps stop, the claim is called in.

    Parameters
    ----------
    world
        Lender.
    day
        Morning of the notice.
    rows
        Member rows, unique; who owes nothing here, or has an arrangement that goes before this
        one, is left out.
    kind
        What it is.
    minute
        Minute of the day at which the lender hears of it.

    Returns
    -------
    Ints
        The rows that it concerns.
    """
    members, arrangements = world.members, world.arrangements
    if rows.size:
        alive = world.persons.died_day[rows] < 0
        rows = rows[alive & GIVES_WAY[kind][arrangements.kind[rows]]]
        rows = rows[owes(world, rows)]
    if not rows.size:
        return rows
    arrangements.drop(rows)
    world.log.add(ACTIVITY_OF[kind], day * MINUTES_PER_DAY + minute, rows)
    _call_in(world, day, rows, kind)
    arrangements.begin(rows, kind)
    put_aside(world, rows)
    world.proceedings.abandon(rows)
    members.promise_day[rows] = -1
    members.ladder_day[rows] = -1
    members.spell_pays_on[rows] = NEVER
    law = world.config.collections.law
    if kind != Arrangement.SETTLEMENT:
        _freeze(world, day, rows)
    after = {
        Arrangement.SETTLEMENT: law.settlement.plan_after_days,
        Arrangement.BANKRUPTCY: law.insolvency.discharge_after_days,
        Arrangement.REHABILITATION: law.insolvency.plan_after_days,
    }[kind]
    arrangements.begins_day[rows] = day + after
    world.agenda.schedule(Task.ARRANGE, day + after, rows)
    return rows


def _call_in(world: World, day: int, rows: Ints, kind: Arrangement) -> None:
    """Call in all debts (C-42) and stop use, each lender by its own terms."""
    if world.lender == Lender.AU:
        is_settlement = kind == Arrangement.SETTLEMENT
        learn_of(world, day, rows, Ground.DEBT_SETTLEMENT if is_settlement else Ground.INSOLVENCY)
    else:
        stop(world, day, rows, Stop.CREDIT, Activity.MEMBER_SUSPENDED)
        accelerate(world, day, rows)


def _freeze(world: World, day: int, rows: Ints) -> None:
    """Let claims bear no late damages from today on."""
    accrue(world, day - 1, all_unpaid(world, rows, IS_OVERDUE))
    world.arrangements.freeze(rows)


@implements("COLL-09", "COLL-10")
def arrange(world: World, day: int, rows: Ints) -> None:
    """Begin plans, discharge bankrupts, and go on collecting where a plan has failed."""
    arrangements = world.arrangements
    rows = rows[world.persons.died_day[rows] < 0]
    law, kind = world.config.collections.law, arrangements.kind[rows]
    failed = is_plan_cancelled(law.settlement, arrangements.n_missed[rows])
    failed &= kind == Arrangement.SETTLEMENT
    # What was planned for an earlier arrangement, paid off since, is not about this one.
    begins = ~failed & (arrangements.begins_day[rows] == day)
    owing = world.members.overdue_since[rows] >= 0
    arrangements.clear(rows[begins & ~owing])
    begins, failed = begins & owing, failed & owing
    _resume(world, day, rows[failed])
    _settle(world, day, rows[begins & (kind == Arrangement.SETTLEMENT)])
    extinguish(world, day, rows[begins & (kind == Arrangement.BANKRUPTCY)], Activity.DISCHARGED)
    _rehabilitate(world, day, rows[begins & (kind == Arrangement.REHABILITATION)])


@implements("COLL-09", "ART-14")
def _settle(world: World, day: int, rows: Ints) -> None:
    """Agree on plans over the claims of the day."""
    terms, arrangements = world.config.collections.law.settlement, world.arrangements
    if not rows.size:
        return
    claim = accrued_claims(world, day - 1, rows)
    if terms.waive_future_damages:
        arrangements.freeze(rows)
    world.proceedings.acknowledged_day[rows] = day  # a plan acknowledges the claim (COLL-13)
    plan = plan_payments(claim, terms.n_payments)
    _begin_plan(world, day, rows, plan.first_yen, plan.other_yen, claim)


@implements("COLL-10", "COLL-11")
def _rehabilitate(world: World, day: int, rows: Ints) -> None:
    """Begin rehabilitation plans: the claim is given up, what the plan brings is a recovery."""
    if not rows.size:
        return
    claim = claim_of_members(world, rows)
    give_up(world, day, rows[~world.members.is_written_off[rows]])
    plan = rehabilitation_payments(world.config.collections.law.insolvency, claim)
    _begin_plan(world, day, rows, plan.first_yen, plan.other_yen, claim)


def _begin_plan(world: World, day: int, rows: Ints, first: Ints, other: Ints, claim: Ints) -> None:
    """Write down plans and plan their first payment, on the next payday."""
    arrangements = world.arrangements
    arrangements.first_yen[rows] = first
    arrangements.other_yen[rows] = other
    world.log.add(Activity.PLAN_AGREED, day * MINUTES_PER_DAY + CONTACT_MINUTE, rows, yen=claim)
    _await_payment(world, day, rows)


def _await_payment(world: World, day: int, rows: Ints) -> None:
    """Plan the next payment of members, on their next payday after today."""
    days = world.next_payday(rows, np.full(rows.size, day + 1))
    world.arrangements.next_day[rows] = days
    world.agenda.schedule(Task.PLAN_PAYMENT, days, rows)


@implements("COLL-09", "COLL-10", "COLL-12")
def pay_plans(world: World, day: int, rows: Ints) -> None:
    """Take the payments of plans; a plan fails with too many missed ones."""
    arrangements, members = world.arrangements, world.members
    is_due = (arrangements.next_day[rows] == day) & (members.overdue_since[rows] >= 0)
    rows = rows[is_due & (world.persons.died_day[rows] < 0)]
    if not rows.size:
        return
    terms = world.config.collections.law.settlement
    u = world.uniforms(Stream.PLAN, rows, day)[0]
    misses = misses_payment(terms, members.spell_reason[rows], u)
    # The remainder is in the first payment made: a missed one is made up for after the others.
    first = arrangements.n_due[rows] == arrangements.n_missed[rows]
    amount = np.where(first, arrangements.first_yen[rows], arrangements.other_yen[rows])
    arrangements.n_due[rows] += 1
    arrangements.n_missed[rows[misses]] += 1
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    world.log.add(Activity.PLAN_MISSED, minute, rows[misses], yen=amount[misses])
    payers, cash = rows[~misses], amount[~misses].astype(np.int64)
    cash = np.minimum(cash, accrued_claims(world, day, payers))
    world.log.add(Activity.PLAN_PAID, minute, payers, yen=cash)
    collect_arrears(world, day, payers[cash > 0], cash[cash > 0])
    world.log.add(Activity.PLAN_COMPLETED, minute, payers[members.overdue_since[payers] < 0])
    _go_on(world, day, rows[members.overdue_since[rows] >= 0])


def _go_on(world: World, day: int, rows: Ints) -> None:
    """Plan the next payments; end plans of rehabilitation that are fulfilled, note failed ones."""
    law, arrangements = world.config.collections.law, world.arrangements
    settles = arrangements.kind[rows] == Arrangement.SETTLEMENT
    failed = settles & is_plan_cancelled(law.settlement, arrangements.n_missed[rows])
    world.agenda.schedule(Task.ARRANGE, day + 1, rows[failed])
    paid = arrangements.n_due[rows] - arrangements.n_missed[rows]
    done = ~settles & (paid >= law.insolvency.n_payments)
    extinguish(world, day, rows[done], Activity.DISCHARGED)
    _await_payment(world, day, rows[~failed & ~done])


@implements("COLL-09", "COLL-05", "COLL-02")
def _resume(world: World, day: int, rows: Ints) -> None:
    """Go on collecting where a plan has failed: from the title, from the court, or by dunning."""
    if not rows.size:
        return
    world.log.add(Activity.PLAN_CANCELLED, day * MINUTES_PER_DAY + CONTACT_MINUTE, rows)
    late = all_unpaid(world, rows, IS_OVERDUE)
    restart_accrual(world, day - 1, late)  # while frozen still: the days of the plan bear nothing
    world.arrangements.clear(rows)
    days = np.maximum(natural_payment_day(world, rows), day)
    world.members.spell_pays_on[rows] = days
    world.agenda.schedule(Task.PAY_ARREARS, days, rows)
    has_title = world.proceedings.title_day[rows] >= 0
    sue(world, day, rows[~has_title])
    execute(world, day, rows[has_title])
    # Whom nobody takes to court is dunned on: by the ladder, by calls, by the law firm.
    is_left = ~world.proceedings.is_begun(rows)
    dun_again(world, day, rows[is_left & (world.members.overdue_since[rows] >= 0)])
