"""``tsuke trace``: one member's life."""

from pathlib import Path
from typing import Annotated

import typer

from models.errors import InputError
from sim.cli.options import Overrides, check_at_least, check_at_most
from sim.cli.terminal import say


def trace(
    source: Annotated[
        Path, typer.Argument(metavar="CONFIG|DIR", help="Configuration file or results directory.")
    ],
    member: Annotated[int, typer.Option(metavar="ID", help="Number of the member, from 0.")],
    replication: Annotated[int, typer.Option(metavar="R", help="Replication, from 0.")] = 0,
    overrides: Overrides = None,
) -> None:
    """Tell one member's life, clause by clause, yen by yen."""
    from sim.config import MAX_REPLICATIONS, load_config
    from sim.experiment.manifest import CONFIG, read_stored

    check_at_least("--replication", replication, 0)
    check_at_most("--replication", replication, MAX_REPLICATIONS - 1)
    check_at_least("--member", member, 0)
    settings = overrides or []
    if source.is_dir():
        loaded = read_stored(source, CONFIG, lambda path: load_config(path, settings))
    else:
        loaded = load_config(source, settings)
    n_members = loaded.population.members
    if member >= n_members:
        raise InputError(
            f"--member: got {member}; allowed: 0 to {n_members - 1}, since the population has "
            f"{n_members} members"
        )
    from sim.trace import trace as trace_member

    say(trace_member(loaded, member, replication))
