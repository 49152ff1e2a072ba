"""What goes to standard output and what to standard error."""

import sys

from sim.atomic import OutputError


def say(text: str) -> None:
    """Print a result at once, so that a full disk or a gone reader shows here and not at exit.

    Raises
    ------
    OutputError
        If standard output cannot be written.
    """
    try:
        print(text, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"cannot write standard output: {error.strerror}") from error


def complain(text: str) -> None:
    """Print a message to standard error, whatever standard output does."""
    print(f"tsuke: {text}", file=sys.stderr, flush=True)
