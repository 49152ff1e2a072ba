"""Codes: every enumeration that columns hold is one, and compares as a plain number."""

import re
from pathlib import Path

import numpy as np
import pytest

from sim.engine.state.portfolio import DueStatus, Status

SOURCES = Path(__file__).parents[2]


@pytest.mark.parametrize("package", ["models", "sim"])
def test_no_enumeration_of_numbers_stands_beside_the_codes(package: str) -> None:
    found = [
        path.relative_to(SOURCES).as_posix()
        for path in sorted((SOURCES / package).rglob("*.py"))
        if re.search(r"^class \w+\(IntEnum\)", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert [path for path in found if path != "models/codes.py"] == []


def test_a_code_keeps_the_comparison_of_numpy() -> None:
    column = np.array([0, 1, 2], dtype=np.int8)
    assert (column == DueStatus.OVERDUE).tolist() == [False, True, False]
    assert (column >= Status.REJECTED).tolist() == [False, True, True]
    assert np.maximum(column, Status.REJECTED).tolist() == [1, 1, 2]
    assert type(Status.REJECTED).__array_ufunc__ is np.ndarray.__array_ufunc__
