"""Tables about vintages: unpaid shares by days past due, their losses, and when money comes in."""

import numpy as np
import polars as pl

from models.arrays import Ints
from models.calendar import Calendar
from models.products.atone import due_days
from sim.config import Config
from sim.metrics import statistics
from sim.metrics.declared import credit as declared
from sim.metrics.declared.credit import DAYS_PAST_DUE, WORKOUT_DAYS
from sim.metrics.declared.operations import RECOVERY_BY_STAGE
from sim.metrics.frames import MONTHLY, conform, onto, pick, ratio, sort_by_rank, spread

BEFORE_WRITE_OFF = ["cash", "credit", "agency", "garnishment", "plan"]
"""Sources of money on a bill that is not written off."""

SOURCES = [*BEFORE_WRITE_OFF, "recovery"]

STAGES = {
    "in_house": "cash",
    "set_off": "credit",
    "law_firm": "agency",
    "garnishment": "garnishment",
    "plan": "plan",
    "after_write_off": "recovery",
}
"""Source of the money that a stage brings in."""


def days_observed(config: Config) -> Ints:
    """Give for how many days past due all bills of a month are seen, by month.

    Returns
    -------
    Ints
        Last day of the horizon less the latest due day over all pay methods; negative where some
        bills are not due yet.
    """
    calendar = Calendar.of(config.start, config.months, margin_days=400)
    terms = config.products.atone.due
    latest = [due_days(terms, calendar, month).max() for month in range(config.months)]
    return calendar.n_days - 1 - np.array(latest, dtype=np.int64)


def _observed(config: Config) -> pl.DataFrame:
    """Give the days observed by month."""
    days = days_observed(config)
    return pl.DataFrame(
        {"month": np.arange(days.size), "days_observed": days},
        schema={"month": pl.Int16, "days_observed": pl.Int32},
    )


def payments(facts: pl.DataFrame) -> pl.DataFrame:
    """Give the price paid by replication, billing month, source and days from the due date."""
    return pick(facts, "paid").with_columns(pl.col("subkey").cast(pl.Int32).alias("days"))


def billed(facts: pl.DataFrame, grid: pl.DataFrame) -> pl.DataFrame:
    """Give bills and the price on them on the grid."""
    columns = {"bills": (["price"], "count"), "billed_yen": (["price"], "yen")}
    return onto(grid, spread(pick(facts, "billed"), columns))


def vintages(facts: pl.DataFrame, grid: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Compute the unpaid share of each billing month by days past due."""
    ages = pl.Series("days_past_due", DAYS_PAST_DUE, dtype=pl.Int32).to_frame()
    full = billed(facts, grid).join(ages, how="cross", maintain_order="left_right")
    frame = onto(full, _paid_by_age(payments(facts)), [*MONTHLY, "days_past_due"])
    frame = frame.join(_observed(config), on="month", how="left", maintain_order="left")
    is_observed = pl.col("days_observed") >= pl.col("days_past_due")

    def by_age(*sources: str) -> pl.Expr:
        total = pl.sum_horizontal(sources)
        return total.cum_sum().over(MONTHLY, order_by="days_past_due")

    frame = frame.with_columns(
        is_observed.alias("is_observed"),
        (pl.col("billed_yen") - by_age(*BEFORE_WRITE_OFF)).alias("unpaid_yen"),
        (pl.col("billed_yen") - by_age("cash", "credit")).alias("ever_yen"),
        by_age("recovery").alias("recovered_yen"),
    ).with_columns(pl.when("is_observed").then(pl.col("unpaid_yen", "ever_yen", "recovered_yen")))
    frame = frame.with_columns(
        ratio("unpaid_yen", "billed_yen").alias("unpaid_share"),
        ratio("ever_yen", "billed_yen").alias("ever_share"),
    )
    return conform(frame, declared.VINTAGES)


def _paid_by_age(paid: pl.DataFrame) -> pl.DataFrame:
    """Sum payments by source into the first age that has seen them; later ones are left out."""
    ages = list(DAYS_PAST_DUE)
    index = pl.sum_horizontal((pl.col("days") > age).cast(pl.Int32) for age in ages)
    aged = paid.with_columns(index.alias("index")).filter(pl.col("index") < len(ages))
    first_age = pl.col("index").replace_strict(list(range(len(ages))), ages, return_dtype=pl.Int32)
    return spread(
        aged.with_columns(first_age.alias("days_past_due")),
        {source: ([source], "yen") for source in SOURCES},
        [*MONTHLY, "days_past_due"],
    )


def unpaid_curve(vintages: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Pool the observed vintages of all replications."""
    sums = [pl.col("billed_yen", "unpaid_yen", "ever_yen", "recovered_yen").sum()]
    seen = vintages.filter("is_observed")
    ages = pl.Series("days_past_due", DAYS_PAST_DUE, dtype=pl.Int32).to_frame()
    pooled = seen.group_by("days_past_due").agg(pl.len().alias("vintages"), *sums)
    frame = onto(ages, pooled, ["days_past_due"]).with_columns(
        ratio("unpaid_yen", "billed_yen").alias("unpaid_share"),
        ratio("ever_yen", "billed_yen").alias("ever_share"),
        ratio("recovered_yen", "billed_yen").alias("recovered_share"),
    )
    shares = (
        seen.group_by("days_past_due", "replication")
        .agg(sums)
        .select("days_past_due", ratio("unpaid_yen", "billed_yen").alias("share"))
        .drop_nulls()
    )
    by_age = {
        age: shares.filter(pl.col("days_past_due") == age)["share"].to_list()
        for age in DAYS_PAST_DUE
    }
    level = config.experiment.confidence
    intervals = [_interval(by_age[age], level) for age in DAYS_PAST_DUE]
    deviations = [statistics.standard_deviation(by_age[age]) for age in DAYS_PAST_DUE]
    return conform(
        frame.with_columns(
            pl.Series("standard_deviation", deviations, dtype=pl.Float64),
            pl.Series("lower", [i and i.lower for i in intervals], dtype=pl.Float64),
            pl.Series("upper", [i and i.upper for i in intervals], dtype=pl.Float64),
        ),
        declared.UNPAID_CURVE,
    )


def _interval(shares: list[float], confidence: float) -> statistics.Interval | None:
    """Give the interval of a mean of shares, cut at 0 and 1."""
    interval = statistics.student_interval(shares, confidence)
    return interval and interval.within((0.0, 1.0), statistics.mean(shares))


def payment_delay(facts: pl.DataFrame) -> pl.DataFrame:
    """Sum the price paid by source and days from the due date."""
    frame = (
        payments(facts)
        .group_by(pl.col("key").alias("source"), pl.col("days").alias("days_from_due"))
        .agg(pl.col("yen").sum())
    )
    billed_yen = pl.lit(pick(facts, "billed")["yen"].sum())
    frame = frame.with_columns(ratio("yen", billed_yen).alias("share_of_billed"))
    order = pl.col("source").replace_strict(
        SOURCES, list(range(len(SOURCES))), return_dtype=pl.Int32
    )
    return conform(frame.sort(order, pl.col("days_from_due")), declared.PAYMENT_DELAY)


def losses(facts: pl.DataFrame, grid: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Compute what of each billing month is lost by the end of the horizon."""
    columns = {"paid_yen": (BEFORE_WRITE_OFF, "yen"), "recovered_yen": (["recovery"], "yen")}
    frame = onto(billed(facts, grid), spread(payments(facts), columns))
    frame = frame.join(_observed(config), on="month", how="left", maintain_order="left")
    is_observed = pl.col("days_observed") >= WORKOUT_DAYS
    unpaid = pl.col("billed_yen") - pl.col("paid_yen")
    frame = frame.with_columns(
        is_observed.alias("is_observed"),
        pl.when(is_observed).then(unpaid).alias("unpaid_yen"),
        pl.when(is_observed).then("recovered_yen").alias("recovered_yen"),
    ).with_columns((pl.col("unpaid_yen") - pl.col("recovered_yen")).alias("net_loss_yen"))
    frame = frame.with_columns(ratio("net_loss_yen", "billed_yen").alias("net_loss_share"))
    return conform(frame, declared.LOSSES)


def recovery_by_stage(facts: pl.DataFrame, grid: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Split the price unpaid at its due date by the stage that brought it in."""
    due = _observed(config).filter(pl.col("days_observed") >= 0).select("month")
    paid = payments(facts).join(due, on="month", how="semi")
    on_time = spread(paid.filter(pl.col("days") <= 0), {"yen": (BEFORE_WRITE_OFF, "yen")})
    late_yen = (
        onto(billed(facts, grid).join(due, on="month", how="semi"), on_time)
        .group_by("replication")
        .agg((pl.col("billed_yen") - pl.col("yen")).sum().alias("late_yen"))
    )
    stage = pl.col("key").replace_strict(
        {source: stage for stage, source in STAGES.items()}, return_dtype=pl.String
    )
    late = (
        paid.filter(pl.col("days") > 0)
        .group_by("replication", stage.alias("stage"))
        .agg(pl.col("yen").sum(), (pl.col("yen") * pl.col("days")).sum().alias("yen_days"))
    )
    frame = _with_open(onto(grid.select("replication").unique(), late_yen, ["replication"]), late)
    frame = frame.with_columns(
        ratio("yen", "late_yen").alias("share"),
        pl.when(pl.col("stage") != "open").then(ratio("yen_days", "yen")).alias("mean_days"),
    )
    frame = sort_by_rank(frame, ["replication"], {"stage": [*STAGES, "open"]})
    return conform(frame, RECOVERY_BY_STAGE)


def _with_open(late_yen: pl.DataFrame, late: pl.DataFrame) -> pl.DataFrame:
    """Put the stages on a grid and add what no stage brought in."""
    stages = pl.Series("stage", list(STAGES), dtype=pl.String).to_frame()
    frame = onto(late_yen.join(stages, how="cross"), late, ["replication", "stage"])
    rest = frame.group_by("replication", "late_yen").agg(
        pl.lit("open").alias("stage"), pl.col("yen").sum().alias("paid_yen")
    )
    rest = rest.with_columns(
        (pl.col("late_yen") - pl.col("paid_yen")).alias("yen"),
        pl.lit(0, dtype=pl.Int64).alias("yen_days"),
    )
    return pl.concat([frame, rest.select(frame.columns)])
