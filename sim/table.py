"""Tables of named numpy columns: struct of arrays that grows."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from models.arrays import Ints

Columns = Mapping[str, tuple[DTypeLike, int]]
"""Name of a column to its dtype and its value in an empty row."""


class Table:
    """Rows of named numpy columns that grow by doubling.

    NOTE: numpy looks rows up by whole numbers of 64 bits; of any others it makes a copy, each time.
    So columns that name rows, and are asked often, are of 64 bits.
    """

    columns: ClassVar[Columns] = {}
    ROWS_AHEAD: ClassVar[int] = 1 << 14  # made ready before they are needed

    def __init__(self, capacity: int) -> None:
        self.size, self._n_ready, self._capacity = 0, 0, max(capacity, 16)
        for name, (dtype, _) in self.columns.items():
            setattr(self, name, np.zeros(0, dtype=dtype))
        self._make_ready()

    def append(self, n: int, **values: NDArray[np.generic] | int) -> Ints:
        """Add n rows and give their numbers; columns not named stay empty."""
        first, self.size = self.size, self.size + n
        if self.size > self._n_ready:
            self._make_ready()
        for name, column in values.items():
            getattr(self, name)[first : self.size] = column
        return np.arange(first, self.size)

    def _make_ready(self) -> None:
        """Empty the rows in use and the next ones; what is never used costs no time or memory."""
        while self._capacity < self.size:
            self._capacity *= 2
        first, self._n_ready = self._n_ready, min(self.size + self.ROWS_AHEAD, self._capacity)
        for name, (dtype, empty) in self.columns.items():
            old = getattr(self, name)
            if old.size < self._capacity:
                setattr(self, name, np.zeros(self._capacity, dtype=dtype))
                getattr(self, name)[: old.size] = old
            if empty:  # zeros are there
                getattr(self, name)[first : self._n_ready] = empty


def add_at(column: NDArray[np.integer], rows: Ints, values: Ints | int) -> None:
    """Add values to rows of a column in place; rows may repeat."""
    np.add.at(column, rows, np.asarray(values, dtype=column.dtype))


def add_to_cells(cells: NDArray[np.integer], place: tuple[Ints, ...], values: Ints | int) -> None:
    """Add values to cells in place, by their place on each axis; cells may repeat."""
    # NOTE: numpy adds ten times faster by one flat index.
    add_at(cells.reshape(-1), np.ravel_multi_index(place, cells.shape), values)
