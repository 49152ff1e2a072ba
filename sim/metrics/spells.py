"""Tables about spells of arrears: survival, competing risks, cures, first bills, months on book."""

import polars as pl

from models.calendar import Calendar
from sim.config import Config
from sim.metrics.declaration import Table
from sim.metrics.declared import spells as declared
from sim.metrics.frames import conform, pick, ratio, with_wilson
from sim.metrics.survival import incidence, survival
from sim.record.spells import NUMBERS, RETURNS, STAGES, Ending
from sim.record.tallies import Snapshots

ENDINGS = [ending.name.lower() for ending in Ending if ending != Ending.RUNNING]
RUNNING = Ending.RUNNING.name.lower()
KINDS = ["all", *NUMBERS]


def spell_days(facts: pl.DataFrame) -> pl.DataFrame:
    """Count spells by number and days: a column for each ending; all numbers come first."""
    spells = pick(facts, "spell_days").with_columns(
        pl.col("subkey").str.split("/").list.get(0).alias("number"),
        pl.col("subkey").str.split("/").list.get(1).cast(pl.Int32).alias("days_past_due"),
    )
    every = spells.with_columns(pl.lit("all").alias("number"))
    counts = (
        pl.col("count").filter(pl.col("key") == ending).sum().alias(ending)
        for ending in (*ENDINGS, RUNNING)
    )
    order = pl.col("number").replace_strict(KINDS, range(len(KINDS)), return_dtype=pl.Int32)
    found = pl.concat([every, spells]).group_by("number", "days_past_due").agg(counts)
    return found.sort(order, "days_past_due")


def spell_survival(facts: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Estimate how long spells last."""
    days = spell_days(facts).with_columns(
        pl.sum_horizontal(ENDINGS).alias("ended"), pl.col(RUNNING).alias("censored")
    )
    parts = []
    for part in days.partition_by("number", maintain_order=True):
        ended, censored = part["ended"].to_list(), part["censored"].to_list()
        curve = survival(ended, censored, config.experiment.confidence)
        names = ("at_risk", "survival", "lower", "upper", "cumulative_hazard")
        columns = dict(zip(names, map(list, zip(*curve, strict=True)), strict=True))
        types = declared.SPELL_SURVIVAL.schema
        parts.append(
            part.with_columns(
                pl.Series(name, values, dtype=types[name]) for name, values in columns.items()
            )
        )
    return _stacked(parts, declared.SPELL_SURVIVAL)


def competing_risks(facts: pl.DataFrame) -> pl.DataFrame:
    """Estimate by when spells have ended in which way."""
    parts = []
    for part in spell_days(facts).partition_by("number", maintain_order=True):
        events = part.select(ENDINGS).rows()
        shares = incidence(events, part[RUNNING].to_list())
        left = pl.sum_horizontal(*ENDINGS, RUNNING)
        parts.append(
            part.with_columns(left.cum_sum(reverse=True).alias("at_risk"))
            .select(
                "number",
                "days_past_due",
                pl.lit(ENDINGS).alias("ending"),
                "at_risk",
                pl.Series("ended", [list(row) for row in events], dtype=pl.List(pl.Int64)),
                pl.Series("incidence", shares, dtype=pl.List(pl.Float64)),
            )
            .explode("ending", "ended", "incidence")
        )
    return _stacked(parts, declared.COMPETING_RISKS)


def _stacked(parts: list[pl.DataFrame], table: Table) -> pl.DataFrame:
    """Put parts of a table together; without any it is empty."""
    if not parts:
        return pl.DataFrame(schema=table.schema)
    return conform(pl.concat(parts), table)


def last_days(config: Config) -> pl.DataFrame:
    """Give by month how many days follow its last one within the horizon."""
    calendar = Calendar.of(config.start, config.months, margin_days=400)
    days = calendar.n_days - calendar.month_first[1 : config.months + 1]
    months = range(config.months)
    schema = {"month": pl.Int16, "days_after": pl.Int32}
    return pl.DataFrame({"month": months, "days_after": days}, schema=schema)


def returns(events: pl.DataFrame, config: Config, by: list[str]) -> pl.DataFrame:
    """Count cures observed for some months, and those followed by the same trouble within them.

    Parameters
    ----------
    events
        Facts with the keys cured and again_k, and the columns `by`.
    config
        The run.
    by
        Columns that identify a row of the outcome, besides `months`.

    Returns
    -------
    pl.DataFrame
        Columns `by`, months, cures, again; no row where nothing was cured.
    """
    events = events.join(last_days(config), on="month")
    parts = []
    for months, days in RETURNS.items():
        within = [f"again_{k}" for k in RETURNS if k <= months]
        seen = (
            events.filter(pl.col("days_after") >= days)
            .group_by(by)
            .agg(
                pl.col("count").filter(pl.col("key") == "cured").sum().alias("cures"),
                pl.col("count").filter(pl.col("key").is_in(within)).sum().alias("again"),
            )
        )
        parts.append(seen.with_columns(pl.lit(months, dtype=pl.Int64).alias("months")))
    return pl.concat(parts)


def cures(facts: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Count what became of spells by what they reached, and the next spells after cures."""
    ended = pick(facts, "spell_cohorts").with_columns(
        pl.col("subkey").str.split("/").list.get(1).cast(pl.Int32).alias("stage")
    )
    after = pick(facts, "spell_cures").with_columns(pl.col("subkey").cast(pl.Int32).alias("stage"))
    rows = []
    for reached in STAGES:
        spells = ended.filter(pl.col("stage") >= reached)
        counts = {
            ending: int(spells.filter(pl.col("key") == ending)["count"].sum())
            for ending in (*ENDINGS, RUNNING)
        }
        row = {"reached": reached, "spells": sum(counts.values()), **counts}
        cured = after.filter(pl.col("stage") >= reached).with_columns(pl.lit(0).alias("every"))
        found = returns(cured, config, ["every"])
        for months in RETURNS:
            seen = found.filter(pl.col("months") == months)
            row |= {
                f"cures_{months}": int(seen["cures"].sum()),
                f"relapsed_{months}": int(seen["again"].sum()),
            }
        rows.append(row)
    frame = pl.DataFrame(rows).with_columns(
        (pl.col("spells") - pl.col(RUNNING)).alias("over"),
        *(
            ratio(f"relapsed_{months}", f"cures_{months}").alias(f"relapsed_rate_{months}")
            for months in RETURNS
        ),
    )
    frame = frame.with_columns(ratio("cured", "over").alias("cure_rate"))
    level = config.experiment.confidence
    return conform(with_wilson(frame, "cured", "over", level), declared.CURES)


def redefaults(facts: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Count defaults after cures of defaults."""
    events = pick(facts, "default_cures").with_columns(pl.lit(0).alias("every"))
    months = pl.Series("months", list(RETURNS), dtype=pl.Int64).to_frame()
    found = months.join(
        returns(events, config, ["every"]), on="months", how="left", maintain_order="left"
    ).with_columns(pl.col("cures", "again").fill_null(0))
    frame = found.rename({"again": "redefaulted"}).with_columns(
        ratio("redefaulted", "cures").alias("redefault_rate")
    )
    level = config.experiment.confidence
    return conform(with_wilson(frame, "redefaulted", "cures", level), declared.REDEFAULTS)


def first_payment_default(facts: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Count first bills that were late, pooled and by month."""
    bills = pick(facts, "first_bills").with_columns(
        pl.col("subkey").cast(pl.Int32).alias("days_late")
    )
    pooled = bills.with_columns(pl.lit(None, dtype=pl.Int16).alias("month"))
    frame = (
        pl.concat([pooled, bills])
        .group_by("month", "days_late")
        .agg(
            pl.col("count").filter(pl.col("key") == "observed").sum().alias("members"),
            pl.col("count").filter(pl.col("key") == "late").sum().alias("late"),
        )
    )
    frame = frame.sort("month", "days_late", nulls_last=False).with_columns(
        ratio("late", "members").alias("rate")
    )
    level = config.experiment.confidence
    return conform(with_wilson(frame, "late", "members", level), declared.FIRST_PAYMENT_DEFAULT)


def months_on_book(facts: pl.DataFrame) -> pl.DataFrame:
    """Count members in arrears by month of joining and months on book."""
    members = pick(facts, "vintages").with_columns(
        pl.col("subkey").cast(pl.Int64).alias("months_on_book")
    )
    frame = members.group_by("month", "months_on_book").agg(
        pl.col("count").filter(pl.col("key") == standing).sum().alias(standing)
        for standing in Snapshots.STANDINGS
    )
    shares = (ratio(name, "members").alias(f"{name}_share") for name in Snapshots.STANDINGS[1:])
    frame = frame.sort("month", "months_on_book").with_columns(shares)
    return conform(frame, declared.MONTHS_ON_BOOK)
