"""Cases: the path of members who need a person, from desk to desk and back to the night.

A case queues at a desk, waits for its turn, and leaves the outcome for the night to post. Both
drivers use the same cases. Between sessions a case sleeps until six in the morning, when nothing
else happens; a case whose ground is gone is withdrawn by the night and ends. A held use is
announced to its reviewers for the minute at which it is asked for.

The picture is a process per case. It is written with one call for all that begin or wake at one
instant, which draws for all of them at once, and one for all whose work is over
(`sim.engine.answers`). So the state of a case is data (`sim.engine.case_book`) and can be saved
between any two events.
"""

import math
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import compress

import numpy as np
from simpy.events import NORMAL, URGENT

from models.arrays import Bools, Ints
from models.policy.authorisation import ReviewDesk
from models.policy.collections import CallDesk, LawFirm
from models.policy.law.desks import PaperDesk
from models.policy.staffing import service_days
from sim.engine.case_book import DESK_OF, Case, Kind, case_of
from sim.engine.exposure import key_of
from sim.engine.work import Work
from sim.engine.world import MINUTES_PER_DAY, World
from sim.rng import Four, Stream, repeated

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
    table, stage = world.purchases, _stage(world)
    rows, keys = table.member[purchases], key_of(table, purchases)
    cases = [
        Case(Kind.REVIEW, row, purchase, key, key + 1, 0, stage, u)
        for row, purchase, key, u in zip(
            rows.tolist(),
            purchases.tolist(),
            keys.tolist(),
            draws_of(world, Stream.REVIEW, rows, keys),
            strict=True,
        )
    ]
    works = _works_of(world, Kind.REVIEW, stage, cases, rows)
    for work, case, minute in zip(works, cases, table.minute[purchases].tolist(), strict=True):
        world.desks_of(case.row).review.announce(work, instant_of(minute))


def open_call_cases(world: World, rows: Ints, priority: Ints) -> None:
    """Have members in arrears called until reached, session after session (COLL-02)."""
    members, calling, stage = world.members, world.cases.calling, _stage(world)
    sessions = world.config.collections.call_desk.sessions
    opened = []
    for row, start, first, urgency in zip(
        rows.tolist(),
        members.spell_start[rows].tolist(),
        members.call_session[rows].tolist(),
        priority.tolist(),
        strict=True,
    ):
        if (row, start) not in calling:
            calling.add((row, start))  # now: another step of this night may ask for it, too
            opened.append(Case(Kind.CALL, row, start, first, first + sessions, urgency, stage))
    _begin_soon(world, opened)


def open_agency_cases(world: World, rows: Ints) -> None:
    """Have the law firm work cases in rounds until they are over (COLL-04)."""
    stage, rounds = _stage(world), world.config.collections.law_firm.rounds
    starts = world.members.spell_start[rows].tolist()
    _begin_soon(
        world,
        [
            Case(Kind.AGENCY, row, start, 0, rounds, 0, stage)
            for row, start in zip(rows.tolist(), starts, strict=True)
        ],
    )


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
    stage = _stage(world)
    pairs = zip(rows.tolist(), numbers.tolist(), strict=True)
    _begin_soon(world, [Case(kind, row, number, 0, 1, 0, stage) for row, number in pairs])


def withdraw_cases(world: World, rows: Ints) -> None:
    """Withdraw whatever waits for a person in members' cases."""
    works, members = [world.cases.works[kind] for kind in COLLECTING], rows.tolist()
    asked = set(members)  # NOTE: most have no work at a desk; sets find those who do fast.
    at_desks = set[int]().union(*(waiting.keys() & asked for waiting in works))
    for row in [row for row in members if row in at_desks]:
        for kind, waiting in zip(COLLECTING, works, strict=True):
            if row in waiting:
                _withdraw(world, kind, row, waiting.pop(row))


def _withdraw(world: World, kind: Kind, row: int, work: Work) -> None:
    """Withdraw a member's work; a case whose work nobody has begun is over with that."""
    if getattr(world.desks_of(row), DESK_OF[kind]).withdraw(work):
        world.cases.let_go(case_of(work))


def put_aside(world: World, rows: Ints) -> None:
    """Withdraw all work on members; their calls and rounds may be taken up where they stood.

    Those that sleep are put aside when they wake and contacts are still stopped.
    """
    book = world.cases
    for row in rows.tolist():
        at_desks = (book.works[kind].get(row) for kind in CONTACTS)
        book.put_aside[row] = [case_of(work) for work in at_desks if work is not None]
    withdraw_cases(world, rows)


def take_up_again(world: World, rows: Ints) -> None:
    """Go on with the calls and rounds of members that were put aside."""
    book = world.cases
    cases = [case for row in rows.tolist() for case in book.put_aside.pop(row, [])]
    book.calling.update((case.row, case.about) for case in cases if case.kind == Kind.CALL)
    _begin_soon(world, cases)


def withdraw_review(world: World, purchase: int) -> None:
    """Withdraw a held use from the review desk, if it waits there."""
    work = world.cases.works[Kind.REVIEW].pop(purchase, None)
    if work is not None:
        world.desks_of(int(world.purchases.member[purchase])).review.withdraw(work)


def draws_of(world: World, stream: Stream, rows: Ints, keys: Ints) -> list[Four]:
    """Draw the block of four uniforms of each member row and key."""
    if rows.size <= FEW:
        pairs = zip(rows.tolist(), keys.tolist(), strict=True)
        return [world.uniforms_of_one(stream, row, key) for row, key in pairs]
    u: list[Four] = world.uniforms(stream, rows, keys).T.tolist()
    return u


def plan_alarm(world: World, instant: float) -> None:
    """Plan the call at which the sleepers of an instant go on."""
    alarm = partial(_wake, world)
    world.cases.alarms[instant] = alarm
    world.env.call_at(instant, NORMAL, alarm)


def _stage(world: World) -> int:
    """Give the day from which on the present terms hold."""
    return next(day for day, stage in world.stages.items() if stage is world.config)


def sleep_until_morning(world: World, case: Case, day: int) -> None:
    """Let a case sleep until six in the morning of a day."""
    instant, asleep = day + SIX_IN_THE_MORNING, world.cases.asleep
    if instant in asleep:
        asleep[instant].append(case)
    else:
        asleep[instant] = [case]
        plan_alarm(world, instant)


def _begin_soon(world: World, cases: list[Case]) -> None:
    """Let cases begin as soon as the night has done what it is doing."""
    beginning = world.cases.beginning
    if cases and not beginning:
        world.env.call_at(float(world.env.now), URGENT, partial(_begin, world))
    beginning.extend(cases)


def _begin(world: World, _: float) -> None:
    """Begin the cases that were opened."""
    cases, world.cases.beginning = world.cases.beginning, []
    _go_on(world, cases)


def _wake(world: World, instant: float) -> None:
    """Wake the sleepers of an instant."""
    del world.cases.alarms[instant]
    _go_on(world, world.cases.asleep.pop(instant))


def _go_on(world: World, cases: Sequence[Case]) -> None:
    """Queue cases for their next attempt."""
    alike: dict[tuple[Kind, int], list[Case]] = {}
    for case in cases:
        alike.setdefault((case.kind, case.stage), []).append(case)
    for (kind, stage), some in alike.items():
        _attempt(world, kind, stage, some)


def _attempt(world: World, kind: Kind, stage: int, cases: list[Case]) -> None:
    """Draw for the next attempt of cases and queue them; those without ground end."""
    rows = np.array([case.row for case in cases])
    about = np.array([case.about for case in cases])
    goes_on = _grounds(world, kind, rows, about)
    if not goes_on.all():
        _end(world, compress(cases, ~goes_on))
        cases, rows, about = list(compress(cases, goes_on)), rows[goes_on], about[goes_on]
    if not cases:
        return
    keys = repeated(about, np.array([case.attempt for case in cases]))
    for case, u in zip(cases, draws_of(world, STREAM_OF[kind], rows, keys), strict=True):
        case.u = u
    _queue(world, kind, _works_of(world, kind, stage, cases, rows), rows)


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


def _works_of(
    world: World, kind: Kind, stage: int, cases: Sequence[Case], rows: Ints
) -> list[Work]:
    """Make the work of cases whose draws are made."""
    terms, is_review = _terms_of(world, kind, stage), kind == Kind.REVIEW
    attempts = [0 if is_review else case.attempt for case in cases]
    needs = {attempt: terms.team.class_of(attempt + 1) for attempt in set(attempts)}
    needed = {attempt: (one.priority, one.skill) for attempt, one in needs.items()}
    times = service_days(terms.service_time, [case.u[0] for case in cases], terms.mean_minutes)
    works = []
    for case, number, attempt, duration in zip(
        cases, world.persons.number[rows].tolist(), attempts, times, strict=True
    ):
        priority, skill = needed[attempt]
        urgency = priority + case.priority
        works.append(Work(number, urgency, duration, case.attempt, skill, case))
    known_by = [case.about for case in cases] if is_review else rows.tolist()
    world.cases.works[kind].update(zip(known_by, works, strict=True))
    return works


def _queue(world: World, kind: Kind, works: Sequence[Work], rows: Ints) -> None:
    """Queue work on member rows at the desks of their replications."""
    asked: list[list[Work]] = [[] for _ in world.desks]
    for work, replication in zip(works, (rows // world.n_members).tolist(), strict=True):
        asked[replication].append(work)
    for desks, of_desk in zip(world.desks, asked, strict=True):
        if of_desk:
            getattr(desks, DESK_OF[kind]).submit_all(of_desk)


def _end(world: World, cases: Iterable[Case]) -> None:
    """End cases whose ground is gone; what a notice stopped while it slept is put aside."""
    book = world.cases
    for case in cases:
        book.let_go(case)
        if case.kind in CONTACTS and case.row in book.put_aside:
            book.put_aside[case.row].append(case)


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
