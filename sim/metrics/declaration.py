"""How a metric table is declared: its rows, its columns, and what each of them means."""

import math
import operator
from dataclasses import dataclass
from typing import Literal

import polars as pl

Dtype = type[pl.DataType]
Sign = Literal["at least 0", "0 to 1", "any", "-"]
BOUNDS: dict[Sign, tuple[float, float]] = {"at least 0": (0.0, math.inf), "0 to 1": (0.0, 1.0)}
"""What values of a sign cannot pass; those of the other signs have no bounds."""


@dataclass(frozen=True)
class Column:
    """One column of a metric table.

    Parameters
    ----------
    name
        Name in the frame.
    dtype
        Polars type; what is counted or summed is an integer.
    unit
        Unit of the values.
    sign
        Which signs occur, or that the value is part of a whole; "-" where it is no quantity.
    meaning
        One sentence.
    numerator, denominator
        Of a ratio, in names of columns or in words; empty otherwise.
    """

    name: str
    dtype: Dtype
    unit: str
    sign: Sign
    meaning: str
    numerator: str = ""
    denominator: str = ""

    @property
    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value that can occur, infinite where there is no bound."""
        return BOUNDS.get(self.sign, (-math.inf, math.inf))


@dataclass(frozen=True)
class Table:
    """One metric table.

    Parameters
    ----------
    name
        Name in `sim.metrics.tables` and of its Parquet file.
    meaning
        What it shows.
    rows
        What one row is, cohort and as-of date included.
    keys
        Columns that identify a row; the rows are sorted by them.
    columns
        Columns in order.
    notes
        Rules of computation that a reader must know.
    source
        Ledger accounts, states and tallies that it is computed from.
    estimator
        How numbers of several replications become one, and the interval around it; "none" where
        each row is one replication.
    """

    name: str
    meaning: str
    rows: str
    keys: tuple[str, ...]
    columns: tuple[Column, ...]
    notes: str = ""
    source: str = ""
    estimator: str = ""

    @property
    def schema(self) -> dict[str, Dtype]:
        """Polars types by column name, in order."""
        return {column.name: column.dtype for column in self.columns}


def count(name: str, meaning: str, unit: str = "events") -> Column:
    """Declare a count."""
    return Column(name, pl.Int64, unit, "at least 0", meaning)


def yen(name: str, meaning: str, sign: Sign = "at least 0") -> Column:
    """Declare an amount of whole yen."""
    return Column(name, pl.Int64, "yen", sign, meaning)


def text(name: str, meaning: str) -> Column:
    """Declare a column of names."""
    return Column(name, pl.String, "-", "-", meaning)


def share(
    name: str,
    numerator: str,
    denominator: str,
    meaning: str,
    sign: Sign = "at least 0",
    unit: str = "share",
) -> Column:
    """Declare a ratio of two sums; null where its denominator is 0."""
    return Column(name, pl.Float64, unit, sign, meaning, numerator, denominator)


def number(name: str, unit: str, meaning: str, sign: Sign = "at least 0") -> Column:
    """Declare a floating-point statistic."""
    return Column(name, pl.Float64, unit, sign, meaning)


def day(name: str, meaning: str, sign: Sign = "at least 0") -> Column:
    """Declare a number of days."""
    return Column(name, pl.Int32, "days", sign, meaning)


def flag(name: str, meaning: str) -> Column:
    """Declare a truth value."""
    return Column(name, pl.Boolean, "-", "-", meaning)


def markdown(introduction: str, tables: tuple[Table, ...]) -> str:
    """Write the page that documents the tables."""
    parts = [introduction.strip(), "", "## Tables", ""]
    parts += [f"- [{table.name}](#{table.name}): {_clause(table.meaning)}" for table in tables]
    return "\n".join([*parts, ""]) + "\n" + "\n".join(_section(table) for table in tables)


def _clause(sentence: str) -> str:
    """Give a sentence as it stands in a list: without its full stop."""
    return sentence.rstrip(".")


def _section(table: Table) -> str:
    """Write the section of one table."""
    names = operator.attrgetter("name", "dtype", "unit", "sign", "meaning")
    lines = [
        f"## {table.name}",
        "",
        table.meaning,
        "",
        f"One row: {table.rows}",
        "",
        f"Sorted by {', '.join(f'`{key}`' for key in table.keys)}; names in the order listed.",
        "",
        *([table.notes, ""] if table.notes else []),
        *([f"Computed from: {table.source}.", ""] if table.source else []),
        *([f"Over replications: {table.estimator}.", ""] if table.estimator else []),
        "| column | type | unit | sign | meaning | numerator / denominator |",
        "|---|---|---|---|---|---|",
    ]
    for column in table.columns:
        name, dtype, unit, sign, meaning = names(column)
        ratio = f"{column.numerator} / {column.denominator}" if column.denominator else ""
        lines.append(f"| `{name}` | {dtype.__name__} | {unit} | {sign} | {meaning} | {ratio} |")
    return "\n".join([*lines, ""])


REPLICATION = Column("replication", pl.Int32, "-", "-", "Number of the replication.")
MONTH = Column("month", pl.Int16, "-", "at least 0", "Calendar month of the run, from 0.")
MONTH_END = Column("month_end", pl.Date, "date", "-", "Last day of the month.")
BY_MONTH = (REPLICATION, MONTH, MONTH_END)
MONTHLY = ("replication", "month")
ROW = "a replication and a calendar month; flows of the month, stocks at the end of its last day."
