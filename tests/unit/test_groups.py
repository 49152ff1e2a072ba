"""Rows that belong together: orders and memberships as numpy's slower functions give them."""

import numpy as np
import pytest

from models.kernels.groups import ascending, first_of_runs, is_among


@pytest.mark.parametrize("n", [0, 1, 2, 40, 3000])
@pytest.mark.parametrize("highest", [1, 5, 10_000])
def test_ascending_orders_by_both_numbers_and_leaves_the_rest_as_it_was(
    n: int, highest: int
) -> None:
    generator = np.random.default_rng(n + highest)
    numbers, second = generator.integers(0, highest, n), generator.integers(0, 7, n)
    found = ascending(numbers, lambda positions: second[positions])
    assert found.tolist() == np.lexsort((second, numbers)).tolist()


def test_ascending_asks_further_while_numbers_tie() -> None:
    generator = np.random.default_rng(7)
    numbers, second, third = generator.integers(0, 5, (3, 400))
    found = ascending(numbers, second.__getitem__, third.__getitem__)
    assert found.tolist() == np.lexsort((third, second, numbers)).tolist()


def test_ascending_asks_for_second_numbers_only_where_the_first_repeat() -> None:
    asked: list[int] = []

    def second(positions: np.ndarray) -> np.ndarray:
        asked.extend(positions.tolist())
        return positions

    ascending(np.array([4, 9, 1, 9]), second)
    assert sorted(asked) == [1, 3]


@pytest.mark.parametrize("n_wanted", [0, 1, 2, 50])
def test_is_among_tells_what_numpy_tells(n_wanted: int) -> None:
    generator = np.random.default_rng(n_wanted)
    numbers, wanted = generator.integers(-5, 60, 200), generator.integers(0, 50, n_wanted)
    assert is_among(numbers, wanted).tolist() == np.isin(numbers, wanted).tolist()
    assert not is_among(numbers[:0], wanted).size


def test_no_number_begins_no_run() -> None:
    assert first_of_runs(np.zeros(0, dtype=np.int64)).size == 0
