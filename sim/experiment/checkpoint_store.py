"""The directory of a checkpoint: paused passes that branches go on from.

::

    manifest.json        who made it, from what, for which date; written last with all checksums
    config.yaml          the whole configuration, resolved
    passes/00000.npz     state of the pass whose first replication is 0 (`sim.experiment.pass_file`)
    passes/00000.json    its replications and its SHA-256; its presence means "finished"

Each worker writes the file of its own pass; one coordinator at a time holds the directory.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from models.errors import InputError
from sim.atomic import make_directory, remove, write_bytes, write_text
from sim.config import Config, load_config
from sim.config_loading import config_digest, dump_yaml
from sim.engine.plain_state import PlainState
from sim.experiment.directory import DirectoryStore
from sim.experiment.manifest import (
    CHECKPOINT,
    CONFIG,
    MANIFEST,
    Origin,
    another_run,
    code_differences,
    read_fields,
)
from sim.experiment.pass_file import from_bytes, to_bytes
from sim.experiment.store import FAILURES
from sim.experiment.workers.tasks import Done, Failure
from sim.provenance import Code, Surroundings, code, now

FORMAT = 1
PASSES = "passes"


@dataclass(frozen=True)
class Pass:
    """Replications that were paused together."""

    replications: tuple[int, ...]
    sha256: str
    """Of their file."""


@dataclass(frozen=True)
class CheckpointManifest:
    """Provenance of a checkpoint; times are UTC in ISO 8601."""

    name: str
    config_digest: str
    """SHA-256 of the whole configuration."""
    seed: int
    replications: int
    date: str
    """Day on whose midnight it stands, before the day is opened."""
    code: Code
    surroundings: Surroundings
    started: str
    finished: str | None = None
    passes: tuple[Pass, ...] = ()
    kind: str = CHECKPOINT
    format: int = field(default=FORMAT)

    def save(self, directory: Path) -> None:
        """Write ``manifest.json``."""
        write_text(directory / MANIFEST, json.dumps(asdict(self), indent=2) + "\n")


@dataclass(frozen=True)
class Checkpoint:
    """A finished checkpoint: its directory, the run it pauses, and where."""

    directory: Path
    config: Config
    date: dt.date
    passes: tuple[Pass, ...] = field(repr=False)

    @property
    def day(self) -> int:
        """Index of the day that its branches open first."""
        return (self.date - self.config.start).days


def manifest_of(config: Config, date: dt.date) -> CheckpointManifest:
    """Describe a checkpoint that is made now."""
    origin = Origin.now()
    return CheckpointManifest(
        name=config.name,
        config_digest=config_digest(config, frozenset()),
        seed=config.seed,
        replications=config.experiment.replications,
        date=date.isoformat(),
        code=origin.code,
        surroundings=origin.surroundings,
        started=origin.started,
    )


def read_checkpoint(directory: Path) -> Checkpoint:
    """Read a finished checkpoint, of this code and as it was made.

    Raises
    ------
    InputError
        If it is none, is not finished, was made by other code or was changed.
    """
    found = _read_manifest(directory)
    if found is None:
        raise InputError(f"{directory} is no checkpoint: it has no {MANIFEST}")
    if found.finished is None:
        raise InputError(f"the checkpoint in {directory} is not finished; make it with its command")
    if differences := code_differences(found.code, code()):
        raise InputError(
            f"{directory} was made by other code; these differ: {'; '.join(differences)}. "
            "Make the checkpoint again, in another directory."
        )
    config = load_config(directory / CONFIG, ())
    if config_digest(config, frozenset()) != found.config_digest:
        raise InputError(
            f"{directory / CONFIG} is not the configuration that the checkpoint was made from. "
            "What has happened cannot change; what changes from its date on is said with --set."
        )
    return Checkpoint(directory, config, dt.date.fromisoformat(found.date), found.passes)


def write_pass(directory: Path, replications: Sequence[int], state: PlainState) -> None:
    """Make a paused pass durable."""
    data, seal = _files(directory, replications[0])
    content = to_bytes(state)
    remove(seal)
    write_bytes(data, content)
    fields = {"replications": list(replications), "sha256": hashlib.sha256(content).hexdigest()}
    write_text(seal, json.dumps(fields) + "\n")


def read_pass(directory: Path, paused: Pass) -> PlainState:
    """Read a paused pass.

    Raises
    ------
    InputError
        If its file is missing, torn or changed.
    """
    path, _ = _files(directory, paused.replications[0])
    try:
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != paused.sha256:
            raise ValueError("its checksum is not that of the manifest")
        return from_bytes(data)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"cannot read {path}: {error}; make the checkpoint again") from error


class CheckpointStore(DirectoryStore):
    """The directory of a checkpoint on its way, as a context that holds its lock.

    Parameters
    ----------
    directory
        Created if it is missing.
    config
        The configuration, written out whole.
    manifest
        The checkpoint that is made.
    """

    SEALS = f"{PASSES}/*.json"

    def __init__(self, directory: Path, config: Config, manifest: CheckpointManifest) -> None:
        super().__init__(directory)
        self.done: set[int] = set()
        self._config = config
        self._manifest = manifest

    def found(self) -> None:
        """Find no run."""

    def want(self, replications: int) -> None:
        """Take note of nothing: the manifest says how many there are."""

    def find_finished(self, replications: Iterable[int]) -> set[int]:
        """Return the replications whose pass is here and whole."""
        here = {number for part in self._sealed() for number in part.replications}
        self.done = here & set(replications)
        return self.done

    def save(self, done: Done) -> None:
        """Take note of a replication; its worker has written it."""
        self.done.add(done.replication)

    def save_failures(self, failures: Sequence[Failure]) -> None:
        """Write ``failures.json``."""
        self._save_json(FAILURES, [failure.as_dict() for failure in failures])

    def finish(self) -> Checkpoint:
        """Write the manifest of the finished checkpoint."""
        passes = tuple(self._sealed())
        finished = replace(self._manifest, passes=passes, finished=now())
        finished.save(self.directory)
        date = dt.date.fromisoformat(finished.date)
        return Checkpoint(self.directory, self._config, date, passes)

    def facts(self, replications: Sequence[int]) -> pl.DataFrame:
        """Refuse: a checkpoint is no result."""
        raise NotImplementedError("a checkpoint has no facts")

    def records(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Refuse: a checkpoint is no result."""
        raise NotImplementedError("a checkpoint has no records")

    def save_result(
        self, digest: str, metrics: Mapping[str, pl.DataFrame], summary: Mapping[str, object]
    ) -> None:
        """Refuse: a checkpoint is no result."""
        raise NotImplementedError("a checkpoint has no result")

    def _open(self) -> None:
        """Prove that the locked directory is ours to continue, and begin."""
        found = _read_manifest(self.directory)
        if found is None:
            self._held.claim((PASSES,))
        else:
            _check_same(found, self._manifest, self.directory)
        make_directory(self.directory / PASSES)
        self._held.remove_temporary_files(PASSES)
        remove(self.directory / FAILURES)
        write_text(self.directory / CONFIG, dump_yaml(self._config))
        self._manifest.save(self.directory)

    def _sealed(self) -> list[Pass]:
        """List the passes that are here and whole, by their first replication."""
        found = []
        for seal in sorted((self.directory / PASSES).glob("*.json")):
            try:
                fields = json.loads(seal.read_text(encoding="utf-8"))
                paused = Pass(tuple(fields["replications"]), fields["sha256"])
                data = seal.with_suffix(".npz").read_bytes()
            except (OSError, ValueError, KeyError, TypeError):
                continue
            if hashlib.sha256(data).hexdigest() == paused.sha256:
                found.append(paused)
        return found


def _files(directory: Path, first: int) -> tuple[Path, Path]:
    """Name the file of a pass and its seal."""
    stem = directory / PASSES / f"{first:05d}"
    return stem.with_suffix(".npz"), stem.with_suffix(".json")


def _read_manifest(directory: Path) -> CheckpointManifest | None:
    """Read the manifest of a checkpoint, None where there is none."""
    fields: dict[str, Any] | None = read_fields(directory)
    if fields is None:
        return None
    if fields.get("kind") != CHECKPOINT:
        raise InputError(f"{directory} holds no checkpoint, but the results of a run or a sweep")
    path = directory / MANIFEST
    try:
        if fields["format"] != FORMAT:
            raise InputError(f"{path} has format {fields['format']}; this version reads {FORMAT}")
        passes = tuple(
            Pass(tuple(paused["replications"]), paused["sha256"]) for paused in fields["passes"]
        )
        return CheckpointManifest(**(fields | {"passes": passes}))
    except (KeyError, TypeError) as error:
        raise InputError(f"{path} is not a manifest of tsuke: {error}") from error


def _check_same(found: CheckpointManifest, wanted: CheckpointManifest, directory: Path) -> None:
    """Refuse to continue a directory that another checkpoint was made in."""
    differences = [
        f"{label} ({there} there, {here} now)"
        for label, there, here in (
            ("date", found.date, wanted.date),
            ("replications", found.replications, wanted.replications),
        )
        if there != here
    ]
    if found.config_digest != wanted.config_digest and not differences:
        differences.append("the configuration")
    differences += code_differences(found.code, wanted.code)
    if differences:
        raise another_run(directory, differences)
