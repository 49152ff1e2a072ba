"""Arrangements: an intermediary is retained, plans are paid or fail, bankruptcy, rehabilitation."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from sim.config import load_config
from sim.engine.law.arrangements import file_petitions, retain
from sim.engine.simulation import simulate
from sim.engine.state.portfolio import Stop
from sim.record.eventlog import Record
from tests.functional.conftest import merged

if TYPE_CHECKING:
    from conftest import Story, Tell

MIXED = Path(__file__).resolve().parents[2] / "configs" / "mixed.yaml"
NOBODY: dict[str, float] = {"forgetful": 0.0, "short": 0.0, "hardship": 0.0}
ALWAYS_PAID = {"punctual": 0.0, "forgetful": 0.0, "short": 0.0, "hardship": 0.0, "never_pays": 0.0}
NEVER_PAID = dict.fromkeys(ALWAYS_PAID, 1.0)
CERTAIN = {
    "overdue": 1.0, "dunning": 1.0, "law_firm": 1.0, "lawsuit": 1.0, "garnishment": 1.0,
}  # fmt: skip
LETTERS = tuple({"day": day, "action": "letter"} for day in (10, 25, 40, 55, 70, 85, 100, 130))


def indebted(
    tell: "Tell",
    months: int = 8,
    law: Mapping[str, Any] | None = None,
    **collections: Any,  # noqa: ANN401
) -> "Story":
    """Begin a story of a bill of 10,248 yen due on 10 February that is not paid unasked."""
    silent = {"reach": 1.0, "response": NOBODY, "is_postal": True, "cost_yen": 120}
    rules = {"settlement": {"enabled": True, "missed": ALWAYS_PAID}}
    settings = {
        "ladder": LETTERS,
        "channels": {"letter": silent},
        "law": merged(rules, law or {}),
    }
    story = tell(
        months=months,
        collections=merged(settings, collections),
        products={"atone": {"late": {"admin_fee_yen": 0}}},
    )
    story.everybody(never_pays=True, monthly_net_yen=220_000, payday=25)
    return story.buys("2026-01-05", 10_000)


def noted(story: "Story", date: str) -> "Story":
    """Let the member retain an intermediary on the morning of a date."""
    story.through(date)
    return story


@pytest.mark.clause("ART-14", "COLL-09", "ART-16", "COLL-12")
def test_a_plan_of_36_payments_settles_the_claim_of_its_day(tell: "Tell") -> None:
    # March is the first month that begins in arrears: the notice comes in it.
    story = indebted(tell, months=44, law={"settlement": {"chance": CERTAIN}})
    story.through("2029-08-31")
    (notice,) = story.dates("intermediary_retained")
    assert notice.startswith("2026-03")
    ((agreed, _, claim),) = story.happened("plan_agreed")
    days = story.day(agreed) - 1 - story.day("2026-02-10")
    assert story.day(agreed) == story.day(notice) + 60
    assert claim == 10_248 + 10_248 * 146 * days // 365_000  # damages until the day before
    payments = [yen for _, _, yen in story.happened("plan_paid")]
    assert payments == [claim - 35 * (claim // 36)] + [claim // 36] * 35
    assert {date[-2:] for date in story.dates("plan_paid")} == {"25"}  # the member's payday
    assert story.dates("plan_completed") == story.dates("plan_paid")[-1:]
    assert story.total("late_damages") == story.total("late_damages_paid") == claim - 10_248
    assert story.world.members.overdue_since[0] == -1
    assert story.world.members.stops[0] & int(Stop.CREDIT)
    assert not story.world.cases.put_aside  # nothing is left to be taken up again


@pytest.mark.clause("ART-14", "ART-16")
@pytest.mark.parametrize(("reaches_all", "hears_at_noon"), [(True, True), (False, False)])
def test_the_intermediary_writes_to_every_lender_or_to_one(
    reaches_all: bool,  # noqa: FBT001 - a case of the table
    hears_at_noon: bool,  # noqa: FBT001
) -> None:
    settlement = {"chance": CERTAIN, "include_all_lenders": reaches_all}
    config = load_config(
        MIXED,
        [
            "population.members=200",
            "months=6",
            f"collections.law.settlement={json.dumps(settlement)}",
        ],
    )
    events = simulate(config, [0], record=Record.everyone()).events
    notices = events.filter(pl.col("activity") == "intermediary_retained")
    assert notices.height > 10
    # Whoever is not the lender in whose arrears the member is hears of it at noon.
    assert (notices["timestamp"].dt.hour() == 12).any() == hears_at_noon


@pytest.mark.clause("ART-14", "COLL-02")
def test_nobody_is_contacted_from_the_day_of_the_notice_on(tell: "Tell") -> None:
    untouched = indebted(tell, law={"settlement": {"enabled": False}}).through("2026-06-30")
    story = indebted(tell, law={"settlement": {"chance": CERTAIN}}).through("2026-06-30")
    (notice,) = story.dates("intermediary_retained")
    assert len(untouched.dates("contact_sent")) == len(LETTERS)
    assert story.dates("contact_sent") == [
        date for date in untouched.dates("contact_sent") if date < notice
    ]


@pytest.mark.clause("ART-14", "COLL-09", "NP-28.5")
@pytest.mark.parametrize(("is_noted", "reminded"), [(True, []), (False, ["2026-03-07"])])
def test_nobody_is_reminded_of_a_use_that_is_billed_after_the_notice(
    tell: "Tell",
    is_noted: bool,  # noqa: FBT001 - a case of the table
    reminded: list[str],
) -> None:
    story = indebted(tell, reminder_days=3).buys("2026-02-10", 3_000).through("2026-02-10")
    if is_noted:
        retain(story.world, story.day("2026-02-11"), np.arange(1))
    story.through("2026-03-31")
    assert story.dates("bill_closed")[-1] == "2026-02-28"
    assert [date for date in story.dates("reminder_sent") if date > "2026-02-11"] == reminded


@pytest.mark.clause("ART-14", "COLL-02", "COLL-04")
@pytest.mark.parametrize("desk", ["calls", "law_firm"])
def test_work_that_waits_is_withdrawn_by_the_notice(tell: "Tell", desk: str) -> None:
    action = {"calls": "call", "law_firm": "hand_over"}[desk]
    empty = {"call_desk": {"callers": 0}, "law_firm": {"clerks": 0, "probability": 1.0}}
    story = indebted(tell, ladder=({"day": 5, "action": action},), **empty)
    story.through("2026-02-20")
    queue = getattr(story.world.desks[0], desk)
    assert queue.n_waiting == 1
    retain(story.world, story.day("2026-02-21"), np.arange(1))
    assert queue.n_waiting == 0
    story.through("2026-06-30")
    assert queue.statistics.n_waiting == 0


@pytest.mark.clause("COLL-09", "COLL-05")
def test_two_missed_payments_cancel_the_plan_and_collection_resumes_at_the_court(
    tell: "Tell",
) -> None:
    law = {
        "settlement": {"chance": CERTAIN, "missed": NEVER_PAID},
        "court": {"probability": 1.0},
    }
    story = indebted(tell, months=8, law=law).through("2026-06-30")
    missed = story.dates("plan_missed")
    assert len(missed) == 2
    ((cancelled, _, _),) = story.happened("plan_cancelled")
    assert story.day(cancelled) == story.day(missed[-1]) + 1
    assert story.dates("order_filed")[0] >= cancelled
    # No damages while the plan ran, then again from the day after its last payment date on.
    frozen_from = story.day(story.dates("plan_agreed")[0]) - 1
    charged = story.day("2026-06-30") - story.day(missed[-1])
    whole = 10_248 * 146 * (frozen_from - story.day("2026-02-10")) // 365_000
    assert story.total("late_damages") == whole + 10_248 * 146 * charged // 365_000


FAILS = {"settlement": {"missed": NEVER_PAID}, "court": {"probability": 0.0}}
UNREACHED = {"right_party": 0.0, "right_party_outside": 0.0, "wrong_number": 0.0}


@pytest.mark.clause("COLL-09", "COLL-02", "ART-14")
@pytest.mark.parametrize(
    ("retry_days", "plan"),
    [(7, {}), (84, {"plan_after_days": 1, "missed_payments": 1})],
    ids=["awake before the plan fails", "asleep beyond it"],
)
def test_a_call_case_goes_on_where_a_failed_plan_had_stopped_it(
    tell: "Tell", retry_days: int, plan: dict[str, int]
) -> None:
    desk = {**UNREACHED, "sessions": 3, "retry_days": retry_days}
    law = merged(FAILS, {"settlement": plan})
    ladder = ({"day": 5, "action": "call"},)
    story = indebted(tell, months=12, law=law, ladder=ladder, call_desk=desk)
    story.through("2026-02-16")
    assert story.dates("call_no_contact") == ["2026-02-16"]
    retain(story.world, story.day("2026-02-17"), np.arange(1))
    story.through("2026-12-30")
    (cancelled,) = story.dates("plan_cancelled")
    # The two sessions that were left, each at its usual time or when the plan fails, and no more.
    first, second, third = story.dates("call_no_contact")
    goes_on = max(story.day(cancelled), story.day(first) + retry_days)
    assert 0 <= story.day(second) - goes_on <= 3  # weekends are closed
    assert story.day(third) == story.day(second) + retry_days
    assert (story.world.cases.call_of < 0).all()


@pytest.mark.clause("COLL-09", "COLL-02", "ART-14")
def test_a_call_that_somebody_outside_still_holds_does_not_end_its_case_again(tell: "Tell") -> None:
    # The call is given away before the notice, and comes back long after the plan has failed; in
    # between the case goes on, and the ladder asks for calls again.
    outside = {"above": 0, "cost_yen": 1, "days": 100.0}
    desk = {**UNREACHED, "callers": 0, "team": {"outside": outside}, "sessions": 2, "retry_days": 1}
    law = merged(FAILS, {"settlement": {"plan_after_days": 1, "missed_payments": 1}})
    ladder = tuple({"day": day, "action": "call"} for day in (5, 120, 150))
    story = indebted(tell, months=20, law=law, ladder=ladder, call_desk=desk)
    story.through("2026-02-20")
    retain(story.world, story.day("2026-02-21"), np.arange(1))
    story.through("2027-08-30")
    (cancelled,) = story.dates("plan_cancelled")
    assert cancelled == "2026-02-26"  # while the call is still outside
    assert story.dates("call_no_contact") == ["2026-06-06", "2026-09-16"]
    assert (story.world.cases.call_of < 0).all()


@pytest.mark.clause("COLL-09", "COLL-02", "COLL-04")
def test_the_ladder_goes_on_after_a_failed_plan_that_nobody_sues_for(tell: "Tell") -> None:
    ladder = (*LETTERS[:3], {"day": 150, "action": "letter"}, {"day": 180, "action": "hand_over"})
    firm = {"probability": 1.0, "rounds": 2}
    story = indebted(tell, months=16, law=FAILS, ladder=ladder, law_firm=firm)
    story.through("2026-02-25")
    retain(story.world, story.day("2026-02-26"), np.arange(1))
    story.through("2027-03-31")
    (cancelled,) = story.dates("plan_cancelled")
    assert cancelled == "2026-06-26"
    # The first letter came before the notice; two that were left out, day by day; then the plan
    # of the ladder again.
    expected = ["2026-02-20", "2026-06-27", "2026-06-28", "2026-07-10"]
    assert story.dates("contact_sent") == expected
    assert story.dates("handed_over") == ["2026-08-09"]
    assert len(story.dates("agency_round")) == 2


@pytest.mark.clause("COLL-13", "COLL-09")
def test_five_years_run_anew_from_a_plan_which_acknowledges_the_claim(tell: "Tell") -> None:
    story = indebted(tell, months=69, law=FAILS, ladder=()).through("2026-05-31")
    retain(story.world, story.day("2026-06-01"), np.arange(1))
    story.through("2031-06-30")
    # Due on 10 February 2026; nothing is ever paid.
    assert story.dates("plan_agreed") == ["2026-07-31"]
    assert story.dates("prescribed") == []
    story.through("2031-08-31")
    assert story.dates("prescribed") == ["2031-08-01"]


@pytest.mark.clause("COLL-09", "COLL-04")
def test_the_law_firm_goes_on_after_a_failed_plan_with_the_rounds_that_were_left(
    tell: "Tell",
) -> None:
    nothing = {"probability": 1.0, "rounds": 4, "round_days": 10, "pays": NOBODY}
    ladder = ({"day": 5, "action": "hand_over"},)
    story = indebted(tell, months=16, law=FAILS, ladder=ladder, law_firm=nothing)
    story.through("2026-03-05")
    before = story.dates("agency_round")
    assert 0 < len(before) < 4
    retain(story.world, story.day("2026-03-06"), np.arange(1))
    story.through("2027-03-31")
    (cancelled,) = story.dates("plan_cancelled")
    rounds = story.dates("agency_round")
    assert len(rounds) == 4
    assert rounds[len(before)] >= cancelled


@pytest.mark.clause("COLL-10", "COLL-11", "NP-7.1")
def test_bankruptcy_ends_collection_and_the_discharge_the_claim(tell: "Tell") -> None:
    law = {"settlement": {"enabled": False}, "insolvency": {"enabled": True}}
    story = indebted(tell, months=12, law=merged(law, {"insolvency": CERTAIN_BANKRUPTCY}))
    story.through("2026-12-31")
    (petition,) = story.dates("bankruptcy_filed")
    ((discharged, _, claim),) = story.happened("discharged")
    assert story.day(discharged) == story.day(petition) + 180
    assert all(date < petition for date in story.dates("contact_sent"))
    days = max(story.day(petition) - 1 - story.day("2026-02-10"), 0)
    assert claim == 10_248 + 10_248 * 146 * days // 365_000
    assert story.total("principal_written_off") == 10_000
    assert story.total("recovered") == 0
    assert story.world.members.overdue_since[0] == -1
    assert story.world.members.stops[0] & int(Stop.CREDIT)


CERTAIN_BANKRUPTCY: dict[str, float] = {
    "per_year": 1.0,
    "late_per_year": 1.0,
    "rehabilitation": 0.0,
}


@pytest.mark.clause("COLL-10", "COLL-12")
def test_rehabilitation_brings_a_fifth_in_36_months(tell: "Tell") -> None:
    rules = {"enabled": True, **CERTAIN_BANKRUPTCY, "rehabilitation": 1.0}
    law = {"settlement": {"enabled": False, "missed": ALWAYS_PAID}, "insolvency": rules}
    story = indebted(tell, months=54, law=law).through("2030-06-30")
    ((_, _, claim),) = story.happened("plan_agreed")
    assert story.total("principal_written_off") == 10_000
    payments = [yen for _, _, yen in story.happened("plan_paid")]
    assert len(payments) == 36
    assert sum(payments) == claim // 5 == story.total("recovered")
    assert len(story.dates("discharged")) == 1
    assert story.world.members.overdue_since[0] == -1


@pytest.mark.clause("COLL-10")
def test_a_petition_in_the_middle_of_a_plan_does_not_come(tell: "Tell") -> None:
    # A member has one arrangement at a time: who pays by a plan does not petition.
    law = {
        "settlement": {"chance": CERTAIN},
        "insolvency": {"enabled": True, **CERTAIN_BANKRUPTCY},
    }
    story = indebted(tell, law=law)
    story.through("2026-02-28")
    retain(story.world, story.day("2026-03-01"), np.arange(1))
    file_petitions(story.world, story.day("2026-03-01"), np.arange(1))
    story.through("2026-07-31")
    assert len(story.dates("intermediary_retained") + story.dates("bankruptcy_filed")) == 1
