"""The summary of a run: headline metrics over replications, with tails of the losses."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from sim.config import Config
from sim.metrics import statistics
from sim.metrics.columns_of_replications import HEADLINE, LOSS_METRICS, REPLICATIONS

PRECISION = 0.05
"""Relative half-width for which the replications still needed are counted."""

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)

UNITS = {column.name: column.unit for column in REPLICATIONS.columns[1:]}
"""Unit of each headline metric."""


def summarise(tables: Mapping[str, pl.DataFrame], config: Config) -> dict[str, Any]:
    """Describe the headline metrics; see `sim.metrics.summary`."""
    frame, level = tables["replications"], config.experiment.confidence
    values = {name: frame[name].drop_nulls().to_list() for name in UNITS}
    metrics = {name: _describe(name, values[name], level) for name in UNITS}
    tail = config.experiment.tail
    return {
        "name": config.name,
        "replications": frame.height,
        "confidence": level,
        "tail": tail,
        "precision": PRECISION,
        "headline": [_row(name, metrics[name]) for name in HEADLINE],
        "metrics": metrics,
        "losses": {name: _tail(name, values[name], tail, level) for name in LOSS_METRICS},
    }


def _row(name: str, metric: Mapping[str, Any]) -> dict[str, Any]:
    """Give one row of the table that a terminal shows."""
    return {"metric": name, "mean": metric["mean"], "low": metric["lower"], "high": metric["upper"]}


def _describe(name: str, values: Sequence[float], confidence: float) -> dict[str, Any]:
    """Describe one metric over the replications where it has a value."""
    n = len(values)
    interval = statistics.student_interval(values, confidence)
    needed = statistics.replications_needed(values, PRECISION, confidence)
    return {
        "unit": UNITS[name],
        "n": n,
        "mean": statistics.mean(values) if n else None,
        "standard_deviation": statistics.standard_deviation(values),
        "lower": interval and interval.lower,
        "upper": interval and interval.upper,
        "quantiles": {str(p): statistics.quantile(values, p) if n else None for p in LEVELS},
        "replications_needed": needed,
        "reason": _why_incomplete(n, needed),
    }


def _why_incomplete(n: int, needed: int | None) -> str | None:
    """Say why a part of the description of a metric is null."""
    if n == 0:
        return "no replication has a value: nothing to divide by, or not observed long enough"
    if n == 1:
        return "one replication has no spread: 2 or more are needed"
    if needed is None:
        return "the mean is 0: no relative precision"
    return None


def _tail(name: str, values: Sequence[float], tail: float, confidence: float) -> dict[str, Any]:
    """Give value at risk and expected shortfall of a loss."""
    n = len(values)
    at_risk = statistics.quantile(values, tail) if n else None
    shortfall = statistics.expected_shortfall(values, tail) if n else None
    least = statistics.sample_for_quantile_interval(tail, confidence)
    beyond = statistics.TAIL_VALUES
    return {
        "unit": UNITS[name],
        "n": n,
        "value_at_risk": _with_interval(
            at_risk,
            statistics.quantile_interval(values, tail, confidence),
            f"{n} values; the interval needs {least}",
        ),
        "expected_shortfall": _with_interval(
            shortfall,
            statistics.expected_shortfall_interval(values, tail, confidence),
            f"{n} values; the interval needs {beyond} beyond the value at risk",
        ),
    }


def _with_interval(
    value: float | None, interval: statistics.Interval | None, reason: str
) -> dict[str, Any]:
    """Give an estimate with its interval, or with the reason why there is none."""
    return {
        "value": value,
        "lower": interval and interval.lower,
        "upper": interval and interval.upper,
        "reason": None if interval else reason,
    }
