"""What the report of a sweep is made from: its points, their results, and what they say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import polars as pl

from models.errors import InputError
from sim.experiment.design import Sweep, load_sweep
from sim.experiment.design.responses import Difference, Responses, paired, responses
from sim.experiment.manifest import read_stored
from sim.experiment.store import METRICS as FOLDER
from sim.experiment.sweeps.store import SWEEP_FILE, TABLE, SweepManifest, read_sweep_manifest
from sim.metrics.declared.replications import BOUNDS
from sim.metrics.statistics import Interval, mean, student_interval

DIGEST = "result digest (SHA-256 over the points)"
DIGEST_LETTERS = 64


class Estimate(NamedTuple):
    """The mean of a metric at a point, over replications."""

    mean: float
    interval: Interval | None
    n: int


@dataclass(frozen=True)
class SweepResults:
    """The results of a sweep.

    Parameters
    ----------
    sweep
        The sweep.
    table
        The tidy table: `point`, a column for each setting, `replication`, `metric`, `value`.
    analyses
        Frames by name, as `sim.experiment.design.tables` declares them.
    failed
        Numbers of the points without results.
    provenance
        What made the results: names and values.
    """

    sweep: Sweep
    table: pl.DataFrame = field(repr=False)
    analyses: Mapping[str, pl.DataFrame] = field(default_factory=dict, repr=False)
    failed: Sequence[int] = ()
    provenance: Sequence[tuple[str, str]] = ()

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of what the design varies."""
        return tuple(self.sweep.design.parameters)

    @property
    def confidence(self) -> float:
        """Level of the intervals."""
        return self.sweep.base.experiment.confidence

    @cached_property
    def settings(self) -> pl.DataFrame:
        """One row a point: `point` and its settings."""
        names = [name for name in self.sweep.labels if name in self.table.columns]
        return self.table.select("point", *names).unique("point").sort("point")

    @cached_property
    def points(self) -> list[int]:
        """Numbers of the points with results."""
        return self.settings["point"].to_list()

    @property
    def digest(self) -> str | None:
        """Result digest; None where points failed or where nothing is known of it."""
        text = dict(self.provenance).get(DIGEST, "")
        return text if len(text) == DIGEST_LETTERS else None

    def label(self, parameter: str) -> str:
        """Give the words for a parameter."""
        return self.sweep.labels.get(parameter, parameter)

    def responses(self, metric: str) -> Responses:
        """Give the values of a metric by point and replication."""
        if metric not in self._responses:
            self._responses[metric] = responses(self.table, metric, self.sweep.group_size)
        return self._responses[metric]

    def estimate(self, metric: str, point: int) -> Estimate | None:
        """Give the mean of a metric at a point with its interval, None without values."""
        values = list(self.responses(metric).get(point, {}).values())
        if not values:
            return None
        value, interval = mean(values), student_interval(values, self.confidence)
        stated = interval and interval.within(BOUNDS[metric], value)
        return Estimate(value, stated, len(values) * self.sweep.group_size)

    def difference(self, metric: str, first: int, second: int) -> Difference | None:
        """Compare two points by paired replications."""
        found = self.responses(metric)
        pair = (found.get(first, {}), found.get(second, {}))
        return paired(*pair, self.confidence, self.sweep.group_size)

    @cached_property
    def _responses(self) -> dict[str, Responses]:
        """Remember what was looked up."""
        return {}


def read_results(directory: Path) -> SweepResults:
    """Read the directory of a finished sweep.

    Raises
    ------
    InputError
        If it holds no finished sweep, or if something in it is missing or unreadable.
    """
    manifest, finished = finished_sweep(directory)
    frames = {path.stem: _read(path) for path in sorted((directory / FOLDER).glob("*.parquet"))}
    if TABLE not in frames:
        raise InputError(f"{directory} lacks {TABLE}.parquet; run the sweep again with its command")
    failed = [point.number for point in manifest.points if point.n_failures]
    packages = ", ".join(f"{n} {v}" for n, v in manifest.surroundings["packages"].items())
    provenance = [
        (
            DIGEST,
            manifest.result_digest or "none: points failed",
        ),
        ("source digest", manifest.code["source_digest"]),
        ("version of tsuke", manifest.code["version"]),
        ("commit", manifest.code["commit"] or "not from a work tree"),
        ("Python", manifest.surroundings["python"]),
        ("packages", packages),
        ("platform", manifest.surroundings["platform"]),
        ("started", manifest.started),
        ("finished", finished),
    ]
    sweep = read_stored(directory, SWEEP_FILE, load_sweep)
    return SweepResults(sweep, frames.pop(TABLE), frames, failed, provenance)


def finished_sweep(directory: Path) -> tuple[SweepManifest, str]:
    """Return the manifest of a finished sweep, and when it finished.

    Raises
    ------
    InputError
        If the directory holds no sweep, or one that is not finished.
    """
    manifest = read_sweep_manifest(directory)
    if manifest is None:
        raise InputError(f"{directory} is no directory of a sweep: it has no manifest.json")
    if manifest.finished is None:
        raise InputError(f"the sweep in {directory} is not finished; run it again with its command")
    return manifest, manifest.finished


def _read(path: Path) -> pl.DataFrame:
    """Read a table."""
    try:
        return pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InputError(f"cannot read {path}: {error}") from error
