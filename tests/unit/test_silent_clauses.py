"""Why a clause did nothing: the reason is read off the configuration."""

from sim.config import Config
from sim.config_loading import parameters_of
from sim.report.silent_clauses import RARE, reasons


def test_a_clause_of_a_product_that_is_not_on_offer_says_so() -> None:
    assert reasons(["AU-37.1(3)"], Config())["AU-37.1(3)"] == ("products.au_pay.enabled is false")


def test_a_clause_whose_switch_is_off_names_the_switch() -> None:
    config = Config()
    late = config.products.atone.late.model_copy(update={"admin_fee_yen": 0})
    atone = config.products.atone.model_copy(update={"late": late})
    products = config.products.model_copy(update={"atone": atone})
    off = config.model_copy(update={"products": products})
    assert reasons(["NP-30.3"], off)["NP-30.3"] == (
        "switched off: products.atone.late.admin_fee_yen = 0"
    )


def test_a_clause_that_could_have_acted_says_that_it_did_not() -> None:
    assert reasons(["NP-30.1"], Config()) == {"NP-30.1": RARE}


def test_every_parameter_is_looked_at() -> None:
    assert len(parameters_of(Config())) > 100
