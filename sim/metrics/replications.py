"""The headline numbers of each replication, from the other tables."""

import math
from collections.abc import Mapping

import numpy as np
import polars as pl

from models.macro import conditional_probability
from sim.config import Config
from sim.macro_paths import PER_UNIT_OF_LOG_WEIGHT
from sim.metrics.books import profit_of
from sim.metrics.declared.replications import REPLICATIONS, UNPAID_AGES
from sim.metrics.defaults import by_replication
from sim.metrics.frames import conform, pick, ratio
from sim.metrics.operations import DESKS, cost_per_yen

Tables = Mapping[str, pl.DataFrame]

KEY = "replication"


def replications(tables: Tables, facts: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Compute one row of headline numbers for each replication."""
    frame = _money(tables)
    for part in (
        _unpaid(tables["vintages"]),
        _lost(tables["losses"]),
        _work(tables),
        by_replication(facts, config),
        _control(tables["portfolio"], config),
        _weights(facts),
    ):
        frame = frame.join(part, on=KEY, how="left")
    frame = frame.with_columns(pl.col("likelihood_weight").fill_null(1.0))
    everybody = tables["members"].filter(pl.col("age_band") == "all")
    frame = frame.join(
        everybody.select(KEY, "share_14_days_past_due", "admission_rate"), on=KEY, how="left"
    )
    return conform(frame.sort(KEY), REPLICATIONS)


def _sums(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Sum columns over the rows of each replication."""
    return frame.group_by(KEY).agg(pl.col(*columns).sum())


def _money(tables: Tables) -> pl.DataFrame:
    """Sum income, costs and losses; divide them by GMV."""
    parts = ("posted_yen", "revenue_yen", "cost_yen", "written_off_yen", "recovered_yen")
    frame = _sums(tables["profit"], *parts)
    late = tables["revenue"].filter(pl.col("kind").is_in(["late_damages", "late_admin_fees"]))
    frame = frame.join(_sums(late, "yen"), on=KEY, how="left").with_columns(
        (pl.col("written_off_yen") - pl.col("recovered_yen")).alias("net_loss_yen"),
        profit_of().alias("profit_yen"),
    )
    return frame.with_columns(
        ratio("net_loss_yen", "posted_yen").alias("net_loss_rate"),
        ratio("revenue_yen", "posted_yen").alias("take_rate"),
        ratio("profit_yen", "posted_yen").alias("profit_rate"),
        ratio("yen", "posted_yen").alias("late_income_rate"),
    )


def _unpaid(vintages: pl.DataFrame) -> pl.DataFrame:
    """Pool the observed vintages of each replication by age; null where none is observed."""
    seen = vintages.filter("is_observed")

    def at(column: str, age: int) -> pl.Expr:
        return pl.col(column).filter(pl.col("days_past_due") == age).sum()

    return seen.group_by(KEY).agg(
        ratio(at("unpaid_yen", age), at("billed_yen", age)).alias(f"unpaid_share_{age}")
        for age in UNPAID_AGES
    )


def _lost(losses: pl.DataFrame) -> pl.DataFrame:
    """Pool the net losses of the vintages observed long enough."""
    sums = _sums(losses.filter("is_observed"), "net_loss_yen", "billed_yen")
    return sums.select(KEY, ratio("net_loss_yen", "billed_yen").alias("vintage_net_loss_share"))


def _work(tables: Tables) -> pl.DataFrame:
    """Give approval, the cost of collections, desks and the macro factor."""
    uses = ("purchases_authorised", "purchases_declined")
    months = pl.col("month").count()
    factor = ratio(pl.col("macro_factor_millionths").sum(), 1_000_000 * months)
    authorised, declined = (pl.col(name).sum() for name in uses)
    approval = ratio(authorised, authorised + declined)
    frame = (
        tables["portfolio"]
        .group_by(KEY)
        .agg(approval.alias("approval_rate"), factor.alias("macro_factor_mean"))
    )
    money = (
        "dunning_cost_yen",
        "agency_fee_yen",
        "court_cost_yen",
        "late_paid_yen",
        "recovered_yen",
    )
    cost = _sums(tables["collections"], *money).select(KEY, cost_per_yen().alias("cost_per_yen"))
    return frame.join(cost, on=KEY, how="left").join(
        _desks(tables["desk_totals"]), on=KEY, how="left"
    )


def _desks(totals: pl.DataFrame) -> pl.DataFrame:
    """Give mean waits and utilisation of the desks side by side."""
    return totals.group_by(KEY).agg(
        pl.col(measure).filter(pl.col("desk") == desk).first().alias(f"{measure}_{desk}")
        for measure in ("mean_wait_minutes", "utilisation")
        for desk in DESKS
    )


def _control(portfolio: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Average the Vasicek probability over the months of the control variate."""
    control = config.experiment.control_variate
    n_months = min((control and control.months) or config.months, config.months)
    seen = portfolio.sort(KEY, "month").filter(pl.col("month") < n_months)
    factors = seen["macro_factor_millionths"].to_numpy() / 1_000_000
    p = np.full(factors.size, config.behaviour.repayment.short_of_cash)
    by_month = conditional_probability(p, factors, config.macro.rho).reshape(-1, n_months)
    means = [math.fsum(row) / n_months for row in by_month.tolist()]
    numbers = seen[KEY].unique(maintain_order=True)
    return pl.DataFrame({KEY: numbers, "vasicek_probability": pl.Series(means, dtype=pl.Float64)})


def _weights(facts: pl.DataFrame) -> pl.DataFrame:
    """Turn the logarithms of likelihood ratios into weights."""
    logs = pick(facts, "macro").filter(pl.col("key") == "log_weight")
    weights = [math.exp(log / PER_UNIT_OF_LOG_WEIGHT) for log in logs["count"].to_list()]
    return logs.select(KEY, pl.Series("likelihood_weight", weights, dtype=pl.Float64))
