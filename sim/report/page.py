"""The page of a run: one self-contained HTML file that opens offline."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sim.report.contract_tables import clause_table, parameter_table, silent_clause_table
from sim.report.figures.by_theme import THEMES
from sim.report.html_tables import headline_table, tables_of
from sim.report.language import say
from sim.report.layout import Card, Themes, numbered, plates, sections, whole_page
from sim.report.numbers import counted, in_unit, level_text, percent, span
from sim.report.source import AS_SAMPLED, Run
from sim.report.style import Drawing
from sim.report.targets import targets_of

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


def page(run: Run, drawings: Mapping[str, Sequence[Drawing]], first: str = "en") -> str:
    """Write the page of a run.

    Parameters
    ----------
    run
        The results.
    drawings
        Its figures by language, each in the order of `sim.report.figures.by_theme.THEMES`.
    first
        The language that is shown when the page opens.

    Returns
    -------
    str
        See `sim.report.layout.whole_page`.
    """

    def body(place: str) -> dict[str, object]:
        code = place.removesuffix("-") or "en"
        shown = plates(_themes(drawings[code]), place, with_data=code == first)
        tables = numbered(
            [
                headline_table(run),
                *tables_of(run),
                parameter_table(run),
                clause_table(run),
                silent_clause_table(run),
            ]
        )
        return {
            "run": run,
            "lead": _lead(run),
            "cards": list(_cards(run)),
            "figures": shown,
            "tables": tables,
            "sections": sections(say("Headline numbers"), shown, tables),
            "level": level_text(run.summary["confidence"]),
            "as_sampled": AS_SAMPLED,
            "versions": _versions(run),
            "citation": _citation(run),
        }

    return whole_page("report.html", run.manifest.name, body, drawings, first)


def _themes(drawings: Sequence[Drawing]) -> Themes:
    """Sort the figures under their headings."""
    left = iter(drawings)
    return {theme: list(islice(left, len(functions))) for theme, functions in THEMES.items()}


def _lead(run: Run) -> str:
    """Say what was simulated."""
    return say(
        "{persons}, {start} to {end} ({months}), {replications}, seed {seed}.",
        persons=counted(run.config.population.members, "{n} person", "{n} persons"),
        start=run.config.start,
        end=max(run.tables["portfolio"]["month_end"].to_list()),
        months=counted(run.config.months, "{n} month", "{n} months"),
        replications=counted(run.n_replications, "{n} replication", "{n} replications"),
        seed=run.manifest.seed,
    )


def _cards(run: Run) -> Iterator[Card]:
    """Write the headline numbers and the tail of the losses."""
    for name, title in CARDS.items():
        metric = run.summary["metrics"][name]
        target = targets_of(run.config).get(name)
        aim, is_met = "", None
        if target is not None:
            ends = span(percent(target.low), percent(target.high))
            if metric["mean"] is None:
                aim = say("target range: {ends}; not observed", ends=ends)
            elif target.holds(metric["mean"]):
                aim, is_met = say("within target range: {ends}", ends=ends), True
            else:
                aim, is_met = say("outside target range: {ends}", ends=ends), False
        value = in_unit(metric["mean"], metric["unit"])
        yield Card(say(title), value, _interval(metric), f"metric-{name}", aim, is_met)
    tail = run.summary["losses"]["net_loss_rate"]
    level = level_text(run.summary["tail"])
    for key, title in (
        ("value_at_risk", "Value at risk, {level}"),
        ("expected_shortfall", "Expected shortfall, {level}"),
    ):
        estimate = tail[key]
        value = in_unit(estimate["value"], "share")
        note = _interval(estimate) or say("no interval: too few replications")
        yield Card(say(title, level=level), value, note, "metric-net_loss_rate")


def _interval(metric: Mapping[str, Any]) -> str:
    """Write an interval, nothing where there is none."""
    if metric["lower"] is None:
        return ""
    unit = str(metric.get("unit", "share"))
    return span(in_unit(metric["lower"], unit), in_unit(metric["upper"], unit))


def _versions(run: Run) -> list[tuple[str, str]]:
    """List what made the results; identities in full."""
    manifest = run.manifest
    code, around = manifest.code, manifest.surroundings
    packages = ", ".join(f"{name} {version}" for name, version in around["packages"].items())
    return [
        (say("result digest (SHA-256 over the facts)"), str(manifest.result_digest)),
        (say("configuration digest"), manifest.config_digest),
        (say("source digest"), code["source_digest"]),
        (say("version of tsuke"), code["version"]),
        (say("commit"), code["commit"] or say("not from a work tree")),
        (say("seed"), str(manifest.seed)),
        (say("replications"), span("0", str(manifest.replications - 1))),
        (say("driver"), manifest.driver),
        ("Python", around["python"]),
        (say("packages"), packages),
        (say("platform"), around["platform"]),
        (say("started"), manifest.started),
        (say("finished"), str(manifest.finished)),
    ]


def _citation(run: Run) -> str:
    """Say how the report is cited."""
    manifest = run.manifest
    return say(
        "{name}: report of a simulation with tsuke {version}, {day}, seed {seed}, {replications}, "
        "result digest {digest}.",
        name=manifest.name,
        version=manifest.code["version"],
        day=str(manifest.finished)[:10],
        seed=manifest.seed,
        replications=counted(run.n_replications, "{n} replication", "{n} replications"),
        digest=str(manifest.result_digest)[:12],
    )
