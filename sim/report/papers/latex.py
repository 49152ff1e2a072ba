r"""Tables as LaTeX with booktabs, to be read by ``\input`` or on their own as ``all.tex``."""

import re
from collections.abc import Iterable

from sim.report.html_tables import Cell, HtmlTable
from sim.report.papers.harmless import for_latex

EXTENSION = ".tex"
ALL = "all"
"""Name of the document that shows all tables."""

HEAD = """\
% Written by tsuke; UTF-8. Needs the packages booktabs, longtable and array. Compile with lualatex
% (or xelatex), which also print names in other scripts once a font that has them is chosen, e.g.
% \\usepackage[match]{luatexja-fontspec} for Japanese."""

DOCUMENT = r"""\documentclass[a4paper]{{article}}
\usepackage{{array,booktabs,longtable,pdflscape}}
\usepackage[margin=15mm]{{geometry}}
\usepackage{{fontspec}}
\begin{{document}}
\begin{{landscape}}
{inputs}
\end{{landscape}}
\end{{document}}
"""

WIDE, WIDEST = 7, 10
"""Columns from which a table is set smaller, and smaller still."""
LONG = 28
"""Characters above which a text is set in lines of its own width."""
LINE = 90
"""Characters in a line of a small table on A4."""
LONGEST_WORD = 20
"""Characters from which a word may break."""
SHORT_HEADING = 10
"""Characters that a heading over numbers may have in one line."""


def latex_table(table: HtmlTable) -> str:
    r"""Write a table as a ``longtable`` with its caption, label, headings and rows.

    Parameters
    ----------
    table
        A table of the report; numbers are set right, in the units of the report.

    Returns
    -------
    str
        Source for ``\input``. No text of the table can act as a command.
    """
    n = len(table.headings)
    size = "scriptsize" if n >= WIDEST else "footnotesize" if n >= WIDE else "small"
    headings = _row(for_latex(heading.text) for heading in table.headings)
    caption = for_latex(table.caption())
    rows = [_row(_cell(cell) for cell in row) for row in table.rows]
    return "\n".join(
        [
            HEAD,
            rf"\begingroup\{size}\setlength{{\tabcolsep}}{{{2 if n >= WIDEST else 4}pt}}",
            rf"\begin{{longtable}}{{@{{}}{_columns(table)}@{{}}}}",
            rf"\caption{{{caption}}}\label{{tab:{table.name.replace('_', '-')}}}\\",
            *(r"\toprule", headings, r"\midrule", r"\endfirsthead"),
            *(r"\toprule", headings, r"\midrule", r"\endhead"),
            *(r"\bottomrule", r"\endfoot"),
            *rows,
            r"\end{longtable}",
            r"\endgroup",
            "",
        ]
    )


def all_tables(tables: Iterable[HtmlTable]) -> str:
    """Write a document that shows tables in their order."""
    inputs = "\n".join(rf"\input{{{table.name}{EXTENSION}}}" for table in tables)
    return f"{HEAD}\n{DOCUMENT.format(inputs=inputs)}"


def _row(cells: Iterable[str]) -> str:
    """Write a row."""
    return " & ".join(cells) + r" \\"


def _cell(cell: Cell) -> str:
    """Write a cell; what stands below a number is its interval."""
    text = f"{cell.text} ({cell.note})" if cell.note and cell.is_number else cell.text
    return re.sub(rf"\S{{{LONGEST_WORD},}}", _breakable, for_latex(text))


def _breakable(word: re.Match[str]) -> str:
    """Let a path or an identifier break after its dots and underscores."""
    return re.sub(r"(\.|\\_)(?=\w)", r"\1\\allowbreak{}", word[0])


def _columns(table: HtmlTable) -> str:
    """Choose the columns: numbers right, short texts left, long texts in lines."""
    lengths = [max((len(row[n].text) for row in table.rows), default=0)
               for n in range(len(table.headings))]  # fmt: skip
    short = [length for length in lengths if length <= LONG]
    n_long = len(lengths) - len(short)
    left = max(0.3, 0.92 - (sum(short) + 2 * len(short)) / LINE)
    lines = rf">{{\raggedright\arraybackslash}}p{{{left / max(n_long, 1):.2f}\linewidth}}"
    narrow = rf">{{\raggedleft\arraybackslash}}p{{{0.7 / len(lengths):.2f}\linewidth}}"
    kinds = []
    for heading, length in zip(table.headings, lengths, strict=True):
        if heading.is_number:
            kinds.append(narrow if len(heading.text) > SHORT_HEADING else "r")
        else:
            kinds.append(lines if length > LONG else "l")
    return "".join(kinds)
