"""Variance reduction with the engine: a portfolio of few members, sampled in every way.

The configuration makes every member miss a bill for one reason, the empty purse, whose chance given
the economy is the Vasicek probability. So the rate of missed bills has a known mean, and the macro
factor decides most of what differs between replications.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import polars as pl
import pytest
from scipy import stats

from sim.config import Config
from sim.engine.simulation import simulate
from sim.metrics import tables
from sim.metrics.estimation import estimate
from sim.metrics.means import Estimate, mean_estimate
from sim.metrics.samples import Sample, sample_of

MEMBERS, MONTHS, P, RHO = 200, 2, 0.06, 0.15
RATE = "missed_rate"
"""Column with the missed bills over the bills, added to the table of replications."""
N = 160

SAMPLINGS: dict[str, dict[str, Any]] = {
    "plain": {},
    "antithetic": {"method": "antithetic"},
    "stratified": {"method": "stratified", "strata": 8, "months": 2},
    "sobol": {"method": "sobol", "points": 8},
    "importance": {"method": "importance", "shift": -2.0},
}


def config_of(sampling: Mapping[str, Any], experiment: Mapping[str, Any] | None = None) -> Config:
    """Configure members with one bill in January or none, and one chance to miss it."""
    return Config.model_validate(
        {
            "months": MONTHS,
            "seed": 1,
            "population": {
                "members": MEMBERS,
                "existing_share": 1.0,
                "never_pays_share": 0.0,
                "strained_shape": 100.0,
                "pay_methods": {
                    "konbini_terminal": 1.0,
                    "ebarcode": 0.0,
                    "invoice": 0.0,
                    "direct_debit": 0.0,
                },
            },
            "products": {"atone": {"limit_cap_yen": 1}},
            "behaviour": {
                "spending": {
                    "uses_per_year": 48.0,
                    "uses_shape": 100.0,
                    "price_median_yen": 1,
                    "price_sigma": 0.0,
                    "cancel_share": 0.0,
                    "season": (1.0, *[0.0] * 11),
                },
                "repayment": {"forgets": 0.0, "short_of_cash": 1.0, "ceiling": P},
                "hardship": {"per_month": 0.0},
                "new_method_share": 0.0,
            },
            "screening": {
                "score": {"cut_off": -1e6},
                "hold": {"share": 0.0, "new_member_share": 0.0},
            },
            "collections": {"ladder": (), "reminder_days": 0},
            "macro": {"phi": 0.9, "rho": RHO, "sampling": dict(sampling)},
            "policy": {"limits": {"bands": ({"from_score": -1e6, "limit_yen": 1},)}},
            "experiment": {"replications": N, "tail": 0.9, **(experiment or {})},
        }
    )


@cache
def facts_of(name: str) -> pl.DataFrame:
    """Simulate all replications in one pass."""
    return simulate(config_of(SAMPLINGS[name]), range(N)).facts


def replications_of(name: str, config: Config | None = None) -> pl.DataFrame:
    """Compute the headline numbers and the rate of missed bills."""
    facts = facts_of(name)
    frame = tables(facts, config or config_of(SAMPLINGS[name]))["replications"]
    bills = counts(facts, "billed", 0, "price")
    missed = counts(facts, "events", 1, "payment_missed")
    return frame.with_columns((missed / bills).alias(RATE))


def counts(facts: pl.DataFrame, table: str, month: int, key: str) -> pl.Series:
    """Give the counts of one fact by replication, 0 where there is none."""
    chosen = facts.filter(
        (pl.col("table") == table) & (pl.col("month") == month) & (pl.col("key") == key)
    )
    numbers = pl.DataFrame({"replication": range(N)}, schema={"replication": pl.Int32})
    return numbers.join(chosen, on="replication", how="left", maintain_order="left")[
        "count"
    ].fill_null(0)


def sample(name: str, metric: str = RATE) -> Sample:
    return sample_of(replications_of(name), metric, config_of(SAMPLINGS[name]))


@pytest.mark.parametrize("name", SAMPLINGS)
def test_the_mean_rate_is_that_of_the_model(name: str) -> None:
    found = mean_estimate(sample(name), 0.999)
    assert found.lower is not None
    assert found.upper is not None
    assert found.lower <= P <= found.upper


@pytest.mark.parametrize(
    ("name", "least"), [("antithetic", 1.5), ("stratified", 1.5), ("sobol", 1.5)]
)
def test_groups_of_macro_paths_are_worth_several_plain_replications(
    name: str, least: float
) -> None:
    speed_up = mean_estimate(sample(name), 0.95).speed_up
    assert speed_up is not None
    assert speed_up > least


def test_the_vasicek_probability_as_control_variate_is_worth_several_replications() -> None:
    # The ceiling makes everybody's chance P; the control variate must be told so.
    settings = config_of({}, {"control_variate": {"months": 2}}).model_dump(mode="json")
    settings["behaviour"]["repayment"]["short_of_cash"] = P
    config = Config.model_validate_json(json.dumps(settings))
    found = mean_estimate(sample_of(replications_of("plain", config=config), RATE, config), 0.999)
    assert found.speed_up is not None
    assert found.speed_up > 2.5
    assert found.lower is not None
    assert found.upper is not None
    assert found.lower <= P <= found.upper


def tail_of(name: str) -> Estimate:
    return estimate(sample(name), "value_at_risk", tail=0.99, confidence=0.95, seed=1)


def test_importance_sampling_is_worth_many_replications_in_the_tail() -> None:
    """The quantile of the finite portfolio, from the binomial law mixed over the factor."""
    found = tail_of("importance")
    assert found.speed_up is not None
    assert found.speed_up > 5
    assert tail_of("plain").lower is None  # 368 plain values would be needed
    nodes = stats.norm.ppf((pl.int_range(0, 20_000, eager=True).to_numpy() + 0.5) / 20_000)
    given = stats.norm.cdf((stats.norm.ppf(P) - RHO**0.5 * nodes) / (1 - RHO) ** 0.5)
    share_below = [
        float(stats.binom.cdf(rate * MEMBERS, MEMBERS, given).mean())
        for rate in (found.lower or 0.0, found.upper or 0.0)
    ]
    assert share_below[0] < 0.99 < share_below[1]
