"""Operations on frames that every metric uses: pick facts, spread them, divide, conform."""

import datetime as dt
from collections.abc import Mapping, Sequence

import polars as pl

from sim.config import Config
from sim.metrics.declaration import Table
from sim.metrics.statistics import wilson_interval

SECONDS_PER_MINUTE = 60
MONTHLY = ["replication", "month"]

Flow = tuple[Sequence[str], str]
"""Keys of facts that are summed, and whether their `count` or their `yen`."""


def pick(facts: pl.DataFrame, table: str) -> pl.DataFrame:
    """Give the facts of one table, without its name; facts sorted by table are cut, not copied."""
    names = facts["table"]
    if not names.flags["SORTED_ASC"]:
        return facts.filter(pl.col("table") == table).drop("table")
    first = names.search_sorted(table, side="left")
    last = names.search_sorted(table, side="right")
    return facts.slice(first, last - first).drop("table")


def month_grid(facts: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Give every replication and month, with the month's last day."""
    year, first = config.start.year, config.start.month - 1
    after = [first + month + 1 for month in range(config.months)]
    ends = [dt.date(year + n // 12, n % 12 + 1, 1) - dt.timedelta(days=1) for n in after]
    months = pl.DataFrame(
        {"month": range(config.months), "month_end": ends},
        schema={"month": pl.Int16, "month_end": pl.Date},
    )
    return facts.select(pl.col("replication").unique().sort()).join(
        months, how="cross", maintain_order="left_right"
    )


def spread(
    facts: pl.DataFrame, columns: Mapping[str, Flow], by: Sequence[str] = MONTHLY
) -> pl.DataFrame:
    """Sum facts of one table into named columns.

    Parameters
    ----------
    facts
        Facts of one table.
    columns
        By name of the new column: the keys whose counts or yen it sums.
    by
        Columns that identify a row of the outcome.

    Returns
    -------
    pl.DataFrame
        One row for each combination of `by` in the facts.
    """
    sums = [
        pl.col(value).filter(pl.col("key").is_in(list(keys))).sum().alias(name)
        for name, (keys, value) in columns.items()
    ]
    return facts.group_by(by).agg(sums)


def onto(grid: pl.DataFrame, frame: pl.DataFrame, by: Sequence[str] = MONTHLY) -> pl.DataFrame:
    """Add columns to a grid, 0 where the frame has no row; the order of the grid stays."""
    added = [name for name in frame.columns if name not in by]
    joined = grid.join(frame, on=list(by), how="left", maintain_order="left")
    return joined.with_columns(pl.col(added).fill_null(0))


def by_kind(
    facts: pl.DataFrame, grid: pl.DataFrame, kinds: Mapping[str, str], column: str
) -> pl.DataFrame:
    """Sum facts of one table over kinds: one row for each row of the grid and kind.

    Parameters
    ----------
    facts
        Facts of one table, their keys in `key`.
    grid
        Replications and months.
    kinds
        Kind by key of the facts; keys not named are left out.
    column
        Name of the column of kinds.
    """
    names = pl.Series(column, list(dict.fromkeys(kinds.values())), dtype=pl.String)
    sums = (
        facts.filter(pl.col("key").is_in(list(kinds)))
        .with_columns(pl.col("key").replace_strict(kinds, return_dtype=pl.String).alias(column))
        .group_by([*MONTHLY, column])
        .agg(pl.col("count", "yen").sum())
    )
    full = grid.join(names.to_frame(), how="cross", maintain_order="left_right")
    return onto(full, sums, [*MONTHLY, column])


def ratio(numerator: str | pl.Expr, denominator: str | pl.Expr) -> pl.Expr:
    """Divide two columns; null where the denominator is 0 or unknown."""
    above = pl.col(numerator) if isinstance(numerator, str) else numerator
    below = pl.col(denominator) if isinstance(denominator, str) else denominator
    # Polars divides by a single number through its reciprocal, which may be one bit off; the zeros
    # make the denominator a full column, so that a ratio is the same whatever stands around it.
    return pl.when(below != 0).then(above / (below + 0 * above))


def with_wilson(
    frame: pl.DataFrame, successes: str, trials: str, confidence: float
) -> pl.DataFrame:
    """Add the Wilson interval of a share as `lower` and `upper`; null without trials."""
    counts = frame.select(successes, trials).iter_rows()
    intervals = [wilson_interval(hits, total, confidence) for hits, total in counts]
    return frame.with_columns(
        pl.Series("lower", [i and i.lower for i in intervals], dtype=pl.Float64),
        pl.Series("upper", [i and i.upper for i in intervals], dtype=pl.Float64),
    )


def sort_by_rank(
    frame: pl.DataFrame, first: Sequence[str], ranked: Mapping[str, Sequence[str]]
) -> pl.DataFrame:
    """Sort by columns, then by others whose values have a given order; nulls come first."""
    order = [
        pl.col(column).replace_strict(list(names), list(range(len(names))), return_dtype=pl.Int32)
        for column, names in ranked.items()
    ]
    return frame.sort([*(pl.col(name) for name in first), *order], nulls_last=False)


def conform(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Give a frame the declared columns and types; the order of rows stays."""
    return frame.select(pl.col(name).cast(dtype) for name, dtype in table.schema.items())
