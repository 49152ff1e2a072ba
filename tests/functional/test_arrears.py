"""Arrears: the usage stop and its release, late damages, the late administration fee."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from models.products.catalogue import PayMethod
from sim.engine.law.arrangements import retain

if TYPE_CHECKING:
    from conftest import Tell

LateOn = Callable[[int], dict[str, Any]]
NO_ADMIN_FEE = {"admin_fee_yen": 0}
LATE_FEES = ("late_admin_fee", "late_admin_fee_tax")


# The stop of use and its release


@pytest.mark.clause("COLL-01", "ART-09", "NP-7.1(3)", "NP-7.4", "C-61")
def test_use_stops_the_day_after_the_due_date_and_not_earlier(tell: "Tell") -> None:
    story = tell().everybody(carelessness=1.0).buys("2026-01-05", 1_000)
    story.buys("2026-02-10", 1_000, at="23:00").buys("2026-02-11", 1_000, at="00:10")
    story.through("2026-02-28")
    assert story.dates("payment_missed") == ["2026-02-10"]
    assert story.dates("use_stopped") == ["2026-02-11"]
    assert story.dates("purchase_authorised") == ["2026-01-05", "2026-02-10"]
    assert story.dates("declined_overdue") == ["2026-02-11"]


@pytest.mark.clause("COLL-14", "NP-7.4", "NP-31.1", "C-20")
def test_use_is_released_the_day_after_the_arrears_are_paid_with_a_look_at_the_limit(
    tell: "Tell",
) -> None:
    story = tell().everybody(carelessness=1.0).buys("2026-01-05", 1_000)
    story.buys("2026-03-12", 1_000).buys("2026-03-13", 1_000).through("2026-03-31")
    assert story.dates("bill_paid_late") == ["2026-03-12"]
    assert story.dates("use_released") == ["2026-03-13"]
    assert story.dates("declined_overdue") == ["2026-03-12"]
    assert story.dates("purchase_authorised") == ["2026-01-05", "2026-03-13"]
    assert story.happened("limit_cut") == [("2026-03-13", "limit_cut", 10_000)]


@pytest.mark.clause("COLL-14", "NP-7.4", "C-20")
def test_the_release_waits_for_the_days_the_lender_sets(tell: "Tell") -> None:
    story = tell(products={"atone": {"release_cooldown_days": 5}})
    story.everybody(carelessness=1.0).buys("2026-01-05", 1_000).through("2026-03-31")
    assert story.dates("use_released") == ["2026-03-18"]


@pytest.mark.clause("COLL-14", "NP-7.4", "C-20")
def test_new_arrears_during_that_wait_start_it_afresh(tell: "Tell", late_on: LateOn) -> None:
    story = tell(products={"atone": {"release_cooldown_days": 30}}, behaviour=late_on(5))
    story.everybody(carelessness=1.0).buys("2026-01-05", 1_000).buys("2026-02-05", 1_000)
    story.through("2026-03-15").everybody(carelessness=0.0).through("2026-04-30")
    assert story.dates("bill_paid_late") == ["2026-02-15", "2026-03-15"]
    assert story.dates("use_released") == ["2026-04-15"]


@pytest.mark.clause("COLL-01", "ART-09")
def test_a_later_stop_leaves_use_open_until_its_day(tell: "Tell") -> None:
    story = tell(products={"atone": {"usage_stop_day": 5}}).everybody(carelessness=1.0)
    story.buys("2026-01-05", 1_000).buys("2026-02-14", 1_000).buys("2026-02-15", 1_000)
    story.through("2026-02-28")
    assert story.dates("use_stopped") == ["2026-02-15"]
    assert story.dates("purchase_authorised") == ["2026-01-05", "2026-02-14"]


@pytest.mark.clause("COLL-14", "NP-7.4")
def test_a_member_stays_stopped_while_another_bill_is_overdue(
    tell: "Tell", late_on: LateOn
) -> None:
    # The bill of January is paid on 13 March, the day on which use stays stopped for February's.
    story = tell(behaviour=late_on(35)).everybody(carelessness=1.0)
    story.buys("2026-01-05", 1_000).buys("2026-02-05", 2_000).buys("2026-03-18", 1)
    story.through("2026-03-31")
    assert [yen for _, _, yen in story.happened("bill_paid_late")] == [1_248 + 2_248]
    assert story.dates("use_released") == ["2026-03-18"]


# Late damages


@pytest.mark.reading("products.atone.late.collect")
@pytest.mark.clause("NP-30.1", "C-60")
def test_late_damages_of_a_late_bill_are_put_on_the_next_one(tell: "Tell") -> None:
    late = NO_ADMIN_FEE | {"collect": "next_bill"}
    story = tell(products={"atone": {"late": late}}).everybody(carelessness=1.0)
    story.buys("2026-01-05", 10_000).through("2026-03-12")
    damages = 10_248 * 30 * 146 // 365_000
    assert story.total("late_damages") == damages
    assert story.lines("late_damages_paid") == []
    story.everybody(carelessness=0.0).through("2026-04-30")
    assert story.happened("bill_closed")[1] == ("2026-03-31", "bill_closed", damages)
    assert [yen for _, _, yen in story.lines("late_damages_paid")] == [damages]


@pytest.mark.reading("products.atone.late.collect")
@pytest.mark.clause("NP-30.1", "C-60")
def test_by_choice_late_damages_are_paid_with_the_late_bill(tell: "Tell") -> None:
    late = NO_ADMIN_FEE | {"collect": "with_payment"}
    story = tell(products={"atone": {"late": late}}).everybody(carelessness=1.0)
    story.buys("2026-01-05", 10_000).through("2026-04-30")
    assert story.lines("late_damages_paid") == [("2026-03-12", "late_damages_paid", 122)]
    assert story.happened("bill_paid_late") == [("2026-03-12", "bill_paid_late", 10_248 + 122)]
    assert story.dates("bill_closed") == ["2026-01-31"]


@pytest.mark.clause("NP-30.1", "C-28")
@pytest.mark.golden("G-15")
def test_damages_over_a_new_year_split_into_days_of_365_and_of_366(
    tell: "Tell", late_on: LateOn
) -> None:
    story = tell(start=dt.date(2023, 11, 1), behaviour=late_on(52)).everybody(carelessness=1.0)
    story.buys("2023-11-05", 50_000 - 248).through("2024-02-29")
    assert story.dates("bill_paid_late") == ["2024-01-31"]
    assert story.total("late_damages") == 1_038


@pytest.mark.clause("NP-30.1")
@pytest.mark.golden("G-32")
def test_damages_of_the_worked_bill_bear_on_price_and_fees(tell: "Tell", late_on: LateOn) -> None:
    story = tell(behaviour=late_on(20)).everybody(carelessness=1.0)
    for yen in (1_200, 3_000, 12_800):
        story.buys("2026-02-05", yen)
    story.through("2026-03-31")
    assert story.dates("payment_missed") == ["2026-03-10"]
    assert story.lines("late_damages") == [("2026-03-30", "late_damages", 141)]


@pytest.mark.clause("NP-30.1", "C-29")
def test_a_late_bill_of_damages_and_fees_bears_no_damages(tell: "Tell") -> None:
    story = tell().everybody(carelessness=1.0).buys("2026-01-05", 10_000).through("2026-05-31")
    assert story.dates("payment_missed") == ["2026-02-10", "2026-04-10"]
    assert story.total("late_damages", due=0) == 122
    assert story.total("late_damages", due=2) == 0


@pytest.mark.clause("NP-30.1")
def test_a_month_bears_the_damages_of_its_own_days(tell: "Tell") -> None:
    story = tell().everybody(carelessness=1.0).buys("2026-01-05", 10_000).through("2026-03-31")
    first = 10_248 * 18 * 146 // 365_000
    assert story.lines("late_damages") == [
        ("2026-02-28", "late_damages", first),
        ("2026-03-12", "late_damages", 122 - first),
    ]


@pytest.mark.clause("NP-30.1", "NP-28.3")
def test_each_bill_of_one_spell_bears_damages_from_its_own_due_date(
    tell: "Tell", late_on: LateOn
) -> None:
    story = tell(behaviour=late_on(60)).everybody(carelessness=1.0)
    story.buys("2026-01-05", 10_000).buys("2026-02-05", 20_000).through("2026-04-30")
    assert story.dates("bill_paid_late") == ["2026-04-11"]
    assert [yen for _, _, yen in story.lines("late_damages", due=0)] == [73, 127, 45]
    assert story.total("late_damages", due=0) == 10_248 * 60 * 146 // 365_000
    assert story.total("late_damages", due=1) == 20_248 * 32 * 146 // 365_000


@pytest.mark.clause("NP-30.1")
def test_nothing_overdue_bears_no_damages(tell: "Tell") -> None:
    story = tell().buys("2026-01-05", 10_000).buys("2026-02-05", 10_000).through("2026-05-31")
    assert story.lines("late_damages", *LATE_FEES) == []


# The late administration fee


@pytest.mark.clause("NP-30.3", "NP-26", "C-24", "C-74")
def test_the_late_fee_falls_on_the_10th_and_25th_after_the_due_month_and_on_the_next_bill(
    tell: "Tell", late_on: LateOn
) -> None:
    story = tell(behaviour=late_on(60)).everybody(carelessness=1.0)
    story.buys("2026-01-05", 10_000).through("2026-04-30")
    # Due on 10 February, paid on 11 April: nothing in February itself.
    assert story.dates("late_admin_fee_charged") == ["2026-03-10", "2026-03-25", "2026-04-10"]
    assert story.total("late_admin_fee") == 3 * 91
    assert story.total("late_admin_fee_tax") == 3 * 9
    _, march, april = story.happened("bill_closed")
    assert march == ("2026-03-31", "bill_closed", 200)
    assert april == ("2026-04-30", "bill_closed", 100 + 10_248 * 60 * 146 // 365_000)


@pytest.mark.clause("NP-30.3", "C-24")
def test_whoever_pays_on_a_fee_day_is_not_charged(tell: "Tell", late_on: LateOn) -> None:
    story = tell(behaviour=late_on(28)).everybody(carelessness=1.0)
    story.buys("2026-01-05", 10_000).through("2026-03-31")
    assert story.dates("bill_paid_late") == ["2026-03-10"]
    assert story.dates("late_admin_fee_charged") == []


@pytest.mark.clause("NP-30.3", "C-24")
def test_the_late_fee_is_charged_once_a_member_however_many_bills_are_late(
    tell: "Tell", late_on: LateOn
) -> None:
    story = tell(behaviour=late_on(60)).everybody(carelessness=1.0)
    story.buys("2026-01-05", 10_000).buys("2026-02-05", 10_000).through("2026-03-31")
    assert story.dates("late_admin_fee_charged") == ["2026-03-10", "2026-03-25"]


@pytest.mark.clause("NP-30.3", "ART-11", "C-24")
@pytest.mark.parametrize(
    ("probability", "charged"), [(1.0, []), (0.0, ["2026-03-10", "2026-03-25"])]
)
def test_the_late_fee_is_not_charged_while_the_law_firm_has_the_case(
    tell: "Tell", probability: float, charged: list[str]
) -> None:
    story = tell(
        collections={
            "ladder": ({"day": 10, "action": "hand_over"},),
            "law_firm": {"probability": probability, "clerks": 0},
        }
    )
    story.everybody(never_pays=True).buys("2026-01-05", 10_000).through("2026-03-31")
    assert story.dates("late_admin_fee_charged") == charged


REASONS = ("punctual", "forgetful", "short", "hardship", "never_pays")
EVERY_DAY = {"admin_fee_days": tuple(range(1, 32))}
SETTLES = {
    "settlement": {"enabled": False, "missed": dict.fromkeys(REASONS, 1.0)},
    "court": {"probability": 0.0},
}
"""Plans are agreed on, and nothing of them is paid."""
SUED = {
    "court": {"probability": 1.0, "service_failure": 0.0, "objection": 0.0},
    "clerk_desk": {"mean_minutes": 1e-6},
    "court_desk": {"mean_minutes": 1e-6},
    "settlement": {"enabled": False},
}


@pytest.mark.clause("NP-30.3", "ART-14", "COLL-09", "C-24")
def test_the_late_fee_is_not_charged_from_the_notice_of_an_intermediary_to_the_end_of_the_plan(
    tell: "Tell",
) -> None:
    story = tell(
        months=9,
        products={"atone": {"late": EVERY_DAY}},
        collections={"ladder": (), "law": SETTLES},
    )
    story.everybody(never_pays=True).buys("2026-01-05", 10_000).through("2026-03-05")
    retain(story.world, story.day("2026-03-06"), np.arange(1))
    story.through("2026-08-31")
    (failed,) = story.dates("plan_cancelled")
    charged = story.dates("late_admin_fee_charged")
    # Who pays nothing of a plan is dunned by the lender again.
    assert [day for day in charged if day < failed] == [f"2026-03-{n:02}" for n in range(1, 6)]
    assert failed in charged


@pytest.mark.clause("NP-30.3", "COLL-06", "C-24")
def test_the_late_fee_is_not_charged_after_a_judgment_on_what_the_lender_collects_itself(
    tell: "Tell",
) -> None:
    story = tell(
        months=7,
        products={"atone": {"late": EVERY_DAY}},
        collections={"ladder": ({"day": 30, "action": "sue"},), "law": SUED},
    )
    story.everybody(never_pays=True).buys("2026-01-05", 10_000).through("2026-06-30")
    (final,) = story.dates("title_final")
    charged = story.dates("late_admin_fee_charged")
    judged = story.day(final) - 14  # the title is enforceable before it is final
    assert [story.day(day) for day in charged] == list(range(story.day("2026-03-01"), judged))


@pytest.mark.clause("NP-30.3")
def test_a_late_fee_of_zero_is_switched_off(tell: "Tell") -> None:
    story = tell(products={"atone": {"late": NO_ADMIN_FEE}}).everybody(never_pays=True)
    story.buys("2026-01-05", 10_000).through("2026-05-31")
    assert story.lines(*LATE_FEES) == []
    assert story.dates("late_admin_fee_charged") == []


# Several bills


@pytest.mark.clause("NP-29.1", "NP-28.4")
def test_a_newer_bill_is_not_paid_by_hand_while_an_older_one_is_overdue(
    tell: "Tell", late_on: LateOn
) -> None:
    story = tell(behaviour=late_on(40)).everybody(carelessness=1.0).buys("2026-01-05", 1_000)
    story.buys("2026-02-05", 2_000).through("2026-02-15").everybody(carelessness=0.0)
    story.through("2026-03-31")
    assert story.dates("bill_paid") == []
    assert story.happened("bill_paid_late") == [("2026-03-22", "bill_paid_late", 1_248 + 2_248)]


@pytest.mark.clause("NP-28.4", "NP-28.3")
def test_a_bill_kept_back_for_older_arrears_is_in_time_once_these_are_paid(
    tell: "Tell", late_on: LateOn
) -> None:
    # Arrears of January are paid on 8 March; February's bill could be paid from the 4th, and is due
    # on the 10th.
    behaviour = late_on(26)
    behaviour["repayment"]["pays_on_last_days_share"] = 0.0
    story = tell(population={"members": 20}, behaviour=behaviour).everybody(carelessness=1.0)
    for member in range(20):
        story.buys("2026-01-05", 1_000, member=member).buys("2026-02-05", 2_000, member=member)
    story.through("2026-02-15").everybody(carelessness=0.0).through("2026-03-31")
    assert set(story.dates("bill_paid_late")) == {"2026-03-08"}
    assert set(story.dates("payment_missed")) == {"2026-02-10"}
    assert len(story.dates("bill_paid")) == 20


@pytest.mark.clause("NP-28.9", "NP-7.1(3)")
def test_a_debit_of_a_newer_bill_is_run_although_an_older_one_is_overdue(tell: "Tell") -> None:
    story = tell().everybody(carelessness=1.0).buys("2026-01-05", 1_000)
    story.buys("2026-02-05", 2_000).through("2026-02-15")
    story.everybody(pay_method=PayMethod.DIRECT_DEBIT).through("2026-03-31")
    assert story.happened("bill_paid", "bill_paid_late") == [
        ("2026-03-12", "bill_paid_late", 1_248),
        ("2026-03-27", "bill_paid", 2_099),
    ]


@pytest.mark.clause("NP-28.3", "NP-30.1")
def test_two_bills_that_fall_due_on_one_day_are_late_together_and_paid_together(
    tell: "Tell",
) -> None:
    # With terminals due on the 1st: January's debit rolls to Monday 1 March 2027, too.
    story = tell(
        months=6, start=dt.date(2027, 1, 1), products={"atone": {"due": {"konbini_terminal": 1}}}
    )
    story.everybody(pay_method=PayMethod.DIRECT_DEBIT, strain=1.0)
    story.buys("2027-01-05", 10_000).buys("2027-02-05", 5_000).through("2027-01-31")
    story.everybody(pay_method=PayMethod.KONBINI_TERMINAL).through("2027-03-31")
    assert story.dates("payment_missed") == ["2027-03-01"] * 2
    late = story.happened("bill_paid_late")
    assert late == [("2027-03-31", "bill_paid_late", 10_000 + 99 + 248 + 5_248)]
