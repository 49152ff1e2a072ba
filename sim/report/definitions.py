"""What the numbers of a report are: definitions of metrics, read off the tables' declarations."""

from collections.abc import Iterable
from dataclasses import dataclass

from sim.metrics.columns import TABLE
from sim.metrics.declaration import Column
from sim.report.language import say


@dataclass(frozen=True)
class Definition:
    """What one metric is.

    Parameters
    ----------
    metric
        ``table.column`` of the metric tables.
    unit
        Its unit; empty where it has none.
    meaning
        One sentence, with the formula of a ratio.
    rows
        What one row of its table is.
    """

    metric: str
    unit: str
    meaning: str
    rows: str


def note_of(column: Column) -> str:
    """Say what a column means, with the formula of a ratio."""
    meaning = say(column.meaning)
    if not column.denominator:
        return meaning
    sentence = meaning.rstrip(".\N{IDEOGRAPHIC FULL STOP}")
    return f"{sentence} = {say(column.numerator)} / {say(column.denominator)}"


def definition(metric: str) -> Definition:
    """Define a metric given as ``table.column``.

    Examples
    --------
    >>> definition("portfolio.late_share").unit
    'share'
    """
    name, _, column_name = metric.partition(".")
    table = TABLE[name]
    column = next(column for column in table.columns if column.name == column_name)
    unit = "" if column.unit in {"-", "date"} else say(column.unit)
    return Definition(metric, unit, note_of(column).replace("`", ""), say(table.rows))


def definitions(metrics: Iterable[str]) -> list[Definition]:
    """Define some metrics, each once."""
    return [definition(metric) for metric in dict.fromkeys(metrics)]
