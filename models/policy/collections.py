"""The dunning ladder, the call desk, the law firm and the write-off, as configuration.

A step of the ladder is an action on a day past due. A new channel or step needs configuration only.
Court, garnishment, debt settlement and insolvency (COLL-05 to COLL-10) follow the law firm here.
"""

from typing import Self

import numpy as np
from pydantic import Field, model_validator

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.members.repayment import N_REASONS, Reason
from models.parameters import Parameters, Rate, Share, parameter
from models.policy.hours import ContactHours, Hours
from models.policy.staffing import ServiceTime, Team, check_team

CALL = "call"
HAND_OVER = "hand_over"


class Response(Parameters):
    """Share of those reached and still unpaid who pay because of a contact, by reason."""

    forgetful: Share = parameter(0.2, "Forgetful members.", unit="share", source="facts 8.2")
    short: Share = parameter(
        0.04, "Members short of cash.", unit="share", source="facts 7 (+2.4 points)"
    )
    hardship: Share = parameter(0.0, "Members in hardship.", unit="share", source="facts 2")

    def by_reason(self) -> Floats:
        """Give the shares by `Reason`, shape (5,)."""
        shares = np.zeros(N_REASONS)
        shares[Reason.FORGETFUL] = self.forgetful
        shares[Reason.SHORT_OF_CASH] = self.short
        shares[Reason.HARDSHIP] = self.hardship
        return shares


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
        "A channel by its name, `call`, or `hand_over` (to the law firm).",
        unit="-",
        source="COLL-02; COLL-04",
    )


class CallDesk(Parameters):
    """In-house callers."""

    callers: int = parameter(
        2, "Callers on duty.", unit="persons", source="assumption", ge=0, le=10_000
    )
    hours: ContactHours = Hours(opens="17:00", closes="18:30")
    team: Team = Team()
    mean_minutes: float = parameter(
        8.0,
        "Mean time of a session of up to three attempts.",
        unit="minutes",
        source="facts 7 (100 to 200 attempts a caller and day)",
        gt=0,
        le=480,
    )
    service_time: ServiceTime = ServiceTime()
    cost_yen: int = parameter(
        100, "Cost of a session.", unit="yen", source="COLL-02", ge=0, le=100_000
    )
    sessions: int = parameter(
        5, "Sessions of a case at most.", unit="sessions", source="assumption", ge=1, le=60
    )
    retry_days: int = parameter(
        3, "Days until the next session.", unit="days", source="assumption", ge=1, le=90
    )
    right_party: Share = parameter(
        0.22,
        "Sessions that reach the member: 1 - (1 - .08)**3.",
        unit="share",
        source="facts 7 (RPC)",
    )
    right_party_outside: Share = parameter(
        0.22,
        "Sessions of an outside provider (`team.outside`) that reach the member.",
        unit="share",
        source="facts 7 (RPC)",
    )
    promise: Share = parameter(
        0.55, "Members reached who promise to pay.", unit="share", source="facts 7"
    )
    kept: Response = Response(forgetful=0.85, short=0.40, hardship=0.10)
    without_promise: Response = Response(forgetful=0.30, short=0.05, hardship=0.0)
    promise_days: int = parameter(
        7,
        "Days within which a promise is to be kept.",
        unit="days",
        source="assumption",
        ge=1,
        le=60,
    )

    @model_validator(mode="after")
    def _team_fits(self) -> Self:
        check_team(self.team, self.hours)
        return self


class LawFirm(Parameters):
    """Hand-over to a law firm."""

    probability: Share = parameter(
        0.8, "Cases handed over.", unit="share", source="COLL-04; ART-11"
    )
    clerks: int = parameter(
        1, "Clerks who work our cases.", unit="persons", source="assumption", ge=0, le=10_000
    )
    hours: ContactHours = Hours(opens="10:00", closes="17:00")
    team: Team = Team()
    mean_minutes: float = parameter(
        25.0,
        "Mean time of one round of work on a case.",
        unit="minutes",
        source="assumption",
        gt=0,
        le=480,
    )
    service_time: ServiceTime = ServiceTime()
    round_days: int = parameter(
        45, "Days between rounds on a case.", unit="days", source="assumption", ge=1, le=365
    )
    rounds: int = parameter(
        12, "Rounds on a case at most.", unit="rounds", source="assumption", ge=1, le=60
    )
    pays: Response = Response(forgetful=0.05, short=0.015, hardship=0.01)
    whole_share: Share = parameter(
        0.6,
        "Successes that bring the whole claim; the others bring a part.",
        unit="share",
        source="assumption",
    )
    part: Rate = parameter(
        [1, 2], "Part of the claim that the others bring.", unit="share", source="C-58"
    )
    contingency: Rate = parameter(
        [20, 100],
        "The firm's part of all money that comes in on its cases.",
        unit="share",
        source="COLL-04",
    )

    @model_validator(mode="after")
    def _team_fits(self) -> Self:
        check_team(self.team, self.hours)
        return self


class WriteOff(Parameters):
    """When a claim is given up in the books."""

    day: int = parameter(365, "Days past due.", unit="days", source="COLL-11", ge=1, le=3650)
    quiet_days: int = parameter(
        180, "Days without any payment.", unit="days", source="COLL-11", ge=0, le=3650
    )


DEFAULT_CHANNELS = {
    "message": Channel(cost_yen=5, reach=0.90, response=Response(forgetful=0.15, short=0.02)),
    "letter": Channel(
        is_postal=True, cost_yen=120, reach=0.85, response=Response(forgetful=0.25, short=0.04)
    ),
}
DEFAULT_LADDER = tuple(
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
)


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

    @model_validator(mode="after")
    def _ladder_stands(self) -> Self:
        days = [step.day for step in self.ladder]
        if days != sorted(set(days)):
            raise ValueError(f"ladder: the days {days} must ascend")
        known = {CALL, HAND_OVER, *self.channels}
        for step in self.ladder:
            if step.action not in known:
                raise ValueError(
                    f"ladder: action {step.action!r} on day {step.day} is unknown; "
                    f"allowed: {', '.join(sorted(known))}"
                )
        if sum(step.action == HAND_OVER for step in self.ladder) > 1:
            raise ValueError("ladder: hand_over may stand once")
        return self


@implements("COLL-02", "ART-10")
def stay_after_contact(stay: Floats, response: Floats, reason: Ints, is_reached: Bools) -> Floats:
    """Lower the unpaid share of bills whose members a contact reached.

    Parameters
    ----------
    stay
        What earlier contacts left, shape (n,).
    response
        Share that pays because of this one, by `Reason`, shape (5,).
    reason
        `Reason`, shape (n,).
    is_reached
        Whether the contact was read or answered, shape (n,).

    Returns
    -------
    Floats
        New `stay`, above 0, shape (n,).
    """
    return np.maximum(stay * (1.0 - response[reason] * is_reached), 2.0**-33)


@implements("COLL-11")
def may_be_written_off(terms: WriteOff, days_past_due: Ints, days_since_payment: Ints) -> Bools:
    """Tell which arrears are old and quiet enough to be written off, shape (n,)."""
    old, quiet = days_past_due >= terms.day, days_since_payment >= terms.quiet_days
    return np.asarray(old & quiet, dtype=np.bool_)


@implements("COLL-04")
def agency_fee(terms: LawFirm, cash_yen: Ints) -> Ints:
    """Give the law firm's contingency fee on cash received, floored, yen, shape (n,)."""
    return np.asarray(cash_yen) * terms.contingency.numerator // terms.contingency.denominator
