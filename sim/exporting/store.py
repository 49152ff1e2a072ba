"""The directory of an export: one file a table, replication and month, whole or absent.

::

    export.json                  what is exported, from which run, by which code
    config.yaml                  the whole configuration, resolved
    panel/00000-2026-01.parquet  January 2026 of replication 0; likewise the other tables
    finished/00000.json          written last, so its presence means "all months are there"

Only the process that exports writes, and only one at a time (see `LockedDirectory`).
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from models.errors import InputError
from sim.atomic import make_directory, write_parquet, write_text
from sim.config import Config
from sim.config_loading import config_digest, dump_yaml
from sim.experiment.directory import DirectoryStore
from sim.experiment.manifest import CONFIG, NOT_IN_IDENTITY, another_run, code_differences
from sim.exporting.choice import Choice
from sim.provenance import code
from sim.spreadsheets import harmless

EXPORT = "export.json"
FINISHED = "finished"
FORMAT = 1
"""Layout of an export; a directory of another layout is refused."""


class ExportStore(DirectoryStore):
    """The directory of one export, as a context that holds its lock.

    Parameters
    ----------
    directory
        Where the files go; created if it is missing.
    config
        The run.
    choice
        What is exported.
    """

    SEALS = f"{FINISHED}/*.json"

    def __init__(self, directory: Path, config: Config, choice: Choice) -> None:
        super().__init__(directory)
        self._config = config
        self._choice = choice

    def is_finished(self, replication: int) -> bool:
        """Tell whether all months of a replication are there."""
        return self._seal(replication).exists()

    def save_month(self, replication: int, month: dt.date, table: str, frame: pl.DataFrame) -> None:
        """Write a month of a table."""
        name = f"{replication:05d}-{month:%Y-%m}.{self._choice.file_format}"
        path = self.directory / table / name
        if self._choice.file_format == "csv":
            write_text(path, as_csv(frame))
        else:
            write_parquet(path, frame)

    def finish(self, replication: int, rows: Mapping[str, int]) -> None:
        """Seal a replication with the number of rows by table."""
        write_text(self._seal(replication), json.dumps({"rows": dict(rows)}) + "\n")

    def _open(self) -> None:
        """Prove that the locked directory is ours to continue, and begin."""
        folders = (*self._choice.what, FINISHED)
        here = self._identity()
        there = self._found()
        if there is None:
            self._held.claim(folders)
        elif there != here:
            raise another_run(self.directory, _differences(there, here))
        for folder in folders:
            make_directory(self.directory / folder)
        self._held.remove_temporary_files(*folders)
        write_text(self.directory / CONFIG, dump_yaml(self._config))
        write_text(self.directory / EXPORT, json.dumps(here, indent=2) + "\n")

    def _identity(self) -> dict[str, Any]:
        """Describe what must be the same in everything that a directory holds."""
        choice = {**asdict(self._choice), "what": list(self._choice.what)}
        return {
            "format": FORMAT,
            "name": self._config.name,
            "config_digest": config_digest(self._config, NOT_IN_IDENTITY),
            **choice,
            "code": dict(code()),
        }

    def _found(self) -> dict[str, Any] | None:
        """Read what the directory holds, None where it holds no export."""
        path = self.directory / EXPORT
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise InputError(f"{path} cannot be read as that of an export: {error}") from error
        if not isinstance(fields, dict) or fields.get("format") != FORMAT:
            raise InputError(f"{path} is not that of an export in format {FORMAT}")
        return fields

    def _seal(self, replication: int) -> Path:
        """Name the seal of a replication."""
        return self.directory / FINISHED / f"{replication:05d}.json"


def as_csv(frame: pl.DataFrame) -> str:
    r"""Give a frame as comma-separated text, in which no cell is a formula to a spreadsheet.

    >>> as_csv(pl.DataFrame({"resource": ["=1+1", "calls"], "yen": [-5, 3]}))
    "resource,yen\n'=1+1,-5\ncalls,3\n"
    """
    return frame.with_columns(harmless(pl.col(pl.String))).write_csv()


def _differences(there: dict[str, Any], here: dict[str, Any]) -> list[str]:
    """Say in what two exports differ."""
    names = [name for name in here if name != "code" and there.get(name) != here[name]]
    texts = [f"{name} ({there.get(name)} there, {here[name]} now)" for name in names]
    return texts + code_differences(there["code"], here["code"])
