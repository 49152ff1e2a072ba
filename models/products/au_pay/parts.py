"""Parts of revolving accounts: what of a payment is theirs, and how one comes back."""

import numpy as np

from models.arrays import Ints
from models.calendar import Calendar
from models.clauses import implements
from models.products.au_pay.accrual import Accrual, DayCount
from models.products.au_pay.plan_terms import RevolvingTerms
from models.products.au_pay.revolving import Accounts, FeeMonth, accrued, open_accounts


@implements("AU-38.5", "AU-39.1(2)")
def shares_of_parts(yen: Ints, parts_yen: Ints, whole_yen: Ints) -> Ints:
    """Divide what is paid of accounts among parts of their principal, pro rata.

    Parameters
    ----------
    yen
        Paid, yen, at most the whole where the whole has a part, shape (n,).
    parts_yen
        Principal of some parts, yen, shape (n, k); together at most the whole.
    whole_yen
        Principal of all, shape (n,); the rest of it is a part of its own.

    Returns
    -------
    Ints
        Shape (n, k + 1): the rest first, then each part; the sum is `yen`. No part gets more than
        it is, and each gets its proportion to less than a yen.
    """
    paid = np.asarray(yen, dtype=np.int64)
    ends = np.cumsum(parts_yen, axis=1, dtype=np.int64)
    reached = paid[:, np.newaxis] * ends // np.maximum(whole_yen, 1)[:, np.newaxis]
    shares = np.diff(reached, axis=1, prepend=0)
    return np.concatenate([(paid - reached[:, -1])[:, np.newaxis], shares], axis=1)


@implements("AU-30.1(2)", "AU-41.1")
def put_principal(
    daycount: DayCount,
    terms: RevolvingTerms,
    calendar: Calendar,
    accounts: Accounts,
    month: FeeMonth,
    yen: Ints,
    day: Ints,
) -> Accounts:
    """Put principal into accounts that left them, or never was in them, in this fee month.

    Parameters
    ----------
    daycount, terms, calendar, accounts, month
        As in `models.products.au_pay.revolving.take_principal`.
    yen
        Yen to put in as carried principal, shape (n,).
    day
        Last day on which it does not bear the fee, shape (n,).
    """
    zero = np.zeros_like(yen)
    entering = open_accounts(zero.size)._replace(running_yen=yen)
    free = accrued(terms, daycount, calendar, entering, month, day)
    gone = Accrual(
        np.asarray(accounts.gone.yen_weight - free.yen_weight),
        np.asarray(accounts.gone.yen_days - free.yen_days),
    )
    return accounts._replace(running_yen=accounts.running_yen + yen, gone=gone)
