"""Membership at Net Protections (NP-2 to NP-12): admission, conduct, leaving, requests.

Chances have no source; at their defaults of 0 nobody is refused, stopped or lost on these grounds.
"""

import datetime as dt
from typing import Self

import numpy as np
from pydantic import model_validator

from models.arrays import Ints
from models.clauses import implements
from models.parameters import Parameters, Rate, Share, parameter
from models.policy.np_admission import Admission, Antisocial, Identifiers, IdentityChecks
from models.policy.np_conduct import Conduct, Indemnity, Particulars


class Withdrawal(Parameters):
    """Leaving of one's own accord."""

    requests_per_month: Share = parameter(
        0.0, "Members who ask to leave, in a month.", unit="a month", source="NP-11.1; assumption"
    )
    erasures_per_month: Share = parameter(
        0.0,
        "Members who ask to have their data destroyed, in a month.",
        unit="a month",
        source="NP-11.3; NP-12.3; assumption",
    )
    permit_with_debt: bool = parameter(
        False, "Whether the lender lets go who still owes.", unit="-", source="NP-11.5"
    )
    accelerate: bool = parameter(
        True,
        "Whether it then demands all debts at once; otherwise they are paid as usual.",
        unit="-",
        source="NP-11.6",
    )
    ask_again_days: int = parameter(
        30,
        "Days until a request that debts blocked is looked at again.",
        unit="days",
        source="NP-11.5; assumption",
        ge=1,
        le=365,
    )


class Death(Parameters):
    """Death of a member and the claim on the estate."""

    per_month: Share = parameter(
        0.0, "Members who die in a month.", unit="a month", source="NP-11.2; assumption"
    )
    estate_days: int = parameter(
        180,
        "Days after which the estate is settled.",
        unit="days",
        source="C-23; assumption",
        ge=90,
        le=1095,
    )
    estate_recovery: Rate = parameter(
        [3, 10],
        "Part of the claim that an estate pays; the rest is given up.",
        unit="share",
        source="NP-11.2; C-23",
    )


class Requests(Parameters):
    """Requests that the lender answers at the member's cost."""

    disclosures_per_month: Share = parameter(
        0.0,
        "Members who ask for their own data, in a month.",
        unit="a month",
        source="NP-12.2; assumption",
    )
    disclosure_fee_yen: int = parameter(
        0,
        "Fee of such a request, paid in advance.",
        unit="yen with tax",
        source="NP-12.2",
        ge=0,
        le=100_000,
    )


class Tier(Parameters):
    """A kind of members by their use, with its perk."""

    from_uses: int = parameter(
        10, "Uses from which the kind begins.", unit="uses", source="NP-2.5", ge=0, le=100_000
    )
    points_percent: int = parameter(
        100,
        "Points awarded, as a percentage of the usual.",
        unit="%",
        source="NP-2.5",
        ge=0,
        le=10_000,
    )
    limit_cap_yen: int | None = parameter(
        None,
        "Highest cumulative limit of the kind; none: that of everybody.",
        unit="yen",
        source="NP-2.5; ART-04; C-04",
        ge=0,
        le=10_000_000,
    )


class MembershipTerms(Parameters):
    """Membership at Net Protections."""

    admission: Admission = Admission()
    identifiers: Identifiers = Identifiers()
    antisocial: Antisocial = Antisocial()
    identity_checks: IdentityChecks = IdentityChecks()
    particulars: Particulars = Particulars()
    conduct: Conduct = Conduct()
    indemnity: Indemnity = Indemnity()
    withdrawal: Withdrawal = Withdrawal()
    death: Death = Death()
    requests: Requests = Requests()
    outages: tuple[dt.date, ...] = parameter(
        (),
        "Days on which the service is interrupted and no use is possible.",
        unit="dates",
        source="NP-10.1",
    )
    tiers: tuple[Tier, ...] = parameter(
        (),
        "Kinds of members, by ascending number of uses.",
        unit="-",
        source="NP-2.5",
        max_length=20,
    )

    @model_validator(mode="after")
    def _stands(self) -> Self:
        uses = [tier.from_uses for tier in self.tiers]
        if uses != sorted(set(uses)):
            raise ValueError(f"tiers: got from_uses {uses}; from_uses must ascend")
        checks = self.identity_checks
        if checks.cancel_days <= checks.deadline_days:
            raise ValueError(
                f"identity_checks: cancel_days ({checks.cancel_days}) must be above "
                f"deadline_days ({checks.deadline_days})"
            )
        return self


@implements("NP-2.5")
def tier_of(tiers: tuple[Tier, ...], n_uses: Ints) -> Ints:
    """Give the kind of members by their uses: 0 below the first, then 1, 2, ..., shape (n,)."""
    edges = np.array([tier.from_uses for tier in tiers], dtype=np.int64)
    return np.searchsorted(edges, n_uses, side="right").astype(np.int8)


@implements("ART-04", "NP-2.5")
def cap_of_kind(tiers: tuple[Tier, ...], kind: Ints, cap_yen: int) -> Ints:
    """Give the highest limit of members by their kind (C-04).

    Parameters
    ----------
    tiers
        Kinds, some with a cap of their own, above or below that of everybody.
    kind
        Kind of each member as of `tier_of`, shape (n,).
    cap_yen
        Cap of everybody.

    Returns
    -------
    Ints
        Yen, shape (n,).
    """
    own = [cap_yen if tier.limit_cap_yen is None else tier.limit_cap_yen for tier in tiers]
    return np.array([cap_yen, *own], dtype=np.int64)[np.minimum(kind, len(tiers))]
