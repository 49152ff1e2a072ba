"""Figures as files for a paper: the SVG of the report, and PDF with text that can be searched."""

import io

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
    if drawing.figure is None:
        raise ValueError(f"{drawing.name} has no figure")
    buffer = io.BytesIO()
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({**STYLE, "pdf.fonttype": TRUE_TYPE})
        metadata = {"CreationDate": None, "Creator": None, "Producer": None, "Title": drawing.title}
        drawing.figure.savefig(buffer, format="pdf", facecolor="white", metadata=metadata)
    return buffer.getvalue()
