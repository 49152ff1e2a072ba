"""The directory of a sweep: its points, what they are, and the table over them.

::

    manifest.json           who made this, which points belong to it, with which result
    sweep.yaml              the whole sweep, resolved
    points/<digest>/        an ordinary results directory for each point
    metrics/sweep.parquet   the tidy table, once all points are finished or have failed
    metrics/*.parquet       what a sensitivity analysis or an optimisation finds

Points that a later sweep no longer has stay where they are, and are found again when it has them.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import polars as pl

from models.errors import InputError
from sim.atomic import make_directory, write_text
from sim.config_loading import config_digest
from sim.experiment.directory import DirectoryStore
from sim.experiment.manifest import (
    MANIFEST,
    NOT_IN_IDENTITY,
    POINTS,
    SWEEP,
    Origin,
    another_run,
    code_differences,
    read_fields,
)
from sim.experiment.stopping import stopping_rule
from sim.experiment.store import METRICS, REPLICATIONS
from sim.experiment.sweeps.point import Point
from sim.experiment.sweeps.points import DIGITS_OF_NAME
from sim.provenance import Code, Surroundings, now
from sim.yaml_source import Value

SWEEP_FILE = "sweep.yaml"
TABLE = "sweep"
"""Name of the tidy table."""
FORMAT = 1
"""Layout of the directory of a sweep; another one is refused."""


@dataclass(frozen=True)
class PointEntry:
    """A point as the manifest of its sweep lists it."""

    number: int
    settings: dict[str, Value]
    config_digest: str
    replications: int
    """Replications wanted; with a stopping rule those that it took, or takes at least."""
    result_digest: str | None = None
    """None while it is not finished, or if it failed."""
    n_failures: int = 0

    @classmethod
    def of(cls, point: Point) -> "PointEntry":
        """Describe a point that is not finished."""
        rule = stopping_rule(point.config)
        replications = rule.first if rule else point.config.experiment.replications
        digest = config_digest(point.config, NOT_IN_IDENTITY)
        return cls(point.number, dict(point.settings), digest, replications)

    @property
    def directory(self) -> str:
        """Name of its directory below the points."""
        return self.config_digest[:DIGITS_OF_NAME]


@dataclass(frozen=True)
class SweepManifest:
    """Provenance and state of the directory of a sweep; times are UTC in ISO 8601."""

    name: str
    points: tuple[PointEntry, ...]
    code: Code
    surroundings: Surroundings
    started: str
    finished: str | None = None
    """None while points are missing; a sweep with failed points is finished too."""
    result_digest: str | None = None
    """`sweep_digest` of the points; None unless all are finished without failure."""
    kind: str = field(default=SWEEP)
    format: int = field(default=FORMAT)

    @classmethod
    def begin(cls, name: str) -> "SweepManifest":
        """Describe a sweep that starts now."""
        origin = Origin.now()
        return cls(name, (), origin.code, origin.surroundings, origin.started)

    def save(self, directory: Path) -> None:
        """Write ``manifest.json``."""
        write_text(
            directory / MANIFEST, json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"
        )


def sweep_digest(points: Sequence[PointEntry]) -> str | None:
    """Return one number for the result of a sweep, None unless all points are finished.

    Notes
    -----
    SHA-256 over one line for each different point, in the order of the configurations' digests:
    digest of the configuration, number of replications, result digest. It does not depend on the
    numbers of the points, so the same points in another order have the same digest.
    """
    if any(point.result_digest is None for point in points):
        return None
    lines = {
        f"{point.config_digest} {point.replications} {point.result_digest}" for point in points
    }
    return hashlib.sha256("".join(f"{line}\n" for line in sorted(lines)).encode()).hexdigest()


def read_sweep_manifest(directory: Path) -> SweepManifest | None:
    """Read the manifest of a sweep, None where there is none.

    Raises
    ------
    InputError
        If it cannot be read, is that of a single run, or has another format.
    """
    fields = read_fields(directory)
    path = directory / MANIFEST
    if fields is None:
        return None
    if fields.get("kind") != SWEEP:
        raise InputError(f"{directory} holds a run and no sweep; choose another directory")
    if fields.get("format") != FORMAT:
        raise InputError(f"{path} has format {fields.get('format')}; this version reads {FORMAT}")
    try:
        points = tuple(PointEntry(**point) for point in fields.pop("points"))
        return SweepManifest(points=points, **fields)
    except (KeyError, TypeError) as error:
        raise InputError(f"{path} is not a manifest of tsuke: {error}") from error


class SweepStore(DirectoryStore):
    """The directory of one sweep, as a context that holds its lock.

    Parameters
    ----------
    directory
        Where the sweep goes; created if it is missing. A directory that this sweep created and in
        which no replication was finished disappears when it ends with an exception.
    manifest
        The sweep that starts.
    text
        The sweep as YAML; empty if it came from no file.
    """

    SEALS = f"{POINTS}/*/{REPLICATIONS}/*.json"

    def __init__(self, directory: Path, manifest: SweepManifest, text: str) -> None:
        super().__init__(directory)
        self._manifest = manifest
        self._text = text

    def expect(self, points: Sequence[PointEntry]) -> None:
        """Note the points that the sweep is about to simulate."""
        self._manifest = replace(self._manifest, points=tuple(points))
        self._manifest.save(self.directory)

    def save_result(self, points: Sequence[PointEntry], tables: Mapping[str, pl.DataFrame]) -> None:
        """Write the tables and, last, the manifest of the finished sweep."""
        self._save_tables(METRICS, tables)
        digest = sweep_digest(points)
        done = replace(self._manifest, points=tuple(points), finished=now(), result_digest=digest)
        done.save(self.directory)

    def _open(self) -> None:
        """Prove that the locked directory is ours to continue, and begin."""
        found = read_sweep_manifest(self.directory)
        if found is None:
            self._held.claim((POINTS,))
        elif differences := code_differences(found.code, self._manifest.code):
            raise another_run(self.directory, differences)
        make_directory(self.directory / POINTS)
        self._held.remove_temporary_files(METRICS)
        self._manifest.save(self.directory)
        if self._text:
            write_text(self.directory / SWEEP_FILE, self._text)
