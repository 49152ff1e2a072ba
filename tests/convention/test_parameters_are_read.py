"""Every parameter has an effect: its value is read where something is decided or computed."""

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from sim.config import Config
from tests.convention.sources import ROOT

SOURCES = sorted(path for name in ("models", "sim") for path in (ROOT / name).rglob("*.py"))
VALIDATORS = {"model_validator", "field_validator"}
READ_BY_NAME = {
    "PayMethodShares": "one field by pay method",
    "DueDates": "one field by pay method",
    "ReflectionLags": "one field by pay method",
    "PrepayMatrix": "one field by plan",
    "KnowledgeHazards": "one field by ground of acceleration",
    "MeasureTerms": "one field by ground of a measure",
    "Admission": "one field by ground of refusal",
    "Conduct": "one field by ground of a measure of Net Protections",
    "SettlementChance": "one field by pressure",
}
"""Sections whose fields are looked up by the name of a member of an enumeration."""
CHECKED_ONLY = {
    ("PeriodTerms", "start_day"): "must be the day after `end_day`, which is read",
    ("Bureau", "np"): "must be off: ART-08",
}
"""Parameters that state a rule of the terms and are refused when they state another."""


def sections(kind: object) -> Iterator[type[BaseModel]]:
    """Give the sections of a configuration, each as often as it occurs."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
        for field in kind.model_fields.values():
            yield from sections(field.annotation)
    else:
        for part in get_args(kind):
            yield from sections(part)


SECTIONS = sorted(set(sections(Config)), key=lambda section: (section.__name__, section.__module__))


@cache
def functions_of(path: Path) -> list[ast.FunctionDef]:
    """Give the functions and methods of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def names_in(node: ast.AST, skipped: frozenset[str]) -> Iterator[str]:
    """Give the names loaded below a node, not inside skipped functions."""
    if isinstance(node, ast.FunctionDef) and (node.name in skipped or checks(node)):
        return
    if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
        yield node.attr if isinstance(node, ast.Attribute) else node.id
    for child in ast.iter_child_nodes(node):
        yield from names_in(child, skipped)


def checks(function: ast.FunctionDef) -> bool:
    """Tell whether a function only checks what was given."""
    calls = [node.func for node in function.decorator_list if isinstance(node, ast.Call)]
    return any(isinstance(call, ast.Name) and call.id in VALIDATORS for call in calls)


@cache
def names_read() -> frozenset[str]:
    """Give the names that the program loads, but for functions that nothing calls.

    A function that only such functions call is one of them: the search ends when no more are found.
    """
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES]
    every = {function.name for path in SOURCES for function in functions_of(path)}
    every = {name for name in every if not name.startswith("__")}
    uncalled: frozenset[str] = frozenset()
    while True:
        read = Counter(name for tree in trees for name in names_in(tree, uncalled))
        found = frozenset(name for name in every if not read[name])
        if found == uncalled:
            return frozenset(read)
        uncalled = found


def test_there_are_parameters_to_check() -> None:
    assert len(SECTIONS) > 100
    assert names_read() > {"members", "per_month"}
    assert {section.__name__ for section in SECTIONS} >= {*READ_BY_NAME}


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.__name__)
def test_every_parameter_is_read_somewhere(section: type[BaseModel]) -> None:
    unread = [
        name
        for name in section.model_fields
        if name not in names_read()
        and section.__name__ not in READ_BY_NAME
        and (section.__name__, name) not in CHECKED_ONLY
    ]
    assert unread == [], "a parameter without effect must not exist"
