"""Both readings of what the terms of au PAY leave open, as accounts to the yen (rulebook 5)."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.members.misuse import User
from models.products.catalogue import Product
from sim.engine.state.portfolio import DueStatus, PurchaseStatus
from sim.engine.state.world import MINUTES_PER_DAY
from sim.engine.uses.misuse import decide_misuse
from tests.functional.au_scripts import account_with, lines_of, paid
from tests.functional.au_world import AuWorld
from tests.functional.losses import report_loss

SOFA = "on: 2025-07-20, purchase: 100000, plan: revolving, name: sofa"
SHORT = "on: 2025-09-04, empty_account: true"
NO_MEASURES = {
    "acceleration": {"auto_one_time": False},
    "measures": {"unpaid": "none"},
    "usage_stop_day": 365,
}
"""Arrears stay arrears: nothing is accelerated or stopped because of them."""


def both(field: str, *readings: tuple[object, object]) -> pytest.MarkDecorator:
    """Run a test for each reading of a field, with what it leads to."""
    return pytest.mark.parametrize(
        ("terms", "found"), [({field: value}, result) for value, result in readings], ids=str
    )


@pytest.mark.reading("products.au_pay.instalments.three_free")
@pytest.mark.clause("AUX-INS", "C-11")
@both("three_free", (True, 100_000), (False, 102_460))
def test_three_instalments_cost_nothing_or_what_the_other_rows_say(
    tmp_path: Path, terms: dict[str, Any], found: int
) -> None:
    use = "on: 2025-07-20, purchase: 100000, plan: instalments, times: 3"
    account = account_with(tmp_path, {"instalments": terms}, use)
    assert sum(yen for _, yen in paid(account)) == found


AUTUMN = {"from_month_day": 901, "to_month_day": 1231, "due_month": 2}


@pytest.mark.reading("products.au_pay.bonus.windows")
@pytest.mark.clause("AU-29.1(3)", "C-12")
@pytest.mark.parametrize(
    ("terms", "found"),
    [
        ({}, [("2026-01-05", 60_000), ("2026-01-05", 40_000)]),
        ({"windows": [AUTUMN]}, [("2025-09-04", 60_000), ("2026-02-04", 40_000)]),
    ],
)
def test_bonus_windows_are_those_of_the_terms_or_others(
    tmp_path: Path, terms: dict[str, Any], found: list[tuple[str, int]]
) -> None:
    account = account_with(
        tmp_path,
        {"bonus": terms},
        "on: 2025-07-20, purchase: 60000, plan: bonus",
        "on: 2025-09-20, purchase: 40000, plan: bonus",
    )
    assert sorted(paid(account)) == sorted(found)


@pytest.mark.reading("products.au_pay.revolving.tier_rounding")
@pytest.mark.clause("AUX-REV(1)", "C-13")
@both("tier_rounding", ("ceil", 15_000), ("floor", 10_000))
def test_a_started_step_of_the_tiers_counts_or_a_completed_one(
    tmp_path: Path, terms: dict[str, Any], found: int
) -> None:
    use = "on: 2025-07-20, purchase: 100001, plan: revolving"
    account = account_with(tmp_path, {"revolving": terms}, use, course="standard")
    assert paid(account, "revolving_billed")[0] == ("2025-09-04", found)


@pytest.mark.reading("products.au_pay.revolving.long_above_300k")
@pytest.mark.clause("AUX-REV(1)", "C-13")
@both("long_above_300k", ("continue", 15_000), ("not_allowed", 35_000))
def test_above_its_table_the_long_course_goes_on_or_gives_way_to_the_standard(
    tmp_path: Path, terms: dict[str, Any], found: int
) -> None:
    use = "on: 2025-07-20, purchase: 300001, plan: revolving"
    account = account_with(tmp_path, {"revolving": terms}, use, course="long")
    assert paid(account, "revolving_billed")[0] == ("2025-09-04", found)


@pytest.mark.reading("products.au_pay.revolving.final_rule")
@pytest.mark.clause("AU-30.1(1)", "AUX-REV(1)", "C-17")
@both(
    "final_rule",
    ("balance_plus_fee_when_balance_lt_payment", [10_053]),
    ("min_payment_balance_plus_fee", [10_000, 53]),
)
def test_the_last_payment_takes_the_fee_on_top_or_inside(
    tmp_path: Path, terms: dict[str, Any], found: list[int]
) -> None:
    # 9,950 yen bear 103 yen in the 21 days to the first due date.
    use = "on: 2025-07-20, purchase: 9950, plan: revolving"
    account = account_with(tmp_path, {"revolving": terms}, use)
    assert [yen for _, yen in paid(account, "revolving_billed")] == found


@pytest.mark.reading("products.au_pay.revolving.fee_on_overdue")
@pytest.mark.clause("AU-30.1(2)", "AU-37.2(3)", "C-19")
@both("fee_on_overdue", (False, 1_346), (True, 1_479))
def test_overdue_principal_bears_damages_alone_or_the_fee_as_well(
    tmp_path: Path, terms: dict[str, Any], found: int
) -> None:
    # 91,035 yen stay for 30 days; with the 8,965 yen missed they are 100,000.
    account = account_with(tmp_path, {"revolving": terms}, SOFA, SHORT)
    assert [row["yen"] for row in lines_of(account, "revolving_fee")][:2] == [1_035, found]


@pytest.mark.reading("products.au_pay.revolving.overdue_in_payment_base")
@pytest.mark.clause("AU-30.1(1)", "C-19")
@both("overdue_in_payment_base", (False, 10_000), (True, 15_000))
def test_overdue_principal_stays_out_of_the_next_payment_or_raises_it(
    tmp_path: Path, terms: dict[str, Any], found: int
) -> None:
    use = "on: 2025-07-20, purchase: 105000, plan: revolving"
    account = account_with(tmp_path, {"revolving": terms}, use, SHORT, course="standard")
    assert [yen for _, yen in paid(account, "revolving_billed")][:2] == [15_000, found]


@pytest.mark.reading("products.au_pay.revolving.nominal_days")
@pytest.mark.clause("CAL-05", "AU-30.1(2)", "C-22")
@both("nominal_days", (True, 1_346), (False, 1_436))
def test_the_fee_month_ends_on_the_4th_or_on_the_rolled_due_date(
    tmp_path: Path, terms: dict[str, Any], found: int
) -> None:
    # 4 October 2025 is a Saturday: 30 days to the 4th, 32 to Monday the 6th.
    account = account_with(tmp_path, {"revolving": terms}, SOFA)
    assert [row["yen"] for row in lines_of(account, "revolving_fee")][:2] == [1_035, found]
    assert paid(account)[1][0] == "2025-10-06"


@pytest.mark.reading("products.au_pay.daycount.split_years", "products.au_pay.daycount.split_mode")
@pytest.mark.clause("AUX-REV(3)", "C-28", "C-41", "C-54")
@pytest.mark.parametrize(
    ("terms", "fee"),
    [
        ({"split_years": True, "split_mode": "sum"}, 1_035),
        ({"split_years": True, "split_mode": "each"}, 1_034),
        ({"split_years": False, "split_mode": "sum"}, 1_036),
    ],
)
def test_a_fee_over_new_year_is_split_and_floored_once_or_otherwise(
    tmp_path: Path, terms: dict[str, Any], fee: int
) -> None:
    # 17 days of 2023 over 365 and 4 days of 2024 over 366.
    use = "on: 2023-11-20, purchase: 100042, plan: revolving"
    account = account_with(tmp_path, {"daycount": terms}, use, start="2023-11-01")
    first = lines_of(account, "revolving_fee")[0]
    assert (first["date"], first["yen"]) == ("2024-01-04", fee)


@pytest.mark.reading("products.au_pay.limit.count_fees")
@pytest.mark.clause("AU-27.1", "C-34")
@both("count_fees", (False, "purchase_authorised"), (True, "declined_cumulative_limit"))
def test_fees_of_other_kinds_use_up_the_limit_or_do_not(
    tmp_path: Path, terms: dict[str, Any], found: str
) -> None:
    due = {"failed_debit_fee_yen": 200, "extend_due_days": 20}
    account = account_with(
        tmp_path,
        {"limit": terms, "due": due},
        "on: 2025-07-20, purchase: 10000",
        SHORT,
        "on: 2025-09-06, purchase: 10000",
        limit=20_000,
    )
    answers = lines_of(account, "purchase_authorised", "declined_cumulative_limit")
    assert [row["kind"] for row in answers] == ["purchase_authorised", found]


@pytest.mark.reading("products.au_pay.prepay.konbini_needs_notice")
@pytest.mark.clause("AU-32.1", "AUX-PRE", "C-40")
@both("konbini_needs_notice", (True, []), (False, [("2025-10-20", 83_031)]))
@pytest.mark.parametrize("way", ["konbini", "bank_transfer"])
def test_a_payment_at_a_store_needs_the_lenders_consent_or_none(
    tmp_path: Path, terms: dict[str, Any], found: list[tuple[str, int]], way: str
) -> None:
    unasked = f"on: 2025-10-20, prepay: all, way: {way}, agreed: false"
    account = account_with(tmp_path, {"prepay": terms}, SOFA, unasked)
    assert paid(account, "prepaid") == (found if way == "konbini" else [])


@pytest.mark.golden("G-24")
@pytest.mark.clause("AU-32.2", "AUX-PRE")
@pytest.mark.parametrize(
    ("day", "way", "is_paid"),
    [
        ("2025-10-20", "konbini", True),
        ("2025-10-20", "atm", False),
        ("2025-10-20", "direct_debit", False),
        ("2025-10-06", "direct_debit", True),
    ],
)
def test_a_revolving_account_is_prepaid_by_the_ways_of_the_table(
    tmp_path: Path, day: str, way: str, *, is_paid: bool
) -> None:
    account = account_with(tmp_path, {}, SOFA, f"on: {day}, prepay: all, way: {way}")
    assert bool(lines_of(account, "prepaid")) == is_paid


@pytest.mark.reading("products.au_pay.period.capture_all_plans")
@pytest.mark.clause("AU-30.1(1)", "AU-29.1", "C-46")
@both("capture_all_plans", (True, "2025-10-06"), (False, "2025-09-04"))
def test_a_sale_known_late_waits_in_every_plan_or_in_revolving_only(
    tmp_path: Path, terms: dict[str, Any], found: str
) -> None:
    account = account_with(
        tmp_path,
        {"period": terms, "post_lag_days": 6},
        "on: 2025-08-09, purchase: 200",
        "on: 2025-08-09, purchase: 300, plan: revolving",
    )
    assert (found, 200) in paid(account)
    assert paid(account, "revolving_billed")[0][0] == "2025-10-04"


@pytest.mark.reading("products.au_pay.due.debit_allow_partial")
@pytest.mark.clause("AU-35.3", "C-59")
@both("debit_allow_partial", (False, 0), (True, 1))
def test_a_short_account_is_debited_in_part_or_not_at_all(
    tmp_path: Path, terms: dict[str, Any], found: int
) -> None:
    account = account_with(tmp_path, {"due": terms}, "on: 2025-07-20, purchase: 10000", SHORT)
    parts = [row["yen"] for row in lines_of(account, "part_paid")]
    assert len(parts) == found
    assert all(0 < part < 10_000 for part in parts)
    (missed,) = lines_of(account, "payment_missed")
    assert missed["yen"] == 10_000 - sum(parts)
    assert account.rows()[-1]["principal_yen"] == 10_000 - sum(parts)


@pytest.mark.reading("products.au_pay.late.collect")
@pytest.mark.clause("AU-37.2(3)", "C-60")
@both("collect", ("next_bill", [30_000]), ("with_payment", [30_191]))
def test_damages_are_paid_with_the_late_amount_or_on_the_next_statement(
    tmp_path: Path, terms: dict[str, Any], found: list[int]
) -> None:
    account = account_with(
        tmp_path,
        {"late": terms, **NO_MEASURES},
        "on: 2025-07-20, purchase: 30000",
        SHORT,
        "on: 2025-09-20, pay: due",
    )
    assert [row["yen"] for row in lines_of(account, "bill_paid_late")] == found
    later = [yen for _, yen in paid(account, "claims_billed")]
    assert later == [30_191 - sum(found)] * (sum(found) == 30_000)


@pytest.mark.reading("products.au_pay.limit.block_on_overdue")
@pytest.mark.clause("AU-24.11", "C-61")
@both("block_on_overdue", (True, "declined_overdue"), (False, "purchase_authorised"))
def test_who_is_late_is_refused_from_the_first_day_or_not_for_that(
    tmp_path: Path, terms: dict[str, Any], found: str
) -> None:
    account = account_with(
        tmp_path,
        {"limit": terms, **NO_MEASURES},
        "on: 2025-07-20, purchase: 30000",
        SHORT,
        "on: 2025-09-05, purchase: 100",
    )
    answers = lines_of(account, "purchase_authorised", "declined_overdue")
    assert [row["kind"] for row in answers] == ["purchase_authorised", found]


@pytest.mark.reading("products.au_pay.due.debit_stops_when_overdue")
@pytest.mark.clause("AU-35.5", "C-61")
@both("debit_stops_when_overdue", (True, []), (False, [("2025-10-06", 700)]))
def test_the_debit_of_who_is_late_stops_or_goes_on(
    tmp_path: Path, terms: dict[str, Any], found: list[tuple[str, int]]
) -> None:
    account = account_with(
        tmp_path,
        {"due": terms, **NO_MEASURES},
        "on: 2025-07-20, purchase: 30000",
        "on: 2025-08-20, purchase: 700",
        SHORT,
    )
    assert paid(account)[:1] == found


@pytest.mark.reading("products.au_pay.prepay.matrix.one_time.full")
@pytest.mark.clause("AU-32.2", "AUX-PRE", "C-62")
@both("full", ([], []), (["bank_transfer"], [("2025-08-20", 10_000)]))
@pytest.mark.parametrize("plan", ["one_time", "two_time", "bonus"])
def test_plans_that_are_not_in_the_table_are_not_prepaid_unless_it_is_said(
    tmp_path: Path, terms: dict[str, Any], found: list[tuple[str, int]], plan: str
) -> None:
    account = account_with(
        tmp_path,
        {"prepay": {"matrix": {plan: terms}}},
        f"on: 2025-07-20, purchase: 10000, plan: {plan}, name: hat",
        "on: 2025-08-20, prepay: all, purchase: hat",
    )
    assert paid(account, "prepaid") == found
    assert bool(paid(account)) != bool(found)
    assert account.rows()[-1]["principal_yen"] == 0


@pytest.mark.reading("products.au_pay.prepay.inst_mode")
@pytest.mark.clause("AU-32.4", "AUX-PRE(1)", "C-14")
@both("inst_mode", ("rule78", 92_013), ("daily", 90_940))
def test_the_fee_not_earned_goes_by_the_rule_of_78_or_by_the_day_in_its_month(
    tmp_path: Path, terms: dict[str, Any], found: int
) -> None:
    # One of ten is paid. By day, 24 of the 30 days of the second one's 1,341.8182 come back too.
    account = account_with(
        tmp_path,
        {"prepay": terms},
        "on: 2025-07-20, purchase: 100000, plan: instalments, times: 10, name: sofa",
        "on: 2025-09-10, prepay: all, purchase: sofa",
    )
    assert paid(account, "prepaid") == [("2025-09-10", found)]


@pytest.mark.reading("products.au_pay.due.failed_debit_fee_yen")
@pytest.mark.clause("AU-35.3", "AU-44.1", "C-50")
@both("failed_debit_fee_yen", (0, 0), (200, 220))
def test_a_failed_debit_costs_nothing_or_a_fee_with_tax(
    tmp_path: Path, terms: dict[str, Any], found: int
) -> None:
    account = account_with(tmp_path, {"due": terms}, "on: 2025-07-20, purchase: 10000", SHORT)
    (missed,) = lines_of(account, "payment_missed")
    assert missed["yen"] == 10_000 + found


@pytest.mark.reading("products.au_pay.due.extend_due_days")
@pytest.mark.clause("AU-35.3", "C-56")
@both("extend_due_days", (0, "2025-09-04"), (10, "2025-09-14"))
def test_a_failed_debit_leaves_the_due_date_or_moves_it(
    tmp_path: Path, terms: dict[str, Any], found: str
) -> None:
    account = account_with(tmp_path, {"due": terms}, "on: 2025-07-20, purchase: 10000", SHORT)
    assert [row["date"] for row in lines_of(account, "payment_missed")] == [found]


@pytest.mark.golden("G-21")
@pytest.mark.reading("products.au_pay.loss.inclusive")
@pytest.mark.clause("AU-42.1", "C-09")
@pytest.mark.parametrize(
    ("inclusive", "date", "status"),
    [
        (True, "2026-01-30", PurchaseStatus.EXEMPTED),
        (True, "2026-01-29", PurchaseStatus.POSTED),
        (False, "2026-01-29", PurchaseStatus.EXEMPTED),
        (False, "2026-01-28", PurchaseStatus.POSTED),
    ],
)
def test_the_61st_day_counts_from_the_notice_day_or_after_it(
    *, inclusive: bool, date: str, status: PurchaseStatus
) -> None:
    one = AuWorld(loss={"inclusive": inclusive, "relief_share": 1.0, "exclusion_share": 0.0})
    one.legs(Product.AU_ONE_TIME, [5_000], ["2026-12-04"], status=DueStatus.SCHEDULED)
    uses, notice = one.world.purchases, one.day("2026-03-31")
    uses.status[0], uses.user[0] = PurchaseStatus.POSTED, User.THIEF
    uses.minute[0] = one.day(date) * MINUTES_PER_DAY
    report_loss(one.world, notice, np.array([0]))
    decide_misuse(one.world, notice + 14, np.array([0]))
    assert uses.status[0] == status
