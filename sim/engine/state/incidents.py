"""Incidents: cases of misuse and inquiries, and the purchases that each is about."""

import numpy as np
from numpy.typing import NDArray

from models.arrays import Ints
from sim.table import Table, column


class Incidents(Table):
    """One row a case of misuse or an inquiry."""

    member = column(np.int64)
    key = column(np.int32)  # occurrence of its draws
    user = column(np.int8)  # `models.members.misuse.User`
    ground = column(np.int8)  # 1 to 13 (NP-31.2)
    notice_day = column(np.int32, -1)
    is_open = column(np.bool_, True)
    first = column(np.int64)
    count = column(np.int16)

    def __init__(self) -> None:
        super().__init__(0)
        self.subjects = Subjects(0)

    def open(self, purchases: Ints, counts: Ints, **values: NDArray[np.generic] | int) -> Ints:
        """Add incidents about purchases, those of an incident together, and give their rows.

        Parameters
        ----------
        purchases
            Purchase rows, shape (sum of counts,).
        counts
            Purchases of each incident, shape (n,).
        **values
            Columns.
        """
        first = self.subjects.append(purchases.size, purchase=purchases)[:1]
        start = np.cumsum(counts) - counts + (first[0] if first.size else 0)
        return self.append(counts.size, first=start, count=counts, **values)

    def purchases_of(self, incidents: Ints) -> tuple[Ints, Ints]:
        """Give the purchases of incidents, and for each the position of its incident."""
        counts = self.count[incidents].astype(np.int64)
        position = np.repeat(np.arange(incidents.size), counts)
        number = np.arange(position.size) - np.repeat(np.cumsum(counts) - counts, counts)
        subject = self.first[incidents][position] + number
        return self.subjects.purchase[subject].astype(np.int64), position


class Subjects(Table):
    """One row a purchase that an incident is about."""

    purchase = column(np.int64)
