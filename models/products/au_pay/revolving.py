"""The revolving plan: what accounts owe a month, and how their principal moves.

An account holds principal in three drawers: carried over the last 4th, captured by this month's
cut-off, and pending until the next one. Overdue principal stands beside them. Kept invariant:
``payment = fee + principal``, and principal lies between 0 and what is owed.
"""

from typing import NamedTuple

import numpy as np

from models.arrays import Bools, Ints
from models.calendar import Calendar
from models.clauses import implements
from models.kernels.revolving import LONG_LAST_YEN, Course, revolving_payment
from models.products.au_pay.accrual import Accrual, DayCount, accrual, interest, no_accrual
from models.products.au_pay.payment_terms import DueTerms
from models.products.au_pay.periods import due_day, nominal_day
from models.products.au_pay.plan_terms import RevolvingTerms


class Accounts(NamedTuple):
    """Revolving accounts, shape (n,) each."""

    running_yen: Ints
    """Principal carried over the last 4th, not overdue; bears the fee from the 5th."""
    captured_yen: Ints
    """Principal of the period captured on this month's 14th; bears the fee from the 15th."""
    pending_yen: Ints
    """Principal of uses that no cut-off has captured; bears nothing yet."""
    overdue_yen: Ints
    """Principal of missed payments."""
    gone: Accrual
    """What principal that left during this fee month had accrued by then."""
    is_first: Bools
    """Accounts that have never been billed (C-18)."""
    settled_fee_yen: Ints
    """Fee of the days of this fee month before its rate changed (AU-23.2)."""


class FeeMonth(NamedTuple):
    """Day indices of the fee month that ends with a due date."""

    after_day: int
    """Day before the first day, the 4th."""
    first_after_day: int
    """Day before the first day of newly captured purchases, the 14th."""
    to_day: int
    """Last day, the 4th."""


class MonthlyBill(NamedTuple):
    """One month of accounts, yen, shape (n,) each: ``payment = fee + principal``."""

    payment_yen: Ints
    fee_yen: Ints
    principal_yen: Ints


class Payoff(NamedTuple):
    """What settles accounts on a day, yen, shape (n,) each; overdue principal not included."""

    principal_yen: Ints
    fee_yen: Ints


def open_accounts(n: int) -> Accounts:
    """Give `n` accounts that have never been used."""
    zero = np.zeros(n, dtype=np.int64)
    return Accounts(
        zero,
        zero.copy(),
        zero.copy(),
        zero.copy(),
        no_accrual(n),
        np.ones(n, dtype=np.bool_),
        zero.copy(),
    )


@implements("AU-30.1(2)", "CAL-05")
def fee_month(terms: RevolvingTerms, due: DueTerms, calendar: Calendar, due_month: int) -> FeeMonth:
    """Give the fee month of a due date: the 5th of the month before to the 4th.

    With ``nominal_days`` off the rolled due dates bound it (C-22).
    """
    months = np.array([due_month - 1, due_month])
    if terms.nominal_days:
        bounds = nominal_day(calendar, months, terms.fee_to_day)
    else:
        bounds = due_day(due, calendar, months)
    first = nominal_day(calendar, months[:1], terms.first_from) - 1
    return FeeMonth(int(bounds[0]), int(first[0]), int(bounds[1]))


@implements("AU-30.1(1)", "AU-30.1(2)")
def capture(accounts: Accounts, captured_yen: Ints) -> Accounts:
    """Move what the period has captured from pending to captured, on the 14th.

    Parameters
    ----------
    accounts
        Accounts.
    captured_yen
        Outstanding principal of uses whose `cycle_month` is this month, shape (n,).
    """
    return accounts._replace(
        pending_yen=accounts.pending_yen - captured_yen,
        captured_yen=accounts.captured_yen + captured_yen,
    )


@implements("AU-30.1(1)")
def payment_base(terms: RevolvingTerms, accounts: Accounts) -> Ints:
    """Give the balance that sets the payment, known on the 14th after `capture`, yen (C-19)."""
    base = accounts.running_yen + accounts.captured_yen
    return base + accounts.overdue_yen if terms.overdue_in_payment_base else base


@implements("AU-30.1(2)")
def accrued(
    terms: RevolvingTerms,
    daycount: DayCount,
    calendar: Calendar,
    accounts: Accounts,
    month: FeeMonth,
    day: Ints,
) -> Accrual:
    """Accrue the fee of a fee month up to a day.

    Parameters
    ----------
    terms, daycount, calendar
        Terms and calendar.
    accounts
        Accounts as they stand.
    month
        The fee month that holds `day`.
    day
        Last day that counts, a day index or one by account.

    Returns
    -------
    Accrual
        Carried principal from the 5th, captured principal from the 15th; with
        ``first_fee_scope="per_account"`` only on accounts that were never billed (C-18). Overdue
        principal bears nothing unless ``fee_on_overdue`` (C-19).
    """
    running, captured = accounts.running_yen, accounts.captured_yen
    if terms.fee_on_overdue:
        running = running + accounts.overdue_yen
    start, late_start = np.array(month.after_day), np.array(month.first_after_day)
    if terms.first_fee_scope == "per_account":
        late_start = np.where(accounts.is_first, late_start, start)
    return accounts.gone.plus(
        accrual(daycount, calendar, running, start, day),
        accrual(daycount, calendar, captured, late_start, day),
    )


@implements("AU-30.1(1)", "AU-30.1(2)", "AU-30.1(3)", "AUX-REV(1)", "AUX-REV(2)")
def monthly_bill(
    terms: RevolvingTerms,
    daycount: DayCount,
    accounts: Accounts,
    base_yen: Ints,
    accrual_to_due: Accrual,
    course: Ints,
    chosen_yen: Ints,
    top_up_yen: Ints,
) -> MonthlyBill:
    """Compute a month's payment of accounts, fee and principal.

    Parameters
    ----------
    terms, daycount
        Terms.
    accounts
        Accounts as they stand.
    base_yen
        `payment_base` at the cut-off, shape (n,).
    accrual_to_due
        `accrued` to the end of the fee month.
    course
        `models.kernels.revolving.Course`, shape (n,).
    chosen_yen
        Amount of the fixed course, at least 1 there, shape (n,).
    top_up_yen
        Yen on top (AU-30.1(3)), shape (n,).

    Returns
    -------
    MonthlyBill
        For the statement and, after a prepayment, again on the due date.

    Notes
    -----
    Where the long course is not allowed above 300,000 yen (C-13) the standard course applies.
    """
    owed = accounts.running_yen + accounts.captured_yen
    fee = accounts.settled_fee_yen + interest(daycount, accrual_to_due, terms.rate)
    courses = np.asarray(course)
    if terms.long_above_300k == "not_allowed":
        is_beyond = (courses == Course.LONG) & (base_yen > LONG_LAST_YEN)
        courses = np.where(is_beyond, Course.STANDARD, courses)
    payment = revolving_payment(
        base_yen,
        courses,
        fee,
        chosen_yen,
        top_up=top_up_yen,
        tier_rounding=terms.tier_rounding,
        final_rule=terms.final_rule,
        step_up_yen=terms.step_up_yen,
    )
    # Principal prepaid or returned since the cut-off is not paid a second time.
    principal = np.minimum(payment - fee, owed)
    return MonthlyBill(np.asarray(fee + principal), fee, np.asarray(principal))


@implements("AU-30.1(2)")
def close_fee_month(accounts: Accounts, bill: MonthlyBill) -> Accounts:
    """Carry accounts over the end of a fee month, the nominal 4th.

    The billed principal leaves the account as a debt of its own, paid or not (C-19); what was
    captured is carried from now on.
    """
    running = accounts.running_yen + accounts.captured_yen - bill.principal_yen
    zero = np.zeros_like(running)
    was_billed = bill.payment_yen > 0
    return accounts._replace(
        running_yen=running,
        captured_yen=zero,
        gone=Accrual(zero.copy(), zero.copy()),
        settled_fee_yen=zero.copy(),
        is_first=accounts.is_first & ~was_billed,
    )


def take_principal(
    daycount: DayCount,
    terms: RevolvingTerms,
    calendar: Calendar,
    accounts: Accounts,
    month: FeeMonth,
    yen: Ints,
    last_day: Ints,
) -> Accounts:
    """Take principal out of accounts, carried first, pending last.

    Parameters
    ----------
    daycount, terms, calendar
        Terms and calendar.
    accounts
        Accounts as they stand.
    month
        The fee month of the day.
    yen
        Yen to take, at most what the drawers hold, shape (n,).
    last_day
        Last day on which the old balance bears the fee, shape (n,).

    Returns
    -------
    Accounts
        With what the principal had accrued kept in `Accounts.gone`.
    """
    from_running = np.minimum(yen, accounts.running_yen)
    from_captured = np.minimum(yen - from_running, accounts.captured_yen)
    from_pending = np.minimum(yen - from_running - from_captured, accounts.pending_yen)
    zero = np.zeros_like(from_running)
    leaving = accounts._replace(
        running_yen=from_running, captured_yen=from_captured, overdue_yen=zero
    )
    return accounts._replace(
        running_yen=accounts.running_yen - from_running,
        captured_yen=accounts.captured_yen - from_captured,
        pending_yen=accounts.pending_yen - from_pending,
        gone=accrued(terms, daycount, calendar, leaving, month, last_day),
    )


def borne_until_paid(
    terms: RevolvingTerms,
    daycount: DayCount,
    calendar: Calendar,
    month: FeeMonth,
    yen: Ints,
    day: Ints,
) -> Accrual:
    """Accrue the fee of a fee month on overdue principal that is paid on a day.

    Parameters
    ----------
    terms, daycount, calendar
        Terms and calendar.
    month
        The fee month of the day.
    yen
        Overdue principal that is paid, shape (n,).
    day
        Last day that counts.

    Returns
    -------
    Accrual
        To be kept in `Accounts.gone`; nothing where overdue principal bears no fee (C-19).
    """
    if not terms.fee_on_overdue:
        return no_accrual(yen.size)
    return accrual(daycount, calendar, yen, np.array(month.after_day), day)


@implements("AUX-PRE(1)", "AU-39.2(1)")
def payoff(
    terms: RevolvingTerms,
    daycount: DayCount,
    calendar: Calendar,
    accounts: Accounts,
    month: FeeMonth,
    day: Ints,
) -> Payoff:
    """Give what settles accounts on a day: all principal, and the fee through that day.

    The same figures fall due at acceleration: the fee is claimed once, bears no damages, and none
    runs afterwards (C-19).
    """
    principal = accounts.running_yen + accounts.captured_yen + accounts.pending_yen
    to_day = accrued(terms, daycount, calendar, accounts, month, day)
    return Payoff(principal, accounts.settled_fee_yen + interest(daycount, to_day, terms.rate))


@implements("AU-23.2")
def settle_fee(
    terms: RevolvingTerms,
    daycount: DayCount,
    calendar: Calendar,
    accounts: Accounts,
    month: FeeMonth,
    day: int,
) -> Accounts:
    """Fix the fee of the days up to a day at the old rate; a new one holds for those after it.

    Parameters
    ----------
    terms, daycount, calendar, accounts
        As they stand on the day.
    month, day
        The fee month that holds the day after `day`.

    Returns
    -------
    Accounts
        With the fee so far, floored, in `Accounts.settled_fee_yen`, and with what the balances
        have accrued so far taken off `Accounts.gone`, so that `accrued` gives the days after.
    """
    so_far = accrued(terms, daycount, calendar, accounts, month, np.array(day))
    left = Accrual(
        np.asarray(accounts.gone.yen_weight - so_far.yen_weight),
        np.asarray(accounts.gone.yen_days - so_far.yen_days),
    )
    fee = accounts.settled_fee_yen + interest(daycount, so_far, terms.rate)
    return accounts._replace(gone=left, settled_fee_yen=np.asarray(fee))


def course_of_name(terms: RevolvingTerms) -> Course:
    """Give the course of a member who chose none."""
    return Course[terms.default_course.upper()]


@implements("AUX-REV(1)")
def chosen_in_force(terms: RevolvingTerms, named_yen: Ints) -> Ints:
    """Give the amount of the fixed course: what was named, down to a step and inside the range.

    Parameters
    ----------
    terms
        Range, step, and the amount of who named none.
    named_yen
        Amount that the member named, 0 if none, shape (n,).

    Returns
    -------
    Ints
        Yen, shape (n,).
    """
    low, step = terms.fixed_min_yen, terms.fixed_step_yen
    inside = np.clip(named_yen, low, terms.fixed_max_yen)
    stepped = low + (inside - low) // step * step
    return np.where(np.asarray(named_yen) == 0, terms.fixed_yen, stepped)
