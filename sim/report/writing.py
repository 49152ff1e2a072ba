"""From a results directory to its figures and its page."""

from collections.abc import Iterable
from pathlib import Path

from sim.atomic import make_directory, remove, write_text
from sim.report.figures import draw
from sim.report.language import check_language, in_each_language
from sim.report.page import page
from sim.report.source import read_run
from sim.report.style import Drawing

FIGURES = "figures"
REPORT = "report.html"


def write(directory: Path, language: str) -> Path:
    """Write figures and report; see `sim.report.write_report`."""
    check_language(language)
    run = read_run(directory)
    drawings = in_each_language(lambda: draw(run))
    return store(directory, drawings[language], page(run, drawings, language))


def store(directory: Path, drawings: Iterable[Drawing], html: str) -> Path:
    """Put figures and page into a directory in the place of older ones.

    Returns
    -------
    Path
        The page.
    """
    files = {f"{drawing.name}.svg": drawing.svg for drawing in drawings}
    folder = directory / FIGURES
    make_directory(folder)
    for old in folder.glob("*.svg"):
        if old.name not in files:
            remove(old)
    for name, svg in files.items():
        write_text(folder / name, svg)
    path = directory / REPORT
    write_text(path, html)
    return path
