"""The index of unpaid dues finds what a look at every due finds."""

import numpy as np
import pytest

from sim.engine.state import due_index
from sim.engine.state.due_index import DueIndex
from sim.engine.state.portfolio import Dues, DueStatus

N_MEMBERS = 12


@pytest.mark.parametrize("shortest_end", [0, 20, 4096])
def test_the_index_finds_the_unpaid_dues_of_members(
    monkeypatch: pytest.MonkeyPatch, shortest_end: int
) -> None:
    monkeypatch.setattr(due_index, "SHORTEST_END", shortest_end)
    rng = np.random.default_rng(9)
    table, index = Dues(4), DueIndex(N_MEMBERS)
    for night in range(80):
        n = int(rng.integers(0, 8))
        table.append(n, member=rng.integers(0, N_MEMBERS, n))
        changed = rng.integers(0, max(table.size, 1), 3)[: table.size]
        is_unpaid = ~np.isin(table.status[changed], (DueStatus.PAID, DueStatus.GONE))
        table.status[changed[is_unpaid]] = rng.integers(0, len(DueStatus), int(is_unpaid.sum()))
        if night % 30 == 29:  # also without being asked
            index.sort(table)
        rows = rng.permutation(N_MEMBERS)[: int(rng.integers(0, N_MEMBERS + 1))]
        status = table.status[: table.size]
        is_asked = np.isin(table.member[: table.size], rows)
        is_unpaid = (status != DueStatus.PAID) & (status != DueStatus.GONE)
        expected = np.flatnonzero(is_asked & is_unpaid)
        assert sorted(index.unpaid(table, rows).tolist()) == expected.tolist()
