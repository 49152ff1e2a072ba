"""What a report is made from: the content of a results directory."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from sim.config import Config
from sim.experiment.manifest import Manifest, read_config
from sim.experiment.result import check_tables, finished_manifest, read_summary
from sim.experiment.store import read_metrics

AS_SAMPLED = (
    "The headline numbers are weighted by their likelihood ratios. Figures and the other tables, "
    "but for the unit economics, count every replication once: they show the bad years that were "
    "sampled on purpose, not how often they come."
)
"""What a reader of a run with importance sampling must know."""


@dataclass(frozen=True)
class Run:
    """A finished run as its directory tells it."""

    manifest: Manifest
    config: Config
    tables: Mapping[str, pl.DataFrame]
    summary: Mapping[str, Any]

    @property
    def n_replications(self) -> int:
        """Number of replications."""
        return self.manifest.replications

    @property
    def is_weighted(self) -> bool:
        """Whether the replications have the weights of importance sampling."""
        return self.config.macro.sampling.method == "importance"

    def values(self, column: str) -> list[float]:
        """Give a headline column over the replications in which it exists."""
        return [float(x) for x in self.tables["replications"][column].drop_nulls()]

    def monthly(self, table: str, key: str, value: str) -> pl.DataFrame:
        """Give the mean over replications of a column by month end (rows) and key (columns)."""
        sums = self.tables[table].group_by("month_end", key, maintain_order=True)
        means = sums.agg(pl.col(value).sum() / self.n_replications)
        return means.pivot(key, index="month_end", values=value).sort("month_end").fill_null(0)

    def means(self, table: str, key: str, value: str) -> dict[str, float]:
        """Give the mean over replications of the whole-run sum of a column by key."""
        sums = self.tables[table].group_by(key, maintain_order=True).agg(pl.col(value).sum())
        return {row[0]: (row[1] or 0) / self.n_replications for row in sums.iter_rows()}


def read_run(directory: Path) -> Run:
    """Read a finished run.

    Raises
    ------
    InputError
        If the directory holds no finished run, or if something in it is missing or unreadable.
    """
    manifest = finished_manifest(directory)
    tables = read_metrics(directory)
    check_tables(directory, tables, manifest.replications)
    config = read_config(directory, manifest)
    return Run(manifest, config, tables, read_summary(directory))
