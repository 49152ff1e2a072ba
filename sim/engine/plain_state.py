"""State as plain data: a tree of texts and numbers that JSON can write, and a list of arrays.

An object is saved with all its attributes. Those that a constructor rebuilds from the configuration
are named once, as constants of their class; whatever is not named is saved, or refused with its
name if it is no plain data. So a new attribute or column needs nothing, and none can be forgotten.
Restoring fills the objects that are there and makes those that are not, without calling them.
"""

import importlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np

from sim.table import Table

Tree = Any
"""What JSON knows: null, truth values, numbers, texts, lists and mappings."""
Kind = Any
"""A class of ours; calling or indexing it is up to those who know which."""
Constants = Mapping[type, frozenset[str]]
"""Attributes by class that a constructor rebuilds."""

PACKAGES = ("models.", "sim.")
"""Only objects of our own classes are saved and made."""


class UnsavableError(TypeError):
    """Something that is no plain data: a defect of the simulator, never of the input."""


@dataclass(frozen=True)
class PlainState:
    """What was saved."""

    tree: Tree
    arrays: list[np.ndarray] = field(repr=False)


def attributes_of(thing: object) -> list[str]:
    """Name the attributes of an object, in the order of their making."""
    slots = [
        name for kind in reversed(type(thing).__mro__) for name in getattr(kind, "__slots__", ())
    ]
    return [*slots, *getattr(thing, "__dict__", {})]


def save(roots: Mapping[str, object], constants: Constants) -> PlainState:
    """Save objects by name; what two of them share is saved once.

    Raises
    ------
    UnsavableError
        If an attribute that is no constant is no plain data.
    """
    saver = _Saver(constants)
    tree = {name: saver.value(root, name) for name, root in roots.items()}
    return PlainState(tree, saver.arrays)


def restore(roots: Mapping[str, object], saved: PlainState) -> dict[str, Any]:
    """Fill objects with what was saved, and give what was saved under each name.

    Parameters
    ----------
    roots
        Objects as their constructors leave them; a name that is not there is made.
    saved
        What `save` gave.

    Raises
    ------
    UnsavableError
        If the objects are not those that were saved.
    """
    reader = _Reader(saved.arrays)
    return {name: reader.value(node, roots.get(name)) for name, node in saved.tree.items()}


def reachable(thing: object, kind: type, seen: set[int] | None = None) -> Iterator[Any]:
    """Give the objects of a class that plain data lead to, each once."""
    seen = set() if seen is None else seen
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, kind):
        yield thing
    match thing:
        case dict():
            parts: list[object] = [*thing.values()]
        case list() | tuple():
            parts = [*thing]
        case _ if _is_ours(type(thing)) and not isinstance(thing, Table | Enum):
            parts = [getattr(thing, name, None) for name in attributes_of(thing)]
        case _:
            return
    for part in parts:
        yield from reachable(part, kind, seen)


def _is_ours(kind: type) -> bool:
    """Tell whether a class is one of this project."""
    return f"{kind.__module__}.".startswith(PACKAGES)


def _is_known_to_json(value: object) -> bool:
    """Tell whether JSON gives a value back as it is."""
    if isinstance(value, float):
        return type(value) is float and math.isfinite(value)
    return value is None or type(value) in (bool, int, str)


def _name_of(kind: type) -> str:
    """Name a class."""
    return f"{kind.__module__}:{kind.__qualname__}"


def _class_of(name: str) -> Kind:
    """Find a class of this project by its name."""
    module, _, path = name.partition(":")
    if not f"{module}.".startswith(PACKAGES):
        raise UnsavableError(f"{name} is no class of this project")
    found: Kind = importlib.import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    if not isinstance(found, type):
        raise UnsavableError(f"{name} is no class of this project")
    return found


class _Saver:
    """Turns values into nodes of the tree."""

    def __init__(self, constants: Constants) -> None:
        self.arrays: list[np.ndarray] = []
        self._constants = constants
        self._numbers: dict[int, int] = {}
        self._places: dict[int, int] = {}
        self._alive: list[object] = []  # so that no two objects have one id

    def value(self, value: object, where: str) -> Tree:
        """Give the node of a value."""
        if _is_known_to_json(value):
            return value
        match value:
            case Enum() | float() | np.ndarray() | np.generic():
                return self._leaf(value, where)
            case tuple():
                return self._tuple(value, where)
            case list() if type(value) is list:
                return self._items(value, where)
            case set() if type(value) is set:
                return {"set": self._items(sorted(value), where)}
            case dict() if type(value) is dict:
                return {"dict": self._pairs(value, where)}
            case _ if _is_ours(type(value)):
                return self._object(value, where)
        raise UnsavableError(f"{where}: a {type(value).__name__} cannot be saved")

    def _leaf(self, value: Enum | float | np.ndarray | np.generic, where: str) -> Tree:
        """Give the node of a value without parts that JSON does not know."""
        match value:
            case Enum():
                return {"enum": _name_of(type(value)), "name": value.name}
            case np.ndarray():
                return {"array": self._array(value, where)}
            case np.generic():
                return {"scalar": self._array(np.asarray(value), where)}
        return {"float": repr(value)}

    def _items(self, items: list[Any] | tuple[Any, ...], where: str) -> list[Tree]:
        """Give the nodes of items."""
        return [self.value(item, f"{where}[{i}]") for i, item in enumerate(items)]

    def _pairs(self, pairs: dict[Any, Any], where: str) -> list[Tree]:
        """Give the nodes of keys and values."""
        return [
            [self.value(key, f"{where} key"), self.value(item, f"{where}[{key!r}]")]
            for key, item in pairs.items()
        ]

    def _tuple(self, value: tuple[Any, ...], where: str) -> Tree:
        """Give the node of a tuple, plain or named."""
        node: dict[str, Tree] = {"tuple": self._items(value, where)}
        if type(value) is not tuple:
            if not _is_ours(type(value)):
                raise UnsavableError(f"{where}: a {type(value).__name__} cannot be saved")
            node["class"] = _name_of(type(value))
        return node

    def _array(self, array: np.ndarray, where: str) -> int:
        """Give the place of an array."""
        if array.dtype.hasobject:
            raise UnsavableError(f"{where}: an array of objects cannot be saved")
        place = self._places.setdefault(id(array), len(self.arrays))
        if place == len(self.arrays):
            self.arrays.append(array)
        return place

    def _object(self, thing: object, where: str) -> Tree:
        """Give the node of an object of ours, or of its name where it was met before."""
        if id(thing) in self._numbers:
            return {"same": self._numbers[id(thing)]}
        number = self._numbers[id(thing)] = len(self._numbers)
        self._alive.append(thing)
        constant: set[str] = set()
        for kind in type(thing).__mro__:
            constant |= self._constants.get(kind, frozenset())
        columns, size = (thing.columns, thing.size) if isinstance(thing, Table) else ({}, 0)
        state: dict[str, Tree] = {}
        for name in attributes_of(thing):
            if name not in constant:
                value = getattr(thing, name)
                if name in columns:
                    value = value[:size]
                state[name] = self.value(value, f"{where}.{name}")
        return {"object": _name_of(type(thing)), "number": number, "state": state}


class _Reader:
    """Turns nodes of the tree into values."""

    def __init__(self, arrays: list[np.ndarray]) -> None:
        self._arrays = arrays
        self._made: dict[int, object] = {}

    def value(self, node: Tree, old: object = None) -> Tree:
        """Give the value of a node; an object that is there already is filled."""
        match node:
            case {"object": kind, "number": number, "state": state}:
                return self._object(_class_of(kind), number, state, old)
            case {"same": number}:
                return self._made[number]
            case {"array": place}:
                return self._arrays[place]
            case dict():
                return self._leaf_or_items(node, old)
            case list():
                same = isinstance(old, list) and len(old) == len(node)
                olds = old if isinstance(old, list) and same else [None] * len(node)
                return [self.value(item, known) for item, known in zip(node, olds, strict=True)]
        return node

    def _leaf_or_items(self, node: dict[str, Tree], old: object) -> Tree:
        """Give the value of a node that is neither an object nor an array nor a list."""
        match node:
            case {"dict": pairs}:
                known = old if isinstance(old, dict) else {}
                keys = [self.value(key) for key, _ in pairs]
                return {
                    key: self.value(item, known.get(key))
                    for key, (_, item) in zip(keys, pairs, strict=True)
                }
            case {"tuple": items, "class": kind}:
                return _class_of(kind)(*self.value(items))
            case {"tuple": items}:
                return tuple(self.value(items))
            case {"set": items}:
                return set(self.value(items))
            case {"scalar": place}:
                return self._arrays[place][()]
            case {"enum": kind, "name": name}:
                return _class_of(kind)[name]
        return float(node["float"])

    def _object(self, kind: type, number: int, state: dict[str, Tree], old: object) -> object:
        """Fill an object, or make it."""
        thing = old if type(old) is kind else object.__new__(kind)
        self._made[number] = thing
        is_new = thing is not old
        for name, node in state.items():
            if not is_new and not hasattr(thing, name):
                raise UnsavableError(f"{kind.__name__} has no attribute {name}")
            known = None if is_new else getattr(thing, name)
            object.__setattr__(thing, name, self.value(node, known))
        if isinstance(thing, Table):
            _stretch(thing)
        return thing


def _stretch(table: Table) -> None:
    """Give the columns of a table the room that they had."""
    for name, (dtype, _) in table.columns.items():
        saved = getattr(table, name)
        column = np.zeros(vars(table)["_capacity"], dtype=dtype)
        column[: saved.size] = saved
        setattr(table, name, column)
