"""What may happen to members of au PAY Atobarai in a month: requests, leaving, grounds learnt.

Each kind has a chance a month. On the first of a month the days are drawn and planned; on the day
the same draws tell what happens. Kinds with chance 0 are never drawn.
"""

from collections.abc import Iterator, Mapping
from typing import TypeVar

import numpy as np

from models.arrays import Floats, Ints
from models.clauses import implements
from models.codes import Code
from models.products.au_pay.arrears import Ground, accelerated_by_ground
from models.products.au_pay.default_terms import KnowledgeHazards
from models.products.au_pay.measures import MeasureGround
from models.products.au_pay.membership import is_renewed, may_withdraw
from models.products.catalogue import Lender
from sim.engine.agenda import NEVER, Task
from sim.engine.au_pay.acceleration import learn_of
from sim.engine.au_pay.admission import issue_cards
from sim.engine.au_pay.late import credit_of
from sim.engine.au_pay.limits import raise_for_a_time
from sim.engine.au_pay.measures import take_measure
from sim.engine.members.leaving import die
from sim.engine.members.membership import end
from sim.engine.members.status import is_member
from sim.engine.state.portfolio import Status
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.rng import Stream, repeated

GROUND_OF_HAZARD = {name: Ground[name.upper()] for name in KnowledgeHazards.model_fields}
"""Ground of AU-39.2 or AU-39.3 by the name of its chance in the terms."""


class Kind(Code):
    """Kinds of events; the numbers are part of the draws' keys."""

    TEMPORARY_LIMIT = 0
    WITHDRAWAL = 1
    EXPLANATION = 2
    CONCERN = 3
    MOVE = 4


Numbered = TypeVar("Numbered", Kind, Ground)
"""What happens: an event of a member, or a ground that the lender learns of."""


def _chances(world: World) -> dict[Kind, float]:
    """Give the chance a month of each kind that can happen at all."""
    terms = world.au
    every = {
        Kind.TEMPORARY_LIMIT: terms.limit.temporary_per_month,
        Kind.WITHDRAWAL: terms.conduct.withdraws_per_month,
        Kind.EXPLANATION: terms.conduct.inquiry_per_month,
        Kind.CONCERN: terms.conduct.money_laundering_per_month,
        Kind.MOVE: terms.conduct.moves_per_month,
    }
    return {kind: chance for kind, chance in every.items() if chance > 0}


def _hazards(world: World) -> dict[Ground, float]:
    """Give the chance a month of each ground that the lender can learn of."""
    hazards = world.au.hazards
    every = {ground: getattr(hazards, name) for name, ground in GROUND_OF_HAZARD.items()}
    return {ground: chance for ground, chance in every.items() if chance > 0}


def plan_life_at_au(world: World, day: int, rows: Ints) -> None:
    """Plan on the first of a month what happens to members in it."""
    if world.calendar.day_of_month[day] != 1 or world.script is not None:
        return
    rows = rows[is_member(world, rows)]
    month = int(world.calendar.month_of[day])
    _plan_deaths(world, month, rows)
    for kind, chance in _chances(world).items():
        (days,), _ = _days(world, month, rows, Stream.AU_LIFE, {kind: chance})
        world.agenda.schedule(Task.AU_EVENT, days[days >= 0], rows[days >= 0])
    for ground, chance in _hazards(world).items():
        (days,), _ = _days(world, month, rows, Stream.KNOWLEDGE, {ground: chance})
        world.agenda.schedule(Task.LEARN, days[days >= 0], rows[days >= 0])


def _days(
    world: World,
    month: int,
    rows: Ints,
    stream: Stream,
    chances: Mapping[Numbered, float],
) -> tuple[Ints, Floats]:
    """Give the days of a month on which something happens, and the draws.

    `chances` a month are by kind, a number. Days have the shape (kinds, n), -1 where nothing
    happens; draws (4, kinds, n).
    """
    kinds = np.array(list(chances), dtype=np.int64)
    occurrence = repeated(month, kinds)[:, np.newaxis]
    u = world.uniforms(stream, rows, occurrence).reshape(4, kinds.size, rows.size)
    happens = u[0] < np.array(list(chances.values()))[:, np.newaxis]
    return np.where(happens, world.calendar.even_day(month, u[1]), -1), u


def live_at_au(world: World, day: int, rows: Ints) -> None:
    """Let happen what is planned for a day."""
    for kind, hit, u in _happening(world, day, rows, Stream.AU_LIFE, _chances(world)):
        _happen(world, day, hit, kind, u[2:])


def _happening(
    world: World, day: int, rows: Ints, stream: Stream, chances: Mapping[Numbered, float]
) -> Iterator[tuple[Numbered, Ints, Floats]]:
    """Give what happens today: the kind, the rows of those who still are members, their draws.

    One draw for all kinds: few rows a day, so that each draw costs the same whatever its size.
    What happens of one kind may end memberships before the next.
    """
    days, u = _days(world, int(world.calendar.month_of[day]), rows, stream, chances)
    for place, kind in enumerate(chances):
        hit = (days[place] == day).nonzero()[0]
        hit = hit[is_member(world, rows[hit])]
        if hit.size:
            yield kind, rows[hit], u[:, place, hit]


@implements("AU-10.4", "AU-13.1", "AU-13.3", "AU-41.1")
def _happen(world: World, day: int, rows: Ints, kind: Kind, u: Floats) -> None:
    """Let one kind of event happen to members."""
    minute = day * MINUTES_PER_DAY
    silent = rows[u[0] < world.au.conduct.inquiry_unanswered_share]
    match kind:
        case Kind.TEMPORARY_LIMIT:
            raise_for_a_time(world, day, rows, u[0])
        case Kind.WITHDRAWAL:
            withdraw(world, day, rows)
        case Kind.EXPLANATION:
            world.log.add(Activity.EXPLANATION_ASKED, minute, rows)
            take_measure(world, day, silent, MeasureGround.SUSPICIOUS)
        case Kind.CONCERN:
            world.log.add(Activity.CONCERN_RAISED, minute, rows)
            take_measure(world, day, silent, MeasureGround.CRIME_PROCEEDS)
        case Kind.MOVE:
            _move(world, day, rows, u)


@implements("AU-9.1", "AU-9.2")
def _move(world: World, day: int, rows: Ints, u: Floats) -> None:
    """Let members move; letters no longer reach those of whose move the lender does not know."""
    terms = world.au.conduct
    is_reported = u[0] >= terms.move_unreported_share
    is_inferred = ~is_reported & (u[1] < terms.move_inferred_share)
    is_stale = ~(is_reported | is_inferred)
    world.members.is_address_stale[rows] = is_stale
    for activity, is_so in (
        (Activity.MOVE_REPORTED, is_reported),
        (Activity.MOVE_INFERRED, is_inferred),
        (Activity.MOVE_UNREPORTED, is_stale),
    ):
        world.log.add(activity, day * MINUTES_PER_DAY, rows[is_so])


@implements("AU-39.2(2)", "AU-39.2(3)", "AU-39.2(4)", "AU-39.2(5)", "AU-39.2(7)", "AU-39.3")
def learn_grounds(world: World, day: int, rows: Ints) -> None:
    """Learn of grounds on the days on which the lender does."""
    terms, hazards = world.au.acceleration, _hazards(world)
    for ground, hit, u in _happening(world, day, rows, Stream.KNOWLEDGE, hazards):
        grounds, ties = np.full(hit.size, int(ground)), np.zeros(hit.size, dtype=bool)
        calls = accelerated_by_ground(terms, grounds, ties, u[2])
        learn_of(world, day, hit, ground, accelerates=calls)


@implements("AU-40.1", "AU-40.2", "AU-7.6")
def withdraw(world: World, day: int, rows: Ints) -> None:
    """Let members withdraw, debts or not; what they owe stays on its schedule."""
    rows = rows[may_withdraw(is_member(world, rows))]
    end(world, day, rows, Status.WITHDRAWN, Activity.LEFT)


@implements("AU-41.1")
def learn_of_deaths(world: World, day: int, rows: Ints) -> None:
    """Stop the cards of members whose death the lender learns of; debts go to the estate (C-23)."""
    take_measure(world, day, rows[is_member(world, rows)], MeasureGround.DEATH)
    die(world, day, rows)


def _plan_deaths(world: World, month: int, rows: Ints) -> None:
    """Draw the deaths of persons where no other lender does so."""
    chance = world.config.products.np_membership.death.per_month
    if not chance or world.others:
        return
    u = world.economy.uniforms(Stream.DEATH, rows, month, Lender.NP)
    days = world.calendar.even_day(month, u[1])
    dies = u[0] < chance
    world.agenda.schedule(Task.DIED, days[dies], rows[dies])


@implements("AU-4.1")
def end_reissues(world: World, day: int, rows: Ints) -> None:
    """Let card data that were issued again work, unless they were lost once more meanwhile."""
    back = rows[credit_of(world).standings.usable_day[rows] == day]
    world.log.add(Activity.CARD_REISSUED, day * MINUTES_PER_DAY, back)


@implements("AU-7.1", "AU-7.2", "AU-7.4")
def end_cards(world: World, day: int, rows: Ints) -> None:
    """Renew card data that expired the day before, or stop their use."""
    members, minute = world.members, day * MINUTES_PER_DAY
    expired = rows[is_member(world, rows)]
    active = members.status[expired] == Status.ACTIVE
    renewed = is_renewed(world.au.card, active, members.overdue_since[expired] >= 0)
    world.log.add(Activity.CARD_RENEWED, minute, expired[renewed])
    issue_cards(world, day, expired[renewed])
    gone = expired[~renewed]
    credit_of(world).standings.usable_day[gone] = NEVER
    world.log.add(Activity.CARD_EXPIRED, minute, gone)
