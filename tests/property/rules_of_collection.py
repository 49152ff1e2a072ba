"""What holds of every chronicle of collection: who may be contacted when, and what follows what."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from models.policy.law.proceedings import Stage
from sim.engine.state.case_book import Kind
from sim.engine.state.world import World
from sim.record.eventlog import CONTACTS
from tests.property.chronicle import NOTICES, Entry

TOUCHES = {"contact_sent", "demand_sent", "called", "agency_worked"}
"""Contacts at the instant at which they happen."""
SESSIONS = {one.name.lower() for one in CONTACTS} - TOUCHES
START = {"order_filed", "lawsuit_filed", "not_sued"}
EXECUTION = {"account_attached", "nothing_to_attach", "wage_attached"}
ENDS = {"discharged", "prescribed", "claim_dismissed", "died"}
FOLLOWERS: dict[str, set[str]] = {
    "not_sued": START,
    "order_filed": {"order_served", "service_failed"},
    "order_served": {"objected", "execution_declared", "order_lapsed"},
    "objected": {"lawsuit_filed"},
    "lawsuit_filed": {"judgment_given", "claim_dismissed"},
    "execution_declared": {"title_final", "service_failed", "objected"},
    "service_failed": START,
    "order_lapsed": START,
    "judgment_given": {"title_final"},
    "title_final": EXECUTION,
    "account_attached": {"nothing_to_attach", "wage_attached"},
    "nothing_to_attach": EXECUTION,
    "wage_attached": {"wage_garnished", "attachment_ended"},
    "wage_garnished": {"wage_garnished", "attachment_ended"},
    "attachment_ended": EXECUTION,
    **{name: set() for name in (*ENDS, *NOTICES)},
}
"""What may follow directly before the court and in execution."""
CLOCKS = (
    Stage.SERVICE, Stage.OBJECTION, Stage.SECOND_SERVICE, Stage.LAWSUIT, Stage.TITLE, Stage.IDLE,
)  # fmt: skip
WAITS_FOR = {
    **dict.fromkeys((Stage.TO_APPLY, Stage.TO_REQUEST, Stage.TO_SUE, Stage.TO_ATTACH), Kind.FILING),
    **dict.fromkeys((Stage.APPLIED, Stage.REQUESTED, Stage.SUED, Stage.PETITIONED), Kind.DOCKET),
}


def assert_left_alone(life: Sequence[Entry]) -> None:
    """Whoever has an intermediary, is bankrupt, dead, or owes nothing is not contacted."""
    is_stopped = is_dead = is_late = False
    for entry in life:
        if entry.name in NOTICES:
            is_stopped = True
        elif entry.name in ("plan_cancelled", "spell_over"):
            is_stopped = False
        is_dead |= entry.name == "died"
        if entry.name in ("spell_over", "spell_begun"):
            is_late = entry.name == "spell_begun"
        if entry.name in TOUCHES:
            assert is_late, entry
            assert not is_stopped, entry
            assert not is_dead, entry


def assert_in_order(life: Sequence[Entry]) -> None:
    """Each step before the court follows one from which it can come."""
    may_follow, has_title = START, False
    for entry in life:
        name = entry.name
        if name == "spell_over":
            may_follow, has_title = START, False
        elif name == "plan_cancelled":
            may_follow = EXECUTION if has_title else START
        elif name in FOLLOWERS:
            if name not in ENDS - {"claim_dismissed"} and name not in NOTICES:
                assert name in may_follow, entry
            may_follow = FOLLOWERS[name]
            has_title |= name == "title_final"


def assert_worked_once(life: Sequence[Entry], last_day: int) -> None:
    """Work that a desk has finished on a day is used that day, once."""
    happened = Counter((entry.name, entry.day) for entry in life)
    over = {entry.day for entry in life if entry.name in ("spell_over", "died")}
    for (name, day), n in happened.items():
        if name in ("called", "agency_worked", "papers_ready", "docketed"):
            assert n == 1, (name, day, life)
    for day in {day for _, day in happened if day < last_day}:
        assert happened["called", day] == sum(happened[name, day] for name in SESSIONS)
        rounds = happened["agency_worked", day] - happened["agency_round", day]
        assert rounds == 0 or (rounds == 1 and day in over)
        lost = happened["papers_ready", day] - _papers_used(happened, day)
        assert lost == 0 or (lost == 1 and day in over), (day, life)


def _papers_used(happened: Counter[tuple[str, int]], day: int) -> int:
    """Count what was filed from papers on a day; petitions are known by the work on them."""
    other_work = happened["account_attached", day] + happened["objected", day]
    declared = happened["execution_declared", day] + happened["order_lapsed", day]
    return happened["legal_work", day] - other_work + declared


def assert_nobody_is_forgotten(world: World, lives: dict[int, list[Entry]]) -> None:
    """Whatever stage a case is in, there is somebody or some day for which it waits."""
    table, n_days = world.proceedings, world.n_days
    for row in range(world.members.size):
        stage = Stage(int(table.stage[row]))
        if stage in CLOCKS:
            assert table.day[row] >= n_days, (stage, row)
        if stage in WAITS_FOR:
            kind = WAITS_FOR[stage]
            work = world.cases.works[kind].get(row)
            done = {entry.name for entry in lives[row] if entry.day >= n_days}
            assert work is not None or done & {"papers_ready", "docketed"}, (stage, row)
            if work is not None:
                assert world.cases.table.about[work.subject] == table.number[row]
    _assert_arrangements_go_on(world)
    _assert_calls_go_on(world)


def _assert_arrangements_go_on(world: World) -> None:
    """Every arrangement has a day on which it goes on."""
    table = world.arrangements
    for row in np.flatnonzero(table.kind[: world.members.size]).tolist():
        assert max(table.next_day[row], table.begins_day[row]) >= world.n_days - 1, row


def _assert_calls_go_on(world: World) -> None:
    """Every call case that lives sleeps, waits, or is being worked on; none twice."""
    book, table = world.cases, world.cases.table
    for row, bits in enumerate(book.kinds_at_desks.tolist()):
        assert bits == sum((row in book.works[kind]) << kind for kind in Kind if kind)
    asleep = [case for cases in book.asleep.values() for case in cases]
    at_desks = [work.subject for desks in world.desks for work in desks.calls.works()]
    cases = np.array([*asleep, *at_desks, *book.beginning], dtype=np.int64)
    calls = cases[table.kind[cases] == Kind.CALL]
    keys = Counter(zip(table.row[calls].tolist(), table.about[calls].tolist(), strict=True))
    assert set(keys.values()) <= {1}
    newest = np.full_like(book.call_of, -1)
    np.maximum.at(newest, table.row[calls], calls)
    assert newest.tolist() == book.call_of.tolist()


def assert_desks_in_order(world: World) -> None:
    """No work is lost at any desk, and its queue obeys Little's law to the second."""
    for desks in world.desks:
        for desk in vars(desks).values():
            statistics = desk.statistics
            known = (statistics.served, statistics.moot, statistics.refused, statistics.outsourced)
            assert sum(statistics.arrivals) == sum(map(sum, known)) + desk.n_waiting
            assert desk.check_littles_law() == 0
