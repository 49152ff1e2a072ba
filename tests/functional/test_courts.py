"""From the ladder to the court: orders, lawsuits, titles, attached wages, prescription."""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest

from sim.engine.state.portfolio import Stop
from tests.functional.conftest import merged

if TYPE_CHECKING:
    from conftest import Story, Tell

NOBODY: dict[str, float] = {"forgetful": 0.0, "short": 0.0, "hardship": 0.0}
AT_ONCE = {"mean_minutes": 1e-6}
CERTAIN: dict[str, Any] = {
    "court": {
        "probability": 1.0,
        "service_failure": 0.0,
        "objection": 0.0,
        "response": NOBODY,
        "creditor_wins": 1.0,
    },
    "clerk_desk": AT_ONCE,
    "court_desk": AT_ONCE,
    "garnishment": {"employer_known": 1.0, "leaves_job": 0.0},
}
"""Papers take no time, everybody is found, nobody objects, and the lender wins."""
LADDER = (
    {"day": 5, "action": "hand_over"},
    {"day": 30, "action": "sue", "when": {"is_placed": True}},
)


def sued(
    tell: "Tell",
    months: int = 8,
    wage: int = 220_000,
    yen: int = 10_000,
    law: Mapping[str, Any] | None = None,
    **collections: Any,  # noqa: ANN401
) -> "Story":
    """Begin a story of a bill due on 10 February that nobody will pay unasked."""
    firm = {"probability": 1.0, "pays": NOBODY, "mean_minutes": 1e-6}
    settings = {"ladder": LADDER, "law_firm": firm, "law": merged(CERTAIN, law or {})}
    story = tell(
        months=months,
        collections=merged(settings, collections),
        products={"atone": {"late": {"admin_fee_yen": 0}}},
    )
    story.everybody(never_pays=True, monthly_net_yen=wage, payday=25)
    return story.buys("2026-01-05", yen)


@pytest.mark.clause("COLL-04", "COLL-05")
def test_papers_that_wait_for_a_clerk_are_still_filed_after_the_hand_over(tell: "Tell") -> None:
    ladder = ({"day": 5, "action": "sue"}, {"day": 8, "action": "hand_over"})
    hired = {"changes": ({"on": dt.date(2026, 3, 9), "staff": 1},)}  # a Monday
    law = {"clerk_desk": {"clerks": 0, "team": hired}}
    story = sued(tell, ladder=ladder, law=law).through("2026-03-31")
    assert story.dates("handed_over") == ["2026-02-18"]
    assert story.dates("order_filed") == ["2026-03-09"]


@pytest.mark.clause(
    "COLL-05", "COLL-06", "COLL-07", "ART-12", "AU-44.2", "NP-7.3", "NP-21", "COLL-04"
)
def test_a_case_from_the_missed_bill_to_the_last_garnishment_adds_up(tell: "Tell") -> None:
    story = sued(tell).through("2026-08-31")
    assert story.happened(
        "payment_missed", "handed_over", "order_filed", "order_served", "execution_declared",
        "title_final", "wage_attached", "wage_garnished", "bill_paid_late",
    ) == [
        ("2026-02-10", "payment_missed", 10_248),
        ("2026-02-15", "handed_over", 0),
        ("2026-03-12", "order_filed", 10_248 + 122),  # 30 days of 10,248 at 14.6 % a year
        ("2026-03-28", "order_served", 0),  # taken up on the 13th, 15 days to serve
        ("2026-04-13", "execution_declared", 0),  # 14 days to object end on a Saturday
        ("2026-05-26", "title_final", 0),  # declared on 27 April, 15 days to serve, 14 to object
        # 30 days later the petition; the court takes it up on the next day.
        ("2026-06-26", "wage_attached", 10_248 + 557 + 1_700 + 7_000),
        ("2026-07-25", "bill_paid_late", 10_248 + 676 + 1_700 + 7_000),
        ("2026-07-25", "wage_garnished", 10_248 + 676 + 1_700 + 7_000),
    ]  # fmt: skip
    assert story.lines("court_cost", "legal_work", "court_cost_claimed") == [
        ("2026-03-12", "court_cost", 1_700),
        ("2026-03-12", "legal_work", 1_500),
        ("2026-03-12", "court_cost_claimed", 1_700),
        ("2026-06-25", "court_cost", 7_000),
        ("2026-06-25", "legal_work", 1_500),
        ("2026-06-25", "court_cost_claimed", 7_000),
    ]
    assert story.total("cost_paid") == 8_700
    assert story.total("late_damages_paid") == story.total("late_damages") == 676
    assert story.total("principal_paid") == 10_000
    assert story.total("agency_fee") == 19_624 // 5
    assert story.world.members.overdue_since[0] == -1
    assert not any(residual.any() for residual in story.residuals().values())


@pytest.mark.clause("COLL-07")
@pytest.mark.golden("G-38")
def test_wages_are_attached_payday_by_payday_until_all_is_paid(tell: "Tell") -> None:
    story = sued(tell, months=10, wage=30_000).through("2026-10-31")
    taken = story.happened("wage_garnished")
    assert [date for date, _, _ in taken] == ["2026-07-25", "2026-08-25", "2026-09-25"]
    assert [yen for _, _, yen in taken[:2]] == [7_500, 7_500]
    paid = ("cost_paid", "late_damages_paid", "fee_paid", "principal_paid")
    assert story.total(*paid) == sum(yen for _, _, yen in taken)
    assert story.total("principal_paid") == 10_000
    assert story.world.members.overdue_since[0] == -1


@pytest.mark.clause("COLL-05", "COLL-06", "ART-13")
def test_an_objection_makes_it_a_lawsuit_at_the_rest_of_its_cost(tell: "Tell") -> None:
    story = sued(tell, law={"court": {"objection": 1.0}}).through("2026-08-31")
    assert story.dates("objected") == ["2026-04-11"]
    assert story.dates("lawsuit_filed") == ["2026-04-11"]
    assert story.dates("judgment_given") == ["2026-06-12"]  # taken up on Monday 13 April, 60 days
    assert [yen for _, _, yen in story.lines("court_cost")][:2] == [1_700, 6_500]


@pytest.mark.clause("COLL-06", "ART-13", "COLL-11", "COLL-14")
def test_a_claim_lost_before_the_court_is_no_claim_any_more(tell: "Tell") -> None:
    law = {"court": {"route": "lawsuit", "creditor_wins": 0.0}}
    story = sued(tell, law=law).through("2026-07-31")
    assert story.dates("claim_dismissed") == ["2026-05-12"]
    assert story.total("principal_written_off") == 10_000
    assert story.total("cost_written_off") == 7_000
    members = story.world.members
    assert members.overdue_since[0] == -1
    assert members.unsettled_yen[0] == 0
    assert members.stops[0] & int(Stop.CREDIT)
    assert story.dates("use_released") == []


@pytest.mark.clause("COLL-05")
@pytest.mark.parametrize(("yen", "decision"), [(9_637, "not_sued"), (9_638, "order_filed")])
def test_claims_below_ten_thousand_yen_are_not_taken_to_court(
    tell: "Tell", yen: int, decision: str
) -> None:
    # With the fee of 248 and late damages of 29 days, 114, they are 9,999 and 10,000 yen.
    story = sued(tell, yen=yen).through("2026-04-30")
    assert [name for _, name, _ in story.happened("not_sued", "order_filed")] == [decision]


@pytest.mark.clause("COLL-06")
def test_an_order_that_waits_too_long_for_a_clerk_lapses(tell: "Tell") -> None:
    changes = (
        {"on": dt.date(2026, 4, 1), "staff": 0},
        {"on": dt.date(2026, 5, 20), "staff": 1},
    )
    law = {"clerk_desk": {"team": {"changes": changes}}}
    story = sued(tell, law=law).through("2026-08-31")
    assert story.dates("order_lapsed") == ["2026-05-20"]  # asked for since 11 April
    assert story.dates("title_final") == []


@pytest.mark.clause("COLL-05", "COLL-06")
def test_papers_that_cannot_be_served_end_the_case(tell: "Tell") -> None:
    law = {"court": {"service_failure": 1.0, "service_retries": 1, "service_retry_days": 10}}
    story = sued(tell, law=law).through("2026-08-31")
    assert story.dates("service_failed") == ["2026-04-07"]  # 15 + 10 days from 13 March
    assert story.dates("execution_declared") == []


@pytest.mark.clause("COLL-08")
def test_without_a_wage_execution_waits_ninety_days(tell: "Tell") -> None:
    story = sued(tell, months=10)
    story.everybody(is_jobless=True, hardship_until=story.day("2026-09-01"))
    story.through("2026-10-31")
    assert story.dates("nothing_to_attach") == ["2026-06-25"]
    # 90 days later are holidays: petition on the 24th, attached on a payday, paid on the next.
    assert story.dates("wage_attached") == ["2026-09-25"]
    assert story.dates("wage_garnished") == ["2026-10-25"]


@pytest.mark.clause("COLL-08")
def test_an_employer_is_looked_for_once_in_each_job(tell: "Tell") -> None:
    story = sued(tell, months=14).through("2026-06-01")
    story.world.proceedings.in_vain[:] = True  # as a search without luck leaves it
    story.through("2026-09-01")
    assert story.dates("nothing_to_attach") == ["2026-06-25"]
    story.everybody(is_jobless=True, hardship_until=story.day("2026-10-31"))
    story.through("2027-01-31")
    assert story.dates("nothing_to_attach") == ["2026-06-25", "2026-09-23"]
    assert story.dates("wage_attached") == ["2026-12-23"]  # 90 days later, and a day for papers


@pytest.mark.clause("COLL-07")
def test_an_attachment_ends_with_the_job(tell: "Tell") -> None:
    law = {"garnishment": {"leaves_job": 1.0, "search_days": 20}}
    story = sued(tell, months=9, law=law).through("2026-09-30")
    assert story.dates("attachment_ended")[:1] == ["2026-07-25"]
    assert story.dates("wage_garnished") == []
    # Looked for again 20 days after each payday.
    assert story.dates("wage_attached") == ["2026-06-26", "2026-08-17", "2026-09-15"]


@pytest.mark.clause("COLL-05", "COLL-14")
def test_who_pays_while_papers_wait_is_left_alone(tell: "Tell") -> None:
    story = sued(tell, law={"clerk_desk": {"clerks": 0}})
    story.everybody(
        never_pays=False, carelessness=1.0
    )  # pays on day 30 past due, 12 March: the day of the step
    story.through("2026-06-30")
    assert story.dates("order_filed") == []
    assert story.dates("bill_paid_late") == ["2026-03-12"]
    assert story.world.desks[0].clerks.n_waiting == 0


@pytest.mark.clause("COLL-13", "COLL-11")
def test_a_claim_that_nobody_pays_for_five_years_is_prescribed(tell: "Tell") -> None:
    story = sued(tell, months=64, ladder=()).through("2031-03-31")
    assert story.dates("written_off") == ["2027-02-10"]
    assert story.happened("prescribed") == [("2031-02-11", "prescribed", 10_248 + 1_496)]
    assert story.world.members.overdue_since[0] == -1


@pytest.mark.clause("COLL-13")
def test_a_title_lives_for_ten_years(tell: "Tell") -> None:
    law = {"garnishment": {"probability": 0.0}}
    story = sued(tell, months=66, law=law).through("2031-06-30")
    assert story.dates("title_final") == ["2026-05-26"]
    assert story.dates("prescribed") == []


@pytest.mark.clause("COLL-08")
def test_a_bank_account_is_tried_where_the_lender_does_so(tell: "Tell") -> None:
    account = {"probability": 1.0, "success": 1.0, "part": [1, 2]}
    story = sued(tell, law={"bank_account": account, "garnishment": {"employer_known": 0.0}})
    story.through("2026-07-31")
    claim = 10_248 + 1_700 + 7_000 + 549  # damages to the day before, 134 days
    assert story.happened("account_attached") == [("2026-06-25", "account_attached", claim // 2)]


@pytest.mark.clause("COLL-05")
def test_only_claims_that_pay_for_their_costs_are_filed_by_present_value(tell: "Tell") -> None:
    value = {"recovery": [1, 2], "months": 12, "rate_per_year": [15, 1000]}
    law = {"court": {"rule": "net_present_value", "value": value}}
    small, large = sued(tell, yen=15_000, law=law), sued(tell, yen=25_000, law=law)
    for story in (small, large):
        story.through("2026-04-30")
    # Filing 1,700, petition 7,000, two papers of a clerk 3,000: half of 15,421 is less than 11,700.
    assert small.dates("order_filed") == []
    assert large.dates("order_filed") == ["2026-03-12"]
