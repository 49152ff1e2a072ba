"""Changes of the terms on dates: `policy.changes` turns one configuration into a row of them.

Each change names a date and the values that hold from its morning on (NP-15.2, AU-49.2, C-33).
What a change may touch are terms, policies and what people do from then on; who lives, what was
drawn before day one (how often and how dear somebody buys) and how a run is stated stay what they
are. Every configuration of the row is validated like the first one.
"""

import datetime as dt
import itertools
import json
from collections.abc import Sequence
from operator import attrgetter
from typing import TypeVar

from pydantic import BaseModel, Field, JsonValue, ValidationError

from models.parameters import Parameters
from models.policy.collections import Collections

Model = TypeVar("Model", bound=BaseModel)

OPEN = (
    "products.",
    "screening.",
    "collections.",
    "economics.",
    "policy.limits.",
    "policy.relief.",
    "policy.cash_out.",
    "policy.inquiries.",
    "policy.repossession.",
    "behaviour.repayment.",
    "behaviour.hardship.",
    "behaviour.misuse.",
    "behaviour.new_method_share.",
    "lenders.au.screening.",
    "lenders.au.collections.",
    "lenders.au.economics.",
    "lenders.au.misuse.",
    "lenders.au.cash_out.",
    "lenders.au.inquiries.",
)
"""Beginnings of the paths that a change may name."""
CLOSED = frozenset(
    {"enabled", "reviewers", "callers", "clerks", "hours", "opens", "closes", "team"}
    | {"default_dpd", "yen_per_point"}
)
"""Last or inner keys that a change may not name: products on offer, who sits at the desks, the
definition of default, and what points are worth, which are in the books at that."""


class Change(Parameters):
    """Values that hold from the morning of a date on."""

    on: dt.date = Field(
        description="First day on which the values hold.",
        json_schema_extra={"unit": "date", "source": "NP-15.2; AU-49.2; C-33"},
    )
    set: dict[str, JsonValue] = Field(
        description="New values by the dotted paths of their parameters.",
        json_schema_extra={"unit": "-", "source": "NP-15.2; AU-49.2; C-33"},
        min_length=1,
    )


def stages(config: Model, changes: Sequence[Change], start: dt.date) -> list[tuple[dt.date, Model]]:
    """Give the configurations that hold one after the other.

    Parameters
    ----------
    config
        The first one.
    changes
        Changes by ascending date; several on one date are taken in their order.
    start
        First day of the run.

    Returns
    -------
    list of (date, configuration)
        From the start on; a date stands once.

    Raises
    ------
    ValueError
        If a change names what it may not, or gives values that the configuration refuses. The
        text begins with the path of the change.
    """
    row = [(start, config)]
    data = config.model_dump(mode="json")
    data["policy"] = data["policy"] | {"changes": []}
    for index, change in enumerate(changes):
        where = f"policy.changes.{index}"
        if change.on < row[-1][0]:
            raise ValueError(f"{where}.on: got {change.on}; allowed: {row[-1][0]} or later")
        for path, value in change.set.items():
            _put(data, path, value, f"{where}.set")
        try:
            after = type(config).model_validate_json(json.dumps(data))
        except ValidationError as error:
            raise ValueError(f"{where}.set: {_words(error)}") from None
        _check_ladders(config, after, f"{where}.set")
        if change.on == row[-1][0]:
            row.pop()
        row.append((change.on, after))
    return row


def _put(data: dict[str, JsonValue], path: str, value: JsonValue, where: str) -> None:
    """Write one value at a dotted path of plain data, which is changed."""
    parts = path.split(".")
    if not f"{path}.".startswith(OPEN) or CLOSED & set(parts):
        raise ValueError(
            f"{where}: {path} cannot change within a run; allowed: parameters under "
            f"{', '.join(beginning.rstrip('.') for beginning in OPEN)}, without switches of "
            "products, staff or hours of desks, economics.default_dpd and np_points.yen_per_point"
        )
    parent: JsonValue = data
    for part, is_last in zip(
        parts, itertools.chain([False] * (len(parts) - 1), [True]), strict=True
    ):
        key: str | int = part
        if isinstance(parent, list) and part.isascii() and part.isdecimal():
            key = int(part)
        known = (isinstance(parent, dict) and key in parent) or (
            isinstance(parent, list) and isinstance(key, int) and key < len(parent)
        )
        if not known:
            raise ValueError(f"{where}: {path}: there is no parameter {part!r}")
        if is_last:
            parent[key] = value  # type: ignore[index]
        else:
            parent = parent[key]  # type: ignore[index]


def _words(error: ValidationError) -> str:
    """Say what a configuration refuses."""
    return "; ".join(
        f"{'.'.join(str(part) for part in details['loc'])}: "
        f"{str(details['msg']).removeprefix('Value error, ')}"
        for details in error.errors()
    )


def _check_ladders(before: BaseModel, after: BaseModel, where: str) -> None:
    """Refuse other numbers of strategies or steps: members stand on a ladder while it changes."""
    for path in ("collections", "lenders.au.collections"):
        old: Collections = attrgetter(path)(before)
        new: Collections = attrgetter(path)(after)
        sizes = [("ladder", len(old.ladder), len(new.ladder), "steps")]
        sizes.append(("strategies", len(old.strategies), len(new.strategies), "strategies"))
        sizes += [
            (f"strategies.{number}.ladder", len(one), len(other), "steps")
            for number, (one, other) in enumerate(zip(old.ladders(), new.ladders(), strict=False))
        ]
        for name, had, has, what in sizes:
            if had != has:
                raise ValueError(
                    f"{where}: {path}.{name}: got {has} {what}; allowed: as many as before, {had}"
                )
