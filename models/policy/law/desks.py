"""Desks of the law: the lender's legal clerks and the clerks of the court."""

from typing import Self

from pydantic import model_validator

from models.parameters import Parameters, parameter
from models.policy.hours import Hours
from models.policy.staffing import ServiceTime, Team, check_team


class PaperDesk(Parameters):
    """People who work on papers, one after the other."""

    clerks: int = parameter(
        1, "Clerks on duty.", unit="persons", source="assumption", ge=0, le=10_000
    )
    hours: Hours = Hours(opens="09:00", closes="17:00")
    team: Team = Team()
    mean_minutes: float = parameter(
        40.0,
        "Mean time of a paper.",
        unit="minutes",
        source="assumption (1,500 yen of work a filing, facts 3.2)",
        gt=0,
        le=10_000,
    )
    service_time: ServiceTime = ServiceTime()

    @model_validator(mode="after")
    def _team_fits(self) -> Self:
        check_team(self.team, self.hours, self.clerks)
        return self
