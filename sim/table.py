"""Tables of named numpy columns: struct of arrays that grows."""

from collections.abc import Mapping
from typing import ClassVar, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from models.arrays import Ints

Item = TypeVar("Item", bound=np.generic)


class Column(NamedTuple):
    """What a table knows of a column."""

    dtype: type[np.generic]
    empty: int  # its value in an empty row


def column(dtype: type[Item], empty: int = 0) -> NDArray[Item]:
    """Declare a column in the body of a `Table`; in its objects it is an array of this type."""
    return cast("NDArray[Item]", Column(dtype, empty))


class Table:
    """Rows of named numpy columns that grow by doubling; each is declared with `column`.

    NOTE: numpy looks rows up by whole numbers of 64 bits; of any others it makes a copy, each time.
    So columns that name rows, and are asked often, are of 64 bits.
    """

    columns: ClassVar[Mapping[str, Column]] = {}
    """By name, in the order in which they are declared."""

    def __init_subclass__(cls) -> None:
        """Gather the columns that a table declares; what its objects have are arrays."""
        own = {name: one for name, one in vars(cls).items() if isinstance(one, Column)}
        for name in own:
            delattr(cls, name)
        cls.columns = {**cls.columns, **own}

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
        for name, given in values.items():
            getattr(self, name)[new] = given
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
