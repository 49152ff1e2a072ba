"""Counts and yen by replication, month, kind and product: the sums of the ledger and the event log.

A night adds to them many times, a few rows each. So what is added waits until its month ends or
somebody looks, and is summed at once; sums of integers do not depend on when that is.
"""

import numpy as np

from models.arrays import Ints
from models.products.catalogue import Product

MOST_WAITING = 1 << 18
"""Rows that wait at most: some megabytes."""


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
        self._cells: list[Ints] = []
        self._cells_of_yen: list[Ints] = []
        self._waiting_yen: list[Ints] = []
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
        _, _, n_kinds, n_products = self._count.shape
        cells = np.floor_divide(rows, self._n_members, dtype=np.int64)
        cells *= n_kinds * n_products
        cells += kind * n_products
        # NOTE: numpy takes microseconds to find out that a member of an IntEnum is a number.
        cells += product if isinstance(product, np.ndarray) else int(product)
        self._cells.append(cells)
        self._n_waiting += cells.size
        if yen is not None:
            self._cells_of_yen.append(cells)
            self._waiting_yen.append(np.array(yen, dtype=np.int64))

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
        if not self._cells:
            return
        n_replications, _, n_kinds, n_products = self._count.shape
        shape = (n_replications, n_kinds, n_products)
        size = n_replications * n_kinds * n_products
        count = np.bincount(np.concatenate(self._cells), minlength=size)
        self._count[:, self._month] += count.reshape(shape)
        if self._waiting_yen:
            cells, yen = np.concatenate(self._cells_of_yen), np.concatenate(self._waiting_yen)
            # Sums stay exact: a pass moves less than 2**53 yen of a kind in a month.
            sums = np.bincount(cells, weights=yen, minlength=size).astype(np.int64).reshape(shape)
            self._yen[:, self._month] += sums
            self._total_yen += sums.sum(axis=2)
        self._cells.clear()
        self._cells_of_yen.clear()
        self._waiting_yen.clear()
        self._n_waiting = 0
