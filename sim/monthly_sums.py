"""Counts and yen by replication, month, kind and product: the sums of the ledger and the event log.

A night adds to them many times, a few rows each. So what is added waits until its month ends or
somebody looks, and is summed at once; sums of integers do not depend on when that is.
"""

from typing import NamedTuple

import numpy as np

from models.arrays import Ints
from models.products.catalogue import Product

MOST_WAITING = 1 << 18
"""Rows that wait at most: some megabytes."""


class Batch(NamedTuple):
    """What one call adds."""

    rows: Ints
    """Member rows."""
    place: Ints | int
    """Kind and product as one number, by row or one for all."""
    yen: Ints | None
    """By row; None: nothing."""


class MonthlySums:
    """Sums of one pass at one lender.

    Parameters
    ----------
    n_replications
        Replications in the pass.
    n_members
        Members of a replication; member row = replication * n_members + member.
    month_of
        Month index by day.
    n_kinds
        Kinds of what is summed.
    """

    def __init__(self, n_replications: int, n_members: int, month_of: Ints, n_kinds: int) -> None:
        shape = (n_replications, int(month_of.max()) + 1, n_kinds, len(Product))
        self._count = np.zeros(shape, dtype=np.int64)
        self._yen = np.zeros(shape, dtype=np.int64)
        self._total_yen = np.zeros((n_replications, n_kinds), dtype=np.int64)
        self._n_members = n_members
        self._month_of = month_of
        self._month = 0
        self._batches: list[Batch] = []
        self._n_waiting = 0

    def add(
        self, day: int, kind: Ints | int, rows: Ints, yen: Ints | None, product: Ints | int
    ) -> None:
        """Count one for each row, with its yen.

        Parameters
        ----------
        day
            Whose month it belongs to.
        kind
            By row, shape (n,), int64, or one for all.
        product
            By row, shape (n,), or one for all.
        rows
            Member rows, shape (n,), repetitions allowed.
        yen
            By row, shape (n,); None: nothing.
        """
        month = int(self._month_of[day])
        if month != self._month or self._n_waiting > MOST_WAITING:
            self._sum_up()
            self._month = month
        # NOTE: numpy takes microseconds to find out that a member of an IntEnum is a number.
        within = product.astype(np.int64) if isinstance(product, np.ndarray) else int(product)
        place = kind * self._count.shape[-1] + within
        # Copies: who adds may go on to change what it has added.
        self._batches.append(Batch(rows.copy(), place, None if yen is None else yen.copy()))
        self._n_waiting += rows.size

    @property
    def count(self) -> Ints:
        """Counts, shape (replications, months, kinds, products)."""
        self._sum_up()
        return self._count

    @property
    def yen(self) -> Ints:
        """Yen, shape (replications, months, kinds, products)."""
        self._sum_up()
        return self._yen

    @property
    def total_yen(self) -> Ints:
        """Yen of all months and products, shape (replications, kinds)."""
        self._sum_up()
        return self._total_yen

    def _sum_up(self) -> None:
        """Add what waits to its month."""
        if not self._batches:
            return
        n_replications, _, n_kinds, n_products = self._count.shape
        shape = (n_replications, n_kinds, n_products)
        size = n_replications * n_kinds * n_products
        cells = self._cells()
        count = np.bincount(cells, minlength=size)
        self._count[:, self._month] += count.reshape(shape)
        given = [batch.yen for batch in self._batches if batch.yen is not None]
        if given:
            if len(given) < len(self._batches):
                has_yen = [batch.yen is not None for batch in self._batches]
                cells = cells[np.repeat(has_yen, [batch.rows.size for batch in self._batches])]
            # Sums stay exact: a pass moves less than 2**53 yen of a kind in a month.
            yen = np.bincount(cells, weights=np.concatenate(given), minlength=size)
            sums = yen.astype(np.int64).reshape(shape)
            self._yen[:, self._month] += sums
            self._total_yen += sums.sum(axis=2)
        self._batches.clear()
        self._n_waiting = 0

    def _cells(self) -> Ints:
        """Give the flat index of replication, kind and product of each row that waits."""
        _, _, n_kinds, n_products = self._count.shape
        rows, places, _ = zip(*self._batches, strict=True)
        cells: Ints = np.floor_divide(np.concatenate(rows), self._n_members, dtype=np.int64)
        cells *= n_kinds * n_products
        sizes = [some.size for some in rows]
        cells += np.repeat([0 if isinstance(one, np.ndarray) else one for one in places], sizes)
        start = 0
        for place, n in zip(places, sizes, strict=True):
            if isinstance(place, np.ndarray):
                cells[start : start + n] += place
            start += n
        return cells
