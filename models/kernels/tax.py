"""Consumption tax on service fees.

In flow fees in yen, one exact tax rate and a rounding; out flow int64 yen with tax, or the tax in
an amount that includes it.
"""

from fractions import Fraction
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from models.kernels.exact import (
    ExactRate,
    IntArray,
    exact_rate,
    floor_of_product,
    floor_of_share,
    whole_numbers,
)

TaxRounding: TypeAlias = Literal["per_fee_floor", "per_fee_half_up", "sum_floor"]
"""Where tax is rounded: each fee down, each fee to the nearest yen, or the sum of fees down."""


def with_tax(
    fee_yen: npt.ArrayLike, tax_rate: ExactRate, rounding: TaxRounding = "per_fee_floor"
) -> IntArray:
    """Return one fee including consumption tax.

    Parameters
    ----------
    fee_yen
        Fees before tax, yen, 0 or more.
    tax_rate
        Consumption tax, exact, 0 or more (10 % is ``Fraction(1, 10)``).
    rounding
        ``"per_fee_floor"`` rounds down, ``"per_fee_half_up"`` to the nearest yen with halves
        up; of one fee ``"sum_floor"`` is the floor as well.

    Returns
    -------
    IntArray
        Fees with tax in yen, the shape of `fee_yen`, int64.

    Raises
    ------
    TypeError
        If fees are not integers or the rate is a binary float.
    ValueError
        If fees or rate are negative, or the rounding is unknown.
    OverflowError
        If fee * numerator of the scale is above 2**63 - 1.

    Notes
    -----
    ``floor(fee * (1 + t))``, or half up ``floor((2 * fee * (1 + t) + 1) / 2)`` (NP-25.2, C-02).
    The second equals ``(floor(2 * fee * (1 + t)) + 1) // 2``.

    Examples
    --------
    >>> with_tax([90, 226, 317], Fraction(1, 10)).tolist()
    [99, 248, 348]
    """
    fees = whole_numbers(fee_yen, "fee_yen")
    gross = 1 + exact_rate(tax_rate, "tax_rate")
    match rounding:
        case "per_fee_floor" | "sum_floor":
            return floor_of_share(fees, gross, "fee with tax")
        case "per_fee_half_up":
            twice = floor_of_share(fees, 2 * gross, "fee with tax")
            # NOTE: halved before the half yen is added, which therefore cannot overflow.
            return np.asarray(twice // 2 + twice % 2, dtype=np.int64)
        case _:
            raise ValueError(
                "rounding must be 'per_fee_floor', 'per_fee_half_up' or 'sum_floor', "
                f"got {rounding!r}"
            )


def fees_with_tax(
    fee_yen: npt.ArrayLike, n_uses: npt.ArrayLike, tax_rate: ExactRate, rounding: TaxRounding
) -> IntArray:
    """Return the total of equal fees for a number of uses, including consumption tax.

    Parameters
    ----------
    fee_yen
        Fee of one use before tax, yen, 0 or more.
    n_uses
        Number of uses, 0 or more; broadcasts with `fee_yen`. With one fee per statement it is
        1 for a statement with uses and 0 without (C-03).
    tax_rate
        Consumption tax, exact, 0 or more.
    rounding
        See `TaxRounding`.

    Returns
    -------
    IntArray
        Total fees with tax in yen, the broadcast shape, int64.

    Raises
    ------
    TypeError
        If fees or uses are not integers or the rate is a binary float.
    ValueError
        If fees, uses or rate are negative, or the rounding is unknown.
    OverflowError
        If fee * uses * numerator of the scale is above 2**63 - 1.

    Notes
    -----
    ``n * with_tax(fee)``, or under ``"sum_floor"`` ``floor(n * fee * (1 + t))`` (NP-25.2, C-02).

    Examples
    --------
    >>> [int(fees_with_tax(226, 3, "0.1", way)) for way in ("per_fee_floor", "sum_floor")]
    [744, 745]
    """
    uses = whole_numbers(n_uses, "n_uses")
    if rounding == "sum_floor":
        fees, gross = whole_numbers(fee_yen, "fee_yen"), 1 + exact_rate(tax_rate, "tax_rate")
        return floor_of_product(fees, uses, gross, "fees with tax")
    one_fee = with_tax(fee_yen, tax_rate, rounding)
    return floor_of_product(one_fee, uses, Fraction(1), "fees with tax")


def tax_within(gross_yen: npt.ArrayLike, tax_rate: ExactRate) -> IntArray:
    """Return the consumption tax in amounts that include it.

    Parameters
    ----------
    gross_yen
        Amounts with tax, yen, 0 or more.
    tax_rate
        Consumption tax, exact, 0 or more.

    Returns
    -------
    IntArray
        Tax in yen, the shape of `gross_yen`, int64.

    Raises
    ------
    TypeError
        If amounts are not integers or the rate is a binary float.
    ValueError
        If amounts or rate are negative.
    OverflowError
        If amount * numerator of the rate is above 2**63 - 1.

    Notes
    -----
    ``floor(gross * t / (1 + t))`` (NP-26).

    Examples
    --------
    >>> tax_within([200, 209, 290], "0.1").tolist()
    [18, 19, 26]
    """
    rate = exact_rate(tax_rate, "tax_rate")
    return floor_of_share(whole_numbers(gross_yen, "gross_yen"), rate / (1 + rate), "tax")


def net_and_tax(gross_yen: int, tax_rate: ExactRate) -> tuple[int, int]:
    """Split an amount that includes consumption tax into what is before tax, and the tax.

    Parameters
    ----------
    gross_yen
        Amount with tax, yen, 0 or more.
    tax_rate
        Consumption tax, exact, 0 or more.

    Returns
    -------
    tuple[int, int]
        Yen before tax, and tax, floored (NP-26).

    Examples
    --------
    >>> net_and_tax(200, "0.1"), net_and_tax(100, "0.1")
    ((182, 18), (91, 9))
    """
    tax = int(tax_within(gross_yen, tax_rate))
    return gross_yen - tax, tax
