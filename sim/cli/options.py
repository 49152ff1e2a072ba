"""Options that several commands share, and the checks of their values."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import InputError

if TYPE_CHECKING:
    from sim.experiment.workers.cluster_connection import Tls


class Driver(StrEnum):
    """Who walks the members through the days."""

    COHORT = "cohort"
    MEMBER = "member"


Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Override a parameter; may be repeated."),
]


class Language(StrEnum):
    """Languages of the report, by code."""

    EN = "en"
    JA = "ja"


ReportLanguage = Annotated[
    Language,
    typer.Option("--lang", help="Language of figures and papers, and of the page when it opens."),
]

Jobs = Annotated[
    int | None, typer.Option(metavar="J", help="Processes; default: one per processor.")
]

Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS", help="Dask scheduler whose workers simulate, as tcp://host:8786."
    ),
]
TlsCa = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Authority's certificate, for tls:// (PEM).")
]
TlsCert = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Own certificate, for tls:// (PEM).")
]
TlsKey = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Own private key, for tls:// (PEM).")
]


def tls_files(ca: Path | None, cert: Path | None, key: Path | None) -> "Tls | None":
    """Return the files of an encrypted connection, None if none is given.

    Raises
    ------
    InputError
        If some are given and others are not.
    """
    from sim.experiment.workers.cluster_connection import Tls

    if ca is None and cert is None and key is None:
        return None
    if ca is None or cert is None or key is None:
        raise InputError("--tls-ca, --tls-cert, --tls-key: allowed: all three, or none")
    return Tls(ca, cert, key)


def check_executor(jobs: int | None, scheduler: str | None) -> None:
    """Refuse two answers to the question who simulates."""
    check_at_least("--jobs", jobs, 1)
    if jobs is not None and scheduler is not None:
        raise InputError("--jobs, --scheduler: allowed: one of the two")


def override(path: str, value: object) -> list[str]:
    """Turn an option into an override; none if it is not given."""
    return [] if value is None else [f"{path}={value}"]


def check_at_least(option: str, value: int | None, least: int) -> None:
    """Raise InputError if an option is given and too small."""
    if value is not None and value < least:
        raise InputError(f"{option}: got {value}; allowed: at least {least}")


def check_at_most(option: str, value: int | None, most: int) -> None:
    """Raise InputError if an option is given and too large."""
    if value is not None and value > most:
        raise InputError(f"{option}: got {value}; allowed: at most {most}")
