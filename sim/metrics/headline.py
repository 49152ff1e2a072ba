"""The summary of a run: headline metrics over replications, with tails of the losses."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from sim.config import Config
from sim.metrics import statistics
from sim.metrics.declared.replications import (
    BOUNDS,
    HEADLINE,
    LOSS_METRICS,
    METRICS,
    REPLICATIONS,
)
from sim.metrics.estimation import estimate, replications_still_needed
from sim.metrics.means import Estimate, mean_estimate
from sim.metrics.samples import Sample, sample_of, weight_sample_size
from sim.metrics.tails import Tail

PRECISION = 0.05
"""Relative half-width for which the replications still needed are counted."""

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)

UNITS = {column.name: column.unit for column in REPLICATIONS.columns if column.name in METRICS}
"""Unit of each headline metric."""


def summarise(tables: Mapping[str, pl.DataFrame], config: Config) -> dict[str, Any]:
    """Describe the headline metrics; see `sim.metrics.summary`."""
    frame = tables["replications"]
    level, tail = config.experiment.confidence, config.experiment.tail
    samples = {name: sample_of(frame, name, config) for name in UNITS}
    metrics = {name: _describe(name, sample, level) for name, sample in samples.items()}
    return {
        "name": config.name,
        "replications": frame.height,
        "confidence": level,
        "tail": tail,
        "precision": PRECISION,
        "sampling": _sampling(frame, config),
        "headline": [_row(name, metrics[name]) for name in HEADLINE],
        "metrics": metrics,
        "losses": {name: _tail(name, samples[name], config) for name in LOSS_METRICS},
    }


def _sampling(frame: pl.DataFrame, config: Config) -> dict[str, Any]:
    """Describe how the macro paths were sampled."""
    sampling = config.macro.sampling
    weights = frame["likelihood_weight"].to_list()
    return {
        "method": sampling.method,
        "group_size": sampling.group_size,
        "groups": frame.height // sampling.group_size,
        "control_variate": config.experiment.control_variate is not None,
        "weight_sample_size": weight_sample_size(weights),
        "weight_mean": statistics.mean(weights) if weights else None,
    }


def _row(name: str, metric: Mapping[str, Any]) -> dict[str, Any]:
    """Give one row of the table that a terminal shows."""
    return {"metric": name, "mean": metric["mean"], "low": metric["lower"], "high": metric["upper"]}


def _describe(name: str, sample: Sample, confidence: float) -> dict[str, Any]:
    """Describe one metric over the replications where it has a value."""
    found = mean_estimate(sample, confidence)
    needed = _needed(found, confidence)
    stated = found.within(BOUNDS[name])
    return {
        "unit": UNITS[name],
        "n": found.n,
        "mean": found.value,
        "standard_deviation": _deviation(sample),
        "lower": stated.lower,
        "upper": stated.upper,
        "effective_sample_size": found.effective_sample_size,
        "speed_up": found.speed_up,
        "quantiles": {str(p): _quantile(sample, p) for p in LEVELS},
        "replications_needed": needed,
        "reason": _why_incomplete(found, needed),
    }


def _needed(found: Estimate, confidence: float) -> int | None:
    """Count the replications still needed for the relative precision."""
    if found.value is None or found.half_width is None:
        return None
    if found.half_width == 0.0:
        return 0
    return replications_still_needed(found, PRECISION * abs(found.value), confidence)


def _deviation(sample: Sample) -> float | None:
    """Give the standard deviation of one plain replication."""
    variance = sample.plain_variance()
    return None if variance is None else variance**0.5


def _quantile(sample: Sample, level: float) -> float | None:
    """Give a quantile over replications: an observed value."""
    if not sample.values:
        return None
    if sample.weights is None:
        return statistics.quantile(sample.values, level)
    return Tail.of(sample).value_exceeded_by(1.0 - level)


def _why_incomplete(found: Estimate, needed: int | None) -> str | None:
    """Say why a part of the description of a metric is null."""
    if found.n == 0:
        return "no replication has a value: nothing to divide by, or not observed long enough"
    if found.n == 1:
        return "one replication has no spread: 2 or more are needed"
    if found.reason is not None:
        return found.reason
    if needed is None:
        return "the mean is 0: no relative precision"
    return None


def _tail(name: str, sample: Sample, config: Config) -> dict[str, Any]:
    """Give value at risk and expected shortfall of a loss."""
    return {
        "unit": UNITS[name],
        "n": len(sample.values),
        **{
            statistic: _with_interval(
                estimate(
                    sample,
                    statistic,
                    tail=config.experiment.tail,
                    confidence=config.experiment.confidence,
                    seed=config.seed,
                ).within(BOUNDS[name])
            )
            for statistic in ("value_at_risk", "expected_shortfall")
        },
    }


def _with_interval(found: Estimate) -> dict[str, Any]:
    """Give an estimate with its interval, or with the reason why there is none."""
    return {
        "value": found.value,
        "lower": found.lower,
        "upper": found.upper,
        "effective_sample_size": found.effective_sample_size,
        "speed_up": found.speed_up,
        "reason": found.reason,
    }
