"""Follow a written path into a whole configuration, and put values there.

The configuration is plain data with every default written out. An item of a list is named by its
number, or by its own ``name`` or ``action``: ``collections.ladder.call.day``.
"""

import difflib
from collections.abc import Iterable

from sim.yaml_source import MAX_DEPTH, KeyPath, Value, dotted, shown

STAGE_KEYS = ("name", "action")
"""Keys that name an item of a list."""


class PathError(ValueError):
    """A path that leads nowhere; the message says where it ends and what is allowed there."""


def resolve(data: Value, path: str) -> KeyPath:
    """Turn a written path into keys.

    Raises
    ------
    PathError
        If it leads nowhere or to several places.

    Examples
    --------
    >>> ladder = [{"day": 2, "action": "message"}, {"day": 14, "action": "call"}]
    >>> resolve({"ladder": ladder}, "ladder.call.day")
    ('ladder', 1, 'day')
    """
    parts = path.strip().split(".")
    if not all(parts) or len(parts) > MAX_DEPTH:
        raise PathError(f"got {shown(path)}; allowed: keys with dots between, as in macro.rho")
    keys: KeyPath = ()
    for part in parts:
        key = _key(data, part, keys, is_last=len(keys) == len(parts) - 1)
        keys = (*keys, key)
        data = data.get(part) if isinstance(data, dict) else _item(data, key)
    return keys


def _item(data: Value, key: str | int) -> Value:
    """Give an item of a list."""
    return data[key] if isinstance(data, list) and isinstance(key, int) else None


def _key(data: Value, part: str, around: KeyPath, *, is_last: bool) -> str | int:
    """Turn one part into the key of a mapping or the number of an item."""
    match data:
        case dict():
            # the last key may be new in a free mapping; the validation knows
            if part in data or (is_last and around):
                return part
            near = difflib.get_close_matches(part, list(data), n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise PathError(f"{dotted((*around, part))}: unknown key; allowed: "
                            f"{', '.join(data) or 'no keys here'}{hint}")  # fmt: skip
        case list():
            return _number(data, part, around)
    raise PathError(
        f"{dotted(around)} is {shown(data)}, which has no parts; "
        "allowed: a path through sections and lists"
    )


def _number(items: list[Value], part: str, around: KeyPath) -> int:
    """Find an item of a list by its number or its name."""
    if part.isascii() and part.isdecimal():
        if len(part) < 7 and int(part) < len(items):
            return int(part)
        allowed = f"0 to {len(items) - 1}" if items else "none, the list is empty"
        raise PathError(f"{dotted(around)}: got the number {shown(part)}; allowed: {allowed}")
    named = [n for n, item in enumerate(items) if part in _names(item)]
    if len(named) == 1:
        return named[0]
    if named:
        numbers = ", ".join(map(str, named))
        raise PathError(
            f"{dotted(around)}: {shown(part)} names {len(named)} items; allowed: a number, here "
            f"one of {numbers}"
        )
    known = dict.fromkeys(name for item in items for name in _names(item))
    names = f", or a name: {', '.join(known)}" if known else ""
    raise PathError(
        f"{dotted(around)}: no item {shown(part)}; allowed: a number below {len(items)}{names}"
    )


def _names(item: Value) -> tuple[str, ...]:
    """Give the names of an item of a list."""
    if not isinstance(item, dict):
        return ()
    values = (item.get(key) for key in STAGE_KEYS)
    return tuple(value for value in values if isinstance(value, str))


def at(data: Value, path: KeyPath) -> Value:
    """Give the value at a path, None where there is none."""
    for key in path:
        match data:
            case dict():
                data = data.get(str(key))
            case list():
                data = _item(data, key)
            case _:
                return None
    return data


def put(data: Value, path: KeyPath, value: Value) -> None:
    """Set the value at a resolved path; `data` is changed."""
    parent = at(data, path[:-1])
    if isinstance(parent, dict):
        parent[str(path[-1])] = value
    elif isinstance(parent, list) and isinstance(path[-1], int):
        parent[path[-1]] = value


def overlap(paths: Iterable[tuple[str, KeyPath]]) -> tuple[str, str] | None:
    """Give two names of which one path is the other's or leads through it, None if there is none.

    Examples
    --------
    >>> overlap([("a", ("x", 0)), ("b", ("x", 0, "day")), ("c", ("x", 1))])
    ('a', 'b')
    """
    known: list[tuple[str, KeyPath]] = []
    for name, path in paths:
        for other, theirs in known:
            shorter = min(len(path), len(theirs))
            if path[:shorter] == theirs[:shorter]:
                return other, name
        known.append((name, path))
    return None


def attribute(section: object, path: KeyPath) -> object:
    """Give the value at a path of a validated configuration, None where there is none."""
    for key in path:
        match section:
            case dict():
                section = section.get(key)
            case tuple() | list():
                section = section[key] if isinstance(key, int) and key < len(section) else None
            case _:
                section = getattr(section, str(key), None)
    return section
