"""NP points: award, life, use, reversal and refund, told day by day."""

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from models.policy.np_conduct import Ground
from models.products.catalogue import Product
from sim.engine.agenda import Task
from sim.engine.members.conduct import act_on
from sim.engine.members.membership import end, stop
from sim.engine.points.awards import award
from sim.engine.points.lots import open_lots, take
from sim.engine.state.portfolio import Status, Stop
from sim.engine.uses.price_cuts import lower_prices
from sim.record.eventlog import Activity

if TYPE_CHECKING:
    from conftest import Story, Tell

ORDER = Product.NP_ATOBARAI
NO_FEES = {"fees": {"other_yen": 0}}


def offered(**points: object) -> dict[str, Any]:
    """Offer points, with orders and uses that bear no fees."""
    return {
        "atone": NO_FEES,
        "np_atobarai": {"enabled": True, "fee_yen": 0},
        "np_points": {"enabled": True, **points},
    }


def saver(story: "Story") -> "Story":
    """Let the member pay with points."""
    assert story.world.points is not None
    story.world.points.accounts.pays[0] = True
    return story


def balance(story: "Story") -> int:
    """Give the points of the member."""
    assert story.world.points is not None
    return int(story.world.points.accounts.points[0])


@pytest.mark.golden("G-35")
@pytest.mark.clause("NP-36.1", "NP-36.2", "NP-36.3", "LEN-06", "NP-38", "NP-47")
def test_each_use_of_a_bill_paid_in_time_earns_its_own_points(tell: "Tell") -> None:
    story = tell(products=offered()).buys("2026-01-05", 1_200).buys("2026-01-06", 3_000)
    story.buys("2026-01-07", 12_800).buys("2026-01-08", 199).through("2026-03-10")
    paid = story.dates("bill_paid")[0]
    awarded = {yen: date for date, _, yen in story.lines("points_awarded")}
    waits = {6: "2026-02-04", 15: "2026-02-05", 64: "2026-02-06"}
    assert awarded == {points: max(paid, day) for points, day in waits.items()}
    assert story.total("points_awarded") == 85 == balance(story)
    assert not story.residuals()


@pytest.mark.clause("NP-36.3")
def test_the_award_waits_30_days_from_the_transaction(tell: "Tell") -> None:
    story = tell(products=offered()).buys("2026-01-05", 2_000, product=ORDER).through("2026-03-01")
    assert story.dates("bill_paid")[0] <= "2026-01-23"
    assert story.lines("points_awarded") == [("2026-02-04", "points_awarded", 10)]


@pytest.mark.clause("NP-36.1")
@pytest.mark.parametrize(("needs_time", "points"), [(True, 0), (False, 15)])
def test_a_late_bill_earns_nothing_unless_the_lender_waives_that(
    tell: "Tell", *, needs_time: bool, points: int
) -> None:
    story = tell(products=offered(require_on_time=needs_time)).everybody(carelessness=1.0)
    story.buys("2026-01-05", 3_000).through("2026-04-30")
    assert story.total("points_awarded") == points


@pytest.mark.clause("NP-36.3")
def test_what_is_returned_within_the_waiting_time_earns_nothing(tell: "Tell") -> None:
    story = tell(products=offered())
    story.buys("2026-01-05", 2_000, product=ORDER, cancelled_after=20).through("2026-03-01")
    assert story.dates("bill_paid")
    assert story.total("points_awarded") == 0


@pytest.mark.clause("NP-36.1", "NP-38")
def test_who_is_no_member_earns_nothing(tell: "Tell") -> None:
    story = tell(products=offered()).everybody(status=Status.APPLICANT)
    story.buys("2026-01-05", 2_000, product=ORDER).through("2026-03-01")
    assert story.total("principal_paid") == 2_000
    assert story.total("points_awarded") == 0


@pytest.mark.clause("NP-36.1", "NP-38")
def test_what_was_bought_before_the_membership_earns_nothing_in_it(tell: "Tell") -> None:
    story = tell(products=offered()).everybody(status=Status.APPLICANT)
    story.buys("2026-01-05", 2_000, product=ORDER).through("2026-01-10")
    story.everybody(status=Status.ACTIVE).through("2026-03-01")
    assert story.total("principal_paid") == 2_000
    assert story.total("points_awarded") == 0


@pytest.mark.golden("G-36")
@pytest.mark.clause("NP-39.1", "LEN-06")
def test_points_awarded_on_31_august_can_be_used_until_28_february(tell: "Tell") -> None:
    story = tell(products=offered(), months=16).buys("2026-08-01", 2_000, product=ORDER)
    story.through("2027-02-27")
    assert story.dates("points_awarded") == ["2026-08-31"]
    assert balance(story) == 10
    story.through("2027-03-01")
    assert story.lines("points_expired") == [("2027-02-28", "points_expired", 10)]
    assert balance(story) == 0
    assert not story.residuals()


@pytest.mark.clause("NP-39.2", "NP-36.2")
def test_points_of_a_campaign_come_on_top_and_live_shorter(tell: "Tell") -> None:
    campaign = {
        "from_date": dt.date(2026, 1, 1),
        "to_date": dt.date(2026, 1, 5),
        "extra_percent": 50,
        "life_days": 20,
    }
    story = tell(products=offered(campaigns=(campaign,))).buys("2026-01-05", 2_000, product=ORDER)
    story.buys("2026-01-06", 2_000, product=ORDER).through("2026-03-31")
    assert sorted(yen for _, _, yen in story.lines("points_awarded")) == [5, 10, 10]
    assert story.lines("points_expired") == [("2026-02-24", "points_expired", 5)]


@pytest.mark.clause("NP-2.5")
def test_the_kind_of_member_multiplies_the_points(tell: "Tell") -> None:
    products = offered()
    products["np_membership"] = {"tiers": ({"from_uses": 0, "points_percent": 300},)}
    story = tell(products=products).everybody(tier=1)
    story.buys("2026-01-05", 2_000, product=ORDER).through("2026-02-10")
    assert story.total("points_awarded") == 30


@pytest.mark.clause("NP-42.1", "NP-42.2", "NP-41.1", "NP-41.2", "NP-41.3", "NP-41.6")
def test_who_saves_points_pays_the_next_bill_with_them(tell: "Tell") -> None:
    story = saver(tell(products=offered(earn_yen=1)).buys("2026-01-05", 1_000, product=ORDER))
    story.buys("2026-02-10", 700, product=ORDER).buys("2026-03-10", 5_000, product=ORDER)
    story.through("2026-04-10")
    used = [yen for _, _, yen in story.lines("principal_paid_by_points")]
    assert used == [700, 1_000]  # 300 left of the first award and 700 of the second
    assert story.total("principal_paid") == 1_000 + 4_000
    assert int(story.world.members.bills_on_time[0]) == 0
    assert int(story.world.persons.np_uses[0]) == 3
    assert not story.residuals()


@pytest.mark.clause("NP-39.1", "NP-42.3")
def test_points_that_came_back_wait_their_turn_by_expiry_like_any_other(tell: "Tell") -> None:
    world = tell(products=offered()).through("2026-01-01").world
    assert world.points is not None
    rows, products = np.zeros(2, dtype=np.int64), np.full(2, int(ORDER))
    points, came_back_and_own = np.array([300, 500]), np.array([-1, 7])
    open_lots(world, 0, rows, points, products, came_back_and_own, np.array([90, 60]))
    newest = take(world, rows[:1], np.array([600]))
    assert world.points.lots.points[: world.points.lots.size].tolist() == [200, 0]
    assert newest.tolist() == [90]


@pytest.mark.clause("NP-36.1")
def test_a_use_with_two_payments_on_one_day_earns_its_points_once(tell: "Tell") -> None:
    story = tell(products=offered()).buys("2026-01-05", 2_000).through("2026-01-12")
    award(story.world, story.day("2026-02-10"), np.zeros(2, dtype=np.int64))
    assert balance(story) == 10


@pytest.mark.clause("NP-7.4")
def test_who_is_suspended_uses_no_points(tell: "Tell") -> None:
    story = saver(tell(products=offered(earn_yen=1)).buys("2026-01-05", 1_000, product=ORDER))
    story.buys("2026-02-10", 700, product=ORDER).through("2026-02-12")
    stop(story.world, story.day("2026-02-12"), np.array([0]), Stop.DOUBT, Activity.USE_STOPPED)
    story.through("2026-03-10")
    assert story.total("principal_paid_by_points") == 0
    assert story.total("principal_paid") == 1_700


@pytest.mark.reading("products.np_points.shortfall")
@pytest.mark.golden("G-37")
@pytest.mark.clause("NP-40.1", "NP-45.1", "NP-45.2")
@pytest.mark.parametrize(
    ("mode", "left", "claim"), [("offset_future", -70, 0), ("claim_yen", 0, 70)]
)
def test_points_taken_back_that_are_spent_are_offset_or_claimed(
    tell: "Tell", mode: str, left: int, claim: int
) -> None:
    story = saver(tell(products=offered(shortfall=mode), months=8))
    story.buys("2026-01-05", 20_000, product=ORDER, cancelled_after=80)
    story.buys("2026-02-10", 70, product=ORDER).through("2026-03-28")
    assert balance(story) == 30
    story.through("2026-03-29")
    assert story.lines("points_reversed") == [("2026-03-29", "points_reversed", 100)]
    assert balance(story) == left
    assert story.total("points_shortfall_claimed") == claim
    assert not story.residuals()
    # The next award meets the shortfall first.
    story.buys("2026-04-05", 20_000, product=ORDER).through("2026-06-30")
    assert balance(story) == 100 + left
    assert story.total("cost_paid", "cost_netted") == claim
    assert not story.residuals()


@pytest.mark.reading("products.np_points.partial_refund_rest")
@pytest.mark.golden("G-23")
@pytest.mark.clause("NP-42.4", "NP-46")
@pytest.mark.parametrize(("rest", "points"), [("return", 500), ("forfeit", 0)])
def test_a_lower_bill_gives_back_money_before_points(tell: "Tell", rest: str, points: int) -> None:
    products = offered(earn_yen=1, partial_refund_rest=rest)
    story = saver(tell(products=products, months=8)).buys("2026-01-05", 1_000, product=ORDER)
    story.buys("2026-02-10", 4_500, cancelled_after=40).buys("2026-02-11", 500)
    story.through("2026-03-24")
    before = balance(story)
    assert story.total("principal_paid_by_points") == 1_000
    assert [yen for _, _, yen in story.lines("principal_paid")] == [1_000, 4_000]
    story.through("2026-03-25")
    assert story.total("purchase_returned") == 4_000
    assert story.total("points_returned") == points
    assert story.total("points_not_returned") == 500 - points
    # The returned use loses its own points, too.
    assert balance(story) == before + points - story.total("points_reversed")
    assert not story.residuals()


@pytest.mark.golden("G-23")
@pytest.mark.clause("NP-42.3")
@pytest.mark.parametrize("rest", ["return", "forfeit"])
@pytest.mark.parametrize("keeps", [True, False])
def test_points_that_paid_a_cancelled_deal_come_back_never_as_cash(
    tell: "Tell", rest: str, *, keeps: bool
) -> None:
    products = offered(earn_yen=1, partial_refund_rest=rest, return_keeps_expiry=keeps)
    story = saver(tell(products=products, months=12)).buys("2026-01-05", 5_000, product=ORDER)
    story.buys("2026-02-10", 5_000, product=ORDER, cancelled_after=20).through("2026-03-05")
    assert story.total("points_returned") == 5_000 == balance(story)
    assert story.total("purchase_returned") == 0
    story.through("2026-12-31")
    assert story.dates("points_expired") == ["2026-08-04" if keeps else "2026-09-05"]


@pytest.mark.clause("NP-42.3")
@pytest.mark.parametrize("rest", ["return", "forfeit"])
def test_a_deal_that_is_off_gives_back_all_of_the_money_and_the_points_that_paid_it(
    tell: "Tell", rest: str
) -> None:
    products = offered(earn_yen=1, partial_refund_rest=rest)
    story = saver(tell(products=products, months=8)).buys("2026-01-05", 1_000, product=ORDER)
    story.buys("2026-02-10", 5_000, product=ORDER, cancelled_after=30).through("2026-03-20")
    assert story.total("principal_paid_by_points") == 1_000
    assert story.total("points_returned") == 1_000
    assert story.total("purchase_returned") == 4_000
    assert not story.residuals()


@pytest.mark.clause("NP-42.4", "NP-42.3")
def test_points_that_a_lower_price_has_cost_do_not_come_back_with_a_later_return(
    tell: "Tell",
) -> None:
    products = offered(earn_yen=1, partial_refund_rest="forfeit")
    story = saver(tell(products=products, months=8)).buys("2026-01-05", 1_000, product=ORDER)
    story.buys("2026-02-10", 5_000, product=ORDER).through("2026-03-10")
    # Paid by 1,000 points and 4,000 yen; a price lower by 4,500 yen costs 500 points.
    lower_prices(story.world, story.day("2026-03-11"), np.array([1]), np.array([4_500]))
    assert story.world.members.credit_yen[0] == 4_000
    story.world.agenda.schedule(Task.CANCEL, np.array([story.day("2026-03-15")]), np.array([1]))
    story.through("2026-03-20")
    assert story.total("points_returned") == 500
    assert story.total("points_not_returned") == 500
    assert story.total("purchase_returned") == 4_000
    assert not story.residuals()


@pytest.mark.clause("NP-46", "NP-42.1", "NP-28.10")
def test_points_pay_only_what_lies_above_what_the_lender_owes(tell: "Tell") -> None:
    story = saver(tell(products=offered(earn_yen=1), months=8))
    story.buys("2026-01-05", 10_000, product=ORDER)
    story.buys("2026-02-05", 5_000).buys("2026-02-06", 3_000, cancelled_after=24)
    story.through("2026-03-31")
    # The return of 5 March leaves the bill of 8,000 as it is and a credit of 3,000.
    assert story.dates("purchase_returned") == ["2026-03-05"]
    assert story.dates("bill_paid")[-1] > "2026-03-05"
    assert story.total("principal_paid_by_points") == 5_000
    assert story.total("principal_paid") == 10_000 + 3_000


@pytest.mark.clause("NP-40.1", "NP-39.1")
def test_a_return_takes_back_its_own_points_not_those_that_expire_first(tell: "Tell") -> None:
    story = tell(products=offered(), months=10).buys("2026-01-05", 4_000, product=ORDER)
    story.buys("2026-02-20", 2_000, product=ORDER, cancelled_after=40).through("2026-08-10")
    # 20 points of 4 February stay until 4 August; the 10 of 22 March are taken back.
    assert [yen for _, _, yen in story.lines("points_awarded")] == [20, 10]
    assert story.total("points_reversed") == 10
    assert story.lines("points_expired") == [("2026-08-04", "points_expired", 20)]
    assert balance(story) == 0


@pytest.mark.clause("NP-42.3", "NP-39.1")
@pytest.mark.parametrize(("keeps", "used"), [(True, 0), (False, 1_000)])
def test_points_that_come_back_after_their_last_day_pay_no_bill_of_that_day(
    tell: "Tell", *, keeps: bool, used: int
) -> None:
    products = offered(earn_yen=1, life_months=1, return_keeps_expiry=keeps)
    story = saver(tell(products=products)).buys("2026-01-05", 1_000, product=ORDER)
    story.buys("2026-02-10", 1_000, product=ORDER).buys("2026-03-05", 5_000, product=ORDER)
    story.through("2026-03-10")
    assert story.lines("principal_paid_by_points") == [
        ("2026-02-17", "principal_paid_by_points", 1_000)  # they would have lasted until 4 March
    ]
    day = int(story.world.dues.pays_on[2])
    story.world.agenda.schedule(Task.CANCEL, np.array([day]), np.array([1]))
    story.through("2026-03-25")
    assert story.total("points_returned") == 1_000
    assert story.total("principal_paid_by_points") == 1_000 + used
    assert story.total("points_expired") == 1_000 - used
    assert not story.residuals()


@pytest.mark.clause("NP-40.2", "NP-7.5", "NP-11.8")
@pytest.mark.parametrize(("forfeits", "left"), [(True, 0), (False, 1_000)])
def test_a_breach_costs_all_points_and_so_does_the_end_of_membership(
    tell: "Tell", *, forfeits: bool, left: int
) -> None:
    products = offered(earn_yen=1, forfeit_on_breach=forfeits)
    story = tell(products=products).buys("2026-01-05", 1_000, product=ORDER).through("2026-02-10")
    day, rows = story.day("2026-02-11"), np.array([0])
    stop(story.world, day, rows, Stop.ARREARS, Activity.USE_STOPPED)
    assert balance(story) == 1_000  # mere arrears forfeit nothing
    act_on(story.world, day, rows, Ground.BREACH)
    assert balance(story) == left
    end(story.world, day, rows, Status.WITHDRAWN, Activity.USE_STOPPED)
    assert balance(story) == 0
    assert not story.residuals()


@pytest.mark.clause("NP-40.2", "NP-7.1")
@pytest.mark.parametrize(
    ("ground", "left"),
    [
        (Ground.FALSE_DECLARATION, 0),
        (Ground.BREACH, 0),
        (Ground.CASH_OUT, 0),
        (Ground.MINOR_WITHOUT_CONSENT, 1_000),
        (Ground.CREDIT, 1_000),
        (Ground.UNSUITABLE, 1_000),
    ],
)
def test_only_misconduct_costs_the_points_of_a_suspended_member_and_does_so_each_time(
    tell: "Tell", ground: Ground, left: int
) -> None:
    products = offered(earn_yen=1)
    products["np_membership"] = {"conduct": {ground.name.lower(): "suspend"}}
    story = tell(products=products).buys("2026-01-05", 1_000, product=ORDER).through("2026-02-10")
    day, rows = story.day("2026-02-11"), np.array([0])
    act_on(story.world, day, rows, ground)
    assert balance(story) == left
    story.world.points.accounts.points[0] += 50  # as what is awarded in the suspension
    lot = [np.array([column]) for column in (50, ORDER, -1, day + 100)]
    open_lots(story.world, day, rows, *lot)
    act_on(story.world, day + 1, rows, ground)
    assert balance(story) == (left + 50 if left else 0)


def test_nothing_of_points_is_kept_where_there_are_none(tell: "Tell") -> None:
    story = tell().buys("2026-01-05", 1_200).through("2026-03-10")
    assert story.world.points is None
    assert story.total("points_awarded") == 0
