"""Use abroad: conversion into yen."""

import numpy.typing as npt

from models.arrays import Ints
from models.clauses import implements
from models.kernels.exact import ExactRate, exact_rate, floor_of_share, whole_numbers
from models.products.au_pay.payment_terms import ForeignTerms


@implements("AU-35.4")
def yen_of_foreign(terms: ForeignTerms, amount: npt.ArrayLike, brand_rate: ExactRate) -> Ints:
    """Convert foreign amounts of one currency and day into yen.

    Parameters
    ----------
    terms
        Handling cost on top of the brand's rate.
    amount
        Amounts in the smallest unit of the currency, 0 or more, shape (n,).
    brand_rate
        Yen per unit at the moment the brand processes the sale, exact.

    Returns
    -------
    Ints
        int64 yen, shape (n,).

    Notes
    -----
    ``floor(amount * brand_rate * (1 + markup))``; from then on as a use at home.

    Examples
    --------
    >>> int(yen_of_foreign(ForeignTerms(), 10_000, "1.5"))
    15330
    """
    scale = exact_rate(brand_rate, "brand_rate") * (1 + terms.markup)
    return floor_of_share(whole_numbers(amount, "amount"), scale, "foreign amount")
