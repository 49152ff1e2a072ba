"""Answers: what cases do when people have done their work.

The outcome is left for the night to post; a case that goes on sleeps until its next attempt. Nobody
asks for an outcome before the night, so cases hear of the end of their work together, before the
next event of the clock.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import compress

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.codes import one_of
from models.policy.collections import CallDesk
from models.policy.staffing import exponential_days
from sim.engine.agenda import Task
from sim.engine.cases.course import sleep_until_morning
from sim.engine.desks.work import Work
from sim.engine.state.case_book import DESK_OF, Kind
from sim.engine.state.portfolio import CallResult
from sim.engine.state.world import World
from sim.record.eventlog import Activity

IS_CALLED_AGAIN = one_of(CallResult.NO_CONTACT, CallResult.CALLBACK)


def listen(world: World) -> None:
    """Let the cases of a lender hear of the work that is over."""
    for desks in world.desks:
        for name in DESK_OF.values():
            getattr(desks, name).over = world.cases.over
    world.env.before_events(partial(_answer, world))


def _answer(world: World) -> None:
    """Let cases go on whose work is done; those whose work was withdrawn meanwhile have ended."""
    book = world.cases
    if not book.over:
        return
    works = book.over.copy()
    book.over.clear()
    moot = [work.subject for work in works if work.is_moot]
    if moot:
        book.let_go(np.array(moot))
        works = [work for work in works if not work.is_moot]
    cases = np.array([work.subject for work in works], dtype=np.int64)
    for kind, stage, is_one in book.table.alike(cases):
        some = cases[is_one]
        book.leave(kind, (book.table.about if kind == Kind.REVIEW else book.table.row)[some])
        _ANSWERS[kind](world, stage, some, list(compress(works, is_one)))


def _days_of(works: Sequence[Work]) -> Ints:
    """Give the days on which pieces of work were done."""
    return np.array([work.finished_at for work in works]).astype(np.int64)


def _answer_reviews(world: World, stage: int, cases: Ints, works: Sequence[Work]) -> None:
    """Take reviewers' answers; they may come too late (NP-24.4)."""
    table, policy = world.cases.table, world.stages[stage].screening.review_desk
    approves = np.where(
        world.persons.never_pays[table.row[cases]], policy.approves_never_payer, policy.approves
    )
    is_approved = table.u_second[cases] < approves
    answer = np.where(is_approved, Activity.REVIEW_APPROVED.number, Activity.REVIEW_REFUSED.number)
    patience = exponential_days(table.u_third[cases].tolist(), policy.mean_patience_hours * 60)
    takes = np.array([work.finished_at - work.queued_at for work in works])
    answer[takes > patience] = Activity.REVIEW_TOO_LATE.number
    purchases = table.about[cases]
    world.purchases.review[purchases] = answer
    world.agenda.schedule(Task.REVIEWED, _days_of(works), purchases)


def _answer_calls(world: World, stage: int, cases: Ints, works: Sequence[Work]) -> None:
    """Take the outcomes of sessions; who was not reached is called again later."""
    members, book, table = world.members, world.cases, world.cases.table
    policy = world.stages[stage].collections.call_desk
    rows, days = table.row[cases], _days_of(works)
    result = _results_of(
        policy,
        table.u_second[cases],
        table.u_third[cases],
        is_wrong=members.is_number_wrong[rows],
        is_outside=np.array([work.is_outsourced for work in works]),
    )
    session = table.attempt[cases] + 1
    table.attempt[cases] = session
    again = IS_CALLED_AGAIN[result] & (session < table.end[cases])
    book.let_go(cases[~again])
    wait = np.where(result == CallResult.CALLBACK, policy.callback_days, policy.retry_days)
    sleep_until_morning(world, cases[again], (days + wait)[again])
    members.call_session[rows] = session
    members.call_result[rows] = result
    world.agenda.schedule(Task.CALLED, days, rows)


def _results_of(
    policy: CallDesk, u_reached: Floats, u_answer: Floats, *, is_wrong: Bools, is_outside: Bools
) -> Ints:
    """Tell how sessions went: `CallResult`, shape (n,)."""
    promises = policy.promise * (1.0 - policy.calls_back)
    result = np.where(u_answer < promises, int(CallResult.PROMISED), int(CallResult.REACHED))
    result[u_answer >= 1.0 - policy.calls_back] = CallResult.CALLBACK
    right_party = np.where(is_outside, policy.right_party_outside, policy.right_party)
    result[u_reached >= right_party] = CallResult.NO_CONTACT
    result[is_wrong] = CallResult.WRONG_NUMBER
    return result


def _answer_rounds(world: World, stage: int, cases: Ints, works: Sequence[Work]) -> None:
    """Take the outcomes of rounds; a case sleeps until the next one if there is one."""
    table, days = world.cases.table, _days_of(works)
    rows, number = table.row[cases], table.attempt[cases]
    world.members.agency_round[rows] = number
    world.agenda.schedule(Task.AGENCY_WORKED, days, rows)
    table.attempt[cases] = number + 1
    again = number + 1 < table.end[cases]
    wait = world.stages[stage].collections.law_firm.round_days
    sleep_until_morning(world, cases[again], days[again] + wait)


def _hand_in(task: Task, world: World, _: int, cases: Ints, works: Sequence[Work]) -> None:
    """Take papers from clerks."""
    world.agenda.schedule(task, _days_of(works), world.cases.table.row[cases])


_ANSWERS: Mapping[Kind, Callable[[World, int, Ints, Sequence[Work]], None]] = {
    Kind.REVIEW: _answer_reviews,
    Kind.CALL: _answer_calls,
    Kind.AGENCY: _answer_rounds,
    Kind.FILING: partial(_hand_in, Task.PAPERS_READY),
    Kind.DOCKET: partial(_hand_in, Task.DOCKETED),
}
"""What cases of one kind and stage do when their work is over, by kind."""
