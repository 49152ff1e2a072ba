"""The double-entry ledger: every yen that moves, with the clause that moved it.

Flows in: arrays of members and yen from the steps of a night. Flows out: sums by month and posting
(always) and single lines (for recorded members). Invariant: the balances of all accounts sum to
zero after every posting, because a posting is one amount, debited once and credited once.
"""

from enum import Enum, IntEnum, unique

import numpy as np

from models.arrays import Bools, Floats, Ints


class Account(IntEnum):
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


@unique
class Posting(Enum):
    """Kinds of postings: account debited, account credited, clause, meaning."""

    PURCHASE_POSTED = (
        Account.PRINCIPAL_RECEIVABLE,
        Account.MERCHANT_PAYABLE,
        "NP-22.2",
        "price of a purchase; the merchant's receivable passes to the lender",
    )
    PURCHASE_CANCELLED = (
        Account.MERCHANT_PAYABLE,
        Account.PRINCIPAL_RECEIVABLE,
        "NP-24.5",
        "price of a purchase cancelled before its closing",
    )
    PURCHASE_RETURNED = (
        Account.MERCHANT_PAYABLE,
        Account.MEMBER_CREDIT,
        "NP-29.3",
        "price of a purchase cancelled after its closing, owed to the member",
    )
    MERCHANT_PAID = (
        Account.MERCHANT_PAYABLE,
        Account.CASH,
        "LEN-02",
        "payout to the merchant less the discount",
    )
    MERCHANT_DISCOUNT = (
        Account.MERCHANT_PAYABLE,
        Account.MERCHANT_DISCOUNT_INCOME,
        "LEN-01",
        "discount kept from the payout",
    )
    MERCHANT_REFUNDED = (
        Account.CASH,
        Account.MERCHANT_PAYABLE,
        "LEN-05",
        "payout returned by the merchant",
    )
    MERCHANT_DISCOUNT_RETURNED = (
        Account.MERCHANT_DISCOUNT_INCOME,
        Account.MERCHANT_PAYABLE,
        "LEN-05",
        "discount given back on a returned purchase",
    )
    SERVICE_FEE = (
        Account.FEE_RECEIVABLE,
        Account.SERVICE_FEE_INCOME,
        "NP-25.2",
        "fees of the uses on a bill, before tax",
    )
    SERVICE_FEE_TAX = (
        Account.FEE_RECEIVABLE,
        Account.CONSUMPTION_TAX_PAYABLE,
        "NP-26",
        "consumption tax on service fees",
    )
    FAILED_DEBIT_FEE = (
        Account.FEE_RECEIVABLE,
        Account.FAILED_DEBIT_FEE_INCOME,
        "NP-25.3",
        "fee of a failed direct debit, before tax",
    )
    FAILED_DEBIT_FEE_TAX = (
        Account.FEE_RECEIVABLE,
        Account.CONSUMPTION_TAX_PAYABLE,
        "NP-26",
        "consumption tax on failed-debit fees",
    )
    LATE_DAMAGES = (
        Account.LATE_DAMAGES_RECEIVABLE,
        Account.LATE_DAMAGES_INCOME,
        "NP-30.1",
        "late damages accrued",
    )
    LATE_ADMIN_FEE = (
        Account.LATE_ADMIN_FEE_RECEIVABLE,
        Account.LATE_ADMIN_FEE_INCOME,
        "NP-30.3",
        "late administration fee, before tax",
    )
    LATE_ADMIN_FEE_TAX = (
        Account.LATE_ADMIN_FEE_RECEIVABLE,
        Account.CONSUMPTION_TAX_PAYABLE,
        "NP-26",
        "consumption tax in the late administration fee",
    )
    PRINCIPAL_PAID = (
        Account.CASH,
        Account.PRINCIPAL_RECEIVABLE,
        "NP-28.4",
        "price part of a payment",
    )
    FEE_PAID = (Account.CASH, Account.FEE_RECEIVABLE, "NP-28.4", "fee part of a payment")
    LATE_DAMAGES_PAID = (
        Account.CASH,
        Account.LATE_DAMAGES_RECEIVABLE,
        "NP-28.4",
        "late-damages part of a payment",
    )
    LATE_ADMIN_FEE_PAID = (
        Account.CASH,
        Account.LATE_ADMIN_FEE_RECEIVABLE,
        "NP-28.4",
        "late-administration part of a payment",
    )
    OVERPAID = (Account.CASH, Account.MEMBER_CREDIT, "NP-29.2", "overpayment, carried forward")
    PRINCIPAL_NETTED = (
        Account.MEMBER_CREDIT,
        Account.PRINCIPAL_RECEIVABLE,
        "NP-28.10",
        "price part set off against a credit",
    )
    FEE_NETTED = (
        Account.MEMBER_CREDIT,
        Account.FEE_RECEIVABLE,
        "NP-28.10",
        "fee part set off against a credit",
    )
    LATE_DAMAGES_NETTED = (
        Account.MEMBER_CREDIT,
        Account.LATE_DAMAGES_RECEIVABLE,
        "NP-28.10",
        "late-damages part set off",
    )
    LATE_ADMIN_FEE_NETTED = (
        Account.MEMBER_CREDIT,
        Account.LATE_ADMIN_FEE_RECEIVABLE,
        "NP-28.10",
        "late-administration part set off",
    )
    CREDIT_RECOVERED = (
        Account.MEMBER_CREDIT,
        Account.RECOVERY,
        "COLL-12",
        "credit set off against a debt already written off",
    )
    REFUND_PAID = (
        Account.MEMBER_CREDIT,
        Account.CASH,
        "NP-28.10",
        "refund transferred to the member",
    )
    REFUND_FEE = (
        Account.MEMBER_CREDIT,
        Account.REFUND_FEE_INCOME,
        "NP-28.10",
        "fee kept from a refund",
    )
    PRINCIPAL_WRITTEN_OFF = (
        Account.WRITE_OFF,
        Account.PRINCIPAL_RECEIVABLE,
        "COLL-11",
        "price part given up",
    )
    FEE_WRITTEN_OFF = (Account.WRITE_OFF, Account.FEE_RECEIVABLE, "COLL-11", "fee part given up")
    LATE_DAMAGES_WRITTEN_OFF = (
        Account.WRITE_OFF,
        Account.LATE_DAMAGES_RECEIVABLE,
        "COLL-11",
        "late-damages part given up",
    )
    LATE_ADMIN_FEE_WRITTEN_OFF = (
        Account.WRITE_OFF,
        Account.LATE_ADMIN_FEE_RECEIVABLE,
        "COLL-11",
        "late-administration part given up",
    )
    RECOVERED = (Account.CASH, Account.RECOVERY, "COLL-12", "cash on a debt already written off")
    AGENCY_FEE = (Account.AGENCY_COST, Account.CASH, "COLL-04", "contingency fee of the law firm")
    CONTACT_COST = (Account.COLLECTION_COST, Account.CASH, "COLL-02", "messages, letters and calls")
    REVIEW_COST = (Account.SCREENING_COST, Account.CASH, "NP-24.2", "reviews of held uses")
    BILL_COST = (Account.BILLING_COST, Account.CASH, "LEN-04", "sending and collecting a bill")
    FUNDING = (
        Account.FUNDING_COST,
        Account.CASH,
        "LEN-03",
        "funding of paid-out, uncollected principal",
    )

    def __init__(self, debit: Account, credit: Account, clause: str, meaning: str) -> None:
        self.number = len(type(self).__members__)
        self.debit = debit
        self.credit = credit
        self.clause = clause
        self.meaning = meaning


POSTINGS = tuple(Posting)


class LedgerError(AssertionError):
    """The books do not agree: a defect of the simulator, never of the input."""


class Ledger:
    """Postings of one pass, summed by replication and month.

    Parameters
    ----------
    n_replications
        Replications in the pass.
    n_members
        Members of a replication; member row = replication * n_members + member.
    month_of
        Month index by day.
    is_recorded
        Member rows whose lines are kept; None keeps no line.
    """

    def __init__(
        self, n_replications: int, n_members: int, month_of: Ints, is_recorded: Bools | None
    ) -> None:
        n_months = int(month_of.max()) + 1
        self.yen = np.zeros((n_replications, n_months, len(POSTINGS)), dtype=np.int64)
        self.count = np.zeros_like(self.yen)
        self.balance = np.zeros((n_replications, len(Account)), dtype=np.int64)
        self.lines: list[tuple[int, Posting, Ints, Ints, Ints]] = []
        self._n_members = n_members
        self._month_of = month_of
        self._is_recorded = is_recorded

    def post(
        self, posting: Posting, day: int, rows: Ints, yen: Ints, month: Ints | int = -1
    ) -> None:
        """Post one amount for each member; zeros are skipped.

        Parameters
        ----------
        posting
            Kind.
        day
            Business day of the posting.
        rows
            Member rows, shape (n,), repetitions allowed.
        yen
            Amounts at or above 0, shape (n,).
        month
            Billing month the amount belongs to, shape (n,) or one for all; -1: none.
        """
        if not yen.any():
            return
        n = self.yen.shape[0]
        replication = rows // self._n_members
        # Sums stay exact: a pass moves less than 2**53 yen a posting.
        sums = np.bincount(replication, weights=yen, minlength=n).astype(np.int64)
        self._add(posting, day, sums, np.bincount(replication, weights=yen != 0, minlength=n))
        if self._is_recorded is not None:
            keep = np.flatnonzero(self._is_recorded[rows] & (yen != 0))
            if keep.size:
                months = np.broadcast_to(month, rows.shape)[keep]
                self.lines.append((day, posting, rows[keep], np.asarray(yen)[keep], months))

    def post_total(self, posting: Posting, day: int, yen: Ints) -> None:
        """Post one amount for each replication that belongs to no member."""
        self._add(posting, day, yen, yen != 0)

    def _add(self, posting: Posting, day: int, yen: Ints, count: Ints | Floats | Bools) -> None:
        """Add sums by replication to the month and to both accounts."""
        if (yen < 0).any():
            raise LedgerError(f"{posting.name} on day {day}: negative sum {yen.tolist()}")
        month = self._month_of[day]
        self.yen[:, month, posting.number] += yen
        self.count[:, month, posting.number] += count.astype(np.int64)
        self.balance[:, posting.debit] += yen
        self.balance[:, posting.credit] -= yen


def trial_balance_residual(ledger: Ledger) -> Ints:
    """Give the sum of all balances by replication; zero in sound books."""
    return np.asarray(ledger.balance.sum(axis=1))
