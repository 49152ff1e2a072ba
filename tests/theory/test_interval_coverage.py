"""95 % intervals cover the truth in 90 to 98 % of 200 repetitions, for every way of sampling.

The truth is the closed form of the Vasicek large pool; one repetition is an experiment with a seed
of its own, 1 to 200. A correct interval misses 4 to 20 times of 200 with a probability of 0.99.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import polars as pl
import pytest
from scipy import stats
from vasicek_pool import MEAN, QUANTILE, SHORTFALL, P, config_of, replications_of

from sim.config import Config
from sim.experiment.comparison import difference
from sim.experiment.precision import decide
from sim.experiment.width import DEFAULT_WIDTH
from sim.metrics.estimation import Statistic, estimate
from sim.metrics.samples import sample_of

REPETITIONS = range(1, 201)
LOWEST, HIGHEST = 0.90, 0.98

TRUTH: dict[Statistic, float] = {
    "mean": MEAN,
    "value_at_risk": QUANTILE,
    "expected_shortfall": SHORTFALL,
}


@dataclass(frozen=True)
class Method:
    """A way to sample, and what it must at least be worth at the median experiment."""

    name: str
    n: int
    sampling: Mapping[str, object]
    worth: Mapping[Statistic, float]
    experiment: Mapping[str, object] = field(default_factory=dict)


METHODS = [
    # With 260 values the exact interval of the quantile covers 0.955; it cannot cover 0.95.
    Method("plain", 260, {}, {"mean": 1.0, "value_at_risk": 1.0}),
    Method("antithetic", 400, {"method": "antithetic"}, {"mean": 2.5, "value_at_risk": 1.0}),
    Method(
        "stratified",
        400,
        {"method": "stratified", "strata": 10},
        {"mean": 7.0, "value_at_risk": 1.5},
    ),
    Method("sobol", 640, {"method": "sobol", "points": 32}, {"mean": 15.0, "value_at_risk": 3.0}),
    Method("control variate", 200, {}, {"mean": 20.0}, {"control_variate": {}}),
    Method(
        "importance",
        400,
        {"method": "importance", "shift": -1.5},
        {"mean": 1.2, "value_at_risk": 5.0},
    ),
    Method(
        "antithetic and control variate",
        400,
        {"method": "antithetic"},
        {"mean": 25.0},
        {"control_variate": {}},
    ),
]

METRIC: dict[Statistic, str] = {
    "mean": "vintage_net_loss_share",
    "value_at_risk": "net_loss_rate",
    "expected_shortfall": "net_loss_rate",
}


@dataclass
class Tally:
    """How often intervals covered, and what the sampling was worth."""

    covered: list[bool] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    worth: list[float] = field(default_factory=list)

    def add(self, config: Config, frame: pl.DataFrame, statistic: Statistic) -> None:
        """Do one experiment."""
        found = estimate(
            sample_of(frame, METRIC[statistic], config),
            statistic,
            tail=config.experiment.tail,
            confidence=0.95,
            seed=config.seed,
        )
        assert found.value is not None
        assert found.lower is not None
        assert found.upper is not None
        assert found.speed_up is not None
        self.covered.append(found.lower <= TRUTH[statistic] <= found.upper)
        self.values.append(found.value)
        self.worth.append(found.speed_up)

    @property
    def coverage(self) -> float:
        """Share of intervals that cover."""
        return sum(self.covered) / len(self.covered)


@cache
def experiments(name: str) -> list[tuple[Config, pl.DataFrame]]:
    """Compute the repetitions of a method once."""
    method = next(method for method in METHODS if method.name == name)
    configs = [config_of(seed, method.sampling, method.experiment) for seed in REPETITIONS]
    return [(config, replications_of(config, method.n)) for config in configs]


def tally(method: Method, statistic: Statistic) -> Tally:
    """Do all repetitions."""
    found = Tally()
    for config, frame in experiments(method.name):
        found.add(config, frame, statistic)
    return found


def cases(statistic: Statistic) -> pytest.MarkDecorator:
    """Run a test for each method that helps a statistic."""
    able = [method for method in METHODS if statistic in method.worth]
    return pytest.mark.parametrize("method", able, ids=lambda method: method.name)


@cases("mean")
def test_intervals_of_the_mean_cover_it_and_the_mean_is_unbiased(method: Method) -> None:
    found = tally(method, "mean")
    assert LOWEST <= found.coverage <= HIGHEST
    # Unbiased: a t-test over the repetitions at the level 0.001.
    assert stats.ttest_1samp(found.values, MEAN).pvalue > 0.001
    assert sorted(found.worth)[100] >= method.worth["mean"]


@cases("value_at_risk")
def test_intervals_of_a_quantile_cover_it(method: Method) -> None:
    found = tally(method, "value_at_risk")
    assert LOWEST <= found.coverage <= HIGHEST
    assert sorted(found.worth)[100] >= method.worth["value_at_risk"]


@pytest.mark.parametrize("method", [METHODS[0], METHODS[5]], ids=lambda m: m.name)
def test_bootstrap_intervals_of_the_expected_shortfall_cover_it(method: Method) -> None:
    found = tally(method, "expected_shortfall")
    assert LOWEST <= found.coverage <= HIGHEST


@pytest.mark.parametrize("method", METHODS[:6], ids=lambda method: method.name)
def test_intervals_of_a_paired_difference_cover_it(method: Method) -> None:
    covered, factors = [], []
    for config, frame in experiments(method.name):
        more = frame.with_columns(pl.col(METRIC["mean"]) + 0.1 * pl.col("net_loss_rate"))
        one, baseline = (sample_of(each, METRIC["mean"], config) for each in (more, frame))
        row = difference(one, baseline, confidence=0.95, width=DEFAULT_WIDTH)
        covered.append(float(str(row["lower"])) <= 0.1 * P <= float(str(row["upper"])))
        factors.append(float(str(row["variance_reduction_factor"])))
    assert LOWEST <= sum(covered) / len(covered) <= HIGHEST
    assert min(factors) > 50


@pytest.mark.parametrize(
    ("statistic", "relative", "n"), [("mean", 0.1, 1000), ("value_at_risk", 0.15, 2000)]
)
def test_intervals_at_the_end_of_a_stopping_rule_still_cover(
    statistic: Statistic, relative: float, n: int
) -> None:
    target = {"metric": "net_loss_rate", "statistic": statistic, "relative": relative}
    rule = {"targets": (target,), "minimum": 40, "batch": 40, "maximum": n}
    covered, totals = [], []
    for seed in REPETITIONS:
        config = config_of(seed, {}, {"precision": rule})
        decision = decide(replications_of(config, n), config)
        found = decision.targets[0].estimate
        assert decision.is_precise
        assert found.lower is not None
        assert found.upper is not None
        covered.append(found.lower <= TRUTH[statistic] <= found.upper)
        totals.append(decision.n)
    assert LOWEST <= sum(covered) / len(covered) <= HIGHEST
    assert len(set(totals)) > 3  # the data decide, not the minimum


def test_weights_left_out_would_be_noticed() -> None:
    """Teeth: without its weights, importance sampling covers nothing."""
    covered = []
    for seed in range(1, 21):
        config = config_of(seed, {"method": "importance", "shift": -1.5})
        frame = replications_of(config, 400).with_columns(pl.lit(1.0).alias("likelihood_weight"))
        sample = sample_of(frame, "net_loss_rate", config)
        found = estimate(sample, "value_at_risk", tail=0.95, confidence=0.95, seed=1)
        covered.append(found.lower is not None and found.lower <= QUANTILE <= (found.upper or 0))
    assert not any(covered)


def test_dependent_replications_taken_for_independent_would_be_noticed() -> None:
    """Teeth: taken as single values, antithetic pairs give intervals that are too wide."""
    covered = []
    for seed in REPETITIONS:
        frame = replications_of(config_of(seed, {"method": "antithetic"}), 100)
        plain = config_of(seed, {})
        sample = sample_of(frame, "net_loss_rate", plain)
        found = estimate(sample, "mean", tail=0.95, confidence=0.95, seed=1)
        covered.append(found.lower is not None and found.lower <= MEAN <= (found.upper or 0))
    assert sum(covered) / len(covered) > HIGHEST
