"""Admission to au PAY Atobarai: screening takes days, the contract begins when it ends (AU-2)."""

import numpy as np

from models.arrays import Floats, Ints
from models.clauses import implements
from models.products.au_pay.measures import Measure, MeasureGround
from models.products.au_pay.membership import (
    admission_day,
    card_expiry,
    counts_as_antisocial,
    measure_of_unfinished_checks,
    usable_from,
)
from models.products.catalogue import PayMethod
from sim.engine.agenda import NEVER, Task
from sim.engine.au_pay.bureau import register_contracts
from sim.engine.au_pay.costs import plan_annual_fee
from sim.engine.au_pay.late import credit_of
from sim.engine.au_pay.limits import judge
from sim.engine.au_pay.measures import carry_out
from sim.engine.members.status import is_member
from sim.engine.state.portfolio import Status
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.rng import Stream


@implements("AU-2.1")
def receive_applications(world: World, day: int, rows: Ints) -> None:
    """Receive applications; they are answered after screening."""
    rows = rows[world.persons.died_day[rows] < 0]
    days = admission_day(world.au.admission, np.full(rows.size, day))
    if world.au.admission.screen_delay_days:
        world.agenda.schedule(Task.SCREENED, days, rows)
    else:
        answer_applications(world, day, rows)


@implements("AU-2.1", "AU-2.2", "AU-11.1", "AU-17.1", "AU-18.1")
def answer_applications(world: World, day: int, rows: Ints) -> None:
    """Admit applicants or refuse them; the contract is formed on this day."""
    members, terms = world.members, world.au.admission
    asks = members.status[rows] == int(Status.APPLICANT)
    rows = rows[asks & (world.persons.died_day[rows] < 0)]
    if not rows.size:
        return
    u = world.uniforms(Stream.AU_SCREENING, rows, 0)
    minute = day * MINUTES_PER_DAY
    withholds = u[1] < terms.refuses_consent_share
    tied = counts_as_antisocial(terms, np.full(rows.size, -1), u[2] < terms.antisocial_share)
    world.log.add(Activity.CONSENT_REFUSED, minute, rows[withholds])
    world.log.add(Activity.TIES_REFUSED, minute, rows[tied & ~withholds])
    asked = (~(withholds | tied)).nonzero()[0]
    points, limit = judge(world, day, rows[asked], u[0, asked], is_application=True)
    passes = (points >= terms.cut_off) & (limit > 0)
    is_admitted = np.zeros(rows.size, dtype=bool)
    is_admitted[asked] = passes
    refused = rows[~is_admitted]
    members.status[refused] = Status.REJECTED
    members.ended_day[refused] = day
    world.log.add(Activity.APPLICATION_REJECTED, minute, refused)
    _admit(world, day, rows[is_admitted], limit[passes], u[3, is_admitted])


@implements("AU-2.2", "AU-22.1", "AU-7.1", "AU-10.1")
def _admit(world: World, day: int, rows: Ints, limit: Ints, u_checks: Floats) -> None:
    """Make applicants members with a limit and card data; `u_checks` tells of identity checks."""
    if not rows.size:
        return
    members, minute = world.members, day * MINUTES_PER_DAY
    members.status[rows] = Status.ACTIVE
    members.joined_day[rows] = day
    members.limit_yen[rows] = limit
    members.pay_method[rows] = PayMethod.DIRECT_DEBIT
    world.log.add(Activity.APPLICATION_APPROVED, minute, rows)
    world.log.add(Activity.LIMIT_SET, minute, rows, yen=limit)
    register_contracts(world, day, rows)
    issue_cards(world, day, rows)
    plan_annual_fee(world, day, rows)
    period = world.au.limit.review_every_days
    world.agenda.schedule(Task.RE_REVIEW, day + period, rows)
    terms = world.au.admission
    late = rows[u_checks < terms.kyc_unfinished_share]
    ends = np.full(late.size, day + terms.kyc_deadline_days + 1)
    world.agenda.schedule(Task.IDENTITY, ends, late)


@implements("AU-7.1")
def issue_cards(world: World, day: int, rows: Ints) -> None:
    """Issue card data, valid to the end of a month."""
    terms, calendar = world.au.card, world.calendar
    if calendar.month_of[day] + terms.valid_months >= calendar.months:  # outlive the run
        return
    ends = int(card_expiry(terms, calendar, np.array(day))) + 1
    if ends < world.n_days:
        world.agenda.schedule(Task.CARD_ENDS, ends, rows)


@implements("AU-4.1", "AU-4.3")
def reissue_cards(world: World, day: int, rows: Ints) -> None:
    """Issue lost card data again; they cannot be used until then. Expired ones stay as they are."""
    standings = credit_of(world).standings
    rows = rows[standings.usable_day[rows] != NEVER]
    until = usable_from(world.au.card, np.full(rows.size, day), is_reissue=np.array(True))
    standings.usable_day[rows] = until
    world.log.add(Activity.CARD_REISSUE_BEGAN, day * MINUTES_PER_DAY, rows)
    world.agenda.schedule(Task.CARD_BACK, until, rows)


@implements("AU-10.1", "AU-10.2")
def check_identity_at_au(world: World, day: int, rows: Ints) -> None:
    """Act on members whose identity checks are not finished in time."""
    members, terms = world.members, world.au.admission
    unfinished = np.zeros(rows.size, dtype=bool)
    measure = measure_of_unfinished_checks(terms, members.joined_day[rows], unfinished, day)
    ends = members.joined_day[rows].astype(np.int64) + terms.kyc_deadline_days + 1
    # The terms may give more days by now.
    world.agenda.schedule(Task.IDENTITY, ends[ends > day], rows[ends > day])
    world.log.add(Activity.CHECKS_UNFINISHED, day * MINUTES_PER_DAY, rows[measure > Measure.NONE])
    for kind in (Measure.RESTRICT, Measure.SUSPEND, Measure.CANCEL):
        chosen = rows[measure == kind]
        carry_out(world, day, chosen[is_member(world, chosen)], kind, MeasureGround.REPORT_REFUSED)
