"""Both readings of what the NP terms leave open, told side by side (rulebook section 5)."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from models.products.catalogue import Product
from sim.engine.dues.acceleration import accelerate
from sim.engine.state.portfolio import Status
from sim.engine.uses.kinds import mark

if TYPE_CHECKING:
    from tests.functional.conftest import Story, Tell


LateOn = Callable[[int], dict[str, Any]]


def atone(**terms: object) -> dict[str, Any]:
    """Give the products section with terms of atone."""
    return {"atone": terms}


@pytest.mark.reading("products.atone.fees.article_month_yen", "products.atone.fees.unit")
@pytest.mark.clause("ART-03", "NP-25.2", "C-01", "C-03")
@pytest.mark.parametrize(
    ("fees", "billed"),
    [
        ({"unit": "per_use"}, 17_744),
        ({"unit": "per_statement"}, 17_248),
        ({"unit": "article"}, 17_209),
        ({"unit": "article", "article_month_yen": 290}, 17_290),
    ],
)
@pytest.mark.parametrize("method", [0, 3])
def test_the_fee_is_that_of_the_terms_or_the_articles_one_a_month(
    tell: "Tell", fees: dict[str, Any], billed: int, method: int
) -> None:
    story = tell(products=atone(fees=fees)).member(0, pay_method=method)
    for day, yen in enumerate((1_200, 3_000, 12_800), start=5):
        story.buys(f"2026-01-{day:02}", yen)
    story.through("2026-02-01")
    if method and fees["unit"] != "article":  # by debit a use costs 90 yen before tax
        billed -= (248 - 99) * (3 if fees["unit"] == "per_use" else 1)
    assert story.happened("bill_closed") == [("2026-01-31", "bill_closed", billed)]
    if "article_month_yen" in fees:
        assert (story.total("service_fee"), story.total("service_fee_tax")) == (264, 26)
    assert not story.residuals()


@pytest.mark.reading("products.atone.fees.tax_rounding")
@pytest.mark.clause("NP-25.2", "NP-26", "C-02")
@pytest.mark.parametrize(
    ("rounding", "gross"), [("per_fee_floor", 744), ("per_fee_half_up", 747), ("sum_floor", 745)]
)
def test_tax_is_rounded_on_each_fee_or_on_their_sum(
    tell: "Tell", rounding: str, gross: int
) -> None:
    story = tell(products=atone(fees={"tax_rounding": rounding}))
    for day in (5, 6, 7):
        story.buys(f"2026-01-{day:02}", 1_000)
    story.through("2026-02-01")
    assert story.happened("bill_closed") == [("2026-01-31", "bill_closed", 3_000 + gross)]


@pytest.mark.reading("products.atone.due.roll_methods")
@pytest.mark.clause("NP-28.3", "CAL-02", "C-21")
@pytest.mark.parametrize(
    ("rolls", "debited", "missed"),
    [
        (("direct_debit", "bank_transfer"), "2026-06-29", "2026-05-10"),
        (("konbini_terminal",), "2026-06-27", "2026-05-11"),
        ((), "2026-06-27", "2026-05-10"),
    ],
)
def test_due_days_of_the_debit_alone_roll_or_those_of_other_methods(
    tell: "Tell", rolls: tuple[str, ...], debited: str, missed: str
) -> None:
    # 27 June 2026 is a Saturday, 10 May 2026 a Sunday.
    story = tell(products=atone(due={"roll_methods": rolls}), population={"members": 2}, months=7)
    story.member(0, pay_method=3).buys("2026-05-20", 1_000)
    story.member(1, carelessness=1.0).buys("2026-04-20", 1_000, member=1).through("2026-06-30")
    assert [date for date, _, _ in story.lines("principal_paid", member=0)] == [debited]
    assert story.dates("payment_missed", member=1) == [missed]


@pytest.mark.reading("products.np_membership.tiers.limit_cap_yen")
@pytest.mark.clause("ART-04", "NP-23.1", "NP-2.5", "C-04")
@pytest.mark.parametrize(
    ("limit_cap_yen", "limits"), [(None, []), (20_000, [20_000]), (310_000, [310_000])]
)
def test_a_kind_of_members_has_the_cap_of_everybody_or_its_own(
    tell: "Tell", limit_cap_yen: int | None, limits: list[int]
) -> None:
    story = tell(
        products={
            "np_membership": {"tiers": ({"from_uses": 1, "limit_cap_yen": limit_cap_yen},)},
        },
        policy={
            "limits": {"bands": ({"from_score": 0, "limit_yen": 400_000},), "review_every_days": 40}
        },
    ).applies("2026-01-02")
    story.member(0, np_uses=3).buys("2026-01-05", 30_000).through("2026-03-31")
    (first, *later) = [
        yen for _, _, yen in story.happened("limit_set", "limit_raised", "limit_cut")
    ]
    assert (first, later) == (50_000, limits)


@pytest.mark.reading("products.atone.payment_stop")
@pytest.mark.clause("NP-22.2", "NP-31.2", "NP-28.7", "NP-29.3", "C-26")
@pytest.mark.parametrize(
    ("payment_stop", "share", "paid"),
    [
        (False, 0.0, [("2026-02-27", 9_000)]),
        (True, 0.0, [("2026-02-27", 3_000), ("2026-04-27", 6_000)]),
        (True, 1.0, [("2026-02-27", 3_000)]),
    ],
)
def test_a_disputed_price_stays_due_or_is_withheld_until_the_inquiry_ends(
    tell: "Tell", *, payment_stop: bool, share: float, paid: list[tuple[str, int]]
) -> None:
    grounds = tuple(float(number == 9) for number in range(1, 14))
    inquiries = {"shares": grounds, "within_days": 1, "charge_back_share": share, "days": 45}
    story = tell(products=atone(payment_stop=payment_stop), policy={"inquiries": inquiries})
    story.member(0, pay_method=3).buys("2026-01-20", 6_000).buys("2026-01-21", 3_000)
    mark(story.world, np.array([0]))
    story.through("2026-04-30")
    assert [(date, yen) for date, _, yen in story.lines("principal_paid")] == paid
    assert story.total("service_fee") == 2 * 90
    assert story.dates("payment_withheld") == ["2026-01-23"] * payment_stop
    assert story.dates("withholding_ended") == ["2026-03-09"] * payment_stop
    assert story.total("principal_netted") == 6_000 * int(share)
    assert story.dates("payment_missed") == []
    assert not story.residuals()


@pytest.mark.clause("NP-22.2", "ART-03", "C-26")
@pytest.mark.parametrize("days", [1, 30])
def test_a_disputed_order_is_asked_for_anew_when_the_inquiry_ends(tell: "Tell", days: int) -> None:
    grounds = tuple(float(number == 8) for number in range(1, 14))
    inquiries = {"shares": grounds, "within_days": 1, "charge_back_share": 0.0, "days": days}
    story = tell(
        products={"atone": {"payment_stop": True}, "np_atobarai": {"enabled": True}},
        policy={"inquiries": inquiries},
    )
    story.buys("2026-01-05", 6_000, product=Product.NP_ATOBARAI)
    mark(story.world, np.array([0]))
    story.through("2026-03-31")
    # Posted on the 7th, withheld on the 8th; the invoice of the 9th waits for the inquiry's end.
    (date, _, yen) = story.lines("principal_paid")[0]
    first = story.day("2026-01-09") if days == 1 else story.day("2026-02-07")
    assert yen == 6_000
    assert first < story.day(date) <= first + 14
    assert story.dates("payment_missed") == []
    assert not story.residuals()


@pytest.mark.reading("products.atone.accelerate_on_arrears")
@pytest.mark.clause("NP-27.2", "NP-30.2", "C-15")
@pytest.mark.parametrize(
    ("reading", "date"),
    [("none", []), ("at_suspend", ["2026-02-11"]), ("at_lawfirm", ["2026-02-15"])],
)
def test_arrears_accelerate_nothing_or_everything_at_a_chosen_stage(
    tell: "Tell", reading: str, date: list[str]
) -> None:
    story = tell(
        products=atone(accelerate_on_arrears=reading),
        collections={
            "ladder": ({"day": 5, "action": "hand_over"},),
            "law_firm": {"probability": 1.0, "clerks": 0},
        },
    ).member(0, carelessness=1.0)
    story.buys("2026-01-05", 10_000).buys("2026-02-05", 6_000).through("2026-03-20")
    assert story.dates("accelerated") == date
    assert [yen for _, _, yen in story.happened("accelerated")] == [6_248] * len(date)
    assert story.dates("bill_closed")[1] == (date[0] if date else "2026-02-28")
    assert not story.residuals()


@pytest.mark.reading("products.atone.release_probability", "products.atone.release_cooldown_days")
@pytest.mark.clause("NP-7.4", "COLL-14", "C-20")
@pytest.mark.parametrize(("chance", "days", "released"), [(1.0, 0, 1), (1.0, 20, 21), (0.0, 0, 0)])
def test_use_is_released_after_the_cool_down_if_the_lender_sees_fit(
    tell: "Tell", chance: float, days: int, released: int
) -> None:
    story = tell(products=atone(release_probability=chance, release_cooldown_days=days))
    story.member(0, carelessness=1.0).buys("2026-01-05", 10_000).through("2026-04-05")
    paid = story.day(story.dates("bill_paid_late")[0])
    assert [story.day(date) - paid for date in story.dates("use_released")] == [released] * bool(
        released
    )
    assert story.world.members.status[0] == (Status.ACTIVE if released else Status.SUSPENDED)


@pytest.mark.reading("products.atone.late.admin_fee_trigger")
@pytest.mark.clause("NP-30.3", "C-24")
@pytest.mark.parametrize(
    ("trigger", "stop_day", "charged"),
    [("overdue_payable", 1, True), ("use_continues", 1, False), ("use_continues", 300, True)],
)
def test_the_late_administration_fee_needs_a_payable_bill_or_continued_use(
    tell: "Tell", *, trigger: str, stop_day: int, charged: bool
) -> None:
    story = tell(
        products=atone(late={"admin_fee_trigger": trigger}, usage_stop_day=stop_day)
    ).member(0, carelessness=1.0)
    story.buys("2026-01-05", 10_000).through("2026-03-11")
    assert story.dates("late_admin_fee_charged") == (["2026-03-10"] if charged else [])


@pytest.mark.reading("products.atone.late.split_years")
@pytest.mark.clause("NP-30.1", "C-28")
@pytest.mark.parametrize(("splits", "yen"), [(True, 1_038), (False, 1_040)])
def test_a_span_over_new_year_counts_by_day_or_by_its_first_year(
    tell: "Tell", *, splits: bool, yen: int, late_on: LateOn
) -> None:
    story = tell(
        start=dt.date(2027, 11, 1),
        products=atone(late={"split_years": splits}),
        behaviour=late_on(52),
    ).member(0, carelessness=1.0)
    story.buys("2027-11-05", 49_752).through("2028-01-31")
    assert story.total("principal_paid", "fee_paid") == 50_000
    assert story.total("late_damages") == yen


@pytest.mark.reading("products.atone.late.base")
@pytest.mark.clause("NP-30.1", "C-29")
@pytest.mark.parametrize(("base", "bears"), [("price_and_fees", False), ("all_debts", True)])
def test_billed_damages_bear_damages_only_if_all_debts_do(
    tell: "Tell", *, base: str, bears: bool, late_on: LateOn
) -> None:
    story = tell(products=atone(late={"base": base, "admin_fee_yen": 0}), behaviour=late_on(10))
    story.member(0, carelessness=1.0).buys("2026-01-05", 40_000).buys("2026-02-05", 10_000)
    story.through("2026-03-25")
    first = 40_248 * 4 * 10 // 10_000
    second = [yen for date, _, yen in story.lines("late_damages") if date > "2026-03-10"]
    assert sum(second) == (10_248 + first * bears) * 4 * 10 // 10_000
    assert not story.residuals()


@pytest.mark.reading("products.atone.wait_for_advance")
@pytest.mark.clause("NP-28.4", "C-36")
@pytest.mark.parametrize(("waits", "paid"), [(False, "2026-02-10"), (True, "2026-02-17")])
@pytest.mark.parametrize("method", [0, 3])
def test_a_payment_counts_when_it_is_made_or_when_the_merchants_are_paid(
    tell: "Tell", *, waits: bool, paid: str, method: int
) -> None:
    story = tell(
        products=atone(wait_for_advance=waits, due={"direct_debit": 10}),
        behaviour={"repayment": {"pays_on_last_days_share": 1.0}},
        economics={"payout_lag_days": 17},
    ).member(0, pay_method=method)
    story.buys("2026-01-30", 10_000).through("2026-02-28")
    (date, _, _) = story.lines("principal_paid")[0]
    assert (date == paid) if waits else (date <= paid)
    assert bool(story.dates("payment_missed")) == waits
    assert story.dates("debit_failed") == []


@pytest.mark.clause("NP-28.4", "C-36")
@pytest.mark.parametrize(
    ("reminded", "waits", "paid"),
    [
        (True, False, "2026-02-09"),
        (True, True, "2026-02-17"),
        (False, False, "2026-02-13"),
        (False, True, "2026-02-17"),
    ],
)
def test_a_reminded_or_late_payment_waits_for_the_merchants_of_its_bill_like_any_other(
    tell: "Tell", *, reminded: bool, waits: bool, paid: str, late_on: LateOn
) -> None:
    behaviour = late_on(3)
    behaviour["repayment"]["reminder_heeded"] = 1.0 * reminded
    story = tell(
        products=atone(wait_for_advance=waits),
        behaviour=behaviour,
        collections={"reminder_days": 3},
        economics={"payout_lag_days": 17},
    ).member(0, carelessness=1.0)
    # What is bought in February is paid out after the 17th and is on another bill.
    story.buys("2026-01-30", 10_000).buys("2026-02-05", 2_000).through("2026-02-28")
    assert [date for date, _, _ in story.lines("principal_paid")] == [paid]


@pytest.mark.clause("NP-28.4", "NP-30.2", "C-36")
@pytest.mark.parametrize(("waits", "paid"), [(False, "2026-01-15"), (True, "2026-01-27")])
def test_an_accelerated_debt_counts_as_paid_when_its_merchants_are_paid(
    tell: "Tell", *, waits: bool, paid: str
) -> None:
    story = tell(products=atone(wait_for_advance=waits)).buys("2026-01-10", 10_000)
    story.through("2026-01-13")
    accelerate(story.world, story.day("2026-01-14"), np.array([0]))
    story.through("2026-02-28")
    assert [date for date, _, _ in story.lines("principal_paid")] == [paid]


@pytest.mark.reading("products.atone.fees.failed_debit_once")
@pytest.mark.clause("NP-25.3", "C-39")
@pytest.mark.parametrize(
    ("once", "retries", "fees"), [(True, 0, 1), (True, 2, 1), (False, 0, 1), (False, 2, 3)]
)
def test_a_failed_debit_costs_once_or_at_every_try(
    tell: "Tell", *, once: bool, retries: int, fees: int
) -> None:
    story = tell(products=atone(debit_retries=retries, fees={"failed_debit_once": once}))
    story.member(0, strain=1.0, pay_method=3).buys("2026-01-05", 10_000).through("2026-03-20")
    assert story.total("failed_debit_fee") == 226 * fees
    assert len(story.dates("debit_failed")) == 1 + retries
    assert not story.residuals()


@pytest.mark.reading("products.atone.fees.charge_on_cancelled")
@pytest.mark.clause("NP-25.2", "C-45")
@pytest.mark.parametrize(("charges", "fee"), [(False, 226), (True, 678)])
def test_uses_cancelled_before_the_closing_bear_no_fee_or_the_same(
    tell: "Tell", *, charges: bool, fee: int
) -> None:
    story = tell(products=atone(fees={"charge_on_cancelled": charges}))
    story.buys("2026-01-05", 1_000).buys("2026-01-06", 2_000, cancelled_after=5)
    story.buys("2026-01-07", 2_000, cancelled_after=0).through("2026-02-28")
    assert story.total("service_fee") == fee
    assert story.total("principal_paid") == 1_000
    assert not story.residuals()


@pytest.mark.reading("products.atone.failed_debit_extends_days")
@pytest.mark.clause("NP-28.9", "C-56")
@pytest.mark.parametrize(("days", "missed"), [(0, "2026-02-27"), (10, "2026-03-09")])
def test_a_failed_debit_leaves_the_due_date_or_extends_it(
    tell: "Tell", days: int, missed: str
) -> None:
    story = tell(products=atone(failed_debit_extends_days=days))
    story.member(0, strain=1.0, pay_method=3).buys("2026-01-05", 10_000).through("2026-03-20")
    assert story.dates("payment_missed") == [missed]


@pytest.mark.reading("products.atone.limit_counts_fees")
@pytest.mark.clause("NP-23.1", "C-57")
@pytest.mark.parametrize(
    ("counts", "answer"), [(False, "purchase_authorised"), (True, "declined_cumulative_limit")]
)
def test_fees_and_damages_use_up_the_limit_only_if_they_count(
    tell: "Tell", *, counts: bool, answer: str
) -> None:
    story = tell(products=atone(limit_counts_fees=counts)).buys("2026-01-05", 30_000)
    story.buys("2026-02-03", 20_000).through("2026-02-04")
    assert story.dates(answer)[-1] == "2026-02-03"


@pytest.mark.reading("products.atone.allow_partial")
@pytest.mark.clause("NP-29.1", "C-58")
@pytest.mark.parametrize(("allows", "parts"), [(False, []), (True, [5_124])])
def test_a_bill_is_paid_whole_or_in_part_by_hand(
    tell: "Tell", *, allows: bool, parts: list[int]
) -> None:
    story = tell(products=atone(allow_partial=allows)).member(0, strain=1.0)
    story.buys("2026-01-05", 10_000).through("2026-04-20")
    assert [yen for _, _, yen in story.happened("part_paid")][:1] == parts
    missed = [yen for _, _, yen in story.happened("payment_missed")]
    assert missed[0] == 10_248 - sum(parts)
    assert story.total("principal_paid") == 10_000
    assert not story.residuals()


@pytest.mark.reading("products.atone.high_bill_test")
@pytest.mark.clause("NP-28.1", "NP-28.9", "C-75")
@pytest.mark.parametrize(("test", "is_high"), [("with_chosen_fee", True), ("price_only", False)])
def test_the_high_bill_limit_is_held_against_the_claim_or_the_price(
    tell: "Tell", *, test: str, is_high: bool
) -> None:
    story = tell(products=atone(high_bill_test=test, limit_cap_yen=400_000))
    story.member(0, limit_yen=400_000).buys("2026-01-05", 299_900).through("2026-02-05")
    assert bool(story.dates("high_bill")) == is_high


@pytest.mark.reading("products.np_membership.indemnity.scope")
@pytest.mark.clause("NP-7.3", "COLL-04", "C-76")
@pytest.mark.parametrize(("scope", "share"), [("court_cost", 0), ("all_cost", 1)])
def test_the_law_firms_fee_is_the_lenders_own_or_added_to_the_claim(
    tell: "Tell", scope: str, share: int
) -> None:
    story = tell(
        products={"np_membership": {"indemnity": {"scope": scope}}},
        collections={
            "ladder": ({"day": 2, "action": "hand_over"},),
            "law_firm": {"probability": 1.0, "clerks": 0},
        },
    ).member(0, carelessness=1.0)
    story.buys("2026-01-05", 10_000).through("2026-05-20")
    assert story.total("agency_fee") > 2_000
    assert story.total("agency_fee_claimed") == story.total("agency_fee") * share
    assert not story.residuals()


def test_an_acceleration_of_nothing_leaves_no_trace(tell: "Tell") -> None:
    story: Story = tell().through("2026-01-09")
    accelerate(story.world, 9, np.array([0]))
    assert story.events.is_empty()
