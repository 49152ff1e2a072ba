"""State of collection by law: proceedings before the court, and arrangements of debtors.

One row a member in both tables; a row is empty while dunning goes its usual way.
"""

import numpy as np

from models.arrays import Bools, Ints
from models.codes import Code
from models.policy.law.proceedings import Stage
from sim.table import Table, column


class Proceedings(Table):
    """One row a member: where the lender's claim stands before the court and in execution."""

    stage = column(np.int8, Stage.NONE)
    number = column(np.int32)  # of the papers under way; keys draws, and tells stale work apart
    day = column(np.int32, -1)  # when the clock of the stage ends; -1: it waits for a person
    since = column(np.int32, -1)  # first day of the stage, where a later one looks back
    title_day = column(np.int32, -1)  # when the title became final
    acknowledged_day = column(np.int32, -1)  # when the member last agreed to pay the claim
    in_vain = column(np.bool_)  # the employer of the present job was not found
    attached_day = column(np.int32, -1)
    attached_yen = column(np.int32)  # claim of the attachment that runs

    def __init__(self, capacity: int) -> None:
        super().__init__(capacity)
        self.is_any_begun = False
        """Whether a claim ever came before a court; spares the question where none did."""

    def is_begun(self, rows: Ints) -> Bools:
        """Tell whose claims are before a court, or were and the proceedings stand, shape (n,)."""
        if not self.is_any_begun:
            return np.zeros(rows.size, dtype=np.bool_)
        return np.asarray(self.stage[rows] != int(Stage.NONE))

    def has_enforceable_title(self, rows: Ints) -> Bools:
        """Tell against whom an enforceable title stands, final or not, shape (n,)."""
        if not self.is_any_begun:
            return np.zeros(rows.size, dtype=np.bool_)
        return np.asarray((self.stage[rows] == int(Stage.TITLE)) | (self.title_day[rows] >= 0))

    def enter(self, rows: Ints, stage: Stage, day: Ints | int = -1) -> None:
        """Let members enter a stage whose clock ends on a day (-1: a person has to act)."""
        self.is_any_begun |= stage != Stage.NONE
        self.stage[rows] = stage
        self.day[rows] = day

    def abandon(self, rows: Ints) -> None:
        """End what runs; a title stays."""
        self.number[rows] += 1
        self._end(rows)

    def clear(self, rows: Ints) -> None:
        """End what runs, with the claim."""
        self.number[rows] += 1
        # NOTE: hardly a claim comes before a court; where none did, all but the number is empty.
        if not self.is_any_begun:
            return
        known = rows[self.is_begun(rows) | (self.title_day[rows] >= 0)]
        if known.size:
            self._end(known)
            self.title_day[known] = -1
            self.in_vain[known] = False

    def _end(self, rows: Ints) -> None:
        """End what runs, whose papers have another number already."""
        self.enter(rows, Stage.NONE)
        self.attached_yen[rows] = 0


class Arrangement(Code):
    """Why the lender may not go on collecting as usual."""

    NONE = 0
    SETTLEMENT = 1  # an intermediary is retained (ART-14)
    BANKRUPTCY = 2
    REHABILITATION = 3


class Arrangements(Table):
    """One row a member: an intermediary's notice or a petition, and the plan that follows."""

    kind = column(np.int8, Arrangement.NONE)
    begins_day = column(np.int32, -1)  # when the plan, or the discharge, comes
    is_frozen = column(np.bool_)  # the claim bears no further late damages
    first_yen = column(np.int32)
    other_yen = column(np.int32)
    n_due = column(np.int16)  # payments of the plan due so far
    n_missed = column(np.int16)
    next_day = column(np.int32, -1)

    def __init__(self, capacity: int) -> None:
        super().__init__(capacity)
        self.is_any = False
        """Whether there ever was an arrangement; spares the question where there was none."""
        self.is_any_frozen = False
        """Whether a claim was ever frozen; likewise."""

    def begin(self, rows: Ints, kind: Arrangement) -> None:
        """Let members have an arrangement from now on."""
        self.kind[rows] = kind
        self.is_any = True

    def stops_contacts(self, rows: Ints) -> Bools:
        """Tell whom the lender may not contact any more, shape (n,)."""
        if not self.is_any:
            return np.zeros(rows.size, dtype=np.bool_)
        return np.asarray(self.kind[rows] != int(Arrangement.NONE))

    def has_plan(self, rows: Ints) -> Bools:
        """Tell who pays by a plan, shape (n,)."""
        if not self.is_any:
            return np.zeros(rows.size, dtype=np.bool_)
        return np.asarray(self.next_day[rows] >= 0)

    def bears_nothing(self, rows: Ints) -> Bools:
        """Tell whose claims are frozen and bear no late damages, shape (n,)."""
        if not self.is_any_frozen:
            return np.zeros(rows.size, dtype=np.bool_)
        return np.asarray(self.is_frozen[rows])

    def freeze(self, rows: Ints) -> None:
        """Let claims bear no further late damages."""
        self.is_frozen[rows] = True
        self.is_any_frozen = True

    def drop(self, rows: Ints) -> None:
        """End arrangements by a death or for a stronger one; a frozen claim stays frozen."""
        frozen = self.is_frozen[rows]
        self.clear(rows)
        self.is_frozen[rows] = frozen

    def clear(self, rows: Ints) -> None:
        """End arrangements."""
        if not (self.is_any or self.is_any_frozen):
            return
        # NOTE: hardly a member has one; where there is none, nothing else is written down.
        there = rows[self.stops_contacts(rows) | self.bears_nothing(rows)]
        if there.size:
            for name, (_, empty) in self.columns.items():
                getattr(self, name)[there] = empty
