"""The results directory: what is finished is durable, what is torn is found and done again.

::

    manifest.json             who made this, from what, with which result (see `Manifest`)
    config.yaml               the whole configuration, resolved
    replications/00000.parquet  facts of one replication
    replications/00000.json     its SHA-256; written last, so its presence means "finished"
    ledger.parquet, events.parquet  of the recorded members of replication 0, if any
    failures.json             replications that failed in the last run, if any
    metrics/*.parquet, summary.json, figures/, report.html  once all replications are there

Only the coordinator writes, and only one at a time (see `LockedDirectory`).
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from models.errors import InputError
from sim.atomic import make_directory, remove, write_parquet, write_text
from sim.config import Config
from sim.config_loading import dump_yaml
from sim.experiment.digest import FACT_SCHEMA
from sim.experiment.directory import DirectoryStore
from sim.experiment.manifest import CONFIG, Manifest, check_same, read_manifest
from sim.experiment.workers.tasks import Done, Failure

REPLICATIONS = "replications"
METRICS = "metrics"
SUMMARY = "summary.json"
FAILURES = "failures.json"
RECORDS = ("ledger", "events")

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


class Store(DirectoryStore):
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

    SEALS = f"{REPLICATIONS}/*.json"

    def __init__(self, directory: Path, config: Config, manifest: Manifest, recorded: str) -> None:
        super().__init__(directory)
        self.done: set[int] = set()
        """Replications that are finished and durable."""
        self._config = config
        self._manifest = manifest
        self._recorded = recorded

    def found(self) -> Manifest | None:
        """Read the manifest that is there, None where there is none, and write nothing.

        Raises
        ------
        InputError
            If the directory belongs to another run.
        """
        found = read_manifest(self.directory)
        if found is not None:
            check_same(found, self._manifest, self._config, self.directory)
        return found

    def want(self, replications: int) -> None:
        """Note that the run wants another number of replications than it began with."""
        if replications != self._manifest.replications:
            self._manifest = replace(self._manifest, replications=replications)
            self._manifest.save(self.directory)

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
        self._save_json(FAILURES, [failure.as_dict() for failure in failures])

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
        self._save_tables(METRICS, metrics)
        text = json.dumps(summary, indent=2, ensure_ascii=False, allow_nan=False)
        write_text(self.directory / SUMMARY, text + "\n")
        self._manifest.with_result(digest).save(self.directory)

    def _open(self) -> None:
        """Prove that the locked directory is ours to continue, and begin."""
        if self.found() is None:
            self._held.claim((REPLICATIONS,))
        make_directory(self.directory / REPLICATIONS)
        self._held.remove_temporary_files(REPLICATIONS, METRICS)
        remove(self.directory / FAILURES)
        if not self._recorded:
            for name in RECORDS:
                remove(self.directory / f"{name}.parquet")
        self._manifest.save(self.directory)
        write_text(self.directory / CONFIG, dump_yaml(self._config))

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


def read_metric(directory: Path, name: str) -> pl.DataFrame:
    """Read one metric table.

    Raises
    ------
    InputError
        If it is missing or torn.
    """
    return _read_frame(directory / METRICS / f"{name}.parquet")


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
