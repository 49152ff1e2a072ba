"""Conduct: what the lender does about members who break the terms, or are suspected to (NP-7, 8).

Each ground of NP-7.1 has its declared action. A suspension lasts for some days; merchants' doubts
and suspected antisocial ties stop use while they are looked into (NP-7.6, NP-8.4).
"""

import numpy as np
from numpy.typing import NDArray

from models.arrays import Ints
from models.clauses import implements
from models.policy.np_admission import has_ties
from models.policy.np_conduct import Ground
from models.products.catalogue import Lender
from sim.engine.agenda import Task
from sim.engine.dues.acceleration import accelerate
from sim.engine.dues.claims import claim_at_once
from sim.engine.members.applications import re_review
from sim.engine.members.membership import end, lift, stop
from sim.engine.members.status import is_member
from sim.engine.points.lots import forfeit
from sim.engine.state.portfolio import Status, Stop
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.postings import Posting
from sim.rng import Stream

HARMS = frozenset({Ground.FALSE_DECLARATION, Ground.BREACH, Ground.CASH_OUT})
"""Grounds by which the lender can be harmed other than by arrears (NP-7.3)."""


@implements("NP-7.1", "NP-7.3", "NP-7.5", "NP-40.2")
def act_on(world: World, day: int, rows: Ints, ground: Ground) -> None:
    """Do what the terms declare on a ground of NP-7.1.

    Parameters
    ----------
    world
        Lender.
    day
        Morning on which the ground is known.
    rows
        Member rows, unique; who is no member any more is left alone.
    ground
        Why.
    """
    members, terms = world.members, world.config.products.np_membership
    rows = rows[is_member(world, rows)]
    action = terms.conduct.action_on(ground)
    if action == "none" or not rows.size:
        return
    world.log.add(Activity.GROUND_AROSE, day * MINUTES_PER_DAY, rows, reference=int(ground))
    is_cancelled = np.full(rows.size, action == "cancel")
    if action == "suspend_then_cancel":
        is_cancelled = members.misdeeds[rows] > 0
    suspended = rows[~is_cancelled]
    members.misdeeds[suspended] += action == "suspend_then_cancel"
    bit = Stop.CREDIT if ground == Ground.CREDIT else Stop.MISUSE
    stop(world, day, suspended, bit, Activity.MEMBER_SUSPENDED)
    if bit == Stop.MISUSE:
        until = _prolong(members.suspended_until, suspended, day + terms.conduct.suspension_days)
        world.agenda.schedule(Task.SUSPENSION_ENDS, until, suspended)
    end(world, day, rows[is_cancelled], Status.CANCELLED, Activity.MEMBERSHIP_CANCELLED)
    if ground in HARMS:
        if world.config.products.np_points.forfeit_on_breach:
            forfeit(world, day, suspended)
        _claim_damages(world, day, rows, Posting.INDEMNITY_CLAIMED)


def _prolong(until: NDArray[np.int32], rows: Ints, day: int) -> Ints:
    """Write the day on which a stop ends, never before that of an older ground; give it."""
    until[rows] = np.maximum(until[rows], day)
    return np.asarray(until[rows])


@implements("NP-7.3", "NP-8.6", "NP-9.3", "NP-14.2")
def _claim_damages(world: World, day: int, rows: Ints, posting: Posting) -> None:
    """Claim damages for misconduct where the lender does so."""
    indemnity = world.config.products.np_membership.indemnity
    if indemnity.damages_enabled:
        yen = np.full(rows.size, indemnity.damages_yen, dtype=np.int64)
        claim_at_once(world, day, rows, yen, posting)


@implements("NP-7.1", "NP-31.1")
def review(world: World, day: int, rows: Ints) -> None:
    """Look at members again when their time has come, and plan the next time."""
    rows = rows[is_member(world, rows)]
    period = world.config.policy.limits.review_every_days
    world.agenda.schedule(Task.RE_REVIEW, day + period, rows)
    look_again(world, day, rows)


@implements("NP-7.1", "NP-31.1")
def look_again(world: World, day: int, rows: Ints) -> None:
    """Look at limits again; whoever has become unsuitable gives a ground (NP-7.1(7)).

    Between the regular days, doubts of merchants and reports of misuse are an occasion.
    """
    rows = rows[is_member(world, rows)]
    if not rows.size:
        return
    points = re_review(world, day, rows)
    lowest = world.config.products.np_membership.conduct.unsuitable_below
    act_on(world, day, rows[points < lowest], Ground.UNSUITABLE)


@implements("NP-7.4")
def end_suspensions(world: World, day: int, rows: Ints) -> None:
    """Lift suspensions for conduct, the last ground's days being over."""
    rows = rows[world.members.suspended_until[rows] == day]
    lift(world, day, rows, Stop.MISUSE, Activity.SUSPENSION_ENDED)


@implements("NP-7.6")
def doubt(world: World, day: int, rows: Ints) -> None:
    """Stop the use of members about whom a merchant or partner has doubts."""
    look_again(world, day, rows)
    stop(world, day, rows, Stop.DOUBT, Activity.MERCHANT_DOUBTED)
    days = world.config.products.np_membership.conduct.merchant_doubt_days
    until = _prolong(world.members.doubted_until, rows, day + days)
    world.agenda.schedule(Task.DOUBT_ENDS, until, rows)


@implements("NP-7.6")
def end_doubts(world: World, day: int, rows: Ints) -> None:
    """Lift stops whose doubts are all resolved."""
    rows = rows[world.members.doubted_until[rows] == day]
    lift(world, day, rows, Stop.DOUBT, Activity.DOUBTS_RESOLVED)


@implements("NP-8.3", "NP-8.4")
def suspect(world: World, day: int, rows: Ints) -> None:
    """Stop the use of members suspected of antisocial ties, and investigate."""
    rows = stop(world, day, rows, Stop.SUSPICION, Activity.TIES_SUSPECTED)
    days = world.config.products.np_membership.antisocial.inquiry_days
    world.agenda.schedule(Task.SUSPICION_ENDS, day + days, rows)


@implements("NP-8.1", "NP-8.5", "NP-8.6")
def end_suspicions(world: World, day: int, rows: Ints) -> None:
    """Rescind the contracts of members with proven ties or without cooperation; clear the others.

    Rescission accelerates by itself: all unpaid debts and the damages are payable that day.
    """
    terms = world.config.products.np_membership.antisocial
    rows = rows[(world.members.stops[rows] & int(Stop.SUSPICION)) != 0]
    if not rows.size:
        return
    tied = has_ties(terms, world.economy.uniforms(Stream.TIES, rows, 0, Lender.NP))
    uncooperative = world.uniforms(Stream.TIES, rows, 1 + day)[0] < terms.uncooperative
    proven = rows[tied | uncooperative]
    lift(world, day, rows[~(tied | uncooperative)], Stop.SUSPICION, Activity.SUSPICION_CLEARED)
    end(world, day, proven, Status.CANCELLED, Activity.TIES_PROVEN)
    _claim_damages(world, day, proven, Posting.RESCISSION_DAMAGES_CLAIMED)
    accelerate(world, day, proven)
