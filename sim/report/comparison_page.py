"""The page of a comparison: one self-contained HTML file, and how it gets into a directory."""

from collections.abc import Collection, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from sim.experiment.comparison import Comparison
from sim.experiment.ranking import Selection
from sim.experiment.result import Result
from sim.report.html_tables import HtmlTable
from sim.report.language import check_language, in_languages, say, speaking
from sim.report.layout import NumberedTable, Plate, Section, numbered, plates, whole_page
from sim.report.papers.comparison_document import comparison_document
from sim.report.papers.document import Block, Document, Facts, Heading
from sim.report.papers.files import write_document
from sim.report.style import Drawing
from sim.report.writing import PAGE, languages_of, papers_of, store


def write_comparison(
    comparison: Comparison,
    named: Mapping[str, Result],
    directory: Path,
    formats: Collection[str],
    language: str = "en",
    best: tuple[str, Selection] | None = None,
) -> list[Path]:
    """Write figures, tables, methods and reports of a comparison.

    Parameters
    ----------
    comparison
        Paired differences to the first run.
    named
        The runs by their names in the comparison; each has a directory.
    directory
        Where the reports go.
    formats
        Some of html, md and pdf.
    language
        "en" or "ja": of figures and papers, and of the page when it opens; the page holds both.
    best
        A metric, and which run is the best in it, if that was asked.

    Returns
    -------
    list of Path
        The reports.

    Raises
    ------
    InputError
        If a run has no directory, or if there is no such language.
    OutputError
        If a file cannot be written.
    """
    check_language(language)
    documents = in_languages(
        lambda: comparison_document(comparison, named, best), languages_of(formats, language)
    )
    document, written = documents[language], []
    if PAGE in formats:
        html = comparison_page(documents, language)
        written.append(store(directory, document.drawings, html))
    with speaking(language):  # the page, too, names the tables and references beside it
        written += write_document(document, directory, papers_of(formats))
    return written


def comparison_page(documents: Mapping[str, Document], first: str = "en") -> str:
    """Write the page of a comparison.

    Parameters
    ----------
    documents
        The comparison as a document, by language.
    first
        The language that is shown when the page opens.

    Returns
    -------
    str
        See `sim.report.layout.whole_page`.
    """

    def body(place: str) -> dict[str, object]:
        code = place.removesuffix("-") or "en"
        document = documents[code]
        shown = plates({"": document.drawings}, place, with_data=code == first)[""]
        tables = numbered(document.tables)
        sections = _sections(document, shown, tables)
        return {
            "title": document.title,
            "lead": document.lead,
            "sections": sections,
            "blocks": list(_blocks(document, sections, shown, tables)),
            "references": [reference.text() for reference in document.references],
        }

    return whole_page("comparison.html", documents[first].title, body, documents, first)


def _sections(
    document: Document, shown: list[Plate], tables: list[NumberedTable]
) -> dict[str, Section]:
    """Give numbers to the sections: a section a heading of level 1, the references last."""
    figures, rest = iter(shown), iter(tables)
    found: list[tuple[str, list[tuple[str, str]]]] = []
    for _, block in document.numbered():
        match block:
            case Heading() if block.level == 1:
                found.append((block.text, []))
            case Drawing():
                found[-1][1].append(next(figures).entry())
            case HtmlTable():
                found[-1][1].append(next(rest).entry())
    found.append((say("References"), []))
    return {
        f"section-{number}": Section(number, f"section-{number}", title, entries)
        for number, (title, entries) in enumerate(found, start=1)
    }


def _blocks(
    document: Document,
    sections: Mapping[str, Section],
    shown: list[Plate],
    tables: list[NumberedTable],
) -> Iterator[Mapping[str, Any]]:
    """Give the blocks as the template needs them; figures in a row stand side by side."""
    headings, figures, rest = iter(sections.values()), iter(shown), iter(tables)
    blocks: Iterator[Block] = (block for _, block in document.numbered())
    for is_figure, group in groupby(blocks, lambda block: isinstance(block, Drawing)):
        if is_figure:
            yield {"kind": "figures", "plates": [next(figures) for _ in group]}
            continue
        for block in group:
            match block:
                case Heading() if block.level == 1:
                    yield {"kind": "section", "section": next(headings)}
                case Heading():
                    yield {"kind": "heading", "level": block.level, "text": block.text}
                case HtmlTable():
                    yield {"kind": "table", "table": next(rest)}
                case Facts():
                    yield {"kind": "facts", "rows": block.rows}
                case str():
                    yield {"kind": "paragraph", "text": block}
