"""The first of a month: what members will want to buy, hardship, and new pay methods."""

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.kernels.groups import as_slice
from models.macro import conditional_bound, conditional_probability
from models.members.hardship import hardship_chance, hardship_days
from models.members.spending import purchase_wishes, wishes
from models.products.catalogue import Lender, Product
from models.products.np_instalments import counts_chosen
from sim.engine.agenda import Task
from sim.engine.members.status import IS_MEMBER
from sim.engine.state.portfolio import Status
from sim.engine.state.unbilled import plan_uniforms
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.engine.uses.kinds import mark
from sim.record.eventlog import Activity
from sim.rng import Stream, repeated


@implements("NP-28.2")
def begin_month(world: World, day: int, rows: Ints) -> None:
    """Draw a month of members and of those who apply in it: wishes, hardship, pay method."""
    if world.calendar.day_of_month[day] != 1:
        return
    members, month = world.members, int(world.calendar.month_of[day])
    at_hand = as_slice(rows)
    status = members.status[at_hand]
    is_member = IS_MEMBER[status]
    comes = (status == int(Status.APPLICANT)) & (
        members.application_day[at_hand] < world.calendar.month_first[month + 1]
    )
    expects = is_member & _expects_to_be_served(world, day, at_hand)
    drawn = (is_member | comes).nonzero()[0]
    rows, is_member, asks = rows[drawn], is_member[drawn], (expects | comes)[drawn]
    u = world.uniforms(Stream.MONTH, rows, month)
    fall_into_hardship(world, day, rows[is_member])
    if world.contract.has_methods:
        _choose_methods(world, day, rows, is_member, u)
    spending = world.config.behaviour.spending
    calendar_month = int(world.calendar.month_of_year[month])
    counts = wishes(spending, u[0], members.uses_per_month[rows], calendar_month)
    buyers = ((counts > 0) & asks).nonzero()[0]
    if buyers.size:
        _plan_purchases(world, month, rows[buyers], counts[buyers])


def _expects_to_be_served(world: World, day: int, rows: Ints | slice) -> Bools:
    """Tell who asks at all: not who was told that the limit is 0, or is a month in arrears."""
    members = world.members
    since = members.overdue_since[rows]
    return np.asarray((members.limit_yen[rows] > 0) & ((since < 0) | (since > day - 30)))


def fall_into_hardship(world: World, day: int, rows: Ints) -> None:
    """Let hardship begin for persons who are not in it; with several lenders it begins once."""
    if not rows.size:
        return
    persons, economy = world.persons, world.economy
    terms, macro = world.config.behaviour.hardship, world.config.macro
    month = int(world.calendar.month_of[day])
    u, u_days, u_job, _ = economy.uniforms(Stream.HARDSHIP, rows, month, Lender.NP)
    chance = hardship_chance(terms, macro, persons.strain[rows])
    bound = conditional_bound(chance, economy.lowest_factor(month), macro.rho)
    near = (u < bound).nonzero()[0]
    near = near[persons.hardship_until[rows[near]] < day]
    factor = world.factor_of(rows[near], month)
    begins = near[u[near] < conditional_probability(chance[near], factor, macro.rho)]
    hit = rows[begins]
    income = persons.monthly_net_yen[hit]
    persons.hardship_until[hit] = day + hardship_days(terms, income, u_days[begins])
    persons.is_jobless[hit] = u_job[begins] < terms.job_loss
    world.log.add(Activity.HARDSHIP_BEGAN, day * MINUTES_PER_DAY, hit)


@implements("NP-28.2")
def _choose_methods(world: World, day: int, rows: Ints, is_member: Bools, u: Floats) -> None:
    """Let members choose another method on a day of the month, in force from its closing (C-06)."""
    share = world.config.behaviour.new_method_share
    changes = (is_member & (u[3] < share)).nonzero()[0]
    if not changes.size:
        return
    chosen, members = rows[changes], world.members
    u_day, u_method = u[1, changes], u[3, changes]
    # Given the change, the uniform is uniform again: it picks one of the three other methods.
    step = 1 + np.floor(u_method / share * 3).astype(np.int8)
    members.next_method[chosen] = (members.pay_method[chosen] + step) % 4
    month = int(world.calendar.month_of[day])
    closing = int(world.calendar.month_first[month + 1]) - 1
    days = day + np.floor(u_day * (closing + 1 - day)).astype(np.int64)
    if world.atone.method_lock == "on_closing_date":  # C-71
        days += days == closing
    world.agenda.schedule(Task.METHOD, days, chosen)


@implements("NP-28.2")
def change_method(world: World, day: int, rows: Ints) -> None:
    """Put chosen pay methods in force."""
    members = world.members
    rows = rows[members.next_method[rows] >= 0]
    members.pay_method[rows] = members.next_method[rows]
    members.next_method[rows] = -1
    world.log.add(Activity.METHOD_CHOSEN, day * MINUTES_PER_DAY, rows)


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
    product = _products(world, owner, month, number, planned.price_yen)
    minute = planned.minute + first * MINUTES_PER_DAY
    day = minute // MINUTES_PER_DAY
    # NOTE: they are written in the order of their days, so that what is done with the uses of a
    # day reads neighbours. Short numbers are sorted by their digits.
    order = np.argsort((day - first).astype(np.uint8), kind="stable")
    order = order[(day >= world.members.application_day[owner])[order]]
    purchases = world.purchases.append(
        order.size,
        member=owner[order],
        product=product[order],
        month=month,
        wish=number[order],
        minute=minute[order],
        price_yen=planned.price_yen[order],
        u_hold=u[2][order],
        cancel_after=np.where(planned.is_cancelled, planned.cancel_after_days, -1)[order],
    )
    world.agenda.schedule(Task.WISH, day[order], purchases)
    mark(world, purchases)


def _products(world: World, rows: Ints, month: int, number: Ints, price_yen: Ints) -> Ints:
    """Give the product of each use: the lender's usual one, or atone's instalments if chosen."""
    product = np.full(rows.size, int(world.contract.product), dtype=np.int8)
    terms = world.config.products.np_instalment
    if world.lender == Lender.NP and terms.enabled:
        u = plan_uniforms(world, rows, month, number)
        product[counts_chosen(terms, price_yen, u) > 0] = Product.ATONE_INSTALMENTS
    return product
