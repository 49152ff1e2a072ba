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
from scipy.special import log1p

from sim.engine.agenda import Task
from sim.engine.desks import Desk, Work
from sim.engine.world import MINUTES_PER_DAY, World
from sim.eventlog import Activity
from sim.portfolio import CallResult
from sim.rng import Stream, repeated

Case = Generator[simpy.Event, Any, None]
SIX_IN_THE_MORNING = 0.25


def exponential_days(u: float, mean_minutes: float) -> float:
    """Give an exponential time in days."""
    return float(-log1p(u - 1.0)) * mean_minutes / MINUTES_PER_DAY


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
    key = int(repeated(int(table.month[purchase]), int(table.wish[purchase])))
    u = world.uniforms(Stream.REVIEW, np.array([row]), key)[:, 0]
    work = world.desks_of(row).review.submit(
        int(world.members.number[row]), 0, exponential_days(u[0], policy.mean_minutes), key
    )
    world.held_work[purchase] = work
    yield work.done
    if work.is_moot:
        return
    del world.held_work[purchase]
    approves = policy.approves_never_payer if world.members.never_pays[row] else policy.approves
    patience = exponential_days(u[2], policy.mean_patience_hours * 60)
    if world.env.now - asked_at > patience:
        answer = Activity.REVIEW_TOO_LATE
    else:
        answer = Activity.REVIEW_APPROVED if u[1] < approves else Activity.REVIEW_REFUSED
    table.review[purchase] = answer.number
    world.agenda.schedule(Task.REVIEWED, np.array([int(world.env.now)]), np.array([purchase]))


def call_case(world: World, row: int) -> Case:
    """Call a member in arrears until reached, session after session (COLL-02)."""
    world.calling.add(row)
    try:
        yield from _sessions(world, row)
    finally:
        world.calling.discard(row)


def _sessions(world: World, row: int) -> Case:
    """Go through the sessions of a call case."""
    members, policy = world.members, world.config.collections.call_desk
    start = int(members.spell_start[row])
    first = int(members.call_session[row])
    yield until_morning(world, 0)
    for session in range(first, first + policy.sessions):
        u = world.uniforms(Stream.CALL, np.array([row]), int(repeated(start, session)))[:, 0]
        work = _queue(
            world,
            world.desks_of(row).calls,
            row,
            exponential_days(u[0], policy.mean_minutes),
            session,
        )
        yield work.done
        if work.is_moot:
            return
        del world.case_work[row]
        is_reached = u[1] < policy.right_party
        promises = is_reached and u[2] < policy.promise
        members.call_session[row] = session + 1
        members.call_result[row] = (
            CallResult.PROMISED
            if promises
            else CallResult.REACHED
            if is_reached
            else CallResult.NO_CONTACT
        )
        today = int(world.env.now)
        world.agenda.schedule(Task.CALLED, np.array([today]), np.array([row]))
        if is_reached:
            return
        yield until_morning(world, policy.retry_days)
        if members.spell_start[row] != start or members.is_placed[row]:
            return


def agency_case(world: World, row: int) -> Case:
    """Have the law firm work a case in rounds until it is over (COLL-04)."""
    members, policy = world.members, world.config.collections.law_firm
    start = int(members.spell_start[row])
    yield until_morning(world, 0)
    for number in range(policy.rounds):
        u = world.uniforms(Stream.AGENCY, np.array([row]), int(repeated(start, number)))[:, 0]
        work = _queue(
            world,
            world.desks_of(row).law_firm,
            row,
            exponential_days(u[0], policy.mean_minutes),
            number,
        )
        yield work.done
        if work.is_moot:
            return
        del world.case_work[row]
        members.agency_round[row] = number
        today = int(world.env.now)
        world.agenda.schedule(Task.AGENCY_WORKED, np.array([today]), np.array([row]))
        yield until_morning(world, policy.round_days)
        if members.spell_start[row] != start:
            return


def until_morning(world: World, days: int) -> simpy.Timeout:
    """Sleep until six in the morning, so many days from today."""
    now = world.env.now
    return world.env.timeout(int(now) + days + SIX_IN_THE_MORNING - now)


def _queue(world: World, desk: Desk, row: int, duration: float, order: int) -> Work:
    """Submit a case's work and remember it, so that the night can withdraw it."""
    work = desk.submit(int(world.members.number[row]), 0, duration, order)
    world.case_work[row] = work
    return work


def withdraw_case(world: World, row: int) -> None:
    """Withdraw whatever waits for a person in a member's case."""
    work = world.case_work.pop(row, None)
    if work is not None:
        desks = world.desks_of(row)
        desk = desks.law_firm if world.members.is_placed[row] else desks.calls
        desk.withdraw(work)
