"""Comparison under common random numbers: worked differences, and what cannot be compared."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from scipy.stats import ttest_rel

from models.errors import InputError
from sim.config import Config
from sim.experiment.comparison import COLUMNS, compare
from sim.experiment.ranking import select
from sim.experiment.result import Result
from sim.experiment.width import Width
from sim.metrics import statistics
from sim.metrics.declared.replications import HEADLINE

BASE = [100.0 + 40.0 * math.sin(number * 12.9898) for number in range(30)]
OTHER = [0.9 * x + 3.0 * math.cos(number * 78.233) for number, x in enumerate(BASE)]


def result_of(
    values: Sequence[float | None],
    *,
    name: str = "run",
    weights: Sequence[float] | None = None,
    first: int = 0,
    **settings: Any,  # noqa: ANN401 - any section of the configuration
) -> Result:
    n = len(values)
    frame = pl.DataFrame(
        {
            "replication": range(first, first + n),
            **{metric: list(values) for metric in HEADLINE},
            "likelihood_weight": list(weights or [1.0] * n),
            "vasicek_probability": [0.06] * n,
        },
        schema_overrides=dict.fromkeys(HEADLINE, pl.Float64),
    )
    config = Config.model_validate({"name": name, **settings})
    return Result(config, pl.DataFrame(), {"replications": frame}, {}, "")


def row_of(**options: Any) -> dict[str, Any]:  # noqa: ANN401 - options of compare
    found = compare([result_of(BASE), result_of(OTHER)], metrics=["profit_yen"], **options)
    return found.table.row(0, named=True)


def test_the_interval_is_that_of_the_paired_t_test() -> None:
    row = row_of()
    expected = ttest_rel(OTHER, BASE).confidence_interval(0.95)
    assert (row["lower"], row["upper"]) == pytest.approx((expected.low, expected.high))
    assert row["difference"] == pytest.approx(statistics.mean(OTHER) - statistics.mean(BASE))
    assert (row["baseline_mean"], row["mean"]) == (statistics.mean(BASE), statistics.mean(OTHER))
    assert row["n"] == 30


def test_the_factor_is_the_variance_of_independent_seeds_over_that_of_the_pairs() -> None:
    row = row_of()
    one, two = pl.Series(OTHER), pl.Series(BASE)
    gap = (one - two).var()
    factor = (one.var() + two.var()) / gap  # type: ignore[operator]
    assert row["variance_reduction_factor"] == pytest.approx(factor)
    assert row["independent_replications"] == math.ceil(30 * factor)  # type: ignore[operator]
    correlation = pl.DataFrame({"a": OTHER, "b": BASE}).select(pl.corr("a", "b")).item()
    assert row["correlation"] == pytest.approx(correlation)


def test_so_many_replications_are_still_needed_for_the_wanted_width() -> None:
    row = row_of(width="0.3%")
    assert row["wanted_half_width"] == pytest.approx(0.003 * statistics.mean(BASE))
    deviation = statistics.standard_deviation([a - b for a, b in zip(OTHER, BASE, strict=True)])
    assert deviation is not None
    total = statistics.sample_size(deviation, row["wanted_half_width"], 0.95)
    assert total is not None
    assert row["replications_needed"] == total - 30 > 0
    assert row_of(width="0.3%", widths={"profit_yen": "50"})["replications_needed"] == 0


def test_bonferroni_shares_the_level_among_all_intervals() -> None:
    results = [result_of(BASE), result_of(OTHER), result_of([2 * x for x in OTHER])]
    both = compare(results, metrics=["profit_yen", "revenue_yen"], bonferroni=True)
    alone = compare(results, metrics=["profit_yen"], confidence=1 - 0.05 / 4)
    assert both.is_simultaneous
    assert both.table.height == 4
    first = both.table.filter(pl.col("metric") == "profit_yen")
    assert first["lower"].to_list() == pytest.approx(alone.table["lower"].to_list())


def test_a_run_compared_with_itself_shows_no_difference_and_says_so() -> None:
    row = compare([result_of(BASE), result_of(BASE)]).table.row(0, named=True)
    assert (row["difference"], row["lower"], row["upper"]) == (0.0, 0.0, 0.0)
    assert (row["variance_reduction_factor"], row["replications_needed"]) == (None, 0)
    assert row["reason"] == "the same in all replications"


def test_replications_in_which_one_has_no_value_are_left_out_of_both() -> None:
    holes: list[float | None] = [None if number == 4 else x for number, x in enumerate(OTHER)]
    for pair in ([BASE, holes], [holes, BASE]):
        found = compare([result_of(values) for values in pair], metrics=["profit_yen"])
        row = found.table.row(0, named=True)
        assert row["n"] == 29
        assert row["mean" if pair[1] is BASE else "baseline_mean"] == statistics.mean(
            [*BASE[:4], *BASE[5:]]
        )


def test_pairs_of_antithetic_replications_are_compared_as_pairs() -> None:
    settings = {"macro": {"sampling": {"method": "antithetic"}}}
    results = [result_of(BASE, **settings), result_of(OTHER, **settings)]
    row = compare(results, metrics=["profit_yen"]).table.row(0, named=True)
    gaps = [a - b for a, b in zip(OTHER, BASE, strict=True)]
    pairs = [(gaps[n] + gaps[n + 1]) / 2 for n in range(0, 30, 2)]
    assert (row["lower"], row["upper"]) == pytest.approx(statistics.student_interval(pairs, 0.95))


def test_a_difference_under_importance_sampling_is_weighted() -> None:
    weights = [0.5 + number / 29 for number in range(30)]
    settings = {"macro": {"sampling": {"method": "importance"}}}
    one, other = (result_of(values, weights=weights, **settings) for values in (BASE, OTHER))
    row = compare([one, other], metrics=["profit_yen"]).table.row(0, named=True)
    gaps = [w * (b - a) for w, a, b in zip(weights, BASE, OTHER, strict=True)]
    assert row["difference"] == pytest.approx(statistics.mean(gaps))


def test_the_table_has_the_declared_columns_and_the_headline() -> None:
    found = compare({"base": result_of(BASE), "tried": result_of(OTHER)})
    assert dict(found.table.schema) == {name: kind() for name, kind in COLUMNS.items()}
    assert found.table["metric"].to_list() == list(HEADLINE)
    assert found.runs == ("base", "tried")
    assert found.as_dict()["differences"][0]["run"] == "tried"


def test_runs_of_one_name_are_told_apart() -> None:
    found = compare([result_of(BASE), result_of(OTHER), result_of(BASE, name="x")])
    assert found.runs == ("run (1)", "run (2)", "x (3)")


def test_a_longer_horizon_is_noted() -> None:
    found = compare([result_of(BASE, months=12), result_of(OTHER, months=18)])
    assert found.notes == ("months differ: run (1) 12, run (2) 18",)


IMPORTANCE = {"macro": {"sampling": {"method": "importance"}}}


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (result_of(OTHER, seed=2), r"these differ: the seed \(1 and 2\)"),
        (result_of(OTHER[:20]), r"the replications \(0 to 29 and 0 to 19\)"),
        (result_of(OTHER, first=5), r"0 to 29 and 30 with numbers from 5 to 34"),
        (result_of(OTHER, **IMPORTANCE), r"macro\.sampling \(plain and importance\)"),
    ],
)
def test_runs_that_do_not_belong_together_are_refused(other: Result, message: str) -> None:
    with pytest.raises(InputError, match=message):
        compare([result_of(BASE), other])
    with pytest.raises(InputError, match=message):
        select([result_of(BASE), other], "profit_yen", indifference=1.0)


def test_runs_with_other_weights_are_refused() -> None:
    one = result_of(BASE, weights=[1.0] * 30, **IMPORTANCE)
    other = result_of(OTHER, weights=[1.1] * 30, **IMPORTANCE)
    with pytest.raises(InputError, match="the likelihood weights"):
        compare([one, other])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"metrics": ["profits"]}, "metric: got 'profits'; allowed: one of posted_yen"),
        ({"metrics": []}, "metrics: got none"),
        ({"widths": {"profits": "5%"}}, "metric: got 'profits'"),
        ({"width": "-3"}, "width: got '-3'; allowed: a number above 0"),
        ({"width": "wide"}, "width: got 'wide'"),
        ({"confidence": 95}, "confidence: got 95; allowed: above 0.5 and below 1"),
    ],
)
def test_a_wrong_argument_is_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        compare([result_of(BASE), result_of(OTHER)], **options)


def test_one_result_is_not_enough() -> None:
    with pytest.raises(InputError, match="got 1; allowed: two or more"):
        compare([result_of(BASE)])


def test_a_directory_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no results directory"):
        compare([tmp_path, tmp_path])


def test_a_width_is_read_once() -> None:
    width = Width.of("2%")
    assert Width.of(width) is width
    assert (width.half_width(-50.0), Width.of("0.5").half_width(-50.0)) == (1.0, 0.5)


def test_the_smallest_mean_is_selected_on_request() -> None:
    named = {"high": result_of(BASE), "low": result_of([x - 20 for x in BASE])}
    largest = select(named, "profit_yen", indifference=5.0)
    smallest = select(named, "profit_yen", indifference=5.0, smallest=True)
    assert (largest.best, smallest.best) == ("high", "low")
    assert largest.is_decided
    with pytest.raises(InputError, match="metric: got 'profits'"):
        select(named, "profits", indifference=5.0)
