"""Late damages and fees that accrue by the day, exact to the yen.

In flow unpaid yen, one exact yearly rate and dates (or a day-weight span); out flow int64 yen.
Kept invariant: one floor at the end of the whole span, whatever years it touches.
"""

from fractions import Fraction
from functools import lru_cache
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from models.kernels.days import YEAR_WEIGHT, Dates, as_days, span_weight
from models.kernels.exact import ExactRate, IntArray, exact_rate, floor_of_product, whole_numbers

SplitMode: TypeAlias = Literal["sum", "each"]
"""What is floored over a leap-year border: the whole span once, or the days of either kind of
year apart (C-41)."""

_ONE_DAY = np.timedelta64(1, "D")


def interest_of_weight(yen: npt.ArrayLike, rate: ExactRate, weight: npt.ArrayLike) -> IntArray:
    """Return simple interest on yen over a span given by its day weight.

    Parameters
    ----------
    yen
        Amounts that bear interest, yen, 0 or more.
    rate
        Rate a year, exact, 0 or more.
    weight
        Difference of two day weights (`day_weight`), 0 or more; broadcasts with `yen`.

    Returns
    -------
    IntArray
        Interest in yen, rounded down once, the broadcast shape, int64.

    Raises
    ------
    TypeError
        If yen or weight are not integers, or the rate is a binary float.
    ValueError
        If yen, rate or weight are negative.
    OverflowError
        If yen * p * weight of an element is above 2**63 - 1, where p / q is
        rate / (365 * 366) in lowest terms.

    Notes
    -----
    ::

        interest = floor(yen * rate * weight / (365 * 366))

    Each day counts 1/365 of a year, in a leap year 1/366 (NP-30.1, C-28); the sum over the years
    is floored once (C-41). At 14.6 % p is 1: one year allows 69 trillion yen, a hundred years
    690 billion.

    Examples
    --------
    >>> int(interest_of_weight(50_000, "0.146", 30 * 366))
    600
    """
    return floor_of_product(
        whole_numbers(yen, "yen"),
        whole_numbers(weight, "weight"),
        _rate_of_weight(rate),
        "interest",
    )


@lru_cache(typed=True)  # a float equals some exact rate, and is refused all the same
def _rate_of_weight(rate: ExactRate) -> Fraction:
    """Give a rate a year as one for each unit of day weight."""
    return exact_rate(rate) / YEAR_WEIGHT


def late_damages(
    yen: npt.ArrayLike, rate: ExactRate, due: Dates, paid: Dates, *, split_years: bool = True
) -> IntArray:
    """Return late damages from the day after the due date to the day of payment.

    Parameters
    ----------
    yen
        Unpaid amounts, yen, 0 or more.
    rate
        Rate a year, exact, 0 or more.
    due
        Due dates after any roll (CAL-06); for an accelerated debt the day before acceleration.
    paid
        Dates of payment; broadcast with `yen` and `due`.
    split_years
        Whether each day counts by its own year; otherwise the year of the first day that bears
        damages sets the basis of the whole span (C-28, C-54).

    Returns
    -------
    IntArray
        Damages in yen, the broadcast shape, int64; 0 where paid on or before the due date.

    Raises
    ------
    TypeError
        If yen are not integers, dates are numbers, or the rate is a binary float.
    ValueError
        If yen or rate are negative, or a date is missing (NaT).
    OverflowError
        If yen * p * weight of an element is above 2**63 - 1 (see `interest_of_weight`).

    Notes
    -----
    ::

        damages = floor(yen * rate * (o / 365 + l / 366))

    with o days in ordinary and l days in leap years, from the day after `due` to `paid`, both
    included (NP-30.1, C-28), floored once (C-41). Simple interest: damages bear none (C-29).
    From acceleration its own day counts too (NP-30.2): ``due`` is then the day before.

    Examples
    --------
    >>> int(late_damages(50_000, "0.146", "2023-12-10", "2024-01-31"))
    1038
    """
    return interest_of_weight(yen, rate, span_weight(due, paid, split_years=split_years))


def accrued_fee(
    balance: npt.ArrayLike,
    rate: ExactRate,
    first_day: Dates,
    last_day: Dates,
    *,
    split_mode: SplitMode = "sum",
) -> IntArray:
    """Return the fee on a balance over days that are both included.

    Parameters
    ----------
    balance
        Balances that bear the fee, yen, 0 or more.
    rate
        Rate a year, exact, 0 or more.
    first_day, last_day
        First and last day that bear the fee; broadcast with `balance`.
    split_mode
        ``"sum"`` floors the whole fee once; ``"each"`` floors the part of the days in ordinary
        years and the part of those in leap years (C-41).

    Returns
    -------
    IntArray
        Fee in yen, the broadcast shape, int64; 0 where the last day is before the first.

    Raises
    ------
    TypeError
        If balances are not integers, dates are numbers, or the rate is a binary float.
    ValueError
        If balance or rate are negative, a date is missing (NaT), or the mode is unknown.
    OverflowError
        If balance * p * weight of an element is above 2**63 - 1 (see `interest_of_weight`).

    Notes
    -----
    ``floor(balance * rate * (o / 365 + l / 366))`` with o days in ordinary and l days in leap
    years from `first_day` to `last_day` (AU-23.1, AUX-REV(3), C-41).

    Examples
    --------
    >>> int(accrued_fee(100_000, "0.18", "2025-08-15", "2025-09-04"))
    1035
    """
    before, last = as_days(first_day, "first_day") - _ONE_DAY, as_days(last_day, "last_day")
    weight = span_weight(before, last)
    match split_mode:
        case "sum":
            return interest_of_weight(balance, rate, weight)
        case "each":
            # weight = 366 * ordinary + 365 * leap days
            days = np.maximum((last - before).astype(np.int64), 0)
            in_ordinary_years = 366 * (weight - 365 * days)
            in_leap_years = weight - in_ordinary_years
            return np.asarray(
                interest_of_weight(balance, rate, in_ordinary_years)
                + interest_of_weight(balance, rate, in_leap_years)
            )
        case _:
            raise ValueError(f"split_mode must be 'sum' or 'each', got {split_mode!r}")
