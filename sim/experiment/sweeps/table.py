"""The tidy table of a sweep: one row for each point, replication and metric."""

from collections.abc import Sequence

import polars as pl

from sim.experiment.sweeps.points import Outcome

REPLICATION = "replication"


def tidy_table(outcomes: Sequence[Outcome], settings: pl.DataFrame) -> pl.DataFrame:
    """Lay the headline numbers of points one below the other.

    Parameters
    ----------
    outcomes
        What became of the points; those that failed have no rows.
    settings
        One row for each of these points, in their order: ``point``, then a column for each
        parameter.

    Returns
    -------
    polars.DataFrame
        The columns of `settings`, then ``replication``, ``metric``, ``value``; sorted by point,
        replication and the metrics' order of declaration.
    """
    order = sorted(range(len(outcomes)), key=lambda row: outcomes[row].point.number)
    parts = [
        settings.slice(row, 1).join(_long(outcomes[row].headline), how="cross")
        for row in order
        if outcomes[row].digest is not None
    ]
    if not parts:
        numbers = {REPLICATION: pl.Int32(), "metric": pl.String(), "value": pl.Float64()}
        return pl.DataFrame(schema={**settings.schema, **numbers})
    return pl.concat(parts)


def _long(headline: pl.DataFrame) -> pl.DataFrame:
    """Turn one column for each metric into one row for each."""
    metrics = [name for name in headline.columns if name != REPLICATION]
    rows = headline.select(pl.col(REPLICATION).cast(pl.Int32), pl.col(metrics).cast(pl.Float64))
    long = rows.unpivot(
        metrics, index=REPLICATION, variable_name="metric", value_name="value"
    ).sort(REPLICATION, maintain_order=True)
    return long.select(REPLICATION, "metric", "value")
