"""The documentation: its commands run, its links resolve, what it names exists."""

import ast
import datetime as dt
import importlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

from models.clauses import CLAUSES, IMPLEMENTATIONS, RESOLUTIONS, clause_of
from models.products.catalogue import Lender
from sim.config import Config, load_config
from sim.engine.common_night import Step
from sim.engine.night import NIGHTS
from sim.experiment.checkpoint_store import Checkpoint
from sim.experiment.checkpoints import branched
from sim.record.accounts import Account
from sim.trace import trace

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), ROOT / "README.md", *sorted((ROOT / "bench").rglob("*.md"))]
IDS = [page.relative_to(ROOT).as_posix() for page in PAGES]
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
CLAUSE = re.compile(r"\b(?:ART|NP|AUX?|CAL|COLL|LEN)-\w+(?:\.\d+)*(?:\(\d+\))*|\bC-\d+")
MODULE = re.compile(r"(?<![\w/.])(?:models|sim)(?:\.[A-Za-z_]\w*)+")
FILE = re.compile(r"(?<![\w/.])(?:bench|configs|docs|models|sim|tests)/[\w./-]*\w")
PARAMETER = re.compile(r"(?<![\w/.])[a-z_]+(?:\.[a-z_]\w*)+")


def prose_of(page: Path) -> str:
    """Give a page without its fenced blocks."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def spans_of(page: Path) -> list[str]:
    """Give what stands in code font in the prose of a page."""
    return CODE.findall(prose_of(page))


def section_of(page: Path, heading: str) -> str:
    """Give the text below a heading, up to the next one."""
    text = page.read_text(encoding="utf-8")
    return re.split(r"^#+ ", text.split(f"# {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def rows_of(text: str) -> list[list[str]]:
    """Give the cells of the rows of the tables in a text, headings left out."""
    lines = re.findall(r"^\|(.+)\|$", text, flags=re.MULTILINE)
    cells = [[cell.strip() for cell in line.split(" | ")] for line in lines]
    rules = [i for i, line in enumerate(lines) if set(line) <= set("|-")]
    return [row for i, row in enumerate(cells) if i not in rules and i + 1 not in rules]


def anchors_of(page: Path) -> set[str]:
    """Give the anchors of the headings of a page, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", prose_of(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# The commands


def test_the_branch_of_the_readme_may_change_what_it_changes(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"tsuke branch \S+ --set (\S+)", text)
    date = re.search(r"tsuke checkpoint (\S+) --at (\S+)", text)
    assert found is not None
    assert date is not None
    config = load_config(ROOT / date[1])
    start = Checkpoint(tmp_path, config, dt.date.fromisoformat(date[2]), ())
    assert branched(start, [found[1]]).policy.changes


# The tutorial


def in_shell(block: str, folder: Path) -> None:
    """Run the lines of a shell block, with the command `tsuke` of this tree."""
    command = folder / "bin" / "tsuke"
    command.parent.mkdir(exist_ok=True)
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sim.cli "$@"\n')
    command.chmod(0o755)
    path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [shutil.which("bash") or "bash", "-c", f"set -euo pipefail\n{block}"],
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr, f"{block}\n{done.stderr}"


def test_every_command_and_python_block_of_the_tutorial_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "configs", tmp_path / "configs")
    session: dict[str, object] = {}
    for language, block in FENCE.findall((DOCS / "tutorial.md").read_text(encoding="utf-8")):
        if language == "sh":
            in_shell(block, tmp_path)
        elif language == "python":
            exec(compile(block, "tutorial.md", "exec"), session)  # noqa: S102 - our own page
    assert (tmp_path / "results" / "first" / "report.html").is_file()
    assert capsys.readouterr().out.splitlines()[-1] == "True"  # the two drivers agree


def test_the_tutorial_leaves_only_its_set_up_unexecuted() -> None:
    blocks = FENCE.findall((DOCS / "tutorial.md").read_text(encoding="utf-8"))
    skipped = [block for language, block in blocks if language not in {"sh", "python"}]
    assert len(skipped) == 1
    assert "pip install" in skipped[0]


def test_the_member_that_the_tutorial_follows_has_the_life_it_describes() -> None:
    text = section_of(DOCS / "tutorial.md", "6. Follow one member")
    number = re.search(r"--member (\d+)", text)
    assert number is not None
    config = load_config(ROOT / "configs" / "atone.yaml", ["population.members=200"])
    statement = trace(config, int(number[1]), 0)
    phrases = [
        phrase for line in re.findall(r"^- .+", text, re.MULTILINE) for phrase in CODE.findall(line)
    ]
    assert len(phrases) > 8
    assert [phrase for phrase in phrases if phrase not in statement] == []


# Links and names


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_relative_link_resolves(page: Path) -> None:
    broken = []
    for link in LINK.findall(CODE.sub("", prose_of(page))):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, anchor = link.partition("#")
        target = page.parent / place if place else page
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            broken.append(link)
    assert broken == []


def exists(name: str) -> bool:
    """Tell whether a dotted name is a module or something in one."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_module_and_file_named_exists(page: Path) -> None:
    spans = spans_of(page)
    modules = {name for span in spans for name in MODULE.findall(span)}
    blocks = [block for _, block in FENCE.findall(page.read_text(encoding="utf-8"))]
    files = {name for text in (*spans, *blocks) for name in FILE.findall(text)}
    assert {name for name in modules if not exists(name)} == set()
    assert {name for name in files if not (ROOT / name).exists()} == set()


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_clause_named_is_registered(page: Path) -> None:
    for reference in CLAUSE.findall(page.read_text(encoding="utf-8")):
        if reference not in RESOLUTIONS:
            clause_of(reference)


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_parameter_named_exists(page: Path) -> None:
    names = {name for span in spans_of(page) for name in PARAMETER.findall(span)}
    config = Config()
    for name in names:
        first, *others = name.split(".")
        if first in Config.model_fields:
            value = getattr(config, first)
            for part in others:
                value = value[part] if isinstance(value, dict) else getattr(value, part)


def test_the_table_of_tuned_parameters_has_the_values_of_the_baseline() -> None:
    baseline = load_config(ROOT / "configs" / "atone.yaml")
    rows = rows_of(section_of(DOCS / "model.md", "3.3 Input parameters"))
    tuned = [(row[0].strip("`"), row[1]) for row in rows if row[0].startswith("`")]
    numbers = [(path, float(text)) for path, text in tuned if re.fullmatch(r"[\d.]+", text)]
    assert len(numbers) == 9
    for path, number in numbers:
        value: object = baseline
        for part in path.split("."):
            value = getattr(value, part)
        assert (path, value) == (path, number)


def test_every_label_of_a_fact_that_a_parameter_cites_has_its_row() -> None:
    rows = rows_of(section_of(DOCS / "model.md", "3.1 Data sources"))
    labels = {row[0] for row in rows}
    schema = (ROOT / "configs" / "schema.json").read_text(encoding="utf-8")
    cited = set(re.findall(r"facts \d+(?:\.\d+)?", schema))
    assert len(cited) > 8
    assert {label for label in cited if not {label, label.partition(".")[0]} & labels} == set()


# The architecture page


def clauses_of(step: Step) -> set[str]:
    """Give the ids of the clauses that a step implements."""
    name = f"{step.__module__}.{step.__qualname__}"
    return {identifier for identifier in CLAUSES if name in IMPLEMENTATIONS.get(identifier, [])}


@pytest.mark.parametrize(
    ("section", "lender"),
    [("The night", Lender.NP), ("The night at au PAY Atobarai", Lender.AU)],
    ids=["np", "au"],
)
def test_the_tables_of_the_nights_are_those_of_the_engine(section: str, lender: Lender) -> None:
    rows = rows_of(section_of(DOCS / "architecture.md", section))
    documented = [
        (half, task.strip("`"), step.strip("`"), {clause_of(c).id for c in CLAUSE.findall(ids)}, at)
        for half, task, step, _, ids, at in rows
    ]
    engine = [
        (
            half,
            task.name if task else "-",
            step.__name__,
            clauses_of(step),
            f"`{step.__module__.replace('.', '/')}.py`",
        )
        for half, steps in (("close", NIGHTS[lender].closing), ("open", NIGHTS[lender].opening))
        for task, step in steps
    ]
    assert documented == engine


def imports_of(path: Path) -> Iterator[str]:
    """Give the modules of the project that a module imports, wherever it does so."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if module_file(inner) else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def module_file(name: str) -> bool:
    """Tell whether a dotted name is a module of this tree."""
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


@pytest.mark.parametrize("package", ["models", "sim"])
def test_modules_import_in_the_order_of_the_architecture_page(package: str) -> None:
    text = section_of(DOCS / "architecture.md", "Direction of imports")
    lines = re.findall(r"^(\d+)\. (.+)$", text, flags=re.MULTILINE)
    rank = {name: int(number) for number, names in lines for name in CODE.findall(names)}

    def rank_of(module: str) -> int:
        name = module
        while name and name not in rank:
            name = name.rpartition(".")[0]
        assert name, f"{module} has no place on the page"
        return rank[name]

    for path in sorted((ROOT / package).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if name == package:
            continue
        for imported in imports_of(path):
            if imported.startswith(f"{package}."):
                assert rank_of(imported) <= rank_of(name), f"{name} imports {imported}"
            assert package == "sim" or not imported.startswith("sim"), f"{name} imports {imported}"


def test_the_architecture_page_lists_every_account() -> None:
    rows = rows_of(section_of(DOCS / "architecture.md", "Ledger"))
    listed = [name for _, names in rows for name in CODE.findall(names)]
    assert sorted(listed) == sorted(Account.__members__)


def test_the_architecture_page_lists_every_table_and_its_file() -> None:
    rows = rows_of(section_of(DOCS / "architecture.md", "State"))
    listed = {name: CODE.findall(file) for names, _, file in rows for name in CODE.findall(names)}
    bases, files = {}, {}
    for path in (ROOT / "sim").rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if (
                isinstance(node, ast.ClassDef)
                and node.bases
                and isinstance(node.bases[0], ast.Name)
            ):
                bases[node.name] = node.bases[0].id
                files[node.name] = [path.relative_to(ROOT).as_posix()]
    tables = {name for name in bases if "Table" in (bases[name], bases.get(bases[name]))}
    # What several tables have in common is none by itself.
    assert listed == {name: files[name] for name in tables - set(bases.values())}


def test_the_boxes_of_the_picture_are_modules_and_files() -> None:
    picture = ET.parse(DOCS / "architecture.svg")  # noqa: S314 - our own file
    texts = picture.iter("{http://www.w3.org/2000/svg}text")
    boxes = [text.text or "" for text in texts if text.get("class") == "name"]
    assert len(boxes) > 10
    assert [box for box in boxes if not (ROOT / box).exists()] == []


# What the package says of itself


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page, extras = DOCS / "dependencies.md", project["optional-dependencies"]
    for heading, wanted in (
        ("At run time", project["dependencies"]),
        ("Extras", [*extras["cluster"], *extras["experiments"], *extras["pdf"]]),
        ("For development", extras["dev"]),
    ):
        named = {name for row in rows_of(section_of(page, heading)) for name in row[0].split(", ")}
        assert named == {re.split(r"[<>=!~]", requirement)[0] for requirement in wanted}


def test_the_citation_is_complete_and_of_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert citation["cff-version"] == "1.2.0"
    assert citation["message"]
    assert citation["title"].startswith(project["name"])
    assert [author["name"] for author in citation["authors"]] == ["tsuke developers"]
    assert (citation["version"], citation["license"]) == (project["version"], project["license"])
