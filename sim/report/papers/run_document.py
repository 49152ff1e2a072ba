"""The report of a run as a document."""

from collections.abc import Iterator, Sequence

import polars as pl

from sim.config import Config
from sim.config_loading import ParameterRow, parameters_of
from sim.metrics.columns import TABLES
from sim.report.contract_tables import clause_table
from sim.report.figures.by_theme import THEMES
from sim.report.html_tables import headline_table, tables_of
from sim.report.language import say
from sim.report.numbers import counted, parameter_text
from sim.report.papers.dictionary import DICTIONARY, dictionary
from sim.report.papers.document import Block, Document, Heading
from sim.report.papers.estimation import estimation_of_run
from sim.report.papers.methods import Study, changed_parameters, execution_of, methods
from sim.report.source import AS_SAMPLED, Run
from sim.report.style import Drawing


def run_document(run: Run, drawings: Sequence[Drawing]) -> Document:
    """Describe a finished run with its figures, tables and methods, in the language spoken."""
    study = _study(run)
    return Document(
        title=run.manifest.name,
        lead=_lead(run),
        blocks=list(_blocks(run, drawings)),
        methods=methods(study),
        references=study.references(),
        frames={
            **run.tables,
            "headline": headline_frame(run.summary["metrics"]),
            "parameters": parameter_frame(run.config),
            DICTIONARY: dictionary(TABLES),
        },
    )


def _lead(run: Run) -> str:
    """Say in one paragraph what was run."""
    config, manifest = run.config, run.manifest
    return say(
        "{persons}, {months} from {start}, {replications}, seed {seed}. tsuke {version}, "
        "result digest {digest}. Money is in yen.",
        persons=counted(config.population.members, "{n} person", "{n} persons"),
        months=counted(config.months, "{n} month", "{n} months"),
        start=config.start.isoformat(),
        replications=counted(run.n_replications, "{n} replication", "{n} replications"),
        seed=manifest.seed,
        version=manifest.code["version"],
        digest=str(manifest.result_digest)[:12],
    )


def _blocks(run: Run, drawings: Sequence[Drawing]) -> Iterator[Block]:
    """Give headline, figures and tables in the order of the page."""
    yield Heading(say("Headline numbers"))
    yield headline_table(run)
    figures = iter(drawings)
    if run.is_weighted:
        yield say(AS_SAMPLED)
    for theme, functions in THEMES.items():
        yield Heading(say(theme))
        yield from (next(figures) for _ in functions)
    yield Heading(say("Tables"))
    yield say(
        "Rates are over all replications. tables/ holds every metric table in full as CSV, with "
        "columns.csv to explain them, and the tables below as LaTeX."
    )
    yield from tables_of(run)
    yield clause_table(run)


def _study(run: Run) -> Study:
    """Collect what the methods say of a run."""
    manifest = run.manifest
    return Study(
        config=run.config,
        aims=say(
            "One configuration, {name}, is described with its uncertainty.", name=manifest.name
        ),
        scenarios=say(
            "A scenario is a configuration; it changes parameters and never the logic. This run is "
            "one scenario."
        ),
        inputs=[changed_parameters(run.config)],
        estimation=estimation_of_run(run.config, run.n_replications),
        code=manifest.code,
        surroundings=manifest.surroundings,
        execution=execution_of(manifest),
        digests=[
            (say("result digest"), str(manifest.result_digest)),
            (say("configuration digest"), manifest.config_digest),
        ],
        is_one_run=True,
    )


def headline_frame(metrics: dict[str, dict[str, object]]) -> pl.DataFrame:
    """Give the headline metrics of a summary as a table, one row a metric."""
    plain = ("unit", "n", "mean", "standard_deviation", "lower", "upper")
    rows = []
    for name, metric in metrics.items():
        quantiles = metric["quantiles"]
        found = dict(quantiles) if isinstance(quantiles, dict) else {}
        rows.append(
            {
                "metric": name,
                **{field: metric[field] for field in plain},
                **{f"quantile_{level}": value for level, value in found.items()},
                "replications_needed": metric["replications_needed"],
            }
        )
    floats = {"mean", "standard_deviation", "lower", "upper"}
    frame = pl.DataFrame(rows, infer_schema_length=None)
    numbers = [name for name in frame.columns if name in floats or name.startswith("quantile_")]
    return frame.with_columns(pl.col(numbers).cast(pl.Float64))


def parameter_frame(config: Config) -> pl.DataFrame:
    """Give every parameter of a configuration as a table, one row a parameter."""
    rows = parameters_of(config)
    return pl.DataFrame(
        {
            "path": [row.path for row in rows],
            "value": [machine_text(row.value) for row in rows],
            "default": [machine_text(row.default) for row in rows],
            "is_default": [_is_default(row) for row in rows],
            "unit": [row.unit for row in rows],
            "source": [row.source for row in rows],
            "meaning": [row.doc for row in rows],
        }
    )


def machine_text(value: object) -> str:
    """Write the value of a parameter for programs: numbers without separators, rates as fractions.

    Examples
    --------
    >>> machine_text(10000), machine_text(-0.5), machine_text(True), machine_text(None)
    ('10000', '-0.5', 'true', '')
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
    return parameter_text(value)


def _is_default(row: ParameterRow) -> bool | None:
    """Tell whether a parameter has its default; None where it has none."""
    return None if row.default is None else row.value == row.default
