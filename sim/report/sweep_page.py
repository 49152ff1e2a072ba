"""The page of a sweep: one self-contained HTML file, and how it gets into the directory."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from sim.report.figures_by_design import themes_of
from sim.report.figures_of_sweeps import number_text
from sim.report.language import check_language, in_each_language, listed, say
from sim.report.layout import Card, Themes, numbered, plates, sections, whole_page
from sim.report.metric_words import words_of
from sim.report.numbers import counted, grouped, parameter_text, span
from sim.report.sweep_source import SweepResults, read_results
from sim.report.sweep_tables import analysis_tables, parameter_table, points_table
from sim.report.writing import store

MOST_CARDS = 8
LONGEST_SETTING = 40
"""Letters of a setting up to which a card names it."""


def write_sweep_report(directory: Path, language: str = "en") -> Path:
    """Write ``figures/*.svg`` and ``report.html`` of a finished sweep.

    Parameters
    ----------
    directory
        Directory of a sweep; its manifest, sweep file and tables are read, nothing else.
    language
        "en" or "ja": of the figures, and of the page when it opens; the page holds both.

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
    check_language(language)
    results = read_results(directory)
    themes = in_each_language(lambda: themes_of(results))
    drawings = [drawing for drawn in themes[language].values() for drawing in drawn]
    return store(directory, drawings, sweep_page(results, themes, language))


def sweep_page(results: SweepResults, themes: Mapping[str, Themes], first: str = "en") -> str:
    """Write the page of a sweep.

    Parameters
    ----------
    results
        The results.
    themes
        Its figures by language, then by the heading they stand under.
    first
        The language that is shown when the page opens.

    Returns
    -------
    str
        See `sim.report.layout.whole_page`.
    """
    digest = results.digest or ""

    def body(place: str) -> dict[str, object]:
        code = place.removesuffix("-") or "en"
        shown = plates(themes[code], place, with_data=code == first)
        tables = numbered(
            [points_table(results), *analysis_tables(results), parameter_table(results)]
        )
        return {
            "sweep": results.sweep,
            "lead": _lead(results),
            "failed": _failed(results),
            "level": f"{100 * results.confidence:g} %",
            "digest": digest,
            "cards": list(_cards(results)),
            "figures": shown,
            "tables": tables,
            "sections": sections(say("Range of the results"), shown, tables),
            "provenance": [(say(name), text) for name, text in results.provenance],
        }

    title = results.sweep.title or results.sweep.name
    return whole_page("sweep.html", title, body, themes, first)


def _lead(results: SweepResults) -> str:
    """Say what was simulated."""
    base = results.sweep.base
    message = (
        "{points} around {base}: {persons} persons, {months}, {replications} replications each, "
        "seed {seed}, common random numbers."
        if results.sweep.common_random_numbers
        else "{points} around {base}: {persons} persons, {months}, {replications} replications "
        "each, seed {seed}, independent random numbers."
    )
    return say(
        message,
        points=counted(len(results.points), "{n} point", "{n} points"),
        base=base.name,
        persons=grouped(base.population.members),
        months=counted(base.months, "{n} month", "{n} months"),
        replications=_replications(results),
        seed=base.seed,
    )


def _failed(results: SweepResults) -> str:
    """Name the points without results; empty if all have some."""
    if not results.failed:
        return ""
    message = (
        "{n} point failed and is missing below: {points}."
        if len(results.failed) == 1
        else "{n} points failed and are missing below: {points}."
    )
    return say(message, n=grouped(len(results.failed)), points=listed(map(str, results.failed)))


def _replications(results: SweepResults) -> str:
    """Say how many replications the points have."""
    counts = results.table.group_by("point").agg(pl.col("replication").n_unique())
    numbers = sorted(counts["replication"].to_list())
    if not numbers:
        return say("no")
    low, high = grouped(numbers[0]), grouped(numbers[-1])
    return low if low == high else span(low, high)


def _cards(results: SweepResults) -> Iterator[Card]:
    """Write the range of each metric and where its ends are."""
    for metric in results.sweep.metrics[:MOST_CARDS]:
        found = {p: e.mean for p in results.points if (e := results.estimate(metric, p))}
        if not found:
            yield Card(_title(metric), say("no value"), "", "table-points")
            continue
        low, high = min(found, key=lambda p: found[p]), max(found, key=lambda p: found[p])
        value = span(number_text(metric, found[low]), number_text(metric, found[high]))
        where = listed((_settings(results, low), _settings(results, high)), "; ")
        yield Card(_title(metric), value, where, "table-points")


def _title(metric: str) -> str:
    """Write a metric as a title."""
    text = words_of(metric)
    return text[:1].upper() + text[1:]


def _settings(results: SweepResults, point: int) -> str:
    """Write the settings of a point in short."""
    row = results.settings.row(results.points.index(point), named=True)
    texts = [f"{results.label(n)} {parameter_text(row[n])}" for n in results.parameters[:3]]
    if max(map(len, texts)) > LONGEST_SETTING:
        return say("point {n}", n=point)
    return listed(texts)
