"""Conduct of members of Net Protections (NP-3, NP-7, NP-9): grounds, actions, damages.

Also here: changed particulars and whom letters and messages still reach.
"""

from typing import Literal

import numpy as np

from models.arrays import Bools, Floats
from models.clauses import implements
from models.codes import Code
from models.parameters import Parameters, Share, parameter

Action = Literal["none", "suspend", "cancel", "suspend_then_cancel"]
"""What the lender does on a ground; the last one cancels on a repeat."""


class Ground(Code):
    """Grounds of NP-7.1 on which a membership is suspended or cancelled."""

    FALSE_DECLARATION = 1
    BREACH = 2
    ARREARS = 3
    MINOR_WITHOUT_CONSENT = 4
    CREDIT = 5
    CASH_OUT = 6
    UNSUITABLE = 7


class Particulars(Parameters):
    """Changed addresses and dead mailboxes, and whom letters and messages still reach."""

    moves_per_month: Share = parameter(
        0.0, "Members who move in a month.", unit="a month", source="NP-3.2; assumption"
    )
    unreported: Share = parameter(
        0.3, "Moves that are not reported.", unit="share", source="NP-3.2; assumption"
    )
    inferred: Share = parameter(
        0.2,
        "Unreported moves that the lender infers and treats as reported.",
        unit="share",
        source="NP-3.3; assumption",
    )
    found_out: Share = parameter(
        0.0,
        "Unreported moves that the lender takes up as a breach.",
        unit="share",
        source="NP-3.2; NP-7.1; assumption",
    )
    stale_letter_reach: Share = parameter(
        0.2,
        "Part of the usual reach that letters to a stale address keep.",
        unit="share",
        source="NP-3.2; assumption",
    )
    alternative_address_uplift: Share = parameter(
        0.1,
        "Reach that letters to other lawfully known addresses add.",
        unit="share",
        source="NP-12.4",
    )
    mailbox_dies_per_month: Share = parameter(
        0.0,
        "Members whose e-mail can no longer be delivered, in a month.",
        unit="a month",
        source="NP-11.4; assumption",
    )
    deem_withdrawn: bool = parameter(
        True,
        "Whether members whom e-mail cannot reach count as withdrawn once they owe nothing.",
        unit="-",
        source="NP-11.4; NP-11.5",
    )
    email_lag_days: int = parameter(
        0,
        "Days from sending a message until it has arrived, which is when it counts.",
        unit="days",
        source="NP-16.2",
        ge=0,
        le=7,
    )


class Conduct(Parameters):
    """What the lender does on the grounds of NP-7.1, and how often members give some of them."""

    false_declaration: Action = parameter(
        "suspend_then_cancel", "False declaration.", unit="-", source="NP-7.1"
    )
    breach: Action = parameter(
        "suspend_then_cancel", "Breach of a clause.", unit="-", source="NP-7.1"
    )
    minor_without_consent: Action = parameter(
        "cancel", "Minor without consent.", unit="-", source="NP-7.1"
    )
    credit: Action = parameter(
        "suspend", "Attachment, insolvency, deterioration.", unit="-", source="NP-7.1"
    )
    cash_out: Action = parameter(
        "suspend_then_cancel", "Use for cash or otherwise unsuitable.", unit="-", source="NP-7.1"
    )
    unsuitable: Action = parameter(
        "cancel", "Found unsuitable at a re-review.", unit="-", source="NP-7.1"
    )
    suspension_days: int = parameter(
        30,
        "Days after which a suspension for conduct is lifted.",
        unit="days",
        source="NP-7.1; NP-7.4; assumption",
        ge=1,
        le=3650,
    )
    false_declarations_per_month: Share = parameter(
        0.0,
        "Members whose false declaration shows in a month.",
        unit="a month",
        source="NP-7.1; assumption",
    )
    breaches_per_month: Share = parameter(
        0.0,
        "Members who breach the terms in a month (profit-making, impersonation and the like).",
        unit="a month",
        source="NP-7.1; NP-9.1; assumption",
    )
    unsuitable_below: float = parameter(
        -1000.0,
        "Score below which a re-review finds continued use unsuitable.",
        unit="points",
        source="NP-7.1; assumption",
    )
    merchant_doubts_per_month: Share = parameter(
        0.0,
        "Members about whom a merchant or partner raises doubts, in a month.",
        unit="a month",
        source="NP-7.6; assumption",
    )
    merchant_doubt_days: int = parameter(
        14,
        "Days until such doubts are resolved.",
        unit="days",
        source="NP-7.6; assumption",
        ge=1,
        le=365,
    )

    def action_on(self, ground: Ground) -> Action:
        """Give what the lender does on a ground; arrears have their own stop (COLL-01)."""
        if ground == Ground.ARREARS:
            return "suspend"
        action: Action = getattr(self, ground.name.lower())
        return action


class Indemnity(Parameters):
    """Damages and costs that a member owes for misconduct."""

    scope: Literal["court_cost", "all_cost"] = parameter(
        "court_cost",
        "Costs of collection that are added to the claim: the court's, or the law firm's fee, too.",
        unit="-",
        source="NP-7.3; C-76",
    )
    damages_enabled: bool = parameter(
        False,
        "Whether the lender claims damages for misconduct.",
        unit="-",
        source="NP-8.6; NP-9.3; NP-14.2",
    )
    damages_yen: int = parameter(
        10_000,
        "Damages claimed for each case of misconduct.",
        unit="yen",
        source="NP-7.3; NP-8.6; NP-9.3; assumption",
        ge=0,
        le=1_000_000,
    )


@implements("NP-3.2", "NP-12.4")
def reach_of_letters(terms: Particulars, reach: Floats, is_stale: Bools) -> Floats:
    """Give the chance that a letter is read: less at a stale address, more by another one.

    `reach` is that chance at a sound address, shape (n,).
    """
    at_stale = np.minimum(1.0, reach * terms.stale_letter_reach + terms.alternative_address_uplift)
    return np.where(is_stale, at_stale, reach)
