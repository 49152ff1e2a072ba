"""Prepayment: approval, readings of the rebate, money that was not agreed."""

import numpy as np
import pytest

from models.products.au_pay import AuPayTerms, prepayment
from models.products.au_pay.plan_terms import PrepayTerms
from models.products.au_pay.prepayment import PrepayWay
from models.products.catalogue import Product

TERMS = AuPayTerms().prepay
YES, NO = np.array([True]), np.array([False])


def allowed(
    terms: PrepayTerms, way: PrepayWay, *, approved: bool = True, due_date: bool = False
) -> bool:
    """Tell whether a full prepayment of a revolving account is regular."""
    found = prepayment.prepayment_allowed(
        terms,
        np.array([Product.AU_REVOLVING]),
        YES,
        np.array([way]),
        np.array([approved]),
        is_due_date=due_date,
    )
    return bool(found[0])


@pytest.mark.clause("AU-32.2", "AUX-PRE")
def test_a_debit_prepays_on_due_dates_only() -> None:
    assert allowed(TERMS, PrepayWay.DIRECT_DEBIT, due_date=True)
    assert not allowed(TERMS, PrepayWay.DIRECT_DEBIT)
    assert allowed(TERMS, PrepayWay.BANK_TRANSFER)


@pytest.mark.clause("AU-32.1", "C-40")
def test_every_way_needs_approval_or_all_but_the_convenience_store() -> None:
    lenient = PrepayTerms(konbini_needs_notice=False)
    assert not allowed(TERMS, PrepayWay.KONBINI, approved=False)
    assert allowed(lenient, PrepayWay.KONBINI, approved=False)
    assert not allowed(lenient, PrepayWay.BANK_TRANSFER, approved=False)


def payoff(terms: PrepayTerms, left: int, *, current: bool = True) -> tuple[int, int]:
    """Settle ten instalments of 10,820 before the first due date."""
    one = np.array([1])
    found = prepayment.instalment_payoff(
        terms, one * 108_200, one * 8_200, one * 10, one * 0, one * left, one * 30,
        np.array([current]),
    )  # fmt: skip
    return int(found[0][0]), int(found[1][0])


@pytest.mark.clause("AU-32.4", "AUX-PRE(1)", "C-14")
def test_the_current_fee_is_earned_whole_or_by_day() -> None:
    daily = PrepayTerms(inst_mode="daily")
    assert payoff(TERMS, 15) == (101_491, 6_709)
    assert payoff(daily, 15) == (108_200 - 7_454, 7_454)
    assert payoff(daily, 0) == payoff(TERMS, 0)


@pytest.mark.clause("AU-32.4")
def test_only_members_who_perform_get_the_rebate() -> None:
    assert payoff(TERMS, 0, current=False) == (108_200, 0)
    lenient = PrepayTerms(require_current=False)
    assert payoff(lenient, 0, current=False) == (101_491, 6_709)


@pytest.mark.clause("AU-32.3", "AU-38.2", "AU-38.3")
def test_money_that_was_not_agreed_meets_the_next_bill_or_goes_back() -> None:
    money, due = np.array([500, 500]), np.array([300, 900])
    kept = prepayment.irregular_prepayment(TERMS, money, due)
    assert (kept.credited_yen.tolist(), kept.refunded_yen.tolist()) == ([300, 500], [200, 0])
    back = prepayment.irregular_prepayment(PrepayTerms(irregular_mode="refund"), money, due)
    assert (back.credited_yen.tolist(), back.refunded_yen.tolist()) == ([0, 0], [500, 500])
