"""Conduct told case by case: grounds of NP-7.1, merchants' doubts, suspicion, damages, outages."""

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from models.policy.np_conduct import Ground
from sim.engine.members.conduct import act_on, doubt, suspect
from sim.engine.state.portfolio import Status
from tests.functional.losses import report_loss

if TYPE_CHECKING:
    from tests.functional.conftest import Story, Tell

FIRST = np.array([0])


def membership(**sections: object) -> dict[str, Any]:
    """Give the products section with membership terms."""
    return {"np_membership": sections}


def ground(story: "Story", date: str, which: Ground) -> "Story":
    """Let a ground arise for the first member on the morning after a date."""
    story.through(date)
    act_on(story.world, story.day(date) + 1, FIRST, which)
    return story


@pytest.mark.clause("NP-7.1", "NP-7.1(1)", "NP-7.1(2)", "NP-7.1(6)", "NP-9.1")
@pytest.mark.parametrize("which", [Ground.FALSE_DECLARATION, Ground.BREACH, Ground.CASH_OUT])
def test_misconduct_suspends_first_and_cancels_on_a_repeat(tell: "Tell", which: Ground) -> None:
    story = ground(tell(), "2026-01-10", which)
    story.buys("2026-01-20", 1_000).buys("2026-02-20", 1_000).through("2026-02-25")
    assert story.dates("member_suspended") == ["2026-01-11"]
    assert story.dates("suspension_ended") == ["2026-02-10"]
    assert story.dates("purchase_authorised") == ["2026-02-20"]
    ground(story, "2026-03-01", which).through("2026-03-05")
    assert story.dates("membership_cancelled") == ["2026-03-02"]
    assert story.world.members.status[0] == Status.CANCELLED
    assert story.world.members.limit_yen[0] == 0


@pytest.mark.clause("NP-7.1(4)", "NP-7.1(7)", "NP-7.5")
@pytest.mark.parametrize("which", [Ground.MINOR_WITHOUT_CONSENT, Ground.UNSUITABLE])
def test_unfitness_cancels_at_once_and_debts_stay(tell: "Tell", which: Ground) -> None:
    story = tell().buys("2026-01-05", 1_000)
    ground(story, "2026-01-10", which).through("2026-02-05")
    assert story.dates("membership_cancelled") == ["2026-01-11"]
    assert story.world.members.limit_yen[0] == 0
    assert story.dates("bill_closed") == ["2026-01-31"]
    assert story.dates("debt_found") == ["2026-01-31"]


@pytest.mark.clause("NP-7.1(5)")
def test_a_credit_ground_suspends_until_it_is_gone(tell: "Tell") -> None:
    story = ground(tell(), "2026-01-10", Ground.CREDIT).through("2026-05-01")
    assert story.dates("member_suspended") == ["2026-01-11"]
    assert story.dates("suspension_ended") == []
    assert story.world.members.status[0] == Status.SUSPENDED


@pytest.mark.clause("NP-7.1")
@pytest.mark.parametrize(
    ("action", "activities"),
    [
        ("none", []),
        ("suspend", ["member_suspended"]),
        ("cancel", ["membership_cancelled"]),
    ],
)
def test_the_lender_declares_its_action_on_a_ground(
    tell: "Tell", action: str, activities: list[str]
) -> None:
    story = tell(products=membership(conduct={"breach": action}))
    ground(story, "2026-01-10", Ground.BREACH).through("2026-01-11")
    kinds = ("member_suspended", "membership_cancelled")
    assert [kind for _, kind, _ in story.happened(*kinds)] == activities


@pytest.mark.clause("NP-7.1")
def test_a_great_many_suspensions_are_still_known_when_the_next_ground_cancels(
    tell: "Tell",
) -> None:
    story = tell(products=membership(conduct={"breach": "suspend_then_cancel"}))
    story.member(0, misdeeds=127)
    ground(story, "2026-01-10", Ground.CREDIT)
    ground(story, "2026-01-12", Ground.BREACH).through("2026-01-13")
    assert story.dates("membership_cancelled") == ["2026-01-13"]


@pytest.mark.clause("NP-7.1", "NP-7.1(2)", "NP-7.1(5)")
def test_a_credit_ground_before_does_not_make_the_first_misconduct_a_repeat(tell: "Tell") -> None:
    story = ground(tell(), "2026-01-10", Ground.CREDIT)
    ground(story, "2026-01-12", Ground.BREACH).through("2026-01-13")
    assert story.dates("member_suspended") == ["2026-01-11", "2026-01-13"]
    ground(story, "2026-01-20", Ground.CASH_OUT).through("2026-01-21")
    assert story.dates("membership_cancelled") == ["2026-01-21"]


@pytest.mark.clause("NP-7.1", "NP-7.4")
def test_a_ground_that_arises_in_a_suspension_lasts_as_long_as_any_other(tell: "Tell") -> None:
    story = tell(products=membership(conduct={"breach": "suspend", "suspension_days": 30}))
    ground(story, "2026-01-10", Ground.BREACH)
    ground(story, "2026-01-30", Ground.BREACH)
    story.buys("2026-02-10", 1_000).buys("2026-03-01", 2_000).buys("2026-03-02", 3_000)
    story.through("2026-03-05")
    assert story.dates("suspension_ended") == ["2026-03-02"]
    assert story.happened("purchase_authorised") == [("2026-03-02", "purchase_authorised", 3_000)]


@pytest.mark.clause("NP-7.1(7)", "NP-31.1")
@pytest.mark.parametrize(("below", "status"), [(-1000.0, Status.ACTIVE), (50.0, Status.CANCELLED)])
def test_a_re_review_can_find_continued_use_unsuitable(
    tell: "Tell", below: float, status: Status
) -> None:
    story = tell(
        products=membership(conduct={"unsuitable_below": below}),
        policy={"limits": {"review_every_days": 20}},
    )
    story.applies("2026-01-05").through("2026-01-30")
    assert story.world.members.status[0] == status


@pytest.mark.clause("NP-31.1", "NP-7.6", "NP-33.2", "NP-7.1(7)")
@pytest.mark.parametrize("event", ["doubt", "fraud"])
@pytest.mark.parametrize(("below", "status"), [(-99.0, Status.SUSPENDED), (40.1, Status.CANCELLED)])
def test_a_doubt_or_a_report_of_misuse_is_an_occasion_for_a_re_review(
    tell: "Tell", event: str, below: float, status: Status
) -> None:
    story = tell(products=membership(conduct={"unsuitable_below": below})).through("2026-01-08")
    if event == "doubt":
        story.through("2026-01-09")
        doubt(story.world, story.day("2026-01-10"), FIRST)
    else:
        report_loss(story.world, story.day("2026-01-09"), FIRST)
    story.through("2026-01-11")
    # 40 points without any record: the limit is cut from 50,000 yen.
    assert story.happened("limit_cut") == [("2026-01-10", "limit_cut", 10_000)]
    assert story.world.members.status[0] == status


@pytest.mark.clause("NP-7.6")
def test_merchants_doubts_stop_use_until_they_are_resolved(tell: "Tell") -> None:
    story = tell(products=membership(conduct={"merchant_doubt_days": 7})).through("2026-01-09")
    doubt(story.world, story.day("2026-01-10"), FIRST)
    story.buys("2026-01-16", 1_000).buys("2026-01-17", 1_000).through("2026-01-20")
    assert story.dates("merchant_doubted") == ["2026-01-10"]
    assert story.dates("doubts_resolved") == ["2026-01-17"]
    assert story.dates("purchase_authorised") == ["2026-01-17"]


@pytest.mark.clause("NP-7.6")
def test_use_stays_stopped_until_the_last_of_several_doubts_is_resolved(tell: "Tell") -> None:
    story = tell(products=membership(conduct={"merchant_doubt_days": 7})).through("2026-01-09")
    doubt(story.world, story.day("2026-01-10"), FIRST)
    story.through("2026-01-14")
    doubt(story.world, story.day("2026-01-15"), FIRST)
    story.buys("2026-01-17", 1_000).buys("2026-01-22", 2_000).through("2026-01-25")
    assert story.dates("doubts_resolved") == ["2026-01-22"]
    assert story.happened("purchase_authorised") == [("2026-01-22", "purchase_authorised", 2_000)]


@pytest.mark.clause("NP-8.3", "NP-8.4")
def test_unfounded_suspicion_stops_use_for_the_investigation_only(tell: "Tell") -> None:
    story = tell(products=membership(antisocial={"uncooperative": 0.0})).through("2026-01-09")
    suspect(story.world, story.day("2026-01-10"), FIRST)
    story.buys("2026-01-20", 1_000).buys("2026-02-10", 1_000).through("2026-02-12")
    assert story.dates("ties_suspected") == ["2026-01-10"]
    assert story.dates("suspicion_cleared") == ["2026-02-09"]
    assert story.dates("purchase_authorised") == ["2026-02-10"]


@pytest.mark.reading("products.atone.late.acceleration_day_counts")
@pytest.mark.clause("NP-8.5", "NP-30.2", "C-16")
@pytest.mark.parametrize(("counts", "days"), [(True, 1), (False, 0)])
@pytest.mark.parametrize("reason", ["ties", "silence"])
def test_a_proven_breach_rescinds_and_makes_everything_due_that_day(
    tell: "Tell", *, counts: bool, days: int, reason: str
) -> None:
    antisocial = {"inquiry_days": 5}
    antisocial |= {"rate": 1.0} if reason == "ties" else {"uncooperative": 1.0}
    story = tell(
        products={
            "atone": {"late": {"acceleration_day_counts": counts}},
            "np_membership": {"antisocial": antisocial},
        }
    ).member(0, carelessness=1.0)
    story.buys("2026-01-20", 40_000).buys("2026-02-03", 10_000).through("2026-02-04")
    suspect(story.world, story.day("2026-02-05"), FIRST)
    story.through("2026-02-09")
    assert story.dates("ties_proven") == story.dates("bill_closed")[1:]
    story.through("2026-03-31")
    assert story.dates("ties_proven") == ["2026-02-10"]
    # The open bill of January, due on the 10th anyway, and the use of February, not billed yet.
    claims = sorted(yen for _, _, yen in story.happened("accelerated"))
    assert claims == [10_248, 40_248]
    first = [yen for date, _, yen in story.lines("late_damages") if date == "2026-02-28"]
    span = 18 + days
    assert sorted(first) == [10_248 * 4 * span // 10_000, 40_248 * 4 * span // 10_000]
    assert story.world.members.status[0] == Status.CANCELLED
    assert not story.residuals()


@pytest.mark.clause("NP-8.6", "NP-7.3", "NP-9.3", "NP-14.2")
def test_damages_are_claimed_where_the_lender_does_so(tell: "Tell") -> None:
    for enabled in (False, True):
        terms = membership(indemnity={"damages_enabled": enabled, "damages_yen": 7_000})
        story = tell(products=terms)
        ground(story, "2026-01-10", Ground.BREACH).through("2026-03-31")
        assert story.total("indemnity_claimed") == 7_000 * enabled
        assert story.total("cost_paid") == 7_000 * enabled
        assert not story.residuals()


@pytest.mark.clause("NP-8.6", "NP-8.5")
def test_damages_of_a_rescission_are_due_with_it(tell: "Tell") -> None:
    terms = membership(
        antisocial={"rate": 1.0, "inquiry_days": 5}, indemnity={"damages_enabled": True}
    )
    story = tell(products=terms).through("2026-01-09")
    suspect(story.world, story.day("2026-01-10"), FIRST)
    story.through("2026-01-20")
    assert story.lines("rescission_damages_claimed") == [
        ("2026-01-15", "rescission_damages_claimed", 10_000)
    ]
    assert story.happened("accelerated") == [("2026-01-15", "accelerated", 10_000)]


@pytest.mark.reading("products.atone.immediate_claims")
@pytest.mark.clause("NP-27.4", "NP-45.1", "C-74")
@pytest.mark.parametrize(
    ("reading", "missed"), [("next_bill", "2026-02-10"), ("due_same_day", "2026-01-11")]
)
def test_a_claim_payable_at_once_goes_on_the_next_bill_or_is_due_the_same_day(
    tell: "Tell", reading: str, missed: str
) -> None:
    story = tell(
        products={
            "atone": {"immediate_claims": reading},
            "np_membership": {"indemnity": {"damages_enabled": True}},
        }
    ).member(0, carelessness=1.0)
    ground(story, "2026-01-10", Ground.BREACH).through("2026-04-30")
    assert story.happened("payment_missed")[0] == (missed, "payment_missed", 10_000)
    assert story.total("cost_paid") == 10_000
    assert story.total("late_damages") == 0
    assert not story.residuals()


@pytest.mark.clause("NP-10.1")
def test_nothing_can_be_bought_during_an_outage(tell: "Tell") -> None:
    story = tell(products=membership(outages=(dt.date(2026, 1, 6),)))
    for day in ("05", "06", "07"):
        story.buys(f"2026-01-{day}", 1_000)
    story.through("2026-01-08")
    assert story.dates("purchase_authorised") == ["2026-01-05", "2026-01-07"]
    assert story.dates("service_interrupted") == ["2026-01-06"]


@pytest.mark.clause("NP-2.5")
def test_members_are_sorted_into_kinds_by_their_uses(tell: "Tell") -> None:
    tiers = ({"from_uses": 2, "points_percent": 150}, {"from_uses": 4, "points_percent": 200})
    story = tell(products=membership(tiers=tiers))
    for month in ("01", "02"):
        story.buys(f"2026-{month}-05", 1_000).buys(f"2026-{month}-06", 1_000)
    story.through("2026-03-02")
    assert story.dates("tier_changed") == ["2026-02-01", "2026-03-01"]
    assert story.world.members.tier[0] == 2


@pytest.mark.clause("NP-7.1", "NP-7.6", "NP-8.3", "NP-9.1")
@pytest.mark.parametrize(
    ("section", "rate", "activity"),
    [
        ("conduct", "false_declarations_per_month", "ground_arose"),
        ("conduct", "breaches_per_month", "ground_arose"),
        ("conduct", "merchant_doubts_per_month", "merchant_doubted"),
        ("antisocial", "suspicions_per_month", "ties_suspected"),
        ("particulars", "mailbox_dies_per_month", "mail_undeliverable"),
        ("withdrawal", "requests_per_month", "withdrew"),
        ("withdrawal", "erasures_per_month", "data_destroyed"),
        ("requests", "disclosures_per_month", "data_disclosed"),
        ("death", "per_month", "died"),
    ],
)
def test_what_is_certain_in_a_month_happens_on_one_day_of_it(
    tell: "Tell", section: str, rate: str, activity: str
) -> None:
    story = tell(
        months=3, population={"members": 30}, products=membership(**{section: {rate: 1.0}})
    )
    story.through("2026-01-31")
    dates = [
        [date for date in story.dates(activity, member=member) if date < "2026-02-01"]
        for member in range(30)
    ]
    assert {len(found) for found in dates} == {1}
    assert min(dates)[0] < "2026-01-10" < "2026-01-20" < max(dates)[0]
