"""Frames as comma-separated values that a spreadsheet takes for data and never for a formula."""

import polars as pl

from sim.report.numbers import parameter_text
from sim.spreadsheets import harmless

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Byte order mark: tells spreadsheets that text which is not ASCII is UTF-8."""


def csv_text(frame: pl.DataFrame) -> str:
    r"""Write a frame as comma-separated values (RFC 4180, names in the first row).

    Parameters
    ----------
    frame
        Any columns; lists and the like are written as a configuration would write them.

    Returns
    -------
    str
        Lines that end in CR LF. Integers are whole, floats have as many digits as give the same
        float back, dates read 2026-01-31; what is missing is empty, an empty text is ``""``. A
        text that a spreadsheet could run is marked by an apostrophe.

    Examples
    --------
    >>> csv_text(pl.DataFrame({"name": ["=1+1", None], "yen": [-5, 7]}))
    "name,yen\r\n'=1+1,-5\r\n,7\r\n"
    """
    shown = frame.with_columns(
        pl.Series(column.name, [_text(value) for value in column], pl.String)
        for column in frame
        if column.dtype.is_nested() or column.dtype.is_object()
    ).with_columns(harmless(pl.col(pl.String)))
    shown.columns = pl.select(harmless(pl.lit(pl.Series(frame.columns)))).to_series().to_list()
    text = shown.write_csv(line_terminator="\r\n", null_value="")
    return text if text.isascii() else MARK + text


def _text(value: object) -> str | None:
    """Write a list or the like; nothing for what is missing."""
    if value is None:
        return None
    return parameter_text(value.to_list() if isinstance(value, pl.Series) else value)
