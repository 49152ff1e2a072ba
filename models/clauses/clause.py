"""What the registry knows about one clause, and the columns its tables are written in."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Product = Literal[
    "NP members",
    "atone",
    "NP Atobarai",
    "NP points",
    "app card",
    "au PAY Atobarai",
    "both lenders",
]
"""What a clause governs; ``NP members`` reaches every NP product."""

Status = Literal["implemented", "no consequence"]


class Standing(NamedTuple):
    """Status of a clause and, unless it is implemented, the reason."""

    status: Status
    reason: str


Row = tuple[str, Product, str, Standing]
"""A line of a table: ids (several if the rulebook joins them), product, title, standing."""

IMPLEMENTED = Standing("implemented", "")


def no_consequence(reason: str) -> Standing:
    """Mark clauses from which neither cash nor state follows."""
    return Standing("no consequence", reason)


@dataclass(frozen=True)
class Clause:
    """One clause of the rulebook.

    Attributes
    ----------
    id
        Identifier used by postings, events, parameters and tests, such as ``NP-30.1``.
    product
        Product or system that the clause governs.
    title
        What the clause is about, in one phrase.
    status
        Whether the simulator acts on it.
    reason
        Why it does not; empty for an implemented clause.
    items
        Number of numbered items that may be cited behind the id, as in ``NP-7.1(3)``.
    """

    id: str
    product: Product
    title: str
    status: Status
    reason: str
    items: int = 0

    def __post_init__(self) -> None:
        """Refuse a reason on an implemented clause and a missing one elsewhere."""
        if (self.status == "implemented") == bool(self.reason):
            raise ValueError(f"{self.id}: a reason is given exactly when a clause has no code")
