"""``tsuke rules`` and ``tsuke schema``: what the program says about itself."""

import json
from enum import StrEnum
from typing import Annotated

import typer

from sim.cli.terminal import say


class Form(StrEnum):
    """How the table of rules is printed."""

    TABLE = "table"
    MARKDOWN = "markdown"
    JSON = "json"


def rules(
    product: Annotated[
        str | None, typer.Option(metavar="P", help="Only the clauses that apply to this product.")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="Form of the table.")] = Form.TABLE,
) -> None:
    """List the clauses with their parameters, code and tests."""
    from rich.console import Console

    from sim.rules import rule_table, write

    console = Console()
    with console.capture() as capture:
        write(rule_table(product), form.value, console)
    say(capture.get().rstrip("\n"))


def schema(
    of_sweep: Annotated[
        bool, typer.Option("--sweep", help="Of a sweep file instead of a configuration.")
    ] = False,
) -> None:
    """Print the JSON Schema of the configuration."""
    if of_sweep:
        from sim.experiment.design import sweep_schema

        found = sweep_schema()
    else:
        from sim.config import Config
        from sim.config_loading import json_schema

        found = json_schema(Config)
    say(json.dumps(found, indent=2, ensure_ascii=False))
