"""From a results directory to its figures and its reports."""

from collections.abc import Collection, Iterable
from pathlib import Path

from sim.atomic import make_directory, remove, write_text
from sim.report.figures.by_theme import draw
from sim.report.language import LANGUAGES, check_language, in_languages, speaking
from sim.report.page import page
from sim.report.papers.files import write_document
from sim.report.papers.run_document import run_document
from sim.report.source import read_run
from sim.report.style import Drawing

FIGURES = "figures"
REPORT = "report.html"
PAGE = "html"
"""The format of the page, which holds every language; the others are those of papers."""


def write(directory: Path, language: str, formats: Collection[str] = (PAGE,)) -> list[Path]:
    """Write figures and reports of a run, in some of the formats html, md and pdf.

    Every figure is drawn once in each language that needs it. See `sim.report.write_report`.

    Returns
    -------
    list of Path
        The reports.
    """
    check_language(language)
    run = read_run(directory)
    drawings = in_languages(lambda: draw(run), languages_of(formats, language))
    written = []
    if PAGE in formats:
        written.append(store(directory, drawings[language], page(run, drawings, language)))
    papers = papers_of(formats)
    if papers:
        with speaking(language):
            document = run_document(run, drawings[language])
            written += write_document(document, directory, papers)
    return written


def languages_of(formats: Collection[str], language: str) -> list[str]:
    """Give the languages that some formats need: the page all, papers the one that is wanted."""
    return list(LANGUAGES) if PAGE in formats else [language]


def papers_of(formats: Collection[str]) -> list[str]:
    """Give the formats that are for papers."""
    return [name for name in formats if name != PAGE]


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
