"""The results directory: what is finished is durable, what is torn is found and done again.

::

    manifest.json             who made this, from what, with which result (see `Manifest`)
    config.yaml               the whole configuration, resolved
    replications/00000.parquet  facts of one replication
    replications/00000.json     its SHA-256; written last, so its presence means "finished"
    ledger.parquet, events.parquet  of the recorded members of replication 0, if any
    failures.json             replications that failed in the last run, if any
    metrics/*.parquet, summary.json, figures/, report.html  once all replications are there

Only the coordinator writes, and only one at a time: it holds a lock that the operating system
takes away when the process ends, however it ends.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import polars as pl

from models.errors import InputError
from sim.atomic import (
    TEMPORARY_SUFFIX,
    OutputError,
    make_directory,
    remove,
    write_parquet,
    write_text,
)
from sim.config import Config
from sim.config_loading import dump_yaml
from sim.experiment.digest import FACT_SCHEMA
from sim.experiment.manifest import CONFIG, MANIFEST, Manifest, check_same, read_manifest
from sim.experiment.tasks import Done, Failure

REPLICATIONS = "replications"
METRICS = "metrics"
SUMMARY = "summary.json"
FAILURES = "failures.json"
RECORDS = ("ledger", "events")
LOCK = ".lock"

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*")


def default_directory(name: str) -> Path:
    """Return ``results/<name>``, refusing a name that would not stay inside ``results``.

    Raises
    ------
    InputError
        If the name holds more than letters, digits, hyphen, underscore and inner full stops.
    """
    if not _NAME.fullmatch(name):
        raise InputError(
            f"name: got {name!r}, which cannot name a directory; allowed: letters, digits, '-', "
            "'_' and '.' (not first). Rename the configuration, or choose a directory with --out."
        )
    return Path("results") / name


class Store:
    """The results directory of one run, as a context that holds its lock.

    Parameters
    ----------
    directory
        Where the results go; created if it is missing. A directory that this run created and in
        which nothing was finished disappears when the run ends with an exception.
    config
        The configuration, written out whole.
    manifest
        The run that starts.
    recorded
        What is kept of replication 0 beside its facts, as one text; empty for nothing.
    """

    def __init__(self, directory: Path, config: Config, manifest: Manifest, recorded: str) -> None:
        self.directory = directory
        self.done: set[int] = set()
        """Replications that are finished and durable."""
        self._config = config
        self._manifest = manifest
        self._recorded = recorded
        self._lock: int | None = None
        self._created: list[Path] = []
        self._is_new = False
        self._is_worth_keeping = False

    def __enter__(self) -> "Store":
        """Create or reopen the directory."""
        parents = (self.directory, *self.directory.parents)
        self._created = [path for path in parents if not path.exists()]
        try:
            self._open()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the lock back; remove a new directory in which nothing was finished."""
        has_finished = any((self.directory / REPLICATIONS).glob("*.json"))
        self._is_worth_keeping |= error is None or has_finished
        self._leave()

    def find_finished(self, replications: Iterable[int]) -> set[int]:
        """Return the replications whose facts are here and whole."""
        self.done = {number for number in replications if self._is_whole(number)}
        return self.done

    def save(self, done: Done) -> None:
        """Make one finished replication durable."""
        facts, seal = _replication_files(self.directory, done.replication)
        # First, since an old seal would vouch for old facts beside a new ledger.
        remove(seal)
        for name, frame in (("ledger", done.ledger), ("events", done.events)):
            if frame is not None:
                write_parquet(self.directory / f"{name}.parquet", frame)
        recorded = self._recorded if done.ledger is not None else ""
        fields = {"sha256": write_parquet(facts, done.facts), "recorded": recorded}
        write_text(seal, json.dumps(fields) + "\n")
        self.done.add(done.replication)

    def save_failures(self, failures: Sequence[Failure]) -> None:
        """Write ``failures.json``."""
        text = json.dumps([failure.as_dict() for failure in failures], indent=2)
        write_text(self.directory / FAILURES, text + "\n")
        self._is_worth_keeping = True

    def facts(self, replications: Sequence[int]) -> pl.DataFrame:
        """Read the facts of finished replications, in their order."""
        return read_facts(self.directory, replications)

    def records(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Read ledger and events of the recorded members, empty where none is."""
        return read_records(self.directory)

    def save_result(
        self, digest: str, metrics: Mapping[str, pl.DataFrame], summary: Mapping[str, object]
    ) -> None:
        """Write the metrics, the summary and, last, the manifest of the finished run."""
        folder = self.directory / METRICS
        make_directory(folder)
        for old in folder.glob("*.parquet"):
            if old.stem not in metrics:
                remove(old)
        for name, table in metrics.items():
            write_parquet(folder / f"{name}.parquet", table)
        text = json.dumps(summary, indent=2, ensure_ascii=False, allow_nan=False)
        write_text(self.directory / SUMMARY, text + "\n")
        self._manifest.with_result(digest).save(self.directory)

    def _open(self) -> None:
        """Take the lock and prove that the directory is ours to continue."""
        make_directory(self.directory)
        self._lock = _lock(self.directory)
        found = read_manifest(self.directory)
        if found is None:
            self._refuse_strangers()
            # Known only now, under the lock: another run may have come first.
            self._is_new = self.directory in self._created
        else:
            check_same(found, self._manifest, self._config, self.directory)
        make_directory(self.directory / REPLICATIONS)
        self._clean()
        self._manifest.save(self.directory)
        write_text(self.directory / CONFIG, dump_yaml(self._config))

    def _refuse_strangers(self) -> None:
        """Refuse a directory with files but without manifest."""
        entries = [path for path in self.directory.iterdir() if not _is_leftover(path)]
        if entries:
            raise InputError(
                f"{self.directory} is not empty and is no results directory (it has no {MANIFEST}, "
                f"but {entries[0].name}); choose another directory with --out"
            )

    def _clean(self) -> None:
        """Remove what a killed run left and what this run would contradict."""
        for folder in (self.directory, self.directory / REPLICATIONS, self.directory / METRICS):
            for path in folder.glob(f".*{TEMPORARY_SUFFIX}"):
                remove(path)
        remove(self.directory / FAILURES)
        if not self._recorded:
            for name in RECORDS:
                remove(self.directory / f"{name}.parquet")

    def _is_whole(self, number: int) -> bool:
        """Tell whether the facts of a replication agree with their seal."""
        facts, seal = _replication_files(self.directory, number)
        try:
            fields = json.loads(seal.read_text(encoding="utf-8"))
            is_whole: bool = hashlib.sha256(facts.read_bytes()).hexdigest() == fields["sha256"]
            is_recorded: bool = fields["recorded"] == self._recorded
        except (OSError, ValueError, KeyError, TypeError):
            return False
        if number != 0 or not self._recorded:
            return is_whole
        records = [self.directory / f"{name}.parquet" for name in RECORDS]
        return is_whole and is_recorded and all(path.exists() for path in records)

    def _leave(self) -> None:
        """Remove what is not worth keeping and give the lock back."""
        if self._is_new and not self._is_worth_keeping:
            shutil.rmtree(self.directory, ignore_errors=True)
        if self._lock is not None:
            _unlock(self._lock, self.directory)
            self._lock = None
        for path in self._created:
            with contextlib.suppress(OSError):
                path.rmdir()  # only what is empty


def read_facts(directory: Path, replications: Sequence[int]) -> pl.DataFrame:
    """Read the facts of finished replications, in the order given.

    Raises
    ------
    InputError
        If a file is missing or is not a file of facts.
    """
    frames = []
    for number in replications:
        path, _ = _replication_files(directory, number)
        frames.append(_read_frame(path))
    return pl.concat(frames) if frames else pl.DataFrame(schema=FACT_SCHEMA)


def read_records(directory: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read ledger and events of the recorded members, empty frames where none is."""
    paths = [directory / f"{name}.parquet" for name in RECORDS]
    ledger, events = (_read_frame(path) if path.exists() else pl.DataFrame() for path in paths)
    return ledger, events


def read_metrics(directory: Path) -> dict[str, pl.DataFrame]:
    """Read the metric tables by name."""
    return {
        path.stem: _read_frame(path) for path in sorted((directory / METRICS).glob("*.parquet"))
    }


def _read_frame(path: Path) -> pl.DataFrame:
    """Read a Parquet file whole."""
    try:
        return pl.read_parquet(path.read_bytes())
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InputError(f"cannot read {path}: {error}") from error


def _replication_files(directory: Path, number: int) -> tuple[Path, Path]:
    """Name the facts of a replication and their seal."""
    stem = directory / REPLICATIONS / f"{number:05d}"
    return stem.with_suffix(".parquet"), stem.with_suffix(".json")


def _is_leftover(path: Path) -> bool:
    """Tell whether a file is one that a run killed at its very start leaves."""
    is_empty_folder = path.name == REPLICATIONS and path.is_dir() and not any(path.iterdir())
    is_ours = path.name == LOCK or (path.name[0] == "." and path.name.endswith(TEMPORARY_SUFFIX))
    return is_ours or is_empty_folder


def _lock(directory: Path) -> int:
    """Take the lock of a directory."""
    path = directory / LOCK
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise OutputError(f"cannot write {path}: {error.strerror}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The holder before us may have removed the file between our open and our lock.
            if path.exists() and os.fstat(descriptor).st_ino == path.stat().st_ino:
                return descriptor
        except BlockingIOError as error:
            os.close(descriptor)
            raise InputError(
                f"another run is writing to {directory}; wait for its end, or choose another "
                "directory with --out"
            ) from error
        except OSError as error:
            os.close(descriptor)
            raise OutputError(f"cannot lock {path}: {error.strerror}") from error
        os.close(descriptor)


def _unlock(descriptor: int, directory: Path) -> None:
    """Give a lock back and remove its file."""
    with contextlib.suppress(OSError):
        (directory / LOCK).unlink()
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    os.close(descriptor)
