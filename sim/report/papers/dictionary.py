"""What the columns of the tables mean, as a table."""

from collections.abc import Iterable

import polars as pl

from sim.metrics.declaration import Column, Table

DICTIONARY = "columns"
"""Name of the table that says what the columns of all others mean."""


def dictionary(tables: Iterable[Table]) -> pl.DataFrame:
    """Describe the columns of tables: type, unit, sign, meaning and the formula of a ratio."""
    rows = [(table, column) for table in tables for column in table.columns]
    texts = {
        "table": [table.name for table, _ in rows],
        "column": [column.name for _, column in rows],
        "type": [column.dtype.__name__ for _, column in rows],
    }
    own: list[str] = ["unit", "sign", "meaning", "numerator", "denominator"]
    return pl.DataFrame(texts | {name: [_text(column, name) for _, column in rows] for name in own})


def _text(column: Column, name: str) -> str:
    """Give a field of a declaration without the marks of code."""
    return str(getattr(column, name)).replace("`", "")
