"""The call desk: sessions, whom they reach, what is promised and kept."""

from typing import Self

from pydantic import model_validator

from models.parameters import Parameters, Share, parameter
from models.policy.collections.priority import Priority
from models.policy.hours import ContactHours, Hours
from models.policy.response import Response
from models.policy.staffing import ServiceTime, Team, check_team


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
    wrong_number: Share = parameter(
        0.0,
        "Members whose number is wrong; found out by the first session, and never called again.",
        unit="share",
        source="assumption",
    )
    calls_back: Share = parameter(
        0.0,
        "Members reached who ask for another call instead of an answer.",
        unit="share",
        source="assumption",
    )
    callback_days: int = parameter(
        1, "Days until that call.", unit="days", source="assumption", ge=1, le=30
    )
    priority: Priority = parameter(
        "first_come",
        "Whom to call first when callers are few.",
        unit="-",
        source="assumption",
    )
    promise: Share = parameter(
        0.55, "Members reached who promise to pay.", unit="share", source="facts 7"
    )
    kept: Response = Response(forgetful=0.90, short=0.55, hardship=0.15)
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
        check_team(self.team, self.hours, self.callers)
        return self
