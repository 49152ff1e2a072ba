"""``tsuke compare``: paired differences of finished runs."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from models.errors import InputError
from sim.cli.formats import Formats, formats_of
from sim.cli.headline import plain, plain_text
from sim.cli.options import Language, ReportLanguage
from sim.cli.terminal import say

if TYPE_CHECKING:
    from rich.table import Table

    from sim.experiment.comparison import Comparison
    from sim.experiment.ranking import Selection

WIDEST = 1000
"""Columns in which every table has room."""


def compare(
    directories: Annotated[
        list[Path],
        typer.Argument(
            metavar="DIR", help="Results directories, two or more; the first is the baseline."
        ),
    ],
    metric: Annotated[
        list[str] | None,
        typer.Option(metavar="M", help="Metric; may be repeated. Default: the headline."),
    ] = None,
    level: Annotated[
        float | None,
        typer.Option(metavar="P", help="Level of the intervals; default: the baseline's."),
    ] = None,
    bonferroni: Annotated[
        bool, typer.Option("--bonferroni", help="The level holds for all intervals together.")
    ] = False,
    width: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[M=]W",
            help="Wanted half-width, such as 5% of the baseline's mean or 0.001; may be repeated.",
        ),
    ] = None,
    best: Annotated[
        str | None,
        typer.Option(metavar="M", help="Also select the run with the largest mean of a metric."),
    ] = None,
    smallest: Annotated[
        bool, typer.Option("--smallest", help="With --best: the smallest mean is the best.")
    ] = False,
    indifference: Annotated[
        float | None,
        typer.Option(metavar="D", help="With --best: smallest difference worth detecting."),
    ] = None,
    probability: Annotated[
        float,
        typer.Option(metavar="P", help="With --best: probability of a correct selection."),
    ] = 0.95,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Also write comparison.parquet and comparison.json."),
    ] = None,
    formats: Formats = None,
    lang: ReportLanguage = Language.EN,
) -> None:
    """Compare finished runs replication by replication. They share their random numbers."""
    from sim.experiment.comparison import compare as compare_results
    from sim.experiment.pairing import load_named
    from sim.experiment.ranking import select

    if best is not None and indifference is None:
        raise InputError("--best: needs --indifference, the smallest difference worth detecting")
    if best is None and (smallest or indifference is not None):
        raise InputError("--smallest and --indifference: allowed with --best only")
    forms = _forms(formats, out)
    common, own = widths_of(width or [])
    named = load_named(directories)
    comparison = compare_results(
        named, metrics=metric, confidence=level, width=common, widths=own, bonferroni=bonferroni
    )
    selection = None
    if best is not None and indifference is not None:
        selection = select(
            named, best, indifference=indifference, smallest=smallest, probability=probability
        )
    content = _content(comparison, selection, best)
    if out is not None:
        _write(out, comparison, content)
    if as_json:
        say(json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        say(comparison_text(comparison))
        if selection is not None and best is not None:
            say(selection_text(selection, best, is_smallest=smallest))
    if out is not None and forms:
        from sim.report.comparison_page import write_comparison

        found = None if best is None or selection is None else (best, selection)
        for path in write_comparison(comparison, named, out, forms, lang.value, found):
            if not as_json:
                say(str(path))


def _forms(formats: str | None, out: Path | None) -> list[str]:
    """Read the forms of the report and see that it has a place of its own."""
    from sim.experiment.manifest import read_fields

    if formats is None:
        return []
    if out is None:
        raise InputError("--format: needs --out, the directory of the report")
    if read_fields(out) is not None:
        raise InputError(f"--out: {out} holds a run; allowed with --format: a directory without")
    return formats_of(formats)


def widths_of(texts: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Part wanted widths into the common one and those of single metrics.

    Examples
    --------
    >>> widths_of(["2%", "profit_yen=1000"])
    ('2%', {'profit_yen': '1000'})
    """
    common, own = "5%", {}
    for text in texts:
        name, equals, number = text.partition("=")
        if equals:
            own[name.strip()] = number
        else:
            common = text
    return common, own


def comparison_text(comparison: "Comparison") -> str:
    """Write a comparison as one table for each run against the baseline."""
    from rich.console import Console

    # A number that is cut is wrong: a table is as wide as its numbers, whatever the terminal.
    console = Console(width=WIDEST)
    with console.capture() as capture:
        for run in comparison.runs[1:]:
            console.print(_table(comparison, run))
        for note in comparison.notes:
            console.print(f"Note: {note}", markup=False, highlight=False)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def _table(comparison: "Comparison", run: str) -> "Table":
    """Lay out one run against the baseline."""
    import polars as pl
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    from sim.report.numbers import counted

    level = f"{comparison.confidence * 100:.4g} % interval"
    if comparison.is_simultaneous:
        level += ", all together"
    replications = counted(comparison.n, "{n} replication", "{n} replications")
    title = f"{run} less {comparison.runs[0]}, {replications} (pp: percentage points)"
    table = Table(title=escape(title), title_justify="left", box=box.SIMPLE)
    table.add_column("metric", no_wrap=True)
    for heading in (
        "baseline",
        "mean",
        "difference",
        level,
        "correlation",
        "variance\nreduction",
        "independent\nseeds need",
        "still needed",
    ):
        table.add_column(heading, justify="right", vertical="bottom", no_wrap=True)
    for row in comparison.table.filter(pl.col("run") == run).iter_rows(named=True):
        table.add_row(*_cells(row))
    return table


def _cells(row: dict[str, Any]) -> list[str]:
    """Write one row of the table."""
    from sim.report.numbers import shown_difference, significant

    unit = row["unit"]
    gap, lower, upper = (
        plain_text(shown_difference(row[name], unit)) for name in ("difference", "lower", "upper")
    )
    interval = "-" if row["lower"] is None else f"{lower} to {upper}"
    factor, correlation = row["variance_reduction_factor"], row["correlation"]
    return [
        row["metric"],
        *(plain(row[name], unit) for name in ("baseline_mean", "mean")),
        gap,
        interval,
        "-" if correlation is None else f"{correlation:.3f}",
        "-" if factor is None else plain_text(significant(factor, 3)),
        *(
            "-" if row[name] is None else f"{row[name]:,}"
            for name in ("independent_replications", "replications_needed")
        ),
    ]


def selection_text(selection: "Selection", metric: str, *, is_smallest: bool) -> str:
    """Say which run is best, and how surely."""
    from sim.report.numbers import counted

    kind = "smallest" if is_smallest else "largest"
    number = selection.used if selection.is_decided else selection.at_most_needed
    replications = counted(number * selection.group_size, "{n} replication", "{n} replications")
    if selection.is_decided:
        return (
            f"{kind} {metric}: {selection.best}, selected with probability at least "
            f"{selection.probability:g} if it leads by {selection.indifference:g} or more "
            f"(Kim and Nelson 2001; {replications})"
        )
    return (
        f"{kind} {metric}: undecided among {', '.join(selection.survivors)}; "
        f"at most {replications} more decide"
    )


def _content(
    comparison: "Comparison", selection: "Selection | None", metric: str | None
) -> dict[str, Any]:
    """Put everything together as plain data."""
    from dataclasses import asdict

    content = comparison.as_dict()
    if selection is not None:
        content["selection"] = {"metric": metric, **asdict(selection)}
    return content


def _write(out: Path, comparison: "Comparison", content: dict[str, Any]) -> None:
    """Write both files into a directory."""
    from sim.atomic import make_directory, write_parquet, write_text

    make_directory(out)
    write_parquet(out / "comparison.parquet", comparison.table)
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    write_text(out / "comparison.json", text + "\n")
