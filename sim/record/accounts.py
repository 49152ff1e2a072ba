"""The accounts of a lender, and by whose clause something happens."""

from models.codes import Code


def clauses_by_lender(clause: str, clause_at_au: str) -> tuple[str, str]:
    """Give the clause by `Lender`; composed clauses are those of both, empty: never happens."""
    both = clause.startswith(("COLL-", "LEN-", "CAL-", "ART-01"))
    of_np = "" if clause.startswith("AU") else clause
    return of_np, clause_at_au or (clause if both or not of_np else "")


class Account(Code):
    """Accounts of the lender; the sign of a balance is debit minus credit."""

    CASH = 0
    PRINCIPAL_RECEIVABLE = 1
    FEE_RECEIVABLE = 2
    LATE_DAMAGES_RECEIVABLE = 3
    LATE_ADMIN_FEE_RECEIVABLE = 4
    MERCHANT_PAYABLE = 5
    MEMBER_CREDIT = 6
    CONSUMPTION_TAX_PAYABLE = 7
    MERCHANT_DISCOUNT_INCOME = 8
    SERVICE_FEE_INCOME = 9
    FAILED_DEBIT_FEE_INCOME = 10
    LATE_DAMAGES_INCOME = 11
    LATE_ADMIN_FEE_INCOME = 12
    REFUND_FEE_INCOME = 13
    RECOVERY = 14
    WRITE_OFF = 15
    COLLECTION_COST = 16
    AGENCY_COST = 17
    SCREENING_COST = 18
    BILLING_COST = 19
    FUNDING_COST = 20
    COST_RECEIVABLE = 21
    COST_CLAIM_INCOME = 22
    FRAUD_LOSS = 23
    CARD_FEE_INCOME = 24
    POINTS_LIABILITY = 25
    POINTS_EXPENSE = 26
    DISCLOSURE_FEE_INCOME = 27
    FINANCE_CHARGE_INCOME = 28
    SERVICING_INCOME = 29
    LEGAL_COST = 30
