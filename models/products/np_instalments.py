"""Instalments of atone (P4): equal monthly payments of one purchase, and whose fee gives way.

The instalment terms are no source of ours; they exist here as fees that meet those of atone. Where
both arise, the one of the instalment terms is waived (NP-25.2 by month, NP-25.3 and NP-30.3 by
debt, C-05), or, in the other reading, both are owed.
"""

from typing import Annotated

import numpy as np
from pydantic import Field

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.kernels import instalment_plan
from models.parameters import Parameters, Share, parameter


class NpInstalmentTerms(Parameters):
    """The terms of the instalments, off by default."""

    enabled: bool = parameter(
        False, "Whether purchases can be paid in instalments.", unit="-", source="NP-25.2"
    )
    users_share: Share = parameter(
        0.2, "Uses above the least price that are split.", unit="share", source="assumption"
    )
    least_price_yen: int = parameter(
        10_000, "Least price that can be split.", unit="yen", source="assumption", ge=0
    )
    counts: tuple[Annotated[int, Field(ge=1, le=120)], ...] = parameter(
        (3, 6, 12),
        "Numbers of monthly payments on offer, chosen evenly.",
        unit="payments",
        source="NP-25.2; assumption",
        min_length=1,
        max_length=12,
    )
    fee_yen: int = parameter(
        226,
        "Fee of a month with an instalment, before tax (Art. 7(4) of the instalment terms).",
        unit="yen before tax",
        source="NP-25.2; assumption",
        ge=0,
        le=1_000_000,
    )
    failed_debit_yen: int = parameter(
        226,
        "Fee of a failed debit, before tax (Art. 7(5) of the instalment terms).",
        unit="yen before tax",
        source="NP-25.3; assumption",
        ge=0,
        le=1_000_000,
    )
    late_admin_yen: int = parameter(
        100,
        "Late administration fee of the instalment terms including tax, while the lender itself "
        "collects.",
        unit="yen with tax",
        source="NP-30.3; assumption",
        ge=0,
        le=1_000_000,
    )
    is_waived: bool = parameter(
        True,
        "Whether fees of the instalment terms give way to those of atone.",
        unit="-",
        source="NP-25.2; NP-25.3; NP-30.3; C-05",
    )


def counts_chosen(terms: NpInstalmentTerms, price_yen: Ints, u: Floats) -> Ints:
    """Give the number of payments of uses, 0 where the whole price is billed.

    Parameters
    ----------
    terms
        Terms.
    price_yen
        Price, shape (n,).
    u
        Uniforms, shape (2, n): whether, how many.

    Returns
    -------
    Ints
        int8, shape (n,).
    """
    counts = np.array(terms.counts, dtype=np.int8)
    chosen = counts[(u[1] * counts.size).astype(np.int64)]
    splits = (u[0] < terms.users_share) & (price_yen >= terms.least_price_yen)
    return np.where(splits, chosen, np.int8(0))


def instalment_of(price_yen: Ints, n: Ints, number: Ints) -> Ints:
    """Give the instalment of a number counted from 0; the first one takes the rest, shape (n,).

    Examples
    --------
    >>> [int(instalment_of(np.array([10_000]), np.array([3]), np.array([k]))[0]) for k in range(3)]
    [3334, 3333, 3333]
    """
    plan = instalment_plan(price_yen, n)
    return np.asarray(np.where(number == 0, plan.first_yen, plan.other_yen))


@implements("NP-25.2", "NP-25.3", "NP-30.3")
def fee_arises(terms: NpInstalmentTerms, has_atone_fee: Bools) -> Bools:
    """Tell where a fee of the instalment terms is owed.

    Parameters
    ----------
    terms
        Whether it gives way (C-05).
    has_atone_fee
        Whether the same fee of atone arises, in the month (NP-25.2) or on the debt, shape (n,).

    Returns
    -------
    Bools
        Shape (n,).
    """
    return np.asarray(~has_atone_fee | (not terms.is_waived))
