"""Courts: from the decision to sue to an enforceable title that is final (COLL-05, COLL-06).

A payment order is applied for, served, objected to or not, declared enforceable and served again;
an objection makes it a lawsuit. Papers wait for the lender's legal clerks and for the court's;
between papers a clock runs (`models.policy.law.proceedings.Stage`).
"""

import numpy as np

from models.arrays import Floats, Ints
from models.clauses import implements
from models.codes import one_of
from models.policy.law.court_costs import (
    CourtLevel,
    court_costs,
    court_of,
    expected_cost,
    venue_of,
)
from models.policy.law.proceedings import (
    Answer,
    Route,
    Stage,
    answer_to_order,
    choose_route,
    goes_to_court,
    has_lapsed,
    lawsuit_days,
    serve,
    wins,
)
from sim.engine.collection.contact import respond
from sim.engine.collection.write_off import extinguish
from sim.engine.dues.settlement import accrued_claims, claim_of_members
from sim.engine.law.filings import advance_costs, prepare, submit, wait_until
from sim.engine.state.world import CONTACT_MINUTE, END_OF_DAY, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.rng import OCCURRENCES_PER_KEY, Stream, repeated

MAY_BE_SUED = one_of(Stage.NONE, Stage.LAPSED)
"""Whether nothing is before the court yet, or no longer, by `Stage`."""


@implements("COLL-05", "ART-12")
def sue(world: World, day: int, rows: Ints) -> None:
    """Decide which claims are taken to court, by which route; their papers wait for a clerk."""
    law, table = world.config.collections.law, world.proceedings
    rows = rows[MAY_BE_SUED[table.stage[rows]] & (table.title_day[rows] < 0)]
    if not rows.size:
        return
    claim = accrued_claims(world, day - 1, rows)
    costs = court_costs(law.fees, claim)
    route = choose_route(law.court, *costs)
    is_order = route == Route.PAYMENT_ORDER
    key = repeated(world.members.spell_start[rows], table.number[rows] % OCCURRENCES_PER_KEY)
    u = world.uniforms(Stream.SUE, rows, key)[0]
    cost = expected_cost(law.fees, law.court, route, costs)
    goes = goes_to_court(law.court, claim, cost, u)
    minute = day * MINUTES_PER_DAY + CONTACT_MINUTE
    world.log.add(Activity.NOT_SUED, minute, rows[~goes], yen=claim[~goes])
    prepare(world, rows[goes & is_order], Stage.TO_APPLY)
    prepare(world, rows[goes & ~is_order], Stage.TO_SUE)


# Papers that a legal clerk has prepared, in the night that closes the day.


@implements("COLL-05")
def apply(world: World, day: int, rows: Ints) -> None:
    """File applications for payment orders."""
    claim = accrued_claims(world, day, rows)
    cost = court_costs(world.config.collections.law.fees, claim).order_yen
    _file(world, day, rows, claim, cost, Activity.ORDER_FILED)
    submit(world, rows, Stage.APPLIED)


@implements("ART-12", "COLL-05")
def file_lawsuit(world: World, day: int, rows: Ints) -> None:
    """File lawsuits."""
    claim = accrued_claims(world, day, rows)
    cost = court_costs(world.config.collections.law.fees, claim).lawsuit_yen
    _file(world, day, rows, claim, cost, Activity.LAWSUIT_FILED)
    submit(world, rows, Stage.SUED)


@implements("COLL-06")
def request_execution(world: World, day: int, rows: Ints) -> None:
    """Ask for provisional execution, if the time to do so has not passed in the clerks' queue."""
    table, court = world.proceedings, world.config.collections.law.court
    lapsed = has_lapsed(court, day - table.since[rows].astype(np.int64))
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    world.log.add(Activity.ORDER_LAPSED, minute, rows[lapsed], resource="clerks")
    table.enter(rows[lapsed], Stage.LAPSED)
    rows = rows[~lapsed]
    world.log.add(Activity.EXECUTION_DECLARED, minute, rows, resource="clerks")
    submit(world, rows, Stage.REQUESTED)


def _file(world: World, day: int, rows: Ints, claim: Ints, cost: Ints, activity: Activity) -> None:
    """Log a filing with the court that it goes to, and advance its costs."""
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    fees = world.config.collections.law.fees
    venue, level = venue_of(fees.venue, world.lender), court_of(fees, claim)
    for court in CourtLevel:
        chosen = level == court
        name = f"{court.name.lower()}_court:{venue}"
        world.log.add(activity, minute, rows[chosen], yen=claim[chosen], resource=name)
    advance_costs(world, day, rows, cost)


# Papers that the court has taken up, in the night that closes the day.


@implements("COLL-05")
def begin_service(world: World, day: int, rows: Ints) -> None:
    """Begin to serve payment orders."""
    served = serve(world.config.collections.law.court, _chances(world, rows)[0])
    wait_until(world, rows, Stage.SERVICE, day + served.days)


@implements("COLL-06")
def begin_second_service(world: World, day: int, rows: Ints) -> None:
    """Begin to serve declarations of provisional execution, not before their time."""
    court = world.config.collections.law.court
    declared = np.maximum(world.proceedings.since[rows].astype(np.int64) + court.request_days, day)
    served = serve(court, _chances(world, rows)[0], second=True)
    wait_until(world, rows, Stage.SECOND_SERVICE, declared + served.days)


@implements("COLL-06")
def begin_lawsuit(world: World, day: int, rows: Ints) -> None:
    """Let lawsuits run until their judgment."""
    days = lawsuit_days(world.config.collections.law.court, _chances(world, rows)[3])
    wait_until(world, rows, Stage.LAWSUIT, day + days)


# Clocks that end, in the night that opens the day.


@implements("COLL-05")
def end_service(world: World, day: int, rows: Ints) -> None:
    """Let the time to object run where an order was served; some pay when they hold it."""
    court, u = world.config.collections.law.court, _chances(world, rows)
    rows, u = _served(world, day, rows, u, second=False)
    world.log.add(Activity.ORDER_SERVED, day * MINUTES_PER_DAY + CONTACT_MINUTE, rows)
    share = court.response.by_reason()[world.members.spell_reason[rows]]
    respond(world, day, rows, share, u[2])
    wait_until(world, rows, Stage.OBJECTION, np.full(rows.size, day + court.objection_days))


def _served(world: World, day: int, rows: Ints, u: Floats, *, second: bool) -> tuple[Ints, Floats]:
    """Give the members to whom papers could be served, with their draws; the others' lapse."""
    is_served = serve(world.config.collections.law.court, u[0], second=second).is_served
    lost = rows[~is_served]
    world.log.add(Activity.SERVICE_FAILED, day * MINUTES_PER_DAY + CONTACT_MINUTE, lost)
    world.proceedings.enter(lost, Stage.LAPSED)
    return rows[is_served], u[:, is_served]


@implements("COLL-05", "COLL-06")
def end_objection(world: World, day: int, rows: Ints) -> None:
    """Turn orders with an objection into lawsuits; ask for the execution of the others."""
    answer = answer_to_order(world.config.collections.law.court, _chances(world, rows)[1])
    objects = answer == Answer.OBJECTS
    _go_to_trial(world, day, rows[objects])
    silent = rows[~objects]
    world.proceedings.since[silent] = day
    prepare(world, silent, Stage.TO_REQUEST)


def _go_to_trial(world: World, day: int, rows: Ints) -> None:
    """Go on with a lawsuit after an objection; the rest of its fee is due."""
    if not rows.size:
        return
    minute = day * MINUTES_PER_DAY + CONTACT_MINUTE
    claim = claim_of_members(world, rows)
    world.log.add(Activity.OBJECTED, minute, rows)
    world.log.add(Activity.LAWSUIT_FILED, minute, rows, yen=claim)
    costs = court_costs(world.config.collections.law.fees, claim)
    advance_costs(world, day, rows, costs.objection_yen)
    submit(world, rows, Stage.SUED)


@implements("COLL-06")
def end_second_service(world: World, day: int, rows: Ints) -> None:
    """Give a title where the declaration was served, unless the debtor objects to it."""
    court = world.config.collections.law.court
    rows, u = _served(world, day, rows, _chances(world, rows), second=True)
    objects = answer_to_order(court, u[1], second=True) == Answer.OBJECTS
    _go_to_trial(world, day, rows[objects])
    _give_title(world, day, rows[~objects])


@implements("COLL-06", "ART-13")
def give_judgment(world: World, day: int, rows: Ints) -> None:
    """Give judgments; a claim that is lost is no claim any more."""
    won = wins(world.config.collections.law.court, _chances(world, rows)[2])
    minute = day * MINUTES_PER_DAY + CONTACT_MINUTE
    world.log.add(
        Activity.JUDGMENT_GIVEN, minute, rows[won], yen=claim_of_members(world, rows[won])
    )
    _give_title(world, day, rows[won])
    extinguish(world, day, rows[~won], Activity.CLAIM_DISMISSED)


def _give_title(world: World, day: int, rows: Ints) -> None:
    """Let the days run after which a title is final."""
    days = max(world.config.collections.law.court.final_days, 1)  # this morning's clocks are read
    wait_until(world, rows, Stage.TITLE, np.full(rows.size, day + days))


@implements("COLL-06", "COLL-07")
def make_final(world: World, day: int, rows: Ints) -> None:
    """Note titles that are final; execution follows after its days."""
    world.proceedings.title_day[rows] = day
    world.log.add(Activity.TITLE_FINAL, day * MINUTES_PER_DAY + CONTACT_MINUTE, rows)
    start = world.config.collections.law.garnishment.start_days
    wait_until(world, rows, Stage.FINAL, np.full(rows.size, day + max(start, 1)))


def _chances(world: World, rows: Ints) -> Floats:
    """Draw for the papers under way: service, answer, judgment, days of it, shape (4, n)."""
    number = world.proceedings.number[rows].astype(np.int64)
    return world.uniforms(Stream.COURT, rows, number)
