"""``tsuke report --format`` and ``tsuke compare --format``: reports and parts for papers."""

import io
import json
import os
import re
import shutil
import sys
from pathlib import Path

import polars as pl
import pytest
import yaml

from sim.cli import main
from sim.experiment import run
from sim.metrics.columns import TABLE

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ["population.members=60", "months=4", "output.events=none"]
HOSTILE = "=cmd|calc\\input{etc}%$_<b>&日本語\N{PARTY POPPER}" + "x" * 40


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Simulate a baseline and a scenario whose directory has a hostile name."""
    folder = tmp_path_factory.mktemp("results")
    for name, cap in (("base", 50_000), (HOSTILE, 12_000)):
        run(
            ROOT / "configs" / "atone.yaml",
            overrides=[*SETTINGS, f"products.atone.limit_cap_yen={cap}"],
            replications=2,
            jobs=1,
            report=False,
            out=folder / name,
        )
    return folder


@pytest.fixture(scope="module")
def report(results: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write all forms of the report of the baseline."""
    directory = tmp_path_factory.mktemp("report") / "base"
    shutil.copytree(results / "base", directory)
    assert main(["report", str(directory), "--format", "md, html,pdf"]) == 0
    return directory


@pytest.fixture(scope="module")
def comparison(results: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write all forms of the comparison."""
    out = tmp_path_factory.mktemp("comparison") / "out"
    runs = [str(results / "base"), str(results / HOSTILE)]
    assert main(["compare", *runs, "--out", str(out), "--format", "html,md,pdf"]) == 0
    return out


def files_of(directory: Path) -> dict[str, bytes]:
    """Give the files below a directory with their content."""
    paths = (path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in paths}


def targets_of(page: Path) -> list[str]:
    """Give what the links and pictures of a Markdown page point at."""
    return re.findall(r"(?<!\\)\]\(([^)]+)\)", page.read_text(encoding="utf-8"))


def test_every_metric_table_is_exported_with_the_values_of_its_parquet_file(report: Path) -> None:
    for name in TABLE:
        frame = pl.read_parquet(report / "metrics" / f"{name}.parquet")
        text = (report / "tables" / f"{name}.csv").read_text(encoding="utf-8")
        assert pl.read_csv(io.StringIO(text), schema=frame.schema).equals(frame), name


def test_the_headline_is_exported_as_the_summary_has_it(report: Path) -> None:
    summary = json.loads((report / "summary.json").read_text(encoding="utf-8"))["metrics"]
    frame = pl.read_csv(report / "tables" / "headline.csv")
    assert frame["metric"].to_list() == list(summary)
    for field in ("mean", "lower", "upper", "standard_deviation"):
        wanted = [metric[field] for metric in summary.values()]
        assert frame[field].to_list() == wanted, field


def test_every_figure_is_there_twice_and_every_report_table_in_latex(report: Path) -> None:
    names = {path.stem for path in (report / "figures").iterdir()}
    assert len(names) > 10
    for name in names:
        assert (report / "figures" / f"{name}.svg").read_bytes().startswith(b"<?xml")
        assert (report / "figures" / f"{name}.pdf").read_bytes().startswith(b"%PDF")
    inputs = re.findall(r"\\input\{(\w+)\.tex\}", (report / "tables" / "all.tex").read_text())
    assert {"headline", "products", "roll_rates", "clauses", "changed_parameters"} <= set(inputs)
    for name in inputs:
        source = (report / "tables" / f"{name}.tex").read_text(encoding="utf-8")
        assert source.count(r"\toprule") == 2
        assert source.count(r"\begin{") == source.count(r"\end{") == 1


@pytest.mark.parametrize("form", ["report", "comparison"])
def test_markdown_links_resolve_inside_the_directory(
    form: str, request: pytest.FixtureRequest
) -> None:
    directory: Path = request.getfixturevalue(form)
    for page in ("report.md", "methods.md"):
        targets = targets_of(directory / page)
        assert targets
        for target in targets:
            path = (directory / target).resolve()
            assert path.is_file(), target
            assert path.is_relative_to(directory.resolve())


@pytest.mark.parametrize("form", ["report", "comparison"])
def test_the_report_as_pdf_is_one(form: str, request: pytest.FixtureRequest) -> None:
    directory: Path = request.getfixturevalue(form)
    assert (directory / "report.pdf").read_bytes().startswith(b"%PDF")
    assert (directory / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_the_methods_state_what_a_repetition_needs(report: Path) -> None:
    text = (report / "methods.md").read_text(encoding="utf-8")
    manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    assert "seed 20260101" in text
    assert "4 calendar months from 2026-01-01" in text
    assert "60 persons" in text
    assert "| population.members | 60 | 10,000 | persons |" in text
    for value in (manifest["result_digest"], manifest["code"]["source_digest"]):
        assert value in text
    for name, version in manifest["surroundings"]["packages"].items():
        assert f"{name} {version}" in text


def test_the_bibliography_cites_the_version_that_made_the_results(report: Path) -> None:
    text = (report / "references.bib").read_text(encoding="utf-8")
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    assert f"title = {{{{{citation['title']}}}}}" in text
    assert f"version = {{{manifest['code']['version']}}}" in text
    assert manifest["code"]["source_digest"] in text
    assert "@article{monks2019stress," in text


def test_the_same_results_give_the_same_bytes_and_only_what_was_asked_for(
    comparison: Path, results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = [str(results / "base"), str(results / HOSTILE)]
    assert main(["compare", *runs, "--out", str(tmp_path), "--format", "pdf,md"]) == 0
    printed = capsys.readouterr().out
    assert printed.endswith(f"{tmp_path / 'report.md'}\n{tmp_path / 'report.pdf'}\n")
    first = files_of(comparison)
    del first["report.html"]
    assert files_of(tmp_path) == first


def test_a_comparison_exports_its_intervals_and_what_differs(comparison: Path) -> None:
    frame = pl.read_parquet(comparison / "comparison.parquet")
    text = (comparison / "tables" / "comparison.csv").read_text(encoding="utf-8")
    again = pl.read_csv(io.StringIO(text), schema=frame.schema)
    assert again.drop("run").equals(frame.drop("run"))
    assert set(again["run"]) == {f"'{HOSTILE}"}
    differing = pl.read_csv(comparison / "tables" / "differing_parameters.csv")
    assert differing["path"].unique().to_list() == ["products.atone.limit_cap_yen"]
    assert differing["value"].to_list() == [50_000, 12_000]
    figures = {path.stem for path in (comparison / "figures").glob("*.pdf")}
    assert {"relative_differences", "differences_yen", "worth_of_pairing"} <= figures


def test_the_page_of_a_comparison_is_like_that_of_a_run(comparison: Path, report: Path) -> None:
    pages = [
        (folder / "report.html").read_text(encoding="utf-8") for folder in (comparison, report)
    ]
    for html in pages:
        assert re.findall(r'<div class="body" lang="(\w+)"', html) == ["en", "ja"]
        assert '<table class="sortable">' in html
        assert 'class="definition"' in html
    html = pages[0]
    for code, first in (("", "Figure 1."), ("ja-", "図1")):
        assert f'<figure id="{code}figure-relative_differences">' in html
        assert f"<figcaption><b>{first}</b>" in html
    assert html.count('href="data:text/csv') == len(list((comparison / "figures").glob("*.pdf")))


def test_a_hostile_name_is_text_in_every_form(comparison: Path) -> None:
    files = files_of(comparison)
    assert all(re.fullmatch(r"(figures/|tables/)?[a-z0-9_]+\.[a-z]+", name) for name in files)
    html = files["report.html"].decode()
    assert "<b>&日" not in html
    assert "&lt;b&gt;&amp;日本語" in html
    markdown = files["report.md"].decode()
    assert "<b>" not in markdown
    assert "\\=cmd\\|calc\\\\input\\{etc\\}%\\$\\_&lt;b&gt;&amp;日本語" in markdown
    latex = files["tables/differences_1.tex"].decode()
    assert r"\input" not in latex
    assert r"=cmd\textbar{}calc\textbackslash{}input\{etc\}\%\$\_" in latex


def test_a_directory_whose_name_is_no_text_can_be_compared(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = tmp_path / os.fsdecode(b"r\xff")
    shutil.copytree(results / "base", odd)
    command = ["compare", str(results / "base"), str(odd), "--metric", "profit_yen"]
    assert main([*command, "--json", "--out", str(tmp_path / "out")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["runs"] == ["base", "r\N{REPLACEMENT CHARACTER}"]


UNUSABLE = [
    (["report", "base", "--format", "docx"], "--format: got 'docx'; allowed: html, md, pdf"),
    (["report", "base", "--format", ""], "--format: got ''; allowed: html, md, pdf"),
    (["report", "absent", "--format", "md"], "absent is no results directory"),
    (["compare", "base", "base", "--format", "md"], "--format: needs --out"),
    (["compare", "base", "base", "--format", "md", "--out", "base"], "--out: base holds a run"),
]


@pytest.mark.parametrize(("command", "message"), UNUSABLE)
def test_what_cannot_be_used_is_refused_and_nothing_is_written(
    results: Path,
    command: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(results)
    before = files_of(results)
    assert main(command) == 2
    assert message in capsys.readouterr().err
    assert files_of(results) == before


def test_without_typst_the_message_says_what_to_install(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    before = files_of(results)
    assert main(["report", str(results / "base"), "--format", "md,pdf"]) == 2
    assert "install it with pip install 'tsuke[pdf]'" in capsys.readouterr().err
    assert files_of(results) == before
