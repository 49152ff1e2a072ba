"""Card validity, unfinished checks and leaving at au PAY Atobarai."""

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.calendar import Calendar
from models.clauses import implements
from models.products.au_pay.measures import Measure
from models.products.au_pay.membership_terms import AdmissionTerms, CardTerms, ContinuingTerms
from models.products.au_pay.periods import nominal_day


@implements("AU-2.1", "AU-2.2")
def admission_day(terms: AdmissionTerms, applied_day: Ints) -> Ints:
    """Give the day of admission or refusal, on which the contract is formed, day index."""
    return np.asarray(applied_day + terms.screen_delay_days)


@implements("AU-7.1")
def card_expiry(terms: CardTerms, calendar: Calendar, issued_day: Ints) -> Ints:
    """Give the last day of validity: the end of a month, day index, shape (n,)."""
    return nominal_day(
        calendar, calendar.month_of[issued_day].astype(np.int64) + terms.valid_months, 31
    )


@implements("AU-7.2", "AU-7.4")
def is_renewed(terms: CardTerms, is_active: Bools, is_overdue: Bools) -> Bools:
    """Tell whose card is renewed at its expiry; debts stay payable (AU-7.6), shape (n,)."""
    proper = ~np.asarray(is_overdue) if terms.renewal == "no_arrears" else np.True_
    return np.asarray(is_active & proper, dtype=np.bool_)


@implements("AU-4.1", "AU-24.9")
def usable_from(terms: CardTerms, day: Ints, *, is_reissue: Bools) -> Ints:
    """Give the day from which a card works again after its re-issue or a wrong security code."""
    pause = np.where(is_reissue, terms.reissue_days, terms.security_code_block_days)
    return np.asarray(day + pause)


@implements("AU-10.1", "AU-10.2")
def measure_of_unfinished_checks(
    terms: AdmissionTerms, asked_day: Ints, is_finished: Bools, day: int
) -> Ints:
    """Give the measure against members whose identity checks are not finished in time.

    Returns
    -------
    Ints
        `Measure`, int8, shape (n,): none until the deadline has passed.
    """
    is_late = ~np.asarray(is_finished) & (day - np.asarray(asked_day) > terms.kyc_deadline_days)
    return np.where(is_late, Measure[terms.kyc_action.upper()], Measure.NONE).astype(np.int8)


@implements("AU-40.1", "AU-40.2", "AU-7.6")
def may_withdraw(is_member: Bools) -> Bools:
    """Tell who may withdraw: any member, debts or not, which stay on their schedule, shape (n,)."""
    return np.asarray(is_member, dtype=np.bool_)


@implements("AU-24.5", "AU-40.2")
def is_charged(terms: ContinuingTerms, is_member: Bools, u: Floats) -> Bools:
    """Tell whose continuing charge arrives: members', and of leavers who told no merchant.

    Parameters
    ----------
    terms
        Share that tells the merchant.
    is_member
        Members whose card data are valid and unchanged, shape (n,).
    u
        Uniform of the member and the change, the same every month, shape (n,).

    Returns
    -------
    Bools
        Shape (n,); a charge after the withdrawal is owed all the same.
    """
    return np.asarray(is_member | (u >= terms.informs_merchant_share), dtype=np.bool_)


@implements("AU-11.1")
def counts_as_antisocial(terms: AdmissionTerms, years_since: Ints, has_ties: Bools) -> Bools:
    """Tell who counts as antisocial: those with ties, and ex-members within five years.

    `years_since` are whole years since the ties ended, negative while they last, shape (n,).
    """
    is_recent = np.asarray(years_since) < terms.antisocial_cooloff_years
    return np.asarray(has_ties & is_recent, dtype=np.bool_)
