"""Worked arrears, relief windows and payment stops of au PAY Atobarai (rulebook 4.5 to 4.7)."""

import datetime as dt

import numpy as np
import pytest

from models.calendar import Calendar
from models.products.au_pay import AuPayTerms, arrears, defence, late, relief
from models.products.au_pay.late import LateLegs
from models.products.au_pay.relief_terms import LossTerms
from models.products.catalogue import Product

TERMS = AuPayTerms()
CALENDAR = Calendar.of(dt.date(2026, 1, 1), months=12)


def day(date: str) -> int:
    """Give the index of a date."""
    return CALENDAR.day(dt.date.fromisoformat(date))


def damages(plan: Product, yen: list[int], remaining: int, days: list[int]) -> int:
    """Give the damages of missed payments of one use, paid on one day after so many days."""
    paid = day("2026-06-30")
    n = len(yen)
    legs = LateLegs(
        member=np.zeros(n, dtype=np.int64),
        use=np.full(n, 7),
        plan=np.full(n, plan),
        yen=np.array(yen),
        remaining_yen=np.full(n, remaining),
        due_day=paid - np.array(days),
        paid_day=np.full(n, paid),
    )
    return int(late.damages_of_legs(TERMS.late, TERMS.daycount, CALENDAR, legs).yen.sum())


@pytest.mark.clause("AU-37.2(1)", "AU-37.2(2)", "AU-37.2(3)", "C-30", "C-48")
@pytest.mark.golden("G-17")
@pytest.mark.parametrize(
    ("plan", "yen", "remaining", "days", "result"),
    [
        (Product.AU_ONE_TIME, [30_000], 30_000, [30], 358),
        (Product.AU_TWO_TIME, [5_000], 10_000, [30], 24),
        (Product.AU_TWO_TIME, [5_000], 5_000, [30], 12),
        (Product.AU_BONUS, [60_000], 60_000, [30], 147),
        (Product.AU_INSTALMENTS, [10_820], 108_200, [30], 129),
        (Product.AU_INSTALMENTS, [10_820], 64_920, [30], 129),
        (Product.AU_INSTALMENTS, [10_820], 54_100, [30], 129),
        (Product.AU_INSTALMENTS, [10_820], 43_280, [30], 106),
        (Product.AU_INSTALMENTS, [10_820], 10_820, [30], 26),
        (Product.AU_INSTALMENTS, [10_820, 10_820], 97_380, [30, 30], 239),
        (Product.AU_INSTALMENTS, [10_820, 10_820], 97_380, [47, 14], 263),
        (Product.AU_INSTALMENTS, [10_820, 10_820], 43_280, [47, 14], 166),
        (Product.AU_REVOLVING, [8_654], 91_035, [30], 103),
    ],
)
def test_late_damages_by_plan_match_the_worked_cases(
    plan: Product, yen: list[int], remaining: int, days: list[int], result: int
) -> None:
    assert damages(plan, yen, remaining, days) == result


@pytest.mark.clause("AU-37.2(1)", "AU-35.1", "CAL-06", "C-48")
@pytest.mark.golden("G-17")
@pytest.mark.parametrize(("remaining", "result"), [(97_380, 263), (43_280, 166)])
def test_the_dated_case_of_two_late_instalments(remaining: int, result: int) -> None:
    two = np.ones(2, dtype=np.int64)
    legs = LateLegs(
        two,
        two,
        two * Product.AU_INSTALMENTS,
        two * 10_820,
        two * remaining,
        np.array([day("2026-03-04"), day("2026-04-06")]),
        two * day("2026-04-20"),
    )
    found = late.damages_of_legs(TERMS.late, TERMS.daycount, CALENDAR, legs)
    assert found.yen.tolist() == [result]
    assert found.group.tolist() == [0, 0]


@pytest.mark.clause("AU-37.1(1)", "AU-37.1(2)", "AU-37.1(3)")
@pytest.mark.golden("G-17")
def test_accelerated_instalments_bear_the_cap_rate_on_all_that_remains() -> None:
    plans = np.array([Product.AU_INSTALMENTS, Product.AU_TWO_TIME, Product.AU_ONE_TIME])
    start, paid = day("2026-05-01"), day("2026-05-31")
    found = late.damages_of_accelerated(
        TERMS.late,
        TERMS.daycount,
        CALENDAR,
        plans,
        np.array([97_380, 10_000, 30_000]),
        np.full(3, start),
        np.full(3, paid),
    )
    assert found.tolist() == [239, 24, 358]


@pytest.mark.clause("AU-37.2(3)")
@pytest.mark.golden("G-17")
def test_the_fee_of_a_late_revolving_payment_bears_no_damages() -> None:
    plans = np.array([Product.AU_REVOLVING, Product.AU_INSTALMENTS])
    base = late.damages_base(plans, np.array([8_654, 9_330]), np.array([1_346, 1_490]))
    assert base.tolist() == [8_654, 10_820]


@pytest.mark.clause("AU-39.1(1)", "AU-37.1(3)", "AU-37.2(3)")
@pytest.mark.golden("G-29")
def test_missed_one_time_use_accelerates_on_the_next_day() -> None:
    due = np.array([day("2026-03-04")])
    accelerated = arrears.automatic_day(TERMS.acceleration, due)
    assert CALENDAR.date(int(accelerated[0])) == dt.date(2026, 3, 5)
    plan, yen = np.array([Product.AU_ONE_TIME]), np.array([1_000_000])
    rate_a_day = 398  # floor(1,000,000 * 14.55 % / 365)
    found = [
        late.damages_of_accelerated(
            TERMS.late, TERMS.daycount, CALENDAR, plan, yen, accelerated, np.array([day(paid)])
        )[0]
        for paid in ("2026-03-05", "2026-03-06")
    ]
    assert found == [0, rate_a_day]
    zero = np.zeros(1, dtype=np.int64)
    legs = LateLegs(zero, zero, plan, yen, yen, due, accelerated)
    overdue = late.damages_of_legs(TERMS.late, TERMS.daycount, CALENDAR, legs)
    assert overdue.yen.tolist() == [rate_a_day]


@pytest.mark.clause("AU-39.2(1)", "AU-39.2(8)", "AU-37.1(2)", "COLL-03", "C-38")
@pytest.mark.golden("G-29")
def test_the_demand_for_missed_two_time_use_follows_the_worked_calendar() -> None:
    found = arrears.demand_days(TERMS.demand, np.array([day("2026-03-04")]))
    dates = [CALENDAR.date(int(days[0])).isoformat() for days in found]
    assert dates == ["2026-04-03", "2026-04-25", "2026-04-26", "2026-04-28"]
    first_day = late.damages_of_accelerated(
        TERMS.late,
        TERMS.daycount,
        CALENDAR,
        np.full(2, Product.AU_TWO_TIME),
        np.full(2, 1_000_000),
        np.full(2, day("2026-04-26")),
        np.array([day("2026-04-26"), day("2026-04-27")]),
    )
    assert first_day.tolist() == [0, 81]  # floor(1,000,000 * 2.99 % / 365) from the 27th


@pytest.mark.clause("AU-42.1", "C-09")
@pytest.mark.golden("G-21")
@pytest.mark.parametrize(("inclusive", "first"), [(True, "2026-01-30"), (False, "2026-01-29")])
def test_relief_reaches_back_to_the_61st_day(*, inclusive: bool, first: str) -> None:
    terms = LossTerms(inclusive=inclusive)
    found = relief.first_relieved_day(terms, np.array([day("2026-03-31")]))
    assert CALENDAR.date(int(found[0])) == dt.date.fromisoformat(first)


@pytest.mark.clause("AU-34.5")
@pytest.mark.golden("G-22")
@pytest.mark.parametrize(
    ("plan", "cash", "total", "allowed"),
    [
        (Product.AU_INSTALMENTS, 38_000, 39_999, False),
        (Product.AU_INSTALMENTS, 37_000, 40_000, True),
        (Product.AU_REVOLVING, 37_999, 99_999, False),
        (Product.AU_REVOLVING, 38_000, 38_000, True),
        (Product.AU_ONE_TIME, 900_000, 900_000, False),
        (Product.AU_TWO_TIME, 40_000, 40_000, True),
        (Product.AU_BONUS, 39_999, 39_999, False),
    ],
)
def test_payment_may_be_stopped_from_the_printed_amounts(
    plan: Product, cash: int, total: int, *, allowed: bool
) -> None:
    yes = np.array([True])
    found = defence.may_stop(
        TERMS.stop, np.array([plan]), np.array([cash]), np.array([total]), yes, ~yes
    )
    assert found.tolist() == [allowed]
