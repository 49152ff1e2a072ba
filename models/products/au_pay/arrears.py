"""From a missed due date to acceleration at au PAY Atobarai, and back (AU-39, C-55)."""

from typing import Literal, NamedTuple

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.codes import Code
from models.products.au_pay.default_terms import AccelerationTerms, CureTerms, DemandTerms
from models.products.catalogue import Product


class Ground(Code):
    """Grounds on which debts fall due at once."""

    NONE = 0
    MISSED_PAYMENT = 1
    DEMAND_EXPIRED = 2
    PAYMENTS_SUSPENDED = 3
    ATTACHMENT = 4
    INSOLVENCY = 5
    TITLE_HARMED = 6
    DEBT_SETTLEMENT = 7
    WHEREABOUTS_UNKNOWN = 8
    UNDELIVERABLE = 9
    FALSE_STATEMENT = 10
    COMPANY_FAILED = 11
    DETERIORATION = 12
    SERIOUS_BREACH = 13


class GroundRule(NamedTuple):
    """What a ground does."""

    clause: str
    reaches: Literal["kinds", "all"]
    """Uses of kinds (1) to (4) of AU-39.1, or all debts."""
    works: Literal["by_itself", "when_known", "on_demand"]
    can_be_cured: bool
    """Whether paying in time reinstates (C-55)."""


GROUND_RULES = {
    Ground.MISSED_PAYMENT: GroundRule("AU-39.1(1)", "kinds", "by_itself", can_be_cured=True),
    Ground.DEMAND_EXPIRED: GroundRule("AU-39.2(1)", "all", "by_itself", can_be_cured=False),
    Ground.PAYMENTS_SUSPENDED: GroundRule("AU-39.2(2)", "all", "when_known", can_be_cured=False),
    Ground.ATTACHMENT: GroundRule("AU-39.2(3)", "all", "when_known", can_be_cured=False),
    Ground.INSOLVENCY: GroundRule("AU-39.2(4)", "all", "when_known", can_be_cured=False),
    Ground.TITLE_HARMED: GroundRule("AU-39.2(5)", "all", "when_known", can_be_cured=False),
    Ground.DEBT_SETTLEMENT: GroundRule("AU-39.2(6)", "all", "when_known", can_be_cured=False),
    Ground.WHEREABOUTS_UNKNOWN: GroundRule("AU-39.2(7)", "all", "when_known", can_be_cured=False),
    Ground.UNDELIVERABLE: GroundRule("AU-39.2(8)", "all", "by_itself", can_be_cured=False),
    Ground.FALSE_STATEMENT: GroundRule("AU-39.3(1)", "all", "on_demand", can_be_cured=False),
    Ground.COMPANY_FAILED: GroundRule("AU-39.3(2)", "all", "on_demand", can_be_cured=False),
    Ground.DETERIORATION: GroundRule("AU-39.3(3)", "all", "on_demand", can_be_cured=False),
    Ground.SERIOUS_BREACH: GroundRule("AU-39.3(4)", "all", "on_demand", can_be_cured=False),
}
"""The grounds and what they do."""
CAN_BE_CURED = np.zeros(len(Ground), dtype=bool)
"""Whether paying in time reinstates, by `Ground`."""
for _ground, _rule in GROUND_RULES.items():
    CAN_BE_CURED[_ground] = _rule.can_be_cured


class DemandDays(NamedTuple):
    """The days of a demand, day indices, shape (n,) each."""

    send: Ints
    deadline: Ints
    """Last day on which payment averts the acceleration."""
    accelerate: Ints
    accelerate_if_undeliverable: Ints


class Cure(Code):
    """How an acceleration stands."""

    PENDING = 0
    REINSTATED = 1
    FINAL = 2


@implements("AU-39.1(1)", "AU-39.1(2)", "AU-39.1(3)", "AU-39.1(4)")
def accelerates_at_once(terms: AccelerationTerms, plan: Ints, is_special: Bools) -> Bools:
    """Tell which uses belong to kinds (1) to (4), for which one missed payment is enough.

    Parameters
    ----------
    terms
        Whether one-time use counts.
    plan
        `Product`, shape (n,).
    is_special
        Rights that are not designated, purchases for business, cases outside the statute.

    Returns
    -------
    Bools
        Shape (n,).
    """
    is_one_time = np.asarray(plan) == Product.AU_ONE_TIME
    return np.asarray((is_one_time & terms.auto_one_time) | is_special, dtype=np.bool_)


@implements("AU-39.1(1)", "AU-39.1(2)", "AU-39.1(3)", "AU-39.1(4)")
def accelerated_at_once(
    terms: AccelerationTerms,
    member: Ints,
    is_of_kind: Bools,
    has_missed: Bools,
    is_billed: Bools,
) -> Bools:
    """Tell which uses fall due at once because a payment was missed.

    Parameters
    ----------
    terms
        Scope (C-31).
    member
        Row of the member, shape (n,).
    is_of_kind
        `accelerates_at_once`, shape (n,).
    has_missed
        Uses with a payment missed, shape (n,).
    is_billed
        Uses billed so far, shape (n,).

    Returns
    -------
    Bools
        All unpaid uses of these kinds of a member who missed a payment on any of them; under
        ``auto_scope="billed_only"`` without those not billed yet. Two-time, bonus, revolving
        and instalments stay on their own dates.
    """
    triggered = np.isin(member, member[is_of_kind & has_missed])
    in_scope = is_billed if terms.auto_scope == "billed_only" else np.True_
    return np.asarray(is_of_kind & in_scope & triggered, dtype=np.bool_)


@implements("AU-39.1(1)")
def automatic_day(terms: AccelerationTerms, due_day: Ints) -> Ints:
    """Give the day of the automatic acceleration: the day after the due date, day index."""
    return np.asarray(due_day + terms.day_offset)


@implements("AU-9.3")
def deemed_receipt(terms: DemandTerms, sent_day: Ints) -> Ints:
    """Give the day on which a notice counts as received, also a lost one, day index."""
    return np.asarray(sent_day + terms.post_lag_days)


@implements("AU-39.2(1)", "AU-39.2(8)", "COLL-03")
def demand_days(terms: DemandTerms, due_day: Ints) -> DemandDays:
    """Give the days of the written demand for a missed due date.

    Parameters
    ----------
    terms
        Demand and undeliverable mail.
    due_day
        Due day of the oldest missed payment that counts (`counts_for_demand`), shape (n,).

    Returns
    -------
    DemandDays
        The deadline runs from the receipt, real or deemed; debts accelerate on the day after
        it, or, if the demand comes back, 25 days after its dispatch (C-38).

    Examples
    --------
    >>> demand_days(DemandTerms(), np.array([100])).accelerate.tolist()
    [153]
    """
    send = np.asarray(due_day + terms.send_day)
    deadline = deemed_receipt(terms, send) + terms.days
    return DemandDays(send, deadline, deadline + 1, send + terms.undeliverable_days)


@implements("AU-39.2(1)")
def counts_for_demand(terms: AccelerationTerms, plan: Ints, is_special: Bools) -> Bools:
    """Tell which missed payments can lead to a demand: those not of kinds (1) to (4)."""
    is_one_time = np.asarray(plan) == Product.AU_ONE_TIME
    return np.asarray(~accelerates_at_once(terms, plan, is_special) & ~is_one_time)


@implements("AU-39.2(8)")
def comes_back(terms: DemandTerms, u_mail: Floats, u_reason: Floats) -> Bools:
    """Tell which demands come back without good reason of the member, shape (n,)."""
    is_back = u_mail < terms.undeliverable_share
    return np.asarray(is_back & (u_reason >= terms.good_reason_share))


@implements(
    "AU-39.2(2)",
    "AU-39.2(3)",
    "AU-39.2(4)",
    "AU-39.2(5)",
    "AU-39.2(6)",
    "AU-39.2(7)",
    "AU-39.3",
    "AU-11.1",
)
def accelerated_by_ground(
    terms: AccelerationTerms, ground: Ints, is_antisocial: Bools, u: Floats
) -> Bools:
    """Tell on which members' grounds all debts fall due, once the lender knows of them.

    Parameters
    ----------
    terms
        Chances that the lender demands it where it has the choice (AU-39.3).
    ground
        `Ground`, shape (n,).
    is_antisocial
        Serious breaches that consist in antisocial ties, shape (n,).
    u
        Uniforms, shape (n,).

    Returns
    -------
    Bools
        Shape (n,); `Ground.NONE` and a missed payment alone reach nothing here.
    """
    chance = np.zeros(len(Ground))
    for code, rule in GROUND_RULES.items():
        if rule.reaches == "all":
            chance[code] = terms.on_demand_other if rule.works == "on_demand" else 1.0
    chance[[Ground.FALSE_STATEMENT, Ground.SERIOUS_BREACH]] = terms.on_demand_serious
    allowed = ~np.asarray(is_antisocial) | terms.antisocial
    return np.asarray((u < chance[ground]) & allowed, dtype=np.bool_)


@implements("AU-41.1", "AU-39.1(1)")
def cure_of(
    terms: CureTerms,
    ground: Ints,
    accelerated_day: Ints,
    day: Ints,
    missed_unpaid_yen: Ints,
    whole_unpaid_yen: Ints,
) -> Ints:
    """Tell how accelerations stand at the end of a day.

    Parameters
    ----------
    terms
        Time and amount of the cure (C-55).
    ground
        `Ground` of the strongest acceleration, shape (n,).
    accelerated_day, day
        Day indices.
    missed_unpaid_yen
        What is unpaid of the missed amounts and their damages, shape (n,).
    whole_unpaid_yen
        What is unpaid of everything accelerated and its damages, shape (n,).

    Returns
    -------
    Ints
        `Cure`, int8. Reinstated: sums accelerated with the missed amount go back to their own
        due dates, with damages to this day. Final: the membership is cancelled.
    """
    missed_only = terms.scope == "missed_amount"
    is_paid = np.asarray(missed_unpaid_yen if missed_only else whole_unpaid_yen) == 0
    in_time = np.asarray(day) - accelerated_day <= terms.reinstate_days
    in_force = np.where(is_paid, Cure.REINSTATED, Cure.PENDING)
    answer = np.where(CAN_BE_CURED[ground] & in_time, in_force, Cure.FINAL)
    return answer.astype(np.int8)
