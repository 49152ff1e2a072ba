"""Sums by replication, month, kind and product are those of adding one row after the other."""

import numpy as np
import pytest

from models.products.catalogue import Product
from sim.record import monthly_sums
from sim.record.monthly_sums import MonthlySums

MONTH_OF = np.repeat(np.arange(3, dtype=np.int16), 10)
N_MEMBERS, N_KINDS = 5, 4


@pytest.mark.parametrize("most_waiting", [0, 40, 1 << 18])
@pytest.mark.parametrize("many", [1, 5, 256])
def test_what_waits_is_added_to_its_own_month(
    monkeypatch: pytest.MonkeyPatch, most_waiting: int, many: int
) -> None:
    monkeypatch.setattr(monthly_sums, "MOST_WAITING", most_waiting)
    monkeypatch.setattr(monthly_sums, "MANY", many)
    rng = np.random.default_rng(5)
    sums = MonthlySums(2, N_MEMBERS, MONTH_OF, N_KINDS)
    count = np.zeros((2, 3, N_KINDS, len(Product)), dtype=np.int64)
    yen = np.zeros_like(count)
    for day in rng.integers(0, 30, 60).tolist():  # also back to a month that was left
        n = int(rng.integers(1, 9))
        rows = rng.integers(0, 2 * N_MEMBERS, n).astype(np.int32)
        kind = rng.integers(0, N_KINDS, n) if rng.integers(0, 2) else int(rng.integers(0, N_KINDS))
        n_products = int(rng.integers(1, len(Product) + 1))
        product = rng.integers(0, n_products, n).astype(np.int8)
        amount = rng.integers(0, 2**31 - 1, n).astype(np.int32)
        has_yen = bool(rng.integers(0, 2))
        sums.add(day, kind, rows, amount if has_yen else None, product)
        cell = (rows // N_MEMBERS, np.full(n, MONTH_OF[day]), np.full(n, kind), product)
        np.add.at(count, cell, 1)
        np.add.at(yen, cell, amount.astype(np.int64) * has_yen)
        amount[:] = 0  # what was added is not what its caller does with it afterwards
        if day % 7 == 0:
            assert (sums.total_yen == yen.sum(axis=(1, 3))).all()
    assert (sums.count == count).all()
    assert (sums.yen == yen).all()
    assert (sums.total_yen == yen.sum(axis=(1, 3))).all()
