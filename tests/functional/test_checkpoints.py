"""Checkpoint and branch from the outside: directories, results, refusals."""

import datetime as dt
import json
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

import sim
from models.errors import InputError
from sim.cli import UNUSABLE, main
from sim.config import Config, load_config
from sim.experiment import checkpoint_store
from sim.experiment.checkpoint_store import read_checkpoint
from sim.experiment.checkpoints import PauseAndSave, branched
from sim.experiment.replications import ReplicationsFailed
from sim.provenance import Code

ATONE = Path(__file__).resolve().parents[2] / "configs" / "atone.yaml"
SMALL = ["population.members=60", "months=5", "output.sample_members=20"]
DATE = dt.date(2026, 3, 18)
CAP = "products.atone.limit_cap_yen=8000"


@pytest.fixture(scope="module")
def config() -> Config:
    return load_config(ATONE, SMALL)


@pytest.fixture(scope="module")
def saved(config: Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the directory of a finished checkpoint of four replications."""
    place = tmp_path_factory.mktemp("checkpoint") / "saved"
    sim.checkpoint(config, at=DATE, out=place, replications=4, jobs=1)
    return place


@pytest.fixture
def copy(saved: Path, tmp_path: Path) -> Path:
    """Give a copy of it that a test may spoil."""
    place = tmp_path / "copy"
    for path in (path for path in saved.rglob("*") if path.is_file() and path.name != ".lock"):
        target = place / path.relative_to(saved)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return place


def test_a_branch_without_settings_has_the_result_of_the_run(saved: Path, config: Config) -> None:
    whole = sim.run(config, replications=4, jobs=1)
    went_on = sim.branch(saved, jobs=1)
    assert went_on.digest == whole.digest
    assert whole.ledger.height > 100
    assert_frame_equal(went_on.ledger, whole.ledger)
    assert_frame_equal(went_on.events, whole.events)


def test_a_branch_with_settings_has_the_result_of_the_run_that_changes_them(
    saved: Path, tmp_path: Path
) -> None:
    place = tmp_path / "results"
    settings = [CAP, "collections.call_desk.promise=0.9"]
    went_on = sim.branch(saved, settings, jobs=1, out=place, report=False)
    values = "{products.atone.limit_cap_yen: 8000, collections.call_desk.promise: 0.9}"
    change = f"policy.changes=[{{on: {DATE}, set: {values}}}]"
    whole = sim.run(load_config(ATONE, [*SMALL, change]), replications=4, jobs=1)
    assert went_on.digest == whole.digest
    assert went_on.digest != sim.branch(saved, jobs=1).digest
    assert sim.load(place).digest == whole.digest


def test_the_directory_of_a_branch_can_be_continued_by_the_run_with_that_change(
    saved: Path, tmp_path: Path
) -> None:
    place = tmp_path / "results"
    digest = sim.branch(saved, [CAP], jobs=1, out=place, report=False).digest
    again = branched(read_checkpoint(saved), [CAP])
    assert sim.run(again, jobs=1, out=place, report=False).digest == digest


def test_the_number_of_workers_decides_nothing(saved: Path) -> None:
    digests = {sim.branch(saved, [CAP], jobs=jobs).digest for jobs in (1, 2)}
    assert len(digests) == 1


def test_a_branch_stopped_half_way_takes_the_missing_replications_only(
    saved: Path, tmp_path: Path
) -> None:
    place = tmp_path / "results"
    digest = sim.branch(saved, jobs=1, out=place, report=False).digest
    lost = place / "replications" / "00002.json"
    kept = (place / "replications" / "00003.json").stat().st_mtime_ns
    lost.unlink()
    assert sim.branch(saved, jobs=1, out=place, report=False).digest == digest
    assert lost.exists()
    assert (place / "replications" / "00003.json").stat().st_mtime_ns == kept


def test_later_changes_of_the_configuration_stay_and_the_setting_comes_before_them(
    tmp_path: Path,
) -> None:
    cap = "products.atone.limit_cap_yen"
    ends = f"policy.changes=[{{on: 2026-02-01, set: {{{cap}: 30000}}}}, "
    ends += f"{{on: 2026-04-20, set: {{{cap}: 50000}}}}]"
    base = load_config(ATONE, [*SMALL, ends])
    sim.checkpoint(base, at=DATE, out=tmp_path / "saved", replications=1, jobs=1)
    changes = branched(read_checkpoint(tmp_path / "saved"), [CAP]).policy.changes
    assert [(item.on.isoformat(), item.set[cap]) for item in changes] == [
        ("2026-02-01", 30_000),
        (DATE.isoformat(), 8_000),
        ("2026-04-20", 50_000),
    ]


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("population.members=70", r"--set: population\.members cannot change within a run"),
        ("seed=3", "--set: seed cannot change within a run"),
        ("start=2026-02-01", "--set: start cannot change within a run"),
        ("collections.call_desk.callers=9", "without switches of products, staff"),
        ("products.atone.limit_cap_yen=-1", "greater than or equal to 0"),
        ("products.atone.cap=1", "there is no parameter 'cap'"),
        ("collections.ladder=[]", "got 0 steps; allowed: as many as before, 8"),
        ("collections", "--set: got 'collections'; allowed: PATH=VALUE"),
    ],
)
def test_what_cannot_change_on_the_date_is_refused(
    saved: Path, setting: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InputError, match=message):
        sim.branch(saved, [setting])
    assert main(["branch", str(saved), "--set", setting]) == UNUSABLE
    assert capsys.readouterr().err.startswith("tsuke: --set")


def test_a_file_with_a_flipped_bit_is_refused(copy: Path) -> None:
    path = copy / "passes" / "00000.npz"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(InputError, match=r"00000\.npz: its checksum is not that of the manifest"):
        sim.branch(copy, jobs=1)


def test_a_missing_file_is_refused(copy: Path) -> None:
    (copy / "passes" / "00000.npz").unlink()
    with pytest.raises(InputError, match=r"cannot read .*00000\.npz"):
        sim.branch(copy, jobs=1)


def test_another_past_is_refused(copy: Path) -> None:
    path = copy / "config.yaml"
    path.write_text(path.read_text().replace("members: 60", "members: 61"))
    with pytest.raises(InputError, match="is not the configuration that the checkpoint was made"):
        sim.branch(copy)


def test_other_code_is_refused(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Code(version="9", commit=None, source_digest="0" * 64)
    monkeypatch.setattr(checkpoint_store, "code", lambda: other)
    with pytest.raises(InputError, match="was made by other code; these differ: the code that sim"):
        sim.branch(saved)


def test_an_unfinished_checkpoint_is_refused_and_finished_by_its_command(
    copy: Path, config: Config
) -> None:
    manifest = copy / "manifest.json"
    fields = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(fields | {"finished": None, "passes": []}))
    with pytest.raises(InputError, match="is not finished; make it with its command"):
        sim.branch(copy)
    before = (copy / "passes" / "00000.npz").stat().st_mtime_ns
    sim.checkpoint(config, at=DATE, out=copy, replications=4, jobs=1)
    assert (copy / "passes" / "00000.npz").stat().st_mtime_ns == before
    assert json.loads(manifest.read_text())["passes"] == fields["passes"]


def test_a_directory_holds_one_checkpoint(copy: Path, config: Config) -> None:
    with pytest.raises(InputError, match=r"these differ: date \(2026-03-18 there, 2026-03-19 now"):
        sim.checkpoint(config, at=dt.date(2026, 3, 19), out=copy, replications=4)


def test_a_checkpoint_is_no_result_and_a_result_no_checkpoint(
    saved: Path, config: Config, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="holds a checkpoint; tsuke branch goes on from it"):
        sim.load(saved)
    with pytest.raises(InputError, match="holds a checkpoint"):
        sim.run(config, replications=4, out=saved)
    sim.run(config, replications=1, jobs=1, out=tmp_path / "run", report=False)
    with pytest.raises(InputError, match="holds no checkpoint, but the results of a run"):
        sim.branch(tmp_path / "run")
    with pytest.raises(InputError, match=r"is no checkpoint: it has no manifest\.json"):
        sim.branch(tmp_path / "nothing")


@pytest.mark.parametrize("date", ["2026-01-01", "2026-06-01", "2025-12-31"])
def test_a_date_outside_of_the_run_is_refused(config: Config, date: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="allowed: 2026-01-02 to 2026-05-31"):
        sim.checkpoint(config, at=dt.date.fromisoformat(date), out=tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_stopping_rule_needs_a_number_of_replications(tmp_path: Path) -> None:
    rule = "experiment.precision={targets: [{metric: profit_yen, relative: 0.1}]}"
    with pytest.raises(InputError, match="a checkpoint has a fixed number of replications"):
        sim.checkpoint(ATONE, at=DATE, out=tmp_path / "none", overrides=[*SMALL, rule])


def test_a_failure_is_reported_and_the_checkpoint_stays_unfinished(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = PauseAndSave.__call__

    def fail(self: PauseAndSave, config: Config, replications, **other):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN003, ANN202
        if 2 in replications:
            raise RuntimeError("a defect")
        return whole(self, config, replications, **other)

    monkeypatch.setattr(PauseAndSave, "__call__", fail)
    place = tmp_path / "saved"
    with pytest.raises(ReplicationsFailed, match=r"1 of 4 replications failed \(2\)"):
        sim.checkpoint(config, at=DATE, out=place, replications=4, jobs=1)
    monkeypatch.undo()
    sim.checkpoint(config, at=DATE, out=place, replications=4, jobs=1)
    assert sim.branch(place, jobs=1).digest == sim.run(config, replications=4, jobs=1).digest


def test_the_commands_say_what_they_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    # a report takes longer than the run
    monkeypatch.setattr("sim.report.write_report", lambda directory, _: directory / "report.html")
    sets = [part for text in SMALL for part in ("--set", text)]
    made = ["checkpoint", str(ATONE), "--at", "2026-03-18", "--out", "saved", "--replications", "2"]
    assert main([*made, "--jobs", "1", *sets]) == 0
    assert "checkpoint     2 replications before 2026-03-18 in saved" in capsys.readouterr().out
    assert main(["branch", "saved", "--jobs", "1", "--set", CAP]) == 0
    (results,) = (tmp_path / "results").iterdir()
    assert results.name.startswith("atone-2026-03-18-")
    assert f"result digest  {sim.load(results).digest}" in capsys.readouterr().out
    assert main(["checkpoint", str(ATONE), "--at", "soon", "--out", "never"]) == UNUSABLE
    assert "--at: got 'soon'; allowed: a date" in capsys.readouterr().err
