"""What every page of results has: languages, numbered sections, figures with data and definition.

A page holds one body for each language. All are written by the same template; the style sheet
shows one of them, and a switch changes which.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import count
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sim.report.csv_text import csv_text
from sim.report.definitions import Definition, definitions
from sim.report.html_tables import HtmlTable
from sim.report.language import LANGUAGES, say, speaking
from sim.report.numbers import grouped
from sim.report.style import Drawing, inline

Themes = Mapping[str, Sequence[Drawing]]
"""Figures by the heading they stand under."""


@dataclass(frozen=True)
class Card:
    """One headline number; the link leads to its definition."""

    title: str
    value: str
    interval: str
    link: str
    target: str = ""
    is_met: bool | None = None
    """Whether the target is met; None where there is none, or nothing to hold against it."""


@dataclass(frozen=True)
class Download:
    """A file inside the page: its name, and its address where the page holds the data."""

    name: str
    address: str


@dataclass(frozen=True)
class Plate:
    """A figure as it stands in a page."""

    number: int
    drawing: Drawing
    svg: Markup
    downloads: Sequence[Download]
    definitions: Sequence[Definition]

    def entry(self) -> tuple[str, str]:
        """Give its anchor and its title in the contents."""
        title = say("Figure {n}. {title}", n=self.number, title=self.drawing.title)
        return f"figure-{self.drawing.name}", title


@dataclass(frozen=True)
class NumberedTable:
    """A table as it stands in a page; the definitions are those of its columns."""

    number: int
    table: HtmlTable
    definitions: Sequence[Definition]

    def entry(self) -> tuple[str, str]:
        """Give its anchor and its title in the contents."""
        title = say("Table {n}. {title}", n=self.number, title=self.table.title)
        return f"table-{self.table.name}", title


@dataclass(frozen=True)
class Section:
    """A section of a page; the entries are the anchors and titles below it in the contents."""

    number: int
    anchor: str
    title: str
    entries: Sequence[tuple[str, str]] = ()


Body = Callable[[str], Mapping[str, object]]
"""Gives what the template of a body needs, in the language that is spoken; the argument is put
before every anchor."""


def whole_page(template: str, name: str, body: Body, codes: Iterable[str], first: str) -> str:
    """Write a page with a body for each language.

    Parameters
    ----------
    template
        Name of the template of a body.
    name
        What the page is about.
    body
        Gives what the template needs.
    codes
        Languages of the page.
    first
        The one that is shown when the page opens.

    Returns
    -------
    str
        HTML without reference to anything outside itself. Every text is escaped; only our own
        style sheet, script and figures are taken as they are.
    """
    jinja, codes = environment(), list(codes)
    bodies = {}
    for code in codes:
        place = "" if code == "en" else f"{code}-"
        with speaking(code):
            text = jinja.get_template(template).render(
                body(place), place=place, name=name, languages={c: LANGUAGES[c] for c in codes}
            )
        bodies[code] = Markup(text)  # noqa: S704 - a template of this package, escaped
    return jinja.get_template("page.html").render(
        name=name, bodies=bodies, first=first, style=asset("report.css"), script=asset("report.js")
    )


def environment() -> Environment:
    """Give the templates of this package; every text is escaped, nothing undefined is written."""
    jinja = Environment(
        loader=PackageLoader("sim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    jinja.filters["kept_together"] = kept_together
    jinja.globals |= {"say": say, "grouped": grouped}
    return jinja


def kept_together(text: str) -> str:
    """Keep numbers and their per cent signs on one line."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def asset(name: str) -> Markup:
    """Read a part of the page that is ours, hence safe."""
    text = resources.files("sim.report").joinpath("templates", name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 - a file of this package


def plates(themes: Themes, place: str, *, with_data: bool) -> dict[str, list[Plate]]:
    """Give numbers to the figures of a page, by the heading they stand under.

    Parameters
    ----------
    themes
        The figures.
    place
        What is put before their anchors.
    with_data
        Whether this body holds the data; the others take them from it.
    """
    numbers = count(1)
    return {
        theme: [
            Plate(
                next(numbers),
                drawing,
                Markup(inline(drawing, place)),  # noqa: S704 - matplotlib escapes texts
                list(_downloads(drawing, with_data=with_data)),
                definitions(drawing.metrics),
            )
            for drawing in drawings
        ]
        for theme, drawings in themes.items()
    }


def _downloads(drawing: Drawing, *, with_data: bool) -> Iterator[Download]:
    """Give the files that a figure offers."""
    for name, frame in drawing.data.items():
        address = ""
        if with_data:
            address = f"data:text/csv;charset=utf-8,{quote(csv_text(frame), safe=',')}"
        yield Download(f"{name}.csv", address)


def numbered(tables: Iterable[HtmlTable]) -> list[NumberedTable]:
    """Give numbers to the tables of a page."""
    return [
        NumberedTable(number, table, definitions(h.metric for h in table.headings if h.metric))
        for number, table in enumerate(tables, start=1)
    ]


def sections(
    headline: str, figures: Mapping[str, Sequence[Plate]], tables: Sequence[NumberedTable]
) -> dict[str, Section]:
    """Give numbers to the sections: headline, a section a theme, tables, methods, provenance."""
    titles: list[tuple[str, str, list[tuple[str, str]]]] = [("headline", headline, [])]
    for number, (theme, shown) in enumerate(figures.items(), start=1):
        titles.append((f"theme-{number}", say(theme), [plate.entry() for plate in shown]))
    titles.append(("tables", say("Tables"), [table.entry() for table in tables]))
    titles.append(("methods", say("Methods"), []))
    titles.append(("provenance", say("Provenance"), []))
    return {
        anchor: Section(number, anchor, title, entries)
        for number, (anchor, title, entries) in enumerate(titles, start=1)
    }
