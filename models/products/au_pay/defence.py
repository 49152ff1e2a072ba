"""The payment-stop defence: who may stop paying for a use, and what that takes off a bill."""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.products.au_pay.relief_terms import StopTerms
from models.products.catalogue import Product


@implements("AU-34.1", "AU-34.2", "AU-34.5", "AU-33.1")
def may_stop(
    terms: StopTerms,
    plan: Ints,
    cash_price_yen: Ints,
    total_yen: Ints,
    has_ground: Bools,
    is_excluded: Bools,
) -> Bools:
    """Tell for which uses the member may stop paying.

    Parameters
    ----------
    terms
        Thresholds; an equal amount qualifies.
    plan
        `Product`, shape (n,); one-time use never qualifies.
    cash_price_yen
        Cash price of the single use, which counts for revolving, shape (n,).
    total_yen
        Total payable of the single use, which counts for the other plans, shape (n,).
    has_ground
        Goods not delivered, defective or different, or another ground against the merchant.
    is_excluded
        Business purchase, case outside the statute, right that is not designated, bad faith
        (AU-34.5 (1), (2), (5), (6)), shape (n,).

    Returns
    -------
    Bools
        Shape (n,).
    """
    plans = np.asarray(plan)
    by_total = np.isin(plans, (Product.AU_TWO_TIME, Product.AU_BONUS, Product.AU_INSTALMENTS))
    is_large = np.where(
        by_total,
        np.asarray(total_yen) >= terms.min_total_yen,
        (plans == Product.AU_REVOLVING)
        & (np.asarray(cash_price_yen) >= terms.min_revolving_cash_yen),
    )
    return np.asarray(is_large & has_ground & ~is_excluded, dtype=np.bool_)


@implements("AU-34.6", "AU-38.5")
def stopped_share(
    principal_yen: Ints, stopped_principal_yen: Ints, account_principal_yen: Ints
) -> Ints:
    """Give the part of revolving principal billed that belongs to stopped uses.

    Parameters
    ----------
    principal_yen
        Principal in the month's payment, shape (n,).
    stopped_principal_yen
        Outstanding principal of stopped uses in the account, shape (n,).
    account_principal_yen
        Outstanding principal of the account before the payment, shape (n,).

    Returns
    -------
    Ints
        Yen, shape (n,): the payment meets the other uses first, so only what they cannot absorb
        is stopped (AU-38.5).
    """
    others = np.asarray(account_principal_yen) - stopped_principal_yen
    return np.asarray(np.maximum(np.asarray(principal_yen) - np.maximum(others, 0), 0))


@implements("AU-34.3", "AU-34.4")
def stop_ends(terms: StopTerms, declared_day: Ints) -> Ints:
    """Give the day on which the lender's procedure over a stop ends, day index."""
    return np.asarray(declared_day + terms.resolve_days)
