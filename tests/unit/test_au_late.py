"""Late damages of au PAY Atobarai: rates and caps by plan, and what accelerated uses owe."""

import datetime as dt

import numpy as np
import pytest

from models.calendar import Calendar
from models.products.au_pay import AuPayTerms, late
from models.products.au_pay.accrual import accrual
from models.products.au_pay.default_terms import AccelerationTerms
from models.products.catalogue import Product

TERMS = AuPayTerms()
CALENDAR = Calendar.of(dt.date(2025, 1, 1), months=12)


@pytest.mark.clause("AU-37.1(1)", "C-32")
@pytest.mark.parametrize(("rebate", "claim"), [(False, 97_380), (True, 92_013)])
def test_accelerated_instalments_keep_their_fees_or_are_rebated(
    *, rebate: bool, claim: int
) -> None:
    terms = AccelerationTerms(rebate_unearned=rebate)
    one = np.array([1])
    found = late.claim_at_acceleration(terms, one * 97_380, one * 8_200, one * 10, one)
    assert found.tolist() == [claim]


@pytest.mark.clause("AU-37.1(1)", "AU-37.1(3)", "AU-37.2(1)", "AU-37.2(3)")
def test_the_cap_bounds_the_rate_before_acceleration_and_replaces_it_afterwards() -> None:
    plan = np.array([Product.AU_ONE_TIME, Product.AU_INSTALMENTS, Product.AU_INSTALMENTS] * 2)
    yen = np.array([30_000, 10_820, 10_820] * 2)
    remaining = np.array([30_000, 97_380, 43_280] * 2)
    is_accelerated = np.array([False] * 3 + [True] * 3)
    start, end = np.full(6, 100), np.full(6, 130)
    found = late.damages_of_accruals(
        TERMS.late,
        TERMS.daycount,
        plan,
        is_accelerated,
        accrual(TERMS.daycount, CALENDAR, yen, start, end),
        accrual(TERMS.daycount, CALENDAR, remaining, start, end),
    )
    assert found.tolist() == [358, 129, 106, 358, 239, 106]
