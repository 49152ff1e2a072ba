"""Dunning: the ladder from the first message to the law firm and the write-off.

Court, garnishment, debt settlement and insolvency (COLL-05 to COLL-10) will follow the hand-over
here, each as a step of the ladder with its case.
"""

import numpy as np

from models.arrays import Floats, Ints
from models.clauses import implements
from models.policy.collections import CALL, HAND_OVER, may_be_written_off, stay_after_contact
from sim.engine.acceleration import accelerate
from sim.engine.agenda import Task
from sim.engine.arrears import natural_payment_day, reflection_of_arrears
from sim.engine.cases import open_agency_cases, open_call_cases, withdraw_case
from sim.engine.exposure import change_unsettled
from sim.engine.particulars import reach_of
from sim.engine.payments import collect_arrears
from sim.engine.settlement import accrue, claims_of, place_in, restart_accrual
from sim.engine.unpaid import unpaid_dues
from sim.engine.world import CONTACT_MINUTE, END_OF_DAY, MINUTES_PER_DAY, World
from sim.eventlog import Activity
from sim.portfolio import CallResult, DueStatus, Status, Stop
from sim.postings import Posting
from sim.rng import OCCURRENCES_PER_KEY, Stream, repeated


@implements("COLL-02", "ART-10")
def dun(world: World, day: int, rows: Ints) -> None:
    """Take members in arrears one step up the ladder and plan their next one."""
    members = world.members
    rows = rows[(members.ladder_day[rows] == day) & (members.overdue_since[rows] >= 0)]
    rows = rows[world.persons.died_day[rows] < 0]  # contacts stop with death (NP-11.2)
    rows = _undisputed(world, day, rows[~members.is_placed[rows]])
    if not rows.size:
        return
    step_of = members.ladder_step[rows]
    for step in np.unique(step_of).tolist():
        climbing = rows[step_of == step]
        _plan_next_step(world, day, climbing, step + 1)
        action = world.config.collections.ladder[step].action
        if action == CALL:
            open_call_cases(world, climbing)
        elif action == HAND_OVER:
            _hand_over(world, day, climbing)
        else:
            _write_to(world, day, climbing, step, action)


@implements("NP-31.2")
def _undisputed(world: World, day: int, rows: Ints) -> Ints:
    """Give the members to dun; those with an open inquiry wait for its end, if the lender waits."""
    members = world.members
    waits = members.disputed_until[rows] >= day
    if not world.config.policy.inquiries.pauses_dunning or not waits.any():
        return rows
    paused = rows[waits]
    members.ladder_day[paused] = members.disputed_until[paused] + 1
    world.agenda.schedule(Task.DUN, members.ladder_day[paused], paused)
    return rows[~waits]


def _plan_next_step(world: World, day: int, rows: Ints, step: int) -> None:
    """Plan the next step by the due date of the oldest unpaid bill."""
    members, ladder = world.members, world.derived.ladder_days
    members.ladder_step[rows] = step
    if step == ladder.size:
        members.ladder_day[rows] = -1
        return
    next_day = np.maximum(members.overdue_since[rows] + ladder[step], day + 1)
    members.ladder_day[rows] = next_day
    world.agenda.schedule(Task.DUN, next_day, rows)


def _write_to(world: World, day: int, rows: Ints, step: int, channel: str) -> None:
    """Send a message or letter; whom it reaches may pay earlier."""
    members = world.members
    terms = world.config.collections.channels[channel]
    world.log.add(
        Activity.CONTACT_SENT,
        day * MINUTES_PER_DAY + CONTACT_MINUTE,
        rows,
        cost_yen=terms.cost_yen,
        resource=channel,
    )
    world.ledger.post(Posting.CONTACT_COST, day, rows, np.full(rows.size, terms.cost_yen))
    u = world.uniforms(Stream.CONTACT, rows, repeated(members.spell_start[rows], step))
    is_reached = u[0] < reach_of(world, rows, terms.reach, is_postal=terms.is_postal)
    lag = 0 if terms.is_postal else world.config.products.np_membership.particulars.email_lag_days
    respond(world, day + lag, rows[is_reached], world.derived.responses[step], u[1][is_reached])


def respond(world: World, day: int, rows: Ints, response: Floats, u: Floats) -> None:
    """Let a contact move payments of arrears forward, never back."""
    members = world.members
    if not rows.size:
        return
    members.spell_stay[rows] = stay_after_contact(
        members.spell_stay[rows], response, members.spell_reason[rows], np.ones(rows.size, bool)
    )
    lag = reflection_of_arrears(world, rows)
    planned = natural_payment_day(world, rows)
    within = world.config.collections.days_to_respond
    soon = day + 1 + np.floor(u * within).astype(np.int64) + lag
    # Whose curve has fallen below the threshold by now pays because of this contact.
    _pay_on(world, rows, np.where(planned - lag <= day, soon, planned))


def _pay_on(world: World, rows: Ints, days: Ints) -> None:
    """Move payments of arrears forward to days that are earlier than planned."""
    members = world.members
    earlier = days < members.spell_pays_on[rows]
    rows, days = rows[earlier], days[earlier]
    members.spell_pays_on[rows] = days
    world.agenda.schedule(Task.PAY_ARREARS, days, rows)


@implements("COLL-02")
def take_calls(world: World, day: int, rows: Ints) -> None:
    """Post the calls of a day: their cost, and what members promised or took to heart."""
    members, desk = world.members, world.config.collections.call_desk
    result = members.call_result[rows]
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    for kind, activity in (
        (CallResult.NO_CONTACT, Activity.CALL_NO_CONTACT),
        (CallResult.REACHED, Activity.CALL_REACHED),
        (CallResult.PROMISED, Activity.PROMISE_MADE),
    ):
        world.log.add(
            activity, minute, rows[result == kind], cost_yen=desk.cost_yen, resource="calls"
        )
    world.ledger.post(Posting.CONTACT_COST, day, rows, np.full(rows.size, desk.cost_yen))
    rows = rows[(members.overdue_since[rows] >= 0) & (members.call_result[rows] > 0)]
    if not rows.size:
        return
    key = repeated(members.spell_start[rows], members.call_session[rows] - 1)
    kept = world.uniforms(Stream.CALL, rows, key)[3]
    u = world.uniforms(Stream.PROMISE, rows, key)[0]
    promised = members.call_result[rows] == CallResult.PROMISED
    respond(world, day, rows[~promised], desk.without_promise.by_reason(), u[~promised])
    _promise(world, day, rows[promised], kept[promised], u[promised])


def _promise(world: World, day: int, rows: Ints, u_kept: Floats, u_day: Floats) -> None:
    """Plan the payments of kept promises and the day on which a broken one shows."""
    members, desk = world.members, world.config.collections.call_desk
    lag = reflection_of_arrears(world, rows)
    members.promise_day[rows] = day + desk.promise_days + lag
    world.agenda.schedule(Task.PROMISE_ENDS, members.promise_day[rows], rows)
    is_kept = u_kept < desk.kept.by_reason()[members.spell_reason[rows]]
    days = day + 1 + np.floor(u_day * (desk.promise_days - 1)).astype(np.int64)
    _pay_on(world, rows[is_kept], (days + lag)[is_kept])


@implements("COLL-02")
def end_promises(world: World, day: int, rows: Ints) -> None:
    """Log broken promises and call those members again."""
    members = world.members
    rows = rows[(members.promise_day[rows] == day) & (members.overdue_since[rows] >= 0)]
    members.promise_day[rows] = -1
    world.log.add(Activity.PROMISE_BROKEN, day * MINUTES_PER_DAY, rows)
    desk = world.config.collections.call_desk
    limit = min(3 * desk.sessions, OCCURRENCES_PER_KEY - desk.sessions)
    again = (members.call_session[rows] < limit) & ~members.is_placed[rows]
    open_call_cases(world, rows[again & ~members.is_written_off[rows]])


@implements("COLL-04", "ART-11")
def _hand_over(world: World, day: int, rows: Ints) -> None:
    """Hand most cases to the law firm; the lender stops dunning them itself."""
    members = world.members
    u = world.uniforms(Stream.HAND_OVER, rows, members.spell_start[rows])[0]
    goes = u < world.config.collections.law_firm.probability
    minute = day * MINUTES_PER_DAY + CONTACT_MINUTE
    world.log.add(Activity.KEPT_IN_HOUSE, minute, rows[~goes])
    rows = rows[goes]
    world.log.add(Activity.HANDED_OVER, minute, rows, resource="law_firm")
    for row in rows.tolist():
        withdraw_case(world, row)
    members.is_placed[rows] = True
    members.ladder_day[rows] = -1
    if world.atone.accelerate_on_arrears == "at_lawfirm":  # C-15
        accelerate(world, day, rows)
    open_agency_cases(world, rows)


@implements("COLL-04")
def take_agency_work(world: World, day: int, rows: Ints) -> None:
    """Post the law firm's rounds of a day; some bring the claim or a part of it."""
    members, firm = world.members, world.config.collections.law_firm
    rows = rows[(members.overdue_since[rows] >= 0) & (world.persons.died_day[rows] < 0)]
    if not rows.size:
        return
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    world.log.add(Activity.AGENCY_ROUND, minute, rows, resource="law_firm")
    key = repeated(members.spell_start[rows], members.agency_round[rows])
    u = world.uniforms(Stream.AGENCY, rows, key)
    pays = u[1] < firm.pays.by_reason()[members.spell_reason[rows]]
    rows, whole = rows[pays], u[2][pays] < firm.whole_share
    if not rows.size:
        return
    accrue(world, day, unpaid_dues(world, rows))
    claim = claim_of_members(world, rows)
    cash = np.where(whole, claim, claim * firm.part.numerator // firm.part.denominator)
    world.log.add(Activity.AGENCY_COLLECTED, minute, rows, yen=cash, resource="law_firm")
    collect_arrears(world, day, rows, cash)


def claim_of_members(world: World, rows: Ints) -> Ints:
    """Give what is overdue or written off of members, yen, shape (n,)."""
    dues = unpaid_dues(world, rows)
    dues = dues[world.dues.status[dues] != DueStatus.OPEN]
    claim = np.zeros(rows.size, dtype=np.int64)
    place = place_in(rows, world.dues.member[dues])
    np.add.at(claim, place, claims_of(world, dues).sum(axis=1))
    return claim


@implements("COLL-11")
def write_off(world: World, day: int, rows: Ints) -> None:
    """Give up old and quiet arrears in the books; look again later at those not quiet."""
    members, terms = world.members, world.config.collections.write_off
    table = world.dues
    late = unpaid_dues(world, rows[members.overdue_since[rows] >= 0])
    late = late[table.status[late] == DueStatus.OVERDUE]
    if not late.size:
        return
    rows, oldest = np.unique(table.member[late], return_index=True)
    since = table.due_day[late[oldest]]
    overdue, quiet = day - since, day - np.maximum(members.last_paid_day[rows], since)
    ripe = may_be_written_off(terms, overdue, quiet)
    again = np.maximum(terms.day - overdue[~ripe], terms.quiet_days - quiet[~ripe])
    world.agenda.schedule(Task.WRITE_OFF, day + np.maximum(again, 1), rows[~ripe])
    give_up(world, day, rows[ripe].astype(np.int64))


def give_up(world: World, day: int, rows: Ints) -> None:
    """Write off what is overdue and what waits for a bill that will never be made."""
    table, members = world.dues, world.members
    if not rows.size:
        return
    dues = unpaid_dues(world, rows)  # also a bill that is not due yet: the claim is given up whole
    dues = dues[table.status[dues] != DueStatus.WRITTEN_OFF]
    world.contract.call_in(world, day, dues)
    accrue(world, day, dues)
    owners, month = table.member[dues], table.month[dues]
    damages = table.damages_yen[dues] + table.late_damages_yen[dues]
    for posting, yen in (
        (Posting.PRINCIPAL_WRITTEN_OFF, table.price_yen[dues]),
        (Posting.FEE_WRITTEN_OFF, table.fee_yen[dues]),
        (Posting.LATE_DAMAGES_WRITTEN_OFF, damages),
        (Posting.LATE_ADMIN_FEE_WRITTEN_OFF, table.admin_yen[dues]),
        (Posting.COST_WRITTEN_OFF, table.cost_yen[dues]),
    ):
        world.ledger.post(posting, day, owners, yen.astype(np.int64), month, table.product[dues])
    table.status[dues] = DueStatus.WRITTEN_OFF
    restart_accrual(world, day, dues)  # nothing accrues on the books any more
    change_unsettled(world, owners, table.product[dues], -table.price_yen[dues])
    members.is_written_off[rows] = True
    members.stops[rows] |= int(Stop.ARREARS)
    is_active = rows[members.status[rows] == Status.ACTIVE]
    members.status[is_active] = Status.SUSPENDED
    for posting, column in (
        (Posting.LATE_DAMAGES_WRITTEN_OFF, members.claimed_damages_yen),
        (Posting.LATE_ADMIN_FEE_WRITTEN_OFF, members.claimed_admin_yen),
        (Posting.COST_WRITTEN_OFF, members.claimed_cost_yen),
        (Posting.FEE_WRITTEN_OFF, members.claimed_fee_yen),
    ):
        world.ledger.post(posting, day, rows, column[rows].astype(np.int64))
        column[rows] = 0
    lost = np.zeros(rows.size, dtype=np.int64)
    np.add.at(lost, place_in(rows, owners), table.price_yen[dues])
    world.log.add(Activity.WRITTEN_OFF, day * MINUTES_PER_DAY + CONTACT_MINUTE, rows, yen=lost)
