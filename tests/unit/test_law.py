"""The law as pure rules: court, execution, settlement, insolvency, prescription."""

import numpy as np
import pytest
from pydantic import ValidationError

from models.members.repayment import Reason
from models.policy.law import Law
from models.policy.law.court_costs import (
    CourtFees,
    CourtLevel,
    Venue,
    court_costs,
    court_of,
    lawsuit_fee,
    payment_order_fee,
    venue_of,
)
from models.policy.law.execution import (
    BankAttachment,
    Garnishment,
    Priority,
    attachable_wage,
    attached_balance,
    finds_employer,
    leaves_job,
    share_among_creditors,
)
from models.policy.law.insolvency import (
    Insolvency,
    Petition,
    petition_chance,
    petitions,
    rehabilitation_payments,
)
from models.policy.law.prescription import (
    Prescription,
    first_prescribed_day,
    is_prescribed,
    pleads_prescription,
)
from models.policy.law.proceedings import (
    Answer,
    Court,
    Route,
    Value,
    answer_to_order,
    choose_route,
    goes_to_court,
    has_lapsed,
    is_worth_suing,
    lawsuit_days,
    present_value_factor,
    serve,
    wins,
)
from models.policy.law.settlement import (
    DebtSettlement,
    Pressure,
    is_plan_cancelled,
    misses_payment,
    plan_payments,
    retains_intermediary,
)
from models.products.catalogue import Lender

EVENLY = (np.arange(10_000) + 0.5) / 10_000
"""Uniforms without chance: a share of them below p is p to four digits."""


# Court


@pytest.mark.clause("COLL-05", "ART-12", "AU-41.1")
def test_half_of_the_claims_from_10_000_yen_on_go_to_court() -> None:
    claims, u = np.array([9_999, 10_000, 10_000]), np.array([0.0, 0.4999, 0.5])
    assert goes_to_court(Court(), claims, np.array(0), u).tolist() == [False, True, False]


@pytest.mark.clause("COLL-05")
def test_without_a_chance_of_court_nobody_goes() -> None:
    terms = Court(probability=0.0)
    assert not goes_to_court(terms, np.array([10**9]), np.array(0), np.zeros(1)).any()


@pytest.mark.clause("COLL-05")
def test_the_present_value_discounts_evenly_spread_recoveries() -> None:
    terms = Value(recovery=[1, 2], months=2, rate_per_year=[12, 100])
    assert present_value_factor(terms) == pytest.approx((1 / 1.01 + 1 / 1.01**2) / 4, rel=1e-15)
    assert present_value_factor(Value(recovery=[1, 4], rate_per_year=[0, 1])) == 0.25


@pytest.mark.clause("COLL-05")
def test_by_present_value_a_claim_must_bring_more_than_it_costs_and_reach_the_minimum() -> None:
    value = Value(recovery=[1, 4], rate_per_year=[0, 1])
    claims = np.array([32_400, 32_401, 9_999])
    assert is_worth_suing(value, claims, np.array(8_100)).tolist() == [False, True, False]
    terms = Court(rule="net_present_value", value=value)
    costs = np.array([8_100, 8_100, 0])
    assert goes_to_court(terms, claims, costs, np.zeros(3)).tolist() == [False, True, False]


@pytest.mark.clause("COLL-05")
def test_the_cheaper_route_counts_the_chance_of_an_objection() -> None:
    order, lawsuit, more = np.array([1_700]), np.array([7_000]), np.array([6_500])
    timid, stubborn = Court(route="cheaper"), Court(route="cheaper", objection=0.9)
    assert choose_route(timid, order, lawsuit, more).tolist() == [Route.PAYMENT_ORDER]
    assert choose_route(stubborn, order, lawsuit, more).tolist() == [Route.LAWSUIT]
    fixed = Court(route="lawsuit")
    assert choose_route(fixed, order, lawsuit, more).tolist() == [Route.LAWSUIT]


@pytest.mark.clause("COLL-06")
def test_every_further_attempt_at_service_takes_its_days_until_it_is_given_up() -> None:
    terms = Court(service_failure=0.5, service_retries=1)
    service = serve(terms, np.array([0.9, 0.5, 0.49, 0.25, 0.24]))
    assert service.days.tolist() == [15, 15, 29, 29, 29]
    assert service.is_served.tolist() == [True, True, True, True, False]


@pytest.mark.clause("COLL-06")
def test_service_takes_its_own_days_the_second_time_and_never_fails_without_failures() -> None:
    service = serve(Court(service_failure=0.0, second_service_days=7), np.zeros(1), second=True)
    assert (service.days.tolist(), service.is_served.tolist()) == ([7], [True])


@pytest.mark.clause("COLL-06")
def test_some_object_to_the_order_and_nobody_by_default_to_its_declaration() -> None:
    u = np.array([0.0, 0.2309, 0.231])
    expected = [Answer.OBJECTS, Answer.OBJECTS, Answer.SILENT]
    assert answer_to_order(Court(), u).tolist() == expected
    assert answer_to_order(Court(), u, second=True).tolist() == [Answer.SILENT] * 3


@pytest.mark.clause("COLL-06")
def test_an_order_lapses_after_30_days_without_a_request() -> None:
    assert has_lapsed(Court(), np.array([30, 31])).tolist() == [False, True]


def test_a_request_later_than_the_window_is_refused_at_the_door() -> None:
    with pytest.raises(ValidationError, match="request_days is 31; allowed: at most"):
        Court(request_days=31)


@pytest.mark.clause("COLL-06")
def test_lawsuits_take_60_days_or_spread_around_the_mean() -> None:
    assert lawsuit_days(Court(), EVENLY[:2]).tolist() == [60, 60]
    spread = lawsuit_days(Court(lawsuit_mean_days=85, lawsuit_sigma=0.94), EVENLY)
    assert spread.mean() == pytest.approx(85, rel=0.01)
    assert np.quantile(spread, 0.9) == pytest.approx(6 * 30.4375, rel=0.01)
    assert spread.min() >= 1
    assert (np.diff(spread) >= 0).all()


@pytest.mark.clause("COLL-06", "ART-13")
def test_the_lender_wins_98_of_100_lawsuits() -> None:
    assert wins(Court(), EVENLY).mean() == pytest.approx(0.98)


# Court costs


@pytest.mark.clause("COLL-05")
def test_no_claim_costs_no_fee_and_claims_beyond_the_table_are_refused() -> None:
    assert lawsuit_fee(CourtFees(), np.array([0, 10**12])).tolist()[0] == 0
    with pytest.raises(OverflowError, match="at most 1000000000000, got 1000000000001"):
        payment_order_fee(CourtFees(), np.array([10**12 + 1]))
    with pytest.raises(ValueError, match="claim_yen must be 0 or more"):
        lawsuit_fee(CourtFees(), np.array([-1]))


@pytest.mark.clause("COLL-05")
def test_the_dearest_table_still_fits_64_bits() -> None:
    terms = CourtFees(step_yen=1_000, upper_from_yen=10**12, lawsuit_step_fee_yen=100_000)
    assert lawsuit_fee(terms, np.array([10**12])).tolist() == [10**14]


@pytest.mark.clause("COLL-05", "AU-44.2")
def test_an_objection_costs_what_the_lawsuit_would_have_cost_but_for_the_fee_paid() -> None:
    claims = np.array([1, 52_345, 1_000_001])
    costs = court_costs(CourtFees(), claims)
    paid = costs.order_yen + costs.objection_yen
    assert (paid - costs.lawsuit_yen).tolist() == [1_200] * 3  # the postage of the order is lost


@pytest.mark.clause("NP-21", "AU-46.1")
def test_summary_courts_hear_claims_up_to_1_400_000_yen() -> None:
    claims = np.array([1, 1_400_000, 1_400_001])
    expected = [CourtLevel.SUMMARY, CourtLevel.SUMMARY, CourtLevel.DISTRICT]
    assert court_of(CourtFees(), claims).tolist() == expected


@pytest.mark.clause("NP-21", "AU-46.1")
def test_each_lender_has_its_own_venues() -> None:
    venue = Venue(net_protections="lender_head_office", au_financial_service="place_of_purchase")
    assert venue_of(venue, Lender.NP) == "lender_head_office"
    assert venue_of(venue, Lender.AU) == "place_of_purchase"
    with pytest.raises(ValidationError, match="member_residence"):
        Venue.model_validate({"net_protections": "place_of_purchase"})


# Execution


@pytest.mark.clause("COLL-07")
def test_every_yen_above_the_exempt_wage_is_attachable() -> None:
    wages = np.arange(430_000, 450_000)
    attachable = attachable_wage(Garnishment(), wages)
    assert (attachable == np.maximum(wages // 4, wages - 330_000)).all()


@pytest.mark.clause("COLL-07")
@pytest.mark.parametrize(
    ("priority", "shares"),
    [
        ("first_served", [[0, 10_000, 40_000], [7, 8, 9]]),
        ("pro_rata", [[16_666, 16_666, 16_668], [7, 8, 9]]),
    ],
)
def test_creditors_share_a_wage_by_order_or_by_claim(
    priority: Priority, shares: list[list[int]]
) -> None:
    claims = np.array([[40_000, 40_000, 40_000], [7, 8, 9]])
    order = np.array([[30, 20, 10], [0, 0, 0]])
    attachable = np.array([50_000, 1_000])
    assert share_among_creditors(attachable, claims, order, priority).tolist() == shares


@pytest.mark.clause("COLL-07")
def test_of_equal_attachments_the_first_creditor_goes_first() -> None:
    one = share_among_creditors(np.array([5]), np.array([[9, 9]]), np.zeros((1, 2)), "first_served")
    assert one.tolist() == [[5, 0]]


@pytest.mark.clause("COLL-07")
def test_shapes_and_sums_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        share_among_creditors(np.ones(2, int), np.ones((1, 2), int), np.ones((1, 2)), "pro_rata")
    with pytest.raises(OverflowError, match="a row of 4611686018427387904 yen each"):
        share_among_creditors(np.array([1]), np.full((1, 2), 2**62), np.ones((1, 2)), "pro_rata")


@pytest.mark.clause("COLL-07", "COLL-08")
def test_only_the_employed_have_an_employer_to_find() -> None:
    u = np.array([0.1, 0.1, 0.2])
    employed = np.array([True, False, True])
    assert finds_employer(Garnishment(), employed, u).tolist() == [True, False, False]
    assert leaves_job(Garnishment(), np.array([0.0099, 0.01])).tolist() == [True, False]


@pytest.mark.clause("COLL-08")
def test_bank_accounts_are_left_alone_unless_the_configuration_asks() -> None:
    claims, lucky = np.array([10_001, 10_001, 10_001]), np.zeros((2, 3))
    assert attached_balance(BankAttachment(), claims, lucky).tolist() == [0, 0, 0]
    u = np.array([[0.5, 0.4, 0.4], [0.1, 0.1, 0.15]])
    assert attached_balance(BankAttachment(probability=0.5), claims, u).tolist() == [0, 5_000, 0]


# Settlement


@pytest.mark.clause("COLL-09", "ART-14", "ART-15")
def test_members_look_for_help_more_often_the_later_it_is() -> None:
    pressure = np.repeat(np.arange(len(Pressure)), EVENLY.size)
    found = retains_intermediary(DebtSettlement(), pressure, np.tile(EVENLY, len(Pressure)))
    shares = found.reshape(len(Pressure), -1).mean(axis=1)
    assert shares.tolist() == pytest.approx([0.002, 0.01, 0.03, 0.04, 0.03])


@pytest.mark.clause("COLL-09")
def test_settlement_switched_off_never_begins() -> None:
    off = DebtSettlement(enabled=False)
    assert not retains_intermediary(off, np.array([Pressure.LAWSUIT]), np.zeros(1)).any()


@pytest.mark.clause("COLL-09")
def test_a_claim_of_fewer_yen_than_payments_is_due_with_the_first() -> None:
    plan = plan_payments(np.array([0, 1, 35, 36]), 36)
    assert plan.first_yen.tolist() == [0, 1, 35, 1]
    assert plan.other_yen.tolist() == [0, 0, 0, 1]


@pytest.mark.clause("COLL-09")
def test_plan_payments_are_missed_by_reason_and_two_cancel_the_plan() -> None:
    reasons, u = np.array([Reason.FORGETFUL, Reason.HARDSHIP, Reason.NEVER_PAYS]), np.full(3, 0.05)
    assert misses_payment(DebtSettlement(), reasons, u).tolist() == [False, True, True]
    assert is_plan_cancelled(DebtSettlement(), np.array([1, 2, 3])).tolist() == [False, True, True]


# Insolvency


@pytest.mark.clause("COLL-10", "AU-39.2(4)")
def test_twelve_months_make_the_chance_of_a_year() -> None:
    monthly = petition_chance(Insolvency(), np.array([0, 59, 60, 400]))
    yearly = 1.0 - (1.0 - monthly) ** 12
    assert yearly.tolist() == pytest.approx([0.00073, 0.00073, 0.02, 0.02])
    assert petition_chance(Insolvency(late_per_year=1.0), np.array([60])).tolist() == [1.0]


@pytest.mark.clause("COLL-10", "AU-39.2(4)")
def test_one_petition_in_nine_is_for_rehabilitation() -> None:
    chance = petition_chance(Insolvency(), np.array([90]))[0]
    u = np.array([0.115, 0.117, 0.999, 1.001]) * chance
    expected = [Petition.REHABILITATION, Petition.BANKRUPTCY, Petition.BANKRUPTCY, Petition.NONE]
    assert petitions(Insolvency(), np.full(4, 90), u).tolist() == expected
    assert petitions(Insolvency(enabled=False), np.full(4, 90), np.zeros(4)).tolist() == [0] * 4


@pytest.mark.clause("COLL-10")
def test_a_rehabilitation_pays_a_fifth_in_36_payments() -> None:
    plan = rehabilitation_payments(Insolvency(), np.array([52_349]))
    assert (plan.first_yen + 35 * plan.other_yen).tolist() == [52_349 // 5]


# Prescription


@pytest.mark.clause("COLL-13")
@pytest.mark.parametrize(
    ("since", "has_title", "first_day"),
    [
        ("2026-05-10", False, "2031-05-11"),
        ("2026-05-10", True, "2036-05-11"),
        ("2024-02-29", False, "2029-03-01"),
        ("2024-02-28", False, "2029-03-01"),
        ("2026-12-31", False, "2032-01-01"),
    ],
)
def test_claims_are_prescribed_the_day_after_their_anniversary(
    since: str,
    has_title: bool,  # noqa: FBT001 - a case of the table
    first_day: str,
) -> None:
    titled, start = np.array([has_title]), np.array([since])
    assert first_prescribed_day(Prescription(), start, titled).astype(str).tolist() == [first_day]
    day = np.datetime64(first_day)
    assert not is_prescribed(Prescription(), day - 1, start, titled).any()
    assert is_prescribed(Prescription(), day, start, titled).all()


@pytest.mark.clause("COLL-13")
def test_all_members_plead_prescription_unless_told_otherwise() -> None:
    u = np.array([0.0, 0.5, 0.999999])
    assert pleads_prescription(Prescription(), u).tolist() == [True] * 3
    assert pleads_prescription(Prescription(pleads=0.5), u).tolist() == [True, False, False]


def test_the_law_is_a_section_of_the_configuration_that_survives_a_round_trip() -> None:
    law = Law()
    assert Law.model_validate_json(law.model_dump_json()) == law
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Law.model_validate({"judge": 1})
