"""The clock of a pass: the threshold of garbage collection while it runs."""

import gc
from collections.abc import Iterator

import pytest

from sim.engine.clock import ALLOCATIONS_PER_COLLECTION, Clock


@pytest.fixture(autouse=True)
def _threshold() -> Iterator[None]:
    found = gc.get_threshold()
    yield
    gc.set_threshold(*found)


def threshold_within_a_run() -> int:
    """Run a clock and give the threshold that holds meanwhile."""
    env, seen = Clock(), []
    env.timeout(1).callbacks.append(lambda _: seen.append(gc.get_threshold()[0]))
    env.run()
    return seen[0]


def test_a_run_raises_the_threshold_and_puts_it_back() -> None:
    gc.set_threshold(700, 10, 5)
    assert threshold_within_a_run() == ALLOCATIONS_PER_COLLECTION
    assert gc.get_threshold()[:2] == (700, 10)


@pytest.mark.parametrize("found", [0, 10 * ALLOCATIONS_PER_COLLECTION])
def test_a_run_leaves_a_threshold_that_is_off_or_higher(found: int) -> None:
    gc.set_threshold(found)
    assert threshold_within_a_run() == found
    assert gc.get_threshold()[0] == found


def test_the_threshold_is_put_back_after_an_error() -> None:
    env = Clock()

    def fail(_: object) -> None:
        raise ValueError("broken")

    gc.set_threshold(700)
    env.timeout(1).callbacks.append(fail)
    with pytest.raises(ValueError, match="broken"):
        env.run()
    assert gc.get_threshold()[0] == 700
