"""Tables that follow claims from the purchase to the end: flow of funds, losses by vintage."""

from collections.abc import Sequence

import polars as pl

from sim.config import Config
from sim.facts.recorded_lines import PRODUCT_NAMES
from sim.metrics.accounts import LINES, LOSS_LINES, RECEIVABLE_ACCOUNTS, lines_of
from sim.metrics.declared import flows as declared
from sim.metrics.frames import MONTHLY, conform, onto, pick, ratio, sort_by_rank
from sim.metrics.products import LENDERS
from sim.record.postings import POSTINGS

OUT = LINES[1:]
"""Lines that lower a receivable."""
RECEIVABLES = {account.name.lower(): name for account, name in RECEIVABLE_ACCOUNTS.items()}
"""Component of a claim by the name of its account in the facts."""


def flow_of_funds(facts: pl.DataFrame, grid: pl.DataFrame) -> pl.DataFrame:
    """Explain each receivable by the one a month before and the postings on it."""
    keys = [*MONTHLY, "lender", "receivable"]
    owed = (
        pick(facts, "owed")
        .with_columns(pl.col("key").replace_strict(RECEIVABLES).alias("receivable"))
        .group_by(keys)
        .agg(pl.col("yen").sum().alias("closing_yen"))
    )
    present = [name for name in LENDERS if name in set(facts["lender"])]
    cells = pl.DataFrame({"lender": present}, schema={"lender": pl.String}).join(
        pl.DataFrame({"receivable": list(RECEIVABLES.values())}), how="cross"
    )
    full = grid.join(cells, how="cross", maintain_order="left_right")
    frame = onto(onto(full, _lines(facts, keys), keys), owed, keys)
    before = pl.col("closing_yen").shift(1, fill_value=0)
    opening = before.over("replication", "lender", "receivable", order_by="month")
    frame = frame.with_columns(opening.alias("opening_yen"))
    residual = pl.col("opening_yen") + pl.col("charged_yen") - pl.sum_horizontal(*OUT)
    frame = frame.with_columns((residual - pl.col("closing_yen")).alias("residual_yen"))
    return conform(frame, declared.FLOW_OF_FUNDS)


def flow_by_product(facts: pl.DataFrame, grid: pl.DataFrame) -> pl.DataFrame:
    """Sum the lines of each receivable by product."""
    frame = _lines(facts, [*MONTHLY, "lender", "product", "receivable"])
    frame = frame.join(grid, on=MONTHLY).with_columns(
        (pl.col("charged_yen") - pl.sum_horizontal(*OUT)).alias("net_yen")
    )
    order = {
        "lender": LENDERS,
        "product": PRODUCT_NAMES.tolist(),
        "receivable": list(RECEIVABLES.values()),
    }
    return conform(sort_by_rank(frame, MONTHLY, order), declared.FLOW_BY_PRODUCT)


def _lines(facts: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Sum postings by receivable and line; a posting between two receivables is on both."""
    moves = [
        (posting.name.lower(), RECEIVABLE_ACCOUNTS[account], line)
        for posting in POSTINGS
        for account, line in lines_of(posting).items()
    ]
    names = dict.fromkeys(("key", "receivable", "line"), pl.String)
    lines = pl.DataFrame(moves, schema=names, orient="row")
    posted = pick(facts, "postings").join(lines, on="key")
    sums = [pl.col("yen").filter(pl.col("line") == line).sum().alias(line) for line in LINES]
    return posted.group_by(keys).agg(sums)


def loss_triangle(facts: pl.DataFrame) -> pl.DataFrame:
    """Sum losses and recoveries by billing month and months since billing."""
    frame = _lost(facts, ["replication", "month", "months_since_billing"])
    frame = frame.sort("replication", "month", "months_since_billing", nulls_last=False)
    return conform(frame, declared.LOSS_TRIANGLE)


def loss_development(facts: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Accumulate losses and recoveries over replications by months since billing."""
    keys = ["month", "months_since_billing"]
    lost = _lost(facts, keys).drop_nulls(keys)
    seen = [(month, age) for month in range(config.months) for age in range(config.months - month)]
    cells = pl.DataFrame(seen, schema=dict.fromkeys(keys, pl.Int16), orient="row")
    if facts.is_empty():
        cells = cells.clear()
    early = lost.select(keys).join(cells, on=keys, how="anti")
    frame = onto(pl.concat([cells, early]).sort(keys), lost, keys)
    amounts = [column.name for column in declared.LOSS_LINES]
    frame = frame.with_columns(
        pl.col(amounts).cum_sum().over("month", order_by="months_since_billing")
    )
    prices = pick(facts, "billed").group_by("month").agg(pl.col("yen").sum().alias("billed_yen"))
    frame = onto(frame, prices, ["month"])
    share = ratio("net_loss_yen", "billed_yen").alias("net_loss_share")
    return conform(frame.with_columns(share), declared.LOSS_DEVELOPMENT)


def _lost(facts: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Sum what is lost into its lines; what belongs to no billing month has month null."""
    lost = pick(facts, "lost").with_columns(
        pl.when(pl.col("month") >= 0).then("month"),
        pl.col("subkey").cast(pl.Int16, strict=False).alias("months_since_billing"),
    )
    sums = [
        pl.sum_horizontal(
            sign * pl.col("yen").filter(pl.col("key") == key).sum() for key, sign in signs.items()
        ).alias(line)
        for line, signs in LOSS_LINES.items()
    ]
    net = pl.sum_horizontal("written_off_yen", "sold_yen", "exempted_yen")
    return (
        lost.group_by(keys)
        .agg(sums)
        .with_columns((net - pl.col("recovered_yen")).alias("net_loss_yen"))
    )
