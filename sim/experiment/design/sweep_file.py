"""Read a sweep file: its base, what is laid over it, and all its points, validated.

A path flows in, a frozen `Sweep` flows out, or one `InputError` that lists every problem with file
and line. Nothing runs before every point is a valid configuration.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from models.errors import InputError
from sim.config import Config, load_config
from sim.config_errors import Problem, problems_text
from sim.config_loading import OVERRIDE, apply_overrides, json_schema, validate
from sim.experiment.design.paths import PathError, put, resolve
from sim.experiment.design.sweep import Sweep
from sim.yaml_source import (
    KeyPath,
    Place,
    Value,
    YamlSource,
    parse_value,
    printable,
    read_yaml,
    shown,
)

__all__ = ["Sweep", "load_sweep", "sweep_schema"]

_KEYS = frozenset(Sweep.model_fields)


def load_sweep(path: str | Path, overrides: Sequence[str] = ()) -> Sweep:
    """Read a sweep file and validate all its points.

    Parameters
    ----------
    path
        YAML file; it may extend another sweep file.
    overrides
        Texts ``path=value`` that win over the file. A path that begins with a key of the sweep
        (``replications``, ``design.samples``) changes the sweep, any other the base configuration.

    Raises
    ------
    InputError
        If anything in it cannot be used; every problem is named with file and line.
    """
    own = [text for text in overrides if _first_key(text) in _KEYS or "=" not in text]
    source = apply_overrides(read_yaml(path), own)
    _lay(source, [text for text in overrides if text not in own])
    refused = []
    wanted = source.data.get("replications")
    try:
        base = _base(source, printable(str(path)))
        if isinstance(wanted, int | None):
            source.data["replications"] = base.experiment.replications
    except InputError as error:
        refused.append(str(error))
        base = Config()
        if isinstance(wanted, int) and wanted > 0:
            source.data["replications"] = None  # nothing to compare it with
    source.data["base"] = base.model_dump(mode="json")
    try:
        sweep = validate(Sweep, source)
    except InputError as error:
        refused.append(str(error))
    if refused:
        raise InputError("\n".join(refused))
    sweep.remember_places(source.places)
    sweep.points()
    return sweep


def _first_key(override: str) -> str:
    """Give the first key of an override's path."""
    return override.partition("=")[0].partition(".")[0].strip()


def _lay(source: YamlSource, overrides: Iterable[str]) -> None:
    """Add overrides of the base to the fixed settings of a sweep, which is changed."""
    if not isinstance(fixed := source.data.setdefault("set", {}), dict):
        return
    for text in overrides:
        path, _, written = text.partition("=")
        path = path.strip()
        fixed.pop(path, None)
        fixed[path], _ = parse_value(written, f"{OVERRIDE} {path}")
        source.places["set", path] = Place(OVERRIDE)


def _base(source: YamlSource, file: str) -> Config:
    """Read the base of a sweep and lay the fixed settings over it."""
    written = source.data.get("base")
    place = source.places.get(("base",), Place(file, 1))
    match written:
        case str():
            # what the command line names is relative to where it is typed
            folder = Path(place.file).parent if place.line else Path()
            try:
                data = load_config(folder / written).model_dump(mode="json")
            except InputError as error:
                lines = str(error).splitlines()
                raise InputError("\n".join(f"{place}: base: {line}" for line in lines)) from error
        case dict():
            places = {path[1:]: p for path, p in source.places.items() if path[:1] == ("base",)}
            data = validate(Config, YamlSource(written, places)).model_dump(mode="json")
        case _:
            raise InputError(f"{place}: base: got {shown(written)}; required: the path of a "
                             "configuration, relative to this file")  # fmt: skip
    return _with_fixed(source, data, place)


def _with_fixed(source: YamlSource, data: dict[str, Value], place: Place) -> Config:
    """Lay the fixed settings and the number of replications over the base's data."""
    fixed = source.data.get("set", {})
    fixed = dict(fixed) if isinstance(fixed, dict) else {}
    places: dict[KeyPath, Place] = {(): Place(place.file)}
    problems = []
    if isinstance(n := source.data.get("replications"), int) and not isinstance(n, bool):
        put(data, ("experiment", "replications"), n)
        places["experiment", "replications"] = source.place(("replications",))
    for path, value in fixed.items():
        where = source.place(("set", path))
        try:
            keys = resolve(data, path)
        except PathError as error:
            problems.append(Problem(where, ("set", path), str(error)))
            continue
        put(data, keys, value)
        places[keys] = where
    if problems:
        raise InputError(problems_text(problems))
    return validate(Config, YamlSource(data, places))


def sweep_schema() -> dict[str, object]:
    """Return the JSON Schema that editors complete a sweep file from."""
    return json_schema(Sweep)
