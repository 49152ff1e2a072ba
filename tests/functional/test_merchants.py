"""Merchants with terms of their own: fees, due days, methods; contracts that debit alone."""

from typing import Any

import numpy as np
import pytest

from sim.engine.uses.kinds import mark
from tests.functional.conftest import Story, Tell


def all_at(**terms: object) -> dict[str, Any]:
    """Give behaviour in which every use is at one class of merchants."""
    return {"merchants": {"classes": ({"share": 1.0, **terms},)}}


def bought(story: Story, date: str, yen: int) -> Story:
    """Buy something at a merchant with terms of its own."""
    story.buys(date, yen)
    mark(story.world, np.array([story.world.purchases.size - 1]))
    return story


@pytest.mark.clause("NP-25.5", "NP-26")
@pytest.mark.parametrize(("fee", "billed"), [(0, 3_000), (100, 3_110)])
def test_a_merchants_own_fee_takes_the_place_of_the_usual_one(
    tell: Tell, fee: int, billed: int
) -> None:
    story = bought(tell(behaviour=all_at(fee_yen=fee)), "2026-01-05", 3_000).through("2026-02-01")
    assert story.happened("bill_closed") == [("2026-01-31", "bill_closed", billed)]
    assert story.total("service_fee") == fee
    assert story.residuals() == {}


@pytest.mark.clause("NP-25.5")
def test_other_uses_of_the_month_keep_their_fee(tell: Tell) -> None:
    story = bought(tell(behaviour=all_at(fee_yen=100)), "2026-01-05", 3_000)
    story.buys("2026-01-06", 1_000).through("2026-02-01")
    assert story.happened("bill_closed") == [("2026-01-31", "bill_closed", 4_000 + 110 + 248)]


@pytest.mark.clause("NP-28.11")
def test_another_due_day_makes_a_due_of_its_own(tell: Tell) -> None:
    story = bought(tell(behaviour=all_at(due_day=5)), "2026-01-05", 3_000)
    story.buys("2026-01-06", 1_000).through("2026-02-01")
    dues = story.world.dues
    assert sorted(zip(dues.due_day[:2], dues.price_yen[:2], dues.fee_yen[:2], strict=True)) == [
        (story.day("2026-02-05"), 3_000, 248),
        (story.day("2026-02-10"), 1_000, 248),
    ]
    assert story.happened("billed_apart") == [("2026-01-31", "billed_apart", 3_248)]
    story.through("2026-03-31")
    assert story.total("principal_paid") == 4_000
    assert story.residuals() == {}


@pytest.mark.clause("NP-28.11", "NP-25.5")
def test_a_merchants_method_decides_fee_and_due_day(tell: Tell) -> None:
    story = bought(tell(behaviour=all_at(method="direct_debit")), "2026-01-05", 3_000)
    story.through("2026-02-27")
    assert story.lines("fee_paid") == [("2026-02-27", "fee_paid", 99)]
    assert story.lines("principal_paid") == [("2026-02-27", "principal_paid", 3_000)]


@pytest.mark.clause("NP-28.1", "NP-28.9", "NP-28.11", "C-75")
@pytest.mark.parametrize(
    ("test", "due", "high"),
    [
        ("with_chosen_fee", "2026-02-16", [("2026-01-31", "high_bill", 300_148)]),
        ("price_only", "2026-02-15", []),
    ],
)
def test_a_bill_of_its_own_is_held_against_the_high_bill_limit_like_any_other(
    tell: Tell, test: str, due: str, high: list[tuple[str, str, int]]
) -> None:
    terms = {"high_bill_test": test, "limit_cap_yen": 400_000}
    story = tell(products={"atone": terms}, behaviour=all_at(due_day=15))
    story.member(0, limit_yen=400_000)
    bought(story, "2026-01-05", 299_900).through("2026-02-01")
    # 15 February is a Sunday: a bank transfer rolls.
    assert story.world.dues.due_day[0] == story.day(due)
    assert story.happened("high_bill") == high


@pytest.mark.clause("NP-24.7", "NP-24.2")
def test_a_subscription_asks_every_month_and_is_screened_each_time(tell: Tell) -> None:
    merchants = {"subscriptions": {"share": 1.0, "monthly_yen": 1_000}}
    story = tell(behaviour={"merchants": merchants}, months=4)
    story.member(0, pay_method=3).through("2026-02-28").member(0, limit_yen=0)
    story.through("2026-04-29")
    authorised = story.dates("purchase_authorised")
    declined = story.dates("declined_limit_zero")
    assert [date[:7] for date in authorised] == ["2026-01", "2026-02"]
    assert [date[:7] for date in declined] == ["2026-03", "2026-04"]
    assert len({date[8:] for date in authorised + declined}) == 1
    assert all(500 <= yen < 1_500 for _, _, yen in story.happened("purchase_authorised"))


@pytest.mark.clause("NP-24.6", "NP-24.5")
def test_a_cancelled_use_reaches_the_lender_through_the_merchant_after_a_lag(tell: Tell) -> None:
    story = tell(products={"atone": {"cancel_report_lag_days": 4}})
    story.buys("2026-01-05", 3_000, cancelled_after=1).through("2026-02-01")
    assert story.dates("purchase_cancelled") == ["2026-01-10"]


@pytest.mark.clause("NP-24.2")
@pytest.mark.parametrize(
    ("prescreens", "heard"), [(True, "prescreened"), (False, "declined_limit_zero")]
)
def test_members_may_hear_before_they_ask_that_no_use_is_possible(
    tell: Tell, *, prescreens: bool, heard: str
) -> None:
    story = tell(screening={"prescreens": prescreens}).everybody(limit_yen=0)
    story.buys("2026-01-05", 3_000).through("2026-01-06")
    told = story.happened("prescreened", "declined_limit_zero")
    assert told == [("2026-01-05", heard, 3_000)]
