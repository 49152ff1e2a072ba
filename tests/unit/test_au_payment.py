"""Debit, refunds, statements, costs and allocation at au PAY Atobarai."""

import numpy as np
import pytest

from models.products.au_pay import AuPayTerms, allocation, payment
from models.products.au_pay.payment_terms import (
    AllocationTerms,
    CostTerms,
    DueTerms,
    StatementTerms,
)
from models.products.catalogue import Product

TERMS = AuPayTerms()


@pytest.mark.clause("AU-35.3", "AU-35.5", "C-61")
def test_the_debit_stops_while_late_unless_the_lender_goes_on() -> None:
    account, overdue = np.array([True, True, False]), np.array([False, True, False])
    assert payment.is_debited(TERMS.due, account, overdue).tolist() == [True, False, False]
    lenient = DueTerms(debit_stops_when_overdue=False)
    assert payment.is_debited(lenient, account, overdue).tolist() == [True, True, False]


@pytest.mark.clause("AU-35.3", "C-50", "C-56")
def test_a_failed_debit_costs_nothing_and_moves_no_due_date_unless_told_to() -> None:
    due, fee = payment.after_failed_debit(TERMS.due, np.array([30]))
    assert (due.tolist(), fee) == ([30], 0)
    terms = DueTerms(extend_due_days=5, failed_debit_fee_yen=200)
    due, fee = payment.after_failed_debit(terms, np.array([30]))
    assert (due.tolist(), fee) == ([35], 200)


@pytest.mark.clause("AU-36.2", "AU-44.1")
def test_paper_costs_its_fee_with_tax() -> None:
    paper = np.array([True, False])
    terms = StatementTerms(paper_fee_yen=88)
    assert payment.paper_fee(terms, TERMS.costs, paper).tolist() == [96, 0]


@pytest.mark.clause("AU-36.3")
def test_a_statement_can_be_objected_to_for_a_week() -> None:
    assert payment.may_object(TERMS.statement, np.array([10, 9]), 17).tolist() == [True, False]


@pytest.mark.clause("AUX-FEE", "AU-44.3")
def test_annual_fee_and_payment_costs_are_nil_by_default() -> None:
    year, count = np.array([True, False]), np.array([2, 3])
    assert payment.yearly_and_payment_cost(TERMS.costs, count, year).tolist() == [0, 0]
    terms = CostTerms(annual_fee_yen=1_000, payment_cost_yen=50)
    assert payment.yearly_and_payment_cost(terms, count, year).tolist() == [1_100, 150]


@pytest.mark.clause("AU-44.2")
def test_court_costs_are_claimed_unless_waived() -> None:
    cost = np.array([3_000])
    assert payment.chargeable_cost(TERMS.costs, cost).tolist() == [3_000]
    assert payment.chargeable_cost(CostTerms(enforcement_chargeable=False), cost).tolist() == [0]


@pytest.mark.clause("AU-38.1", "AU-38.5")
def test_cash_meets_costs_damages_fees_then_the_oldest_principal_by_plan() -> None:
    plan = np.array([Product.AU_REVOLVING, Product.AU_ONE_TIME, Product.AU_INSTALMENTS])
    member, due = np.array([1, 1, 1]), np.array([40, 40, 10])
    claims = np.array([[0, 3, 20, 100], [5, 2, 0, 100], [0, 0, 10, 100]])
    found, left = allocation.allocate_payment(
        TERMS.allocation, 40, np.array([7, 260]), member, due, plan, claims
    )
    assert found.tolist() == [[0, 3, 20, 20], [5, 2, 0, 100], [0, 0, 10, 100]]
    assert left.tolist() == [7, 0]


@pytest.mark.clause("AU-38.1")
def test_the_order_of_kinds_and_plans_is_configuration() -> None:
    terms = AllocationTerms(
        order=("principal", "fee", "late_damages", "cost"),
        plans=("revolving", "one_time", "two_time", "bonus", "instalments"),
    )
    plan = np.array([Product.AU_ONE_TIME, Product.AU_REVOLVING])
    both = np.zeros(2, dtype=np.int64)
    claims = np.array([[1, 1, 1, 100], [1, 1, 1, 100]])
    found, _ = allocation.allocate_payment(terms, 0, np.array([150]), both, both, plan, claims)
    assert found.tolist() == [[0, 0, 0, 50], [0, 0, 0, 100]]


@pytest.mark.clause("AU-38.1")
def test_what_is_left_of_the_cash_stays_with_its_member() -> None:
    member = np.array([2, 0])
    claims = np.array([[0, 0, 0, 10], [0, 0, 0, 20]])
    found, left = allocation.allocate_payment(
        TERMS.allocation, 2, np.array([50, 60, 70]), member, member, np.array([5, 5]), claims
    )
    assert (found[:, 3].tolist(), left.tolist()) == ([10, 20], [30, 60, 60])


@pytest.mark.clause("AU-38.1", "AU-38.4")
@pytest.mark.parametrize(
    ("day", "found"), [(19, [[0, 0, 10, 80], [0, 0, 0, 0]]), (20, [[0, 0, 10, 70], [0, 0, 10, 0]])]
)
def test_what_is_not_due_yet_is_met_after_all_that_is(day: int, found: list[list[int]]) -> None:
    due, both = np.array([10, 20]), np.zeros(2, dtype=np.int64)
    claims, plan = np.array([[0, 0, 10, 80]] * 2), np.full(2, Product.AU_INSTALMENTS)
    paid, _ = allocation.allocate_payment(
        TERMS.allocation, day, np.array([90]), both, due, plan, claims
    )
    assert paid.tolist() == found
