"""Frames as comma-separated values that a spreadsheet takes for data and never for a formula."""

import csv
import datetime as dt
import io

import polars as pl

from sim.report.numbers import parameter_text

FORMULA = ("=", "+", "-", "@", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}",
           "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip
"""First letters of a formula; spreadsheets also take those of full width."""
CONTROL = ("\t", "\r", "\n")
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Byte order mark: tells Excel that text which is not ASCII is UTF-8."""


def csv_text(frame: pl.DataFrame) -> str:
    r"""Write a frame as comma-separated values (RFC 4180).

    Parameters
    ----------
    frame
        Any columns; what is neither number, truth value nor date is written as text.

    Returns
    -------
    str
        Lines that end in CR LF. Numbers are written with all their digits and stay numbers;
        what is missing is empty; a text that a spreadsheet could run is marked by an apostrophe.

    Examples
    --------
    >>> csv_text(pl.DataFrame({"name": ["=1+1"], "yen": [-5]}))
    "name,yen\r\n'=1+1,-5\r\n"
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([harmless(name) for name in frame.columns])
    for row in frame.iter_rows():
        writer.writerow([_cell(value) for value in row])
    text = buffer.getvalue()
    return text if text.isascii() else MARK + text


def harmless(text: str) -> str:
    """Mark a text that a spreadsheet could take for a formula."""
    is_formula = text.startswith(CONTROL) or text.lstrip().startswith(FORMULA)
    return f"'{text}" if is_formula else text


def _cell(value: object) -> object:
    """Give what the writer of the standard library shall write for a value."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case dt.date():
            return value.isoformat()
        case str():
            return harmless(value)
    return harmless(parameter_text(value))
