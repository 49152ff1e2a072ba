"""The summary of a run over its replications."""

import json
import math

import polars as pl
import pytest
from test_metrics_tables import Fact, facts_from

from sim.config import Config
from sim.metrics import summary, tables


def posted(*amounts: int) -> pl.DataFrame:
    return facts_from(*([("postings", 0, "purchase_posted", "", 1, yen)] for yen in amounts))


def test_the_summary_describes_a_metric_over_replications() -> None:
    config = Config(months=1)
    found = summary(tables(posted(90, 100, 110), config), config)
    metric = found["metrics"]["posted_yen"]
    assert (metric["n"], metric["mean"], metric["standard_deviation"]) == (3, 100.0, 10.0)
    assert metric["quantiles"] == {"0.05": 90, "0.25": 90, "0.5": 100, "0.75": 110, "0.95": 110}
    assert metric["replications_needed"] == 15
    assert found["headline"][0] == {
        "metric": "posted_yen",
        "mean": 100.0,
        "low": metric["lower"],
        "high": metric["upper"],
    }


def test_intervals_end_where_what_they_are_about_does() -> None:
    config = Config(months=1)
    runs: list[list[Fact]] = [
        [
            ("events", 0, "purchase_authorised", "", authorised, 0),
            ("events", 0, "declined_overdue", "", 10 - authorised, 0),
            ("postings", 0, "principal_written_off", "", 1, yen),
        ]
        for authorised, yen in ((9, 100), (7, 900))
    ]
    found = summary(tables(facts_from(*runs), config), config)["metrics"]
    # Student at two values: 12.7 times half their difference around 0.8 and 500.
    assert found["approval_rate"]["mean"] == pytest.approx(0.8)
    assert (found["approval_rate"]["lower"], found["approval_rate"]["upper"]) == (0.0, 1.0)
    assert found["written_off_yen"]["lower"] == 0.0
    assert found["written_off_yen"]["upper"] == pytest.approx(500 + 12.7062 * 400)
    assert found["net_loss_yen"]["lower"] == pytest.approx(500 - 12.7062 * 400)
    # How many more it takes is counted from the spread, not from what is left of the interval.
    needed = [found[name]["replications_needed"] for name in ("written_off_yen", "net_loss_yen")]
    assert needed[0] == needed[1]
    assert found["approval_rate"]["replications_needed"] == 51 - 2


def test_the_summary_says_why_a_number_is_missing() -> None:
    config = Config(months=1)
    found = summary(tables(posted(90), config), config)
    assert "2 or more are needed" in found["metrics"]["posted_yen"]["reason"]
    assert "not observed long enough" in found["metrics"]["unpaid_share_30"]["reason"]
    at_risk = found["losses"]["net_loss_yen"]["value_at_risk"]
    assert at_risk == {
        "value": 0,
        "lower": None,
        "upper": None,
        "effective_sample_size": 1.0,
        "speed_up": 1.0,
        "reason": "1 values; the interval needs 72",
    }


def test_the_summary_gives_tails_with_intervals_where_there_are_enough_replications() -> None:
    config = Config(months=1)
    lost: list[list[Fact]] = [
        [("postings", 0, "principal_written_off", "", 1, yen)] for yen in range(1, 401)
    ]
    found = summary(tables(facts_from(*lost), config), config)["losses"]["net_loss_yen"]
    assert found["value_at_risk"]["value"] == 380
    assert found["expected_shortfall"]["value"] == 390.5
    for estimate in (found["value_at_risk"], found["expected_shortfall"]):
        assert estimate["lower"] < estimate["value"] < estimate["upper"]
        assert estimate["reason"] is None


def test_the_summary_is_strict_json() -> None:
    config = Config(months=1)
    for amounts in ((), (5,), (5, 7)):
        text = json.dumps(summary(tables(posted(*amounts), config), config), allow_nan=False)
        assert json.loads(text)["replications"] == len(amounts)


def test_the_summary_counts_whole_groups_and_says_how_it_sampled() -> None:
    config = Config.model_validate(
        {
            "months": 1,
            "macro": {"sampling": {"method": "antithetic"}},
            "experiment": {"replications": 4},
        }
    )
    found = summary(tables(posted(90, 110, 100, 120, 7), config), config)
    assert found["sampling"]["method"] == "antithetic"
    assert (found["sampling"]["group_size"], found["sampling"]["groups"]) == (2, 2)
    metric = found["metrics"]["posted_yen"]
    assert (metric["n"], metric["mean"]) == (4, 105.0)
    # Variance 166.67 of one against 50 of a pair's mean: 166.67 / (2 * 50).
    assert metric["speed_up"] == pytest.approx(5 / 3)
    assert metric["effective_sample_size"] == pytest.approx(20 / 3)


def test_the_summary_weighs_replications_of_importance_sampling() -> None:
    config = Config.model_validate(
        {"months": 1, "macro": {"sampling": {"method": "importance", "shift": -1.0}}}
    )
    weights = (0.5, 1.5)
    facts = facts_from(
        *(
            [
                ("postings", 0, "purchase_posted", "", 1, yen),
                ("macro", -1, "log_weight", "", round(math.log(weight) * 1e12), 0),
            ]
            for yen, weight in zip((100, 200), weights, strict=True)
        )
    )
    found = tables(facts, config)
    assert found["replications"]["likelihood_weight"].to_list() == pytest.approx(weights)
    described = summary(found, config)
    assert described["metrics"]["posted_yen"]["mean"] == pytest.approx((50 + 300) / 2)
    assert described["sampling"]["weight_sample_size"] == pytest.approx(4 / 2.5)
    assert described["sampling"]["weight_mean"] == pytest.approx(1.0)
