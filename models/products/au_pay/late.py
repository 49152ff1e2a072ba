"""Late damages of au PAY Atobarai by plan, before and after acceleration (AU-37)."""

from typing import NamedTuple

import numpy as np

from models.arrays import Bools, Ints
from models.calendar import Calendar
from models.clauses import implements
from models.kernels.capped_damages import capped_damages_by_purchase
from models.kernels.instalments import unearned_fee
from models.kernels.late_damages import damages_after_acceleration, late_damages
from models.products.au_pay.accrual import Accrual, DayCount, interest
from models.products.au_pay.default_terms import AccelerationTerms, LateDamagesTerms
from models.products.catalogue import Product

CAPPED = (Product.AU_TWO_TIME, Product.AU_BONUS, Product.AU_INSTALMENTS)
"""Plans whose damages the cap rate bounds."""
IS_CAPPED = np.isin(np.arange(len(Product)), CAPPED)
"""The same by `Product`."""


class LateLegs(NamedTuple):
    """Missed payments, shape (n,) each, in any order."""

    member: Ints
    use: Ints
    """Number of the use; of the account for revolving."""
    plan: Ints
    """`Product`."""
    yen: Ints
    """What is late, without revolving fees (`damages_base`)."""
    remaining_yen: Ints
    """All that is unpaid of the use, late or not; under ``cap_scope="per_plan_total"`` of all
    two-time and bonus uses of the member (C-30). Read for capped plans only."""
    due_day: Ints
    """Day index after any roll (CAL-06)."""
    paid_day: Ints
    """Day of payment, or the day up to which the damages are wanted."""


class GroupDamages(NamedTuple):
    """Damages of legs that share a cap."""

    group: Ints
    """Position of each leg's group in `yen`, shape (n,)."""
    yen: Ints
    """Damages of the groups, shape (g,)."""


def damages_base(plan: Ints, principal_yen: Ints, fee_yen: Ints) -> Ints:
    """Give what bears damages: everything late, but of revolving the principal only, yen."""
    is_revolving = np.asarray(plan) == Product.AU_REVOLVING
    return np.where(is_revolving, principal_yen, np.asarray(principal_yen) + fee_yen)


@implements("AU-37.2(1)", "AU-37.2(2)", "AU-37.2(3)", "CAL-06")
def damages_of_legs(
    terms: LateDamagesTerms, daycount: DayCount, calendar: Calendar, legs: LateLegs
) -> GroupDamages:
    """Compute late damages of missed payments that were not accelerated.

    Parameters
    ----------
    terms
        Rates and readings of the caps (C-30, C-48).
    daycount
        How years are split.
    calendar
        Calendar of the run.
    legs
        Missed payments.

    Returns
    -------
    GroupDamages
        Late legs of one use share a group where the cap bears on their sum; every other leg is a
        group of its own. Damages below ``min_yen`` are not claimed.
    """
    group = _cap_groups(terms, legs)
    yen = np.zeros(int(group.max(initial=-1)) + 1, dtype=np.int64)
    is_instalments = legs.plan == Product.AU_INSTALMENTS
    is_capped = np.isin(legs.plan, CAPPED)
    due, paid = _date(calendar, legs.due_day), _date(calendar, legs.paid_day)
    free = ~is_capped
    yen[group[free]] = late_damages(
        legs.yen[free], terms.rate, due[free], paid[free], split_years=daycount.split_years
    )
    for chosen, by_leg in (
        (is_instalments, terms.inst_cap_mode == "per_instalment"),
        (is_capped & ~is_instalments, False),
    ):
        rows = np.flatnonzero(chosen)
        rows = rows[np.argsort(group[rows], kind="stable")]
        numbers, starts = np.unique(group[rows], return_index=True)
        if rows.size:
            yen[numbers] = capped_damages_by_purchase(
                group[rows],
                legs.yen[rows],
                np.maximum.reduceat(np.asarray(legs.remaining_yen)[rows], starts),
                due[rows],
                paid[rows],
                rate=terms.rate,
                cap_rate=terms.cap_rate,
                cap_mode="per_instalment" if by_leg else "per_purchase_sum",
                split_years=daycount.split_years,
            )
    return GroupDamages(group, np.where(yen < terms.min_yen, 0, yen))


def _cap_groups(terms: LateDamagesTerms, legs: LateLegs) -> Ints:
    """Give the group of each leg, counted from 0; legs of a group share a cap."""
    plan = np.asarray(legs.plan)
    by_member = np.isin(plan, (Product.AU_TWO_TIME, Product.AU_BONUS)) & (
        terms.cap_scope == "per_plan_total"
    )
    by_use = np.isin(plan, CAPPED) & ~by_member
    kind = np.select([by_member, by_use], [0, 1], default=2)
    number = np.select([by_member, by_use], [legs.member, legs.use], default=np.arange(plan.size))
    keys = np.stack([kind, number], axis=1)
    return np.unique(keys, axis=0, return_inverse=True)[1].reshape(plan.shape)


@implements("AU-37.1(1)", "AU-37.1(2)", "AU-37.1(3)")
def damages_of_accelerated(
    terms: LateDamagesTerms,
    daycount: DayCount,
    calendar: Calendar,
    plan: Ints,
    yen: Ints,
    accelerated_day: Ints,
    paid_day: Ints,
) -> Ints:
    """Compute late damages on accelerated debts from the acceleration on.

    Parameters
    ----------
    terms, daycount, calendar
        Terms and calendar.
    plan
        `Product`, shape (n,).
    yen
        Accelerated amounts: all that remains of instalments with their fees (C-32), else the
        unpaid debt without revolving fees, shape (n,).
    accelerated_day, paid_day
        Day indices, shape (n,).

    Returns
    -------
    Ints
        Yen, shape (n,): 2.99 % for instalments, two-time and bonus, 14.55 % for the rest, from
        the day after the acceleration (C-16).
    """
    dates = _date(calendar, accelerated_day), _date(calendar, paid_day)
    at_cap, at_full = (
        damages_after_acceleration(
            yen,
            rate,
            *dates,
            includes_day=terms.accel_inclusive,
            split_years=daycount.split_years,
        )
        for rate in (terms.cap_rate, terms.rate)
    )
    return np.where(IS_CAPPED[plan], at_cap, at_full)


@implements("AU-37.1(1)", "AU-37.1(2)", "AU-37.1(3)", "AU-37.2(1)", "AU-37.2(2)", "AU-37.2(3)")
def damages_of_accruals(
    terms: LateDamagesTerms,
    daycount: DayCount,
    plan: Ints,
    is_accelerated: Bools,
    late: Accrual,
    remaining: Accrual,
) -> Ints:
    """Compute late damages of debts whose balances moved while they were late.

    Parameters
    ----------
    terms, daycount
        Terms.
    plan
        `Product`, shape (n,).
    is_accelerated
        Whether the accruals lie after acceleration, shape (n,).
    late
        What was late, by day.
    remaining
        What was unpaid of the whole use, by day, from the oldest missed due date on.

    Returns
    -------
    Ints
        Yen, shape (n,); where nothing moved those of `damages_of_legs` and
        `damages_of_accelerated`.
    """
    at_full, at_cap = (
        interest(daycount, late, terms.rate),
        interest(daycount, remaining, terms.cap_rate),
    )
    bounded = np.where(is_accelerated, at_cap, np.minimum(at_full, at_cap))
    return np.where(IS_CAPPED[plan], bounded, at_full)


@implements("AU-37.1(1)")
def claim_at_acceleration(
    terms: AccelerationTerms, unpaid_yen: Ints, fee_yen: Ints, times: Ints, n_before: Ints
) -> Ints:
    """Give what instalment uses owe once accelerated: all that remains, fee and all (C-32).

    Parameters
    ----------
    terms
        Whether unearned fees are rebated.
    unpaid_yen, fee_yen, times, n_before
        As for `models.products.au_pay.prepayment.instalment_payoff`, shape (n,).

    Returns
    -------
    Ints
        Yen, shape (n,).
    """
    if not terms.rebate_unearned:
        return np.asarray(unpaid_yen)
    return np.asarray(unpaid_yen - unearned_fee(fee_yen, times, n_before))


def _date(calendar: Calendar, day: Ints) -> np.ndarray[tuple[int, ...], np.dtype[np.datetime64]]:
    """Give the dates of day indices."""
    return np.asarray(np.datetime64(calendar.start, "D") + np.asarray(day, dtype=np.int64))
