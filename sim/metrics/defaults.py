"""Tables about defaults: exposure, workouts, probability, and provisions."""

import math
from collections.abc import Sequence

import polars as pl

from sim.config import Config
from sim.metrics.declared import defaults as declared
from sim.metrics.declared.credit import WORKOUT_DAYS
from sim.metrics.frames import conform, onto, pick, ratio, sort_by_rank, with_wilson
from sim.metrics.spells import ENDINGS, RUNNING, last_days, returns
from sim.record.tallies import Bucket, Snapshots
from sim.record.workouts import Flow

STATES = ["closed", RUNNING, "all"]
COLUMN_OF_FLOW = {
    Flow.PRINCIPAL: "principal_paid_yen",
    Flow.OTHER: "other_paid_yen",
    Flow.SET_OFF: "set_off_yen",
    Flow.SALE: "sale_yen",
    Flow.COLLECTION_COST: "collection_cost_yen",
    Flow.AGENCY_FEE: "agency_fee_yen",
}
COSTS = (Flow.COLLECTION_COST, Flow.AGENCY_FEE)
DAYS_PER_YEAR = 365
RECOVERY_DAYS = (0, 30, 60, 90, 120, 183, 274, 365, 545, 725)
"""Days since default of the recovery curve: last days of classes of `AGES`."""
HEADLINE_MONTHS, HEADLINE_DAYS = 6, "30"
"""Of the re-default rate and of the first payment default among the headline numbers."""
OWED = (
    pl.col("count").filter(pl.col("subkey") == "principal").sum().alias("defaults"),
    pl.col("yen").filter(pl.col("subkey") == "principal").sum().alias("principal_yen"),
    pl.col("yen").sum().alias("exposure_yen"),
)
"""Columns of facts about defaults."""
PAID = tuple(
    pl.col("yen").filter(pl.col("key") == flow.name.lower()).sum().alias(column)
    for flow, column in COLUMN_OF_FLOW.items()
)
"""Columns of facts about workouts."""
DAYS_SINCE = pl.col("subkey").str.split("/").list.get(1).cast(pl.Int32).alias("days")
"""Days since default in a fact about workouts."""
NO_MONTH = pl.lit(None, dtype=pl.Int16).alias("month")

MEMBER_BUCKETS = [bucket.name.lower() for bucket in Bucket if bucket != Bucket.NOT_A_MEMBER]
PUBLISHED_RATES = {
    "current": 0.009,
    "dpd_1_30": 0.159,
    "dpd_31_60": 0.44,
    "dpd_61_90": 0.65,
    "dpd_91_180": 0.78,
    "dpd_181_plus": 0.88,
}
"""Facts 6.1; for days 1 to 30 its two buckets are pooled by days and mean unpaid share."""


def exposure_at_default(facts: pl.DataFrame) -> pl.DataFrame:
    """Sum what is owed when defaults begin, pooled and by month."""
    defaults = pick(facts, "defaults")
    frame = (
        pl.concat([defaults.with_columns(NO_MONTH), defaults])
        .group_by("month", "key")
        .agg(
            pl.col("count").filter(pl.col("subkey") == "principal").sum().alias("defaults"),
            pl.col("yen").filter(pl.col("subkey") == "principal").sum().alias("principal_yen"),
            pl.col("yen").filter(pl.col("subkey") == "other").sum().alias("other_yen"),
        )
    )
    frame = frame.rename({"key": "ending"}).with_columns(
        (pl.col("principal_yen") + pl.col("other_yen")).alias("exposure_yen")
    )
    frame = sort_by_rank(frame, ["month"], {"ending": [*ENDINGS, RUNNING]})
    mean = ratio("exposure_yen", "defaults").alias("mean_exposure_yen")
    return conform(frame.with_columns(mean), declared.EXPOSURE_AT_DEFAULT)


def workouts(facts: pl.DataFrame, config: Config, by: list[str]) -> pl.DataFrame:
    """Sum defaults and their flows by state, and discount them.

    Parameters
    ----------
    facts
        Facts of a run.
    config
        The run: its funding rate.
    by
        Columns that identify a row of the outcome, besides `state`.
    """
    state = pl.when(pl.col("key") == RUNNING).then(pl.lit(RUNNING)).otherwise(pl.lit("closed"))
    owed = pick(facts, "defaults").with_columns(state.alias("state"))
    paid = pick(facts, "workouts").with_columns(
        pl.col("subkey").str.split("/").list.get(0).alias("state"),
        DAYS_SINCE,
    )
    keys = [*by, "state"]
    frame = _with_all(owed).group_by(keys).agg(*OWED)
    flows = _with_all(paid).group_by(*keys, "days").agg(*PAID)
    sums = flows.group_by(keys).agg(pl.col(*COLUMN_OF_FLOW.values()).sum())
    frame = onto(onto(frame, sums, keys), _discounted(flows, config, keys), keys)
    lost = pl.col("exposure_yen") - pl.col("discounted_yen")
    return frame.with_columns(ratio(lost, "exposure_yen").alias("loss_given_default"))


def _with_all(frame: pl.DataFrame) -> pl.DataFrame:
    """Add the rows once more under the state of all."""
    return pl.concat([frame, frame.with_columns(pl.lit("all").alias("state"))])


def _discounted(flows: pl.DataFrame, config: Config, keys: list[str]) -> pl.DataFrame:
    """Discount net flows to the day of default, by exact sums in the order of days."""
    rate = float(config.economics.funding_rate)
    out = [COLUMN_OF_FLOW[flow] for flow in COSTS]
    into = [name for name in COLUMN_OF_FLOW.values() if name not in out]
    net = (pl.sum_horizontal(into) - pl.sum_horizontal(out)).alias("net")
    grouped = flows.with_columns(net).group_by(keys).agg("days", "net")
    discounted = [
        math.fsum(
            yen * (1.0 + rate) ** (-day / DAYS_PER_YEAR)
            for day, yen in zip(days, nets, strict=True)
        )
        for days, nets in grouped.select("days", "net").iter_rows()
    ]
    return grouped.select(keys).with_columns(
        pl.Series("discounted_yen", discounted, dtype=pl.Float64)
    )


def workout_lgd(facts: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Compute what defaults lose, pooled and by month."""
    by_month = workouts(facts, config, ["month"])
    pooled = workouts(facts, config, []).with_columns(NO_MONTH)
    frame = pl.concat([pooled.select(by_month.columns), by_month])
    return conform(sort_by_rank(frame, ["month"], {"state": STATES}), declared.WORKOUT_LGD)


def recovery_curve(facts: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Compute what defaults have brought in by days since they began."""
    days = pl.Series("days", RECOVERY_DAYS, dtype=pl.Int32).to_frame()
    frame = onto(days, recovered(facts, config, [], RECOVERY_DAYS), ["days"])
    into = [name for flow, name in COLUMN_OF_FLOW.items() if flow not in COSTS]
    rates = (
        ratio("principal_paid_yen", "principal_yen").alias("principal_recovery_rate"),
        ratio(pl.sum_horizontal(into), "exposure_yen").alias("recovery_rate"),
    )
    return conform(frame.with_columns(rates), declared.RECOVERY_CURVE)


def recovered(
    facts: pl.DataFrame, config: Config, by: list[str], after: Sequence[int]
) -> pl.DataFrame:
    """Sum by days since default what defaults owed and have brought in, where observed so long.

    Parameters
    ----------
    facts
        Facts of a run.
    config
        The run: its horizon.
    by
        Columns that identify a row of the outcome, besides `days`.
    after
        Numbers of days, last days of classes of `AGES`.
    """
    seen = last_days(config)
    owed = pick(facts, "defaults").join(seen, on="month")
    paid = pick(facts, "workouts").join(seen, on="month").with_columns(DAYS_SINCE)
    parts = []
    for days in after:
        is_old, keys = pl.col("days_after") >= days, [pl.lit(days, pl.Int32).alias("days"), *by]
        sums = owed.filter(is_old).group_by(keys).agg(*OWED)
        flows = paid.filter(is_old & (pl.col("days") <= days)).drop("days")
        parts.append(onto(sums, flows.group_by(keys).agg(*PAID), ["days", *by]))
    return pl.concat(parts)


def probability_of_default(facts: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Compute the share of members who default within a year, pooled and by month."""
    last = config.months - 1 - Snapshots.PD_MONTHS
    is_observed = (pl.col("month") <= last).alias("is_observed")
    sound = pick(facts, "sound").filter(pl.col("key").is_in(MEMBER_BUCKETS))
    sound = sound.with_columns(is_observed)
    pooled = sound.filter("is_observed").with_columns(NO_MONTH)
    frame = (
        pl.concat([pooled, sound])
        .group_by("month", "key", "is_observed")
        .agg(
            pl.col("count").filter(pl.col("subkey") == "members").sum().alias("members"),
            pl.col("count").filter(pl.col("subkey") == "defaults").sum().alias("defaults"),
        )
    )
    frame = sort_by_rank(frame.rename({"key": "bucket"}), ["month"], {"bucket": MEMBER_BUCKETS})
    level = config.experiment.confidence
    frame = with_wilson(frame, "defaults", "members", level).with_columns(
        ratio("defaults", "members").alias("probability")
    )
    seen = pl.when("is_observed").then(pl.col("probability", "lower", "upper"))
    return conform(frame.with_columns(seen), declared.PROBABILITY_OF_DEFAULT)


def provision_matrix(facts: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Compute the loss rate of each bucket from the balances that are old enough."""
    old = last_days(config).filter(pl.col("days_after") >= WORKOUT_DAYS)
    balance = pick(facts, "arrears").join(old, on="month", how="semi")
    fates = pick(facts, "fates").join(old, on="month", how="semi")
    buckets = pl.Series("key", list(PUBLISHED_RATES), dtype=pl.String).to_frame()
    sums = fates.group_by("key").agg(
        pl.col("yen").filter(pl.col("subkey") == fate).sum().alias(f"{fate}_yen")
        for fate in ("written_off", "recovered", "unpaid")
    )
    owed = balance.group_by("key").agg(pl.col("yen").sum().alias("balance_yen"))
    lost = pl.col("written_off_yen") - pl.col("recovered_yen") + pl.col("unpaid_yen")
    published = pl.col("key").replace_strict(PUBLISHED_RATES, return_dtype=pl.Float64)
    frame = onto(onto(buckets, owed, ["key"]), sums, ["key"])
    frame = frame.with_columns(lost.alias("lost_yen"), published.alias("published_rate"))
    rate = ratio("lost_yen", "balance_yen").alias("loss_rate")
    return conform(frame.rename({"key": "bucket"}).with_columns(rate), declared.PROVISION_MATRIX)


def expected_credit_loss(arrears: pl.DataFrame, matrix: pl.DataFrame) -> pl.DataFrame:
    """Apply the provision matrix to the balances of each month end."""
    rates = matrix.select("bucket", "loss_rate")
    owed = arrears.group_by("month", "bucket").agg(pl.col("principal_yen").sum())
    frame = sort_by_rank(owed.join(rates, on="bucket"), ["month"], {"bucket": MEMBER_BUCKETS})
    frame = frame.with_columns(
        (pl.col("principal_yen") * pl.col("loss_rate")).alias("expected_loss_yen")
    )
    return conform(frame, declared.EXPECTED_CREDIT_LOSS)


def by_replication(facts: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Give the headline numbers about spells and defaults of each replication."""
    lgd = workouts(facts, config, ["replication"]).filter(pl.col("state") == "closed")
    last = config.months - 1 - Snapshots.PD_MONTHS
    sound = pick(facts, "sound").filter((pl.col("key") == "current") & (pl.col("month") <= last))

    def count(name: str, column: str = "subkey") -> pl.Expr:
        return pl.col("count").filter(pl.col(column) == name).sum()

    pd = sound.group_by("replication").agg(
        ratio(count("defaults"), count("members")).alias("pd_12m")
    )
    numbers = facts.select(pl.col("replication").unique().sort())
    lgd = lgd.select("replication", pl.col("loss_given_default").alias("lgd_workout"))
    back = recovered(facts, config, ["replication"], [DAYS_PER_YEAR]).select(
        "replication", ratio("principal_paid_yen", "principal_yen").alias("recovered_12m")
    )
    again = returns(pick(facts, "default_cures"), config, ["replication"])
    again = again.filter(pl.col("months") == HEADLINE_MONTHS).select(
        "replication", ratio("again", "cures").alias("redefault_6m")
    )
    bills = pick(facts, "first_bills").filter(pl.col("subkey") == HEADLINE_DAYS)
    late = bills.group_by("replication").agg(
        ratio(count("late", "key"), count("observed", "key")).alias("first_payment_default_30")
    )
    for part in (lgd, back, pd, again, late):
        numbers = numbers.join(part, on="replication", how="left", maintain_order="left")
    return numbers
