"""Tally of defaults: what is owed when they begin, what comes in by days since, how they close.

A default begins when a spell of arrears is old enough, or when its claim is given up or sold
before. Its workout is open until the spell is over or the claim is given up; what comes in later
still belongs to it. The parts of open workouts are kept one by one, so that those of closed
workouts can be summed apart; closed ones are sums only.
"""

from copy import deepcopy

import numpy as np

from models.arrays import Ints
from models.codes import Code
from sim.record.spells import AGES, RETURNS, Ending, age_class, by_row, window_of
from sim.table import add_at, add_to_cells


class Flow(Code):
    """What a workout brings in or costs."""

    PRINCIPAL = 0  # cash for price
    OTHER = 1  # cash for fees, damages and cost
    SET_OFF = 2  # what the lender owed, and points
    SALE = 3  # price of the claim
    COLLECTION_COST = 4
    AGENCY_FEE = 5


class Workouts:
    """Defaults of one pass at one lender.

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
    Columns, one value a member row: `default_day` of the last default (-1: none), `is_running`
    while its spell runs, `left_day` and `left_by` of the end of that, and the `principal_yen` and
    `other_yen` owed on `default_day`. Cells: `defaults` by replication, month of default and
    ending, with `exposure_yen` (also by principal and other); `flow_yen` of closed workouts by
    replication, month, flow and class of days since default; `cures` by replication and month of
    the cure, `relapses` of these by window.
    """

    def __init__(self, n_replications: int, n_rows: int, month_of: Ints) -> None:
        self._n_members = n_rows // n_replications
        self._month_of = month_of
        shape = n_replications, int(month_of.max()) + 1
        self.default_day = np.full(n_rows, -1, dtype=np.int32)
        self.is_running = np.zeros(n_rows, dtype=bool)
        self.left_day = np.full(n_rows, -1, dtype=np.int32)
        self.left_by = np.full(n_rows, -1, dtype=np.int8)
        self.principal_yen = np.zeros(n_rows, dtype=np.int32)
        self.other_yen = np.zeros(n_rows, dtype=np.int32)
        self.is_open = np.zeros(n_rows, dtype=bool)
        self.noted: list[tuple[Flow, int, Ints, Ints, Ints]] = []
        """Flows not counted yet: kind, day, member rows, their `default_day`, yen."""
        self.closed: list[tuple[Ending, Ints, Ints, Ints, Ints]] = []
        """Workouts closed and not counted yet: ending, member rows, `default_day`, what is owed,
        principal and other."""
        self.waiting = np.zeros((5, 0), dtype=np.int64)
        """Flows of open workouts, one a column: kind, row, default day, class of days, yen."""
        self.defaults = np.zeros((*shape, len(Ending)), dtype=np.int64)
        self.exposure_yen = np.zeros((*self.defaults.shape, 2), dtype=np.int64)
        self.flow_yen = np.zeros((*shape, len(Flow), AGES.size), dtype=np.int64)
        self.open_flow_yen = np.zeros_like(self.flow_yen)
        self.cures = np.zeros(shape, dtype=np.int64)
        self.relapses = np.zeros((*shape, len(RETURNS)), dtype=np.int64)

    def begin(self, day: int, rows: Ints, principal_yen: Ints, other_yen: Ints) -> None:
        """Begin the defaults of unique member rows with what they owe, yen, shape (n,) each."""
        cured = rows[self.left_by[rows] == int(Ending.CURED)]
        if cured.size:
            window = window_of(day - self.left_day[cured])
            cured, window = cured[window < len(RETURNS)], window[window < len(RETURNS)]
            month = self._month_of[self.left_day[cured]]
            add_to_cells(self.relapses, (cured // self._n_members, month, window), 1)
        self.default_day[rows] = day
        self.is_running[rows] = True
        self.left_by[rows] = -1
        self.principal_yen[rows] = principal_yen
        self.other_yen[rows] = other_yen
        self.is_open[rows] = True

    def add(self, flow: Flow, day: int, rows: Ints, yen: Ints) -> None:
        """Note yen of defaulted member rows, repetitions allowed, shape (n,) each."""
        if rows.size:
            self.noted.append((flow, day, rows, self.default_day[rows], yen))

    def close(self, rows: Ints, ending: Ending) -> None:
        """Close the workouts of those of the unique member rows that have an open one."""
        rows = rows[self.is_open[rows]]
        if rows.size:
            self.closed.append((ending, rows, self.default_day[rows], *self._owed(rows)))
            self.is_open[rows] = False

    def leave(self, day: int, rows: Ints, ending: Ending) -> None:
        """End the defaults of unique member rows whose spells are over."""
        rows = rows[self.is_running[rows]]
        if not rows.size:
            return
        self.close(rows, ending)
        self.is_running[rows] = False
        self.left_day[rows] = day
        self.left_by[rows] = ending
        if ending == Ending.CURED:
            add_at(self.cures[:, self._month_of[day]], rows // self._n_members, 1)

    def count(self) -> None:
        """Put workouts closed since the last count, and their flows, into their cells."""
        if self.closed:
            self._settle(*by_row(self.closed))
            self.closed.clear()
        every = self.waiting
        if self.noted:
            flow, day, rows, default_day, yen = by_row(self.noted)
            age = age_class(day - default_day)
            new = np.stack((flow, rows, default_day, age, yen)).astype(np.int64)
            every = np.concatenate((every, new), axis=1)
            self.noted.clear()
        _, rows, default_day, _, yen = every
        is_open = self.is_open[rows] & (self.default_day[rows] == default_day)
        self.waiting = every[:, is_open & (yen != 0)]
        self._pay_in(self.flow_yen, every[:, ~is_open])

    def at_horizon(self) -> "Workouts":
        """Give a copy in which open workouts are counted, their flows apart."""
        seen = deepcopy(self)
        seen.count_running()
        return seen

    def count_running(self) -> None:
        """Count the open workouts as such."""
        self.count()
        rows = self.is_open.nonzero()[0]
        ending = np.full(rows.size, int(Ending.RUNNING))
        self._settle(ending, rows, self.default_day[rows], *self._owed(rows))
        self._pay_in(self.open_flow_yen, self.waiting)

    def _owed(self, rows: Ints) -> tuple[Ints, Ints]:
        """Give principal and other of the last defaults of member rows, yen, shape (n,) each."""
        return self.principal_yen[rows], self.other_yen[rows]

    def _settle(self, ending: Ints, rows: Ints, default_day: Ints, *owed: Ints) -> None:
        """Put workouts and what was owed, principal and other, into the cells of their endings."""
        cell = (rows // self._n_members, self._month_of[default_day], ending)
        add_to_cells(self.defaults, cell, 1)
        for kind, yen in enumerate(owed):
            add_to_cells(self.exposure_yen, (*cell, np.full(rows.size, kind)), yen)

    def _pay_in(self, flow_yen: Ints, flows: Ints) -> None:
        """Put flows, columns as those of `waiting`, into cells."""
        kind, rows, default_day, age, yen = flows
        month = self._month_of[default_day]
        add_to_cells(flow_yen, (rows // self._n_members, month, kind, age), yen)
