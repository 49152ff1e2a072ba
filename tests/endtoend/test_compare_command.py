"""``tsuke compare``: two limit caps under common random numbers, from the command line."""

import json
import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from sim.cli import main
from sim.cli.compare import comparison_text
from sim.experiment import run
from sim.experiment.comparison import COLUMNS, compare

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = [
    "population.members=200",
    "months=5",
    "output.events=none",
    "collections.write_off={day: 60, quiet_days: 30}",
]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Simulate the baseline, a lower cap, and fewer replications of it."""
    folder = tmp_path_factory.mktemp("results")
    for name, n, cap in (("base", 24, 50_000), ("cap", 24, 12_000), ("short", 5, 12_000)):
        run(
            ROOT / "configs" / "atone.yaml",
            overrides=[*SETTINGS, f"name={name}", f"products.atone.limit_cap_yen={cap}"],
            replications=n,
            jobs=1,
            report=False,
            out=folder / name,
        )
    return folder


def test_the_table_shows_differences_and_what_pairing_is_worth(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["compare", str(results / "base"), str(results / "cap"), "--metric", "net_loss_yen"]
    assert main(command) == 0
    text = capsys.readouterr().out
    assert "cap less base, 24 replications" in text
    assert "95 % interval" in text
    assert "net_loss_yen" in text
    assert "still needed" in text


@pytest.mark.parametrize("columns", ["60", "80", "200"])
def test_no_number_of_the_table_is_cut_or_written_with_an_exponent(
    results: Path, columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    found = compare([results / "base", results / "cap"])
    large = found.table.with_columns(
        pl.col("baseline_mean", "mean", "difference", "lower", "upper") * 1_000
    )
    text = comparison_text(replace(found, table=large))
    assert "\N{HORIZONTAL ELLIPSIS}" not in text
    assert "e+" not in text
    waits = large.row(by_predicate=pl.col("metric") == "mean_wait_minutes_calls", named=True)
    assert f"{waits['difference']:,.0f}" in text


def test_one_replication_is_one(results: Path) -> None:
    found = replace(compare([results / "base", results / "cap"]), n=1)
    assert "cap less base, 1 replication (pp" in comparison_text(found)


def test_json_has_every_column_and_pairing_cancels_most_of_the_noise(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directories = [str(results / "base"), str(results / "cap")]
    assert main(["compare", *directories, "--json", "--metric", "net_loss_yen"]) == 0
    found = json.loads(capsys.readouterr().out)
    (row,) = found["differences"]
    assert list(row) == list(COLUMNS)
    assert (found["runs"], found["replications"]) == (["base", "cap"], 24)
    assert row["variance_reduction_factor"] > 10
    assert row["lower"] <= row["difference"] <= row["upper"]


def test_the_comparison_is_written_where_it_is_wanted(results: Path, tmp_path: Path) -> None:
    directories = [str(results / "base"), str(results / "cap")]
    out = tmp_path / "comparison"
    assert main(["compare", *directories, "--out", str(out), "--bonferroni", "--level", "0.9"]) == 0
    table = pl.read_parquet(out / "comparison.parquet")
    content = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
    assert table.to_dicts() == content["differences"]
    assert (content["simultaneous"], content["confidence"]) == (True, 0.9)
    assert sorted(path.name for path in out.iterdir()) == [
        "comparison.json",
        "comparison.parquet",
    ]


def test_the_page_lies_beside_the_files_that_it_names(results: Path, tmp_path: Path) -> None:
    directories = [str(results / "base"), str(results / "cap")]
    out = tmp_path / "page"
    assert main(["compare", *directories, "--out", str(out), "--format", "html"]) == 0
    page = (out / "report.html").read_text(encoding="utf-8")
    named = set(re.findall(r"tables/[a-z_]+\.csv|references\.bib", page))
    assert {"tables/parameters.csv", "references.bib"} <= named
    assert [name for name in sorted(named) if not (out / name).is_file()] == []


def test_the_best_run_is_selected_with_a_stated_probability(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directories = [str(results / "base"), str(results / "cap")]
    best = ["--best", "profit_yen", "--indifference", "1000"]
    assert main(["compare", *directories, *best]) == 0
    assert "largest profit_yen: base, selected with probability at least 0.95" in (
        capsys.readouterr().out
    )
    close = ["--best", "net_loss_yen", "--smallest", "--indifference", "0.01"]
    assert main(["compare", *directories, *close, "--json"]) == 0
    selection = json.loads(capsys.readouterr().out)["selection"]
    assert selection["is_decided"] is False
    assert selection["at_most_needed"] > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["base", "short"], "the replications (0 to 23 and 0 to 4)"),
        (["base"], "got 1; allowed: two or more"),
        (["base", "nowhere"], "nowhere is no results directory"),
        (["base", "cap", "--metric", "profit"], "metric: got 'profit'; allowed: one of"),
        (["base", "cap", "--width", "net_loss_yen=0"], "width: got '0'"),
        (["base", "cap", "--level", "95"], "confidence: got 95.0"),
        (["base", "cap", "--best", "profit_yen"], "--best: needs --indifference"),
        (["base", "cap", "--smallest"], "allowed with --best only"),
    ],
)
def test_what_cannot_be_compared_ends_with_one_message(
    results: Path,
    tmp_path: Path,
    arguments: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(results)
    out = tmp_path / "out"
    assert main(["compare", *arguments, "--out", str(out)]) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""
    assert not out.exists()
