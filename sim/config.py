"""The configuration: one frozen model of everything a run depends on."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from models.macro import Macro
from models.members.hardship import Hardship
from models.members.population import Population
from models.members.repayment import Repayment
from models.members.spending import Spending
from models.parameters import Parameters, Share, parameter
from models.policy.admission import LimitPolicy, ScoreCard
from models.policy.authorisation import HoldRules, ReviewDesk
from models.policy.collections import Collections
from models.policy.economics import Economics
from models.products.atone import AtoneTerms
from sim.config_loading import load


class Products(Parameters):
    """Terms of the products on offer."""

    atone: AtoneTerms = AtoneTerms()


class Behaviour(Parameters):
    """What members do of their own accord."""

    spending: Spending = Spending()
    repayment: Repayment = Repayment()
    hardship: Hardship = Hardship()
    new_method_share: Share = parameter(
        0.01,
        "Members who choose another pay method in a month.",
        unit="a month",
        source="NP-28.2; assumption",
    )


class Screening(Parameters):
    """Who is admitted and which uses pass."""

    score: ScoreCard = ScoreCard()
    hold: HoldRules = HoldRules()
    review_desk: ReviewDesk = ReviewDesk()


class Policy(Parameters):
    """Standing decisions of the lender."""

    limits: LimitPolicy = LimitPolicy()


class Experiment(Parameters):
    """How often the portfolio is simulated and how results are stated."""

    replications: int = parameter(
        20, "Independent replications.", unit="runs", source="assumption", ge=1, le=1_000_000
    )
    confidence: float = parameter(
        0.95, "Level of the intervals.", unit="share", source="assumption", gt=0.5, lt=1
    )
    tail: float = parameter(
        0.95,
        "Level of value at risk and expected shortfall.",
        unit="share",
        source="assumption",
        gt=0.5,
        lt=1,
    )


class Output(Parameters):
    """What is kept besides the metrics."""

    events: Literal["all", "sample", "none"] = parameter(
        "sample",
        "Whose ledger lines and events of the first replication are kept.",
        unit="-",
        source="assumption",
    )
    sample_members: int = parameter(
        50,
        "Members of a sample, evenly spaced.",
        unit="persons",
        source="assumption",
        ge=1,
        le=1_000_000,
    )


class Config(Parameters):
    """One run."""

    name: str = parameter(
        "run",
        "Name of the run and of its directory.",
        unit="-",
        source="assumption",
        pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$",
    )
    start: dt.date = Field(
        dt.date(2026, 1, 1),
        description="First day, the first of a month.",
        json_schema_extra={"unit": "date", "source": "assumption"},
        ge=dt.date(2000, 1, 1),
        le=dt.date(2090, 1, 1),
    )
    months: int = parameter(
        24, "Calendar months simulated.", unit="months", source="assumption", ge=1, le=120
    )
    seed: int = parameter(
        1, "Seed of all randomness.", unit="-", source="assumption", ge=0, le=2**63 - 1
    )
    population: Population = Population()
    products: Products = Products()
    behaviour: Behaviour = Behaviour()
    screening: Screening = Screening()
    collections: Collections = Collections()
    economics: Economics = Economics()
    macro: Macro = Macro()
    policy: Policy = Policy()
    experiment: Experiment = Experiment()
    output: Output = Output()

    @model_validator(mode="after")
    def _starts_with_a_month(self) -> Self:
        if self.start.day != 1:
            raise ValueError(f"start: got {self.start}; allowed: the first day of a month")
        return self


def load_config(path: str | Path, overrides: Sequence[str] = ()) -> Config:
    """Read a configuration file.

    Parameters
    ----------
    path
        YAML file, may extend another.
    overrides
        ``path=value`` texts that win over the file.

    Raises
    ------
    InputError
        If anything in it cannot be used; every problem is named with file and line.
    """
    return load(Config, path, overrides)
