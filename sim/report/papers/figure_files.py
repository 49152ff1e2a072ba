"""Figures for a paper: PDF with text that can be searched, and SVG that needs no font."""

import io
from typing import Any

import matplotlib as mpl

from sim.report.style import STYLE, Drawing

TRUE_TYPE = 42
"""Fonts are embedded as outlines of letters, as journals ask; the default is a font of drawings."""


def pdf_of(drawing: Drawing) -> bytes:
    """Draw a figure as PDF.

    Parameters
    ----------
    drawing
        A figure with its matplotlib figure.

    Returns
    -------
    bytes
        The file: no dates, no names of programs, so the same figure has the same bytes.

    Raises
    ------
    ValueError
        If the drawing has lost its figure.
    """
    metadata = {"CreationDate": None, "Creator": None, "Producer": None, "Title": drawing.title}
    return _saved(drawing, "pdf", metadata, {"pdf.fonttype": TRUE_TYPE})


def outlined(drawing: Drawing) -> str:
    """Draw a figure as SVG whose letters are outlines, for a page that knows none of our fonts.

    Raises
    ------
    ValueError
        If the drawing has lost its figure.
    """
    metadata = {"Date": None, "Creator": None}
    return _saved(drawing, "svg", metadata, {"svg.fonttype": "path"}).decode()


def _saved(
    drawing: Drawing, form: str, metadata: dict[str, Any], settings: dict[Any, Any]
) -> bytes:
    """Save a figure on white, in the style of the report with some settings of its own."""
    if drawing.figure is None:
        raise ValueError(f"{drawing.name} has no figure")
    buffer = io.BytesIO()
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({**STYLE, **settings})
        drawing.figure.savefig(buffer, format=form, facecolor="white", metadata=metadata)
    return buffer.getvalue()
