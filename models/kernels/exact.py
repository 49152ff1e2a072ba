"""Exact whole numbers: what every kernel asks of its amounts and rates, and the one floor.

In flow integers (yen, days, weights) and exact rates, out flow int64 arrays. Kept invariant: a
result is the floor of the true rational number, or an error; no value wraps around, no binary
float takes part. A refusal depends on the single element only, never on its neighbours, so that
a batch fails exactly where its members would fail one by one.
"""

from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

IntArray: TypeAlias = npt.NDArray[np.int64]
ExactRate: TypeAlias = Fraction | Decimal | int | str

_LARGEST = int(np.iinfo(np.int64).max)
_ONE = np.ones((), dtype=np.int64)


def exact_rate(rate: ExactRate, name: str = "rate") -> Fraction:
    """Return a rate as an exact fraction, refusing binary floats.

    Parameters
    ----------
    rate
        A fraction, an integer, a decimal or text such as ``"0.146"`` or ``"73/500"``; 0 or more.
    name
        What the error message calls it.

    Returns
    -------
    Fraction
        The rate in lowest terms.

    Raises
    ------
    TypeError
        If `rate` is a binary float.
    ValueError
        If `rate` is negative.

    Notes
    -----
    Rates are exact rationals (rulebook 0.4): the binary float 0.146 is not 146/1000, and a floor
    shows the difference.

    Examples
    --------
    >>> exact_rate("0.146")
    Fraction(73, 500)
    """
    if isinstance(rate, float):
        raise TypeError(f"{name} must be exact: write Fraction or text, not the float {rate!r}")
    exact = rate if isinstance(rate, Fraction) else Fraction(rate)
    if exact.numerator < 0:
        raise ValueError(f"{name} must be 0 or more, got {rate}")
    return exact


def whole_numbers(values: npt.ArrayLike, name: str) -> IntArray:
    """Return non-negative whole numbers as an int64 array.

    Parameters
    ----------
    values
        Integers of any width, any shape, each from 0 to 2**63 - 1.
    name
        What the error message calls them.

    Returns
    -------
    IntArray
        The same shape, int64; the input itself where it already has that type.

    Raises
    ------
    TypeError
        If `values` are not integers.
    OverflowError
        If a value is above 2**63 - 1.
    ValueError
        If a value is negative.

    Notes
    -----
    Money is integer yen (rulebook 0.4).

    Examples
    --------
    >>> whole_numbers([1, 2], "yen").tolist()
    [1, 2]
    """
    array = np.asarray(values)
    if array.size == 0:
        return array.astype(np.int64)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name} must be integers of at most 64 bits, got {array.dtype}")
    # NOTE: a reduction takes half the time of the method of the same name, which calls it.
    if np.minimum.reduce(array, axis=None) < 0:
        raise ValueError(f"{name} must be 0 or more, got {array.min()}")
    if array.dtype.kind == "u" and array.max() > _LARGEST:
        raise OverflowError(f"{name} must be at most 2**63 - 1, got {array.max()}")
    return array.astype(np.int64, copy=False)


def counts_within(values: npt.ArrayLike, fewest: int, most: int, name: str) -> IntArray:
    """Return whole numbers as `whole_numbers` does, refusing those outside a range.

    Parameters
    ----------
    values
        Integers of any width, any shape.
    fewest, most
        Ends of the range, both allowed.
    name
        What the error message calls them.

    Returns
    -------
    IntArray
        The same shape, int64.

    Raises
    ------
    TypeError
        If `values` are not integers.
    ValueError
        If a value is negative or outside the range.

    Examples
    --------
    >>> counts_within([3, 36], 3, 36, "n").tolist()
    [3, 36]
    """
    counts = whole_numbers(values, name)
    if not counts.size:
        return counts
    least = np.minimum.reduce(counts, axis=None)
    largest = np.maximum.reduce(counts, axis=None)
    if least < fewest or largest > most:
        wrong = least if least < fewest else largest
        raise ValueError(f"{name} must lie between {fewest} and {most}, got {wrong}")
    return counts


def floor_of_product(amounts: IntArray, factors: IntArray, scale: Fraction, name: str) -> IntArray:
    """Multiply amounts, factors and one exact scale, and round down once.

    Parameters
    ----------
    amounts, factors
        Non-negative integers of shapes that broadcast.
    scale
        Exact scale, 0 or more.
    name
        What the error message calls the product.

    Returns
    -------
    IntArray
        floor(amount * factor * scale), the broadcast shape, int64.

    Raises
    ------
    OverflowError
        If amount * factor * numerator of an element, or the denominator, is above 2**63 - 1.

    Notes
    -----
    One floor at the end of the product (rulebook 0.4, C-41). `scale` is in lowest terms, so the
    refused range starts as late as plain int64 arithmetic allows.

    Examples
    --------
    >>> int(floor_of_product(np.array(317), np.array(1), Fraction(11, 10), "fee with tax"))
    348
    """
    if scale.numerator == 0:
        return np.zeros(np.broadcast_shapes(amounts.shape, factors.shape), dtype=np.int64)
    largest = _LARGEST // scale.numerator
    if scale.denominator > _LARGEST or _product_exceeds(amounts, factors, largest):
        raise OverflowError(
            f"{name}: amount * {scale.numerator} * factor is above 2**63 - 1 "
            f"(largest amount {amounts.max(initial=0)}, largest factor {factors.max(initial=0)})"
        )
    # NOTE: the scale stays two scalars; numpy divides by a scalar several times faster than by
    # an array of equal denominators.
    product = amounts * factors * scale.numerator
    return np.asarray(product // scale.denominator, dtype=np.int64)


def floor_of_share(amounts: IntArray, share: Fraction, name: str) -> IntArray:
    """Take an exact share or multiple of amounts, and round down once.

    Parameters
    ----------
    amounts
        Non-negative integers, any shape.
    share
        Exact share, rate or multiple, 0 or more.
    name
        What the error message calls the product.

    Returns
    -------
    IntArray
        floor(amount * share), the shape of `amounts`, int64.

    Raises
    ------
    OverflowError
        If amount * numerator of an element, or the denominator, is above 2**63 - 1.

    Examples
    --------
    >>> floor_of_share(np.array([317, 318]), Fraction(1, 2), "half").tolist()
    [158, 159]
    """
    return floor_of_product(amounts, _ONE, share, name)


def _largest_of(values: IntArray) -> int:
    """Give the largest of some values, or 0."""
    return int(np.maximum.reduce(values, axis=None, initial=0))


def _product_exceeds(amounts: IntArray, factors: IntArray, largest: int) -> bool:
    """Tell whether any amount * factor is above the largest value, without forming it."""
    if _largest_of(amounts) * _largest_of(factors) <= largest:
        return False
    return bool(np.any(amounts > largest // np.maximum(factors, 1)))
