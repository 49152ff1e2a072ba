"""The stopping rule: when it looks, what it sees, when it stops."""

import math
from typing import Any

import polars as pl
import pytest

from models.errors import InputError
from sim.config import Config, load_config
from sim.experiment.precision import decide, looks, table
from sim.metrics import statistics

PROFITS = [100.0 + 15.0 * math.sin(number * 12.9898) for number in range(400)]


def config_of(*targets: dict[str, object], method: str = "plain", **rule: Any) -> Config:  # noqa: ANN401 - any parameter
    return Config.model_validate(
        {
            "macro": {"sampling": {"method": method, "strata": 8}},
            "experiment": {"precision": {"targets": targets, **rule}},
        }
    )


def frame_of(values: list[float]) -> pl.DataFrame:
    n = len(values)
    return pl.DataFrame(
        {
            "replication": range(n),
            "profit_rate": values,
            "likelihood_weight": [1.0] * n,
            "vasicek_probability": [0.06] * n,
        }
    )


MEAN = {"metric": "profit_rate", "relative": 0.02}


def half_width(n: int) -> float:
    interval = statistics.student_interval(PROFITS[:n], 0.95)
    assert interval is not None
    return (interval.upper - interval.lower) / 2


def is_met(n: int) -> bool:
    return half_width(n) <= 0.02 / 1.02 * abs(statistics.mean(PROFITS[:n]))


def test_the_rule_stops_at_the_first_look_at_which_the_interval_is_narrow_enough() -> None:
    config = config_of(MEAN, minimum=20, batch=10, maximum=400)
    decision = decide(frame_of(PROFITS), config)
    assert decision.n == next(n for n in range(20, 401, 10) if is_met(n))
    assert (decision.is_enough, decision.is_precise, decision.next_look) == (True, True, decision.n)
    assert decision.targets[0].needed == 0
    assert decision.targets[0].estimate.value == statistics.mean(PROFITS[: decision.n])


def test_a_relative_width_keeps_the_error_within_its_share_of_the_true_value() -> None:
    decision = decide(frame_of(PROFITS), config_of(MEAN, minimum=20, batch=10, maximum=400))
    (state,) = decision.targets
    assert state.wanted == pytest.approx(0.02 / 1.02 * statistics.mean(PROFITS[: decision.n]))


def test_replications_beyond_the_last_look_and_their_order_do_not_count() -> None:
    config = config_of(MEAN, minimum=20, batch=10, maximum=400)
    decision = decide(frame_of(PROFITS), config)
    for n in (decision.n, decision.n + 7, 400):
        assert decide(frame_of(PROFITS[:n]).reverse(), config) == decision


def test_before_it_is_enough_the_rule_says_where_to_look_next() -> None:
    config = config_of(MEAN, minimum=20, batch=10, maximum=400)
    first = decide(frame_of(PROFITS[:19]), config)
    assert (first.n, first.is_enough, first.next_look, first.targets) == (0, False, 20, ())
    second = decide(frame_of(PROFITS[:39]), config)
    assert (second.n, second.is_enough, second.next_look) == (30, False, 40)
    assert second.likely_total is not None
    assert second.likely_total > 40


def test_replications_after_a_gap_do_not_count() -> None:
    config = config_of(MEAN, minimum=20, batch=10, maximum=400)
    with_gap = frame_of(PROFITS).filter(pl.col("replication") != 25)
    assert decide(with_gap, config).n == 20


def test_looks_known_to_fail_may_be_left_out() -> None:
    config = config_of(MEAN, minimum=20, batch=10, maximum=400)
    decision = decide(frame_of(PROFITS), config)
    assert decide(frame_of(PROFITS), config, after=decision.n - 1) == decision
    assert decide(frame_of(PROFITS), config, after=decision.n).n == decision.n + 10


def test_the_maximum_ends_a_run_that_is_not_precise() -> None:
    config = config_of({**MEAN, "relative": 0.0001}, minimum=20, batch=30, maximum=100)
    decision = decide(frame_of(PROFITS), config)
    assert (decision.n, decision.is_enough, decision.is_precise) == (100, True, False)
    assert decision.likely_total is not None
    assert decision.likely_total > 10_000


def test_all_targets_must_be_met() -> None:
    loose = {"metric": "profit_rate", "absolute": 1000.0}
    alone = decide(frame_of(PROFITS), config_of(loose, minimum=20, maximum=400))
    both = decide(frame_of(PROFITS), config_of(loose, MEAN, minimum=20, maximum=400))
    strict = decide(frame_of(PROFITS), config_of(MEAN, minimum=20, maximum=400))
    assert alone.n == 20 < both.n == strict.n


def test_a_quantile_without_interval_is_not_met_and_nobody_knows_how_many_it_takes() -> None:
    target = {"metric": "profit_rate", "statistic": "value_at_risk", "absolute": 1000.0}
    decision = decide(frame_of(PROFITS[:60]), config_of(target, minimum=20, batch=20))
    assert (decision.n, decision.is_enough, decision.likely_total) == (60, False, None)
    enough = decide(frame_of(PROFITS), config_of(target, minimum=20, batch=20))
    assert enough.n == 80  # 72 values are needed


def test_looks_are_at_whole_groups_and_not_at_a_few() -> None:
    config = config_of(MEAN, method="stratified", minimum=20, batch=10, maximum=115)
    precision = config.experiment.precision
    assert precision is not None
    assert list(looks(precision, 8)) == [80, 96, 104, 112, 120]
    assert list(looks(precision, 1)) == [20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 115]


def test_the_level_of_the_rule_may_differ_from_that_of_the_run() -> None:
    frame = frame_of(PROFITS)
    narrow = decide(frame, config_of(MEAN, minimum=20, batch=1, maximum=400, confidence=0.8))
    wide = decide(frame, config_of(MEAN, minimum=20, batch=1, maximum=400))
    assert narrow.n < wide.n


def test_the_table_has_a_row_for_each_target() -> None:
    config = config_of(MEAN, {**MEAN, "statistic": "expected_shortfall"}, minimum=20, maximum=20)
    rows = table(decide(frame_of(PROFITS), config))
    assert rows["statistic"].to_list() == ["mean", "expected_shortfall"]
    assert rows["n"].to_list() == [20, 20]
    assert rows["half_width"].to_list() == [pytest.approx(half_width(20)), None]


def test_the_table_cuts_intervals_at_the_bounds_of_a_metric_and_not_their_width() -> None:
    frame = frame_of([0.0, 1.0] * 5).rename({"profit_rate": "unpaid_share_1"})
    target = {"metric": "unpaid_share_1", "absolute": 0.1}
    (row,) = table(decide(frame, config_of(target, minimum=2, maximum=2))).rows(named=True)
    assert (row["lower"], row["upper"]) == (0.0, 1.0)
    assert row["half_width"] == pytest.approx(12.7062 / 2)


def test_a_configuration_without_rule_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no section experiment\.precision"):
        decide(frame_of(PROFITS), Config())


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("{targets: []}", r"precision\.targets: got \[\]; allowed: a list of 1 or more"),
        ("{}", r"precision\.targets: missing"),
        ("{targets: [{metric: profit}]}", r"targets\.0: .*either relative or absolute"),
        (
            "{targets: [{metric: profit, relative: 0.1}]}",
            r"targets\.0\.metric: got 'profit'; allowed: one of posted_yen",
        ),
        (
            "{targets: [{metric: profit_yen, relative: 0.1, absolute: 3}]}",
            r"targets\.0: .*exactly one of them",
        ),
        (
            "{targets: [{metric: profit_yen, relative: 0.1}], minimum: 50, maximum: 40}",
            r"precision\.maximum: got 40; allowed: at least minimum, 50",
        ),
    ],
)
def test_a_wrong_rule_is_named(rule: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_config("configs/atone.yaml", [f"experiment.precision={rule}"])
