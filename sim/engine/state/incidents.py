"""Incidents: cases of misuse and inquiries, and the purchases that each is about."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from models.arrays import Ints
from sim.table import Columns, Table


class Incidents(Table):
    """One row a case of misuse or an inquiry."""

    columns: ClassVar[Columns] = {
        "member": (np.int64, 0),
        "key": (np.int32, 0),  # occurrence of its draws
        "user": (np.int8, 0),  # `models.members.misuse.User`
        "ground": (np.int8, 0),  # 1 to 13 (NP-31.2)
        "notice_day": (np.int32, -1),
        "is_open": (np.bool_, True),
        "first": (np.int64, 0),
        "count": (np.int16, 0),
    }
    member: NDArray[np.int64]
    key: NDArray[np.int32]
    user: NDArray[np.int8]
    ground: NDArray[np.int8]
    notice_day: NDArray[np.int32]
    is_open: NDArray[np.bool_]
    first: NDArray[np.int64]
    count: NDArray[np.int16]

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

    columns: ClassVar[Columns] = {"purchase": (np.int64, 0)}
    purchase: NDArray[np.int64]
