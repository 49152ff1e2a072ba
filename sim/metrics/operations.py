"""Tables about work: collections, desks and their backlog, clauses."""

from collections.abc import Iterable

import polars as pl

from models.products.catalogue import Lender
from sim.config import Config
from sim.engine.desks.statistics import SKILL_MEASURES, WAIT_EDGES_MINUTES
from sim.metrics.books import RECOVERED
from sim.metrics.declared import operations as declared
from sim.metrics.frames import (
    SECONDS_PER_MINUTE,
    conform,
    onto,
    pick,
    ratio,
    sort_by_rank,
    spread,
)
from sim.metrics.statistics import rank_of
from sim.record.eventlog import ACTIVITIES
from sim.record.postings import POSTINGS

DESK_NAMES = ("review", "calls", "law_firm", "clerks", "court")
DESK_PREFIXES = {"np": "", "au": "au_"}
"""How the names of the desks of a lender begin."""
DESKS_OF = {
    lender: [f"{prefix}{desk}" for desk in DESK_NAMES] for lender, prefix in DESK_PREFIXES.items()
}
"""The desks of each lender in their order."""
DESKS = [desk for desks in DESKS_OF.values() for desk in desks]
"""Desks in their order."""
MEASURES = [
    "arrivals",
    "served",
    "moot",
    "wait_seconds",
    "service_seconds",
    "capacity_seconds",
    "outsourced",
    "interrupted",
    "absent_seconds",
]
WAIT_CLASSES: dict[str, int | None] = {
    **{f"wait_below_{edge}_minutes": edge for edge in WAIT_EDGES_MINUTES},
    "wait_longer": None,
}
"""Upper edge in minutes by measure of the facts."""

EVENT_COLUMNS = {
    "reminders": "reminder_sent",
    "payments_missed": "payment_missed",
    "contacts": "contact_sent",
    "calls_no_contact": "call_no_contact",
    "calls_reached": "call_reached",
    "promises_made": "promise_made",
    "promises_broken": "promise_broken",
    "handed_over": "handed_over",
    "kept_in_house": "kept_in_house",
    "agency_rounds": "agency_round",
    "agency_collections": "agency_collected",
    "orders_filed": "order_filed",
    "lawsuits_filed": "lawsuit_filed",
    "objections": "objected",
    "titles_final": "title_final",
    "wages_attached": "wage_attached",
    "intermediaries_retained": "intermediary_retained",
    "plans_agreed": "plan_agreed",
    "plans_cancelled": "plan_cancelled",
    "late_payments": "bill_paid_late",
}
"""Activity that each column counts."""


def collections(facts: pl.DataFrame, grid: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Compute dunning, calls and the law firm by month."""
    counts = {name: ([key], "count") for name, key in EVENT_COLUMNS.items()}
    several = {
        "orders_lapsed": (["order_lapsed", "service_failed"], "count"),
        "insolvency_petitions": (["bankruptcy_filed", "rehabilitation_filed"], "count"),
        "garnished_yen": (["wage_garnished", "account_attached"], "yen"),
        "plan_paid_yen": (["plan_paid"], "yen"),
    }
    money = {
        "agency_collected_yen": (["agency_collected"], "yen"),
        "late_paid_yen": (["bill_paid_late"], "yen"),
    }
    posted = {
        "agency_fee_yen": (["agency_fee"], "yen"),
        "recovered_yen": (RECOVERED, "yen"),
        "contact_cost_yen": (["contact_cost"], "yen"),
        "court_cost_yen": (["court_cost", "legal_work"], "yen"),
    }
    frame = onto(grid, spread(pick(facts, "events"), {**counts, **several, **money}))
    frame = onto(frame, spread(pick(facts, "postings"), posted))
    reminder_cost = pl.col("reminders") * config.collections.reminder_cost_yen
    frame = frame.with_columns(
        reminder_cost.alias("reminder_cost_yen"),
        (pl.col("contact_cost_yen") - reminder_cost).alias("dunning_cost_yen"),
    ).with_columns(cost_per_yen().alias("cost_per_yen"), contact_rate().alias("contact_rate"))
    return conform(frame, declared.COLLECTIONS)


def cost_per_yen() -> pl.Expr:
    """Give the cost of one yen that came in late."""
    cost = pl.col("dunning_cost_yen") + pl.col("agency_fee_yen") + pl.col("court_cost_yen")
    return ratio(cost, pl.col("late_paid_yen") + pl.col("recovered_yen"))


def contact_rate() -> pl.Expr:
    """Give the share of call sessions that reached the member."""
    reached = pl.col("calls_reached") + pl.col("promises_made")
    return ratio(reached, reached + pl.col("calls_no_contact"))


def desks_at_work(names: Iterable[str]) -> dict[str, list[str]]:
    """Give the desks of each lender of which one is named.

    Examples
    --------
    >>> list(desks_at_work(["au_calls", "au_review"]))
    ['au']
    """
    found = set(names)
    return {lender: desks for lender, desks in DESKS_OF.items() if not found.isdisjoint(desks)}


def desks(facts: pl.DataFrame, grid: pl.DataFrame) -> pl.DataFrame:
    """Compute the work of desks by month."""
    present = [
        desk for desks in desks_at_work(pick(facts, "desk")["key"]).values() for desk in desks
    ]
    names = pl.Series("desk", present, dtype=pl.String).to_frame()
    full = grid.join(names, how="cross", maintain_order="left_right")
    keys = ["replication", "month", "desk"]
    return conform(_with_rates(onto(full, _work(facts, keys), keys)), declared.DESKS)


def desk_totals(facts: pl.DataFrame) -> pl.DataFrame:
    """Compute the work of desks over the horizon."""
    frame = _with_rates(_work(facts, ["replication", "desk"]))
    frame = sort_by_rank(frame, ["replication"], {"desk": DESKS})
    return conform(frame, declared.DESK_TOTALS)


def _work(facts: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Sum the measures of desks."""
    return (
        pick(facts, "desk")
        .rename({"key": "desk"})
        .group_by(keys)
        .agg(
            pl.col("count").filter(pl.col("subkey") == measure).sum().alias(measure)
            for measure in MEASURES
        )
    )


def _with_rates(work: pl.DataFrame) -> pl.DataFrame:
    """Add mean wait and utilisation."""
    return work.with_columns(
        ratio("wait_seconds", SECONDS_PER_MINUTE * pl.col("served")).alias("mean_wait_minutes"),
        ratio("service_seconds", "capacity_seconds").alias("utilisation"),
    )


def desk_skills(facts: pl.DataFrame) -> pl.DataFrame:
    """Compute the work of desks by the skill that it needs, where people differ in theirs."""
    parts = pl.col("subkey").str.splitn("/", 2)
    measures = [*SKILL_MEASURES, "capacity_seconds"]
    frame = (
        pick(facts, "skill")
        .rename({"key": "desk"})
        .with_columns(
            parts.struct.field("field_0").alias("measure"),
            parts.struct.field("field_1").alias("skill"),
        )
        .group_by("replication", "desk", "skill")
        .agg(
            pl.col("count").filter(pl.col("measure") == measure).sum().alias(measure)
            for measure in measures
        )
    )
    order = pl.col("desk").replace_strict(DESKS, range(len(DESKS)), return_dtype=pl.Int32)
    frame = _with_rates(frame).sort("replication", order, "skill")
    return conform(frame, declared.DESK_SKILLS)


def desk_waits(facts: pl.DataFrame) -> pl.DataFrame:
    """Sum the histogram of waits by desk."""
    frame = (
        pick(facts, "desk")
        .filter(pl.col("subkey").is_in(list(WAIT_CLASSES)))
        .with_columns(
            pl.col("subkey")
            .replace_strict(WAIT_CLASSES, return_dtype=pl.Int64)
            .alias("below_minutes")
        )
        .group_by(pl.col("key").alias("desk"), "below_minutes")
        .agg(pl.col("count").sum().alias("served"))
        .sort("below_minutes", nulls_last=True)
    )
    served, longest = pl.col("served"), list(WAIT_CLASSES.values())
    edges = pl.col("below_minutes").fill_null(max(edge for edge in longest if edge) + 1)
    frame = frame.with_columns(
        ratio("served", served.sum().over("desk")).alias("share"),
        ratio(served.cum_sum().over("desk", order_by=edges), served.sum().over("desk")).alias(
            "cumulative_share"
        ),
    )
    order = pl.col("desk").replace_strict(DESKS, range(len(DESKS)), return_dtype=pl.Int32)
    return conform(frame.sort([order, edges]), declared.DESK_WAITS)


def backlog(facts: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Compute the work waiting at midnight over replications."""
    n = facts["replication"].n_unique()
    ranked = pl.col("count").sort()
    frame = (
        pick(facts, "backlog")
        .group_by(pl.col("key").alias("desk"), pl.col("subkey").cast(pl.Int32).alias("day"))
        .agg(
            pl.col("count").sum().alias("waiting"),
            ranked.get(rank_of(n, 0.05) - 1).alias("lower"),
            ranked.get(rank_of(n, 0.95) - 1).alias("upper"),
            ranked.last().alias("largest"),
        )
        .with_columns(
            (pl.lit(config.start) + pl.duration(days=pl.col("day"))).cast(pl.Date).alias("date"),
            ratio("waiting", pl.lit(n)).alias("mean"),
        )
    )
    order = pl.col("desk").replace_strict(DESKS, range(len(DESKS)), return_dtype=pl.Int32)
    return conform(frame.sort([order, pl.col("day")]), declared.BACKLOG)


def clauses(facts: pl.DataFrame) -> pl.DataFrame:
    """Count how often each clause acted, through postings and events."""
    n = facts["replication"].n_unique()
    lenders = [lender for lender in Lender if lender.name.lower() in set(facts["lender"])]
    cited = [
        (kind.clauses[lender], lender.name.lower(), record, kind.name.lower(), kind.meaning)
        for lender in lenders
        for record, kinds in (("posting", POSTINGS), ("event", ACTIVITIES))
        for kind in kinds
        if kind.clauses[lender]
    ]
    columns = ["clause", "lender", "record", "name", "meaning"]
    names = pl.DataFrame(cited, schema=dict.fromkeys(columns, pl.String), orient="row")
    happened = pl.concat(
        pick(facts, table)
        .group_by("lender", pl.lit(record).alias("record"), pl.col("key").alias("name"))
        .agg(pl.col("count", "yen").sum())
        for table, record in (("postings", "posting"), ("events", "event"))
    )
    frame = onto(names, happened, ["lender", "record", "name"]).with_columns(
        ratio("count", pl.lit(n)).alias("count_per_replication"),
        ratio("yen", pl.lit(n)).alias("yen_per_replication"),
    )
    return conform(frame.sort("clause", "lender", "record", "name"), declared.CLAUSES)
