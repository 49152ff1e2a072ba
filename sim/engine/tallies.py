"""Tallies of a pass beside postings and events: month-end pictures and the delays of payment."""

from enum import IntEnum

import numpy as np

from models.arrays import Ints


class Bucket(IntEnum):
    """Members by days past due of the oldest unpaid bill at a month's end."""

    NOT_A_MEMBER = 0
    NO_DEBT = 1
    CURRENT = 2
    DPD_1_30 = 3
    DPD_31_60 = 4
    DPD_61_90 = 5
    DPD_91_180 = 6
    DPD_181_PLUS = 7
    WRITTEN_OFF = 8


class Snapshots:
    """Month-end pictures: members and principal by bucket, and moves between buckets."""

    def __init__(self, n_replications: int, n_months: int) -> None:
        shape = (n_replications, n_months, len(Bucket))
        self.members = np.zeros(shape, dtype=np.int64)
        self.principal_yen = np.zeros(shape, dtype=np.int64)
        self.placed_yen = np.zeros(shape[:2], dtype=np.int64)
        self.moves = np.zeros((*shape, len(Bucket)), dtype=np.int64)
        self.moved_yen = np.zeros_like(self.moves)
        self.bucket: Ints | None = None


class PaymentDelays:
    """Price yen billed, and price yen that came in by source and days from the due date."""

    FIRST = -45
    LAST = 900
    SOURCES = ("cash", "credit", "agency", "garnishment", "plan", "recovery")

    def __init__(self, n_replications: int, n_months: int, n_members: int) -> None:
        self._shape = (n_replications, n_months, self.LAST - self.FIRST + 1)
        self._n_members = n_members
        self.yen = {source: np.zeros(self._shape, dtype=np.int64) for source in self.SOURCES}
        self.billed_yen = np.zeros(self._shape[:2], dtype=np.int64)
        self.bills = np.zeros(self._shape[:2], dtype=np.int64)

    def bill(self, rows: Ints, month: Ints | int, yen: Ints, count: int = 1) -> None:
        """Count bills of a month, one for all or by bill, and the price on them, shape (n,) each.

        With `count` 0 they are parts of bills that are counted elsewhere.
        """
        cell = rows // self._n_members * self._shape[1] + month
        np.add.at(self.billed_yen.reshape(-1), cell, yen)
        np.add.at(self.bills.reshape(-1), cell, count)

    def add(self, source: str, rows: Ints, month: Ints, delay: Ints, yen: Ints) -> None:
        """Count price yen of member rows, shape (n,) each."""
        _, n_months, n_delays = self._shape
        delay = np.clip(delay, self.FIRST, self.LAST) - self.FIRST
        cell = (rows // self._n_members * n_months + month) * n_delays + delay
        np.add.at(
            self.yen[source].reshape(-1), cell, yen
        )  # NOTE: one flat index is 10 times faster
