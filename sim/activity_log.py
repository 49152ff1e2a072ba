"""The log of activities of a pass: counts by month and member, and single events as recorded."""

from dataclasses import dataclass

import numpy as np

from models.arrays import Bools, Ints
from models.products.catalogue import Product
from sim.engine.tallies import MemberTallies
from sim.eventlog import (
    ACTIVITIES,
    AUTHORISED,
    CONTACTS,
    DECLINED_AT_ONCE,
    DECLINED_LATER,
    Activity,
)
from sim.portfolio import add_at

COLUMN_OF_MEMBERS = {
    **dict.fromkeys(AUTHORISED, "uses_authorised"),
    **dict.fromkeys((*DECLINED_AT_ONCE, *DECLINED_LATER), "uses_declined"),
    **dict.fromkeys(CONTACTS, "contacts"),
}
"""Column of `MemberTallies` that counts an activity."""
_COLUMN_BY_NUMBER = [COLUMN_OF_MEMBERS.get(activity) for activity in ACTIVITIES]


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
    product: Ints


class EventLog:
    """Events of one pass at one lender; parameters as those of `sim.ledger.Ledger`."""

    def __init__(
        self,
        n_replications: int,
        n_members: int,
        month_of: Ints,
        is_recorded: Bools | None,
        by_member: MemberTallies,
    ) -> None:
        n_months = int(month_of.max()) + 1
        shape = (n_replications, n_months, len(ACTIVITIES), len(Product))
        self.count = np.zeros(shape, dtype=np.int64)
        self.yen = np.zeros_like(self.count)
        self.kept: list[Event] = []
        self.by_member = by_member
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
        product: Ints | int = Product.NONE,
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
        product
            `Product` it is about, shape (n,) or one for all.
        """
        if not rows.size:
            return
        self._count(activity, minute, rows, yen, product)
        self._count_by_member(activity, rows)
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
                        kept(product),
                    )
                )

    def _count_by_member(self, activity: Activity | Ints, rows: Ints) -> None:
        """Count the activities that are asked for by person."""
        if isinstance(activity, Activity):
            column = COLUMN_OF_MEMBERS.get(activity)
            if column is not None:
                add_at(getattr(self.by_member, column), rows, 1)
            return
        for number in np.unique(activity).tolist():
            column = _COLUMN_BY_NUMBER[number]
            if column is not None:
                add_at(getattr(self.by_member, column), rows[activity == number], 1)

    def _count(
        self,
        activity: Activity | Ints,
        minute: Ints | int,
        rows: Ints,
        yen: Ints | int,
        product: Ints | int,
    ) -> None:
        """Add counts and yen to the month."""
        _, _, n_activities, n_products = self.count.shape
        # One call is about one day, so that its month is that of any of its minutes.
        month = self._month_of[(minute if isinstance(minute, int) else int(minute[0])) // 1440]
        replication = rows // self._n_members
        if isinstance(activity, Activity):
            counts, sums = (
                self.count[:, month, activity.number],
                self.yen[:, month, activity.number],
            )
            cell = replication * n_products + product
        else:
            counts, sums = self.count[:, month], self.yen[:, month]
            cell = (replication * n_activities + activity) * n_products + product
        counts += np.bincount(cell, minlength=counts.size).reshape(counts.shape)
        if isinstance(yen, np.ndarray):
            sums += np.bincount(cell, yen, counts.size).astype(np.int64).reshape(counts.shape)
