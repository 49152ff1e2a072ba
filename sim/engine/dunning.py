"""Dunning: the ladder, step by step, from the first message to the court.

Which steps there are, for whom and when, is configuration. What a step does is a channel's letter
or message, a call (`sim.engine.calls`), the law firm (`sim.engine.law_firm`) or the court
(`sim.engine.courts`).
"""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.policy.collections import CALL, HAND_OVER, SUE, LadderStep, meets
from sim.engine.agenda import Task
from sim.engine.calls import call
from sim.engine.cases import take_up_again
from sim.engine.contact import may_contact, respond
from sim.engine.contact_costs import bear_contact_cost
from sim.engine.courts import sue
from sim.engine.law_firm import hand_over
from sim.engine.particulars import reach_of
from sim.engine.settlement import claim_of_members
from sim.engine.world import CONTACT_MINUTE, MINUTES_PER_DAY, World
from sim.eventlog import Activity
from sim.rng import Stream, repeated


@implements("COLL-02", "ART-10")
def dun(world: World, day: int, rows: Ints) -> None:
    """Take members in arrears one step up their ladder and plan their next one."""
    members = world.members
    rows = rows[(members.ladder_day[rows] == day) & (members.overdue_since[rows] >= 0)]
    # Contacts stop with death (NP-11.2) and when somebody is retained (ART-14).
    rows = rows[world.persons.died_day[rows] < 0]
    rows = _undisputed(world, day, rows[~world.arrangements.stops_contacts(rows)])
    if not rows.size:
        return
    rung = members.strategy[rows].astype(np.int64) * MOST_STEPS + members.ladder_step[rows]
    for number in np.unique(rung).tolist():
        strategy, step = divmod(number, MOST_STEPS)
        climbing = rows[rung == number]
        _plan_next_step(world, day, climbing, strategy, step + 1)
        terms = world.derived.ladders[strategy].steps[step]
        climbing = climbing[_is_for(world, climbing, terms, step)]
        if climbing.size:
            _act(world, day, climbing, terms, step)


@implements("COLL-02", "COLL-09")
def dun_again(world: World, day: int, rows: Ints) -> None:
    """Let members climb on from tomorrow, from the step at which contacts had to stop.

    Steps whose day has passed meanwhile follow day by day, as after an inquiry. Calls and rounds
    of the law firm go on with the attempt that was next.
    """
    members = world.members
    take_up_again(world, rows)
    rung = members.strategy[rows].astype(np.int64) * MOST_STEPS + members.ladder_step[rows]
    for number in np.unique(rung).tolist():
        strategy, step = divmod(number, MOST_STEPS)
        _plan_next_step(world, day, rows[rung == number], strategy, step)


MOST_STEPS = 64
"""More than a ladder can have."""


def _act(world: World, day: int, rows: Ints, terms: LadderStep, step: int) -> None:
    """Do what a step is about."""
    match terms.action:
        case _ if terms.action == HAND_OVER:
            hand_over(world, day, rows)
        case _ if terms.action == SUE:
            sue(world, day, rows)
        case _:
            has_room = may_contact(world, day, rows)
            _wait(world, day, rows[~has_room], step)
            rows = rows[has_room]
            if terms.action == CALL:
                call(world, rows)
            else:
                _write_to(world, day, rows, step, terms.action)


def _is_for(world: World, rows: Ints, terms: LadderStep, step: int) -> Bools:
    """Tell for which members a step is; who is at the law firm is dunned by nobody else."""
    members, when = world.members, terms.when
    placed = members.is_placed[rows]
    claim = claim_of_members(world, rows) if when.is_about_claims else None
    u = np.zeros(rows.size)
    if when.probability < 1.0:
        u = world.uniforms(Stream.LADDER, rows, repeated(members.spell_start[rows], step))[0]
    fits = meets(when, claim, members.bills_late[rows], placed, u)
    return fits if terms.action == SUE else fits & ~placed


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


def _plan_next_step(world: World, day: int, rows: Ints, strategy: int, step: int) -> None:
    """Plan the next step by the due date of the oldest unpaid bill."""
    members, days = world.members, world.derived.ladders[strategy].days
    members.ladder_step[rows] = step
    if step == days.size:
        members.ladder_day[rows] = -1
        return
    next_day = np.maximum(members.overdue_since[rows] + days[step], day + 1)
    members.ladder_day[rows] = next_day
    world.agenda.schedule(Task.DUN, next_day, rows)


def _wait(world: World, day: int, rows: Ints, step: int) -> None:
    """Put a contact off by a day: the cap of the week is reached."""
    members = world.members
    members.ladder_step[rows] = step
    members.ladder_day[rows] = day + 1
    world.agenda.schedule(Task.DUN, np.full(rows.size, day + 1), rows)


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
    bear_contact_cost(world, day, rows, channel, terms.cost_yen)
    u = world.uniforms(Stream.CONTACT, rows, repeated(members.spell_start[rows], step))
    is_reached = u[0] < reach_of(world, rows, terms.reach, is_postal=terms.is_postal)
    lag = 0 if terms.is_postal else world.config.products.np_membership.particulars.email_lag_days
    respond(world, day + lag, rows[is_reached], terms.response.by_reason(), u[1][is_reached])
