"""From a configuration or a results directory to a directory of tables about single members."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from models.errors import InputError
from sim.config import Config, load_config
from sim.experiment.manifest import CONFIG, code_differences
from sim.experiment.progress import Progress, Silent
from sim.experiment.result import finished_manifest
from sim.experiment.store import default_directory
from sim.exporting.choice import Choice
from sim.exporting.months import SCHEMAS, begin, months
from sim.exporting.store import ExportStore
from sim.provenance import code

FOLDER = "export"
"""Folder of the export in a results directory."""


@dataclass(frozen=True)
class Export:
    """A finished export: its directory and what it holds."""

    directory: Path
    choice: Choice

    def scan(self, table: str) -> pl.LazyFrame:
        """Open a table of all replications and months, without reading it yet."""
        files = self.directory / table / f"*.{self.choice.file_format}"
        if self.choice.file_format == "csv":
            return pl.scan_csv(files, schema=SCHEMAS[table])
        return pl.scan_parquet(files)


def export(
    source: str | Path | Config,
    *,
    what: Sequence[str] = ("panel",),
    members: int | None = None,
    replications: int = 1,
    file_format: str = "parquet",
    overrides: Sequence[str] = (),
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Export:
    """Write what single members owed, paid and did; docs/data.md describes the tables.

    Parameters
    ----------
    source
        A configuration, its file, or the results directory of a finished run.
    what
        Tables: panel, transitions, events, ledger.
    members
        How many members, evenly spaced; all by default.
    replications
        How many replications, numbered from 0.
    file_format
        File format: parquet or csv.
    overrides
        ``path=value`` texts that win over a configuration file.
    out
        Directory of the export; by default ``export`` in the results directory, or
        ``results/<name>-export``. Replications that it holds are not simulated again.
    progress
        Told how far the export is; by default nobody is.

    Returns
    -------
    Export
        Its tables as lazy frames.

    Raises
    ------
    InputError
        If an argument, the source or the directory cannot be used.
    OutputError
        If a file cannot be written; what was finished before stays.
    """
    choice = Choice.of(what, file_format, members)
    if replications < 1:
        raise InputError(f"replications: got {replications}; allowed: at least 1")
    config, place = _source(source, overrides)
    directory = place if out is None else Path(out)
    progress = progress or Silent()
    with ExportStore(directory, config, choice) as store:
        missing = [number for number in range(replications) if not store.is_finished(number)]
        work = config.population.members * config.months
        progress.start(replications - len(missing), replications, work)
        try:
            for number in missing:
                _export_one(config, number, choice, store)
                progress.advance(1)
        finally:
            progress.stop()
    return Export(directory, choice)


def _source(source: str | Path | Config, overrides: Sequence[str]) -> tuple[Config, Path]:
    """Give the configuration of a source and where its export goes by default."""
    if isinstance(source, Config):
        if overrides:
            raise InputError("overrides: allowed with a configuration file only")
        return source, default_directory(f"{source.name}-export")
    path = Path(source)
    if not path.is_dir():
        config = load_config(path, overrides)
        return config, default_directory(f"{config.name}-export")
    if overrides:
        raise InputError(f"{path} holds a run as it is; allowed: settings with a configuration")
    manifest = finished_manifest(path)
    if differences := code_differences(manifest.code, code()):
        raise InputError(
            f"{path} holds a run that cannot be simulated again as it was; these differ: "
            f"{'; '.join(differences)}. Run it again into another directory, then export that."
        )
    return load_config(path / CONFIG), path / FOLDER


def _export_one(config: Config, replication: int, choice: Choice, store: ExportStore) -> None:
    """Export one replication."""
    worlds = begin(config, replication, choice.record(config.population.members))
    n_rows: Counter[str] = Counter()
    for month, tables in months(worlds, choice.what):
        for name, table in tables.items():
            store.save_month(replication, month, name, table)
            n_rows[name] += table.height
    store.finish(replication, n_rows)
