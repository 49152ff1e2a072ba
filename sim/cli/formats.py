"""Option ``--format`` of the commands that write reports."""

from typing import Annotated

import typer

from models.errors import InputError

HTML = "html"
ALLOWED = (HTML, "md", "pdf")

Formats = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="F,...",
        help="Forms of the report: html, md, pdf, separated by commas. md and pdf also write "
        "figures as PDF, tables as CSV and LaTeX, methods.md and references.bib.",
    ),
]


def formats_of(text: str) -> list[str]:
    """Read a list of formats, each once, in the order of `ALLOWED`.

    Raises
    ------
    InputError
        If one is unknown, none is given, or what makes it is not installed.

    Examples
    --------
    >>> formats_of("md, html")
    ['html', 'md']
    """
    given = {name.strip() for name in text.split(",")}
    unknown = sorted(given - set(ALLOWED))
    if unknown:
        raise InputError(
            f"--format: got {unknown[0]!r}; allowed: {', '.join(ALLOWED)}, separated by commas"
        )
    if "pdf" in given:
        from sim.report.papers.pdf import check_installed

        check_installed()
    return [name for name in ALLOWED if name in given]
