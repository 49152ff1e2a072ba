"""The simulator under sensitivity analysis and optimisation: known directions, noise told."""

from pathlib import Path

import polars as pl
import pytest

import sim

TINY = """
base:
  name: tiny
  months: 3
  seed: 11
  population: {members: 150}
  experiment: {replications: 2}
metrics: [unpaid_share_1, take_rate]
"""
FORGETS = "forgets: {path: behaviour.repayment.forgets, low: 0.05, high: 0.6}"
DISCOUNT = "discount: {path: economics.merchant_discount, low: [10, 1000], high: [50, 1000]}"


def written(folder: Path, design: str) -> Path:
    path = folder / "sweep.yaml"
    path.write_text(TINY + design, encoding="utf-8")
    return path


def rows(frame: pl.DataFrame, metric: str) -> dict[str, dict[str, float]]:
    return {row["parameter"]: row for row in frame.filter(pl.col("metric") == metric).to_dicts()}


def test_sobol_indices_of_the_model_name_what_moves_each_metric(tmp_path: Path) -> None:
    design = f"design: {{kind: sobol_indices, samples: 4, parameters: {{{FORGETS}, {DISCOUNT}}}}}"
    found = sim.sweep(written(tmp_path, design), jobs=1)
    unpaid = rows(found.analyses["sobol_indices"], "unpaid_share_1")
    earned = rows(found.analyses["sobol_indices"], "take_rate")
    # what merchants pay moves no member
    assert unpaid["discount"]["first_order"] == unpaid["discount"]["total_order"] == 0.0
    assert unpaid["forgets"]["total_order"] > 0.5
    assert earned["discount"]["total_order"] > earned["forgets"]["total_order"]
    for row in (unpaid["forgets"], *earned.values()):
        assert row["total_order_lower"] < row["total_order"] < row["total_order_upper"]
    noise = rows(found.analyses["noise"].with_columns(parameter="metric"), "take_rate")
    assert 0 < noise["take_rate"]["noise_share"] < noise["take_rate"]["independent_noise_share"]


def test_a_tornado_of_the_model_points_the_right_way(tmp_path: Path) -> None:
    design = f"design: {{kind: one_at_a_time, parameters: {{{FORGETS}, {DISCOUNT}}}}}"
    swings = sim.sweep(written(tmp_path, design), jobs=1).analyses["tornado"]
    unpaid, earned = rows(swings, "unpaid_share_1"), rows(swings, "take_rate")
    assert unpaid["forgets"]["swing"] > 0.05
    assert unpaid["discount"]["swing"] == 0
    # four points on every purchase whose merchant is paid before the end
    assert 0.02 < earned["discount"]["swing"] <= 0.04
    assert earned["discount"]["n"] == 2


def test_a_search_over_the_model_is_that_of_its_stored_points(tmp_path: Path) -> None:
    design = (
        "design: {kind: optimisation, trials: 4, batch: 2, "
        "objectives: [{metric: take_rate, direction: maximise}], "
        f"parameters: {{{DISCOUNT}}}}}"
    )
    path = written(tmp_path, design)
    first = sim.sweep(path, jobs=1, out=tmp_path / "out")
    again = sim.sweep(path, jobs=1, out=tmp_path / "out")
    assert first.analyses["trials"].equals(again.analyses["trials"])
    assert first.digest == again.digest
    best = first.analyses["trials"].filter("is_best")
    assert best["mean"].max() == pytest.approx(first.analyses["trials"]["mean"].max())
