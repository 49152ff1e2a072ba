"""A piece of work at a desk."""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from models.policy.staffing import ORDINARY

NEVER = math.inf
NOBODY = -1


@dataclass(slots=True, eq=False)
class Work:
    """One piece of work at a desk; what `Desk` takes, and tells `on_end` when it is over.

    Up to `subject` it says what is asked for, the rest what becomes of it.
    """

    member: int
    """Member the work is about; breaks ties of priority and time."""
    priority: int
    """Smaller is served first; nothing more urgent interrupts a service under way."""
    duration: float
    """Time a person needs for it, in days; a service of 0 ends in a second round of its instant."""
    order: int = 0
    """Attempt or sequence number; tells apart work of one member that is queued at one instant."""
    skill: str = ORDINARY
    """What a person must be able to do."""
    subject: int = -1
    """Number of what the work is done for, -1: nothing; those who submit find their own by it."""
    queue: int = 0
    """Number of its skill among those of the desk."""
    queued_at: float = NEVER
    """Instant of the submission, in days."""
    waits_since: float = NEVER
    """As `queued_at`; later if a service was broken off, by the time that was in service."""
    started_at: float = NEVER
    """Instant at which a person or somebody outside took it, in days; else inf."""
    finished_at: float = NEVER
    """Instant at which it was done, in days; inf before and without service."""
    staff: int = NOBODY
    """Number of the person who took it, from 0; -1 for nobody, or somebody outside."""
    is_moot: bool = False
    """Whether it was withdrawn before it was finished."""
    is_refused: bool = False
    """Whether the desk was full and never queued it."""
    is_outsourced: bool = False
    """Whether somebody outside took it."""
    is_cut: bool = False
    """Whether the service under way will be broken off, because the person falls ill."""

    def __lt__(self, other: "Work") -> bool:
        """Refuse to order two live pieces of work by luck; the heap asks only on a full tie."""
        if not (self.is_moot or other.is_moot):
            raise ValueError(
                f"two pieces of work of member {self.member} tie at one desk with priority "
                f"{self.priority}, queued_at {self.queued_at} and order {self.order}: submit "
                "them with different orders"
            )
        return self.is_moot


def check_works(works: Iterable[Work], skills: Collection[str], desk: str) -> None:
    """Raise ValueError if work can never be done at a desk whose people have some skills."""
    for work in works:
        if work.skill not in skills:
            raise ValueError(
                f"desk {desk}: nobody has the skill {work.skill!r} that work for member "
                f"{work.member} needs; there are {', '.join(skills)}"
            )
        if not 0.0 <= work.duration < math.inf:
            raise ValueError(
                f"desk {desk}: the duration of work for member {work.member} must be a finite "
                f"number of days, 0 or more, got {work.duration}"
            )
