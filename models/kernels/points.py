"""NP points: award, life, reversal and refund, as exact arithmetic (NP-36 to NP-42).

The portfolio does not carry points yet; these functions stand alone.
"""

import calendar
import datetime as dt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.kernels.exact import IntArray, whole_numbers


def points_awarded(price_yen: npt.ArrayLike, yen_per_point: int = 200) -> IntArray:
    """Give the points of each transaction, fractions dropped (NP-36.2, C-25).

    Parameters
    ----------
    price_yen
        Price of each transaction, yen, 0 or more.
    yen_per_point
        Yen that earn one point.

    Returns
    -------
    IntArray
        Points, int64, of the shape of `price_yen`.

    Raises
    ------
    ValueError
        If a price is negative or `yen_per_point` is below 1.

    Examples
    --------
    >>> points_awarded([1_200, 199]).tolist()
    [6, 0]
    """
    if yen_per_point < 1:
        raise ValueError(f"yen_per_point must be 1 or more, got {yen_per_point}")
    return np.asarray(whole_numbers(price_yen, "price_yen") // yen_per_point)


def last_usable_day(awarded: dt.date, life_months: int = 6) -> dt.date:
    """Give the last day on which points of an award can be used (NP-39.1).

    The same day number that many months later, clipped to the end of a short month.

    Examples
    --------
    >>> last_usable_day(dt.date(2026, 8, 31))
    datetime.date(2027, 2, 28)
    """
    if life_months < 0:
        raise ValueError(f"life_months must be 0 or more, got {life_months}")
    years, month = divmod(awarded.month - 1 + life_months, 12)
    _, length = calendar.monthrange(awarded.year + years, month + 1)
    return dt.date(awarded.year + years, month + 1, min(awarded.day, length))


class Reversal(NamedTuple):
    """What a reversal of points leaves: the balance, and a claim on the member in yen."""

    balance: int
    claim_yen: int


def reversed_points(
    balance: int, points: int, *, claims_yen: bool = False, yen_per_point: int = 1
) -> Reversal:
    """Reverse points; a shortfall is offset in future or claimed (NP-40.1, NP-45.1, C-73).

    Parameters
    ----------
    balance
        Points of the member before the reversal.
    points
        Points to reverse, 0 or more.
    claims_yen
        False: the balance goes below 0. True: the shortfall is claimed in yen.
    yen_per_point
        Yen claimed for each missing point.

    Examples
    --------
    >>> reversed_points(30, 100), reversed_points(30, 100, claims_yen=True)
    (Reversal(balance=-70, claim_yen=0), Reversal(balance=0, claim_yen=70))
    """
    if points < 0:
        raise ValueError(f"points must be 0 or more, got {points}")
    left = balance - points
    if left >= 0 or not claims_yen:
        return Reversal(left, 0)
    missing = min(points, -left)
    return Reversal(left + missing, missing * yen_per_point)


class Refund(NamedTuple):
    """What a price cut gives back."""

    yen: int
    points: int


def refund_of_price_cut(
    paid_yen: int,
    paid_points: int,
    cut_yen: int,
    *,
    yen_per_point: int = 1,
    returns_rest: bool = True,
) -> Refund:
    """Refund a price cut: money first, then points, fractions dropped (NP-42.4, C-07).

    Parameters
    ----------
    paid_yen, paid_points
        How the price was paid.
    cut_yen
        By how much it is cut, at most the price.
    yen_per_point
        Yen that a point paid.
    returns_rest
        Whether points come back for what exceeds the money paid, where money was paid too; the
        literal reading of the terms forfeits them.

    Examples
    --------
    >>> refund_of_price_cut(4_000, 1_000, 4_500), refund_of_price_cut(0, 5_000, 333)
    (Refund(yen=4000, points=500), Refund(yen=0, points=333))
    """
    if not 0 <= cut_yen <= paid_yen + paid_points * yen_per_point:
        raise ValueError(f"cut_yen must lie between 0 and the price, got {cut_yen}")
    yen = min(cut_yen, paid_yen)
    rest = (cut_yen - yen) // yen_per_point
    return Refund(yen, rest if returns_rest or paid_yen == 0 else 0)
