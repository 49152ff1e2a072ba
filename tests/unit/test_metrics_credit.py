"""Metric tables of credit risk: vintages, stages, roll rates, arrears, late money."""

import polars as pl
import pytest
from test_metrics_tables import Fact, row, tables_of

from sim.config import Config
from sim.metrics.vintages import days_observed

PAID: list[Fact] = [
    ("billed", 0, "price", "", 10, 1000),
    ("paid", 0, "cash", "-3", 0, 600),
    ("paid", 0, "cash", "0", 0, 100),
    ("paid", 0, "cash", "5", 0, 100),
    ("paid", 0, "credit", "10", 0, 50),
    ("paid", 0, "agency", "20", 0, 30),
    ("paid", 0, "recovery", "25", 0, 10),
    ("billed", 1, "price", "", 4, 400),
    ("paid", 1, "cash", "1", 0, 100),
    ("billed", 2, "price", "", 1, 70),
]


def test_a_vintage_is_observed_after_the_latest_due_date_of_its_bills() -> None:
    # 90 days. January's last due date is 27 February, day 57; February's is 27 March, day 85.
    assert days_observed(Config(months=3)).tolist()[:2] == [32, 4]
    found = tables_of(PAID)["vintages"].filter("is_observed")
    ages = found.group_by("month", maintain_order=True).agg("days_past_due").to_dicts()
    assert ages == [
        {"month": 0, "days_past_due": [0, 1, 7, 14, 30]},
        {"month": 1, "days_past_due": [0, 1]},
    ]


def test_a_due_date_that_rolls_into_a_later_day_delays_the_observation() -> None:
    # 27 June 2026 is a Saturday: the bills of May are due on Monday the 29th at the latest.
    # Days, from 0 on 1 January: 29 June 179, 27 July (a Monday) 207, 31 July 211.
    may, june = days_observed(Config(months=7)).tolist()[4:6]
    assert (may, june) == (211 - 179, 211 - 207)


def test_unpaid_shares_fall_with_payments_up_to_the_day() -> None:
    found = tables_of(PAID)["vintages"].filter(pl.col("month") == 0)
    assert found["unpaid_yen"].to_list() == [300, 300, 200, 150, 120, *[None] * 7]
    assert found["unpaid_share"].to_list()[:5] == [0.3, 0.3, 0.2, 0.15, 0.12]
    assert found["recovered_yen"].to_list() == [0, 0, 0, 0, 10, *[None] * 7]


def test_money_of_the_law_firm_lowers_the_unpaid_share_and_not_the_ever_share() -> None:
    found = tables_of(PAID)["vintages"].filter(pl.col("month") == 0)
    assert found["ever_yen"].to_list()[:5] == [300, 300, 200, 150, 150]
    assert found["ever_share"].to_list()[4] == 0.15


def test_the_curve_pools_yen_over_the_vintages_observed_at_an_age() -> None:
    found = tables_of(PAID, PAID)["unpaid_curve"]
    at_1, at_7 = row(found, days_past_due=1), row(found, days_past_due=7)
    assert (at_1["vintages"], at_1["unpaid_share"]) == (4, 600 / 1400)
    assert (at_7["vintages"], at_7["unpaid_share"]) == (2, 0.2)
    assert at_1["standard_deviation"] == 0.0
    assert at_1["lower"] == at_1["upper"] == pytest.approx(600 / 1400)
    assert row(found, days_past_due=60)["unpaid_share"] is None


def test_the_interval_of_the_curve_ends_where_a_share_does() -> None:
    nobody: list[Fact] = [("billed", 0, "price", "", 10, 1000)]
    everybody: list[Fact] = [*nobody, ("paid", 0, "cash", "0", 0, 1000)]
    found = row(tables_of(nobody, everybody)["unpaid_curve"], days_past_due=1)
    assert (found["unpaid_share"], found["lower"], found["upper"]) == (0.5, 0.0, 1.0)


def test_a_replication_pools_only_the_vintages_observed() -> None:
    found = row(tables_of(PAID)["replications"], replication=0)
    assert found["unpaid_share_1"] == 600 / 1400
    assert found["unpaid_share_14"] == 150 / 1000
    assert found["unpaid_share_60"] is None


def test_one_replication_has_a_curve_without_an_interval() -> None:
    found = row(tables_of(PAID)["unpaid_curve"], days_past_due=1)
    assert found["unpaid_share"] == 600 / 1400
    assert found["lower"] is None


def test_payment_delays_are_shares_of_everything_billed() -> None:
    found = tables_of(PAID)["payment_delay"]
    assert found["source"].unique(maintain_order=True).to_list() == [
        "cash",
        "credit",
        "agency",
        "recovery",
    ]
    assert found["days_from_due"].to_list() == [-3, 0, 1, 5, 10, 20, 25]
    assert row(found, days_from_due=-3)["share_of_billed"] == 600 / 1470


def test_stages_split_what_was_unpaid_at_the_due_date() -> None:
    found = tables_of(PAID)["recovery_by_stage"]
    # 300 of January and 400 of February were late; March is not due yet.
    assert dict(found.select("stage", "yen").iter_rows()) == {
        "in_house": 200,
        "set_off": 50,
        "law_firm": 30,
        "garnishment": 0,
        "plan": 0,
        "after_write_off": 10,
        "open": 410,
    }
    assert found["late_yen"].unique().to_list() == [700]
    assert row(found, stage="in_house")["mean_days"] == (100 * 5 + 100 * 1) / 200
    assert row(found, stage="open")["mean_days"] is None


def test_only_vintages_observed_for_a_year_have_a_loss() -> None:
    found = tables_of(PAID, months=14)["losses"]
    # 31 December 2026 + 59 days is the horizon's end; January is due by 27 February.
    assert found["is_observed"].to_list() == [True, *[False] * 13]
    first = row(found, month=0)
    assert (first["unpaid_yen"], first["recovered_yen"], first["net_loss_yen"]) == (120, 10, 110)
    assert row(found, month=1)["net_loss_yen"] is None
    total = row(tables_of(PAID, months=14)["replications"], replication=0)
    assert total["vintage_net_loss_share"] == 0.11


MOVES: list[Fact] = [
    ("moves", 1, "current", "no_debt", 6, 0),
    ("moves", 1, "current", "dpd_1_30", 2, 500),
    ("moves", 2, "current", "current", 1, 300),
    ("moves", 2, "dpd_1_30", "dpd_31_60", 1, 200),
]


def test_roll_rates_are_shares_of_the_bucket_a_month_before() -> None:
    found = tables_of(MOVES)["roll_rates"]
    pooled = row(found, month=None, from_bucket="current", to_bucket="dpd_1_30")
    assert (pooled["members"], pooled["members_from"]) == (2, 9)
    assert pooled["member_share"] == 2 / 9
    assert pooled["principal_share"] == 500 / 800
    assert pooled["lower"] < 2 / 9 < pooled["upper"]
    monthly = row(found, month=1, from_bucket="current", to_bucket="dpd_1_30")
    assert monthly["member_share"] == 2 / 8


def test_roll_rates_list_moves_nobody_made_in_order_of_severity() -> None:
    found = tables_of(MOVES)["roll_rates"].filter(pl.col("month").is_null())
    assert found["from_bucket"].unique(maintain_order=True).to_list() == ["current", "dpd_1_30"]
    assert found["to_bucket"].to_list()[:3] == ["not_a_member", "no_debt", "current"]
    assert row(found, from_bucket="dpd_1_30", to_bucket="current")["member_share"] == 0.0


def test_arrears_and_the_late_share_follow_the_month_end_picture() -> None:
    found = tables_of(
        [
            ("postings", 0, "purchase_posted", "", 1, 1000),
            ("arrears", 0, "not_a_member", "", 5, 0),
            ("arrears", 0, "current", "", 3, 800),
            ("arrears", 0, "dpd_1_30", "", 1, 150),
            ("arrears", 0, "dpd_181_plus", "", 1, 50),
            ("arrears", 0, "written_off", "", 2, 0),
            ("placed", 0, "law_firm", "", 0, 50),
        ]
    )
    picture = row(found["portfolio"], month=0)
    assert (picture["members_admitted"], picture["members_overdue"]) == (7, 2)
    assert picture["late_share"] == 0.2
    assert picture["law_firm_share"] == 0.25
    assert row(found["arrears"], month=0, bucket="dpd_1_30")["principal_share"] == 0.15
    assert found["arrears"]["bucket"].to_list()[:3] == ["not_a_member", "no_debt", "current"]


def test_the_cost_of_a_late_yen_leaves_reminders_before_the_due_date_out() -> None:
    found = tables_of(
        [
            ("events", 0, "reminder_sent", "", 10, 0),
            ("events", 0, "call_no_contact", "", 6, 0),
            ("events", 0, "call_reached", "", 1, 0),
            ("events", 0, "promise_made", "", 1, 0),
            ("events", 0, "bill_paid_late", "", 2, 900),
            ("postings", 0, "contact_cost", "", 15, 450),
            ("postings", 0, "agency_fee", "", 1, 100),
            ("postings", 0, "recovered", "", 1, 100),
        ]
    )
    first = row(found["collections"], month=0)
    assert (first["reminder_cost_yen"], first["dunning_cost_yen"]) == (50, 400)
    assert first["cost_per_yen"] == 500 / 1000
    assert first["contact_rate"] == 0.25
    assert row(found["replications"], replication=0)["cost_per_yen"] == 0.5
