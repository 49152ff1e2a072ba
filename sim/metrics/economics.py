"""What a unit earns: income, costs, loss and profit of a purchase, a member, a yen of GMV."""

from collections.abc import Iterator

import polars as pl

from sim.config import Config
from sim.facts.recorded_lines import PRODUCT_NAMES
from sim.metrics.accounts import (
    COST_ACCOUNTS,
    INCOME_ACCOUNTS,
    kinds_credited,
    kinds_debited,
    kinds_given_up,
)
from sim.metrics.declared.economics import BASES, UNIT_ECONOMICS
from sim.metrics.frames import conform, pick, ratio, sort_by_rank
from sim.metrics.means import mean_estimate
from sim.metrics.products import LENDERS
from sim.metrics.samples import sample_of
from sim.record.accounts import Account

ALL = "all"
TOTALS = ("revenue", "cost", "net_loss", "profit")
CELL = ["replication", "lender", "product"]


def _items() -> Iterator[tuple[str, str, int]]:
    """Give posting, item and sign of everything that is in the profit."""
    kinds = {
        "revenue": (kinds_credited(INCOME_ACCOUNTS), 1),
        "cost": (kinds_debited(COST_ACCOUNTS), -1),
    }
    for total, (of_kind, in_profit) in kinds.items():
        for key, (kind, sign) in of_kind.items():
            yield key, f"{total}:{kind}", sign
            yield key, total, sign
            yield key, "profit", in_profit * sign
    lost = kinds_given_up(Account.WRITE_OFF)
    recovered = kinds_credited({Account.RECOVERY: ""})
    for of_kind, in_loss in ((lost, 1), (recovered, -1)):
        for key, (_, sign) in of_kind.items():
            yield key, "net_loss", in_loss * sign
            yield key, "profit", -in_loss * sign


ITEMS = tuple(_items())
"""Posting, item and sign."""
NAMES = list(
    dict.fromkeys(item for total in TOTALS for _, item, _ in ITEMS if item.split(":")[0] == total)
)
"""Items in their order, each total before or among its kinds."""


def unit_economics(facts: pl.DataFrame, replications: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Divide income, costs, loss and profit by purchases, members, member-months and GMV."""
    items = _rolled_up(_amounts(facts), ["item"])
    units = _units(facts)
    of_units = pl.when(pl.col("product") == "").then(pl.lit(ALL)).otherwise("product")
    cells = items.select("lender", "product", "item").unique()
    bases = pl.DataFrame({"base": list(BASES)}, schema={"base": pl.String})
    numbers = replications.select("replication")
    full = (
        numbers.join(cells, how="cross")
        .join(items, on=[*CELL, "item"], how="left")
        .join(bases, how="cross")
        .with_columns(pl.col("yen").fill_null(0), of_units.alias("of"))
        .join(
            units.rename({"product": "of"}),
            on=["replication", "lender", "of", "base"],
            how="left",
        )
        .with_columns(pl.col("units").fill_null(0))
    )
    keys = ["lender", "product", "item", "base"]
    frame = full.group_by(keys).agg(pl.col("yen", "units").sum())
    frame = frame.join(_estimates(full, keys, replications, config), on=keys)
    order = {
        "lender": [*LENDERS, ALL],
        "product": [*PRODUCT_NAMES.tolist(), ALL],
        "item": NAMES,
        "base": list(BASES),
    }
    return conform(sort_by_rank(frame, [], order), UNIT_ECONOMICS)


def _amounts(facts: pl.DataFrame) -> pl.DataFrame:
    """Sum postings by replication, lender, product and item."""
    schema = {"key": pl.String, "item": pl.String, "sign": pl.Int64}
    items = pl.DataFrame(ITEMS, schema=schema, orient="row")
    return (
        pick(facts, "postings")
        .join(items, on="key")
        .group_by([*CELL, "item"])
        .agg((pl.col("yen") * pl.col("sign")).sum())
    )


def _rolled_up(frame: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Add sums over the products of a lender and over all lenders."""
    rows = [frame.select(*CELL, *by, "yen")]
    for over in (["product"], ["product", "lender"]):
        rest = [name for name in CELL if name not in over]
        sums = frame.group_by([*rest, *by]).agg(pl.col("yen").sum())
        sums = sums.with_columns(pl.lit(ALL).alias(name) for name in over)
        rows.append(sums.select(*CELL, *by, "yen"))
    return pl.concat(rows)


def _units(facts: pl.DataFrame) -> pl.DataFrame:
    """Count units by replication, lender, product and base."""
    posted = pick(facts, "postings").filter(pl.col("key") == "purchase_posted")
    parts = []
    for base, value in (("purchase", "count"), ("gmv_yen", "yen")):
        sums = posted.group_by(CELL).agg(pl.col(value).sum().alias("yen"))
        parts.append(_rolled_up(sums, []).with_columns(pl.lit(base).alias("base")))
    active = pick(facts, "active").with_columns(
        pl.when(pl.col("lender") == "").then(pl.lit(ALL)).otherwise("lender").alias("lender"),
        pl.when(pl.col("key") == "any_product")
        .then(pl.lit(ALL))
        .otherwise("product")
        .alias("product"),
        pl.lit("active_member").alias("base"),
    )
    parts.append(active.select(*CELL, pl.col("count").alias("yen"), "base"))
    months = pick(facts, "arrears").filter(pl.col("key") != "not_a_member")
    months = months.group_by("replication", "lender").agg(pl.col("count").sum().alias("yen"))
    for lender in (pl.col("lender"), pl.lit(ALL)):
        sums = months.group_by("replication", lender.alias("lender")).agg(pl.col("yen").sum())
        products = pl.DataFrame({"product": [*PRODUCT_NAMES[1:].tolist(), ALL]})
        named = sums.join(products, how="cross").with_columns(pl.lit("member_month").alias("base"))
        parts.append(named.select(*CELL, "yen", "base"))
    return pl.concat(parts).rename({"yen": "units"})


def _estimates(
    full: pl.DataFrame, keys: list[str], replications: pl.DataFrame, config: Config
) -> pl.DataFrame:
    """Estimate the ratio of each cell over the replications."""
    weights = replications.select("replication", "likelihood_weight", "vasicek_probability")
    found = []
    values = full.select("replication", *keys, ratio("yen", "units").alias("value"))
    for key, part in values.partition_by(keys, as_dict=True).items():
        sample = sample_of(weights.join(part, on="replication"), "value", config)
        estimate = mean_estimate(sample, config.experiment.confidence)
        found.append((*key, estimate.n, estimate.value, estimate.lower, estimate.upper))
    numbers = {"n": pl.Int64, "mean": pl.Float64, "lower": pl.Float64, "upper": pl.Float64}
    return pl.DataFrame(found, schema={**dict.fromkeys(keys, pl.String), **numbers}, orient="row")
