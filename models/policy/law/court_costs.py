"""What courts cost, and which court hears a claim.

In flow claims, out flow int64 yen. The lender advances fee and postage and adds them to the claim
(COLL-05, AU-44.2, NP-7.3); the work of its own staff is never the member's. The fee table is known
up to claims of 5 million yen; above, its last step runs on.
"""

from typing import Literal, NamedTuple

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.codes import Code
from models.kernels.exact import IntArray, floor_of_share, whole_numbers
from models.parameters import Parameters, Rate, parameter
from models.policy.law.proceedings import Court, Route
from models.products.catalogue import Lender

LARGEST_CLAIM_YEN = 10**12
"""Claims above are refused; below, no table that a configuration can hold leaves 64 bits."""


class CourtLevel(Code):
    """The court of first instance."""

    SUMMARY = 0
    DISTRICT = 1


class Venue(Parameters):
    """Where the court sits; without consequence for cash, and named in the records only."""

    net_protections: Literal["member_residence", "lender_head_office"] = parameter(
        "member_residence", "Venue of Net Protections.", unit="-", source="NP-21"
    )
    au_financial_service: Literal["member_residence", "place_of_purchase", "lender_head_office"] = (
        parameter("member_residence", "Venue of au Financial Service.", unit="-", source="AU-46.1")
    )


class CourtFees(Parameters):
    """Fees, postage and work of every step before the courts."""

    step_yen: int = parameter(
        100_000,
        "The fee of a lawsuit rises by so much of the claim or a part of it.",
        unit="yen",
        source="COLL-05; facts 3.1",
        ge=1_000,
        le=10**9,
    )
    upper_from_yen: int = parameter(
        1_000_000,
        "Above this claim the steps are longer.",
        unit="yen",
        source="COLL-05; facts 3.1",
        ge=0,
        le=10**12,
    )
    upper_step_yen: int = parameter(
        200_000,
        "Step above.",
        unit="yen",
        source="facts 3.1",
        ge=1_000,
        le=10**9,
    )
    lawsuit_step_fee_yen: int = parameter(
        1_000, "Fee of a step.", unit="yen", source="COLL-05; facts 3.1", ge=0, le=100_000
    )
    payment_order_part: Rate = parameter(
        [1, 2],
        "Fee of a payment order as a part of that of a lawsuit.",
        unit="share",
        source="COLL-05; facts 3.1",
    )
    payment_order_postage_yen: int = parameter(
        1_200, "Postage of a payment order.", unit="yen", source="COLL-05", ge=0, le=100_000
    )
    lawsuit_postage_yen: int = parameter(
        6_000, "Postage of a lawsuit.", unit="yen", source="COLL-05", ge=0, le=100_000
    )
    attachment_fee_yen: int = parameter(
        4_000, "Fee of an attachment.", unit="yen", source="facts 3.1", ge=0, le=100_000
    )
    attachment_postage_yen: int = parameter(
        3_000, "Postage of an attachment.", unit="yen", source="facts 3.1", ge=0, le=100_000
    )
    staff_cost_yen: int = parameter(
        1_500,
        "Work of a filing or petition; the lender's own.",
        unit="yen",
        source="facts 3.2; assumption",
        ge=0,
        le=1_000_000,
    )
    summary_court_yen: int = parameter(
        1_400_000,
        "Claims up to this are heard by a summary court, others by a district court.",
        unit="yen",
        source="NP-21; AU-46.1",
        ge=0,
        le=10**12,
    )
    venue: Venue = Venue()


@implements("COLL-05")
def lawsuit_fee(terms: CourtFees, claim_yen: Ints) -> IntArray:
    """Give the court's fee for a lawsuit.

    Parameters
    ----------
    terms
        Fee table.
    claim_yen
        Claims, yen, 0 to 10**12, any shape.

    Returns
    -------
    IntArray
        Fees in yen, the same shape, int64.

    Raises
    ------
    TypeError
        If claims are not integers.
    ValueError
        If a claim is negative.
    OverflowError
        If a claim is above 10**12 yen.

    Examples
    --------
    >>> lawsuit_fee(CourtFees(), np.array([1, 300_000, 1_000_001, 2_000_000])).tolist()
    [1000, 3000, 11000, 15000]
    """
    claims = _claims(claim_yen)
    lower = np.minimum(claims, terms.upper_from_yen)
    steps = _steps(lower, terms.step_yen) + _steps(claims - lower, terms.upper_step_yen)
    return np.asarray(steps * terms.lawsuit_step_fee_yen)


@implements("COLL-05")
def payment_order_fee(terms: CourtFees, claim_yen: Ints) -> IntArray:
    """Give the court's fee for a payment order, rounded down, yen, the shape of the claims.

    Raises
    ------
    TypeError, ValueError, OverflowError
        As `lawsuit_fee`.

    Examples
    --------
    >>> payment_order_fee(CourtFees(), np.array([1, 100_001, 1_000_001])).tolist()
    [500, 1000, 5500]
    """
    fee = lawsuit_fee(terms, claim_yen)
    return floor_of_share(fee, terms.payment_order_part, "payment order fee")


class CourtCosts(NamedTuple):
    """Fee and postage of claims, yen, shape (n,) each."""

    order_yen: IntArray
    """To apply for a payment order."""
    lawsuit_yen: IntArray
    """To file a lawsuit."""
    objection_yen: IntArray
    """Further, of a payment order that meets an objection: the rest of a lawsuit's fee."""

    def of_filing(self, route: Ints) -> IntArray:
        """Give the cost of filing by `Route`, shape (n,)."""
        is_order = np.asarray(route) == Route.PAYMENT_ORDER
        return np.where(is_order, self.order_yen, self.lawsuit_yen)


@implements("COLL-05", "AU-44.2")
def court_costs(terms: CourtFees, claim_yen: Ints) -> CourtCosts:
    """Give fee and postage of taking claims to court.

    Parameters
    ----------
    terms
        Fee table and postage.
    claim_yen
        Claims, yen, shape (n,).

    Raises
    ------
    TypeError, ValueError, OverflowError
        As `lawsuit_fee`.

    Examples
    --------
    >>> costs = court_costs(CourtFees(), np.array([50_000]))
    >>> costs.order_yen.tolist(), costs.lawsuit_yen.tolist(), costs.objection_yen.tolist()
    ([1700], [7000], [6500])
    """
    fee = lawsuit_fee(terms, claim_yen)
    order_fee, postage = payment_order_fee(terms, claim_yen), terms.lawsuit_postage_yen
    return CourtCosts(
        order_fee + terms.payment_order_postage_yen, fee + postage, fee - order_fee + postage
    )


@implements("COLL-07", "AU-44.2")
def attachment_cost(terms: CourtFees) -> int:
    """Give fee and postage of a petition for attachment, yen.

    Examples
    --------
    >>> attachment_cost(CourtFees())
    7000
    """
    return terms.attachment_fee_yen + terms.attachment_postage_yen


@implements("COLL-05")
def expected_cost(terms: CourtFees, court: Court, route: Ints, costs: CourtCosts) -> Ints:
    """Give what taking claims to court and to an attached wage is expected to cost.

    Parameters
    ----------
    terms
        Fees, postage and the work of a clerk.
    court
        Chance of an objection to a payment order.
    route
        `Route`, shape (n,).
    costs
        What the court takes for the claims.

    Returns
    -------
    Ints
        Yen, rounded up, shape (n,): the filing, the objection by its chance, the petition for an
        attachment, and a clerk's work on filing and petition.

    Examples
    --------
    >>> costs = court_costs(CourtFees(), np.array([50_000, 50_000]))
    >>> expected_cost(CourtFees(), Court(objection=0.5), np.array([0, 1]), costs)
    array([14950, 17000])
    """
    is_order = np.asarray(route) == Route.PAYMENT_ORDER
    objection = np.ceil(court.any_objection * costs.objection_yen).astype(np.int64)
    certain = costs.of_filing(route) + attachment_cost(terms)
    return np.asarray(certain + 2 * terms.staff_cost_yen + np.where(is_order, objection, 0))


@implements("NP-21", "AU-46.1")
def court_of(terms: CourtFees, claim_yen: Ints) -> Ints:
    """Give the `CourtLevel` that hears claims, the shape of the claims.

    Examples
    --------
    >>> court_of(CourtFees(), np.array([1_400_000, 1_400_001])).tolist()
    [0, 1]
    """
    is_above = _claims(claim_yen) > terms.summary_court_yen
    return np.where(is_above, CourtLevel.DISTRICT, CourtLevel.SUMMARY).astype(np.int64)


@implements("NP-21", "AU-46.1")
def venue_of(terms: Venue, lender: Lender) -> str:
    """Give the venue of a lender's lawsuits.

    Examples
    --------
    >>> venue_of(Venue(), Lender.NP)
    'member_residence'
    """
    return terms.net_protections if lender == Lender.NP else terms.au_financial_service


def _claims(claim_yen: Ints) -> IntArray:
    """Return claims as int64, refusing those above the largest."""
    claims = whole_numbers(claim_yen, "claim_yen")
    if claims.max(initial=0) > LARGEST_CLAIM_YEN:
        raise OverflowError(f"claim_yen must be at most {LARGEST_CLAIM_YEN}, got {claims.max()}")
    return claims


def _steps(yen: IntArray, step_yen: int) -> IntArray:
    """Count steps of a claim, a part of one as a whole."""
    return np.asarray(-(-yen // step_yen))
