"""Rates of au PAY Atobarai that change on a date, and claims that pass from the merchant."""

from pathlib import Path

import pytest

from tests.functional.au_scripts import MEMBER, REVOLVING, account_of, lines_of, paid, shipped


def changing(on: str, path: str, value: str, terms: str = "{}") -> str:
    """Give the line of a script that changes one parameter of au PAY Atobarai on a date."""
    change = f"{{on: {on}, set: {{products.au_pay.{path}: {value}}}}}"
    return f"config: {{policy: {{changes: [{change}]}}, products: {{au_pay: {terms}}}}}\n"


@pytest.mark.clause("AU-23.2", "AU-49.2", "AU-30.1(2)")
def test_a_new_revolving_rate_holds_for_the_whole_balance_from_its_day_on(tmp_path: Path) -> None:
    account = account_of(tmp_path, changing("2025-08-25", "revolving.rate", "[9, 100]") + REVOLVING)
    fees = [row["yen"] for row in lines_of(account, "revolving_fee")][:2]
    # 100,000 yen: 15 to 24 August at 18 %, 493.15 yen; 25 August to 4 September at 9 %, 271.23.
    assert fees[0] == 493 + 271
    # What is left, 100,000 - 9,236 yen, for the 30 days to 4 October at 9 %.
    assert fees[1] == 90_764 * 9 * 30 // 36_500


@pytest.mark.clause("AU-49.2", "AU-30.1(1)", "C-22")
def test_a_fee_month_that_ends_later_by_new_terms_is_billed_then(tmp_path: Path) -> None:
    change = changing("2025-09-25", "revolving.nominal_days", "false")
    account = account_of(tmp_path, change + REVOLVING)
    # The due date of October is Monday the 6th: 32 days at 18 % on 91,035 yen.
    assert [(row["date"], row["yen"]) for row in lines_of(account, "revolving_fee")][:2] == [
        ("2025-09-04", 1_035),
        ("2025-10-06", 1_436),
    ]
    assert paid(account)[1] == ("2025-10-06", 10_000)


@pytest.mark.clause("AU-23.2", "AUX-PRE(1)")
def test_a_full_prepayment_pays_the_fee_at_both_rates(tmp_path: Path) -> None:
    script = changing("2025-08-25", "revolving.rate", "[9, 100]") + REVOLVING
    account = account_of(tmp_path, script + "  - {on: 2025-08-28, prepay: all}\n")
    # 25 to 28 August at 9 %: 98.63 yen.
    assert [row["yen"] for row in lines_of(account, "revolving_fee")] == [493 + 98]
    assert paid(account, "principal_paid") == [("2025-08-28", 100_000)]


@pytest.mark.clause("AU-23.2", "AU-31.1")
def test_instalments_keep_the_fee_of_the_day_they_were_chosen(tmp_path: Path) -> None:
    events = "events:\n" + "".join(
        f"  - {{on: {on}, purchase: 100000, plan: instalments, times: 10}}\n"
        for on in ("2025-07-20", "2025-07-21")
    )
    change = changing("2025-07-21", "instalments.fee_per_100_per_payment", "[41, 100]")
    account = account_of(tmp_path, change + MEMBER + events)
    # The first one is posted after the change, too.
    assert [row["yen"] for row in lines_of(account, "finance_charge")] == [8_200, 4_100]
    assert sorted(paid(account)[:2]) == [("2025-09-04", 10_410), ("2025-09-04", 10_820)]


@pytest.mark.clause("AU-49.2", "AU-37.2(3)")
def test_late_damages_run_at_the_old_rate_up_to_a_change(tmp_path: Path) -> None:
    terms = "{acceleration: {auto_one_time: false}}"
    change = changing("2025-09-15", "late.rate", "[3, 100]", terms)
    events = "  - {on: 2025-07-20, purchase: 100000}\n  - {on: 2025-09-04, empty_account: true}\n"
    account = account_of(tmp_path, change + MEMBER + "events:\n" + events)
    lines = [(row["date"], row["yen"]) for row in lines_of(account, "late_damages_other")]
    # Ten days at 14.55 %, 398.63 yen; sixteen at 3 %, 131.51.
    assert lines[:2] == [("2025-09-14", 398), ("2025-09-30", 131)]


@pytest.mark.clause("AU-25.1", "AU-25.2", "LEN-01", "LEN-02")
def test_the_merchants_claim_becomes_the_lenders_before_the_merchant_is_paid() -> None:
    account = shipped("au-two-time")
    (posted,) = lines_of(account, "purchase_posted")
    (payout,) = lines_of(account, "merchant_paid")
    assert posted["principal_yen"] == posted["yen"] == 9_999
    assert posted["date"] < payout["date"]
    assert payout["yen"] == 9_999 - 199  # less 2 %, floored
    assert payout["principal_yen"] == 9_999


HALVES = (
    MEMBER
    + """
events:
  - {on: 2025-07-20, purchase: 30000, plan: two_time}
  - {on: 2025-09-04, empty_account: true}
"""
)
MISSED = (
    MEMBER
    + """
events:
  - {on: 2025-07-20, purchase: 30000}
  - {on: 2025-09-04, empty_account: true}
"""
)


@pytest.mark.clause("AU-39.2(1)", "AU-49.2")
@pytest.mark.parametrize(
    ("path", "value"), [("days", 30), ("post_lag_days", 5), ("undeliverable_days", 40)]
)
def test_a_demand_ends_when_it_says_whatever_the_terms_are_by_then(
    tmp_path: Path, path: str, value: int
) -> None:
    # Sent on 4 October with two days of post and twenty to pay.
    account = account_of(tmp_path, changing("2025-10-10", f"demand.{path}", str(value)) + HALVES)
    assert {row["date"] for row in lines_of(account, "accelerated_demand")} == {"2025-10-27"}


@pytest.mark.clause("AU-41.1", "AU-49.2", "C-55")
@pytest.mark.parametrize(
    ("days", "cancelled"), [(30, "2025-10-06"), (40, "2025-10-16"), (10, "2025-10-06")]
)
def test_an_acceleration_ends_the_membership_also_where_the_time_to_cure_it_changes(
    tmp_path: Path, days: int, cancelled: str
) -> None:
    change = changing("2025-09-20", "cure.reinstate_days", str(days))
    account = account_of(tmp_path, change + MISSED)
    # Accelerated on 5 September; a shorter time is looked at on the day that was planned.
    assert [row["date"] for row in lines_of(account, "measure_cancelled")] == [cancelled]
