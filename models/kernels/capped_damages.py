"""Late damages of instalments, two-time and bonus payment, which a second rate caps.

In flow late payments, what remains unpaid and dates, out flow int64 yen. Kept invariant: damages
never exceed the cap rate on the whole remaining debt.
"""

from fractions import Fraction
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from models.kernels.days import YEAR_WEIGHT, Dates, span_weight
from models.kernels.exact import ExactRate, IntArray, exact_rate, floor_of_product, whole_numbers
from models.kernels.groups import group_rows
from models.kernels.late_damages import interest_of_weight

LATE_RATE = Fraction(1_455, 10_000)
"""Rate a year on what is late (AU-37.2)."""

CAP_RATE = Fraction(299, 10_000)
"""Rate a year on the whole remaining debt that caps the damages (AU-37.1, AU-37.2)."""

CapMode: TypeAlias = Literal["per_purchase_sum", "per_instalment"]
"""What the cap bears on: the sum of the late instalments of a purchase, or each of them (C-48)."""


def capped_late_damages(
    late_yen: npt.ArrayLike,
    remaining_yen: npt.ArrayLike,
    due: Dates,
    paid: Dates,
    *,
    rate: ExactRate = LATE_RATE,
    cap_rate: ExactRate = CAP_RATE,
    split_years: bool = True,
) -> IntArray:
    """Return late damages on single late payments, capped by those on the whole debt.

    Parameters
    ----------
    late_yen
        Late payments, one a purchase, yen, 0 or more.
    remaining_yen
        All that is unpaid of the purchase, late or not, yen, 0 or more; the whole unpaid debt of
        the plan under ``au.late.cap_scope`` "per_plan_total" (C-30).
    due
        Due dates after any roll.
    paid
        Dates of payment; all arguments broadcast.
    rate
        Rate a year on what is late, exact.
    cap_rate
        Rate a year on what remains, exact.
    split_years
        See `late_damages`.

    Returns
    -------
    IntArray
        Damages in yen, the broadcast shape, int64.

    Raises
    ------
    TypeError
        If yen are not integers, dates are numbers, or a rate is a binary float.
    ValueError
        If yen or rates are negative, or a date is missing (NaT).
    OverflowError
        If yen * p * weight of an element is above 2**63 - 1 (see `interest_of_weight`; p is 97
        at 14.55 % and 299 at 2.99 %): one year allows 230 billion yen.

    Notes
    -----
    ``floor(min(late * rate * days, remaining * cap_rate * days))``, days in parts of their year
    (AU-37.2(1), AU-37.2(2)). After acceleration the cap rate alone bears on what remains
    (AU-37.1(1), AU-37.1(2)): `damages_after_acceleration`.

    Examples
    --------
    >>> capped_late_damages(10_820, [54_100, 43_280], "2025-03-04", "2025-04-03").tolist()
    [129, 106]
    """
    weight = span_weight(due, paid, split_years=split_years)
    return np.asarray(
        np.minimum(
            interest_of_weight(late_yen, rate, weight),
            interest_of_weight(remaining_yen, cap_rate, weight),
        )
    )


def capped_damages_by_purchase(
    purchase: npt.ArrayLike,
    late_yen: npt.ArrayLike,
    remaining_yen: npt.ArrayLike,
    due: Dates,
    paid: Dates,
    *,
    rate: ExactRate = LATE_RATE,
    cap_rate: ExactRate = CAP_RATE,
    cap_mode: CapMode = "per_purchase_sum",
    split_years: bool = True,
) -> IntArray:
    """Return late damages of purchases of which several payments may be late.

    Parameters
    ----------
    purchase
        Purchase of each late payment in ascending order, shape (n,); under ``au.late.cap_scope``
        "per_plan_total" one number for all two-time and bonus uses of a member (C-30).
    late_yen
        Late payments, yen, 0 or more; broadcasts to shape (n,), as do `due` and `paid`.
    remaining_yen
        All that is unpaid of each purchase that occurs, in that order, yen, shape (g,).
    due
        Due dates after any roll.
    paid
        Dates of payment.
    rate, cap_rate
        See `capped_late_damages`.
    cap_mode
        What the cap bears on (C-48).
    split_years
        See `late_damages`.

    Returns
    -------
    IntArray
        Damages in yen, shape (g,), int64.

    Raises
    ------
    TypeError
        If purchases or yen are not integers, dates are numbers, or a rate is a binary float.
    ValueError
        If yen or rates are negative, a date is missing, purchases are not ascending, shapes do
        not fit, or the mode is unknown.
    OverflowError
        If late payments of a purchase * yen * p * weight is above 2**63 - 1.

    Notes
    -----
    Every late payment counts its own days at `rate`; their sum is floored once and capped by
    `cap_rate` on what remains, over the days of the payment that is late for longest. Under
    ``"per_instalment"`` each payment is floored and capped by itself (AU-37.2(1), C-48).

    Examples
    --------
    >>> dates = ["2026-03-04", "2026-04-06"], "2026-04-20"
    >>> capped_damages_by_purchase([1, 1], 10_820, [97_380], *dates).tolist()
    [263]
    """
    group, starts = group_rows(whole_numbers(purchase, "purchase"), "purchase")
    remaining = whole_numbers(remaining_yen, "remaining_yen")
    if remaining.shape != starts.shape:
        raise ValueError(
            f"remaining_yen of shape {remaining.shape} does not fit {starts.size} purchases"
        )
    late = np.broadcast_to(whole_numbers(late_yen, "late_yen"), group.shape)
    weight = np.broadcast_to(span_weight(due, paid, split_years=split_years), group.shape)
    match cap_mode:
        case "per_instalment":
            damages = interest_of_weight(late, rate, weight)
            caps = interest_of_weight(remaining[group], cap_rate, weight)
            return np.asarray(np.add.reduceat(np.minimum(damages, caps), starts))
        case "per_purchase_sum":
            oldest = np.maximum.reduceat(np.where(late > 0, weight, 0), starts)
            caps = interest_of_weight(remaining, cap_rate, oldest)
            damages = _floor_of_sums(late, weight, exact_rate(rate) / YEAR_WEIGHT, group, starts)
            return np.asarray(np.minimum(damages, caps))
        case _:
            raise ValueError(
                f"cap_mode must be 'per_purchase_sum' or 'per_instalment', got {cap_mode!r}"
            )


def _floor_of_sums(
    amounts: IntArray,
    factors: IntArray,
    scale: Fraction,
    group: npt.NDArray[np.intp],
    starts: npt.NDArray[np.intp],
) -> IntArray:
    """Add up the products of each group, scale the sum and floor it once."""
    n_rows = np.diff(starts, append=group.size)[group]
    # NOTE: checked as if each row were the whole sum, which therefore cannot overflow.
    whole = floor_of_product(amounts, factors * n_rows, Fraction(scale.numerator), "late damages")
    return np.asarray(np.add.reduceat(whole // n_rows, starts) // scale.denominator)
