"""Values of one metric by point and replication, from the tidy table of a sweep."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import compress
from typing import NamedTuple, TypeAlias

import polars as pl

from sim.metrics.samples import complete_groups
from sim.metrics.statistics import mean, standard_deviation, student_interval

Responses: TypeAlias = dict[int, dict[int, float]]
"""Value by number of the point, then by replication; what has no value is absent.

Where replications come in groups that depend on each other (`macro.sampling`), the values are the
means of the groups by the number of the group, so that all values of a point are independent.
"""
WEIGHT = "likelihood_weight"
"""Column of `replications` that is no metric but the weight of each under importance sampling."""


def responses(table: pl.DataFrame, metric: str, group_size: int = 1) -> Responses:
    """Give the values of one metric.

    Parameters
    ----------
    table
        Columns `point`, `replication`, `metric` and `value`, one row for each value.
    metric
        A headline metric.
    group_size
        Replications that depend on each other; groups without a value in each are left out.

    Returns
    -------
    Responses
        Under importance sampling values times likelihood weights, whose means are unbiased.
    """
    weights = {
        (point, replication): value
        for point, replication, value in _rows(table, WEIGHT)
        if value != 1.0
    }
    found: Responses = {}
    for point, replication, value in _rows(table, metric):
        weight = weights.get((point, replication), 1.0)
        found.setdefault(point, {})[replication] = value * weight
    if group_size == 1:
        return found
    return {point: _of_groups(values, group_size) for point, values in found.items()}


def _of_groups(values: Mapping[int, float], size: int) -> dict[int, float]:
    """Give the means of the groups of which every replication has a value."""
    numbers = sorted(values)
    is_whole = complete_groups(numbers, [True] * len(numbers), size)
    groups: dict[int, list[float]] = {}
    for replication in compress(numbers, is_whole):
        groups.setdefault(replication // size, []).append(values[replication])
    return {group: mean(members) for group, members in groups.items()}


def _rows(table: pl.DataFrame, metric: str) -> Iterator[tuple[int, int, float]]:
    """Give point, replication and value of each row of a metric that has a value."""
    rows = table.filter((pl.col("metric") == metric) & pl.col("value").is_not_null())
    yield from rows.select("point", "replication", "value").iter_rows()


def tidy(frames: Mapping[int, pl.DataFrame | None]) -> pl.DataFrame:
    """Stack `replications` tables of points, None where a point failed, into one tidy table."""
    parts = [
        frame.unpivot(index="replication", variable_name="metric", value_name="value").select(
            pl.lit(number, dtype=pl.Int64).alias("point"),
            pl.col("replication").cast(pl.Int64),
            "metric",
            pl.col("value").cast(pl.Float64),
        )
        for number, frame in frames.items()
        if frame is not None
    ]
    schema = {
        "point": pl.Int64, "replication": pl.Int64, "metric": pl.String, "value": pl.Float64,
    }  # fmt: skip
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)


class Difference(NamedTuple):
    """The mean of paired differences and the interval around it; ends are None below 2 pairs."""

    first_mean: float
    second_mean: float
    mean: float
    lower: float | None
    upper: float | None
    n: int


def paired(
    first: Mapping[int, float],
    second: Mapping[int, float],
    confidence: float,
    group_size: int = 1,
) -> Difference | None:
    """Compare two points over what both have, None where there is nothing; `n` is replications."""
    common = sorted(first.keys() & second.keys())
    if not common:
        return None
    differences = [second[r] - first[r] for r in common]
    interval = student_interval(differences, confidence)
    return Difference(
        mean([first[r] for r in common]),
        mean([second[r] for r in common]),
        mean(differences),
        interval and interval.lower,
        interval and interval.upper,
        len(common) * group_size,
    )


class Noise(NamedTuple):
    """Parts of the variance between the means of points."""

    points: int
    replications: int
    variance: float
    noise_variance: float
    independent_noise_variance: float


def noise(found: Responses, *, is_common: bool) -> Noise | None:
    """Split the variance between points' means into design and chance.

    Parameters
    ----------
    found
        Values by point and replication.
    is_common
        Whether the points share their random numbers.

    Returns
    -------
    Noise or None
        None below two points or two common replications.

    Notes
    -----
    Two-way layout without repetition: the residual mean square estimates the variance of the
    interaction of point and replication, which common random numbers leave in differences
    (Scheffe, 1959, section 4.2).
    """
    common = sorted(set.intersection(*(set(values) for values in found.values()))) if found else []
    n_points, n = len(found), len(common)
    if n_points < 2 or n < 2:
        return None
    rows = [[values[r] for r in common] for values in found.values()]
    of_points = [mean(row) for row in rows]
    of_replications = [mean(column) for column in zip(*rows, strict=True)]
    grand = mean(of_points)
    residual = math.fsum(
        (value - of_points[p] - of_replications[r] + grand) ** 2
        for p, row in enumerate(rows)
        for r, value in enumerate(row)
    ) / ((n_points - 1) * (n - 1))
    within = mean([(standard_deviation(row) or 0.0) ** 2 for row in rows])
    variance = (standard_deviation(of_points) or 0.0) ** 2
    return Noise(n_points, n, variance, (residual if is_common else within) / n, within / n)


def complete_blocks(
    found: Responses, numbers: Sequence[int], size: int
) -> tuple[list[int], list[float]]:
    """Give the means of the blocks of a structured design whose points all have values.

    Parameters
    ----------
    found
        Values by point and replication.
    numbers
        Number of the point of each row of the design.
    size
        Rows of a block.

    Returns
    -------
    tuple
        The rows kept and their means.
    """
    means = {point: mean(list(values.values())) for point, values in found.items()}
    rows: list[int] = []
    for first in range(0, len(numbers), size):
        block = range(first, first + size)
        if all(numbers[row] in means for row in block):
            rows += block
    return rows, [means[numbers[row]] for row in rows]
