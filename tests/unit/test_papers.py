"""Texts, tables, figures and references of reports for papers."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from matplotlib.figure import Figure

from sim.atomic import OutputError
from sim.config import Config
from sim.metrics.columns import TABLES
from sim.provenance import Code, Surroundings
from sim.report.html_tables import Cell, Heading, HtmlTable
from sim.report.papers.dictionary import dictionary
from sim.report.papers.document import Document
from sim.report.papers.document import Heading as Title
from sim.report.papers.estimation import estimation_of_means, estimation_of_run
from sim.report.papers.figure_files import pdf_of
from sim.report.papers.figures_of_comparisons import label_of
from sim.report.papers.files import write_document
from sim.report.papers.harmless import for_latex, for_markdown, plain
from sim.report.papers.latex import all_tables, latex_table
from sim.report.papers.markdown import markdown_report
from sim.report.papers.methods import Study, methods
from sim.report.papers.references import PUBLISHED, bibliography, published, software
from sim.report.papers.run_document import parameter_frame
from sim.report.style import Drawing

CODE = Code(version="0.1.0", commit=None, source_digest="0" * 64)
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "\r\n=1+1",
    "\N{FULLWIDTH EQUALS SIGN}1+1",
    'a",=1+1',
    "../../x",
    "/etc/passwd",
    "x" * 65,
    "\N{PARTY POPPER}\N{FAMILY}",
    "ツケ、後払い",
    r"\input{/etc/passwd}",
    r"\write18{ls}",
    r"\\[9cm]",
    "% comment",
    "$x_1^2$",
    "100 % & more_of #it~",
    "}{",
    "^^5cinput",
    "a -- b --- c",
    "| cell | pipe |",
    "[link](javascript:alert(1))",
    "![image](http://example.org/x.png)",
    "http://example.org www.example.org a@example.org",
    "`code` *bold* _it_ ~~gone~~",
    "# heading",
    "- list",
    "1. list",
    "---",
    "&lt;b&gt;&#60;",
    "\u202egnp.exe",
    "\x00\x07\x1b[31m",
    "two\nlines\u2028three",
    "\udcff",
    "\ufffe\uffff\ufdd0",
    "",
    " ",
]  # fmt: skip
texts = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40))


def table_of(text: str) -> HtmlTable:
    """Give a table that consists of a text."""
    rows = [[Cell(text, text, note=text), Cell(text, 0.0, is_number=True, note=text)]] * 2
    headings = [Heading(text, text), Heading(text, text, is_number=True)]
    return HtmlTable("table", text, text, headings, rows, frozenset({0}))


def document_of(text: str) -> Document:
    """Give a document that consists of a text."""
    drawing = Drawing("figure", text, text, "<svg/>", {}, (), Figure(figsize=(1, 1)))
    blocks = [Title(text), text, drawing, table_of(text)]
    return Document(text, text, blocks, [text], published(PUBLISHED))


# Texts


@given(texts)
def test_a_plain_text_is_one_line_of_utf_8_without_hidden_marks(text: str) -> None:
    shown = plain(text)
    shown.encode()
    assert len(shown) == len(text)
    assert shown.splitlines() in ([shown], [])
    assert not re.search("[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", shown)


def commands(source: str) -> set[str]:
    """Give the commands of a piece of LaTeX, and the braces that do not match."""
    assert not re.search(r"(?<!\\)[%$#~^]", source)
    bare = re.sub(r"\\[{}%$#&_]", "", source)
    depth = 0
    for brace in re.findall(r"[{}]", bare):
        depth += 1 if brace == "{" else -1
        assert depth >= 0
    assert depth == 0
    return set(re.findall(r"\\([A-Za-z]+|.)", re.sub(r"\\\\$", "", bare, flags=re.MULTILINE)))


@given(texts)
def test_a_text_is_no_command_of_latex(text: str) -> None:
    names = {"backslash", "asciitilde", "asciicircum", "asciigrave", "quotedbl", "less", "greater",
             "bar"}  # fmt: skip
    assert commands(for_latex(text)) <= {f"text{name}" for name in names}
    assert not re.search(r"(?<!\\)[&_]", for_latex(text))


def flat(tokens: list[Token]) -> list[Token]:
    """Give tokens with those inside them."""
    return [one for token in tokens for one in (token, *flat(token.children or []))]


def parsed(text: str) -> list[Token]:
    """Read Markdown as GitHub does, with raw HTML and links found in texts."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return flat(reader.parse(text))


@given(texts)
def test_a_text_is_no_markup_of_markdown(text: str) -> None:
    tokens = parsed(for_markdown(text))
    kinds = {token.type for token in tokens}
    assert kinds <= {"paragraph_open", "paragraph_close", "inline", "text", "text_special"}
    shown = "".join(token.content for token in tokens if token.type in {"text", "text_special"})
    assert shown == plain(text).strip()


@given(texts)
def test_a_text_in_a_markdown_table_stays_in_its_cell(text: str) -> None:
    source = markdown_report(document_of(text))
    tokens = parsed(source)
    kinds = [token.type for token in tokens]
    assert not {"html_inline", "html_block", "em_open", "s_open"} & set(kinds)
    assert kinds.count("td_open") == 4
    targets = [str(token.attrs.get("href", token.attrs.get("src", ""))) for token in tokens]
    allowed = {"", "figures/figure.svg", "figures/figure.pdf", "tables/table.tex", "references.bib"}
    assert set(targets) <= allowed


# LaTeX


@given(texts)
def test_a_table_in_latex_has_the_cells_of_its_rows_and_no_other_command(text: str) -> None:
    source = "\n".join(
        line for line in latex_table(table_of(text)).splitlines() if not line.startswith("%")
    )
    ours = {"begingroup", "endgroup", "small", "setlength", "tabcolsep", "begin", "end", "caption",
            "label", "toprule", "midrule", "bottomrule", "endfirsthead", "endhead", "endfoot",
            "raggedright", "raggedleft", "arraybackslash", "linewidth", "allowbreak",
            "textbackslash", "textasciitilde", "textasciicircum", "textasciigrave", "textquotedbl",
            "textless", "textgreater", "textbar"}  # fmt: skip
    assert commands(source) <= ours
    rows = [line for line in source.splitlines() if line.endswith(r"\\")][1:]
    assert [len(re.findall(r"(?<!\\)&", row)) for row in rows] == [1] * len(rows)
    assert len(rows) == 4


@pytest.mark.skipif(shutil.which("lualatex") is None, reason="no TeX engine")
def test_hostile_tables_compile(tmp_path: Path) -> None:
    tables = [replace(table_of(text), name=f"t{n}") for n, text in enumerate(HOSTILE)]
    for table in tables:
        (tmp_path / f"{table.name}.tex").write_text(latex_table(table), encoding="utf-8")
    (tmp_path / "all.tex").write_text(all_tables(tables), encoding="utf-8")
    command = ["lualatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "all"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False,
        timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    assert "/etc/passwd" not in done.stdout.replace(str(tmp_path), "")


def test_the_header_says_which_engine_reads_other_scripts() -> None:
    source = latex_table(table_of("ツケ"))
    assert source.startswith("% Written by tsuke; UTF-8.")
    assert "lualatex" in source
    assert "ツケ" in source


# Tables in full


def test_the_dictionary_has_every_column_of_every_table_once() -> None:
    frame = dictionary(TABLES)
    assert frame.height == sum(len(table.columns) for table in TABLES)
    assert not frame.select("table", "column").is_duplicated().any()
    assert "`" not in "".join(frame["meaning"])


def test_every_parameter_has_value_unit_and_source() -> None:
    frame = parameter_frame(Config(seed=12345))
    row = frame.row(by_predicate=pl.col("path") == "seed", named=True)
    assert (row["value"], row["default"], row["is_default"]) == ("12345", "1", False)
    assert not frame["source"].is_null().any()
    assert (frame["source"] != "").all()


# Figures, references, methods


def test_a_figure_has_the_same_pdf_twice_without_date_or_program() -> None:
    drawings = []
    for _ in range(2):
        figure = Figure(figsize=(2, 1))
        figure.subplots().plot([1, 2], [3, 1])
        drawings.append(pdf_of(Drawing("a", "Title", "", "<svg/>", {}, (), figure)))
    assert drawings[0] == drawings[1]
    assert drawings[0].startswith(b"%PDF")
    assert not re.search(rb"/(CreationDate|Creator|Producer)", drawings[0])


def test_a_name_that_the_fonts_lack_is_shown_by_its_number() -> None:
    assert label_of("base", 0) == "base"
    assert label_of("後払い", 2) == "後払い"
    assert label_of("\N{PARTY POPPER}", 2) == "run 3"
    assert label_of("x" * 65, 1) == "x" * 31 + "…"


def test_every_entry_of_the_bibliography_can_be_cited() -> None:
    text = bibliography([software(CODE), *published(PUBLISHED)])
    keys = re.findall(r"^@(\w+)\{([\w]+),$", text, flags=re.MULTILINE)
    assert len(keys) == len(PUBLISHED) + 1 == len({key for _, key in keys})
    assert {kind for kind, _ in keys} == {"software", "article", "book", "inproceedings"}
    for entry in text.split("\n@")[1:]:
        assert entry.count("{") == entry.count("}")
        assert "author = {" in entry
        assert "title = {" in entry
    assert "version = {0.1.0}" in text
    assert "author = {{tsuke developers}}" in text


def test_an_installed_package_is_cited_by_its_metadata(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.report.papers.references.CITATION", "absent.cff")
    reference = software(CODE)
    assert reference.title.startswith("tsuke: ")
    assert reference.details["license"] == "Apache-2.0"


CITING = {
    "plain": {},
    "importance": {"macro": {"sampling": {"method": "importance"}}},
    "sobol": {"macro": {"sampling": {"method": "sobol", "points": 16}},
              "experiment": {"replications": 32}},
    "controlled": {"experiment": {"control_variate": {}}},
    "stopped": {"experiment": {"precision": {"targets": [{"metric": "profit_yen",
                                                          "relative": 0.05}]}}},
}  # fmt: skip


@pytest.mark.parametrize("is_one_run", [True, False])
@pytest.mark.parametrize("name", CITING)
def test_methods_cite_what_the_references_list_and_nothing_else(
    name: str, *, is_one_run: bool
) -> None:
    config = Config.model_validate_json(json.dumps(CITING[name]))
    around = Surroundings(python="3", packages={}, platform="p")
    lines = (estimation_of_run if is_one_run else estimation_of_means)(config, 20)
    study = Study(config, "", "", [], lines, CODE, around, "", [], is_one_run=is_one_run)
    blocks = [block for block in methods(study) if isinstance(block, str)]
    pattern = r"([A-Z][a-z]+)(?: and [A-Z][a-z]+| et al\.)? ((?:19|20)\d\d)"
    cited = set(re.findall(pattern, " ".join(blocks)))
    listed = {
        (reference.authors[0].split(",")[0], reference.year) for reference in study.references()
    }
    assert cited == {(author, year) for author, year in listed if year}


def test_means_of_sweeps_and_comparisons_have_no_tails_and_no_control_variate() -> None:
    config = Config.model_validate({"experiment": {"control_variate": {}}})
    text = " ".join(estimation_of_means(config, 20))
    assert "Student t intervals" in text
    assert "value at risk" not in text
    assert "control variate" not in text


def test_methods_write_levels_with_all_their_digits() -> None:
    config = Config.model_validate({"experiment": {"tail": 0.999, "confidence": 0.975}})
    text = " ".join(estimation_of_run(config, 20))
    assert "value at risk at 99.9 %" in text
    assert "at 97.5 %" in text


def test_methods_have_the_numbered_items_of_the_checklist() -> None:
    around = Surroundings(python="3", packages={}, platform="p")
    study = Study(Config(), "", "", [], [], CODE, around, "", [])
    numbers = [block.text.split()[0] for block in methods(study) if isinstance(block, Title)]
    assert numbers == [
        "1", "1.1", "1.2", "1.3", "2", "2.1", "2.3", "2.4", "2.5", "3", "3.1", "3.2", "3.3", "3.4",
        "4", "4.1", "4.2", "4.3", "5", "5.1", "5.2", "5.3", "5.4", "6", "6.1",
    ]  # fmt: skip


# Files


def test_stale_parts_of_an_earlier_report_go_and_other_files_stay(tmp_path: Path) -> None:
    for folder, name in (("figures", "old.pdf"), ("tables", "old.csv"), ("tables", "own.txt")):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / name).write_text("")
    write_document(document_of("a"), tmp_path, ["md"])
    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")}
    assert found == {
        "report.md", "methods.md", "references.bib", "figures/figure.svg", "figures/figure.pdf",
        "tables/table.tex", "tables/all.tex", "tables/own.txt",
    }  # fmt: skip


def test_a_folder_that_leads_out_of_the_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "tables").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="leads out of"):
        write_document(document_of("a"), tmp_path / "out", ["md"])
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("n_before", range(0, 7, 2))
def test_a_report_that_dies_leaves_whole_files_and_no_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_before: int
) -> None:
    written: list[str] = []
    whole = os.replace

    def dying(path: Path, target: Path) -> Path:
        if len(written) == n_before:
            raise KeyboardInterrupt
        written.append(Path(target).name)
        whole(path, target)
        return target

    monkeypatch.setattr(Path, "replace", dying)
    with pytest.raises(KeyboardInterrupt):
        write_document(document_of("a"), tmp_path, ["md"])
    assert not (tmp_path / "report.md").exists()
    assert sorted(path.name for path in tmp_path.rglob("*.*")) == sorted(written)
