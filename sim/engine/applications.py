"""Applications and re-review: persons are scored on the lender's own data and get limits."""

import numpy as np

from models.arrays import Floats, Ints
from models.clauses import implements
from models.policy.admission import limit_of, score
from models.products.np_membership import cap_of_kind
from sim.engine.agenda import Task
from sim.engine.world import MINUTES_PER_DAY, World
from sim.eventlog import Activity
from sim.portfolio import Status


@implements("NP-23.1")
def judge(world: World, rows: Ints) -> tuple[Floats, Ints]:
    """Give the score of persons on the lender's own data and the limit that follows from it."""
    members, card = world.members, world.config.screening.score
    points = score(
        card,
        world.persons.np_uses[rows],
        world.persons.np_late[rows],
        members.bills_on_time[rows],
        members.bills_late[rows],
        members.worst_days_past_due[rows],
    )
    tiers = world.config.products.np_membership.tiers
    cap = cap_of_kind(tiers, members.tier[rows], world.atone.limit_cap_yen)
    return points, limit_of(world.config.policy.limits, card, cap, points)


@implements("NP-2.2", "NP-2.3", "ART-08")
def apply(world: World, day: int, rows: Ints) -> None:
    """Screen applicants and admit those above the cut-off; write status and limits."""
    members = world.members
    points, limit = judge(world, rows)
    # Who owes the lender something overdue is refused, whatever the product (NP-2.4(10)).
    is_admitted = points >= world.config.screening.score.cut_off
    is_admitted &= members.overdue_since[rows] < 0
    minute = day * MINUTES_PER_DAY
    members.status[rows] = np.where(is_admitted, Status.ACTIVE, Status.REJECTED)
    world.log.add(Activity.APPLICATION_REJECTED, minute, rows[~is_admitted])
    admitted = rows[is_admitted]
    if not admitted.size:
        return
    members.joined_day[admitted] = day
    members.limit_yen[admitted] = limit[is_admitted]
    world.log.add(Activity.APPLICATION_APPROVED, minute, admitted)
    world.log.add(Activity.LIMIT_SET, minute, admitted, yen=limit[is_admitted])
    period = world.config.policy.limits.review_every_days
    world.agenda.schedule(Task.RE_REVIEW, day + period, admitted)


@implements("NP-31.1", "NP-23.2")
def re_review(world: World, day: int, rows: Ints) -> None:
    """Look at limits again; a member in arrears is looked at when released."""
    members = world.members
    period = world.config.policy.limits.review_every_days
    world.agenda.schedule(Task.RE_REVIEW, day + period, rows)
    set_limits(world, day, rows[members.status[rows] == Status.ACTIVE])


def set_limits(world: World, day: int, rows: Ints) -> None:
    """Score members on their record and write the limits that follow."""
    _, limit = judge(world, rows)
    change_limits(world, day, rows, limit)


def change_limits(world: World, day: int, rows: Ints, limit: Ints) -> None:
    """Write the limits of members, yen, shape (n,), and log those that differ."""
    members, minute = world.members, day * MINUTES_PER_DAY
    before = members.limit_yen[rows]
    zeroed = (limit == 0) & (before > 0)
    for activity, is_so in (
        (Activity.LIMIT_RAISED, limit > before),
        (Activity.LIMIT_CUT, (limit < before) & ~zeroed),
        (Activity.LIMIT_ZEROED, zeroed),
    ):
        world.log.add(activity, minute, rows[is_so], yen=limit[is_so])
    members.limit_yen[rows] = limit
