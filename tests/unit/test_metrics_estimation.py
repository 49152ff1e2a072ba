"""Estimates under every way of sampling, against plain ones and worked numbers."""

import math

import numpy as np
import polars as pl
import pytest

from sim.config import Config
from sim.metrics import statistics
from sim.metrics.bootstrap import studentised_interval
from sim.metrics.estimation import estimate, replications_still_needed
from sim.metrics.means import controlled, mean_estimate
from sim.metrics.samples import Sample, complete_groups, sample_of
from sim.metrics.tails import Tail, quantile_estimate, shortfall_estimate

VALUES = tuple(float(number * 37 % 101) for number in range(100))


def test_a_plain_sample_has_the_textbook_estimates() -> None:
    sample = Sample(VALUES)
    mean = mean_estimate(sample, 0.95)
    assert mean.value == statistics.mean(VALUES)
    assert (mean.lower, mean.upper) == statistics.student_interval(VALUES, 0.95)
    at_risk = quantile_estimate(sample, 0.9, 0.95)
    assert at_risk.value == statistics.quantile(VALUES, 0.9)
    assert (at_risk.lower, at_risk.upper) == statistics.quantile_interval(VALUES, 0.9, 0.95)
    shortfall = shortfall_estimate(sample, 0.9, 0.95, 1)
    assert shortfall.value == statistics.expected_shortfall(VALUES, 0.9)
    for found in (mean, at_risk, shortfall):
        assert (found.n, found.effective_sample_size, found.speed_up) == (100, 100.0, 1.0)


@pytest.mark.parametrize("level", [0.55, 0.9, 0.95, 0.99])
def test_weights_of_one_change_no_estimate(level: float) -> None:
    weighted = Sample(VALUES, weights=(1.0,) * 100)
    assert mean_estimate(weighted, 0.95).value == pytest.approx(statistics.mean(VALUES))
    assert quantile_estimate(weighted, level, 0.95).value == statistics.quantile(VALUES, level)
    shortfall = shortfall_estimate(weighted, level, 0.95, 1)
    assert shortfall.value == pytest.approx(statistics.expected_shortfall(VALUES, level))


def test_a_mean_over_groups_rests_on_the_spread_between_them() -> None:
    sample = Sample((1.0, 9.0, 2.0, 10.0, 3.0, 11.0), group_size=2)
    found = mean_estimate(sample, 0.95)
    assert (found.lower, found.upper) == statistics.student_interval([5.0, 6.0, 7.0], 0.95)
    plain = statistics.standard_deviation(sample.values)
    assert plain is not None
    assert found.speed_up == pytest.approx(plain**2 / 2.0)
    assert (found.n, found.n_groups) == (6, 3)


def test_a_weighted_mean_is_not_divided_by_the_sum_of_the_weights() -> None:
    # The ratio estimator would give 2; it is biased, this one is not.
    found = mean_estimate(Sample((2.0, 2.0), weights=(0.2, 0.8)), 0.95)
    assert found.value == pytest.approx(1.0)


def test_a_weighted_quantile_is_exceeded_with_at_most_the_probability_of_the_tail() -> None:
    tail = Tail.of(Sample((10.0, 20.0, 30.0, 40.0), weights=(2.0, 1.2, 0.6, 0.2)))
    # Probabilities from the worst: 0.05, 0.15, 0.3, 0.5.
    assert tail.value_exceeded_by(0.04) == 40.0
    assert tail.value_exceeded_by(0.06) == 30.0
    assert tail.value_exceeded_by(0.3) == 20.0
    assert tail.value_exceeded_by(0.9) == 10.0
    assert tail.value_exceeded_by(1.0) is None
    assert tail.mean_of_worst(0.1) == pytest.approx((0.05 * 40 + 0.05 * 30) / 0.1)


def test_the_smallest_share_that_rounding_misses_still_counts() -> None:
    tail = Tail.of(Sample(tuple(map(float, range(1, 101))), weights=(1.0,) * 100))
    for rank in range(1, 100):
        assert tail.value_exceeded_by(rank / 100) == 100 - rank


def test_a_quantile_without_weight_beyond_it_has_no_value() -> None:
    found = quantile_estimate(Sample((1.0, 2.0), weights=(0.01, 0.02)), 0.95, 0.95)
    assert found.value is None
    assert "less than 0.05" in str(found.reason)


def test_a_heavy_weight_at_the_quantile_widens_its_interval() -> None:
    values = tuple(map(float, range(100)))
    light = (0.2,) * 50 + (0.2,) * 50
    heavy = (*light[:90], 6.0, *light[91:])
    found, wide = (
        quantile_estimate(Sample(values, weights=weights), 0.95, 0.95) for weights in (light, heavy)
    )
    assert wide.value == 90.0
    assert found.speed_up is not None
    assert wide.speed_up is not None
    assert wide.speed_up < 0.2 * found.speed_up


def test_a_control_variate_that_explains_everything_leaves_no_spread() -> None:
    controls = tuple(math.sin(number) for number in range(20))
    sample = Sample(tuple(5.0 + 2.0 * c for c in controls), controls=controls)
    found = mean_estimate(sample, 0.95)
    assert found.value == pytest.approx(5.0)
    assert found.half_width == pytest.approx(0.0, abs=1e-9)


def test_each_coefficient_of_a_control_variate_leaves_its_own_group_out() -> None:
    means, controls = [3.0, 1.0, 4.0, 1.0, 5.0], [0.3, -0.2, 0.5, 0.1, 0.4]
    found = controlled(means, controls)
    for left_out, value in enumerate(found):
        others = [number for number in range(5) if number != left_out]
        slope = np.polyfit([controls[n] for n in others], [means[n] for n in others], 1)[0]
        assert value == pytest.approx(means[left_out] - slope * controls[left_out])


def test_a_quantile_over_few_groups_has_no_interval() -> None:
    for n_groups, is_there in ((19, False), (20, True)):
        sample = Sample(VALUES[: 4 * n_groups], group_size=4)
        assert (quantile_estimate(sample, 0.6, 0.95).lower is not None) is is_there


def test_few_groups_have_no_control_variate() -> None:
    values, controls = VALUES[:9], tuple(math.sin(x) for x in VALUES[:9])
    assert mean_estimate(Sample(values, controls=controls), 0.95).value == statistics.mean(values)


def test_a_constant_control_variate_does_nothing() -> None:
    assert controlled([1.0, 2.0, 3.0, 4.0], [0.0] * 4) == [1.0, 2.0, 3.0, 4.0]


def test_a_shortfall_with_few_values_beyond_the_quantile_has_no_interval() -> None:
    found = shortfall_estimate(Sample(tuple(map(float, range(199)))), 0.95, 0.95, 1)
    assert found.value is not None
    assert found.lower is None
    assert "9 of 199 values in 199 groups" in str(found.reason)
    assert shortfall_estimate(Sample(tuple(map(float, range(200)))), 0.95, 0.95, 1).lower


def test_the_bootstrap_is_a_function_of_the_seed() -> None:
    values = np.array(VALUES) ** 2
    first, again, other = (
        studentised_interval(values, None, 1, 0.1, 0.95, seed) for seed in (1, 1, 2)
    )
    assert first == again != other


def test_the_bootstrap_scales_and_shifts_with_its_values() -> None:
    values = np.array(VALUES) ** 2
    plain = studentised_interval(values, None, 1, 0.1, 0.95, 1)
    moved = studentised_interval(3.0 * values + 7.0, None, 1, 0.1, 0.95, 1)
    assert plain is not None
    assert moved == pytest.approx([3.0 * end + 7.0 for end in plain])


def test_the_bootstrap_in_pieces_is_the_bootstrap_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.array(VALUES)
    whole = studentised_interval(values, None, 2, 0.2, 0.9, 3)
    monkeypatch.setattr("sim.metrics.bootstrap.CELLS_AT_ONCE", 7000)
    assert studentised_interval(values, None, 2, 0.2, 0.9, 3) == whole


def test_no_spread_beyond_the_quantile_has_no_bootstrap() -> None:
    assert studentised_interval(np.ones(50), None, 1, 0.1, 0.95, 1) is None


@pytest.mark.parametrize("statistic", ["mean", "value_at_risk", "expected_shortfall"])
def test_replications_still_needed_shrink_the_interval_to_the_width(statistic: str) -> None:
    sample = Sample(VALUES)
    found = estimate(sample, statistic, tail=0.8, confidence=0.95, seed=1)  # type: ignore[arg-type]
    assert found.half_width is not None
    assert replications_still_needed(found, found.half_width, 0.95) == 0
    needed = replications_still_needed(found, found.half_width / 2, 0.95)
    assert needed is not None
    assert 285 < needed < 300  # four times as many, a little less for Student's t
    assert replications_still_needed(found, 0.0, 0.95) is None


def test_replications_still_needed_are_whole_groups() -> None:
    found = mean_estimate(Sample((1.0, 9.0, 2.0, 10.0, 3.0, 11.0), group_size=2), 0.95)
    needed = replications_still_needed(found, 0.3, 0.95)
    assert needed is not None
    assert needed > 0
    assert needed % 2 == 0


def test_groups_with_a_missing_replication_or_value_are_left_out() -> None:
    kept = complete_groups([0, 1, 2, 4, 5, 6, 7], [True, True, True, True, True, False, True], 2)
    assert kept == [True, True, False, True, True, False, False]


def test_a_sample_takes_weights_groups_and_controls_from_the_table() -> None:
    frame = pl.DataFrame(
        {
            "replication": [0, 1, 2],
            "net_loss_rate": [0.1, None, 0.3],
            "likelihood_weight": [0.5, 1.0, 2.0],
            "vasicek_probability": [0.05, 0.06, 0.09],
        }
    )
    settings = {
        "macro": {"sampling": {"method": "importance"}},
        "experiment": {"control_variate": {}},
        "behaviour": {"repayment": {"short_of_cash": 0.06}},
    }
    sample = sample_of(frame, "net_loss_rate", Config.model_validate(settings))
    assert (sample.values, sample.weights) == ((0.1, 0.3), (0.5, 2.0))
    assert sample.controls == pytest.approx((-0.01, 0.03))
    plain = sample_of(frame, "net_loss_rate", Config())
    assert (plain.weights, plain.controls, plain.is_plain) == (None, None, True)


def test_the_numbers_of_replications_say_which_of_them_form_a_group() -> None:
    frame = pl.DataFrame(
        {
            "replication": [1, 2, 3],
            "net_loss_rate": [0.1, 0.2, 0.3],
            "likelihood_weight": [1.0] * 3,
            "vasicek_probability": [0.06] * 3,
        }
    )
    pairs = Config.model_validate({"macro": {"sampling": {"method": "antithetic"}}})
    assert sample_of(frame, "net_loss_rate", pairs).values == (0.2, 0.3)


def test_values_that_do_not_fill_their_groups_are_refused() -> None:
    with pytest.raises(ValueError, match="3 values do not fill groups of 2"):
        Sample((1.0, 2.0, 3.0), group_size=2)
