"""The app card and its fee; goods taken back after acceleration and what they are worth."""

from typing import Any

import numpy as np
import pytest

from sim.engine.agenda import Task
from sim.engine.collection.title import price_of_goods
from tests.functional.conftest import Story, Tell


def card(**terms: object) -> dict[str, Any]:
    """Give products with an app card for which everybody asks every month."""
    return {"app_card": {"asks_per_month": 1.0, **terms}}


@pytest.mark.clause("NP-50.1", "NP-50.2", "NP-50.3", "NP-53")
def test_active_members_without_arrears_get_a_card(tell: Tell) -> None:
    story = tell(products=card(), population={"members": 2}, months=8)
    story.member(1, has_app_card=True, carelessness=1).buys("2026-01-05", 3_000, member=1)
    story.through("2026-02-15").member(1, has_app_card=False, carelessness=0)
    story.through("2026-08-15")
    assert story.dates("card_issued", member=0) == ["2026-01-01"]
    # Member 1 is late from 10 February to 12 March; three whole months later it may have one.
    assert story.dates("card_refused", member=1) == [f"2026-0{month}-01" for month in (3, 4, 5, 6)]
    assert story.dates("card_issued", member=1) == ["2026-07-01"]


@pytest.mark.clause("NP-51", "NP-26")
def test_the_annual_fee_is_billed_with_its_tax_every_year(tell: Tell) -> None:
    story = tell(products=card(annual_fee_yen=1_000), months=15)
    story.through("2027-02-28")
    assert [date for date, _, _ in story.lines("card_fee")] == ["2026-01-01", "2027-01-01"]
    assert story.total("card_fee_tax") == 200
    assert story.happened("bill_closed")[0] == ("2026-01-31", "bill_closed", 1_100)
    assert story.residuals() == {}


@pytest.mark.clause("NP-52(1)", "NP-52(2)", "NP-52(3)")
@pytest.mark.parametrize(
    ("creditor", "kind"), [("lender", "merchant_paid"), ("brand", "brand_paid")]
)
def test_the_brand_is_paid_where_it_has_advanced_the_price(
    tell: Tell, creditor: str, kind: str
) -> None:
    story = tell(products=card(creditor=creditor)).buys("2026-01-05", 3_000)
    story.world.purchases.is_by_card[0] = True
    story.through("2026-01-31")
    assert story.lines("merchant_paid", "brand_paid") == [("2026-01-22", kind, 2_910)]


def accelerated(story: Story, date: str) -> Story:
    """Plan what follows an acceleration on a day."""
    story.world.agenda.schedule(Task.REPOSSESS, np.array([story.day(date)]), np.array([0]))
    return story


@pytest.mark.clause("NP-27.1", "NP-27.2", "NP-27.3", "NP-27.4", "C-74")
def test_the_value_of_goods_is_set_off_and_their_cost_is_claimed(tell: Tell) -> None:
    story = tell(policy={"repossession": {"share": 1.0}}).buys("2026-01-05", 20_000)
    story.world.persons.never_pays[:] = True
    accelerated(story, "2026-02-20").through("2026-02-20")
    assert story.total("goods_taken") == 4_000
    assert story.total("principal_netted", "fee_netted", "late_damages_netted") == 4_000
    assert story.total("repossession_cost") == story.total("repossession_cost_claimed") == 3_000
    assert story.world.members.claimed_cost_yen[0] == 3_000
    story.through("2026-03-31")
    assert story.residuals() == {}


@pytest.mark.clause("NP-27.3")
def test_goods_that_went_back_to_the_merchant_are_not_taken_again(tell: Tell) -> None:
    story = tell().member(0, carelessness=1.0).buys("2026-01-05", 20_000)
    story.buys("2026-01-06", 10_000, cancelled_after=30).through("2026-02-07")
    assert price_of_goods(story.world, np.array([0])).tolist() == [30_000]
    story.through("2026-02-08")
    assert story.dates("purchase_returned") == ["2026-02-08"]
    assert price_of_goods(story.world, np.array([0])).tolist() == [20_000]


@pytest.mark.clause("NP-27.3")
def test_an_excess_over_the_debt_is_settled_at_once(tell: Tell) -> None:
    terms = {"share": 1.0, "value_share": [1, 1], "cost_yen": 0}
    story = tell(policy={"repossession": terms}).buys("2026-01-05", 20_000)
    story.through("2026-02-01")
    story.world.dues.price_yen[0] -= 12_000  # paid in part
    accelerated(story, "2026-02-05").through("2026-02-05")
    assert story.total("principal_netted", "fee_netted") == 8_248
    assert story.lines("refund_paid") == [("2026-02-05", "refund_paid", 11_752)]


@pytest.mark.clause("NP-27.1", "NP-27.2")
@pytest.mark.parametrize("terms", [{"share": 0.0}, {"share": 1.0, "retains_title": False}])
def test_nothing_is_taken_back_by_default_or_without_title(
    tell: Tell, terms: dict[str, object]
) -> None:
    story = tell(policy={"repossession": terms}).buys("2026-01-05", 20_000)
    accelerated(story, "2026-02-05").through("2026-02-28")
    assert story.dates("goods_taken") == []
