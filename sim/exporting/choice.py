"""What is exported: which tables of which members, in which format."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from models.errors import InputError
from sim.record.eventlog import Record

TABLES = ("panel", "transitions", "events", "ledger")
FORMATS = ("parquet", "csv")


@dataclass(frozen=True)
class Choice:
    """What is exported.

    Parameters
    ----------
    what
        Names among `TABLES`.
    file_format
        One of `FORMATS`; one only, since other tools read a folder whole.
    members
        How many members, evenly spaced; None for all.
    """

    what: tuple[str, ...]
    file_format: str
    members: int | None

    @classmethod
    def of(cls, what: Sequence[str], file_format: str, members: int | None) -> Self:
        """Check a choice and put it in the order of `TABLES`.

        Raises
        ------
        InputError
            If a name is unknown, or nothing is chosen.
        """
        _check("what", what, TABLES)
        _check("format", [file_format], FORMATS)
        if members is not None and members < 1:
            raise InputError(f"members: got {members}; allowed: at least 1, or all")
        return cls(
            tuple(name for name in TABLES if name in what),
            file_format,
            members,
        )

    def record(self, population: int) -> Record:
        """Name the members of a population whose lines are kept.

        Raises
        ------
        InputError
            If there are not so many.
        """
        if self.members is None:
            return Record.everyone()
        if self.members > population:
            raise InputError(f"members: got {self.members}; allowed: 1 to {population}, or all")
        return Record.sample(self.members, population)


def _check(option: str, given: Sequence[str], allowed: Sequence[str]) -> None:
    """Raise InputError unless all names are allowed and there is one."""
    for name in given or [""]:
        if name not in allowed:
            raise InputError(f"{option}: got {name!r}; allowed: {', '.join(allowed)}")
