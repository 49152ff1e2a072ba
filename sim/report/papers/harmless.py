r"""Texts that mean nothing but themselves in LaTeX and Markdown.

Names of runs, directories, parameters and merchants flow in, as hostile as they like; the same
words flow out as each format writes plain text. Files of a report have names of our own, so no
text of a user ever becomes a path.
"""

import re
import unicodedata

UNREADABLE = "\N{REPLACEMENT CHARACTER}"
BIDIRECTIONAL = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""Marks that make a text look like another one than it is."""

LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "$": r"\$",
        "&": r"\&",
        "%": r"\%",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "`": r"\textasciigrave{}",
        '"': r"\textquotedbl{}",
        "[": "{[}",  # after the end of a row an optional argument would begin
        "]": "{]}",
        "*": "{*}",  # likewise a variant of the command
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        UNREADABLE: "?",  # LuaTeX takes the character itself for broken UTF-8
    }
)
MARKDOWN = str.maketrans(
    {**{mark: f"\\{mark}" for mark in "\\`*_{}[]#|~$@^"}, "&": "&amp;", "<": "&lt;", ">": "&gt;"}
)


def plain(text: str) -> str:
    r"""Give a text as one line without what no reader sees.

    Parameters
    ----------
    text
        Anything, lone surrogates of undecodable file names included.

    Returns
    -------
    str
        Line ends and control characters are blanks, marks of direction and surrogates visible.

    Examples
    --------
    >>> plain("two\nlines"), plain("a\u202eb") == "a" + UNREADABLE + "b"
    ('two lines', True)
    """
    return "".join(_plain(character) for character in text)


def _plain(character: str) -> str:
    """Give a character that can be seen and written."""
    kind = unicodedata.category(character)
    if kind in {"Cc", "Zl", "Zp"}:
        return " "
    is_hidden = character in BIDIRECTIONAL or _is_for_programs(ord(character))
    return UNREADABLE if kind == "Cs" or is_hidden else character


def _is_for_programs(code: int) -> bool:
    """Tell whether Unicode keeps a code point for programs, so that files may refuse it."""
    return 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE


def width(text: str) -> int:
    """Give how many Latin letters a text is as wide as; a Japanese letter counts as two.

    Examples
    --------
    >>> width("cap"), width("上限")
    (3, 4)
    """
    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in text)


def for_latex(text: str) -> str:
    r"""Give a text as LaTeX prints it, whatever it looks like.

    Examples
    --------
    >>> print(for_latex(r"\input{/etc/passwd} 5 %"))
    \textbackslash{}input\{/etc/passwd\} 5 \%
    """
    # Two hyphens in a row would be printed as one dash.
    return re.sub("-(?=-)", "-{}", plain(text).translate(LATEX))


def for_markdown(text: str) -> str:
    r"""Give a text as Markdown shows it, in a paragraph, a heading or a cell of a table.

    Examples
    --------
    >>> print(for_markdown("<b>net_loss</b>"))
    &lt;b&gt;net\_loss&lt;/b&gt;
    """
    text = plain(text).strip().translate(MARKDOWN)
    text = text.replace("://", "&#58;//").replace("www.", "www&#46;")  # no links of strangers
    return re.sub(
        r"^(\d+(?=[.)](\s|$))|)([-+=]|(?<=\d)[.)])", r"\1\\\3", text
    )  # no lists, no rules
