"""From a results directory to its figures and its page."""

from pathlib import Path

from sim.atomic import make_directory, remove, write_text
from sim.report.figures import draw
from sim.report.page import page
from sim.report.source import read_run

FIGURES = "figures"
REPORT = "report.html"


def write(directory: Path) -> Path:
    """Write figures and report; see `sim.report.write_report`."""
    run = read_run(directory)
    drawings = draw(run)
    folder = directory / FIGURES
    make_directory(folder)
    names = {f"{drawing.name}.svg" for drawing in drawings}
    for old in folder.glob("*.svg"):
        if old.name not in names:
            remove(old)
    for drawing in drawings:
        write_text(folder / f"{drawing.name}.svg", drawing.svg)
    path = directory / REPORT
    write_text(path, page(run, drawings))
    return path
