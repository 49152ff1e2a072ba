"""Texts in comma-separated values that a spreadsheet takes for data and never for a formula."""

import polars as pl

FORMULA = r"^(?:[\s\x00-\x1f]*[=+\-@\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}]|[\t\r\n])"
"""How a text begins that a spreadsheet may run; it also takes the signs of full width."""
NUMBER = r"\A[-+]?(?:\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)?\z"
"""A number or a lone sign, which begin alike and do nothing."""


def harmless(texts: pl.Expr) -> pl.Expr:
    """Mark texts by an apostrophe where a spreadsheet could take them for a formula.

    Examples
    --------
    >>> texts = ["=cmd|' /C calc'!A0", "-1.5", "-", "over 90 days"]
    >>> pl.select(harmless(pl.lit(pl.Series(texts)))).to_series().to_list()
    ["'=cmd|' /C calc'!A0", '-1.5', '-', 'over 90 days']
    """
    is_formula = texts.str.contains(FORMULA) & ~texts.str.contains(NUMBER)
    return pl.when(~is_formula).then(texts).otherwise("'" + texts)  # keeps the column's name
