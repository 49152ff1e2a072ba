"""What ``tsuke status`` finds in the files of runs and sweeps, and how it says it."""

import json
import os
import time
from pathlib import Path

import pytest

from models.errors import InputError
from sim.cli.status import status_text
from sim.config import Config
from sim.experiment.manifest import manifest_of
from sim.experiment.status import Status, status
from sim.experiment.sweeps.point import Point
from sim.experiment.sweeps.store import PointEntry, SweepManifest

BEGAN = 1_790_000_000


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock a minute and a half after the beginning."""
    monkeypatch.setattr(time, "time", lambda: BEGAN + 90.0)
    monkeypatch.setattr("sim.experiment.manifest.now", lambda: "2026-09-21T14:13:20+00:00")


def run_directory(folder: Path, config: Config, sealed_after: list[float], failed: int = 0) -> None:
    """Make the directory of a run whose replications were finished at some seconds."""
    wanted = config.experiment.replications
    (folder / "replications").mkdir(parents=True)
    manifest_of(config, replications=wanted, driver="cohort").save(folder)
    for number, seconds in enumerate(sealed_after):
        seal = folder / "replications" / f"{number:05d}.json"
        seal.touch()
        os.utime(seal, (BEGAN + seconds, BEGAN + seconds))
    if failed:
        (folder / "failures.json").write_text(json.dumps([{}] * failed))


def test_a_run_that_goes_on_tells_rate_and_end_from_the_times_of_its_files(tmp_path: Path) -> None:
    run_directory(tmp_path, Config(), [-500.0, 20.0, 40.0, 60.0, 80.0])
    found = status(tmp_path)
    assert (found.kind, found.done, found.failed, found.left) == ("run", 5, 0, 15)
    assert found.per_second == 4 / 80  # the one from an earlier start does not count
    assert (found.seconds_left, found.idle_seconds) == (300.0, 10.0)
    assert not found.seems_stopped
    told = status_text(found)
    assert "run           run, going on" in told
    assert "rate          180 replications an hour" in told
    assert "end           in 0:05:00, at " in told


def test_a_run_that_was_stopped_says_so_and_promises_no_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_directory(tmp_path, Config(), [20.0, 40.0])
    monkeypatch.setattr(time, "time", lambda: BEGAN + 4000.0)
    found = status(tmp_path)
    assert found.seems_stopped
    told = status_text(found)
    assert "stopped, it seems; the same command goes on" in told
    assert "idle          for 1:06:00" in told
    assert "\nend " not in told


def test_failures_are_neither_done_nor_left(tmp_path: Path) -> None:
    run_directory(tmp_path, Config(), [float(second) for second in range(1, 18)], failed=3)
    found = status(tmp_path)
    assert (found.done, found.failed, found.left) == (17, 3, 0)


def test_a_sweep_adds_its_points_up_and_counts_equal_ones_once(tmp_path: Path) -> None:
    configs = [Config(seed=seed) for seed in (1, 2, 3)]
    entries = [PointEntry.of(Point(k, {"s": k}, config)) for k, config in enumerate(configs)]
    again = PointEntry.of(Point(3, {"s": 0}, configs[0]))
    SweepManifest(
        name="seeds",
        points=(*entries, again),
        code=manifest_of(configs[0], replications=1, driver="cohort").code,
        surroundings=manifest_of(configs[0], replications=1, driver="cohort").surroundings,
        started="2026-09-21T14:13:20+00:00",
    ).save(tmp_path)
    points = tmp_path / "points"
    whole = [float(second) for second in range(1, 21)]
    run_directory(points / entries[0].directory, configs[0], whole)
    run_directory(points / entries[1].directory, configs[1], [30.0], failed=2)
    found = status(tmp_path)
    assert (found.kind, found.points, found.points_done, found.points_failed) == ("sweep", 3, 1, 1)
    assert (found.done, found.failed, found.wanted, found.left) == (21, 2, 60, 37)
    assert "points        1 of 3 done, 1 failed" in status_text(found)


def test_what_is_no_results_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is no results directory: it has no manifest\.json"):
        status(tmp_path)
    (tmp_path / "manifest.json").write_text("[]")
    with pytest.raises(InputError, match="is not a manifest of tsuke"):
        status(tmp_path)


def test_nothing_finished_yet_has_no_rate() -> None:
    found = Status("run", "a", False, 0, 0, 20, 0, 0, 0, None, 5.0)
    assert not found.seems_stopped
    assert found.seconds_left is None
    assert "left          20" in status_text(found)
