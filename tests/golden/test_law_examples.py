"""Worked examples of the law: attachable wages, settlement plans (rulebook 4.6), court fees."""

import numpy as np
import pytest

from models.policy.law.court_costs import (
    CourtFees,
    attachment_cost,
    court_costs,
    lawsuit_fee,
    payment_order_fee,
)
from models.policy.law.execution import Garnishment, attachable_wage
from models.policy.law.proceedings import Route
from models.policy.law.settlement import plan_payments


@pytest.mark.clause("COLL-07", "ART-12", "C-49")
@pytest.mark.golden("G-38")
@pytest.mark.parametrize(
    ("net_wage", "attachable"),
    [(220_000, 55_000), (440_000, 110_000), (500_000, 170_000), (440_003, 110_003), (3, 0)],
)
def test_a_quarter_of_the_wage_or_all_above_330_000_is_attachable(
    net_wage: int, attachable: int
) -> None:
    assert attachable_wage(Garnishment(), np.array([net_wage])).tolist() == [attachable]


@pytest.mark.clause("COLL-09", "ART-14")
@pytest.mark.golden("G-39")
def test_a_settlement_of_52_345_yen_begins_with_the_odd_yen() -> None:
    plan = plan_payments(np.array([52_345]), 36)
    assert (plan.first_yen.tolist(), plan.other_yen.tolist()) == ([1_455], [1_454])


@pytest.mark.clause("COLL-05")
@pytest.mark.parametrize(
    ("claim", "fee"),
    [
        (1, 500),
        (100_000, 500),
        (100_001, 1_000),
        (500_000, 2_500),
        (1_000_000, 5_000),
        (1_000_001, 5_500),
        (1_200_000, 5_500),
        (1_200_001, 6_000),
        (2_000_000, 7_500),
    ],
)
def test_the_fee_of_a_payment_order(claim: int, fee: int) -> None:
    assert payment_order_fee(CourtFees(), np.array([claim])).tolist() == [fee]


@pytest.mark.clause("COLL-05")
@pytest.mark.parametrize(
    ("claim", "fee"),
    [
        (100_000, 1_000),
        (200_000, 2_000),
        (300_000, 3_000),
        (500_000, 5_000),
        (1_000_000, 10_000),
        (1_200_000, 11_000),
        (1_400_000, 12_000),
        (2_000_000, 15_000),
    ],
)
def test_the_fee_of_a_lawsuit(claim: int, fee: int) -> None:
    assert lawsuit_fee(CourtFees(), np.array([claim])).tolist() == [fee]


@pytest.mark.clause("COLL-05", "AU-44.2")
@pytest.mark.parametrize(
    ("route", "cost"), [(Route.PAYMENT_ORDER, 500 + 1_200), (Route.LAWSUIT, 1_000 + 6_000)]
)
def test_filing_a_small_claim_costs_the_fee_and_the_postage(route: Route, cost: int) -> None:
    costs = court_costs(CourtFees(), np.array([52_345]))
    assert costs.of_filing(np.array([route])).tolist() == [cost]


@pytest.mark.clause("COLL-07", "AU-44.2")
def test_an_attachment_costs_7_000_yen() -> None:
    assert attachment_cost(CourtFees()) == 7_000
