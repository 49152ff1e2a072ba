"""The application that the commands belong to, and how their errors become exit codes."""

import os
import sys
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from models.errors import InputError
from sim.atomic import OutputError
from sim.cli.exit_codes import FAILED, INTERRUPTED, UNUSABLE
from sim.cli.terminal import complain, say

app = typer.Typer(
    name="tsuke",
    help="Simulate the risk of a buy-now-pay-later portfolio.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""What typer raises for a wrong command line; where it lives depends on typer's version."""


def _show_version(is_wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    """Print the version and end."""
    if is_wanted:
        from sim.provenance import version as version_of

        say(f"tsuke {version_of()}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show it.")
    ] = False,
) -> None:
    """Simulate the risk of a buy-now-pay-later portfolio."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments
        Arguments of the command line; those of the process if not given.

    Returns
    -------
    int
        Exit code: 0 done, 1 a replication failed, 2 unusable input or output, 130 stopped.
    """
    given = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    try:
        return _exit_code(lambda: app(given, prog_name="tsuke", standalone_mode=False))
    except BrokenPipeError:
        # The reader has gone (tsuke rules | head). What is still buffered must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _exit_code(command: Callable[[], object]) -> int:
    """Run a command and turn the errors of users into a message and an exit code."""
    try:
        code = command()
    except (InputError, OutputError) as error:
        complain(str(error))
        return UNUSABLE
    except _UsageError as error:
        message = getattr(error, "format_message", error.__str__)()
        complain(f"{message} (tsuke --help shows what is allowed)")
        return UNUSABLE
    except OSError as error:
        # such as a name that is too long, or a directory that may not be searched
        if error.filename is None:
            raise
        from sim.yaml_source import printable

        complain(f"cannot use {printable(str(error.filename))}: {error.strerror}")
        return UNUSABLE
    except (KeyboardInterrupt, typer.Abort):
        complain("stopped")
        return INTERRUPTED
    return code if isinstance(code, int) else 0
