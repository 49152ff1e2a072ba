"""State of the money at au PAY Atobarai: revolving accounts, and what waits for posting.

Rows of `Revolving` are those of `sim.engine.state.portfolio.Members`; there are none where the
product is not on offer.
"""

from typing import ClassVar

import numpy as np

from models.arrays import Bools, Ints
from models.products.au_pay.accrual import Accrual
from models.products.au_pay.revolving import Accounts
from sim.table import Table, column


class Revolving(Table):
    """One row a member: the revolving account, the plans the member may use, unposted uses."""

    running_yen = column(np.int32)
    captured_yen = column(np.int32)
    pending_yen = column(np.int32)
    overdue_yen = column(np.int32)
    gone_weight = column(np.int64)  # what left had accrued: yen times day weight
    gone_days = column(np.int64)  # and yen times days
    settled_fee_yen = column(np.int32)  # fee before the rate changed in this fee month
    is_first = column(np.bool_, True)
    base_yen = column(np.int32)  # sets the next payment
    stopped_yen = column(np.int32)  # principal of uses whose payment is stopped
    top_up_yen = column(np.int32)  # on the next payment
    course = column(np.int8)
    chosen_yen = column(np.int32)  # of the fixed course
    is_suitable = column(np.bool_)
    is_all = column(np.bool_)  # every use is revolving
    wants_paper = column(np.bool_)
    unposted_yen = column(np.int32)  # authorised, not posted yet, in any plan

    def accounts(self, rows: Ints) -> Accounts:
        """Give the accounts of unique member rows, shape (n,) each."""
        return Accounts(
            self.running_yen[rows].astype(np.int64),
            self.captured_yen[rows].astype(np.int64),
            self.pending_yen[rows].astype(np.int64),
            self.overdue_yen[rows].astype(np.int64),
            Accrual(self.gone_weight[rows], self.gone_days[rows]),
            self.is_first[rows],
            self.settled_fee_yen[rows].astype(np.int64),
        )

    def write(self, rows: Ints, accounts: Accounts) -> None:
        """Write the accounts of unique member rows."""
        self.running_yen[rows] = accounts.running_yen
        self.captured_yen[rows] = accounts.captured_yen
        self.pending_yen[rows] = accounts.pending_yen
        self.overdue_yen[rows] = accounts.overdue_yen
        self.gone_weight[rows] = accounts.gone.yen_weight
        self.gone_days[rows] = accounts.gone.yen_days
        self.is_first[rows] = accounts.is_first
        self.settled_fee_yen[rows] = accounts.settled_fee_yen

    def principal(self, rows: Ints) -> Ints:
        """Give the principal in accounts, on no due yet, yen, shape (n,)."""
        held = self.running_yen[rows].astype(np.int64)
        return np.asarray(held + self.captured_yen[rows] + self.pending_yen[rows])

    def has_fee_left(self, rows: Ints) -> Bools:
        """Tell which accounts bear a fee of days before principal left them, shape (n,)."""
        return np.asarray((self.gone_days[rows] > 0) | (self.settled_fee_yen[rows] > 0))

    def has_to_bill(self, rows: Ints) -> Bools:
        """Tell which accounts hold principal, or such a fee, shape (n,)."""
        return np.asarray(self.has_fee_left(rows) | (self.principal(rows) > 0))


class SingledOut(Table):
    """Principal in revolving accounts by kind of use: three rows a member, AU-39.1 (2) to (4)."""

    N_KINDS: ClassVar[int] = 3
    captured_yen = column(np.int32)  # in what a cut-off has captured, carried over or not
    pending_yen = column(np.int32)  # captured by none yet

    def __init__(self, n_members: int) -> None:
        super().__init__(n_members * self.N_KINDS)
        self.append(n_members * self.N_KINDS)
        self.is_any = False
        """Whether there ever was such principal; spares the question where there was none."""

    def rows_of(self, members: Ints) -> Ints:
        """Give the rows of members, by kind, shape (n, 3)."""
        first = np.asarray(members, dtype=np.int64)[:, np.newaxis] * self.N_KINDS
        return np.asarray(first + np.arange(self.N_KINDS))

    def row_of(self, members: Ints, kinds: Ints) -> Ints:
        """Give the row of each member and kind, 1 to 3, shape (n,)."""
        return np.asarray(np.asarray(members, dtype=np.int64) * self.N_KINDS + kinds - 1)
