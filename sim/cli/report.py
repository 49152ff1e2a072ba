"""``tsuke report``: figures and reports of a finished run or sweep, anew."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.formats import HTML, Formats, formats_of
from sim.cli.options import Language, ReportLanguage
from sim.cli.terminal import say


def report(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Directory of a finished run or sweep.")
    ],
    formats: Formats = None,
    lang: ReportLanguage = Language.EN,
) -> None:
    """Rebuild the report of a finished run or sweep from its tables."""
    from sim.experiment.manifest import SWEEP, read_fields
    from sim.experiment.result import finished_manifest

    wanted = formats_of(HTML if formats is None else formats)
    fields = read_fields(directory)
    if fields is not None and fields.get("kind") == SWEEP:
        from sim.report.sweeps.page import write_sweep

        written = write_sweep(directory, lang.value, wanted)
    else:
        finished_manifest(directory)
        from sim.report.writing import write  # after the check: matplotlib takes its time

        written = write(directory, lang.value, wanted)
    for path in written:
        say(str(path))
