"""Execution of final titles: wages attached at the employer, and what else can be found (COLL-07).

The employer pays the attachable part on every payday while the member works there. Who has no job,
or whose employer is not found, is looked into again later (COLL-08): an employer is looked for once
in each job.
"""

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.policy.law.court_costs import attachment_cost
from models.policy.law.execution import (
    attachable_wage,
    attached_balance,
    finds_employer,
    leaves_job,
    share_among_creditors,
)
from models.policy.law.proceedings import Stage
from sim.engine.agenda import Task
from sim.engine.dues.payments import collect_arrears
from sim.engine.dues.settlement import accrue, claim_of_members
from sim.engine.law.filings import advance_costs, prepare, submit, wait_until
from sim.engine.state.unpaid import all_unpaid
from sim.engine.state.world import CONTACT_MINUTE, END_OF_DAY, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.rng import Stream


@implements("COLL-07", "COLL-08")
def execute(world: World, day: int, rows: Ints) -> None:
    """Look for the employers of members under a final title, and for other means."""
    law, table = world.config.collections.law, world.proceedings
    # The same titles as before where a plan has failed: the draw is one of the title.
    first = rows[table.stage[rows] != Stage.IDLE]
    if first.size:
        u = world.uniforms(Stream.EXECUTION, first, table.title_day[first].astype(np.int64))[1]
        left = first[u >= law.garnishment.probability]
        table.enter(left, Stage.FINAL)
        rows = rows[~np.isin(rows, left)]
    u = world.uniforms(Stream.EXECUTION, rows, day)
    _attach_accounts(world, day, rows, u[2:])
    is_open = world.members.overdue_since[rows] >= 0
    rows, u = rows[is_open], u[:, is_open]
    employed = is_employed(world, day, rows)
    found = finds_employer(law.garnishment, employed & ~table.in_vain[rows], u[0])
    table.in_vain[rows] = employed & ~found  # another job is another search
    prepare(world, rows[found], Stage.TO_ATTACH)
    _look_again(world, day, rows[~found], law.garnishment.recheck_days)


def is_employed(world: World, day: int, rows: Ints) -> Bools:
    """Tell which persons have a wage, shape (n,)."""
    persons = world.persons
    jobless = persons.is_jobless[rows] & (persons.hardship_until[rows] >= day)
    return np.asarray(~jobless & (persons.monthly_net_yen[rows] > 0))


@implements("COLL-08")
def _attach_accounts(world: World, day: int, rows: Ints, u: Floats) -> None:
    """Try bank accounts, where the lender does so at all; `u` has the shape (2, n)."""
    terms = world.config.collections.law.bank_account
    if not terms.probability or not rows.size:
        return
    tried = u[0] < terms.probability
    rows, u = rows[tried], u[:, tried]
    cost = attachment_cost(world.config.collections.law.fees)
    advance_costs(world, day, rows, np.full(rows.size, cost))
    accrue(world, day - 1, all_unpaid(world, rows))
    cash = attached_balance(terms, claim_of_members(world, rows), u)
    minute = day * MINUTES_PER_DAY + CONTACT_MINUTE
    world.log.add(Activity.ACCOUNT_ATTACHED, minute, rows, yen=cash)
    collect_arrears(world, day, rows[cash > 0], cash[cash > 0])


def _look_again(world: World, day: int, rows: Ints, after_days: int) -> None:
    """Look into members again whose wages cannot be attached now."""
    minute = day * MINUTES_PER_DAY + CONTACT_MINUTE
    world.log.add(Activity.NOTHING_TO_ATTACH, minute, rows)
    wait_until(world, rows, Stage.IDLE, np.full(rows.size, day + max(after_days, 1)))


@implements("COLL-07", "AU-39.2(3)", "NP-7.1")
def petition(world: World, day: int, rows: Ints) -> None:
    """Petition for the attachment of wages; the other lenders learn of it the next morning."""
    cost = attachment_cost(world.config.collections.law.fees)
    advance_costs(world, day, rows, np.full(rows.size, cost))
    submit(world, rows, Stage.PETITIONED)
    for other in world.others:
        other.agenda.schedule(Task.ATTACHED_ELSEWHERE, day + 1, rows)


@implements("COLL-07")
def attach(world: World, day: int, rows: Ints) -> None:
    """Attach wages for the claim of the day."""
    table = world.proceedings
    accrue(world, day, all_unpaid(world, rows))
    claim = claim_of_members(world, rows)
    table.enter(rows, Stage.GARNISHMENT)
    table.attached_day[rows] = day
    table.attached_yen[rows] = claim
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    world.log.add(Activity.WAGE_ATTACHED, minute, rows, yen=claim)
    _await_payday(world, day, rows)


def _await_payday(world: World, day: int, rows: Ints) -> None:
    """Plan the next payday of members after a day."""
    days = world.next_payday(rows, np.full(rows.size, day + 1))
    world.agenda.schedule(Task.GARNISH, days, rows)


@implements("COLL-07", "COLL-12", "ART-12")
def garnish(world: World, day: int, rows: Ints) -> None:
    """Take the attachable part of the wages that are paid today."""
    members, terms = world.members, world.config.collections.law.garnishment
    is_on = world.proceedings.stage[rows] == Stage.GARNISHMENT
    is_on &= (members.overdue_since[rows] >= 0) & (world.persons.died_day[rows] < 0)
    rows = rows[is_on & ~world.arrangements.stops_contacts(rows)]
    left = leaves_job(terms, world.uniforms(Stream.EXECUTION, rows, day)[1])
    ends = left | ~is_employed(world, day, rows)
    gone, rows = rows[ends], rows[~ends]
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    world.log.add(Activity.ATTACHMENT_ENDED, minute, gone)
    world.proceedings.attached_yen[gone] = 0
    searched = np.where(left[ends], max(terms.search_days, 1), terms.recheck_days)
    wait_until(world, gone, Stage.IDLE, day + searched)
    if not rows.size:
        return
    accrue(world, day, all_unpaid(world, rows))
    world.proceedings.attached_yen[rows] = claim_of_members(world, rows)
    cash = _attachable(world, day, rows)
    _note_taken(world, day, rows, cash)
    world.log.add(Activity.WAGE_GARNISHED, minute, rows, yen=cash, resource="employer")
    collect_arrears(world, day, rows, cash)
    _await_payday(world, day, rows[members.overdue_since[rows] >= 0])


def _attachable(world: World, day: int, rows: Ints) -> Ints:
    """Give the part of today's wages that is this lender's, yen, shape (n,)."""
    terms, persons = world.config.collections.law.garnishment, world.persons
    whole = attachable_wage(terms, persons.monthly_net_yen[rows].astype(np.int64))
    taken = np.where(persons.wage_day[rows] == day, persons.wage_taken_yen[rows], 0)
    creditors = sorted((world, *world.others), key=lambda one: one.lender)
    claims = np.stack([one.proceedings.attached_yen[rows] for one in creditors], axis=1)
    order = np.stack([one.proceedings.attached_day[rows] for one in creditors], axis=1)
    shares = share_among_creditors(whole, claims.astype(np.int64), order, terms.priority)
    own = shares[:, creditors.index(world)]
    # What another creditor has taken today is gone, though it may claim nothing any more.
    return np.asarray(np.minimum(own, whole - taken))


def _note_taken(world: World, day: int, rows: Ints, cash: Ints) -> None:
    """Note what was taken from today's wages, for the creditors that follow."""
    persons = world.persons
    before = np.where(persons.wage_day[rows] == day, persons.wage_taken_yen[rows], 0)
    persons.wage_taken_yen[rows] = before + cash
    persons.wage_day[rows] = day
