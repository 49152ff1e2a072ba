"""``tsuke report``: figures and page of a finished run, anew."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import Language, ReportLanguage
from sim.cli.terminal import say


def report(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Directory of a finished run or sweep.")
    ],
    lang: ReportLanguage = Language.EN,
) -> None:
    """Rebuild figures and report.html of a finished run or sweep from its tables."""
    from sim.experiment.manifest import SWEEP, read_fields
    from sim.experiment.result import finished_manifest

    fields = read_fields(directory)
    if fields is not None and fields.get("kind") == SWEEP:
        from sim.report.sweep_page import write_sweep_report

        say(str(write_sweep_report(directory, lang.value)))
        return
    finished_manifest(directory)
    from sim.report import write_report  # after the check: matplotlib takes its time

    say(str(write_report(directory, lang.value)))
