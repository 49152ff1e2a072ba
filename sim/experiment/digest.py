"""One number for one result: SHA-256 over the facts in canonical order.

The digest depends on the values alone: not on the order of rows, on how Parquet encodes them, on
the library that reads them or on the byte order of the machine. Two runs agree when their digests
do.
"""

import hashlib
from collections.abc import Iterator

import polars as pl

from sim.facts.replication import SCHEMA

FACT_SCHEMA = pl.Schema(SCHEMA)
"""Columns of the facts; the canonical order of rows sorts by them from left to right."""


def facts_digest(facts: pl.DataFrame) -> str:
    """Hash facts.

    Parameters
    ----------
    facts
        Facts of one or more replications, rows in any order.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    ValueError
        If a column is missing, has another type, or holds a null.

    Notes
    -----
    The hash runs over the replications in ascending order, each a block of columns in the order of
    `FACT_SCHEMA`. A block begins with its number of rows. An integer column is its values as
    little-endian 64-bit integers; a text column is the byte lengths of its values in that form,
    then their UTF-8 bytes without separators.
    """
    check_facts(facts)
    digest = hashlib.sha256()
    for part in _by_replication(facts.select(FACT_SCHEMA.names())):
        block = part.sort(FACT_SCHEMA.names())
        digest.update(block.height.to_bytes(8, "little"))
        for column in block.iter_columns():
            digest.update(_column_bytes(column))
    return digest.hexdigest()


def _by_replication(facts: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Give the facts of each replication, in ascending order, without a copy of all of them.

    Facts that were read replication after replication are cut; others are sorted first.
    """
    runs = facts["replication"].rle().struct
    numbers, lengths = runs.field("value"), runs.field("len").to_list()
    if not numbers.is_sorted() or numbers.n_unique() != len(numbers):
        yield from _by_replication(facts.sort("replication"))
        return
    first = 0
    for length in lengths:
        yield facts.slice(first, length)
        first += length


def check_facts(facts: pl.DataFrame) -> None:
    """Raise ValueError unless a frame has the columns of facts and no nulls."""
    if dict(facts.schema) != dict(FACT_SCHEMA):
        raise ValueError(f"facts have the columns {dict(FACT_SCHEMA)}, got {dict(facts.schema)}")
    if any(column.null_count() for column in facts.iter_columns()):
        raise ValueError("facts hold no nulls")


def _column_bytes(column: pl.Series) -> bytes:
    """Return the values of a column in the form that is hashed."""
    if column.dtype != pl.String:
        return column.to_numpy().astype("<i8").tobytes()
    lengths = column.str.len_bytes().to_numpy().astype("<i8").tobytes()
    text: str = column.str.join("").item()
    return lengths + text.encode()
