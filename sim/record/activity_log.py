"""The log of activities of a pass: counts by month and member, and single events as recorded."""

from dataclasses import dataclass

import numpy as np

from models.arrays import Bools, Ints
from models.calendar import MINUTES_PER_DAY
from models.products.catalogue import Product
from sim.record.eventlog import (
    ACTIVITIES,
    AUTHORISED,
    CONTACTS,
    DECLINED_AT_ONCE,
    DECLINED_LATER,
    Activity,
)
from sim.record.monthly_sums import MonthlySums
from sim.record.tallies import MemberTallies
from sim.table import add_at

COLUMN_OF_MEMBERS = {
    **dict.fromkeys(AUTHORISED, "uses_authorised"),
    **dict.fromkeys((*DECLINED_AT_ONCE, *DECLINED_LATER), "uses_declined"),
    **dict.fromkeys(CONTACTS, "contacts"),
}
"""Column of `MemberTallies` that counts an activity."""
_COLUMNS = tuple(dict.fromkeys(COLUMN_OF_MEMBERS.values()))
_NO_COLUMN = len(_COLUMNS)
_PLACE_BY_NUMBER = np.array(
    [
        _COLUMNS.index(COLUMN_OF_MEMBERS[activity]) if activity in COLUMN_OF_MEMBERS else _NO_COLUMN
        for activity in ACTIVITIES
    ]
)
"""Place in `_COLUMNS` of the column that counts an activity, by its number."""


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
    """Events of one pass at one lender; parameters as those of `sim.record.ledger.Ledger`."""

    def __init__(
        self,
        n_replications: int,
        n_members: int,
        month_of: Ints,
        is_recorded: Bools | None,
        by_member: MemberTallies,
    ) -> None:
        self._sums = MonthlySums(n_replications, n_members, month_of, len(ACTIVITIES))
        self.kept: list[Event] = []
        self.by_member = by_member
        self._is_recorded = is_recorded

    @property
    def keeps_events(self) -> bool:
        """Whether any event is kept by itself, beside the sums."""
        return self._is_recorded is not None

    @property
    def count(self) -> Ints:
        """Events, shape (replications, months, activities, products)."""
        return self._sums.count

    @property
    def yen(self) -> Ints:
        """Yen that they are about; shape as that of `count`."""
        return self._sums.yen

    def reduce(self) -> None:
        """Count what has been logged."""
        self._sums.reduce()

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
        number = activity.number if isinstance(activity, Activity) else activity
        # One call is about one day, so that its month is that of any of its minutes.
        day = (minute if isinstance(minute, int) else int(minute[0])) // MINUTES_PER_DAY
        about = yen if isinstance(yen, np.ndarray) else None
        self._sums.add(day, number, rows, about, product)
        self._count_by_member(activity, rows)
        if self._is_recorded is not None:
            keep = np.flatnonzero(self._is_recorded[rows])
            if keep.size:

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
        place = _PLACE_BY_NUMBER[activity]
        sizes = np.bincount(place, minlength=len(_COLUMNS)).tolist()
        for number, column in enumerate(_COLUMNS):
            if sizes[number]:
                counted = rows[(place == number).nonzero()[0]]
                add_at(getattr(self.by_member, column), counted, 1)
