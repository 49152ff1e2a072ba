"""Both drivers tell the same lives at au PAY Atobarai, alone and beside the other lender."""

from hypothesis import given

from sim.config import Config
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
