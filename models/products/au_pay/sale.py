"""Sale of overdue receivables and securitisation of current ones."""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.kernels import interest_of_weight
from models.kernels.exact import floor_of_share, whole_numbers
from models.products.au_pay.payment_terms import SaleTerms


@implements("AU-25.3", "AU-45.1")
def is_sold(terms: SaleTerms, days_past_due: Ints) -> Bools:
    """Tell which overdue debts go to a buyer, by the days past due of their oldest payment.

    The defence of AU-34 passes over with the debt; the member has waived every other.
    """
    is_old = np.asarray(days_past_due) >= terms.from_day
    return np.asarray(is_old & terms.enabled, dtype=np.bool_)


@implements("AU-45.1")
def sale_price(terms: SaleTerms, claim_yen: Ints, days_past_due: Ints) -> Ints:
    """Give what a buyer pays for claims, by their age and size.

    Parameters
    ----------
    terms
        Price, and pools with prices of their own.
    claim_yen
        Claims, yen, shape (n,).
    days_past_due
        Of the oldest payment, shape (n,).

    Returns
    -------
    Ints
        Yen, rounded down, shape (n,).
    """
    claims = whole_numbers(claim_yen, "claim_yen")
    price = floor_of_share(claims, terms.price, "sale price")
    for pool in terms.pools:
        holds = (np.asarray(days_past_due) >= pool.from_day) & (claims >= pool.from_yen)
        own = floor_of_share(claims, pool.price, "sale price")
        price = np.where(holds, own, price)
    return price


@implements("AU-25.3", "LEN-08")
def servicing_income(terms: SaleTerms, sold_yen: Ints, weight: Ints) -> Ints:
    """Give what is retained for servicing receivables sold at par.

    Parameters
    ----------
    terms
        Rate, and whether receivables are securitised.
    sold_yen
        Principal sold, yen, shape (n,).
    weight
        Day weight of the span (`models.kernels.day_weight`), shape (n,).

    Returns
    -------
    Ints
        Yen, shape (n,); 0 unless receivables are securitised.
    """
    rate = terms.servicing_rate if terms.securitise else 0
    return interest_of_weight(sold_yen, rate, weight)
