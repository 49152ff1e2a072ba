"""Limits at au PAY Atobarai: the score behind them, reviews, raises for a time, use and excess."""

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.kernels.groups import distinct, sum_by
from models.policy.admission import score
from models.policy.authorisation import Answer
from models.products.au_pay.limits import (
    after_refused_documents,
    authorise,
    is_restricted_use,
    limit_in_force,
    limit_of_points,
    limit_used,
    over_limit_claim,
    reviewed_limit,
    screening_points,
)
from models.products.au_pay.measures import Measure, MeasureGround
from models.products.au_pay.membership import usable_from
from models.products.catalogue import Product
from sim.engine.agenda import Task
from sim.engine.au_pay.bureau import ask_bureau
from sim.engine.au_pay.late import credit_of
from sim.engine.au_pay.measures import carry_out
from sim.engine.au_pay.tax import WITH_FINANCE_CHARGE
from sim.engine.members.applications import change_limits
from sim.engine.members.status import is_member
from sim.engine.state.exposure import key_of
from sim.engine.state.portfolio import Status
from sim.engine.state.unpaid import all_unpaid
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.rng import Stream


@implements("AU-2.1", "AU-15.1", "AU-22.1")
def judge(
    world: World, day: int, rows: Ints, u: Floats, *, is_application: bool
) -> tuple[Floats, Ints]:
    """Give points and limit of persons: own bills, what they stated, and the bureau's files.

    Parameters
    ----------
    world, day
        Lender and day.
    rows
        Member rows, shape (n,).
    u
        Uniforms that decide what their statements are worth, shape (n,).
    is_application
        Whether they apply.
    """
    members, terms = world.members, world.au
    nothing = np.zeros(rows.size, dtype=np.int64)  # the other lender's records stay there (ART-08)
    own = score(
        world.config.screening.score,
        nothing,
        nothing,
        members.bills_on_time[rows],
        members.bills_late[rows],
        members.worst_days_past_due[rows],
    )
    own = own + terms.admission.form_points * (2.0 * u - 1.0)
    view = ask_bureau(world, day, rows, is_application=is_application)
    has_inquiry = view.has_inquiry & is_application  # a member's own query is no other lender's
    points = screening_points(terms.admission, own, view.is_derogatory, has_inquiry)
    return points, limit_of_points(terms.admission, terms.limit, points)


@implements("AU-22.3", "AU-22.7", "AU-15.1")
def review_limits(world: World, day: int, rows: Ints) -> None:
    """Look at the limits of members again; some are asked for documents and refuse them."""
    members, terms = world.members, world.au
    if not rows.size:
        return
    # The form of the application, what holds for good, and documents on this day.
    blocks = (Stream.AU_SCREENING, 0), (Stream.AU_REVIEW, 0), (Stream.AU_REVIEW, 1 + day)
    form, always, now = world.blocks(blocks, rows).swapaxes(0, 1)
    _, scored = judge(world, day, rows, form[0], is_application=False)
    before = members.limit_yen[rows].astype(np.int64)
    declines = always[1] < terms.limit.raise_declined_share
    limit = reviewed_limit(before, scored, declines)
    refuses = now[0] < terms.limit.noncomply_share
    limit, measure = after_refused_documents(terms.limit, limit, refuses)
    world.log.add(Activity.DOCUMENTS_REFUSED, day * MINUTES_PER_DAY, rows[refuses])
    change_limits(world, day, rows, limit)
    if refuses.any():
        for kind in (Measure.SUSPEND, Measure.CANCEL):
            carry_out(world, day, rows[measure == kind], kind, MeasureGround.REPORT_REFUSED)


def re_review_at_au(world: World, day: int, rows: Ints) -> None:
    """Review limits when their time has come; a member in arrears is looked at when released."""
    rows = rows[is_member(world, rows)]
    again = np.full(rows.size, day + world.au.limit.review_every_days)
    world.agenda.schedule(Task.RE_REVIEW, again, rows)
    review_limits(world, day, rows[world.members.status[rows] == int(Status.ACTIVE)])


@implements("AU-22.4")
def raise_for_a_time(world: World, day: int, rows: Ints, u: Floats) -> None:
    """Answer requests for a raise that ends by itself; `u` decides, shape (n,)."""
    terms, standings = world.au.limit, credit_of(world).standings
    members = world.members
    is_sound = (members.status[rows] == int(Status.ACTIVE)) & (members.overdue_since[rows] < 0)
    given = is_sound & (u < terms.temporary_approved_share)
    minute = day * MINUTES_PER_DAY
    world.log.add(Activity.TEMPORARY_LIMIT_REFUSED, minute, rows[~given])
    rows = rows[given]
    standings.temporary_yen[rows] = terms.temporary_yen
    standings.temporary_until[rows] = day + terms.temporary_days - 1
    ends = np.full(rows.size, day + terms.temporary_days)
    world.agenda.schedule(Task.REVERT, ends, rows)
    yen = limits_of(world, day, rows)
    world.log.add(Activity.TEMPORARY_LIMIT_GIVEN, minute, rows, yen=yen)


@implements("AU-22.4")
def revert_limits(world: World, day: int, rows: Ints) -> None:
    """End raises whose time is over, without notice."""
    standings = credit_of(world).standings
    rows = rows[standings.temporary_until[rows] == day - 1]
    standings.temporary_yen[rows] = 0
    yen = limits_of(world, day, rows)
    world.log.add(Activity.TEMPORARY_LIMIT_ENDED, day * MINUTES_PER_DAY, rows, yen=yen)


@implements("AU-22.1", "AU-22.4")
def limits_of(world: World, day: int, rows: Ints) -> Ints:
    """Give the shopping limits of a day, yen, shape (n,); who has none gets no raise on it."""
    standings, limit = credit_of(world).standings, world.members.limit_yen[rows].astype(np.int64)
    raised, until = standings.temporary_yen[rows], standings.temporary_until[rows]
    found = limit_in_force(world.au.limit, limit, raised, until, day)
    found[limit == 0] = 0
    return found


@implements("AU-27.1")
def used_of(world: World, rows: Ints, principal_yen: Ints) -> Ints:
    """Give what counts against the limits: unpaid principal, other fees if they count (C-34)."""
    terms = world.au.limit
    other = _other_fees(world, rows) if terms.count_fees else np.zeros_like(principal_yen)
    return limit_used(terms, principal_yen, other)


def _other_fees(world: World, rows: Ints) -> Ints:
    """Give the unpaid fees of members but finance charges, yen, shape (n,); rows may repeat."""
    table, owners = world.dues, distinct(rows)
    dues = all_unpaid(world, owners)
    dues = dues[~np.isin(table.product[dues], WITH_FINANCE_CHARGE)]
    fees = sum_by(owners, table.member[dues], table.fee_yen[dues])
    return np.asarray(fees[owners.searchsorted(rows)] + world.members.claimed_fee_yen[rows])


def draw_tests(world: World, purchases: Ints) -> Floats:
    """Draw what becomes of uses when they are asked for, shape (4, n)."""
    table = world.purchases
    return world.uniforms(Stream.USE_TEST, table.member[purchases], key_of(table, purchases))


@implements("AU-24.6", "AU-24.8", "AU-24.9", "AU-24.11", "AU-27.1", "AU-22.5", "AU-41.1")
def answer_uses(world: World, purchases: Ints, u: Floats) -> Ints:
    """Answer one use of each of several members, all of one day, by what was drawn for them.

    Returns
    -------
    Ints
        `models.policy.authorisation.Answer`, shape (n,).
    """
    table, members, terms = world.purchases, world.members, world.au
    rows = table.member[purchases].astype(np.int64)
    day = int(table.minute[purchases[0]]) // MINUTES_PER_DAY
    status = members.status[rows]
    is_suspended = status == int(Status.SUSPENDED)
    usable = is_suspended | (status == int(Status.ACTIVE))
    usable &= credit_of(world).standings.usable_day[rows] <= day
    usable &= ~_mistypes(world, day, purchases, usable, u[3])
    restricted = _is_restricted(world, purchases, u[2])
    limit = limits_of(world, day, rows)
    used = used_of(world, rows, members.unsettled_yen[rows].astype(np.int64))
    price = table.price_yen[purchases].astype(np.int64)
    answer = authorise(
        terms.limit,
        terms.card,
        price,
        limit,
        used,
        usable,
        is_suspended | (members.overdue_since[rows] >= 0),
        restricted,
        table.u_hold[purchases],
        u[0],
        u[1],
    )
    # A suspension is no choice of the moment: also where arrears alone do not block (C-61).
    answer[usable & is_suspended] = int(Answer.OVERDUE)
    passed = answer == int(Answer.AUTHORISED)
    offline = u[1] < terms.limit.offline_share
    for activity, is_so in (
        (Activity.OFFLINE_USE, passed & offline),
        (Activity.OVER_LIMIT_APPROVED, passed & ~offline & (used + price > limit)),
        (Activity.DECLINED_RESTRICTED, usable & restricted),
    ):
        if is_so.any():
            hit = purchases[is_so]
            world.log.add(activity, table.minute[hit], rows[is_so], yen=table.price_yen[hit])
    return answer


def _is_restricted(world: World, purchases: Ints, u: Floats) -> Bools:
    """Tell which uses are refused for the goods or the person."""
    table, terms = world.purchases, world.au
    rows = table.member[purchases]
    exposed = np.zeros(rows.size, dtype=bool)
    if terms.admission.exposed_person_share:
        draw = world.uniforms(Stream.AU_REVIEW, rows, 0)[2]
        exposed = draw < terms.admission.exposed_person_share
    if not (exposed.any() or terms.limit.restricted_share or terms.foreign.restricted_share):
        return exposed
    # One uniform for both: its upper end tells about the permit.
    return is_restricted_use(
        terms.limit, terms.foreign, exposed, table.is_foreign[purchases], u, 1.0 - u
    )


@implements("AU-24.9")
def _mistypes(world: World, day: int, purchases: Ints, usable: Bools, u: Floats) -> Bools:
    """Block card data on a wrong security code for a time; tell which uses fail by it."""
    wrong = usable & (u < world.au.card.security_code_wrong_share)
    table, hit = world.purchases, purchases[wrong]
    if hit.size:
        rows = table.member[hit]
        until = usable_from(world.au.card, np.full(rows.size, day), is_reissue=np.array(False))
        credit_of(world).standings.usable_day[rows] = until
        world.log.add(Activity.CODE_WRONG, table.minute[hit], rows, yen=table.price_yen[hit])
    return np.asarray(wrong)


@implements("AU-22.6", "AU-22.5")
def claim_excess(world: World, purchases: Ints, unsettled_yen: Ints) -> None:
    """Make uses above the limit due in one sum: whatever plan was chosen, they are one-time.

    Parameters
    ----------
    world
        Lender.
    purchases
        Uses of one day that passed and whose plan is chosen, shape (n,).
    unsettled_yen
        What was unsettled of their members before each of them, shape (n,).
    """
    table, terms = world.purchases, world.au.limit
    if not terms.over_limit_claim:
        return
    day = int(table.minute[purchases[0]]) // MINUTES_PER_DAY
    rows = table.member[purchases].astype(np.int64)
    used = used_of(world, rows, unsettled_yen) + table.price_yen[purchases]
    # Few are above the limit even without a raise.
    some = (used > np.minimum(world.members.limit_yen[rows], terms.cap_yen)).nonzero()[0]
    if not some.size:
        return
    excess = over_limit_claim(terms, used[some], limits_of(world, day, rows[some]))
    is_over = excess > 0
    over = purchases[some[is_over]]
    table.product[over] = Product.AU_ONE_TIME
    table.times[over] = 1
    world.log.add(
        Activity.EXCESS_CLAIMED,
        table.minute[over],
        table.member[over],
        yen=excess[is_over],
        reference=key_of(table, over),
        product=table.product[over],
    )
