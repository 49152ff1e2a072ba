"""Purchases and limits: admission, authorisation in time order, holds, posting, cancellation."""

from typing import TYPE_CHECKING

import pytest

from sim.engine.state.portfolio import PurchaseStatus, Status

if TYPE_CHECKING:
    from conftest import Tell

EVERY_USE_IS_HELD = {"share": 1.0, "new_member_share": 1.0}
AT_ONCE = {"mean_minutes": 1e-6}
PATIENT = {"mean_patience_hours": 10_000.0}


# Admission and limits


@pytest.mark.clause("NP-2.2", "NP-2.3", "NP-23.1", "ART-08")
def test_an_applicant_with_a_good_record_is_a_member_from_the_day_of_the_approval(
    tell: "Tell",
) -> None:
    story = tell().member(0, np_uses=10).applies("2026-01-15").through("2026-01-15")
    assert story.happened("application_approved", "limit_set") == [
        ("2026-01-15", "application_approved", 0),
        ("2026-01-15", "limit_set", 30_000),
    ]
    assert story.world.members.status[0] == Status.ACTIVE
    assert story.world.members.joined_day[0] == story.day("2026-01-15")


@pytest.mark.clause("NP-2.2", "NP-24.3", "ART-08")
def test_an_applicant_who_paid_late_elsewhere_is_refused_and_cannot_buy(tell: "Tell") -> None:
    story = tell().member(0, np_uses=10, np_late=9).applies("2026-01-15")
    story.buys("2026-01-20", 1_000).through("2026-05-31")
    assert story.dates("application_rejected") == ["2026-01-15"]
    assert story.dates("purchase_authorised") == []
    assert story.world.members.status[0] == Status.REJECTED
    assert story.world.members.joined_day[0] == -1
    assert story.ledger.is_empty()


@pytest.mark.clause("NP-2.3", "NP-24.3")
def test_nobody_buys_before_the_contract_is_formed(tell: "Tell") -> None:
    story = tell().applies("2026-01-15").buys("2026-01-14", 1_000).buys("2026-01-15", 1_000)
    story.through("2026-01-15")
    assert story.dates("declined_not_active") == ["2026-01-14"]
    assert story.dates("purchase_authorised") == ["2026-01-15"]


@pytest.mark.clause("NP-31.1", "NP-23.2")
@pytest.mark.parametrize(
    ("limit_yen", "record", "activity", "new_limit_yen"),
    [
        (10_000, {"bills_on_time": 5}, "limit_raised", 30_000),
        (20_000, {"bills_late": 1}, "limit_cut", 10_000),
        (20_000, {"bills_late": 4}, "limit_zeroed", 0),
        (20_000, {"worst_days_past_due": 31}, "limit_zeroed", 0),
    ],
)
def test_a_re_review_moves_the_limit_by_the_members_own_record(
    tell: "Tell", limit_yen: int, record: dict[str, int], activity: str, new_limit_yen: int
) -> None:
    story = tell(months=14).applies("2026-01-01").through("2026-01-01")
    story.member(0, limit_yen=limit_yen, **record).through("2026-06-29")
    assert story.world.members.limit_yen[0] == new_limit_yen
    assert story.happened("limit_raised", "limit_cut", "limit_zeroed") == [
        ("2026-06-30", activity, new_limit_yen)
    ]
    story.member(0, limit_yen=limit_yen).through("2026-12-27")
    assert story.dates(activity) == ["2026-06-30", "2026-12-27"]


@pytest.mark.clause("NP-31.1")
def test_no_re_review_takes_place_before_its_day(tell: "Tell") -> None:
    story = tell(months=14).applies("2026-01-01").through("2026-01-01")
    story.member(0, bills_on_time=5).through("2026-06-28")
    assert story.world.members.limit_yen[0] == 10_000


@pytest.mark.clause("NP-23.2")
def test_a_limit_cut_to_zero_leaves_no_use(tell: "Tell") -> None:
    story = tell().everybody(limit_yen=0).buys("2026-01-05", 1).through("2026-01-05")
    assert story.dates("declined_limit_zero") == ["2026-01-05"]


# Authorisation


@pytest.mark.clause("NP-22.1", "NP-24.1", "NP-24.2", "NP-23.3")
def test_the_uses_of_a_day_are_judged_in_time_order_against_the_cumulative_limit(
    tell: "Tell",
) -> None:
    story = tell().buys("2026-01-05", 25_000, at="15:00").buys("2026-01-05", 30_000, at="09:00")
    story.buys("2026-01-05", 20_000, at="21:00").through("2026-01-05")
    assert story.happened("purchase_authorised", "declined_cumulative_limit") == [
        ("2026-01-05", "purchase_authorised", 30_000),
        ("2026-01-05", "declined_cumulative_limit", 25_000),
        ("2026-01-05", "purchase_authorised", 20_000),
    ]


@pytest.mark.clause("NP-23.1", "NP-23.3")
def test_a_use_above_the_limit_of_a_single_one_is_declined_however_much_room_is_left(
    tell: "Tell",
) -> None:
    story = tell(products={"atone": {"per_use_limit_share": 0.6}})
    story.buys("2026-01-05", 30_001, at="09:00").buys("2026-01-05", 30_000, at="10:00")
    story.buys("2026-01-05", 20_000, at="11:00").through("2026-01-05")
    assert story.happened("purchase_authorised", "declined_per_use_limit") == [
        ("2026-01-05", "declined_per_use_limit", 30_001),
        ("2026-01-05", "purchase_authorised", 30_000),
        ("2026-01-05", "purchase_authorised", 20_000),
    ]


@pytest.mark.clause("NP-23.3", "NP-28.4", "C-57")
def test_room_comes_back_with_the_price_when_the_bill_is_paid(tell: "Tell") -> None:
    story = tell().everybody(limit_yen=20_000).buys("2026-01-05", 20_000)
    story.buys("2026-02-03", 1).buys("2026-02-11", 20_000).through("2026-02-11")
    assert story.dates("declined_cumulative_limit") == ["2026-02-03"]
    assert story.dates("purchase_authorised") == ["2026-01-05", "2026-02-11"]


@pytest.mark.clause("NP-24.3")
def test_a_refusal_moves_no_yen(tell: "Tell") -> None:
    story = tell().buys("2026-01-05", 50_001).through("2026-05-31")
    assert story.dates("declined_per_use_limit") == ["2026-01-05"]
    assert story.ledger.is_empty()


# Posting and payout


@pytest.mark.clause("ART-07", "NP-22.2")
def test_goods_ship_two_days_after_the_order_and_the_claim_passes_to_the_lender(
    tell: "Tell",
) -> None:
    story = tell().buys("2026-01-05", 9_000).through("2026-01-10")
    assert story.lines("purchase_posted") == [("2026-01-07", "purchase_posted", 9_000)]
    assert story.ledger["debit"].to_list() == ["principal_receivable"]
    assert story.ledger["credit"].to_list() == ["merchant_payable"]


@pytest.mark.clause("NP-28.1", "CAL-04", "ART-07")
def test_what_is_ordered_at_the_end_of_a_month_is_posted_at_its_closing_and_on_its_bill(
    tell: "Tell",
) -> None:
    # 31 January 2026 is a Saturday: a closing keeps its day.
    story = tell().buys("2026-01-30", 1_000).buys("2026-01-31", 2_000).through("2026-02-28")
    assert [day for day, _, _ in story.lines("purchase_posted")] == ["2026-01-31"] * 2
    assert story.happened("bill_closed") == [("2026-01-31", "bill_closed", 3_000 + 2 * 248)]


@pytest.mark.clause("LEN-01", "LEN-02", "NP-22.2")
def test_the_merchant_is_paid_fifteen_days_after_posting_less_the_floored_discount(
    tell: "Tell",
) -> None:
    story = tell().buys("2026-01-05", 1_099).through("2026-01-31")
    assert story.lines("merchant_paid", "merchant_discount") == [
        ("2026-01-22", "merchant_paid", 1_099 - 32),
        ("2026-01-22", "merchant_discount", 32),
    ]


# Cancellation


@pytest.mark.clause("NP-24.5")
def test_a_use_cancelled_before_shipment_leaves_nothing_but_its_room(tell: "Tell") -> None:
    story = tell(products={"atone": {"post_lag_days": 5}})
    story.buys("2026-01-05", 50_000, cancelled_after=1).buys("2026-01-10", 50_000)
    story.through("2026-01-10")
    assert story.happened("purchase_cancelled") == [("2026-01-09", "purchase_cancelled", 50_000)]
    assert story.dates("purchase_authorised") == ["2026-01-05", "2026-01-10"]
    assert story.ledger.is_empty()


@pytest.mark.clause("NP-24.5", "C-45")
def test_a_use_cancelled_before_the_closing_bears_neither_price_nor_fee(tell: "Tell") -> None:
    story = tell().buys("2026-01-05", 10_000, cancelled_after=10).buys("2026-01-06", 4_000)
    story.through("2026-02-28")
    assert story.lines("purchase_cancelled") == [("2026-01-18", "purchase_cancelled", 10_000)]
    assert story.happened("bill_closed") == [("2026-01-31", "bill_closed", 4_248)]
    assert story.total("service_fee") == 226
    assert story.total("merchant_paid", "merchant_discount") == 4_000


@pytest.mark.clause("NP-24.5", "C-45")
def test_a_month_whose_only_use_is_cancelled_has_no_bill(tell: "Tell") -> None:
    story = tell().buys("2026-01-05", 10_000, cancelled_after=10).through("2026-02-28")
    assert story.dates("bill_closed") == []
    assert story.world.members.unsettled_yen[0] == 0


@pytest.mark.clause("NP-24.5", "NP-28.7")
@pytest.mark.parametrize(
    ("after", "kind", "bills"),
    [(23, "purchase_cancelled", []), (24, "purchase_returned", ["2026-01-31"])],
)
def test_the_closing_day_is_the_last_on_which_a_cancellation_comes_off_the_bill(
    tell: "Tell", after: int, kind: str, bills: list[str]
) -> None:
    # Bought on the 5th, reported three days after the cancellation: on the 31st or on the 1st.
    story = tell().buys("2026-01-05", 10_000, cancelled_after=after).through("2026-02-02")
    reported = {"purchase_cancelled": "2026-01-31", "purchase_returned": "2026-02-01"}[kind]
    assert story.lines("purchase_cancelled", "purchase_returned") == [(reported, kind, 10_000)]
    assert story.dates("bill_closed") == bills


@pytest.mark.clause("NP-28.7", "NP-29.3", "NP-28.10", "NP-24.5")
def test_a_use_cancelled_after_the_closing_is_paid_as_billed_and_comes_off_the_next_bill(
    tell: "Tell",
) -> None:
    story = tell().buys("2026-01-05", 10_000, cancelled_after=25).buys("2026-02-20", 12_000)
    story.through("2026-03-31")
    assert story.lines("purchase_returned") == [("2026-02-02", "purchase_returned", 10_000)]
    first, second = story.happened("bill_closed")
    assert (first[2], second[2]) == (10_248, 12_248)
    paid_first, paid_second = story.happened("bill_paid")
    assert paid_first[2] == 10_248
    assert story.happened("bill_netted") == [("2026-02-28", "bill_netted", 10_000)]
    assert paid_second[2] == 12_248 - 10_000


@pytest.mark.clause("NP-28.10", "NP-29.1")
def test_a_credit_is_set_off_against_the_fee_before_the_price(tell: "Tell") -> None:
    story = tell().buys("2026-01-05", 1_000, cancelled_after=25).buys("2026-02-20", 12_000)
    story.through("2026-02-28")
    assert story.lines("fee_netted", "principal_netted") == [
        ("2026-02-28", "principal_netted", 752),
        ("2026-02-28", "fee_netted", 248),
    ]


@pytest.mark.clause("NP-28.10", "NP-29.3")
def test_a_credit_above_the_next_bill_is_carried_to_the_one_after(tell: "Tell") -> None:
    story = tell().buys("2026-01-05", 10_000, cancelled_after=25).buys("2026-02-20", 3_000)
    story.buys("2026-03-20", 9_000).through("2026-04-30")
    assert story.happened("bill_netted") == [
        ("2026-02-28", "bill_netted", 3_248),
        ("2026-03-31", "bill_netted", 10_000 - 3_248),
    ]
    assert story.world.members.credit_yen[0] == 0


@pytest.mark.clause("NP-28.10")
def test_by_choice_of_the_lender_a_credit_is_transferred_less_the_fee(tell: "Tell") -> None:
    story = tell(products={"atone": {"refund": "transfer", "refund_fee_yen": 330}})
    story.buys("2026-01-05", 10_000, cancelled_after=25).buys("2026-02-20", 12_000)
    story.through("2026-03-31")
    assert story.lines("refund_paid", "refund_fee") == [
        ("2026-02-28", "refund_paid", 9_670),
        ("2026-02-28", "refund_fee", 330),
    ]
    assert story.dates("bill_netted") == []


@pytest.mark.clause("NP-29.3", "NP-28.10")
def test_money_due_back_is_set_off_where_the_member_is_in_arrears_whatever_the_choice(
    tell: "Tell",
) -> None:
    story = tell(products={"atone": {"refund": "transfer"}}).everybody(never_pays=True)
    story.buys("2026-01-05", 10_000, cancelled_after=25).through("2026-03-31")
    assert story.dates("refund_paid") == []
    assert story.happened("bill_netted") == [("2026-02-28", "bill_netted", 10_000)]
    assert story.total("principal_netted") == 10_000 - 248


@pytest.mark.clause("LEN-05", "NP-24.5")
@pytest.mark.parametrize("cancelled_after", [15, 25])
def test_a_merchant_already_paid_gives_the_payout_back_and_gets_the_discount_back(
    tell: "Tell", cancelled_after: int
) -> None:
    story = tell(economics={"payout_lag_days": 1})
    story.buys("2026-01-05", 1_099, cancelled_after=cancelled_after).through("2026-02-28")
    assert story.total("merchant_paid") == story.total("merchant_refunded") == 1_067
    assert story.total("merchant_discount") == story.total("merchant_discount_returned") == 32


@pytest.mark.clause("LEN-05", "LEN-02", "NP-22.2")
def test_a_merchant_is_not_paid_for_a_use_cancelled_before_the_payout(tell: "Tell") -> None:
    story = tell(economics={"payout_lag_days": 40})
    story.buys("2026-01-05", 5_000, cancelled_after=25).through("2026-03-31")
    assert story.total("purchase_returned") == 5_000
    assert story.lines("merchant_paid", "merchant_refunded") == []


# Holds


@pytest.mark.clause("NP-24.4", "NP-24.2")
def test_a_held_use_keeps_its_room_until_it_is_answered(tell: "Tell") -> None:
    story = tell(screening={"hold": EVERY_USE_IS_HELD, "review_desk": {"reviewers": 0}})
    story.buys("2026-01-05", 30_000).buys("2026-01-06", 20_001).through("2026-01-06")
    assert story.dates("purchase_held") == ["2026-01-05"]
    assert story.dates("declined_cumulative_limit") == ["2026-01-06"]


@pytest.mark.clause("NP-24.4", "NP-24.2")
def test_a_held_use_that_is_approved_is_a_use_like_any_other(tell: "Tell") -> None:
    desk = AT_ONCE | PATIENT | {"approves": 1.0}
    story = tell(screening={"hold": EVERY_USE_IS_HELD, "review_desk": desk})
    story.buys("2026-01-05", 30_000, at="20:00").through("2026-01-31")
    assert story.dates("review_approved") == ["2026-01-06"]  # the desk opens in the morning
    assert story.lines("review_cost") == [("2026-01-06", "review_cost", 250)]
    assert story.lines("purchase_posted") == [("2026-01-08", "purchase_posted", 30_000)]
    assert story.world.members.unsettled_yen[0] == 30_000
    assert story.world.members.held_yen[0] == 0


@pytest.mark.clause("NP-24.3", "NP-24.4", "ART-18")
def test_an_order_within_the_limit_may_be_refused_and_gives_its_room_back(tell: "Tell") -> None:
    desk = AT_ONCE | PATIENT | {"approves": 0.0}
    story = tell(screening={"hold": EVERY_USE_IS_HELD, "review_desk": desk})
    story.buys("2026-01-05", 30_000).through("2026-01-31")
    assert story.dates("review_refused") == ["2026-01-05"]
    assert story.lines("purchase_posted") == []
    assert story.world.members.unsettled_yen[0] == 0


@pytest.mark.clause("NP-24.4")
def test_an_approval_after_the_member_gave_up_makes_no_use(tell: "Tell") -> None:
    desk = AT_ONCE | {"approves": 1.0, "mean_patience_hours": 1e-6}
    story = tell(screening={"hold": EVERY_USE_IS_HELD, "review_desk": desk})
    story.buys("2026-01-05", 30_000, at="20:00").through("2026-01-31")
    assert story.dates("review_too_late") == ["2026-01-06"]
    assert story.lines("purchase_posted") == []
    assert story.world.members.unsettled_yen[0] == 0


@pytest.mark.clause("NP-24.4")
def test_a_use_held_for_seven_days_is_declined(tell: "Tell") -> None:
    story = tell(screening={"hold": EVERY_USE_IS_HELD, "review_desk": {"reviewers": 0}})
    story.buys("2026-01-05", 30_000).through("2026-01-11")
    assert story.world.members.held_yen[0] == 30_000
    story.through("2026-01-31")
    assert story.dates("hold_expired") == ["2026-01-12"]
    assert story.world.members.unsettled_yen[0] == 0
    assert story.world.purchases.status[0] == PurchaseStatus.DECLINED
    assert story.ledger.is_empty()


@pytest.mark.clause("NP-7.4", "NP-24.4", "COLL-01")
def test_a_held_use_is_not_let_through_once_the_member_is_overdue(tell: "Tell") -> None:
    desk = AT_ONCE | PATIENT | {"approves": 1.0, "approves_never_payer": 1.0}
    story = tell(screening={"review_desk": desk}).everybody(never_pays=True)
    story.buys("2026-01-05", 10_000).buys("2026-02-10", 5_000, at="20:00")
    story.world.purchases.u_hold[1] = -1.0  # only the second use looks odd
    story.through("2026-03-31")
    assert story.dates("purchase_held") == ["2026-02-10"]
    assert story.dates("use_stopped") == ["2026-02-11"]
    assert story.total("purchase_posted") == 10_000
