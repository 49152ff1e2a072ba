"""The unpaid dues of each member, found without a walk over those that are paid.

Most of a member's dues are paid or fall due far ahead. So the dues that were unpaid a while ago are
kept sorted by member; what was written since is the end of the table, and is searched as it lies.
"""

import numpy as np

from models.arrays import Bools, Ints
from models.codes import one_of
from sim.engine.state.portfolio import Dues, DueStatus

SHORTEST_END = 4096
"""Dues written since the last sort that are searched in any case: that takes microseconds."""
SEARCHES_PER_SORT = 8
"""A longer end is sorted in once so many dues were searched in it for each that there is to sort:
searching a due takes a twentieth of the time of sorting it."""
IS_OPEN = one_of(DueStatus.OPEN)
"""Whether a due is billed and not late yet, by `DueStatus`."""
IS_OVERDUE = one_of(DueStatus.OVERDUE)
"""Whether a due is overdue and its claim not given up, by `DueStatus`."""
IS_LATE = one_of(DueStatus.OVERDUE, DueStatus.WRITTEN_OFF)
"""Whether a due belongs to arrears, by `DueStatus`."""
IS_PAYABLE = IS_LATE | IS_OPEN
"""Whether a due takes money: not what is on no statement yet, or stopped (AU-36.1, AU-34.6)."""
IS_UNBILLED = one_of(DueStatus.SCHEDULED, DueStatus.STOPPED)
"""Whether a due is on no statement yet, or stopped, and can be taken off, by `DueStatus`."""
IS_UNPAID = ~one_of(DueStatus.PAID, DueStatus.GONE)
"""Whether a due is still owed to the lender, by `DueStatus`."""
ROW_BITS = 32
ROW = (1 << ROW_BITS) - 1
"""Bits of the due in the keys by which dues are sorted; the member row is above them."""


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
        self._n_searched = 0  # dues of the end, once for each search since then
        self._keys = np.zeros(0, dtype=np.int64)  # member row and due in one number, ascending
        self._first = np.zeros(n_members + 1, dtype=np.int64)  # in `_keys`, by member row
        self._is_asked = np.zeros(n_members, dtype=bool)  # all False between two questions

    def unpaid(self, table: Dues, rows: Ints, is_wanted: Bools = IS_UNPAID) -> Ints:
        """Give the dues of unique member rows, in no order, shape (n,).

        `is_wanted` tells by `DueStatus` which of those unpaid.
        """
        end = table.size - self._n_sorted
        self._n_searched += end
        to_sort = self._keys.size + end
        if end > SHORTEST_END and self._n_searched > SEARCHES_PER_SORT * to_sort:
            self.sort(table)
        first = self._first[rows]
        counts = self._first[rows + 1] - first
        ends = counts.cumsum()
        n_sorted = int(ends[-1]) if ends.size else 0
        place = (first - ends + counts).repeat(counts)
        place += np.arange(n_sorted)
        dues = self._keys[place] & ROW
        if end:
            dues = np.concatenate((dues, self._search_end(table, rows)))
        return np.asarray(dues[is_wanted[table.status[dues]].nonzero()[0]])

    def _search_end(self, table: Dues, rows: Ints) -> Ints:
        """Give the dues of member rows that were written since the last sort."""
        self._is_asked[rows] = True
        new = self._is_asked.take(table.member[self._n_sorted : table.size]).nonzero()[0]
        self._is_asked[rows] = False
        return np.asarray(new + self._n_sorted)

    def sort(self, table: Dues) -> None:
        """Sort in what was written since the last time, and leave out what was paid.

        That need not be asked for, and pays when many dues were written that will be searched.
        """
        end = slice(self._n_sorted, table.size)
        new = (table.member[end].astype(np.int64) << ROW_BITS) + np.arange(end.start, end.stop)
        keys = np.concatenate((self._keys, new))
        keys = keys[IS_UNPAID[table.status[keys & ROW]].nonzero()[0]]  # NOTE: faster than a mask
        # NOTE: a stable sort finds the parts that are sorted, the end among them, and merges them.
        self._keys = np.sort(keys, kind="stable")
        counts = np.bincount(self._keys >> ROW_BITS, minlength=self._first.size - 1)
        np.cumsum(counts, out=self._first[1:])
        self._n_sorted, self._n_searched = table.size, 0
