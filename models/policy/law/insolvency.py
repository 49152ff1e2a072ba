"""Bankruptcy and civil rehabilitation: who petitions, and what creditors receive (COLL-10).

In flow days past due, claims and uniforms, out flow decisions and int64 yen. The statutory floor
of a rehabilitation plan bears on all debts of a person together, not on one lender's claim, and is
not modelled.
"""

import numpy as np
from scipy.special import expm1, log1p

from models.arrays import Floats, Ints
from models.clauses import implements
from models.codes import Code
from models.kernels import InstalmentPlan, instalment_plan
from models.kernels.exact import floor_of_share, whole_numbers
from models.kernels.instalments import LONGEST_PLAN
from models.parameters import Parameters, Rate, Share, parameter


class Petition(Code):
    """What a member files for."""

    NONE = 0
    BANKRUPTCY = 1
    REHABILITATION = 2


class Insolvency(Parameters):
    """How often members petition, and what follows."""

    enabled: bool = parameter(True, "Whether members file petitions.", unit="-", source="COLL-10")
    per_year: Share = parameter(
        0.00073,
        "Chance a year of a petition.",
        unit="a year",
        source="AU-39.2(4); facts 7 (76,309 filings by 104 million adults)",
    )
    late_per_year: Share = parameter(
        0.02,
        "Chance a year of a petition in long arrears.",
        unit="a year",
        source="AU-39.2(4); facts 7; assumption",
    )
    late_from_day: int = parameter(
        60, "Days past due that are long.", unit="days", source="facts 7", ge=1, le=3650
    )
    rehabilitation: Share = parameter(
        0.116,
        "Petitions for civil rehabilitation; the others are for bankruptcy.",
        unit="share",
        source="facts 3.1 (10,000 beside 76,309)",
    )
    discharge_after_days: int = parameter(
        180,
        "Days from the petition to the discharge in bankruptcy, which leaves nothing.",
        unit="days",
        source="COLL-11; assumption",
        ge=1,
        le=3650,
    )
    plan_after_days: int = parameter(
        180,
        "Days from the petition to the first payment of a rehabilitation plan.",
        unit="days",
        source="assumption",
        ge=1,
        le=3650,
    )
    plan_part: Rate = parameter(
        [1, 5], "Part of the claim that the plan pays.", unit="share", source="COLL-10"
    )
    n_payments: int = parameter(
        36,
        "Monthly payments of the plan.",
        unit="payments",
        source="COLL-10",
        ge=1,
        le=LONGEST_PLAN,
    )


def petition_chance(terms: Insolvency, days_past_due: Ints) -> Floats:
    """Give the chance a month of a petition.

    Parameters
    ----------
    terms
        Chances a year.
    days_past_due
        Of the oldest unpaid bill at any lender, shape (n,); 0 or less: nothing is overdue.

    Returns
    -------
    Floats
        ``1 - (1 - chance a year)**(1 / 12)``, shape (n,).
    """
    is_late = np.asarray(days_past_due) >= terms.late_from_day
    monthly = -expm1(log1p(-np.array([terms.per_year, terms.late_per_year])) / 12.0)
    return np.asarray(monthly[is_late.astype(np.int64)] * terms.enabled)


@implements("COLL-10", "AU-39.2(4)")
def petitions(terms: Insolvency, days_past_due: Ints, u: Floats) -> Ints:
    """Tell who petitions for what this month.

    Parameters
    ----------
    terms
        Chances, and the part of rehabilitation.
    days_past_due
        See `petition_chance`.
    u
        Uniforms, shape (n,).

    Returns
    -------
    Ints
        `Petition`, shape (n,).
    """
    chance = petition_chance(terms, days_past_due)
    kind = np.where(u < chance * terms.rehabilitation, Petition.REHABILITATION, Petition.BANKRUPTCY)
    return np.where(u < chance, kind, Petition.NONE).astype(np.int64)


@implements("COLL-10")
def rehabilitation_payments(terms: Insolvency, claim_yen: Ints) -> InstalmentPlan:
    """Divide what a rehabilitation plan pays, the remainder in the first payment.

    Parameters
    ----------
    terms
        Part of the claim and number of payments.
    claim_yen
        Claims on the day of the petition, yen, 0 or more, any shape.

    Returns
    -------
    InstalmentPlan
        First payment and each other one, yen, the shape of the claims; together they are
        ``floor(claim * part)``.

    Raises
    ------
    TypeError
        If claims are not integers.
    ValueError
        If a claim is negative.
    OverflowError
        If claim * numerator of the part is above 2**63 - 1.

    Examples
    --------
    >>> plan = rehabilitation_payments(Insolvency(), np.array([52_345]))
    >>> plan.first_yen.tolist(), plan.other_yen.tolist()
    ([319], [290])
    """
    claims = whole_numbers(claim_yen, "claim_yen")
    payable = floor_of_share(claims, terms.plan_part, "rehabilitation plan")
    return instalment_plan(payable, terms.n_payments)
