"""NP points: award, life, use, reversal and refund, as exact arithmetic (NP-36 to NP-45).

In flow yen, points and dates, out flow int64 points and yen and dates. Kept invariant: points
and yen that come back or are claimed are together worth what was cut or missing, less fractions
of one point.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.kernels.days import Dates, as_days, months_later
from models.kernels.exact import (
    ExactRate,
    IntArray,
    exact_rate,
    floor_of_product,
    floor_of_share,
    whole_numbers,
)

_LARGEST = 2**61


def points_awarded(
    price_yen: npt.ArrayLike, yen_per_point: npt.ArrayLike = 200, *, multiplier: ExactRate = 1
) -> IntArray:
    """Return the points of each transaction, fractions dropped.

    Parameters
    ----------
    price_yen
        Price of each transaction, yen, 0 or more.
    yen_per_point
        Yen that earn one point, 1 or more; one number, or that of each merchant.
    multiplier
        By how much a campaign or the member's tier multiplies the points, exact, 0 or more.

    Returns
    -------
    IntArray
        Points, the broadcast shape, int64.

    Raises
    ------
    TypeError
        If prices are not integers or the multiplier is a binary float.
    ValueError
        If a price is negative or `yen_per_point` is below 1.
    OverflowError
        If price * numerator of the multiplier is above 2**63 - 1.

    Notes
    -----
    ``floor(price * multiplier / yen_per_point)`` of each transaction (NP-36.2, C-25).

    Examples
    --------
    >>> points_awarded([1_200, 199]).tolist(), int(points_awarded(1_300, multiplier="1.5"))
    ([6, 0], 9)
    """
    unit = _yen_per_point(yen_per_point)
    prices = whole_numbers(price_yen, "price_yen")
    scaled = floor_of_share(prices, exact_rate(multiplier, "multiplier"), "points")
    # Dividing by a whole number after a floor gives the floor of the whole quotient.
    return np.asarray(scaled // unit, dtype=np.int64)


def award_day(
    transacted_day: npt.ArrayLike, paid_day: npt.ArrayLike, lag_days: int = 30
) -> IntArray:
    """Return the day on which points are awarded.

    Parameters
    ----------
    transacted_day
        Day indices of the transactions.
    paid_day
        Day indices on which their bills were paid; broadcast with `transacted_day`.
    lag_days
        Days to wait for a cancellation or return, 0 or more.

    Returns
    -------
    IntArray
        Day indices of award, the broadcast shape.

    Notes
    -----
    After the waiting time, and not before the bill is paid (NP-36.1, NP-36.3, C-25).

    Examples
    --------
    >>> award_day(4, [30, 40]).tolist()
    [34, 40]
    """
    waited = np.asarray(transacted_day, dtype=np.int64) + lag_days
    return np.asarray(np.maximum(waited, paid_day))


def last_usable_day(awarded: Dates, life_months: int = 6) -> npt.NDArray[np.datetime64]:
    """Return the last day on which points of an award can be used.

    Parameters
    ----------
    awarded
        Days of award.
    life_months
        Life of the points in months, 0 or more.

    Returns
    -------
    NDArray[datetime64]
        The same day number that many months later, clipped to the end of a short month.

    Raises
    ------
    TypeError
        If dates are numbers.
    ValueError
        If a date is missing (NaT) or `life_months` is negative.

    Notes
    -----
    NP-39.1; a shorter life set for a campaign takes its place (NP-39.2).

    Examples
    --------
    >>> str(last_usable_day("2026-08-31"))
    '2027-02-28'
    """
    if life_months < 0:
        raise ValueError(f"life_months must be 0 or more, got {life_months}")
    return months_later(as_days(awarded, "awarded"), life_months)


class Use(NamedTuple):
    """What using points for a bill leaves: points used, and yen still to be paid."""

    points: IntArray
    left_yen: IntArray


def pay_with_points(
    bill_yen: npt.ArrayLike, points: npt.ArrayLike, *, yen_per_point: npt.ArrayLike = 1
) -> Use:
    """Return how many of the points offered pay a bill.

    Parameters
    ----------
    bill_yen
        Bills, yen, 0 or more.
    points
        Points offered, 0 or more; broadcast with `bill_yen`.
    yen_per_point
        Yen that a point pays, 1 or more.

    Returns
    -------
    Use
        Points used and yen left to pay, the broadcast shape, int64 each.

    Raises
    ------
    TypeError
        If an argument is not an integer.
    ValueError
        If bills or points are negative or `yen_per_point` is below 1.
    OverflowError
        If a value is above 2**63 - 1.

    Notes
    -----
    ``min(points, floor(bill / yen_per_point))``: no point pays more than is due (NP-42.1).

    Examples
    --------
    >>> use = pay_with_points(5_000, [1_000, 9_000])
    >>> use.points.tolist(), use.left_yen.tolist()
    ([1000, 5000], [4000, 0])
    """
    bills, unit = whole_numbers(bill_yen, "bill_yen"), _yen_per_point(yen_per_point)
    used = np.minimum(whole_numbers(points, "points"), bills // unit)
    return Use(np.asarray(used), np.asarray(bills - used * unit))


class Reversal(NamedTuple):
    """What a reversal of points leaves: the balance, and a claim on the member in yen."""

    balance: IntArray
    claim_yen: IntArray


def reversed_points(
    balance: npt.ArrayLike,
    points: npt.ArrayLike,
    *,
    claims_yen: bool = False,
    yen_per_point: int = 1,
) -> Reversal:
    """Reverse points; a shortfall is offset in future or claimed.

    Parameters
    ----------
    balance
        Points of the member before the reversal; below 0 after an earlier shortfall.
    points
        Points to reverse, 0 or more; broadcast with `balance`.
    claims_yen
        False: the balance goes below 0. True: the shortfall is claimed in yen.
    yen_per_point
        Yen claimed for each missing point.

    Returns
    -------
    Reversal
        Balance in points and claim in yen, the broadcast shape, int64 each.

    Raises
    ------
    TypeError
        If balance or points are not integers.
    ValueError
        If points are negative or `yen_per_point` is below 1.
    OverflowError
        If points or a balance without its sign are above 2**61, or points * yen_per_point above
        2**63 - 1.

    Notes
    -----
    NP-40.1 leaves the choice to the lender, NP-45.1 and NP-45.2 set the claim: 1 yen for each
    missing point, payable at once (C-73). A claim never covers an older shortfall.

    Examples
    --------
    >>> [int(part) for part in reversed_points(30, 100)]
    [-70, 0]
    >>> [int(part) for part in reversed_points(30, 100, claims_yen=True)]
    [0, 70]
    """
    before, taken = np.asarray(balance), whole_numbers(points, "points")
    if before.size and before.dtype.kind not in "iu":
        raise TypeError(f"balance must be integers of at most 64 bits, got {before.dtype}")
    for name, values in (("balance", before), ("points", taken)):
        if values.size and not -_LARGEST <= values.min() <= values.max() <= _LARGEST:
            raise OverflowError(f"{name} must lie between -2**61 and 2**61")
    left = before.astype(np.int64) - taken
    if not claims_yen:
        return Reversal(left, np.zeros_like(left))
    missing = np.clip(-left, 0, taken)
    claim = floor_of_product(missing, _yen_per_point(yen_per_point), exact_rate(1), "claim")
    return Reversal(np.asarray(left + missing), claim)


class Refund(NamedTuple):
    """What a price cut gives back."""

    yen: IntArray
    points: IntArray


def refund_of_price_cut(
    paid_yen: npt.ArrayLike,
    paid_points: npt.ArrayLike,
    cut_yen: npt.ArrayLike,
    *,
    yen_per_point: int = 1,
    returns_rest: bool = True,
) -> Refund:
    """Refund a price cut: money first, then points, fractions dropped.

    Parameters
    ----------
    paid_yen, paid_points
        How the price was paid, 0 or more.
    cut_yen
        By how much it is cut, at most the price; all broadcast.
    yen_per_point
        Yen that a point paid.
    returns_rest
        Whether points come back for what exceeds the money paid, where money was paid too; the
        literal reading of the terms forfeits them.

    Returns
    -------
    Refund
        Yen and points that come back, the broadcast shape, int64 each.

    Raises
    ------
    TypeError
        If an argument is not an integer.
    ValueError
        If an argument is negative, the cut exceeds the price, or `yen_per_point` is below 1.
    OverflowError
        If a value or points * yen_per_point is above 2**63 - 1.

    Notes
    -----
    ``yen = min(cut, paid_yen)``, ``points = floor((cut - yen) / yen_per_point)`` (NP-42.4, C-07).
    A deal that is cancelled whole gives back all of both instead (NP-42.3).

    Examples
    --------
    >>> [int(part) for part in refund_of_price_cut(4_000, 1_000, 4_500)]
    [4000, 500]
    >>> [int(part) for part in refund_of_price_cut(0, 5_000, 333)]
    [0, 333]
    """
    money = whole_numbers(paid_yen, "paid_yen")
    points = whole_numbers(paid_points, "paid_points")
    cut = whole_numbers(cut_yen, "cut_yen")
    if not money.shape == points.shape == cut.shape:
        money, points, cut = np.broadcast_arrays(money, points, cut)
    unit = _yen_per_point(yen_per_point)
    yen = np.minimum(cut, money)
    too_high = cut - yen > floor_of_product(points, unit, exact_rate(1), "paid_points")
    if too_high.any():
        raise ValueError(f"cut_yen must lie between 0 and the price, got {cut[too_high].max()}")
    rest = (cut - yen) // unit
    return Refund(np.asarray(yen), np.where((money == 0) | returns_rest, rest, 0))


def _yen_per_point(values: npt.ArrayLike) -> IntArray:
    """Return yen a point, refusing less than one."""
    unit = whole_numbers(values, "yen_per_point")
    if (unit < 1).any():
        raise ValueError(f"yen_per_point must be 1 or more, got {unit.min()}")
    return unit
