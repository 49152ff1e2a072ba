"""Instalments and two-time payment: fee, division, fewest payments, and the rebate of prepaying.

In flow cash prices, fees and counts, out flow int64 yen. Kept invariant: the payments of a plan
add up to its total, and exactly one of them may differ from the others.
"""

import math
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.kernels.exact import (
    ExactRate,
    IntArray,
    counts_within,
    exact_rate,
    floor_of_product,
    whole_numbers,
)

FEWEST_INSTALMENTS = 3
MOST_INSTALMENTS = 36

FEE_SHARE = Fraction(82, 10_000)
"""Fee of each payment as a share of the cash price: 0.82 per 100 yen (AUX-INS)."""

COUNTS = np.arange(FEWEST_INSTALMENTS, MOST_INSTALMENTS + 1)
"""Numbers of payments in the fee table."""

LONGEST_PLAN = 1_200
"""Most payments that the division and the rebate take: a hundred years of months."""


class InstalmentPlan(NamedTuple):
    """Amounts of a plan: the first payment and each other one, yen."""

    first_yen: IntArray
    other_yen: IntArray


def instalment_fee(
    cash_price: npt.ArrayLike,
    n: npt.ArrayLike,
    *,
    three_free: bool = True,
    fee_share: ExactRate = FEE_SHARE,
) -> IntArray:
    """Return the fee of paying a cash price in instalments.

    Parameters
    ----------
    cash_price
        Prices of purchases, yen, 0 or more.
    n
        Number of payments, 3 to 36; broadcasts with `cash_price`.
    three_free
        Whether three payments are free, as the table prints; otherwise they bear 2.46 per 100
        yen, as its header range implies (C-11).
    fee_share
        Fee of each payment as a share of the price, exact.

    Returns
    -------
    IntArray
        Fees in yen, the broadcast shape, int64.

    Raises
    ------
    TypeError
        If prices or counts are not integers or the share is a binary float.
    ValueError
        If prices are negative or counts outside 3 to 36.
    OverflowError
        If price * n * 41 is above 2**63 - 1: at 36 payments above 6.2e15 yen.

    Notes
    -----
    ``floor(price * 82 * n / 10000)``, which is every row of the fee table from 4 to 36 payments;
    0 for 3 payments (AU-31.1, AU-31.3, AUX-INS).

    Examples
    --------
    >>> instalment_fee(100_000, [3, 10, 36]).tolist()
    [0, 8200, 29520]
    >>> int(instalment_fee(100_000, 3, three_free=False))
    2460
    """
    prices = whole_numbers(cash_price, "cash_price")
    counts = counts_within(n, FEWEST_INSTALMENTS, MOST_INSTALMENTS, "n")
    fee = floor_of_product(prices, counts, exact_rate(fee_share, "fee_share"), "instalment fee")
    return np.where(counts == FEWEST_INSTALMENTS, 0, fee) if three_free else fee


def instalment_plan(total: npt.ArrayLike, n: npt.ArrayLike) -> InstalmentPlan:
    """Divide a total into equal payments, the remainder in the first.

    Parameters
    ----------
    total
        Totals payable, yen, 0 or more.
    n
        Number of payments, 1 to 1,200; broadcasts with `total`.

    Returns
    -------
    InstalmentPlan
        First and other amounts in yen, the broadcast shape, int64 each.

    Raises
    ------
    TypeError
        If totals or counts are not integers.
    ValueError
        If totals are negative or counts outside 1 to 1,200.
    OverflowError
        If a total is above 2**63 - 1.

    Notes
    -----
    ``other = floor(total / n)``, ``first = total - (n - 1) * other`` (AU-31.2).

    Examples
    --------
    >>> plan = instalment_plan(104_920, 6)
    >>> int(plan.first_yen), int(plan.other_yen)
    (17490, 17486)
    """
    totals, counts = whole_numbers(total, "total"), counts_within(n, 1, LONGEST_PLAN, "n")
    other = totals // counts
    return InstalmentPlan(np.asarray(totals - (counts - 1) * other), np.asarray(other))


def two_time_split(total: npt.ArrayLike) -> InstalmentPlan:
    """Divide a price into two payments, the odd yen in the second.

    Parameters
    ----------
    total
        Prices, yen, 0 or more.

    Returns
    -------
    InstalmentPlan
        First and second payment in yen, the shape of `total`, int64 each.

    Raises
    ------
    TypeError
        If prices are not integers.
    ValueError
        If prices are negative.
    OverflowError
        If a price is above 2**63 - 1.

    Notes
    -----
    ``first = floor(total / 2)`` (AU-29.1(2)).

    Examples
    --------
    >>> plan = two_time_split(9_999)
    >>> int(plan.first_yen), int(plan.other_yen)
    (4999, 5000)
    """
    totals = whole_numbers(total, "total")
    first = totals // 2
    return InstalmentPlan(np.asarray(first), np.asarray(totals - first))


def allowed_instalments(
    cash_price: npt.ArrayLike,
    n: npt.ArrayLike,
    *,
    min_instalment_yen: int = 1_000,
    three_free: bool = True,
    fee_share: ExactRate = FEE_SHARE,
) -> IntArray:
    """Return the number of payments that a small price leaves of the number asked for.

    Parameters
    ----------
    cash_price
        Prices of purchases, yen, 0 or more.
    n
        Number of payments asked for, 3 to 36; broadcasts with `cash_price`.
    min_instalment_yen
        Least amount of every instalment, yen.
    three_free, fee_share
        See `instalment_fee`.

    Returns
    -------
    IntArray
        Largest count up to `n` whose instalments all reach the least amount, the broadcast
        shape, int64; 1, that is one-time payment, where not even three payments do.

    Raises
    ------
    TypeError, ValueError
        As `instalment_fee`.

    Notes
    -----
    The least instalment of a count is ``floor((price + fee) / count)`` (AU-31.1, C-37). It reaches
    a whole amount where ``price * (1 + share * count)`` reaches count times that amount, so each
    count has a least price.

    Examples
    --------
    >>> allowed_instalments([2_999, 3_000, 10_000, 50_000], 12).tolist()
    [1, 3, 10, 12]
    """
    prices = whole_numbers(cash_price, "cash_price")
    asked = counts_within(n, FEWEST_INSTALMENTS, MOST_INSTALMENTS, "n")
    share = exact_rate(fee_share, "fee_share")
    least = _least_prices(min_instalment_yen, three_free, share)
    fits = prices[..., np.newaxis] >= least
    fits &= asked[..., np.newaxis] >= COUNTS
    return np.asarray(np.where(fits, COUNTS, 1).max(axis=-1))


@lru_cache(maxsize=64)
def _least_prices(
    min_instalment_yen: int,
    three_free: bool,  # noqa: FBT001 - handed on
    fee_share: Fraction,
) -> IntArray:
    """Give the least price of each count of `COUNTS` whose instalments reach an amount, yen."""
    prices = [
        math.ceil(min_instalment_yen * count / (1 + fee_share * count)) for count in COUNTS.tolist()
    ]
    if three_free:
        prices[0] = min_instalment_yen * FEWEST_INSTALMENTS
    least = np.array(prices, dtype=np.int64)
    least.flags.writeable = False
    return least


def unearned_fee(
    fee: npt.ArrayLike,
    n: npt.ArrayLike,
    paid: npt.ArrayLike,
    *,
    days_left: npt.ArrayLike = 0,
    period_days: npt.ArrayLike = 1,
) -> IntArray:
    """Return the part of an instalment fee that full prepayment gives back.

    Parameters
    ----------
    fee
        Fees of the whole plans, yen, 0 or more.
    n
        Number of payments, 1 to 1,200; broadcasts with `fee`.
    paid
        Payments whose due dates lie before the day of prepayment, 0 to `n`.
    days_left
        Days from the day of prepayment to the next due date, for the reading in which a fee
        accrues by day (C-14); 0 is the rule of 78.
    period_days
        Days between the last due date and the next, at least `days_left`, 1 to 366.

    Returns
    -------
    IntArray
        Unearned fee in yen, the broadcast shape, int64.

    Raises
    ------
    TypeError
        If an argument is not an integer.
    ValueError
        If fees are negative or counts or days outside their ranges.
    OverflowError
        If fee * (n - paid) * ((n - paid - 1) * period_days + 2 * days_left) is above
        2**63 - 1: at 36 payments and the rule of 78 above 7.3e15 yen.

    Notes
    -----
    With m = n - paid - 1 instalments after the next one::

        unearned = floor(fee * m * (m + 1) / (n * (n + 1)))

    by the rule of 78: instalment k carries ``2 * fee * (n + 1 - k) / (n * (n + 1))``, and that
    of the first due date on or after the day of prepayment is earned (AU-32.4). By day, its
    part ``days_left / period_days`` is unearned as well (AUX-PRE(1)); on a due date both
    readings agree (C-14).

    Examples
    --------
    >>> unearned_fee(8_200, 10, [0, 5, 9, 10]).tolist()
    [6709, 1490, 0, 0]
    >>> int(unearned_fee(8_200, 10, 0, days_left=15, period_days=30))
    7454
    """
    counts = counts_within(n, 1, LONGEST_PLAN, "n")
    unpaid = counts - _paid(paid, counts)
    period = counts_within(period_days, 1, 366, "period_days")
    left = whole_numbers(days_left, "days_left")
    if (left > period).any():
        raise ValueError(f"days_left must be at most period_days, got {left.max()}")
    # Twice the sum of digits that are unearned, in parts of a period.
    digits = np.maximum(unpaid * ((unpaid - 1) * period + 2 * left), 0)
    fees = whole_numbers(fee, "fee")
    unearned = floor_of_product(fees, digits, Fraction(1), "unearned fee")
    return np.asarray(unearned // (counts * (counts + 1) * period), dtype=np.int64)


def _paid(values: npt.ArrayLike, counts: IntArray) -> IntArray:
    """Return the numbers of payments made, refusing more than there are."""
    paid = whole_numbers(values, "paid")
    if (paid > counts).any():
        raise ValueError(f"paid must be at most n, got {paid.max()}")
    return paid
