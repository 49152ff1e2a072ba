"""Purchases of au PAY Atobarai become legs: what of which use falls due in which month.

The revolving plan has no legs of its own: its account is billed as a whole (`revolving`).
"""

from typing import NamedTuple

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels.instalments import (
    instalment_fee,
    instalment_plan,
    two_time_split,
    unearned_fee,
)
from models.products.au_pay.plan_terms import InstalmentTerms, PlanTerms
from models.products.catalogue import Product


class Legs(NamedTuple):
    """Payments of uses, by use and number, shape (m,) each."""

    owner: Ints
    """Row of the use among those given."""
    number: Ints
    """Number of the payment, from 1."""
    due_month: Ints
    """Month index of the due date."""
    principal_yen: Ints
    fee_yen: Ints


@implements("AU-31.1", "AU-31.3", "AUX-INS")
def finance_charge(terms: InstalmentTerms, plan: Ints, price_yen: Ints, times: Ints) -> Ints:
    """Give the fee booked at the purchase: that of instalments, else 0 (C-51), yen, shape (n,)."""
    plans = np.asarray(plan)
    is_instalments = plans == Product.AU_INSTALMENTS
    if not is_instalments.any():
        return np.zeros(plans.size, dtype=np.int64)
    fee = instalment_fee(
        price_yen,
        np.where(is_instalments, times, terms.n_min),
        three_free=terms.three_free,
        fee_share=terms.fee_per_100_per_payment / 100,
    )
    return np.where(is_instalments, fee, 0)


@implements("AU-29.1(1)", "AU-29.1(2)", "AU-29.1(3)", "AU-31.2")
def legs(
    terms: PlanTerms,
    plan: Ints,
    price_yen: Ints,
    fee_yen: Ints,
    times: Ints,
    first_month: Ints,
) -> Legs:
    """Schedule the payments of uses.

    Parameters
    ----------
    terms
        Where an odd yen of two-time payment goes.
    plan
        Plan as `Product`, shape (n,); revolving uses get no legs.
    price_yen
        Cash price, shape (n,).
    fee_yen
        `finance_charge`, shape (n,).
    times
        Number of payments (`instalments_in_force`), shape (n,).
    first_month
        `first_due_month` of the use, shape (n,).

    Returns
    -------
    Legs
        ``sum(principal) = price`` and ``sum(fee) = fee`` by use. Instalment k carries the fee of
        the rule of 78, floored from the end, so that what a prepayment gives back is the sum of
        the fees of the later legs (AU-32.4).

    Examples
    --------
    >>> found = legs(PlanTerms(), np.array([6]), np.array([9_999]), np.array([0]), np.array([2]),
    ...              np.array([8]))
    >>> found.due_month.tolist(), found.principal_yen.tolist()
    ([8, 9], [4999, 5000])
    """
    plans = np.asarray(plan)
    count = np.where(plans == Product.AU_REVOLVING, 0, np.asarray(times, dtype=np.int64))
    owner = np.repeat(np.arange(plans.size), count)
    ends = np.cumsum(count)
    number = np.arange(owner.size) - np.repeat(ends - count, count) + 1
    amount = _amounts(terms, plans, np.asarray(price_yen) + fee_yen, count)[owner]
    payment = np.where(number == 1, amount[:, 0], amount[:, 1])
    fee = _fee_of_leg(np.asarray(fee_yen)[owner], np.maximum(count, 1)[owner], number)
    due_month = np.asarray(first_month, dtype=np.int64)[owner] + number - 1
    return Legs(owner, number, due_month, payment - fee, fee)


def _amounts(terms: PlanTerms, plan: Ints, total: Ints, count: Ints) -> Ints:
    """Give the first and each other payment of uses, shape (n, 2)."""
    equal = instalment_plan(total, np.maximum(count, 1))
    two = two_time_split(total)
    if terms.two_time_remainder == "first":
        two = two._replace(first_yen=two.other_yen, other_yen=two.first_yen)
    is_two = plan == Product.AU_TWO_TIME
    return np.stack(
        [
            np.where(is_two, two.first_yen, equal.first_yen),
            np.where(is_two, two.other_yen, equal.other_yen),
        ],
        axis=1,
    )


def _fee_of_leg(fee: Ints, count: Ints, number: Ints) -> Ints:
    """Give the fee of the k-th payment: what becomes earned when its due date is the next one."""
    unearned_after = unearned_fee(fee, count, number - 1)
    unearned_before = unearned_fee(fee, count, np.maximum(number - 2, 0))
    return np.asarray(np.where(number == 1, fee, unearned_before) - unearned_after)
