"""A report as a sequence of blocks, whatever the form it is written in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from sim.report.html_tables import HtmlTable
from sim.report.language import say
from sim.report.papers.references import Reference
from sim.report.style import Drawing


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 stands below the title."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Facts:
    """Names with their values, one a line."""

    rows: Sequence[tuple[str, str]]


Block = Heading | Facts | Drawing | HtmlTable | str
"""A string is a paragraph."""


@dataclass(frozen=True)
class Document:
    """A report.

    Parameters
    ----------
    title
        What it is called.
    lead
        One paragraph below the title.
    blocks
        Its content in order.
    methods
        What a reader needs to repeat it, along STRESS-DES; a file of its own besides.
    references
        What its methods cite, in the order of the list of references.
    frames
        Whole tables by the name of their file, for CSV; texts and numbers as they are.
    """

    title: str
    lead: str
    blocks: Sequence[Block]
    methods: Sequence[Block]
    references: Sequence[Reference]
    frames: Mapping[str, pl.DataFrame] = field(default_factory=dict, repr=False)

    @property
    def drawings(self) -> list[Drawing]:
        """All figures in their order."""
        return [block for block in self.blocks if isinstance(block, Drawing)]

    @property
    def tables(self) -> list[HtmlTable]:
        """All tables in their order, those of the methods last."""
        blocks = (*self.blocks, *self.methods)
        return [block for block in blocks if isinstance(block, HtmlTable)]

    def numbered(self) -> Iterator[tuple[int, Block]]:
        """Give the blocks, methods included, with the numbers of figures and of tables.

        The heading of the methods is in the language that is spoken.
        """
        counts = {Drawing: 0, HtmlTable: 0}
        for block in (*self.blocks, Heading(say("Methods")), *self.methods):
            if isinstance(block, Drawing | HtmlTable):
                counts[type(block)] += 1
            yield counts.get(type(block), 0), block
