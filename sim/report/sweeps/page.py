"""The page of a sweep: one self-contained HTML file, and how it gets into the directory."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from sim.report.language import check_language, in_languages, listed, say, speaking
from sim.report.layout import Card, Themes, numbered, plates, sections, whole_page
from sim.report.metric_words import words_of
from sim.report.numbers import level_text, parameter_text, span
from sim.report.papers.files import write_document
from sim.report.papers.sweep_document import sweep_document
from sim.report.sweeps.figures_by_design import themes_of
from sim.report.sweeps.figures_of_points import number_text
from sim.report.sweeps.source import SweepResults, finished_sweep, read_results
from sim.report.sweeps.tables import analysis_tables, parameter_table, points_table
from sim.report.sweeps.words import failed_of, lead_of
from sim.report.writing import PAGE, languages_of, papers_of, store

MOST_CARDS = 8
LONGEST_SETTING = 40
"""Letters of a setting up to which a card names it."""


def write_sweep_report(directory: Path, language: str = "en") -> Path:
    """Write ``figures/*.svg`` and ``report.html`` of a finished sweep; see `write_sweep`."""
    (path,) = write_sweep(directory, language)
    return path


def write_sweep(
    directory: Path, language: str = "en", formats: Collection[str] = (PAGE,)
) -> list[Path]:
    """Write figures and reports of a finished sweep.

    Parameters
    ----------
    directory
        Directory of a sweep; its manifest, sweep file and tables are read, nothing else.
    language
        "en" or "ja": of figures and papers, and of the page when it opens; the page holds both.
    formats
        Some of html, md and pdf.

    Returns
    -------
    list of Path
        The reports.

    Raises
    ------
    InputError
        If the directory holds no finished sweep, or if something in it cannot be read.
    OutputError
        If figures or report cannot be written.
    """
    check_language(language)
    results = read_results(directory)
    themes = in_languages(lambda: themes_of(results), languages_of(formats, language))
    written = []
    if PAGE in formats:
        drawings = [drawing for drawn in themes[language].values() for drawing in drawn]
        written.append(store(directory, drawings, sweep_page(results, themes, language)))
    papers = papers_of(formats)
    if papers:
        manifest, _ = finished_sweep(directory)
        with speaking(language):
            document = sweep_document(results, manifest, themes[language])
            written += write_document(document, directory, papers)
    return written


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
            "lead": lead_of(results),
            "failed": failed_of(results),
            "level": level_text(results.confidence),
            "digest": digest,
            "cards": list(_cards(results)),
            "figures": shown,
            "tables": tables,
            "sections": sections(say("Range of the results"), shown, tables),
            "provenance": [(say(name), text) for name, text in results.provenance],
        }

    title = results.sweep.title or results.sweep.name
    return whole_page("sweep.html", title, body, themes, first)


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
    names = list(results.parameters)
    if results.sweep.design.kind == "one_at_a_time" and results.points[0] == 0:
        base = results.settings.row(0, named=True)
        names = [name for name in names if row[name] != base[name]]
        if not names:
            return say("the base")
    texts = [f"{results.label(n)} {parameter_text(row[n])}" for n in names[:3]]
    short = [text for text in texts if len(text) <= LONGEST_SETTING]
    return listed(short) or say("point {n}", n=point)
