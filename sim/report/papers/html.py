"""A document as one self-contained HTML file, in the style of the pages of runs and sweeps."""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from markupsafe import Markup

from sim.report.html_tables import HtmlTable
from sim.report.page import asset, environment
from sim.report.papers.document import Document, Facts, Heading
from sim.report.style import Drawing, inline


def html_report(document: Document) -> str:
    """Write the page of a document.

    Returns
    -------
    str
        HTML without reference to anything outside itself; every text is escaped.
    """
    sections = [
        block.text
        for _, block in document.numbered()
        if isinstance(block, Heading) and block.level == 1
    ]
    return environment().get_template("document.html").render(
        title=document.title,
        lead=document.lead,
        sections=sections,
        parts=list(_parts(document)),
        references=[reference.text() for reference in document.references],
        style=asset("report.css"),
    )  # fmt: skip


def _parts(document: Document) -> Iterator[Mapping[str, Any]]:
    """Give the blocks as the template needs them; headings of level 1 have anchors."""
    anchors = count(1)
    for number, block in document.numbered():
        match block:
            case Heading():
                anchor = next(anchors) if block.level == 1 else 0
                yield {"kind": "heading", "level": block.level, "text": block.text,
                       "anchor": anchor}  # fmt: skip
            case Drawing():
                svg = Markup(inline(block))  # noqa: S704 - matplotlib escapes texts
                yield {"kind": "figure", "number": number, "drawing": block, "svg": svg}
            case HtmlTable():
                yield {"kind": "table", "number": number, "table": block}
            case Facts():
                yield {"kind": "facts", "rows": block.rows}
            case str():
                yield {"kind": "paragraph", "text": block}
