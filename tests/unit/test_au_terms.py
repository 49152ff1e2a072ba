"""The terms of au PAY Atobarai: defaults of the rulebook, sources, refusals."""

from fractions import Fraction

import pytest
from pydantic import ValidationError

from models.clauses import RESOLUTIONS, clause_of
from models.policy.bureau import Bureau
from models.products.au_pay import AuPayTerms
from models.products.au_pay.membership_terms import LimitTerms, ShoppingBand
from models.products.au_pay.plan_terms import InstalmentTerms, PeriodTerms, PlanMix
from models.products.au_pay.relief_terms import PurchaseKinds
from sim.rules import parameter_sources

TERMS = AuPayTerms()


def test_the_product_is_off_until_it_is_switched_on() -> None:
    assert not TERMS.enabled


@pytest.mark.clause("AU-30.1(2)", "AU-37.1(3)", "AU-37.2(1)", "AUX-REV(2)", "AUX-FEE")
def test_printed_figures_are_the_defaults() -> None:
    assert TERMS.revolving.rate == Fraction(18, 100)
    assert TERMS.late.rate == Fraction(1_455, 10_000)
    assert TERMS.late.cap_rate == Fraction(299, 10_000)
    assert TERMS.instalments.fee_per_100_per_payment == Fraction(82, 100)
    assert TERMS.costs.annual_fee_yen == 0
    assert (TERMS.period.start_day, TERMS.period.end_day, TERMS.period.capture_day) == (11, 10, 14)
    assert (TERMS.due.day, TERMS.stop.min_total_yen) == (4, 40_000)
    assert (TERMS.demand.days, TERMS.demand.undeliverable_days) == (20, 25)


@pytest.mark.parametrize("model", [AuPayTerms, Bureau])
def test_every_source_names_a_registered_clause(model: type[AuPayTerms] | type[Bureau]) -> None:
    named = {name for _, name in parameter_sources(model)} - RESOLUTIONS
    assert len({clause_of(name).id for name in named}) > 5


@pytest.mark.clause("AU-39.2(1)")
def test_a_demand_leaves_at_least_twenty_days() -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 20"):
        AuPayTerms.model_validate({"demand": {"days": 19}})


@pytest.mark.parametrize(
    ("section", "values", "message"),
    [
        (PeriodTerms, {"start_day": 12}, "the day after end_day"),
        (PeriodTerms, {"capture_day": 9}, "capture_day must not be before end_day"),
        (PlanMix, {"revolving": 0.95}, "allowed: at most 1"),
        (LimitTerms, {"bands": (ShoppingBand(), ShoppingBand())}, "from_score must ascend"),
        (PurchaseKinds, {"business_use": 0.6, "outside_statute": 0.6}, "allowed: at most 1"),
        (InstalmentTerms, {"n_min": 10, "n_max": 6}, "n_min must not be above n_max"),
    ],
)
def test_what_contradicts_itself_is_refused(
    section: type[PeriodTerms], values: dict[str, object], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        section.model_validate(values)


@pytest.mark.clause("AU-30.1(2)", "AU-35.1", "C-22")
def test_a_revolving_bill_is_not_written_after_its_due_day() -> None:
    with pytest.raises(
        ValidationError, match=r"got revolving\.fee_to_day 4 and due\.day 2; fee_to_day must not"
    ):
        AuPayTerms.model_validate({"due": {"day": 2}})
    AuPayTerms.model_validate({"due": {"day": 2}, "revolving": {"fee_to_day": 2}})
    AuPayTerms.model_validate({"due": {"day": 2}, "revolving": {"nominal_days": False}})


@pytest.mark.clause("AUX-REV(1)")
def test_a_fixed_amount_is_a_step_of_5000() -> None:
    with pytest.raises(
        ValidationError, match="between 5000 and 100000 in steps of 5000, got 12000"
    ):
        AuPayTerms.model_validate({"revolving": {"fixed_yen": 12_000}})
