"""Contacts: ways to write to members, and whom a contact moves to pay."""

import numpy as np

from models.arrays import Floats
from models.clauses import implements
from models.parameters import Parameters, Share, parameter
from models.policy.response import Response


class Channel(Parameters):
    """A way to write to members."""

    is_postal: bool = parameter(
        False,
        "Whether it goes to a postal address, which may be stale; otherwise to a mailbox.",
        unit="-",
        source="COLL-02; NP-12.4",
    )
    cost_yen: int = parameter(
        5, "Cost of a contact.", unit="yen", source="COLL-02", ge=0, le=100_000
    )
    reach: Share = parameter(
        0.9, "Share of contacts that are read.", unit="share", source="facts 7"
    )
    response: Response = Response()


DEFAULT_CHANNELS = {
    "message": Channel(cost_yen=5, reach=0.90, response=Response(forgetful=0.15, short=0.02)),
    "letter": Channel(
        is_postal=True, cost_yen=120, reach=0.85, response=Response(forgetful=0.25, short=0.04)
    ),
}


class ContactRules(Parameters):
    """How often a member is contacted, and what repetition does to the effect."""

    per_week: int | None = parameter(
        None,
        "Messages, letters and call sessions a week at most; a step above waits; null: no cap.",
        unit="contacts",
        source="facts 7 (contact cap); assumption",
        ge=1,
        le=21,
    )
    fatigue: Share = parameter(
        0.0,
        "Part of its effect that a contact loses with each earlier one of the same arrears.",
        unit="share",
        source="assumption",
    )

    def effects(self) -> Floats:
        """Give the effect left by number of earlier contacts, shape (MOST_CONTACTS + 1,)."""
        effect, left = [], 1.0
        for _ in range(MOST_CONTACTS + 1):
            effect.append(left)
            left *= 1.0 - self.fatigue
        return np.array(effect)


MOST_CONTACTS = 100
"""Contacts beyond this number have the effect of this one."""


@implements("COLL-02", "ART-10")
def stay_after_contact(stay: Floats, share: Floats, effect: Floats) -> Floats:
    """Lower the unpaid share of bills whose members a contact reached.

    Parameters
    ----------
    stay
        What earlier contacts left, shape (n,).
    share
        Share that pays because of this one, by the members' reasons, shape (n,).
    effect
        What repetition leaves of the effect, 0 to 1, shape (n,).

    Returns
    -------
    Floats
        New `stay`, above 0, shape (n,).
    """
    return np.maximum(stay * (1.0 - share * effect), 2.0**-33)
