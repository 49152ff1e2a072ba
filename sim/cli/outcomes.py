"""How a command that simulates ends: what it prints, and its exit code."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sim.cli.exit_codes import FAILED, INTERRUPTED
from sim.cli.headline import headline_text
from sim.cli.terminal import complain, say

if TYPE_CHECKING:
    from sim.experiment.result import Result


@contextmanager
def exit_codes() -> Iterator[None]:
    """Leave with a message and an exit code where a simulation is stopped or fails."""
    from sim.experiment.replications import Interrupted, ReplicationsFailed

    try:
        yield
    except Interrupted as error:
        complain(str(error))
        raise typer.Exit(INTERRUPTED) from error
    except ReplicationsFailed as error:
        complain(str(error))
        raise typer.Exit(FAILED) from error


def say_result(result: "Result", directory: Path) -> None:
    """Print the headline of a run, its digest, and where its report is."""
    say(headline_text(result.summary))
    say(f"result digest  {result.digest}")
    say(f"report         {directory / 'report.html'}")
