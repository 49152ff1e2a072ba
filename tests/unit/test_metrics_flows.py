"""Flow of funds and loss triangles of facts that are small enough to check by eye."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from sim.config import Config
from sim.facts.replication import SCHEMA, canonical
from sim.metrics import tables

Row = tuple[str, str, str, int, str, str, int, int]
"""Lender, product, table, month, key, subkey, count, yen."""


def tables_of(*replications: Sequence[Row], months: int = 3) -> dict[str, pl.DataFrame]:
    macro: Row = ("", "", "macro", 0, "factor", "", 0, 0)
    rows = [(number, *row) for number, facts in enumerate(replications) for row in (*facts, macro)]
    facts = canonical(pl.DataFrame(rows, schema=SCHEMA, orient="row"))
    return tables(facts, Config(months=months))


def cells(frame: pl.DataFrame, *columns: str, **keys: object) -> list[tuple[Any, ...]]:
    """Give some columns of the rows that have these values."""
    conditions = [pl.col(name).eq_missing(pl.lit(value)) for name, value in keys.items()]
    return frame.filter(*conditions).select(columns).rows()


MOVES: list[Row] = [
    ("np", "atone", "postings", 0, "purchase_posted", "", 1, 500),
    ("np", "np_air", "postings", 0, "purchase_posted", "", 1, 80),
    ("np", "", "owed", 0, "principal_receivable", "", 0, 580),
    ("np", "", "postings", 1, "late_admin_fee", "", 1, 270),
    ("np", "", "postings", 1, "late_admin_fee_tax", "", 1, 27),
    ("np", "atone", "postings", 1, "purchase_cancelled", "", 1, 50),
    ("np", "atone", "postings", 1, "principal_paid", "", 1, 100),
    ("np", "np_air", "postings", 1, "principal_netted", "", 1, 20),
    ("np", "atone", "postings", 1, "principal_paid_by_points", "", 1, 7),
    ("np", "atone", "postings", 1, "principal_written_off", "", 1, 30),
    ("np", "atone", "postings", 1, "principal_sold", "", 1, 40),
    ("np", "atone", "postings", 1, "exempted", "", 1, 60),
    ("np", "", "owed", 1, "principal_receivable", "", 0, 270),
    ("np", "", "owed", 1, "late_admin_fee_receivable", "", 0, 297),
    ("np", "", "owed", 2, "principal_receivable", "", 0, 273),
    ("np", "atone", "postings", 2, "late_admin_fee_paid", "", 1, 297),
]


def test_each_receivable_goes_from_opening_to_closing_and_shows_what_is_unexplained() -> None:
    found = tables_of(MOVES)["flow_of_funds"]
    principal = cells(
        found, "opening_yen", "charged_yen", "closing_yen", "residual_yen", receivable="principal"
    )
    # 580 - 50 - 100 - 20 - 7 - 30 - 40 - 60 = 273 against 270 counted: 3 are unexplained, and
    # come back a month later.
    assert principal == [(0, 580, 580, 0), (580, 0, 270, 3), (270, 0, 273, -3)]
    outs = ["cancelled_yen", "paid_yen", "netted_yen", "paid_by_points_yen"]
    outs += ["written_off_yen", "sold_yen", "exempted_yen", "released_yen"]
    lines = cells(found, *outs, receivable="principal", month=1)
    assert lines == [(50, 100, 20, 7, 30, 40, 60, 0)]
    fees = cells(found, "opening_yen", "charged_yen", "paid_yen", receivable="late_admin_fees")
    assert fees == [(0, 0, 0), (0, 297, 0), (297, 0, 297)]


def test_lines_by_product_have_no_closing_and_may_be_charged_elsewhere() -> None:
    found = tables_of(MOVES)["flow_by_product"]
    principal = cells(found, "month", "product", "net_yen", receivable="principal")
    assert principal == [
        (0, "atone", 500),
        (0, "np_air", 80),
        (1, "atone", -287),
        (1, "np_air", -20),
    ]
    fees = cells(found, "month", "product", "net_yen", receivable="late_admin_fees")
    assert fees == [(1, "", 297), (2, "atone", -297)]


def test_lenders_and_replications_do_not_run_into_each_other() -> None:
    other: list[Row] = [
        ("au", "au_one_time", "postings", 0, "purchase_posted", "", 1, 580),
        ("au", "", "owed", 0, "principal_receivable", "", 0, 580),
    ]
    found = tables_of(MOVES, [*MOVES, *other])["flow_of_funds"]
    assert cells(found, "opening_yen", receivable="principal", lender="np", month=0) == [(0,), (0,)]
    # A month without a counted closing is taken as 0: what was posted is then unexplained.
    later = cells(found, "residual_yen", receivable="principal", lender="au", replication=1)
    assert later == [(0,), (580,), (0,)]


LOST: list[Row] = [
    ("np", "", "billed", 0, "price", "", 1, 1000),
    ("np", "", "billed", 1, "price", "", 1, 500),
    ("np", "", "lost", 0, "principal_written_off", "1", 0, 300),
    ("np", "", "lost", 0, "late_damages_written_off", "1", 0, 20),
    ("np", "", "lost", 0, "recovered", "2", 0, 120),
    ("np", "", "lost", 0, "exempted_written_off", "2", 0, 50),
    ("au", "", "lost", 1, "principal_sold", "1", 0, 90),
    ("au", "", "lost", 1, "exempted", "-1", 0, 10),
    ("au", "", "lost", 1, "exempted_charged_back", "0", 0, 10),
    ("au", "", "lost", -1, "sale_proceeds", "", 0, 9),
]


def test_the_triangle_holds_losses_by_billing_month_and_age() -> None:
    found = tables_of(LOST)["loss_triangle"]
    columns = ["month", "months_since_billing", "written_off_yen", "price_written_off_yen"]
    columns += ["sold_yen", "exempted_yen", "recovered_yen", "net_loss_yen"]
    assert cells(found, *columns) == [
        (None, None, 0, 0, 0, 0, 9, -9),
        (0, 1, 320, 300, 0, 0, 0, 320),
        # What was written off turns out to be a thief's: one line's loss becomes another's.
        (0, 2, -50, 0, 0, 50, 120, -120),
        (1, -1, 0, 0, 0, 10, 0, 10),
        (1, 0, 0, 0, 0, -10, 0, -10),
        (1, 1, 0, 0, 90, 0, 0, 90),
    ]


def test_the_development_accumulates_over_replications_and_all_ages_seen() -> None:
    found = tables_of(LOST, LOST[:4])["loss_development"]
    columns = ("months_since_billing", "billed_yen", "net_loss_yen", "net_loss_share")
    assert cells(found, *columns, month=0) == [
        (0, 2000, 0, 0.0),
        (1, 2000, 640, 0.32),
        (2, 2000, 520, 0.26),
    ]
    assert cells(found, *columns, month=1) == [
        (-1, 1000, 10, 0.01),
        (0, 1000, 0, 0.0),
        (1, 1000, 90, 0.09),
    ]
    assert cells(found, *columns, month=2) == [(0, 0, 0, None)]
