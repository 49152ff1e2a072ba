"""Court proceedings: which claims are filed, by which route, with what clocks and what outcome.

In flow claims, days and uniforms, out flow decisions, days and outcomes. By default both routes
bring an enforceable title 60 days after the filing, which is final 14 days later (COLL-06). For
the payment order the 60 days are 15 of service, 14 to object, 16 until provisional execution is
asked for and declared, and 15 of the second service; the 14 days after it, in which the debtor may
object once more, are those of finality.
"""

from fractions import Fraction
from typing import Literal, NamedTuple, Self

import numpy as np
from pydantic import model_validator
from scipy.special import exp2, ndtri

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.codes import Code
from models.floats import LOG2_E
from models.parameters import Parameters, Rate, Share, parameter
from models.policy.response import Response


class Route(Code):
    """How a claim is brought before the court."""

    PAYMENT_ORDER = 0
    LAWSUIT = 1


class Stage(Code):
    """Where a claim stands before the court or in execution, and for whom or what it waits."""

    NONE = 0
    TO_APPLY = 1  # a legal clerk prepares the application for a payment order
    APPLIED = 2  # it waits for the court
    SERVICE = 3  # the order is being served
    OBJECTION = 4  # the debtor may object
    TO_REQUEST = 5  # a clerk prepares the request for provisional execution
    REQUESTED = 6  # it waits for the court
    SECOND_SERVICE = 7  # the declaration is being served
    TO_SUE = 8  # a clerk prepares a lawsuit
    SUED = 9  # it waits for the court
    LAWSUIT = 10  # the case is heard
    TITLE = 11  # enforceable, not final yet
    FINAL = 12
    TO_ATTACH = 13  # a clerk prepares the petition to attach wages
    PETITIONED = 14  # it waits for the court
    GARNISHMENT = 15  # the employer pays
    IDLE = 16  # a title, but nothing to attach
    LAPSED = 17  # the order could not be served, or was not followed up in time


IN_COURT = (
    Stage.TO_APPLY, Stage.APPLIED, Stage.SERVICE, Stage.OBJECTION, Stage.TO_REQUEST,
    Stage.REQUESTED, Stage.SECOND_SERVICE, Stage.TO_SUE, Stage.SUED, Stage.LAWSUIT, Stage.TITLE,
)  # fmt: skip
"""Stages before a title is final."""


class Answer(Code):
    """What the debtor does about a payment order."""

    SILENT = 0
    OBJECTS = 1


class Value(Parameters):
    """What a title is expected to bring, for the rule `net_present_value`."""

    recovery: Rate = parameter(
        [1, 4], "Part of the claim that is recovered.", unit="share", source="facts 3.2 (20-30 %)"
    )
    months: int = parameter(
        12,
        "Months over which it comes in, evenly, the first after one month.",
        unit="months",
        source="assumption",
        ge=1,
        le=120,
    )
    rate_per_year: Rate = parameter(
        [15, 1000], "Discount rate a year, a twelfth a month.", unit="a year", source="LEN-03"
    )


class Court(Parameters):
    """Who is taken to court, and how long it takes."""

    probability: Share = parameter(
        0.5,
        "Claims taken to court of those that the rule admits; 0: none.",
        unit="share",
        source="COLL-05",
    )
    rule: Literal["minimum", "net_present_value"] = parameter(
        "minimum",
        "Claims worth it: all above the minimum, or those of them that pay for their costs.",
        unit="-",
        source="COLL-05; facts 3.2 (break-even claim)",
    )
    minimum_claim_yen: int = parameter(
        10_000, "Smallest claim filed.", unit="yen", source="COLL-05", ge=1, le=10**12
    )
    value: Value = Value()
    route: Literal["payment_order", "lawsuit", "cheaper"] = parameter(
        "payment_order",
        "How claims are filed; `cheaper` expects the costs, an objection included.",
        unit="-",
        source="COLL-05; AU-41.1",
    )
    service_days: int = parameter(
        15, "Days until a paper is served.", unit="days", source="COLL-06", ge=1, le=180
    )
    service_failure: Share = parameter(
        0.15, "Attempts at service that fail.", unit="share", source="facts 7"
    )
    service_retries: int = parameter(
        2, "Further attempts at service.", unit="attempts", source="assumption", ge=0, le=10
    )
    service_retry_days: int = parameter(
        14, "Days that a further attempt takes.", unit="days", source="assumption", ge=1, le=180
    )
    objection_days: int = parameter(
        14, "Days in which the debtor may object.", unit="days", source="facts 3.1", ge=1, le=90
    )
    objection: Share = parameter(
        0.231, "Debtors who object; the case becomes a lawsuit.", unit="share", source="facts 3.1"
    )
    request_days: int = parameter(
        16,
        "Days after the objection period until provisional execution is asked for and declared.",
        unit="days",
        source="COLL-06",
        ge=1,
        le=365,
    )
    request_window_days: int = parameter(
        30, "Days after which the order lapses.", unit="days", source="facts 3.1", ge=1, le=365
    )
    second_service_days: int = parameter(
        15,
        "Days until the declaration is served; the title is enforceable then.",
        unit="days",
        source="COLL-06",
        ge=1,
        le=180,
    )
    second_objection: Share = parameter(
        0.0, "Debtors who object to the declaration.", unit="share", source="assumption"
    )
    response: Response = Response(forgetful=0.0, short=0.0, hardship=0.0)
    lawsuit_mean_days: int = parameter(
        60,
        "Mean days of a lawsuit from its filing, or from the objection, to the judgment.",
        unit="days",
        source="COLL-06 (facts 3.1: 85)",
        ge=1,
        le=3650,
    )
    lawsuit_sigma: float = parameter(
        0.0,
        "Spread of these days (lognormal); 0: every lawsuit takes the mean.",
        unit="ln sd",
        source="COLL-06 (facts 3.1: 0.94, from mean 2.8 and 90 % within 6 months)",
        ge=0,
        le=2,
    )
    creditor_wins: Share = parameter(
        0.98, "Lawsuits that the lender wins.", unit="share", source="COLL-06; ART-13"
    )
    final_days: int = parameter(
        14,
        "Days from the title until it is final; also those of the second objection.",
        unit="days",
        source="COLL-06; facts 3.1",
        ge=0,
        le=90,
    )

    @property
    def any_objection(self) -> float:
        """Chance that the debtor objects to an order, or else to its declaration."""
        return self.objection + (1.0 - self.objection) * self.second_objection

    @model_validator(mode="after")
    def _order_is_followed_up(self) -> Self:
        if self.request_days > self.request_window_days:
            raise ValueError(
                f"request_days is {self.request_days}; allowed: at most request_window_days, "
                f"{self.request_window_days}, or every order lapses"
            )
        return self


class Service(NamedTuple):
    """Outcome of serving a paper, arrays of shape (n,)."""

    days: Ints  # until it is served or given up
    is_served: Bools


@implements("COLL-05", "ART-12", "AU-41.1")
def goes_to_court(terms: Court, claim_yen: Ints, cost_yen: Ints, u: Floats) -> Bools:
    """Tell which claims old enough are taken to court.

    Parameters
    ----------
    terms
        Rule, minimum and probability.
    claim_yen
        What the member owes, yen, shape (n,).
    cost_yen
        What the proceedings are expected to cost, yen, shape (n,) or a scalar.
    u
        Uniforms, shape (n,).

    Returns
    -------
    Bools
        Shape (n,).

    Examples
    --------
    >>> goes_to_court(Court(), np.array([9_999, 10_000]), np.array(1_700), np.zeros(2)).tolist()
    [False, True]
    """
    is_large = np.asarray(claim_yen) >= terms.minimum_claim_yen
    if terms.rule == "net_present_value":
        is_large = is_large & is_worth_suing(terms.value, claim_yen, cost_yen)
    return np.asarray(is_large & (u < terms.probability), dtype=np.bool_)


@implements("COLL-05")
def is_worth_suing(terms: Value, claim_yen: Ints, cost_yen: Ints) -> Bools:
    """Tell which claims are expected to bring more than the proceedings cost.

    Parameters
    ----------
    terms
        Expected recovery, its months and the discount rate.
    claim_yen, cost_yen
        Yen, shapes that broadcast.

    Returns
    -------
    Bools
        The broadcast shape.

    Notes
    -----
    ``claim * recovery * annuity / months > cost``, where the annuity is the sum of
    ``(1 + rate / 12)**-k`` over the months k from 1. The factor is an exact fraction, rounded
    to a float once.

    Examples
    --------
    >>> terms = Value(recovery=[1, 4], months=1, rate_per_year=[0, 1])
    >>> is_worth_suing(terms, np.array([32_400, 32_404]), np.array(8_100)).tolist()
    [False, True]
    """
    worth = np.asarray(claim_yen).astype(np.float64) * present_value_factor(terms)
    return np.asarray(worth > cost_yen, dtype=np.bool_)


def present_value_factor(terms: Value) -> float:
    """Give the present value of what one yen of a claim brings."""
    rate, months = terms.rate_per_year / 12, terms.months
    annuity = (1 - (1 + rate) ** -months) / rate if rate else Fraction(months)
    return float(terms.recovery * annuity / months)


@implements("COLL-05")
def choose_route(terms: Court, order_yen: Ints, lawsuit_yen: Ints, objection_yen: Ints) -> Ints:
    """Choose how claims are filed.

    Parameters
    ----------
    terms
        Route, and the chance of an objection.
    order_yen, lawsuit_yen
        Cost of filing a payment order; a lawsuit, yen, shape (n,).
    objection_yen
        Further cost of a payment order that meets an objection, yen, shape (n,).

    Returns
    -------
    Ints
        `Route`, shape (n,); the payment order where both are expected to cost the same.
    """
    shape = np.shape(order_yen)
    if terms.route != "cheaper":
        return np.full(shape, Route[terms.route.upper()], dtype=np.int64)
    expected = np.asarray(order_yen) + terms.any_objection * np.asarray(objection_yen)
    return np.where(expected <= lawsuit_yen, Route.PAYMENT_ORDER, Route.LAWSUIT).astype(np.int64)


@implements("COLL-06")
def serve(terms: Court, u: Floats, *, second: bool = False) -> Service:
    """Serve papers, trying again where it fails.

    Parameters
    ----------
    terms
        Days, retries and the chance of a failure, which are independent of one another.
    u
        Uniforms, shape (n,); k attempts fail with a chance of ``failure**k``.
    second
        Whether it is the declaration of provisional execution.

    Returns
    -------
    Service
        Days until the paper is served or given up, and whether it is served.
    """
    failed = np.zeros(np.shape(u), dtype=np.int64)
    chance = 1.0
    for _ in range(terms.service_retries + 1):
        chance *= terms.service_failure
        failed += u < chance
    first = terms.second_service_days if second else terms.service_days
    retries = np.minimum(failed, terms.service_retries)
    return Service(first + retries * terms.service_retry_days, failed <= terms.service_retries)


@implements("COLL-06")
def answer_to_order(terms: Court, u: Floats, *, second: bool = False) -> Ints:
    """Give the `Answer` of debtors to an order, or to its declaration, shape (n,)."""
    p = terms.second_objection if second else terms.objection
    return np.where(u < p, Answer.OBJECTS, Answer.SILENT).astype(np.int64)


@implements("COLL-06")
def has_lapsed(terms: Court, days_since_objection_period: Ints) -> Bools:
    """Tell which orders lapse because nobody asked for provisional execution, shape (n,)."""
    return np.asarray(days_since_objection_period) > terms.request_window_days


@implements("COLL-06")
def lawsuit_days(terms: Court, u: Floats) -> Ints:
    """Give the days of lawsuits until the judgment.

    Parameters
    ----------
    terms
        Mean and spread.
    u
        Uniforms inside (0, 1), shape (n,).

    Returns
    -------
    Ints
        Days, at least 1, rounded to the nearest, shape (n,).

    Notes
    -----
    ``mean * exp(sigma * z - sigma**2 / 2)`` with z the normal score of `u`: the spread keeps
    the mean.
    """
    if terms.lawsuit_sigma == 0.0:
        return np.full(np.shape(u), terms.lawsuit_mean_days, dtype=np.int64)
    sigma = terms.lawsuit_sigma
    days = terms.lawsuit_mean_days * exp2(LOG2_E * (sigma * ndtri(u) - sigma * sigma / 2.0))
    return np.maximum(np.rint(days), 1.0).astype(np.int64)


@implements("COLL-06", "ART-13")
def wins(terms: Court, u: Floats) -> Bools:
    """Tell which lawsuits the lender wins, by uniforms of shape (n,)."""
    return np.asarray(u < terms.creditor_wins, dtype=np.bool_)
