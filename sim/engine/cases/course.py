"""Cases: the path of members who need a person, from desk to desk and back to the night.

A case queues at a desk, waits for its turn, and leaves the outcome for the night to post. Both
drivers use the same cases. Between sessions a case sleeps until six in the morning, when nothing
else happens; a case whose ground is gone is withdrawn by the night and ends. A held use is
announced to its reviewers for the minute at which it is asked for.

The picture is a process per case. It is written with one call for all that begin or wake at one
instant, which draws for all of them at once, and one for all whose work is over
(`sim.engine.cases.answers`). So the state of a case is data (`sim.engine.state.case_book`) and can
be saved between any two events.
"""

import math
from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from simpy.events import NORMAL, URGENT

from models.arrays import Bools, Floats, Ints
from models.policy.authorisation import ReviewDesk
from models.policy.collections import CallDesk, LawFirm
from models.policy.law.desks import PaperDesk
from models.policy.staffing import service_days
from sim.engine.desks.work import Work
from sim.engine.state.case_book import DESK_OF, Kind
from sim.engine.state.exposure import key_of
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.rng import Stream, repeated

SIX_IN_THE_MORNING = 0.25
FEW = 16
"""So many draws cost less one by one than as an array."""
CONTACTS = (Kind.CALL, Kind.AGENCY)
"""Work that ends with a word to the member."""
COLLECTING = (Kind.CALL, Kind.AGENCY, Kind.FILING, Kind.DOCKET)
"""Work whose ground is that a debt is unpaid."""
STREAM_OF = {
    Kind.CALL: Stream.CALL,
    Kind.AGENCY: Stream.AGENCY,
    Kind.FILING: Stream.FILING,
    Kind.DOCKET: Stream.DOCKET,
}
"""Draws of an attempt; their first lane is the time it takes."""


def instant_of(minute: int) -> float:
    """Give the instant, late in its minute, at which somebody asks; a multiple of 2**-20 days."""
    return math.floor((minute + 0.9) / MINUTES_PER_DAY * 2.0**20) * 2.0**-20


def open_review_cases(world: World, purchases: Ints) -> None:
    """Bring held uses before a reviewer when they are asked for (NP-24.4)."""
    table = world.purchases
    rows, keys = table.member[purchases], key_of(table, purchases)
    u = draws_of(world, Stream.REVIEW, rows, keys)
    cases = _open(
        world, Kind.REVIEW, rows, purchases, attempt=keys, end=keys + 1, u_second=u[1], u_third=u[2]
    )
    works = _works_of(world, Kind.REVIEW, _stage(world), cases, u)
    for work, row, minute in zip(
        works, rows.tolist(), table.minute[purchases].tolist(), strict=True
    ):
        world.desks_of(row).review.announce(work, instant_of(minute))


def open_call_cases(world: World, rows: Ints, priority: Ints) -> None:
    """Have members in arrears called until reached, session after session (COLL-02)."""
    members, book = world.members, world.cases
    starts, known = members.spell_start[rows], book.call_of[rows]
    # NOTE: another step of this night may have asked for it, too.
    is_new = (known < 0) | (book.table.about[known] != starts)
    rows, first = rows[is_new], members.call_session[rows[is_new]]
    end = first + world.config.collections.call_desk.sessions
    cases = _open(
        world,
        Kind.CALL,
        rows,
        starts[is_new],
        attempt=first,
        end=end,
        priority=priority[is_new],
    )
    book.call_of[rows] = cases
    _begin_soon(world, cases)


def open_agency_cases(world: World, rows: Ints) -> None:
    """Have the law firm work cases in rounds until they are over (COLL-04)."""
    rounds = world.config.collections.law_firm.rounds
    starts = world.members.spell_start[rows]
    _begin_soon(world, _open(world, Kind.AGENCY, rows, starts, end=rounds))


def open_court_cases(world: World, kind: Kind, rows: Ints, numbers: Ints) -> None:
    """Have a legal clerk prepare papers, or the court's clerk take them up (COLL-05).

    Parameters
    ----------
    world
        Lender.
    kind
        `Kind.FILING` or `Kind.DOCKET`.
    rows
        Member rows, unique.
    numbers
        Running number of the papers in each member's proceedings, shape (n,).
    """
    _begin_soon(world, _open(world, kind, rows, numbers, end=1))


def _open(
    world: World, kind: Kind, rows: Ints, about: Ints, **values: NDArray[np.generic] | int
) -> Ints:
    """Open cases of member rows under the terms of now, and give their numbers."""
    return world.cases.table.append(
        rows.size, kind=kind, row=rows, about=about, stage=_stage(world), **values
    )


def withdraw_cases(world: World, rows: Ints, kinds: Sequence[Kind] = COLLECTING) -> None:
    """Withdraw what waits for a person in members' cases of some kinds."""
    book, bits = world.cases, sum(1 << kind for kind in kinds)
    found = rows[book.kinds_at_desks[rows] & bits != 0]  # NOTE: most have no work at a desk
    ended = []
    for row in found.tolist():
        for kind in kinds:
            work = book.works[kind].pop(row, None)
            if work is not None and getattr(world.desks_of(row), DESK_OF[kind]).withdraw(work):
                ended.append(work.subject)  # what somebody has begun ends with its service
    book.kinds_at_desks[found] &= ~bits
    if ended:
        book.let_go(np.array(ended))


def put_aside(world: World, rows: Ints) -> None:
    """Withdraw all work on members; their calls and rounds may be taken up where they stood.

    Those that sleep are put aside when they wake and contacts are still stopped.
    """
    book = world.cases
    for row in rows.tolist():
        at_desks = (book.works[kind].get(row) for kind in CONTACTS)
        book.put_aside[row] = [work.subject for work in at_desks if work is not None]
    withdraw_cases(world, rows)


def take_up_again(world: World, rows: Ints) -> None:
    """Go on with the calls and rounds of members that were put aside.

    Each goes on as a new case: somebody outside may still be at work on the old one, and ends it.
    """
    book, table = world.cases, world.cases.table
    aside = [case for row in rows.tolist() for case in book.put_aside.pop(row, [])]
    if not aside:
        return
    as_it_stood = {name: getattr(table, name)[aside] for name in table.columns}
    cases = table.append(len(aside), **as_it_stood)
    calls = cases[table.kind[cases] == Kind.CALL]
    np.maximum.at(book.call_of, table.row[calls], calls)
    _begin_soon(world, cases)


def forget_put_aside(world: World, rows: Ints) -> None:
    """Forget the calls and rounds that were put aside for members whose arrears are over."""
    book = world.cases
    for row in rows.tolist() if book.put_aside else ():
        book.put_aside.pop(row, None)


def withdraw_review(world: World, purchase: int) -> None:
    """Withdraw a held use from the review desk, if it waits there."""
    work = world.cases.works[Kind.REVIEW].pop(purchase, None)
    if work is not None:
        world.desks_of(int(world.purchases.member[purchase])).review.withdraw(work)


def draws_of(world: World, stream: Stream, rows: Ints, keys: Ints) -> Floats:
    """Draw the block of four uniforms of each member row and key, shape (4, n)."""
    if rows.size <= FEW:
        pairs = zip(rows.tolist(), keys.tolist(), strict=True)
        return np.array([world.uniforms_of_one(stream, row, key) for row, key in pairs]).T
    return world.uniforms(stream, rows, keys)


def plan_alarm(world: World, instant: float) -> None:
    """Plan the call at which the sleepers of an instant go on."""
    alarm = partial(_wake, world)
    world.cases.alarms[instant] = alarm
    world.env.call_at(instant, NORMAL, alarm)


def _stage(world: World) -> int:
    """Give the day from which on the present terms hold."""
    return next(day for day, stage in world.stages.items() if stage is world.config)


def sleep_until_morning(world: World, cases: Ints, days: Ints) -> None:
    """Let each of some cases sleep until six in the morning of a day."""
    asleep = world.cases.asleep
    for day in sorted(set(days.tolist())):
        instant = day + SIX_IN_THE_MORNING
        if instant not in asleep:
            asleep[instant] = []
            plan_alarm(world, instant)
        asleep[instant].extend(cases[days == day].tolist())


def _begin_soon(world: World, cases: Ints) -> None:
    """Let cases begin as soon as the night has done what it is doing."""
    beginning = world.cases.beginning
    if cases.size and not beginning:
        world.env.call_at(float(world.env.now), URGENT, partial(_begin, world))
    beginning.extend(cases.tolist())


def _begin(world: World, _: float) -> None:
    """Begin the cases that were opened."""
    cases, world.cases.beginning = world.cases.beginning, []
    _go_on(world, cases)


def _wake(world: World, instant: float) -> None:
    """Wake the sleepers of an instant."""
    del world.cases.alarms[instant]
    _go_on(world, world.cases.asleep.pop(instant))


def _go_on(world: World, cases: Sequence[int]) -> None:
    """Queue cases for their next attempt."""
    table, numbers = world.cases.table, np.array(cases)
    # Sorted, those of a replication are neighbours.
    numbers = numbers[np.argsort(table.row[numbers], kind="stable")]
    for kind, stage, is_one in table.alike(numbers):
        _attempt(world, kind, stage, numbers[is_one])


def _attempt(world: World, kind: Kind, stage: int, cases: Ints) -> None:
    """Draw for the next attempt of cases and queue them; those without ground end."""
    table = world.cases.table
    rows, about = table.row[cases], table.about[cases]
    goes_on = _grounds(world, kind, rows, about)
    if not goes_on.all():
        _end(world, kind, cases[~goes_on])
        cases, rows, about = cases[goes_on], rows[goes_on], about[goes_on]
    if not cases.size:
        return
    u = draws_of(world, STREAM_OF[kind], rows, repeated(about, table.attempt[cases]))
    if kind == Kind.CALL:
        table.u_second[cases], table.u_third[cases] = u[1], u[2]
    _queue(world, kind, _works_of(world, kind, stage, cases, u), rows)


def _grounds(world: World, kind: Kind, rows: Ints, about: Ints) -> Bools:
    """Tell where what cases are about still runs.

    Calls and rounds are about a spell of arrears, and end with the member's life (NP-11.2), with a
    notice that somebody is retained (ART-14), or, calls, with the hand-over. Papers are known by
    their number.
    """
    members = world.members
    if kind not in CONTACTS:
        return np.asarray(world.proceedings.number[rows] == about)
    is_on: Bools = (members.spell_start[rows] == about) & (world.persons.died_day[rows] < 0)
    is_on &= ~world.arrangements.stops_contacts(rows)
    if kind == Kind.CALL:
        is_on &= ~members.is_placed[rows]
    return is_on


def _works_of(world: World, kind: Kind, stage: int, cases: Ints, u: Floats) -> list[Work]:
    """Make the work of cases from their draws, shape (4, n)."""
    book, terms, is_review = world.cases, _terms_of(world, kind, stage), kind == Kind.REVIEW
    rows, orders = book.table.row[cases], book.table.attempt[cases]
    priorities, skills = terms.team.needs_of(np.ones_like(orders) if is_review else orders + 1)
    works = list(
        map(
            Work,
            world.persons.number[rows].tolist(),
            (priorities + book.table.priority[cases]).tolist(),
            service_days(terms.service_time, u[0].tolist(), terms.mean_minutes),
            orders.tolist(),
            skills,
            cases.tolist(),
        )
    )
    book.enter(kind, book.table.about[cases] if is_review else rows, works)
    return works


def _queue(world: World, kind: Kind, works: Sequence[Work], rows: Ints) -> None:
    """Queue work on member rows, sorted, at the desks of their replications."""
    replications = rows // world.n_members
    ends = replications.searchsorted(np.arange(len(world.desks)), side="right").tolist()
    for desks, first, last in zip(world.desks, [0, *ends], ends, strict=False):
        if first < last:
            getattr(desks, DESK_OF[kind]).submit_all(works[first:last])


def _end(world: World, kind: Kind, cases: Ints) -> None:
    """End cases whose ground is gone; what a notice stopped while it slept is put aside."""
    book = world.cases
    book.let_go(cases)
    if book.put_aside and kind in CONTACTS:
        for case, row in zip(cases.tolist(), book.table.row[cases].tolist(), strict=True):
            if row in book.put_aside:
                book.put_aside[row].append(case)


def _terms_of(world: World, kind: Kind, stage: int) -> ReviewDesk | CallDesk | LawFirm | PaperDesk:
    """Give the terms of the desk that works on cases of a kind, of some stage of the terms."""
    collections = world.stages[stage].collections
    match kind:
        case Kind.REVIEW:
            return world.stages[stage].screening.review_desk
        case Kind.CALL:
            return collections.call_desk
        case Kind.AGENCY:
            return collections.law_firm
        case Kind.FILING:
            return collections.law.clerk_desk
        case _:
            return collections.law.court_desk
