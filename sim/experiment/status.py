"""How far a run or a sweep is, from its files alone, whoever simulates it and wherever."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from models.errors import InputError
from sim.experiment.manifest import MANIFEST, POINTS, SWEEP, read_fields, read_manifest
from sim.experiment.store import FAILURES, REPLICATIONS
from sim.experiment.sweeps.store import read_sweep_manifest


@dataclass(frozen=True)
class Status:
    """How far a results directory is."""

    kind: str
    """``run`` or ``sweep``."""
    name: str
    is_finished: bool
    done: int
    """Replications finished; more may be there than are wanted, but these do not count."""
    failed: int
    """Replications that failed in the last run."""
    wanted: int
    """Replications wanted, as far as is known."""
    points_done: int
    """Points of a sweep with all their replications."""
    points_failed: int
    points: int
    """Points of a sweep; 0 for a run."""
    per_second: float | None
    """Replications finished a second since the run was last started; None before two."""
    idle_seconds: float
    """Since the last one was finished, or the run was last started."""

    @property
    def left(self) -> int:
        """Replications that are neither finished nor failed."""
        return max(0, self.wanted - self.done - self.failed)

    @property
    def seconds_left(self) -> float | None:
        """Until the end at this rate; None where there is none."""
        if self.left == 0:
            return 0.0
        return self.left / self.per_second if self.per_second else None

    @property
    def seems_stopped(self) -> bool:
        """Whether nothing was finished for so long that nobody seems to be at work."""
        if self.is_finished or not self.left:
            return False
        usual = 1 / self.per_second if self.per_second else 0.0
        return self.idle_seconds > max(_PATIENCE, 10 * usual)


_PATIENCE = 120.0
"""Seconds without a finished replication that are nothing unusual."""


@dataclass(frozen=True)
class _Part:
    """How far one results directory is."""

    done: int
    failed: int
    wanted: int
    sealed: Sequence[float]
    """When its replications were finished."""


def status(directory: str | Path) -> Status:
    """Tell how far a run or a sweep is.

    Parameters
    ----------
    directory
        Results directory of a run or a sweep, finished, going on or stopped.

    Raises
    ------
    InputError
        If it is none.
    """
    directory = Path(directory)
    fields = read_fields(directory)
    if fields is None:
        raise InputError(f"{directory} is no results directory: it has no {MANIFEST}")
    if fields.get("kind") == SWEEP:
        return _status_of_sweep(directory)
    manifest = read_manifest(directory)
    if manifest is None:
        raise InputError(f"{directory} is no results directory: it has no {MANIFEST}")
    part = _part(directory, manifest.replications)
    return _status("run", manifest.name, manifest.started, [part], is_finished=manifest.is_finished)


def _status_of_sweep(directory: Path) -> Status:
    """Add up the points of a sweep; equal points count once."""
    manifest = read_sweep_manifest(directory)
    if manifest is None:
        raise InputError(f"{directory} is no results directory: it has no {MANIFEST}")
    wanted = {entry.directory: entry.replications for entry in manifest.points}
    parts = []
    for name, least in wanted.items():
        place = directory / POINTS / name
        found = read_manifest(place)
        parts.append(_part(place, least if found is None else max(least, found.replications)))
    is_finished = manifest.finished is not None
    return _status("sweep", manifest.name, manifest.started, parts, is_finished=is_finished)


def _part(directory: Path, wanted: int) -> _Part:
    """Look into one results directory."""
    moments = []
    for number in range(wanted):
        try:
            seal = directory / REPLICATIONS / f"{number:05d}.json"
            moments.append(seal.stat().st_mtime)
        except OSError:
            continue
    return _Part(len(moments), _count_failures(directory), wanted, moments)


def _count_failures(directory: Path) -> int:
    """Count the failures of the last run."""
    try:
        return len(json.loads((directory / FAILURES).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return 0


def _status(
    kind: str, name: str, started: str, parts: Sequence[_Part], *, is_finished: bool
) -> Status:
    """Add up parts."""
    began = datetime.fromisoformat(started).replace(tzinfo=UTC).timestamp()
    moments = [moment for part in parts for moment in part.sealed]
    lately = [moment for moment in moments if moment >= began]
    elapsed = max(lately, default=began) - began
    is_sweep = kind == SWEEP
    return Status(
        kind=kind,
        name=name,
        is_finished=is_finished,
        done=sum(part.done for part in parts),
        failed=sum(part.failed for part in parts),
        wanted=sum(part.wanted for part in parts),
        points_done=sum(part.done >= part.wanted for part in parts) if is_sweep else 0,
        points_failed=sum(part.failed > 0 for part in parts) if is_sweep else 0,
        points=len(parts) if is_sweep else 0,
        per_second=len(lately) / elapsed if elapsed > 0 and len(lately) > 1 else None,
        idle_seconds=max(0.0, time.time() - max([began, *moments])),
    )
