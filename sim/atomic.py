"""Files that are whole or absent: temporary file, fsync, rename, fsync of the directory.

A reader never sees half a file, whatever kills the writer, and a write that fails leaves nothing
behind. Bytes repeat: the same content gives the same file.
"""

import contextlib
import hashlib
import io
import os
from pathlib import Path

import polars as pl

TEMPORARY_SUFFIX = ".tmp"
"""Ending of files in the making; only a killed writer leaves one."""


class OutputError(Exception):
    """A result that cannot be written; the message names the path and the reason."""


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file so that it is durable and whole, or leave the old one untouched.

    Parameters
    ----------
    path
        File to create or replace; its directory exists.
    data
        The whole content.

    Raises
    ------
    OutputError
        If the file cannot be written (no space, no permission, not a directory, ...).
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY_SUFFIX}")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_directory(path.parent)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {_reason(error)}") from error
    finally:
        # Gone after a successful rename; after a failure (or Ctrl-C) it must not stay.
        with contextlib.suppress(OSError):
            temporary.unlink()


def write_text(path: Path, text: str) -> None:
    """Write a text file as UTF-8 with the line ends it has; see `write_bytes`."""
    write_bytes(path, text.encode())


def write_parquet(path: Path, frame: pl.DataFrame) -> str:
    """Write a frame as Parquet and return the SHA-256 of the file; see `write_bytes`.

    Column statistics are left out, since they may differ between equal frames.
    """
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", statistics=False)
    data = buffer.getvalue()
    write_bytes(path, data)
    return hashlib.sha256(data).hexdigest()


def make_directory(path: Path) -> None:
    """Create a directory and its parents where they are missing.

    Raises
    ------
    OutputError
        If it cannot be created, or if something else has its name.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        taken = Path(error.filename)  # the directory, or one above it
        is_broken = taken.is_symlink() and not taken.exists()
        why = f"{taken} is a link that leads nowhere" if is_broken else "a file has that name"
        raise OutputError(f"cannot create the directory {path}: {why}") from error
    except OSError as error:
        raise OutputError(f"cannot create the directory {path}: {_reason(error)}") from error


def remove(path: Path) -> None:
    """Remove a file if it is there; raise `OutputError` if it resists."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"cannot remove {path}: {_reason(error)}") from error


def _sync_directory(directory: Path) -> None:
    """Make a rename durable."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reason(error: OSError) -> str:
    """Say what the operating system said, without number and path."""
    return error.strerror or str(error)
