"""Unit economics and stages of collection of facts that are small enough to check by eye."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest

from sim.config import Config
from sim.engine.state.ladders import stages_of
from sim.facts.replication import SCHEMA, canonical
from sim.metrics import tables
from sim.metrics.accounts import COST_ACCOUNTS, INCOME_ACCOUNTS
from sim.metrics.collection_stages import KINDS
from sim.metrics.economics import ITEMS, NAMES
from sim.record.accounts import Account
from sim.record.postings import POSTINGS

Row = tuple[str, str, str, int, str, str, int, int]
"""Lender, product, table, month, key, subkey, count, yen."""


def tables_of(*replications: Sequence[Row]) -> dict[str, pl.DataFrame]:
    macro: Row = ("", "", "macro", 0, "factor", "", 0, 0)
    rows = [(number, *row) for number, facts in enumerate(replications) for row in (*facts, macro)]
    return tables(canonical(pl.DataFrame(rows, schema=SCHEMA, orient="row")), Config(months=2))


def one(frame: pl.DataFrame, **keys: object) -> dict[str, Any]:
    """Give the one row that has these values."""
    chosen = frame.filter(*(pl.col(name) == value for name, value in keys.items()))
    assert chosen.height == 1
    return chosen.row(0, named=True)


def economy(discount: int) -> list[Row]:
    """Give two lenders, three products, a loss and costs."""
    return [
        ("np", "atone", "postings", 0, "purchase_posted", "", 4, 2000),
        ("np", "np_air", "postings", 1, "purchase_posted", "", 1, 500),
        ("au", "au_one_time", "postings", 1, "purchase_posted", "", 5, 2500),
        ("np", "atone", "postings", 0, "merchant_discount", "", 4, discount),
        ("np", "atone", "postings", 1, "merchant_discount_returned", "", 1, 10),
        ("au", "au_one_time", "postings", 1, "late_damages_other", "", 1, 30),
        ("np", "", "postings", 1, "funding", "", 1, 6),
        ("np", "atone", "postings", 1, "principal_written_off", "", 1, 40),
        ("np", "atone", "postings", 1, "recovered", "", 1, 4),
        ("np", "atone", "active", -1, "product", "", 2, 0),
        ("np", "np_air", "active", -1, "product", "", 1, 0),
        ("np", "", "active", -1, "any_product", "", 2, 0),
        ("au", "au_one_time", "active", -1, "product", "", 2, 0),
        ("au", "", "active", -1, "any_product", "", 2, 0),
        ("", "", "active", -1, "any_product", "", 3, 0),
        ("np", "", "arrears", 0, "current", "", 3, 2000),
        ("np", "", "arrears", 1, "no_debt", "", 4, 0),
        ("np", "", "arrears", 1, "not_a_member", "", 5, 0),
        ("au", "", "arrears", 1, "dpd_1_30", "", 3, 2500),
    ]


def test_amounts_are_divided_by_purchases_members_months_and_gmv() -> None:
    found = tables_of(economy(70))["unit_economics"]
    profit = 70 - 10 - 6 - 40 + 4  # of np; au earns 30
    for keys, yen, units in (
        ({"lender": "np", "product": "all", "base": "purchase"}, profit, 5),
        ({"lender": "np", "product": "all", "base": "active_member"}, profit, 2),
        ({"lender": "np", "product": "all", "base": "member_month"}, profit, 7),
        ({"lender": "np", "product": "all", "base": "gmv_yen"}, profit, 2500),
        ({"lender": "np", "product": "atone", "base": "purchase"}, profit + 6, 4),
        ({"lender": "np", "product": "atone", "base": "member_month"}, profit + 6, 7),
        ({"lender": "np", "product": "", "base": "purchase"}, -6, 5),
        ({"lender": "all", "product": "all", "base": "active_member"}, profit + 30, 3),
        ({"lender": "all", "product": "all", "base": "member_month"}, profit + 30, 10),
    ):
        row = one(found, item="profit", **keys)
        assert (row["yen"], row["units"], row["mean"]) == (yen, units, yen / units), keys
    of_atone = {"lender": "np", "product": "atone", "base": "purchase"}
    assert one(found, item="revenue:merchant_discount", **of_atone)["yen"] == 60
    assert one(found, item="net_loss", **of_atone)["yen"] == 36
    assert one(found, lender="np", product="", item="cost:funding", base="gmv_yen")["yen"] == 6


def test_the_interval_is_that_of_the_mean_over_replications() -> None:
    found = tables_of(economy(20), economy(60), economy(100))["unit_economics"]
    row = one(found, lender="np", product="atone", item="revenue", base="purchase")
    # 10/4, 50/4 and 90/4: mean 12.5, standard deviation 10; t(2) at 95 % is 4.3027.
    assert (row["n"], row["yen"], row["units"], row["mean"]) == (3, 150, 12, 12.5)
    half = 4.302652729911275 * 10 / 3**0.5
    assert (row["lower"], row["upper"]) == pytest.approx((12.5 - half, 12.5 + half))


def test_a_replication_without_units_has_no_value_and_one_without_the_item_has_0() -> None:
    nothing: list[Row] = [("np", "atone", "postings", 0, "purchase_posted", "", 1, 10)]
    found = tables_of(economy(70), nothing, [])["unit_economics"]
    row = one(found, lender="np", product="atone", item="revenue", base="purchase")
    assert (row["n"], row["yen"], row["units"], row["mean"]) == (2, 60, 5, 7.5)


def test_every_posting_of_the_income_statement_is_in_one_kind_and_in_the_profit() -> None:
    statement = {*INCOME_ACCOUNTS, *COST_ACCOUNTS, Account.WRITE_OFF, Account.RECOVERY}
    concerned = {p.name.lower() for p in POSTINGS if {p.debit, p.credit} & statement}
    assert {key for key, item, _ in ITEMS if item == "profit"} == concerned
    for posting in concerned:
        kinds = [item for key, item, _ in ITEMS if key == posting and item != "profit"]
        assert len([kind for kind in kinds if ":" in kind or kind == "net_loss"]) >= 1, posting
    assert len(NAMES) == len(set(NAMES))


STAGES: list[Row] = [
    ("np", "", "stage", 0, "message", "cost", 10, 50),
    ("np", "", "stage", 1, "message", "cost", 4, 20),
    ("np", "", "stage", 1, "message", "cash", 3, 1400),
    ("np", "", "stage", 1, "calls", "cost", 2, 200),
    ("np", "", "stage", 1, "law_firm", "cash", 1, 800),
    ("np", "", "stage", 1, "after_write_off", "cash", 1, 90),
    ("np", "", "postings", 1, "contact_cost", "", 16, 270),
    ("np", "", "postings", 1, "agency_fee", "", 1, 160),
    ("np", "atone", "postings", 1, "recovered", "", 1, 90),
    ("np", "", "postings", 1, "repossession_cost", "", 1, 33),
    ("au", "", "postings", 1, "contact_cost", "", 2, 11),
    ("au", "", "postings", 1, "sale_proceeds", "", 1, 500),
]


def test_stages_set_their_cost_against_the_cash_they_brought() -> None:
    found = tables_of(STAGES)["collection_stages"]
    columns = ["lender", "stage", "contacts", "cost_yen", "payments", "cash_yen", "cost_per_yen"]
    assert found.select(columns).rows() == [
        ("np", "message", 14, 70, 3, 1400, 0.05),
        ("np", "calls", 2, 200, 0, 0, None),
        ("np", "law_firm", 1, 160, 1, 800, 0.2),
        ("np", "after_write_off", 0, 0, 1, 90, 0.0),
        ("np", "repossession_cost", 1, 33, 0, 0, None),
        # Nobody counted these contacts: they stand apart, so that costs sum to the accounts.
        ("au", "other_contacts", 2, 11, 0, 0, None),
        ("au", "sale_proceeds", 0, 0, 1, 500, 0.0),
    ]


def test_every_posting_on_an_account_of_collection_has_a_stage() -> None:
    accounts = {Account.COLLECTION_COST, Account.AGENCY_COST, Account.LEGAL_COST}
    assert set(KINDS) >= {p.name.lower() for p in POSTINGS if p.debit in accounts}


def test_the_stage_of_a_member_is_the_last_rung_taken() -> None:
    ladder = Config().collections.ladder
    names = stages_of(ladder)
    assert len(names) == len(ladder) + 1
    assert names[0] == "no_contact"
    for before, step, after in zip(names, ladder, names[1:], strict=False):
        kept = {"call": "calls", "hand_over": before, "sue": before}
        assert after == kept.get(step.action, step.action)
