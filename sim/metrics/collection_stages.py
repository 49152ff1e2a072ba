"""What each stage of collection costs and brings: stages come from postings and their tally."""

import polars as pl

from sim.metrics.accounts import COST_ACCOUNTS, NOT_OF_COLLECTION, kinds_debited, signed
from sim.metrics.declared.economics import COLLECTION_STAGES
from sim.metrics.frames import conform, onto, pick, ratio, sort_by_rank
from sim.metrics.products import LENDERS
from sim.record.accounts import Account
from sim.record.postings import POSTINGS
from sim.record.tallies import Stages

KINDS = kinds_debited(
    {account: kind for account, kind in COST_ACCOUNTS.items() if account not in NOT_OF_COLLECTION}
)
"""Kind of cost and sign by posting on an account of collection."""
CONTACT_COST = "contact_cost"
STAGE_OF_COST = {
    "agency_fee": Stages.LAW_FIRM,
    "court_cost": Stages.COURT,
    "legal_work": Stages.COURT,
}
"""Stage that causes a cost of collection; any other has the name of its posting."""
COLLECTED_BY_STAGE = {"recovered"}
"""Recoveries in cash that the tally of stages holds."""
OTHER_CONTACTS = "other_contacts"
"""Contacts that no stage has counted."""


def collection_stages(facts: pl.DataFrame) -> pl.DataFrame:
    """Set costs of collection against the cash that each stage brought."""
    keys = ["replication", "lender", "stage"]
    tally = pick(facts, "stage").rename({"key": "stage"})
    costs = pl.concat([_measure(tally, "cost", keys), _posted_costs(facts, tally, keys)])
    cash = pl.concat([_measure(tally, "cash", keys), _posted_recoveries(facts, keys)])
    columns = {"contacts": (costs, "count"), "cost_yen": (costs, "yen")}
    columns |= {"payments": (cash, "count"), "cash_yen": (cash, "yen")}
    frame = pl.concat([costs, cash]).select(keys).unique()
    for name, (part, value) in columns.items():
        frame = onto(frame, part.group_by(keys).agg(pl.col(value).sum().alias(name)), keys)
    frame = frame.with_columns(ratio("cost_yen", "cash_yen").alias("cost_per_yen"))
    ends = [
        Stages.CALLS,
        Stages.LAW_FIRM,
        Stages.COURT,
        Stages.GARNISHMENT,
        Stages.PLAN,
        Stages.AFTER_WRITE_OFF,
    ]
    begins = [Stages.REMINDER, Stages.NO_CONTACT]
    posted = {*KINDS, *_recoveries_in_cash()}
    named = set(frame["stage"])
    others = sorted(named & ({OTHER_CONTACTS} | posted))
    channels = sorted(named - {*begins, *ends, *others})
    order = {"lender": LENDERS, "stage": [*begins, *channels, *ends, *others]}
    return conform(sort_by_rank(frame, ["replication"], order), COLLECTION_STAGES)


def _measure(tally: pl.DataFrame, measure: str, keys: list[str]) -> pl.DataFrame:
    """Sum one measure of the tally of stages over the months."""
    chosen = tally.filter(pl.col("subkey") == measure)
    return chosen.group_by(keys).agg(pl.col("count", "yen").sum())


def _recoveries_in_cash() -> set[str]:
    """Name the postings of cash on claims no longer on the books that no stage has counted."""
    found = {
        posting.name.lower()
        for posting in POSTINGS
        if (posting.debit, posting.credit) == (Account.CASH, Account.RECOVERY)
    }
    return found - COLLECTED_BY_STAGE


def _posted_costs(facts: pl.DataFrame, tally: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Sum costs by the stage of their posting; of contacts only what no stage has counted."""
    stages = {key: STAGE_OF_COST.get(key, key) for key in KINDS} | {CONTACT_COST: OTHER_CONTACTS}
    posted = signed(pick(facts, "postings"), KINDS).with_columns(
        pl.col("key").replace_strict(stages, return_dtype=pl.String).alias("stage")
    )
    counted = tally.filter(pl.col("subkey") == "cost").with_columns(
        pl.lit(OTHER_CONTACTS).alias("stage"), -pl.col("count"), -pl.col("yen")
    )
    rows = pl.concat([part.select(*keys, "count", "yen") for part in (posted, counted)])
    sums = rows.group_by(keys).agg(pl.col("count", "yen").sum())
    return sums.filter((pl.col("yen") != 0) | (pl.col("stage") != OTHER_CONTACTS))


def _posted_recoveries(facts: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Sum recoveries in cash that no stage has counted, by their posting."""
    chosen = pick(facts, "postings").filter(pl.col("key").is_in(_recoveries_in_cash()))
    rows = chosen.rename({"key": "stage"})
    return rows.group_by(keys).agg(pl.col("count", "yen").sum())
