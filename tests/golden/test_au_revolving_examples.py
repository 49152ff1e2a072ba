"""Worked revolving accounts of au PAY Atobarai (rulebook 4.1, 4.3), month by month."""

import datetime as dt
from typing import NamedTuple

import numpy as np
import pytest

from models.calendar import Calendar
from models.kernels.revolving import Course
from models.products.au_pay import AuPayTerms, prepayment, revolving
from models.products.au_pay.accrual import interest
from models.products.au_pay.plan_terms import PrepayTerms, RevolvingTerms
from models.products.au_pay.revolving import Accounts, FeeMonth, MonthlyBill

TERMS = AuPayTerms()
ORDINARY = Calendar.of(dt.date(2025, 7, 1), months=14)
STRADDLING = Calendar.of(dt.date(2023, 7, 1), months=14)

MONTHS_2025 = [
    ("2025-09-04", 1_035, 10_000, 8_965, 91_035),
    ("2025-10-04", 1_346, 10_000, 8_654, 82_381),
    ("2025-11-04", 1_259, 10_000, 8_741, 73_640),
    ("2025-12-04", 1_089, 10_000, 8_911, 64_729),
    ("2026-01-04", 989, 10_000, 9_011, 55_718),
    ("2026-02-04", 851, 10_000, 9_149, 46_569),
    ("2026-03-04", 643, 10_000, 9_357, 37_212),
    ("2026-04-04", 568, 10_000, 9_432, 27_780),
    ("2026-05-04", 410, 10_000, 9_590, 18_190),
    ("2026-06-04", 278, 10_000, 9_722, 8_468),
    ("2026-07-04", 125, 8_593, 8_468, 0),
]
MONTHS_2023 = [
    ("2023-09-04", 1_035, 10_000, 8_965, 91_035),
    ("2023-10-04", 1_346, 10_000, 8_654, 82_381),
    ("2023-11-04", 1_259, 10_000, 8_741, 73_640),
    ("2023-12-04", 1_089, 10_000, 8_911, 64_729),
    ("2024-01-04", 989, 10_000, 9_011, 55_718),
    ("2024-02-04", 849, 10_000, 9_151, 46_567),
    ("2024-03-04", 664, 10_000, 9_336, 37_231),
    ("2024-04-04", 567, 10_000, 9_433, 27_798),
    ("2024-05-04", 410, 10_000, 9_590, 18_208),
    ("2024-06-04", 277, 10_000, 9_723, 8_485),
    ("2024-07-04", 125, 8_610, 8_485, 0),
]


class Month(NamedTuple):
    """One billed month of one account."""

    due: str
    fee: int
    payment: int
    principal: int
    balance: int


def yen(*amounts: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Give amounts as an array."""
    return np.array(amounts, dtype=np.int64)


def account(running: int = 0, captured: int = 0, pending: int = 0) -> Accounts:
    """Give one account that was used before."""
    return revolving.open_accounts(1)._replace(
        running_yen=yen(running),
        captured_yen=yen(captured),
        pending_yen=yen(pending),
        is_first=np.array([running == 0]),
    )


def bill_of(
    accounts: Accounts,
    month: FeeMonth,
    calendar: Calendar = ORDINARY,
    terms: RevolvingTerms = TERMS.revolving,
    chosen: int = 10_000,
) -> MonthlyBill:
    """Bill accounts of the fixed course at the end of a fee month."""
    ones = np.ones(accounts.running_yen.shape, dtype=np.int64)
    due = revolving.accrued(terms, TERMS.daycount, calendar, accounts, month, month.to_day)
    base = revolving.payment_base(terms, accounts)
    return revolving.monthly_bill(
        terms, TERMS.daycount, accounts, base, due, ones * Course.FIXED, ones * chosen, 0 * ones
    )


def run_down(accounts: Accounts, calendar: Calendar, n_months: int) -> list[Month]:
    """Bill and pay an account month after month; its purchase is captured in August."""
    lines = []
    for due_month in range(2, 2 + n_months):
        accounts = revolving.capture(accounts, accounts.pending_yen)
        month = revolving.fee_month(TERMS.revolving, TERMS.due, calendar, due_month)
        bill = bill_of(accounts, month, calendar)
        accounts = revolving.close_fee_month(accounts, bill)
        amounts = bill.fee_yen, bill.payment_yen, bill.principal_yen, accounts.running_yen
        due = calendar.date(month.to_day).isoformat()
        lines.append(Month(due, *(int(amount[0]) for amount in amounts)))
    return lines


@pytest.mark.clause("AU-30.1(1)", "AU-30.1(2)", "AUX-REV(2)", "AU-23.1", "C-10")
@pytest.mark.golden("G-01", "G-02")
def test_the_printed_account_pays_its_first_two_months_as_printed() -> None:
    first, second = run_down(account(pending=100_000), ORDINARY, 2)
    assert (first.fee, first.principal, first.balance) == (1_035, 8_965, 91_035)
    assert (second.fee, second.principal, second.balance) == (1_346, 8_654, 82_381)


@pytest.mark.clause("AU-30.1(1)", "AU-30.1(2)", "C-17")
@pytest.mark.golden("G-03")
def test_the_printed_account_runs_down_over_ordinary_years() -> None:
    lines = run_down(account(pending=100_000), ORDINARY, 11)
    assert lines == MONTHS_2025
    assert sum(line.fee for line in lines) == 8_593
    assert sum(line.payment for line in lines) == 108_593


@pytest.mark.clause("AU-30.1(2)", "AU-23.1", "AUX-REV(3)", "C-41")
@pytest.mark.golden("G-04")
def test_the_printed_account_runs_down_across_a_leap_year() -> None:
    lines = run_down(account(pending=100_000), STRADDLING, 11)
    assert lines == MONTHS_2023
    assert sum(line.payment for line in lines) == 108_610


@pytest.mark.clause("AUX-REV(3)", "C-41")
@pytest.mark.golden("G-04")
@pytest.mark.parametrize(("mode", "fee"), [("sum", 989), ("each", 861 + 127)])
def test_a_span_over_new_year_is_floored_once_or_by_part(mode: str, fee: int) -> None:
    month = revolving.fee_month(TERMS.revolving, TERMS.due, STRADDLING, 6)
    running = account(running=64_729)
    due = revolving.accrued(
        TERMS.revolving, TERMS.daycount, STRADDLING, running, month, month.to_day
    )
    daycount = TERMS.daycount.model_copy(update={"split_mode": mode})
    assert interest(daycount, due, TERMS.revolving.rate).tolist() == [fee]


@pytest.mark.clause("AUX-REV(1)", "C-13")
@pytest.mark.golden("G-05")
def test_the_tiers_step_at_the_printed_balances() -> None:
    standard = {
        100_000: 10_000, 100_001: 15_000, 150_000: 15_000, 150_001: 20_000,
        200_000: 20_000, 200_001: 25_000, 300_000: 30_000, 300_001: 35_000, 500_000: 50_000,
    }  # fmt: skip
    long = {
        60_000: 3_000, 60_001: 4_000, 80_000: 4_000, 80_001: 5_000, 200_000: 10_000,
        200_001: 11_000, 225_000: 11_000, 225_001: 12_000, 250_000: 12_000, 275_001: 14_000,
        300_000: 14_000, 300_001: 15_000,
    }  # fmt: skip
    for course, table in ((Course.STANDARD, standard), (Course.LONG, long)):
        base = np.array(list(table), dtype=np.int64)
        idle = revolving.open_accounts(base.size)
        bill = revolving.monthly_bill(
            TERMS.revolving,
            TERMS.daycount,
            idle._replace(running_yen=base),
            base,
            idle.gone,
            np.full(base.size, course),
            np.zeros(base.size, dtype=np.int64),
            np.zeros(base.size, dtype=np.int64),
        )
        assert dict(zip(table, bill.payment_yen.tolist(), strict=True)) == table


@pytest.mark.clause("AUX-REV(1)")
@pytest.mark.golden("G-06")
@pytest.mark.parametrize(
    ("chosen", "balance", "fee", "payment", "principal"),
    [
        (5_000, 327_060, 4_999, 5_000, 1),
        (5_000, 327_061, 5_000, 5_000, 0),
        (5_000, 327_127, 5_001, 15_000, 9_999),
        (5_000, 400_000, 6_115, 15_000, 8_885),
        (5_000, 1_000_000, 15_287, 25_000, 9_713),
        (10_000, 700_000, 10_701, 20_000, 9_299),
    ],
)
def test_a_fixed_payment_steps_up_above_the_fee(
    chosen: int, balance: int, fee: int, payment: int, principal: int
) -> None:
    month = revolving.fee_month(TERMS.revolving, TERMS.due, ORDINARY, 4)  # 5 Oct to 4 Nov: 31 days
    bill = bill_of(account(running=balance), month, chosen=chosen)
    assert [int(part[0]) for part in bill] == [payment, fee, principal]


@pytest.mark.clause("AUX-PRE(1)", "C-14")
@pytest.mark.golden("G-11")
def test_a_full_prepayment_pays_the_fee_through_its_day() -> None:
    month = revolving.fee_month(TERMS.revolving, TERMS.due, ORDINARY, 4)
    day = ORDINARY.day(dt.date(2025, 10, 20))
    found = revolving.payoff(
        TERMS.revolving, TERMS.daycount, ORDINARY, account(running=82_381), month, yen(day)
    )
    assert (found.fee_yen.tolist(), found.principal_yen.tolist()) == ([650], [82_381])
    assert int((found.fee_yen + found.principal_yen)[0]) == 83_031


@pytest.mark.clause("AUX-PRE(1)", "AU-30.1(2)")
@pytest.mark.golden("G-11")
def test_a_first_purchase_prepaid_before_the_15th_costs_no_fee() -> None:
    month = revolving.fee_month(TERMS.revolving, TERMS.due, ORDINARY, 2)
    for number, fee in ((10, 0), (14, 0), (15, 49)):
        day = yen(ORDINARY.day(dt.date(2025, 8, number)))
        owner = account(captured=100_000) if number >= 14 else account(pending=100_000)
        found = revolving.payoff(TERMS.revolving, TERMS.daycount, ORDINARY, owner, month, day)
        assert (int(found.fee_yen[0]), int(found.principal_yen[0])) == (fee, 100_000)


@pytest.mark.clause("AUX-PRE(2)", "C-47")
@pytest.mark.golden("G-11")
@pytest.mark.parametrize(
    ("belongs_to", "fee", "principal", "balance"),
    [("old_balance", 1_139, 8_861, 52_174), ("new_balance", 1_124, 8_876, 52_159)],
)
def test_a_part_prepayment_lowers_the_balance_from_its_day(
    belongs_to: str, fee: int, principal: int, balance: int
) -> None:
    month = revolving.fee_month(TERMS.revolving, TERMS.due, ORDINARY, 3)
    terms = PrepayTerms.model_validate({"day_belongs_to": belongs_to})
    after, rest = prepayment.part_prepayment(
        terms,
        TERMS.revolving,
        TERMS.daycount,
        ORDINARY,
        account(running=91_035),
        month,
        yen(30_000),
        ORDINARY.day(dt.date(2025, 9, 20)),
    )
    bill = bill_of(after, month)
    assert (rest.tolist(), int(after.running_yen[0])) == ([0], 61_035)
    assert [int(part[0]) for part in bill] == [10_000, fee, principal]
    assert revolving.close_fee_month(after, bill).running_yen.tolist() == [balance]


@pytest.mark.clause("AU-30.1(2)", "C-18")
@pytest.mark.golden("G-25")
@pytest.mark.parametrize(("scope", "fee"), [("per_purchase", 1_839), ("per_account", 2_086)])
def test_a_second_purchase_bears_the_fee_from_the_15th_or_the_5th(scope: str, fee: int) -> None:
    terms = RevolvingTerms.model_validate({"first_fee_scope": scope})
    month = revolving.fee_month(terms, TERMS.due, ORDINARY, 3)
    bill = bill_of(account(running=91_035, captured=50_000), month, terms=terms)
    assert int(bill.fee_yen[0]) == fee


@pytest.mark.clause("AU-30.1(1)", "AUX-REV(1)", "C-17")
@pytest.mark.golden("G-27")
@pytest.mark.parametrize(
    ("rule", "payment", "principal"),
    [
        ("balance_plus_fee_when_balance_lt_payment", 10_097, 9_950),
        ("min_payment_balance_plus_fee", 10_000, 9_853),
    ],
)
def test_the_last_payment_takes_the_fee_on_top_or_inside(
    rule: str, payment: int, principal: int
) -> None:
    terms = RevolvingTerms.model_validate({"final_rule": rule})
    month = revolving.fee_month(terms, TERMS.due, ORDINARY, 3)
    bill = bill_of(account(running=9_950), month, terms=terms)
    assert [int(part[0]) for part in bill] == [payment, 147, principal]
