"""A sweep that is killed again and again: what is finished stays, and the result is the same.

Loading the program takes longer than the small sweep itself, so one process loads it and forks a
``tsuke sweep`` for each attempt. It uses no polars before it forks, so no thread is lost.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

import sim

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 240
LEAST_KILLS = 20
KILLS_A_ROUND = 8
"""At most; a sweep that comes to its end before ends its round."""

BASE = """\
name: small
months: 3
seed: 5
population: {members: 50}
experiment: {replications: 2}
"""
SWEEP = """\
name: rates
base: base.yaml
design:
  kind: grid
  parameters:
    rho: {path: macro.rho, values: [0.0, 0.1]}
    share: {path: products.atone.per_use_limit_share, values: [0.5, 1.0]}
"""


def seals(folder: Path) -> dict[str, tuple[int, int]]:
    """Give file number and time of each finished replication."""
    found = {}
    for path in sorted(folder.glob("points/*/replications/*.json")):
        state = path.stat()
        found[str(path.relative_to(folder))] = state.st_ino, state.st_mtime_ns
    return found


def attempt(folder: Path, arguments: Sequence[str], kill_after: float | None) -> bool:
    """Fork a ``tsuke sweep`` and kill it after a while; tell whether it came to its end."""
    from sim.cli import main

    process = os.fork()
    if process == 0:
        code = 70
        try:
            # What it prints would mix with the story that the parent prints.
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            code = main(["sweep", "sweep.yaml", "--out", str(folder), *arguments])
        finally:
            os._exit(code)
    if kill_after is not None:
        end = time.monotonic() + kill_after
        while time.monotonic() < end:
            if os.waitpid(process, os.WNOHANG) != (0, 0):
                return True
            time.sleep(0.002)
        os.kill(process, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0


def story() -> None:
    """Kill sweeps at random moments and print what became of them."""
    import sim.engine.simulation
    import sim.experiment.sweeps.running
    import sim.metrics  # noqa: F401 - loaded once, before the forks

    moments = random.Random(20261122)  # noqa: S311 - when to kill, not what is simulated
    began = time.monotonic()
    assert attempt(Path("undisturbed"), ["--jobs", "1"], None)
    usual = time.monotonic() - began
    kills, repeated, counts, digests = 0, [], [], []
    while kills < LEAST_KILLS:
        folder = Path(f"killed{len(digests)}")
        is_done, n_attempts = False, 0
        while not is_done:
            before = seals(folder)
            # After some kills nobody disturbs the last attempt.
            patience = moments.uniform(0.05, 0.5) * usual if n_attempts < KILLS_A_ROUND else None
            is_done = attempt(folder, ["--jobs", "1"], patience)
            after = seals(folder)
            repeated += [name for name in before if after.get(name) != before[name]]
            n_attempts += 1
            kills += not is_done
            counts.append(len(after))
        digests.append(digest(folder))
    told = {"kills": kills, "repeated": repeated, "counts": counts, "digests": digests}
    print(json.dumps({**told, "undisturbed": digest(Path("undisturbed"))}))


def digest(folder: Path) -> str:
    """Return the digest that a finished sweep wrote."""
    return str(json.loads((folder / "manifest.json").read_text())["result_digest"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "sweep.yaml").write_text(SWEEP)
    return tmp_path


def python(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    """Start a Python of this tree."""
    path = os.pathsep.join([str(Path(__file__).parent), str(ROOT)])
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_a_sweep_killed_at_many_moments_repeats_nothing_and_gives_the_same_digest(
    folder: Path,
) -> None:
    process = python(folder, "-c", "import test_sweep_killed as it; it.story()")
    out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, err
    told = json.loads(out)
    assert told["kills"] >= LEAST_KILLS
    assert told["repeated"] == []
    # Some attempts were killed in the middle, whatever part of them is the report.
    assert any(0 < count < max(told["counts"]) for count in told["counts"])
    assert set(told["digests"]) == {told["undisturbed"]}
    assert list(folder.rglob("*.tmp")) == []
    assert sim.load(folder / "undisturbed").digest == told["undisturbed"]
