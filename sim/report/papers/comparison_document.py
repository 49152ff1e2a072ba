"""A comparison of runs as a document: paired differences, what differs, and the methods."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from models.errors import InputError
from sim.config_loading import parameters_of
from sim.experiment.comparison import Comparison
from sim.experiment.manifest import Manifest, read_manifest
from sim.experiment.ranking import Selection
from sim.experiment.result import Result
from sim.metrics.declared.replications import REPLICATIONS
from sim.report.html_tables import Cell, HtmlTable
from sim.report.html_tables import Heading as Column
from sim.report.language import listed, say
from sim.report.metric_words import words_of
from sim.report.numbers import (
    NOTHING,
    counted,
    grouped,
    level_text,
    parameter_text,
    shown,
    shown_difference,
    significant,
    span,
)
from sim.report.papers.dictionary import DICTIONARY, dictionary
from sim.report.papers.document import Block, Document, Heading
from sim.report.papers.estimation import estimation_of_means
from sim.report.papers.figures_of_comparisons import figures_of
from sim.report.papers.harmless import plain
from sim.report.papers.methods import Study, execution_of, methods, text_table
from sim.report.papers.run_document import machine_text, parameter_frame

ABSENT = "absent"


def comparison_document(
    comparison: Comparison,
    named: Mapping[str, Result],
    best: tuple[str, Selection] | None = None,
) -> Document:
    """Describe a comparison in the language that is spoken.

    Parameters
    ----------
    comparison
        Paired differences to the first run.
    named
        The runs by their names in the comparison; each has a directory.
    best
        A metric, and which run is the best in it, if that was asked.
    """
    study = _study(comparison, named, best)
    others = listed(comparison.runs[1:])
    return Document(
        title=say("{runs} against {baseline}", runs=others, baseline=comparison.runs[0]),
        lead=say(
            "{runs} runs, {replications} each with common random numbers; differences are run "
            "less baseline, {baseline}.",
            runs=len(comparison.runs),
            replications=counted(comparison.n, "{n} replication", "{n} replications"),
            baseline=comparison.runs[0],
        ),
        blocks=list(_blocks(comparison, named, best)),
        methods=methods(study),
        references=study.references(),
        frames={
            "comparison": comparison.table,
            "differing_parameters": _differing_frame(named),
            "parameters": parameter_frame(named[comparison.runs[0]].config),
            DICTIONARY: dictionary([REPLICATIONS]),
        },
    )


def _blocks(
    comparison: Comparison,
    named: Mapping[str, Result],
    best: tuple[str, Selection] | None,
) -> Iterator[Block]:
    """Give figures and tables."""
    yield Heading(say("Differences"))
    yield from comparison.notes
    for number in range(1, len(comparison.runs)):
        yield difference_table(comparison, number)
    if best is not None:
        yield _selected(*best)
    yield Heading(say("Figures"))
    yield from figures_of(comparison)
    yield Heading(say("Runs"))
    yield _runs_table(named)


def difference_table(comparison: Comparison, number: int) -> HtmlTable:
    """Set one run against the baseline, metric by metric.

    Parameters
    ----------
    comparison
        The comparison.
    number
        Place of the run, from 1.
    """
    run, level = comparison.runs[number], level_text(comparison.confidence)
    interval = (
        "{level} interval, all together" if comparison.is_simultaneous else "{level} interval"
    )
    columns = [
        (say("baseline"), say("Mean of the baseline.")),
        (say("mean"), say("Mean of the run.")),
        (say("difference"), say("Mean of the paired differences.")),
        (say(interval, level=level), say("Student t interval of the difference.")),
        (say("correlation"), say("Between the runs over replications.")),
        (
            say("variance reduction"),
            say("Variance under independent seeds over that of the paired difference."),
        ),
        (say("still needed"), say("More replications until the half-width is as wanted.")),
    ]
    headings = [Column(say("metric"))]
    headings += [Column(name, note, is_number=True) for name, note in columns]
    rows = comparison.table.filter(pl.col("run") == run)
    cells = [_difference_row(row) for row in rows.iter_rows(named=True)]
    title = say("{run} less {baseline}", run=plain(run), baseline=plain(comparison.runs[0]))
    note = say(
        "{replications}, paired; pp: percentage points.",
        replications=counted(comparison.n, "{n} replication", "{n} replications"),
    )
    return HtmlTable(f"differences_{number}", title, note, headings, cells)


def _difference_row(row: dict[str, Any]) -> list[Cell]:
    """Write one metric."""
    unit = str(row["unit"])
    text = words_of(row["metric"])
    if unit not in {"share", "-"}:
        text = say("{measure}, {unit}", measure=text, unit=say(unit))
    interval = NOTHING
    if row["lower"] is not None:
        interval = span(shown_difference(row["lower"], unit), shown_difference(row["upper"], unit))
    texts = (
        *(shown(row[name], unit) for name in ("baseline_mean", "mean")),
        shown_difference(row["difference"], unit),
        interval,
        *(_number(row[name]) for name in ("correlation", "variance_reduction_factor")),
        NOTHING if row["replications_needed"] is None else grouped(row["replications_needed"]),
    )
    keys = ("baseline_mean", "mean", "difference", "lower", "correlation",
            "variance_reduction_factor", "replications_needed")  # fmt: skip
    missing = -1e300
    return [
        Cell(text, row["metric"], note=say(row["reason"] or "")),
        *(
            Cell(text, missing if row[key] is None else float(row[key]), is_number=True)
            for text, key in zip(texts, keys, strict=True)
        ),
    ]


def _number(value: float | None) -> str:
    """Write a number without unit."""
    return NOTHING if value is None else significant(value, 3)


def _selected(metric: str, selection: Selection) -> str:
    """Say which run is best by the procedure of Kim and Nelson."""
    if selection.is_decided:
        return say(
            "Best in {metric}: {run}, selected with probability at least {probability} if it leads "
            "by {lead} or more (Kim and Nelson 2001).",
            metric=words_of(metric),
            run=selection.best,
            probability=f"{selection.probability:g}",
            lead=f"{selection.indifference:g}",
        )
    return say(
        "Best in {metric}: undecided among {runs}; at most {replications} more decide (Kim and "
        "Nelson 2001).",
        metric=words_of(metric),
        runs=listed(selection.survivors),
        replications=counted(
            selection.at_most_needed * selection.group_size, "{n} replication", "{n} replications"
        ),
    )


def _runs_table(named: Mapping[str, Result]) -> HtmlTable:
    """List the runs with what identifies them."""
    rows = []
    for name, result in named.items():
        manifest = manifest_of(name, result)
        rows.append(
            (plain(name), result.config.name, result.digest[:16], manifest.config_digest[:16],
             manifest.code["source_digest"][:16], manifest.driver)
        )  # fmt: skip
    names = (say("run"), say("configuration"), say("result digest"), say("configuration digest"),
             say("source digest"), say("driver"))  # fmt: skip
    note = say("Digests by their first 16 digits.")
    return text_table("runs", say("Runs compared"), note, names, rows)


def manifest_of(name: str, result: Result) -> Manifest:
    """Read the manifest of a run.

    Raises
    ------
    InputError
        If the run has no directory, or no manifest in it.
    """
    manifest = None if result.directory is None else read_manifest(result.directory)
    if manifest is None:
        raise InputError(f"{name} has no manifest.json; a report needs runs with a directory")
    return manifest


def _differing(named: Mapping[str, Result]) -> list[tuple[str, str, str, list[object]]]:
    """Give the parameters in which runs differ: path, unit, source and the value in each run."""
    listed = [{row.path: row for row in parameters_of(run.config)} for run in named.values()]
    paths = dict.fromkeys(path for rows in listed for path in rows)
    found = []
    for path in paths:
        rows = [parameters.get(path) for parameters in listed]
        values: list[object] = [ABSENT if row is None else row.value for row in rows]
        if path != "name" and any(value != values[0] for value in values):
            one = next(row for row in rows if row is not None)
            found.append((path, one.unit, one.source, values))
    return found


def _differing_table(named: Mapping[str, Result]) -> HtmlTable:
    """List what the runs differ in."""
    names = (say("parameter"), *map(plain, named), say("unit"), say("clause or source"))
    rows = [
        (
            path,
            *(say(ABSENT) if v == ABSENT else parameter_text(v, unit) for v in values),
            unit,
            source,
        )
        for path, unit, source, values in _differing(named)
    ]
    note = say("Everything else is the same in all runs.")
    title = say("Parameters in which the runs differ")
    return text_table("differing_parameters", title, note, names, rows)


def _differing_frame(named: Mapping[str, Result]) -> pl.DataFrame:
    """Give what the runs differ in, one row a parameter and run."""
    rows = [
        (path, run, machine_text(value), unit, source)
        for path, unit, source, values in _differing(named)
        for run, value in zip(named, values, strict=True)
    ]
    schema = ("path", "run", "value", "unit", "source")
    return pl.DataFrame(rows, schema=dict.fromkeys(schema, pl.String), orient="row")


def _study(
    comparison: Comparison,
    named: Mapping[str, Result],
    best: tuple[str, Selection] | None,
) -> Study:
    """Collect what the methods say of a comparison."""
    baseline = named[comparison.runs[0]]
    manifest = manifest_of(comparison.runs[0], baseline)
    pairing = say(
        "In replication r all runs have the same members, wishes and economy. Differences are "
        "taken replication by replication; their mean has a Student t interval at {level} (Law "
        "2015).",
        level=level_text(comparison.confidence),
    )
    if comparison.is_simultaneous:
        pairing += say(" The level holds for all intervals together (Bonferroni).")
    else:
        pairing += say(" Each interval holds at this level alone.")
    return Study(
        config=baseline.config,
        aims=say(
            "What sets {runs} apart from {baseline}.",
            runs=listed(comparison.runs[1:]),
            baseline=comparison.runs[0],
        ),
        scenarios=say(
            "A scenario is a configuration; it changes parameters and never the logic. 3.3 lists "
            "every parameter in which the scenarios differ."
        ),
        inputs=[_differing_table(named)],
        estimation=[pairing, *estimation_of_means(baseline.config, comparison.n)],
        code=manifest.code,
        surroundings=manifest.surroundings,
        execution=execution_of(manifest),
        digests=[
            (say("result digest, {run}", run=name), run.digest) for name, run in named.items()
        ],
        citations=() if best is None else ("kim2001fully",),
    )
