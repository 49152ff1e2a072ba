"""Statements, refunds and the debit of au PAY Atobarai."""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.kernels import with_tax
from models.products.au_pay.payment_terms import CostTerms, DueTerms, StatementTerms


@implements("AU-35.3", "AU-35.5")
def is_debited(terms: DueTerms, has_account: Bools, is_overdue: Bools) -> Bools:
    """Tell who is debited on a due date: not whose debit stopped while late (C-61), shape (n,)."""
    stopped = np.asarray(is_overdue) & terms.debit_stops_when_overdue
    return np.asarray(has_account & ~stopped, dtype=np.bool_)


@implements("AU-35.3")
def debited_yen(terms: DueTerms, due_yen: Ints, available_yen: Ints) -> Ints:
    """Give what a debit brings: all or nothing, or what is there (C-59), yen, shape (n,)."""
    enough = np.asarray(available_yen) >= due_yen
    short = available_yen if terms.debit_allow_partial else np.zeros_like(due_yen)
    return np.where(enough, due_yen, short)


@implements("AU-35.3")
def after_failed_debit(terms: DueTerms, due_day: Ints) -> tuple[Ints, int]:
    """Give the due day of the substitute payment (C-56) and the fee of the failure (C-50), yen."""
    return np.asarray(due_day + terms.extend_due_days), terms.failed_debit_fee_yen


@implements("AU-35.2", "AU-38.4", "AU-38.6")
def netted_and_refunded(terms: DueTerms, excess_yen: Ints, next_due_yen: Ints) -> tuple[Ints, Ints]:
    """Split what was paid too much on next month's due date.

    Parameters
    ----------
    terms
        Netting first, or refund.
    excess_yen
        Paid too much, shape (n,).
    next_due_yen
        What falls due then, shape (n,).

    Returns
    -------
    netted_yen, refunded_yen : Ints
        Shape (n,) each; they add up to the excess.
    """
    netted = np.minimum(excess_yen, next_due_yen)
    if terms.overpayment == "refund":
        netted = np.zeros_like(netted)
    return np.asarray(netted), np.asarray(excess_yen - netted)


@implements("AU-36.2", "AU-44.1")
def paper_fee(terms: StatementTerms, costs: CostTerms, is_paper: Bools) -> Ints:
    """Give the fee of a statement with tax, yen, shape (n,): 0 unless on paper."""
    fee = int(with_tax(terms.paper_fee_yen, costs.tax_rate))
    return np.where(is_paper, np.int64(fee), np.int64(0))


@implements("AU-36.3")
def may_object(terms: StatementTerms, notice_day: Ints, day: int) -> Bools:
    """Tell which statements can still be objected to: within a week of the notice, shape (n,)."""
    return np.asarray(day - np.asarray(notice_day) <= terms.dispute_days)


@implements("AUX-FEE", "AU-44.3")
def yearly_and_payment_cost(costs: CostTerms, n_payments: Ints, is_anniversary: Bools) -> Ints:
    """Give annual fee and set payment costs of members, yen, shape (n,)."""
    yearly = np.where(is_anniversary, costs.annual_fee_yen, 0)
    return np.asarray(yearly + costs.payment_cost_yen * np.asarray(n_payments))


@implements("AU-44.2")
def chargeable_cost(costs: CostTerms, advanced_yen: Ints) -> Ints:
    """Give the claim for court costs advanced; agency fees are not among them, yen, shape (n,)."""
    advanced = np.asarray(advanced_yen)
    return advanced if costs.enforcement_chargeable else np.zeros_like(advanced)
