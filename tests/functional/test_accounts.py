"""Scripted accounts: what is told happens, through the same steps, and every line adds up."""

import json
from pathlib import Path
from typing import Any

import pytest

from models.errors import InputError
from sim.account import Account, load_script, play
from sim.cli import main

ACCOUNTS = Path(__file__).parents[2] / "configs" / "accounts"
SHIPPED = sorted(ACCOUNTS.glob("*.yaml"))

SCRIPT = """
product: atone
start: 2026-02-01
until: 2026-05-31
member: {limit: 50000, pay_method: konbini_terminal}
"""


def account_of(tmp_path: Path, text: str) -> Account:
    """Play a script given as text."""
    path = tmp_path / "script.yaml"
    path.write_text(SCRIPT + text, encoding="utf-8")
    return play(*load_script(path))


def lines_of(account: Account, kind: str) -> list[dict[str, Any]]:
    """Give the lines of one kind."""
    return [row for row in account.rows() if row["kind"] == kind]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_account_adds_up(path: Path) -> None:
    account = play(*load_script(path))
    assert "balance adds up" in account.text()
    rows = account.rows()
    assert [row["date"] for row in rows] == sorted(str(row["date"]) for row in rows)
    assert all(row["clause"] for row in rows)


@pytest.mark.golden("G-31", "G-32")
@pytest.mark.clause("NP-25.2", "NP-30.1")
def test_three_uses_paid_twenty_days_late_cost_what_the_rulebook_says() -> None:
    account = play(*load_script(ACCOUNTS / "atone-late.yaml"))
    (bill,) = [row for row in lines_of(account, "bill_closed") if row["date"] == "2026-02-28"]
    assert bill["yen"] == 17_744
    (damages,) = lines_of(account, "late_damages")
    assert (damages["date"], damages["yen"]) == ("2026-03-30", 141)
    assert damages["late_damages_yen"] == 141
    paid = [row for row in account.rows() if row["kind"] == "principal_paid"]
    assert [(row["yen"], row["principal_yen"]) for row in paid] == [(17_000, 0)]


@pytest.mark.clause("NP-29.3", "NP-28.10")
def test_a_return_after_payment_is_set_off_against_the_next_bill() -> None:
    account = play(*load_script(ACCOUNTS / "atone-debit-returned.yaml"))
    (credit,) = lines_of(account, "purchase_returned")
    assert (credit["date"], credit["credit_yen"]) == ("2026-03-03", 12_000)
    netted = [row for row in account.rows() if str(row["kind"]).endswith("_netted")]
    assert netted
    assert {row["date"] for row in netted} == {"2026-03-31"}
    last = account.rows()[-1]
    assert (last["principal_yen"], last["credit_yen"]) == (0, 0)


@pytest.mark.clause("NP-25.3", "NP-28.9")
def test_a_failed_debit_costs_its_fee_and_runs_late_from_the_next_day() -> None:
    account = play(*load_script(ACCOUNTS / "atone-debit-failed.yaml"))
    (failed,) = lines_of(account, "debit_failed")
    assert failed["date"] == "2026-02-27"
    damages = sum(row["yen"] for row in lines_of(account, "late_damages"))
    # 12,000 + 99 + 248 yen over nine days at 0.04 % a day; a month's end posts its part
    assert damages == (12_000 + 99 + 248) * 9 * 4 // 10_000


def test_money_beyond_what_is_owed_is_carried_forward(tmp_path: Path) -> None:
    account = account_of(
        tmp_path,
        """
events:
  - {on: 2026-02-03, purchase: 1000}
  - {on: 2026-03-05, pay: 2000}
""",
    )
    (over,) = lines_of(account, "overpaid")
    assert over["credit_yen"] == 2000 - 1000 - 248


def test_a_purchase_above_the_limit_is_declined(tmp_path: Path) -> None:
    account = account_of(tmp_path, "events: [{on: 2026-02-03, purchase: 50001}]")
    assert [row["kind"] for row in account.rows()] == ["declined_per_use_limit"]


def test_the_other_reading_of_a_term_is_one_line_of_the_script(tmp_path: Path) -> None:
    account = account_of(
        tmp_path,
        """
config: {products: {atone: {fees: {unit: per_statement}}}}
events:
  - {on: 2026-02-03, purchase: 1200}
  - {on: 2026-02-10, purchase: 3000}
""",
    )
    assert lines_of(account, "bill_closed")[0]["yen"] == 4_200 + 248


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("events: [{on: 2026-02-03}]", r":6: events.0: an event has exactly one deed, got none"),
        (
            "events: [{on: 2026-02-03, purchase: 5, pay: 7}]",
            r"got purchase, pay; allowed: purchase, pay",
        ),
        ("events: [{on: 2027-02-03, pay: 5}]", r"events.0.on: got 2027-02-03; allowed: 2026-02-01"),
        ("events: [{on: 2026-02-03, pay: -5}]", r"events.0.pay: got -5"),
        ("events: [{on: 2026-02-03, steal: 5}]", r"events.0.steal: unknown key"),
        (
            "config: {products: {atone: {fees: {unit: weekly}}}}",
            r":6: products.atone.fees.unit: got 'weekly'; allowed",
        ),
        (
            "events: [{on: 2026-02-03, return: hat}]",
            r"purchase 'hat' is not known; allowed: none, made by then",
        ),
    ],
)
def test_a_script_that_cannot_be_used_is_refused_with_its_place(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        account_of(tmp_path, text)


def test_the_command_prints_objects_with_what_is_outstanding(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["account", str(ACCOUNTS / "atone-late.yaml"), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    wanted = {"date", "kind", "yen", "clause", "principal_yen", "fee_yen", "late_damages_yen"}
    assert all(wanted <= row.keys() for row in rows)


def test_the_command_refuses_a_bad_script_with_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("product: gold\nstart: 2026-01-01\nuntil: 2026-02-01\n", encoding="utf-8")
    assert main(["account", str(path)]) == 2
    assert f"{path}:1: product: got 'gold'" in capsys.readouterr().err
