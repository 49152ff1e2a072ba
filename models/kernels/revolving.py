"""The revolving plan: the monthly payment of its three courses and the fee contained in it.

In flow balances at the cut-off, fees and courses, out flow int64 yen. Kept invariant: the payment
covers its fee, and what is above the fee never exceeds the balance, so that
``principal = payment - fee`` lies between 0 and the balance.
"""

from fractions import Fraction
from itertools import zip_longest
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from models.codes import Code
from models.kernels.days import YEAR_WEIGHT, Dates, as_days, span_weight
from models.kernels.exact import ExactRate, IntArray, exact_rate, floor_of_product, whole_numbers

TierRounding: TypeAlias = Literal["ceil", "floor"]
"""When a step of a course counts: once it is started, or once it is completed (C-13)."""

AboveTable: TypeAlias = Literal["continue", "not_allowed"]
"""What the Long course does above the end of its printed table (C-13)."""

FinalRule: TypeAlias = Literal[
    "balance_plus_fee_when_balance_lt_payment", "min_payment_balance_plus_fee"
]
"""How a balance is paid off: with the fee on top of it, or within the payment (C-17)."""


class Course(Code):
    """Course of the revolving plan."""

    STANDARD = 0
    LONG = 1
    FIXED = 2


class Step(NamedTuple):
    """Above `above_yen`, each further `width_yen` of balance adds `raise_yen`."""

    above_yen: int
    width_yen: int
    raise_yen: int


class Tiers(NamedTuple):
    """Tier table of a course: its minimum payment and ascending steps."""

    minimum_yen: int
    steps: tuple[Step, ...]


STANDARD = Tiers(10_000, (Step(100_000, 50_000, 5_000),))
"""Standard course (AUX-REV(1))."""

LONG = Tiers(3_000, (Step(60_000, 20_000, 1_000), Step(200_000, 25_000, 1_000)))
"""Long course (AUX-REV(1)); its table is printed up to `LONG_LAST_YEN`."""

LONG_LAST_YEN = 300_000
"""Largest balance for which the Long course states a payment."""

STEP_UP_YEN = 10_000
"""Steps in which a chosen amount is raised above the fee (AUX-REV(1))."""

_LARGEST = 2**61


def tiered_payment(
    balance: npt.ArrayLike, tiers: Tiers, tier_rounding: TierRounding = "ceil"
) -> IntArray:
    """Return the payment that a tier table sets for each balance.

    Parameters
    ----------
    balance
        Balances at the cut-off, yen, 0 or more.
    tiers
        Tier table of the course.
    tier_rounding
        Whether a step counts once started (``"ceil"``) or once completed (``"floor"``).

    Returns
    -------
    IntArray
        Payments in yen before any final rule, the shape of `balance`, int64.

    Raises
    ------
    TypeError
        If balances are not integers.
    ValueError
        If balances are negative or the rounding is unknown.
    OverflowError
        If a balance is above 2**61.

    Notes
    -----
    ``minimum + sum of raise * ceil((min(b, next above) - above) / width)`` over the steps that
    the balance b reaches (AUX-REV(1), C-13).

    Examples
    --------
    >>> tiered_payment([100_000, 100_001, 150_001], STANDARD).tolist()
    [10000, 15000, 20000]
    >>> tiered_payment([100_001, 150_000, 150_001], STANDARD, "floor").tolist()
    [10000, 15000, 15000]
    """
    if tier_rounding not in {"ceil", "floor"}:
        raise ValueError(f"tier_rounding must be 'ceil' or 'floor', got {tier_rounding!r}")
    balances = _yen(balance, "balance")
    payment = np.full(balances.shape, tiers.minimum_yen, dtype=np.int64)
    for step, following in zip_longest(tiers.steps, tiers.steps[1:]):
        end = following.above_yen if following else _LARGEST
        reached = np.clip(balances, step.above_yen, end) - step.above_yen
        if tier_rounding == "ceil":
            reached = reached + (step.width_yen - 1)
        payment += step.raise_yen * (reached // step.width_yen)
    return payment


def revolving_payment(
    balance: npt.ArrayLike,
    course: npt.ArrayLike,
    fee: npt.ArrayLike,
    chosen: npt.ArrayLike | None = None,
    *,
    top_up: npt.ArrayLike = 0,
    tier_rounding: TierRounding = "ceil",
    long_above_300k: AboveTable = "continue",
    final_rule: FinalRule = "balance_plus_fee_when_balance_lt_payment",
    step_up_yen: int = STEP_UP_YEN,
    standard: Tiers = STANDARD,
    long: Tiers = LONG,
) -> IntArray:
    """Return the whole monthly payment of the revolving plan, the fee contained in it.

    Parameters
    ----------
    balance
        Balance at the cut-off, yen, 0 to 2**61.
    course
        ``"standard"``, ``"long"`` or ``"fixed"``, or the numbers of `Course`.
    fee
        Fee of the month, yen, 0 to 2**61.
    chosen
        Amount that the member named for the Fixed course, yen, 1 to 2**61; ignored in the other
        courses.
    top_up
        Yen by which the member raises the payment of the month (AU-30.1(3)).
    tier_rounding
        When a step of the tier tables counts (C-13).
    long_above_300k
        Whether the Long course goes on above 300,000 yen or refuses such a balance (C-13).
    final_rule
        How a small balance is paid off (C-17).
    step_up_yen
        Steps in which an amount of the Fixed course is raised above the fee.
    standard, long
        Tier tables of the two courses.

    Returns
    -------
    IntArray
        Payments in yen, the broadcast shape of all array arguments, int64.

    Raises
    ------
    TypeError
        If amounts are not integers.
    ValueError
        If amounts are negative, a course or rule is unknown, an amount of the Fixed course is
        missing, or the Long course refuses a balance.
    OverflowError
        If an amount is above 2**61.

    Notes
    -----
    ::

        m = tiers(balance)                             Standard, Long
        m = chosen + step_up * k, least k with m > fee    Fixed, where fee > chosen; else chosen
        p = m + top_up
        payment = balance + fee if balance < p else p

    or, under the other final rule, ``payment = min(p, balance + fee)`` (AU-30.1(1), AUX-REV(1)).
    In the tiered courses, for which no step-up is stated, the payment is at least the fee; at
    18 % it always is.

    Examples
    --------
    >>> revolving_payment(100_000, ["standard", "long", "fixed"], 1_035, 5_000).tolist()
    [10000, 5000, 5000]
    >>> int(revolving_payment(9_950, "fixed", 147, 10_000))
    10097
    """
    courses = _courses(course)
    balances, fees, raised = _yen(balance, "balance"), _yen(fee, "fee"), _yen(top_up, "top_up")
    on_long = (courses == Course.LONG) & (balances > LONG_LAST_YEN)
    match long_above_300k:
        case "not_allowed" if on_long.any():
            raise ValueError(f"the long course takes no balance above {LONG_LAST_YEN} yen")
        case "continue" | "not_allowed":
            pass
        case _:
            raise ValueError(
                f"long_above_300k must be 'continue' or 'not_allowed', got {long_above_300k!r}"
            )
    by_tiers = np.where(
        courses == Course.LONG,
        tiered_payment(balances, long, tier_rounding),
        tiered_payment(balances, standard, tier_rounding),
    )
    monthly = np.maximum(by_tiers, fees)
    if (is_fixed := courses == Course.FIXED).any():
        stepped = _stepped_up(_chosen(chosen, is_fixed), fees, step_up_yen)
        monthly = np.where(is_fixed, stepped, monthly)
    return _paid_off(monthly + raised, balances, fees, final_rule)


def revolving_fee(
    balance: npt.ArrayLike, rate: ExactRate, first_day: Dates, last_day: Dates
) -> IntArray:
    """Return the fee of a month whose balance is made of parts or changes on the way.

    Parameters
    ----------
    balance
        Parts of the balance, yen, 0 or more, shape (..., k): purchases with first days of their
        own, or the balance before and after a part prepayment.
    rate
        Rate a year, exact, 0 or more.
    first_day, last_day
        First and last day of each part, both included; broadcast with `balance`.

    Returns
    -------
    IntArray
        Fees in yen, the broadcast shape without its last axis, int64.

    Raises
    ------
    TypeError
        If balances are not integers, dates are numbers, or the rate is a binary float.
    ValueError
        If balance or rate are negative, a date is missing (NaT), or there is no axis of parts.
    OverflowError
        If k * balance * p * weight of a part is above 2**63 - 1 (see `interest_of_weight`).

    Notes
    -----
    The sum of the parts is floored once (AU-30.1(2), C-18, C-47); one part alone is
    `accrued_fee`.

    Examples
    --------
    >>> parts, first_days = [91_035, 50_000], ["2025-09-05", "2025-09-15"]
    >>> int(revolving_fee(parts, "0.18", first_days, "2025-10-04"))
    1839
    """
    before = as_days(first_day, "first_day") - np.timedelta64(1, "D")
    weight = span_weight(before, as_days(last_day, "last_day"))
    balances = whole_numbers(balance, "balance")
    shape = np.broadcast_shapes(balances.shape, weight.shape)
    if not shape:
        raise ValueError("balance and days need an axis of parts; for one part: accrued_fee")
    scale, n_parts = exact_rate(rate) / YEAR_WEIGHT, max(shape[-1], 1)
    # NOTE: checked as if each part were the whole sum, which therefore cannot overflow.
    whole = floor_of_product(balances, weight, Fraction(n_parts * scale.numerator), "revolving fee")
    return np.asarray((whole // n_parts).sum(axis=-1) // scale.denominator, dtype=np.int64)


def _yen(values: npt.ArrayLike, name: str) -> IntArray:
    """Return yen as int64, small enough that the sum of any three of them fits."""
    yen = whole_numbers(values, name)
    if yen.max(initial=0) > _LARGEST:
        raise OverflowError(f"{name} must be at most 2**61, got {yen.max()}")
    return yen


def _courses(course: npt.ArrayLike) -> IntArray:
    """Return the numbers of courses given by name or number."""
    given = np.asarray(course)
    if given.dtype.kind == "U":
        numbers = np.full(given.shape, -1, dtype=np.int64)
        for known in Course:
            numbers[given == known.name.lower()] = known
    else:
        numbers = whole_numbers(given, "course")
    if unknown := sorted(set(given[~np.isin(numbers, list(Course))].ravel().tolist())):
        raise ValueError(f"course must be 'standard', 'long' or 'fixed', got {unknown[0]!r}")
    return numbers


def _chosen(chosen: npt.ArrayLike | None, is_fixed: npt.NDArray[np.bool_]) -> IntArray:
    """Return the amounts named for the Fixed course, refusing those that are missing."""
    if chosen is None:
        raise ValueError("the fixed course needs the amount that the member chose")
    amounts = _yen(chosen, "chosen")
    if (is_fixed & (amounts < 1)).any():
        raise ValueError("chosen must be 1 or more in the fixed course, got 0")
    return amounts


def _stepped_up(chosen: IntArray, fee: IntArray, step_up_yen: int) -> IntArray:
    """Raise chosen amounts in steps until they exceed the fee, where the fee exceeds them."""
    if step_up_yen < 1:
        raise ValueError(f"step_up_yen must be 1 or more, got {step_up_yen}")
    n_steps = np.where(fee > chosen, (fee - chosen) // step_up_yen + 1, 0)
    return np.asarray(chosen + step_up_yen * n_steps)


def _paid_off(
    payment: IntArray, balance: IntArray, fee: IntArray, final_rule: FinalRule
) -> IntArray:
    """Replace the payment by what pays off a small balance (C-17)."""
    match final_rule:
        case "balance_plus_fee_when_balance_lt_payment":
            return np.where(balance < payment, balance + fee, payment)
        case "min_payment_balance_plus_fee":
            return np.asarray(np.minimum(payment, balance + fee))
        case _:
            raise ValueError(
                "final_rule must be 'balance_plus_fee_when_balance_lt_payment' or "
                f"'min_payment_balance_plus_fee', got {final_rule!r}"
            )
