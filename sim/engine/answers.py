"""Answers: what cases do when people have done their work.

The outcome is left for the night to post; a case that goes on sleeps until its next attempt. Nobody
asks for an outcome before the night, so cases hear of the end of their work together, before the
next event of the clock.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from models.policy.collections import CallDesk
from models.policy.staffing import exponential_days
from sim.engine.agenda import Task
from sim.engine.case_book import DESK_OF, Kind, case_of
from sim.engine.cases import sleep_until_morning
from sim.engine.work import Work
from sim.engine.world import World
from sim.eventlog import Activity
from sim.portfolio import CallResult
from sim.rng import Four

CALLED_AGAIN = frozenset({CallResult.NO_CONTACT, CallResult.CALLBACK})


def listen(world: World) -> None:
    """Let the cases of a lender hear of the work that is over."""
    for desks in world.desks:
        for kind, name in DESK_OF.items():
            getattr(desks, name).on_end = world.cases.over[kind].append
    world.env.before_events(partial(_answer, world))


def _answer(world: World) -> None:
    """Let cases go on whose work is done; those whose work was withdrawn meanwhile have ended."""
    for kind, works in zip(Kind, world.cases.over, strict=True):
        if works:
            for work in works:
                if work.is_moot:
                    world.cases.let_go(case_of(work))
            _ANSWERS[kind](world, [work for work in works if not work.is_moot])
            works.clear()


def _answer_reviews(world: World, works: Sequence[Work]) -> None:
    """Take reviewers' answers; they may come too late (NP-24.4)."""
    for work in works:
        case = case_of(work)
        policy, u = world.stages[case.stage].screening.review_desk, case.u
        del world.cases.works[Kind.REVIEW][case.about]
        never_pays = world.persons.never_pays[case.row]
        approves = policy.approves_never_payer if never_pays else policy.approves
        patience = exponential_days(u[2], policy.mean_patience_hours * 60)
        if work.finished_at - work.queued_at > patience:
            answer = Activity.REVIEW_TOO_LATE
        else:
            answer = Activity.REVIEW_APPROVED if u[1] < approves else Activity.REVIEW_REFUSED
        world.purchases.review[case.about] = answer.number
        world.agenda.add(Task.REVIEWED, int(work.finished_at), case.about)


def _answer_calls(world: World, works: Sequence[Work]) -> None:
    """Take the outcomes of sessions; who was not reached is called again later."""
    members, book = world.members, world.cases
    waiting = book.works[Kind.CALL]
    cases = [case_of(work) for work in works]
    rows = np.array([case.row for case in cases], dtype=np.int64)
    has_wrong_number: list[bool] = members.is_number_wrong[rows].tolist()
    days = [int(work.finished_at) for work in works]
    policies = {stage: terms.collections.call_desk for stage, terms in world.stages.items()}
    results = []
    for case, work, day, is_wrong in zip(cases, works, days, has_wrong_number, strict=True):
        policy = policies[case.stage]
        result = _result_of(policy, case.u, is_wrong=is_wrong, is_outside=work.is_outsourced)
        results.append(result)
        del waiting[case.row]
        case.attempt += 1
        if result in CALLED_AGAIN and case.attempt < case.end:
            is_asked_for = result is CallResult.CALLBACK
            wait = policy.callback_days if is_asked_for else policy.retry_days
            sleep_until_morning(world, case, day + wait)
        else:
            book.let_go(case)
    members.call_session[rows] = [case.attempt for case in cases]
    members.call_result[rows] = results
    world.agenda.schedule(Task.CALLED, np.array(days), rows)


def _result_of(policy: CallDesk, u: Four, *, is_wrong: bool, is_outside: bool) -> CallResult:
    """Tell how a session went."""
    _, u_reached, u_answer, _ = u
    if is_wrong:
        return CallResult.WRONG_NUMBER
    if u_reached >= (policy.right_party_outside if is_outside else policy.right_party):
        return CallResult.NO_CONTACT
    if u_answer >= 1.0 - policy.calls_back:
        return CallResult.CALLBACK
    promises = policy.promise * (1.0 - policy.calls_back)
    return CallResult.PROMISED if u_answer < promises else CallResult.REACHED


def _answer_rounds(world: World, works: Sequence[Work]) -> None:
    """Take the outcomes of rounds; a case sleeps until the next one if there is one."""
    for work in works:
        case, day = case_of(work), int(work.finished_at)
        del world.cases.works[Kind.AGENCY][case.row]
        world.members.agency_round[case.row] = case.attempt
        world.agenda.add(Task.AGENCY_WORKED, day, case.row)
        case.attempt += 1
        if case.attempt < case.end:
            days = world.stages[case.stage].collections.law_firm.round_days
            sleep_until_morning(world, case, day + days)


def _answer_papers(world: World, works: Sequence[Work]) -> None:
    """Take papers from clerks."""
    for work in works:
        case = case_of(work)
        del world.cases.works[case.kind][case.row]
        task = Task.PAPERS_READY if case.kind == Kind.FILING else Task.DOCKETED
        world.agenda.add(task, int(work.finished_at), case.row)


_ANSWERS: Mapping[Kind, Callable[[World, Sequence[Work]], None]] = {
    Kind.REVIEW: _answer_reviews,
    Kind.CALL: _answer_calls,
    Kind.AGENCY: _answer_rounds,
    Kind.FILING: _answer_papers,
    Kind.DOCKET: _answer_papers,
}
"""What cases do when their work is over, by kind of work."""
