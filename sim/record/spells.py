"""Tally of the spells of arrears: how long they last, how they end, and who falls behind again.

Steps tell of each spell its begin and its end; what stays of it are counts and yen in cells. A
spell is over when nothing overdue is left, or, for these counts, when the claim is given up.
"""

from collections.abc import Sequence
from copy import deepcopy

import numpy as np

from models.arrays import Ints
from models.codes import Code
from sim.table import add_to_cells

AGES = np.array([*range(121), *range(127, 366, 7), *range(395, 906, 30)], dtype=np.int64)
"""Last day of each class of days: single days to 120, weeks to 365, then 30 days; the last class
takes what lies beyond."""
STAGES = (1, 30, 60, 90)
"""Days past due that a spell may reach; every spell counts as having reached the first."""
RETURNS = {3: 91, 6: 183, 12: 365}
"""Months after a cure by the days that they are counted as."""
_WINDOWS = np.array(list(RETURNS.values()))
# NOTE: days are few: looking them up takes a tenth of the time of a search in each row.
_CLASS_OF_DAYS = np.searchsorted(AGES, np.arange(AGES[-1] + 1), side="left")
_STAGE_OF_DAYS = np.searchsorted(STAGES[1:], np.arange(STAGES[-1] + 1), side="right")
NUMBERS = ("1", "2", "3+")
"""Which spell of its member a spell is."""


class Ending(Code):
    """How a spell of arrears ends."""

    CURED = 0
    WRITTEN_OFF = 1
    SOLD = 2
    RELEASED = 3  # by relief after misuse
    RUNNING = 4  # at the end of the horizon


def age_class(days: Ints) -> Ints:
    """Give the class of days, an index into `AGES`, shape (n,)."""
    return _looked_up(_CLASS_OF_DAYS, days)


def stage_of(days: Ints) -> Ints:
    """Give the last stage reached after days past due, an index into `STAGES`, shape (n,)."""
    return _looked_up(_STAGE_OF_DAYS, days)


def window_of(days: Ints) -> Ints:
    """Give the first of `RETURNS` that holds so many days, or their number if none does."""
    return np.asarray(_WINDOWS.searchsorted(days, side="left"))


def _looked_up(table: Ints, days: Ints) -> Ints:
    """Look days up in a table that goes on at both ends as it does there, shape (n,)."""
    return np.asarray(table[np.maximum(np.minimum(days, table.size - 1), 0)])


def by_row(notes: Sequence[tuple[Ints | int, ...]]) -> list[Ints]:
    """Join what was noted, item by item: what is one for all rows of a note is repeated by row.

    Examples
    --------
    >>> by_row([(7, np.array([1, 2])), (9, np.array([3]))])
    [array([7, 7, 9]), array([1, 2, 3])]
    """
    sizes = [next(item.size for item in note if isinstance(item, np.ndarray)) for note in notes]
    return [
        np.concatenate(items)
        if isinstance(items[0], np.ndarray)
        else np.repeat([int(item) for item in items], sizes)
        for items in zip(*notes, strict=True)
    ]


class Spells:
    """Spells of one pass at one lender.

    Parameters
    ----------
    n_replications
        Replications in the pass.
    n_rows
        Member rows of all of them.
    month_of
        Month index by day.

    Notes
    -----
    Columns, one value a member row: `number` of spells begun; `overdue_yen`, the price overdue when
    the last one began; begin and length of the first one (`first_start`, `first_days`, -1: none,
    still running); `cured_day` and `cured_days`, end and length of the last spell
    cured. Cells: `ages` by replication, number, ending and
    class of days; `cohorts` by replication, month of the begin, number, ending and stage reached;
    `cures` by replication, month of the cure and stage; `relapses` the same by window.
    """

    def __init__(self, n_replications: int, n_rows: int, month_of: Ints) -> None:
        self._n_members = n_rows // n_replications
        self._month_of = month_of
        n_months = int(month_of.max()) + 1
        self.number = np.zeros(n_rows, dtype=np.int16)
        self.overdue_yen = np.zeros(n_rows, dtype=np.int32)
        self.first_start = np.full(n_rows, -1, dtype=np.int32)
        self.first_days = np.full(n_rows, -1, dtype=np.int32)
        self.cured_day = np.full(n_rows, -1, dtype=np.int32)
        self.cured_days = np.zeros(n_rows, dtype=np.int32)
        numbers, endings, stages = len(NUMBERS), len(Ending), len(STAGES)
        self.ages = np.zeros((n_replications, numbers, endings, AGES.size), dtype=np.int64)
        self.ages_yen = np.zeros_like(self.ages)
        shape = (n_replications, n_months, numbers, endings, stages)
        self.cohorts = np.zeros(shape, dtype=np.int64)
        self.cohorts_yen = np.zeros_like(self.cohorts)
        self.cures = np.zeros((n_replications, n_months, stages), dtype=np.int64)
        self.relapses = np.zeros((*self.cures.shape, len(RETURNS)), dtype=np.int64)
        self.ended: list[tuple[int, Ending, Ints, Ints, Ints, Ints]] = []
        """Spells not counted yet: day and ending, member rows, begin, number and price overdue."""

    def begin(self, day: int, rows: Ints, overdue_yen: Ints) -> None:
        """Count spells that begin: unique member rows and the price overdue, shape (n,) each."""
        cured = self.cured_day[rows]
        again = rows[cured >= 0]
        window = window_of(day - self.cured_day[again])
        again, window = again[window < len(RETURNS)], window[window < len(RETURNS)]
        if again.size:
            month, stage = self._month_of[self.cured_day[again]], stage_of(self.cured_days[again])
            cell = (self._replication(again), month, stage, window)
            add_to_cells(self.relapses, cell, 1)
        self.cured_day[rows] = -1
        self.number[rows] += 1
        self.overdue_yen[rows] = overdue_yen
        first = rows[self.number[rows] == 1]
        self.first_start[first] = day

    def end(self, day: int, rows: Ints, starts: Ints, ending: Ending) -> None:
        """Note spells that end: unique member rows and the days they began on, shape (n,) each."""
        if not rows.size:
            return
        self.ended.append((day, ending, rows, starts, self.number[rows], self.overdue_yen[rows]))
        if ending == Ending.CURED:
            self.cured_day[rows] = day
            self.cured_days[rows] = day - starts

    def count(self) -> None:
        """Put the spells noted since the last count into their cells."""
        if not self.ended:
            return
        day, ending, rows, starts, number, yen = by_row(self.ended)
        self.ended.clear()
        replication, days = self._replication(rows), day - starts
        which, stage = np.minimum(number, len(NUMBERS)) - 1, stage_of(days)
        aged = (replication, which, ending, age_class(days))
        add_to_cells(self.ages, aged, 1)
        add_to_cells(self.ages_yen, aged, yen)
        cohort = (replication, self._month_of[starts], which, ending, stage)
        add_to_cells(self.cohorts, cohort, 1)
        add_to_cells(self.cohorts_yen, cohort, yen)
        is_cured = ending == Ending.CURED
        cured = (replication[is_cured], self._month_of[day[is_cured]], stage[is_cured])
        add_to_cells(self.cures, cured, 1)
        # A claim given up is late for ever.
        is_first = (number == 1) & (ending != Ending.WRITTEN_OFF) & (ending != Ending.RUNNING)
        self.first_days[rows[is_first]] = days[is_first]

    def at_horizon(self, day: int, rows: Ints, starts: Ints) -> "Spells":
        """Give a copy in which the spells that still run on the last day are counted as such."""
        seen = deepcopy(self)
        seen.end(day, rows, starts, Ending.RUNNING)
        seen.count()
        return seen

    def _replication(self, rows: Ints) -> Ints:
        """Give the place of the replication of member rows, shape (n,)."""
        return rows // self._n_members
