"""``tsuke checkpoint``: a portfolio run to a date and saved."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from models.errors import InputError
from sim.cli.options import Jobs, Overrides, check_at_least
from sim.cli.outcomes import exit_codes
from sim.cli.terminal import say


def checkpoint(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="Configuration file (YAML).")],
    at: Annotated[
        str, typer.Option(metavar="DATE", help="Date, as 2027-01-01: its branches open this day.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Directory of the checkpoint.")],
    replications: Annotated[
        int | None, typer.Option(metavar="N", help="Replications; default: the configuration's.")
    ] = None,
    jobs: Jobs = None,
    overrides: Overrides = None,
) -> None:
    """Run a portfolio to a date and save it. `tsuke branch` goes on from there."""
    from sim.experiment.checkpoints import checkpoint as save_checkpoint
    from sim.experiment.progress import on_standard_error
    from sim.report.numbers import counted

    check_at_least("--replications", replications, 1)
    check_at_least("--jobs", jobs, 1)
    with exit_codes():
        saved = save_checkpoint(
            config,
            at=_date(at),
            out=out,
            replications=replications,
            overrides=overrides or [],
            jobs=jobs,
            progress=on_standard_error(),
        )
    count = counted(saved.config.experiment.replications, "{n} replication", "{n} replications")
    say(f"checkpoint     {count} before {saved.date} in {saved.directory}")


def _date(text: str) -> dt.date:
    """Read a date; `fromisoformat` alone takes other forms, too."""
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        date = None
    if date is None or date.isoformat() != text:
        raise InputError(f"--at: got {text!r}; allowed: a date, as in 2027-01-01")
    return date
