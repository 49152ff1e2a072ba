"""Figures and tables of recovery and credit risk, from tables typed in by hand."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from sim.config import load_config
from sim.experiment.replications import run
from sim.metrics.columns import TABLE
from sim.report.figures.defaults import expected_credit_loss, workout_lgd
from sim.report.figures.recovery import collection_stages, spell_survival
from sim.report.html_tables import concentration_table, fairness_table, unit_table
from sim.report.source import Run, read_run

LONG = "<b>a channel that its user named at some length</b>"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Give a run of two replications and two months."""
    folder = tmp_path_factory.mktemp("results")
    source = folder / "two.yaml"
    source.write_text("months: 2\npopulation: {members: 10}\n", encoding="utf-8")
    run(load_config(source), replications=2, jobs=1, out=folder / "two", report=False)
    return read_run(folder / "two")


def with_rows(run: Run, name: str, columns: str, *rows: tuple[object, ...]) -> Run:
    """Give a run with a table of these rows; columns not named are null."""
    schema = TABLE[name].schema
    named = columns.split()
    frame = pl.DataFrame(
        [dict(zip(named, row, strict=True)) for row in rows], schema={n: schema[n] for n in named}
    )
    missing = [pl.lit(None, schema[n]).alias(n) for n in schema if n not in named]
    whole = frame.with_columns(missing).select(list(schema))
    return replace(run, tables={**run.tables, name: whole})


def with_spells(run: Run, written_off: float) -> Run:
    """Give a run with ten spells, of which most are cured within 40 days."""
    columns = "number days_past_due at_risk ended censored survival lower upper"
    run = with_rows(run, "spell_survival", columns,
                    ("all", 0, 10, 0, 0, 1.0, None, None), ("all", 7, 10, 6, 0, 0.4, 0.1, 0.7),
                    ("all", 40, 4, 3, 1, 0.1, 0.0, 0.4),
                    ("1", 7, 5, 5, 0, 0.0, 0.0, 0.0))  # fmt: skip
    cured = 0.9 - written_off
    return with_rows(run, "competing_risks", "number days_past_due ending incidence",
                     ("all", 7, "cured", 0.6), ("all", 7, "written_off", 0.0),
                     ("all", 40, "cured", cured), ("all", 40, "written_off", written_off),
                     ("1", 7, "cured", 1.0))  # fmt: skip


def test_the_survival_figure_says_how_long_spells_last_and_how_they_end(two: Run) -> None:
    drawing = spell_survival(with_spells(two, 0.2))
    assert "10 spells" in drawing.caption
    assert "40.0 % beyond 7 days, 40.0 % beyond 30 days. Ended after 40 days" in drawing.caption
    assert "cured 70.0 %, written off 20.0 %" in drawing.caption
    assert drawing.data["spell_survival"]["days_past_due"].to_list() == [0, 7, 40]


def test_all_spells_are_in_arrears_on_the_first_day(two: Run) -> None:
    columns = "number days_past_due at_risk ended censored survival lower upper"
    late = with_rows(with_spells(two, 0.2), "spell_survival", columns,
                     ("all", 7, 10, 6, 0, 0.4, 0.1, 0.7))  # fmt: skip
    drawing = spell_survival(late)
    assert drawing.figure is not None
    survival, cured = drawing.figure.axes[0].lines
    assert [np.asarray(line.get_xydata())[0].tolist() for line in (survival, cured)] == [
        [0, 100],
        [0, 0],
    ]


def test_a_stage_is_that_of_a_lender_where_there_are_two(two: Run) -> None:
    columns = "replication lender stage contacts cost_yen payments cash_yen"
    both = with_rows(two, "collection_stages", columns,
                     (0, "np", "court", 1, 100, 1, 200),
                     (0, "au", "court", 1, 100, 1, 50))  # fmt: skip
    assert "that of court (au), 2 yen" in collection_stages(both).caption


def test_without_bad_endings_the_survival_figure_has_one_panel(two: Run) -> None:
    assert [len(drawing.figure.axes) for drawing in (
        spell_survival(with_spells(two, 0.0)), spell_survival(with_spells(two, 0.2))
    ) if drawing.figure] == [1, 2]  # fmt: skip
    assert "lower panel" not in spell_survival(with_spells(two, 0.0)).caption
    assert "lower panel" in spell_survival(with_spells(two, 0.2)).caption


def test_cash_and_cost_of_stages_are_means_over_replications(two: Run) -> None:
    columns = "replication lender stage contacts cost_yen payments cash_yen"
    drawing = collection_stages(
        with_rows(two, "collection_stages", columns,
                  (0, "np", "reminder", 9, 300, 0, 0), (0, "np", LONG, 5, 1000, 4, 2000),
                  (1, "np", LONG, 5, 1000, 4, 6000), (0, "np", "court", 1, 4000, 1, 2000),
                  (0, "np", "plan", 0, 0, 0, 0))
    )  # fmt: skip
    rows = {row["stage"]: row for row in drawing.data["collection_stages"].to_dicts()}
    assert list(rows) == ["reminder", LONG, "court"]
    assert rows[LONG]["cash_yen"] == 4000
    assert rows[LONG]["cost_per_yen"] == 0.25
    assert "bring 5,000 yen and cost 3,150 yen: 0.63 yen a yen" in drawing.caption
    assert "that of court, 2 yen" in drawing.caption
    assert "no cash" in drawing.svg
    assert LONG[3:30] not in drawing.svg


def test_closed_workouts_stand_apart_from_running_ones(two: Run) -> None:
    columns = "month state defaults exposure_yen loss_given_default"
    workouts = with_rows(two, "workout_lgd", columns,
                         (None, "closed", 3, 3000, 0.5), (None, "running", 2, 4000, 0.9),
                         (None, "all", 5, 7000, 0.73), (1, "closed", 3, 3000, 0.5),
                         (1, "running", 2, 4000, 0.9), (1, "all", 5, 7000, 0.73))  # fmt: skip
    drawing = workout_lgd(
        with_rows(workouts, "exposure_at_default", "month ending defaults exposure_yen",
                  (None, "cured", 3, 3000), (1, "cured", 3, 3000), (1, "running", 2, 4000))
    )  # fmt: skip
    assert "3 closed workouts lost 50.0 % of the claim, 2 still running lost 90.0 %" in (
        drawing.caption
    )
    assert drawing.data["exposure_at_default"]["exposure_yen"].to_list() == [1500, 2000]


def test_the_allowance_is_a_mean_over_replications(two: Run) -> None:
    buckets = two.tables["provision_matrix"]["bucket"].to_list()
    rates = with_rows(two, "provision_matrix", "bucket loss_rate published_rate",
                      *((bucket, 0.1, 0.2) for bucket in buckets))  # fmt: skip
    drawing = expected_credit_loss(
        with_rows(rates, "expected_credit_loss", "month bucket principal_yen expected_loss_yen",
                  (0, "current", 800, 80.0), (1, "current", 5000, 500.0),
                  (1, "dpd_1_30", 1000, 100.0))
    )  # fmt: skip
    assert "current 10.0 % (published 20.0 %)" in drawing.caption
    assert "300 yen at the end of 2026-02, 10.0 % of the price owed" in drawing.caption


def test_rates_of_fairness_are_shares_and_averages_are_left_out(two: Run) -> None:
    columns = "lender attribute band measure rate overall_rate difference lower upper interval"
    table = fairness_table(
        with_rows(two, "fairness", columns,
                  ("np", "age", "20s", "approval", 0.5, 0.6, -0.1, 0.4, 0.6, "wilson"),
                  ("np", "age", "20s", "late_fee_yen", 120.0, 90.0, 30.0, 0.0, 9.0, "ratio"))
    )  # fmt: skip
    [row] = table.rows
    assert [cell.text for cell in row[-5:]] == [
        "50.00 %", "60.00 %", "\N{MINUS SIGN}10.00 pp", "40.00 %", "60.00 %",
    ]  # fmt: skip


def test_unit_economics_and_concentration_have_their_rows(two: Run) -> None:
    units = unit_table(two)
    assert {"revenue", "cost"} <= {row[2].text for row in units.rows}
    assert {row[2].text for row in units.rows} <= {"revenue", "cost", "net loss", "profit"}
    assert {row[3].text for row in units.rows} <= {"purchase", "active member"}
    assert len(concentration_table(two).rows) == two.tables["loss_concentration"].height
