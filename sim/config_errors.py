"""Say what is wrong with a configuration: file, line, path, what was given, what is allowed.

A pydantic `ValidationError` and the source that caused it flow in, text flows out: one line per
problem, in the order of the files' lines. What is allowed is read from the model's JSON Schema,
so a message can never name other limits than those that are checked.
"""

import difflib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.yaml_source import KeyPath, Place, Value, YamlSource, dotted, printable, shown

Schema: TypeAlias = Mapping[str, object]

MAX_SHOWN = 40
"""Problems listed in one error; the rest is counted."""

_FIELD_NOTES = ("unit", "description")
_BOUNDS = {
    "greater_than_equal": ("ge", "minimum", "at least"),
    "greater_than": ("gt", "exclusiveMinimum", "above"),
    "less_than_equal": ("le", "maximum", "at most"),
    "less_than": ("lt", "exclusiveMaximum", "below"),
}
"""Error type: the name of its limit, the limit's name in a JSON Schema, how it is said."""
_TYPES = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "string": "text",
    "null": "null",
}
_FORMATS = {
    "date": "a date as YYYY-MM-DD",
    "time": "a time as HH:MM:SS",
    "date-time": "a date and time as YYYY-MM-DDTHH:MM:SS",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: where it was written, its path and what to say about it."""

    place: Place
    path: KeyPath
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {dotted(self.path) or 'the configuration'}: {self.text}"


def problems_text(problems: Sequence[Problem]) -> str:
    """Return one line for each distinct problem, in the order of the files' lines."""
    distinct = {(problem.place, problem.path, problem.text): problem for problem in problems}
    # the files of an extends chain stay together, what has no line comes last
    ordered = sorted(
        distinct.values(), key=lambda p: (p.place.line == 0, p.place.file, p.place.line)
    )
    lines = [str(problem) for problem in ordered[:MAX_SHOWN]]
    if len(ordered) > MAX_SHOWN:
        lines.append(f"and {len(ordered) - MAX_SHOWN} more problems")
    return "\n".join(lines)


def non_finite(source: YamlSource) -> list[Problem]:
    """Return a problem for each number that is infinite or no number at all.

    Notes
    -----
    JSON has no such numbers and pydantic lets them through a field without bounds, so they are
    looked for in the data.
    """
    return [
        Problem(source.place(path), path, f"got {shown(value)}; allowed: a finite number")
        for path, value in _leaves(source.data, ())
        if isinstance(value, float) and not math.isfinite(value)
    ]


def _leaves(value: Value, path: KeyPath) -> Iterator[tuple[KeyPath, Value]]:
    """Yield every scalar below a value with its path."""
    match value:
        case dict():
            for key, item in value.items():
                yield from _leaves(item, (*path, key))
        case list():
            for index, item in enumerate(value):
                yield from _leaves(item, (*path, index))
        case _:
            yield path, value


def validation_problems(
    schema: Schema, source: YamlSource, error: ValidationError
) -> list[Problem]:
    """Return the problems that pydantic found in the data of `source`.

    Parameters
    ----------
    schema
        The JSON Schema of the root model that refused the data.
    source
        The data and where each value was written.
    error
        What pydantic says about it.
    """
    return [_problem(schema, source, one) for one in error.errors() if not _is_echo(one)]


def _is_echo(details: ErrorDetails) -> bool:
    """Tell whether a list is said to be too short only because some of its items are refused."""
    is_short = details["type"] == "too_short"
    return is_short and len(details["input"]) >= int(details["ctx"]["min_length"])


def _problem(schema: Schema, source: YamlSource, details: ErrorDetails) -> Problem:
    """Turn one error of pydantic into one of ours."""
    path, field = _follow(schema, source.data, details["loc"])
    given = _given(source.data, path)
    match details["type"]:
        case "extra_forbidden":
            text = _unknown_key(str(path[-1]), _follow(schema, source.data, details["loc"][:-1])[1])
        case "missing":
            text = f"missing; required: {allowed(field, schema)}{_note(field)}"
        case "union_tag_not_found" | "union_tag_invalid":
            path, text = _union_tag(path, given, field)
        case "value_error" | "assertion_error":
            reason = str(details.get("ctx", {}).get("error", details["msg"]))
            if isinstance(given, dict | _Nothing):
                inside, reason = _named_field(reason, field, schema)
                path = (*path, *inside)
                text = printable(reason) + _overridden(source, path)
            else:
                text = f"got {shown(given)}; {printable(reason)}{_note(field)}"
        case _:
            limits = allowed(field, schema) or printable(details["msg"])
            text = f"got {shown(given)}; allowed: {limits}{_unlisted_bound(field, details)}"
            text += _note(field)
    if details["loc"] and details["loc"][-1] == "[key]":
        text = f"this key is refused: {printable(details['msg'])}"
    return Problem(source.place(path), path, text)


def _named_field(reason: str, field: Schema, schema: Schema) -> tuple[KeyPath, str]:
    """Split "ladder.2.day: must rise", said by a section, into the field's path and the rest."""
    name, colon, rest = reason.partition(": ")
    path = tuple(int(p) if p.isascii() and p.isdecimal() else p for p in name.split("."))
    inside: Schema | None = field if colon else None
    for part in path:
        inside = _member(inside, part, schema) if inside is not None else None
    return (path, rest) if inside is not None else ((), reason)


class _Nothing:
    """What stands at a path that no file wrote."""

    def __str__(self) -> str:
        return "nothing"


def _given(data: Value, path: KeyPath) -> object:
    """Return the written value at a path."""
    value: object = data
    for key in path:
        match value:
            case dict() if key in value:
                value = value[key]
            case list() if isinstance(key, int) and key < len(value):
                value = value[key]
            case _:
                return _Nothing()
    return value


def _follow(schema: Schema, data: Value, loc: Sequence[str | int]) -> tuple[KeyPath, Schema]:
    """Follow pydantic's location through schema and data.

    A location also names the members of unions on its way (the tag ``manual``, the type
    ``int``), which are no keys of the file; the schema tells the one from the other.
    """
    path: KeyPath = ()
    field = _resolved(schema, schema)
    for part in loc:
        mapping = _tags(field)
        if mapping and part in mapping:
            field = _resolved({"$ref": mapping[str(part)]}, schema)
            continue
        child = _member(field, part, schema)
        if child is None and isinstance(_given(data, (*path, part)), _Nothing):
            if part == "[key]":
                continue
            if options := _options(field, schema):
                # the name of a member; the members of a union of plain values have no titles
                field = next((o for o in options if o.get("title") == part), field)
                continue
        path = (*path, part)
        field = child if child is not None else {}
    return path, field


def _resolved(field: Schema, schema: Schema) -> Schema:
    """Follow references and optional values down to the schema that has the content."""
    while True:
        if "$ref" in field:
            name = str(field["$ref"]).rsplit("/", 1)[-1]
            target = cast("Mapping[str, Schema]", schema["$defs"])[name]
        else:
            options = [s for s in _schemas(field.get("anyOf")) if s.get("type") != "null"]
            if len(options) != 1:
                return field
            target = {"nullable": True, **options[0]}
        own = {k: v for k, v in field.items() if k not in ("$ref", "anyOf")}
        field = {**target, **own}


def _schemas(value: object) -> list[Schema]:
    """Return a list of schemas, empty where there is none."""
    return cast("list[Schema]", value) if isinstance(value, list) else []


def _options(field: Schema, schema: Schema) -> list[Schema]:
    """Return the members of a union."""
    return [_resolved(s, schema) for key in ("anyOf", "oneOf") for s in _schemas(field.get(key))]


def _tags(field: Schema) -> Mapping[str, str]:
    """Return tag and reference of each member of a discriminated union."""
    discriminator = cast("Mapping[str, object]", field.get("discriminator", {}))
    return cast("Mapping[str, str]", discriminator.get("mapping", {}))


def _properties(field: Schema) -> Mapping[str, Schema]:
    """Return the keys of a section."""
    return cast("Mapping[str, Schema]", field.get("properties", {}))


def _member(field: Schema, part: str | int, schema: Schema) -> Schema | None:
    """Return the schema of one key or item, None if the schema knows no such part."""
    if isinstance(part, str):
        found = _properties(field).get(part, field.get("additionalProperties"))
        return _resolved(cast("Schema", found), schema) if isinstance(found, dict) else None
    prefix = _schemas(field.get("prefixItems"))
    items = prefix[part] if part < len(prefix) else field.get("items")
    if not isinstance(items, dict):
        return None
    # an item without words of its own is described by the field around it
    around = {key: field[key] for key in _FIELD_NOTES if key in field}
    return {**around, **_resolved(items, schema)}


def _unknown_key(key: str, section: Schema) -> str:
    """Name the keys that exist and the one that was probably meant."""
    keys = list(_properties(section))
    near = difflib.get_close_matches(key, keys, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"unknown key; allowed: {', '.join(keys) or 'no keys here'}{hint}"


def _union_tag(path: KeyPath, given: object, field: Schema) -> tuple[KeyPath, str]:
    """Say which kinds exist where the key that names the kind is missing or wrong."""
    discriminator = cast("Mapping[str, object]", field.get("discriminator", {}))
    key = str(discriminator.get("propertyName", "kind"))
    kinds = "one of " + ", ".join(repr(tag) for tag in _tags(field))
    # pydantic looks for a kind in mappings only; other values are refused by their type
    section = cast("Mapping[str, object]", given)
    if key not in section:
        return (*path, key), f"missing; required: {kinds}"
    return (*path, key), f"got {shown(section[key])}; allowed: {kinds}"


def _overridden(source: YamlSource, path: KeyPath) -> str:
    """Name what ``--set`` changed inside a section that is refused as a whole."""
    inside = [
        dotted(other)
        for other, place in source.places.items()
        if not place.line and len(other) > len(path) and other[: len(path)] == path
    ]
    return f" (--set changed {', '.join(inside[:3])})" if inside and source.place(path).line else ""


def _unlisted_bound(field: Schema, details: ErrorDetails) -> str:
    """Say the limit of an exact rate or a date, which a JSON Schema cannot hold."""
    name, keyword, words = _BOUNDS.get(details["type"], ("", "", ""))
    if not name or keyword in field or field.get("type") in ("integer", "number"):
        return ""
    return f", {words} {details.get('ctx', {}).get(name)}"


def _note(field: Schema) -> str:
    """Return unit and meaning of a field in brackets, as far as they are known."""
    unit = str(field.get("unit", "-"))
    meaning = " ".join(str(field.get("description", "")).split())
    # a section's description is its class docstring: the first sentence is enough
    meaning = meaning.split(". ", 1)[0].rstrip(".")
    parts = [part for part in ("" if unit == "-" else f"unit: {unit}", meaning) if part]
    return f" ({'; '.join(parts)})" if parts else ""


def allowed(field: Schema, schema: Schema) -> str:
    """Return in words what a JSON Schema allows.

    Parameters
    ----------
    field
        The schema of one value.
    schema
        The whole schema, whose ``$defs`` the field may name.

    Examples
    --------
    >>> allowed({"type": "number", "minimum": 0, "maximum": 1.0}, {})
    'a number from 0 to 1'
    """
    field = _resolved(field, schema)
    null = " or null" if field.get("nullable") else ""
    if tags := _tags(field):
        return f"a section of the kind {' or '.join(tags)}{null}"
    if options := _options(field, schema):
        return " or ".join(dict.fromkeys(allowed(option, schema) for option in options)) + null
    if "const" in field or "enum" in field:
        values = cast("list[object]", field.get("enum", [field.get("const")]))
        listed = ", ".join(shown(value) for value in values)
        return f"one of {listed}{null}" if len(values) > 1 else listed + null
    match field.get("type"):
        case "object":
            return _section(field) + null
        case "array":
            return _list(field, schema) + null
        case "string":
            return _text(field) + null
        case str() as kind:
            return _TYPES.get(kind, kind) + _range(field) + null
    return ""


def _section(field: Schema) -> str:
    """Say that a section is wanted, with its keys."""
    if keys := ", ".join(_properties(field)):
        return f"a section with the keys {keys}"
    size = _size(field, "minProperties", "maxProperties")
    return f"a mapping{f' of {size} keys' if size else ''}"


def _list(field: Schema, schema: Schema) -> str:
    """Say what a list holds and how many of it."""
    if prefix := _schemas(field.get("prefixItems")):
        return f"a list of {len(prefix)}: " + ", ".join(allowed(item, schema) for item in prefix)
    size = _size(field, "minItems", "maxItems")
    items = allowed(cast("Schema", field.get("items", {})), schema)
    return f"a list{f' of {size} items' if size else ''}{f', each {items}' if items else ''}"


def _text(field: Schema) -> str:
    """Say what a text looks like."""
    if (form := str(field.get("format", ""))) in _FORMATS:
        return _FORMATS[form]
    size = _size(field, "minLength", "maxLength")
    pattern = f" matching {field['pattern']}" if "pattern" in field else ""
    return f"text{f' of {size} characters' if size else ''}{pattern}"


def _size(field: Schema, low: str, high: str) -> str:
    """Say how long something may be."""
    match field.get(low), field.get(high):
        case None, None:
            return ""
        case least, None:
            return f"{least} or more"
        case None, most:
            return f"up to {most}"
        case least, most if least == most:
            return f"exactly {least}"
        case least, most:
            return f"{least} to {most}"


def _range(field: Schema) -> str:
    """Say the limits of a number."""
    if "minimum" in field and "maximum" in field:
        words = [f"from {_number(field['minimum'])} to {_number(field['maximum'])}"]
    else:
        words = [
            f"{how} {_number(field[keyword])}"
            for _, keyword, how in _BOUNDS.values()
            if keyword in field
        ]
    if "multipleOf" in field:
        words.append(f"a multiple of {_number(field['multipleOf'])}")
    return f" {' and '.join(words)}" if words else ""


def _number(value: object) -> str:
    """Write a limit without a needless fraction."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
