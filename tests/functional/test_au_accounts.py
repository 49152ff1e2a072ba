"""Scripted accounts of au PAY Atobarai: the worked numbers, through the engine's own nights."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from models.errors import InputError
from models.members.misuse import User
from models.products.catalogue import Lender, Product
from sim.config import Config
from sim.engine.agenda import Task
from sim.engine.au_pay.night import CLOSING_AT_AU, OPENING_AT_AU
from sim.engine.simulation import run_worlds
from sim.engine.state.world import World
from sim.facts.recorded_lines import event_frame, ledger_frame
from sim.record.eventlog import Record
from sim.record.postings import Posting
from tests.functional.au_scripts import MEMBER, REVOLVING, account_of, lines_of, paid, shipped

TellAu = Callable[..., World]


@pytest.fixture
def tell_au() -> TellAu:
    """Live half a year with 60 members; keyword arguments are sections of the terms."""

    def live(**terms: object) -> World:
        config = Config.model_validate(
            {
                "months": 7,
                "population": {"members": 60},
                "products": {"atone": {"enabled": False}, "au_pay": {"enabled": True, **terms}},
            }
        )
        (world,) = run_worlds(config, [0], "cohort", Record.everyone())
        assert world.lender == Lender.AU
        return world

    return live


@pytest.mark.golden("G-01", "G-02", "G-03")
@pytest.mark.clause("AU-30.1(1)", "AU-30.1(2)", "AU-35.1", "AUX-REV(2)")
def test_the_printed_revolving_example_comes_out_to_the_yen() -> None:
    account = shipped("au-revolving")
    fees = [(row["date"], row["yen"]) for row in lines_of(account, "fee_paid")]
    assert fees == [("2025-09-04", 1_035), ("2025-10-06", 1_346), ("2025-11-04", 1_259)]
    principal = [(row["yen"], row["principal_yen"]) for row in lines_of(account, "principal_paid")]
    assert principal == [(8_965, 91_035), (8_654, 82_381), (8_741, 73_640)]
    assert [yen for _, yen in paid(account)] == [10_000] * 3


@pytest.mark.golden("G-07")
@pytest.mark.clause("AU-31.1", "AU-31.2", "AU-31.3", "AUX-INS")
def test_the_printed_instalment_example_comes_out_to_the_yen() -> None:
    account = shipped("au-instalments")
    (fee,) = lines_of(account, "finance_charge")
    assert (fee["yen"], fee["fee_yen"]) == (8_200, 8_200)
    bills = paid(account)
    assert [yen for _, yen in bills] == [10_820] * 10
    assert (bills[0][0], bills[-1][0]) == ("2026-03-04", "2026-12-04")
    last = account.rows()[-1]
    assert (last["principal_yen"], last["fee_yen"]) == (0, 0)


@pytest.mark.golden("G-09", "G-19")
@pytest.mark.clause("AU-29.1(2)")
def test_two_time_pays_half_and_then_half_with_the_odd_yen() -> None:
    assert paid(shipped("au-two-time")) == [("2026-09-04", 4_999), ("2026-10-05", 5_000)]


@pytest.mark.golden("G-19")
@pytest.mark.clause("AU-29.1(3)")
def test_bonus_uses_are_paid_in_august_and_january() -> None:
    account = shipped("au-bonus")
    assert sorted(paid(account)) == [
        ("2026-08-04", 20_000),
        ("2026-08-04", 30_000),
        ("2027-01-04", 10_000),
    ]


@pytest.mark.golden("G-19")
@pytest.mark.clause("AU-21.1", "AU-29.1(1)", "AU-28.1")
def test_the_tenth_ends_the_period_of_one_time_uses(tmp_path: Path) -> None:
    account = account_of(
        tmp_path,
        MEMBER
        + """
events:
  - {on: 2025-07-11, purchase: 100}
  - {on: 2025-08-10, purchase: 200}
  - {on: 2025-08-11, purchase: 400}
""",
    )
    assert paid(account) == [("2025-09-04", 100), ("2025-09-04", 200), ("2025-10-06", 400)]
    shown = [(row["date"], row["yen"]) for row in lines_of(account, "statement_shown")]
    assert shown == [("2025-08-25", 300), ("2025-09-25", 400)]


@pytest.mark.clause("AU-30.1(1)", "AU-29.1")
def test_what_reaches_the_lender_after_the_fourteenth_waits_for_the_next_period(
    tmp_path: Path,
) -> None:
    text = (
        MEMBER
        + "config: {products: {au_pay: {post_lag_days: 6}}}\n"
        + "events:\n  - {on: 2025-08-08, purchase: 100}\n  - {on: 2025-08-09, purchase: 200}\n"
    )
    assert paid(account_of(tmp_path, text)) == [("2025-09-04", 100), ("2025-10-06", 200)]


@pytest.mark.reading("products.au_pay.revolving.first_fee_scope")
@pytest.mark.golden("G-25")
@pytest.mark.clause("AU-30.1(2)")
@pytest.mark.parametrize(("scope", "fee"), [("per_purchase", 1_839), ("per_account", 2_086)])
def test_a_second_purchase_bears_its_first_fee_by_either_reading(
    tmp_path: Path, scope: str, fee: int
) -> None:
    text = (
        f"config: {{products: {{au_pay: {{revolving: {{first_fee_scope: {scope}}}}}}}}}\n"
        + REVOLVING
        + "  - {on: 2025-08-20, purchase: 50000, plan: revolving}\n"
    )
    found = [row["yen"] for row in lines_of(account_of(tmp_path, text), "revolving_fee")]
    assert found[:2] == [1_035, fee]


@pytest.mark.golden("G-11")
@pytest.mark.clause("AUX-PRE(1)", "AU-32.2", "AU-32.1")
def test_a_revolving_account_is_prepaid_in_full_with_the_fee_to_the_day(tmp_path: Path) -> None:
    account = account_of(tmp_path, REVOLVING + "  - {on: 2025-10-20, prepay: all}\n")
    (line,) = lines_of(account, "prepaid")
    assert (line["date"], line["yen"]) == ("2025-10-20", 83_031)
    assert lines_of(account, "revolving_fee")[-1]["yen"] == 650
    last = account.rows()[-1]
    assert (last["principal_yen"], last["fee_yen"]) == (0, 0)


@pytest.mark.reading("products.au_pay.prepay.day_belongs_to")
@pytest.mark.golden("G-11")
@pytest.mark.clause("AUX-PRE(2)")
@pytest.mark.parametrize(("belongs", "fee"), [("old_balance", 1_139), ("new_balance", 1_124)])
def test_a_part_prepayment_goes_to_principal_and_the_fee_counts_both_balances(
    tmp_path: Path, belongs: str, fee: int
) -> None:
    text = (
        f"config: {{products: {{au_pay: {{prepay: {{day_belongs_to: {belongs}}}}}}}}}\n"
        + REVOLVING
        + "  - {on: 2025-09-20, prepay: 30000}\n"
    )
    account = account_of(tmp_path, text)
    (line,) = lines_of(account, "prepaid")
    assert (line["yen"], line["principal_yen"]) == (30_000, 61_035)
    october = [row for row in account.rows() if row["date"] == "2025-10-06"]
    assert [row["yen"] for row in october if row["kind"] == "fee_paid"] == [fee]
    assert october[-1]["principal_yen"] == 61_035 - (10_000 - fee)


@pytest.mark.golden("G-11")
@pytest.mark.clause("AUX-PRE(1)")
def test_a_first_purchase_prepaid_before_the_fifteenth_costs_no_fee(tmp_path: Path) -> None:
    account = account_of(tmp_path, REVOLVING + "  - {on: 2025-08-12, prepay: all}\n")
    assert [row["yen"] for row in lines_of(account, "prepaid")] == [100_000]
    assert lines_of(account, "revolving_fee") == []


@pytest.mark.golden("G-10")
@pytest.mark.clause("AU-32.4", "AUX-PRE")
@pytest.mark.parametrize(
    ("on", "payoff"), [("2025-08-20", 101_491), ("2025-09-10", 92_013), ("2025-10-06", 92_013)]
)
def test_instalments_are_prepaid_less_the_fee_not_earned(
    tmp_path: Path, on: str, payoff: int
) -> None:
    text = (
        MEMBER
        + "events:\n"
        + "  - {on: 2025-07-20, purchase: 100000, plan: instalments, times: 10, name: sofa}\n"
        + f"  - {{on: {on}, prepay: all, purchase: sofa}}\n"
    )
    account = account_of(tmp_path, text)
    (line,) = lines_of(account, "prepaid")
    # On a due date its own instalment is the first on or after it: earned, and paid with the rest.
    assert line["yen"] == payoff
    last = account.rows()[-1]
    assert (last["principal_yen"], last["fee_yen"]) == (0, 0)


@pytest.mark.clause("AU-32.4", "AU-32.1")
def test_who_is_late_with_an_instalment_prepays_without_a_rebate(tmp_path: Path) -> None:
    text = (
        MEMBER
        + "events:\n"
        + "  - {on: 2025-07-20, purchase: 100000, plan: instalments, times: 10, name: sofa}\n"
        + "  - {on: 2025-09-04, empty_account: true}\n"
        + "  - {on: 2025-09-10, prepay: all, purchase: sofa}\n"
    )
    account = account_of(tmp_path, text)
    assert paid(account, "prepaid") == [("2025-09-10", 108_200)]
    assert lines_of(account, "finance_charge_rebated") == []


@pytest.mark.clause("AU-28.3(2)", "AU-36.1")
@pytest.mark.parametrize(("on", "switches"), [("2025-08-24", True), ("2025-08-25", False)])
def test_what_is_on_a_statement_is_switched_no_more(
    tmp_path: Path, on: str, *, switches: bool
) -> None:
    text = (
        "config: {products: {au_pay: {plan: {switch_day: 31}}}}\n"
        + MEMBER
        + "events:\n  - {on: 2025-07-20, purchase: 30000, name: tv}\n"
        + f"  - {{on: {on}, switch: tv, plan: instalments, times: 3}}\n"
    )
    account = account_of(tmp_path, text)
    assert bool(lines_of(account, "plan_switched")) == switches
    assert paid(account)[0] == ("2025-09-04", 10_000 if switches else 30_000)


@pytest.mark.clause("AU-22.6", "AU-22.5")
@pytest.mark.parametrize(
    ("limit", "bills"),
    [
        (29_999, [("2025-09-04", 30_000)]),
        (30_000, [("2025-09-04", 15_000), ("2025-10-06", 15_000)]),
    ],
)
def test_a_use_above_the_limit_falls_due_in_one_sum(
    tmp_path: Path, limit: int, bills: list[tuple[str, int]]
) -> None:
    text = (
        "config: {products: {au_pay: {limit: {over_limit_approved_share: 1.0}}}}\n"
        f"member: {{limit: {limit}}}\n"
        "events:\n  - {on: 2025-07-20, purchase: 30000, plan: two_time}\n"
    )
    account = account_of(tmp_path, text)
    assert paid(account) == bills
    assert [row["yen"] for row in lines_of(account, "excess_claimed")] == [1] * (limit < 30_000)


@pytest.mark.clause("AU-38.6", "AU-35.2")
@pytest.mark.parametrize("is_late", [True, False])
def test_a_refund_is_set_off_against_arrears_first(tmp_path: Path, *, is_late: bool) -> None:
    text = (
        "config: {products: {au_pay: {due: {overpayment: refund}}}}\n"
        + MEMBER
        + "events:\n  - {on: 2025-07-20, purchase: 5000, name: hat}\n"
        + "  - {on: 2025-08-20, purchase: 30000}\n"
        + "  - {on: 2025-10-06, empty_account: true}\n" * is_late
        + "  - {on: 2025-10-20, return: hat}\n"
    )
    account = account_of(tmp_path, text)
    kind, other = ("bill_netted", "refund_paid") if is_late else ("refund_paid", "bill_netted")
    assert paid(account, kind) == [("2025-11-04", 5_000)]
    assert lines_of(account, other) == []


@pytest.mark.clause("AU-41.1", "AU-24.11", "C-61")
def test_a_suspended_member_buys_nothing_even_where_arrears_do_not_block(tmp_path: Path) -> None:
    text = (
        "config: {products: {au_pay: {limit: {block_on_overdue: false}}}}\n"
        + MEMBER
        + "events:\n  - {on: 2025-07-20, purchase: 30000}\n"
        + "  - {on: 2025-09-04, empty_account: true}\n"
        + "  - {on: 2025-09-05, purchase: 100}\n"
    )
    account = account_of(tmp_path, text)
    assert [row["date"] for row in lines_of(account, "declined_overdue")] == ["2025-09-05"]


@pytest.mark.clause("AU-26.2", "AU-30.1(1)", "AU-30.1(2)")
@pytest.mark.parametrize("on", ["2025-09-13", "2025-09-14"])
def test_a_return_up_to_the_cut_off_leaves_the_balance_and_its_fee_alone(
    tmp_path: Path, on: str
) -> None:
    text = (
        REVOLVING
        + "  - {on: 2025-08-20, purchase: 50000, plan: revolving, name: chair}\n"
        + f"  - {{on: {on}, return: chair}}\n"
    )
    account = account_of(tmp_path, text)
    assert [row["yen"] for row in lines_of(account, "revolving_fee")][:2] == [1_035, 1_346]
    assert account.rows()[-1]["credit_yen"] == 0


@pytest.mark.clause("AU-34.1", "AU-34.5", "AU-34.7")
@pytest.mark.parametrize("before", ["payment_stop: sofa", "return: sofa"])
def test_what_is_stopped_or_returned_already_is_not_stopped_again(
    tmp_path: Path, before: str
) -> None:
    text = (
        "config: {products: {au_pay: {stop: {resolve_days: 700}}}}\n"
        + MEMBER
        + "events:\n  - {on: 2025-07-20, purchase: 40000, plan: revolving, name: sofa}\n"
        + "  - {on: 2025-07-21, purchase: 60000, plan: revolving}\n"
        + f"  - {{on: 2025-08-20, {before}}}\n"
        + "  - {on: 2025-08-21, payment_stop: sofa}\n"
    )
    account = account_of(tmp_path, text)
    assert [row["date"] for row in lines_of(account, "payment_stop_refused")] == ["2025-08-21"]
    # The other use is paid down to nothing.
    left = 40_000 if "stop" in before else 0
    assert account.rows()[-1]["principal_yen"] == left


@pytest.mark.clause("AU-34.6", "AU-32.2", "AUX-PRE(1)")
def test_what_is_prepaid_in_full_is_stopped_no_more(tmp_path: Path) -> None:
    text = (
        "config: {products: {au_pay: {stop: {resolve_days: 700}}}}\n"
        + MEMBER
        + "events:\n  - {on: 2025-07-20, purchase: 40000, plan: revolving, name: sofa}\n"
        + "  - {on: 2025-08-20, payment_stop: sofa}\n"
        + "  - {on: 2025-08-28, prepay: all}\n"
        + "  - {on: 2025-09-20, purchase: 30000, plan: revolving}\n"
    )
    account = account_of(tmp_path, text)
    assert paid(account, "revolving_billed")[1] == ("2025-11-04", 10_000)


@pytest.mark.clause("AU-28.3(1)")
def test_all_revolving_turns_one_time_uses_into_revolving(tmp_path: Path) -> None:
    text = """
member: {limit: 500000, course: long, all_revolving: true}
events:
  - {on: 2025-07-20, purchase: 60000}
  - {on: 2025-07-20, purchase: 9000, plan: two_time}
"""
    account = account_of(tmp_path, text)
    assert paid(account, "revolving_billed")[0] == ("2025-09-04", 3_000)
    assert ("2025-09-04", 4_500) in paid(account)


@pytest.mark.clause("AU-28.3(2)", "AU-30.1(2)")
def test_a_use_switched_to_revolving_counts_as_chosen_at_the_purchase(tmp_path: Path) -> None:
    text = (
        MEMBER
        + "events:\n  - {on: 2025-07-20, purchase: 100000, name: sofa}\n"
        + "  - {on: 2025-08-20, switch: sofa, plan: revolving}\n"
    )
    account = account_of(tmp_path, text)
    (line,) = lines_of(account, "plan_switched")
    assert line["date"] == "2025-08-20"
    assert [row["yen"] for row in lines_of(account, "fee_paid")][:2] == [1_035, 1_346]


@pytest.mark.clause("AU-28.3(2)")
def test_after_the_twentieth_nothing_is_switched(tmp_path: Path) -> None:
    text = (
        MEMBER
        + "events:\n  - {on: 2025-07-20, purchase: 100000, name: sofa}\n"
        + "  - {on: 2025-08-21, switch: sofa, plan: instalments, times: 10}\n"
    )
    account = account_of(tmp_path, text)
    assert lines_of(account, "plan_switched", "finance_charge") == []
    assert paid(account) == [("2025-09-04", 100_000)]


@pytest.mark.clause("AU-28.3(2)", "AU-31.2")
@pytest.mark.parametrize("plan", ["instalments", "revolving"])
@pytest.mark.parametrize(("on", "first"), [("2025-08-20", "2025-09-04"), ("2025-11-18", None)])
def test_a_bonus_use_switches_before_the_first_payment_of_the_new_plan_or_not_at_all(
    tmp_path: Path, plan: str, on: str, first: str | None
) -> None:
    # The bonus is due in January; as if chosen at the purchase, the new plan begins in September.
    text = (
        MEMBER
        + "events:\n  - {on: 2025-07-20, purchase: 30000, plan: bonus, name: tv}\n"
        + f"  - {{on: {on}, switch: tv, plan: {plan}, times: 3}}\n"
    )
    account = account_of(tmp_path, text)
    assert bool(lines_of(account, "plan_switched")) == (first is not None)
    dates = [date for date, _ in paid(account)]
    assert dates[0] == (first or "2026-01-05")
    assert account.rows()[-1]["principal_yen"] == 0


@pytest.mark.clause("AU-30.1(1)", "AU-28.3(2)")
def test_a_use_switched_after_its_cut_off_finds_no_balance_of_earlier_months(
    tmp_path: Path,
) -> None:
    text = """
member: {limit: 500000, course: standard}
events:
  - {on: 2025-07-20, purchase: 200000, plan: revolving}
  - {on: 2025-08-28, prepay: all}
  - {on: 2025-10-20, purchase: 30000, name: tv}
  - {on: 2025-11-18, switch: tv, plan: revolving}
"""
    billed = paid(account_of(tmp_path, text), "revolving_billed")
    assert billed[1] == ("2025-12-04", 10_000)


@pytest.mark.clause("AU-30.1(3)")
def test_a_top_up_adds_to_the_principal_of_one_payment(tmp_path: Path) -> None:
    account = account_of(tmp_path, REVOLVING + "  - {on: 2025-08-25, top_up: 5000}\n")
    assert [yen for _, yen in paid(account)][:2] == [15_000, 10_000]
    assert lines_of(account, "principal_paid")[0]["principal_yen"] == 86_035


@pytest.mark.golden("G-06")
@pytest.mark.clause("AUX-REV(1)")
def test_a_fixed_payment_below_the_fee_steps_up(tmp_path: Path) -> None:
    text = """
member: {limit: 900000, course: fixed, course_yen: 5000}
events:
  - {on: 2025-07-20, purchase: 410000, plan: revolving}
"""
    account = account_of(tmp_path, text)
    assert [yen for _, yen in paid(account)][:2] == [5_000, 15_000]


@pytest.mark.clause("AU-35.3", "AU-38.1", "AU-30.1(2)")
def test_principal_missed_bears_no_fee_and_sets_no_payment(tmp_path: Path) -> None:
    text = REVOLVING + "  - {on: 2025-09-04, empty_account: true}\n"
    account = account_of(tmp_path, text)
    assert lines_of(account, "debit_failed")[0]["date"] == "2025-09-04"
    assert lines_of(account, "revolving_fee")[1]["yen"] == 1_346


@pytest.mark.clause("AU-35.2", "AU-38.4", "AU-38.6")
@pytest.mark.parametrize(
    ("mode", "kind"), [("net_next_due", "bill_netted"), ("refund", "refund_paid")]
)
def test_what_is_paid_too_much_is_netted_or_refunded_on_the_next_due_date(
    tmp_path: Path, mode: str, kind: str
) -> None:
    text = (
        f"config: {{products: {{au_pay: {{due: {{overpayment: {mode}}}}}}}}}\n"
        + MEMBER
        + "events:\n  - {on: 2025-07-20, purchase: 1000}\n  - {on: 2025-08-20, purchase: 5000}\n"
        + "  - {on: 2025-08-28, pay: 1300}\n"
    )
    account = account_of(tmp_path, text)
    assert lines_of(account, "overpaid")[0]["yen"] == 300
    first = lines_of(account, kind)[0]
    # Nothing is left of the September bill; the next amount is due in October.
    due = "2025-10-06" if mode == "net_next_due" else "2025-09-04"
    assert (first["date"], first["yen"]) == (due, 300)


@pytest.mark.clause("AU-38.1")
def test_what_is_due_is_what_is_overdue_and_the_bills_of_the_next_date(tmp_path: Path) -> None:
    text = (
        MEMBER
        + "events:\n  - {on: 2025-07-20, purchase: 100000, plan: instalments, times: 10}\n"
        + "  - {on: 2025-09-04, empty_account: true}\n"
        + "  - {on: 2025-09-10, pay: due}\n"
        + "  - {on: 2025-09-28, pay: due}\n"
    )
    account = account_of(tmp_path, text)
    # The statement of October has the second instalment and the damages on the first.
    assert paid(account, "bill_paid_late") == [("2025-09-10", 10_820)]
    assert paid(account)[0] == ("2025-09-28", 10_820 + 25)
    assert lines_of(account, "overpaid") == []


@pytest.mark.clause("AU-38.1", "AU-38.4")
def test_what_pays_the_late_instalment_does_not_meet_the_next_ones_fee_before(
    tmp_path: Path,
) -> None:
    text = (
        MEMBER
        + "events:\n  - {on: 2025-07-20, purchase: 100000, plan: instalments, times: 10}\n"
        + "  - {on: 2025-09-04, empty_account: true}\n"
        + "  - {on: 2025-09-28, pay: 10820}\n"  # after the statement of October
    )
    account = account_of(tmp_path, text)
    assert [row["yen"] for row in lines_of(account, "payment_missed")] == [10_820]
    assert lines_of(account, "demand_sent") == []
    assert paid(account)[0] == ("2025-10-06", 10_820)


@pytest.mark.clause("AU-32.3", "AU-38.2")
def test_money_not_agreed_can_be_sent_back(tmp_path: Path) -> None:
    text = (
        "config: {products: {au_pay: {prepay: {irregular_mode: refund}}}}\n"
        + MEMBER
        + "events:\n  - {on: 2025-07-20, purchase: 1000}\n  - {on: 2025-08-28, pay: 1300}\n"
    )
    (back,) = lines_of(account_of(tmp_path, text), "refund_paid")
    assert (back["date"], back["yen"]) == ("2025-08-28", 300)


@pytest.mark.clause("AU-34.1", "AU-34.3", "AU-34.6")
def test_a_stopped_use_is_off_the_bill_and_never_late(tmp_path: Path) -> None:
    text = (
        "config: {products: {au_pay: {stop: {upheld_share: 0.0, resolve_days: 60}}}}\n"
        + MEMBER
        + "events:\n"
        + "  - {on: 2025-07-20, purchase: 60000, plan: two_time, name: sofa}\n"
        + "  - {on: 2025-07-21, purchase: 500}\n"
        + "  - {on: 2025-08-20, payment_stop: sofa}\n"
    )
    account = account_of(tmp_path, text)
    # Declared on 20 August, ended on 19 October: both halves fall due on the next due date.
    assert lines_of(account, "payment_stopped")[0]["date"] == "2025-08-20"
    assert lines_of(account, "payment_missed") == []
    assert sorted(paid(account)) == [
        ("2025-09-04", 500),
        ("2025-11-04", 30_000),
        ("2025-11-04", 30_000),
    ]


@pytest.mark.clause("AU-34.2", "AU-34.7", "LEN-05")
def test_an_upheld_stop_takes_the_use_off(tmp_path: Path) -> None:
    text = (
        "config: {products: {au_pay: {stop: {upheld_share: 1.0}}}}\n"
        + MEMBER
        + "events:\n"
        + "  - {on: 2025-07-20, purchase: 60000, plan: bonus, name: sofa}\n"
        + "  - {on: 2025-08-20, payment_stop: sofa}\n"
    )
    account = account_of(tmp_path, text)
    assert lines_of(account, "purchase_cancelled")[0]["yen"] == 60_000
    assert paid(account) == []


@pytest.mark.golden("G-22")
@pytest.mark.clause("AU-34.5")
@pytest.mark.parametrize(
    ("yen", "plan", "stops"),
    [(37_999, "revolving", False), (38_000, "revolving", True), (90_000, "one_time", False)],
)
def test_small_and_one_time_uses_cannot_be_stopped(
    tmp_path: Path, yen: int, plan: str, *, stops: bool
) -> None:
    text = (
        MEMBER
        + f"events:\n  - {{on: 2025-07-20, purchase: {yen}, plan: {plan}, name: sofa}}\n"
        + "  - {on: 2025-08-20, payment_stop: sofa}\n"
    )
    account = account_of(tmp_path, text)
    kind = "payment_stopped" if stops else "payment_stop_refused"
    assert len(lines_of(account, kind)) == 1


@pytest.mark.clause("AU-34.6", "AU-38.5")
def test_a_stopped_revolving_use_is_the_last_that_payments_meet(tmp_path: Path) -> None:
    text = (
        "config: {products: {au_pay: {stop: {resolve_days: 700}}}}\n"
        + MEMBER
        + "events:\n  - {on: 2025-07-20, purchase: 40000, plan: revolving, name: sofa}\n"
        + "  - {on: 2025-07-20, purchase: 15000, plan: revolving}\n"
        + "  - {on: 2025-08-20, payment_stop: sofa}\n"
    )
    account = account_of(tmp_path, text)
    last = account.rows()[-1]
    assert last["principal_yen"] == 40_000
    assert lines_of(account, "payment_missed") == []
    # The fee on what is stopped goes on (AU-34.6).
    fees = lines_of(account, "revolving_billed")
    assert (fees[-1]["date"], fees[-1]["yen"]) == ("2026-06-04", 611)


@pytest.mark.clause("AU-26.2", "AU-33.1")
def test_a_return_before_the_statement_is_off_the_plan_and_after_it_a_credit(
    tmp_path: Path,
) -> None:
    text = (
        MEMBER
        + "events:\n"
        + "  - {on: 2025-07-20, purchase: 1000, name: hat}\n"
        + "  - {on: 2025-07-21, purchase: 600, name: scarf}\n"
        + "  - {on: 2025-08-30, purchase: 5000}\n"
        + "  - {on: 2025-08-02, return: hat}\n"
        + "  - {on: 2025-09-10, return: scarf}\n"
    )
    account = account_of(tmp_path, text)
    assert lines_of(account, "purchase_cancelled")[0]["yen"] == 1_000
    assert lines_of(account, "purchase_returned")[0]["yen"] == 600
    assert paid(account) == [("2025-09-04", 600), ("2025-10-06", 4_400)]


@pytest.mark.clause("AU-26.2", "AU-30.1(2)")
def test_a_return_that_empties_an_account_leaves_the_fee_of_its_days(tmp_path: Path) -> None:
    account = account_of(tmp_path, REVOLVING + "  - {on: 2025-09-10, return: sofa}\n")
    fees = lines_of(account, "revolving_billed")
    # 5 to 10 September on what the first payment had left: 91,035 * 18 % * 6 / 365.
    assert [(row["date"], row["yen"]) for row in fees[1:]] == [("2025-10-04", 269)]
    assert [row["yen"] for row in lines_of(account, "statement_shown")] == [10_000, 269]
    assert lines_of(account, "refund_paid")[0]["yen"] == 8_965 - 269


@pytest.mark.clause("AU-26.2")
def test_a_returned_instalment_use_gives_back_the_fee_of_what_is_not_billed(
    tmp_path: Path,
) -> None:
    text = (
        MEMBER
        + "events:\n"
        + "  - {on: 2025-07-20, purchase: 100000, plan: instalments, times: 10, name: sofa}\n"
        + "  - {on: 2025-09-10, return: sofa}\n"
    )
    account = account_of(tmp_path, text)
    returned = sum(row["yen"] for row in lines_of(account, "finance_charge_returned"))
    assert returned == 8_200 - 1_491
    assert lines_of(account, "refund_paid")[0]["yen"] == 9_329
    last = account.rows()[-1]
    assert (last["principal_yen"], last["fee_yen"], last["credit_yen"]) == (0, 0, 0)


@pytest.mark.clause("AU-26.1")
def test_title_is_kept_and_nothing_is_taken_back() -> None:
    steps = (*CLOSING_AT_AU, *OPENING_AT_AU)
    assert Task.REPOSSESS not in {task for task, _ in steps}


@pytest.mark.clause("AU-36.2", "AU-44.1", "AU-36.1")
def test_a_paper_statement_costs_its_fee_with_tax_on_the_next_bill(tell_au: TellAu) -> None:
    world = tell_au(statement={"paper_share": 1.0, "paper_fee_yen": 100})
    lines = ledger_frame([world])
    fees = lines.filter(pl.col("kind") == "paper_fee")
    assert set(fees["yen"]) == {100}
    taxes = lines.filter(pl.col("kind") == "paper_fee_tax")
    assert taxes["yen"].sum() == fees.height * 10


@pytest.mark.clause("AU-36.3")
def test_statements_are_objected_to_within_a_week_only(tell_au: TellAu) -> None:
    world = tell_au(statement={"dispute_share": 1.0})
    events = event_frame([world]).sort("timestamp")
    shown = events.filter(pl.col("activity") == "statement_shown")
    objections = events.filter(pl.col("activity") == "statement_disputed")
    assert 0 < objections.height < shown.height
    last = objections.join_asof(
        shown, on="timestamp", by="case_id", suffix="_shown", coalesce=False
    )
    days = (last["timestamp"].dt.date() - last["timestamp_shown"].dt.date()).dt.total_days()
    assert days.max() <= 7


@pytest.mark.clause("AU-24.5")
def test_merchants_that_hold_the_card_data_charge_every_month(tell_au: TellAu) -> None:
    world = tell_au(continuing={"share": 1.0})
    table = world.purchases
    user = table.user[: table.size]
    assert (user == User.SUBSCRIPTION).sum() > 100


@pytest.mark.clause("AU-35.4", "AU-28.2")
def test_uses_abroad_are_paid_one_time_unless_all_is_revolving(tell_au: TellAu) -> None:
    world = tell_au(
        foreign={"share": 0.5}, plan={"mix": {"two_time": 0.8}, "all_revolving_share": 0.0}
    )
    table = world.purchases
    rows = np.flatnonzero(table.is_foreign[: table.size] & (table.posted_day[: table.size] >= 0))
    assert rows.size > 20
    assert set(table.product[rows]) <= {Product.AU_ONE_TIME, Product.AU_REVOLVING}


@pytest.mark.clause("AU-35.5")
@pytest.mark.parametrize("stops", [True, False])
def test_the_debit_stops_while_a_member_is_late(tell_au: TellAu, *, stops: bool) -> None:
    world = tell_au(due={"debit_stops_when_overdue": stops})
    events = event_frame([world])
    failed = events.filter(pl.col("activity") == "debit_failed").group_by("case_id").len()
    if stops:
        assert failed["len"].max() <= world.config.months
    assert failed.height > 0


@pytest.mark.clause("AU-35.3")
def test_a_failed_debit_costs_and_moves_nothing_unless_the_terms_say_so(tell_au: TellAu) -> None:
    plain = tell_au()
    assert Posting.FAILED_DEBIT_FEE.name.lower() not in set(ledger_frame([plain])["kind"])
    dear = tell_au(due={"failed_debit_fee_yen": 200, "extend_due_days": 10})
    lines, events = ledger_frame([dear]), event_frame([dear])
    failed = events.filter(pl.col("activity") == "debit_failed")
    assert lines.filter(pl.col("kind") == "failed_debit_fee")["yen"].sum() == 200 * failed.height
    missed = events.filter(pl.col("activity") == "payment_missed")
    on = ["case_id", pl.col("timestamp").dt.date().alias("day")]
    same_day = failed.select(on).join(missed.select(on), on=["case_id", "day"], how="semi")
    assert same_day.is_empty()


def test_a_switch_names_a_plan_with_a_fee(tmp_path: Path) -> None:
    text = MEMBER + "events:\n  - {on: 2025-07-20, switch: sofa, plan: two_time}\n"
    with pytest.raises(InputError, match="plan: got 'two_time'; allowed: revolving, instalments"):
        account_of(tmp_path, text)
