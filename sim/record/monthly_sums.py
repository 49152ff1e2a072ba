"""Counts and yen by replication, month, kind and product: the sums of the ledger and the event log.

A night adds to them many times, a few rows each. So what is added waits until its month ends or
somebody looks, and is summed at once; sums of integers do not depend on when that is. Many rows of
one kind at a time are mostly sorted by member: of them only runs wait that belong to one cell. The
totals of the ledger are small and looked at each night: they have their own sums.
"""

import math

import numpy as np

from models.arrays import Ints
from models.kernels.groups import first_of_runs
from models.products.catalogue import Product

MOST_WAITING = 1 << 18
"""Rows and runs that wait at most: some megabytes."""
MANY = 256
"""Of so many rows it pays to look for runs."""
N_PRODUCTS = len(Product)


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
        shape = (n_replications, int(month_of.max()) + 1, n_kinds, N_PRODUCTS)
        self._count = np.zeros(shape, dtype=np.int64)
        self._yen = np.zeros(shape, dtype=np.int64)
        self._total_yen = np.zeros((n_replications, n_kinds), dtype=np.int64)
        self._waiting_total = np.zeros_like(self._total_yen)
        self._n_members = n_members
        self._n_places = n_kinds * N_PRODUCTS
        self._month_of: list[int] = month_of.tolist()
        self._month = 0
        self._n_waiting = 0
        self._n_in_total = 0  # of those that wait
        self._open(MOST_WAITING)

    def _open(self, n: int) -> None:
        """Make room for rows that wait."""
        self._rows = np.empty(n, dtype=np.int32)
        self._place = np.empty(n, dtype=np.int32)  # kind and product as one number
        self._lengths = np.ones(n, dtype=np.int32)  # of runs; single rows leave theirs as it is
        self._waiting_yen = np.empty(n, dtype=np.int64)

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
        product = one_for_all(product)
        within = product.astype(np.int32) if isinstance(product, np.ndarray) else product
        place = kind * N_PRODUCTS + within
        if rows.size < MANY or isinstance(kind, np.ndarray):
            self._wait(day, rows, place, yen)
            return
        first = self._first_of_runs(rows, place)
        lengths = np.empty_like(first)
        lengths[-1] = rows.size - first[-1]
        np.subtract(first[1:], first[:-1], out=lengths[:-1])
        if yen is not None:
            yen = np.add.reduceat(yen.astype(np.int64, copy=False), first)
        place = place[first] if isinstance(place, np.ndarray) else place
        self._wait(day, rows[first], place, yen, lengths)

    def _first_of_runs(self, rows: Ints, place: Ints | int) -> Ints:
        """Give the position of the first row of each run of rows that belong to one cell."""
        cells = rows // self._n_members
        if isinstance(place, np.ndarray):
            cells *= self._n_places
            cells += place
        return first_of_runs(cells).nonzero()[0]

    def _wait(
        self, day: int, rows: Ints, place: Ints | int, yen: Ints | None, lengths: Ints | None = None
    ) -> None:
        """Let single rows wait, or runs, each with one of its rows and its length."""
        month, first = self._month_of[day], self._n_waiting
        if month != self._month or first + rows.size > self._rows.size:
            self.reduce()
            self._month, first = month, 0
            if rows.size > self._rows.size:
                self._open(rows.size)
        new = slice(first, first + rows.size)
        self._n_waiting = new.stop
        self._rows[new] = rows
        self._place[new] = place
        self._waiting_yen[new] = 0 if yen is None else yen
        if lengths is not None:
            self._lengths[new] = lengths

    @property
    def count(self) -> Ints:
        """Counts, shape (replications, months, kinds, products)."""
        self.reduce()
        return self._count

    @property
    def yen(self) -> Ints:
        """Yen, shape (replications, months, kinds, products)."""
        self.reduce()
        return self._yen

    @property
    def total_yen(self) -> Ints:
        """Yen of all months and products, shape (replications, kinds)."""
        new = slice(self._n_in_total, self._n_waiting)
        if new.start < new.stop:
            n_replications, n_kinds = self._total_yen.shape
            cells = self._rows[new] // self._n_members * n_kinds + self._place[new] // N_PRODUCTS
            sums = _sums(cells, self._waiting_yen[new], (n_replications, n_kinds))
            self._waiting_total += sums
            self._n_in_total = new.stop
        return self._total_yen + self._waiting_total

    def reduce(self) -> None:
        """Add what waits to its month and to the totals."""
        if not self._n_waiting:
            return
        waiting = slice(0, self._n_waiting)
        n_replications, _, n_kinds, n_products = self._count.shape
        shape = (n_replications, n_kinds, n_products)
        cells = self._rows[waiting] // self._n_members * self._n_places + self._place[waiting]
        yen = _sums(cells, self._waiting_yen[waiting], shape)
        self._count[:, self._month] += _sums(cells, self._lengths[waiting], shape)
        self._yen[:, self._month] += yen
        self._total_yen += yen.sum(axis=2)
        self._waiting_total[:] = 0
        self._lengths[waiting] = 1
        self._n_waiting = self._n_in_total = 0


def one_for_all(product: Ints | int) -> Ints | int:
    """Give the product of many rows, shape (n,), as one number where it is the same for all."""
    if not isinstance(product, np.ndarray):
        # NOTE: numpy takes microseconds to find out that a member of an IntEnum is a number.
        return int(product)
    is_one = product.size >= MANY and bool((product == product[0]).all())
    return int(product[0]) if is_one else product


def _sums(cells: Ints, values: Ints, shape: tuple[int, ...]) -> Ints:
    """Sum yen or lengths by cell of a table.

    The sums are exact: a pass moves less than 2**53 yen of a kind in a month.
    """
    sums = np.bincount(cells, weights=values, minlength=math.prod(shape))
    return sums.astype(np.int64).reshape(shape)
