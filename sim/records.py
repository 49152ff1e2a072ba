"""Recorded lines: the ledger and the event log of chosen members as frames.

One declaration of columns each; the order is canonical, so that two runs of the same lives give the
same frames whatever the driver was.
"""

import datetime as dt

import numpy as np
import polars as pl

from models.arrays import Ints
from sim.engine.world import World
from sim.eventlog import ACTIVITIES
from sim.ledger import Account

LEDGER_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "replication": pl.Int32,
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
    "case_id": pl.Int32,  # the member
    "activity": pl.String,
    "timestamp": pl.Datetime("ms"),
    "resource": pl.String,
    "cost_yen": pl.Int64,
    "yen": pl.Int64,
    "reference": pl.Int64,  # billing month or use the activity is about, -1: none
    "clause": pl.String,
}


def ledger_frame(world: World) -> pl.DataFrame:
    """Give the recorded ledger lines, by replication, member, day, kind and due."""
    frames = [
        pl.DataFrame(
            {
                "replication": world.members.replication[rows],
                "day": np.full(rows.size, np.datetime64(world.calendar.date(day))),
                "member": world.members.number[rows],
                "due": months.astype(np.int16),
                "yen": yen.astype(np.int64),
            }
        ).with_columns(
            kind=pl.lit(posting.name.lower()),
            debit=pl.lit(Account(posting.debit).name.lower()),
            credit=pl.lit(Account(posting.credit).name.lower()),
            clause=pl.lit(posting.clause),
            number=pl.lit(posting.number),
        )
        for day, posting, rows, yen, months in world.ledger.lines
    ]
    if not frames:
        return pl.DataFrame(schema=LEDGER_SCHEMA)
    lines = pl.concat(frames).sort("replication", "member", "day", "number", "due", "yen")
    return lines.select(pl.col(name).cast(dtype) for name, dtype in LEDGER_SCHEMA.items())


def event_frame(world: World) -> pl.DataFrame:
    """Give the recorded events, by replication, member, time, activity and reference."""
    kept = world.log.kept
    if not kept:
        return pl.DataFrame(schema=EVENT_SCHEMA)
    names = np.array([activity.name.lower() for activity in ACTIVITIES])
    clauses = np.array([activity.clause for activity in ACTIVITIES])
    rows = np.concatenate([event.rows for event in kept])
    activity = np.concatenate([event.activity for event in kept])
    frame = pl.DataFrame(
        {
            "replication": world.members.replication[rows],
            "case_id": world.members.number[rows],
            "activity": names[activity],
            "timestamp": _timestamps(world, np.concatenate([event.time for event in kept])),
            "resource": np.repeat(
                [event.resource for event in kept], [event.rows.size for event in kept]
            ),
            "cost_yen": np.repeat(
                [event.cost_yen for event in kept], [event.rows.size for event in kept]
            ),
            "yen": np.concatenate([event.yen for event in kept]).astype(np.int64),
            "reference": np.concatenate([event.reference for event in kept]).astype(np.int64),
            "clause": clauses[activity],
            "number": activity,
        }
    ).sort("replication", "case_id", "timestamp", "number", "reference", "yen")
    return frame.select(pl.col(name).cast(dtype) for name, dtype in EVENT_SCHEMA.items())


def _timestamps(world: World, minutes: Ints) -> np.ndarray:
    """Convert minutes since the start to timestamps."""
    start = np.datetime64(dt.datetime.combine(world.config.start, dt.time()), "ms")
    return start + minutes.astype("timedelta64[m]").astype("timedelta64[ms]")
