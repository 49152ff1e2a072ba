"""Everything between a missed bill and its end, as configuration of one lender."""

from typing import Self

from pydantic import Field, model_validator

from models.parameters import Parameters, parameter
from models.policy.collections.call_desk import CallDesk
from models.policy.collections.contact import DEFAULT_CHANNELS, Channel, ContactRules
from models.policy.collections.ladder import (
    ACTIONS,
    DEFAULT_LADDER,
    LadderStep,
    Strategy,
    check_ladder,
)
from models.policy.collections.law_firm import LawFirm
from models.policy.collections.write_off import WriteOff
from models.policy.law import Law

TAKEN_NAMES = frozenset(
    {*ACTIONS, "no_contact", "reminder", "calls"}
    | {"law_firm", "court", "garnishment", "plan", "after_write_off"}
)
"""Names that no channel may have: actions of the ladder, and stages of collection beside it."""


class Collections(Parameters):
    """Everything between a missed bill and its end."""

    reminder_days: int = parameter(
        3,
        "Days before the due date on which a reminder is sent; 0: none.",
        unit="days",
        source="NP-28.5 (extra notice)",
        ge=0,
        le=25,
    )
    reminder_cost_yen: int = parameter(
        5, "Cost of a reminder.", unit="yen", source="COLL-02", ge=0, le=10_000
    )
    channels: dict[str, Channel] = Field(
        DEFAULT_CHANNELS,
        description="Ways to write to members, by name.",
        json_schema_extra={"unit": "-", "source": "COLL-02"},
    )
    ladder: tuple[LadderStep, ...] = parameter(
        DEFAULT_LADDER,
        "Steps of dunning, by ascending day.",
        unit="-",
        source="COLL-02; COLL-04",
        max_length=60,
    )
    strategies: tuple[Strategy, ...] = parameter(
        (),
        "Ways to collect that compete, each for a part of the members; none: one for all.",
        unit="-",
        source="assumption",
        max_length=8,
    )
    contacts: ContactRules = ContactRules()
    days_to_respond: int = parameter(
        3,
        "Whom a contact moves to pay does so within so many days.",
        unit="days",
        source="assumption",
        ge=1,
        le=60,
    )
    call_desk: CallDesk = CallDesk()
    law_firm: LawFirm = LawFirm()
    write_off: WriteOff = WriteOff()
    law: Law = Law()

    def ladders(self) -> tuple[tuple[LadderStep, ...], ...]:
        """Give the ladder of each strategy."""
        own = tuple(strategy.ladder for strategy in self.strategies)
        return tuple(self.ladder if ladder is None else ladder for ladder in own or (None,))

    @model_validator(mode="after")
    def _ladders_stand(self) -> Self:
        if taken := sorted(TAKEN_NAMES & self.channels.keys()):
            raise ValueError(
                f"channels: got the name {taken[0]!r}; allowed: any but "
                f"{', '.join(sorted(TAKEN_NAMES))}"
            )
        for ladder in (self.ladder, *self.ladders()):
            check_ladder(ladder, frozenset(self.channels))
        names = [strategy.name for strategy in self.strategies]
        if len(set(names)) < len(names):
            raise ValueError(f"strategies: the names {names} must differ")
        return self
