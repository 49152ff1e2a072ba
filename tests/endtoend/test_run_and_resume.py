"""Runs that are killed, stopped and continued, as real processes.

The engine is slowed down by a stand-in whose facts are a pure function of seed and replication, so
that a process can be killed in the middle of a small run.
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
from types import SimpleNamespace

import polars as pl
import pytest

import sim.experiment
from sim.atomic import write_text
from sim.config import Config, load_config
from sim.experiment.digest import FACT_SCHEMA
from sim.experiment.replications import run
from sim.experiment.workers.tasks import Driver
from sim.record.eventlog import Record

HERE = Path(__file__).resolve()
PATIENCE_SECONDS = 120
N_REPLICATIONS = 20

CONFIG = f"""\
name: small
months: 3
population: {{members: 60000}}
experiment: {{replications: {N_REPLICATIONS}}}
output: {{events: none}}
"""


def slow_engine(
    config: Config,
    replications: Sequence[int],
    *,
    driver: Driver,
    record: Record,
) -> SimpleNamespace:
    """Return made-up facts after a while."""
    assert (driver, record) == ("cohort", Record.nothing())
    time.sleep(0.1)
    rows = [
        (
            number,
            "np",
            "",
            "bills",
            month,
            f"k{key}",
            "",
            config.seed + number * key,
            month - key * number,
        )
        for number in replications
        for month in range(config.months)
        for key in range(100)
    ]
    facts = pl.DataFrame(rows, schema=FACT_SCHEMA, orient="row").sort(FACT_SCHEMA.names())
    return SimpleNamespace(facts=facts, ledger=pl.DataFrame(), events=pl.DataFrame())


def tables(facts: pl.DataFrame, _: Config) -> dict[str, pl.DataFrame]:
    return {"bills": facts.group_by("month").agg(pl.col("yen").sum()).sort("month")}


def summary(tables: dict[str, pl.DataFrame], _: Config) -> dict[str, object]:
    posted = {
        "metric": "posted_yen",
        "mean": tables["bills"]["yen"].sum(),
        "low": None,
        "high": None,
    }
    return {"confidence": 0.95, "headline": [posted]}


def write_report(directory: Path, language: str) -> Path:
    assert language == "en"
    write_text(directory / "report.html", "<html></html>")
    return directory / "report.html"


def stand_in() -> None:
    """Replace engine, metrics and report by stand-ins."""
    import functools

    import sim.experiment.replications
    import sim.metrics
    import sim.report

    sim.experiment.replications.run = functools.partial(run, simulate=slow_engine)
    sim.metrics.tables = tables
    sim.metrics.summary = summary
    sim.report.write_report = write_report


def command() -> None:
    """Be the command ``tsuke`` with the stand-ins."""
    from sim.cli import main

    # A test runner in the background of a shell hands down an ignored Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    stand_in()
    sys.exit(main())


def surroundings() -> dict[str, str]:
    """Let a process find this file and the tree."""
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE.parent), str(HERE.parents[2])])}


def start(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    """Start ``tsuke run`` in a process group of its own."""
    code = "import test_run_and_resume as story; story.command()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "run", "small.yaml", "--out", "out", *arguments],
        cwd=folder,
        env=surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finish(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    """Wait for the end; return exit code, standard output and standard error."""
    out, err = process.communicate(timeout=PATIENCE_SECONDS)
    return process.returncode, out, err


def finished(folder: Path) -> list[str]:
    """List the sealed replications."""
    return sorted(path.stem for path in (folder / "out" / "replications").glob("*.json"))


def wait_until_finished(folder: Path, least: int) -> None:
    """Wait until some replications are sealed."""
    end = time.monotonic() + PATIENCE_SECONDS
    while len(finished(folder)) < least and time.monotonic() < end:
        time.sleep(0.01)
    assert least <= len(finished(folder)) < N_REPLICATIONS


def living_processes(group: int) -> list[str]:
    """List the processes of a group that are not dead."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, of_group = path.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(of_group) == group and state not in "ZX":
            found.append(path.parent.name)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "small.yaml").write_text(CONFIG)
    return tmp_path


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the digest of a run in memory that nothing disturbs."""
    path = tmp_path_factory.mktemp("undisturbed") / "small.yaml"
    path.write_text(CONFIG)
    patch = pytest.MonkeyPatch()
    with patch.context() as context:
        context.setattr("sim.metrics.tables", tables, raising=False)
        context.setattr("sim.metrics.summary", summary, raising=False)
        return run(load_config(path), jobs=1, simulate=slow_engine).digest


def digest_in(folder: Path) -> str:
    """Return the digest that a run wrote."""
    return str(json.loads((folder / "out" / "manifest.json").read_text())["result_digest"])


@pytest.mark.parametrize(("jobs", "seed"), [("1", 20261), ("1", 20262), ("2", 20263)])
def test_a_run_killed_again_and_again_gives_the_result_of_an_undisturbed_one(
    folder: Path, undisturbed: str, jobs: str, seed: int
) -> None:
    moments = random.Random(seed)  # noqa: S311 - when to kill, not what is simulated
    for _ in range(3):
        process = start(folder, "--jobs", jobs)
        time.sleep(moments.uniform(0.3, 2.5))
        process.kill()
        process.communicate(timeout=PATIENCE_SECONDS)
    code, out, err = finish(start(folder, "--jobs", jobs))
    assert (code, "Traceback" in err) == (0, False)
    assert f"result digest  {undisturbed}" in out
    assert digest_in(folder) == undisturbed
    assert len(finished(folder)) == N_REPLICATIONS
    assert list((folder / "out").rglob("*.tmp")) == []


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs the proc file system")
def test_no_worker_outlives_a_killed_run(folder: Path) -> None:
    process = start(folder, "--jobs", "2")
    wait_until_finished(folder, 2)
    process.kill()
    process.communicate(timeout=PATIENCE_SECONDS)
    end = time.monotonic() + PATIENCE_SECONDS
    while living_processes(process.pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert living_processes(process.pid) == []


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_stops_cleanly_keeps_what_is_done_and_the_same_command_goes_on(
    folder: Path, undisturbed: str, jobs: str
) -> None:
    process = start(folder, "--jobs", jobs)
    wait_until_finished(folder, 2)
    os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to coordinator and workers
    code, out, err = finish(process)
    assert (code, out, "Traceback" in err) == (130, "", False)
    kept = finished(folder)
    assert f"tsuke: stopped; {len(kept)} of {N_REPLICATIONS} replications are finished" in err
    assert "run the same command again to go on" in err
    moments = {name: (folder / f"out/replications/{name}.json").stat().st_mtime_ns for name in kept}

    code, _, err = finish(start(folder, "--jobs", jobs))
    assert (code, digest_in(folder)) == (0, undisturbed)
    assert f"{len(kept)} of {N_REPLICATIONS} replications were finished earlier" in err
    for name, moment in moments.items():
        assert (folder / f"out/replications/{name}.json").stat().st_mtime_ns == moment


def endless_engine(*_: object, **__: object) -> SimpleNamespace:
    """Simulate until the worker is told to leave."""
    time.sleep(PATIENCE_SECONDS)
    raise AssertionError("nobody told the worker to leave")


INTERRUPTED_POOL = """
import pickle
import time
import test_run_and_resume as story
from sim.config import Config
from sim.experiment.workers.pools import Workers
from sim.experiment.workers.tasks import Task
from sim.record.eventlog import Record

task = Task(Config(), (0,), "cohort", Record.nothing(), story.endless_engine)
assert 3 * len(pickle.dumps(task)) > 65_536
with Workers(2) as workers:
    for n_tasks in (2, 3):  # first both are at work, then the pipe is full
        for _ in range(n_tasks):
            workers.submit(task)
        time.sleep(2.5)
    raise KeyboardInterrupt
"""


def test_a_pool_ends_though_more_tasks_wait_than_its_pipe_holds(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_POOL],
        cwd=folder,
        env=surroundings(),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS / 2,
        check=False,
    )
    assert done.stderr.count("Traceback") == 1
    assert done.stderr.endswith("KeyboardInterrupt\n")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs the proc file system")
def test_ctrl_c_while_workers_start_is_as_clean_and_leaves_nothing(folder: Path) -> None:
    process = start(folder, "--jobs", "2")
    end = time.monotonic() + PATIENCE_SECONDS
    while len(living_processes(process.pid)) < 4 and time.monotonic() < end:
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGINT)
    code, out, err = finish(process)
    assert (code, out) == (130, "")
    assert (
        err == f"tsuke: stopped with 0 of {N_REPLICATIONS} replications finished; nothing is kept\n"
    )
    assert [path.name for path in folder.iterdir()] == ["small.yaml"]


def test_a_second_run_on_the_same_directory_is_refused_while_the_first_goes_on(
    folder: Path, undisturbed: str
) -> None:
    first = start(folder, "--jobs", "1")
    wait_until_finished(folder, 1)
    os.kill(first.pid, signal.SIGSTOP)
    code, out, err = finish(start(folder, "--jobs", "1"))
    os.kill(first.pid, signal.SIGCONT)
    assert (code, out) == (2, "")
    assert err.startswith("tsuke: another run is writing to out; wait for its end")
    assert finish(first)[0] == 0
    assert digest_in(folder) == undisturbed


def test_a_script_without_a_main_guard_may_use_two_workers(folder: Path) -> None:
    script = folder / "script.py"
    script.write_text(
        "import test_run_and_resume as story\n"
        "story.stand_in()\n"
        "from sim.config import load_config\n"
        "from sim.experiment import replications\n"
        "result = replications.run(load_config('small.yaml'), jobs=2)\n"
        "print('once', result.facts.height)\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=folder,
        env=surroundings(),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"once {N_REPLICATIONS * 3 * 100}\n"


# With the engine itself


SMALL = (
    "name: rebuilt\nmonths: 4\nseed: 77\npopulation: {members: 60}\nexperiment: {replications: 3}\n"
)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    return path


def test_a_run_rebuilt_from_its_provenance_has_the_same_digest(tmp_path: Path, small: Path) -> None:
    first = sim.experiment.run(small, out=tmp_path / "first", report=False)
    manifest = json.loads((tmp_path / "first" / "manifest.json").read_text())
    again = sim.experiment.run(
        tmp_path / "first" / "config.yaml",
        replications=manifest["replications"],
        driver=manifest["driver"],
    )
    assert again.digest == manifest["result_digest"] == first.digest
    assert again.config == first.config


def test_jobs_passes_and_recording_do_not_change_the_digest(small: Path) -> None:
    digests = {
        sim.experiment.run(small, jobs=jobs, overrides=[f"output.events={events}"]).digest
        for jobs, events in ((1, "none"), (1, "all"), (3, "sample"))
    }
    assert len(digests) == 1


def test_each_replication_is_what_it_is_alone(small: Path) -> None:
    three = sim.experiment.run(small, replications=3, jobs=1).facts
    one = sim.experiment.run(small, replications=1, jobs=1).facts
    assert three.filter(pl.col("replication") == 0).equals(one)
