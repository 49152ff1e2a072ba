"""Load a configuration file into a frozen model, and write a model out again.

A path and overrides flow in, a validated model flows out, or one `InputError` that lists every
problem. What is loaded, written with `dump_yaml` and loaded again is equal and has one digest.
"""

import copy
import hashlib
import json
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar, cast, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema

from models.errors import InputError
from sim.config_errors import non_finite, problems_text, validation_problems
from sim.yaml_source import (
    MAX_DEPTH,
    SCALARS,
    KeyPath,
    Place,
    Value,
    YamlSource,
    dotted,
    parse_value,
    read_yaml,
    shown,
)

Model = TypeVar("Model", bound=BaseModel)

OVERRIDE = "--set"
NOT_IN_DIGEST = frozenset({"name", "extends", "output"})
"""Keys that change what a run is called and where it goes, never its numbers."""


def load(model: type[Model], path: str | Path, overrides: Iterable[str] = ()) -> Model:
    """Read, override and validate one configuration.

    Parameters
    ----------
    model
        The root model of the configuration.
    path
        A YAML file; it may extend others.
    overrides
        Texts ``path=value`` laid over the file, the last one winning.

    Raises
    ------
    InputError
        If anything is wrong; its text has one line for each problem.
    """
    return validate(model, apply_overrides(read_yaml(path), overrides, model))


def validate(model: type[Model], source: YamlSource) -> Model:
    """Turn plain data into a frozen model.

    Raises
    ------
    InputError
        If the model refuses the data; its text has one line for each problem.

    Notes
    -----
    A section that is written in part keeps the defaults of its place for the rest, which may
    differ from those of its class. Lists and free mappings (name to section) replace whole.
    """
    problems = non_finite(source)
    data = _completed(source.data, default_section(model))
    try:
        # JSON mode: strict, yet a list may become a tuple and an ISO text a date
        result = model.model_validate_json(json.dumps(data))
    except ValidationError as error:
        seen = {problem.path for problem in problems}
        found = validation_problems(json_schema(model), source, error)
        problems += [problem for problem in found if problem.path not in seen]
    if problems:
        raise InputError(problems_text(problems))
    return result


def default_section(model: type[BaseModel]) -> BaseModel:
    """Return the section that silence gives; required fields, if any, are left out."""
    try:
        return model()
    except ValidationError:
        return model.model_construct()


def _completed(data: dict[str, Value], default: BaseModel) -> dict[str, Value]:
    """Return `data` with each section inside completed by the defaults of its place."""
    result = dict(data)
    for name, value in data.items():
        usual = _default_child(default, name)
        if isinstance(value, dict) and isinstance(usual, BaseModel) and _is_kind(value, usual):
            rest: dict[str, Value] = usual.model_dump(mode="json")
            result[name] = rest | _completed(value, usual)
    return result


def _is_kind(data: dict[str, Value], default: BaseModel) -> bool:
    """Tell whether `data` may be of the same member of a union as `default`."""
    fixed = [
        (name, get_args(info.annotation)[0])
        for name, info in type(default).model_fields.items()
        if get_origin(info.annotation) is Literal and len(get_args(info.annotation)) == 1
    ]
    return all(data.get(name, kind) == kind for name, kind in fixed)


def _default_child(default: object, key: str | int) -> object:
    """Return what the defaults hold at a key, None where they hold nothing."""
    match default:
        case BaseModel() if key in type(default).model_fields:
            return getattr(default, str(key), None)
        case dict():
            return default.get(key)
        case tuple() | list() if isinstance(key, int) and key < len(default):
            return cast("object", default[key])
    return None


def apply_overrides(
    source: YamlSource,
    overrides: Iterable[str],
    model: type[BaseModel] | None = None,
) -> YamlSource:
    """Return `source` with ``path=value`` texts laid over it, the last one winning.

    Parameters
    ----------
    source
        What the files say; it is not changed.
    overrides
        Texts such as ``macro.rho=0.2`` or ``collections.ladder.2.day=10``; the value is a YAML
        scalar, ``[a list]`` or ``{a: mapping}``.
    model
        The root model; a list or free mapping that the files leave out is taken from its
        defaults when an override names a part of it.

    Raises
    ------
    InputError
        If an override is malformed or its path leads through a value that has no parts. Keys
        that no model knows are left to the validation.
    """
    result = YamlSource(copy.deepcopy(source.data), dict(source.places))
    default = default_section(model) if model else None
    for text in overrides:
        parts, written = _split(text)
        value, inner = parse_value(written, f"{OVERRIDE} {'.'.join(parts)}")
        path = _assign(result, parts, value, default)
        for old in [p for p in result.places if p[: len(path)] == path]:
            del result.places[old]
        result.places.update({(*path, *below): Place(OVERRIDE) for below in inner})
    return result


def settings_of(texts: Iterable[str]) -> dict[str, Value]:
    """Read ``path=value`` texts as values by path, the last one winning.

    Raises
    ------
    InputError
        If a text is malformed.
    """
    settings: dict[str, Value] = {}
    for text in texts:
        parts, written = _split(text)
        path = ".".join(parts)
        settings[path], _ = parse_value(written, f"{OVERRIDE} {path}")
    return settings


def _split(text: str) -> tuple[list[str], str]:
    """Split ``path=value`` into the keys of its path and the text of its value."""
    name, equals, written = text.partition("=")
    parts = name.strip().split(".")
    if not equals or not all(parts) or not name.isprintable() or not written.strip():
        raise InputError(f"{OVERRIDE}: got {shown(text)}; allowed: PATH=VALUE, as in macro.rho=0.2")
    if len(parts) > MAX_DEPTH:
        raise InputError(f"{OVERRIDE}: a path of {len(parts)} keys; allowed: up to {MAX_DEPTH}")
    if parts == ["extends"]:
        raise InputError(f"{OVERRIDE}: extends is read before {OVERRIDE}; allowed: any other key")
    return parts, written


def _assign(
    source: YamlSource, parts: list[str], value: Value, default: BaseModel | None
) -> KeyPath:
    """Put `value` into `source`, which is changed, and return the path where it went."""
    path: KeyPath = ()
    parent: Value = source.data
    usual: object = default
    for part in parts[:-1]:
        key = _key_in(parent, part, path)
        path = (*path, key)
        around, usual = usual, _default_child(usual, key)
        if _child(parent, key) is None:
            _put(parent, key, _start_of(around, str(key), usual))
            source.places[path] = Place(OVERRIDE)
        parent = _child(parent, key)
    key = _key_in(parent, parts[-1], path)
    _put(parent, key, value)
    return (*path, key)


def _start_of(around: object, name: str, default: object) -> Value:
    """Return what an override adds to: lists and free mappings come with their defaults."""
    # a section starts empty: validation completes it
    if isinstance(around, BaseModel) and isinstance(default, tuple | list | dict):
        return cast("Value", around.model_dump(mode="json", include={name})[name])
    return {}


def _key_in(parent: Value, part: str, path: KeyPath) -> str | int:
    """Return `part` as a key or an index of `parent`, the value at `path`."""
    where = f"{OVERRIDE} {dotted((*path, part))}"
    if isinstance(parent, dict):
        return part
    if not isinstance(parent, list):
        raise InputError(
            f"{where}: {dotted(path)} is {shown(parent)}, which has no parts; "
            "allowed: a path through sections and lists"
        )
    # isdecimal alone would also take the digits of other scripts
    if part.isascii() and part.isdecimal() and len(part) < 7 and int(part) < len(parent):
        return int(part)
    indexes = f"an index from 0 to {len(parent) - 1}" if parent else "no index of an empty list"
    raise InputError(f"{where}: got the index {shown(part)}; allowed: {indexes}")


def _child(parent: Value, key: str | int) -> Value:
    """Return what `parent` holds at `key`, or None."""
    match parent:
        case dict():
            return parent.get(str(key))
        case list() if isinstance(key, int) and key < len(parent):
            return parent[key]
    return None


def _put(parent: Value, key: str | int, value: Value) -> None:
    """Set one entry of a mapping or list, which is changed."""
    if isinstance(parent, dict):
        parent[str(key)] = value
    elif isinstance(parent, list):
        parent[int(key)] = value


class ParameterRow(NamedTuple):
    """One parameter of a validated configuration; `default` is None where one is required."""

    path: str
    value: object
    default: object
    unit: str
    source: str
    doc: str


def parameters_of(config: BaseModel) -> list[ParameterRow]:
    """List every parameter of a configuration in the order of declaration.

    Returns
    -------
    list of ParameterRow
        Items of a list of sections, and entries of a mapping of them, have rows of their own
        (``collections.ladder.2.day``). A default is the one that holds at that place.
    """
    return list(_rows(config, None, ()))


def _rows(section: BaseModel, default: object, path: KeyPath) -> Iterator[ParameterRow]:
    """Yield the rows of a section, whose own default is `default` if it has one."""
    usual = default if type(default) is type(section) else default_section(type(section))
    for name, info in type(section).model_fields.items():
        yield from _field_rows(
            getattr(section, name), _default_child(usual, name), (*path, name), info
        )


def _field_rows(
    value: object, default: object, path: KeyPath, info: FieldInfo
) -> Iterator[ParameterRow]:
    """Yield the rows of one field: itself, or those of the sections inside it."""
    if isinstance(value, BaseModel):
        yield from _rows(value, default, path)
        return
    parts = _sections(value)
    if not parts:
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        unit, source = str(extra.get("unit", "-")), str(extra.get("source", ""))
        yield ParameterRow(dotted(path), value, default, unit, source, info.description or "")
    usual = _sections(default)
    for key, part in parts.items():
        yield from _rows(part, usual.get(key), (*path, key))


def _sections(value: object) -> dict[str | int, BaseModel]:
    """Return the sections in a list or mapping of sections, empty for anything else."""
    match value:
        case tuple() | list():
            items: Iterable[tuple[str | int, object]] = enumerate(value)
        case dict():
            items = value.items()
        case _:
            return {}
    found = {key: item for key, item in items if isinstance(item, BaseModel)}
    return found if len(found) == len(value) else {}


class _Schema(GenerateJsonSchema):
    """Writes defaults as a configuration does."""

    def encode_default(self, dft: object) -> object:
        """Write an exact rate as [numerator, denominator], which pydantic writes as a text."""
        return (
            [dft.numerator, dft.denominator]
            if isinstance(dft, Fraction)
            else super().encode_default(dft)
        )


def json_schema(model: type[BaseModel]) -> dict[str, object]:
    """Return the JSON Schema (draft 2020-12) that editors complete a configuration from."""
    schema = model.model_json_schema(schema_generator=_Schema)
    # the reader takes extends out of every file, whether the model knows it or not
    extends = {"type": ["string", "null"], "description": "A file to start from, relative to this."}
    schema["properties"] = {"extends": extends} | schema.get("properties", {})
    return {"$schema": _Schema.schema_dialect, **schema}


class _Dumper(yaml.SafeDumper):
    """The safe dumper, which also quotes the texts that our reader would take for numbers."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        """Write equal values out each time: no anchors."""
        return True


for _name, _pattern in SCALARS.items():
    _Dumper.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", _pattern, None)


def dump_yaml(config: BaseModel) -> str:
    """Return the whole configuration as YAML, in the order of declaration.

    Notes
    -----
    `load` returns an equal configuration. ``extends`` is left out: all that it brought is here.
    """
    data = config.model_dump(mode="json")
    data.pop("extends", None)
    # None: a list of plain values stays on one line
    return yaml.dump(
        data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None
    )


def config_digest(config: BaseModel, exclude: frozenset[str] = NOT_IN_DIGEST) -> str:
    """Return the SHA-256 of the configuration's canonical JSON.

    Parameters
    ----------
    config
        A validated configuration.
    exclude
        Dotted paths that do not count, such as ``macro.rho``; absent ones are ignored.
    """
    data = config.model_dump(mode="json")
    for path in exclude:
        *parents, last = path.split(".")
        section: object = data
        for parent in parents:
            section = section.get(parent) if isinstance(section, dict) else None
        if isinstance(section, dict):
            section.pop(last, None)
    text = json.dumps(data, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
