"""Metric tables about spells of arrears, of facts that are small enough to check by eye."""

import polars as pl
import pytest
from test_metrics_tables import Fact, row, tables_of

# Times 1,2,2,3,3,4,5,6,6,6 with events 1,1,0,1,1,0,1,0,0,0; the one at 5 is a write-off.
SPELLS: list[Fact] = [
    ("spell_days", -1, "cured", "1/1", 1, 900),
    ("spell_days", -1, "cured", "2/2", 1, 800),
    ("spell_days", -1, "running", "1/2", 1, 0),
    ("spell_days", -1, "cured", "1/3", 2, 0),
    ("spell_days", -1, "running", "1/4", 1, 0),
    ("spell_days", -1, "written_off", "3+/5", 1, 0),
    ("spell_days", -1, "running", "1/6", 3, 0),
]


def test_survival_of_all_spells_has_the_published_numbers() -> None:
    found = tables_of(SPELLS)["spell_survival"].filter(pl.col("number") == "all")
    assert found["days_past_due"].to_list() == [1, 2, 3, 4, 5, 6]
    assert found["at_risk"].to_list() == [10, 9, 7, 5, 4, 3]
    assert found["ended"].to_list() == [1, 1, 2, 0, 1, 0]
    assert found["censored"].to_list() == [0, 1, 0, 1, 0, 3]
    expected = [0.9, 0.8, 0.571429, 0.571429, 0.428571, 0.428571]
    assert found["survival"].to_list() == pytest.approx(expected, abs=5e-7)


def test_spells_are_also_shown_by_which_of_its_member_they_are() -> None:
    found = tables_of(SPELLS)["spell_survival"]
    assert found["number"].unique(maintain_order=True).to_list() == ["all", "1", "2", "3+"]
    assert row(found, number="2", days_past_due=2)["survival"] == 0.0
    assert row(found, number="1", days_past_due=1)["at_risk"] == 8


def test_ways_to_end_compete() -> None:
    found = tables_of(SPELLS)["competing_risks"].filter(pl.col("number") == "all")
    at_5 = {ending: row(found, days_past_due=5, ending=ending) for ending in found["ending"]}
    # Survival just before day 5 is 4/7, and one of the 4 at risk is written off.
    assert at_5["written_off"]["incidence"] == pytest.approx(1 / 7)
    assert at_5["cured"]["incidence"] == pytest.approx(1 - 4 / 7)
    assert at_5["sold"]["incidence"] == 0.0
    assert (at_5["cured"]["at_risk"], at_5["cured"]["ended"]) == (4, 0)


def test_replications_are_pooled() -> None:
    found = tables_of(SPELLS, SPELLS)["spell_survival"]
    assert row(found, number="all", days_past_due=1)["at_risk"] == 20


# Five months from January: 120 days follow the end of January, 92 that of February, 61 of March.
CURES: list[Fact] = [
    ("spell_cohorts", 0, "cured", "1/1", 8, 0),
    ("spell_cohorts", 0, "cured", "2/60", 2, 0),
    ("spell_cohorts", 1, "written_off", "1/90", 3, 0),
    ("spell_cohorts", 2, "running", "1/60", 1, 0),
    ("spell_cures", 0, "cured", "1", 8, 0),
    ("spell_cures", 0, "again_3", "1", 3, 0),
    ("spell_cures", 0, "again_6", "1", 1, 0),
    ("spell_cures", 1, "cured", "60", 2, 0),
    ("spell_cures", 1, "again_3", "60", 1, 0),
    ("spell_cures", 2, "cured", "1", 5, 0),
    ("spell_cures", 2, "again_3", "1", 5, 0),
]


def test_cure_rates_are_those_of_the_spells_that_reached_a_day_and_ended() -> None:
    found = tables_of(CURES, months=5)["cures"]
    assert found["reached"].to_list() == [1, 30, 60, 90]
    assert found["spells"].to_list() == [14, 6, 6, 3]
    assert found["running"].to_list() == [1, 1, 1, 0]
    assert found["cure_rate"].to_list() == [10 / 13, 2 / 5, 2 / 5, 0.0]
    at_90 = row(found, reached=90)
    assert (at_90["lower"], round(at_90["upper"], 4)) == (0.0, 0.5615)  # Wilson, 0 of 3


def test_relapses_count_only_for_cures_observed_long_enough() -> None:
    found = row(tables_of(CURES, months=5)["cures"], reached=1)
    assert (found["cures_3"], found["relapsed_3"], found["relapsed_rate_3"]) == (10, 4, 0.4)
    assert (found["cures_6"], found["relapsed_6"], found["relapsed_rate_6"]) == (0, 0, None)


def test_redefault_adds_the_windows_up() -> None:
    # 14 months: 424 days; 393 follow the end of January, 365 that of February.
    facts: list[Fact] = [
        ("default_cures", 0, "cured", "", 10, 0),
        ("default_cures", 0, "again_3", "", 1, 0),
        ("default_cures", 0, "again_6", "", 2, 0),
        ("default_cures", 0, "again_12", "", 3, 0),
        ("default_cures", 9, "cured", "", 10, 0),
        ("default_cures", 9, "again_3", "", 2, 0),
    ]
    tables = tables_of(facts, months=14)
    found = tables["redefaults"]
    assert found["cures"].to_list() == [20, 10, 10]
    assert found["redefaulted"].to_list() == [3, 3, 6]
    assert found["redefault_rate"].to_list() == [0.15, 0.3, 0.6]
    assert row(tables["replications"], replication=0)["redefault_6m"] == 0.3


def test_first_payment_default_is_pooled_and_by_billing_month() -> None:
    facts: list[Fact] = [
        ("first_bills", 0, "observed", "30", 40, 0),
        ("first_bills", 0, "late", "30", 2, 0),
        ("first_bills", 0, "observed", "60", 40, 0),
        ("first_bills", 1, "observed", "30", 10, 0),
        ("first_bills", 1, "late", "30", 1, 0),
    ]
    tables = tables_of(facts)
    found = tables["first_payment_default"]
    assert found["month"].to_list() == [None, None, 0, 0, 1]
    assert row(found, month=None, days_late=30)["rate"] == 3 / 50
    assert row(found, month=0, days_late=60)["rate"] == 0.0
    assert row(tables["replications"], replication=0)["first_payment_default_30"] == 3 / 50


def test_ever_is_kept_apart_from_now() -> None:
    facts: list[Fact] = [
        ("vintages", 0, "members", "0", 50, 0),
        ("vintages", 0, "members", "3", 50, 0),
        ("vintages", 0, "now_30", "3", 4, 0),
        ("vintages", 0, "ever_30", "3", 10, 0),
        ("vintages", 0, "ever_90", "3", 1, 0),
    ]
    found = tables_of(facts)["months_on_book"]
    assert row(found, month=0, months_on_book=0)["ever_30_share"] == 0.0
    at_3 = row(found, month=0, months_on_book=3)
    assert (at_3["now_30_share"], at_3["ever_30_share"], at_3["ever_90_share"]) == (0.08, 0.2, 0.02)
    assert at_3["now_90"] == 0
