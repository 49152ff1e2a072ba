"""The page of a sweep: one self-contained HTML file, and how it gets into the directory."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path

import polars as pl
from markupsafe import Markup

from sim.atomic import make_directory, remove, write_text
from sim.metrics.columns import TABLE
from sim.report.figures_by_design import themes_of
from sim.report.figures_of_sweeps import number_text
from sim.report.html_tables import note_of
from sim.report.numbers import grouped, parameter_text
from sim.report.page import Card, asset, environment
from sim.report.style import Drawing, inline
from sim.report.sweep_source import SweepResults, read_results, words_of
from sim.report.sweep_tables import analysis_tables, parameter_table, points_table
from sim.report.writing import FIGURES, REPORT

MOST_CARDS = 8


def write_sweep_report(directory: Path) -> Path:
    """Write ``figures/*.svg`` and ``report.html`` of a finished sweep.

    Parameters
    ----------
    directory
        Directory of a sweep; its manifest, sweep file and tables are read, nothing else.

    Returns
    -------
    Path
        The report.

    Raises
    ------
    InputError
        If the directory holds no finished sweep, or if something in it cannot be read.
    OutputError
        If figures or report cannot be written.
    """
    results = read_results(directory)
    themes = themes_of(results)
    drawings = [drawing for drawn in themes.values() for drawing in drawn]
    folder = directory / FIGURES
    make_directory(folder)
    names = {f"{drawing.name}.svg" for drawing in drawings}
    for old in folder.glob("*.svg"):
        if old.name not in names:
            remove(old)
    for drawing in drawings:
        write_text(folder / f"{drawing.name}.svg", drawing.svg)
    path = directory / REPORT
    write_text(path, sweep_page(results, themes))
    return path


def sweep_page(results: SweepResults, themes: Mapping[str, Sequence[Drawing]]) -> str:
    """Write the page of a sweep.

    Parameters
    ----------
    results
        The results.
    themes
        Its figures by the heading they stand under.

    Returns
    -------
    str
        HTML without reference to anything outside itself. Every text is escaped; only our own
        style sheet, script and figures are taken as they are.
    """
    digest = dict(results.provenance).get("result digest (SHA-256 over the points)", "")
    return environment().get_template("sweep.html").render(
        sweep=results.sweep,
        n_points=len(results.points),
        failed=list(results.failed),
        replications=_replications(results),
        confidence=results.confidence,
        digest=digest if len(digest) == 64 else "",
        style=asset("report.css"),
        script=asset("report.js"),
        cards=list(_cards(results)),
        themes=_numbered(themes),
        tables=[points_table(results), *analysis_tables(results), parameter_table(results)],
        provenance=results.provenance,
        grouped=grouped,
    )  # fmt: skip


def _replications(results: SweepResults) -> str:
    """Say how many replications the points have."""
    counts = results.table.group_by("point").agg(pl.col("replication").n_unique())
    numbers = sorted(counts["replication"].to_list())
    if not numbers:
        return "no"
    ends = dict.fromkeys(grouped(n) for n in (numbers[0], numbers[-1]))
    return " to ".join(ends)


def _numbered(
    themes: Mapping[str, Sequence[Drawing]],
) -> dict[str, list[tuple[int, Drawing, Markup]]]:
    """Give the figures their numbers."""
    numbers = count(1)
    return {
        theme: [
            (next(numbers), drawing, Markup(inline(drawing)))  # noqa: S704 - matplotlib escapes
            for drawing in drawings
        ]
        for theme, drawings in themes.items()
    }


def _cards(results: SweepResults) -> Iterator[Card]:
    """Write the range of each metric and where its ends are."""
    notes = {column.name: note_of(column) for column in TABLE["replications"].columns}
    for metric in results.sweep.metrics[:MOST_CARDS]:
        found = {p: e.mean for p in results.points if (e := results.estimate(metric, p))}
        if not found:
            yield Card(words_of(metric).capitalize(), "no value", "", notes[metric])
            continue
        low, high = min(found, key=lambda p: found[p]), max(found, key=lambda p: found[p])
        value = f"{number_text(metric, found[low])} to {number_text(metric, found[high])}"
        where = f"{_settings(results, low)}; {_settings(results, high)}"
        yield Card(words_of(metric).capitalize(), value, where, notes[metric])


def _settings(results: SweepResults, point: int) -> str:
    """Write the settings of a point in short."""
    row = results.settings.row(results.points.index(point), named=True)
    texts = [f"{results.label(n)} {parameter_text(row[n])}" for n in results.parameters[:3]]
    return f"point {point}" if max(map(len, texts)) > 40 else ", ".join(texts)
