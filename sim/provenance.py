"""Where a result comes from: code, configuration, versions, machine.

What is written here goes into the manifest of every results directory; a run can be rebuilt from
it. The source digest covers what decides a simulated number and leaves out what only counts,
draws, stores or prints, so that a better report does not make old results unusable.
"""

import hashlib
import platform
import shutil
import subprocess
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TypedDict

PACKAGES = ("holidays", "numpy", "polars", "pydantic", "scipy", "simpy")
"""Packages whose version may matter for a result."""

NOT_SIMULATING = frozenset(
    {
        "sim/atomic.py",
        "sim/cli",
        "sim/experiment",
        "sim/exporting",
        "sim/metrics",
        "sim/provenance.py",
        "sim/report",
        "sim/rules.py",
        "sim/spreadsheets.py",
        "sim/trace.py",
        "sim/validate",
    }
)
"""Sources that read, store or show results without deciding any of them."""


class Code(TypedDict):
    """Identity of the code that simulates."""

    version: str
    """Version of the installed package."""
    commit: str | None
    """Commit of the work tree the code runs from, ``-dirty`` if changed; None outside one."""
    source_digest: str
    """SHA-256 of the sources that decide a simulated number."""


class Surroundings(TypedDict):
    """What the code ran on."""

    python: str
    packages: dict[str, str]
    platform: str


def code() -> Code:
    """Identify the running code."""
    root = source_root()
    return Code(version=version(), commit=commit(root), source_digest=source_digest(root))


def surroundings() -> Surroundings:
    """Name the Python, the packages and the platform."""
    return Surroundings(
        python=platform.python_version(),
        packages={name: _version(name) for name in PACKAGES},
        platform=f"{platform.system()} {platform.release()} {platform.machine()}",
    )


def source_root() -> Path:
    """Return the directory that holds the packages ``models`` and ``sim``."""
    return Path(__file__).resolve().parent.parent


def source_digest(root: Path) -> str:
    """Hash the simulating sources below a root.

    Parameters
    ----------
    root
        Directory that holds ``models`` and ``sim``.

    Returns
    -------
    str
        SHA-256 over path and content of each Python file, in the order of their paths.
    """
    digest = hashlib.sha256()
    for name in simulating_sources(root):
        content = (root / name).read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def simulating_sources(root: Path) -> Sequence[str]:
    """List the sources that decide a simulated number, relative to the root, sorted."""
    found = (path for package in ("models", "sim") for path in (root / package).rglob("*.py"))
    names = sorted(path.relative_to(root).as_posix() for path in found)
    return [name for name in names if not _is_excluded(name)]


def version() -> str:
    """Return the version of the work tree, or of the installed package."""
    project = source_root() / "pyproject.toml"
    if project.exists():
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
    return _version("tsuke")


def commit(root: Path) -> str | None:
    """Return the commit of a work tree whose top is the root, ``-dirty`` if it was changed."""
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        return None
    head = _git(git, root, "rev-parse", "--verify", "HEAD")
    if head is None:
        return None
    changed = _git(
        git, root, "status", "--porcelain", "--untracked-files=no", "--", "models", "sim"
    )
    return f"{head}-dirty" if changed else head


def now() -> str:
    """Return the present moment in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _git(git: str, root: Path, *arguments: str) -> str | None:
    """Ask git; None if it has no answer."""
    command = [git, "-C", str(root), *arguments]
    try:
        answer = subprocess.run(  # noqa: S603 - fixed arguments, no shell
            command, capture_output=True, text=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def _is_excluded(name: str) -> bool:
    """Tell whether a source, or a directory above it, decides no simulated number."""
    parts = name.split("/")
    return any("/".join(parts[:depth]) in NOT_SIMULATING for depth in range(1, len(parts) + 1))


def _version(package: str) -> str:
    """Return the version of an installed package."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
