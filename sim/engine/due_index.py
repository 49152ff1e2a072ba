"""The unpaid dues of each member, found without a walk over those that are paid.

Most of a member's dues are paid or fall due far ahead. So the dues that were unpaid a while ago are
kept sorted by member; what was written since is the end of the table, and is searched as it lies.
"""

import numpy as np

from models.arrays import Bools, Ints
from sim.portfolio import Dues, DueStatus

SHORTEST_END = 4096
"""Dues written since the last sort that are searched in any case: that takes microseconds."""
END_SHARE = 32
"""A longer end is sorted in once it is one part in so many of what is sorted."""
IS_UNPAID = ~np.isin(np.arange(len(DueStatus)), (DueStatus.PAID, DueStatus.GONE))
"""Whether a due is still owed to the lender, by `DueStatus`."""


class DueIndex:
    """Rows of dues by member; which of them are unpaid is asked of the table itself.

    Parameters
    ----------
    n_members
        Member rows.

    Notes
    -----
    A due that is paid or gone never becomes unpaid again; that is why it can be left out.
    """

    def __init__(self, n_members: int) -> None:
        self._n_sorted = 0  # dues before this one are sorted, or were paid when that was done
        self._dues = np.zeros(0, dtype=np.int64)
        self._first = np.zeros(n_members + 1, dtype=np.int64)  # in `_dues`, by member row

    def unpaid(self, table: Dues, rows: Ints) -> Ints:
        """Give the unpaid dues of unique member rows, in no order, shape (n,)."""
        if table.size - self._n_sorted > max(SHORTEST_END, self._dues.size // END_SHARE):
            self._sort(table)
        first = self._first[rows]
        counts = self._first[rows + 1] - first
        ends = np.cumsum(counts)
        place = np.repeat(first - ends + counts, counts) + np.arange(counts.sum())
        is_asked = np.zeros(self._first.size - 1, dtype=bool)
        is_asked[rows] = True
        new = np.flatnonzero(is_asked[table.member[self._n_sorted : table.size]]) + self._n_sorted
        dues = np.concatenate((self._dues[place], new))
        return dues[_is_unpaid(table, dues)]

    def _sort(self, table: Dues) -> None:
        """Sort in what was written since the last time, and leave out what was paid."""
        old = self._dues[_is_unpaid(table, self._dues)]
        new = np.arange(self._n_sorted, table.size)
        new = new[_is_unpaid(table, new)]
        owner = table.member[new]
        order = np.argsort(owner, kind="stable")
        new, owner = new[order], owner[order]
        place = np.searchsorted(table.member[old], owner, side="right")
        self._dues = np.insert(old, place, new)
        counts = np.bincount(table.member[self._dues], minlength=self._first.size - 1)
        np.cumsum(counts, out=self._first[1:])
        self._n_sorted = table.size


def _is_unpaid(table: Dues, dues: Ints) -> Bools:
    """Tell which dues are unpaid and still owed to the lender."""
    return np.asarray(IS_UNPAID[table.status[dues]])
