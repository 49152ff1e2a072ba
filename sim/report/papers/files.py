"""The files of a report for a paper, each whole or absent, all inside their directory.

::

    report.md, .pdf         the whole report, in the forms that were asked for
    methods.md              the methods alone, along STRESS-DES
    references.bib          this software and what the methods cite
    figures/*.svg, *.pdf    figures
    tables/*.csv, *.tex     tables: in full as CSV, those of the report as LaTeX
"""

from collections.abc import Collection, Mapping
from pathlib import Path

from sim.atomic import OutputError, make_directory, remove, write_bytes
from sim.report.csv_text import csv_text
from sim.report.papers.document import Document
from sim.report.papers.figure_files import pdf_of
from sim.report.papers.latex import ALL, EXTENSION, all_tables, latex_table
from sim.report.papers.markdown import FIGURES, TABLES, markdown_methods, markdown_report
from sim.report.papers.references import bibliography

MARKDOWN, PDF = "report.md", "report.pdf"
METHODS, REFERENCES = "methods.md", "references.bib"
FORMATS = {"md": MARKDOWN, "pdf": PDF}
"""Files of a whole report by the format that asks for them."""


def write_document(document: Document, directory: Path, formats: Collection[str]) -> list[Path]:
    """Write a report in some formats, with the parts of a paper beside it.

    Parameters
    ----------
    document
        The report.
    directory
        Where it goes; it is created if it is missing.
    formats
        Keys of `FORMATS`.

    Returns
    -------
    list of Path
        The whole reports, in the order of `FORMATS`.

    Raises
    ------
    OutputError
        If a file cannot be written, or if a folder leads out of the directory.

    Notes
    -----
    The same document gives the same bytes. Whole reports are written last, so that whoever finds
    one finds its parts as well. Figures and tables of an earlier report go.
    """
    _write_folder(directory, FIGURES, _figures(document), {".svg", ".pdf"})
    _write_folder(directory, TABLES, _tables(document), {".csv", ".tex"})
    write_bytes(directory / METHODS, markdown_methods(document).encode())
    write_bytes(directory / REFERENCES, bibliography(document.references).encode())
    wanted = [name for name in FORMATS if name in formats]
    for name in wanted:
        write_bytes(directory / FORMATS[name], _whole(document, name))
    return [directory / FORMATS[name] for name in wanted]


def _whole(document: Document, form: str) -> bytes:
    """Write the whole report in a format."""
    if form == "md":
        return markdown_report(document).encode()
    from sim.report.papers.pdf import pdf_report  # Typst is an extra

    return pdf_report(document)


def _figures(document: Document) -> dict[str, bytes]:
    """Draw the figures as SVG and as PDF."""
    files = {}
    for drawing in document.drawings:
        files[f"{drawing.name}.svg"] = drawing.svg.encode()
        files[f"{drawing.name}.pdf"] = pdf_of(drawing)
    return files


def _tables(document: Document) -> dict[str, bytes]:
    """Write the tables as CSV and as LaTeX."""
    files = {f"{name}.csv": csv_text(frame) for name, frame in document.frames.items()}
    files |= {f"{table.name}{EXTENSION}": latex_table(table) for table in document.tables}
    files[f"{ALL}{EXTENSION}"] = all_tables(document.tables)
    return {name: text.encode() for name, text in files.items()}


def _write_folder(
    directory: Path, name: str, files: Mapping[str, bytes], endings: Collection[str]
) -> None:
    """Write the files of a folder and remove those of an earlier report."""
    folder = directory / name
    make_directory(folder)
    if not folder.resolve().is_relative_to(directory.resolve()):
        raise OutputError(f"cannot write {folder}: it leads out of {directory}")
    for file, data in files.items():
        write_bytes(folder / file, data)
    for old in sorted(folder.iterdir()):
        if old.suffix in endings and old.name not in files:
            remove(old)
