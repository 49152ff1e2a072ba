"""``tsuke report``: figures and reports of a finished run or sweep, anew."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.formats import HTML, Formats, formats_of
from sim.cli.terminal import say


def report(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Directory of a finished run or sweep.")
    ],
    formats: Formats = None,
) -> None:
    """Rebuild figures and report.html of a finished run or sweep from its tables."""
    from sim.experiment.manifest import SWEEP, read_fields

    wanted = formats_of(HTML if formats is None else formats)
    fields = read_fields(directory)
    is_sweep = fields is not None and fields.get("kind") == SWEEP
    for path in (_of_sweep if is_sweep else _of_run)(directory, wanted):
        say(str(path))


def _of_run(directory: Path, formats: list[str]) -> list[Path]:
    """Write the reports of a run."""
    from sim.experiment.result import finished_manifest

    finished_manifest(directory)
    from sim.report import write_report  # after the check: matplotlib takes its time

    written = [write_report(directory)] if HTML in formats else []
    for_papers = [name for name in formats if name != HTML]
    if for_papers:
        from sim.report.papers.files import write_document
        from sim.report.papers.run_document import run_document
        from sim.report.source import read_run

        written += write_document(run_document(read_run(directory)), directory, for_papers)
    return written


def _of_sweep(directory: Path, formats: list[str]) -> list[Path]:
    """Write the reports of a sweep."""
    from sim.report.sweep_page import write_sweep_report

    written = [write_sweep_report(directory)] if HTML in formats else []
    for_papers = [name for name in formats if name != HTML]
    if for_papers:
        from sim.report.papers.files import write_document
        from sim.report.papers.sweep_document import read_sweep_document

        written += write_document(read_sweep_document(directory), directory, for_papers)
    return written
