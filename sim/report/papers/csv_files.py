"""Tables as CSV: the numbers of the Parquet file to the last bit, texts that run nowhere."""

from collections.abc import Iterable

import polars as pl

from sim.metrics.declaration import Column, Table
from sim.report.papers.harmless import for_csv

DICTIONARY = "columns"
"""Name of the table that says what the columns of all others mean."""


def csv_text(frame: pl.DataFrame) -> str:
    """Write a frame as CSV (RFC 4180 with line feeds, UTF-8, names in the first row).

    Parameters
    ----------
    frame
        Any table of scalars.

    Returns
    -------
    str
        Integers whole, floats with as many digits as give the same float back, dates as
        2026-01-31, null as nothing. A text that a spreadsheet would run begins with an apostrophe.

    Examples
    --------
    >>> print(csv_text(pl.DataFrame({"run": ["=1+1", "b"], "share": [0.1, None]})), end="")
    run,share
    '=1+1,0.1
    b,
    """
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    safe = frame.with_columns(
        pl.col(name).map_elements(for_csv, return_dtype=pl.String) for name in texts
    )
    names = {name: for_csv(name) for name in frame.columns}
    # An empty text and null would look alike: the text is written with its quotes.
    return safe.rename(names).write_csv(line_terminator="\n", null_value="")


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
