"""Debt settlement: a scrivener or lawyer turns debts into instalments (ART-14 to 16).

In flow stages, reasons, claims and uniforms, out flow decisions and int64 yen. Kept invariant: the
payments of a plan add up to the claim.
"""

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.codes import Code
from models.kernels import InstalmentPlan, instalment_plan
from models.kernels.instalments import LONGEST_PLAN
from models.members.repayment import N_REASONS, Reason
from models.parameters import Parameters, Share, parameter


class Pressure(Code):
    """How far collection has come when a member looks for help."""

    OVERDUE = 0
    DUNNING = 1
    LAW_FIRM = 2
    LAWSUIT = 3
    GARNISHMENT = 4


class SettlementChance(Parameters):
    """Chance a month to retain an intermediary, by `Pressure`."""

    overdue: Share = parameter(0.002, "Merely overdue.", unit="a month", source="COLL-09; ART-15")
    dunning: Share = parameter(0.01, "In dunning.", unit="a month", source="COLL-09; ART-15")
    law_firm: Share = parameter(0.03, "At the law firm.", unit="a month", source="COLL-09; ART-15")
    lawsuit: Share = parameter(0.04, "Before the court.", unit="a month", source="COLL-09; ART-15")
    garnishment: Share = parameter(
        0.03, "While wages are attached.", unit="a month", source="COLL-09; ART-15"
    )

    def by_pressure(self) -> Floats:
        """Give the chances by `Pressure`, shape (5,)."""
        return np.array([getattr(self, pressure.name.lower()) for pressure in Pressure])


class MissedPlanPayment(Parameters):
    """Chance that a payment of the plan is missed, by the reason of the arrears."""

    punctual: Share = parameter(0.005, "Nothing of the kind.", unit="share", source="assumption")
    forgetful: Share = parameter(0.01, "Forgetful members.", unit="share", source="assumption")
    short: Share = parameter(0.03, "Members short of cash.", unit="share", source="assumption")
    hardship: Share = parameter(0.06, "Members in hardship.", unit="share", source="assumption")
    never_pays: Share = parameter(
        1.0, "Members who mean not to pay.", unit="share", source="assumption"
    )

    def by_reason(self) -> Floats:
        """Give the chances by `Reason`, shape (5,)."""
        chances = np.zeros(N_REASONS)
        chances[Reason.PUNCTUAL] = self.punctual
        chances[Reason.FORGETFUL] = self.forgetful
        chances[Reason.SHORT_OF_CASH] = self.short
        chances[Reason.HARDSHIP] = self.hardship
        chances[Reason.NEVER_PAYS] = self.never_pays
        return chances


class DebtSettlement(Parameters):
    """When members retain an intermediary, and the plan that follows."""

    enabled: bool = parameter(
        True, "Whether members retain intermediaries.", unit="-", source="COLL-09; ART-14"
    )
    chance: SettlementChance = SettlementChance()
    include_all_lenders: bool = parameter(
        True,
        "Whether the intermediary settles with every lender whom the member owes.",
        unit="-",
        source="ART-16",
    )
    stop_lag_days: int = parameter(
        0,
        "Days until contacts stop and court steps pause; 0: the same day.",
        unit="days",
        source="ART-14",
        ge=0,
        le=60,
    )
    plan_after_days: int = parameter(
        60,
        "Days until the plan is agreed, on the claim of that day.",
        unit="days",
        source="COLL-09",
        ge=1,
        le=365,
    )
    n_payments: int = parameter(
        36,
        "Monthly payments of the plan.",
        unit="payments",
        source="COLL-09; ART-14",
        ge=1,
        le=LONGEST_PLAN,
    )
    waive_future_damages: bool = parameter(
        True, "Whether late damages stop with the plan.", unit="-", source="COLL-09; ART-14"
    )
    missed_payments: int = parameter(
        2,
        "Missed payments that cancel the plan; collection resumes before the court.",
        unit="payments",
        source="COLL-09",
        ge=1,
        le=LONGEST_PLAN,
    )
    missed: MissedPlanPayment = MissedPlanPayment()


@implements("COLL-09", "ART-14", "ART-15")
def retains_intermediary(terms: DebtSettlement, pressure: Ints, u: Floats) -> Bools:
    """Tell which members retain an intermediary this month.

    Parameters
    ----------
    terms
        Chances by pressure.
    pressure
        `Pressure` of each member in arrears, shape (n,).
    u
        Uniforms, shape (n,).

    Returns
    -------
    Bools
        Shape (n,).
    """
    chance = terms.chance.by_pressure()[pressure] * terms.enabled
    return np.asarray(u < chance, dtype=np.bool_)


@implements("COLL-09", "ART-14")
def plan_payments(claim_yen: Ints, n: int) -> InstalmentPlan:
    """Divide claims into equal monthly payments, the remainder in the first.

    Parameters
    ----------
    claim_yen
        Claims on the day of the plan, yen, 0 or more, any shape.
    n
        Number of payments, 1 to 1,200.

    Returns
    -------
    InstalmentPlan
        First payment and each other one, yen, the shape of the claims; a claim below `n` yen is
        due whole with the first, the others are 0.

    Raises
    ------
    TypeError
        If claims are not integers.
    ValueError
        If a claim is negative or `n` outside 1 to 1,200.

    Examples
    --------
    >>> plan = plan_payments(np.array([52_345, 35]), 36)
    >>> plan.first_yen.tolist(), plan.other_yen.tolist()
    ([1455, 35], [1454, 0])
    """
    return instalment_plan(claim_yen, n)


@implements("COLL-09")
def misses_payment(terms: DebtSettlement, reason: Ints, u: Floats) -> Bools:
    """Tell which payments of plans are missed, by `Reason` and uniforms of shape (n,)."""
    return np.asarray(u < terms.missed.by_reason()[reason], dtype=np.bool_)


@implements("COLL-09")
def is_plan_cancelled(terms: DebtSettlement, n_missed: Ints) -> Bools:
    """Tell which plans are cancelled by the payments missed so far, shape (n,)."""
    return np.asarray(n_missed) >= terms.missed_payments
