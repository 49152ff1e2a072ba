"""``tsuke export``: single members as files for other tools."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from models.errors import InputError
from sim.cli.exit_codes import INTERRUPTED
from sim.cli.options import Overrides, check_at_least
from sim.cli.terminal import complain, say


class Format(StrEnum):
    """Format of the files."""

    PARQUET = "parquet"
    CSV = "csv"


def export(
    source: Annotated[
        Path, typer.Argument(metavar="CONFIG|DIR", help="Configuration file or results directory.")
    ],
    what: Annotated[
        str, typer.Option(metavar="LIST", help="Of panel, transitions, events, ledger.")
    ] = "panel",
    members: Annotated[
        str, typer.Option(metavar="N|all", help="Members, evenly spaced over the population.")
    ] = "all",
    replications: Annotated[
        int, typer.Option(metavar="N", help="Replications, numbered from 0.")
    ] = 1,
    file_format: Annotated[Format, typer.Option("--format", help="Of the files.")] = Format.PARQUET,
    overrides: Overrides = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Default: DIR/export, or results/<name>-export."),
    ] = None,
) -> None:
    """Write what single members owed, paid and did. docs/data.md has every column."""
    from sim.experiment.progress import on_standard_error
    from sim.exporting import export as export_members

    check_at_least("--replications", replications, 1)
    try:
        done = export_members(
            source,
            what=[name.strip() for name in what.split(",")],
            members=_count(members),
            replications=replications,
            file_format=file_format.value,
            overrides=overrides or [],
            out=out,
            progress=on_standard_error(),
        )
    except KeyboardInterrupt as error:
        complain("stopped; finished replications are kept; the same command goes on")
        raise typer.Exit(INTERRUPTED) from error
    for name in done.choice.what:
        say(f"{name:<12} {done.directory / name}")


def _count(text: str) -> int | None:
    """Give a number of members, None for all."""
    if text == "all":
        return None
    if not text.isascii() or not text.isdigit():
        raise InputError(f"--members: got {text!r}; allowed: a number from 1, or all")
    return int(text)
