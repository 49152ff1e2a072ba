"""Identity: who applies, who is refused and why, and whether a person is who the person says.

A ground for refusal exists or is feared (NP-2.4). What exists and is not seen may be found later;
then the approval is revoked. Whether a person applied before is read from phone and e-mail, the
member's ID (NP-4.1), and never depends on what the same morning does to somebody else.
"""

from typing import NamedTuple

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.kernels.groups import distinct
from models.policy.np_admission import (
    AdmissionGround,
    days_to_prove,
    found_after,
    has_ties,
    refused_on,
)
from models.products.catalogue import Lender
from sim.engine.agenda import NEVER, Task
from sim.engine.members.applications import apply, refuse
from sim.engine.members.conduct import suspect
from sim.engine.members.membership import end, has, lift, stop
from sim.engine.state.portfolio import Status, Stop
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.rng import Stream


class Pairs(NamedTuple):
    """Rows that gave the same phone number or e-mail as others of their replication."""

    row: Ints
    other: Ints


@implements("NP-2.1", "NP-2.2", "NP-2.7", "NP-2.6")
def receive(world: World, day: int, rows: Ints) -> None:
    """Receive applications: complete ones are screened now or when the answer is due."""
    terms = world.config.products.np_membership
    rows = rows[world.persons.died_day[rows] < 0]
    if terms.admission.incomplete_share or terms.admission.guest_share:
        rows = _read_forms(world, day, rows)
    delay = terms.admission.screening_delay_days
    if not delay and not terms.identity_checks.before_admission:
        screen(world, day, rows)
        return
    wait = np.full(rows.size, delay, dtype=np.int64)
    if terms.identity_checks.before_admission:
        proves = _days_to_prove(world, rows)
        wait = np.maximum(wait, np.minimum(proves, terms.identity_checks.deadline_days))
    screen(world, day, rows[wait == 0])
    world.agenda.schedule(Task.SCREENED, day + wait[wait > 0], rows[wait > 0])


@implements("NP-2.1", "NP-2.7")
def _read_forms(world: World, day: int, rows: Ints) -> Ints:
    """Give the applicants whose particulars are complete; guests among them bring a record."""
    terms = world.config.products.np_membership.admission
    u = world.uniforms(Stream.ADMISSION, rows, 0)
    is_incomplete = u[0] < terms.incomplete_share
    refuse(world, day, rows[is_incomplete], Activity.APPLICATION_INCOMPLETE)
    guests = rows[~is_incomplete & (u[1] < terms.guest_share)]
    world.persons.np_uses[guests] += terms.guest_uses
    world.log.add(Activity.GUEST_JOINED, day * MINUTES_PER_DAY, guests)
    return np.asarray(rows[~is_incomplete])


@implements("NP-2.2", "NP-2.3", "NP-2.4", "NP-8.3")
def screen(world: World, day: int, rows: Ints) -> None:
    """Answer applications: refuse on grounds that are seen or feared, judge the others."""
    if not rows.size:
        return
    terms = world.config.products.np_membership
    if terms.identity_checks.before_admission:
        failed = _days_to_prove(world, rows) > terms.identity_checks.deadline_days
        refuse(world, day, rows[failed], Activity.IDENTITY_FAILED)
        rows = rows[~failed]
    if world.derived.grounds:
        rows = _refuse_on_grounds(world, day, rows)
    _plan_checks(world, day, apply(world, day, rows))


def _refuse_on_grounds(world: World, day: int, rows: Ints) -> Ints:
    """Refuse applicants on what is seen or feared of them; give the others."""
    terms = world.config.products.np_membership.admission
    is_refused = np.zeros(rows.size, dtype=bool)
    for ground in world.derived.grounds:
        u = world.uniforms(Stream.ADMISSION, rows, int(ground))
        hit = refused_on(terms, ground, exists(world, day, rows, ground, u), u)
        refused = rows[hit & ~is_refused]
        is_refused |= hit
        world.log.add(
            Activity.ADMISSION_REFUSED, day * MINUTES_PER_DAY, refused, reference=int(ground)
        )
    refuse(world, day, rows[is_refused], None)
    return np.asarray(rows[~is_refused])


def exists(world: World, day: int, rows: Ints, ground: AdmissionGround, u: Floats) -> Bools:
    """Tell for whom a ground exists; `u` is the block of the ground."""
    terms = world.config.products.np_membership.admission
    by_chance = np.asarray(u[0] < terms.chance(ground).exists)
    match ground:
        case AdmissionGround.MINOR_WITHOUT_CONSENT:
            return by_chance & (world.persons.age[rows] < terms.age_of_majority)
        case AdmissionGround.ANTISOCIAL:
            return by_chance | has_ties_of(world, rows)
        case AdmissionGround.DUPLICATE:
            return by_chance | is_duplicate(world, day, rows)
    return by_chance


def has_ties_of(world: World, rows: Ints) -> Bools:
    """Tell which persons count as antisocial (NP-8.1)."""
    u = world.economy.uniforms(Stream.TIES, rows, 0, Lender.NP)
    return has_ties(world.config.products.np_membership.antisocial, u)


@implements("NP-2.4", "NP-4.1", "NP-9.1")
def is_duplicate(world: World, day: int, rows: Ints) -> Bools:
    """Tell whose phone number or e-mail somebody had registered before and still has."""
    members = world.members
    if world.same_identifier is None:
        world.same_identifier = _pairs(world)
    pairs = Pairs(*world.same_identifier)
    at_hand = np.isin(pairs.row, rows)
    row, other = pairs.row[at_hand], pairs.other[at_hand]
    came, went = members.application_day[other], members.ended_day[other]
    is_earlier = (came < members.application_day[row]) | (
        (came == members.application_day[row]) & (other < row)
    )
    # An application of the same morning counts, however it ends: only what ended before is over.
    stands = (came <= day) & ((went < 0) | (went >= day))
    return np.isin(rows, row[is_earlier & stands])


def _pairs(world: World) -> Pairs:
    """Give all pairs of rows with a common identifier that the duplicate test compares."""
    keys = world.config.products.np_membership.identifiers.keys
    n = world.persons.size
    replication = np.arange(n) // world.n_members * world.n_members
    found = [Pairs(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))]
    for key in keys:
        holder = getattr(world.persons, key)[:n].astype(np.int64)
        given = replication + np.where(holder < 0, np.arange(n) - replication, holder)
        shared = np.flatnonzero(np.bincount(given, minlength=n)[given] > 1)
        for number in distinct(given[shared]).tolist():
            group = shared[given[shared] == number]
            row, other = (side.ravel() for side in np.meshgrid(group, group))
            found.append(Pairs(row[row != other], other[row != other]))
    return Pairs(*(np.concatenate(side) for side in zip(*found, strict=True)))


def _plan_checks(world: World, day: int, rows: Ints) -> None:
    """Plan what may come out later: existing grounds, and identity checks of members."""
    terms = world.config.products.np_membership
    for ground in world.derived.grounds:
        u = world.uniforms(Stream.ADMISSION, rows, int(ground))
        days = found_after(terms.admission, u[3])
        found = exists(world, day, rows, ground, u) & (days > 0)
        found &= terms.admission.chance(ground).counts
        world.agenda.schedule(Task.UNMASKED, day + days[found], rows[found])
    checks = terms.identity_checks
    if checks.asked_share and not checks.before_admission:
        proves = _days_to_prove(world, rows)
        asked, proves = rows[proves > 0], proves[proves > 0]
        world.agenda.schedule(Task.IDENTITY, day + proves[proves < NEVER], asked[proves < NEVER])
        for limit in (checks.deadline_days, checks.cancel_days):
            late = asked[proves > limit]
            world.agenda.schedule(Task.IDENTITY, day + limit, late)


@implements("NP-2.4", "NP-8.3")
def unmask(world: World, day: int, rows: Ints) -> None:
    """Revoke approvals whose ground is found; antisocial ties are investigated first."""
    members, terms = world.members, world.config.products.np_membership
    joined = members.joined_day[rows]
    for ground in world.derived.grounds:
        u = world.uniforms(Stream.ADMISSION, rows, int(ground))
        is_found = joined + found_after(terms.admission, u[3]) == day
        is_found &= _existed(world, rows, ground, u)
        found = rows[is_found]
        if ground == AdmissionGround.ANTISOCIAL:
            suspect(world, day, found)
        else:
            end(world, day, found, Status.CANCELLED, Activity.APPROVAL_REVOKED)


def _existed(world: World, rows: Ints, ground: AdmissionGround, u: Floats) -> Bools:
    """Tell for whom a ground existed when the person was admitted."""
    found = np.zeros(rows.size, dtype=bool)
    joined = world.members.joined_day[rows]
    for day in distinct(joined).tolist():
        then = joined == day
        found[then] = exists(world, day, rows[then], ground, u[:, then])
    return found


@implements("NP-2.6")
def check_identity(world: World, day: int, rows: Ints) -> None:
    """Restrict members with overdue identity checks, end memberships, lift what is proven."""
    checks = world.config.products.np_membership.identity_checks
    since, proves = day - world.members.joined_day[rows], _days_to_prove(world, rows)
    is_proven = proves <= since
    proven = rows[is_proven]
    stopped = has(world, proven, Stop.IDENTITY)
    world.log.add(Activity.IDENTITY_PROVEN, day * MINUTES_PER_DAY, proven[~stopped])
    lift(world, day, proven[stopped], Stop.IDENTITY, Activity.IDENTITY_PROVEN)
    is_over = ~is_proven & (since >= checks.cancel_days)
    end(world, day, rows[is_over], Status.CANCELLED, Activity.IDENTITY_FAILED)
    is_late = ~is_proven & ~is_over & (since >= checks.deadline_days)
    stop(world, day, rows[is_late], Stop.IDENTITY, Activity.IDENTITY_UNPROVEN)


def _days_to_prove(world: World, rows: Ints) -> Ints:
    """Give the days after which persons have proven who they are, 0 where nobody asks."""
    checks = world.config.products.np_membership.identity_checks
    return days_to_prove(checks, world.uniforms(Stream.IDENTITY_CHECK, rows, 0), NEVER)
