"""The languages of the report: every message has them all, and they agree on their values."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from string import Formatter

import pytest
from jinja2 import nodes

import sim.report
from models.errors import InputError
from sim.config import load_config
from sim.engine.state.world import DESK_NUMBERS
from sim.experiment.replications import run
from sim.metrics.accounts import COST_ACCOUNTS, INCOME_ACCOUNTS, RECEIVABLE_ACCOUNTS
from sim.metrics.columns import TABLES
from sim.metrics.operations import DESKS
from sim.report import language, write_report
from sim.report.figures.by_theme import draw
from sim.report.language import catalogue, say, speaking
from sim.report.layout import environment
from sim.report.numbers import words
from sim.report.page import page
from sim.report.papers.document import Heading
from sim.report.papers.markdown import markdown_methods, markdown_report
from sim.report.papers.pdf import pdf_report
from sim.report.papers.run_document import run_document
from sim.report.source import Run, read_run
from sim.report.style import Drawing

FOLDER = Path(sim.report.__file__).parent
JAPANESE = re.compile(r"[ぁ-んァ-ン一-龥]")
COLUMNS = {column.name for table in TABLES for column in table.columns}


class Listening(dict[str, str]):
    """A catalogue that remembers what was asked for and is not there."""

    missed: set[str]

    def get(self, key: str, default: str = "") -> str:  # type: ignore[override]
        """Look a message up."""
        if key not in self:
            self.missed.add(key)
        return super().get(key, default)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("results")
    source = folder / "small.yaml"
    source.write_text("months: 4\npopulation: {members: 60}\n", encoding="utf-8")
    run(load_config(source), replications=2, jobs=1, out=folder / "small", report=False)
    return read_run(folder / "small")


@pytest.fixture(scope="module")
def listening() -> Listening:
    found = Listening(catalogue())
    found.missed = set()
    return found


@pytest.fixture(scope="module")
def japanese(small: Run, listening: Listening) -> list[Drawing]:
    """Draw the figures in Japanese, and remember what the catalogue lacks."""
    with pytest.MonkeyPatch.context() as patch, speaking("ja"):
        patch.setattr(language, "catalogue", lambda: listening)
        return draw(small)


def messages_of_code() -> Iterator[str]:
    """Find the texts given to `say` and `counted`, also where a condition chooses."""
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                given = {"say": node.args[:1], "counted": node.args[1:]}.get(node.func.id, [])
                for argument in given:
                    yield from _texts(argument)


def _texts(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from _texts(node.body)
            yield from _texts(node.orelse)


def messages_of_templates() -> Iterator[str]:
    jinja = environment()
    for path in FOLDER.glob("templates/*.html"):
        for call in jinja.parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "say":
                yield from (a.value for a in call.args[:1] if isinstance(a, nodes.Const))


def test_every_message_of_code_and_templates_is_in_the_catalogue() -> None:
    messages = {*messages_of_code(), *messages_of_templates()}
    assert len(messages) > 200
    assert sorted(messages - catalogue().keys()) == []


def test_page_and_papers_say_nothing_that_the_catalogue_lacks(
    small: Run, japanese: list[Drawing], listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "catalogue", lambda: listening)
    with speaking("ja"):
        document = run_document(small, japanese)
        markdown_report(document)
        markdown_methods(document)
    page(small, {"ja": japanese}, "ja")
    clauses = small.tables["clauses"]
    # texts of the configuration and of the rulebook are quoted, identifiers are names
    quoted = {*clauses["clause"], *clauses["meaning"], *(words(n) for n in clauses["name"]), ""}
    left = {m for m in listening.missed - quoted if not set(re.findall(r"\w+", m)) <= COLUMNS}
    assert sorted(left) == []


def test_kinds_of_income_cost_and_claims_have_a_japanese_name() -> None:
    kinds = {*INCOME_ACCOUNTS.values(), *COST_ACCOUNTS.values(), *RECEIVABLE_ACCOUNTS.values()}
    assert sorted({words(kind) for kind in kinds} - catalogue().keys()) == []


def test_every_desk_of_every_lender_has_a_japanese_name() -> None:
    desks = {f"{lender}{desk}" for lender in ("", "au_") for desk in DESK_NUMBERS}
    assert desks == {*DESKS}
    assert sorted({words(desk) for desk in desks} - catalogue().keys()) == []


def test_a_message_has_the_same_places_in_both_languages() -> None:
    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert [m for m, japanese in catalogue().items() if places(m) != places(japanese)] == []


def test_terms_are_those_of_the_trade() -> None:
    terms = {
        "late damages": "遅延損害金", "late admin fees": "延滞事務手数料",
        "days past due": "延滞日数", "written off": "貸倒償却", "open": "未回収",
        "merchant discount": "加盟店手数料", "fees": "手数料",
    }  # fmt: skip
    with speaking("ja"):
        assert {english: say(english) for english in terms} == terms
        assert "ロールレート" in say("Roll rates: where members are a month later")


def test_a_message_that_is_not_in_the_catalogue_stays_as_it_is() -> None:
    with speaking("ja"):
        assert say("{a user's name}") == "{a user's name}"
    assert language.language() == "en"


def test_figures_and_page_are_japanese_where_that_is_wanted(
    small: Run, japanese: list[Drawing]
) -> None:
    assert all(JAPANESE.search(d.title + d.caption) for d in japanese)
    html = page(small, {"ja": japanese}, "ja")
    assert '<html lang="ja">' in html
    assert "data-language" not in html.partition("<script>")[0]


def test_papers_are_japanese_where_that_is_wanted(small: Run, japanese: list[Drawing]) -> None:
    with speaking("ja"):
        document = run_document(small, japanese)
        text = markdown_report(document)
        pdf = pdf_report(replace(document, blocks=document.blocks[:4]))  # one figure tells
    paragraphs = [block for block in document.methods if isinstance(block, str)]
    headings = [block.text for block in document.methods if isinstance(block, Heading)]
    assert all(JAPANESE.search(line) for line in [*headings, *paragraphs, document.lead]
               if not line.startswith("tsuke "))  # fmt: skip
    assert "## 参考文献" in text
    assert "**図1**" in text
    assert b"IPAexGothic" in pdf


def test_a_language_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="language: got fr; allowed: en, ja"):
        write_report(tmp_path, "fr")


def test_a_message_in_two_files_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text('"mean": "平均"\n', encoding="utf-8")
    monkeypatch.setattr(language.resources, "files", lambda _: Listed(tmp_path))
    with pytest.raises(ValueError, match=r"b\.yaml repeats \['mean'\]"):
        catalogue.__wrapped__()


class Listed:
    """A package whose every folder is one directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def joinpath(self, _: str) -> Path:
        """Give the directory."""
        return self.directory
