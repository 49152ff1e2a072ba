"""Cells of tallies as facts: arrays by replication, month and two names become rows of a table."""

from collections.abc import Sequence
from functools import reduce

import numpy as np
import polars as pl

from models.arrays import Ints
from sim.facts.recorded_lines import named


def facts_of_cells(
    table: str,
    count: Ints | None,
    yen: Ints | None,
    keys: Sequence[str],
    subkeys: Sequence[str] = ("",),
    month: Ints | int = 0,
    *,
    keeps_empty: bool = False,
) -> pl.DataFrame:
    """Give the cells that are not empty as facts.

    Parameters
    ----------
    table
        Name.
    count, yen
        By replication, month, key and subkey, shape (r, m, k, s); None: 0.
    keys, subkeys
        Names of the last two axes.
    month
        Added to the place on the second axis.
    keeps_empty
        Whether empty cells are told, too.

    Returns
    -------
    pl.DataFrame
        Columns place (of the replication in the pass), table, month, key, subkey, count, yen.
    """
    is_told = reduce(np.logical_or, (array != 0 for array in (count, yen) if array is not None))
    # NOTE: numpy finds few among many by one flat index ten times faster.
    told = slice(None) if keeps_empty else is_told.reshape(-1).nonzero()[0]
    cells = np.unravel_index(np.arange(is_told.size)[told], is_told.shape)
    place, at, key, subkey = cells
    none = np.zeros(place.size, dtype=np.int64)
    return pl.DataFrame(
        {
            "place": place,
            "month": (at + month).astype(np.int16),
            "key": named(keys, key),
            "subkey": named(subkeys, subkey),
            "count": none if count is None else count[cells],
            "yen": none if yen is None else yen[cells],
        }
    ).with_columns(table=pl.lit(table))
