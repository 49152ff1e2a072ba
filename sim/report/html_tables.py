"""Metric tables as they stand in the page: cells with a text and a value to sort by."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from sim.metrics.columns import TABLE
from sim.metrics.frames import ratio
from sim.metrics.headline import UNITS
from sim.report.definitions import note_of
from sim.report.language import say
from sim.report.metric_words import words_of
from sim.report.numbers import (
    POINTS,
    counted,
    grouped,
    level_text,
    shown,
    span,
    words,
)
from sim.report.source import Run
from sim.report.targets import Target, targets_of

MOST_ROWS = 200
"""Rows of a table in the page; the Parquet file has them all."""


@dataclass(frozen=True)
class Cell:
    """A cell; numbers are set right and sorted by `key`, an anchor is what links lead to."""

    text: str
    key: float | str = ""
    is_number: bool = False
    note: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Heading:
    """A column: its name, what it means, and the metric it is as ``table.column``."""

    text: str
    note: str = ""
    is_number: bool = False
    metric: str = ""


@dataclass(frozen=True)
class HtmlTable:
    """A table of the page; `highlighted` are numbers of rows that stand out."""

    name: str
    title: str
    note: str
    headings: Sequence[Heading]
    rows: Sequence[Sequence[Cell]]
    highlighted: frozenset[int] = frozenset()

    def caption(self) -> str:
        """Give title and note as they stand above a table on paper."""
        return say("{title}. {note}", title=self.title, note=self.note).strip()


def metric_table(
    name: str,
    title: str,
    frame: pl.DataFrame,
    columns: Sequence[str],
    note: str = "",
    *,
    units: Mapping[str, str] | None = None,
) -> HtmlTable:
    """Write some columns of a metric table, or of means over replications of it.

    The units are those of columns whose declared unit depends on the row.
    """
    declared = {
        column.name: replace(column, unit=(units or {}).get(column.name, column.unit))
        for column in TABLE[name].columns
    }
    headings = []
    for column in columns:
        unit = declared[column].unit
        headings.append(
            Heading(
                in_yen(column, unit),
                note_of(declared[column]).replace("`", ""),
                is_number=declared[column].dtype.is_numeric(),
                metric=f"{name}.{column}",
            )
        )
    rows = [
        [_cell(value, declared[column].unit) for column, value in zip(columns, row, strict=True)]
        for row in frame.head(MOST_ROWS).select(columns).iter_rows()
    ]
    if frame.height > MOST_ROWS:
        note += first_rows(frame.height)
    return HtmlTable(name, title, note.replace("`", "").strip(), headings, rows)


def in_yen(column: str, unit: str) -> str:
    """Write the name of a column, with its unit where that is yen and the name is silent."""
    text = words_of(column) if column in UNITS else words(column.removesuffix("_yen"))
    is_silent = unit == "yen" and not column.startswith("yen")
    return say("{measure}, {unit}", measure=text, unit=say("yen")) if is_silent else text


def first_rows(height: int) -> str:
    """Say that a table is cut."""
    return say(" The first {n} of {all} rows.", n=MOST_ROWS, all=grouped(height))


def _cell(value: object, unit: str) -> Cell:
    """Write one value; what is missing sorts last."""
    text = words(value) if isinstance(value, str) and unit == "-" else shown(value, unit)
    if isinstance(value, int | float):
        return Cell(text, float(value), is_number=True)
    if value is None:
        return Cell(text, _key(None), is_number=True)
    return Cell(text, str(value))


def _key(value: float | None) -> float:
    """Give what a number is sorted by; the script puts what is missing last."""
    return -1e300 if value is None else value


def headline_table(run: Run) -> HtmlTable:
    """Describe every headline metric over replications."""
    level = level_text(run.summary["confidence"])
    quantile = say("Quantile over replications: an observed value.")
    headings = [
        Heading(say("metric")),
        Heading(say("mean"), say("Mean over the replications in which it exists."), is_number=True),
        Heading(
            say("{level} interval of the mean", level=level),
            say("Student t; the true mean lies in it with this confidence."),
            is_number=True,
        ),
        Heading(say("standard deviation"), say("Between replications."), is_number=True),
        Heading("5 %", quantile, is_number=True),
        Heading(say("median"), quantile, is_number=True),
        Heading("95 %", quantile, is_number=True),
        Heading(
            say("target range"),
            say("Range that published sources imply (docs/model.md, section 3.1, facts 6.3)."),
            is_number=True,
        ),
        Heading(
            say("replications needed"),
            say("More replications until the half-width is 5 % of the mean."),
            is_number=True,
        ),
    ]
    notes = {column.name: note_of(column) for column in TABLE["replications"].columns}
    targets = targets_of(run.config)
    rows = [
        _headline_row(name, metric, notes[name], targets.get(name))
        for name, metric in run.summary["metrics"].items()
    ]
    note = say(
        "Over {replications}; under each name its definition and its column.",
        replications=counted(run.n_replications, "{n} replication", "{n} replications"),
    )
    return HtmlTable("headline", say("All headline numbers"), note, headings, rows)


def _headline_row(
    name: str, metric: dict[str, Any], note: str, target: Target | None
) -> list[Cell]:
    """Write the description of one metric."""
    unit, quantiles = str(metric["unit"]), metric["quantiles"]
    interval = "\N{EN DASH}"
    if metric["lower"] is not None:
        interval = span(shown(metric["lower"], unit), shown(metric["upper"], unit))
    aim = span(shown(target.low, "share"), shown(target.high, "share")) if target else ""
    text = words_of(name)
    if unit not in {"share", "-"}:
        text = say("{measure}, {unit}", measure=text, unit=say(unit))
    note = f"{note} [replications.{name}]".replace("`", "")
    return [
        Cell(text, name, note=note, anchor=f"metric-{name}"),
        _cell(metric["mean"], unit),
        Cell(interval, _key(metric["lower"]), is_number=True),
        _cell(metric["standard_deviation"], unit),
        *(_cell(quantiles.get(p), unit) for p in ("0.05", "0.5", "0.95")),
        Cell(aim, target.low if target else _key(None), is_number=True),
        _cell(metric["replications_needed"], "replications"),
    ]


def monthly_table(run: Run) -> HtmlTable:
    """Give means over replications by month of the portfolio."""
    columns = [
        "month_end", "posted_yen", "billed_yen", "principal_receivable_yen",
        "overdue_principal_yen", "members_admitted", "members_overdue", "members_written_off",
    ]  # fmt: skip
    means = (
        run.tables["portfolio"]
        .group_by("month_end")
        .agg(pl.col(columns[1:]).mean().round(0).cast(pl.Int64))
        .sort("month_end")
    )
    return metric_table(
        "portfolio", say("Portfolio by month"), means, columns, say("Means over replications.")
    )


def product_table(run: Run) -> HtmlTable:
    """Set lenders and products side by side: sums over replications, their rates anew."""
    sums = (
        run.tables["products"]
        .group_by("lender", "product", maintain_order=True)
        .agg(pl.col(pl.Int64).sum())
    )
    rates = {"take_rate": "revenue_yen", "net_loss_rate": "net_loss_yen"}
    means = sums.with_columns(
        *(ratio(above, "posted_yen").alias(name) for name, above in rates.items()),
        ratio(
            "purchases_authorised", pl.col("purchases_authorised") + pl.col("purchases_declined")
        ).alias("approval_rate"),
    ).with_columns(pl.col(pl.Int64) // run.n_replications)
    columns = ["lender", "product", "purchases_asked", "approval_rate", "posted_yen",
               "revenue_yen", "cost_yen", "net_loss_yen", "profit_yen", "take_rate",
               "net_loss_rate"]  # fmt: skip
    note = say(
        "Means over replications; the row without a product holds what belongs to no one product."
    )
    return metric_table("products", say("Products side by side"), means, columns, note)


def unit_table(run: Run) -> HtmlTable:
    """Give income, cost, loss and profit of a purchase and of a member."""
    units = run.tables["unit_economics"].filter(
        pl.col("item").is_in(["revenue", "cost", "net_loss", "profit"])
        & pl.col("base").is_in(["purchase", "active_member"])
        & (pl.col("units") > 0)
    )
    columns = ["lender", "product", "item", "base", "mean", "lower", "upper"]
    note = say(
        "Yen per unit: mean over replications with its interval. The row without a product is "
        "what belongs to no one product."
    )
    return metric_table("unit_economics", say("Unit economics"), units, columns, note)


def concentration_table(run: Run) -> HtmlTable:
    """Say how few customers bear the loss."""
    columns = ["replication", "lender", "customers", "net_loss_yen", "worst_1_share",
               "worst_5_share", "worst_10_share", "worst_20_share", "gini"]  # fmt: skip
    note = say("Net loss booked by person; a share is that of the worst 1, 5, 10 or 20 %.")
    return metric_table("loss_concentration", say("Concentration of losses"),
                        run.tables["loss_concentration"], columns, note)  # fmt: skip


def fairness_table(run: Run) -> HtmlTable:
    """Give how bands of age and income fare: the measures that are shares."""
    shares = run.tables["fairness"].filter(pl.col("interval") == "wilson")
    columns = ["lender", "attribute", "band", "measure", "denominator", "rate", "overall_rate",
               "difference", "lower", "upper"]  # fmt: skip
    note = say(
        "Shares of persons or uses with Wilson's interval, which is too narrow where common shocks "
        "matter; averages a customer are in metrics/fairness. A description: it does not ask why."
    )
    units = {"difference": POINTS, "lower": "share", "upper": "share"}
    return metric_table("fairness", say("How bands of age and income fare"), shares, columns, note,
                        units=units)  # fmt: skip


def tables_of(run: Run) -> list[HtmlTable]:
    """Give the tables of the page in their order."""
    return [
        product_table(run),
        unit_table(run),
        *_credit_tables(run),
        concentration_table(run),
        monthly_table(run),
        *_operation_tables(run),
        fairness_table(run),
        _per_run(run),
    ]


def _credit_tables(run: Run) -> Iterable[HtmlTable]:
    """Give the tables about arrears."""
    curve = run.tables["unpaid_curve"]
    columns = [name for name in curve.columns if name != "standard_deviation"]
    yield metric_table("unpaid_curve", say("Unpaid share by days past due"), curve, columns,
                       say(TABLE["unpaid_curve"].notes))  # fmt: skip
    rolls = run.tables["roll_rates"].filter(pl.col("month").is_null() & (pl.col("members") > 0))
    columns = ["from_bucket", "to_bucket", "members", "member_share", "lower", "upper",
               "principal_share"]  # fmt: skip
    note = say(
        "Moves that nobody made have no row. The interval takes member-months as independent, "
        "which members of one replication are not under common shocks: it is too narrow then."
    )
    yield metric_table("roll_rates", say("Roll rates, all months"), rolls, columns, note)


def _operation_tables(run: Run) -> Iterable[HtmlTable]:
    """Give the tables about desks and people, summed over replications."""
    desks = run.tables["desk_totals"]
    columns = ["replication", "desk", "arrivals", "served", "moot", "mean_wait_minutes",
               "utilisation"]  # fmt: skip
    yield metric_table("desk_totals", say("Desks by replication"), desks, columns)
    members = run.tables["members"]
    columns = ["replication", "age_band", "persons", "admitted", "admission_rate",
               "share_14_days_past_due", "written_off", "written_off_share"]  # fmt: skip
    yield metric_table("members", say("Members by replication and age"), members, columns)


def _per_run(run: Run) -> HtmlTable:
    """Give the headline numbers of each replication."""
    columns = ["replication", "posted_yen", "revenue_yen", "cost_yen", "written_off_yen",
               "recovered_yen", "net_loss_rate", "profit_yen", "unpaid_share_30",
               "vintage_net_loss_share", "macro_factor_mean"]  # fmt: skip
    return metric_table("replications", say("Replications"), run.tables["replications"], columns)
