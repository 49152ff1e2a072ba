"""``tsuke status``: how far a run or a sweep is."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.terminal import say

if TYPE_CHECKING:
    from sim.experiment.status import Status


def status(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Results directory of a run or a sweep.")
    ],
) -> None:
    """Show how far a run or a sweep is. Say what is done, failed and left, and when it ends."""
    from sim.experiment.status import status as status_of

    say(status_text(status_of(directory)))


def status_text(found: "Status") -> str:
    """Write a status as lines of a name and a value."""
    rows = [(found.kind, f"{found.name}, {_state(found)}")]
    if found.points:
        failed = f", {found.points_failed} failed" if found.points_failed else ""
        rows.append(("points", f"{found.points_done} of {found.points} done{failed}"))
    rows += [
        ("replications", f"{found.done} of {found.wanted} done"),
        ("failed", str(found.failed)),
        ("left", str(found.left)),
    ]
    if found.left:
        rows += _outlook(found)
    return "\n".join(f"{name:<14}{value}" for name, value in rows)


def _state(found: "Status") -> str:
    """Say in a word how it stands."""
    if found.is_finished:
        return "finished with failures" if found.failed else "finished"
    if found.seems_stopped:
        return "stopped, it seems; the same command goes on"
    return "going on"


def _outlook(found: "Status") -> list[tuple[str, str]]:
    """Say how fast it is and when it will end."""
    import datetime as dt

    from sim.experiment.progress import duration_text

    rows = []
    if found.per_second is not None:
        rows.append(("rate", f"{3600 * found.per_second:,.0f} replications an hour"))
    rows.append(("idle", f"for {duration_text(found.idle_seconds)}"))
    seconds = found.seconds_left
    if seconds is not None and not found.seems_stopped:
        end = dt.datetime.now().astimezone() + dt.timedelta(seconds=seconds)
        rows.append(("end", f"in {duration_text(seconds)}, at {end:%Y-%m-%d %H:%M}"))
    return rows
