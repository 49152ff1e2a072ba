"""The cases of one lender as plain data: which there are, and what each waits for.

A case is a member's matter that needs a person. It begins, works on attempt after attempt, and
between attempts either sleeps until an instant or waits for its work at a desk. `sim.engine.cases`
and `sim.engine.answers` act on this data.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from models.codes import Code
from sim.engine.clock import Call
from sim.engine.work import Work
from sim.rng import Four


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


@dataclass(slots=True, eq=False)
class Case:
    """One case; who waits for its work finds it as the work's `subject`."""

    kind: Kind
    row: int
    """Member row."""
    about: int
    """First day of the spell of arrears, the purchase under review, or the number of the papers."""
    attempt: int
    """Number of the attempt that is next or under way; for a review the key of its draws."""
    end: int
    """Number of the first attempt that is not made."""
    priority: int
    """Priority at the desk; smaller is served first."""
    stage: int
    """Day from which on the terms hold that the case has to its end (key of `World.stages`)."""
    u: Four = (0.5, 0.5, 0.5, 0.5)
    """Draws of the attempt under way."""


def case_of(work: Work) -> Case:
    """Give the case that a piece of work belongs to."""
    case: Case = work.subject  # type: ignore[assignment]
    return case


class CaseBook:
    """The live cases of a lender."""

    def __init__(self) -> None:
        self.works: list[dict[int, Work]] = [{} for _ in Kind]
        """Work at the desks by `Kind`, then by what it is about: a purchase under review, else a
        member row. The night withdraws it."""
        self.over: list[list[Work]] = [[] for _ in Kind]
        """Work by `Kind` whose service is over and whose case has not heard of it yet."""
        self.calling: set[tuple[int, int]] = set()
        """Call cases that live: member row and first day of the spell."""
        self.asleep: dict[float, list[Case]] = {}
        """Cases by the instant at which they go on."""
        self.put_aside: dict[int, list[Case]] = {}
        """Calls and rounds that a notice has stopped, by member row, until its plan fails."""
        self.beginning: list[Case] = []
        """Cases that begin at the end of what is being done now."""
        self.alarms: dict[float, Call] = {}
        """Planned calls that wake the sleepers, by instant."""

    def let_go(self, case: Case) -> None:
        """Forget a case that has ended, where it is a call case: they are known by their spell."""
        if case.kind == Kind.CALL:
            self.calling.discard((case.row, case.about))
