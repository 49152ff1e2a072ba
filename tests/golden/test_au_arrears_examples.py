"""Worked arrears, relief windows and payment stops of au PAY Atobarai (rulebook 4.5 to 4.7)."""

import datetime as dt

import numpy as np
import pytest

from models.calendar import Calendar
from models.policy.relief import first_relieved_day, rule_of_loss_terms
from models.products.au_pay import AuPayTerms, arrears, defence, late
from models.products.au_pay.accrual import Accrual, accrual, no_accrual
from models.products.au_pay.relief_terms import LossTerms
from models.products.catalogue import Product

TERMS = AuPayTerms()
CALENDAR = Calendar.of(dt.date(2026, 1, 1), months=12)


def day(date: str) -> int:
    """Give the index of a date."""
    return CALENDAR.day(dt.date.fromisoformat(date))


def damages(plan: Product, late_yen: list[int], remaining: int, due: list[int], paid: int) -> int:
    """Give the damages of missed payments of one use that share a cap, paid on one day."""
    late_sum = no_accrual(1)
    for yen, due_day in zip(late_yen, due, strict=True):
        late_sum = late_sum.plus(borne(yen, due_day, paid))
    rest = borne(remaining, min(due), paid)
    no = np.array([False])
    found = late.damages_of_accruals(
        TERMS.late, TERMS.daycount, np.array([plan]), no, late_sum, rest
    )
    return int(found[0])


def accelerated_damages(plan: Product, yen: int, accelerated: int, paid: int) -> int:
    """Give the damages of an accelerated use from the day after the acceleration on."""
    sum_of_both = borne(yen, accelerated, paid)
    yes = np.array([True])
    found = late.damages_of_accruals(
        TERMS.late, TERMS.daycount, np.array([plan]), yes, sum_of_both, sum_of_both
    )
    return int(found[0])


def borne(yen: int, after_day: int, to_day: int) -> Accrual:
    """Accrue one balance over days."""
    one = np.array([yen]), np.array([after_day]), np.array([to_day])
    return accrual(TERMS.daycount, CALENDAR, *one)


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
    paid = day("2026-06-30")
    assert damages(plan, yen, remaining, [paid - n for n in days], paid) == result


@pytest.mark.clause("AU-37.2(1)", "AU-35.1", "CAL-06", "C-48")
@pytest.mark.golden("G-17")
@pytest.mark.parametrize(("remaining", "result"), [(97_380, 263), (43_280, 166)])
def test_the_dated_case_of_two_late_instalments(remaining: int, result: int) -> None:
    due = [day("2026-03-04"), day("2026-04-06")]
    plan = Product.AU_INSTALMENTS
    assert damages(plan, [10_820] * 2, remaining, due, day("2026-04-20")) == result


@pytest.mark.clause("AU-37.1(1)", "AU-37.1(2)", "AU-37.1(3)")
@pytest.mark.golden("G-17")
def test_accelerated_instalments_bear_the_cap_rate_on_all_that_remains() -> None:
    span = day("2026-05-01"), day("2026-05-31")
    uses = (
        (Product.AU_INSTALMENTS, 97_380),
        (Product.AU_TWO_TIME, 10_000),
        (Product.AU_ONE_TIME, 30_000),
    )
    assert [accelerated_damages(plan, yen, *span) for plan, yen in uses] == [239, 24, 358]


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
    plan, yen, start = Product.AU_ONE_TIME, 1_000_000, int(accelerated[0])
    rate_a_day = 398  # floor(1,000,000 * 14.55 % / 365)
    found = [
        accelerated_damages(plan, yen, start, day(paid)) for paid in ("2026-03-05", "2026-03-06")
    ]
    assert found == [0, rate_a_day]
    assert damages(plan, [yen], yen, [int(due[0])], start) == rate_a_day


@pytest.mark.clause("AU-39.2(1)", "AU-39.2(8)", "AU-37.1(2)", "COLL-03", "C-38")
@pytest.mark.golden("G-29")
def test_the_demand_for_missed_two_time_use_follows_the_worked_calendar() -> None:
    found = arrears.demand_days(TERMS.demand, np.array([day("2026-03-04")]))
    dates = [CALENDAR.date(int(days[0])).isoformat() for days in found]
    assert dates == ["2026-04-03", "2026-04-25", "2026-04-26", "2026-04-28"]
    start = day("2026-04-26")
    use = Product.AU_TWO_TIME, 1_000_000
    first_days = [accelerated_damages(*use, start, start + n) for n in range(2)]
    assert first_days == [0, 81]  # floor(1,000,000 * 2.99 % / 365) from the 27th


@pytest.mark.clause("AU-42.1", "C-09")
@pytest.mark.golden("G-21")
@pytest.mark.parametrize(("inclusive", "first"), [(True, "2026-01-30"), (False, "2026-01-29")])
def test_relief_reaches_back_to_the_61st_day(*, inclusive: bool, first: str) -> None:
    rule = rule_of_loss_terms(LossTerms(inclusive=inclusive))
    notice = np.array([day("2026-03-31")])
    found = first_relieved_day(rule.window_days, notice, inclusive=rule.inclusive)
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
