"""Admission at Net Protections (NP-2, NP-4, NP-8): what is asked, checked, and refused.

Chances have no source; at their defaults of 0 nobody is refused or found out on these grounds.
"""

from typing import Literal

import numpy as np
from scipy.special import log1p

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.codes import Code
from models.parameters import Parameters, Share, parameter


class AdmissionGround(Code):
    """Grounds of NP-2.4 on which admission is refused or revoked."""

    FALSE_DATA = 1
    ANOTHER_PERSON = 2
    MINOR_WITHOUT_CONSENT = 3
    ANTISOCIAL = 4
    EARLIER_BREACH = 5
    NOT_RESIDENT = 6
    FOR_PROFIT = 7
    NO_EMAIL = 8
    DUPLICATE = 9
    CONDUCT = 10
    UNSUITABLE = 11


class GroundChance(Parameters):
    """How often one ground for refusal is met among applicants."""

    counts: bool = parameter(
        True, "Whether the lender refuses on this ground.", unit="-", source="NP-2.4"
    )
    exists: Share = parameter(
        0.0,
        "Applicants for whom the ground exists.",
        unit="share",
        source="NP-2.4; assumption",
    )
    feared: Share = parameter(
        0.0,
        "Other applicants about whom it is feared, which is enough to refuse.",
        unit="share",
        source="NP-2.4; assumption",
    )


class Admission(Parameters):
    """What is asked of applicants, and on which grounds they are refused."""

    incomplete_share: Share = parameter(
        0.0,
        "Applications that lack a set particular; they are not accepted.",
        unit="share",
        source="NP-2.1; assumption",
    )
    screening_delay_days: int = parameter(
        0,
        "Days from the application to the dispatch of its answer.",
        unit="days",
        source="NP-2.2; NP-2.3",
        ge=0,
        le=90,
    )
    guest_share: Share = parameter(
        0.0,
        "Applicants who used atone as guests before; their records come along.",
        unit="share",
        source="NP-2.7; assumption",
    )
    guest_uses: int = parameter(
        3, "Uses that a guest brings along.", unit="uses", source="NP-2.7; assumption", ge=0, le=500
    )
    age_of_majority: int = parameter(
        18, "Age below which consent is needed.", unit="years", source="NP-2.4", ge=0, le=30
    )
    seen_at_screening: Share = parameter(
        0.5,
        "Existing grounds that the screening sees.",
        unit="share",
        source="NP-2.4; assumption",
    )
    found_later: Share = parameter(
        0.5,
        "Existing grounds not seen at the screening that are found in the days below.",
        unit="share",
        source="NP-2.4; assumption",
    )
    found_within_days: int = parameter(
        180,
        "Days within which a ground is found later, evenly.",
        unit="days",
        source="NP-2.4; assumption",
        ge=1,
        le=3650,
    )
    false_data: GroundChance = GroundChance()
    another_person: GroundChance = GroundChance()
    minor_without_consent: GroundChance = GroundChance()
    antisocial: GroundChance = GroundChance()
    earlier_breach: GroundChance = GroundChance()
    not_resident: GroundChance = GroundChance()
    for_profit: GroundChance = GroundChance()
    no_email: GroundChance = GroundChance()
    duplicate: GroundChance = GroundChance()
    conduct: GroundChance = GroundChance()
    unsuitable: GroundChance = GroundChance()

    def chance(self, ground: AdmissionGround) -> GroundChance:
        """Give the chances of a ground."""
        found: GroundChance = getattr(self, ground.name.lower())
        return found


class Identifiers(Parameters):
    """Phone number and e-mail address, either of which is the member's ID."""

    shared_phone: Share = parameter(
        0.0,
        "Applicants who give the phone number of another person of the portfolio.",
        unit="share",
        source="NP-4.1; NP-9.1; assumption",
    )
    shared_email: Share = parameter(
        0.0,
        "Applicants who give the e-mail address of another person of the portfolio.",
        unit="share",
        source="NP-4.1; NP-9.1; assumption",
    )
    keys: tuple[Literal["phone", "email"], ...] = parameter(
        ("phone", "email"),
        "What the duplicate test compares; either match counts.",
        unit="-",
        source="NP-4.1",
    )


class Antisocial(Parameters):
    """Members of antisocial groups, present and former, and what suspicion leads to."""

    rate: Share = parameter(
        0.0, "Persons with such ties.", unit="share", source="NP-8.1; assumption"
    )
    former_rate: Share = parameter(
        0.0,
        "Other persons who had them within the last 10 years.",
        unit="share",
        source="NP-8.1; assumption",
    )
    cooloff_years: int = parameter(
        5,
        "Years after leaving during which a former member counts as one.",
        unit="years",
        source="NP-8.1",
        ge=0,
        le=10,
    )
    suspicions_per_month: Share = parameter(
        0.0,
        "Members who come under suspicion in a month.",
        unit="a month",
        source="NP-8.3; assumption",
    )
    inquiry_days: int = parameter(
        30,
        "Days for which use is stopped while the lender investigates.",
        unit="days",
        source="NP-8.3; NP-8.4; assumption",
        ge=1,
        le=365,
    )
    uncooperative: Share = parameter(
        0.1,
        "Suspects without ties who do not cooperate, which is as good as a proven breach.",
        unit="share",
        source="NP-8.5; assumption",
    )


class IdentityChecks(Parameters):
    """Identity checks and what follows when they are not finished."""

    asked_share: Share = parameter(
        0.0,
        "Persons asked to prove identity, purpose and occupation.",
        unit="share",
        source="NP-2.6; assumption",
    )
    before_admission: bool = parameter(
        False,
        "Whether they are asked as applicants (refused at the deadline) or as members.",
        unit="-",
        source="NP-2.6",
    )
    never_finish: Share = parameter(
        0.1, "Of those, who never finish.", unit="share", source="NP-2.6; assumption"
    )
    mean_days: float = parameter(
        14.0,
        "Mean time that the others take (exponential).",
        unit="days",
        source="NP-2.6; assumption",
        gt=0,
        le=365,
    )
    deadline_days: int = parameter(
        30,
        "Days after which an unfinished check restricts use.",
        unit="days",
        source="NP-2.6",
        ge=1,
        le=365,
    )
    cancel_days: int = parameter(
        90,
        "Days after which an unfinished check ends the membership.",
        unit="days",
        source="NP-2.6",
        ge=1,
        le=730,
    )


def grounds_met(
    terms: Admission, antisocial: Antisocial, identifiers: Identifiers
) -> tuple[AdmissionGround, ...]:
    """Give the grounds that anybody can meet, by chance or by what the person is."""
    by_itself = {
        AdmissionGround.ANTISOCIAL: antisocial.rate + antisocial.former_rate,
        AdmissionGround.DUPLICATE: identifiers.shared_phone + identifiers.shared_email,
    }
    chances = {ground: terms.chance(ground) for ground in AdmissionGround}
    return tuple(
        ground
        for ground, chance in chances.items()
        if chance.exists + chance.feared + by_itself.get(ground, 0) > 0
    )


@implements("NP-2.4", "NP-4.1")
def refused_on(terms: Admission, ground: AdmissionGround, exists: Bools, u: Floats) -> Bools:
    """Tell which applicants are refused on a ground.

    Parameters
    ----------
    terms
        Chances.
    ground
        The ground.
    exists
        Whether it exists for the applicant, shape (n,).
    u
        Uniforms of the ground: whether it exists, is feared, is seen, and when it is found; shape
        (4, n).

    Returns
    -------
    Bools
        True where the ground is seen, or feared although it does not exist (NP-2.4(a)), shape (n,).
    """
    chance = terms.chance(ground)
    seen = np.where(exists, u[2] < terms.seen_at_screening, u[1] < chance.feared)
    return np.asarray(seen & chance.counts, dtype=np.bool_)


@implements("NP-2.4")
def found_after(terms: Admission, u: Floats) -> Ints:
    """Give the days after admission on which an existing ground is found, -1 where never.

    `u` is the fourth lane of the ground, shape (n,).
    """
    days = 1 + np.floor(u / max(terms.found_later, 2.0**-33) * terms.found_within_days)
    return np.where(u < terms.found_later, days, -1).astype(np.int64)


@implements("NP-8.1", "NP-8.2")
def has_ties(terms: Antisocial, u: Floats) -> Bools:
    """Tell who counts as antisocial: tied now, or a former member within the cool-off years.

    Parameters
    ----------
    terms
        Rates and years.
    u
        Uniforms: tied now, former member, years since leaving out of 10; shape (3 or more, n).
    """
    recent = np.floor(u[2] * 10) < terms.cooloff_years
    return np.asarray((u[0] < terms.rate) | ((u[1] < terms.former_rate) & recent), dtype=np.bool_)


@implements("NP-2.6")
def days_to_prove(checks: IdentityChecks, u: Floats, never: int) -> Ints:
    """Give the days that persons take to finish their identity checks.

    Parameters
    ----------
    checks
        Shares and mean.
    u
        Uniforms: asked, never finishes, days; shape (3 or more, n).
    never
        What stands for never.

    Returns
    -------
    Ints
        0 where nobody asks, else 1 or more, shape (n,).
    """
    days = 1 + np.floor(-log1p(-u[2]) * checks.mean_days).astype(np.int64)
    days = np.where(u[1] < checks.never_finish, never, days)
    return np.where(u[0] < checks.asked_share, days, 0)
