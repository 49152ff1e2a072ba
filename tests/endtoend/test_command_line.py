"""The command ``tsuke``: what it prints, where, and with which exit code."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from models.errors import InputError
from sim.cli import headline_text, main
from sim.config import Config

ROOT = Path(__file__).resolve().parents[2]

SMALL = (
    "name: small\nmonths: 4\nseed: 11\npopulation: {members: 50}\nexperiment: {replications: 2}\n"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder with one small configuration."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.yaml").write_text(SMALL)
    return tmp_path


def tsuke(
    arguments: Sequence[str], folder: Path, **environment: str
) -> "subprocess.CompletedProcess[str]":
    """Run the command as a process."""
    return python(["-m", "sim.cli", *arguments], folder, **environment)


def python(
    arguments: Sequence[str], folder: Path, **environment: str
) -> "subprocess.CompletedProcess[str]":
    """Run a Python of this tree."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


# Unusable input: one message, exit code 2, nothing made


UNUSABLE = [
    (["run", "small.yaml", "--replications", "0"], "--replications: got 0; allowed: at least 1"),
    (["run", "small.yaml", "--replications", "x"], "Invalid value for '--replications'"),
    (["run", "small.yaml", "--jobs", "0"], "--jobs: got 0; allowed: at least 1"),
    (["run", "small.yaml", "--jobs", "-3"], "--jobs: got -3; allowed: at least 1"),
    (["run", "small.yaml", "--seed", "-1"], "--seed: got -1; allowed: at least 0"),
    (["run", "small.yaml", "--seed", str(2**63)], f"--seed: got {2**63}; allowed: at most"),
    (["run", "small.yaml", "--replications", "1000001"], "--replications: got 1000001; allowed:"),
    (["run", "small.yaml", "--out", "o" * 300], "ooo: File name too long"),
    (["run", "small.yaml", "--driver", "horde"], "Invalid value for '--driver'"),
    (["run", "small.yaml", "--events", "some"], "Invalid value for '--events'"),
    (["run", "small.yaml", "--set", "months=0"], "months"),
    (["run", "small.yaml", "--set", "months"], "PATH=VALUE"),
    (["run", "small.yaml", "--set", "mnths=3"], "months"),
    (["run", "small.yaml", "--set", "name=../up"], "name"),
    (["run", "small.yaml", "--out", "small.yaml"], "small.yaml: a file has that name"),
    (["run", "small.yaml", "--out", "small.yaml/a"], "small.yaml/a: Not a directory"),
    (["run", "small.yaml", "--wrong"], "No such option"),
    (["checkpoint", "small.yaml", "--at", "20260201", "--out", "new"], "got '20260201'; allowed:"),
    (["checkpoint", "small.yaml", "--at", "2026-W05-7", "--out", "new"], "allowed: a date, as in"),
    (["run", "absent.yaml"], "absent.yaml"),
    (["run", "."], "."),
    (["run"], "Missing argument 'CONFIG'"),
    (["walk"], "No such command 'walk'"),
    (["run", "small.yaml", "--scheduler", "here"], "--scheduler: got 'here'; allowed: the address"),
    (["run", "small.yaml", "--jobs", "1", "--scheduler", "tcp://a:1"], "allowed: one of the two"),
    (["sweep", "absent.yaml"], "absent.yaml"),
    (["sweep", "small.yaml"], "design"),
    (["sweep", "small.yaml", "--jobs", "0"], "--jobs: got 0; allowed: at least 1"),
    (["status", "absent"], "absent is no results directory: it has no manifest.json"),
    (["report", "absent"], "absent is no results directory: it has no manifest.json"),
    (["report", "small.yaml"], "small.yaml is no results directory"),
    (["trace", "small.yaml"], "Missing option '--member'"),
    (["trace", "small.yaml", "--member", "-1"], "--member: got -1; allowed: at least 0"),
    (["trace", "small.yaml", "--member", "50"], "--member: got 50; allowed: 0 to 49"),
    (
        ["trace", "small.yaml", "--member", "1", "--replication", "-1"],
        "--replication: got -1; allowed: at least 0",
    ),
    (
        ["trace", "small.yaml", "--member", "1", "--replication", str(2**70)],
        f"--replication: got {2**70}; allowed: at most 999999",
    ),
    (["trace", "absent", "--member", "1"], "absent"),
    (["rules", "--format", "xml"], "Invalid value for '--format'"),
    (["rules", "--product", "gold card"], "unknown product 'gold card'"),
]


@pytest.mark.parametrize(("arguments", "message"), UNUSABLE, ids=lambda value: str(value)[:60])
def test_unusable_input_is_named_in_one_message_and_makes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("tsuke: ")
    assert message in err
    assert [path.name for path in folder.iterdir()] == ["small.yaml"]


@pytest.mark.parametrize("name", ["link", "link/below"])
def test_a_link_that_leads_nowhere_is_named_as_one(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (folder / "link").symlink_to(folder / "gone")
    assert main(["run", "small.yaml", "--out", name]) == 2
    err = capsys.readouterr().err
    assert f"cannot create the directory {name}: link is a link that leads nowhere" in err
    assert not (folder / "gone").exists()


@pytest.mark.parametrize("columns", ["80", "120"])
def test_the_list_of_commands_cuts_no_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert main(["--help"]) == 0
    _, commands = capsys.readouterr().out.split("Commands:")
    assert all(line.endswith(".") and "..." not in line for line in commands.split("\n") if line)


def test_unusable_input_has_no_traceback_in_a_process(folder: Path) -> None:
    done = tsuke(["run", "small.yaml", "--set", "months=lots"], folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("tsuke: ")
    assert "Traceback" not in done.stderr


def test_a_directory_that_cannot_be_written_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", denied)
    assert main(["run", "small.yaml"]) == 2
    assert "cannot create the directory results/small: Permission denied" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["small.yaml"]


# Tables on standard output


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("tsuke 0.")


def test_without_arguments_the_commands_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    out = capsys.readouterr().out
    assert all(f"  {name} " in out for name in ("run", "report", "trace", "rules", "schema"))


def test_the_schema_is_json_and_knows_the_parameters(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert set(schema["properties"]) == {*Config.model_fields, "extends"}


def test_the_rules_come_as_json_markdown_and_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--product", "NP members", "--format", "json"]) == 0
    rules = json.loads(capsys.readouterr().out)
    assert {rule["product"] for rule in rules} <= {"NP members", "both lenders"}
    assert main(["rules", "--product", "NP members", "--format", "markdown"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(rules) + 2
    assert main(["rules", "--product", "NP members"]) == 0
    assert rules[0]["clause"] in capsys.readouterr().out


def test_a_reader_that_leaves_early_is_no_error(folder: Path) -> None:
    command = f'"{sys.executable}" -m sim.cli schema | head -c 10'
    done = subprocess.run(
        ["sh", "-c", command],  # noqa: S607 - any shell
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr, len(done.stdout)) == (0, "", 10)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_standard_output_is_named(folder: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "sim.cli", "schema"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=300,
        )
    assert done.returncode == 2
    assert done.stderr == "tsuke: cannot write standard output: No space left on device\n"


def test_the_headline_shows_means_and_intervals() -> None:
    rows = [
        {"metric": "profit_yen", "mean": -1234567.4, "low": -1300000.0, "high": -1100000.0},
        {"metric": "net_loss_rate", "mean": 0.0123456, "low": None, "high": None},
        {"metric": "unpaid_share_14", "mean": None, "low": None, "high": None},
        {"metric": "mean_wait_minutes_calls", "mean": 90.25, "low": 80.0, "high": 100.5},
    ]
    assert headline_text({"confidence": 0.9, "headline": rows}).splitlines() == [
        "metric                         mean             90 % interval",
        "profit_yen               -1,234,567  -1,300,000 to -1,100,000",
        "net_loss_rate                1.23 %                         -",
        "unpaid_share_14                   -                         -",
        "mean_wait_minutes_calls       90.25           80.00 to 100.50",
    ]


def test_trace_hands_configuration_member_and_replication_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def trace(config: Config, member: int, replication: int) -> str:
        return f"{config.name} {config.months} {member} {replication}"

    monkeypatch.setitem(sys.modules, "sim.trace", SimpleNamespace(trace=trace))
    options = ["--member", "49", "--replication", "7", "--set", "months=5"]
    assert main(["trace", "small.yaml", *options]) == 0
    assert capsys.readouterr().out == "small 5 49 7\n"


def test_options_win_over_settings_and_reach_the_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: dict[str, object] = {}

    def run(config: Config, **arguments: object) -> SimpleNamespace:
        seen.update(arguments, config=config)
        return SimpleNamespace(summary={"confidence": 0.95, "headline": []}, digest="d")

    monkeypatch.setattr("sim.experiment.replications.run", run)
    options = [
        "--replications",
        "3",
        "--seed",
        "4",
        "--jobs",
        "5",
        "--driver",
        "member",
        "--events",
        "all",
    ]
    settings = ["--set", "seed=9", "--set", "months=6"]
    assert main(["run", "small.yaml", *options, *settings]) == 0
    config = seen["config"]
    assert isinstance(config, Config)
    assert (config.experiment.replications, config.seed, config.months) == (3, 4, 6)
    assert config.output.events == "all"
    assert (seen["jobs"], seen["driver"]) == (5, "member")
    assert seen["out"] == Path("results/small")
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "result digest  d",
        "report         results/small/report.html",
    ]


# With the engine, the metrics and the report themselves


@pytest.fixture(scope="module")
def finished(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, "subprocess.CompletedProcess[str]"]:
    """Run the small configuration as a process; give the folder and what the process said."""
    folder = tmp_path_factory.mktemp("finished")
    (folder / "small.yaml").write_text(SMALL)
    return folder, tsuke(["run", "small.yaml"], folder, PYTHONHASHSEED="1")


@pytest.fixture
def no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the report out, which takes longer than the run."""
    monkeypatch.setattr("sim.report.write_report", lambda directory, _: directory / "report.html")


IN_OTHER_HASHES = """\
import sim
sim.run("small.yaml", out="b", jobs=2, driver="member", report=False)
"""


def test_two_hash_seeds_and_both_drivers_give_the_same_files(
    folder: Path, finished: tuple[Path, "subprocess.CompletedProcess[str]"]
) -> None:
    first = finished[0] / "results" / "small"
    second = python(["-c", IN_OTHER_HASHES], folder, PYTHONHASHSEED="2")
    assert (finished[1].returncode, second.returncode) == (0, 0), finished[1].stderr + second.stderr
    names = sorted(path.relative_to(first) for path in first.rglob("*.parquet"))
    assert Path("metrics") in {name.parent for name in names}
    assert names == sorted(path.relative_to("b") for path in Path("b").rglob("*.parquet"))
    for name in names:
        assert (first / name).read_bytes() == ("b" / name).read_bytes(), name
    assert (first / "summary.json").read_bytes() == Path("b/summary.json").read_bytes()


def test_a_run_ends_with_headline_digest_and_report(
    finished: tuple[Path, "subprocess.CompletedProcess[str]"],
) -> None:
    folder, done = finished
    assert done.returncode == 0, done.stderr
    manifest = json.loads((folder / "results/small/manifest.json").read_text())
    *headline, digest, report = done.stdout.splitlines()
    assert headline[0].split() == ["metric", "mean", "95", "%", "interval"]
    assert len(headline) > 1
    assert digest == f"result digest  {manifest['result_digest']}"
    assert report == "report         results/small/report.html"
    assert (folder / "results/small/report.html").stat().st_size > 0
    assert "2 of 2 replications" in done.stderr


def test_a_report_is_rebuilt_from_its_directory(
    folder: Path,
    finished: tuple[Path, "subprocess.CompletedProcess[str]"],
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(finished[0] / "results", folder / "results")
    report = folder / "results/small/report.html"
    report.unlink()
    assert main(["report", "results/small"]) == 0
    assert capsys.readouterr().out == "results/small/report.html\n"
    assert report.exists()


@pytest.mark.usefixtures("no_report")
def test_the_life_of_a_member_is_the_same_from_configuration_and_directory(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["run", "small.yaml", "--jobs", "1", "--events", "none"]) == 0
    told = []
    for source in ("small.yaml", "results/small"):
        capsys.readouterr()
        assert main(["trace", source, "--member", "3", "--replication", "1"]) == 0
        told.append(capsys.readouterr().out)
    assert told[0] == told[1]
    assert told[0].strip()


@pytest.mark.usefixtures("no_report")
def test_events_are_kept_for_all_a_sample_or_nobody() -> None:
    heights = {}
    for events in ("all", "sample", "none"):
        arguments = ["--events", events, "--set", "output.sample_members=5", "--out", events]
        assert main(["run", "small.yaml", "--jobs", "1", *arguments]) == 0
        path = Path(events, "ledger.parquet")
        heights[events] = pl.read_parquet(path).height if path.exists() else 0
    assert heights["all"] > heights["sample"] > heights["none"] == 0


def test_an_error_of_the_engine_about_input_is_a_message(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise InputError("start: no bank calendar after 2099")

    module = SimpleNamespace(simulate=refuse)
    monkeypatch.setitem(sys.modules, "sim.engine.simulation", module)
    assert main(["run", "small.yaml", "--jobs", "1"]) == 2
    assert "tsuke: start: no bank calendar after 2099\n" in capsys.readouterr().err
    assert not (folder / "results").exists()
