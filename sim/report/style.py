"""How figures look: one palette, one width, one type size, and SVG bytes that repeat."""

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, wraps
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ParamSpec

import matplotlib as mpl
import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.dates import DateFormatter, MonthLocator
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.ticker import FuncFormatter

from models.arrays import Floats
from sim.report.language import say
from sim.report.numbers import MINUS

INK = "#1a1a1b"
"""Text and axes; a page may give it another colour, see `inline`."""
PAPER = "#fdfdfd"
"""Background and gaps; likewise."""
MUTED = "#7a7a7b"
"""What stands back: grids and reference lines; readable on light and dark."""

BLUE, ORANGE, GREEN, RED, PURPLE, SKY = (
    "#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9",
)  # fmt: skip
"""The palette of Okabe and Ito, told apart with every common colour blindness."""
CATEGORIES = (BLUE, ORANGE, GREEN, PURPLE, SKY, RED, MUTED)
SEVERITY = ("#a9c6dd", "#f5cd79", "#ee9d4f", "#d9663c", "#b03a3f", "#7d2248")
"""From no arrears to old arrears: told apart by lightness alone."""
QUANTITY = LinearSegmentedColormap.from_list("quantity", ["#cfe0ec", "#3d8fc4", "#0b3558"])
"""From little to much, told apart by lightness alone."""
TIME = LinearSegmentedColormap.from_list("time", [BLUE, "#8b8f94", ORANGE])
"""From early to late, of middling lightness: seen on light and on dark."""

AGE_TICKS = (0, 7, 14, 30, 60, 90, 180, 365)
"""Days past due that are written at an axis of ages."""
WIDTH_INCHES = 5.8
"""Narrow enough that the text can be read where a phone shrinks the figure."""
JAPANESE_FONT = "IPAexGothic"
FONTS = ("DejaVu Sans", JAPANESE_FONT)
"""What text is measured with: the same widths everywhere. The first comes with matplotlib, the
second with matplotlib-fontja."""
FONT_LIST = "'DejaVu Sans', Verdana, 'Hiragino Sans', 'Noto Sans CJK JP', Meiryo, sans-serif"
STYLE: Any = {
    "font.family": FONTS,
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.labelsize": 9,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "grid.color": MUTED,
    "grid.alpha": 0.22,
    "grid.linewidth": 0.6,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "legend.handlelength": 1.4,
    "lines.linewidth": 1.7,
    "figure.facecolor": PAPER,
    "axes.facecolor": "none",
    "figure.titlesize": 10.5,
    "figure.titleweight": "bold",
    "svg.fonttype": "none",  # text stays text: searched, copied, read aloud, and small
    "svg.hashsalt": "tsuke",
    "path.simplify": True,
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
}

Arguments = ParamSpec("Arguments")


@dataclass(frozen=True)
class Drawing:
    """A figure as it is stored and shown.

    Parameters
    ----------
    name
        Name of its file.
    title
        What is shown.
    caption
        What there is to see, with the numbers.
    svg
        The file.
    data
        What it shows, by the name of the file that holds it.
    metrics
        What that is, as ``table.column`` of the metric tables.
    figure
        What it was drawn from, for files of another format.
    """

    name: str
    title: str
    caption: str
    svg: str
    data: Mapping[str, pl.DataFrame] = field(repr=False)
    metrics: tuple[str, ...]
    figure: Figure | None = field(default=None, repr=False, compare=False)


def styled(function: Callable[Arguments, Drawing]) -> Callable[Arguments, Drawing]:
    """Draw in the style of the report, whatever the settings outside."""

    @wraps(function)
    def draw(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Drawing:
        add_japanese_font()
        with mpl.rc_context():
            mpl.rcdefaults()
            mpl.rcParams.update(STYLE)
            return function(*args, **kwargs)

    return draw


@cache
def japanese_font() -> Path:
    """Find the Japanese font; importing its package would change settings outside."""
    package = find_spec("matplotlib_fontja")
    if package is None or package.origin is None:
        raise ImportError(
            "the package matplotlib-fontja, which holds the Japanese font, is missing"
        )
    return Path(package.origin).parent / "fonts" / "ipaexg.ttf"


@cache
def add_japanese_font() -> None:
    """Make the Japanese font known to matplotlib."""
    fontManager.addfont(japanese_font())
    # It has one weight; Japanese letters are as wide in bold.
    fontManager.ttflist.append(replace(fontManager.ttflist[-1], weight=700))


def new_figure(
    height_inches: float = 3.3,
    rows: int = 1,
    ratios: Sequence[float] = (1,),
    *,
    sharex: bool = False,
) -> tuple[Figure, list[Axes]]:
    """Open a figure of the common width with some panels below each other."""
    figure = Figure(figsize=(WIDTH_INCHES, height_inches), layout="constrained")
    axes = figure.subplots(
        rows, 1, squeeze=False, sharex=sharex, gridspec_kw={"height_ratios": ratios}
    )
    return figure, list(axes[:, 0])


def finish(
    name: str,
    title: str,
    caption: str,
    figure: Figure,
    *,
    data: Mapping[str, pl.DataFrame],
    metrics: Sequence[str],
) -> Drawing:
    """Give a figure its title and turn it into a drawing."""
    figure.suptitle(title, x=0.012, ha="left")
    FigureCanvasSVG(figure)
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Title": title})
    figure.set_layout_engine("none")  # found once: files of other formats look the same
    svg = _tidy(buffer.getvalue())
    return Drawing(name, title, caption, svg, dict(data), tuple(metrics), figure)


def nothing(name: str, title: str, reason: str) -> Drawing:
    """Say that there is nothing to show, and why."""
    figure, (axes,) = new_figure(1.5)
    axes.set_axis_off()
    axes.text(
        0.5, 0.5, say("nothing to show"), ha="center", va="center", color=MUTED, fontsize=11,
        transform=axes.transAxes,
    )  # fmt: skip
    caption = say("Nothing to show: {reason}.", reason=reason)
    return finish(name, title, caption, figure, data={}, metrics=())


def inline(drawing: Drawing, place: str = "") -> str:
    """Give the SVG as it stands in a page: no prologue, own ids, colours and font of the page."""
    svg = drawing.svg[drawing.svg.index("<svg") :]
    prefix = f"{place}{drawing.name}-"
    svg = re.sub(r'\bid="', f'id="{prefix}', svg)
    svg = re.sub(r'href="#', f'href="#{prefix}', svg)
    svg = svg.replace("url(#", f"url(#{prefix}")
    svg = re.sub(r'<svg ([^>]*?)width="[^"]*" ?', r"<svg \1", svg, count=1)
    svg = re.sub(r'<svg ([^>]*?)height="[^"]*" ?', r"<svg \1", svg, count=1)
    # Presentation in style attributes: the colours of the page take the place of ink and paper.
    return svg.replace(INK, "currentColor").replace(PAPER, "var(--paper)")


def _tidy(svg: str) -> str:
    """Drop what no reader needs: blanks, names of groups, and digits below a hundredth of a point.

    The font is named once, with its substitutes; they are no wider than what text was measured
    with.
    """
    svg = re.sub(r"[ \t]+\n", "\n", svg)
    svg = re.sub(r" <metadata>.*?</metadata>\n", "", svg, flags=re.DOTALL)
    svg = re.sub(r'<g id="[^"]*">', "<g>", svg)
    svg = re.sub(r"font-family: [^;\"]*;? ?", "", svg)
    svg = re.sub(r' transform="rotate\(-0 [^"]*"', "", svg)
    svg = re.sub(r'(?<= )(d|x|y|transform|points)="[^"]*"', _rounded, svg)
    return svg.replace("<svg ", f'<svg font-family="{FONT_LIST}" ', 1)


def _rounded(attribute: re.Match[str]) -> str:
    """Write the coordinates of an attribute with two decimals."""
    return re.sub(r"-?\d+\.\d{3,}", lambda x: f"{float(x[0]):.2f}".rstrip("0").rstrip("."),
                  attribute[0])  # fmt: skip


def plain_axis(axis: Axis) -> None:
    """Write the ticks of an axis with as few digits as they need."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}".replace("-", MINUS)))


def month_axis(axes: Axes, n_months: int, day: int = 15, most: int = 9) -> None:
    """Write the dates of a horizontal axis as months, with a tick on a day of some of them."""
    step = next((step for step in (1, 2, 3, 6, 12) if n_months <= most * step), 12)
    locator = MonthLocator(bymonth=range(1, 13, step), bymonthday=day)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(DateFormatter("%Y-%m"))  # type: ignore[no-untyped-call]


def middle_of(month_end: pl.Series) -> np.ndarray:
    """Give the middle of each month, where its bar stands."""
    return month_end.dt.month_start().dt.offset_by("14d").to_numpy()


def age_axis(axes: Axes, last: int) -> None:
    """Show ages on a square-root scale: the first weeks matter most."""
    axes.set_xscale("function", functions=(_root, np.square))
    axes.set_xlim(0, max(last, 1) * 1.03)
    axes.set_xticks([age for age in AGE_TICKS if age <= max(last, 1)])
    axes.minorticks_off()
    axes.set_xlabel(say("days past due (square-root scale)"))
    plain_axis(axes.xaxis)


def _root(values: Floats) -> Floats:
    """Give square roots; what is below 0 is left of the axis."""
    return np.sqrt(np.maximum(values, 0.0))
