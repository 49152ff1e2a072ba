"""Metric tables about defaults, of facts that are small enough to check by eye."""

import pytest
from test_metrics_tables import Fact, row, tables_of

DEFAULTS: list[Fact] = [
    ("defaults", 3, "cured", "principal", 1, 1000),
    ("defaults", 3, "cured", "other", 1, 200),
    ("defaults", 3, "written_off", "principal", 2, 2000),
    ("defaults", 3, "written_off", "other", 2, 300),
    ("defaults", 4, "running", "principal", 1, 700),
    ("defaults", 4, "running", "other", 1, 0),
    ("workouts", 3, "principal", "closed/0", 0, 1000),
    ("workouts", 3, "other", "closed/0", 0, 200),
    ("workouts", 3, "principal", "closed/365", 0, 1015),
    ("workouts", 3, "agency_fee", "closed/365", 0, 203),
    ("workouts", 3, "collection_cost", "closed/0", 0, 50),
    ("workouts", 4, "set_off", "running/10", 0, 70),
]


def test_exposure_is_price_and_all_other_claims() -> None:
    found = tables_of(DEFAULTS, months=6)["exposure_at_default"]
    every = row(found, month=None, ending="written_off")
    assert (every["defaults"], every["exposure_yen"], every["mean_exposure_yen"]) == (2, 2300, 1150)
    assert found["month"].to_list() == [None, None, None, 3, 3, 4]


def test_loss_is_one_less_discounted_net_recovery_over_exposure() -> None:
    # Funding at 1.5 % a year: (1015 - 203) / 1.015 = 800 after a year; 1200 - 50 at once.
    tables = tables_of(DEFAULTS, months=6)
    closed = row(tables["workout_lgd"], month=3, state="closed")
    assert closed["exposure_yen"] == 3500
    assert closed["discounted_yen"] == pytest.approx(1950.0)
    assert closed["loss_given_default"] == pytest.approx(1 - 1950 / 3500)
    headline = row(tables["replications"], replication=0)["lgd_workout"]
    assert headline == closed["loss_given_default"]


def test_running_workouts_are_apart_and_in_all() -> None:
    found = tables_of(DEFAULTS, months=6)["workout_lgd"]
    running, every = row(found, month=None, state="running"), row(found, month=None, state="all")
    assert (running["defaults"], running["exposure_yen"], running["set_off_yen"]) == (1, 700, 70)
    assert (every["defaults"], every["exposure_yen"], every["principal_paid_yen"]) == (
        4,
        4200,
        2015,
    )
    assert found["state"].to_list()[:3] == ["closed", "running", "all"]


def test_recovery_counts_only_months_observed_so_long() -> None:
    tables = tables_of(DEFAULTS, months=6)  # 60 and 30 days follow months 3 and 4 in June
    found = tables["recovery_curve"]
    at_10_days_or_more = row(found, days=30)
    assert (at_10_days_or_more["defaults"], at_10_days_or_more["principal_yen"]) == (4, 3700)
    assert at_10_days_or_more["principal_paid_yen"] == 1000
    assert at_10_days_or_more["principal_recovery_rate"] == pytest.approx(1000 / 3700)
    assert at_10_days_or_more["recovery_rate"] == pytest.approx((1000 + 200 + 70) / 4200)
    early = row(found, days=60)
    assert (early["defaults"], early["exposure_yen"], early["set_off_yen"]) == (3, 3500, 0)
    assert row(found, days=90)["recovery_rate"] is None
    assert row(tables["replications"], replication=0)["recovered_12m"] is None


def test_recovery_of_a_year_is_a_headline() -> None:
    tables = tables_of(DEFAULTS, months=17)
    year = row(tables["recovery_curve"], days=365)
    assert (year["principal_paid_yen"], year["principal_yen"]) == (2015, 3700)
    assert row(tables["replications"], replication=0)["recovered_12m"] == 2015 / 3700


SOUND: list[Fact] = [
    ("sound", 0, "current", "members", 200, 0),
    ("sound", 0, "current", "defaults", 6, 0),
    ("sound", 1, "current", "members", 100, 0),
    ("sound", 1, "current", "defaults", 9, 0),
    ("sound", 0, "not_a_member", "members", 50, 0),
    ("sound", 0, "dpd_61_90", "members", 4, 0),
    ("sound", 0, "dpd_61_90", "defaults", 3, 0),
]


def test_a_probability_needs_twelve_months_behind_the_month_end() -> None:
    # 13 months: only the end of the first month has 12 behind it.
    tables = tables_of(SOUND, months=13)
    found = tables["probability_of_default"]
    assert set(found["bucket"]) == {"current", "dpd_61_90"}
    first, second = row(found, month=0, bucket="current"), row(found, month=1, bucket="current")
    assert (first["probability"], first["is_observed"]) == (0.03, True)
    assert (second["probability"], second["lower"], second["is_observed"]) == (None, None, False)
    pooled = row(found, month=None, bucket="current")
    assert (pooled["members"], pooled["defaults"]) == (200, 6)
    assert row(found, month=None, bucket="dpd_61_90")["probability"] == 0.75
    assert row(tables["replications"], replication=0)["pd_12m"] == 0.03


BALANCES: list[Fact] = [
    ("arrears", 0, "current", "", 10, 10_000),
    ("arrears", 0, "dpd_31_60", "", 1, 1_000),
    ("arrears", 2, "current", "", 10, 8_000),
    ("fates", 0, "current", "written_off", 0, 90),
    ("fates", 0, "current", "recovered", 0, 20),
    ("fates", 0, "current", "unpaid", 0, 30),
    ("fates", 0, "dpd_31_60", "written_off", 0, 400),
    ("fates", 2, "current", "written_off", 0, 5_000),
]


def test_loss_rates_rest_on_month_ends_a_year_ago_and_before() -> None:
    # 13 months: 365 days follow the end of January, 306 that of March.
    tables = tables_of(BALANCES, months=13)
    found = tables["provision_matrix"]
    current = row(found, bucket="current")
    assert (current["balance_yen"], current["lost_yen"]) == (10_000, 100)
    assert (current["loss_rate"], current["published_rate"]) == (0.01, 0.009)
    assert row(found, bucket="dpd_31_60")["loss_rate"] == 0.4
    assert row(found, bucket="dpd_181_plus")["loss_rate"] is None


def test_the_allowance_is_rate_times_balance_of_every_month_end() -> None:
    found = tables_of(BALANCES, months=13)["expected_credit_loss"]
    assert row(found, month=2, bucket="current")["expected_loss_yen"] == pytest.approx(80.0)
    assert row(found, month=0, bucket="dpd_31_60")["expected_loss_yen"] == pytest.approx(400.0)
    assert "written_off" not in set(found["bucket"])
