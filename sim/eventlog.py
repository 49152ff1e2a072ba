"""The event log: what happened to whom, when, by which clause, in process-mining columns.

Counts and yen by month are kept for every activity; single events only for recorded members.
Nothing that is recorded draws randomness or changes a state.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, unique
from typing import Self

import numpy as np

from models.arrays import Bools, Ints


@unique
class Activity(Enum):
    """Activities of a member's life and the clause behind each."""

    APPLICATION_APPROVED = ("NP-2.3", "admitted as a member")
    APPLICATION_REJECTED = ("NP-2.2", "application refused")
    LIMIT_SET = ("NP-23.1", "first limits")
    LIMIT_RAISED = ("NP-31.1", "re-review raised the limits")
    LIMIT_CUT = ("NP-31.1", "re-review cut the limits")
    LIMIT_ZEROED = ("NP-23.2", "re-review cut the limits to 0")
    PURCHASE_AUTHORISED = ("NP-24.2", "use authorised")
    PURCHASE_HELD = ("NP-24.4", "use held for review")
    DECLINED_NOT_ACTIVE = ("NP-24.3", "declined: no active member")
    DECLINED_OVERDUE = ("NP-7.1(3)", "declined: a bill is overdue")
    DECLINED_PER_USE_LIMIT = ("NP-23.3", "declined: above the per-transaction limit")
    DECLINED_CUMULATIVE_LIMIT = ("NP-23.3", "declined: above the cumulative limit")
    DECLINED_LIMIT_ZERO = ("NP-23.2", "declined: limits are 0")
    REVIEW_APPROVED = ("NP-24.2", "reviewer approved in time")
    REVIEW_REFUSED = ("NP-24.3", "reviewer refused")
    REVIEW_TOO_LATE = ("NP-24.4", "answer came after the member gave up")
    HOLD_EXPIRED = ("NP-24.4", "hold ended without an answer")
    PURCHASE_POSTED = ("ART-07", "goods shipped, purchase posted")
    PURCHASE_CANCELLED = ("NP-24.5", "cancelled before the closing")
    PURCHASE_RETURNED = ("NP-29.3", "cancelled after the closing")
    METHOD_CHOSEN = ("NP-28.2", "another pay method chosen")
    BILL_CLOSED = ("NP-28.1", "month closed, bill made")
    HIGH_BILL = ("NP-28.9", "bill above the limit, transfer designated")
    STATEMENT_SHOWN = ("NP-28.5", "statement shown")
    REMINDER_SENT = ("NP-28.5", "reminder before the due date")
    BILL_NETTED = ("NP-28.10", "set off against a credit")
    REFUND_PAID = ("NP-28.10", "refund transferred")
    BILL_PAID = ("NP-28.4", "bill paid on time")
    BILL_PAID_LATE = ("NP-28.4", "overdue bill paid")
    OVERPAID = ("NP-29.2", "bill paid twice")
    DEBIT_FAILED = ("NP-28.9", "direct debit failed, terminal designated")
    PAYMENT_MISSED = ("NP-7.1(3)", "due date passed unpaid")
    HARDSHIP_BEGAN = ("ART-01", "hardship began")
    USE_STOPPED = ("COLL-01", "use stopped")
    USE_RELEASED = ("COLL-14", "use released")
    LATE_ADMIN_FEE_CHARGED = ("NP-30.3", "late administration fee")
    CONTACT_SENT = ("COLL-02", "message or letter sent")
    CALL_NO_CONTACT = ("COLL-02", "call session without the right party")
    CALL_REACHED = ("COLL-02", "right party reached, no promise")
    PROMISE_MADE = ("COLL-02", "promise to pay")
    PROMISE_BROKEN = ("COLL-02", "promise broken")
    HANDED_OVER = ("COLL-04", "handed over to the law firm")
    KEPT_IN_HOUSE = ("COLL-04", "not handed over")
    AGENCY_ROUND = ("COLL-04", "law firm worked the case")
    AGENCY_COLLECTED = ("COLL-04", "law firm collected")
    WRITTEN_OFF = ("COLL-11", "claim written off")
    RECOVERED = ("COLL-12", "recovery after write-off")

    def __init__(self, clause: str, meaning: str) -> None:
        self.number = len(type(self).__members__)
        self.clause = clause
        self.meaning = meaning


ACTIVITIES = tuple(Activity)


@dataclass(frozen=True)
class Record:
    """Whose ledger lines and events are kept.

    Parameters
    ----------
    members
        Member numbers; None keeps everybody's.
    """

    members: tuple[int, ...] | None = ()

    @classmethod
    def nothing(cls) -> Self:
        """Keep nothing."""
        return cls(())

    @classmethod
    def everyone(cls) -> Self:
        """Keep the lines of all members."""
        return cls(None)

    @classmethod
    def of(cls, members: Sequence[int]) -> Self:
        """Keep the lines of some members."""
        return cls(tuple(members))

    def mask(self, n_replications: int, n_members: int) -> Bools | None:
        """Give the recorded member rows, None if there are none."""
        if self.members == ():
            return None
        mask = np.zeros((n_replications, n_members), dtype=bool)
        mask[:, slice(None) if self.members is None else list(self.members)] = True
        return mask.reshape(-1)


@dataclass(frozen=True)
class Event:
    """A batch of kept events of one call."""

    activity: Ints
    time: Ints
    rows: Ints
    yen: Ints
    cost_yen: int
    reference: Ints
    resource: str


class EventLog:
    """Events of one pass; parameters as those of `sim.ledger.Ledger`."""

    def __init__(
        self, n_replications: int, n_members: int, month_of: Ints, is_recorded: Bools | None
    ) -> None:
        n_months = int(month_of.max()) + 1
        self.count = np.zeros((n_replications, n_months, len(ACTIVITIES)), dtype=np.int64)
        self.yen = np.zeros_like(self.count)
        self.kept: list[Event] = []
        self._n_members = n_members
        self._month_of = month_of
        self._is_recorded = is_recorded

    def add(
        self,
        activity: Activity | Ints,
        minute: Ints | int,
        rows: Ints,
        *,
        yen: Ints | int = 0,
        cost_yen: int = 0,
        reference: Ints | int = -1,
        resource: str = "",
    ) -> None:
        """Log one activity for each of several members.

        Parameters
        ----------
        activity
            One activity for all, or its number by row, shape (n,).
        minute
            Minutes since the start, one for all on the same day, or by row.
        rows
            Member rows, shape (n,).
        yen, cost_yen
            Amount the activity is about; what it cost the lender.
        reference
            Billing month or wish the activity is about; -1: none.
        resource
            Who did it: a desk and person, a channel; empty: nobody.
        """
        if not rows.size:
            return
        self._count(activity, minute, rows, yen)
        if self._is_recorded is not None:
            keep = np.flatnonzero(self._is_recorded[rows])
            if keep.size:
                number = activity.number if isinstance(activity, Activity) else activity

                def kept(values: Ints | int) -> Ints:
                    return np.broadcast_to(np.asarray(values), rows.shape)[keep]

                self.kept.append(
                    Event(
                        kept(number),
                        kept(minute),
                        rows[keep],
                        kept(yen),
                        cost_yen,
                        kept(reference),
                        resource,
                    )
                )

    def _count(
        self, activity: Activity | Ints, minute: Ints | int, rows: Ints, yen: Ints | int
    ) -> None:
        """Add counts and yen to the month."""
        n_replications, _, n_activities = self.count.shape
        replication = rows // self._n_members
        if isinstance(activity, Activity) and isinstance(minute, int):
            cells = (slice(None), self._month_of[minute // 1440], activity.number)
            self.count[cells] += np.bincount(replication, minlength=n_replications)
            if isinstance(yen, np.ndarray):
                sums = np.bincount(replication, weights=yen, minlength=n_replications)
                self.yen[cells] += sums.astype(np.int64)
            return
        # One call is about one day, so that its month is that of any of its minutes.
        month = self._month_of[(minute if isinstance(minute, int) else int(minute[0])) // 1440]
        number = activity.number if isinstance(activity, Activity) else activity
        cell = replication * n_activities + number
        shape, size = (n_replications, n_activities), n_replications * n_activities
        self.count[:, month] += np.bincount(cell, minlength=size).reshape(shape)
        if isinstance(yen, np.ndarray):
            sums = np.bincount(cell, weights=yen, minlength=size)
            self.yen[:, month] += sums.astype(np.int64).reshape(shape)
