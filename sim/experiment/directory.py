"""A directory that one process at a time writes to, and that leaves no trace if nothing came of it.

The lock is one that the operating system takes away when the process ends, however it ends.
"""

import contextlib
import fcntl
import json
import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

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

LOCK = ".lock"


class LockedDirectory:
    """A directory of results, as a context that holds its lock.

    Parameters
    ----------
    path
        Created if it is missing, with its parents. What the context created disappears at its end
        unless `is_worth_keeping` was set or the context ended without an exception.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_worth_keeping = False
        self._is_ours = False
        self._lock: int | None = None
        self._created: list[Path] = []

    def __enter__(self) -> "LockedDirectory":
        """Create the directory where it is missing and take its lock."""
        self._created = [path for path in (self.path, *self.path.parents) if not path.exists()]
        try:
            make_directory(self.path)
            self._lock = _lock(self.path)
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
        """Remove what is not worth keeping and give the lock back."""
        self.is_worth_keeping |= error is None
        self._leave()

    def claim(self, empty_folders: Collection[str]) -> None:
        """Take a directory without manifest as ours.

        Parameters
        ----------
        empty_folders
            Names of folders that may be there, empty, since a run killed at its very start leaves
            them.

        Raises
        ------
        InputError
            If it holds files of someone else.
        """
        entries = [path for path in self.path.iterdir() if not _is_leftover(path, empty_folders)]
        if entries:
            raise InputError(
                f"{self.path} is not empty and is no results directory (it has no manifest.json, "
                f"but {entries[0].name}); choose another directory with --out"
            )
        # Known only now, under the lock: another run may have come first.
        self._is_ours = self.path in self._created

    def remove_temporary_files(self, *folders: str) -> None:
        """Remove what killed writers left in the directory and in some folders of it."""
        for folder in (self.path, *(self.path / name for name in folders)):
            for path in folder.glob(f".*{TEMPORARY_SUFFIX}"):
                remove(path)

    def _leave(self) -> None:
        """Remove what is not worth keeping and give the lock back."""
        if self._is_ours and not self.is_worth_keeping:
            shutil.rmtree(self.path, ignore_errors=True)
        if self._lock is not None:
            _unlock(self._lock, self.path)
            self._lock = None
        for path in self._created:
            with contextlib.suppress(OSError):
                path.rmdir()  # only what is empty


class DirectoryStore(ABC):
    """The directory of a run, a sweep or a checkpoint, as a context that holds its lock.

    Parameters
    ----------
    directory
        Created if it is missing. A directory that this context created and that holds no seal
        disappears when it ends with an exception.
    """

    SEALS: ClassVar[str]
    """Pattern of the files each of which vouches for something finished."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._held = LockedDirectory(directory)

    def __enter__(self) -> Self:
        """Create or reopen the directory."""
        with ExitStack() as opening:
            opening.enter_context(self._held)
            self._open()
            opening.pop_all()  # it is for __exit__ from here on
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the lock back; remove a new directory in which nothing was finished."""
        self._held.is_worth_keeping |= any(self.directory.glob(self.SEALS))
        self._held.__exit__(kind, error, trace)

    @abstractmethod
    def _open(self) -> None:
        """Prove that the locked directory is ours to continue, and begin."""

    def _save_json(self, name: str, content: object) -> None:
        """Write a file that is a reason to keep the directory."""
        write_text(self.directory / name, json.dumps(content, indent=2) + "\n")
        self._held.is_worth_keeping = True

    def _save_tables(self, folder: str, tables: Mapping[str, pl.DataFrame]) -> None:
        """Write Parquet files by name in place of all that a folder holds."""
        make_directory(self.directory / folder)
        for old in (self.directory / folder).glob("*.parquet"):
            if old.stem not in tables:
                remove(old)
        for name, table in tables.items():
            write_parquet(self.directory / folder / f"{name}.parquet", table)


def _is_leftover(path: Path, empty_folders: Collection[str]) -> bool:
    """Tell whether a file is one that a run killed at its very start leaves."""
    is_empty_folder = path.name in empty_folders and path.is_dir() and not any(path.iterdir())
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
