"""Cases: the SimPy processes of members whose path needs a person.

A case queues at a desk, waits for its turn, and leaves the outcome for the night to post. Both
drivers use the same processes. Between sessions a case sleeps until six in the morning, when
nothing else happens; a case whose ground is gone is withdrawn by the night and ends.
"""

import math
from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from sim.engine.agenda import Task
from sim.engine.desks import Desk, Work
from sim.engine.exposure import key_of
from sim.engine.world import MINUTES_PER_DAY, World
from sim.eventlog import Activity
from sim.portfolio import CallResult
from sim.rng import Stream, repeated_one

Case = Generator[simpy.Event, Any, None]
SIX_IN_THE_MORNING = 0.25


def exponential_days(u: float, mean_minutes: float) -> float:
    """Give an exponential time in days."""
    return -math.log1p(-u) * mean_minutes / MINUTES_PER_DAY


def instant_of(minute: int) -> float:
    """Give the instant, late in its minute, at which somebody asks.

    It is a multiple of 2**-20 days, so that waiting for it from any other such instant is exact and
    ends at the same bits in both drivers.
    """
    return math.floor((minute + 0.9) / MINUTES_PER_DAY * 2.0**20) * 2.0**-20


def review_case(world: World, purchase: int) -> Case:
    """Bring a held use before a reviewer; the answer may come too late (NP-24.4)."""
    table, policy = world.purchases, world.config.screening.review_desk
    row = int(table.member[purchase])
    asked_at = instant_of(int(table.minute[purchase]))
    yield world.env.timeout(asked_at - world.env.now)
    key = int(key_of(table, np.array([purchase]))[0])
    u = world.uniforms_of_one(Stream.REVIEW, row, key)
    work = world.desks_of(row).review.submit(
        int(world.persons.number[row]), 0, exponential_days(u[0], policy.mean_minutes), key
    )
    world.held_work[purchase] = work
    yield work.done
    if work.is_moot:
        return
    del world.held_work[purchase]
    approves = policy.approves_never_payer if world.persons.never_pays[row] else policy.approves
    patience = exponential_days(u[2], policy.mean_patience_hours * 60)
    if world.env.now - asked_at > patience:
        answer = Activity.REVIEW_TOO_LATE
    else:
        answer = Activity.REVIEW_APPROVED if u[1] < approves else Activity.REVIEW_REFUSED
    table.review[purchase] = answer.number
    world.agenda.add(Task.REVIEWED, int(world.env.now), purchase)


def call_case(world: World, row: int) -> Case:
    """Call a member in arrears until reached, session after session (COLL-02)."""
    members, policy = world.members, world.config.collections.call_desk
    start = int(members.spell_start[row])
    first = int(members.call_session[row])
    for session in range(first, first + policy.sessions):
        if session > first:
            yield until_morning(world, policy.retry_days)
        if members.spell_start[row] != start or members.is_placed[row] or _is_dead(world, row):
            break
        u = world.uniforms_of_one(Stream.CALL, row, repeated_one(start, session))
        minutes = exponential_days(u[0], policy.mean_minutes)
        work = _queue(world, world.desks_of(row).calls, row, minutes, session)
        yield work.done
        if work.is_moot:
            break
        del world.case_work[row]
        members.call_session[row] = session + 1
        is_reached = u[1] < policy.right_party
        reached = CallResult.PROMISED if u[2] < policy.promise else CallResult.REACHED
        members.call_result[row] = reached if is_reached else CallResult.NO_CONTACT
        world.agenda.add(Task.CALLED, int(world.env.now), row)
        if is_reached:
            break
    world.calling.discard((row, start))


def agency_case(world: World, row: int) -> Case:
    """Have the law firm work a case in rounds until it is over (COLL-04)."""
    members, policy = world.members, world.config.collections.law_firm
    start = int(members.spell_start[row])
    for number in range(policy.rounds):
        if number:
            yield until_morning(world, policy.round_days)
        if members.spell_start[row] != start or _is_dead(world, row):
            return
        u = world.uniforms_of_one(Stream.AGENCY, row, repeated_one(start, number))
        minutes = exponential_days(u[0], policy.mean_minutes)
        work = _queue(world, world.desks_of(row).law_firm, row, minutes, number)
        yield work.done
        if work.is_moot:
            return
        del world.case_work[row]
        members.agency_round[row] = number
        world.agenda.add(Task.AGENCY_WORKED, int(world.env.now), row)


def _is_dead(world: World, row: int) -> bool:
    """Tell whether a person has died: nobody is called or worked on any more (NP-11.2)."""
    return bool(world.persons.died_day[row] >= 0)


def until_morning(world: World, days: int) -> simpy.Timeout:
    """Sleep until six in the morning, so many days from today."""
    now = world.env.now
    return world.env.timeout(int(now) + days + SIX_IN_THE_MORNING - now)


def _queue(world: World, desk: Desk, row: int, duration: float, order: int) -> Work:
    """Submit a case's work and remember it, so that the night can withdraw it."""
    work = desk.submit(int(world.persons.number[row]), 0, duration, order)
    world.case_work[row] = work
    return work


def withdraw_case(world: World, row: int) -> None:
    """Withdraw whatever waits for a person in a member's case."""
    work = world.case_work.pop(row, None)
    if work is not None:
        desks = world.desks_of(row)
        desk = desks.law_firm if world.members.is_placed[row] else desks.calls
        desk.withdraw(work)
