"""Relief: which uses by third parties a member need not pay (NP-33, NP-34, NP-54).

One rule serves every lender: the terms of Net Protections are parameters here, those of another
lender are turned into the same rule by `rule_of_loss_terms`.
"""

from typing import Literal, NamedTuple

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.members.misuse import User
from models.parameters import Parameters, Share, parameter
from models.products.au_pay.relief_terms import LossTerms


class Relief(Parameters):
    """When the debt of a third party's use is released."""

    window_days: int = parameter(
        60,
        "Uses from so many days before the notice of a loss on are released.",
        unit="days",
        source="NP-33.1; C-09",
        ge=0,
        le=365,
    )
    inclusive: bool = parameter(
        False,
        "Whether the notice day is the first of these days; the terms say 'before the day'.",
        unit="-",
        source="NP-33.1; C-09",
    )
    relief_share: Share = parameter(
        0.9,
        "Losses for which lender, police and form are told and the claim is accepted.",
        unit="share",
        source="NP-33.1; assumption",
    )
    exclusion_share: Share = parameter(
        0.1,
        "Of these, losses that one of the six exclusions hits, such as a breach of due care.",
        unit="share",
        source="NP-33.1; NP-32.1; NP-32.2; assumption",
    )
    scope: Literal["price_and_fee", "price"] = parameter(
        "price_and_fee",
        "What is released; whichever way the merchant's claim came to the lender.",
        unit="-",
        source="NP-33.1; assumption",
    )
    regime: Literal["by_cause", "member_friendly"] = parameter(
        "by_cause",
        "Whether a lost device falls under its own rule or under that of stolen credentials.",
        unit="-",
        source="NP-33.1; NP-34.1; C-72",
    )
    credentials_liable_share: Share = parameter(
        0.2,
        "Uses of credentials for which one of the five grounds makes the member liable.",
        unit="share",
        source="NP-33.4; NP-34.1; NP-34.2; assumption",
    )
    card_liable_share: Share = parameter(
        0.1,
        "Uses of the card number for which one of the five grounds makes the member liable.",
        unit="share",
        source="NP-54.1; NP-54.2; assumption",
    )
    uncooperative_share: Share = parameter(
        0.0,
        "Members who do not cooperate or submit untrue documents, and so get no relief.",
        unit="share",
        source="NP-33.1(6); NP-34.1(4); NP-54.1(5); assumption",
    )
    extra_damage: bool = parameter(
        False,
        "Whether further damage is claimed from members who are liable.",
        unit="-",
        source="NP-34.3; NP-54.3",
    )
    damage_yen: int = parameter(
        3_000,
        "Further damage of such a case.",
        unit="yen",
        source="NP-34.3; NP-54.3; assumption",
        ge=0,
        le=10_000_000,
    )
    stop_days: int = parameter(
        14,
        "Days of the stop on suspicion, during which the case is looked into.",
        unit="days",
        source="NP-33.2; assumption",
        ge=1,
        le=365,
    )
    charge_back_share: Share = parameter(
        0.0,
        "Released uses whose price the merchant returns.",
        unit="share",
        source="LEN-07",
    )


class ReliefRule(NamedTuple):
    """The rule of one lender; shares by `User` are those of the member's liability."""

    window_days: int
    inclusive: bool
    relief_share: float
    exclusion_share: float
    needs_notice: frozenset[User]  # kinds with window, procedure and exclusions
    liable_share: tuple[float, ...]  # by `User`
    uncooperative_share: float = 0.0


@implements("NP-33.1", "NP-34.1", "NP-34.2", "NP-54.1", "NP-54.2")
def rule_of_relief(terms: Relief) -> ReliefRule:
    """Give the rule of Net Protections; C-72 decides under which rule a lost device falls."""
    liable = [0.0] * len(User)
    liable[User.ID_THIEF] = terms.credentials_liable_share
    liable[User.CARD_THIEF] = terms.card_liable_share
    by_cause = terms.regime == "by_cause"
    if not by_cause:
        liable[User.THIEF] = terms.credentials_liable_share
    return ReliefRule(
        terms.window_days,
        terms.inclusive,
        terms.relief_share,
        terms.exclusion_share,
        frozenset({User.THIEF} if by_cause else ()),
        tuple(liable),
        terms.uncooperative_share,
    )


@implements(
    *("AU-3.1", "AU-3.2", "AU-3.3", "AU-3.4", "AU-8.1", "AU-8.2"),
    *("AU-42.1", "AU-42.2", "AU-43.1", "AU-43.2"),
)
def rule_of_loss_terms(terms: LossTerms) -> ReliefRule:
    """Give the rule of au Financial Service."""
    liable = [0.0] * len(User)
    liable[User.BORROWER] = terms.breach_liable_share
    liable[User.PIN_THIEF] = terms.pin_liable_share
    liable[User.STRANGER] = terms.forged_liable_share
    return ReliefRule(
        terms.window_days,
        terms.inclusive,
        terms.relief_share,
        terms.exclusion_share,
        frozenset({User.THIEF, User.PIN_THIEF, User.BORROWER}),
        tuple(liable),
    )


@implements("NP-33.1", "AU-42.1")
def first_relieved_day(window_days: int, notice_day: Ints, *, inclusive: bool) -> Ints:
    """Give the first day whose uses are relieved, day index, shape (n,).

    Examples
    --------
    >>> first_relieved_day(60, np.array([89]), inclusive=False).tolist()
    [29]
    >>> first_relieved_day(61, np.array([89]), inclusive=True).tolist()
    [29]
    """
    return np.asarray(notice_day - (window_days - inclusive))


@implements(
    *("NP-32.1", "NP-32.2", "NP-33.1", "NP-33.4", "NP-34.1", "NP-34.2", "NP-54.1", "NP-54.2"),
    *("AU-42.1", "AU-42.2", "AU-43.1"),
)
def is_relieved(rule: ReliefRule, user: Ints, use_day: Ints, notice_day: Ints, u: Floats) -> Bools:
    """Tell which uses by third parties the member need not pay.

    Parameters
    ----------
    rule
        The lender's rule.
    user
        `User` of each use, shape (n,).
    use_day, notice_day
        Day of the use; day on which the lender was told, shape (n,).
    u
        Uniforms of the case, shape (4, n): procedure, exclusion, liability, cooperation.

    Returns
    -------
    Bools
        Shape (n,). Uses after the notice are relieved too: they are no longer the member's.
    """
    needs_notice = np.isin(user, sorted(rule.needs_notice))
    first = first_relieved_day(rule.window_days, notice_day, inclusive=rule.inclusive)
    is_told = (u[0] < rule.relief_share) & (use_day >= first) & (u[1] >= rule.exclusion_share)
    is_liable = u[2] < np.array(rule.liable_share)[user]
    cooperates = u[3] >= rule.uncooperative_share
    is_third_party = user >= User.THIEF
    return np.asarray(is_third_party & (~needs_notice | is_told) & ~is_liable & cooperates)
