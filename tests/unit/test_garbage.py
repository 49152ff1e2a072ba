"""Garbage collection while a pass is simulated, and what is freed without it."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from sim.config import load_config
from sim.engine.garbage import ALLOCATIONS_PER_COLLECTION, rarely_collected
from sim.engine.simulation import outcome_of, run_worlds
from sim.record.eventlog import Record


@pytest.fixture(autouse=True)
def _threshold() -> Iterator[None]:
    found = gc.get_threshold()
    yield
    gc.set_threshold(*found)


def test_the_threshold_is_raised_and_put_back() -> None:
    gc.set_threshold(700, 10, 5)
    with rarely_collected():
        assert gc.get_threshold()[:2] == (ALLOCATIONS_PER_COLLECTION, 10)
    assert gc.get_threshold()[:2] == (700, 10)


@pytest.mark.parametrize("found", [0, 10 * ALLOCATIONS_PER_COLLECTION])
def test_a_threshold_that_is_off_or_higher_is_left(found: int) -> None:
    gc.set_threshold(found)
    with rarely_collected():
        assert gc.get_threshold()[0] == found
    assert gc.get_threshold()[0] == found


def test_the_threshold_is_put_back_after_an_error() -> None:
    gc.set_threshold(700)
    with pytest.raises(ValueError, match="broken"), rarely_collected():
        raise ValueError("broken")
    assert gc.get_threshold()[0] == 700


def test_a_pass_of_the_cohort_that_is_over_is_freed_without_a_search() -> None:
    config = load_config("configs/mixed.yaml", ["population.members=30", "months=4"])
    gc.disable()
    try:
        worlds = run_worlds(config, [0, 1], "cohort", Record.nothing())
        left = [weakref.ref(world) for world in worlds]
        outcome_of(worlds)
        del worlds
        assert [one() for one in left] == [None, None]
    finally:
        gc.enable()
