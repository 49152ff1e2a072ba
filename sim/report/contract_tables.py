"""Parameters and clauses as they stand in the page: what held, and what came of it."""

import polars as pl

from sim.config_loading import parameters_of
from sim.report.html_tables import Cell, Heading, HtmlTable, metric_table
from sim.report.language import say
from sim.report.numbers import counted, grouped, parameter_text
from sim.report.silent_clauses import reasons
from sim.report.source import Run


def parameter_table(run: Run) -> HtmlTable:
    """List every parameter; those that differ from their default stand out."""
    headings = [
        Heading(say("parameter"), say("Path in the configuration.")),
        Heading(say("value")),
        Heading(say("default")),
        Heading(say("unit")),
        Heading(say("clause or source")),
        Heading(say("meaning")),
    ]
    parameters = parameters_of(run.config)
    changed = frozenset(
        number
        for number, parameter in enumerate(parameters)
        if parameter.default is not None and parameter.value != parameter.default
    )
    rows = [
        [
            Cell(text, text)
            for text in (
                parameter.path,
                parameter_text(parameter.value, parameter.unit),
                parameter_text(parameter.default, parameter.unit),
                parameter.unit,
                parameter.source,
                parameter.doc,
            )
        ]
        for parameter in parameters
    ]
    note = say(
        "{parameters}; not as by default (highlighted): {changed}.",
        parameters=counted(len(parameters), "{n} parameter", "{n} parameters"),
        changed=grouped(len(changed)),
    )
    return HtmlTable("parameters", say("Parameters"), note, headings, rows, changed)


def clause_table(run: Run) -> HtmlTable:
    """List the clauses that acted, with what they did."""
    clauses = run.tables["clauses"]
    fired = clauses.filter(pl.col("count") > 0)
    columns = (
        "clause",
        "lender",
        "record",
        "name",
        "meaning",
        "count_per_replication",
        "yen_per_replication",
    )
    note = say(
        "{clauses} acted; the others are listed below.",
        clauses=counted(fired["clause"].n_unique(), "{n} clause", "{n} clauses"),
    )
    return metric_table("clauses", say("Clauses that acted"), fired, columns, note)


def silent_clause_table(run: Run) -> HtmlTable:
    """List the clauses that a posting or event could have named and none did, with the reason."""
    clauses = run.tables["clauses"]
    fired = clauses.filter(pl.col("count") > 0)["clause"].to_list()
    silent = clauses.filter(pl.col("clause").is_in(fired).not_())
    names = silent["clause"].unique(maintain_order=True).to_list()
    why = reasons(names, run.config)
    meanings = dict(silent.select("clause", "meaning").iter_rows())
    rows = [[Cell(text, text) for text in (name, meanings[name], why[name])] for name in names]
    headings = [
        Heading(say("clause")),
        Heading(say("what it would have done")),
        Heading(say("why it did not")),
    ]
    note = say(
        "{clauses} of the lenders in this run never acted.",
        clauses=counted(len(names), "{n} clause", "{n} clauses"),
    )
    return HtmlTable("silent_clauses", say("Clauses that never acted"), note, headings, rows)
