"""Allocation of cash: shapes, edges and refusals."""

import numpy as np
import pytest

from models.kernels import allocate, allocate_by_account


@pytest.mark.clause("NP-29.1")
def test_no_claim_receives_anything_before_those_ahead_of_it() -> None:
    claims = [[100, 0, 50, 7]] * 5
    assert allocate([0, 99, 100, 120, 1_000], claims).tolist() == [
        [0, 0, 0, 0],
        [99, 0, 0, 0],
        [100, 0, 0, 0],
        [100, 0, 20, 0],
        [100, 0, 50, 7],
    ]


def test_one_amount_of_cash_serves_one_row_or_each_row() -> None:
    assert allocate(120, [100, 50]).tolist() == [100, 20]
    assert allocate(120, [[100, 50], [1, 2]]).tolist() == [[100, 20], [1, 2]]


def test_allocation_changes_no_argument() -> None:
    cash, claims = np.array([120, 30]), np.array([[100, 50], [40, 1]])
    allocate(cash, claims)
    allocate_by_account(cash, [1, 2], claims)
    assert cash.tolist() == [120, 30]
    assert claims.tolist() == [[100, 50], [40, 1]]


def test_claims_beyond_int64_in_sum_are_no_matter_within_a_row() -> None:
    largest = 2**63 - 1
    assert allocate(largest, [largest - 1, largest]).tolist() == [largest - 1, 1]


def test_rows_and_cash_must_fit() -> None:
    with pytest.raises(ValueError, match=r"claims of shape \(2, 2\) do not fit cash of shape \(3,"):
        allocate([1, 2, 3], [[1, 2], [3, 4]])
    with pytest.raises(ValueError, match=r"claims of shape \(\) do not fit cash of shape \(\)"):
        allocate(1, 2)


def test_negative_cash_and_claims_are_refused() -> None:
    with pytest.raises(ValueError, match="cash must be 0 or more, got -1"):
        allocate(-1, [1])
    with pytest.raises(ValueError, match="claims must be 0 or more, got -1"):
        allocate_by_account([1], [1], [[-1]])


@pytest.mark.clause("NP-29.1")
def test_accounts_do_not_share_cash() -> None:
    allocated, left = allocate_by_account(
        [10, 500, 0], [2, 3, 3, 8], [[20, 20], [100, 0], [30, 40], [5, 5]]
    )
    assert allocated.tolist() == [[10, 0], [100, 0], [30, 40], [0, 0]]
    assert left.tolist() == [0, 330, 0]


def test_no_rows_allocate_nothing() -> None:
    none = np.zeros(0, dtype=np.int64)
    allocated, left = allocate_by_account(none, none, none.reshape(0, 5))
    assert allocated.shape == (0, 5)
    assert left.shape == (0,)
    assert allocate(none, none.reshape(0, 5)).shape == (0, 5)


@pytest.mark.parametrize(
    ("cash", "account", "claims", "message"),
    [
        ([1, 2], [5, 3], [[1], [1]], "account must be ascending"),
        ([1, 2], [3, 5, 3], [[1], [1], [1]], "account must be ascending"),
        ([1], [[3]], [[1]], r"account must have one dimension, got shape \(1, 1\)"),
        ([1], [3, 5], [[1], [1]], r"2 rows in 2 accounts and cash of shape \(1,\) do not fit"),
        ([1], [3, 3], [[1]], r"claims of shape \(1, 1\), 2 rows in 1 accounts"),
        ([1], [3], [1], r"claims of shape \(1,\), 1 rows in 1 accounts"),
    ],
)
def test_rows_of_accounts_that_do_not_fit_are_refused(
    cash: list[int], account: list[int], claims: list[list[int]], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        allocate_by_account(cash, account, claims)


def test_claims_of_all_accounts_beyond_int64_are_refused() -> None:
    with pytest.raises(OverflowError, match="claims: their sum is above"):
        allocate_by_account([1], [1, 1], [[2**62], [2**62]])
