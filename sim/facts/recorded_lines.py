"""Recorded lines: the ledger and the event log of chosen members as frames.

One declaration of columns each; the order is canonical, so that two runs of the same lives give the
same frames whatever the driver was.
"""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import polars as pl

from models.arrays import Ints
from models.products.catalogue import Product
from sim.engine.state.world import World
from sim.record.accounts import Account
from sim.record.eventlog import ACTIVITIES
from sim.record.postings import POSTINGS

LEDGER_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "replication": pl.Int32,
    "lender": pl.String,
    "product": pl.String,
    "day": pl.Date,
    "member": pl.Int32,
    "due": pl.Int16,  # billing month since the start, -1: none
    "kind": pl.String,
    "debit": pl.String,
    "credit": pl.String,
    "yen": pl.Int64,
    "clause": pl.String,
}
EVENT_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "replication": pl.Int32,
    "lender": pl.String,
    "product": pl.String,
    "case_id": pl.Int32,  # the member
    "activity": pl.String,
    "timestamp": pl.Datetime("ms"),
    "resource": pl.String,
    "cost_yen": pl.Int64,
    "yen": pl.Int64,
    "reference": pl.Int64,  # billing month or use the activity is about, -1: none
    "clause": pl.String,
}


PRODUCT_NAMES = np.array(["", *(product.name.lower() for product in Product if product)])
"""Name by `Product`; empty for the lender as a whole."""


def ledger_frame(worlds: Sequence[World]) -> pl.DataFrame:
    """Give the recorded ledger lines, by replication, member, lender, day, kind and due."""
    frames = [_lines(world) for world in worlds if world.ledger.lines]
    if not frames:
        return pl.DataFrame(schema=LEDGER_SCHEMA)
    lines = pl.concat(frames).sort(
        "replication", "member", "lender", "day", "number", "due", "product", "yen"
    )
    return lines.select(pl.col(name).cast(dtype) for name, dtype in LEDGER_SCHEMA.items())


def _lines(world: World) -> pl.DataFrame:
    """Give the kept ledger lines of one lender."""
    lines = world.ledger.lines
    accounts = [account.name.lower() for account in Account]
    rows = np.concatenate([line.rows for line in lines])
    product = np.concatenate([line.products for line in lines])
    sizes = [line.rows.size for line in lines]
    number = np.repeat([line.posting.number for line in lines], sizes)
    start = np.datetime64(world.config.start, "D")
    return pl.DataFrame(
        {
            "replication": world.persons.replication[rows],
            "product": named(PRODUCT_NAMES.tolist(), product),
            "day": start + np.repeat([line.day for line in lines], sizes),
            "member": world.persons.number[rows],
            "due": np.concatenate([line.months for line in lines]).astype(np.int16),
            "kind": named([posting.name.lower() for posting in POSTINGS], number),
            "debit": named([accounts[posting.debit] for posting in POSTINGS], number),
            "credit": named([accounts[posting.credit] for posting in POSTINGS], number),
            "yen": np.concatenate([line.yen for line in lines]).astype(np.int64),
            "clause": named([posting.clauses[world.lender] for posting in POSTINGS], number),
            "number": number,
        }
    ).with_columns(lender=pl.lit(world.lender.name.lower()))


def named(names: Sequence[str], numbers: Ints) -> pl.Series:
    """Give the name of each number."""
    return pl.Series(names, dtype=pl.String)[numbers]


def event_frame(worlds: Sequence[World]) -> pl.DataFrame:
    """Give the recorded events, by replication, member, time, lender, activity and reference."""
    frames = [_events(world) for world in worlds if world.log.kept]
    if not frames:
        return pl.DataFrame(schema=EVENT_SCHEMA)
    events = pl.concat(frames).sort(
        "replication", "case_id", "timestamp", "lender", "number", "reference", "product", "yen"
    )
    return events.select(pl.col(name).cast(dtype) for name, dtype in EVENT_SCHEMA.items())


def _events(world: World) -> pl.DataFrame:
    """Give the kept events of one lender."""
    kept = world.log.kept
    rows = np.concatenate([event.rows for event in kept])
    activity = np.concatenate([event.activity for event in kept])
    product = np.concatenate([event.product for event in kept])
    sizes = [event.rows.size for event in kept]
    return pl.DataFrame(
        {
            "replication": world.persons.replication[rows],
            "product": named(PRODUCT_NAMES.tolist(), product),
            "case_id": world.persons.number[rows],
            "activity": named([one.name.lower() for one in ACTIVITIES], activity),
            "timestamp": _timestamps(world, np.concatenate([event.time for event in kept])),
            "resource": np.repeat([event.resource for event in kept], sizes),
            "cost_yen": np.repeat([event.cost_yen for event in kept], sizes),
            "yen": np.concatenate([event.yen for event in kept]).astype(np.int64),
            "reference": np.concatenate([event.reference for event in kept]).astype(np.int64),
            "clause": named([one.clauses[world.lender] for one in ACTIVITIES], activity),
            "number": activity,
        }
    ).with_columns(lender=pl.lit(world.lender.name.lower()))


def _timestamps(world: World, minutes: Ints) -> np.ndarray:
    """Convert minutes since the start to timestamps."""
    start = np.datetime64(dt.datetime.combine(world.config.start, dt.time()), "ms")
    return start + minutes.astype("timedelta64[m]").astype("timedelta64[ms]")
