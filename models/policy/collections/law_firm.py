"""The law firm: which cases it gets, how it works them, and what it costs."""

from typing import Self

from pydantic import model_validator

from models.arrays import Ints
from models.clauses import implements
from models.kernels.exact import floor_of_share, whole_numbers
from models.parameters import Parameters, Rate, Share, parameter
from models.policy.hours import ContactHours, Hours
from models.policy.response import Response
from models.policy.staffing import ServiceTime, Team, check_team


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
    pays: Response = Response(forgetful=0.05, short=0.01, hardship=0.005)
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
        check_team(self.team, self.hours, self.clerks)
        return self


@implements("COLL-04")
def agency_fee(terms: LawFirm, cash_yen: Ints) -> Ints:
    """Give the law firm's contingency fee on cash received, floored, yen, shape (n,)."""
    return floor_of_share(whole_numbers(cash_yen, "cash_yen"), terms.contingency, "agency fee")
