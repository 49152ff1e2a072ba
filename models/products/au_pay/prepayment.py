"""Prepayment: who may prepay what in which way, and what it costs."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.calendar import Calendar
from models.clauses import implements
from models.codes import Code
from models.kernels.instalments import unearned_fee
from models.products.au_pay.accrual import DayCount
from models.products.au_pay.plan_terms import (
    PrepayMatrix,
    PrepayTerms,
    PrepayWays,
    RevolvingTerms,
)
from models.products.au_pay.plans import PLAN_OF_NAME
from models.products.au_pay.revolving import Accounts, FeeMonth, take_principal
from models.products.catalogue import Product


class PrepayWay(Code):
    """How a prepayment is made."""

    DIRECT_DEBIT = 0
    BANK_TRANSFER = 1
    KONBINI = 2
    ATM = 3


_WAYS = np.array([PrepayWay.DIRECT_DEBIT, PrepayWay.KONBINI, PrepayWay.BANK_TRANSFER])
"""The ways in which members ask to prepay, in the order of their shares."""


class Request(NamedTuple):
    """What members ask for who want to prepay, shape (n,) each."""

    way: Ints
    """`PrepayWay`."""
    is_full: Bools
    """All of the revolving account, or half of it."""
    is_approved: Bools
    """Whether the lender was asked before and agreed."""

    def of(self, chosen: Ints | Bools) -> "Request":
        """Give the requests of some members, by number or by mask."""
        return Request(self.way[chosen], self.is_full[chosen], self.is_approved[chosen])


class Irregular(NamedTuple):
    """What becomes of money that was not agreed, yen, shape (n,) each."""

    credited_yen: Ints
    refunded_yen: Ints


@implements("AU-32.1", "AU-32.2")
def request(terms: PrepayTerms, u_asks: Floats, u_way: Floats) -> Request:
    """Give the requests of members who ask to prepay.

    Parameters
    ----------
    terms
        Shares of ways and of approvals.
    u_asks
        Uniforms below ``per_month``, by which they ask, shape (n,).
    u_way
        Uniforms, shape (n,): the halves tell whole from part, the place in a half the way.
    """
    place = 2.0 * u_way % 1.0
    is_other = place >= terms.debit_share
    way = _WAYS[is_other + (place >= terms.debit_share + terms.konbini_share).astype(np.int64)]
    return Request(way, u_way < 0.5, u_asks < terms.per_month * terms.approved_share)


@implements("AU-32.1", "AU-32.2", "AUX-PRE")
def prepayment_allowed(
    terms: PrepayTerms,
    plan: Ints,
    is_full: Bools,
    way: Ints,
    is_approved: Bools,
    *,
    is_due_date: bool,
) -> Bools:
    """Tell which prepayments are regular.

    Parameters
    ----------
    terms
        Matrix of plans and ways.
    plan
        Plan as `Product`, shape (n,).
    is_full
        Whether all of the use (instalments) or account (revolving) is prepaid, shape (n,).
    way
        `PrepayWay`, shape (n,).
    is_approved
        Whether the member asked before and the lender agreed, shape (n,).
    is_due_date
        Whether the day is a due date, the only one on which the lender debits.

    Returns
    -------
    Bools
        Shape (n,). A revolving account prepaid at a convenience store passes without approval
        unless ``konbini_needs_notice`` (C-40).
    """
    open_ways = _open_ways(terms.matrix)[
        np.asarray(plan), np.asarray(is_full).astype(np.int64), way
    ]
    needs_approval = np.ones(open_ways.shape, dtype=np.bool_)
    if not terms.konbini_needs_notice:
        needs_approval = np.asarray(way) != PrepayWay.KONBINI
    in_time = is_due_date | (np.asarray(way) != PrepayWay.DIRECT_DEBIT)
    return np.asarray(open_ways & in_time & (is_approved | ~needs_approval), dtype=np.bool_)


@lru_cache
def _open_ways(matrix: PrepayMatrix) -> Bools:
    """Tabulate the ways by product, part or full, and way."""
    table = np.zeros((len(Product), 2, len(PrepayWay)), dtype=np.bool_)
    for name, product in PLAN_OF_NAME.items():
        ways: PrepayWays = getattr(matrix, name)
        for row, names in enumerate((ways.part, ways.full)):
            table[product, row, [PrepayWay[way.upper()] for way in names]] = True
    table.flags.writeable = False
    return table


@implements("AU-32.4", "AUX-PRE(1)")
def instalment_payoff(
    terms: PrepayTerms,
    unpaid_yen: Ints,
    fee_yen: Ints,
    times: Ints,
    n_before: Ints,
    days_left: Ints,
    period_days: Ints,
    is_current: Bools,
) -> tuple[Ints, Ints]:
    """Give what settles instalment uses on a day.

    Parameters
    ----------
    terms
        Reading of the rebate (C-14) and whether arrears forfeit it.
    unpaid_yen
        Sum of the unpaid instalments, shape (n,).
    fee_yen
        Fee of the whole use, shape (n,).
    times
        Number of payments, shape (n,).
    n_before
        Payments whose due date lies before the day: a due date is the first "on or after"
        itself, so its fee is earned (AU-32.4), shape (n,).
    days_left, period_days
        Days to the next due date and between the last and the next, nominal; used by day only.
    is_current
        Whether the member performs as contracted, shape (n,).

    Returns
    -------
    payoff_yen : Ints
        To be paid, shape (n,).
    rebate_yen : Ints
        Unearned fee given back, rounded down, shape (n,).
    """
    by_day = terms.inst_mode == "daily"
    rebate = unearned_fee(
        fee_yen,
        times,
        n_before,
        days_left=days_left if by_day else 0,
        period_days=period_days if by_day else 1,
    )
    if terms.require_current:
        rebate = np.where(is_current, rebate, 0)
    return np.asarray(unpaid_yen - rebate), np.asarray(rebate)


@implements("AUX-PRE(2)")
def part_prepayment(
    terms: PrepayTerms,
    revolving: RevolvingTerms,
    daycount: DayCount,
    calendar: Calendar,
    accounts: Accounts,
    month: FeeMonth,
    yen: Ints,
    day: int,
) -> tuple[Accounts, Ints]:
    """Put a part prepayment wholly to principal.

    Parameters
    ----------
    terms, revolving, daycount, calendar
        Terms and calendar.
    accounts
        Accounts before it.
    month
        The fee month of the day.
    yen
        Yen paid, shape (n,).
    day
        Day of the prepayment; it bears the old balance, or the new one (C-47).

    Returns
    -------
    accounts : Accounts
        Accounts after it; the next bill's fee counts both balances by day.
    rest_yen : Ints
        What exceeded the principal, shape (n,).
    """
    principal = accounts.running_yen + accounts.captured_yen + accounts.pending_yen
    used = np.minimum(yen, principal)
    last_day = np.full(used.shape, day if terms.day_belongs_to == "old_balance" else day - 1)
    after = take_principal(daycount, revolving, calendar, accounts, month, used, last_day)
    return after, np.asarray(yen - used)


@implements("AU-32.3", "AU-38.2", "AU-38.3")
def irregular_prepayment(terms: PrepayTerms, yen: Ints, next_due_yen: Ints) -> Irregular:
    """Treat money that came without approval, by an unusual way, or otherwise than agreed.

    Parameters
    ----------
    terms
        Mode.
    yen
        Money received, shape (n,).
    next_due_yen
        What falls due next, shape (n,).

    Returns
    -------
    Irregular
        Credited to the next amount due and the rest refunded, or all of it refunded.
    """
    credited = np.minimum(yen, next_due_yen)
    if terms.irregular_mode == "refund":
        credited = np.zeros_like(credited)
    return Irregular(np.asarray(credited), np.asarray(yen - credited))
