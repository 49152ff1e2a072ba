"""What each member owes, paid and lost, kept up to date from the lines of the ledger.

Flows in: the lines of a night. Flows out: balances at the night's end and sums since the month
began. Invariant: for each member, what is owed grows by what is charged less what is paid, charged
off and otherwise credited; over all members the balances are those of the ledger's accounts.
"""

from collections.abc import Sequence

import numpy as np

from models.arrays import Ints
from sim.record.accounts import Account
from sim.record.ledger import Line

RECEIVABLES = (
    Account.PRINCIPAL_RECEIVABLE,
    Account.FEE_RECEIVABLE,
    Account.LATE_DAMAGES_RECEIVABLE,
    Account.LATE_ADMIN_FEE_RECEIVABLE,
    Account.COST_RECEIVABLE,
)
NEVER = -1


class MemberAccounts:
    """Balances and flows of member rows at one lender, yen, shape (rows,) each.

    Parameters
    ----------
    n_rows
        Member rows of the pass.
    """

    def __init__(self, n_rows: int) -> None:
        self.owed = {account: np.zeros(n_rows, dtype=np.int64) for account in RECEIVABLES}
        self.credit_yen = np.zeros(n_rows, dtype=np.int64)
        self.charged_yen = np.zeros(n_rows, dtype=np.int64)
        self.paid_yen = np.zeros(n_rows, dtype=np.int64)
        self.charged_off_yen = np.zeros(n_rows, dtype=np.int64)
        self.other_credits_yen = np.zeros(n_rows, dtype=np.int64)
        self.charged_off_to_date_yen = np.zeros(n_rows, dtype=np.int64)
        self.recovered_to_date_yen = np.zeros(n_rows, dtype=np.int64)
        self.charge_off_day = np.full(n_rows, NEVER, dtype=np.int32)

    def begin_month(self) -> None:
        """Forget the flows of the month before."""
        for flow in (
            self.charged_yen,
            self.paid_yen,
            self.charged_off_yen,
            self.other_credits_yen,
        ):
            flow[:] = 0

    def take(self, lines: Sequence[Line]) -> None:
        """Book the lines of a night."""
        for line in lines:
            self._book(line)

    def _book(self, line: Line) -> None:
        """Book the lines of one posting."""
        rows, yen = line.rows, line.yen.astype(np.int64)
        debit, credit = Account(line.posting.debit), Account(line.posting.credit)
        if debit in self.owed:
            np.add.at(self.owed[debit], rows, yen)
            np.add.at(self.charged_yen, rows, yen)
        if credit in self.owed:
            np.add.at(self.owed[credit], rows, -yen)
            np.add.at(self._flow_of(debit), rows, yen)
        for account, sign in ((debit, 1), (credit, -1)):
            self._book_beside(account, rows, sign * yen)
        if debit == Account.WRITE_OFF:
            first = rows[self.charge_off_day[rows] == NEVER]
            self.charge_off_day[first] = line.day

    def _flow_of(self, debit: Account) -> Ints:
        """Give the flow to which a credit of a receivable belongs."""
        match debit:
            case Account.CASH:
                return self.paid_yen
            case Account.WRITE_OFF:
                return self.charged_off_yen
            case _:
                return self.other_credits_yen

    def _book_beside(self, account: Account, rows: Ints, yen: Ints) -> None:
        """Book what is no receivable, debits above 0."""
        match account:
            case Account.MEMBER_CREDIT:
                np.add.at(self.credit_yen, rows, -yen)
            case Account.WRITE_OFF:
                np.add.at(self.charged_off_to_date_yen, rows, yen)
            case Account.RECOVERY:
                np.add.at(self.recovered_to_date_yen, rows, -yen)
            case _:
                pass
