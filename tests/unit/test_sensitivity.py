"""Analyses of a sweep's table, on functions of the settings instead of the simulator."""

import math
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from sim.experiment.design import Sweep, analyse, load_sweep
from sim.experiment.design.responses import noise, paired, responses, tidy
from sim.experiment.design.sensitivity import jackknife_interval
from sim.experiment.sweeps.point import Point
from sim.metrics.statistics import student_interval
from sim.report.sweeps.figures_of_sensitivity import screening
from sim.report.sweeps.source import SweepResults

REPLICATIONS = 6
PARAMETERS = """
    a: {path: behaviour.repayment.forgets, low: 0.0, high: 0.5}
    b: {path: behaviour.repayment.short_of_cash, low: 0.0, high: 0.5}
"""

Value = Callable[[float, float, int], float | None]


def sweep_of(folder: Path, kind: str, more: str = "", base: str = "macro: {}") -> Sweep:
    path = folder / "test.yaml"
    path.write_text(
        "base: {months: 2, seed: 3, population: {members: 10}, behaviour: {repayment: "
        f"{{forgets: 0.25, short_of_cash: 0.25}}}}, {base}}}\nmetrics: [net_loss_rate]\n"
        f"design:\n  kind: {kind}\n{more}  parameters:{PARAMETERS}",
        encoding="utf-8",
    )
    return load_sweep(path)


def luck(replication: int, point: int) -> float:
    """Give something irregular."""
    return math.sin(12.9898 * replication + 78.233 * point)


def table_of(sweep: Sweep, value: Value, n: int = REPLICATIONS) -> pl.DataFrame:
    def frame(point: Point) -> pl.DataFrame:
        a, b = (point.settings[name] for name in "ab")
        assert isinstance(a, float)
        assert isinstance(b, float)
        values = [value(a, b, r) for r in range(n)]
        return pl.DataFrame(
            {"replication": range(n), "net_loss_rate": values},
            schema={"replication": pl.Int32, "net_loss_rate": pl.Float64},
        )

    return tidy({point.number: frame(point) for point in sweep.points()})


def test_a_tornado_gives_the_swing_of_each_parameter(tmp_path: Path) -> None:
    sweep = sweep_of(tmp_path, "one_at_a_time")
    found = analyse(sweep, table_of(sweep, lambda a, b, r: 4 * a - b + luck(r, 0)))
    rows = {row["parameter"]: row for row in found["tornado"].iter_rows(named=True)}
    assert rows["a"]["swing"] == pytest.approx(2.0)
    assert rows["b"]["swing"] == pytest.approx(-0.5)
    # luck that all points share leaves the differences without any spread
    assert rows["a"]["swing_upper"] - rows["a"]["swing_lower"] == pytest.approx(0.0, abs=1e-12)
    assert (rows["a"]["low"], rows["a"]["high"], rows["a"]["n"]) == ("0.0", "0.5", REPLICATIONS)
    effects = found["effects"].filter(pl.col("parameter") == "a")
    assert effects["difference"].to_list() == pytest.approx([-1.0, 1.0])
    assert effects["setting"].to_list() == ["0.0", "0.5"]


def test_intervals_of_a_swing_are_those_of_paired_differences(tmp_path: Path) -> None:
    sweep = sweep_of(tmp_path, "one_at_a_time")
    table = table_of(sweep, lambda a, b, r: luck(r, round(10 * a + 100 * b)))
    row = analyse(sweep, table)["tornado"].row(0, named=True)
    found = responses(table, "net_loss_rate")
    low, high = sweep.rows()[1:3]
    difference = paired(found[low], found[high], 0.95)
    assert difference is not None
    assert (row["swing"], row["swing_lower"], row["swing_upper"]) == difference[2:5]


def test_values_that_are_missing_shorten_the_pairs(tmp_path: Path) -> None:
    sweep = sweep_of(tmp_path, "one_at_a_time")
    table = table_of(sweep, lambda a, b, r: None if a == 0.5 and r == 2 else a + b)
    rows = analyse(sweep, table)["tornado"]
    assert dict(zip(rows["parameter"], rows["n"], strict=True)) == {"a": 5, "b": 6}


def test_a_failed_point_leaves_its_parameter_out(tmp_path: Path) -> None:
    sweep = sweep_of(tmp_path, "one_at_a_time")
    table = table_of(sweep, lambda a, b, _: None if a == 0.5 else a + b)
    assert analyse(sweep, table)["tornado"]["parameter"].to_list() == ["b"]


def test_paired_differences_need_something_in_common() -> None:
    assert paired({0: 1.0}, {1: 2.0}, 0.95) is None
    one = paired({0: 1.0, 5: 2.0}, {5: 5.0, 7: 1.0}, 0.95)
    assert one is not None
    assert one == (2.0, 5.0, 3.0, None, None, 1)


@pytest.mark.parametrize(("is_common", "share"), [(True, 0.0), (False, 0.5)])
def test_shared_luck_is_no_noise_in_differences(is_common: bool, share: float) -> None:  # noqa: FBT001
    """Points at 0 and 2; replications at -1 and +1: within 2, over 2 replications 1."""
    found = {0: {0: -1.0, 1: 1.0}, 1: {0: 1.0, 1: 3.0}}
    split = noise(found, is_common=is_common)
    assert split is not None
    assert split.variance == pytest.approx(2.0)
    assert split.noise_variance / split.variance == pytest.approx(share)
    assert split.independent_noise_variance == pytest.approx(1.0)


def test_groups_of_replications_are_one_observation_each(tmp_path: Path) -> None:
    more = "  samples: 2\n"
    sweep = sweep_of(tmp_path, "latin_hypercube", more, "macro: {sampling: {method: antithetic}}")
    assert sweep.group_size == 2
    assert sweep_of(tmp_path, "latin_hypercube", more).group_size == 1
    # The members of a pair cancel but for 1; the seventh replication has no partner.
    values = [11.0, -9.0, 10.0, -10.0, 10.0, -10.0, 10.0]
    frame = pl.DataFrame({"replication": range(7), "net_loss_rate": values})
    found = responses(tidy({0: frame}), "net_loss_rate", 2)
    assert found[0] == {0: 1.0, 1: 0.0, 2: 0.0}
    difference = paired(found[0], dict.fromkeys(range(3), 0.0), 0.95, 2)
    assert difference is not None
    assert difference.n == 6
    interval = student_interval([-1.0, 0.0, 0.0], 0.95)
    assert (difference.lower, difference.upper) == interval


def test_the_residual_of_the_two_way_layout_is_the_noise() -> None:
    """Interaction +1, -1, -1, +1: residual sum of squares 4 on one degree of freedom."""
    found = {0: {0: 1.0, 1: -1.0}, 1: {0: -1.0, 1: 1.0}}
    split = noise(found, is_common=True)
    assert split is not None
    assert split.noise_variance == pytest.approx(4.0 / 2)


def test_noise_needs_two_points_and_two_replications() -> None:
    assert noise({}, is_common=True) is None
    assert noise({0: {0: 1.0, 1: 2.0}}, is_common=True) is None
    assert noise({0: {0: 1.0}, 1: {0: 2.0}}, is_common=True) is None
    assert noise({0: {0: 1.0, 1: 1.0}, 1: {0: 2.0}}, is_common=True) is None


def test_every_design_tells_its_noise(tmp_path: Path) -> None:
    sweep = sweep_of(tmp_path, "latin_hypercube", "  samples: 10\n")
    found = analyse(sweep, table_of(sweep, lambda a, b, r: a + b + luck(r, 0)))
    assert list(found) == ["noise"]
    row = found["noise"].row(0, named=True)
    assert (row["points"], row["replications"]) == (10, REPLICATIONS)
    assert row["noise_share"] == pytest.approx(0.0, abs=1e-9)
    assert row["independent_noise_share"] > 0.3


def test_morris_ranks_parameters_from_the_table(tmp_path: Path) -> None:
    sweep = sweep_of(tmp_path, "morris", "  trajectories: 5\n")
    found = analyse(sweep, table_of(sweep, lambda a, b, r: 6 * a + 2 * b + luck(r, 0)))["morris"]
    # effects are per whole range, which is half a unit
    assert found["mu_star"].to_list() == pytest.approx([3.0, 1.0], rel=1e-5)
    assert found["sigma"].to_list() == pytest.approx([0.0, 0.0], abs=1e-4)
    assert found["trajectories"].to_list() == [5, 5]


def test_sobol_indices_of_a_sum_are_the_shares_of_its_terms(tmp_path: Path) -> None:
    sweep = sweep_of(tmp_path, "sobol_indices", "  samples: 64\n")
    table = table_of(sweep, lambda a, b, r: 3 * a + b + luck(r, 0), n=2)
    found = analyse(sweep, table)["sobol_indices"]
    assert found["first_order"].to_list() == pytest.approx([0.9, 0.1], abs=0.06)
    assert found["total_order"].to_list() == pytest.approx([0.9, 0.1], abs=0.06)


def test_blocks_with_a_failed_point_are_left_out(tmp_path: Path) -> None:
    sweep = sweep_of(tmp_path, "sobol_indices", "  samples: 8\n")
    table = table_of(sweep, lambda a, b, _: a + b)
    lost = sweep.rows()[9]
    found = analyse(sweep, table.filter(pl.col("point") != lost))["sobol_indices"]
    assert found["samples"].to_list() == [7, 7]
    few = analyse(sweep, table.filter(pl.col("point") < 6))
    assert few["sobol_indices"].height == 0


def test_likelihood_weights_make_means_of_tilted_replications_unbiased() -> None:
    frame = pl.DataFrame(
        {"replication": [0, 1], "net_loss_rate": [4.0, 1.0], "likelihood_weight": [0.25, 3.0]}
    )
    assert responses(tidy({0: frame}), "net_loss_rate") == {0: {0: 1.0, 1: 3.0}}


def test_two_values_have_no_jackknife() -> None:
    assert jackknife_interval([1.0, 3.0], 0.95) == (None, None)


def test_two_trajectories_have_no_interval_of_the_spread(tmp_path: Path) -> None:
    sweep = sweep_of(tmp_path, "morris", "  trajectories: 2\n")
    found = analyse(sweep, table_of(sweep, lambda a, b, r: a * a + b + luck(r, 0)))["morris"]
    assert found["trajectories"].to_list() == [2, 2]
    assert found["sigma_lower"].to_list() == found["sigma_upper"].to_list() == [None, None]
    results = SweepResults(sweep, table_of(sweep, lambda a, b, r: a + b + r), {"morris": found})
    assert "2 trajectories" in screening(results, "net_loss_rate").caption


def test_the_jackknife_of_a_deviation_widens_with_an_outlier() -> None:
    even, odd = jackknife_interval([1, 2, 3, 4], 0.95), jackknife_interval([1, 2, 3, 40], 0.95)
    assert even[1] - even[0] < odd[1] - odd[0]
    assert odd[0] == 0.0
