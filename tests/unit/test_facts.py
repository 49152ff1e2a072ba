"""Facts: their canonical order."""

import numpy as np
import polars as pl
import pytest

from sim.facts.replication import KEYS, SCHEMA, canonical


@pytest.mark.parametrize("highest", [3, 2**31 - 1])
def test_facts_are_sorted_by_their_keys_from_left_to_right(highest: int) -> None:
    # With numbers this high and names this many, no number of 64 bits tells all keys apart.
    random, n = np.random.default_rng(11), 5_000
    names = {
        name: [f"{name}-{number}" for number in random.integers(0, 900, n)]
        for name in ("lender", "product", "table", "key", "subkey")
    }
    numbers = {
        "replication": random.integers(0, highest, n, endpoint=True),
        "month": random.integers(-1, 120, n),
        "count": np.arange(n),
        "yen": random.integers(-9, 9, n),
    }
    few = {name: [values[0], values[1]] * (n // 2) for name, values in names.items()}
    for texts in (names, few):
        facts = pl.DataFrame({**texts, **numbers}, schema_overrides=SCHEMA).select(list(SCHEMA))
        assert canonical(facts).equals(facts.sort(KEYS, maintain_order=True))


def test_no_facts_are_in_order() -> None:
    assert canonical(pl.DataFrame(schema=SCHEMA)).is_empty()
