"""Collection policy: from the first message to the write-off, as validated parameters and rules."""

from models.policy.collections.call_desk import CallDesk
from models.policy.collections.contact import (
    MOST_CONTACTS,
    Channel,
    ContactRules,
    stay_after_contact,
)
from models.policy.collections.ladder import (
    ANYBODY,
    CALL,
    HAND_OVER,
    SUE,
    Condition,
    Ladder,
    LadderStep,
    Strategy,
    meets,
    strategy_of,
)
from models.policy.collections.law_firm import LawFirm, agency_fee
from models.policy.collections.priority import Priority, call_priority
from models.policy.collections.terms import Collections
from models.policy.collections.write_off import WriteOff, may_be_written_off
from models.policy.response import Response

__all__ = [
    "ANYBODY",
    "CALL",
    "HAND_OVER",
    "MOST_CONTACTS",
    "SUE",
    "CallDesk",
    "Channel",
    "Collections",
    "Condition",
    "ContactRules",
    "Ladder",
    "LadderStep",
    "LawFirm",
    "Priority",
    "Response",
    "Strategy",
    "WriteOff",
    "agency_fee",
    "call_priority",
    "may_be_written_off",
    "meets",
    "stay_after_contact",
    "strategy_of",
]
