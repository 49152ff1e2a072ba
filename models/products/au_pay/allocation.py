"""In which order a short payment meets the debts of a member (AU-38.1)."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels import allocate_by_account
from models.kernels.groups import distinct
from models.products.au_pay.payment_terms import CLAIMS, AllocationTerms
from models.products.au_pay.plans import PLAN_OF_NAME
from models.products.catalogue import Product


def plan_rank(terms: AllocationTerms) -> Ints:
    """Tabulate the rank of plans among debts of one day by `Product`, first 0, shape (10,)."""
    rank = np.full(len(Product), len(terms.plans), dtype=np.int8)
    for position, name in enumerate(terms.plans):
        rank[PLAN_OF_NAME[name]] = position
    return rank


@implements("AU-38.1", "AU-38.4", "AU-38.5")
def allocate_payment(
    terms: AllocationTerms,
    day: int,
    cash_yen: Ints,
    member: Ints,
    due_day: Ints,
    plan: Ints,
    claims_yen: Ints,
) -> tuple[Ints, Ints]:
    """Allocate short payments to debts, those that have matured first.

    Parameters
    ----------
    terms
        Order of kinds and plans.
    day
        Day of the payment; what falls due on it has matured.
    cash_yen
        Cash by member row, shape (m,).
    member
        Row of the member of each debt, shape (n,), in any order.
    due_day
        Due day of each debt, shape (n,).
    plan
        `Product` of each debt, shape (n,).
    claims_yen
        What is owed by `CLAIMS`, yen, shape (n, 4).

    Returns
    -------
    allocated_yen : Ints
        By debt and `CLAIMS`, shape (n, 4).
    left_yen : Ints
        What is left of the cash, by member row, shape (m,).

    Notes
    -----
    A kind is met over all matured debts of the member before the next kind, within a kind the
    oldest due date first, on one day by plan. What is left meets debts that mature later in the
    same way (AU-38.4).

    Examples
    --------
    >>> claims = np.array([[0, 5, 0, 100], [0, 7, 0, 100]])
    >>> found, left = allocate_payment(AllocationTerms(), 9, np.array([50]), np.array([0, 0]),
    ...                                np.array([9, 4]), np.array([5, 5]), claims)
    >>> found.tolist(), left.tolist()
    ([[0, 5, 0, 0], [0, 7, 0, 38]], [0])
    """
    kinds = np.array([terms.order.index(name) for name in CLAIMS])
    members = distinct(member)
    shape = claims_yen.shape
    keys = (plan_rank(terms)[plan], due_day, due_day > day)
    rank, due, is_later = (np.broadcast_to(key[:, np.newaxis], shape).ravel() for key in keys)
    owner = np.repeat(member, len(CLAIMS))
    order = np.lexsort((rank, due, np.tile(kinds, shape[0]), is_later, owner))
    found, left_found = allocate_by_account(
        np.asarray(cash_yen)[members],
        owner[order],
        np.asarray(claims_yen).ravel()[order, np.newaxis],
    )
    allocated = np.empty(claims_yen.size, dtype=np.int64)
    allocated[order] = found[:, 0]
    left = np.array(cash_yen, dtype=np.int64)
    left[members] = left_found
    return allocated.reshape(shape), left
