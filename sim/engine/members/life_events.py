"""Life events: what may happen to any membership in a month, on a day drawn beforehand.

Each kind has a chance a month. On the first of a month the days are drawn and planned; on the day
the same draws tell what happens. With all chances at 0 nothing is drawn.
"""

from collections.abc import Callable

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.codes import Code
from models.policy.np_conduct import Ground
from models.products.catalogue import Lender
from models.products.np_membership import MembershipTerms, tier_of
from sim.engine.agenda import Task
from sim.engine.members.conduct import act_on, doubt, suspect
from sim.engine.members.leaving import ask_for_erasure, ask_to_leave, die, lose_mailbox
from sim.engine.members.particulars import disclose, move
from sim.engine.members.status import is_member
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.rng import Stream, repeated


class Kind(Code):
    """Kinds of events; the numbers are part of the draws' keys."""

    MOVE = 0
    MAILBOX = 1
    FALSE_DECLARATION = 2
    BREACH = 3
    MERCHANT_DOUBT = 4
    SUSPICION = 5
    DISCLOSURE = 6
    ERASURE = 7
    WITHDRAWAL = 8


def chances(terms: MembershipTerms) -> dict[Kind, float]:
    """Give the chance a month of each kind that can happen at all."""
    every = {
        Kind.MOVE: terms.particulars.moves_per_month,
        Kind.MAILBOX: terms.particulars.mailbox_dies_per_month,
        Kind.FALSE_DECLARATION: terms.conduct.false_declarations_per_month,
        Kind.BREACH: terms.conduct.breaches_per_month,
        Kind.MERCHANT_DOUBT: terms.conduct.merchant_doubts_per_month,
        Kind.SUSPICION: terms.antisocial.suspicions_per_month,
        Kind.DISCLOSURE: terms.requests.disclosures_per_month,
        Kind.ERASURE: terms.withdrawal.erasures_per_month,
        Kind.WITHDRAWAL: terms.withdrawal.requests_per_month,
    }
    return {kind: chance for kind, chance in every.items() if chance > 0}


def plan_life(world: World, day: int, rows: Ints) -> None:
    """Plan on the first of a month what happens to memberships in it; sort members by use."""
    if world.calendar.day_of_month[day] != 1:
        return
    terms = world.config.products.np_membership
    possible = chances(terms)
    if not (possible or terms.death.per_month or terms.tiers):
        return
    rows = rows[is_member(world, rows)]
    _sort_by_use(world, day, rows)
    for kind, chance in possible.items():
        days, _ = _days(world, day, rows, kind, chance)
        world.agenda.schedule(Task.LIFE_EVENT, days[days >= 0], rows[days >= 0])
    if terms.death.per_month:
        days = _death_days(world, day, rows)
        world.agenda.schedule(Task.LIFE_EVENT, days[days >= 0], rows[days >= 0])


def live(world: World, day: int, rows: Ints) -> None:
    """Let happen what is planned for a day; death comes first."""
    terms = world.config.products.np_membership
    if terms.death.per_month:
        dying = _death_days(world, day, rows) == day
        die(world, day, rows[dying & (world.persons.died_day[rows] < 0)])
    for kind, chance in chances(terms).items():
        days, u = _days(world, day, rows, kind, chance)
        hit = (days == day) & is_member(world, rows)
        if hit.any():
            _happen(world, day, rows[hit], kind, u[2:, hit])


def _happen(world: World, day: int, rows: Ints, kind: Kind, u: Floats) -> None:
    """Let one kind of event happen to members."""
    if kind == Kind.MOVE:
        act_on(world, day, move(world, day, rows, u), Ground.BREACH)
        return
    steps: dict[Kind, Callable[[World, int, Ints], None]] = {
        Kind.MAILBOX: lose_mailbox,
        Kind.MERCHANT_DOUBT: doubt,
        Kind.SUSPICION: suspect,
        Kind.DISCLOSURE: disclose,
        Kind.ERASURE: ask_for_erasure,
        Kind.WITHDRAWAL: ask_to_leave,
    }
    if kind in steps:
        steps[kind](world, day, rows)
    else:
        act_on(world, day, rows, Ground[kind.name])


def _days(world: World, day: int, rows: Ints, kind: Kind, chance: float) -> tuple[Ints, Floats]:
    """Give the day of this month on which an event happens, -1 if not, and the draws."""
    month = int(world.calendar.month_of[day])
    u = world.uniforms(Stream.MEMBERSHIP, rows, repeated(month, int(kind)))
    return _day_of(world, month, u[0] < chance, u[1]), u


@implements("NP-11.2")
def _death_days(world: World, day: int, rows: Ints) -> Ints:
    """Give the day of this month on which persons die, -1 if they live."""
    month = int(world.calendar.month_of[day])
    u = world.economy.uniforms(Stream.DEATH, rows, month, Lender.NP)
    chance = world.config.products.np_membership.death.per_month
    return _day_of(world, month, u[0] < chance, u[1])


def _day_of(world: World, month: int, happens: Bools, u: Floats) -> Ints:
    """Give an even day of a month where something happens, -1 elsewhere."""
    return np.where(happens, world.calendar.even_day(month, u), -1)


@implements("NP-2.5")
def _sort_by_use(world: World, day: int, rows: Ints) -> None:
    """Put members into the kinds of the terms by their uses."""
    members, tiers = world.members, world.config.products.np_membership.tiers
    if not tiers:
        return
    kind = tier_of(tiers, members.n_uses[rows])
    changed = kind != members.tier[rows]
    members.tier[rows] = kind
    world.log.add(
        Activity.TIER_CHANGED, day * MINUTES_PER_DAY, rows[changed], reference=kind[changed]
    )
