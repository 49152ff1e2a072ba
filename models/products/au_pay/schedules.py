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
    fee = np.zeros(plans.size, dtype=np.int64)
    chosen = (plans == int(Product.AU_INSTALMENTS)).nonzero()[0]
    if chosen.size:
        fee[chosen] = instalment_fee(
            price_yen[chosen],
            times[chosen],
            three_free=terms.three_free,
            fee_share=terms.fee_per_100_per_payment / 100,
        )
    return fee


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
    count = np.where(plans == int(Product.AU_REVOLVING), 0, np.asarray(times, dtype=np.int64))
    owner = np.arange(plans.size).repeat(count)
    first = count.cumsum() - count
    number = np.arange(owner.size) - first[owner] + 1
    payment = (np.asarray(price_yen) + fee_yen)[owner]
    fee = np.zeros(owner.size, dtype=np.int64)
    several = (count[owner] > 1).nonzero()[0]  # most uses are paid in one payment
    if several.size:
        uses, k = owner[several], number[several]
        payment[several] = _payments(terms, plans[uses], payment[several], count[uses], k)
        fee[several] = _fees(np.asarray(fee_yen)[uses], count[uses], k)
    due_month = np.asarray(first_month, dtype=np.int64)[owner] + number - 1
    return Legs(owner, number, due_month, payment - fee, fee)


def _payments(terms: PlanTerms, plan: Ints, total: Ints, count: Ints, number: Ints) -> Ints:
    """Give the k-th payment of totals, yen, shape (m,)."""
    is_first = number == 1
    equal = instalment_plan(total, count)
    payment = np.where(is_first, equal.first_yen, equal.other_yen)
    two = (plan == int(Product.AU_TWO_TIME)).nonzero()[0]
    if two.size:
        halves = two_time_split(total[two])
        if terms.two_time_remainder == "first":
            is_first = ~is_first
        payment[two] = np.where(is_first[two], halves.first_yen, halves.other_yen)
    return payment


def _fees(fee: Ints, count: Ints, number: Ints) -> Ints:
    """Give the fee of the k-th payment: what becomes earned when its due date is the next one.

    Payments of a use stand together, from the first to the last.
    """
    left = unearned_fee(fee, count, number - 1)
    before = np.where(number == 1, fee, np.concatenate((left[-1:], left[:-1])))
    return np.asarray(before - left)
