"""The registry: every clause id of the rulebook, and the functions that implement them."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from models.clauses import article, au_financial_service, composed, net_protections
from models.clauses.clause import Clause, Row

_Implementation = TypeVar("_Implementation", bound=Callable[..., Any])

_ITEM_REFERENCE = re.compile(r"(?P<paragraph>.+?)(?P<items>(?:\(\d+\))+)")


def register(rows: Iterable[Row], items: Mapping[str, int]) -> Mapping[str, Clause]:
    """Turn the rows of the tables into a read-only mapping by id.

    Parameters
    ----------
    rows
        Lines of the tables; the first column may hold several ids, divided by blanks.
    items
        Number of citable items by id, for the ids that have any.

    Returns
    -------
    Mapping[str, Clause]
        The clauses by id, in the order of the rows.

    Raises
    ------
    ValueError
        If an id is given twice, or items are given for an id that no row has.
    """
    clauses: dict[str, Clause] = {}
    for ids, product, title, (status, reason) in rows:
        for identifier in ids.split():
            if identifier in clauses:
                raise ValueError(f"clause {identifier} is registered twice")
            clauses[identifier] = Clause(
                identifier, product, title, status, reason, items.get(identifier, 0)
            )
    if stray := sorted(items.keys() - clauses.keys()):
        raise ValueError(f"items are given for unregistered clauses: {', '.join(stray)}")
    return MappingProxyType(clauses)


CLAUSES: Mapping[str, Clause] = register(
    (*article.ROWS, *net_protections.ROWS, *au_financial_service.ROWS, *composed.ROWS),
    {**net_protections.ITEMS, **au_financial_service.ITEMS},
)
"""Every clause of the rulebook by id."""

RESOLUTIONS = frozenset(f"C-{number:02}" for number in (*range(1, 63), *range(71, 77)))
"""Ids of the contradictions and gaps of the sources and how they are resolved.

Parameters and tests may cite one beside a clause; it is none itself, so no posting names it.
"""

IMPLEMENTATIONS: dict[str, list[str]] = {}
"""Names of the functions and classes behind each id, filled by `implements` at import."""


def clause_of(reference: str) -> Clause:
    """Find the clause behind an id or an item reference.

    Parameters
    ----------
    reference
        A registered id, or a paragraph with items behind it, such as ``NP-7.1(3)``.

    Returns
    -------
    Clause
        The clause itself, or the paragraph that holds the items.

    Raises
    ------
    KeyError
        If no such clause or item is registered; the message names near matches.

    Examples
    --------
    >>> clause_of("NP-7.1(3)").id
    'NP-7.1'
    """
    if reference in CLAUSES:
        return CLAUSES[reference]
    match = _ITEM_REFERENCE.fullmatch(reference)
    if match is None or match["paragraph"] not in CLAUSES:
        raise KeyError(f"unknown clause {reference!r}{_near_matches(reference)}")
    paragraph = CLAUSES[match["paragraph"]]
    numbers = [int(number) for number in re.findall(r"\d+", match["items"])]
    if not all(1 <= number <= paragraph.items for number in numbers):
        raise KeyError(
            f"unknown clause {reference!r}: {paragraph.id} has {paragraph.items or 'no'} items"
        )
    return paragraph


def implements(*ids: str) -> Callable[[_Implementation], _Implementation]:
    """Record a function or class as the code behind clauses.

    Parameters
    ----------
    *ids
        Clause ids or item references; an item counts for its paragraph.

    Returns
    -------
    Callable
        A decorator that hands its argument back unchanged.

    Raises
    ------
    KeyError
        If an id is not registered.
    ValueError
        If no id is given.
    """
    if not ids:
        raise ValueError("implements needs at least one clause id")
    registered = [clause_of(reference).id for reference in ids]

    def record(implementation: _Implementation) -> _Implementation:
        name = f"{implementation.__module__}.{implementation.__qualname__}"
        for identifier in registered:
            names = IMPLEMENTATIONS.setdefault(identifier, [])
            if name not in names:
                names.append(name)
        return implementation

    return record


def _near_matches(reference: str) -> str:
    """Word a hint at registered ids: the parts of what was named, else similar spelling."""
    parts = [name for name in CLAUSES if name.startswith((f"{reference}(", f"{reference}."))]
    near = parts or difflib.get_close_matches(reference.upper(), CLAUSES, n=3)
    return f"; did you mean {', '.join(near)}?" if near else ""
