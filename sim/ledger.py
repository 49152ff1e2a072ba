"""The double-entry ledger: every yen that moves, with the clause that moved it.

Flows in: arrays of members and yen from the steps of a night. Flows out: sums by month and posting
(always) and single lines (for recorded members). Invariant: the balances of all accounts sum to
zero after every posting, because a posting is one amount, debited once and credited once.
"""

from enum import Enum, IntEnum, unique
from typing import NamedTuple

import numpy as np

from models.arrays import Bools, Ints
from models.products.catalogue import Lender, Product


def clauses_by_lender(clause: str, clause_at_au: str) -> tuple[str, str]:
    """Give the clause by `Lender`; composed clauses are those of both, empty: never happens."""
    both = clause.startswith(("COLL-", "LEN-", "CAL-", "ART-01"))
    of_np = "" if clause.startswith("AU") else clause
    return of_np, clause_at_au or (clause if both or not of_np else "")


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
    COST_RECEIVABLE = 21
    COST_CLAIM_INCOME = 22
    FRAUD_LOSS = 23
    CARD_FEE_INCOME = 24
    POINTS_LIABILITY = 25
    POINTS_EXPENSE = 26
    DISCLOSURE_FEE_INCOME = 27
    FINANCE_CHARGE_INCOME = 28
    SERVICING_INCOME = 29


@unique
class Posting(Enum):
    """Kinds of postings: debited account, credited account, clause, meaning, clause at AU.

    Without a clause of its own au Financial Service has the posting by the same composed clause
    (COLL, LEN, CAL), or not at all.
    """

    PURCHASE_POSTED = (
        Account.PRINCIPAL_RECEIVABLE,
        Account.MERCHANT_PAYABLE,
        "NP-22.2",
        "price of a purchase; the merchant's receivable passes to the lender",
        "AU-25.1",
    )
    PURCHASE_CANCELLED = (
        Account.MERCHANT_PAYABLE,
        Account.PRINCIPAL_RECEIVABLE,
        "NP-24.5",
        "price of a purchase cancelled before its closing",
        "AU-26.2",
    )
    PURCHASE_RETURNED = (
        Account.MERCHANT_PAYABLE,
        Account.MEMBER_CREDIT,
        "NP-29.3",
        "price of a purchase cancelled after its closing, owed to the member",
        "AU-26.2",
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
        "AU-35.3",
    )
    FAILED_DEBIT_FEE_TAX = (
        Account.FEE_RECEIVABLE,
        Account.CONSUMPTION_TAX_PAYABLE,
        "NP-26",
        "consumption tax on failed-debit fees",
        "AU-44.1",
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
        "AU-35.1",
    )
    FEE_PAID = (
        Account.CASH,
        Account.FEE_RECEIVABLE,
        "NP-28.4",
        "fee part of a payment",
        "AU-35.1",
    )
    LATE_DAMAGES_PAID = (
        Account.CASH,
        Account.LATE_DAMAGES_RECEIVABLE,
        "NP-28.4",
        "late-damages part of a payment",
        "AU-38.1",
    )
    LATE_ADMIN_FEE_PAID = (
        Account.CASH,
        Account.LATE_ADMIN_FEE_RECEIVABLE,
        "NP-28.4",
        "late-administration part of a payment",
    )
    OVERPAID = (
        Account.CASH,
        Account.MEMBER_CREDIT,
        "NP-29.2",
        "overpayment, carried forward",
        "AU-35.2",
    )
    PRINCIPAL_NETTED = (
        Account.MEMBER_CREDIT,
        Account.PRINCIPAL_RECEIVABLE,
        "NP-28.10",
        "price part set off against a credit",
        "AU-38.6",
    )
    FEE_NETTED = (
        Account.MEMBER_CREDIT,
        Account.FEE_RECEIVABLE,
        "NP-28.10",
        "fee part set off against a credit",
        "AU-38.6",
    )
    LATE_DAMAGES_NETTED = (
        Account.MEMBER_CREDIT,
        Account.LATE_DAMAGES_RECEIVABLE,
        "NP-28.10",
        "late-damages part set off",
        "AU-38.6",
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
        "AU-35.2",
    )
    REFUND_FEE = (
        Account.MEMBER_CREDIT,
        Account.REFUND_FEE_INCOME,
        "NP-28.10",
        "fee kept from a refund",
        "AU-44.2",
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
    REVIEW_COST = (
        Account.SCREENING_COST,
        Account.CASH,
        "NP-24.2",
        "reviews of held uses",
        "AU-24.8",
    )
    BILL_COST = (Account.BILLING_COST, Account.CASH, "LEN-04", "sending and collecting a bill")
    FUNDING = (
        Account.FUNDING_COST,
        Account.CASH,
        "LEN-03",
        "funding of paid-out, uncollected principal",
    )
    COST_PAID = (
        Account.CASH,
        Account.COST_RECEIVABLE,
        "NP-29.1",
        "cost part of a payment",
        "AU-44.2",
    )
    COST_NETTED = (
        Account.MEMBER_CREDIT,
        Account.COST_RECEIVABLE,
        "NP-28.10",
        "cost part set off",
        "AU-38.6",
    )
    COST_WRITTEN_OFF = (Account.WRITE_OFF, Account.COST_RECEIVABLE, "COLL-11", "cost part given up")
    MISUSE_DAMAGE_CLAIMED = (
        Account.COST_RECEIVABLE,
        Account.COST_CLAIM_INCOME,
        "NP-34.3",
        "further damage claimed after use of the credentials",
    )
    CARD_DAMAGE_CLAIMED = (
        Account.COST_RECEIVABLE,
        Account.COST_CLAIM_INCOME,
        "NP-54.3",
        "further damage claimed after use of the card number",
    )
    EXEMPTED = (
        Account.FRAUD_LOSS,
        Account.PRINCIPAL_RECEIVABLE,
        "LEN-07",
        "unpaid price of a use by a third party, released",
    )
    EXEMPTED_PAID = (
        Account.FRAUD_LOSS,
        Account.MEMBER_CREDIT,
        "LEN-07",
        "paid price of a use by a third party, owed to the member",
    )
    EXEMPTED_WRITTEN_OFF = (
        Account.FRAUD_LOSS,
        Account.WRITE_OFF,
        "LEN-07",
        "debt given up before that turned out to be a third party's",
    )
    EXEMPTED_FEE = (
        Account.SERVICE_FEE_INCOME,
        Account.FEE_RECEIVABLE,
        "NP-33.1",
        "unpaid fee of such a use, released",
    )
    EXEMPTED_FEE_TAX = (
        Account.CONSUMPTION_TAX_PAYABLE,
        Account.FEE_RECEIVABLE,
        "NP-33.1",
        "tax on it",
    )
    EXEMPTED_FEE_PAID = (
        Account.SERVICE_FEE_INCOME,
        Account.MEMBER_CREDIT,
        "NP-33.1",
        "paid fee of such a use, owed to the member",
    )
    EXEMPTED_FEE_TAX_PAID = (
        Account.CONSUMPTION_TAX_PAYABLE,
        Account.MEMBER_CREDIT,
        "NP-33.1",
        "tax on it",
    )
    EXEMPTED_LATE_DAMAGES = (
        Account.LATE_DAMAGES_INCOME,
        Account.LATE_DAMAGES_RECEIVABLE,
        "NP-33.1",
        "late damages on a released debt",
        "AU-42.1",
    )
    EXEMPTED_CHARGED_BACK = (
        Account.MERCHANT_PAYABLE,
        Account.FRAUD_LOSS,
        "LEN-07",
        "price of a released use, returned by the merchant",
    )
    GOODS_TAKEN = (
        Account.CASH,
        Account.MEMBER_CREDIT,
        "NP-27.3",
        "value of repossessed goods, owed to the member",
    )
    REPOSSESSION_COST = (
        Account.COLLECTION_COST,
        Account.CASH,
        "NP-27.4",
        "collection and restoration of goods",
    )
    REPOSSESSION_COST_CLAIMED = (
        Account.COST_RECEIVABLE,
        Account.COST_CLAIM_INCOME,
        "NP-27.4",
        "that cost, claimed from the member",
    )
    CARD_FEE = (
        Account.FEE_RECEIVABLE,
        Account.CARD_FEE_INCOME,
        "NP-51",
        "annual fee of the app card, before tax",
        "AUX-FEE",
    )
    CARD_FEE_TAX = (
        Account.FEE_RECEIVABLE,
        Account.CONSUMPTION_TAX_PAYABLE,
        "NP-26",
        "consumption tax on the annual fee",
    )
    BRAND_PAID = (
        Account.MERCHANT_PAYABLE,
        Account.CASH,
        "NP-52(1)",
        "recourse paid to the card brand, less the discount",
    )
    ORDER_FEE = (
        Account.FEE_RECEIVABLE,
        Account.SERVICE_FEE_INCOME,
        "ART-03",
        "fee of an order by NP Atobarai or air, before tax",
    )
    ORDER_FEE_TAX = (
        Account.FEE_RECEIVABLE,
        Account.CONSUMPTION_TAX_PAYABLE,
        "NP-26",
        "consumption tax in the fee of an order",
    )
    INSTALMENT_FEE = (
        Account.FEE_RECEIVABLE,
        Account.SERVICE_FEE_INCOME,
        "NP-25.2",
        "fee of the instalment terms, before tax",
    )
    INSTALMENT_FEE_TAX = (
        Account.FEE_RECEIVABLE,
        Account.CONSUMPTION_TAX_PAYABLE,
        "NP-26",
        "consumption tax on it",
    )
    POINTS_AWARDED = (
        Account.POINTS_EXPENSE,
        Account.POINTS_LIABILITY,
        "NP-36.1",
        "points awarded, at their value",
    )
    POINTS_EXPIRED = (
        Account.POINTS_LIABILITY,
        Account.POINTS_EXPENSE,
        "NP-39.1",
        "points expired, at their value (breakage)",
    )
    POINTS_REVERSED = (
        Account.POINTS_LIABILITY,
        Account.POINTS_EXPENSE,
        "NP-40.1",
        "points of a returned purchase taken back",
    )
    POINTS_FORFEITED = (
        Account.POINTS_LIABILITY,
        Account.POINTS_EXPENSE,
        "NP-40.2",
        "points lost with the membership or by a breach",
    )
    POINTS_SHORTFALL_CLAIMED = (
        Account.COST_RECEIVABLE,
        Account.POINTS_LIABILITY,
        "NP-45.2",
        "points taken back that were spent, claimed in yen",
    )
    POINTS_SHORTFALL_GAIN = (
        Account.COST_RECEIVABLE,
        Account.POINTS_EXPENSE,
        "NP-45.1",
        "what such a claim is above the value of the points",
    )
    POINTS_RETURNED = (
        Account.MERCHANT_PAYABLE,
        Account.POINTS_LIABILITY,
        "NP-42.3",
        "points that had paid a returned purchase come back",
    )
    POINTS_NOT_RETURNED = (
        Account.MERCHANT_PAYABLE,
        Account.POINTS_EXPENSE,
        "NP-42.4",
        "points that had paid a returned purchase and do not come back",
    )
    PRINCIPAL_PAID_BY_POINTS = (
        Account.POINTS_LIABILITY,
        Account.PRINCIPAL_RECEIVABLE,
        "NP-42.1",
        "price part paid by points",
    )
    FEE_PAID_BY_POINTS = (
        Account.POINTS_LIABILITY,
        Account.FEE_RECEIVABLE,
        "NP-42.1",
        "fee part paid by points",
    )
    INDEMNITY_CLAIMED = (
        Account.COST_RECEIVABLE,
        Account.COST_CLAIM_INCOME,
        "NP-7.3",
        "indemnity for a loss from misconduct",
    )
    RESCISSION_DAMAGES_CLAIMED = (
        Account.COST_RECEIVABLE,
        Account.COST_CLAIM_INCOME,
        "NP-8.6",
        "damages after a rescission for antisocial ties",
    )
    AGENCY_FEE_CLAIMED = (
        Account.COST_RECEIVABLE,
        Account.COST_CLAIM_INCOME,
        "NP-7.3",
        "the law firm's fee, claimed from the member",
    )
    DISCLOSURE_FEE = (
        Account.CASH,
        Account.DISCLOSURE_FEE_INCOME,
        "NP-12.2",
        "fee for disclosure of own data, before tax",
    )
    DISCLOSURE_FEE_TAX = (
        Account.CASH,
        Account.CONSUMPTION_TAX_PAYABLE,
        "NP-26",
        "consumption tax in that fee",
    )
    FINANCE_CHARGE = (
        Account.FEE_RECEIVABLE,
        Account.FINANCE_CHARGE_INCOME,
        "AU-31.1",
        "fee of instalments, booked when the use is posted",
    )
    REVOLVING_FEE = (
        Account.FEE_RECEIVABLE,
        Account.FINANCE_CHARGE_INCOME,
        "AU-30.1(2)",
        "revolving fee of a fee month",
    )
    FINANCE_CHARGE_REBATED = (
        Account.FINANCE_CHARGE_INCOME,
        Account.FEE_RECEIVABLE,
        "AU-32.4",
        "unearned fee of prepaid instalments",
    )
    FINANCE_CHARGE_RETURNED = (
        Account.FINANCE_CHARGE_INCOME,
        Account.FEE_RECEIVABLE,
        "AU-26.2",
        "fee of instalments that are off: returned, or in another plan",
    )
    PAPER_FEE = (
        Account.FEE_RECEIVABLE,
        Account.SERVICE_FEE_INCOME,
        "AU-36.2",
        "fee of a paper statement, before tax",
    )
    PAPER_FEE_TAX = (
        Account.FEE_RECEIVABLE,
        Account.CONSUMPTION_TAX_PAYABLE,
        "AU-44.1",
        "consumption tax on it",
    )
    PAYMENT_COST_CLAIMED = (
        Account.COST_RECEIVABLE,
        Account.COST_CLAIM_INCOME,
        "AU-44.3",
        "set cost of a payment, claimed from the member",
        "AU-44.3",
    )
    PRINCIPAL_SOLD = (
        Account.WRITE_OFF,
        Account.PRINCIPAL_RECEIVABLE,
        "AU-45.1",
        "price part sold",
        "AU-45.1",
    )
    FEE_SOLD = (
        Account.WRITE_OFF,
        Account.FEE_RECEIVABLE,
        "AU-45.1",
        "fee part sold",
        "AU-45.1",
    )
    LATE_DAMAGES_SOLD = (
        Account.WRITE_OFF,
        Account.LATE_DAMAGES_RECEIVABLE,
        "AU-45.1",
        "late damages sold",
        "AU-45.1",
    )
    COST_SOLD = (
        Account.WRITE_OFF,
        Account.COST_RECEIVABLE,
        "AU-45.1",
        "cost part sold",
        "AU-45.1",
    )
    SALE_PROCEEDS = (
        Account.CASH,
        Account.RECOVERY,
        "AU-45.1",
        "price of sold receivables",
        "AU-45.1",
    )
    SERVICING_FEE = (
        Account.CASH,
        Account.SERVICING_INCOME,
        "AU-25.3",
        "retained for servicing securitised receivables",
        "AU-25.3",
    )
    LATE_DAMAGES_INSTALMENT = (
        Account.LATE_DAMAGES_RECEIVABLE,
        Account.LATE_DAMAGES_INCOME,
        "AU-37.2(1)",
        "late damages on instalments",
        "AU-37.2(1)",
    )
    LATE_DAMAGES_TWO_TIME = (
        Account.LATE_DAMAGES_RECEIVABLE,
        Account.LATE_DAMAGES_INCOME,
        "AU-37.2(2)",
        "late damages on two-time and bonus payment",
        "AU-37.2(2)",
    )
    LATE_DAMAGES_OTHER = (
        Account.LATE_DAMAGES_RECEIVABLE,
        Account.LATE_DAMAGES_INCOME,
        "AU-37.2(3)",
        "late damages on one-time use and revolving",
        "AU-37.2(3)",
    )
    LATE_DAMAGES_ACCELERATED_INSTALMENTS = (
        Account.LATE_DAMAGES_RECEIVABLE,
        Account.LATE_DAMAGES_INCOME,
        "AU-37.1(1)",
        "damages on accelerated instalments",
        "AU-37.1(1)",
    )
    LATE_DAMAGES_ACCELERATED_TWO_TIME = (
        Account.LATE_DAMAGES_RECEIVABLE,
        Account.LATE_DAMAGES_INCOME,
        "AU-37.1(2)",
        "damages on accelerated two-time and bonus payment",
        "AU-37.1(2)",
    )
    LATE_DAMAGES_ACCELERATED_OTHER = (
        Account.LATE_DAMAGES_RECEIVABLE,
        Account.LATE_DAMAGES_INCOME,
        "AU-37.1(3)",
        "damages on accelerated one-time use and revolving",
        "AU-37.1(3)",
    )

    def __init__(
        self, debit: Account, credit: Account, clause: str, meaning: str, clause_at_au: str = ""
    ) -> None:
        self.number = len(type(self).__members__)
        self.debit = debit
        self.credit = credit
        self.clause = clause
        self.meaning = meaning
        self.clauses = clauses_by_lender(clause, clause_at_au)


POSTINGS = tuple(Posting)


class LedgerError(AssertionError):
    """The books do not agree: a defect of the simulator, never of the input."""


class Ledger:
    """Postings of one pass at one lender, summed by replication, month, kind and product.

    Parameters
    ----------
    lender
        Whose books.
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
        self,
        lender: Lender,
        n_replications: int,
        n_members: int,
        month_of: Ints,
        is_recorded: Bools | None,
    ) -> None:
        n_months = int(month_of.max()) + 1
        shape = (n_replications, n_months, len(POSTINGS), len(Product))
        self.yen = np.zeros(shape, dtype=np.int64)
        self.count = np.zeros_like(self.yen)
        self.balance = np.zeros((n_replications, len(Account)), dtype=np.int64)
        self.lines: list[Line] = []
        self._lender = lender
        self._n_members = n_members
        self._month_of = month_of
        self._is_recorded = is_recorded

    def post(
        self,
        posting: Posting,
        day: int,
        rows: Ints,
        yen: Ints,
        month: Ints | int = -1,
        product: Ints | int = Product.NONE,
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
        product
            `Product` the amount belongs to, shape (n,) or one for all.
        """
        if not yen.any():
            return
        # Sums stay exact: a pass moves less than 2**53 yen a posting.
        cell, size = (rows // self._n_members) * len(Product) + product, self._n_cells
        sums = np.bincount(cell, weights=yen, minlength=size).astype(np.int64)
        counts = np.bincount(cell, weights=yen != 0, minlength=size).astype(np.int64)
        self._add(posting, day, sums.reshape(-1, len(Product)), counts.reshape(-1, len(Product)))
        if self._is_recorded is not None:
            keep = np.flatnonzero(self._is_recorded[rows] & (yen != 0))
            if keep.size:
                months = np.broadcast_to(month, rows.shape)[keep]
                products = np.broadcast_to(product, rows.shape)[keep]
                self.lines.append(
                    Line(day, posting, rows[keep], np.asarray(yen)[keep], months, products)
                )

    def post_total(self, posting: Posting, day: int, yen: Ints) -> None:
        """Post one amount for each replication that belongs to no member or product."""
        sums = np.zeros((yen.size, len(Product)), dtype=np.int64)
        sums[:, Product.NONE] = yen
        self._add(posting, day, sums, (sums != 0).astype(np.int64))

    @property
    def _n_cells(self) -> int:
        """Count the pairs of replication and product."""
        return self.yen.shape[0] * len(Product)

    def _add(self, posting: Posting, day: int, yen: Ints, count: Ints) -> None:
        """Add sums by replication and product to the month and to both accounts."""
        if (yen < 0).any():
            raise LedgerError(f"{posting.name} on day {day}: negative sum {yen.tolist()}")
        if not posting.clauses[self._lender]:
            raise LedgerError(f"{posting.name}: no clause of {self._lender.name} for it")
        month = self._month_of[day]
        self.yen[:, month, posting.number] += yen
        self.count[:, month, posting.number] += count
        total = yen.sum(axis=1)
        self.balance[:, posting.debit] += total
        self.balance[:, posting.credit] -= total


class Line(NamedTuple):
    """Kept lines of one posting."""

    day: int
    posting: Posting
    rows: Ints
    yen: Ints
    months: Ints
    products: Ints


def trial_balance_residual(ledger: Ledger) -> Ints:
    """Give the sum of all balances by replication; zero in sound books."""
    return np.asarray(ledger.balance.sum(axis=1))
