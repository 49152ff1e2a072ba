"""The page: one self-contained HTML file that opens offline."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import islice
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sim.metrics.columns import TABLE
from sim.report.figures import THEMES
from sim.report.html_tables import (
    clause_table,
    headline_table,
    note_of,
    parameter_table,
    silent_clause_table,
    tables_of,
)
from sim.report.numbers import grouped, millions, percent, shown, significant
from sim.report.source import Run
from sim.report.style import Drawing, inline
from sim.report.targets import TARGETS

TARGET = "target range"

CARDS = {
    "posted_yen": "Purchases (GMV)",
    "profit_yen": "Profit",
    "take_rate": "Income per yen of GMV",
    "net_loss_rate": "Net loss booked, of GMV",
    "vintage_net_loss_share": "Net loss of old vintages",
    "unpaid_share_30": "Unpaid 30 days past due",
    "share_14_days_past_due": "Users 14 days behind in a year",
    "approval_rate": "Uses authorised",
}
"""Headline metrics that have a card, and its title."""


@dataclass(frozen=True)
class Card:
    """One headline number."""

    title: str
    value: str
    interval: str
    note: str
    target: str = ""
    is_met: bool = True


def page(run: Run, drawings: Sequence[Drawing]) -> str:
    """Write the page of a run.

    Parameters
    ----------
    run
        The results.
    drawings
        Its figures, in the order of `sim.report.figures.THEMES`.

    Returns
    -------
    str
        HTML without reference to anything outside itself. Every text is escaped; only our own
        style sheet, script and figures are taken as they are.
    """
    return (
        environment()
        .get_template("report.html")
        .render(
            run=run,
            manifest=run.manifest,
            last_day=_last_day(run),
            style=asset("report.css"),
            script=asset("report.js"),
            cards=list(_cards(run)),
            themes=_themes(drawings),
            headline=headline_table(run),
            tables=tables_of(run),
            parameters=parameter_table(run),
            clauses=clause_table(run),
            silent=silent_clause_table(run),
            grouped=grouped,
            percent=percent,
            versions=_versions(run),
        )
    )


def environment() -> Environment:
    """Give the templates of this package; every text is escaped, nothing undefined is written."""
    return Environment(
        loader=PackageLoader("sim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def asset(name: str) -> Markup:
    """Read a part of the page that is ours, hence safe."""
    text = resources.files("sim.report").joinpath("templates", name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 - a file of this package


def _last_day(run: Run) -> str:
    """Give the last day of the horizon."""
    return str(max(run.tables["portfolio"]["month_end"].to_list()))


def _themes(drawings: Sequence[Drawing]) -> dict[str, list[tuple[int, Drawing, Markup]]]:
    """Sort the figures under their headings, numbered through."""
    numbered = iter(enumerate(drawings, start=1))
    return {
        theme: [
            (number, drawing, Markup(inline(drawing)))  # noqa: S704 - matplotlib escapes texts
            for number, drawing in islice(numbered, len(functions))
        ]
        for theme, functions in THEMES.items()
    }


def _cards(run: Run) -> Iterator[Card]:
    """Write the headline numbers and the tail of the losses."""
    notes = {column.name: note_of(column) for column in TABLE["replications"].columns}
    for name, title in CARDS.items():
        metric = run.summary["metrics"][name]
        target = TARGETS.get(name)
        yield Card(
            title,
            _value(metric["mean"], metric["unit"]),
            _interval(metric),
            notes[name],
            f"{TARGET}: {percent(target.low)} to {percent(target.high)}" if target else "",
            target is None or metric["mean"] is None or target.holds(metric["mean"]),
        )
    tail = run.summary["losses"]["net_loss_rate"]
    level = f"{100 * run.summary['tail']:g} %"
    for key, title in (
        ("value_at_risk", f"Value at risk, {level}"),
        ("expected_shortfall", f"Expected shortfall, {level}"),
    ):
        estimate = tail[key]
        interval = _interval(estimate) or f"no interval: {estimate['reason']}"
        note = "Of the net loss booked, per yen of GMV, over replications."
        yield Card(title, _value(estimate["value"], "share"), interval, note)


def _value(value: float | None, unit: str) -> str:
    """Write a headline number."""
    match unit:
        case "yen":
            return millions(value)
        case "share":
            return percent(value)
        case _ if value is not None:
            return f"{significant(value)} {unit}"
    return shown(value, unit)


def _interval(metric: Mapping[str, Any]) -> str:
    """Write an interval, nothing where there is none."""
    if metric["lower"] is None:
        return ""
    unit = str(metric.get("unit", "share"))
    return f"{_value(metric['lower'], unit)} to {_value(metric['upper'], unit)}"


def _versions(run: Run) -> list[tuple[str, str]]:
    """List what made the results; identities in full."""
    manifest = run.manifest
    code, around = manifest.code, manifest.surroundings
    packages = ", ".join(f"{name} {version}" for name, version in around["packages"].items())
    return [
        ("result digest (SHA-256 over the facts)", str(manifest.result_digest)),
        ("configuration digest", manifest.config_digest),
        ("source digest", code["source_digest"]),
        ("version of tsuke", code["version"]),
        ("commit", code["commit"] or "not from a work tree"),
        ("seed", str(manifest.seed)),
        ("replications", f"0 to {manifest.replications - 1}"),
        ("driver", manifest.driver),
        ("Python", around["python"]),
        ("packages", packages),
        ("platform", around["platform"]),
        ("started", manifest.started),
        ("finished", str(manifest.finished)),
    ]
