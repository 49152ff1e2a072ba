"""The annual percentage rate of equal monthly payments.

In flow a cash price, payments and their number, out flows a float share a year, for display and
comparison only: no yen is ever computed from it.
"""

import numpy as np
import numpy.typing as npt

from models.kernels.exact import IntArray, counts_within
from models.kernels.instalments import LONGEST_PLAN

FloatArray = npt.NDArray[np.float64]


def annual_percentage_rate(
    cash_price: npt.ArrayLike,
    payment: npt.ArrayLike,
    n: npt.ArrayLike,
    *,
    first_payment: npt.ArrayLike | None = None,
) -> FloatArray:
    """Return twelve times the monthly internal rate of return of a plan.

    Parameters
    ----------
    cash_price
        Amount lent at the start, yen, above 0.
    payment
        Each payment, yen, 0 or more; need not be whole.
    n
        Number of monthly payments, 1 to 1,200, the first one month after the start.
    first_payment
        First payment where it differs from the others, yen, 0 or more.

    Returns
    -------
    FloatArray
        Nominal rate as a share a year, so 0.1751 for 17.51 %; the broadcast shape. 0 where the
        payments add up to the price, exactly so for whole yen; negative where to less.

    Raises
    ------
    TypeError
        If counts are not integers.
    ValueError
        If the price is not above 0, a payment is negative or not finite, nothing is paid at all,
        or a count is outside 1 to 1,200.
    OverflowError
        If the payments are so far below the price that no rate is representable.

    Notes
    -----
    The monthly rate i solves ::

        price = first / (1 + i) + payment / (1 + i)**2 + ... + payment / (1 + i)**n

    and the result is 12 * i (AUX-INS). In v = 1 / (1 + i) the right side is an increasing convex
    polynomial, so that Newton's method from a v above the root falls to it without overshooting;
    it stops where rounding ends the fall, an error far below 1e-10. Only elementary float
    operations are used: the bits are the same on every machine.

    Examples
    --------
    >>> round(float(annual_percentage_rate(100_000, 10_820, 10)), 10)
    0.1751053919
    >>> float(annual_percentage_rate(100_000, 33_333, 3, first_payment=33_334))
    0.0
    """
    price, each = _amounts(cash_price, "cash_price"), _amounts(payment, "payment")
    first = each if first_payment is None else _amounts(first_payment, "first_payment")
    counts = counts_within(n, 1, LONGEST_PLAN, "n")
    if (price <= 0).any():
        raise ValueError(f"cash_price must be above 0, got {price.min()}")
    price, each, first, counts = np.broadcast_arrays(price, each, first, counts)
    total = first + (counts - 1) * each
    if (total <= 0).any():
        raise ValueError("the payments must add up to more than 0")
    factor = _discount_factor(price, each, first, counts)
    return np.asarray(12.0 * (1.0 - factor) / factor)


def _amounts(values: npt.ArrayLike, name: str) -> FloatArray:
    """Return amounts as floats, refusing what is negative or not finite."""
    amounts = np.asarray(values, dtype=np.float64)
    if not (np.isfinite(amounts) & (amounts >= 0)).all():
        wrong = amounts[~(np.isfinite(amounts) & (amounts >= 0))]
        raise ValueError(f"{name} must be finite and 0 or more, got {wrong[0]}")
    return amounts


def _discount_factor(
    price: FloatArray, each: FloatArray, first: FloatArray, counts: IntArray
) -> FloatArray:
    """Solve for the monthly discount factor by Newton's method from above the root."""
    factor = _factor_above(price, each, first, counts)
    while True:
        value, slope = _present_value(factor, each, first, counts)
        if not (np.isfinite(value) & np.isfinite(slope)).all():
            raise OverflowError("the payments are too far below the price for a rate")
        lower = factor - (value - price) / slope
        if not (falls := lower < factor).any():
            return factor
        factor = np.where(falls, lower, factor)


def _factor_above(
    price: FloatArray, each: FloatArray, first: FloatArray, counts: IntArray
) -> FloatArray:
    """Give a discount factor at which the payments are worth at least the price.

    Payments that add up to the price times 1/r are worth it at 1 + (r - 1) / mean month, by the
    inequalities of Jensen and Bernoulli; the first payment alone is worth it at price / first.
    """
    total = first + (counts - 1) * each
    mean_month = (first + each * (counts * (counts + 1) // 2 - 1)) / total
    by_total = 1.0 + np.maximum(price / total - 1.0, 0.0) / mean_month
    with np.errstate(divide="ignore"):
        return np.asarray(np.minimum(by_total, price / first))


def _present_value(
    factor: FloatArray, each: FloatArray, first: FloatArray, counts: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Value the payments at a discount factor, with the derivative by it."""
    annuity, slope = np.zeros_like(factor), np.zeros_like(factor)
    with np.errstate(over="ignore", invalid="ignore"):
        for n_rounds in range(int(counts.max(initial=0))):
            goes_on = n_rounds < counts
            slope = np.where(goes_on, slope * factor + annuity, slope)
            annuity = np.where(goes_on, annuity * factor + 1.0, annuity)
        value = factor * (each * annuity + (first - each))
        return value, each * (annuity + factor * slope) + (first - each)
