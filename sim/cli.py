"""The command ``tsuke``.

What a user gave wrong, or what cannot be written, ends with one message on standard error and exit
code 2; failed replications with 1; Ctrl-C with 130. Results and tables go to standard output,
progress and messages to standard error. Everything is checked before a directory is made.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from models.errors import InputError
from sim.atomic import OutputError

app = typer.Typer(
    name="tsuke",
    help="Simulate the risk of a buy-now-pay-later portfolio.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

UNUSABLE = 2
FAILED = 1
INTERRUPTED = 130

_UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""What typer raises for a wrong command line; where it lives depends on typer's version."""


class Driver(StrEnum):
    """Who walks the members through the days."""

    COHORT = "cohort"
    MEMBER = "member"


class Events(StrEnum):
    """Whose ledger lines and events are kept."""

    ALL = "all"
    SAMPLE = "sample"
    NONE = "none"


class Form(StrEnum):
    """How the table of rules is printed."""

    TABLE = "table"
    MARKDOWN = "markdown"
    JSON = "json"


Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Override a parameter; may be repeated."),
]


@app.command()
def run(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="Configuration file (YAML).")],
    replications: Annotated[
        int | None, typer.Option(metavar="N", help="Replications; default: the configuration's.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="S", help="Seed; default: the configuration's.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(metavar="J", help="Processes; default: one per processor.")
    ] = None,
    driver: Annotated[
        Driver, typer.Option(help="All members of a night at once, or one process per member.")
    ] = Driver.COHORT,
    events: Annotated[
        Events | None, typer.Option(help="Whose ledger lines and events are kept.")
    ] = None,
    overrides: Overrides = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Results directory; default: results/<name>.")
    ] = None,
) -> None:
    """Simulate a portfolio; a stopped run goes on where it stopped."""
    from sim.config import load_config
    from sim.experiment.progress import on_standard_error
    from sim.experiment.replications import Interrupted, ReplicationsFailed
    from sim.experiment.replications import run as run_replications
    from sim.experiment.store import default_directory

    _check_at_least("--replications", replications, 1)
    _check_at_least("--jobs", jobs, 1)
    _check_at_least("--seed", seed, 0)
    loaded = load_config(
        config,
        [
            *(overrides or []),
            *_override("experiment.replications", replications),
            *_override("seed", seed),
            *_override("output.events", events),
        ],
    )
    directory = out if out is not None else default_directory(loaded.name)
    try:
        result = run_replications(
            loaded,
            jobs=jobs,
            driver=driver.value,
            out=directory,
            progress=on_standard_error(),
        )
    except Interrupted as error:
        _complain(str(error))
        raise typer.Exit(INTERRUPTED) from error
    except ReplicationsFailed as error:
        _complain(str(error))
        raise typer.Exit(FAILED) from error
    _say(headline_text(result.summary))
    _say(f"result digest  {result.digest}")
    _say(f"report         {directory / 'report.html'}")


@app.command()
def report(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Directory of a finished run.")],
) -> None:
    """Rebuild figures and report.html of a finished run from its tables."""
    from sim.experiment.result import finished_manifest

    finished_manifest(directory)
    from sim.report import write_report  # after the check: matplotlib takes its time

    _say(str(write_report(directory)))


@app.command()
def trace(
    source: Annotated[
        Path, typer.Argument(metavar="CONFIG|DIR", help="Configuration file or results directory.")
    ],
    member: Annotated[int, typer.Option(metavar="ID", help="Number of the member, from 0.")],
    replication: Annotated[int, typer.Option(metavar="R", help="Replication, from 0.")] = 0,
    overrides: Overrides = None,
) -> None:
    """Tell one member's life, clause by clause, yen by yen."""
    from sim.config import load_config
    from sim.experiment.manifest import CONFIG

    _check_at_least("--replication", replication, 0)
    _check_at_least("--member", member, 0)
    loaded = load_config(source / CONFIG if source.is_dir() else source, overrides or [])
    n_members = loaded.population.members
    if member >= n_members:
        raise InputError(
            f"--member: got {member}; allowed: 0 to {n_members - 1}, since the population has "
            f"{n_members} members"
        )
    from sim.trace import trace as trace_member

    _say(trace_member(loaded, member, replication))


@app.command()
def account(
    script: Annotated[Path, typer.Argument(help="Script of the account (YAML).")],
    as_json: Annotated[
        bool, typer.Option("--json", help="One object a line of the account.")
    ] = False,
) -> None:
    """Play one member's scripted account through the engine, day by day."""
    from sim.account import load_script, play

    played = play(*load_script(script))
    _say(json.dumps(played.rows(), indent=1, ensure_ascii=False) if as_json else played.text())


@app.command()
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
    _say(capture.get().rstrip("\n"))


@app.command()
def schema() -> None:
    """Print the JSON Schema of the configuration."""
    from sim.config import Config
    from sim.config_loading import json_schema

    _say(json.dumps(json_schema(Config), indent=2, ensure_ascii=False))


def _show_version(is_wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    """Print the version and end."""
    if is_wanted:
        from sim.provenance import version as version_of

        _say(f"tsuke {version_of()}")
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
        _complain(str(error))
        return UNUSABLE
    except _UsageError as error:
        message = getattr(error, "format_message", error.__str__)()
        _complain(f"{message} (tsuke --help shows what is allowed)")
        return UNUSABLE
    except (KeyboardInterrupt, typer.Abort):
        _complain("stopped")
        return INTERRUPTED
    return code if isinstance(code, int) else 0


def headline_text(summary: Mapping[str, Any]) -> str:
    """Write the headline numbers as a table.

    Parameters
    ----------
    summary
        Content of summary.json; of each row of its ``headline``, ``metric``, ``mean``, ``low`` and
        ``high``.

    Returns
    -------
    str
        Lines of equal width: metric, mean, interval of the mean; shares in per cent.

    Examples
    --------
    >>> rate = {"metric": "net_loss_rate", "mean": 0.01234, "low": 0.0119, "high": 0.0127}
    >>> print(headline_text({"confidence": 0.95, "headline": [rate]}))
    metric           mean     95 % interval
    net_loss_rate  1.23 %  1.19 % to 1.27 %
    """
    from sim.metrics.columns_of_replications import REPLICATIONS

    units = {column.name: column.unit for column in REPLICATIONS.columns}
    cells = [("metric", "mean", f"{summary['confidence'] * 100:.4g} % interval")]
    for row in summary["headline"]:
        mean, low, high = (_plain(row[part], units[row["metric"]]) for part in _ESTIMATE)
        interval = "-" if row["low"] is None else f"{low} to {high}"
        cells.append((row["metric"], mean, interval))
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        f"{name:<{widths[0]}}  {mean:>{widths[1]}}  {interval:>{widths[2]}}"
        for name, mean, interval in cells
    )


_ESTIMATE = ("mean", "low", "high")


def _plain(value: float | None, unit: str) -> str:
    """Write a number in characters that every terminal has."""
    from sim.report.numbers import MINUS, NOTHING, shown

    return shown(value, unit).replace(MINUS, "-").replace(NOTHING, "-")


def _override(path: str, value: object) -> list[str]:
    """Turn an option into an override; none if it is not given."""
    return [] if value is None else [f"{path}={value}"]


def _check_at_least(option: str, value: int | None, least: int) -> None:
    """Raise InputError if an option is given and too small."""
    if value is not None and value < least:
        raise InputError(f"{option}: got {value}; allowed: at least {least}")


def _say(text: str) -> None:
    """Print at once, so that a full disk or a gone reader shows here and not at exit."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"cannot write standard output: {error.strerror}") from error


def _complain(text: str) -> None:
    """Print a message to standard error, whatever standard output does."""
    print(f"tsuke: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
