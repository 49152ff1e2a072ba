"""Kernels against slow independent oracles: fractions, and loops over single days and yen."""

import calendar
import datetime as dt
import math
from fractions import Fraction
from itertools import chain, pairwise

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from models.calendar import Calendar
from models.kernels import (
    accrued_fee,
    allocate,
    allocate_by_account,
    day_weight,
    fees_with_tax,
    funding_cost,
    interest_of_weight,
    late_damages,
    merchant_discount,
    with_tax,
)

fixed = settings(max_examples=60)

DATES = st.dates(dt.date(1890, 1, 1), dt.date(2410, 12, 31))
SPANS = st.integers(-400, 5_000)
YEN = st.one_of(st.integers(0, 10**6), st.integers(0, 10**12))
RATES = st.fractions(0, 1, max_denominator=10_000)
CLAIMS = st.integers(0, 10**12)


def days_after(due: dt.date, paid: dt.date) -> list[dt.date]:
    """List the days from the day after the due date to the day of payment."""
    return [due + dt.timedelta(days=n) for n in range(1, (paid - due).days + 1)]


def year_fraction(days: list[dt.date]) -> Fraction:
    """Add up the days of each year as exact parts of that year."""
    n_leap = sum(calendar.isleap(day.year) for day in days)
    return Fraction(len(days) - n_leap, 365) + Fraction(n_leap, 366)


def within_bound(yen: int, rate: Fraction, n_days: int) -> int:
    """Cut yen to what the stated bound of the kernels allows over a number of days."""
    numerator = (rate / (365 * 366)).numerator
    return min(yen, (2**63 - 1) // max(numerator * 366 * n_days, 1))


def waterfall(cash: int, claims: list[int]) -> list[int]:
    """Pay claims one after the other until the cash is used up."""
    received = []
    for claim in claims:
        received.append(min(cash, claim))
        cash -= received[-1]
    return received


@pytest.mark.clause("NP-30.1", "C-28", "C-41")
@fixed
@given(yen=YEN, rate=RATES, due=DATES, span=SPANS)
@example(yen=10**12, rate=Fraction(146, 1000), due=dt.date(1999, 12, 30), span=2_000)
@example(yen=10**12, rate=Fraction(146, 1000), due=dt.date(2099, 12, 30), span=2_000)
@example(yen=1, rate=Fraction(1), due=dt.date(2023, 12, 31), span=366)
@example(yen=1, rate=Fraction(1), due=dt.date(2024, 12, 31), span=364)
def test_late_damages_are_the_floor_of_the_exact_fraction(
    yen: int, rate: Fraction, due: dt.date, span: int
) -> None:
    paid = due + dt.timedelta(days=span)
    yen = within_bound(yen, rate, span)
    exact = yen * rate * year_fraction(days_after(due, paid))
    assert late_damages(yen, rate, due, paid) == math.floor(exact)


@pytest.mark.clause("AU-23.1")
@fixed
@given(yen=YEN, rate=RATES, first=DATES, span=SPANS)
def test_an_accrued_fee_is_the_floor_of_the_exact_fraction(
    yen: int, rate: Fraction, first: dt.date, span: int
) -> None:
    last = first + dt.timedelta(days=span)
    days = [first, *days_after(first, last)] if span >= 0 else []
    yen = within_bound(yen, rate, len(days))
    assert accrued_fee(yen, rate, first, last) == math.floor(yen * rate * year_fraction(days))


@pytest.mark.clause("NP-30.1")
@fixed
@given(yen=YEN, rate=RATES, due=DATES, n_days=st.integers(1, 1_500))
def test_late_damages_never_fall_from_day_to_day(
    yen: int, rate: Fraction, due: dt.date, n_days: int
) -> None:
    paid = np.datetime64(due) + np.arange(n_days)
    damages = late_damages(within_bound(yen, rate, n_days), rate, due, paid)
    assert (np.diff(damages) >= 0).all()


@pytest.mark.clause("C-41")
@fixed
@given(yen=YEN, rate=RATES, due=DATES, spans=st.tuples(st.integers(0, 900), st.integers(0, 900)))
def test_two_parts_of_a_span_lose_at_most_one_yen_against_the_whole(
    yen: int, rate: Fraction, due: dt.date, spans: tuple[int, int]
) -> None:
    between, paid = (due + dt.timedelta(days=n) for n in (spans[0], sum(spans)))
    yen = within_bound(yen, rate, sum(spans))
    parts = late_damages(yen, rate, due, between) + late_damages(yen, rate, between, paid)
    assert late_damages(yen, rate, due, paid) - parts in {0, 1}


@fixed
@given(start=DATES, span=st.integers(0, 5_000))
@example(start=dt.date(1895, 1, 1), span=2_500)
@example(start=dt.date(1999, 2, 1), span=800)
@example(start=dt.date(2099, 2, 1), span=2_500)
def test_day_weights_step_by_366_in_ordinary_and_365_in_leap_years(
    start: dt.date, span: int
) -> None:
    days = days_after(start, start + dt.timedelta(days=span))
    steps = np.diff(day_weight([start, *days]))
    assert steps.tolist() == [365 if calendar.isleap(day.year) else 366 for day in days]


@fixed
@given(
    rows=st.lists(st.tuples(YEN, st.integers(0, 20 * 365 * 366)), min_size=1, max_size=30),
    rate=RATES,
)
def test_a_batch_of_interest_equals_its_single_cases(
    rows: list[tuple[int, int]], rate: Fraction
) -> None:
    scale = rate / (365 * 366)
    assume(all(y * w * scale.numerator <= 2**63 - 1 for y, w in rows))  # beyond, it is refused
    yen, weight = np.array(rows).T
    expected = [math.floor(y * rate * Fraction(w, 365 * 366)) for y, w in rows]
    assert interest_of_weight(yen, rate, weight).tolist() == expected


@fixed
@given(yen=st.integers(0, 2**63 - 1), rate=RATES, weight=st.integers(0, 200 * 365 * 366))
def test_interest_is_exact_or_refused_up_to_the_largest_amount(
    yen: int, rate: Fraction, weight: int
) -> None:
    scale = rate / (365 * 366)
    if yen * weight * scale.numerator > 2**63 - 1:
        with pytest.raises(OverflowError, match="interest: "):
            interest_of_weight(yen, rate, weight)
    else:
        assert interest_of_weight(yen, rate, weight) == math.floor(yen * weight * scale)


@pytest.mark.clause("NP-25.2", "C-02")
@fixed
@given(fee=st.integers(0, 10**6), n_uses=st.integers(0, 200), tax=RATES)
def test_fees_with_tax_are_the_rounded_exact_fractions(
    fee: int, n_uses: int, tax: Fraction
) -> None:
    gross = fee * (1 + tax)
    half_up = math.floor(gross + Fraction(1, 2))
    assert with_tax(fee, tax) == math.floor(gross)
    assert with_tax(fee, tax, "per_fee_half_up") == half_up
    assert fees_with_tax(fee, n_uses, tax, "per_fee_floor") == n_uses * math.floor(gross)
    assert fees_with_tax(fee, n_uses, tax, "per_fee_half_up") == n_uses * half_up
    assert fees_with_tax(fee, n_uses, tax, "sum_floor") == math.floor(n_uses * gross)


@pytest.mark.clause("LEN-01", "LEN-03")
@fixed
@given(yen=YEN, rate=RATES)
def test_discount_and_funding_cost_are_the_floor_of_the_exact_fraction(
    yen: int, rate: Fraction
) -> None:
    assert merchant_discount(yen, rate) == math.floor(yen * rate)
    assert funding_cost(yen, rate) == math.floor(yen * rate / 365)


@pytest.mark.clause("NP-29.1")
@fixed
@given(st.data())
def test_allocation_pays_claims_one_after_the_other(data: st.DataObject) -> None:
    width = data.draw(st.integers(0, 6))
    row = st.tuples(CLAIMS, st.lists(CLAIMS, min_size=width, max_size=width))
    rows = data.draw(st.lists(row, min_size=1, max_size=8))
    cash, claims = [row[0] for row in rows], [row[1] for row in rows]
    allocated = allocate(cash, np.array(claims, dtype=np.int64).reshape(len(rows), width))
    assert allocated.tolist() == [waterfall(c, row) for c, row in rows]
    expected = [min(c, sum(row)) for c, row in rows]
    assert allocated.sum(axis=1).tolist() == expected


@pytest.mark.clause("NP-29.1", "NP-29.2")
@fixed
@given(st.data())
def test_allocation_by_account_pays_row_after_row_and_returns_the_rest(
    data: st.DataObject,
) -> None:
    width = data.draw(st.integers(1, 5))
    bills = st.lists(st.lists(CLAIMS, min_size=width, max_size=width), min_size=1, max_size=4)
    portfolio = data.draw(st.dictionaries(st.integers(0, 50), st.tuples(CLAIMS, bills), min_size=1))
    members = sorted(portfolio)
    cash = [portfolio[member][0] for member in members]
    account = [member for member in members for _ in portfolio[member][1]]
    claims = [bill for member in members for bill in portfolio[member][1]]
    allocated, left = allocate_by_account(cash, account, claims)
    expected = [waterfall(c, list(chain(*b))) for c, b in (portfolio[m] for m in members)]
    assert allocated.ravel().tolist() == list(chain(*expected))
    assert left.tolist() == [c - sum(paid) for c, paid in zip(cash, expected, strict=True)]


@pytest.mark.clause("CAL-01", "CAL-02")
@fixed
@given(year=st.integers(1990, 2095), month=st.integers(1, 12), months=st.integers(1, 30))
def test_rolls_go_forward_to_the_first_business_day(year: int, month: int, months: int) -> None:
    horizon = Calendar.of(dt.date(year, month, 1), months)
    roll = horizon.next_business_day[: horizon.n_days].tolist()
    is_open = horizon.is_business_day
    for day, rolled in enumerate(roll):
        assert is_open[rolled]
        assert not is_open[day:rolled].any()
    assert all(earlier <= later for earlier, later in pairwise(roll))
