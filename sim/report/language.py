"""The languages of the report: what the code says in English, the catalogue says in the others.

A message is its English text, with names in braces where values go. `say` writes it in the
language that is spoken where it is called. The catalogue is a folder of YAML files, each a mapping
from English to Japanese; a message that it lacks is said in English, such as a name that a user
gave.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import resources
from typing import TypeVar

import yaml

from models.errors import InputError

LANGUAGES = {"en": "English", "ja": "日本語"}
"""Languages by their code, each by its own name; the first is that of the code."""

Made = TypeVar("Made")
_spoken: ContextVar[str] = ContextVar("language of the report", default="en")


def check_language(code: str) -> None:
    """Refuse what is no language of the report.

    Raises
    ------
    InputError
        If there is no such language.
    """
    if code not in LANGUAGES:
        raise InputError(f"language: got {code}; allowed: {', '.join(LANGUAGES)}")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language in a block.

    Examples
    --------
    >>> with speaking("ja"):
    ...     say("late damages")
    '遅延損害金'
    """
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def in_languages(make: Callable[[], Made], codes: Iterable[str]) -> dict[str, Made]:
    """Make something in some languages; gives it by their codes."""
    made = {}
    for code in codes:
        with speaking(code):
            made[code] = make()
    return made


def language() -> str:
    """Give the code of the language that is spoken."""
    return _spoken.get()


def say(message: str, /, **values: object) -> str:
    """Write a message in the language that is spoken.

    Parameters
    ----------
    message
        English text; with values also their places, as ``{name}``.
    values
        What stands in those places, already written.

    Examples
    --------
    >>> say("mean: {value}", value="1.2 %")
    'mean: 1.2 %'
    """
    if language() != "en":
        message = catalogue().get(message, message)
    return message.format_map(values) if values else message


def listed(texts: Iterable[str], between: str = ", ") -> str:
    """Join texts as the language that is spoken joins them."""
    return say(between).join(texts)


@cache
def catalogue() -> Mapping[str, str]:
    """Read the Japanese of every message.

    Raises
    ------
    ValueError
        If two files hold the same message.
    """
    found: dict[str, str] = {}
    folder = resources.files("sim.report").joinpath("catalogue")
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        entries = yaml.safe_load(file.read_text(encoding="utf-8"))
        twice = found.keys() & entries.keys()
        if twice:
            raise ValueError(f"{file.name} repeats {sorted(twice)}")
        found |= entries
    return found
