"""Durable files, the results directory, the digest and the workers, without the engine."""

# ruff: noqa: ARG001 - stand-ins have the signature of what they stand for

import errno
import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import SimpleNamespace
from typing import ParamSpec, TypeVar

import polars as pl
import pytest

from models.errors import InputError
from sim.atomic import OutputError, make_directory, write_bytes, write_parquet, write_text
from sim.config import Config
from sim.experiment.digest import FACT_SCHEMA, facts_digest
from sim.experiment.manifest import manifest_of, read_manifest
from sim.experiment.replications import Interrupted, ReplicationsFailed, record_of, run
from sim.experiment.result import load
from sim.experiment.store import Store, default_directory
from sim.experiment.workers.tasks import Done, Driver, Failure, batches, replications_per_task
from sim.record.eventlog import Record

P = ParamSpec("P")
T = TypeVar("T")


def facts_of(seed: int, replications: Sequence[int]) -> pl.DataFrame:
    rows = [
        (number, "np", "atone", table, month, key, "", seed * 1000 + number, seed * number - month)
        for number in replications
        for table in ("bills", "purchases")
        for month in (0, 1, 2)
        for key in ("延滞", "paid")
    ]
    return pl.DataFrame(rows, schema=FACT_SCHEMA, orient="row").sort(FACT_SCHEMA.names())


def engine(
    config: Config, replications: Sequence[int], *, driver: Driver, record: Record
) -> SimpleNamespace:
    lines = pl.DataFrame({"member": [] if record == Record.nothing() else [1, 2]})
    facts = facts_of(config.seed, replications)
    return SimpleNamespace(facts=facts, ledger=lines, events=lines, driver=driver)


def third_fails(
    config: Config, replications: Sequence[int], *, driver: Driver, record: Record
) -> SimpleNamespace:
    if 3 in replications:
        raise ArithmeticError("the trial balance does not close")
    return engine(config, replications, driver=driver, record=record)


def third_kills_its_worker(
    config: Config, replications: Sequence[int], *, driver: Driver, record: Record
) -> SimpleNamespace:
    if 3 in replications:
        os._exit(9)
    return engine(config, replications, driver=driver, record=record)


def not_called(
    config: Config, replications: Sequence[int], *, driver: Driver, record: Record
) -> SimpleNamespace:
    raise AssertionError(f"simulated again: {replications}")


def refuses(
    config: Config, replications: Sequence[int], *, driver: Driver, record: Record
) -> SimpleNamespace:
    raise InputError("start: the bank calendar ends before the horizon")


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    def tables(facts: pl.DataFrame, config: Config) -> dict[str, pl.DataFrame]:
        return {"bills": facts.filter(pl.col("table") == "bills")}

    def summary(tables: dict[str, pl.DataFrame], config: Config) -> dict[str, object]:
        return {"headline": [{"metric": "bills", "mean": tables["bills"].height}]}

    def write_report(directory: Path, language: str) -> Path:
        assert language == "en"
        write_text(directory / "report.html", "<html></html>")
        return directory / "report.html"

    monkeypatch.setattr("sim.metrics.tables", tables, raising=False)
    monkeypatch.setattr("sim.metrics.summary", summary, raising=False)
    monkeypatch.setattr("sim.report.write_report", write_report, raising=False)


@pytest.fixture
def config() -> Config:
    return small()


def small(
    *, seed: int = 5, members: int = 30_000, replications: int = 6, events: str = "none"
) -> Config:
    base = Config(seed=seed, months=3)
    return base.model_copy(
        update={
            "population": base.population.model_copy(update={"members": members}),
            "experiment": base.experiment.model_copy(update={"replications": replications}),
            "output": base.output.model_copy(update={"events": events}),
        }
    )


def store(directory: Path, config: Config, recorded: str = "") -> Store:
    manifest = manifest_of(config, replications=config.experiment.replications, driver="cohort")
    return Store(directory, config, manifest, recorded)


# Atomic files


def test_a_written_file_holds_the_bytes_and_leaves_no_other_file(tmp_path: Path) -> None:
    write_bytes(tmp_path / "a", b"old")
    write_bytes(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_no_temporary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    write_text(tmp_path / "a", "old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(*((os, "fsync", full) if failing == "fsync" else (Path, "replace", full)))
    with pytest.raises(OutputError, match=r"cannot write .*/a: No space left on device"):
        write_text(tmp_path / "a", "new")
    assert (tmp_path / "a").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_ctrl_c_in_a_write_leaves_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_: int) -> None:
        raise KeyboardInterrupt("here")

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt, match="here"):
        write_text(tmp_path / "a", "new")
    assert list(tmp_path.iterdir()) == []


def test_the_content_is_on_disk_before_the_name_and_the_name_before_the_return(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(descriptor: int) -> None:
        steps.append("directory" if os.path.isdir(f"/dev/fd/{descriptor}") else "file")  # noqa: PTH112
        fsync(descriptor)

    def noted_replace(path: Path, target: Path) -> Path:
        steps.append("rename")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    write_text(tmp_path / "a", "new")
    assert steps == ["file", "rename", "directory"]


def test_a_path_below_a_file_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"cannot write .*/file/a: Not a directory"):
        write_text(tmp_path / "file" / "a", "new")
    with pytest.raises(OutputError, match=r"cannot create the directory .*/file/a: Not a dir"):
        make_directory(tmp_path / "file" / "a")
    with pytest.raises(OutputError, match=r"cannot create the directory .*/file: a file has that"):
        make_directory(tmp_path / "file")


def test_equal_frames_make_equal_parquet_files(tmp_path: Path) -> None:
    first = write_parquet(tmp_path / "a", facts_of(1, [0, 1]))
    second = write_parquet(
        tmp_path / "b", facts_of(1, [0, 1]).sort("yen").sort(FACT_SCHEMA.names())
    )
    assert first == second
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


# Digest of facts


def test_the_digest_is_the_documented_hash() -> None:
    import hashlib

    facts = pl.DataFrame(
        [(2, "np", "", "月", 1, "a", "", 3, -4)], schema=FACT_SCHEMA, orient="row"
    )  # one row, typed in by hand below

    def integer(value: int) -> bytes:
        return value.to_bytes(8, "little", signed=True)

    lender, product = integer(2) + b"np", integer(0)
    text = integer(3) + "月".encode(), integer(1) + b"a", integer(0)
    parts = [
        integer(1),
        integer(2),
        lender,
        product,
        text[0],
        integer(1),
        text[1],
        text[2],
        integer(3),
        integer(-4),
    ]
    assert facts_digest(facts) == hashlib.sha256(b"".join(parts)).hexdigest()


def test_the_digest_does_not_depend_on_the_order_of_rows_and_columns() -> None:
    facts = facts_of(1, [0, 1, 2])
    shuffled = facts.sample(fraction=1.0, shuffle=True, seed=3).select(sorted(facts.columns))
    assert facts_digest(shuffled) == facts_digest(facts)


@pytest.mark.parametrize(
    "change",
    [
        pl.col("yen") + 1,
        pl.col("count") * 2,
        pl.col("month") + 1,
        pl.col("replication") + 1,
        pl.col("key").str.replace("paid", "unpaid"),
        pl.lit("x").alias("subkey"),
    ],
)
def test_the_digest_changes_with_any_column(change: pl.Expr) -> None:
    facts = facts_of(1, [0, 1, 2])
    assert facts_digest(facts.with_columns(change)) != facts_digest(facts)


def test_the_digest_keeps_apart_where_one_text_ends_and_the_next_begins() -> None:
    def two(first: str, second: str) -> pl.DataFrame:
        rows = [(0, "", "", "t", 0, first, "", 1, 1), (0, "", "", "t", 0, second, "", 1, 1)]
        return pl.DataFrame(rows, schema=FACT_SCHEMA, orient="row")

    assert facts_digest(two("a", "bc")) != facts_digest(two("ab", "c"))


def test_facts_of_another_form_are_refused() -> None:
    facts = facts_of(1, [0])
    with pytest.raises(ValueError, match="facts have the columns"):
        facts_digest(facts.with_columns(pl.col("yen").cast(pl.Float64)))
    with pytest.raises(ValueError, match="facts hold no nulls"):
        facts_digest(facts.with_columns(key=pl.lit(None, pl.String)))


# Results directory


@pytest.mark.parametrize("name", ["", "..", ".hidden", "a/b", "/etc", "a\\b", "a\0b", "a b", "é"])
def test_a_name_that_could_leave_the_results_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=r"name: got .* cannot name a directory"):
        default_directory(name)


def test_a_name_of_letters_digits_and_inner_marks_is_a_directory() -> None:
    assert default_directory("atone-2.1_b") == Path("results/atone-2.1_b")


def test_a_finished_replication_is_found_again(tmp_path: Path, config: Config) -> None:
    with store(tmp_path, config) as first:
        first.save(Done(2, facts_of(5, [2])))
    with store(tmp_path, config) as second:
        assert second.find_finished(range(6)) == {2}
        assert second.facts([2]).equals(facts_of(5, [2]))


@pytest.mark.parametrize("damage", ["torn", "flipped", "no seal", "torn seal", "no facts"])
def test_a_damaged_replication_is_missing(tmp_path: Path, config: Config, damage: str) -> None:
    with store(tmp_path, config) as first:
        first.save(Done(0, facts_of(5, [0])))
        first.save(Done(1, facts_of(5, [1])))
    facts, seal = (tmp_path / f"replications/00001.{end}" for end in ("parquet", "json"))
    data = facts.read_bytes()
    match damage:
        case "torn":
            facts.write_bytes(data[:-10])
        case "flipped":
            facts.write_bytes(data[:100] + bytes([data[100] ^ 1]) + data[101:])
        case "no seal":
            seal.unlink()
        case "torn seal":
            seal.write_text('{"sha256": "')
        case "no facts":
            facts.unlink()
    with store(tmp_path, config) as second:
        assert second.find_finished(range(6)) == {0}


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_a_replication_counts_only_once_it_is_sealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    sampled, everybody = (small(events=events) for events in ("sample", "all"))
    lines = pl.DataFrame({"member": [1]})
    with store(tmp_path, sampled, "sample") as first:
        first.save(Done(0, facts_of(5, [0]), lines, lines))
        assert first.find_finished(range(6)) == {0}
    write, n_writes = os.fsync, 0

    def killed_at_step(descriptor: int) -> None:
        nonlocal n_writes
        n_writes += not os.path.isdir(f"/dev/fd/{descriptor}")  # noqa: PTH112
        if n_writes == step:
            raise KeyboardInterrupt("here")
        write(descriptor)

    with store(tmp_path, everybody, "all") as second:
        monkeypatch.setattr(os, "fsync", killed_at_step)
        with pytest.raises(KeyboardInterrupt, match="here"):
            second.save(Done(0, facts_of(5, [0]), lines, lines))
        monkeypatch.undo()
    for recorded, config in (("all", everybody), ("sample", sampled)):
        with store(tmp_path, config, recorded) as third:
            assert third.find_finished(range(6)) == set()


def test_another_configuration_is_refused_with_what_differs(tmp_path: Path, config: Config) -> None:
    with store(tmp_path, config):
        pass
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with (
        pytest.raises(InputError, match=r"these differ: seed \(5 there, 6 now\)\. Choose .* --out"),
        store(tmp_path, small(seed=6)),
    ):
        pass
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


def test_other_simulating_code_is_refused(
    tmp_path: Path, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store(tmp_path, config):
        pass
    monkeypatch.setattr("sim.provenance.source_digest", lambda _: "f" * 64)
    with (
        pytest.raises(InputError, match=r"the code that simulates \(.*sources ffffffffffff now\)"),
        store(tmp_path, config),
    ):
        pass


def test_a_directory_with_other_files_is_refused_and_kept(tmp_path: Path, config: Config) -> None:
    (tmp_path / "thesis.tex").touch()
    with (
        pytest.raises(InputError, match=r"is no results directory \(it has no manifest.json, but"),
        store(tmp_path, config),
    ):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 1}', "\0"])
def test_a_manifest_of_someone_else_is_refused(tmp_path: Path, config: Config, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(InputError, match="is not a manifest of tsuke"), store(tmp_path, config):
        pass


def test_a_manifest_of_another_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"format": 99}')
    with pytest.raises(InputError, match="has format 99; this version reads 1"):
        read_manifest(tmp_path)


def test_two_runs_cannot_write_to_one_directory(tmp_path: Path, config: Config) -> None:
    with store(tmp_path / "a", config):
        with (
            pytest.raises(InputError, match="another run is writing to"),
            store(tmp_path / "a", config),
        ):
            pass
        assert (tmp_path / "a" / "manifest.json").exists()


def test_the_lock_ends_with_the_run(tmp_path: Path, config: Config) -> None:
    with store(tmp_path, config):
        assert (tmp_path / ".lock").exists()
    assert not (tmp_path / ".lock").exists()
    (tmp_path / ".lock").touch()  # as a killed run leaves it
    with store(tmp_path, config):
        pass


def test_what_a_killed_write_left_is_removed(tmp_path: Path, config: Config) -> None:
    with store(tmp_path, config):
        pass
    (tmp_path / ".summary.json.77.tmp").touch()
    (tmp_path / "replications" / ".00001.parquet.77.tmp").touch()
    with store(tmp_path, config):
        assert list(tmp_path.rglob("*.tmp")) == []


def test_a_new_directory_in_which_nothing_was_finished_disappears(
    tmp_path: Path, config: Config
) -> None:
    with pytest.raises(RuntimeError, match="early"), store(tmp_path / "a" / "b", config):
        raise RuntimeError("early")
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_was_there_before_stays(tmp_path: Path, config: Config) -> None:
    with store(tmp_path, config):
        pass
    with pytest.raises(RuntimeError, match="early"), store(tmp_path, config):
        raise RuntimeError("early")
    assert (tmp_path / "manifest.json").exists()


def test_a_disk_that_is_full_at_once_leaves_no_directory(
    tmp_path: Path, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        run(config, jobs=1, out=tmp_path / "a", simulate=engine)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up_keeps_what_was_finished(
    tmp_path: Path, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def full_after_two(descriptor: int) -> None:
        if len(list(tmp_path.glob("a/replications/*.json"))) >= 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", full_after_two)
    with pytest.raises(OutputError, match=r"cannot write .*a.*: No space left"):
        run(config, jobs=1, out=tmp_path / "a", simulate=engine)
    monkeypatch.undo()
    with store(tmp_path / "a", config) as again:
        assert len(again.find_finished(range(6))) >= 1


# Replications


def per_task(
    members: int, replications: int, jobs: int, months: int = 3, driver: Driver = "cohort"
) -> int:
    config = small(members=members).model_copy(update={"months": months})
    return replications_per_task(config, driver, replications, jobs)


def test_passes_fill_their_rows_and_leave_no_worker_idle() -> None:
    assert per_task(10_000, 1000, 2) == 24
    assert per_task(1000, 1000, 2) == 120
    assert per_task(1000, 20, 1) == 20
    assert per_task(1000, 20, 4) == 5
    assert per_task(1000, 7, 4) == 1
    assert per_task(1_000_000, 20, 4) == 1
    assert per_task(1, 0, 4) == 1


def test_a_long_horizon_and_the_slow_driver_make_passes_smaller() -> None:
    assert per_task(1000, 1000, 2, months=120) == 25
    assert per_task(1000, 1000, 2, months=3, driver="member") == 20
    assert per_task(1000, 1000, 2, months=120, driver="member") == 1


def test_a_small_run_starts_no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    def spawned(jobs: int) -> None:
        raise AssertionError(f"{jobs} processes started")

    monkeypatch.setattr("sim.experiment.workers.pools._process_pool", spawned)
    assert run(small(members=1000, events="sample"), simulate=engine).ledger.height == 2
    monkeypatch.setattr("os.sched_getaffinity", lambda _: range(4), raising=False)
    with pytest.raises(AssertionError, match="3 processes started"):
        run(small(members=30_000), simulate=engine)


@pytest.mark.parametrize("n", range(12))
@pytest.mark.parametrize("size", range(1, 5))
def test_batches_cover_everything_once_in_almost_equal_parts(n: int, size: int) -> None:
    found = batches(range(n), size)
    assert [number for batch in found for number in batch] == list(range(n))
    lengths = {len(batch) for batch in found}
    assert not lengths or (max(lengths) <= size and max(lengths) - min(lengths) <= 1)


def test_the_result_does_not_depend_on_jobs_executor_and_directory(
    tmp_path: Path, config: Config
) -> None:
    with ThreadPoolExecutor(3) as threads:
        results = [
            run(config, jobs=1, simulate=engine),
            run(config, jobs=2, out=tmp_path / "a", simulate=engine),
            run(config, jobs=3, executor=threads, simulate=engine),
        ]
    assert {result.digest for result in results} == {facts_digest(facts_of(5, range(6)))}
    assert all(result.facts.equals(facts_of(5, range(6))) for result in results)


def test_a_result_read_again_is_the_result(tmp_path: Path) -> None:
    config = small(events="all")
    wrote = run(config, jobs=1, out=tmp_path / "a", simulate=engine)
    read = load(tmp_path / "a")
    assert (read.config, read.digest, read.summary) == (config, wrote.digest, wrote.summary)
    assert read.facts.equals(wrote.facts)
    assert read.metrics["bills"].equals(wrote.metrics["bills"])
    assert read.ledger.equals(wrote.ledger)
    assert read.events["member"].to_list() == [1, 2]
    assert (tmp_path / "a" / "report.html").exists()


def test_facts_changed_after_the_run_are_not_read(tmp_path: Path, config: Config) -> None:
    run(config, jobs=1, out=tmp_path / "a", simulate=engine)
    write_parquet(tmp_path / "a" / "replications" / "00001.parquet", facts_of(6, [1]))
    with pytest.raises(InputError, match="the facts are not those of the finished run"):
        load(tmp_path / "a")


def test_what_is_no_finished_run_is_not_read(tmp_path: Path, config: Config) -> None:
    with pytest.raises(InputError, match=r"is no results directory: it has no manifest\.json"):
        load(tmp_path)
    with store(tmp_path, config):
        pass
    with pytest.raises(InputError, match="is not finished; run it again"):
        load(tmp_path)


def test_more_replications_reuse_and_fewer_take_a_part(tmp_path: Path, config: Config) -> None:
    run(config, replications=4, jobs=1, out=tmp_path / "a", simulate=engine)
    kept = {p.name: p.stat().st_mtime_ns for p in tmp_path.glob("a/replications/*")}
    more = run(config, replications=6, jobs=1, out=tmp_path / "a", simulate=engine)
    for name, moment in kept.items():
        assert (tmp_path / "a" / "replications" / name).stat().st_mtime_ns == moment
    assert more.digest == run(config, jobs=1, simulate=engine).digest
    fewer = run(config, replications=3, jobs=1, out=tmp_path / "a", simulate=not_called)
    assert fewer.digest == facts_digest(facts_of(5, range(3)))
    assert load(tmp_path / "a").digest == fewer.digest


def test_only_the_first_replication_is_recorded_and_again_when_the_choice_changes(
    tmp_path: Path,
) -> None:
    out = tmp_path / "a"
    run(small(events="none"), jobs=1, out=out, simulate=engine)
    assert not (out / "ledger.parquet").exists()
    sampled = run(small(events="sample"), jobs=1, out=out, simulate=engine)
    assert sampled.ledger.height == 2
    run(small(events="sample"), jobs=1, out=out, simulate=not_called)
    with pytest.raises(ReplicationsFailed, match=r"simulated again: \(0,\)"):
        run(small(events="all"), jobs=1, out=out, simulate=not_called)
    run(small(events="none"), jobs=1, out=out, simulate=engine)
    assert not (out / "ledger.parquet").exists()


def test_a_sample_is_evenly_spaced_and_never_larger_than_the_population() -> None:
    assert record_of(small(events="sample")) == Record.of(range(0, 30_000, 600))
    assert record_of(small(events="sample", members=3)) == Record.of([0, 1, 2])
    assert record_of(small(events="all")) == Record.everyone()
    assert record_of(small(events="none")) == Record.nothing()


def test_a_failing_replication_stops_no_other_and_is_tried_again(
    tmp_path: Path, config: Config
) -> None:
    out = tmp_path / "a"
    with pytest.raises(ReplicationsFailed, match=r"1 of 6 replications failed \(3\); .*balance"):
        run(config, jobs=1, out=out, simulate=third_fails)
    (failure,) = json.loads((out / "failures.json").read_text())
    assert (failure["replication"], failure["stage"]) == (3, "simulate")
    assert failure["type"] == "ArithmeticError"
    assert "in third_fails" in failure["traceback"]
    assert len(list(out.glob("replications/*.json"))) == 5
    assert run(config, jobs=1, out=out, simulate=engine).digest == facts_digest(
        facts_of(5, range(6))
    )
    assert not (out / "failures.json").exists()


def test_a_configuration_that_the_engine_refuses_leaves_no_directory(
    tmp_path: Path, config: Config
) -> None:
    with pytest.raises(InputError, match="the bank calendar ends before the horizon"):
        run(config, jobs=1, out=tmp_path / "a", simulate=refuses)
    assert list(tmp_path.iterdir()) == []


def test_only_the_replication_that_kills_its_worker_fails(config: Config) -> None:
    with pytest.raises(ReplicationsFailed, match=r"1 of 6 replications failed \(3\)") as caught:
        run(config, jobs=2, simulate=third_kills_its_worker)
    assert [failure.stage for failure in caught.value.failures] == ["worker"]


class Broken(Executor):
    """An executor of someone else that breaks at the third task."""

    def __init__(self) -> None:
        self.n_tasks = 0

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run, or break."""
        self.n_tasks += 1
        future: Future[T] = Future()
        if self.n_tasks >= 3:
            future.set_exception(BrokenProcessPool("gone"))
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def test_a_broken_executor_of_the_caller_keeps_what_is_done(tmp_path: Path) -> None:
    large = small(members=240_000)
    with pytest.raises(ReplicationsFailed, match=r"4 of 6 replications failed \(.*gone") as caught:
        run(large, jobs=1, executor=Broken(), out=tmp_path / "a", simulate=engine)
    assert {failure.stage for failure in caught.value.failures} == {"worker"}
    assert len(list(tmp_path.glob("a/replications/*.json"))) == 2


class Counting(ThreadPoolExecutor):
    """A thread pool that notes how many tasks are in flight."""

    most = 0
    in_flight = 0

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Submit and count."""
        future = super().submit(fn, *args, **kwargs)
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        return future


def test_no_more_than_two_tasks_a_worker_are_in_flight(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.experiment.memory import Memory

    with Counting(2) as executor:
        save = Memory.save

        def noted_save(self: Memory, done: Done) -> None:
            executor.in_flight -= 1
            save(self, done)

        monkeypatch.setattr(Memory, "save", noted_save)
        large = small(members=240_000)
        run(large, replications=20, jobs=2, executor=executor, simulate=engine)
    assert 2 <= executor.most <= 4


def test_ctrl_c_says_what_is_kept_and_how_to_go_on(tmp_path: Path, config: Config) -> None:
    def stopped(
        config: Config, replications: Sequence[int], *, driver: Driver, record: Record
    ) -> SimpleNamespace:
        if 3 in replications:
            raise KeyboardInterrupt
        return engine(config, replications, driver=driver, record=record)

    large = small(members=240_000)
    with pytest.raises(Interrupted, match=r"3 of 6 replications are finished and kept in .*again"):
        run(large, jobs=1, out=tmp_path / "a", simulate=stopped)
    with pytest.raises(Interrupted, match=r"3 of 6 replications finished; nothing is kept"):
        run(large, jobs=1, simulate=stopped)


@pytest.mark.parametrize("bad", [0, -1, 1_000_001])
def test_a_wrong_number_of_replications_is_named(config: Config, bad: int) -> None:
    with pytest.raises(InputError, match=rf"replications: got {bad}; allowed: 1 to 1,000,000"):
        run(config, replications=bad, simulate=not_called)


def test_jobs_below_one_are_named(config: Config) -> None:
    with pytest.raises(InputError, match="jobs: got 0; allowed: at least 1"):
        run(config, jobs=0, simulate=not_called)


def test_a_failure_tells_stage_type_message_and_traceback() -> None:
    try:
        raise ArithmeticError("does not close")
    except ArithmeticError as error:
        failure = Failure.of(4, "simulate", error)
    assert failure.as_dict()["message"] == "does not close"
    assert "ArithmeticError: does not close" in failure.traceback


@pytest.fixture(autouse=True)
def no_worker_is_left() -> Iterator[None]:
    import multiprocessing

    yield
    assert multiprocessing.active_children() == []
