"""Cases: the path of members who need a person, from desk to desk and back to the night.

A case queues at a desk, waits for its turn, and leaves the outcome for the night to post. Both
drivers use the same cases. Between sessions a case sleeps until six in the morning, when nothing
else happens; a case whose ground is gone is withdrawn by the night and ends.

The picture is a process per case. It is written with one event for all that begin or wake at one
instant, which draws for all of them at once, and one callback at the end of each piece of work.
So the state of a case is data (`sim.engine.case_book`) and can be saved between any two events.
"""

import math
from collections.abc import Sequence
from functools import partial

import numpy as np
import simpy
from simpy.events import URGENT

from models.arrays import Bools, Ints
from models.policy.collections import CallDesk, LawFirm
from models.policy.law.desks import PaperDesk
from models.policy.staffing import exponential_days, service_days
from sim.engine.agenda import Task
from sim.engine.case_book import DESK_OF, Case, Kind
from sim.engine.desks import Desk
from sim.engine.exposure import key_of
from sim.engine.work import PlannedEvent, Work
from sim.engine.world import MINUTES_PER_DAY, World
from sim.eventlog import Activity
from sim.portfolio import CallResult
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
    """Give the instant, late in its minute, at which somebody asks.

    It is a multiple of 2**-20 days, so that waiting for it from any other such instant is exact and
    ends at the same bits in both drivers.
    """
    return math.floor((minute + 0.9) / MINUTES_PER_DAY * 2.0**20) * 2.0**-20


def open_review_cases(world: World, purchases: Ints) -> None:
    """Bring held uses before a reviewer when they are asked for (NP-24.4)."""
    table = world.purchases
    rows, keys, stage = table.member[purchases], key_of(table, purchases), _stage(world)
    draws = draws_of(world, Stream.REVIEW, rows, keys)
    for row, purchase, key, minute, u in zip(
        rows.tolist(),
        purchases.tolist(),
        keys.tolist(),
        table.minute[purchases].tolist(),
        draws,
        strict=True,
    ):
        case = Case(Kind.REVIEW, row, purchase, key, key + 1, 0, stage, u)
        _sleep(world, case, instant_of(minute))


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
                _desk(world, kind, row).withdraw(waiting.pop(row))


def put_aside(world: World, rows: Ints) -> None:
    """Withdraw all work on members; their calls and rounds may be taken up where they stood.

    Those that sleep are put aside when they wake and contacts are still stopped.
    """
    book = world.cases
    for row in rows.tolist():
        at_desks = [book.works[kind].get(row) for kind in CONTACTS]
        subjects = [work.subject for work in at_desks if work is not None]
        book.put_aside[row] = [case for case in subjects if isinstance(case, Case)]
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
    """Schedule the event at which the sleepers of an instant go on."""
    alarm = world.env.timeout(instant - world.env.now)
    alarm.callbacks.append(partial(_wake, world, instant))
    world.cases.alarms[instant] = alarm


def listen(world: World, work: Work) -> None:
    """Let a case go on when its work is done."""
    work.done.callbacks.append(partial(_answer, world))


def _stage(world: World) -> int:
    """Give the day from which on the present terms hold."""
    return next(day for day, stage in world.stages.items() if stage is world.config)


def _sleep(world: World, case: Case, instant: float) -> None:
    """Let a case sleep until an instant."""
    asleep = world.cases.asleep
    if instant in asleep:
        asleep[instant].append(case)
    else:
        asleep[instant] = [case]
        plan_alarm(world, instant)


def _sleep_until_morning(world: World, case: Case, days: int) -> None:
    """Let a case sleep until six in the morning, so many days from today."""
    _sleep(world, case, int(world.env.now) + days + SIX_IN_THE_MORNING)


def _begin_soon(world: World, cases: list[Case]) -> None:
    """Let cases begin as soon as the night has done what it is doing."""
    beginning = world.cases.beginning
    if cases and not beginning:
        event = PlannedEvent(world.env)
        event.callbacks.append(partial(_begin, world))
        event.happen_at(float(world.env.now), URGENT)
    beginning.extend(cases)


def _begin(world: World, _: simpy.Event) -> None:
    """Begin the cases that were opened."""
    cases, world.cases.beginning = world.cases.beginning, []
    _go_on(world, cases)


def _wake(world: World, instant: float, _: simpy.Event) -> None:
    """Wake the sleepers of an instant."""
    del world.cases.alarms[instant]
    _go_on(world, world.cases.asleep.pop(instant))


def _go_on(world: World, cases: Sequence[Case]) -> None:
    """Queue cases for their next attempt."""
    for kind in COLLECTING:
        of_kind = [case for case in cases if case.kind == kind]
        if of_kind:
            _attempt(world, kind, of_kind)
    for case in cases:
        if case.kind == Kind.REVIEW:
            _ask_reviewer(world, case)


def _ask_reviewer(world: World, case: Case) -> None:
    """Queue a held use at the review desk."""
    policy = world.stages[case.stage].screening.review_desk
    number = int(world.persons.number[case.row])
    duration = service_days(policy.service_time, case.u[0], policy.mean_minutes)
    needs = policy.team.class_of(1)
    desk = world.desks_of(case.row).review
    work = desk.submit(number, needs.priority, duration, case.attempt, needs.skill)
    work.subject = case
    listen(world, work)
    world.cases.works[Kind.REVIEW][case.about] = work


def _grounds(world: World, kind: Kind, cases: Sequence[Case]) -> tuple[Ints, Bools]:
    """Give the rows of cases, and where what they are about still runs.

    Calls and rounds are about a spell of arrears, and end with the member's life (NP-11.2), with a
    notice that somebody is retained (ART-14), or, calls, with the hand-over. Papers are known by
    their number.
    """
    members, rows = world.members, np.array([case.row for case in cases])
    about = np.array([case.about for case in cases])
    if kind not in CONTACTS:
        return rows, world.proceedings.number[rows] == about
    is_on = (members.spell_start[rows] == about) & (world.persons.died_day[rows] < 0)
    is_on &= ~world.arrangements.stops_contacts(rows)
    if kind == Kind.CALL:
        is_on &= ~members.is_placed[rows]
    return rows, is_on


def _attempt(world: World, kind: Kind, cases: Sequence[Case]) -> None:
    """Queue the next attempt of cases of one kind; those without ground end."""
    rows, is_on = _grounds(world, kind, cases)
    going = [case for case, goes_on in zip(cases, is_on.tolist(), strict=True) if goes_on]
    ended = [case for case, goes_on in zip(cases, is_on.tolist(), strict=True) if not goes_on]
    if kind == Kind.CALL:
        world.cases.calling.difference_update((case.row, case.about) for case in ended)
    if kind in CONTACTS:
        for case in ended:
            if case.row in world.cases.put_aside:  # a notice stopped contacts while it slept
                world.cases.put_aside[case.row].append(case)
    rows = rows[is_on]
    about = np.array([case.about for case in going], dtype=np.int64)
    keys = repeated(about, np.array([case.attempt for case in going], dtype=np.int64))
    numbers = world.persons.number[rows].tolist()
    answer, works = partial(_answer, world), world.cases.works[kind]
    draws = draws_of(world, STREAM_OF[kind], rows, keys)
    terms_of = {stage: _terms_of(world, kind, stage) for stage in {case.stage for case in going}}
    for case, number, u in zip(going, numbers, draws, strict=True):
        case.u = u
        terms = terms_of[case.stage]
        duration = service_days(terms.service_time, u[0], terms.mean_minutes)
        needs = terms.team.class_of(case.attempt + 1)
        desk = _desk(world, kind, case.row)
        urgency = needs.priority + case.priority
        work = desk.submit(number, urgency, duration, case.attempt, needs.skill)
        works[case.row] = work
        work.subject = case
        work.done.callbacks.append(answer)


def _desk(world: World, kind: Kind, row: int) -> Desk:
    """Give the desk at which work of a kind on a member is done."""
    desk: Desk = getattr(world.desks_of(row), DESK_OF[kind])
    return desk


def _terms_of(world: World, kind: Kind, stage: int) -> CallDesk | LawFirm | PaperDesk:
    """Give the terms of the desk that works on cases of a kind, of some stage of the terms."""
    collections = world.stages[stage].collections
    match kind:
        case Kind.CALL:
            return collections.call_desk
        case Kind.AGENCY:
            return collections.law_firm
        case Kind.FILING:
            return collections.law.clerk_desk
        case _:
            return collections.law.court_desk


def _answer(world: World, done: simpy.Event) -> None:
    """Let the case go on whose work is done, or was withdrawn."""
    work: Work = done.value  # type: ignore[assignment]
    case: Case = work.subject  # type: ignore[assignment]
    work.done.forget()
    match case.kind:
        case Kind.CALL:
            _answer_call(world, work, case)
        case _ if work.is_moot:
            pass
        case Kind.REVIEW:
            _answer_review(world, work, case)
        case Kind.AGENCY:
            _answer_round(world, case)
        case _:
            del world.cases.works[case.kind][case.row]
            task = Task.PAPERS_READY if case.kind == Kind.FILING else Task.DOCKETED
            world.agenda.add(task, int(world.env.now), case.row)


def _answer_review(world: World, work: Work, case: Case) -> None:
    """Take a reviewer's answer; it may come too late (NP-24.4)."""
    policy, u = world.stages[case.stage].screening.review_desk, case.u
    del world.cases.works[Kind.REVIEW][case.about]
    never_pays = world.persons.never_pays[case.row]
    approves = policy.approves_never_payer if never_pays else policy.approves
    patience = exponential_days(u[2], policy.mean_patience_hours * 60)
    if world.env.now - work.queued_at > patience:
        answer = Activity.REVIEW_TOO_LATE
    else:
        answer = Activity.REVIEW_APPROVED if u[1] < approves else Activity.REVIEW_REFUSED
    world.purchases.review[case.about] = answer.number
    world.agenda.add(Task.REVIEWED, int(world.env.now), case.about)


def _answer_call(world: World, work: Work, case: Case) -> None:
    """Take the outcome of a session, and sleep until the next one if there is one."""
    members, row = world.members, case.row
    policy = world.stages[case.stage].collections.call_desk
    result, days = CallResult.NO_CONTACT, policy.retry_days
    if not work.is_moot:
        del world.cases.works[Kind.CALL][row]
        case.attempt += 1
        members.call_session[row] = case.attempt
        result = _result_of(world, work, case, policy)
        members.call_result[row] = result
        world.agenda.add(Task.CALLED, int(world.env.now), row)
        if result == CallResult.CALLBACK:
            days = policy.callback_days
    goes_on = result in (CallResult.NO_CONTACT, CallResult.CALLBACK) and case.attempt < case.end
    if goes_on and not work.is_moot:
        _sleep_until_morning(world, case, days)
    else:
        world.cases.calling.discard((row, case.about))


def _result_of(world: World, work: Work, case: Case, policy: CallDesk) -> CallResult:
    """Tell how a session went."""
    _, u_reached, u_answer, _ = case.u
    right_party = policy.right_party_outside if work.is_outsourced else policy.right_party
    if world.members.is_number_wrong[case.row]:
        return CallResult.WRONG_NUMBER
    if u_reached >= right_party:
        return CallResult.NO_CONTACT
    if u_answer >= 1.0 - policy.calls_back:
        return CallResult.CALLBACK
    promises = policy.promise * (1.0 - policy.calls_back)
    return CallResult.PROMISED if u_answer < promises else CallResult.REACHED


def _answer_round(world: World, case: Case) -> None:
    """Take the outcome of a round, and sleep until the next one if there is one."""
    del world.cases.works[Kind.AGENCY][case.row]
    world.members.agency_round[case.row] = case.attempt
    world.agenda.add(Task.AGENCY_WORKED, int(world.env.now), case.row)
    case.attempt += 1
    if case.attempt < case.end:
        days = world.stages[case.stage].collections.law_firm.round_days
        _sleep_until_morning(world, case, days)
