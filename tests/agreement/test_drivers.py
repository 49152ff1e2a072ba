"""The cohort driver and the member driver tell the same lives, bit for bit.

This is the main test of ordering and batching: whatever a night does with many rows at once must be
what the same steps do for one member after the other.
"""

from pathlib import Path

import polars as pl
from hypothesis import given
from polars.testing import assert_frame_equal

from sim.config import Config, load_config
from sim.engine.simulation import Outcome, simulate
from sim.record.eventlog import Record
from tests.property.random_configs import configs, examples

ATONE = Path(__file__).resolve().parents[2] / "configs" / "atone.yaml"


def assert_same_outcome(one: Outcome, other: Outcome) -> None:
    """Compare facts, ledger lines and events, row by row."""
    assert_frame_equal(one.ledger, other.ledger)
    assert_frame_equal(one.events, other.events)
    assert_frame_equal(one.facts, other.facts)


def assert_drivers_agree(config: Config, replications: list[int]) -> pl.DataFrame:
    """Simulate with both drivers, compare all lines of everybody, and give the ledger."""
    cohort, member = (
        simulate(config, replications, driver=driver, record=Record.everyone())
        for driver in ("cohort", "member")
    )
    assert_same_outcome(cohort, member)
    return cohort.ledger


@examples(25)
@given(config=configs(members=(15, 40)))
def test_both_drivers_agree_on_any_configuration(config: Config) -> None:
    assert_drivers_agree(config, [0])


@examples(5)
@given(config=configs(members=(20, 30), months=(3, 5)))
def test_both_drivers_agree_when_replications_share_a_pass(config: Config) -> None:
    assert_drivers_agree(config, [5, 0, 2])


def test_both_drivers_agree_on_two_years_of_the_baseline() -> None:
    config = load_config(ATONE, ["population.members=250"])
    ledger = assert_drivers_agree(config, [0])
    assert ledger.height > 10_000
