"""``tsuke branch``: one policy from a checkpoint on."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import Jobs, Language, ReportLanguage, check_at_least
from sim.cli.outcomes import exit_codes, say_result


def branch(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Directory of a checkpoint.")],
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="PATH=VALUE",
            help="A parameter from the checkpoint's date on; may be repeated.",
        ),
    ] = None,
    jobs: Jobs = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Results directory; default: results/<name>-<settings>."),
    ] = None,
    lang: ReportLanguage = Language.EN,
) -> None:
    """Go on from a checkpoint, with terms that change on its date."""
    from sim.experiment.checkpoints import branch as go_on
    from sim.experiment.checkpoints import branch_directory
    from sim.experiment.progress import on_standard_error

    check_at_least("--jobs", jobs, 1)
    place = out if out is not None else branch_directory(directory, settings or [])
    with exit_codes():
        result = go_on(
            directory,
            settings or [],
            jobs=jobs,
            out=place,
            language=lang.value,
            progress=on_standard_error(),
        )
    say_result(result, place)
