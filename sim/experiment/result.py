"""What a run hands back, in memory or read again from its directory."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from models.errors import InputError
from sim.config import Config
from sim.experiment.digest import facts_digest
from sim.experiment.manifest import Manifest, read_config, read_manifest
from sim.experiment.store import SUMMARY, read_facts, read_metrics, read_records
from sim.metrics.columns import TABLE


@dataclass(frozen=True)
class Result:
    """The outcome of all replications of one configuration."""

    config: Config
    facts: pl.DataFrame = field(repr=False)
    """Integer counts and sums, one row per replication, table, month and keys."""
    metrics: dict[str, pl.DataFrame] = field(repr=False)
    """The metric tables by name; docs/metrics.md describes them."""
    summary: dict[str, Any] = field(repr=False)
    """The headline numbers, as in summary.json."""
    digest: str
    """SHA-256 over the facts; two runs agree when their digests do."""
    directory: Path | None = None
    """The results directory; None if nothing was written."""
    ledger: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False)
    """Ledger lines of the recorded members of replication 0."""
    events: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False)
    """Events of the recorded members of replication 0."""


def load(directory: str | Path) -> Result:
    """Read a finished results directory.

    Parameters
    ----------
    directory
        Directory that a run wrote.

    Raises
    ------
    InputError
        If it is no results directory, if its run is not finished, or if its facts are not those
        that the run wrote.
    """
    directory = Path(directory)
    manifest = finished_manifest(directory)
    facts = read_facts(directory, range(manifest.replications))
    if facts_digest(facts) != manifest.result_digest:
        raise InputError(
            f"{directory}: the facts are not those of the finished run (their digest differs from "
            "the manifest's); run it again with the same command"
        )
    ledger, events = read_records(directory)
    return Result(
        config=read_config(directory, manifest),
        facts=facts,
        metrics=read_metrics(directory),
        summary=read_summary(directory),
        digest=manifest.result_digest,
        directory=directory,
        ledger=ledger,
        events=events,
    )


def finished_manifest(directory: Path) -> Manifest:
    """Return the manifest of a finished run.

    Raises
    ------
    InputError
        If the directory is no results directory, or its run is not finished.
    """
    manifest = read_manifest(directory)
    if manifest is None:
        raise InputError(f"{directory} is no results directory: it has no manifest.json")
    if not manifest.is_finished:
        raise InputError(f"the run in {directory} is not finished; run it again with its command")
    return manifest


def check_tables(directory: Path, tables: Mapping[str, pl.DataFrame], replications: int) -> None:
    """Refuse metric tables that cannot be those of a finished run.

    Parameters
    ----------
    directory
        Where they were read.
    tables
        By name.
    replications
        How many the run has.

    Raises
    ------
    InputError
        If one is missing, is another than its name says, or has another number of replications.
    """
    missing = [name for name in TABLE if name not in tables]
    if missing:
        raise InputError(
            f"{directory} lacks the metric tables {', '.join(missing)}; run it again with its "
            "command"
        )
    for name, table in TABLE.items():
        if tables[name].columns != [column.name for column in table.columns]:
            raise InputError(
                f"{directory}: the metric table {name} has not the columns that docs/metrics.md "
                "lists; run it again with its command"
            )
    if (n := tables["replications"].height) != replications:
        raise InputError(
            f"{directory}: the metric tables are those of {n} replications, but its manifest has "
            f"{replications}; run it again with its command"
        )


def read_summary(directory: Path) -> dict[str, Any]:
    """Read summary.json of a finished run."""
    path = directory / SUMMARY
    try:
        summary: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"cannot read {path}: {error}") from error
    if not isinstance(summary, dict):
        raise InputError(f"cannot read {path}: it is no JSON object")
    return summary
