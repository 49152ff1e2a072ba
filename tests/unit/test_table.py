"""Tables: columns declared once, rows that are added, room that grows."""

import numpy as np

from sim.table import Table, column


class Named(Table):
    """Rows with a number."""

    number = column(np.int16, -1)


class Debts(Named):
    """Rows with a number and yen."""

    yen = column(np.int32)
    is_paid = column(np.bool_, True)


def test_a_column_is_an_array_of_its_type_in_objects_and_nothing_in_the_class() -> None:
    assert list(Debts.columns) == ["number", "yen", "is_paid"]
    assert list(Named.columns) == ["number"]
    assert not hasattr(Debts, "yen")
    assert [getattr(Debts(0), name).dtype for name in Debts.columns] == [
        np.int16,
        np.int32,
        np.bool_,
    ]


def test_rows_that_are_added_are_empty_but_for_what_is_said_however_the_table_grows() -> None:
    debts = Debts(0)
    assert debts.append(3, yen=np.array([5, 6, 7])).tolist() == [0, 1, 2]
    assert debts.append(100, number=9).tolist() == list(range(3, 103))
    assert debts.yen[:5].tolist() == [5, 6, 7, 0, 0]
    assert debts.number[[0, 2, 3, 102]].tolist() == [-1, -1, 9, 9]
    assert debts.is_paid[: debts.size].all()
