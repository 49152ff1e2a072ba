"""Applications and re-review: persons are scored on the lender's own data and get limits."""

import numpy as np

from models.arrays import Floats, Ints
from models.clauses import implements
from models.policy.admission import limit_of, score
from models.products.np_membership import cap_of_kind
from sim.engine.agenda import Task
from sim.engine.state.portfolio import Status
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.record.eventlog import Activity


@implements("NP-23.1")
def points_of(world: World, rows: Ints) -> Floats:
    """Give the score of persons on the lender's own data."""
    members = world.members
    return score(
        world.config.screening.score,
        world.persons.np_uses[rows],
        world.persons.np_late[rows],
        members.bills_on_time[rows],
        members.bills_late[rows],
        members.worst_days_past_due[rows],
    )


@implements("NP-23.1")
def limits_by(world: World, rows: Ints, points: Floats) -> Ints:
    """Give the limits that follow from the score of persons, yen, shape (n,)."""
    tiers = world.config.products.np_membership.tiers
    cap: Ints | int = world.atone.limit_cap_yen
    if tiers:
        cap = cap_of_kind(tiers, world.members.tier[rows], world.atone.limit_cap_yen)
    return limit_of(world.config.policy.limits, world.config.screening.score, cap, points)


@implements("NP-2.2", "NP-2.3", "ART-08")
def apply(world: World, day: int, rows: Ints) -> Ints:
    """Screen applicants; write status and limits; give those who are admitted."""
    members, minute = world.members, day * MINUTES_PER_DAY
    points = points_of(world, rows)
    # Who owes the lender something overdue is refused, whatever the product (NP-2.4(10)).
    is_admitted = points >= world.config.screening.score.cut_off
    is_admitted &= members.overdue_since[rows] < 0
    refuse(world, day, rows[~is_admitted], Activity.APPLICATION_REJECTED)
    admitted: Ints = rows[is_admitted]
    if not admitted.size:
        return admitted
    limit = limits_by(world, admitted, points[is_admitted])
    members.status[admitted] = Status.ACTIVE
    members.joined_day[admitted] = day
    members.limit_yen[admitted] = limit
    world.log.add(Activity.APPLICATION_APPROVED, minute, admitted)
    world.log.add(Activity.LIMIT_SET, minute, admitted, yen=limit)
    period = world.config.policy.limits.review_every_days
    world.agenda.schedule(Task.RE_REVIEW, day + period, admitted)
    return admitted


def refuse(world: World, day: int, rows: Ints, activity: Activity | None) -> None:
    """Refuse applicants; what is logged may have been logged before."""
    if not rows.size:
        return
    world.members.status[rows] = Status.REJECTED
    world.members.ended_day[rows] = day
    if activity is not None:
        world.log.add(activity, day * MINUTES_PER_DAY, rows)


@implements("NP-31.1", "NP-23.2")
def re_review(world: World, day: int, rows: Ints) -> Floats:
    """Look at the limits of members again and give their scores, shape (n,).

    The limits of a member in arrears are looked at on release.
    """
    points = points_of(world, rows)
    active = (world.members.status[rows] == int(Status.ACTIVE)).nonzero()[0]
    change_limits(world, day, rows[active], limits_by(world, rows[active], points[active]))
    return points


def set_limits(world: World, day: int, rows: Ints) -> None:
    """Score members on their record and write the limits that follow."""
    if rows.size:
        change_limits(world, day, rows, limits_by(world, rows, points_of(world, rows)))


def change_limits(world: World, day: int, rows: Ints, limit: Ints) -> None:
    """Write the limits of members, yen, shape (n,), and log those that differ."""
    members = world.members
    before = members.limit_yen[rows]
    differs = (limit != before).nonzero()[0]
    rows, limit, before = rows[differs], limit[differs], before[differs]
    members.limit_yen[rows] = limit
    lowered = np.where(limit == 0, Activity.LIMIT_ZEROED.number, Activity.LIMIT_CUT.number)
    activity = np.where(limit > before, Activity.LIMIT_RAISED.number, lowered)
    world.log.add(activity, day * MINUTES_PER_DAY, rows, yen=limit)
