"""A report as Markdown (GitHub's and pandoc's), with figures and whole tables as files."""

from collections.abc import Iterable, Iterator, Sequence

from sim.report.html_tables import Cell, HtmlTable
from sim.report.language import say
from sim.report.numbers import counted
from sim.report.papers.document import Block, Document, Facts, Heading
from sim.report.papers.harmless import for_markdown
from sim.report.papers.references import Reference
from sim.report.style import Drawing

FIGURES, TABLES = "figures", "tables"
MOST_ROWS = 40
"""Rows of a table in the page."""


def markdown_report(document: Document) -> str:
    """Write the whole report."""
    return _joined(
        [
            f"# {for_markdown(document.title)}",
            for_markdown(document.lead),
            *(part for number, block in document.numbered() for part in _block(number, block)),
            *_references(document.references),
        ]
    )


def markdown_methods(document: Document) -> str:
    """Write the methods alone, as a supplement of a paper."""
    blocks = [
        Heading(block.text, block.level - 1) if isinstance(block, Heading) else block
        for block in document.methods
    ]
    return _joined(
        [
            f"# {for_markdown(say('Methods: {title}', title=document.title))}",
            *(part for block in blocks for part in _block(0, block)),
            *_references(document.references),
        ]
    )


def _joined(parts: Iterable[str]) -> str:
    """Put paragraphs below each other."""
    return "\n\n".join(part for part in parts if part) + "\n"


def _block(number: int, block: Block) -> Iterator[str]:
    """Write a block; figures and tables with their number, if they have one."""
    match block:
        case Heading():
            yield f"{'#' * (block.level + 1)} {for_markdown(block.text)}"
        case Facts():
            yield _table(["", ""], "ll", block.rows)
        case Drawing():
            yield f"![{for_markdown(block.title)}]({FIGURES}/{block.name}.svg)"
            file = f"[PDF]({FIGURES}/{block.name}.pdf)"
            label = say("Figure {n}.", n=number)
            yield f"**{label}** {for_markdown(block.caption)} {file}"
        case HtmlTable():
            yield from _html_table(number, block)
        case str():
            yield for_markdown(block)


def _html_table(number: int, table: HtmlTable) -> Iterator[str]:
    """Write a table below its caption."""
    caption = for_markdown(table.caption())
    label = f"**{say('Table {n}.', n=number)}** " if number else ""
    more = len(table.rows) - MOST_ROWS
    cut = ""
    if more > 0:
        cut = counted(more, " {n} more row in the file.", " {n} more rows in the file.")
    yield f"{label}{caption}{cut} [LaTeX]({TABLES}/{table.name}.tex)"
    if not table.rows:
        yield say("Nothing to show.")
        return
    yield _table(
        [heading.text for heading in table.headings],
        ["r" if heading.is_number else "l" for heading in table.headings],
        [[_cell(cell) for cell in row] for row in table.rows[:MOST_ROWS]],
    )


def _cell(cell: Cell) -> str:
    """Write a cell with what stands below it."""
    return f"{cell.text} ({cell.note})" if cell.note else cell.text


def _table(headings: Sequence[str], sides: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table of plain texts."""
    rule = ["--:" if side == "r" else ":--" for side in sides]
    lines = [[for_markdown(text) for text in row] for row in (headings, *rows)]
    lines.insert(1, rule)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _references(references: Sequence[Reference]) -> Iterator[str]:
    """List what is cited, with the keys of references.bib."""
    yield f"## {say('References')}"
    yield say("Keys are those of {file}.", file="[references.bib](references.bib)")
    yield "\n".join(
        f"- {for_markdown(reference.text())} `{reference.key}`" for reference in references
    )
