"""Tables about persons: who bears the losses, and how bands of age and income fare."""

import math
from typing import NamedTuple

import polars as pl

from sim.config import Config
from sim.facts.persons import AGE_BANDS, INCOME_BANDS
from sim.metrics import statistics
from sim.metrics.declared.persons import (
    CONCENTRATION,
    FAIRNESS,
    STRATEGIES,
    WORST_PERCENT,
)
from sim.metrics.frames import conform, pick, ratio, sort_by_rank
from sim.metrics.products import LENDERS

BANDS = (*AGE_BANDS, *INCOME_BANDS)
KEYS = ["lender", "attribute", "band"]


ALL = "all"


class Measure(NamedTuple):
    """Numerator and denominator of a measure: keys of the facts whose counts are summed."""

    numerator: str
    denominator: tuple[str, ...]
    value: str = "count"
    is_share: bool = True


MEASURES = {
    "admission": Measure("admitted", ("admitted", "rejected")),
    "approval": Measure("uses_authorised", ("uses_authorised", "uses_declined")),
    "charged_late_fee": Measure("late_fees", ("customers",)),
    "late_fee_yen": Measure("late_fees", ("customers",), "yen", is_share=False),
    "charged_late_damages": Measure("late_damages", ("customers",)),
    "late_damages_yen": Measure("late_damages", ("customers",), "yen", is_share=False),
    "contacts": Measure("contacts", ("customers",), is_share=False),
    "written_off": Measure("written_off", ("customers",)),
    "written_off_yen": Measure("written_off", ("customers",), "yen", is_share=False),
}
"""Measures in their order."""


def strategies(facts: pl.DataFrame) -> pl.DataFrame:
    """Set the strategies of collection side by side."""
    keys = ["replication", "lender", "strategy"]
    rows = pick(facts, "strategies").rename({"key": "strategy"})

    def of(measure: str, value: str = "count") -> pl.Expr:
        return pl.col(value).filter(pl.col("subkey") == measure).sum()

    frame = rows.group_by(keys).agg(
        of("members").alias("members"),
        of("bills_late").alias("bills_late"),
        of("contacts").alias("contacts"),
        of("overdue").alias("overdue_members"),
        of("overdue", "yen").alias("overdue_yen"),
        of("written_off").alias("written_off_members"),
        of("written_off", "yen").alias("written_off_yen"),
        of("net_loss", "yen").alias("net_loss_yen"),
    )
    frame = frame.with_columns(
        ratio("contacts", "members").alias("contacts_per_member"),
        ratio("net_loss_yen", "members").alias("net_loss_per_member"),
    )
    return conform(frame.sort(keys), STRATEGIES)


def fairness(facts: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Compute every measure by band, its difference to all and its interval."""
    by_replication = pl.concat([_measured(facts, name) for name in MEASURES])
    keys = [*KEYS, "measure"]
    sums = by_replication.group_by(keys).agg(pl.col("numerator", "denominator").sum())
    whole = ["lender", "attribute", "measure"]
    overall = ratio(pl.col("numerator").sum().over(whole), pl.col("denominator").sum().over(whole))
    frame = sums.with_columns(
        ratio("numerator", "denominator").alias("rate"), overall.alias("overall_rate")
    ).with_columns((pl.col("rate") - pl.col("overall_rate")).alias("difference"))
    frame = frame.join(_intervals(by_replication, keys, config), on=keys)
    order = {"lender": LENDERS, "attribute": ["age", "income"], "band": BANDS}
    frame = sort_by_rank(frame, [], {**order, "measure": list(MEASURES)})
    return conform(frame, FAIRNESS)


def _measured(facts: pl.DataFrame, name: str) -> pl.DataFrame:
    """Sum numerator and denominator of a measure by replication and band."""
    measure = MEASURES[name]
    above = pl.col(measure.value).filter(pl.col("key") == measure.numerator).sum()
    below = pl.col("count").filter(pl.col("key").is_in(measure.denominator)).sum()
    parts = pl.col("subkey").str.split_exact(":", 1)
    bands = pick(facts, "bands").with_columns(
        parts.struct.field("field_0").alias("attribute"),
        parts.struct.field("field_1").alias("band"),
    )
    return (
        bands.group_by("replication", *KEYS)
        .agg(above.alias("numerator"), below.alias("denominator"))
        .with_columns(pl.lit(name).alias("measure"))
    )


def _intervals(by_replication: pl.DataFrame, keys: list[str], config: Config) -> pl.DataFrame:
    """Give the interval of the rate of each band: Wilson's of a share, else that of a ratio."""
    level, found = config.experiment.confidence, []
    for key, part in by_replication.partition_by(keys, as_dict=True).items():
        above, below = part["numerator"].to_list(), part["denominator"].to_list()
        if MEASURES[str(key[-1])].is_share:
            interval, kind = statistics.wilson_interval(sum(above), sum(below), level), "wilson"
        else:
            interval, kind = _average(above, below, level), "ratio"
        found.append((*key, interval and interval.lower, interval and interval.upper, kind))
    names = dict.fromkeys(keys, pl.String)
    numbers = {"lower": pl.Float64, "upper": pl.Float64, "interval": pl.String}
    return pl.DataFrame(found, schema={**names, **numbers}, orient="row")


def _average(above: list[int], below: list[int], confidence: float) -> statistics.Interval | None:
    """Give the interval of an average of what is at least 0, cut there."""
    interval = statistics.ratio_interval(above, below, confidence)
    return interval and interval.within((0.0, math.inf), sum(above) / sum(below))


def loss_concentration(facts: pl.DataFrame) -> pl.DataFrame:
    """Compute the share of the loss that the worst members bear, and its Gini coefficient."""
    keys = ["replication", "lender"]
    losses = pick(facts, "losses").with_columns(
        pl.when(pl.col("lender") == "").then(pl.lit(ALL)).otherwise("lender").alias("lender")
    )

    def worst(permille: int, value: str) -> pl.Expr:
        is_so = (pl.col("key") == "worst") & (pl.col("subkey") == str(permille))
        return pl.col(value).filter(is_so).sum()

    frame = losses.group_by(keys).agg(
        worst(1000, "count").alias("customers"),
        worst(1000, "yen").alias("net_loss_yen"),
        *(worst(10 * p, "count").alias(f"worst_{p}_customers") for p in WORST_PERCENT),
        *(worst(10 * p, "yen").alias(f"worst_{p}_yen") for p in WORST_PERCENT),
        pl.col("yen").filter(pl.col("key") == "rank_weighted").sum().alias("rank_weighted_yen"),
    )
    n, loss = pl.col("customers"), pl.col("net_loss_yen")
    frame = frame.with_columns(
        *(ratio(f"worst_{p}_yen", "net_loss_yen").alias(f"worst_{p}_share") for p in WORST_PERCENT),
        ratio(2 * pl.col("rank_weighted_yen") - (n + 1) * loss, n * loss).alias("gini"),
    )
    order = {"lender": [*LENDERS, ALL]}
    return conform(sort_by_rank(frame, ["replication"], order), CONCENTRATION)
