"""Frames as comma-separated values that a spreadsheet takes for data and never for a formula."""

import re

import polars as pl

from sim.report.numbers import parameter_text

FORMULA = re.compile(r"[\s\x00-\x1f]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
"""How a text begins that a spreadsheet may run; it also takes the signs of full width."""
HARMLESS = re.compile(r"[-+]?(\d+(\.\d+)?([eE][-+]?\d+)?)?")
"""A number or a lone sign, which begin alike and do nothing."""
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
        if column.dtype == pl.String or column.dtype.is_nested() or column.dtype.is_object()
    )
    shown.columns = [harmless(name) for name in frame.columns]
    text = shown.write_csv(line_terminator="\r\n", null_value="")
    return text if text.isascii() else MARK + text


def harmless(text: str) -> str:
    """Mark a text that a spreadsheet could take for a formula.

    Examples
    --------
    >>> harmless("=cmd|' /C calc'!A0"), harmless("-1.5"), harmless("-"), harmless("over 90 days")
    ("'=cmd|' /C calc'!A0", '-1.5', '-', 'over 90 days')
    """
    is_formula = FORMULA.match(text) and not HARMLESS.fullmatch(text)
    return f"'{text}" if is_formula else text


def _text(value: object) -> str | None:
    """Write a value that is no number; nothing for what is missing."""
    if value is None:
        return None
    values = value.to_list() if isinstance(value, pl.Series) else value
    return harmless(values if isinstance(values, str) else parameter_text(values))
