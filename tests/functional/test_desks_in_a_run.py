"""Desks inside whole runs: Little's law, conservation, true capacity, cost of a provider."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sim.config import Config, load_config
from sim.engine.desks.desk import Desk
from sim.engine.desks.statistics import SKILL_MEASURES
from sim.engine.simulation import Driver, run_worlds
from sim.engine.state.world import World
from sim.facts.replication import facts_of
from sim.metrics.operations import desk_skills
from sim.record.eventlog import Record

CONFIGS = Path(__file__).parents[2] / "configs"
SENIOR = ["ordinary", "senior"]
TEAM: dict[str, Any] = {
    "shifts": [
        {"staff": 1, "opens": "10:00", "closes": "14:00", "skills": SENIOR},
        {"staff": 1, "opens": "12:00", "closes": "17:00", "weekdays": ["mon", "tue", "fri"]},
    ],
    "classes": [{"from_attempt": 2, "skill": "senior", "priority": 1}],
    "ageing_days": 2.0,
    "absent_share": 0.2,
    "falls_ill_share": 0.3,
    "changes": [{"on": "2026-03-10", "staff": 3}, {"on": "2026-05-10", "staff": 2}],
    "outside": {"above": 2, "cost_yen": 321, "days": 1.5},
}
HOURS = {"opens": "10:00", "closes": "17:00", "business_days_only": False}
STAFFED = ("review", "calls", "law_firm")
"""Desks that get it."""
BUSY = {"hours": HOURS, "team": TEAM, "mean_minutes": 120.0}
"""Long services, so that people are at work when they fall ill."""


def small(name: str, *, with_teams: bool) -> Config:
    """Load a shipped configuration for few members and months, whose desks may have teams."""
    data = load_config(CONFIGS / f"{name}.yaml").model_dump(mode="json")
    data["population"]["members"], data["months"] = 250, 6
    data["behaviour"]["repayment"]["short_of_cash"] = 0.4
    lenders = [data, data["lenders"]["au"]]
    for section in lenders if with_teams else ():
        section["screening"]["hold"]["share"] = 0.3
        section["screening"]["review_desk"] |= BUSY
        section["collections"]["call_desk"] |= BUSY | {"service_time": {"distribution": "gamma"}}
        section["collections"]["law_firm"] |= BUSY
    return Config.model_validate_json(json.dumps(data))


def worlds_of(config: Config, driver: Driver = "cohort") -> list[World]:
    """Run one replication."""
    return run_worlds(config, [0], driver, Record.nothing())


def desks_of(worlds: list[World]) -> list[Desk]:
    """Give all desks."""
    return [desk for world in worlds for desks in world.desks for desk in vars(desks).values()]


@pytest.mark.parametrize("name", ["atone", "mixed"])
@pytest.mark.parametrize("with_teams", [False, True])
def test_every_desk_of_a_run_obeys_littles_law_and_loses_nothing(
    name: str, *, with_teams: bool
) -> None:
    desks = desks_of(worlds_of(small(name, with_teams=with_teams)))
    assert sum(sum(desk.statistics.served) for desk in desks) > 50
    for desk in desks:
        statistics = desk.statistics
        assert desk.check_littles_law() == 0
        gone = (statistics.served, statistics.moot, statistics.outsourced, statistics.refused)
        assert sum(statistics.arrivals) == sum(map(sum, gone)) + desk.n_waiting
        assert desk.n_waiting == statistics.backlog_by_day[-1]  # nothing happens after the last
        has_team = with_teams and desk.name.removeprefix("au_") in STAFFED
        assert (sum(statistics.absent_seconds) > 0) == has_team
    assert (sum(sum(desk.statistics.interrupted) for desk in desks) > 0) == with_teams


def test_both_drivers_agree_on_teams() -> None:
    config = small("atone", with_teams=True)
    facts = facts_of(worlds_of(config))
    assert facts.equals(facts_of(worlds_of(config, "member")))
    assert {"outsourced", "interrupted", "absent_seconds"} <= set(facts["subkey"])


def test_a_provider_is_paid_for_each_piece_on_top_of_its_cost_in_house() -> None:
    dear = small("atone", with_teams=True)
    data = dear.model_dump(mode="json")
    data["collections"]["call_desk"]["team"]["outside"]["cost_yen"] = 0
    facts, free = (
        facts_of(worlds_of(config))
        for config in (dear, Config.model_validate_json(json.dumps(data)))
    )
    outsourced = facts.filter(table="desk", key="calls", subkey="outsourced")["count"].sum()
    paid = [
        frame.filter(table="postings", key="provider_of_collection_paid")["yen"].sum()
        for frame in (facts, free)
    ]
    assert outsourced > 0
    assert paid[0] - paid[1] == 321 * outsourced


@pytest.mark.parametrize("with_teams", [False, True])
def test_skills_share_the_work_of_their_desks(*, with_teams: bool) -> None:
    config = small("mixed", with_teams=with_teams)
    worlds = worlds_of(config)
    found = desk_skills(facts_of(worlds))
    staffed = [desk for desk in desks_of(worlds) if len(desk.roster.skills) > 1]
    assert bool(staffed) == with_teams
    assert found.height == sum(len(desk.roster.skills) for desk in staffed)
    for desk in staffed:
        statistics, own = desk.statistics, found.filter(pl.col("desk") == desk.name)
        for measure in SKILL_MEASURES:
            by_month = getattr(statistics, measure)
            by_skill = statistics.by_skill[measure]
            assert [sum(skills) for skills in zip(*by_skill, strict=True)] == by_month
            assert own[measure].sum() == sum(by_month)
        assert own["skill"].to_list() == SENIOR
        # All can do ordinary work, and some of them what a senior does.
        ordinary, senior = own["capacity_seconds"]
        assert ordinary == sum(statistics.capacity_seconds) > senior > 0
    if with_teams:
        calls = found.filter(pl.col("desk") == "calls").row(1, named=True)
        assert calls["served"] > 0
        wait = calls["wait_seconds"] / 60 / calls["served"]
        assert calls["mean_wait_minutes"] == pytest.approx(wait)
