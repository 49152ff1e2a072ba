"""Every kernel in one call over 100,000 random cases against a slow oracle of its own.

The oracles count single days and single yen steps in plain Python integers and fractions; amounts
run from nothing to the largest that the kernel takes.
"""

import calendar
import datetime as dt
import math
from fractions import Fraction
from itertools import accumulate

import numpy as np
import numpy.typing as npt
import pytest

from models.calendar import Calendar
from models.kernels import (
    accrued_fee,
    allowed_instalments,
    annual_percentage_rate,
    award_day,
    instalment_fee,
    instalment_plan,
    last_usable_day,
    late_damages,
    pay_with_points,
    points_awarded,
    refund_of_price_cut,
    reversed_points,
    revolving_fee,
    revolving_payment,
    two_time_split,
    unearned_fee,
)
from models.products.au_pay import late
from models.products.au_pay.accrual import DayCount, accrual
from models.products.au_pay.default_terms import LateDamagesTerms
from models.products.catalogue import Product

Ints = npt.NDArray[np.int64]

N_CASES = 100_000
LARGEST = 2**63 - 1
YEAR = 365 * 366

EPOCH = dt.date(1970, 1, 1)
ONE_DAY = dt.timedelta(days=1)
N_DAYS = (dt.date(2110, 1, 1) - EPOCH).days
CALENDAR = [EPOCH + n * ONE_DAY for n in range(N_DAYS)]
LEAP_DAYS = [0, *accumulate(int(calendar.isleap(day.year)) for day in CALENDAR)]
"""Days in leap years before each day since 1970, counted one by one."""

FIRST_DAY = (dt.date(2023, 1, 1) - EPOCH).days
HORIZON = Calendar.of(EPOCH + FIRST_DAY * ONE_DAY, months=1)

RATES = [Fraction(rate, 10_000) for rate in (1_460, 1_455, 299, 1_800, 9_973)]


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(20_260_401)


def year_part(first: int, last: int) -> Fraction:
    """Measure the days from the first to the last, both included, in parts of their years."""
    if last < first:
        return Fraction(0)
    leap = LEAP_DAYS[last + 1] - LEAP_DAYS[first]
    return Fraction(366 * (last - first + 1 - leap) + 365 * leap, YEAR)


def dates(days: Ints) -> npt.NDArray[np.datetime64]:
    """Turn days since 1970 into dates."""
    return np.datetime64("1970-01-01") + days.astype("timedelta64[D]")


def log_uniform(random: np.random.Generator, most: npt.ArrayLike, n: int = N_CASES) -> Ints:
    """Draw whole numbers of every order of magnitude from 0 to each case's largest."""
    most = np.broadcast_to(np.asarray(most, dtype=np.int64), n)
    shift = random.integers(0, 63, n)
    drawn = np.minimum(random.integers(0, LARGEST, n) >> shift, most)
    drawn[::50] = most[::50]
    return np.asarray(drawn)


def spans(random: np.random.Generator, n: int = N_CASES) -> tuple[Ints, Ints]:
    """Draw days since 1970, and later ones up to 30 years after them, few before."""
    first = random.integers(1, N_DAYS - 11_000, n)
    length = np.where(random.random(n) < 0.5, random.integers(-5, 120, n), 0)
    length = np.where(length == 0, random.integers(0, 10_950, n), length)
    return first, np.maximum(first + length, 0)


def largest_yen(rate: Fraction, days: Ints) -> Ints:
    """Give the largest yen that the stated bound allows over a number of days."""
    numerator = (rate / YEAR).numerator
    return LARGEST // (numerator * 366 * np.maximum(days, 1))


@pytest.mark.clause("NP-30.1", "AU-37.2(3)", "C-28", "C-41", "C-54")
@pytest.mark.parametrize("split_years", [True, False])
def test_late_damages_are_the_floor_of_days_counted_one_by_one(
    random: np.random.Generator, *, split_years: bool
) -> None:
    for rate in RATES:
        due, paid = (days[: N_CASES // len(RATES)] for days in spans(random))
        yen = log_uniform(random, largest_yen(rate, paid - due), due.size)
        damages = late_damages(yen, rate, dates(due), dates(paid), split_years=split_years)
        for y, d, p, result in zip(*map(np.ndarray.tolist, (yen, due, paid, damages)), strict=True):
            if split_years:
                part = year_part(d + 1, p)
            else:
                part = Fraction(
                    max(p - d, 0), 366 if calendar.isleap(CALENDAR[d + 1].year) else 365
                )
            assert result == math.floor(y * rate * part)


@pytest.mark.clause("AU-23.1", "AU-30.1(2)", "AUX-REV(3)", "C-41")
def test_accrued_fees_are_the_floor_of_the_sum_or_the_sum_of_the_floors(
    random: np.random.Generator,
) -> None:
    rate = RATES[3]
    first, last = spans(random)
    balance = log_uniform(random, largest_yen(rate, last - first + 1))
    days = dates(first), dates(last)
    of_sum = accrued_fee(balance, rate, *days).tolist()
    of_each = accrued_fee(balance, rate, *days, split_mode="each").tolist()
    cases = zip(*map(np.ndarray.tolist, (balance, first, last)), of_sum, of_each, strict=True)
    for b, f, t, fee, each in cases:
        assert fee == math.floor(b * rate * year_part(f, t))
        leap = LEAP_DAYS[t + 1] - LEAP_DAYS[f] if t >= f else 0
        ordinary = max(t - f + 1, 0) - leap
        assert each == math.floor(b * rate * ordinary / 365) + math.floor(b * rate * leap / 366)


@pytest.mark.clause("AU-30.1(2)", "C-18", "C-47")
def test_the_fee_of_three_parts_is_floored_once(random: np.random.Generator) -> None:
    rate = RATES[3]
    first, last = (days.reshape(-1, 3) for days in spans(random, 3 * N_CASES))
    longest = np.repeat((last - first + 1).max(axis=1), 3)
    balance = log_uniform(random, largest_yen(rate, longest) // 3, 3 * N_CASES).reshape(-1, 3)
    fees = revolving_fee(balance, rate, dates(first), dates(last))
    cases = zip(*map(np.ndarray.tolist, (balance, first, last, fees)), strict=True)
    for parts, starts, ends, fee in cases:
        exact = sum(b * year_part(f, t) for b, f, t in zip(parts, starts, ends, strict=True))
        assert fee == math.floor(exact * rate)


def slow_payment(course: str, balance: int, fee: int, chosen: int, top_up: int, way: str) -> int:
    """Climb the printed table of a course step by step, then the steps above the fee."""
    if course == "fixed":
        payment = chosen
        while fee > chosen and payment <= fee:
            payment += 10_000
    elif course == "standard":
        payment, edge = 10_000, 100_000
        while balance > edge if way == "ceil" else balance >= edge + 50_000:
            payment, edge = payment + 5_000, edge + 50_000
    else:
        payment, edge, width = 3_000, 60_000, 20_000
        while balance > edge if way == "ceil" else balance >= edge + width:
            payment, edge = payment + 1_000, edge + width
            width = 20_000 if edge < 200_000 else 25_000
    return max(payment, fee) + top_up


@pytest.mark.clause("AU-30.1(1)", "AU-30.1(3)", "AUX-REV(1)", "C-13", "C-17")
@pytest.mark.parametrize("way", ["ceil", "floor"])
def test_revolving_payments_are_those_of_the_table_climbed_step_by_step(
    random: np.random.Generator, way: str
) -> None:
    course = np.array(["standard", "long", "fixed"])[random.integers(0, 3, N_CASES)]
    balance = random.integers(0, 2_000_000, N_CASES) >> random.integers(0, 12, N_CASES)
    balance[::3] = balance[::3] // 5_000 * 5_000 + random.integers(-1, 2, balance[::3].size)
    balance = np.maximum(balance, 0)
    fee = balance * random.integers(0, 60, N_CASES) // 1_000
    chosen = 5_000 * random.integers(1, 21, N_CASES)
    top_up = 1_000 * random.integers(0, 10, N_CASES) * (random.random(N_CASES) < 0.2)
    rounding = "ceil" if way == "ceil" else "floor"
    on_top = revolving_payment(balance, course, fee, chosen, top_up=top_up, tier_rounding=rounding)
    within = revolving_payment(
        balance,
        course,
        fee,
        chosen,
        top_up=top_up,
        tier_rounding=rounding,
        final_rule="min_payment_balance_plus_fee",
    )
    principal = on_top - fee
    assert ((principal >= 0) & (principal <= balance)).all()
    rows = map(np.ndarray.tolist, (course, balance, fee, chosen, top_up, on_top, within))
    for name, b, f, c, extra, paid, paid_within in zip(*rows, strict=True):
        payment = slow_payment(name, b, f, c, extra, way)
        assert paid == (b + f if b < payment else payment)
        assert paid_within == min(payment, b + f)


@pytest.mark.clause("AUX-REV(1)")
def test_the_largest_balances_of_the_revolving_plan_are_exact(random: np.random.Generator) -> None:
    balance, fee = log_uniform(random, 2**61), log_uniform(random, 2**61)
    chosen = np.maximum(log_uniform(random, 2**61), 1)
    course = random.integers(0, 3, N_CASES)
    payments = revolving_payment(balance, course, fee, chosen)
    rows = map(np.ndarray.tolist, (course, balance, fee, chosen, payments))
    for number, b, f, c, payment in zip(*rows, strict=True):
        if number == 0:
            expected = max(10_000 + 5_000 * max(math.ceil(Fraction(b - 100_000, 50_000)), 0), f)
        elif number == 1:
            expected = 3_000 + 1_000 * max(math.ceil(Fraction(min(b, 200_000) - 60_000, 20_000)), 0)
            expected += 1_000 * max(math.ceil(Fraction(b - 200_000, 25_000)), 0)
            expected = max(expected, f)
        else:
            expected = c + 10_000 * (math.floor(Fraction(f - c, 10_000)) + 1) if f > c else c
        assert payment == (b + f if b < expected else expected)


@pytest.mark.clause("AU-31.1", "AU-31.2", "AU-31.3", "AUX-INS", "C-11")
def test_instalments_are_the_floor_of_the_exact_fee_and_add_up(random: np.random.Generator) -> None:
    n = random.integers(3, 37, N_CASES)
    price = log_uniform(random, LARGEST // (41 * n))
    fee = instalment_fee(price, n)
    never_free = instalment_fee(price, n, three_free=False)
    plan = instalment_plan(price + fee, n)
    rows = map(np.ndarray.tolist, (price, n, fee, never_free, *plan))
    for p, count, f, full, first, other in zip(*rows, strict=True):
        assert full == math.floor(Fraction(p * 82 * count, 10_000))
        assert f == (0 if count == 3 else full)
        instalments = [first] + [other] * (count - 1)
        assert sum(instalments) == p + f
        assert 0 <= first - other < count


@pytest.mark.clause("AU-29.1(2)")
def test_a_two_time_payment_leaves_the_odd_yen_to_the_second(random: np.random.Generator) -> None:
    total = log_uniform(random, LARGEST)
    for t, first, second in zip(
        *map(np.ndarray.tolist, (total, *two_time_split(total))), strict=True
    ):
        assert (first + second, second - first) == (t, t % 2)


@pytest.mark.clause("AU-31.1", "C-37")
def test_the_number_of_payments_is_the_largest_whose_instalments_are_large_enough(
    random: np.random.Generator,
) -> None:
    n = random.integers(3, 37, N_CASES)
    price = log_uniform(random, 40_000)
    allowed = allowed_instalments(price, n)
    for p, asked, count in zip(*map(np.ndarray.tolist, (price, n, allowed)), strict=True):
        expected = asked
        while (
            expected >= 3
            and (p + (p * 82 * expected // 10_000) * (expected > 3)) // expected < 1_000
        ):
            expected -= 1
        assert count == (expected if expected >= 3 else 1)


@pytest.mark.clause("AU-32.4", "AUX-PRE(1)", "C-14")
def test_the_unearned_fee_is_the_floor_of_the_digits_of_the_instalments_to_come(
    random: np.random.Generator,
) -> None:
    n = random.integers(1, 61, N_CASES)
    paid = random.integers(0, n + 1)
    period = random.integers(1, 63, N_CASES)
    left = random.integers(0, period + 1) * (random.random(N_CASES) < 0.5)
    unpaid = n - paid
    fee = log_uniform(random, LARGEST // np.maximum(unpaid * ((unpaid - 1) * period + 2 * left), 1))
    unearned = unearned_fee(fee, n, paid, days_left=left, period_days=period)
    rows = map(np.ndarray.tolist, (fee, n, paid, left, period, unearned))
    for f, count, made, days, length, rebate in zip(*rows, strict=True):
        digits = list(range(count, 0, -1))
        later = sum(digits[made + 1 :])
        running = Fraction(digits[made] * days, length) if made < count else Fraction(0)
        assert rebate == math.floor(f * (later + running) / sum(digits))


@pytest.mark.clause("AU-32.4")
def test_the_payoff_falls_with_each_instalment_to_the_last_one(random: np.random.Generator) -> None:
    price = random.integers(3_000, 10**7, 5_000)[:, np.newaxis]
    n = random.integers(3, 37, price.shape)
    fee = instalment_fee(price, n)
    total, paid = price + fee, np.minimum(np.arange(37), n)
    plan = instalment_plan(total, n)
    unpaid = np.where(paid == 0, total, (n - paid) * plan.other_yen)
    payoff = unpaid - unearned_fee(fee, n, paid)
    assert (np.diff(payoff, axis=1) <= 0).all()
    assert (np.diff(payoff, axis=1) < 0)[paid[:, 1:] > paid[:, :-1]].all()
    last = np.take_along_axis(payoff, n - 1, axis=1)
    assert (last == plan.other_yen).all()


def worth(rate: float, first: float, payment: float, n: int) -> float:
    """Value a plan at a yearly rate, month by month."""
    factor, value = 1.0 / (1.0 + rate / 12.0), 0.0
    for _ in range(n - 1):
        value = (value + payment) * factor
    return (value + first) * factor


@pytest.mark.clause("AUX-INS")
def test_the_percentage_rate_lies_within_1e_10_of_the_root(random: np.random.Generator) -> None:
    n = random.integers(1, 61, N_CASES)
    price = 10.0 ** random.uniform(0, 12, N_CASES)
    payment = price / n * (1 + n * random.choice([0.0082, 0.001, 0.05, -0.001], N_CASES))
    first = payment * random.choice([1.0, 1.0, 0.5, 1.7], N_CASES)
    rate = annual_percentage_rate(price, payment, n, first_payment=first)
    rows = map(np.ndarray.tolist, (price, payment, first, n, rate))
    for p, each, one, count, r in zip(*rows, strict=True):
        assert worth(r - 1e-10, one, each, count) >= p >= worth(r + 1e-10, one, each, count)


@pytest.mark.clause("AU-37.1(1)", "AU-37.1(2)", "AU-37.2(1)", "AU-37.2(2)", "C-30", "C-48")
def test_capped_damages_are_the_lesser_of_both_legs(random: np.random.Generator) -> None:
    rate, cap_rate = RATES[1], RATES[2]
    late_yen, rest_yen = (log_uniform(random, 10**8) for _ in range(2))
    start, end = random.integers(0, 400, N_CASES), random.integers(0, 4_000, N_CASES)
    is_accelerated = random.random(N_CASES) < 0.5
    damages = late.damages_of_accruals(
        LateDamagesTerms(),
        DayCount(),
        np.full(N_CASES, Product.AU_INSTALMENTS),
        is_accelerated,
        accrual(DayCount(), HORIZON, late_yen, start, end),
        accrual(DayCount(), HORIZON, rest_yen, start, end),
    )
    rows = map(np.ndarray.tolist, (late_yen, rest_yen, start, end, is_accelerated, damages))
    for yen, rest, after, to, accelerated, result in zip(*rows, strict=True):
        t = year_part(FIRST_DAY + after + 1, FIRST_DAY + to)
        cap = rest * cap_rate * t
        assert result == math.floor(cap if accelerated else min(yen * rate * t, cap))


@pytest.mark.clause("NP-36.2", "C-25")
def test_points_are_the_floor_of_the_exact_share(random: np.random.Generator) -> None:
    for multiplier in (Fraction(1), Fraction(3, 2), Fraction(10, 3), Fraction(0)):
        price = log_uniform(random, LARGEST // max(multiplier.numerator, 1))
        unit = log_uniform(random, 10**6) + 1
        points = points_awarded(price, unit, multiplier=multiplier)
        for p, u, result in zip(*map(np.ndarray.tolist, (price, unit, points)), strict=True):
            assert result == math.floor(p * multiplier / u)


@pytest.mark.clause("NP-36.1", "NP-36.3", "NP-39.1")
def test_points_come_after_the_wait_and_last_until_the_same_day_of_a_later_month(
    random: np.random.Generator,
) -> None:
    transacted = random.integers(0, N_DAYS - 2_000, N_CASES)
    paid = transacted + random.integers(0, 90, N_CASES)
    award = dates(award_day(transacted, paid))
    last = last_usable_day(award, 6)
    rows = map(np.ndarray.tolist, (transacted, paid, award, last))
    for t, p, awarded, usable in zip(*rows, strict=True):
        assert awarded == CALENDAR[max(t + 30, p)]
        year, month = awarded.year + (awarded.month > 6), (awarded.month + 5) % 12 + 1
        expected = dt.date(year, month, 28)
        while expected.day < awarded.day and (expected + ONE_DAY).month == month:
            expected += ONE_DAY
        assert usable == (expected if awarded.day >= 28 else expected.replace(day=awarded.day))


@pytest.mark.clause("NP-40.1", "NP-45.1", "NP-45.2", "C-73")
def test_reversed_points_are_taken_owed_or_claimed_one_for_one(random: np.random.Generator) -> None:
    balance = log_uniform(random, 2**61) * random.choice([1, 1, -1], N_CASES)
    points = log_uniform(random, 2**61)
    offset = reversed_points(balance, points)
    claimed = reversed_points(balance, points, claims_yen=True)
    assert not offset.claim_yen.any()
    rows = map(np.ndarray.tolist, (balance, points, offset.balance, *claimed))
    for before, taken, owed, left, claim in zip(*rows, strict=True):
        assert owed == before - taken
        covered = min(max(before, 0), taken)
        assert (left, claim) == (before - covered, taken - covered)


@pytest.mark.clause("NP-42.1", "NP-42.4", "C-07")
@pytest.mark.parametrize("returns_rest", [True, False])
def test_points_pay_and_come_back_without_a_yen_lost_beyond_one_point(
    random: np.random.Generator, *, returns_rest: bool
) -> None:
    bill = log_uniform(random, 2**62)
    unit = int(random.integers(1, 5))
    use = pay_with_points(bill, log_uniform(random, 2**60), yen_per_point=unit)
    cut = np.minimum(log_uniform(random, 2**62), bill)
    back = refund_of_price_cut(
        use.left_yen, use.points, cut, yen_per_point=unit, returns_rest=returns_rest
    )
    rows = map(np.ndarray.tolist, (bill, use.points, use.left_yen, cut, *back))
    for price, used, money, less, yen, points in zip(*rows, strict=True):
        assert used * unit + money == price
        assert yen == min(less, money)
        rest = (less - yen) // unit if returns_rest or money == 0 else 0
        assert points == rest <= used
