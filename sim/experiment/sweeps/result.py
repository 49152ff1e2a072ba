"""What a sweep hands back, in memory or read again from its directory."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from models.errors import InputError
from sim.experiment.manifest import POINTS
from sim.experiment.result import Result
from sim.experiment.result import load as load_run
from sim.experiment.store import FAILURES, read_metrics
from sim.experiment.sweeps.store import TABLE, PointEntry, read_sweep_manifest
from sim.experiment.workers.tasks import Failure


@dataclass(frozen=True)
class SweepResult:
    """The outcome of all points of a sweep."""

    name: str
    points: tuple[PointEntry, ...] = field(repr=False)
    """The points by number, with their settings and result digests."""
    table: pl.DataFrame = field(repr=False)
    """``point``, a column for each parameter, ``replication``, ``metric``, ``value``."""
    analyses: Mapping[str, pl.DataFrame] = field(repr=False)
    """What a sensitivity analysis or an optimisation found, by the name of the table."""
    failures: Mapping[int, tuple[Failure, ...]]
    """By the number of the point; points that failed have no rows in the table."""
    digest: str | None
    """`sweep_digest` of the points; None if one failed."""
    directory: Path | None = None
    """The directory of the sweep; None if nothing was written."""

    def result(self, point: int) -> Result:
        """Read all metrics of one point.

        Raises
        ------
        InputError
            If there is no such point, nothing was written, or the point failed.
        """
        entry = next((entry for entry in self.points if entry.number == point), None)
        if entry is None or self.directory is None:
            raise InputError(
                f"point: got {point}; allowed: the number of a point of a sweep in a directory"
            )
        return load_run(self.directory / POINTS / entry.directory)


def load_sweep_result(directory: Path) -> SweepResult:
    """Read the directory of a finished sweep.

    Raises
    ------
    InputError
        If it is none, if its sweep is not finished, or if a file cannot be read.
    """
    manifest = read_sweep_manifest(directory)
    if manifest is None:
        raise InputError(f"{directory} is no results directory: it has no manifest.json")
    if manifest.finished is None:
        raise InputError(f"the sweep in {directory} is not finished; run it again with its command")
    tables = read_metrics(directory)
    if TABLE not in tables:
        raise InputError(f"{directory}: the table of the sweep is missing; run it again")
    failed = [entry for entry in manifest.points if entry.n_failures]
    return SweepResult(
        name=manifest.name,
        points=manifest.points,
        table=tables.pop(TABLE),
        analyses=tables,
        failures={
            entry.number: read_failures(directory / POINTS / entry.directory) for entry in failed
        },
        digest=manifest.result_digest,
        directory=directory,
    )


def read_failures(directory: Path) -> tuple[Failure, ...]:
    """Read ``failures.json`` of a results directory, nothing where there is none.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    path = directory / FAILURES
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return tuple(Failure(**row) for row in rows)
    except FileNotFoundError:
        return ()
    except (OSError, TypeError, ValueError) as error:
        raise InputError(f"cannot read {path}: {error}") from error
