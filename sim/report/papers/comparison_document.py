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
from sim.metrics.columns_of_replications import REPLICATIONS
from sim.report.html_tables import Cell, HtmlTable
from sim.report.html_tables import Heading as Column
from sim.report.numbers import NOTHING, grouped, parameter_text, percent, shown, significant
from sim.report.papers.csv_files import DICTIONARY, dictionary
from sim.report.papers.document import Block, Document, Heading
from sim.report.papers.figures_of_comparisons import figures_of
from sim.report.papers.harmless import plain
from sim.report.papers.methods import Study, estimation_of, methods, text_table
from sim.report.papers.run_document import machine_text, parameter_frame
from sim.report.sweep_source import words_of

ABSENT = "absent"


def comparison_document(
    comparison: Comparison,
    named: Mapping[str, Result],
    selection: Selection | None = None,
    best: str | None = None,
) -> Document:
    """Describe a comparison.

    Parameters
    ----------
    comparison
        Paired differences to the first run.
    named
        The runs by their names in the comparison; each has a directory.
    selection, best
        Which run is the best in a metric, if that was asked.
    """
    study = _study(comparison, named, selection)
    others = ", ".join(comparison.runs[1:])
    return Document(
        title=f"{others} against {comparison.runs[0]}",
        lead=(
            f"{len(comparison.runs)} runs, {grouped(comparison.n)} replications each with common "
            f"random numbers; differences are run less baseline, {comparison.runs[0]}."
        ),
        blocks=list(_blocks(comparison, named, selection, best)),
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
    selection: Selection | None,
    best: str | None,
) -> Iterator[Block]:
    """Give figures and tables."""
    yield Heading("Differences")
    yield from comparison.notes
    for number in range(1, len(comparison.runs)):
        yield difference_table(comparison, number)
    if selection is not None and best is not None:
        yield _selected(selection, best)
    yield Heading("Figures")
    yield from figures_of(comparison)
    yield Heading("Runs")
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
    run, level = comparison.runs[number], percent(comparison.confidence, 0)
    together = ", all together" if comparison.is_simultaneous else ""
    names = ("baseline", "mean", "difference", f"{level} interval{together}", "correlation",
             "variance reduction", "still needed")  # fmt: skip
    notes = ("Mean of the baseline.", "Mean of the run.", "Mean of the paired differences.",
             "Student t interval of the difference.", "Between the runs over replications.",
             "Variance under independent seeds over that of the paired difference.",
             "More replications until the half-width is as wanted.")  # fmt: skip
    headings = [Column("metric")]
    headings += [
        Column(name, note, is_number=True) for name, note in zip(names, notes, strict=True)
    ]
    rows = comparison.table.filter(pl.col("run") == run)
    cells = [_difference_row(row) for row in rows.iter_rows(named=True)]
    title = f"{plain(run)} less {plain(comparison.runs[0])}"
    note = f"{grouped(comparison.n)} replications, paired."
    return HtmlTable(f"differences_{number}", title, note, headings, cells)


def _difference_row(row: dict[str, Any]) -> list[Cell]:
    """Write one metric."""
    unit = str(row["unit"])
    text = words_of(row["metric"]) + (f", {unit}" if unit not in {"share", "-"} else "")
    interval = NOTHING
    if row["lower"] is not None:
        interval = f"{_gap(row['lower'], unit)} to {_gap(row['upper'], unit)}"
    texts = (
        *(shown(row[name], unit) for name in ("baseline_mean", "mean")),
        _gap(row["difference"], unit),
        interval,
        *(_number(row[name]) for name in ("correlation", "variance_reduction_factor")),
        NOTHING if row["replications_needed"] is None else grouped(row["replications_needed"]),
    )
    keys = ("baseline_mean", "mean", "difference", "lower", "correlation",
            "variance_reduction_factor", "replications_needed")  # fmt: skip
    missing = -1e300
    return [
        Cell(text, row["metric"], note=row["reason"] or ""),
        *(
            Cell(text, missing if row[key] is None else float(row[key]), is_number=True)
            for text, key in zip(texts, keys, strict=True)
        ),
    ]


def _gap(value: float | None, unit: str) -> str:
    """Write a difference, which may be much smaller than what it is a difference of."""
    if value is None or unit == "yen":
        return shown(value, unit)
    return f"{significant(100 * value, 3)} %" if unit == "share" else significant(value, 3)


def _number(value: float | None) -> str:
    """Write a number without unit."""
    return NOTHING if value is None else significant(value, 3)


def _selected(selection: Selection, metric: str) -> str:
    """Say which run is best by the procedure of Kim and Nelson."""
    if selection.is_decided:
        return (
            f"Best in {metric}: {selection.best}, selected with probability at least "
            f"{selection.probability:g} if it leads by {selection.indifference:g} or more (Kim "
            "and Nelson 2001)."
        )
    needed = grouped(selection.at_most_needed * selection.group_size)
    return (
        f"Best in {metric}: undecided among {', '.join(selection.survivors)}; at most {needed} "
        "more replications decide (Kim and Nelson 2001)."
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
    names = ("run", "configuration", "result digest", "configuration digest", "source digest",
             "driver")  # fmt: skip
    note = "Digests by their first 16 digits."
    return text_table("runs", "Runs compared", note, names, rows)


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
    names = ("parameter", *map(plain, named), "unit", "clause or source")
    rows = [
        (path, *map(parameter_text, values), unit, source)
        for path, unit, source, values in _differing(named)
    ]
    note = "Everything else is the same in all runs."
    return text_table("differing_parameters", "Parameters in which the runs differ", note,
                      names, rows)  # fmt: skip


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
    comparison: Comparison, named: Mapping[str, Result], selection: Selection | None
) -> Study:
    """Collect what the methods say of a comparison."""
    baseline = named[comparison.runs[0]]
    manifest = manifest_of(comparison.runs[0], baseline)
    together = (
        " The level holds for all intervals together (Bonferroni)."
        if comparison.is_simultaneous
        else " Each interval holds at this level alone."
    )
    pairing = (
        "In replication r all runs have the same members, wishes and economy. Differences are "
        "taken replication by replication; their mean has a Student t interval at "
        f"{percent(comparison.confidence, 0)} (Law 2015).{together}"
    )
    return Study(
        config=baseline.config,
        aims=f"How {', '.join(comparison.runs[1:])} differ from {comparison.runs[0]}.",
        scenarios="A scenario is a configuration; it changes parameters and never the logic. 3.3 "
        "lists every parameter in which the scenarios differ.",
        inputs=[_differing_table(named)],
        estimation=[pairing, *estimation_of(baseline.config, comparison.n)],
        code=manifest.code,
        surroundings=manifest.surroundings,
        execution=f"Nightly posting on a clock in days, by the {manifest.driver} driver; the other "
        "driver gives the same bits. The books are checked every night.",
        digests=[(f"result digest, {name}", run.digest) for name, run in named.items()],
        citations=("kim2001fully",) if selection is not None else (),
    )
