"""Spells, defaults and balances of a run tie to the ledger, to the events and to each other."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from sim.config import Config
from sim.engine.simulation import outcome_of, run_worlds
from sim.engine.state.world import World
from sim.facts.replication import facts_of
from sim.metrics import tables
from sim.record.eventlog import Record
from sim.record.workouts import Flow

MONTHS, MEMBERS = 20, 300
DEFAULT_DPD = 60
"""The morning of the last letter, so that defaults have costs of contacts."""
RECEIVABLES = [
    f"{name}_receivable" for name in ("principal", "fee", "late_damages", "late_admin_fee", "cost")
]
NEVER = 10**6

Tables = dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def config() -> Config:
    config = Config(months=MONTHS)
    changes = {"members": MEMBERS, "never_pays_share": 0.05}
    population = config.population.model_copy(update=changes)
    economics = config.economics.model_copy(update={"default_dpd": DEFAULT_DPD})
    return config.model_copy(update={"population": population, "economics": economics})


@pytest.fixture(scope="module")
def world(config: Config) -> World:
    return run_worlds(config, [0], "cohort", Record.everyone())[0]


@pytest.fixture(scope="module")
def facts(world: World) -> pl.DataFrame:
    return facts_of([world])


@pytest.fixture(scope="module")
def found(facts: pl.DataFrame, config: Config) -> Tables:
    return tables(facts, config)


@pytest.fixture(scope="module")
def ledger(world: World, config: Config) -> pl.DataFrame:
    """Give all lines, with the number of their day."""
    start = dt.datetime.combine(config.start, dt.time())
    days = (pl.col("day").cast(pl.Datetime) - start).dt.total_days().alias("at")
    return outcome_of([world]).ledger.with_columns(days)


def total(facts: pl.DataFrame, table: str, *keys: str, value: str = "count") -> int:
    return int(facts.filter((pl.col("table") == table) & pl.col("key").is_in(keys))[value].sum())


def test_spells_begun_are_those_ended_and_those_running(world: World, facts: pl.DataFrame) -> None:
    begun = int(world.spells.number.sum())
    assert begun > 100
    for table in ("spell_days", "spell_cohorts"):
        assert facts.filter(pl.col("table") == table)["count"].sum() == begun
    members = world.members
    late = (members.overdue_since[:MEMBERS] >= 0) & ~members.is_written_off[:MEMBERS]
    assert total(facts, "spell_days", "running") == late.sum() > 0


def test_the_facts_of_one_world_can_be_taken_twice(world: World, facts: pl.DataFrame) -> None:
    assert facts_of([world]).equals(facts)


def test_write_offs_of_spells_are_those_of_the_event_log(facts: pl.DataFrame) -> None:
    written_off = total(facts, "spell_days", "written_off")
    again = total(facts, "events", "written_off") - written_off
    assert written_off > 0
    assert 0 <= again <= written_off  # a second claim given up in a spell is no second end


def test_every_spell_that_lasts_long_enough_is_a_default(facts: pl.DataFrame) -> None:
    reached = facts.filter(
        (pl.col("table") == "spell_cohorts") & pl.col("subkey").str.contains("/(60|90)")
    )
    defaults = facts.filter((pl.col("table") == "defaults") & (pl.col("subkey") == "principal"))
    assert reached["count"].sum() == defaults["count"].sum() > 0


def only_defaults(world: World) -> list[int]:
    """Give the members with a default, where each of them has but one."""
    rows = np.flatnonzero(world.workouts.default_day >= 0)
    assert world.workouts.at_horizon().defaults.sum() == rows.size
    return [int(row) for row in rows]


def test_exposures_are_balances_of_the_ledger(world: World, ledger: pl.DataFrame) -> None:
    # Everything posted before the morning of the default, member by member.
    for row in only_defaults(world):
        lines = ledger.filter(
            (pl.col("member") == row) & (pl.col("at") < int(world.workouts.default_day[row]))
        )
        owed = {
            name: lines.filter(pl.col("debit") == name)["yen"].sum()
            - lines.filter(pl.col("credit") == name)["yen"].sum()
            for name in RECEIVABLES
        }
        assert world.workouts.principal_yen[row] == owed.pop("principal_receivable")
        assert world.workouts.other_yen[row] == sum(owed.values())


def test_flows_of_workouts_are_those_of_the_ledger(world: World, ledger: pl.DataFrame) -> None:
    workouts = world.workouts
    seen = workouts.at_horizon()
    flows = (seen.flow_yen + seen.open_flow_yen).sum(axis=(0, 1, 3))
    begin = {row: int(workouts.default_day[row]) for row in only_defaults(world)}
    end = {row: int(workouts.left_day[row]) for row in begin}
    inside = ledger.with_columns(
        pl.col("member").replace_strict(begin, default=NEVER).alias("begin"),
        pl.col("member").replace_strict(end, default=-1).alias("end"),
    ).filter(
        (pl.col("at") >= pl.col("begin")) & ((pl.col("end") < 0) | (pl.col("at") <= pl.col("end")))
    )

    def posted(*kinds: str) -> int:
        return int(inside.filter(pl.col("kind").is_in(kinds))["yen"].sum())

    paid = [f"{part}_paid" for part in ("principal", "fee", "late_damages", "late_admin_fee")]
    cash = posted(*paid, "cost_paid", "recovered")
    assert flows[Flow.PRINCIPAL] + flows[Flow.OTHER] == cash > 0
    assert flows[Flow.AGENCY_FEE] == posted("agency_fee") > 0
    assert posted("contact_cost") > 0
    cost = posted("contact_cost", "court_cost", "legal_work")
    assert flows[Flow.COLLECTION_COST] == cost


def test_no_balance_is_lost_twice(found: Tables, facts: pl.DataFrame) -> None:
    fates = facts.filter(pl.col("table") == "fates")
    assert fates.filter(pl.col("subkey") == "written_off")["yen"].sum() > 0
    lost = (
        fates.filter(pl.col("subkey") != "recovered")
        .group_by("month", "key")
        .agg(pl.col("yen").sum().alias("lost_yen"))
    )
    owed = found["arrears"].join(lost, left_on=["month", "bucket"], right_on=["month", "key"])
    assert owed.height == lost.height
    assert (owed["principal_yen"] >= owed["lost_yen"]).all()


def test_members_in_default_and_sound_members_are_all_members(
    world: World, found: Tables, facts: pl.DataFrame
) -> None:
    last = pl.col("month") == MONTHS - 1
    sound = facts.filter((pl.col("table") == "sound") & last & (pl.col("subkey") == "members"))
    assert sound["count"].sum() == MEMBERS - world.workouts.is_running.sum()
    pd = found["probability_of_default"].filter(pl.col("month").is_not_null())
    assert (pd["defaults"] <= pd["members"]).all()


def test_ever_never_falls_and_lies_above_now(found: Tables) -> None:
    book = found["months_on_book"].filter(pl.col("month") == 0)
    for age in (30, 60, 90):
        ever = book[f"ever_{age}"]
        assert (ever.diff().drop_nulls() >= 0).all()
        assert (ever >= book[f"now_{age}"]).all()
    assert book["ever_90"].max() > 0
