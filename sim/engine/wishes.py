"""The first of a month: what members will want to buy, hardship, and new pay methods."""

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.members.hardship import hardship_chance, hardship_days
from models.members.spending import purchase_wishes, wishes
from sim.engine.agenda import Task
from sim.engine.world import MINUTES_PER_DAY, World
from sim.eventlog import Activity
from sim.portfolio import Status
from sim.rng import Stream, repeated


@implements("NP-28.2")
def begin_month(world: World, day: int, rows: Ints) -> None:
    """Draw a month of members and of those who apply in it: wishes, hardship, pay method."""
    if world.calendar.day_of_month[day] != 1:
        return
    members, month = world.members, int(world.calendar.month_of[day])
    status = members.status[rows]
    is_member = (status == Status.ACTIVE) | (status == Status.SUSPENDED)
    comes = (status == Status.APPLICANT) & (
        members.application_day[rows] < world.calendar.month_first[month + 1]
    )
    expects = is_member & _expects_to_be_served(world, day, rows)
    drawn = is_member | comes
    rows, is_member, asks = rows[drawn], is_member[drawn], (expects | comes)[drawn]
    u = world.uniforms(Stream.MONTH, rows, month)
    _fall_into_hardship(world, day, rows[is_member], u[1][is_member], u[2][is_member])
    _choose_methods(world, day, rows[is_member], u[3][is_member])
    spending = world.config.behaviour.spending
    calendar_month = int(world.calendar.month_of_year[month])
    counts = wishes(spending, u[0], members.uses_per_month[rows], calendar_month)
    buyers = np.flatnonzero((counts > 0) & asks)
    if buyers.size:
        _plan_purchases(world, month, rows[buyers], counts[buyers])


def _expects_to_be_served(world: World, day: int, rows: Ints) -> Bools:
    """Tell who asks at all: not who was told that the limit is 0, or is a month in arrears."""
    members = world.members
    since = members.overdue_since[rows]
    return np.asarray((members.limit_yen[rows] > 0) & ((since < 0) | (since > day - 30)))


def _fall_into_hardship(world: World, day: int, rows: Ints, u: Floats, u_days: Floats) -> None:
    """Let hardship begin for members who are not in it."""
    members, config = world.members, world.config
    factor = world.factor_of(rows, int(world.calendar.month_of[day]))
    chance = hardship_chance(config.behaviour.hardship, config.macro, members.strain[rows], factor)
    begins = np.flatnonzero((u < chance) & (members.hardship_until[rows] < day))
    if begins.size:
        hit = rows[begins]
        members.hardship_until[hit] = day + hardship_days(config.behaviour.hardship, u_days[begins])
        world.log.add(Activity.HARDSHIP_BEGAN, day * MINUTES_PER_DAY, hit)


def _choose_methods(world: World, day: int, rows: Ints, u: Floats) -> None:
    """Let members choose another method, in force from this month's closing (C-06, C-71)."""
    share = world.config.behaviour.new_method_share
    changes = np.flatnonzero(u < share)
    if changes.size:
        chosen = rows[changes]
        # Given the change, the uniform is uniform again: it picks one of the three other methods.
        step = 1 + np.floor(u[changes] / share * 3).astype(np.int8)
        world.members.pay_method[chosen] = (world.members.pay_method[chosen] + step) % 4
        world.log.add(Activity.METHOD_CHOSEN, day * MINUTES_PER_DAY, chosen)


def _plan_purchases(world: World, month: int, rows: Ints, counts: Ints) -> None:
    """Write the wishes of a month, those of applicants from their application on."""
    first, end = world.calendar.month_first[month : month + 2].tolist()
    owner = np.repeat(rows, counts)
    number = np.arange(owner.size) - np.repeat(np.cumsum(counts) - counts, counts)
    u = world.uniforms(Stream.PURCHASE, owner, repeated(month, number))
    planned = purchase_wishes(
        world.config.behaviour.spending,
        world.derived.prices,
        u,
        world.members.price_scale[owner],
        end - first,
    )
    minute = planned.minute + first * MINUTES_PER_DAY
    applied = world.members.application_day[owner]
    ahead = np.flatnonzero(minute >= applied * MINUTES_PER_DAY)
    purchases = world.purchases.append(
        ahead.size,
        member=owner[ahead],
        month=month,
        wish=number[ahead],
        minute=minute[ahead],
        price_yen=planned.price_yen[ahead],
        u_hold=u[2][ahead],
        cancel_after=np.where(planned.is_cancelled, planned.cancel_after_days, -1)[ahead],
    )
    world.agenda.schedule(Task.WISH, minute[ahead] // MINUTES_PER_DAY, purchases)
