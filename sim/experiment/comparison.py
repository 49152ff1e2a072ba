"""Policies compared under common random numbers: paired differences and what the pairing is worth.

Finished results with the same seed and the same replications flow in, a `Comparison` flows out. In
replication r all of them had the same members, the same wishes and the same economy, so the
difference of two is formed replication by replication, and its interval is that of a mean.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from models.errors import InputError
from sim.experiment.pairing import Comparable, check_comparable, load_named, paired
from sim.experiment.result import Result
from sim.experiment.width import DEFAULT_WIDTH, Width
from sim.metrics import statistics
from sim.metrics.declared.replications import HEADLINE, METRICS, REPLICATIONS
from sim.metrics.estimation import replications_still_needed
from sim.metrics.means import mean_estimate
from sim.metrics.samples import Sample

UNITS = {column.name: column.unit for column in REPLICATIONS.columns}

Cell = float | int | str | None

COLUMNS: dict[str, type[pl.DataType]] = {
    "run": pl.String,
    "baseline": pl.String,
    "metric": pl.String,
    "unit": pl.String,
    "n": pl.Int64,
    "baseline_mean": pl.Float64,
    "mean": pl.Float64,
    "difference": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "correlation": pl.Float64,
    "variance_reduction_factor": pl.Float64,
    "independent_replications": pl.Int64,
    "wanted_half_width": pl.Float64,
    "replications_needed": pl.Int64,
    "reason": pl.String,
}
"""Columns of `Comparison.table`; docs/experiments.md describes them."""


@dataclass(frozen=True)
class Comparison:
    """Runs against a baseline, metric by metric."""

    runs: tuple[str, ...]
    """Names of the runs; the first is the baseline."""
    n: int
    """Replications of each run."""
    confidence: float
    """Level at which all intervals hold, together if `is_simultaneous`, else each alone."""
    is_simultaneous: bool
    """Whether the level is that of all intervals together (Bonferroni)."""
    table: pl.DataFrame = field(repr=False)
    """One row for each run but the baseline and metric; columns as in `COLUMNS`."""
    notes: tuple[str, ...] = ()
    """What a reader must know besides."""

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        return {
            "runs": list(self.runs),
            "replications": self.n,
            "confidence": self.confidence,
            "simultaneous": self.is_simultaneous,
            "notes": list(self.notes),
            "differences": self.table.to_dicts(),
        }


def compare(
    results: Sequence[Comparable] | Mapping[str, Comparable],
    *,
    metrics: Sequence[str] | None = None,
    confidence: float | None = None,
    width: Width | str = DEFAULT_WIDTH,
    widths: Mapping[str, Width | str] | None = None,
    bonferroni: bool = False,
) -> Comparison:
    """Compare runs with the first of them under common random numbers.

    Parameters
    ----------
    results
        Two or more finished results, or their directories, perhaps by name; the first is the
        baseline.
    metrics
        Columns of the metric table `replications`; by default the headline.
    confidence
        Level of the intervals; the baseline's if not given.
    width
        Half-width wanted for every difference, such as ``"5%"`` of the baseline's mean or
        ``"0.001"``.
    widths
        Other widths by metric.
    bonferroni
        Whether the level holds for all intervals together.

    Returns
    -------
    Comparison
        Paired differences, run less baseline.

    Raises
    ------
    InputError
        If there are fewer than two results, if they do not share seed, replications and sampling,
        or if a metric or a width cannot be used.

    Notes
    -----
    With variances a, b of the two runs and d of the difference, independent seeds would give the
    difference the variance a + b. The variance-reduction factor is (a + b) / d (Law 2015, section
    11.2), and n times that factor is the number of replications of each run that independent seeds
    need for the same interval.
    """
    named = load_named(results)
    check_comparable(named)
    names = list(named)
    baseline = named[names[0]]
    chosen = _known(metrics if metrics is not None else HEADLINE)
    level = confidence if confidence is not None else baseline.config.experiment.confidence
    if not 0.5 < level < 1.0:
        raise InputError(f"confidence: got {level}; allowed: above 0.5 and below 1")
    wanted = {name: Width.of(width) for name in chosen}
    wanted |= {name: Width.of(own) for name, own in (widths or {}).items()}
    _known(list(wanted))
    n_intervals = len(chosen) * (len(names) - 1)
    own_level = 1.0 - (1.0 - level) / n_intervals if bonferroni else level
    rows: list[dict[str, Cell]] = []
    for name in names[1:]:
        for metric in chosen:
            pair = paired(named[name], baseline, metric)
            row = difference(*pair, confidence=own_level, width=wanted[metric])
            key = {"run": name, "baseline": names[0], "metric": metric, "unit": UNITS[metric]}
            rows.append({**key, **row})
    return Comparison(
        runs=tuple(names),
        n=baseline.metrics["replications"].height,
        confidence=level,
        is_simultaneous=bonferroni,
        table=pl.DataFrame(rows, schema=COLUMNS),
        notes=_notes(named),
    )


def difference(
    one: Sample, baseline: Sample, *, confidence: float, width: Width
) -> dict[str, Cell]:
    """Describe the difference of two samples of the same replications.

    Parameters
    ----------
    one, baseline
        Samples, replication by replication from the same random numbers.
    confidence
        Level of the interval.
    width
        Half-width wanted.

    Returns
    -------
    dict
        The columns of `COLUMNS` from `n` on.
    """
    gap = one.minus(baseline)
    found = mean_estimate(gap, confidence)
    means = [mean_estimate(sample, confidence).value for sample in (one, baseline)]
    spreads = [
        statistics.standard_deviation(sample.group_means(sample.values)) or 0.0
        for sample in (one, baseline, gap)
    ]
    variance, base_variance, gap_variance = (spread**2 for spread in spreads)
    factor = (variance + base_variance) / gap_variance if gap_variance else None
    scale = 2.0 * spreads[0] * spreads[1]
    wanted = None if means[1] is None else width.half_width(means[1])
    still = None if wanted is None else replications_still_needed(found, wanted, confidence)
    return {
        "n": found.n,
        "baseline_mean": means[1],
        "mean": means[0],
        "difference": found.value,
        "lower": found.lower,
        "upper": found.upper,
        "correlation": (variance + base_variance - gap_variance) / scale if scale else None,
        "variance_reduction_factor": factor,
        "independent_replications": None if factor is None else math.ceil(found.n * factor),
        "wanted_half_width": wanted,
        "replications_needed": still,
        "reason": found.reason if gap_variance or found.reason else "the same in all replications",
    }


def _notes(named: Mapping[str, Result]) -> tuple[str, ...]:
    """Say what differs besides the policy and may surprise."""
    months = {name: result.config.months for name, result in named.items()}
    members = {name: result.config.population.members for name, result in named.items()}
    return tuple(
        f"{what} differ: " + ", ".join(f"{name} {number}" for name, number in numbers.items())
        for what, numbers in (("months", months), ("population.members", members))
        if len(set(numbers.values())) > 1
    )


def _known(metrics: Sequence[str]) -> list[str]:
    """Return metrics without repetition, refusing names that are none."""
    for name in metrics:
        if name not in METRICS:
            raise InputError(f"metric: got {name!r}; allowed: one of {', '.join(METRICS)}")
    if not metrics:
        raise InputError("metrics: got none; allowed: one or more")
    return list(dict.fromkeys(metrics))
