"""Who bears the losses and how bands fare: from persons to facts, and from facts to tables."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest

from sim.config import Config
from sim.facts.persons import age_bands, income_bands, loss_facts
from sim.facts.replication import SCHEMA, canonical
from sim.metrics import tables
from sim.metrics.persons import MEASURES
from sim.metrics.statistics import wilson_interval

Row = tuple[str, str, str, int, str, str, int, int]
"""Lender, product, table, month, key, subkey, count, yen."""


def tables_of(*replications: Sequence[Row]) -> dict[str, pl.DataFrame]:
    macro: Row = ("", "", "macro", 0, "factor", "", 0, 0)
    rows = [(number, *row) for number, facts in enumerate(replications) for row in (*facts, macro)]
    return tables(canonical(pl.DataFrame(rows, schema=SCHEMA, orient="row")), Config(months=1))


def concentration(losses: list[int]) -> dict[str, Any]:
    """Give the concentration of the losses of customers."""
    array = np.array(losses)
    facts = [("np", *fact) for fact in loss_facts(array, np.ones(array.size, dtype=bool))]
    return tables_of(facts)["loss_concentration"].row(0, named=True)


def test_the_worst_customers_and_the_gini_coefficient_of_a_worked_case() -> None:
    found = concentration([0] * 16 + [10, 20, 30, 40])
    assert (found["customers"], found["net_loss_yen"]) == (20, 100)
    assert [found[f"worst_{p}_customers"] for p in (1, 5, 10, 20)] == [1, 1, 2, 4]
    assert [found[f"worst_{p}_share"] for p in (1, 5, 10, 20)] == [0.4, 0.4, 0.7, 1.0]
    # 17*10 + 18*20 + 19*30 + 20*40 = 1900; 2 * 1900 / (20 * 100) - 21 / 20.
    assert found["rank_weighted_yen"] == 1900
    assert found["gini"] == pytest.approx(0.85)


def test_equal_losses_have_gini_0_and_one_loss_alone_has_nearly_1() -> None:
    assert concentration([7] * 10)["gini"] == 0.0
    assert concentration([0] * 99 + [5])["gini"] == pytest.approx(0.99)
    assert concentration([0, 0])["gini"] is None
    assert concentration([0, 0])["worst_1_share"] is None


def test_gini_is_half_the_mean_difference_over_the_mean() -> None:
    losses = [3, 1, 4, 1, 5, 9, 2, 6, 0, 0]
    difference = np.abs(np.subtract.outer(losses, losses)).mean()
    assert concentration(losses)["gini"] == pytest.approx(difference / 2 / np.mean(losses))


def test_only_customers_and_those_with_a_loss_are_ranked() -> None:
    is_customer = np.array([True, False, False])
    facts = list(loss_facts(np.array([0, 30, 0]), is_customer))
    assert facts[-1][-2:] == (2, 60)
    assert [fact[-2:] for fact in facts[:1]] == [(1, 30)]


def test_nobody_is_ranked_where_there_is_no_customer() -> None:
    nobody = np.zeros(3, dtype=np.int64)
    assert {fact[-2:] for fact in loss_facts(nobody, nobody > 0)} == {(0, 0)}


def test_persons_at_two_lenders_stand_in_a_row_for_all() -> None:
    facts: list[Row] = [
        (lender, "", "losses", -1, "worst", "1000", count, yen)
        for lender, count, yen in (("np", 3, 50), ("au", 2, 10), ("", 4, 60))
    ]
    found = tables_of(facts)["loss_concentration"]
    assert found.select("lender", "customers", "net_loss_yen").rows() == [
        ("np", 3, 50),
        ("au", 2, 10),
        ("all", 4, 60),
    ]


def test_age_bands_are_decades_with_open_ends() -> None:
    ages = np.array([18, 19, 20, 29, 30, 39, 40, 49, 50, 83])
    assert age_bands(ages).tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_quarters_by_income_are_equal_and_never_part_equal_wages() -> None:
    assert income_bands(np.array([80, 10, 30, 20, 40, 60, 50, 70])).tolist() == [
        *(3, 0, 1, 0),
        *(1, 2, 2, 3),
    ]
    assert income_bands(np.array([5, 5, 5, 5, 9])).tolist() == [0, 0, 0, 0, 3]
    assert income_bands(np.array([5])).tolist() == [0]


def bands(admitted: int, contacts: int) -> list[Row]:
    """Give two bands of age at one lender: a young one and everybody else."""
    counts = {
        ("admitted", "20s"): (admitted, 0),
        ("rejected", "20s"): (10 - admitted, 0),
        ("admitted", "30s"): (10, 0),
        ("rejected", "30s"): (0, 0),
        ("customers", "20s"): (admitted, 0),
        ("customers", "30s"): (10, 0),
        ("contacts", "20s"): (contacts, 0),
        ("contacts", "30s"): (5, 0),
        ("late_fees", "20s"): (1, 600),
    }
    return [
        ("np", "", "bands", -1, key, f"age:{band}", count, yen)
        for (key, band), (count, yen) in counts.items()
    ]


def measured(found: pl.DataFrame, measure: str, band: str = "20s") -> dict[str, Any]:
    chosen = found.filter(pl.col("measure") == measure, pl.col("band") == band)
    return chosen.row(0, named=True)


def test_a_share_of_a_band_has_its_difference_to_all_and_wilsons_interval() -> None:
    found = tables_of(bands(4, 2), bands(6, 3))["fairness"]
    row = measured(found, "admission")
    assert (row["numerator"], row["denominator"], row["rate"]) == (10, 20, 0.5)
    assert (row["overall_rate"], row["difference"]) == (0.75, -0.25)
    assert (row["lower"], row["upper"]) == wilson_interval(10, 20, 0.95)
    assert row["interval"] == "wilson"
    assert measured(found, "charged_late_fee")["rate"] == 2 / 10
    assert measured(found, "approval")["rate"] is None


def test_an_average_of_a_band_has_the_interval_of_a_ratio() -> None:
    found = tables_of(bands(4, 2), bands(6, 3))["fairness"]
    row = measured(found, "contacts")
    # 2 for 4 and 3 for 6: the same ratio in both replications, so no spread.
    assert (row["rate"], row["lower"], row["upper"]) == (0.5, 0.5, 0.5)
    assert row["interval"] == "ratio"
    fee = measured(found, "late_fee_yen")
    assert (fee["numerator"], fee["denominator"], fee["rate"]) == (1200, 10, 120.0)
    assert fee["overall_rate"] == 1200 / 30
    alone = measured(tables_of(bands(4, 2))["fairness"], "contacts")
    assert (alone["lower"], alone["upper"]) == (None, None)


def test_an_average_of_what_is_never_negative_has_no_negative_lower_end() -> None:
    row = measured(tables_of(bands(4, 0), bands(4, 8))["fairness"], "contacts")
    assert (row["rate"], row["lower"]) == (1.0, 0.0)
    assert row["upper"] > 8


def test_bands_and_measures_stand_in_their_order() -> None:
    found = tables_of(bands(4, 2))["fairness"]
    assert found["measure"].to_list() == [*MEASURES, *MEASURES]
    assert found["band"].unique(maintain_order=True).to_list() == ["20s", "30s"]


def test_strategies_are_compared_per_late_member() -> None:
    facts: list[Row] = [
        ("np", "", "strategies", -1, name, measure, count, yen)
        for name, cells in {
            "champion": {"members": (40, 0), "contacts": (100, 0), "net_loss": (0, 8_000)},
            "challenger": {"members": (20, 0), "contacts": (30, 0), "net_loss": (0, -400)},
            "nobody": {"members": (0, 0), "overdue": (0, 0), "written_off": (0, 0)},
        }.items()
        for measure, (count, yen) in cells.items()
    ]
    found = tables_of(facts)["strategies"]
    assert found["strategy"].to_list() == ["challenger", "champion", "nobody"]
    assert found["contacts_per_member"].to_list() == [1.5, 2.5, None]
    assert found["net_loss_per_member"].to_list() == [-20.0, 200.0, None]
