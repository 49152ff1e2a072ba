"""The ladder of dunning: its steps, whom each step is for, and strategies that compete.

A step is an action on a day past due, for those who meet its condition. A new step, channel or
strategy is configuration only.
"""

from typing import Self

import numpy as np
from pydantic import Field, model_validator

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.parameters import Parameters, Share, parameter
from models.policy.collections.priority import Priority

CALL = "call"
HAND_OVER = "hand_over"
SUE = "sue"
ACTIONS = (CALL, HAND_OVER, SUE)
"""Actions that are no channel."""


class Condition(Parameters):
    """Whom a step is for; what is not given does not matter."""

    from_yen: int | None = parameter(
        None, "Claim of at least so much.", unit="yen", source="assumption", ge=0
    )
    below_yen: int | None = parameter(
        None, "Claim below so much.", unit="yen", source="assumption", ge=1
    )
    late_bills_from: int | None = parameter(
        None, "At least so many bills missed so far.", unit="bills", source="assumption", ge=0
    )
    late_bills_below: int | None = parameter(
        None, "Fewer bills missed so far.", unit="bills", source="assumption", ge=1
    )
    is_placed: bool | None = parameter(
        None, "Whether the case is at the law firm.", unit="-", source="COLL-05"
    )
    probability: Share = parameter(
        1.0, "Of those who meet the rest, so many.", unit="share", source="assumption"
    )

    @property
    def is_about_claims(self) -> bool:
        """Whether the claim matters."""
        return self.from_yen is not None or self.below_yen is not None

    @model_validator(mode="after")
    def _holds_for_somebody(self) -> Self:
        for low, high in (
            (self.from_yen, self.below_yen),
            (self.late_bills_from, self.late_bills_below),
        ):
            if low is not None and high is not None and low >= high:
                raise ValueError(f"from {low} below {high} holds for nobody; allowed: from < below")
        return self


ANYBODY = Condition()


class LadderStep(Parameters):
    """One step of dunning."""

    day: int = parameter(
        2,
        "Days after the due date of the oldest unpaid bill.",
        unit="days",
        source="COLL-02",
        ge=1,
        le=3650,
    )
    action: str = parameter(
        "message",
        "A channel by its name, `call`, `hand_over` (to the law firm), or `sue`.",
        unit="-",
        source="COLL-02; COLL-04; COLL-05",
    )
    when: Condition = ANYBODY


Ladder = tuple[LadderStep, ...]

DEFAULT_LADDER: Ladder = (
    *(
        LadderStep(day=day, action=action)
        for day, action in [
            (2, "message"),
            (7, "message"),
            (14, CALL),
            (21, "letter"),
            (45, "letter"),
            (60, "letter"),
            (90, HAND_OVER),
        ]
    ),
    LadderStep(day=180, action=SUE, when=Condition(is_placed=True)),
)


class Strategy(Parameters):
    """A way to collect, followed for a part of the members (champion and challengers)."""

    name: str = Field(
        description="Name in the results.",
        pattern=r"^[a-z][a-z0-9_]{0,31}$",
        json_schema_extra={"unit": "-", "source": "assumption"},
    )
    weight: int = parameter(
        1,
        "Members who are dealt with so, relative to the weights of the others.",
        unit="parts",
        source="assumption",
        ge=1,
        le=1_000_000,
    )
    ladder: Ladder | None = parameter(
        None, "Its steps; null for those of `collections`.", unit="-", source="assumption"
    )
    call_priority: Priority | None = parameter(
        None,
        "Whom it calls first; null for the order of `collections.call_desk`.",
        unit="-",
        source="assumption",
    )


def check_ladder(ladder: Ladder, channels: frozenset[str]) -> None:
    """Check that the steps of a ladder ascend, and that their actions are known.

    Raises
    ------
    ValueError
        If they do not.
    """
    days = [step.day for step in ladder]
    if days != sorted(set(days)):
        raise ValueError(f"ladder: the days {days} must ascend")
    known = channels.union(ACTIONS)
    for step in ladder:
        if step.action not in known:
            raise ValueError(
                f"ladder: action {step.action!r} on day {step.day} is unknown; "
                f"allowed: {', '.join(sorted(known))}"
            )
    for once in (HAND_OVER, SUE):
        if sum(step.action == once for step in ladder) > 1:
            raise ValueError(f"ladder: {once} may stand once")


@implements("COLL-02", "COLL-05")
def meets(
    when: Condition, claim_yen: Ints | None, late_bills: Ints, is_placed: Bools, u: Floats
) -> Bools:
    """Tell which members a step is for.

    Parameters
    ----------
    when
        Condition of the step.
    claim_yen
        What is overdue, yen, shape (n,); None where `when.is_about_claims` is not so.
    late_bills
        Bills missed so far, shape (n,).
    is_placed
        Whether the case is at the law firm, shape (n,).
    u
        Uniforms, shape (n,).

    Returns
    -------
    Bools
        Shape (n,).

    Examples
    --------
    >>> large = Condition(from_yen=10_000)
    >>> no = np.zeros(2, dtype=bool)
    >>> meets(large, np.array([9_999, 10_000]), np.ones(2), no, np.zeros(2)).tolist()
    [False, True]
    """
    fits = u < when.probability
    for column, low, high in (
        (claim_yen, when.from_yen, when.below_yen),
        (late_bills, when.late_bills_from, when.late_bills_below),
    ):
        if column is None:
            continue
        if low is not None:
            fits &= column >= low
        if high is not None:
            fits &= column < high
    if when.is_placed is not None:
        fits &= is_placed == when.is_placed
    return np.asarray(fits, dtype=np.bool_)


def strategy_of(weights: tuple[int, ...], u: Floats) -> Ints:
    """Give the number of the strategy that each member is dealt with by, shape (n,).

    Parameters
    ----------
    weights
        Weights of the strategies, at least one.
    u
        Uniforms, shape (n,).
    """
    edges = np.cumsum(np.array(weights, dtype=np.int64))
    place = np.floor(u * edges[-1]).astype(np.int64)
    return np.asarray(np.searchsorted(edges, place, side="right"), dtype=np.int64)
