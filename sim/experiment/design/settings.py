"""The settings of points as columns of a table."""

import json
from collections.abc import Mapping, Sequence

import polars as pl

from sim.experiment.design.sweep import Sweep
from sim.experiment.sweeps.point import Point
from sim.yaml_source import Value


def settings_frame(sweep: Sweep, points: Sequence[Point]) -> pl.DataFrame:
    """Tabulate the settings of points.

    Parameters
    ----------
    sweep
        The sweep they belong to.
    points
        Its points, or those of its search.

    Returns
    -------
    pl.DataFrame
        One row a point: `point`, then a column for each parameter and derived value. Whole
        numbers, numbers, truth values and texts keep their type, exact rates become numbers,
        lists and mappings their JSON text; a column of mixed kinds is text.
    """
    rates = {variable.name for variable in sweep.plan().variables if variable.is_rate}
    names = [*sweep.design.parameters, *sweep.derived]
    columns: Mapping[str, list[Value]] = {
        name: [plain(point.settings[name], is_rate=name in rates) for point in points]
        for name in names
    }
    numbers = pl.Series("point", [point.number for point in points], dtype=pl.Int64)
    return pl.DataFrame([numbers, *(_series(name, values) for name, values in columns.items())])


def plain(value: Value, *, is_rate: bool) -> Value:
    """Give a setting as one cell.

    Examples
    --------
    >>> plain([146, 1000], is_rate=True), plain([10, 25], is_rate=False)
    (0.146, '[10, 25]')
    """
    match value:
        case [int(numerator), int(denominator)] if is_rate and denominator > 0:
            return numerator / denominator
        case list() | dict():
            return json.dumps(value)
    return value


def _series(name: str, values: Sequence[Value]) -> pl.Series:
    """Make a column of the narrowest type that holds all cells."""
    kinds = {type(value) for value in values if value is not None}
    for allowed, dtype in (
        ({bool}, pl.Boolean()),
        ({int}, pl.Int64()),
        ({int, float}, pl.Float64()),
    ):
        if kinds <= allowed:
            return pl.Series(name, values, dtype=dtype, strict=False)
    texts = [v if isinstance(v, str) else None if v is None else json.dumps(v) for v in values]
    return pl.Series(name, texts, dtype=pl.String())
