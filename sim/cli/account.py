"""``tsuke account``: one scripted member through the engine."""

import json
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.terminal import say


def account(
    script: Annotated[Path, typer.Argument(metavar="SCRIPT", help="Script of the account (YAML).")],
    as_json: Annotated[
        bool, typer.Option("--json", help="One object a line of the account.")
    ] = False,
) -> None:
    """Play the scripted account of one member, day by day."""
    from sim.account import load_script, play

    played = play(*load_script(script))
    say(json.dumps(played.rows(), indent=1, ensure_ascii=False) if as_json else played.text())
