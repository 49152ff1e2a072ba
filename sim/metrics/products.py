"""The table that sets lenders and their products side by side."""

import polars as pl

from models.products.catalogue import Lender
from sim.facts.recorded_lines import PRODUCT_NAMES
from sim.metrics.accounts import (
    COST_ACCOUNTS,
    INCOME_ACCOUNTS,
    kinds_credited,
    kinds_debited,
    kinds_given_up,
    signed,
)
from sim.metrics.books import ANSWERED, AUTHORISED, DECLINED, RECOVERED
from sim.metrics.declared.products import PRODUCTS
from sim.metrics.frames import conform, pick, ratio, sort_by_rank, spread
from sim.record.accounts import Account

LENDERS = [lender.name.lower() for lender in Lender]
BY_PRODUCT = ["replication", "lender", "product"]


def products(facts: pl.DataFrame) -> pl.DataFrame:
    """Compute purchases, income, costs and losses by lender and product."""
    happened = facts.filter(pl.col("table").is_in(["postings", "events"]))
    frame = happened.select(BY_PRODUCT).unique()
    for part in (*_purchases(facts), *_money(pick(facts, "postings"))):
        frame = frame.join(part, on=BY_PRODUCT, how="left")
    added = [name for name in frame.columns if name not in BY_PRODUCT]
    frame = frame.with_columns(pl.col(added).fill_null(0))
    decided = pl.col("purchases_authorised") + pl.col("purchases_declined")
    net_loss = pl.col("written_off_yen") - pl.col("recovered_yen")
    frame = frame.with_columns(
        net_loss.alias("net_loss_yen"),
        (pl.col("revenue_yen") - pl.col("cost_yen") - net_loss).alias("profit_yen"),
        ratio("purchases_authorised", decided).alias("approval_rate"),
    ).with_columns(
        ratio(name, "posted_yen").alias(rate)
        for name, rate in (
            ("revenue_yen", "take_rate"),
            ("net_loss_yen", "net_loss_rate"),
            ("profit_yen", "profit_rate"),
        )
    )
    order = {
        "lender": LENDERS,
        "product": PRODUCT_NAMES.tolist(),
    }
    return conform(sort_by_rank(frame, ["replication"], order), PRODUCTS)


def _purchases(facts: pl.DataFrame) -> list[pl.DataFrame]:
    """Count uses asked for and what was posted."""
    events, postings = pick(facts, "events"), pick(facts, "postings")
    answers = {
        "answered": (ANSWERED, "count"),
        "reviewed": (["review_approved"], "count"),
        "purchases_authorised": (AUTHORISED, "count"),
        "purchases_declined": (DECLINED, "count"),
        "payments_missed": (["payment_missed"], "count"),
    }
    asked = spread(events, answers, BY_PRODUCT)
    # An approval by a reviewer answers a use a second time.
    asked = asked.with_columns((pl.col("answered") - pl.col("reviewed")).alias("purchases_asked"))
    posted = {
        "purchases_posted": (["purchase_posted"], "count"),
        "posted_yen": (["purchase_posted"], "yen"),
    }
    return [asked.drop("answered", "reviewed"), spread(postings, posted, BY_PRODUCT)]


def _money(postings: pl.DataFrame) -> list[pl.DataFrame]:
    """Sum income, costs, late damages and losses."""
    kinds = {
        "revenue_yen": kinds_credited(INCOME_ACCOUNTS),
        "late_damages_yen": kinds_credited({Account.LATE_DAMAGES_INCOME: ""}),
        "cost_yen": kinds_debited(COST_ACCOUNTS),
        "written_off_yen": kinds_given_up(Account.WRITE_OFF),
    }
    sums = [
        spread(signed(postings, of_kind), {name: (list(of_kind), "yen")}, BY_PRODUCT)
        for name, of_kind in kinds.items()
    ]
    return [*sums, spread(postings, {"recovered_yen": (RECOVERED, "yen")}, BY_PRODUCT)]
