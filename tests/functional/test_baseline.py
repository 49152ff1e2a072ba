"""The baseline lies where its sources say that such a portfolio lies."""

from pathlib import Path

import pytest

import sim
from sim.report.targets import TARGETS

CONFIGS = Path(__file__).parents[2] / "configs"
COLUMNS = ["unpaid_share_14", "unpaid_share_30", "unpaid_share_90", "vintage_net_loss_share"]


@pytest.fixture(scope="module")
def baseline() -> sim.Result:
    return sim.run(CONFIGS / "atone.yaml", replications=6, overrides=["population.members=5000"])


@pytest.mark.parametrize("column", COLUMNS)
def test_unpaid_shares_and_loss_lie_in_the_target_ranges(baseline: sim.Result, column: str) -> None:
    target = TARGETS[column]
    assert target.low <= baseline.summary["metrics"][column]["mean"] <= target.high


def test_the_late_share_is_near_the_one_implied_for_atone(baseline: sim.Result) -> None:
    curve = baseline.metrics["unpaid_curve"]
    late = curve.filter(curve["days_past_due"] == 0)["unpaid_share"].item()
    assert late == pytest.approx(0.137, rel=0.15)


def test_stress_and_halved_callers_raise_lateness_loss_and_waits(baseline: sim.Result) -> None:
    # Expected beforehand: more empty purses make more arrears, fewer callers longer queues.
    stress = sim.run(
        CONFIGS / "atone-stress.yaml", replications=6, overrides=["population.members=5000"]
    )
    for column in (*COLUMNS, "mean_wait_minutes_calls"):
        calm, strained = (run.summary["metrics"][column]["mean"] for run in (baseline, stress))
        assert strained > 1.1 * calm, column
