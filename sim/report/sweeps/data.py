"""What the figures of a sweep show, as frames."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from sim.report.sweeps.source import SweepResults


def points_frame(
    results: SweepResults, points: Sequence[int], metrics: Sequence[str]
) -> pl.DataFrame:
    """Give points with their settings and the mean of some metrics with its interval.

    Returns
    -------
    polars.DataFrame
        One row a point: `point`, its settings, and for each metric its mean and the ends of its
        interval, in the columns `<metric>`, `<metric>_lower` and `<metric>_upper`.
    """
    settings = {row["point"]: row for row in results.settings.iter_rows(named=True)}
    rows = []
    for point in points:
        row: dict[str, Any] = dict(settings[point])
        for metric in metrics:
            found = results.estimate(metric, point)
            ends = found.interval if found else None
            row[metric] = found.mean if found else None
            row[f"{metric}_lower"] = ends.lower if ends else None
            row[f"{metric}_upper"] = ends.upper if ends else None
        rows.append(row)
    return pl.DataFrame(rows, infer_schema_length=None)


def differences_frame(
    results: SweepResults, lines: Sequence[Sequence[int]], metric: str
) -> pl.DataFrame:
    """Give the points of some lines, each also with its difference to the first of its line.

    Returns
    -------
    polars.DataFrame
        As `points_frame`, and the ends of the interval of the paired difference in the columns
        `difference`, `difference_lower` and `difference_upper`.
    """
    gaps = {
        point: results.difference(metric, line[0], point) for line in lines for point in line[1:]
    }
    points = [point for line in lines for point in line]
    found = [gaps.get(point) for point in points]
    return points_frame(results, points, [metric]).with_columns(
        pl.Series("difference", [gap.mean if gap else None for gap in found], pl.Float64),
        pl.Series("difference_lower", [gap.lower if gap else None for gap in found], pl.Float64),
        pl.Series("difference_upper", [gap.upper if gap else None for gap in found], pl.Float64),
    )


def analysis_frame(results: SweepResults, table: str, metric: str) -> pl.DataFrame:
    """Give the rows of an analysis that are about one metric."""
    return results.analyses[table].filter(pl.col("metric") == metric).drop("metric")
