"""The cases of one lender as plain data: which there are, and what each waits for.

A case is a member's matter that needs a person. It begins, works on attempt after attempt, and
between attempts either sleeps until an instant or waits for its work at a desk.
`sim.engine.cases.course` and `sim.engine.cases.answers` act on this data, on many cases at once.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from models.arrays import Bools, Ints
from models.codes import Code
from sim.engine.clock import Call
from sim.engine.desks.work import Work
from sim.table import Table, column


class Kind(Code):
    """Where a case is worked on."""

    REVIEW = 0
    CALL = 1
    AGENCY = 2
    FILING = 3  # a legal clerk prepares papers
    DOCKET = 4  # the court's clerk takes them up


DESK_OF: Mapping[Kind, str] = {
    Kind.REVIEW: "review",
    Kind.CALL: "calls",
    Kind.AGENCY: "law_firm",
    Kind.FILING: "clerks",
    Kind.DOCKET: "court",
}
"""Name of the desk, as an attribute of `Desks`."""


class Cases(Table):
    """One row a case that was ever opened; its work names the row as its `subject`."""

    kind = column(np.int8)  # `Kind`
    row = column(np.int64)  # of the member
    about = column(np.int64)  # first day of the spell, purchase under review, number of papers
    attempt = column(np.int64)  # next or under way; of a review the key of its draws
    end = column(np.int64)  # first attempt that is not made
    priority = column(np.int64)  # at the desk, smaller is served first
    stage = column(np.int64)  # key in `World.stages` of the terms that hold to its end
    # of the draw of a call or review the lanes after that of its time
    u_second = column(np.float64)
    u_third = column(np.float64)

    def alike(self, cases: Ints) -> Iterator[tuple[Kind, int, Bools]]:
        """Tell for each kind and stage among cases which of them are of it."""
        code = self.stage[cases] * len(Kind) + self.kind[cases]
        for one in sorted(set(code.tolist())):
            stage, kind = divmod(one, len(Kind))
            yield Kind(kind), stage, code == one


class CaseBook:
    """The live cases of a lender, by their rows in the table of all.

    Parameters
    ----------
    n_rows
        Member rows.
    """

    def __init__(self, n_rows: int) -> None:
        self.table = Cases(0)
        self.works: list[dict[int, Work]] = [{} for _ in Kind]
        """Work at the desks by `Kind`, then by what it is about: a purchase under review, else a
        member row. The night withdraws it."""
        self.kinds_at_desks = np.zeros(n_rows, dtype=np.int8)
        """Kinds of `works` but reviews by member row, a bit each: most have none."""
        self.over: list[Work] = []
        """Work whose service is over and whose case has not heard of it yet."""
        self.call_of = np.full(n_rows, -1)
        """Newest call case that lives, by member row; -1: none."""
        self.asleep: dict[float, list[int]] = {}
        """Cases by the instant at which they go on."""
        self.put_aside: dict[int, list[int]] = {}
        """Calls and rounds that a notice has stopped, by member row, until its plan fails or the
        arrears are over."""
        self.beginning: list[int] = []
        """Cases that begin at the end of what is being done now."""
        self.alarms: dict[float, Call] = {}
        """Planned calls that wake the sleepers, by instant."""

    def enter(self, kind: Kind, keys: Ints, works: Sequence[Work]) -> None:
        """Note work at a desk, each by what it is about."""
        self.works[kind].update(zip(keys.tolist(), works, strict=True))
        if kind != Kind.REVIEW:
            self.kinds_at_desks[keys] |= 1 << kind

    def leave(self, kind: Kind, keys: Ints) -> None:
        """Forget work that is done."""
        at_desk = self.works[kind]
        for key in keys.tolist():
            del at_desk[key]
        if kind != Kind.REVIEW:
            self.kinds_at_desks[keys] &= ~(1 << kind)

    def let_go(self, cases: Ints) -> None:
        """Forget cases that have ended where they are call cases: a spell has one at a time."""
        rows = self.table.row[cases]
        self.call_of[rows[self.call_of[rows] == cases]] = -1
