"""The headline numbers of a run as a table for the terminal."""

from collections.abc import Mapping
from typing import Any


def headline_text(summary: Mapping[str, Any]) -> str:
    """Write the headline numbers as a table.

    Parameters
    ----------
    summary
        Content of summary.json; of each row of its ``headline``, ``metric``, ``mean``, ``low`` and
        ``high``.

    Returns
    -------
    str
        Lines of equal width: metric, mean, interval of the mean; shares in per cent.

    Examples
    --------
    >>> rate = {"metric": "net_loss_rate", "mean": 0.01234, "low": 0.0119, "high": 0.0127}
    >>> print(headline_text({"confidence": 0.95, "headline": [rate]}))
    metric           mean     95 % interval
    net_loss_rate  1.23 %  1.19 % to 1.27 %
    """
    from sim.metrics.declared.replications import REPLICATIONS

    units = {column.name: column.unit for column in REPLICATIONS.columns}
    cells = [("metric", "mean", f"{summary['confidence'] * 100:.4g} % interval")]
    for row in summary["headline"]:
        mean, low, high = (plain(row[part], units[row["metric"]]) for part in _ESTIMATE)
        interval = "-" if row["low"] is None else f"{low} to {high}"
        cells.append((row["metric"], mean, interval))
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        f"{name:<{widths[0]}}  {mean:>{widths[1]}}  {interval:>{widths[2]}}"
        for name, mean, interval in cells
    )


_ESTIMATE = ("mean", "low", "high")


def plain(value: float | None, unit: str) -> str:
    """Write a number of a unit in characters that every terminal has."""
    from sim.report.numbers import shown

    return plain_text(shown(value, unit))


def plain_text(text: str) -> str:
    """Write a text of the report in characters that every terminal has."""
    from sim.report.numbers import MINUS, NOTHING

    return text.replace(MINUS, "-").replace(NOTHING, "-")
