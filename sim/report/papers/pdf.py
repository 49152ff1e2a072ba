"""A report as PDF, set by Typst from a template of ours and the report as data.

Typst is an extra (``tsuke[pdf]``): it is imported when a PDF is asked for. Texts reach it as JSON
and are never parsed as markup; the template reads no file and no package.
"""

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from models.errors import InputError
from sim.report.html_tables import Cell, HtmlTable
from sim.report.language import language, say
from sim.report.papers.document import Block, Document, Facts, Heading
from sim.report.papers.figure_files import outlined
from sim.report.papers.harmless import plain, width
from sim.report.style import Drawing, japanese_font

TEMPLATE = "document.typ"
UNIT = "\N{NO-BREAK SPACE}%"
LINE_OF_NUMBERS = 16
"""Characters after which an interval may go on in the next line."""
EXTRA = "pip install 'tsuke[pdf]'"


def check_installed() -> None:
    """Refuse before any work if PDF cannot be made.

    Raises
    ------
    InputError
        If the extra is not installed.
    """
    try:
        import typst  # noqa: F401
    except ImportError as error:
        raise InputError(
            f"--format pdf needs the package typst; install it with {EXTRA}"
        ) from error


def pdf_report(document: Document) -> bytes:
    """Set the whole report on pages of A4.

    Returns
    -------
    bytes
        The file, without dates: the same report has the same bytes. Latin text uses a font that
        Typst brings, Japanese text the one of the figures; letters that neither has need a font
        of the system.
    """
    import typst

    template = resources.files("sim.report").joinpath("templates", TEMPLATE).read_bytes()
    data = {
        "language": language(),
        "words": {"references": say("References"), "nothing": say("Nothing to show.")},
        "title": plain(document.title),
        "lead": plain(document.lead),
        "blocks": [_data(number, block) for number, block in document.numbered()],
        "references": [
            {"key": reference.key, "text": plain(reference.text())}
            for reference in document.references
        ],
    }
    made = typst.compile(
        template,
        sys_inputs={"report": json.dumps(data, ensure_ascii=False)},
        font_paths=typst.Fonts(font_paths=[japanese_font().parent]),
    )
    if not isinstance(made, bytes):
        raise TypeError("typst made no single file")
    return made


def _data(number: int, block: Block) -> Mapping[str, Any]:
    """Give a block as plain data."""
    match block:
        case Heading():
            return {"kind": "heading", "text": plain(block.text), "level": block.level}
        case Facts():
            rows = [[plain(name), plain(value)] for name, value in block.rows]
            return {"kind": "facts", "rows": rows}
        case Drawing():
            return {"kind": "figure", "label": say("Figure {n}.", n=number), "svg": outlined(block),
                    "title": plain(block.title), "caption": plain(block.caption)}  # fmt: skip
        case HtmlTable():
            return _table(number, block)
    return {"kind": "paragraph", "text": plain(block)}


def _table(number: int, table: HtmlTable) -> Mapping[str, Any]:
    """Give a table as plain data: cells with a text and what stands below it."""
    return {
        "kind": "table",
        "label": say("Table {n}.", n=number),
        "caption": plain(table.caption()),
        "headings": [plain(heading.text) for heading in table.headings],
        "numbers": [heading.is_number for heading in table.headings],
        "lengths": [_length(table, column) for column in range(len(table.headings))],
        "rows": [[_cell(cell) for cell in row] for row in table.rows],
        "highlighted": sorted(table.highlighted),
    }


def _cell(cell: Cell) -> tuple[str, str]:
    """Give a cell: its text, in which a number keeps its unit, and what stands below it."""
    text, note = plain(cell.text), plain(cell.note)
    if cell.is_number:
        text, note = text.replace(" %", UNIT), note.replace(" %", UNIT)
    return text, note


def _length(table: HtmlTable, column: int) -> int:
    """Give the widths of a Latin letter that a column needs; long numbers break between words."""
    cells = [row[column] for row in table.rows]
    heading = table.headings[column].text
    if not table.headings[column].is_number:
        return max(map(width, [heading, *(cell.text + cell.note for cell in cells)]))
    texts = [heading, *(f"{cell.text} {cell.note}" for cell in cells)]
    if width(heading) > len(heading):  # a Japanese heading breaks anywhere, into three lines
        texts[0] = "n" * (width(heading) // 3 + 2)
    longest = max((width(word) for text in texts for word in text.split()), default=0)
    widest = max((width(cell.text) for cell in cells), default=0)
    return max(longest, min(widest, LINE_OF_NUMBERS))
