"""Per-use authorisation: status, both limits, and a hold where something looks odd."""

from typing import Self

import numpy as np
from pydantic import model_validator

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.codes import Code
from models.parameters import Parameters, Share, parameter
from models.policy.hours import Hours
from models.policy.staffing import ServiceTime, Team, check_team


class Answer(Code):
    """What the shop hears when a member asks to use atone."""

    AUTHORISED = 0
    HELD = 1
    NOT_ACTIVE = 2
    OVERDUE = 3
    OVER_PER_USE_LIMIT = 4
    OVER_CUMULATIVE_LIMIT = 5
    LIMIT_ZERO = 6


class HoldRules(Parameters):
    """Which uses a person looks at before they are answered."""

    share: Share = parameter(
        0.004,
        "Uses held at random suspicion of misuse.",
        unit="share",
        source="NP-24.4; assumption",
    )
    new_member_share: Share = parameter(
        0.15,
        "Uses held among the first ones above the amount below.",
        unit="share",
        source="NP-24.4; assumption",
    )
    new_member_uses: int = parameter(
        3, "Number of first uses.", unit="uses", source="assumption", ge=0, le=100
    )
    new_member_yen: int = parameter(
        12_000,
        "Amount from which first uses are held.",
        unit="yen",
        source="assumption",
        ge=0,
        le=1_000_000,
    )


class ReviewDesk(Parameters):
    """People who look at held uses."""

    reviewers: int = parameter(
        1, "Reviewers on duty.", unit="persons", source="assumption", ge=0, le=1000
    )
    hours: Hours = Hours(opens="09:00", closes="18:00", business_days_only=False)
    team: Team = Team()
    mean_minutes: float = parameter(
        12.0,
        "Mean time of a review.",
        unit="minutes",
        source="assumption",
        gt=0,
        le=1440,
    )
    service_time: ServiceTime = ServiceTime()
    approves: Share = parameter(
        0.85, "Honest uses that are approved.", unit="share", source="assumption"
    )
    approves_never_payer: Share = parameter(
        0.4,
        "Uses of those who mean not to pay that are approved all the same.",
        unit="share",
        source="assumption",
    )
    mean_patience_hours: float = parameter(
        18.0,
        "Mean time after which the member gives up (exponential).",
        unit="hours",
        source="assumption",
        gt=0,
        le=10_000,
    )
    max_days: int = parameter(
        7, "A use held longer is declined.", unit="days", source="NP-24.4", ge=1, le=90
    )
    cost_yen: int = parameter(
        250, "Cost of a review.", unit="yen", source="assumption", ge=0, le=1_000_000
    )

    @model_validator(mode="after")
    def _team_fits(self) -> Self:
        check_team(self.team, self.hours, self.reviewers)
        return self


@implements("NP-23.3", "NP-24.2", "NP-24.3", "NP-24.4", "ART-07", "ART-18")
def authorise(
    hold: HoldRules,
    price_yen: Ints,
    per_use_limit_yen: Ints,
    cumulative_limit_yen: Ints,
    unsettled_yen: Ints,
    is_active: Bools,
    is_overdue: Bools,
    n_uses: Ints,
    u: Floats,
) -> Ints:
    """Answer one use of each of several members.

    Parameters
    ----------
    hold
        Rules of suspicion.
    price_yen
        Price asked for, shape (n,).
    per_use_limit_yen, cumulative_limit_yen
        Limits in force, shape (n,).
    unsettled_yen
        Prices authorised or held and not yet paid, shape (n,) (C-57: no fees).
    is_active, is_overdue
        Member states, shape (n,).
    n_uses
        Uses authorised before, shape (n,).
    u
        Uniforms, shape (n,).

    Returns
    -------
    Ints
        `Answer`, int8, shape (n,). A use passes at `price <= per-use limit` and
        `unsettled + price <= cumulative limit`.

    Examples
    --------
    >>> none = np.zeros(2, dtype=bool)
    >>> authorise(HoldRules(), np.array([25_000, 25_001]), np.array([30_000] * 2),
    ...           np.array([50_000] * 2), np.array([25_000] * 2), ~none, none,
    ...           np.array([9, 9]), np.array([0.9, 0.9])).tolist()
    [0, 5]
    """
    is_first = (n_uses < hold.new_member_uses) & (price_yen >= hold.new_member_yen)
    is_odd = u < np.where(is_first, hold.new_member_share, hold.share)
    answer = np.full(price_yen.shape, int(Answer.AUTHORISED), dtype=np.int8)
    answer[is_odd] = Answer.HELD
    # Later lines win: the strongest ground for a refusal is the one that is recorded.
    answer[unsettled_yen + price_yen > cumulative_limit_yen] = Answer.OVER_CUMULATIVE_LIMIT
    answer[price_yen > per_use_limit_yen] = Answer.OVER_PER_USE_LIMIT
    answer[cumulative_limit_yen == 0] = Answer.LIMIT_ZERO
    answer[is_overdue] = Answer.OVERDUE
    answer[~is_active] = Answer.NOT_ACTIVE
    return answer
