"""Dunning: the ladder, step by step, from the first message to the court.

Which steps there are, for whom and when, is configuration. What a step does is a channel's letter
or message, a call (`sim.engine.collection.calls`), the law firm
(`sim.engine.collection.law_firm`) or the court (`sim.engine.law.courts`).
"""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.policy.collections import Condition, meets
from sim.engine.agenda import Task
from sim.engine.cases.course import take_up_again
from sim.engine.collection.calls import call
from sim.engine.collection.contact import may_contact, respond
from sim.engine.collection.contact_costs import bear_contact_cost
from sim.engine.collection.law_firm import hand_over
from sim.engine.dues.settlement import claim_of_members
from sim.engine.law.courts import sue
from sim.engine.members.particulars import reach_of
from sim.engine.state.ladders import BY_CALL, BY_HAND_OVER, BY_SUIT, MOST_STEPS
from sim.engine.state.world import CONTACT_MINUTE, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.rng import Stream, repeated


@implements("COLL-02", "ART-10")
def dun(world: World, day: int, rows: Ints) -> None:
    """Take members in arrears one step up their ladder and plan their next one."""
    members = world.members
    is_due = (members.ladder_day[rows] == day) & (members.overdue_since[rows] >= 0)
    # Contacts stop with death (NP-11.2) and when somebody is retained (ART-14).
    is_due &= (world.persons.died_day[rows] < 0) & ~world.arrangements.stops_contacts(rows)
    rows = _undisputed(world, day, rows[is_due])
    if not rows.size:
        return
    rung = _rung_of(world, rows)
    _climb_to(world, day, rows, rung + 1)
    action = world.derived.rungs.action[rung]
    is_on = _is_for(world, rows, rung, action)
    rows, rung, action = rows[is_on], rung[is_on], action[is_on]
    if not rows.size:
        return
    hand_over(world, day, rows[action == BY_HAND_OVER])
    sue(world, day, rows[action == BY_SUIT])
    is_contact = action >= BY_CALL
    _contact(world, day, rows[is_contact], rung[is_contact])


@implements("COLL-02", "COLL-09")
def dun_again(world: World, day: int, rows: Ints) -> None:
    """Let members climb on from tomorrow, from the step at which contacts had to stop.

    Steps whose day has passed meanwhile follow day by day, as after an inquiry. Calls and rounds
    of the law firm go on with the attempt that was next.
    """
    take_up_again(world, rows)
    _climb_to(world, day, rows, _rung_of(world, rows))


def _rung_of(world: World, rows: Ints) -> Ints:
    """Give the number of the rung that members take next, shape (n,)."""
    members = world.members
    return members.strategy[rows].astype(np.int64) * MOST_STEPS + members.ladder_step[rows]


def _climb_to(world: World, day: int, rows: Ints, rung: Ints) -> None:
    """Plan the next rung by the due date of the oldest unpaid bill; above the last there is none.

    A rung whose day has passed is taken tomorrow.
    """
    members, past_due = world.members, world.derived.rungs.day[rung]
    members.ladder_step[rows] = rung % MOST_STEPS
    next_day = np.maximum(members.overdue_since[rows] + past_due, day + 1)
    is_last = past_due < 0
    if is_last.any():
        members.ladder_day[rows[is_last]] = -1
        rows, next_day = rows[~is_last], next_day[~is_last]
    members.ladder_day[rows] = next_day
    world.agenda.schedule(Task.DUN, next_day, rows)


def _is_for(world: World, rows: Ints, rung: Ints, action: Ints) -> Bools:
    """Tell for which members a rung is; who is at the law firm is dunned by nobody else."""
    fits = np.asarray(~world.members.is_placed[rows] | (action == BY_SUIT))
    for number, when in world.derived.rungs.conditions.items():
        on_it = (rung == number).nonzero()[0]
        if on_it.size:
            fits[on_it] &= _meets(world, rows[on_it], when, number % MOST_STEPS)
    return fits


def _meets(world: World, rows: Ints, when: Condition, step: int) -> Bools:
    """Tell which members meet the condition of a step."""
    members = world.members
    claim = claim_of_members(world, rows) if when.is_about_claims else None
    u = np.zeros(rows.size)
    if when.probability < 1.0:
        u = world.uniforms(Stream.LADDER, rows, repeated(members.spell_start[rows], step))[0]
    return meets(when, claim, members.bills_late[rows], members.is_placed[rows], u)


@implements("NP-31.2")
def _undisputed(world: World, day: int, rows: Ints) -> Ints:
    """Give the members to dun; those with an open inquiry wait for its end, if the lender waits."""
    members = world.members
    if not world.config.policy.inquiries.pauses_dunning:
        return rows
    waits = members.disputed_until[rows] >= day
    if not waits.any():
        return rows
    paused = rows[waits]
    members.ladder_day[paused] = members.disputed_until[paused] + 1
    world.agenda.schedule(Task.DUN, members.ladder_day[paused], paused)
    return rows[~waits]


def _contact(world: World, day: int, rows: Ints, rung: Ints) -> None:
    """Call or write to members; who was contacted as often as is allowed in a week waits."""
    has_room = may_contact(world, day, rows)
    if not has_room.all():
        _wait(world, day, rows[~has_room], rung[~has_room])
        rows, rung = rows[has_room], rung[has_room]
    is_call = world.derived.rungs.action[rung] == BY_CALL
    call(world, rows[is_call])
    _write_to(world, day, rows[~is_call], rung[~is_call])


def _wait(world: World, day: int, rows: Ints, rung: Ints) -> None:
    """Put contacts off by a day: the cap of the week is reached."""
    members = world.members
    members.ladder_step[rows] = rung % MOST_STEPS
    members.ladder_day[rows] = day + 1
    world.agenda.schedule(Task.DUN, day + 1, rows)


def _write_to(world: World, day: int, rows: Ints, rung: Ints) -> None:
    """Send messages and letters; whom they reach may pay earlier."""
    if not rows.size:
        return
    members, rungs = world.members, world.derived.rungs
    _send(world, day, rows, rungs.action[rung])
    key = repeated(members.spell_start[rows], rung % MOST_STEPS)
    u = world.uniforms(Stream.CONTACT, rows, key)
    is_postal = rungs.is_postal[rung]
    reached = (u[0] < reach_of(world, rows, rungs.reach[rung], is_postal)).nonzero()[0]
    rows, rung = rows[reached], rung[reached]
    lag = world.config.products.np_membership.particulars.email_lag_days
    days = day + np.where(is_postal[reached], 0, lag)
    share = rungs.response[rung, members.spell_reason[rows]]
    respond(world, days, rows, share, u[1][reached])


def _send(world: World, day: int, rows: Ints, channel: Ints) -> None:
    """Log what is sent by each channel, and what it costs."""
    minute = day * MINUTES_PER_DAY + CONTACT_MINUTE
    for number, (name, terms) in enumerate(world.config.collections.channels.items()):
        sent = rows[channel == number]
        if sent.size:
            cost = terms.cost_yen
            world.log.add(Activity.CONTACT_SENT, minute, sent, cost_yen=cost, resource=name)
            bear_contact_cost(world, day, sent, name, cost)
