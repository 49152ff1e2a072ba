"""What overtakes a case before the court: death, bankruptcy, returned goods, a second notice."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from models.policy.law.proceedings import Stage
from sim.engine.dues.payments import collect_arrears
from sim.engine.law.arrangements import note, retain
from sim.engine.members.leaving import die
from sim.engine.state.legal_portfolio import Arrangement
from sim.engine.state.portfolio import Status
from sim.record.eventlog import Activity
from tests.functional.test_arrangements import ALWAYS_PAID, CERTAIN_BANKRUPTCY, indebted
from tests.functional.test_courts import sued

if TYPE_CHECKING:
    from conftest import Story, Tell

ONE = np.arange(1)
OF_THE_COURT = tuple(
    one.name.lower()
    for one in Activity
    if one.clause in ("COLL-05", "COLL-06", "COLL-07", "COLL-08", "ART-12", "ART-13")
)
STAGES = [
    ("2026-03-11", Stage.TO_APPLY),
    ("2026-03-12", Stage.APPLIED),
    ("2026-03-13", Stage.SERVICE),
    ("2026-03-28", Stage.OBJECTION),
    ("2026-04-14", Stage.SECOND_SERVICE),
    ("2026-05-15", Stage.TITLE),
    ("2026-05-26", Stage.FINAL),
    ("2026-06-25", Stage.PETITIONED),
    ("2026-06-30", Stage.GARNISHMENT),
]
"""Dates after which, next morning, a case with certain outcomes is in a stage."""


def after(story: "Story", date: str) -> list[tuple[str, str, int]]:
    """Give what happened to a case before the court after a date."""
    return [one for one in story.happened(*OF_THE_COURT) if one[0] > date]


def assert_nothing_waits(story: "Story") -> None:
    """Nobody works on the case any more, and the books agree."""
    for desk in vars(story.world.desks[0]).values():
        assert desk.n_waiting == desk.n_busy == 0
    assert story.residuals() == {}


@pytest.mark.clause("NP-11.2", "COLL-05", "COLL-06", "COLL-07")
@pytest.mark.parametrize(("date", "stage"), STAGES)
def test_death_ends_proceedings_in_every_stage(tell: "Tell", date: str, stage: Stage) -> None:
    story = sued(tell, months=12).through(date)
    assert story.world.proceedings.stage[0] == stage
    die(story.world, story.day(date) + 1, ONE)
    story.through("2026-12-31")
    assert after(story, date) == []
    assert len(story.dates("estate_settled")) == 1
    assert_nothing_waits(story)


@pytest.mark.clause("COLL-10", "COLL-05", "COLL-06", "COLL-07")
@pytest.mark.parametrize(("date", "stage"), STAGES)
def test_bankruptcy_ends_proceedings_in_every_stage(tell: "Tell", date: str, stage: Stage) -> None:
    story = sued(tell, months=12).through(date)
    assert story.world.proceedings.stage[0] == stage
    note(story.world, story.day(date) + 1, ONE, Arrangement.BANKRUPTCY)
    story.through("2026-12-31")
    assert after(story, date) == []
    ((discharged, _, _),) = story.happened("discharged")
    assert story.day(discharged) == story.day(date) + 1 + 180
    assert story.world.members.overdue_since[0] == -1
    assert_nothing_waits(story)


@pytest.mark.clause("COLL-05", "COLL-06")
@pytest.mark.parametrize("desk", ["clerk_desk", "court_desk"])
def test_bankruptcy_withdraws_the_papers_that_wait(tell: "Tell", desk: str) -> None:
    story = sued(tell, law={desk: {"clerks": 0}}).through("2026-03-20")
    queue = getattr(story.world.desks[0], {"clerk_desk": "clerks", "court_desk": "court"}[desk])
    assert queue.n_waiting == 1
    note(story.world, story.day("2026-03-21"), ONE, Arrangement.BANKRUPTCY)
    assert_nothing_waits(story)
    assert sum(queue.statistics.moot) == 1


@pytest.mark.clause("COLL-05", "COLL-06", "NP-28.10", "NP-29.3")
@pytest.mark.parametrize(
    ("date", "closing"),
    [("2026-03-20", "2026-03-31"), ("2026-04-05", "2026-04-30"), ("2026-05-29", "2026-05-31")],
)
def test_a_case_goes_on_for_what_a_return_leaves_and_ends_with_the_last_yen(
    tell: "Tell", date: str, closing: str
) -> None:
    story = sued(tell)
    lag = story.world.terms.cancel_report_lag_days
    story.world.purchases.cancel_after[0] = story.day(date) - story.day("2026-01-05") - lag
    story.through(closing)
    assert story.happened("purchase_returned") == [(date, "purchase_returned", 10_000)]
    assert story.happened("bill_netted") == [(closing, "bill_netted", 10_000)]
    assert story.world.proceedings.stage[0] != Stage.NONE
    collect_arrears(story.world, story.day(closing) + 1, ONE, None)
    story.through("2026-08-31")
    ((paid, _, rest),) = story.happened("bill_paid_late")
    assert rest == 248 + 1_700 + story.total("late_damages")
    assert after(story, paid) == []
    assert story.world.members.overdue_since[0] == -1
    assert_nothing_waits(story)


@pytest.mark.clause("COLL-06")
def test_a_title_is_final_the_next_morning_where_no_days_are_set(tell: "Tell") -> None:
    story = sued(tell, law={"court": {"route": "lawsuit", "final_days": 0}}).through("2026-08-31")
    (judgment,) = story.dates("judgment_given")
    assert story.day(story.dates("title_final")[0]) == story.day(judgment) + 1


@pytest.mark.clause("COLL-09", "ART-14")
def test_a_second_notice_gets_a_plan_on_its_own_day(tell: "Tell") -> None:
    story = indebted(tell, months=10).through("2026-02-28")
    retain(story.world, story.day("2026-03-01"), ONE)
    collect_arrears(story.world, story.day("2026-03-01"), ONE, None)
    story.everybody(status=Status.ACTIVE, stops=0).buys("2026-03-05", 8_000).through("2026-04-20")
    assert story.world.members.overdue_since[0] >= 0
    retain(story.world, story.day("2026-04-21"), ONE)
    story.through("2026-09-30")
    assert story.dates("intermediary_retained") == ["2026-03-01", "2026-04-21"]
    assert story.dates("plan_agreed") == ["2026-06-20"]  # 60 days after the second notice


@pytest.mark.clause("COLL-09", "COLL-10", "COLL-12")
@pytest.mark.parametrize("kind", [Arrangement.SETTLEMENT, Arrangement.REHABILITATION])
def test_a_missed_first_payment_is_made_up_for_to_the_yen(tell: "Tell", kind: Arrangement) -> None:
    law = {
        "settlement": {"n_payments": 7, "missed": ALWAYS_PAID},
        "insolvency": {**CERTAIN_BANKRUPTCY, "enabled": False, "n_payments": 7},
    }
    story = indebted(tell, months=18, law=law).through("2026-02-28")
    note(story.world, story.day("2026-03-01"), ONE, kind)
    days = 60 if kind == Arrangement.SETTLEMENT else 180
    story.world.env.run(until=story.day("2026-03-01") + days + 0.01)
    story.world.arrangements.n_due[0] = story.world.arrangements.n_missed[0] = 1
    story.through("2027-05-31")
    ((_, _, claim),) = story.happened("plan_agreed")
    owed = claim if kind == Arrangement.SETTLEMENT else claim // 5
    payments = [yen for _, _, yen in story.happened("plan_paid")]
    assert payments == [owed - 6 * (owed // 7)] + [owed // 7] * 6
    assert story.world.members.overdue_since[0] == -1


@pytest.mark.clause("COLL-07", "COLL-09")
@pytest.mark.parametrize(("probability", "attached"), [(0.0, []), (1.0, ["2026-09-29"])])
def test_a_title_that_is_not_executed_is_not_after_a_failed_plan_either(
    tell: "Tell", probability: float, attached: list[str]
) -> None:
    law = {
        "garnishment": {"probability": probability},
        "settlement": {"missed": dict.fromkeys(ALWAYS_PAID, 1.0)},
    }
    story = sued(tell, months=12, law=law).through("2026-05-31")
    assert story.world.proceedings.title_day[0] == story.day("2026-05-26")
    note(story.world, story.day("2026-06-01"), ONE, Arrangement.SETTLEMENT)
    story.through("2026-12-31")
    assert story.dates("plan_cancelled") == ["2026-09-26"]
    assert story.dates("wage_attached") == attached
    assert story.dates("nothing_to_attach") == []
