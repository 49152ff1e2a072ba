"""``tsuke branch``: one policy from a checkpoint on."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.exit_codes import FAILED, INTERRUPTED
from sim.cli.headline import headline_text
from sim.cli.options import Jobs, Language, ReportLanguage, check_at_least
from sim.cli.terminal import complain, say


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
    from sim.experiment.replications import Interrupted, ReplicationsFailed

    check_at_least("--jobs", jobs, 1)
    place = out if out is not None else branch_directory(directory, settings or [])
    try:
        result = go_on(
            directory,
            settings or [],
            jobs=jobs,
            out=place,
            language=lang.value,
            progress=on_standard_error(),
        )
    except Interrupted as error:
        complain(str(error))
        raise typer.Exit(INTERRUPTED) from error
    except ReplicationsFailed as error:
        complain(str(error))
        raise typer.Exit(FAILED) from error
    say(headline_text(result.summary))
    say(f"result digest  {result.digest}")
    say(f"report         {place / 'report.html'}")
