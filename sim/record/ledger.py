"""The double-entry ledger: every yen that moves, with the clause that moved it.

Flows in: arrays of members and yen from the steps of a night. Flows out: sums by month and posting
(always) and single lines (for recorded members). Invariant: the balances of all accounts sum to
zero after every posting, because a posting is one amount, debited once and credited once.
"""

from typing import NamedTuple

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.products.catalogue import Lender, Product
from sim.record.accounts import Account
from sim.record.monthly_sums import MonthlySums, one_for_all
from sim.record.postings import POSTINGS, Posting
from sim.record.tallies import MemberTallies
from sim.table import add_at

LOSS_ACCOUNTS = (Account.WRITE_OFF, Account.RECOVERY, Account.FRAUD_LOSS)
LOSS_POSTINGS = {
    posting: number
    for number, posting in enumerate(
        one for one in POSTINGS if {one.debit, one.credit} & set(LOSS_ACCOUNTS)
    )
}
"""Place of each posting that books a claim as lost, or takes some of that back."""


def _columns_of_members(posting: Posting) -> dict[str, int]:
    """Give the sums by person that a posting changes, and their sign."""
    lost, gained = Account.WRITE_OFF, (Account.WRITE_OFF, Account.RECOVERY)
    columns = {
        "late_fee_yen": int(posting.debit is Account.LATE_ADMIN_FEE_RECEIVABLE),
        "late_damages_yen": int(posting.debit is Account.LATE_DAMAGES_RECEIVABLE),
        "written_off_yen": int(posting.debit is lost),
        "net_loss_yen": int(posting.debit is lost) - int(posting.credit in gained),
    }
    return {name: sign for name, sign in columns.items() if sign}


BY_MEMBER = {
    posting: columns
    for posting in POSTINGS
    if (columns := _columns_of_members(posting)) or posting is Posting.PURCHASE_POSTED
}
"""Sums by person, with their sign, by posting."""

SIDES = np.zeros((len(POSTINGS), len(Account)))
"""What one yen of a posting does to each account: debit 1, credit -1."""
for _posting in POSTINGS:
    SIDES[_posting.number, _posting.debit] += 1
    SIDES[_posting.number, _posting.credit] -= 1

_BIT_OF = (1 << np.arange(len(Product))).astype(np.int16)


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
    by_member
        Sums by person that grow with the postings.
    """

    def __init__(
        self,
        lender: Lender,
        n_replications: int,
        n_members: int,
        month_of: Ints,
        is_recorded: Bools | None,
        by_member: MemberTallies,
    ) -> None:
        n_months = int(month_of.max()) + 1
        self.lost_yen = np.zeros(
            (n_replications, n_months, len(LOSS_POSTINGS), n_months + 1), dtype=np.int64
        )
        """By month, loss posting and billing month; the last one: no billing month of the run."""
        self.by_member = by_member
        self._sums = MonthlySums(n_replications, n_members, month_of, len(POSTINGS))
        self._month_of = month_of
        self.lines: list[Line] = []
        self._lender = lender
        self._n_members = n_members
        self._is_recorded = is_recorded

    @property
    def yen(self) -> Ints:
        """Yen, shape (replications, months, postings, products)."""
        return self._sums.yen

    @property
    def count(self) -> Ints:
        """Postings that were not zero; shape as that of `yen`."""
        return self._sums.count

    @property
    def balance(self) -> Ints:
        """Debits less credits, yen, shape (replications, accounts)."""
        return self.moved(SIDES)

    def moved(self, sides: Floats) -> Ints:
        """Sum what all postings have done to several accounts or sums of accounts.

        Parameters
        ----------
        sides
            What one yen of a posting does to each of them, shape (postings, n), as `SIDES`.

        Returns
        -------
        Ints
            Yen, shape (replications, n).
        """
        # NOTE: numpy multiplies matrices of floats five times as fast; they are exact up to 2**53.
        return np.asarray((self._sums.total_yen @ sides).astype(np.int64))

    def reduce(self) -> None:
        """Sum what has been posted."""
        self._sums.reduce()

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
        if not rows.size:
            return
        lowest = np.minimum.reduce(yen)
        if lowest == 0:
            moved = (yen != 0).nonzero()[0]
            if not moved.size:
                return
            rows, yen = rows[moved], yen[moved]
            month = month[moved] if isinstance(month, np.ndarray) else month
            product = product[moved] if isinstance(product, np.ndarray) else product
        self._check(posting, day, lowest)
        self._sums.add(day, posting.number, rows, yen, product)
        if posting in LOSS_POSTINGS:
            self._lose(posting, day, rows, yen, month)
        if posting in BY_MEMBER:
            self._add_by_member(posting, rows, yen, product)
        if self._is_recorded is not None:
            keep = np.flatnonzero(self._is_recorded[rows])
            if keep.size:
                months = np.broadcast_to(month, rows.shape)[keep]
                products = np.broadcast_to(product, rows.shape)[keep]
                self.lines.append(
                    Line(day, posting, rows[keep], np.asarray(yen)[keep], months, products)
                )

    def _lose(self, posting: Posting, day: int, rows: Ints, yen: Ints, month: Ints | int) -> None:
        """Add what is lost or recovered to the billing months it belongs to."""
        n_replications, n_months, _, n_vintages = self.lost_yen.shape
        months = np.broadcast_to(np.asarray(month, dtype=np.int64), rows.shape)
        vintage = np.where((months >= 0) & (months < n_months), months, n_months)
        cell = rows // self._n_members * n_vintages + vintage
        sums = np.bincount(cell, weights=yen, minlength=n_replications * n_vintages)
        place = self._month_of[day], LOSS_POSTINGS[posting]
        self.lost_yen[:, *place] += sums.astype(np.int64).reshape(n_replications, n_vintages)

    def _add_by_member(self, posting: Posting, rows: Ints, yen: Ints, product: Ints | int) -> None:
        """Add a posting to the sums by person."""
        for column, sign in BY_MEMBER[posting].items():
            add_at(getattr(self.by_member, column), rows, sign * yen)
        if posting is Posting.PURCHASE_POSTED:
            bought, product = self.by_member.products, one_for_all(product)
            if not isinstance(product, np.ndarray):
                bought[rows] |= _BIT_OF[product]
                return
            for number in np.bincount(product).nonzero()[0]:  # one bit at a time: rows may repeat
                bought[rows[product == number]] |= _BIT_OF[number]

    def post_total(self, posting: Posting, day: int, yen: Ints) -> None:
        """Post one amount for each replication that belongs to no member or product."""
        moved = yen.nonzero()[0]
        if moved.size:
            self._check(posting, day, yen.min())
            rows = moved * self._n_members
            self._sums.add(day, posting.number, rows, yen[moved], Product.NONE)

    def _check(self, posting: Posting, day: int, lowest: int) -> None:
        """Refuse a posting that is negative, or that no clause of this lender is behind."""
        if lowest < 0:
            raise LedgerError(f"{posting.name} on day {day}: negative amount {lowest}")
        if not posting.clauses[self._lender]:
            raise LedgerError(f"{posting.name}: no clause of {self._lender.name} for it")


class Line(NamedTuple):
    """Kept lines of one posting."""

    day: int
    posting: Posting
    rows: Ints
    yen: Ints
    months: Ints
    products: Ints
