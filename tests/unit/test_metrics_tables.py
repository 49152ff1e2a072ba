"""Metric tables of facts that are small enough to check by eye."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest
from scipy.special import ndtr, ndtri

from sim.config import Config
from sim.facts.replication import SCHEMA, canonical
from sim.metrics import summary, tables
from sim.metrics.columns import TABLE

Fact = tuple[str, int, str, str, int, int]
"""Table, month, key, subkey, count, yen."""

MACRO: Fact = ("macro", 0, "factor", "", 0, 0)
"""A fact that every replication has; it makes the replication known."""


def facts_from(*replications: Sequence[Fact]) -> pl.DataFrame:
    rows = [
        (number, "np", "atone", *fact)
        for number, facts in enumerate(replications)
        for fact in (*facts, MACRO)
    ]
    return canonical(pl.DataFrame(rows, schema=SCHEMA, orient="row"))


def tables_of(*replications: Sequence[Fact], months: int = 3) -> dict[str, pl.DataFrame]:
    return tables(facts_from(*replications), Config(months=months))


def row(frame: pl.DataFrame, **keys: object) -> dict[str, Any]:
    """Give the one row that has these values."""
    chosen = frame.filter(
        pl.all_horizontal(pl.col(name).eq_missing(pl.lit(value)) for name, value in keys.items())
    )
    assert chosen.height == 1
    return chosen.row(0, named=True)


@pytest.mark.parametrize("months", [1, 3])
def test_a_run_in_which_nothing_happens_has_all_tables_in_their_declared_form(months: int) -> None:
    found = tables_of([], months=months)
    assert list(found) == list(TABLE)
    for name, frame in found.items():
        assert dict(frame.schema) == TABLE[name].schema, name
    assert row(found["replications"], replication=0)["take_rate"] is None


def test_facts_of_no_replication_give_empty_tables_and_a_summary() -> None:
    facts, config = facts_from([]).clear(), Config(months=2)
    found = tables(facts, config)
    assert found["portfolio"].is_empty()
    assert summary(found, config)["metrics"]["posted_yen"]["mean"] is None


def test_balances_are_debits_less_credits_since_the_start() -> None:
    found = tables_of(
        [
            ("postings", 0, "purchase_posted", "", 2, 500),
            ("postings", 0, "service_fee", "", 1, 90),
            ("postings", 0, "service_fee_tax", "", 1, 9),
            ("postings", 1, "merchant_paid", "", 2, 485),
            ("postings", 1, "merchant_discount", "", 2, 15),
            ("postings", 2, "principal_paid", "", 1, 300),
            ("postings", 2, "overpaid", "", 1, 20),
        ]
    )["portfolio"]
    assert found["principal_receivable_yen"].to_list() == [500, 500, 200]
    assert found["fee_receivable_yen"].to_list() == [99, 99, 99]
    assert found["merchant_payable_yen"].to_list() == [500, 0, 0]
    assert found["member_credit_yen"].to_list() == [0, 0, 20]
    assert found["consumption_tax_payable_yen"].to_list() == [9, 9, 9]


def test_a_return_is_owed_to_the_member_and_leaves_the_bill_as_it_is() -> None:
    found = tables_of(
        [
            ("postings", 0, "purchase_posted", "", 2, 500),
            ("postings", 1, "purchase_returned", "", 1, 200),
            ("postings", 2, "principal_netted", "", 1, 150),
        ]
    )["portfolio"]
    assert found["returned_yen"].to_list() == [0, 200, 0]
    assert found["member_credit_yen"].to_list() == [0, 200, 50]
    assert found["principal_receivable_yen"].to_list() == [500, 500, 350]


def test_balances_of_one_replication_do_not_run_into_the_next() -> None:
    posted: list[Fact] = [("postings", 2, "purchase_posted", "", 1, 100)]
    found = tables_of(posted, posted)["portfolio"]
    assert found["principal_receivable_yen"].to_list() == [0, 0, 100, 0, 0, 100]


def test_a_use_held_is_asked_for_at_once_and_decided_later() -> None:
    found = tables_of(
        [
            ("events", 0, "purchase_authorised", "", 6, 600),
            ("events", 0, "purchase_held", "", 2, 200),
            ("events", 0, "declined_overdue", "", 2, 300),
            ("events", 1, "review_approved", "", 1, 150),
            ("events", 1, "purchase_authorised", "", 1, 150),
            ("events", 1, "hold_expired", "", 1, 50),
        ]
    )
    january, february = found["portfolio"].to_dicts()[:2]
    assert (january["purchases_asked"], january["asked_yen"]) == (10, 1100)
    assert (january["purchases_authorised"], january["purchases_declined"]) == (6, 2)
    assert january["approval_rate"] == 6 / 8
    assert january["approval_rate_yen"] == 600 / 900
    assert (february["purchases_asked"], february["approval_rate"]) == (0, 0.5)
    assert row(found["declines"], month=0, reason="overdue")["share"] == 1.0
    assert row(found["declines"], month=1, reason="hold_expired")["yen"] == 50
    assert row(found["replications"], replication=0)["approval_rate"] == 7 / 10


def test_profit_is_income_less_costs_less_write_offs_plus_recoveries() -> None:
    found = tables_of(
        [
            ("postings", 0, "purchase_posted", "", 1, 10_000),
            ("postings", 0, "service_fee", "", 1, 400),
            ("postings", 0, "merchant_discount", "", 1, 300),
            ("postings", 0, "merchant_discount_returned", "", 1, 30),
            ("postings", 0, "contact_cost", "", 5, 25),
            ("postings", 0, "funding", "", 1, 7),
            ("postings", 1, "principal_written_off", "", 1, 900),
            ("postings", 1, "late_damages_written_off", "", 1, 40),
            ("postings", 2, "recovered", "", 1, 100),
            ("postings", 2, "credit_recovered", "", 1, 5),
        ]
    )
    assert found["profit"]["profit_yen"].to_list() == [638, -940, 105]
    assert row(found["profit"], month=0)["take_rate"] == 670 / 10_000
    assert row(found["profit"], month=1)["take_rate"] is None
    discount = row(found["revenue"], month=0, kind="merchant_discount")
    assert (discount["yen"], discount["postings"]) == (270, 1)
    total = row(found["replications"], replication=0)
    assert (total["net_loss_yen"], total["profit_yen"]) == (835, -197)
    assert total["net_loss_rate"] == 835 / 10_000


DESK: list[Fact] = [
    ("desk", 0, "calls", "arrivals", 5, 0),
    ("desk", 0, "calls", "served", 4, 0),
    ("desk", 0, "calls", "moot", 1, 0),
    ("desk", 0, "calls", "wait_seconds", 480, 0),
    ("desk", 0, "calls", "service_seconds", 900, 0),
    ("desk", 0, "calls", "capacity_seconds", 3600, 0),
    ("desk", 1, "calls", "served", 1, 0),
    ("desk", 1, "calls", "wait_seconds", 120, 0),
    ("desk", 1, "calls", "capacity_seconds", 3600, 0),
    ("desk", 0, "calls", "wait_below_1_minutes", 1, 0),
    ("desk", 0, "calls", "wait_below_5_minutes", 3, 0),
    ("desk", 1, "calls", "wait_longer", 1, 0),
]


def test_desks_weigh_waits_by_work_and_utilisation_by_capacity() -> None:
    found = tables_of(DESK)
    january = row(found["desks"], month=0, desk="calls")
    assert (january["mean_wait_minutes"], january["utilisation"]) == (2.0, 0.25)
    total = row(found["desk_totals"], desk="calls")
    assert (total["mean_wait_minutes"], total["utilisation"]) == (2.0, 0.125)
    assert row(found["desks"], month=0, desk="review")["mean_wait_minutes"] is None
    assert row(found["replications"], replication=0)["mean_wait_minutes_calls"] == 2.0


def test_waits_add_up_from_the_shortest_to_the_open_class() -> None:
    found = tables_of(DESK)["desk_waits"]
    assert found["below_minutes"].to_list() == [1, 5, None]
    assert found["share"].to_list() == [0.2, 0.6, 0.2]
    assert found["cumulative_share"].to_list() == [0.2, 0.8, 1.0]


def test_the_backlog_shows_order_statistics_over_replications() -> None:
    replications: list[list[Fact]] = [
        [("backlog", -1, "calls", "40", waiting, 0)] for waiting in range(40)
    ]
    found = row(tables_of(*replications)["backlog"], desk="calls")
    # ceil(0.05 * 40) = 2nd and ceil(0.95 * 40) = 38th smallest of 0 to 39.
    assert (found["mean"], found["lower"], found["upper"], found["largest"]) == (19.5, 1, 37, 39)
    assert str(found["date"]) == "2026-02-10"


def test_age_bands_add_up_to_everybody() -> None:
    found = tables_of(
        [
            ("members", -1, "persons", "below_20", 24, 0),
            ("members", -1, "persons", "from_20", 90, 0),
            ("members", -1, "admitted", "below_20", 3, 0),
            ("members", -1, "admitted", "from_20", 57, 0),
            ("members", -1, "rejected", "below_20", 21, 0),
            ("members", -1, "rejected", "from_20", 19, 0),
            ("members", -1, "users_of_last_year", "from_20", 20, 0),
            ("members", -1, "users_of_last_year_14_days_past_due", "from_20", 5, 0),
        ]
    )
    members = found["members"]
    assert members["age_band"].to_list() == ["below_20", "from_20", "all"]
    everybody = row(members, age_band="all")
    assert (everybody["persons"], everybody["admitted"]) == (114, 60)
    assert everybody["admission_rate"] == 0.6
    assert everybody["share_14_days_past_due"] == 0.25
    assert row(members, age_band="below_20")["share_14_days_past_due"] is None
    headline = row(found["replications"], replication=0)
    assert (headline["admission_rate"], headline["share_14_days_past_due"]) == (0.6, 0.25)


def test_clauses_join_postings_and_events_with_the_rulebook() -> None:
    found = tables_of(
        [("postings", 0, "late_damages", "", 3, 60), ("events", 1, "written_off", "", 1, 500)],
        [("postings", 2, "late_damages", "", 1, 20)],
    )["clauses"]
    damages = row(found, name="late_damages")
    assert (damages["clause"], damages["record"]) == ("NP-30.1", "posting")
    assert (damages["count"], damages["yen"], damages["yen_per_replication"]) == (4, 80, 40.0)
    assert row(found, name="written_off")["clause"] == "COLL-11"
    assert row(found, name="funding")["count"] == 0


def test_the_control_variate_is_the_vasicek_probability_over_its_months() -> None:
    factors = {0: -1.0, 1: 2.0, 2: 0.5}
    facts = facts_from(
        [("macro", month, "factor", "", round(z * 1e6), 0) for month, z in factors.items() if month]
    ).with_columns(
        pl.when((pl.col("table") == "macro") & (pl.col("month") == 0))
        .then(pl.lit(-1_000_000))
        .otherwise("count")
        .alias("count")
    )
    settings = {
        "months": 3,
        "macro": {"rho": 0.1},
        "behaviour": {"repayment": {"short_of_cash": 0.2}},
    }
    chances = [float(ndtr((ndtri(0.2) - 0.1**0.5 * z) / 0.9**0.5)) for z in factors.values()]
    for months in (None, 1, 2, 9):
        config = Config.model_validate(
            {**settings, "experiment": {"control_variate": {"months": months}}}
        )
        n = min(months or 3, 3)
        found = tables(facts, config)["replications"]["vasicek_probability"].to_list()
        assert found == pytest.approx([sum(chances[:n]) / n])


def test_without_importance_sampling_every_weight_is_one() -> None:
    assert tables_of([], [])["replications"]["likelihood_weight"].to_list() == [1.0, 1.0]
