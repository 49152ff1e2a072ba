"""Acceleration, demand, cure and measures at au PAY Atobarai."""

import numpy as np
import pytest

from models.clauses import clause_of
from models.products.au_pay import AuPayTerms, arrears
from models.products.au_pay.arrears import GROUND_RULES, Cure, Ground
from models.products.au_pay.default_terms import (
    AccelerationTerms,
    CureTerms,
    DemandTerms,
    MeasureTerms,
)
from models.products.au_pay.measures import Measure, MeasureGround, measure_of
from models.products.catalogue import Product

TERMS = AuPayTerms()
PLANS = np.array(
    [
        Product.AU_ONE_TIME,
        Product.AU_TWO_TIME,
        Product.AU_BONUS,
        Product.AU_REVOLVING,
        Product.AU_INSTALMENTS,
    ]
)


@pytest.mark.clause("AU-39.1(1)", "AU-39.1(2)", "AU-39.1(3)", "AU-39.1(4)")
def test_one_time_and_special_uses_need_one_missed_payment_only() -> None:
    plain, special = np.zeros(5, dtype=np.bool_), np.ones(5, dtype=np.bool_)
    of_kind = arrears.accelerates_at_once(TERMS.acceleration, PLANS, plain)
    assert of_kind.tolist() == [True, False, False, False, False]
    assert arrears.accelerates_at_once(TERMS.acceleration, PLANS, special).all()
    off = AccelerationTerms(auto_one_time=False)
    assert not arrears.accelerates_at_once(off, PLANS, plain).any()


@pytest.mark.clause("AU-39.1(1)", "C-31")
@pytest.mark.parametrize(
    ("scope", "reached"),
    [
        ("posted_all", [True, True, False, False, False]),
        ("billed_only", [True, False, False, False, False]),
    ],
)
def test_one_missed_payment_reaches_the_members_uses_of_these_kinds(
    scope: str, reached: list[bool]
) -> None:
    terms = AccelerationTerms.model_validate({"auto_scope": scope})
    member = np.array([3, 3, 3, 1, 1])
    of_kind = np.array([True, True, False, True, False])
    missed = np.array([True, False, True, False, True])
    billed = np.array([True, False, True, True, True])
    found = arrears.accelerated_at_once(terms, member, of_kind, missed, billed)
    assert found.tolist() == reached


@pytest.mark.clause("AU-39.2(1)")
def test_missed_amounts_of_those_kinds_do_not_lead_to_a_demand() -> None:
    special = np.array([False, False, True, False, False])
    found = arrears.counts_for_demand(TERMS.acceleration, PLANS, special)
    assert found.tolist() == [False, True, False, True, True]


@pytest.mark.clause("AU-9.3")
def test_a_notice_counts_as_received_when_it_would_normally_arrive() -> None:
    assert arrears.deemed_receipt(TERMS.demand, np.array([10])).tolist() == [12]


@pytest.mark.clause("AU-39.2(1)", "C-38", "AU-9.3")
def test_days_of_the_demand_are_configuration() -> None:
    terms = DemandTerms(send_day=10, days=25, post_lag_days=1, undeliverable_days=30)
    assert [int(days[0]) for days in arrears.demand_days(terms, np.array([100]))] == [
        110, 136, 137, 140,
    ]  # fmt: skip


@pytest.mark.clause("AU-39.2(8)")
def test_a_demand_that_comes_back_counts_unless_there_is_good_reason() -> None:
    terms = DemandTerms(undeliverable_share=0.5, good_reason_share=0.5)
    mail, reason = np.array([0.4, 0.4, 0.5, 0.4]), np.array([0.6, 0.4, 0.6, 0.5])
    assert arrears.comes_back(terms, mail, reason).tolist() == [True, False, False, True]


@pytest.mark.clause(
    "AU-39.2(2)", "AU-39.2(3)", "AU-39.2(4)", "AU-39.2(5)", "AU-39.2(6)", "AU-39.2(7)"
)
def test_known_grounds_accelerate_everything_without_a_demand() -> None:
    known = [ground for ground, rule in GROUND_RULES.items() if rule.works == "when_known"]
    assert len(known) == 6
    found = arrears.accelerated_by_ground(
        TERMS.acceleration, np.array(known), np.zeros(6, dtype=np.bool_), np.full(6, 0.999)
    )
    assert found.all()


@pytest.mark.clause("AU-39.3")
def test_other_grounds_accelerate_if_the_lender_demands_it() -> None:
    grounds = np.array(
        [
            Ground.FALSE_STATEMENT,
            Ground.COMPANY_FAILED,
            Ground.DETERIORATION,
            Ground.SERIOUS_BREACH,
            Ground.NONE,
            Ground.MISSED_PAYMENT,
        ]
    )
    honest = np.zeros(6, dtype=np.bool_)
    for u, reached in ((0.4, [True] * 4), (0.5, [True, False, False, True])):
        found = arrears.accelerated_by_ground(TERMS.acceleration, grounds, honest, np.full(6, u))
        assert found.tolist() == [*reached, False, False]


@pytest.mark.clause("AU-11.1", "AU-39.3")
def test_antisocial_ties_are_a_serious_breach_unless_switched_off() -> None:
    breach, yes, u = np.array([Ground.SERIOUS_BREACH]), np.array([True]), np.array([0.0])
    off = AccelerationTerms(antisocial=False)
    assert arrears.accelerated_by_ground(TERMS.acceleration, breach, yes, u).tolist() == [True]
    assert arrears.accelerated_by_ground(off, breach, yes, u).tolist() == [False]
    assert arrears.accelerated_by_ground(off, breach, ~yes, u).tolist() == [True]


@pytest.mark.clause("AU-39.1(1)", "AU-39.2(1)", "AU-39.3")
def test_every_ground_has_a_registered_clause_and_only_a_missed_payment_can_be_cured() -> None:
    assert set(GROUND_RULES) == set(Ground) - {Ground.NONE}
    assert all(clause_of(rule.clause).id.startswith("AU-39.") for rule in GROUND_RULES.values())
    assert [g for g, rule in GROUND_RULES.items() if rule.can_be_cured] == [Ground.MISSED_PAYMENT]


def cure(terms: CureTerms, ground: Ground, days: int, missed: int, whole: int) -> Cure:
    """Tell how one acceleration stands some days after it."""
    numbers = (np.array([number]) for number in (ground, 100, 100 + days, missed, whole))
    return Cure(int(arrears.cure_of(terms, *numbers)[0]))


@pytest.mark.clause("AU-41.1", "C-55")
def test_an_automatic_acceleration_is_cured_by_the_missed_amount_within_thirty_days() -> None:
    assert cure(TERMS.cure, Ground.MISSED_PAYMENT, 30, 0, 900) == Cure.REINSTATED
    assert cure(TERMS.cure, Ground.MISSED_PAYMENT, 30, 1, 900) == Cure.PENDING
    assert cure(TERMS.cure, Ground.MISSED_PAYMENT, 31, 0, 900) == Cure.FINAL


@pytest.mark.clause("C-55")
def test_or_by_everything_accelerated() -> None:
    terms = CureTerms(scope="whole_accelerated")
    assert cure(terms, Ground.MISSED_PAYMENT, 5, 0, 900) == Cure.PENDING
    assert cure(terms, Ground.MISSED_PAYMENT, 5, 0, 0) == Cure.REINSTATED


@pytest.mark.clause("C-55", "AU-39.2(1)", "AU-39.3")
@pytest.mark.parametrize(
    "ground", [Ground.DEMAND_EXPIRED, Ground.INSOLVENCY, Ground.SERIOUS_BREACH]
)
def test_acceleration_of_everything_is_final(ground: Ground) -> None:
    assert cure(TERMS.cure, ground, 0, 0, 0) == Cure.FINAL


@pytest.mark.clause("AU-41.1", "AU-10.4", "AU-13.1", "AU-13.3", "AU-11.2", "AU-11.3", "AU-24.12")
def test_each_ground_has_its_measure() -> None:
    found = {ground: measure_of(TERMS.measures, ground) for ground in MeasureGround}
    cancelled = {ground for ground, taken in found.items() if taken == Measure.CANCEL}
    assert cancelled == {
        MeasureGround.ACCELERATED,
        MeasureGround.ANTISOCIAL,
        MeasureGround.UNLAWFUL_DEMAND,
        MeasureGround.CRIME_PROCEEDS,
    }
    assert found[MeasureGround.DEATH] == Measure.STOP
    assert found[MeasureGround.UNPAID] == Measure.SUSPEND


@pytest.mark.clause("AU-41.1", "C-55")
def test_an_acceleration_that_can_be_cured_only_suspends() -> None:
    found = {ground: measure_of(TERMS.measures, ground, may_cure=True) for ground in MeasureGround}
    assert found[MeasureGround.ACCELERATED] == Measure.SUSPEND
    assert found[MeasureGround.CRIME_PROCEEDS] == Measure.CANCEL


@pytest.mark.clause("AU-41.1")
def test_a_ground_can_be_switched_off_and_names_its_item() -> None:
    terms = MeasureTerms(unpaid="none")
    assert measure_of(terms, MeasureGround.UNPAID) == Measure.NONE
    assert [clause_of(ground.clause).id for ground in MeasureGround] == ["AU-41.1"] * 12
