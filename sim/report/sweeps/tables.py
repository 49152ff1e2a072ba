"""Tables of the report of a sweep: parameters, points with their means, what analyses found."""

from collections.abc import Iterator, Sequence
from typing import Any

from sim.experiment.design.axes import Choices
from sim.experiment.design.tables import DIFFERENCE, IN_UNIT, TABLES_OF_SWEEPS
from sim.experiment.design.variables import Varied
from sim.metrics.columns import TABLE
from sim.metrics.declaration import Column, Table
from sim.metrics.headline import UNITS
from sim.report.definitions import note_of
from sim.report.html_tables import MOST_ROWS, Cell, Heading, HtmlTable, first_rows
from sim.report.language import listed, say
from sim.report.metric_words import words_of
from sim.report.numbers import (
    NOTHING,
    POINTS,
    counted,
    grouped,
    parameter_text,
    shown,
    significant,
    span,
    words,
)
from sim.report.sweeps.source import SweepResults

TITLES = {
    "effects": "Effects of each parameter alone",
    "tornado": "Swing of each parameter",
    "morris": "Elementary effects",
    "sobol_indices": "Sobol indices",
    "noise": "Chance between the points",
    "trials": "Trials",
}
"""Titles of the tables of what analyses found."""

MISSING = -1e300
"""What a missing number is sorted by: the script puts it last."""


def parameter_table(results: SweepResults) -> HtmlTable:
    """List what the sweep varies, and what follows from it."""
    sweep = results.sweep
    headings = [
        Heading(say("parameter")),
        Heading(say("path"), say("Path in the configuration.")),
        Heading(say("values")),
    ]
    rows = []
    for name, target in sweep.design.parameters.items():
        values = _values(target) if isinstance(target, Varied) else say("as listed")
        rows.append((results.label(name), target.path or say("none"), values))
    for name, derived in sweep.derived.items():
        rows.append((results.label(name), derived.path or say("none"), f"= {derived.expression}"))
    cells = [[Cell(text, text) for text in row] for row in rows]
    note = counted(
        len(sweep.design.parameters),
        "{n} parameter of a design of the kind ",
        "{n} parameters of a design of the kind ",
    ) + words(sweep.design.kind)  # fmt: skip
    if sweep.constraints:
        note += say("; constraints: {list}", list=listed(sweep.constraints, "; "))
    return HtmlTable("parameters", say("Parameters"), f"{note}{say('.')}", headings, cells)


def _values(target: Varied) -> str:
    """Write the values or the bounds of a parameter."""
    axis = target.axis()
    if isinstance(axis, Choices):
        return "; ".join(parameter_text(value) for value in axis.values)
    step = "" if target.step is None else say(", by {step}", step=_bound(target.step))
    scale = "" if target.scale == "linear" else say(", log scale")
    return f"{span(_bound(axis.low), _bound(axis.high))}{step}{scale}"


def _bound(number: object) -> str:
    """Write a bound; an exact rate as a fraction."""
    match number:
        case [numerator, denominator]:
            return f"{numerator}/{denominator}"
    return parameter_text(number)


def points_table(results: SweepResults) -> HtmlTable:
    """Give every point with its settings and the mean of each metric with its interval."""
    notes = {column.name: note_of(column) for column in TABLE["replications"].columns}
    settings = [name for name in results.settings.columns if name != "point"]
    metrics = results.sweep.metrics
    headings = [Heading(say("point"), is_number=True)]
    headings += [
        Heading(results.label(name), is_number=results.settings[name].dtype.is_numeric())
        for name in settings
    ]
    headings += [
        Heading(
            _with_unit(m), notes[m].replace("`", ""), is_number=True, metric=f"replications.{m}"
        )
        for m in metrics
    ]
    headings.append(Heading(say("replications"), is_number=True))
    rows = [
        _point_row(results, row, settings)
        for row in results.settings.head(MOST_ROWS).iter_rows(named=True)
    ]
    note = say("Means over replications; under each its interval.")
    if results.settings.height > MOST_ROWS:
        note += first_rows(results.settings.height)
    return HtmlTable("points", say("Points"), note, headings, rows)


def _with_unit(metric: str) -> str:
    """Write the name of a metric, with its unit where that is yen."""
    text = words_of(metric)
    if UNITS[metric] != "yen":
        return text
    return say("{measure}, {unit}", measure=text, unit=say("yen"))


def _point_row(results: SweepResults, row: dict[str, Any], settings: Sequence[str]) -> list[Cell]:
    """Write one point."""
    point = int(row["point"])
    cells = [Cell(grouped(point), float(point), is_number=True)]
    cells += [_setting(row[name]) for name in settings]
    most = 0
    for metric in results.sweep.metrics:
        found = results.estimate(metric, point)
        if found is None:
            cells.append(Cell(NOTHING, MISSING, is_number=True))
            continue
        most = max(most, found.n)
        unit, ends = UNITS[metric], found.interval
        note = span(_number(ends.lower, unit), _number(ends.upper, unit)) if ends else ""
        cells.append(Cell(_number(found.mean, unit), found.mean, is_number=True, note=note))
    cells.append(Cell(grouped(most), float(most), is_number=True))
    return cells


def _setting(value: object) -> Cell:
    """Write a setting."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Cell(parameter_text(value), float(value), is_number=True)
    text = parameter_text(value)
    return Cell(text if len(text) <= 120 else text[:117] + "...", text)


def _number(value: float | None, unit: str) -> str:
    """Write a number in the unit of a metric."""
    if value is None:
        return NOTHING
    return significant(value) if unit == "-" else shown(value, unit)


def analysis_tables(results: SweepResults) -> Iterator[HtmlTable]:
    """Give the tables of what the analyses found, in the order of their declaration."""
    for table in TABLES_OF_SWEEPS:
        frame = results.analyses.get(table.name)
        if frame is None or not frame.height:
            continue
        note = f"{say(table.meaning)} {say(table.notes) if table.notes else ''}".strip()
        if frame.height > MOST_ROWS:
            note += first_rows(frame.height)
        headings = [
            Heading(words(c.name), note_of(c), is_number=c.dtype.is_numeric())
            for c in table.columns
        ]
        rows = [
            _analysis_row(results, table, row)
            for row in frame.head(MOST_ROWS).select(list(table.schema)).iter_rows(named=True)
        ]
        yield HtmlTable(table.name, say(TITLES[table.name]), note, headings, rows)


def _analysis_row(results: SweepResults, table: Table, row: dict[str, Any]) -> list[Cell]:
    """Write one row of an analysis; numbers in the unit of its metric."""
    unit = UNITS.get(str(row.get("metric")), "-")
    return [_analysis_cell(results, column, row[column.name], unit) for column in table.columns]


def _in_own_unit(value: float, unit: str, metric_unit: str) -> str:
    """Write a number of an analysis; shares differ by percentage points."""
    if unit == DIFFERENCE:
        return shown(value, POINTS) if metric_unit == "share" else _number(value, metric_unit)
    own = metric_unit if unit == IN_UNIT else unit
    return _number(value, own) if own in UNITS.values() else significant(value)


def _analysis_cell(results: SweepResults, column: Column, value: object, unit: str) -> Cell:
    """Write one cell of an analysis."""
    match value:
        case None:
            return Cell(NOTHING, MISSING, is_number=column.dtype.is_numeric())
        case bool():
            return Cell(say("yes") if value else say("no"), str(value))
        case str():
            texts = {"metric": words_of(value), "parameter": results.label(value)}
            return Cell(texts.get(column.name, value), value)
        case int():
            return Cell(grouped(value), float(value), is_number=True)
        case float():
            return Cell(_in_own_unit(value, column.unit, unit), value, is_number=True)
    return Cell(str(value), str(value))
