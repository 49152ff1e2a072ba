"""Both drivers tell the same lives at au PAY Atobarai, alone and beside the other lender."""

import datetime as dt
from pathlib import Path

from hypothesis import given

from sim.config import Config, load_config
from sim.policy_changes import Change
from tests.agreement.test_drivers import assert_drivers_agree
from tests.property.random_au import au_configs
from tests.property.random_configs import examples


@examples(12)
@given(config=au_configs())
def test_both_drivers_agree_on_any_terms_of_au_pay(config: Config) -> None:
    assert_drivers_agree(config, [0])


@examples(3)
@given(config=au_configs(alone=False, members=(15, 25), months=(3, 5)))
def test_both_drivers_agree_when_lenders_and_replications_share_a_pass(config: Config) -> None:
    assert_drivers_agree(config, [4, 0])


def test_both_drivers_agree_when_the_day_of_the_statement_changes() -> None:
    """Members must not sleep through the new nights."""
    path = Path(__file__).resolve().parents[2] / "configs" / "au-pay.yaml"
    config = load_config(path, ["population.members=80", "months=6"])
    days = {"products.au_pay.due.day": 9, "products.au_pay.statement.day": 23}
    change = Change(on=dt.date(2026, 2, 20), set=days)
    policy = config.policy.model_copy(update={"changes": (change,)})
    assert_drivers_agree(config.model_copy(update={"policy": policy}), [0])


def test_both_drivers_agree_when_finance_charges_are_taxed() -> None:
    path = Path(__file__).resolve().parents[2] / "configs" / "au-pay.yaml"
    taxed = "products.au_pay.costs.tax_on_finance_charge=true"
    config = load_config(path, ["population.members=60", "months=5", taxed])
    assert_drivers_agree(config, [0])
