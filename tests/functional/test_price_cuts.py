"""Merchants that lower a price after the sale, and merchants with points of their own."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from models.products.catalogue import Product
from sim.engine.uses.price_cuts import lower_prices

if TYPE_CHECKING:
    from conftest import Story, Tell

ORDER = Product.NP_ATOBARAI


def offered(**points: object) -> dict[str, Any]:
    """Offer points where one yen earns one, with orders and uses that bear no fees."""
    return {
        "atone": {"fees": {"other_yen": 0}},
        "np_atobarai": {"enabled": True, "fee_yen": 0},
        "np_points": {"enabled": True, "earn_yen": 1, **points},
    }


def cut(story: "Story", date: str, purchase: int, yen: int) -> None:
    """Lower the price of a purchase at the end of a day."""
    story.through(date)
    lower_prices(story.world, story.day(date), np.array([purchase]), np.array([yen]))


@pytest.mark.golden("G-23")
@pytest.mark.clause("NP-42.4", "NP-46", "NP-29.3")
@pytest.mark.parametrize(
    ("earned", "less", "rest", "yen", "points"),
    [
        (1_000, 4_500, "return", 4_000, 500),
        (1_000, 4_500, "forfeit", 4_000, 0),
        (1_000, 3_000, "return", 3_000, 0),
        (5_000, 333, "return", 0, 333),
        (5_000, 333, "forfeit", 0, 333),
    ],
)
def test_a_price_cut_gives_back_money_before_points(
    tell: "Tell", earned: int, less: int, rest: str, yen: int, points: int
) -> None:
    story = tell(products=offered(partial_refund_rest=rest), months=8)
    assert story.world.points is not None
    story.world.points.accounts.pays[0] = True
    story.buys("2026-01-05", earned, product=ORDER).buys("2026-02-10", 5_000, product=ORDER)
    cut(story, "2026-03-05", 1, less)
    story.through("2026-03-06")
    assert story.total("principal_paid_by_points") == earned
    assert story.total("purchase_returned") == yen
    assert story.total("points_returned") == points
    assert story.total("points_not_returned") == less - yen - points
    assert story.happened("price_lowered") == [("2026-03-05", "price_lowered", less)]
    assert story.total("points_reversed") == 0
    assert not story.residuals()


@pytest.mark.clause("NP-42.4", "NP-28.7", "LEN-05", "LEN-01")
def test_a_cut_comes_off_a_bill_to_come_and_is_owed_after_it(tell: "Tell") -> None:
    story = tell(products={"atone": {"fees": {"other_yen": 0}}})
    story.buys("2026-01-05", 10_000).buys("2026-01-06", 5_000)
    cut(story, "2026-01-25", 0, 1_001)  # the merchant is paid on 22 January
    cut(story, "2026-02-05", 1, 2_000)
    dues = story.world.dues
    assert int(dues.price_yen[0]) == 13_999
    assert story.total("purchase_returned") == 2_000 == int(story.world.members.credit_yen[0])
    story.through("2026-03-31")
    # Discounts of 3 %, floored: 300 and 150 yen, then 269 and 90 of what is left of the prices.
    assert story.total("merchant_paid") == 15_000 - 450
    assert story.total("merchant_refunded") == 3_001 - (31 + 60)
    assert story.total("merchant_discount_returned") == 31 + 60
    assert not story.residuals()


@pytest.mark.clause("NP-42.4")
def test_a_cut_of_a_use_that_is_off_changes_nothing(tell: "Tell") -> None:
    story = tell().buys("2026-01-05", 10_000, cancelled_after=5)
    cut(story, "2026-01-25", 0, 1_000)
    assert story.happened("price_lowered") == []


@pytest.mark.clause("NP-42.4")
def test_merchants_lower_prices_at_the_rate_of_the_configuration(tell: "Tell") -> None:
    merchants = {"price_cut_share": 1.0, "price_cut": [1, 3], "price_cut_within_days": 40}
    story = tell(behaviour={"merchants": merchants}).everybody(uses_per_month=4.0)
    story.through("2026-06-29")
    lowered = story.happened("price_lowered")
    assert len(lowered) > 5
    assert story.total("purchase_cancelled", "purchase_returned") >= sum(y for _, _, y in lowered)
    assert not story.residuals()


@pytest.mark.clause("NP-36.2", "NP-39.2")
def test_a_class_of_merchants_has_points_of_its_own(tell: "Tell") -> None:
    own = {"share": 1.0, "earn_yen": 50, "points_life_months": 1}
    products = offered(earn_yen=200)
    story = tell(products=products, behaviour={"merchants": {"classes": (own,)}}, months=8)
    story.buys("2026-01-05", 3_049).buys("2026-01-06", 3_049).through("2026-01-10")
    story.world.purchases.merchant[0] = 1
    story.world.purchases.merchant[1] = 0
    story.through("2026-06-30")
    assert sorted(yen for _, _, yen in story.lines("points_awarded")) == [15, 60]
    (own_end,) = [date for date, _, yen in story.lines("points_expired") if yen == 60]
    awarded = story.dates("points_awarded")[0]
    assert (awarded[:7], own_end[:7]) == ("2026-02", "2026-03")
    assert awarded[8:] == own_end[8:]
