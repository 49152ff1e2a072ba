"""Allocation of cash to claims, in the order in which they are to be satisfied.

In flow cash and claims in int64 yen, out flow the yen that each claim receives. Kept invariant:
what is allocated and what is left add up to the cash, no claim receives more than it asks, and
none receives anything before those ahead of it are satisfied.
"""

import numpy as np
import numpy.typing as npt

from models.kernels.exact import IntArray, whole_numbers
from models.kernels.groups import group_rows


def allocate(cash: npt.ArrayLike, claims: npt.ArrayLike) -> IntArray:
    """Allocate the cash of each row to the claims of the row, the first claim first.

    Parameters
    ----------
    cash
        Cash of each row, yen, 0 or more, shape (n,) or a scalar.
    claims
        Claims in the order in which they are to be satisfied, yen, 0 or more, shape (n, k).

    Returns
    -------
    IntArray
        Yen received by each claim, shape (n, k), int64. What is left of the cash is
        ``cash - allocated.sum(axis=-1)``.

    Raises
    ------
    TypeError
        If cash or claims are not integers.
    ValueError
        If cash or claims are negative, or their shapes do not fit.
    OverflowError
        If a value is above 2**63 - 1.

    Notes
    -----
    ``allocated[j] = min(claim[j], max(cash - sum of claims ahead of j, 0))``. The order itself
    is the caller's (NP-29.1).

    Examples
    --------
    >>> allocate([500, 5_000], [[300, 400], [300, 400]]).tolist()
    [[300, 200], [300, 400]]
    """
    asked = whole_numbers(claims, "claims")
    available = whole_numbers(cash, "cash")
    if asked.ndim == 0 or available.shape not in {(), asked.shape[:-1]}:
        raise ValueError(
            f"claims of shape {asked.shape} do not fit cash of shape {available.shape}"
        )
    left = np.broadcast_to(available, asked.shape[:-1]).copy()
    allocated = np.empty_like(asked)
    # NOTE: k strided passes; one cumulative sum along the short axis is 14 times slower.
    for rank in range(asked.shape[-1]):
        np.minimum(left, asked[..., rank], out=allocated[..., rank])
        left -= allocated[..., rank]
    return allocated


def allocate_by_account(
    cash: npt.ArrayLike, account: npt.ArrayLike, claims: npt.ArrayLike
) -> tuple[IntArray, IntArray]:
    """Allocate the cash of each account to its rows of claims, the first row first.

    Parameters
    ----------
    cash
        Cash of each account that occurs in `account`, in that order, yen, 0 or more, shape (g,).
    account
        Account of each row in ascending order, shape (n,); the rows of one account are in the
        order in which they are to be satisfied.
    claims
        Claims of each row in the order in which they are to be satisfied, yen, 0 or more,
        shape (n, k).

    Returns
    -------
    allocated : IntArray
        Yen received by each claim, shape (n, k), int64.
    left : IntArray
        Cash left over in each account, shape (g,), int64.

    Raises
    ------
    TypeError
        If cash, account or claims are not integers.
    ValueError
        If a value is negative, the accounts are not ascending, or the shapes do not fit.
    OverflowError
        If all claims together add up to more than 2**63 - 1.

    Notes
    -----
    The formula of `allocate` over all claims of an account, row after row: the older bill whole
    before the next (NP-29.1).

    Examples
    --------
    >>> claims = [[100, 200], [50, 400], [3, 4]]
    >>> allocated, left = allocate_by_account([500, 900], [7, 7, 9], claims)
    >>> allocated.tolist(), left.tolist()
    ([[100, 200], [50, 150], [3, 4]], [0, 893])
    """
    asked = whole_numbers(claims, "claims")
    group, starts = group_rows(whole_numbers(account, "account"), "account")
    available = whole_numbers(cash, "cash")
    if asked.ndim != 2 or asked.shape[:1] != group.shape or available.shape != starts.shape:
        raise ValueError(
            f"claims of shape {asked.shape}, {group.size} rows in {starts.size} accounts and "
            f"cash of shape {available.shape} do not fit"
        )
    flat = asked.ravel()
    ahead = (_running_total(flat) - flat).reshape(asked.shape)
    # What lies ahead of a whole account, to be taken off again inside it.
    ahead -= ahead[starts, :1][group]
    allocated = np.minimum(np.maximum(available[group, np.newaxis] - ahead, 0), asked)
    return allocated, np.asarray(available - np.add.reduceat(allocated.sum(axis=1), starts))


def _running_total(claims: IntArray) -> IntArray:
    """Add up claims one after the other, refusing sums that do not fit."""
    total = np.cumsum(claims, dtype=np.int64)
    # Two non-negative int64 that do not fit always wrap to a negative sum.
    if (total < 0).any():
        raise OverflowError("claims: their sum is above 2**63 - 1")
    return total
