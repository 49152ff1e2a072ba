"""The table of rules: each clause with its parameters, its code and the tests that prove it.

``python -m sim.rules --check`` lists what the record of a rule lacks: an implemented clause
without code or test, or a posting, event, parameter or test that names no registered clause.
"""

import argparse
import ast
import importlib
import json
import pkgutil
import re
import sys
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import models
import sim
from models.clauses import CLAUSES, IMPLEMENTATIONS, RESOLUTIONS, Product, clause_of
from models.errors import InputError

Format = Literal["table", "markdown", "json"]

Citations = Sequence[tuple[str, str]]
"""Pairs of who cites and the clause reference cited."""

_CLAUSE_SOURCE = re.compile(r"(?:ART|NP|AUX?|CAL|COLL|LEN|C)-\S+")

_COLUMNS = ("Clause", "Product", "Status", "Title", "Parameters", "Code", "Tests")

_BEHIND = ("parameter", "code", "test")

_APPLIES: Mapping[str, tuple[str, ...]] = {
    "NP members": ("NP members", "both lenders"),
    "atone": ("atone", "NP members", "both lenders"),
    "NP Atobarai": ("NP Atobarai", "NP members", "both lenders"),
    "NP points": ("NP points", "NP members", "both lenders"),
    "app card": ("app card", "atone", "NP members", "both lenders"),  # NP-50.3
    "au PAY Atobarai": ("au PAY Atobarai", "both lenders"),
    "both lenders": ("both lenders",),
}


@dataclass(frozen=True)
class Rule:
    """One line of the table; `tests` is None where the project's tests are not at hand."""

    clause: str
    product: Product
    status: str
    title: str
    reason: str
    parameters: tuple[str, ...]
    implementations: tuple[str, ...]
    tests: tuple[str, ...] | None


@dataclass(frozen=True)
class Evidence:
    """Who cites which clause, as collected from code, configuration and tests.

    Attributes
    ----------
    implementations
        Names of functions and classes by clause id.
    parameters
        Configuration paths and their sources.
    records
        Kinds of postings and activities of the event log and their clauses.
    tests
        Tests and the clauses they are marked with; None if the tests are not available.
    """

    implementations: Mapping[str, Sequence[str]]
    parameters: Citations = ()
    records: Citations = ()
    tests: Citations | None = None


def gather() -> Evidence:
    """Import the whole project and collect who cites which clause."""
    for package in (models, sim):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith(".__main__"):  # importing one would run its command
                importlib.import_module(module.name)
    from sim.config import Config
    from sim.record.eventlog import ACTIVITIES
    from sim.record.postings import POSTINGS

    directory = _tests_directory()
    return Evidence(
        implementations=IMPLEMENTATIONS,
        parameters=parameter_sources(Config),
        records=[
            *((f"posting {kind.name}", kind.clause) for kind in POSTINGS),
            *((f"activity {activity.name}", activity.clause) for activity in ACTIVITIES),
        ],
        tests=None if directory is None else clause_marks(directory),
    )


def rule_table(product: str | None = None, evidence: Evidence | None = None) -> list[Rule]:
    """List the clauses with what stands behind each.

    Parameters
    ----------
    product
        Keep the clauses that apply to this product: its own and those of wider scope, such as
        the terms of membership and the collections ladder; None keeps all.
    evidence
        What the project says about each clause; collected if not given.

    Returns
    -------
        One rule per clause, in the order of the rulebook.

    Raises
    ------
    InputError
        If there is no such product.
    """
    if product is not None and product not in _APPLIES:
        raise InputError(f"unknown product {product!r}; choose one of: {', '.join(_APPLIES)}")
    evidence = gather() if evidence is None else evidence
    parameters = _by_clause(evidence.parameters)
    tests = None if evidence.tests is None else _by_clause(evidence.tests)
    return [
        Rule(
            clause=clause.id,
            product=clause.product,
            status=clause.status,
            title=clause.title,
            reason=clause.reason,
            parameters=parameters.get(clause.id, ()),
            implementations=tuple(sorted(evidence.implementations.get(clause.id, ()))),
            tests=None if tests is None else tests.get(clause.id, ()),
        )
        for clause in CLAUSES.values()
        if product is None or clause.product in _APPLIES[product]
    ]


def check(evidence: Evidence | None = None) -> list[str]:
    """List what is missing or contradictory between the registry and the project.

    Parameters
    ----------
    evidence
        What the project says about each clause; collected if not given.

    Returns
    -------
        One sentence per problem; empty if every rule is coded, proved and named correctly.
    """
    evidence = gather() if evidence is None else evidence
    beside = (*evidence.parameters, *(evidence.tests or ()))
    cited = (*evidence.records, *(pair for pair in beside if pair[1] not in RESOLUTIONS))
    problems = [f"{who}: {fault}" for who, name in cited if (fault := _fault(name))]
    for rule in rule_table(evidence=evidence):
        if rule.status != "implemented":
            problems += [
                f"{rule.clause} is registered as {rule.status} but implemented by {name}"
                for name in rule.implementations
            ]
            continue
        if not rule.implementations:
            problems.append(f"{rule.clause} ({rule.title}) has no implementing function")
        if rule.tests == ():
            problems.append(f"{rule.clause} ({rule.title}) is proved by no test")
    return problems


def parameter_sources(
    model: type[BaseModel], path: str = "", outer: tuple[type[BaseModel], ...] = ()
) -> list[tuple[str, str]]:
    """Collect the clauses that the parameters of a configuration model name as their source.

    Parameters
    ----------
    model
        Root of the configuration or one of its sections.
    path
        Where the section stands, with dots; empty for the root.
    outer
        Sections around this one, which are not entered again.

    Returns
    -------
        Pairs of the parameter's path and a reference, in the order of the fields.
    """
    found: list[tuple[str, str]] = []
    for name, field in model.model_fields.items():
        here = f"{path}.{name}" if path else name
        extra = field.json_schema_extra
        source = str(extra.get("source", "")) if isinstance(extra, dict) else ""
        parts = (_CLAUSE_SOURCE.match(part.strip()) for part in re.split(r"[;,]", source))
        found += [(here, part[0]) for part in parts if part]
        for section in _sections(field.annotation):
            if section not in (*outer, model):
                found += parameter_sources(section, here, (*outer, model))
    return found


def clause_marks(directory: Path) -> list[tuple[str, str]]:
    """Collect the clause marks of the tests in a directory, without running them.

    Marks of a test, its class, its module (``pytestmark``) and its parameter sets count, also
    when they reach the decorator through a constant of the module.

    Parameters
    ----------
    directory
        The directory that holds the tests.

    Returns
    -------
        Pairs of the test and a clause reference, by file and line.
    """
    found: list[tuple[str, str]] = []
    for path in sorted(directory.rglob("test_*.py")):
        body = ast.parse(path.read_text(encoding="utf-8"), str(path)).body
        where = path.relative_to(directory.parent).as_posix()
        found += _marks_in(body, where, [], _assignments(body))
    return found


def write(rules: Iterable[Rule], form: Format, console: Console) -> None:
    """Write rules to a console as a table, as markdown or as JSON.

    Parameters
    ----------
    rules
        Lines to write.
    form
        The form to write them in.
    console
        Where to write.
    """
    match form:
        case "table":
            table = Table("Clause", show_lines=True)
            table.add_column("Rule", overflow="fold")
            table.add_column("Behind it", overflow="fold")
            for rule in rules:
                clause, product, status, title, *behind = _cells(rule)
                names = [
                    f"{kind} {name}"
                    for kind, cell in zip(_BEHIND, behind, strict=True)
                    for name in cell
                ]
                left = "\n".join((*title, *product, ": ".join(status)))
                table.add_row(*clause, escape(left), escape("\n".join(names)))
            console.print(table)
        case "markdown":
            lines = [_COLUMNS, ("---",) * len(_COLUMNS)]
            lines += [tuple("<br>".join(cell) for cell in _cells(rule)) for rule in rules]
            console.out("\n".join(f"| {' | '.join(line)} |" for line in lines), highlight=False)
        case "json":
            text = json.dumps([asdict(rule) for rule in rules], ensure_ascii=False, indent=2)
            console.out(text, highlight=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command: write the table, or with ``--check`` the problems.

    Parameters
    ----------
    arguments
        Arguments of the command line; those of the process if not given.

    Returns
    -------
        Exit code: 1 if the check found a problem.
    """
    parser = argparse.ArgumentParser(prog="python -m sim.rules", description="The table of rules.")
    parser.add_argument("--check", action="store_true", help="list problems instead")
    parser.add_argument("--product", choices=[*_APPLIES])
    parser.add_argument("--format", choices=typing.get_args(Format), default="table")
    options = parser.parse_args(arguments)
    if not options.check:
        write(rule_table(options.product), options.format, Console())
        return 0
    problems = check()
    print(*problems, f"{len(problems)} problems", sep="\n")
    return 1 if problems else 0


def _tests_directory() -> Path | None:
    """Find the tests beside the packages; an installed copy has none."""
    root = Path(__file__).resolve().parent.parent
    tests = root / "tests"
    return tests if tests.is_dir() and (root / "pyproject.toml").is_file() else None


def _fault(reference: str) -> str | None:
    """Say why a reference names no clause; None if it does."""
    try:
        clause_of(reference)
    except KeyError as error:
        return str(error.args[0])
    return None


def _by_clause(citations: Citations) -> dict[str, tuple[str, ...]]:
    """Collect who cites each clause, each once; unknown references are left to the check."""
    found: dict[str, dict[str, None]] = {}
    for who, reference in citations:
        if _fault(reference) is None:
            found.setdefault(clause_of(reference).id, {})[who] = None
    return {clause: tuple(names) for clause, names in found.items()}


def _sections(annotation: object) -> Iterator[type[BaseModel]]:
    """Find the models inside a type annotation, such as those of a union or a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _sections(argument)


def _assignments(body: Iterable[ast.stmt]) -> dict[str, ast.expr]:
    """Map the names that a module or class body assigns to their values."""
    values: dict[str, ast.expr] = {}
    for node in body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                values[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                values[name] = value
    return values


def _marks_in(
    body: Sequence[ast.stmt], where: str, inherited: list[str], constants: Mapping[str, ast.expr]
) -> Iterator[tuple[str, str]]:
    """Walk the tests of a module or class body with the marks that they inherit from it."""
    if own := _assignments(body).get("pytestmark"):
        inherited = [*inherited, *_marks(own, constants)]
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() if node.name.startswith("test"):
                marks = [*inherited, *_decorations(node.decorator_list, constants)]
                yield from ((f"{where}::{node.name}", mark) for mark in marks)
            case ast.ClassDef() if node.name.startswith("Test"):
                marks = [*inherited, *_decorations(node.decorator_list, constants)]
                yield from _marks_in(node.body, f"{where}::{node.name}", marks, constants)


def _decorations(decorators: list[ast.expr], constants: Mapping[str, ast.expr]) -> list[str]:
    """Find the clause references in the decorators of a test or class."""
    return [mark for decorator in decorators for mark in _marks(decorator, constants)]


def _marks(
    expression: ast.expr, constants: Mapping[str, ast.expr], followed: frozenset[str] = frozenset()
) -> Iterator[str]:
    """Find the clause references in an expression; what is no literal is given as its source."""
    for node in ast.walk(expression):
        match node:
            case ast.Call(
                func=ast.Attribute(
                    attr="clause", value=ast.Attribute(attr="mark") | ast.Name("mark")
                )
            ):
                for argument in node.args:
                    literal = isinstance(argument, ast.Constant) and argument.value
                    yield literal if isinstance(literal, str) else ast.unparse(argument)
            case ast.Name(id=name) if name in constants and name not in followed:
                yield from _marks(constants[name], constants, followed | {name})


def _cells(rule: Rule) -> tuple[Sequence[str], ...]:
    """Lay out a rule as the lines of its cells."""
    return (
        (rule.clause,),
        (rule.product,),
        (rule.status, rule.reason) if rule.reason else (rule.status,),
        (rule.title,),
        rule.parameters,
        rule.implementations,
        ("not available",) if rule.tests is None else rule.tests,
    )


if __name__ == "__main__":
    sys.exit(main())
