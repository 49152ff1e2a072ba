"""Late damages of au PAY Atobarai: groups that share a cap, readings, moving balances."""

import datetime as dt

import numpy as np
import pytest

from models.calendar import Calendar
from models.products.au_pay import AuPayTerms, late
from models.products.au_pay.accrual import accrual
from models.products.au_pay.default_terms import AccelerationTerms, LateDamagesTerms
from models.products.au_pay.late import GroupDamages, LateLegs
from models.products.catalogue import Product

TERMS = AuPayTerms()
CALENDAR = Calendar.of(dt.date(2025, 1, 1), months=12)


def damages(
    terms: LateDamagesTerms, *rows: tuple[int, int, Product, int, int, int]
) -> GroupDamages:
    """Give damages of rows (member, use, plan, yen, remaining, days late)."""
    member, use, plan, yen, remaining, days = np.array(rows).reshape(-1, 6).T
    paid = np.full(len(rows), 300)
    legs = LateLegs(member, use, plan, yen, remaining, paid - days, paid)
    return late.damages_of_legs(terms, TERMS.daycount, CALENDAR, legs)


@pytest.mark.clause("AU-37.2(1)", "AU-37.2(2)", "AU-37.2(3)")
def test_all_plans_of_many_members_are_computed_in_one_call() -> None:
    found = damages(
        TERMS.late,
        (2, 9, Product.AU_INSTALMENTS, 10_820, 97_380, 30),
        (1, 5, Product.AU_ONE_TIME, 30_000, 0, 30),
        (2, 9, Product.AU_INSTALMENTS, 10_820, 97_380, 30),
        (1, 6, Product.AU_BONUS, 60_000, 60_000, 30),
        (1, 4, Product.AU_REVOLVING, 8_654, 0, 30),
        (1, 4, Product.AU_REVOLVING, 8_654, 0, 60),
    )
    assert found.group[0] == found.group[2]
    assert np.unique(found.group).size == 5
    assert found.yen[found.group].tolist() == [239, 358, 239, 147, 103, 206]


@pytest.mark.clause("AU-37.2(2)", "C-30")
@pytest.mark.parametrize(("scope", "yen"), [("per_purchase", [24, 12]), ("per_plan_total", [119])])
def test_two_time_uses_are_capped_one_by_one_or_together(scope: str, yen: list[int]) -> None:
    terms = LateDamagesTerms.model_validate({"cap_scope": scope})
    together = 100_000  # all two-time and bonus uses of the member
    found = damages(
        terms,
        (1, 5, Product.AU_TWO_TIME, 5_000, 10_000 if scope == "per_purchase" else together, 30),
        (1, 6, Product.AU_TWO_TIME, 5_000, 5_000 if scope == "per_purchase" else together, 30),
    )
    assert found.yen.tolist() == yen


@pytest.mark.clause("AU-37.2(1)", "C-48")
@pytest.mark.parametrize(("mode", "yen"), [("per_purchase_sum", 166), ("per_instalment", 166 + 49)])
def test_the_cap_bears_on_the_sum_or_on_each_instalment(mode: str, yen: int) -> None:
    terms = LateDamagesTerms.model_validate({"inst_cap_mode": mode})
    row = (1, 5, Product.AU_INSTALMENTS, 10_820, 43_280)
    assert damages(terms, (*row, 47), (*row, 14)).yen.tolist() == [yen]


@pytest.mark.clause("C-54")
def test_damages_below_the_least_amount_are_not_claimed() -> None:
    terms = LateDamagesTerms(min_yen=25)
    row = (1, 5, Product.AU_TWO_TIME, 5_000)
    assert damages(terms, (*row, 10_000, 30)).yen.tolist() == [0]
    assert damages(terms, (*row, 10_000, 31)).yen.tolist() == [25]


def test_nothing_late_bears_nothing() -> None:
    found = damages(TERMS.late)
    assert (found.group.size, found.yen.size) == (0, 0)
    row = (1, 5, Product.AU_ONE_TIME, 30_000, 30_000)
    assert damages(TERMS.late, (*row, 0)).yen.tolist() == [0]


@pytest.mark.clause("AU-37.1(1)", "C-16")
@pytest.mark.parametrize(("inclusive", "yen"), [(False, 239), (True, 247)])
def test_the_day_of_acceleration_counts_or_not(*, inclusive: bool, yen: int) -> None:
    found = late.damages_of_accelerated(
        LateDamagesTerms(accel_inclusive=inclusive),
        TERMS.daycount,
        CALENDAR,
        np.array([Product.AU_INSTALMENTS]),
        np.array([97_380]),
        np.array([100]),
        np.array([130]),
    )
    assert found.tolist() == [yen]


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
def test_accrued_damages_equal_those_of_single_legs_where_nothing_moves() -> None:
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
