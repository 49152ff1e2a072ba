"""The manifest of a results directory: what made it, and whether it may be continued.

A directory belongs to one configuration and one version of the simulating code. More replications
continue it; anything else that could change a number is refused, with what differs.
"""

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from models.errors import InputError
from sim.atomic import write_text
from sim.config import MAX_REPLICATIONS, Config, load_config
from sim.config_loading import NOT_IN_DIGEST, config_digest
from sim.provenance import Code, Surroundings, code, now, surroundings
from sim.yaml_source import Value, dotted, read_yaml, shown

MANIFEST = "manifest.json"
CONFIG = "config.yaml"
POINTS = "points"
SWEEP = "sweep"
"""Field ``kind`` of the manifest of a sweep; that of a run has none."""
CHECKPOINT = "checkpoint"
"""Field ``kind`` of the manifest of a checkpoint."""

FORMAT = 1
"""Layout of a results directory; a directory of another layout is refused."""

NOT_IN_IDENTITY = NOT_IN_DIGEST | {"experiment"}
"""Keys in which two runs of one directory may differ."""

_SHOWN_DIFFERENCES = 5

Stored = TypeVar("Stored")
"""What a file holds."""


@dataclass(frozen=True)
class Manifest:
    """Provenance and state of a results directory; times are UTC in ISO 8601."""

    name: str
    config_digest: str
    """SHA-256 of the configuration without `NOT_IN_IDENTITY`."""
    seed: int
    replications: int
    """Replications wanted by the last run, numbered from 0."""
    driver: str
    code: Code
    surroundings: Surroundings
    started: str
    finished: str | None = None
    """None while replications are missing."""
    result_digest: str | None = None
    """`facts_digest` over the wanted replications."""
    format: int = field(default=FORMAT)

    @property
    def is_finished(self) -> bool:
        """Whether the directory holds the result of all wanted replications."""
        return self.result_digest is not None

    def with_result(self, digest: str) -> "Manifest":
        """Return the manifest of the finished run."""
        return replace(self, result_digest=digest, finished=now())

    def save(self, directory: Path) -> None:
        """Write ``manifest.json``."""
        write_text(directory / MANIFEST, json.dumps(asdict(self), indent=2) + "\n")


@dataclass(frozen=True)
class Origin:
    """What a run starts with: the code, what it runs on, and when."""

    code: Code
    surroundings: Surroundings
    started: str

    @classmethod
    def now(cls) -> "Origin":
        """Describe the present."""
        return cls(code(), surroundings(), now())


def manifest_of(
    config: Config, *, replications: int, driver: str, origin: Origin | None = None
) -> Manifest:
    """Describe a run that starts now, or with others that have the same origin."""
    origin = origin or Origin.now()
    return Manifest(
        name=config.name,
        config_digest=config_digest(config, NOT_IN_IDENTITY),
        seed=config.seed,
        replications=replications,
        driver=driver,
        code=origin.code,
        surroundings=origin.surroundings,
        started=origin.started,
    )


def read_manifest(directory: Path) -> Manifest | None:
    """Read the manifest of a results directory, None where there is none.

    Raises
    ------
    InputError
        If it cannot be read, is that of a sweep, or has another format.
    """
    path = directory / MANIFEST
    fields = read_fields(directory)
    if fields is None:
        return None
    if fields.get("kind") == SWEEP:
        raise InputError(f"{directory} holds a sweep; its points are below {directory / POINTS}")
    if fields.get("kind") == CHECKPOINT:
        raise InputError(f"{directory} holds a checkpoint; tsuke branch goes on from it")
    try:
        if fields["format"] != FORMAT:
            raise InputError(f"{path} has format {fields['format']}; this version reads {FORMAT}")
        manifest = Manifest(**fields)
    except (KeyError, TypeError) as error:
        raise InputError(f"{path} is not a manifest of tsuke: {error}") from error
    _check_fields(path, manifest.replications, manifest.started)
    return manifest


def _check_fields(path: Path, replications: object, started: object) -> None:
    """Refuse a manifest that was changed into what cannot be counted with."""
    if type(replications) is not int or not 1 <= replications <= MAX_REPLICATIONS:
        raise InputError(
            f"{path}: replications: got {shown(replications)}; allowed: a whole number from 1 to "
            f"{MAX_REPLICATIONS}"
        )
    try:
        dt.datetime.fromisoformat(str(started))
    except ValueError as error:
        raise InputError(
            f"{path}: started: got {shown(started)}; allowed: a time in ISO 8601"
        ) from error


def read_fields(directory: Path) -> dict[str, Any] | None:
    """Read ``manifest.json`` as it is, None where there is none.

    Raises
    ------
    InputError
        If it cannot be read or is no JSON object.
    """
    path = directory / MANIFEST
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"{path} is not a manifest of tsuke: {error}") from error
    if not isinstance(fields, dict):
        raise InputError(f"{path} is not a manifest of tsuke: it is no JSON object")
    return fields


def check_same(found: Manifest, wanted: Manifest, config: Config, directory: Path) -> None:
    """Refuse to continue a directory that another configuration or other code made.

    Raises
    ------
    InputError
        If it may not be continued; the message says what differs and what to do.
    """
    differences = []
    if found.config_digest != wanted.config_digest:
        differences.append(_config_differences(directory / CONFIG, config))
    differences += code_differences(found.code, wanted.code)
    if differences:
        raise another_run(directory, differences)


def code_differences(there: Code, here: Code) -> list[str]:
    """Say how the code that made a directory differs from this one; nothing if it does not."""
    if there["source_digest"] == here["source_digest"]:
        return []
    return [f"the code that simulates ({_code_text(there)} there, {_code_text(here)} now)"]


def read_stored(directory: Path, name: str, read: Callable[[Path], Stored]) -> Stored:
    """Read a file of a directory; say so where other code wrote what this code does not know.

    Parameters
    ----------
    directory
        Directory with a manifest.
    name
        Name of the file in it.
    read
        Reads it and raises `InputError` if it cannot.

    Raises
    ------
    InputError
        If it cannot be read; the message names the version that wrote it, if that is another.
    """
    try:
        return read(directory / name)
    except InputError as error:
        there, here = (read_fields(directory) or {}).get("code"), code()
        if not there or not code_differences(there, here):
            raise
        raise InputError(
            f"{directory} was written by other code than this ({_code_text(there)} there, "
            f"{_code_text(here)} now), which cannot read all of its parameters:\n{error}\n"
            "Run it again with this version, into another directory."
        ) from error


def read_config(directory: Path, manifest: Manifest) -> Config:
    """Read the configuration of a run, and see that it is the one of the manifest.

    Of a run of other code that cannot be seen: a parameter that is new has its default there.

    Raises
    ------
    InputError
        If it cannot be read, or was changed after the run.
    """
    config = read_stored(directory, CONFIG, load_config)
    is_same = config_digest(config, NOT_IN_IDENTITY) == manifest.config_digest
    if not is_same and not code_differences(manifest.code, code()):
        raise InputError(
            f"{directory / CONFIG} is not the configuration of this run (its digest differs from "
            "the manifest's); run it again with the same command"
        )
    return config


def another_run(directory: Path, differences: Sequence[str]) -> InputError:
    """Make the refusal of a directory that something else made."""
    return InputError(
        f"{directory} holds the results of another run; these differ: "
        f"{'; '.join(differences)}. Choose another directory with --out, or delete this one."
    )


def _config_differences(path: Path, config: Config) -> str:
    """List the first parameters in which a stored configuration differs."""
    try:
        there = dict(_leaves(read_yaml(path).data))
    except InputError:
        return "the configuration"
    here = dict(_leaves(config.model_dump(mode="json")))
    names = [
        name
        for name in sorted(here.keys() | there.keys())
        if here.get(name) != there.get(name) and not _is_free(name)
    ]
    texts = [
        f"{name} ({shown(there.get(name))} there, {shown(here.get(name))} now)"
        for name in islice(names, _SHOWN_DIFFERENCES)
    ]
    more = len(names) - len(texts)
    return ", ".join(texts) + (f" and {more} more" if more else "") or "the configuration"


def _leaves(value: Value, path: tuple[str | int, ...] = ()) -> list[tuple[str, Value]]:
    """List the scalars of plain data with their dotted paths; lists of scalars stay whole."""
    match value:
        case dict():
            items: list[tuple[str | int, Value]] = list(value.items())
        case list() if any(isinstance(item, dict | list) for item in value):
            items = list(enumerate(value))
        case _:
            return [(dotted(path), value)]
    return [leaf for key, item in items for leaf in _leaves(item, (*path, key))]


def _is_free(name: str) -> bool:
    """Tell whether two runs of one directory may differ in a parameter."""
    return any(name == free or name.startswith(f"{free}.") for free in NOT_IN_IDENTITY)


def _code_text(identity: Code) -> str:
    """Name a version of the code."""
    head, _, dirty = (identity["commit"] or "no commit").partition("-")
    commit = f"{head[:12]}-{dirty}" if dirty else head[:12]
    return f"version {identity['version']}, {commit}, sources {identity['source_digest'][:12]}"
