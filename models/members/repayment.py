"""How members pay: on time, forgetful, short of cash, in hardship, or never.

A bill's fate is one reason and one threshold. For each reason the share still unpaid by days past
due is a declining curve S; the bill is paid on the first day on which S falls to the threshold u or
below. A contact that makes a share c of those still unpaid pay multiplies their curve by (1 - c),
so that the same member under more contacts never pays later: policies are compared on common
random numbers.
"""

from itertools import pairwise
from typing import Self

import numpy as np
from pydantic import model_validator

from models.arrays import Bools, Floats, Ints
from models.codes import Code
from models.macro import conditional_bound, conditional_probability
from models.parameters import Parameters, Share, parameter


class Reason(Code):
    """Why a bill is not paid by its due date."""

    PUNCTUAL = 0
    FORGETFUL = 1
    SHORT_OF_CASH = 2
    HARDSHIP = 3
    NEVER_PAYS = 4


N_REASONS = len(Reason)


class UnpaidCurve(Parameters):
    """Share still unpaid by days past due, of those unpaid at the due date."""

    days: tuple[int, ...] = parameter(
        (30,),
        "Days past due, ascending.",
        unit="days",
        source="facts 6.1",
        min_length=1,
        max_length=50,
    )
    unpaid: tuple[float, ...] = parameter(
        (0.5,),
        "Share still unpaid on each of these days, descending.",
        unit="share",
        source="facts 6.1",
        min_length=1,
        max_length=50,
    )

    @model_validator(mode="after")
    def _declines(self) -> Self:
        if len(self.days) != len(self.unpaid):
            raise ValueError(
                f"days has {len(self.days)} entries, unpaid {len(self.unpaid)}; allowed: as many"
            )
        if list(self.days) != sorted(set(self.days)) or self.days[0] < 1:
            raise ValueError(f"got days {list(self.days)}; days must ascend from 1 or more")
        shares = [1.0, *self.unpaid]
        if min(shares) <= 0 or any(b > a for a, b in pairwise(shares)):
            raise ValueError(
                f"got unpaid {list(self.unpaid)}; unpaid must descend from at most 1 and stay "
                "above 0"
            )
        return self

    def table(self, n_days: int) -> list[float]:
        """Interpolate S(0), ..., S(n_days) geometrically; the last slope goes on."""
        days = [0, *self.days]
        unpaid = [1.0, *self.unpaid]
        shares: list[float] = []
        piece = 0
        for day in range(n_days + 1):
            while piece + 2 < len(days) and day > days[piece + 1]:
                piece += 1
            length = days[piece + 1] - days[piece]
            part = (day - days[piece]) / length
            shares.append(unpaid[piece] * (unpaid[piece + 1] / unpaid[piece]) ** part)
        return shares


class Repayment(Parameters):
    """Chances and delays of payment."""

    forgets: Share = parameter(
        0.155,
        "Mean chance to forget a bill that must be paid by hand.",
        unit="share",
        source="facts 1.5; facts 7 (on time, late reasons); tuned",
    )
    short_of_cash: Share = parameter(
        0.060,
        "Mean chance to be short of cash when a bill falls due.",
        unit="share",
        source="facts 1.5; facts 7 (late reasons); tuned",
    )
    ceiling: Share = parameter(
        0.8, "No member's chance is above this.", unit="share", source="assumption"
    )
    young_multiple: float = parameter(
        2.5, "Multiple of both chances below age 20.", unit="x", source="facts 7", ge=0, le=20
    )
    new_member_multiple: float = parameter(
        1.5,
        "Multiple of the chance to be short of cash on the first bills.",
        unit="x",
        source="facts 7 (new users lose 3 times as much); assumption",
        ge=0,
        le=20,
    )
    new_member_bills: int = parameter(
        3, "Number of first bills.", unit="bills", source="facts 7", ge=0, le=100
    )
    invoice_forget_multiple: float = parameter(
        0.8,
        "Multiple of the chance to forget when a paper invoice lies on the table.",
        unit="x",
        source="facts 7 (other channel)",
        ge=0,
        le=20,
    )
    waits_for_payday: Share = parameter(
        0.5,
        "Members short of cash who pay on a payday only.",
        unit="share",
        source="facts 4; facts 7 (payday bump); assumption",
    )
    pays_on_last_days_share: Share = parameter(
        0.35,
        "Punctual payers who pay on one of the last three days.",
        unit="share",
        source="assumption",
    )
    ignores_reflection: Share = parameter(
        0.1,
        "Punctual payers who do not leave time for the reflection of their payment.",
        unit="share",
        source="NP-28.4; assumption",
    )
    paid_twice_share: Share = parameter(
        0.001, "Bills paid by hand that are paid twice.", unit="share", source="assumption"
    )
    reminder_heeded: Share = parameter(
        0.12,
        "Forgetful members whom a reminder before the due date makes pay in time.",
        unit="share",
        source="facts 2; facts 7 (+1.2 points)",
    )
    forgetful: UnpaidCurve = UnpaidCurve(
        days=(3, 7, 14, 30, 60, 90, 180), unpaid=(0.45, 0.20, 0.06, 0.020, 0.009, 0.006, 0.004)
    )
    short: UnpaidCurve = UnpaidCurve(
        days=(7, 14, 30, 60, 90, 180, 365), unpaid=(0.55, 0.42, 0.36, 0.30, 0.28, 0.265, 0.255)
    )
    hardship: UnpaidCurve = UnpaidCurve(
        days=(30, 60, 90, 180, 365), unpaid=(0.97, 0.94, 0.92, 0.885, 0.87)
    )


def chances(
    repayment: Repayment,
    carelessness: Floats,
    strain: Floats,
    age: Ints,
    n_bills: Ints,
    by_hand: Bools,
    is_invoice: Bools,
) -> tuple[Floats, Floats]:
    """Give each bill's unconditional chances to be forgotten and to meet an empty purse.

    Parameters
    ----------
    repayment
        Parameters.
    carelessness, strain
        Member frailties with mean 1, shape (n,).
    age
        Years, shape (n,).
    n_bills
        Bills the member had before, shape (n,).
    by_hand
        Whether the bill must be paid by hand (no direct debit), shape (n,).
    is_invoice
        Whether it is a paper invoice, shape (n,).

    Returns
    -------
    tuple[Floats, Floats]
        Chance to forget, chance to be short of cash; shape (n,), at most `ceiling`.
    """
    young = np.where(age < 20, repayment.young_multiple, 1.0)
    new = np.where(n_bills < repayment.new_member_bills, repayment.new_member_multiple, 1.0)
    slip = np.where(is_invoice, repayment.invoice_forget_multiple, 1.0)
    forgets = repayment.forgets * carelessness * young * slip * by_hand
    short = repayment.short_of_cash * strain * young * new
    return np.minimum(forgets, repayment.ceiling), np.minimum(short, repayment.ceiling)


def reasons(
    forgets: Floats,
    short: Floats,
    factor: Floats,
    rho: float,
    in_hardship: Bools,
    never_pays: Bools,
    u: Floats,
) -> Ints:
    """Decide why each bill will not be paid on time, if so.

    Parameters
    ----------
    forgets, short
        Unconditional chances, shape (n,).
    factor
        Macro factor of the month, shape (n,); only the purse feels it, not the memory.
    rho
        Asset correlation.
    in_hardship, never_pays
        Member states, shape (n,).
    u
        Uniforms, shape (n,).

    Returns
    -------
    Ints
        `Reason`, int8, shape (n,).
    """
    reason = np.full(u.shape, Reason.PUNCTUAL, dtype=np.int8)
    bound = conditional_bound(short, float(factor.min(initial=np.inf)), rho)
    near = (u < bound + forgets).nonzero()[0]
    p_short = conditional_probability(short[near], factor[near], rho)
    is_short = u[near] < p_short
    reason[near[u[near] < p_short + forgets[near]]] = Reason.FORGETFUL
    reason[near[is_short]] = Reason.SHORT_OF_CASH
    reason[in_hardship] = Reason.HARDSHIP
    reason[never_pays] = Reason.NEVER_PAYS
    return reason


def unpaid_tables(repayment: Repayment, n_days: int) -> Floats:
    """Tabulate the unpaid share by reason and days past due, shape (5, n_days + 1)."""
    never = [1.0] * (n_days + 1)
    curves = [repayment.forgetful, repayment.short, repayment.hardship]
    punctual = [1.0, *[0.0] * n_days]
    return np.array([punctual, *[curve.table(n_days) for curve in curves], never])


def days_until_paid(tables: Floats, reason: Ints, threshold: Floats) -> Ints:
    """Give the first day past due on which the unpaid share is at or below the threshold.

    Parameters
    ----------
    tables
        `unpaid_tables`, shape (5, d).
    reason
        `Reason`, shape (n,).
    threshold
        Threshold in (0, 1], shape (n,): a uniform, divided by what contacts left of the curve.

    Returns
    -------
    Ints
        Days past due from 1; the length of the table where that never happens; shape (n,).
    """
    days = np.full(reason.shape[0], tables.shape[1], dtype=np.int64)
    for kind in range(N_REASONS):
        rows = (reason == kind).nonzero()[0]
        if rows.size:
            days[rows] = _first_day(tables[kind], threshold[rows])
    return days


def _first_day(curve: Floats, threshold: Floats) -> Ints:
    """Give the first day from 1 on which one curve is at or below thresholds, shape (n,)."""
    n_above = curve.size - curve[::-1].searchsorted(threshold, side="right")
    return np.asarray(np.maximum(n_above, 1))


def days_late(tables: Floats, reason: Ints, u: Floats, stay: Floats, hardship_days: Ints) -> Ints:
    """Give the days from the due date to payment of bills that were missed.

    Parameters
    ----------
    tables
        `unpaid_tables`, shape (5, d).
    reason
        `Reason`, shape (n,).
    u
        The bills' uniforms, shape (n,).
    stay
        What contacts left of the unpaid share, in (0, 1], shape (n,).
    hardship_days
        Days past due on which hardship ends, shape (n,); read for `Reason.HARDSHIP` only, whose
        bills go on as those of a member short of cash.

    Returns
    -------
    Ints
        Days past due from 1; at least d where the bill is never paid; shape (n,).
    """
    threshold = np.minimum(u / stay, 1.0)
    days = days_until_paid(tables, reason, threshold)
    hard = (reason == int(Reason.HARDSHIP)).nonzero()[0]
    if hard.size:
        ends = np.minimum(np.maximum(hardship_days[hard], 0), tables.shape[1] - 1)
        outlives = days[hard] > ends
        hard, ends = hard[outlives], ends[outlives]
        left = np.minimum(threshold[hard] / tables[Reason.HARDSHIP, ends], 1.0)
        days[hard] = ends + _first_day(tables[Reason.SHORT_OF_CASH], left)
    return days


def finer(u: Floats) -> Floats:
    """Give the finer digits of uniforms, which are uniform themselves, for a second question."""
    fine = u * 4096.0
    return np.asarray(fine - np.floor(fine))


def waits_for_payday(repayment: Repayment, reason: Ints, u: Floats) -> Bools:
    """Tell who pays on a payday only."""
    waits = finer(u) < repayment.waits_for_payday
    return np.asarray((reason == int(Reason.SHORT_OF_CASH)) & waits, dtype=np.bool_)


def next_payday(day: Ints, payday: Ints, month_of: Ints, month_first: Ints) -> Ints:
    """Move days forward to the member's next payday (that day itself if it is one).

    Parameters
    ----------
    day
        Day indices within the calendar arrays, shape (n,).
    payday
        Day of month on which wages come; beyond a short month's end its last day, shape (n,).
    month_of, month_first
        Calendar arrays by day and by month.

    Returns
    -------
    Ints
        Day indices, shape (n,).
    """
    month = month_of[day].astype(np.int64)
    length = month_first[month + 1] - month_first[month]
    this = month_first[month] + np.minimum(payday, length) - 1
    following = month_first[month + 2] - month_first[month + 1]
    later = month_first[month + 1] + np.minimum(payday, following) - 1
    return np.asarray(np.where(day <= this, this, later))


def punctual_day(repayment: Repayment, first: Ints, due_day: Ints, lag: Ints, u: Floats) -> Ints:
    """Give the day on which a punctual member pays between statement and due date.

    Parameters
    ----------
    repayment
        Parameters.
    first, due_day
        Statement day and due day, shape (n,).
    lag
        Days until a payment is reflected (NP-28.4), shape (n,).
    u
        Uniforms, shape (n,).

    Returns
    -------
    Ints
        Days on which the payments count, shape (n,). The last three days hold
        `pays_on_last_days_share` of the members; who ignores the lag may be too late.
    """
    late_share = repayment.pays_on_last_days_share
    last = due_day - np.where(finer(u) < repayment.ignores_reflection, 0, lag)
    window = np.maximum(last - first + 1, 1)
    tail = np.minimum(window, 3)
    early = first + np.floor(u / max(1.0 - late_share, 2.0**-33) * window)
    late = last - np.floor((1.0 - u) / max(late_share, 2.0**-33) * tail)
    day = np.where(u < 1.0 - late_share, early, late)
    day = np.maximum(np.minimum(day, last), first)
    return np.asarray(day + lag, dtype=np.int64)
