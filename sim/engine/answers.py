"""Answers: what a case does when a person has done its work, or when that was withdrawn.

The outcome is left for the night to post; a case that goes on sleeps until its next attempt.
"""

from collections.abc import Callable, Mapping
from functools import partial

from models.policy.collections import CallDesk
from models.policy.staffing import exponential_days
from sim.engine.agenda import Task
from sim.engine.case_book import DESK_OF, Case, Kind
from sim.engine.cases import sleep_until_morning
from sim.engine.work import Work
from sim.engine.world import World
from sim.eventlog import Activity
from sim.portfolio import CallResult


def listen(world: World) -> None:
    """Let cases go on when their work is over."""
    for desks in world.desks:
        for kind, name in DESK_OF.items():
            getattr(desks, name).on_end = partial(_ANSWERS[kind], world)


def _answer_review(world: World, work: Work) -> None:
    """Take a reviewer's answer; it may come too late (NP-24.4)."""
    if work.is_moot:
        return
    case = _case_of(work)
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


def _answer_call(world: World, work: Work) -> None:
    """Take the outcome of a session, and sleep until the next one if there is one."""
    case = _case_of(work)
    if work.is_moot:
        world.cases.calling.discard((case.row, case.about))
        return
    members, row = world.members, case.row
    policy = world.stages[case.stage].collections.call_desk
    del world.cases.works[Kind.CALL][row]
    case.attempt += 1
    members.call_session[row] = case.attempt
    result = _result_of(world, work, case, policy)
    members.call_result[row] = result
    world.agenda.add(Task.CALLED, int(work.finished_at), row)
    goes_on = result is CallResult.NO_CONTACT or result is CallResult.CALLBACK
    if goes_on and case.attempt < case.end:
        is_asked_for = result is CallResult.CALLBACK
        days = policy.callback_days if is_asked_for else policy.retry_days
        sleep_until_morning(world, case, int(work.finished_at) + days)
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


def _answer_round(world: World, work: Work) -> None:
    """Take the outcome of a round, and sleep until the next one if there is one."""
    if work.is_moot:
        return
    case, day = _case_of(work), int(work.finished_at)
    del world.cases.works[Kind.AGENCY][case.row]
    world.members.agency_round[case.row] = case.attempt
    world.agenda.add(Task.AGENCY_WORKED, day, case.row)
    case.attempt += 1
    if case.attempt < case.end:
        days = world.stages[case.stage].collections.law_firm.round_days
        sleep_until_morning(world, case, day + days)


def _answer_papers(world: World, work: Work) -> None:
    """Take papers from a clerk."""
    if work.is_moot:
        return
    case = _case_of(work)
    del world.cases.works[case.kind][case.row]
    task = Task.PAPERS_READY if case.kind == Kind.FILING else Task.DOCKETED
    world.agenda.add(task, int(work.finished_at), case.row)


def _case_of(work: Work) -> Case:
    """Give the case that a piece of work belongs to."""
    case: Case = work.subject  # type: ignore[assignment]
    return case


_ANSWERS: Mapping[Kind, Callable[[World, Work], None]] = {
    Kind.REVIEW: _answer_review,
    Kind.CALL: _answer_call,
    Kind.AGENCY: _answer_round,
    Kind.FILING: _answer_papers,
    Kind.DOCKET: _answer_papers,
}
"""What a case does when its work is finished or withdrawn, by kind of work."""
