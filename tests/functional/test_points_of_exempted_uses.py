"""What points had paid of a third party's use comes back as points, never as money."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from models.arrays import Ints
from sim.engine.agenda import Task
from sim.engine.members.membership import end
from sim.engine.points.lots import open_lots
from sim.engine.state.portfolio import PurchaseStatus, Status
from sim.engine.state.script import Script
from sim.engine.uses.exemption import exempt
from sim.record.eventlog import Activity
from sim.record.postings import Posting

if TYPE_CHECKING:
    from conftest import Story, Tell

NO_FEES = {"fees": {"other_yen": 0}}
ONE = np.array([0])


def saver(tell: "Tell", points: int, atone: dict[str, Any], **terms: object) -> "Story":
    """Begin a story of a member with points, who pays the bill of February with them."""
    products = {"atone": atone, "np_points": {"enabled": True, "earn_yen": 10**6, **terms}}
    story = tell(products=products, months=14, policy={"relief": {"window_days": 365}})
    books = story.world.points
    assert books is not None
    books.accounts.pays[0] = True
    # Points from before the run, with the liability of it.
    books.accounts.points[0] = points
    last = np.array([story.day("2026-06-30")])
    open_lots(story.world, 0, ONE, np.array([points]), ONE, np.array([-1]), last)
    story.world.ledger.post(Posting.POINTS_AWARDED, 0, ONE, np.array([points]))
    return story


def balance(story: "Story") -> int:
    """Give the points of the member."""
    assert story.world.points is not None
    return int(story.world.points.accounts.points[0])


def exempted(story: "Story", date: str, *purchases: int, charged_back: bool = False) -> "Story":
    """Release uses in the night that closes a day."""
    chosen = np.array(purchases)
    story.world.env.run(until=story.day(date) + 0.5)  # who has a script pays as told only
    script = story.world.script or Script()

    def deed(day: int, _: Ints) -> None:
        exempt(story.world, day, chosen, np.full(chosen.size, charged_back))

    script.deeds.setdefault(story.day(date), []).append(deed)
    story.world.script = script
    story.world.agenda.schedule(Task.TOLD, np.array([story.day(date)]), ONE)
    return story.through(date)


@pytest.mark.golden("G-23")
@pytest.mark.clause("NP-42.3", "NP-46", "NP-33.1", "LEN-07")
@pytest.mark.parametrize(
    ("held", "money"), [(1_000, 4_000), (5_000, 0), (9_000, 0)], ids=["part", "whole", "more"]
)
def test_money_comes_back_as_money_and_points_as_points(
    tell: "Tell", held: int, money: int
) -> None:
    story = saver(tell, held, NO_FEES).buys("2026-01-05", 5_000)
    story.through("2026-02-28")
    used = story.total("principal_paid_by_points")
    assert (used, story.total("principal_paid")) == (5_000 - money, money)
    assert balance(story) == held - used
    exempted(story, "2026-03-10", 0)
    assert story.total("exempted_paid") == money == story.world.members.credit_yen[0]
    assert story.total("exempted_points") == used
    assert story.happened("points_returned") == [("2026-03-10", "points_returned", used)]
    assert balance(story) == held
    assert story.world.purchases.status[0] == PurchaseStatus.EXEMPTED
    # No merchant gives anything back for it: it is the lender's loss.
    assert story.total("points_returned", "points_not_returned", "merchant_refunded") == 0
    assert not story.residuals()
    story.through("2026-04-10")
    assert not story.residuals()


@pytest.mark.clause("NP-42.3", "NP-46", "NP-33.1", "NP-26")
def test_points_that_had_paid_the_fee_come_back_with_it(tell: "Tell") -> None:
    story = saver(tell, 150, {}).buys("2026-01-05", 9_000).buys("2026-01-06", 2_000)
    story.through("2026-02-28")
    ((_, _, bill),) = story.happened("bill_closed")
    fee = bill - 11_000
    assert fee == 2 * 248
    assert (story.total("fee_paid_by_points"), story.total("fee_paid")) == (150, fee - 150)
    exempted(story, "2026-03-10", 0)
    # The fee of one use comes back: of what was paid in money first.
    assert story.total("exempted_fee_paid", "exempted_fee_tax_paid") == 248
    assert story.total("exempted_fee_points", "exempted_fee_tax_points") == 0
    exempted(story, "2026-03-11", 1)
    assert story.total("exempted_fee_paid", "exempted_fee_tax_paid") == fee - 150
    assert story.total("exempted_fee_points", "exempted_fee_tax_points") == 150 == balance(story)
    returned = ("exempted_fee_points", "exempted_fee_paid")
    assert story.total(*returned) == story.total("service_fee")
    tax = ("exempted_fee_tax_points", "exempted_fee_tax_paid")
    assert story.total(*tax) == story.total("service_fee_tax")
    assert story.world.members.credit_yen[0] == bill - 150
    assert not story.residuals()


@pytest.mark.clause("NP-42.4", "NP-46", "NP-33.1")
@pytest.mark.parametrize("first", [0, 1])
def test_of_a_joint_bill_money_comes_back_first_then_points(tell: "Tell", first: int) -> None:
    story = saver(tell, 1_000, NO_FEES).buys("2026-01-05", 4_500).buys("2026-01-06", 500)
    exempted(story, "2026-03-10", first)
    price = [4_500, 500][first]
    assert story.total("exempted_paid") == min(price, 4_000)
    assert balance(story) == price - min(price, 4_000)
    exempted(story, "2026-03-11", 1 - first)
    assert story.total("exempted_paid") == 4_000
    assert story.total("exempted_points") == 1_000 == balance(story)
    assert not story.residuals()


@pytest.mark.clause("NP-42.3", "NP-39.1")
@pytest.mark.parametrize(
    ("keeps", "released", "expired"),
    [
        (True, "2026-03-10", "2026-06-30"),
        (True, "2026-07-20", "2026-07-20"),
        (False, "2026-03-10", "2026-09-10"),
    ],
    ids=["in time", "their life was over", "a new life"],
)
def test_returned_points_expire_when_they_would_have(
    tell: "Tell", *, keeps: bool, released: str, expired: str
) -> None:
    story = saver(tell, 1_000, NO_FEES, return_keeps_expiry=keeps).buys("2026-01-05", 5_000)
    exempted(story, released, 0)
    assert story.happened("points_returned") == [(released, "points_returned", 1_000)]
    story.through("2026-12-31")
    assert story.lines("points_expired") == [(expired, "points_expired", 1_000)]
    assert balance(story) == 0
    assert not story.residuals()


@pytest.mark.clause("NP-42.3", "NP-46", "NP-11.8")
def test_who_is_no_member_any_more_gets_the_money_only(tell: "Tell") -> None:
    story = saver(tell, 1_000, NO_FEES).buys("2026-01-05", 5_000).through("2026-03-05")
    end(story.world, story.day("2026-03-06"), ONE, Status.WITHDRAWN, Activity.WITHDREW)
    exempted(story, "2026-03-10", 0)
    assert story.total("exempted_paid") == 4_000
    assert story.total("exempted_points") == 0 == balance(story)
    assert not story.residuals()


@pytest.mark.clause("NP-42.3")
def test_a_charge_back_returns_the_whole_price_to_the_lender(tell: "Tell") -> None:
    story = saver(tell, 1_000, NO_FEES).buys("2026-01-05", 5_000)
    exempted(story, "2026-03-06", 0, charged_back=True)
    loss = sum(
        sign * story.total(kind)
        for kind, sign in (
            ("exempted_paid", 1),
            ("exempted_points", 1),
            ("exempted_charged_back", -1),
        )
    )
    assert loss == 0
    story.through("2026-04-10")
    assert not story.residuals()
