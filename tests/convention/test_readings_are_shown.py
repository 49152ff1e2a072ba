"""Each reading of the terms is a parameter, and a test shows through the engine what it does."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from models.clauses import RESOLUTIONS
from models.clauses.readings import ONE_READING, READINGS, Reading
from sim.config import Config

TESTS = Path(__file__).parents[1] / "functional"
each_reading = pytest.mark.parametrize("reading", READINGS, ids=lambda one: one.parameter)


def field_of(path: str) -> tuple[FieldInfo, type[BaseModel]]:
    """Find the parameter that a path names, through lists of sections too, and its section."""
    section: type[BaseModel] = Config
    *outer, name = path.split(".")
    for step in outer:
        (section,) = sections_in(section.model_fields[step].annotation)
    return section.model_fields[name], section


def sections_in(annotation: object) -> list[type[BaseModel]]:
    """Find the sections in the type of a parameter."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [one for argument in get_args(annotation) for one in sections_in(argument)]


def values_of(annotation: object) -> set[object] | None:
    """Give all values of a type that lists them; None where it does not."""
    if get_origin(annotation) is Literal:
        return set(get_args(annotation))
    return {True, False} if annotation is bool else None


def sources_by_reading() -> dict[str, str]:
    """Give the sources of the tests marked with each parameter, joined."""
    found: dict[str, str] = {}
    for path in sorted(TESTS.glob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                for parameter in marks_of(node):
                    found[parameter] = found.get(parameter, "") + ast.unparse(node)
    return found


def marks_of(function: ast.FunctionDef) -> Iterator[str]:
    """Give the parameters that a test is marked with."""
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("mark.reading"):
            yield from (str(ast.literal_eval(one)) for one in decorator.args)


SHOWN = sources_by_reading()


def test_every_contradiction_has_readings_or_a_reason_for_having_one() -> None:
    read = {reading.contradiction for reading in READINGS}
    assert read | ONE_READING.keys() == RESOLUTIONS
    assert not read & ONE_READING.keys()


@each_reading
def test_a_reading_is_a_parameter_that_takes_exactly_these_values(reading: Reading) -> None:
    field, section = field_of(reading.parameter)
    listed = values_of(field.annotation)
    assert listed is None or listed == set(reading.values)
    assert not reading.values or field.default == reading.values[0]
    name = reading.parameter.rsplit(".", 1)[1]
    for value in reading.values:
        assert getattr(section.model_validate({name: value}), name) == value


@each_reading
def test_the_parameter_names_the_contradiction_as_its_source(reading: Reading) -> None:
    extra: Any = field_of(reading.parameter)[0].json_schema_extra
    assert reading.contradiction in extra["source"].split("; ")


@each_reading
def test_a_test_of_the_engine_shows_every_reading(reading: Reading) -> None:
    source = SHOWN.get(reading.parameter, "")
    assert reading.parameter.rsplit(".", 1)[1] in source
    words = [value for value in reading.values if isinstance(value, str | int | float)]
    missing = [value for value in words if repr(value) not in source]
    assert not missing


def test_no_test_shows_a_reading_that_is_not_in_the_table() -> None:
    assert SHOWN.keys() <= {reading.parameter for reading in READINGS}
