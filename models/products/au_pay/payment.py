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
def after_failed_debit(terms: DueTerms, due_day: Ints) -> tuple[Ints, int]:
    """Give the due day of the substitute payment (C-56) and the fee of the failure (C-50), yen."""
    return np.asarray(due_day + terms.extend_due_days), terms.failed_debit_fee_yen


@implements("AU-36.2", "AU-44.1")
def paper_fee(terms: StatementTerms, costs: CostTerms, is_paper: Bools) -> Ints:
    """Give the fee of a statement with tax, yen, shape (n,): 0 unless on paper."""
    fee = int(with_tax(terms.paper_fee_yen, costs.tax_rate))
    return np.where(is_paper, np.int64(fee), np.int64(0))


@implements("AU-44.1")
def tax_on_charge(costs: CostTerms, fee_yen: Ints) -> Ints:
    """Give the tax on finance charges, yen, shape (n,): none unless the terms say so."""
    fees = np.asarray(fee_yen, dtype=np.int64)
    if not costs.tax_on_finance_charge:
        return np.zeros_like(fees)
    return np.asarray(with_tax(fees, costs.tax_rate) - fees)


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
