"""Tables about members: arrears by bucket, moves between buckets, declines, age bands."""

import polars as pl

from sim.config import Config
from sim.metrics.books import DECLINED
from sim.metrics.declared import credit as declared
from sim.metrics.declared.operations import MEMBERS
from sim.metrics.frames import MONTHLY, by_kind, conform, pick, ratio, sort_by_rank, with_wilson
from sim.record.tallies import Bucket

BUCKETS = [bucket.name.lower() for bucket in Bucket]
"""Buckets in order of severity."""

MEASURES = {
    "persons": "persons",
    "admitted": "admitted",
    "rejected": "rejected",
    "users_of_last_year": "users_of_last_year",
    "users_14_days_past_due": "users_of_last_year_14_days_past_due",
    "written_off": "written_off",
}
"""Measure of the facts behind each column."""


def arrears(facts: pl.DataFrame, grid: pl.DataFrame) -> pl.DataFrame:
    """Compute members and principal by bucket and month end."""
    kinds = {name: name for name in BUCKETS}
    frame = by_kind(pick(facts, "arrears"), grid, kinds, "bucket")
    frame = frame.rename({"count": "members", "yen": "principal_yen"}).with_columns(
        ratio("principal_yen", pl.col("principal_yen").sum().over(MONTHLY)).alias("principal_share")
    )
    return conform(frame, declared.ARREARS)


def roll_rates(facts: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Compute the transition matrix between month-end buckets, pooled and by month."""
    moves = pick(facts, "moves").rename({"key": "from_bucket", "subkey": "to_bucket"})
    pooled = moves.with_columns(pl.lit(None, dtype=pl.Int16).alias("month"))
    frame = pl.concat([_matrix(pooled), _matrix(moves)])
    frame = sort_by_rank(frame, ["month"], {"from_bucket": BUCKETS, "to_bucket": BUCKETS})
    frame = with_wilson(frame, "members", "members_from", config.experiment.confidence)
    frame = frame.with_columns(
        ratio("members", "members_from").alias("member_share"),
        ratio("principal_yen", "principal_from_yen").alias("principal_share"),
    )
    return conform(frame, declared.ROLL_RATES)


def _matrix(moves: pl.DataFrame) -> pl.DataFrame:
    """Sum moves over replications; from a bucket that anybody left, every move has a row."""
    sums = [pl.col("count").sum().alias("members"), pl.col("yen").sum().alias("principal_yen")]
    totals = moves.group_by("month", "from_bucket").agg(
        pl.col("count").sum().alias("members_from"), pl.col("yen").sum().alias("principal_from_yen")
    )
    targets = pl.Series("to_bucket", BUCKETS, dtype=pl.String).to_frame()
    cells = moves.group_by("month", "from_bucket", "to_bucket").agg(sums)
    return (
        totals.join(targets, how="cross")
        .join(cells, on=["month", "from_bucket", "to_bucket"], how="left", nulls_equal=True)
        .with_columns(pl.col("members", "principal_yen").fill_null(0))
    )


def declines(facts: pl.DataFrame, grid: pl.DataFrame) -> pl.DataFrame:
    """Compute declined uses by reason."""
    reasons = {activity: activity.removeprefix("declined_") for activity in DECLINED}
    frame = by_kind(pick(facts, "events"), grid, reasons, "reason")
    frame = frame.rename({"count": "purchases"}).with_columns(
        ratio("purchases", pl.col("purchases").sum().over(MONTHLY)).alias("share")
    )
    return conform(frame, declared.DECLINES)


def members(facts: pl.DataFrame) -> pl.DataFrame:
    """Compute admission, arrears of the last year and write-offs by age band."""
    counts = pick(facts, "members").rename({"subkey": "age_band"})
    everybody = counts.with_columns(pl.lit("all").alias("age_band"))
    sums = [
        pl.col("count").filter(pl.col("key") == measure).sum().alias(column)
        for column, measure in MEASURES.items()
    ]
    frame = pl.concat([counts, everybody]).group_by("replication", "age_band").agg(sums)
    frame = frame.with_columns(
        ratio("admitted", pl.col("admitted") + pl.col("rejected")).alias("admission_rate"),
        ratio("users_14_days_past_due", "users_of_last_year").alias("share_14_days_past_due"),
        ratio("written_off", "admitted").alias("written_off_share"),
    )
    bands = {"age_band": ["below_20", "from_20", "all"]}
    return conform(sort_by_rank(frame, ["replication"], bands), MEMBERS)
