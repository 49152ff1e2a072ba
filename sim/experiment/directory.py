"""A directory that one process at a time writes to, and that leaves no trace if nothing came of it.

The lock is one that the operating system takes away when the process ends, however it ends.
"""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Collection
from pathlib import Path
from types import TracebackType

from models.errors import InputError
from sim.atomic import TEMPORARY_SUFFIX, OutputError, make_directory, remove

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
