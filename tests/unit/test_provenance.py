"""What the manifest says about code, versions and machine."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim import provenance


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a small work tree with both packages."""
    for name in (
        "models/kernels/late.py",
        "sim/engine/night.py",
        "sim/rng.py",
        "sim/cli/run.py",
        "sim/report/figures/by_theme.py",
        "sim/metrics/vintages.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n")
    return tmp_path


@pytest.mark.parametrize("name", ["models/kernels/late.py", "sim/engine/night.py", "sim/rng.py"])
def test_a_changed_simulating_source_changes_the_digest(tree: Path, name: str) -> None:
    before = provenance.source_digest(tree)
    (tree / name).write_text("# changed\n")
    assert provenance.source_digest(tree) != before


@pytest.mark.parametrize(
    "name", ["sim/cli/run.py", "sim/report/figures/by_theme.py", "sim/metrics/vintages.py"]
)
def test_a_changed_showing_source_does_not_change_the_digest(tree: Path, name: str) -> None:
    before = provenance.source_digest(tree)
    (tree / name).write_text("# changed\n")
    assert provenance.source_digest(tree) == before


def test_a_new_or_renamed_source_changes_the_digest(tree: Path) -> None:
    before = provenance.source_digest(tree)
    (tree / "sim" / "rng.py").rename(tree / "sim" / "generator.py")
    renamed = provenance.source_digest(tree)
    (tree / "sim" / "engine" / "empty.py").touch()
    assert len({before, renamed, provenance.source_digest(tree)}) == 3


def test_content_cannot_move_from_one_source_to_the_next(tree: Path) -> None:
    (tree / "sim" / "a.py").write_text("12")
    (tree / "sim" / "b.py").write_text("3")
    before = provenance.source_digest(tree)
    (tree / "sim" / "a.py").write_text("1")
    (tree / "sim" / "b.py").write_text("23")
    assert provenance.source_digest(tree) != before


def test_the_digest_does_not_depend_on_where_the_tree_lies(tree: Path, tmp_path: Path) -> None:
    shutil.copytree(tree, tmp_path / "elsewhere", ignore=shutil.ignore_patterns("elsewhere"))
    assert provenance.source_digest(tmp_path / "elsewhere") == provenance.source_digest(tree)


def test_the_sources_of_this_project_are_found() -> None:
    names = provenance.simulating_sources(provenance.source_root())
    assert {"models/parameters.py", "sim/rng.py", "sim/record/ledger.py"} <= set(names)
    assert not {"sim/cli/run.py", "sim/experiment/store.py"} & set(names)


def test_everything_left_out_exists_or_is_planned() -> None:
    planned = {"sim/trace.py", "sim/validate"}
    root = provenance.source_root()
    assert all((root / name).exists() for name in provenance.NOT_SIMULATING - planned)


def git(tree: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    command = ["git", *identity, "-C", str(tree), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_the_commit_of_the_work_tree_is_named_and_marked_when_changed(tree: Path) -> None:
    assert provenance.commit(tree) is None
    git(tree, "init", "-q")
    assert provenance.commit(tree) is None
    git(tree, "add", ".")
    git(tree, "commit", "-q", "-m", "first")
    head = git(tree, "rev-parse", "HEAD")
    assert provenance.commit(tree) == head
    assert provenance.commit(tree / "sim") is None
    (tree / "sim" / "rng.py").write_text("# changed\n")
    assert provenance.commit(tree) == f"{head}-dirty"


def test_a_tree_without_git_has_no_commit(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / ".git").mkdir()
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert provenance.commit(tree) is None


def test_versions_of_python_and_packages_are_named() -> None:
    found = provenance.surroundings()
    assert found["python"] == ".".join(map(str, sys.version_info[:3]))
    assert found["packages"]["numpy"] == np.__version__
    assert set(found["packages"]) == set(provenance.PACKAGES)
    assert "not installed" not in found["packages"].values()


def test_the_version_is_that_of_the_project_file() -> None:
    text = (provenance.source_root() / "pyproject.toml").read_text()
    assert f'\nversion = "{provenance.code()["version"]}"\n' in text


def test_a_time_is_utc_to_the_second() -> None:
    assert provenance.now().endswith("+00:00")
    assert len(provenance.now()) == len("2026-11-22T01:02:03+00:00")
