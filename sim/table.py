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

    def __init__(self, capacity: int) -> None:
        self.size, self._capacity = 0, max(capacity, 16)
        for name, (dtype, _) in self.columns.items():
            setattr(self, name, np.zeros(self._capacity, dtype=dtype))

    def append(self, n: int, **values: NDArray[np.generic] | int) -> Ints:
        """Add n rows and give their numbers; columns not named stay empty."""
        first, self.size = self.size, self.size + n
        if self.size > self._capacity:
            self._grow(first)
        new = slice(first, self.size)
        for name, column in values.items():
            getattr(self, name)[new] = column
        for name, (_, empty) in self.columns.items():
            if empty and name not in values:  # zeros are there
                getattr(self, name)[new] = empty
        return np.arange(first, self.size)

    def _grow(self, n_used: int) -> None:
        """Make room for the rows in use by doubling."""
        while self._capacity < self.size:
            self._capacity *= 2
        for name, (dtype, _) in self.columns.items():
            old = getattr(self, name)
            setattr(self, name, np.zeros(self._capacity, dtype=dtype))
            getattr(self, name)[:n_used] = old[:n_used]


def add_at(column: NDArray[np.integer], rows: Ints, values: Ints | int) -> None:
    """Add values to rows of a column in place; rows may repeat."""
    np.add.at(column, rows, np.asarray(values, dtype=column.dtype))


def add_to_cells(cells: NDArray[np.integer], place: tuple[Ints, ...], values: Ints | int) -> None:
    """Add values to cells in place, by their place on each axis; cells may repeat."""
    # NOTE: numpy adds ten times faster by one flat index.
    add_at(cells.reshape(-1), np.ravel_multi_index(place, cells.shape), values)
