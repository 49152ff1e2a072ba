"""Execution of a title: attachment of wages and of bank accounts, and several creditors at once.

In flow wages, claims and uniforms, out flow int64 yen. Kept invariant: no creditor receives more
than it is owed, and all together never more than is attachable.
"""

from fractions import Fraction
from typing import Literal

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.kernels import allocate
from models.kernels.exact import IntArray, floor_of_product, floor_of_share, whole_numbers
from models.parameters import Parameters, Rate, Share, parameter

Priority = Literal["pro_rata", "first_served"]


class Garnishment(Parameters):
    """Attachment of wages at the employer."""

    probability: Share = parameter(
        1.0, "Final titles that are executed; 0: none.", unit="share", source="COLL-07; ART-12"
    )
    start_days: int = parameter(
        30, "Days from finality to the petition.", unit="days", source="COLL-07", ge=0, le=365
    )
    employer_known: Share = parameter(
        0.2,
        "Employers that are found; each is looked for once, until the member changes jobs.",
        unit="share",
        source="facts 7 (success per attempt; 85.5 % of petitions are withdrawn); assumption",
    )
    search_days: int = parameter(
        30, "Days of a search for the employer.", unit="days", source="assumption", ge=0, le=365
    )
    recheck_days: int = parameter(
        90,
        "Days until a member without a job or a known employer is looked into again.",
        unit="days",
        source="COLL-08",
        ge=1,
        le=3650,
    )
    part: Rate = parameter(
        [1, 4], "Attachable part of the net wage.", unit="share", source="COLL-07; C-49"
    )
    exempt_yen: int = parameter(
        330_000,
        "Net wage a month above which everything is attachable.",
        unit="yen a month",
        source="COLL-07; C-49",
        ge=0,
        le=100_000_000,
    )
    leaves_job: Share = parameter(
        0.01,
        "Chance a month that the member leaves the employer, which ends the attachment.",
        unit="a month",
        source="assumption",
    )
    priority: Priority = parameter(
        "pro_rata",
        "How creditors who attach the same wage share it.",
        unit="-",
        source="assumption",
    )


class BankAttachment(Parameters):
    """Attachment of a bank account, which the ladder does not know: off unless asked for."""

    probability: Share = parameter(
        0.0, "Titles tried on a bank account; 0: none.", unit="share", source="COLL-08"
    )
    success: Share = parameter(
        0.15,
        "Attempts that find money.",
        unit="share",
        source="facts 3.1 (85.5 % of petitions are withdrawn, mostly on empty accounts)",
    )
    part: Rate = parameter(
        [1, 2], "Part of the claim that they bring.", unit="share", source="assumption"
    )


@implements("COLL-07", "ART-12")
def attachable_wage(terms: Garnishment, net_wage_yen: Ints) -> IntArray:
    """Give what creditors may take from a monthly net wage.

    Parameters
    ----------
    terms
        Attachable part and exempt amount.
    net_wage_yen
        Net wages of a month, yen, 0 or more, any shape.

    Returns
    -------
    IntArray
        Yen, the same shape, int64.

    Raises
    ------
    TypeError
        If wages are not integers.
    ValueError
        If a wage is negative.
    OverflowError
        If wage * numerator of the part is above 2**63 - 1.

    Notes
    -----
    ``max(floor(wage * part), wage - exempt)`` (COLL-07, C-49).

    Examples
    --------
    >>> attachable_wage(Garnishment(), np.array([220_000, 440_000, 500_000])).tolist()
    [55000, 110000, 170000]
    """
    wages = whole_numbers(net_wage_yen, "net_wage_yen")
    part = floor_of_share(wages, terms.part, "attachable wage")
    return np.maximum(part, wages - terms.exempt_yen)


@implements("COLL-07")
def share_among_creditors(
    attachable_yen: Ints, claims_yen: Ints, order: Ints, priority: Priority
) -> IntArray:
    """Divide what is attachable among the creditors of each member.

    Parameters
    ----------
    attachable_yen
        Yen, 0 or more, shape (n,).
    claims_yen
        What each creditor has attached it for, yen, 0 or more, shape (n, k); 0: not attached.
    order
        Day or rank of each creditor's attachment, shape (n, k); of equal ones the first column
        goes first.
    priority
        ``"first_served"``: the earliest attachment whole before the next. ``"pro_rata"``: in
        proportion to the claims, rounded down; the yen left over go to the earliest.

    Returns
    -------
    IntArray
        Yen of each creditor, shape (n, k), int64; each row adds up to the smaller of what is
        attachable and what is claimed.

    Raises
    ------
    TypeError
        If yen are not integers.
    ValueError
        If yen are negative or the shapes do not fit.
    OverflowError
        If the claims of a row may add up to more than 2**63 - 1, or, pro rata, the amount to
        divide times a claim does.

    Examples
    --------
    >>> claims, order = np.array([[20_000, 40_000]]), np.array([[2, 1]])
    >>> share_among_creditors(np.array([50_000]), claims, order, "first_served").tolist()
    [[10000, 40000]]
    >>> share_among_creditors(np.array([50_000]), claims, order, "pro_rata").tolist()
    [[16666, 33334]]
    """
    available = whole_numbers(attachable_yen, "attachable_yen")
    claims = whole_numbers(claims_yen, "claims_yen")
    if claims.ndim != 2 or np.shape(order) != claims.shape or available.shape != claims.shape[:1]:
        raise ValueError(
            f"attachable_yen of shape {available.shape}, claims_yen of shape {claims.shape} and "
            f"order of shape {np.shape(order)} do not fit"
        )
    if int(claims.max(initial=0)) * claims.shape[1] > np.iinfo(np.int64).max:
        raise OverflowError(f"claims_yen: a row of {claims.max()} yen each is above 2**63 - 1")
    shares = np.zeros_like(claims)
    if priority == "pro_rata":
        total = claims.sum(axis=1)
        taken = np.minimum(available, total)[:, np.newaxis]
        product = floor_of_product(claims, taken, Fraction(1), "share of a creditor")
        shares = product // np.maximum(total, 1)[:, np.newaxis]
    left = available - shares.sum(axis=1)
    ranked = np.argsort(order, axis=1, kind="stable")
    rest = allocate(left, np.take_along_axis(claims - shares, ranked, axis=1))
    np.put_along_axis(shares, ranked, np.take_along_axis(shares, ranked, axis=1) + rest, axis=1)
    return shares


@implements("COLL-07", "COLL-08")
def finds_employer(terms: Garnishment, is_sought: Bools, u: Floats) -> Bools:
    """Tell for which members a search finds an employer, by uniforms of shape (n,)."""
    return np.asarray(is_sought & (u < terms.employer_known), dtype=np.bool_)


@implements("COLL-07")
def leaves_job(terms: Garnishment, u: Floats) -> Bools:
    """Tell whose attachment ends this month with the job, by uniforms of shape (n,)."""
    return np.asarray(u < terms.leaves_job, dtype=np.bool_)


@implements("COLL-08")
def attached_balance(terms: BankAttachment, claim_yen: Ints, u: Floats) -> IntArray:
    """Give what an attempt on a bank account brings.

    Parameters
    ----------
    terms
        Chance of an attempt, chance of success, part of the claim.
    claim_yen
        Claims with a title, yen, shape (n,).
    u
        Uniforms, shape (2, n): attempt, success.

    Returns
    -------
    IntArray
        Yen, rounded down, shape (n,); at most the claim.
    """
    claims = whole_numbers(claim_yen, "claim_yen")
    part = floor_of_share(claims, terms.part, "attached balance")
    return np.where((u[0] < terms.probability) & (u[1] < terms.success), part, 0)
