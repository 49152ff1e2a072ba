"""Read YAML into plain data that remembers, for every value, its file and its line.

A path to a file flows in, a `YamlSource` flows out. Only text, whole and decimal numbers,
``true``/``false``, ``null``, lists and mappings with text keys exist: a config can name no Python
object, and the YAML 1.1 surprises are off (``yes``, ``on``, ``08:00``, ``010`` and dates stay
text; the model turns text into dates). ``extends`` merges mappings key by key and replaces lists
whole. Every refusal is one `InputError` that says where, what was found and what is allowed.
"""

import os
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import yaml

from models.errors import InputError

KeyPath: TypeAlias = tuple[str | int, ...]
Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | None"

MAX_BYTES = 1_000_000
MAX_DEPTH = 50
MAX_VALUES = 20_000
"""Values in one file once its aliases are expanded, so that no alias bomb fits."""
MAX_CHAIN = 20
MAX_TEXT = 1_000
MAX_DIGITS = 40

_ALLOWED_TOP = "allowed: one mapping of 'key: value' lines"
_TOO_DEEP = f"nested too deeply, or an alias inside itself; allowed: up to {MAX_DEPTH} levels"
_TOO_MANY = f"too many values, aliases written out; allowed: up to {MAX_VALUES}"
_TAG = "tag:yaml.org,2002:"
SCALARS = {
    "null": re.compile(r"(?:~|null|Null|NULL|)\Z"),
    "bool": re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"),
    "int": re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z"),
    "float": re.compile(
        r"(?:[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z"
    ),
}
"""How a plain scalar is read, tried in this order; what matches none is text."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value was written; line 0 means that it has no line."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class YamlSource:
    """Plain data and the place of every path in it (a mapping's entry: the place of its key)."""

    data: dict[str, Value]
    places: dict[KeyPath, Place]

    def place(self, path: KeyPath) -> Place:
        """Return the place of `path`, or of the nearest written section around it."""
        while path not in self.places:
            path = path[:-1]
        return self.places[path]


def printable(text: str) -> str:
    """Escape what a terminal would obey instead of show."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def shown(value: object, width: int = 60) -> str:
    """Return `value` as YAML-like text of at most `width` characters, safe on a terminal."""
    text = _flow(value, width)
    return text if len(text) <= width else text[: width - 3] + "..."


def _flow(value: object, width: int) -> str:
    """Write a value on one line, giving up early on long ones."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return repr(value[:width])
        case int():
            return str(value) if value.bit_length() < 4 * width else "a huge number"
        case dict():
            # one more item than fits is enough to show that there are more
            items = (f"{k}: {_flow(v, width)}" for k, v in list(value.items())[:width])
            return printable("{" + ", ".join(items) + "}")
        case list() | tuple():
            return "[" + ", ".join(_flow(item, width) for item in value[:width]) + "]"
    return printable(str(value))


def dotted(path: KeyPath) -> str:
    """Return a path as it is written after ``--set``, keys that are no names in quotes.

    Examples
    --------
    >>> dotted(("collections", "ladder", 2, "day"))
    'collections.ladder.2.day'
    """
    plain = re.compile(r"[\w-]+\Z")
    return ".".join(str(k) if plain.match(str(k)) else shown(k, 40) for k in path)


def read_yaml(path: str | Path) -> YamlSource:
    """Read one file and everything it extends.

    Raises
    ------
    InputError
        If a file cannot be read, is not the allowed YAML, or extends itself.
    """
    return _read_chain(Path(path), printable(str(path)), ())


def _read_chain(path: Path, asked: str, chain: tuple[Path, ...]) -> YamlSource:
    """Read a file below the files that extend it; `asked` names who wants it, for errors."""
    source = _parse(_read_text(path, asked), printable(str(path)))
    base = source.data.pop("extends", None)
    place = source.places.pop(("extends",), None)
    if base is None:
        return source
    if not isinstance(base, str) or not base:
        raise InputError(f"{place}: extends: got {shown(base)}; allowed: the path of one YAML file")
    target = Path(os.path.normpath(path.parent / base))
    # realpath, not Path.resolve, which raises on a loop of symbolic links before Python 3.13
    chain = (*chain, Path(os.path.realpath(path)))
    if (real := Path(os.path.realpath(target))) in chain:
        circle = " -> ".join(p.name for p in (*chain[chain.index(real) :], real))
        raise InputError(
            f"{place}: extends: goes in a circle, {printable(circle)}; allowed: a chain that ends"
        )
    if len(chain) > MAX_CHAIN:
        raise InputError(f"{place}: extends: a long chain; allowed: up to {MAX_CHAIN} files below")
    wanted_by = f"{place}: extends: {printable(str(target))}"
    return _merged(_read_chain(target, wanted_by, chain), source)


def _read_text(path: Path, asked: str) -> str:
    """Return the text of a file; what the file system refuses is told to `asked`."""
    allowed = "allowed: a readable YAML file"
    try:
        if path.is_dir():
            raise InputError(f"{asked}: a directory; {allowed}")
        if path.exists() and not path.is_file():
            raise InputError(f"{asked}: not a regular file; {allowed}")
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise InputError(f"{asked}: no such file; {allowed}") from error
    except OSError as error:
        raise InputError(f"{asked}: {error.strerror}; {allowed}") from error
    file = printable(str(path))
    if len(raw) > MAX_BYTES:
        raise InputError(f"{file}: a larger file; allowed: up to {MAX_BYTES} bytes")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(f"{file}:{line}: text that is not UTF-8; allowed: UTF-8 text") from error


class _Loader(yaml.SafeLoader):
    """The safe loader with our scalars and with limits on depth and number of nodes."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.depth = 0
        self.n_nodes = 0

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        """Compose one node, refusing what is too deep or too much before it is held."""
        self.depth += 1
        self.n_nodes += 1
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
        # the top itself is not a level, and keys are nodes too
        if self.depth > MAX_DEPTH + 1:
            raise yaml.MarkedYAMLError(problem=_TOO_DEEP, problem_mark=mark)
        if self.n_nodes > 2 * MAX_VALUES:
            raise yaml.MarkedYAMLError(problem=_TOO_MANY, problem_mark=mark)
        node = super().compose_node(parent, index)  # type: ignore[arg-type]
        self.depth -= 1
        return node


_Loader.yaml_implicit_resolvers = {}  # none of YAML 1.1
for _name, _pattern in SCALARS.items():
    # None: tried whatever the first character is
    _Loader.add_implicit_resolver(_TAG + _name, _pattern, None)


def _compose(text: str, file: str) -> yaml.Node | None:
    """Return the node tree of the one document in `text`."""
    try:
        loader = _Loader(text)
        try:
            return loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        found = f"the control character {chr(error.character)!r}; allowed: printable text"
        raise InputError(f"{file}:{line}: {found}") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1 if mark else 1)
        raise InputError(f"{place}: {_yaml_problem(error)}") from error


def _yaml_problem(error: yaml.MarkedYAMLError) -> str:
    """Say what is wrong with the YAML and what would be right."""
    problem = printable(error.problem or "not YAML")
    if problem in (_TOO_DEEP, _TOO_MANY):
        return problem
    if r"character '\t'" in problem:
        return "a tab where YAML allows none; allowed: indent with spaces"
    if error.context == "expected a single document in the stream":
        return "a second document; allowed: one mapping in a file"
    context = f" {printable(error.context)}" if error.context else ""
    return f"not YAML{context}: {problem}; {_ALLOWED_TOP}"


@dataclass(slots=True)
class _Builder:
    """Turns nodes into plain data and notes the place of each."""

    file: str
    has_lines: bool = True
    places: dict[KeyPath, Place] = field(default_factory=dict)
    n_values: int = 0

    def value(self, node: yaml.Node, path: KeyPath) -> Value:
        """Return the plain value of `node`, which sits at `path`."""
        self.n_values += 1
        place = self.place(node)
        # aliases make the data larger and deeper than the composed nodes
        if self.n_values > MAX_VALUES:
            raise InputError(f"{place}: {_TOO_MANY}")
        if len(path) > MAX_DEPTH:
            raise InputError(f"{place}: {_TOO_DEEP}")
        self.places.setdefault(path, place)
        match node:
            case yaml.MappingNode() if node.tag == _TAG + "map":
                return self.mapping(node, path)
            case yaml.SequenceNode() if node.tag == _TAG + "seq":
                return [self.value(item, (*path, i)) for i, item in enumerate(node.value)]
            case yaml.ScalarNode():
                return _scalar(node, place)
        raise _refused_tag(node, place)

    def mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Value]:
        """Return a mapping whose keys are text and appear once."""
        result: dict[str, Value] = {}
        for key_node, value_node in node.value:
            place = self.place(key_node)
            key = _key(key_node, place)
            if key in result:
                first = self.places[(*path, key)]
                raise InputError(
                    f"{place}: duplicate key {dotted((*path, key))}, first written at {first}; "
                    "allowed: each key once"
                )
            self.places[(*path, key)] = place
            result[key] = self.value(value_node, (*path, key))
        return result

    def place(self, node: yaml.Node) -> Place:
        """Return where a node begins."""
        return Place(self.file, node.start_mark.line + 1 if self.has_lines else 0)


def _key(node: yaml.Node, place: Place) -> str:
    """Return the text of a mapping's key."""
    if not isinstance(node, yaml.ScalarNode):
        raise InputError(f"{place}: a list or mapping as key; allowed: text keys")
    if node.value == "<<" and node.style is None:
        raise InputError(f"{place}: the merge key <<; allowed: text keys (see extends)")
    key = _scalar(node, place)
    if not isinstance(key, str):
        raise InputError(f"{place}: the key {shown(key)} is no text; allowed: text keys")
    return key


def _scalar(node: yaml.ScalarNode, place: Place) -> Value:
    """Return the value of a scalar by its tag, resolved or written out."""
    text: str = node.value
    kind = str(node.tag).removeprefix(_TAG)
    if len(text) > MAX_TEXT:
        raise InputError(f"{place}: a text of {len(text)} characters; allowed: up to {MAX_TEXT}")
    if kind == "str":
        return _checked_text(text, place)
    if kind not in SCALARS or not SCALARS[kind].match(text):
        raise _refused_tag(node, place)
    if kind in ("int", "float") and len(text) > MAX_DIGITS:
        raise InputError(f"{place}: a number of {len(text)} digits; allowed: up to {MAX_DIGITS}")
    match kind:
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int":
            return int(text)
    return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))


def _checked_text(text: str, place: Place) -> str:
    """Return `text` if it can be stored and printed."""
    for c in text:
        if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t":
            raise InputError(f"{place}: the control character {c!r}; allowed: printable text")
    return text


def _refused_tag(node: yaml.Node, place: Place) -> InputError:
    """Return the error for a tag that is unknown or does not fit its value."""
    tag = shown(str(node.tag).replace(_TAG, "!!", 1))
    return InputError(f"{place}: the tag {tag} on this value; allowed: values without tags")


def _parse(text: str, file: str) -> YamlSource:
    """Turn the text of one file into data and places."""
    node = _compose(text, file)
    if node is None:
        raise InputError(f"{file}:1: an empty file; {_ALLOWED_TOP}")
    builder = _Builder(file)
    data = builder.value(node, ())
    if not isinstance(data, dict):
        found = "a list" if isinstance(data, list) else f"the single value {shown(data)}"
        raise InputError(f"{builder.place(node)}: {found} at the top; {_ALLOWED_TOP}")
    return YamlSource(data, builder.places)


def _merged(base: YamlSource, top: YamlSource) -> YamlSource:
    """Lay `top` over `base`: mappings key by key, everything else whole."""
    replaced: set[KeyPath] = set()

    def merge(below: dict[str, Value], above: dict[str, Value], path: KeyPath) -> dict[str, Value]:
        result = dict(below)
        for key, value in above.items():
            old = below.get(key)
            if isinstance(old, dict) and isinstance(value, dict):
                result[key] = merge(old, value, (*path, key))
            else:
                replaced.add((*path, key))
                result[key] = value
        return result

    data = merge(base.data, top.data, ())
    kept = {
        path: place
        for path, place in base.places.items()
        if not any(path[:n] in replaced for n in range(1, len(path) + 1))
    }
    return YamlSource(data, kept | top.places)


def parse_value(text: str, where: str) -> tuple[Value, list[KeyPath]]:
    """Read one value without a file: a scalar, ``[a list]`` or ``{a: mapping}``.

    Parameters
    ----------
    text
        The YAML text of the value.
    where
        Who gave it; every error begins with this.

    Returns
    -------
    tuple
        The plain value and the paths of all its parts, itself included as ``()``.

    Raises
    ------
    InputError
        If the text is no such value.
    """
    allowed = "allowed: a value, [a list] or {a: mapping}"
    try:
        node = _compose(text, where)
    except InputError as error:
        raise InputError(f"{where}: got {shown(text)}, which is not YAML; {allowed}") from error
    # a block collection in one argument is a slip such as "a: b" for "a=b"
    if node is None or (isinstance(node, yaml.CollectionNode) and not node.flow_style):
        raise InputError(f"{where}: got {shown(text)}; {allowed}")
    builder = _Builder(where, has_lines=False)
    value = builder.value(node, ())
    return value, list(builder.places)
