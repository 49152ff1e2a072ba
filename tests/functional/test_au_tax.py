"""Consumption tax on finance charges of au PAY Atobarai, which is off unless the terms say so."""

from pathlib import Path

import pytest

from models.products.au_pay.payment import tax_on_charge
from models.products.au_pay.payment_terms import CostTerms
from sim.account import Account
from tests.functional.au_scripts import account_with, lines_of, paid

SOFA = "on: 2025-07-20, purchase: 100000, plan: instalments, times: 10, name: sofa"
REVOLVING = "on: 2025-07-20, purchase: 100000, plan: revolving, name: sofa"


def taxed(tmp_path: Path, *events: str, **terms: dict[str, object]) -> Account:
    """Play events where finance charges bear the tax."""
    return account_with(tmp_path, {"costs": {"tax_on_finance_charge": True}, **terms}, *events)


def yen(account: Account, kind: str) -> list[int]:
    """Give the amounts of the lines of a kind."""
    return [row["yen"] for row in lines_of(account, kind)]


@pytest.mark.clause("AU-44.1")
def test_the_tax_is_rounded_down_and_zero_unless_the_terms_say_so() -> None:
    assert tax_on_charge(CostTerms(tax_on_finance_charge=True), [1_035, 9, 0]).tolist() == [
        103,
        0,
        0,
    ]
    assert tax_on_charge(CostTerms(), [1_035, 9, 0]).tolist() == [0, 0, 0]


@pytest.mark.clause("AU-44.1", "AU-30.1(2)")
def test_the_tax_on_a_revolving_fee_comes_on_top_of_the_payment(tmp_path: Path) -> None:
    account = taxed(tmp_path, REVOLVING)
    assert yen(account, "revolving_fee")[0] == 1_035
    assert yen(account, "finance_charge_tax") == [
        fee // 10 for fee in yen(account, "revolving_fee")
    ]
    assert paid(account)[0] == ("2025-09-04", 10_000 + 103)
    # The tax is no principal: the next fee is that of the account without it.
    assert yen(account, "revolving_fee")[:2] == [1_035, 1_346]


@pytest.mark.clause("AU-44.1", "AU-39.1(3)")
def test_parts_of_a_revolving_payment_bear_together_the_tax_on_its_whole_fee(
    tmp_path: Path,
) -> None:
    uses = [f"on: 2025-07-{day}, purchase: 33333, plan: revolving" for day in range(12, 20)]
    account = taxed(tmp_path, *uses, kinds={"business_use": 0.5})
    taxes: dict[str, list[int]] = {}
    for row in lines_of(account, "finance_charge_tax"):
        taxes.setdefault(row["date"], []).append(row["yen"])
    fees = {row["date"]: row["yen"] for row in lines_of(account, "revolving_fee")}
    assert {date: sum(parts) for date, parts in taxes.items()} == {
        date: fee // 10 for date, fee in fees.items()
    }
    assert max(map(len, taxes.values())) == 2


@pytest.mark.clause("AU-44.1", "AU-31.1")
def test_every_instalment_bears_the_tax_on_its_own_fee(tmp_path: Path) -> None:
    account = taxed(tmp_path, SOFA)
    fees = [1_491, 1_342, 1_193, 1_044, 894, 746, 596, 447, 298, 149]
    assert yen(account, "finance_charge") == [sum(fees)]
    assert yen(account, "finance_charge_tax") == [fee // 10 for fee in fees]
    assert [amount for _, amount in paid(account)] == [10_820 + fee // 10 for fee in fees]
    assert yen(account, "fee_paid") == [fee + fee // 10 for fee in fees]


@pytest.mark.clause("AU-44.1", "AU-32.4", "AUX-PRE")
@pytest.mark.golden("G-10")
def test_a_prepayment_gives_back_the_rule_of_78_and_only_the_fee_that_stays_is_taxed(
    tmp_path: Path,
) -> None:
    account = taxed(tmp_path, SOFA, "on: 2025-09-20, prepay: all, purchase: sofa")
    assert sum(yen(account, "finance_charge_rebated")) == 5_367
    assert yen(account, "finance_charge_tax") == [149, 134]
    assert yen(account, "prepaid") == [92_013 + 134]
    assert yen(account, "finance_charge_tax_returned") == []
    assert account.rows()[-1]["fee_yen"] == 0


@pytest.mark.clause("AU-44.1", "AUX-PRE(1)", "C-14")
def test_the_tax_on_a_billed_fee_comes_off_with_the_part_given_back(tmp_path: Path) -> None:
    prepay = {"inst_mode": "daily"}
    account = taxed(tmp_path, SOFA, "on: 2025-09-28, prepay: all, purchase: sofa", prepay=prepay)
    # On 28 September the second instalment is billed with 1,342 yen of fee and 134 of tax; of
    # its days, 6 of 30 are to come.
    rebate = sum(yen(account, "finance_charge_rebated"))
    assert rebate == 5_367 + 268
    assert yen(account, "finance_charge_tax_returned") == [26]
    assert yen(account, "prepaid") == [97_380 - rebate + 134 - 26]
    assert account.rows()[-1]["fee_yen"] == 0


@pytest.mark.clause("AU-44.1", "AUX-PRE(2)")
def test_a_revolving_account_is_paid_off_with_the_tax_on_its_last_fee(tmp_path: Path) -> None:
    account = taxed(tmp_path, REVOLVING, "on: 2025-10-20, prepay: all")
    plain = account_with(tmp_path, {}, REVOLVING, "on: 2025-10-20, prepay: all")
    fee = yen(account, "revolving_fee")[-1]
    assert fee == yen(plain, "revolving_fee")[-1]
    assert yen(account, "prepaid") == [yen(plain, "prepaid")[0] + fee // 10]
    assert account.rows()[-1]["fee_yen"] == 0


@pytest.mark.clause("AU-44.1", "AU-37.1(1)", "C-32")
@pytest.mark.parametrize(("rebates", "n_taxed"), [(False, 10), (True, 3)])
def test_accelerated_instalments_bear_the_tax_on_the_fees_that_stay(
    tmp_path: Path, *, rebates: bool, n_taxed: int
) -> None:
    broke, pays = "on: 2025-09-04, empty_account: true", "on: 2025-12-20, pay: 300000"
    account = taxed(tmp_path, SOFA, broke, pays, acceleration={"rebate_unearned": rebates})
    # Billed before the demand ran out: three; brought forward by it: seven, with fees or without.
    assert yen(account, "finance_charge_tax")[:3] == [149, 134, 119]
    assert sorted(yen(account, "finance_charge_tax"), reverse=True) == [
        149, 134, 119, 104, 89, 74, 59, 44, 29, 14,
    ][:n_taxed]  # fmt: skip
    assert account.rows()[-1]["fee_yen"] == 0
