"""Sweeps with the engine: one result whoever simulates, reuse, failing points, stopping rules."""

import errno
import json
import os
import shutil
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import ParamSpec, TypeVar

import polars as pl
import pytest

import sim
from models.errors import InputError
from sim.atomic import OutputError
from sim.cli import main
from sim.config import Config
from sim.experiment.design import Sweep, load_sweep
from sim.experiment.replications import Interrupted
from sim.experiment.sweeps import running
from sim.experiment.sweeps.points import Points
from sim.experiment.workers.tasks import Driver, Outcome
from sim.experiment.workers.tasks import engine as simulate_it
from sim.record.eventlog import Record

P = ParamSpec("P")
T = TypeVar("T")

BASE = "months: 2\nseed: 5\npopulation: {members: 30}\nexperiment: {replications: 2}\n"
SWEEP = """\
name: rhos
base: base.yaml
design: {{kind: grid, parameters: {{rho: {{path: macro.rho, values: {rhos}}}}}}}
"""
PRECISION = (
    "experiment.precision={targets: [{metric: approval_rate, absolute: 0.12}], "
    "batch: 2, minimum: 2, maximum: 8}"
)


def fails_at_two_percent(
    config: Config, replications: Sequence[int], *, driver: Driver, record: Record
) -> Outcome:
    if config.macro.rho == 0.02:
        raise ArithmeticError("the trial balance does not close")
    return simulate_it(config, replications, driver=driver, record=record)


def refuses_two_percent(
    config: Config, replications: Sequence[int], *, driver: Driver, record: Record
) -> Outcome:
    if config.macro.rho == 0.02:
        raise InputError("start: the bank calendar ends before the horizon")
    return simulate_it(config, replications, driver=driver, record=record)


def not_called(
    config: Config,
    replications: Sequence[int],
    *,
    driver: Driver,  # noqa: ARG001 - a stand-in has the signature of what it stands for
    record: Record,  # noqa: ARG001
) -> Outcome:
    raise AssertionError(f"simulated again: {config.macro.rho}, {replications}")


class LastFirst(Executor):
    """Performs the tasks that it was given in reverse, when it has some of them."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._waiting: deque[Callable[[], None]] = deque()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Note the task; the last ones come first."""
        future: Future[T] = Future()
        self._waiting.append(lambda: future.set_result(fn(*args, **kwargs)))
        if len(self._waiting) == self._at_once:
            while self._waiting:
                self._waiting.pop()()
        return future


RHOS = (0.0, 0.02, 0.1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path, RHOS)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> sim.SweepResult:
    """Finish the sweep of `file` once, into a directory that nobody changes."""
    folder = tmp_path_factory.mktemp("finished")
    return sim.sweep(write(folder, RHOS), jobs=1, out=folder / "out")


@pytest.fixture
def out_of_finished(finished: sim.SweepResult, tmp_path: Path) -> Path:
    """Give a copy of the directory of the finished sweep."""
    assert finished.directory is not None
    return Path(shutil.copytree(finished.directory, tmp_path / "out"))


def write(folder: Path, rhos: Sequence[float]) -> Path:
    (folder / "base.yaml").write_text(BASE)
    (folder / "sweep.yaml").write_text(SWEEP.format(rhos=list(rhos)))
    return folder / "sweep.yaml"


def reverse(sweep: Sweep) -> Sweep:
    """Return a sweep whose points come last first, with the same numbers."""
    turned = sweep.model_copy()
    points = tuple(reversed(sweep.points()))
    object.__setattr__(turned, "_built", (points, tuple(sweep.rows())))
    return turned


def moments(folder: Path) -> dict[str, int]:
    """Give the time of each finished replication."""
    seals = folder.glob("points/*/replications/*.json")
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in seals}


def test_the_digest_does_not_depend_on_workers_or_on_the_order_of_tasks(
    file: Path, tmp_path: Path, finished: sim.SweepResult
) -> None:
    one = finished
    with ThreadPoolExecutor(3) as threads:
        others = [
            sim.sweep(file, jobs=2, out=tmp_path / "two"),
            running.sweep(file, jobs=3, executor=threads),
            # Two points of two replications a task each are in flight: 3 tasks, then nothing.
            running.sweep(file, jobs=3, executor=LastFirst(3), overrides=["replications=1"]),
            running.sweep(reverse(load_sweep(file)), jobs=1),
        ]
    assert one.digest is not None
    assert others[0].digest == others[1].digest == others[3].digest == one.digest
    assert others[0].table.equals(one.table)
    assert others[3].table.equals(one.table)
    assert others[2].digest == sim.sweep(file, jobs=1, overrides=["replications=1"]).digest


def test_the_table_is_tidy_and_says_what_each_point_is(
    file: Path, finished: sim.SweepResult
) -> None:
    table = finished.table
    assert table.columns == ["point", "rho", "replication", "metric", "value"]
    assert table.select("point", "rho").unique().sort("point").rows() == [
        (0, 0.0),
        (1, 0.02),
        (2, 0.1),
    ]
    per_metric = table.group_by("metric").len()["len"]
    assert set(per_metric) == {6}
    alone = sim.run(
        file.parent / "base.yaml", overrides=["macro.rho=0.02", "output.events=none"], jobs=1
    )
    found = table.filter((pl.col("point") == 1) & (pl.col("metric") == "posted_yen"))["value"]
    assert found.to_list() == alone.metrics["replications"]["posted_yen"].to_list()


def test_a_point_is_an_ordinary_results_directory(finished: sim.SweepResult) -> None:
    found = finished
    entry = found.points[1]
    assert found.directory is not None
    point = sim.load(found.directory / "points" / entry.directory)
    assert isinstance(point, sim.Result)
    assert point.config.macro.rho == 0.02
    assert point.digest == entry.result_digest == found.result(1).digest
    with pytest.raises(InputError, match="point: got 3; allowed: the number of a point"):
        found.result(3)


def test_a_finished_sweep_read_again_is_the_sweep(
    finished: sim.SweepResult, out_of_finished: Path
) -> None:
    wrote = finished
    read = sim.load(out_of_finished)
    assert isinstance(read, sim.SweepResult)
    assert (read.digest, read.points, read.failures) == (wrote.digest, wrote.points, {})
    assert read.table.equals(wrote.table)
    assert read.analyses.keys() == wrote.analyses.keys()
    again = sim.sweep(out_of_finished / "sweep.yaml", jobs=1)
    assert again.digest == wrote.digest


def test_more_points_in_another_order_and_more_replications_reuse_what_is_there(
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    sim.sweep(write(tmp_path, [0.0, 0.02]), jobs=1, out=out)
    before = moments(out)
    larger = write(tmp_path, [0.1, 0.02, 0.0])
    sim.sweep(larger, jobs=1, out=out)
    more = sim.sweep(larger, jobs=1, out=out, overrides=["replications=3"])
    assert len(before) == 4
    assert {name: moment for name, moment in moments(out).items() if name in before} == before
    assert more.digest == sim.sweep(larger, jobs=1, overrides=["replications=3"]).digest
    assert len(moments(out)) == 9


def test_a_finished_sweep_simulates_nothing_again(
    file: Path, finished: sim.SweepResult, out_of_finished: Path
) -> None:
    again = running.sweep(file, jobs=1, out=out_of_finished, simulate=not_called)
    assert again.digest == finished.digest
    assert again.table.equals(finished.table)


def test_equal_points_are_simulated_once_and_listed_each(tmp_path: Path) -> None:
    file = write(tmp_path, [0.0])
    grid = "{kind: grid, parameters: {a: {values: [1, 2]}, rho: {path: macro.rho, values: [0.1]}}}"
    file.write_text(f"name: twice\nbase: base.yaml\ndesign: {grid}\n")
    found = sim.sweep(file, jobs=1, out=tmp_path / "out")
    assert [entry.number for entry in found.points] == [0, 1]
    assert len({entry.directory for entry in found.points}) == 1
    assert set(found.table["a"]) == {1, 2}


def test_a_failing_point_is_recorded_with_its_traceback_and_stops_no_other(
    file: Path, tmp_path: Path, finished: sim.SweepResult, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    found = running.sweep(file, jobs=1, out=out, simulate=fails_at_two_percent)
    assert list(found.failures) == [1]
    assert [failure.replication for failure in found.failures[1]] == [0, 1]
    assert "in fails_at_two_percent" in found.failures[1][0].traceback
    assert (found.digest, set(found.table["point"])) == (None, {0, 2})
    assert sim.load(out).failures == found.failures
    assert main(["status", str(out)]) == 0
    told = capsys.readouterr().out
    assert "rhos, finished with failures" in told
    assert "2 of 3 done, 1 failed" in told
    mended = sim.sweep(file, jobs=1, out=out)
    assert mended.digest == finished.digest
    assert not list(out.glob("points/*/failures.json"))


def test_a_point_that_the_engine_refuses_fails_alone(file: Path, tmp_path: Path) -> None:
    found = running.sweep(file, jobs=1, out=tmp_path / "out", simulate=refuses_two_percent)
    assert list(found.failures) == [1]
    assert found.failures[1][0].type == "InputError"
    assert set(found.table["point"]) == {0, 2}


def test_a_point_whose_metrics_cannot_be_computed_fails_alone(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sim.metrics

    tables = sim.metrics.tables

    def broken(facts: pl.DataFrame, config: Config) -> dict[str, pl.DataFrame]:
        if config.macro.rho == 0.02:
            raise ZeroDivisionError("nobody bought anything")
        return tables(facts, config)

    monkeypatch.setattr("sim.metrics.tables", broken)
    found = sim.sweep(file, jobs=1)
    ((number, (failure,)),) = found.failures.items()
    assert (number, failure.stage, failure.message) == (1, "metrics", "nobody bought anything")


def test_other_simulating_code_is_refused_and_nothing_changes(
    file: Path, out_of_finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = out_of_finished
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    monkeypatch.setattr("sim.provenance.source_digest", lambda _: "f" * 64)
    with pytest.raises(InputError, match=r"the code that simulates \(.*sources ffffffffffff now"):
        sim.sweep(file, jobs=1, out=out)
    assert before == {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}


def test_another_base_is_kept_apart(
    file: Path, finished: sim.SweepResult, out_of_finished: Path
) -> None:
    out = out_of_finished
    other = sim.sweep(file, jobs=1, out=out, overrides=["seed=6"])
    again = running.sweep(file, jobs=1, out=out, simulate=not_called)
    assert again.digest == finished.digest != other.digest
    assert len(list((out / "points").iterdir())) == 6


def test_the_directory_of_a_run_is_no_directory_of_a_sweep_nor_the_reverse(
    file: Path, tmp_path: Path, out_of_finished: Path
) -> None:
    sim.run(file.parent / "base.yaml", jobs=1, out=tmp_path / "run", report=False)
    with pytest.raises(InputError, match="holds a run and no sweep"):
        sim.sweep(file, jobs=1, out=tmp_path / "run")
    with pytest.raises(InputError, match="holds a sweep; its points are below"):
        sim.run(file.parent / "base.yaml", jobs=1, out=out_of_finished)


def test_a_disk_that_fills_up_keeps_what_was_finished(
    file: Path, tmp_path: Path, finished: sim.SweepResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync, out = os.fsync, tmp_path / "out"

    def full_after_three(descriptor: int) -> None:
        if len(moments(out)) >= 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", full_after_three)
    with pytest.raises(OutputError, match="No space left"):
        sim.sweep(file, jobs=1, out=out)
    monkeypatch.undo()
    before = moments(out)
    resumed = sim.sweep(file, jobs=1, out=out)
    assert len(before) == 3
    assert {name: moment for name, moment in moments(out).items() if name in before} == before
    assert resumed.digest == finished.digest


def test_ctrl_c_says_what_is_kept_and_how_to_go_on(
    file: Path, tmp_path: Path, finished: sim.SweepResult
) -> None:
    def stopped(
        config: Config, replications: Sequence[int], *, driver: Driver, record: Record
    ) -> Outcome:
        if config.macro.rho == 0.1:
            raise KeyboardInterrupt
        return simulate_it(config, replications, driver=driver, record=record)

    with pytest.raises(Interrupted, match=r"stopped; 4 of 6 replications are finished and kept"):
        running.sweep(file, jobs=1, out=tmp_path / "out", simulate=stopped)
    with pytest.raises(InputError, match="is not finished; run it again with its command"):
        sim.load(tmp_path / "out")
    resumed = sim.sweep(file, jobs=1, out=tmp_path / "out")
    assert resumed.digest == finished.digest


def test_a_stopping_rule_takes_the_same_replications_whoever_simulates(tmp_path: Path) -> None:
    file = write(tmp_path, [0.0, 0.1])
    one = sim.sweep(file, jobs=1, overrides=[PRECISION])
    out = tmp_path / "out"
    sim.sweep(file, jobs=1, out=out, overrides=["replications=5"])
    before = moments(out)
    resumed = sim.sweep(file, jobs=2, out=out, overrides=[PRECISION])
    turned = running.sweep(reverse(load_sweep(file, [PRECISION])), jobs=1)
    assert one.digest == resumed.digest == turned.digest
    taken = [entry.replications for entry in resumed.points]
    assert taken == [4, 4]  # the half-widths at 2 and 4 are 0.185 and 0.110
    assert {name: moment for name, moment in moments(out).items() if name in before} == before
    summary = resumed.result(0).summary
    assert summary["replications"] == summary["stopping_rule"]["replications"] == taken[0]
    assert summary["stopping_rule"]["is_precise"]


def test_a_run_with_a_stopping_rule_is_the_same_in_one_go_and_resumed(
    file: Path, tmp_path: Path
) -> None:
    base = file.parent / "base.yaml"
    one = sim.run(base, jobs=1, overrides=[PRECISION])
    sim.run(base, jobs=1, replications=1, out=tmp_path / "out", report=False)
    resumed = sim.run(base, jobs=2, overrides=[PRECISION], out=tmp_path / "out", report=False)
    assert one.digest == resumed.digest == sim.load(tmp_path / "out").digest
    assert one.facts["replication"].n_unique() == one.summary["stopping_rule"]["replications"]


def test_a_number_of_replications_wins_over_the_stopping_rule(file: Path) -> None:
    found = sim.run(file.parent / "base.yaml", jobs=1, overrides=[PRECISION], replications=3)
    assert found.summary["replications"] == 3


def test_points_that_differ_in_nothing_but_their_replications_are_refused(file: Path) -> None:
    point = load_sweep(file).points()[0]
    experiment = point.config.experiment.model_copy(update={"replications": 7})
    other = replace(
        point, number=9, config=point.config.model_copy(update={"experiment": experiment})
    )
    with pytest.raises(InputError, match="points 0 and 9 differ in nothing but experiment"):
        Points([point, other], None)


def test_the_command_says_where_the_result_is(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["sweep", str(file), "--jobs", "1", "--out", str(out)]) == 0
    told, progress = capsys.readouterr()
    digest = json.loads((out / "manifest.json").read_text())["result_digest"]
    assert told.splitlines()[:3] == [
        "points         3 of 3 finished",
        f"result digest  {digest}",
        f"table          {out / 'metrics' / 'sweep.parquet'}",
    ]
    assert "6 of 6 replications" in progress
    assert main(["status", str(out)]) == 0
    assert "rhos, finished" in capsys.readouterr().out
