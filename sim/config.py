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


class Target(Parameters):
    """The half-width that the interval of one number shall have."""

    metric: str = parameter(
        ..., "Column of the metric table `replications`.", unit="-", source="assumption"
    )
    statistic: Literal["mean", "value_at_risk", "expected_shortfall"] = parameter(
        "mean", "What is estimated over replications.", unit="-", source="assumption"
    )
    relative: float | None = parameter(
        None,
        "Wanted half-width over the absolute value of the estimate.",
        unit="share",
        source="assumption",
        gt=0,
        lt=1,
    )
    absolute: float | None = parameter(
        None, "Wanted half-width.", unit="unit of the metric", source="assumption", gt=0
    )

    @model_validator(mode="after")
    def _has_one_width(self) -> Self:
        if (self.relative is None) == (self.absolute is None):
            raise ValueError("allowed: either relative or absolute, exactly one of them")
        return self

    @model_validator(mode="after")
    def _names_a_metric(self) -> Self:
        from sim.metrics.columns_of_replications import METRICS  # it imports this module's package

        if self.metric not in METRICS:
            allowed = ", ".join(METRICS)
            raise ValueError(f"metric: got {self.metric!r}; allowed: one of {allowed}")
        return self


class Precision(Parameters):
    """When there are enough replications; then `replications` is not used."""

    targets: tuple[Target, ...] = parameter(
        ...,
        "Intervals that must all be narrow enough.",
        unit="-",
        source="assumption",
        min_length=1,
    )
    confidence: float | None = parameter(
        None,
        "Level of the intervals; null for `experiment.confidence`.",
        unit="share",
        source="assumption",
        gt=0.5,
        lt=1,
    )
    batch: int = parameter(
        20,
        "Replications between two looks at the intervals.",
        unit="runs",
        source="assumption",
        ge=1,
        le=1_000_000,
    )
    minimum: int = parameter(
        40,
        "Replications before the first look.",
        unit="runs",
        source="Law 2015, section 9.4.1; assumption",
        ge=2,
        le=1_000_000,
    )
    maximum: int = parameter(
        1000,
        "Replications at which it ends, precise or not.",
        unit="runs",
        source="assumption",
        ge=2,
        le=1_000_000,
    )

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if self.maximum < self.minimum:
            raise ValueError(
                f"maximum: got {self.maximum}; allowed: at least minimum, {self.minimum}"
            )
        return self


class ControlVariate(Parameters):
    """The Vasicek probability of an empty purse as control variate of all means."""

    months: int | None = parameter(
        None,
        "It is averaged over so many first months; null for the whole horizon.",
        unit="months",
        source="assumption",
        ge=1,
        le=120,
    )


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
    precision: Precision | None = parameter(
        None, "Stopping rule; null for a fixed number.", unit="-", source="assumption"
    )
    control_variate: ControlVariate | None = parameter(
        None, "Control variate of the means; null for none.", unit="-", source="assumption"
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

    @model_validator(mode="after")
    def _fills_groups(self) -> Self:
        size, n = self.macro.sampling.group_size, self.experiment.replications
        if n % size and self.experiment.precision is None:
            raise ValueError(
                f"experiment.replications: got {n}; allowed: a multiple of {size}, the "
                f"replications of a group under macro.sampling.method {self.macro.sampling.method}"
            )
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
