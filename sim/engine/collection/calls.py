"""Calls: who is called, what a session brought, promises kept and broken."""

import numpy as np

from models.arrays import Floats, Ints
from models.clauses import implements
from models.codes import one_of
from models.policy.collections import call_priority
from sim.engine.agenda import Task
from sim.engine.cases.course import open_call_cases
from sim.engine.collection.arrears import counts_on
from sim.engine.collection.contact import pay_on, respond
from sim.engine.collection.contact_costs import bear_contact_cost
from sim.engine.dues.settlement import claim_of_members
from sim.engine.state.portfolio import CallResult
from sim.engine.state.world import END_OF_DAY, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.tallies import Stages
from sim.rng import OCCURRENCES_PER_KEY, Stream, repeated

ACTIVITY_OF = {
    CallResult.NO_CONTACT: Activity.CALL_NO_CONTACT,
    CallResult.REACHED: Activity.CALL_REACHED,
    CallResult.PROMISED: Activity.PROMISE_MADE,
    CallResult.CALLBACK: Activity.CALLBACK_ASKED,
    CallResult.WRONG_NUMBER: Activity.WRONG_NUMBER,
}
"""What is logged by result of a session."""
NUMBER_OF_ACTIVITY = np.array([ACTIVITY_OF[result].number for result in CallResult])
IS_ANSWER = one_of(CallResult.REACHED, CallResult.PROMISED)


@implements("COLL-02", "ART-10")
def call(world: World, rows: Ints) -> None:
    """Have members called; who is called first follows the strategy by which each is dealt with.

    Whose number has turned out wrong is not called any more.
    """
    members, desk = world.members, world.config.collections.call_desk
    rows = rows[~members.is_wrong_number_known[rows]]
    if desk.wrong_number and rows.size:
        u = world.uniforms(Stream.DEBT_COLLECTION, rows, 0)[1]
        members.is_number_wrong[rows] = u < desk.wrong_number
    if rows.size:
        open_call_cases(world, rows, _priorities(world, rows))


def _priorities(world: World, rows: Ints) -> Ints:
    """Give the priorities of calls by the rule of each member's strategy, shape (n,)."""
    members = world.members
    priority = np.zeros(rows.size, dtype=np.int64)
    if not world.derived.has_call_priority:
        return priority
    claim = claim_of_members(world, rows)
    bills, late = members.bills[rows], members.bills_late[rows]
    for number, ladder in enumerate(world.derived.ladders):
        chosen = members.strategy[rows] == number
        priority[chosen] = call_priority(
            ladder.call_priority, claim[chosen], bills[chosen], late[chosen]
        )
    return priority


@implements("COLL-02")
def take_calls(world: World, day: int, rows: Ints) -> None:
    """Post the calls of a day: their cost, and what members promised or took to heart."""
    members, desk = world.members, world.config.collections.call_desk
    result = members.call_result[rows]
    world.log.add(
        NUMBER_OF_ACTIVITY[result],
        day * MINUTES_PER_DAY + END_OF_DAY,
        rows,
        cost_yen=desk.cost_yen,
        resource="calls",
    )
    bear_contact_cost(world, day, rows, Stages.CALLS, desk.cost_yen)
    members.is_wrong_number_known[rows[result == CallResult.WRONG_NUMBER]] = True
    answers = IS_ANSWER[result] & (members.overdue_since[rows] >= 0)
    rows, promised = rows[answers], (result == CallResult.PROMISED)[answers]
    if not rows.size:
        return
    key = repeated(members.spell_start[rows], members.call_session[rows] - 1)
    # The last lane of a session is of promises only; drawn with the other it costs less.
    (u_day, *_), (*_, u_kept) = world.blocks(
        ((Stream.PROMISE, key), (Stream.CALL, key)), rows
    ).swapaxes(0, 1)
    told = rows[~promised]
    if told.size:
        share = desk.without_promise.by_reason()[members.spell_reason[told]]
        respond(world, day, told, share, u_day[~promised])
    if told.size < rows.size:
        _promise(world, day, rows[promised], u_kept[promised], u_day[promised])


def _promise(world: World, day: int, rows: Ints, u_kept: Floats, u_day: Floats) -> None:
    """Plan the payments of kept promises and the day on which a broken one shows."""
    members, desk = world.members, world.config.collections.call_desk
    members.promise_day[rows] = counts_on(world, rows, day + desk.promise_days)
    world.agenda.schedule(Task.PROMISE_ENDS, members.promise_day[rows], rows)
    is_kept = u_kept < desk.kept.by_reason()[members.spell_reason[rows]]
    days = day + 1 + np.floor(u_day * (desk.promise_days - 1)).astype(np.int64)
    pay_on(world, rows[is_kept], counts_on(world, rows, days)[is_kept])


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
    call(world, rows[again & ~members.is_written_off[rows]])
