"""Late damages of au PAY Atobarai by plan, before and after acceleration (AU-37)."""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.kernels.instalments import unearned_fee
from models.products.au_pay.accrual import Accrual, DayCount, interest
from models.products.au_pay.default_terms import AccelerationTerms, LateDamagesTerms
from models.products.catalogue import Product

CAPPED = (Product.AU_TWO_TIME, Product.AU_BONUS, Product.AU_INSTALMENTS)
"""Plans whose damages the cap rate bounds."""
IS_CAPPED = np.isin(np.arange(len(Product)), CAPPED)
"""The same by `Product`."""


def damages_base(plan: Ints, principal_yen: Ints, fee_yen: Ints) -> Ints:
    """Give what bears damages: everything late, but of revolving the principal only, yen."""
    is_revolving = np.asarray(plan) == Product.AU_REVOLVING
    return np.where(is_revolving, principal_yen, np.asarray(principal_yen) + fee_yen)


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
        Yen, shape (n,), rounded down once. Before acceleration the rate on what was late, for
        two-time, bonus and instalments no more than the cap rate on what was unpaid; after it the
        cap rate for these plans (C-32), the full rate for the others.
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
