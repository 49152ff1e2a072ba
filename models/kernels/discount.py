"""What the lender keeps from merchants and pays for funds.

In flow prices and funded yen, out flow int64 yen, floored once.
"""

import numpy.typing as npt

from models.kernels.exact import ExactRate, IntArray, exact_rate, floor_of_share, whole_numbers


def merchant_discount(price_yen: npt.ArrayLike, rate: ExactRate) -> IntArray:
    """Return the discount kept from the payout of each purchase.

    Parameters
    ----------
    price_yen
        Prices of purchases, yen, 0 or more.
    rate
        Discount as a share of the price, exact, 0 or more.

    Returns
    -------
    IntArray
        Discounts in yen, the shape of `price_yen`, int64.

    Raises
    ------
    TypeError
        If prices are not integers or the rate is a binary float.
    ValueError
        If prices or rate are negative.
    OverflowError
        If price * numerator of the rate is above 2**63 - 1.

    Notes
    -----
    ``floor(price * rate)`` for each purchase (LEN-01).

    Examples
    --------
    >>> merchant_discount([1_200, 3_033], "0.03").tolist()
    [36, 90]
    """
    prices = whole_numbers(price_yen, "price_yen")
    return floor_of_share(prices, exact_rate(rate), "merchant discount")


def funding_cost(yen_days: npt.ArrayLike, rate: ExactRate) -> IntArray:
    """Return the cost of funds for yen lent over days.

    Parameters
    ----------
    yen_days
        Sum over days of the yen paid out and not yet collected, yen times days, 0 or more.
    rate
        Rate a year, exact, 0 or more.

    Returns
    -------
    IntArray
        Cost in yen, the shape of `yen_days`, int64.

    Raises
    ------
    TypeError
        If yen_days are not integers or the rate is a binary float.
    ValueError
        If yen_days or rate are negative.
    OverflowError
        If yen_days * numerator of rate / 365 is above 2**63 - 1.

    Notes
    -----
    ``floor(yen_days * rate / 365)``, every day 1/365 of a year in leap years too (LEN-03).

    Examples
    --------
    >>> int(funding_cost(1_000_000 * 30, "0.015"))
    1232
    """
    funded = whole_numbers(yen_days, "yen_days")
    return floor_of_share(funded, exact_rate(rate) / 365, "funding cost")
