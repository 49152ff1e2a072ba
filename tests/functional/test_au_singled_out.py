"""Uses that AU-39.1 singles out, in revolving accounts: missed, accelerated, cured."""

from pathlib import Path

import numpy as np
import pytest

from models.arrays import Ints
from sim.account import Account
from sim.config import Config, load_config
from sim.engine.au_pay import acceleration as au_acceleration
from sim.engine.au_pay import kinds as au_kinds
from sim.engine.simulation import Driver, outcome_of, run_worlds
from sim.engine.state.world import World
from sim.record.eventlog import Record
from tests.agreement.test_drivers import assert_same_outcome
from tests.functional.au_scripts import REVOLVING, account_of, account_with, lines_of

MIXED = Path(__file__).resolve().parents[2] / "configs" / "mixed.yaml"
SOFA = "on: 2025-07-20, purchase: 100000, plan: revolving, name: sofa"
EMPTY = "on: 2025-09-04, empty_account: true"
ACCELERATED = ("accelerated_right", "accelerated_business", "accelerated_excluded")
ALL_EXCLUDED = {"outside_statute": 1.0}
KINDS = ("non_designated_right", "business_use", "outside_statute")


def told(account: Account, *kinds: str) -> list[tuple[str, str, int]]:
    """Give (date, kind, yen) of some lines."""
    return [
        (str(row["date"]), str(row["kind"]), int(row["yen"])) for row in lines_of(account, *kinds)
    ]


@pytest.mark.clause("AU-39.1(2)", "AU-39.1(3)", "AU-39.1(4)", "AU-39.2(1)")
@pytest.mark.parametrize(("kind", "activity"), list(zip(KINDS, ACCELERATED, strict=True)))
def test_one_missed_payment_accelerates_the_whole_account(
    tmp_path: Path, kind: str, activity: str
) -> None:
    account = account_with(tmp_path, {"kinds": {kind: 1.0}}, SOFA, EMPTY)
    # 8,965 of principal and 1,035 of fee were billed; the account holds the rest, and has
    # accrued a day's fee on it.
    assert told(account, *ACCELERATED) == [
        ("2025-09-05", activity, 10_000),
        ("2025-09-05", activity, 91_035 + 44),
    ]
    assert told(account, "demand_sent", "accelerated_demand") == []
    assert [date for date, _, _ in told(account, "measure_cancelled")] == ["2025-10-06"]
    # The rest bears damages from 6 September on and the fee through 5 September, once.
    damages = told(account, "late_damages_accelerated_other")
    days = 25
    assert sum(yen for date, _, yen in damages if date == "2025-09-30") == (
        (8_965 * (days + 1) * 1_455 // 3_650_000 - 3) + 91_035 * days * 1_455 // 3_650_000
    )
    fees = told(account, "revolving_fee")
    assert [yen for _, _, yen in fees] == [1_035, 44] == [1_035, 91_035 * 18 // 36_500]


@pytest.mark.clause("AU-39.1(3)", "AU-49.2")
@pytest.mark.parametrize(("on", "is_business"), [("2025-07-20", True), ("2025-07-21", False)])
def test_a_use_keeps_its_kind_when_the_shares_change(
    tmp_path: Path, on: str, *, is_business: bool
) -> None:
    change = f"{{on: {on}, set: {{products.au_pay.kinds.business_use: 1.0}}}}"
    account = account_of(
        tmp_path,
        f"config: {{policy: {{changes: [{change}]}}}}\n{REVOLVING}  - {{{EMPTY}}}\n",
    )
    assert bool(told(account, *ACCELERATED)) is is_business


@pytest.mark.clause("AU-39.2(1)", "AU-39.1(1)")
def test_an_ordinary_account_is_demanded_and_stays_on_its_dates(tmp_path: Path) -> None:
    account = account_with(tmp_path, {}, SOFA, EMPTY)
    assert told(account, *ACCELERATED, "accelerated_one_time") == []
    assert told(account, "demand_sent") == [("2025-10-04", "demand_sent", 10_000)]


@pytest.mark.clause("AU-41.1", "AU-39.1(2)", "AU-30.1(2)", "C-55")
def test_a_cure_puts_the_principal_back_and_the_fee_runs_again(tmp_path: Path) -> None:
    cured = "on: 2025-09-20, pay: 10044"  # what was missed, and fees go before principal
    account = account_with(tmp_path, {"kinds": {"business_use": 1.0}}, SOFA, EMPTY, cured)
    assert told(account, "reinstated") == [("2025-09-20", "reinstated", 91_035)]
    assert told(account, "measure_cancelled") == []
    # Damages of 6 to 20 September; fee of 5 September, then from 21 September to 4 October.
    assert (
        "2025-09-20", "late_damages_accelerated_other", 91_035 * 15 * 1_455 // 3_650_000
    ) in told(account, "late_damages_accelerated_other")  # fmt: skip
    (billed,) = (row for row in account.rows() if row["kind"] == "claims_billed")
    assert int(billed["yen"]) == 3 + 54 + 544
    assert told(account, "revolving_billed")[1] == (
        "2025-10-04", "revolving_billed", 91_035 * 18 * 14 // 36_500
    )  # fmt: skip
    fees = [yen for _, _, yen in told(account, "revolving_fee")]
    assert fees[1:3] == [44, 91_035 * 18 * 31 // 36_500]
    # Then the account goes on, month by month; October asked for no principal.
    paid = [yen for _, _, yen in told(account, "principal_paid")]
    assert sum(paid) + int(account.rows()[-1]["principal_yen"]) == 100_000
    assert len(paid) == 10
    assert told(account, *ACCELERATED)[2:] == []


@pytest.mark.clause("AU-41.1", "AU-39.1(2)")
def test_an_account_cured_once_is_accelerated_again_by_the_next_missed_payment(
    tmp_path: Path,
) -> None:
    events = (SOFA, EMPTY, "on: 2025-09-20, pay: 10044", "on: 2025-11-04, empty_account: true")
    account = account_with(tmp_path, {"kinds": {"business_use": 1.0}}, *events)
    fee = 91_035 * 18 * 31 // 36_500
    rest = 91_035 - (10_000 - fee)
    assert told(account, *ACCELERATED)[2:] == [
        ("2025-11-05", "accelerated_business", 10_000),
        ("2025-11-05", "accelerated_business", rest + rest * 18 // 36_500),
    ]


@pytest.mark.reading("products.au_pay.acceleration.auto_scope")
@pytest.mark.clause("AU-39.1(1)", "AU-39.1(4)", "C-31")
@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"kinds": ALL_EXCLUDED}, [9_000, 130_000]),
        ({"kinds": ALL_EXCLUDED, "acceleration": {"auto_scope": "billed_only"}}, [9_000]),
        ({}, []),
    ],
    ids=["posted", "billed only", "ordinary"],
)
def test_a_missed_one_time_payment_takes_the_kinds_in_accounts_with_it(
    tmp_path: Path, terms: dict[str, object], expected: list[int]
) -> None:
    # Due on 4 August; the sofa is captured on 14 August, the lamp in no period yet.
    hat = "on: 2025-07-05, purchase: 9000, name: hat"
    lamp = "on: 2025-07-25, purchase: 30000, plan: revolving, name: lamp"
    empty = "on: 2025-08-04, empty_account: true"
    account = account_with(tmp_path, terms, hat, SOFA, lamp, empty)
    found = told(account, *ACCELERATED)
    assert [yen for date, _, yen in found if date == "2025-08-05"] == expected
    # What has left the account is not captured with the next period.
    billed = told(account, "revolving_billed")
    assert (billed == []) == (len(expected) == 2)


@pytest.mark.clause("AU-38.5", "AU-39.1(3)", "AU-39.2(1)")
def test_a_payment_of_a_mixed_account_meets_its_uses_in_proportion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def by_price(world: World, purchases: Ints) -> Ints:
        return np.where(world.purchases.price_yen[purchases] == 60_000, 2, 0) * (purchases >= 0)

    for module in (au_kinds, au_acceleration):
        monkeypatch.setattr(module, "kinds_of", by_price)
    uses = [f"on: 2025-07-20, purchase: {yen}, plan: revolving" for yen in (60_000, 40_000)]
    account = account_with(tmp_path, {}, *uses, EMPTY)
    principal, fee = 8_965 * 60 // 100, 1_035 * 60 // 100
    rest = 60_000 - principal
    assert told(account, "accelerated_business") == [
        ("2025-09-05", "accelerated_business", principal + fee),
        ("2025-09-05", "accelerated_business", rest + rest * 18 // 36_500),
    ]
    # The ordinary part of the payment waits for a demand.
    expected = 10_000 - principal - fee
    assert told(account, "demand_sent") == [("2025-10-04", "demand_sent", expected)]


@pytest.mark.clause("AU-38.5", "AU-26.2", "AUX-PRE(2)", "AU-39.1(2)")
def test_returns_and_prepayments_leave_nothing_to_accelerate(tmp_path: Path) -> None:
    terms = {"kinds": {"non_designated_right": 1.0}}
    hat = "on: 2025-07-05, purchase: 9000, name: hat"
    missed = "on: 2025-08-04, empty_account: true"
    back = "on: 2025-08-02, return: sofa"
    account = account_with(tmp_path, terms, hat, SOFA, back, missed)
    assert [yen for _, _, yen in told(account, *ACCELERATED)] == [9_000]
    late = "on: 2025-10-06, empty_account: true"
    prepaid = "on: 2025-09-10, prepay: 50000"
    account = account_with(tmp_path, terms, SOFA, prepaid, late)
    # 100,000 less the payment of September, less the prepayment, less what is billed and missed.
    (_, _, billed), (_, _, rest) = told(account, *ACCELERATED)
    fee = told(account, "revolving_fee")[1][2]
    left = 91_035 - 50_000 - (10_000 - fee)
    # Missed on Monday, 6 October: the fee of 5 to 7 October.
    assert (billed, rest) == (10_000, left + left * 18 * 3 // 36_500)


def crowd() -> Config:
    """Give a portfolio in which many accounts hold such uses, and many payments are missed."""
    kinds = dict.fromkeys(KINDS, 0.2)
    settings = [f"products.au_pay.kinds.{name}={share}" for name, share in kinds.items()]
    settings += [
        "population.members=40", "months=10", "products.au_pay.plan.mix.revolving=0.6",
        "products.au_pay.plan.mix.two_time=0.1", "products.au_pay.plan.mix.bonus=0.0",
        "products.au_pay.plan.mix.instalments=0.1", "products.au_pay.plan.eligible_share=1.0",
        "products.au_pay.prepay.per_month=0.1", "behaviour.repayment.short_of_cash=0.5",
    ]  # fmt: skip
    return load_config(MIXED, settings)


@pytest.mark.clause("AU-39.1(2)", "AU-39.1(3)", "AU-39.1(4)")
def test_both_drivers_agree_and_accounts_hold_no_more_of_a_kind_than_they_hold() -> None:
    outcomes = []
    drivers: tuple[Driver, ...] = ("cohort", "member")
    for driver in drivers:
        worlds = run_worlds(crowd(), [0], driver, Record.everyone())
        outcomes.append(outcome_of(worlds))
        world = worlds[1]
        state, accounts, rows = world.singled_out, world.revolving, np.arange(world.members.size)
        own = state.rows_of(rows)
        captured = accounts.running_yen[rows] + accounts.captured_yen[rows]
        for part, whole in (
            (state.captured_yen[own], captured),
            (state.pending_yen[own], accounts.pending_yen[rows]),
        ):
            assert (part >= 0).all()
            assert (part.sum(axis=1) <= whole).all()
        assert state.captured_yen.sum() > 0
        assert world.credit is not None
        assert world.credit.legs.is_of_account.any()
    assert_same_outcome(*outcomes)
