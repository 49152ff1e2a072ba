"""The configuration: one frozen model of everything a run depends on."""

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from models.macro import Macro
from models.members.hardship import Hardship
from models.members.misuse import Misuse
from models.members.orders import Orders
from models.members.population import Population
from models.members.repayment import Repayment
from models.members.spending import Spending
from models.parameters import Parameters, Share, parameter
from models.policy.admission import LimitPolicy, ScoreCard
from models.policy.authorisation import HoldRules, ReviewDesk
from models.policy.bureau import Bureau
from models.policy.cash_out import CashOut
from models.policy.collections import Collections
from models.policy.economics import Economics
from models.policy.inquiries import Inquiries
from models.policy.relief import Relief
from models.policy.repossession import Repossession
from models.products.app_card import AppCardTerms
from models.products.atone import AtoneTerms
from models.products.au_pay.terms import AuPayTerms
from models.products.catalogue import Lender
from models.products.common import LenderTerms
from models.products.merchants import Merchants
from models.products.np_atobarai import NpAtobaraiTerms
from models.products.np_instalments import NpInstalmentTerms
from models.products.np_membership import MembershipTerms
from models.products.np_points import PointsTerms
from sim.config_loading import load
from sim.policy_changes import Change, stages

LARGEST_SEED, MAX_REPLICATIONS = 2**63 - 1, 1_000_000


class Products(Parameters):
    """Terms of the products on offer."""

    atone: AtoneTerms = AtoneTerms()
    au_pay: AuPayTerms = AuPayTerms()
    np_atobarai: NpAtobaraiTerms = NpAtobaraiTerms()
    np_instalment: NpInstalmentTerms = NpInstalmentTerms()
    np_points: PointsTerms = PointsTerms()
    app_card: AppCardTerms = AppCardTerms()
    np_membership: MembershipTerms = MembershipTerms()

    @property
    def is_np_open(self) -> bool:
        """Whether Net Protections offers anything."""
        return self.atone.enabled or self.np_atobarai.is_offered

    @model_validator(mode="after")
    def _offers_something(self) -> Self:
        if not (self.is_np_open or self.au_pay.enabled):
            raise ValueError("no product is enabled; allowed: at least one")
        return self


class Behaviour(Parameters):
    """What members do of their own accord."""

    spending: Spending = Spending()
    orders: Orders = Orders()
    repayment: Repayment = Repayment()
    hardship: Hardship = Hardship()
    misuse: Misuse = Misuse()
    merchants: Merchants = Merchants()
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
    prescreens: bool = parameter(
        False,
        "Whether members hear before they ask that no use is possible.",
        unit="-",
        source="NP-24.2; assumption",
    )
    review_desk: ReviewDesk = ReviewDesk()


class OtherLender(Parameters):
    """What one lender meets and decides differently from Net Protections.

    The top-level sections of the same names are those of Net Protections; what members do with
    their bills (`behaviour.repayment`, `behaviour.hardship`) is theirs, whoever lends.
    """

    applicants_share: Share = parameter(
        1.0, "Persons who ever apply to this lender.", unit="share", source="assumption"
    )
    spending: Spending = Spending()
    screening: Screening = Screening()
    collections: Collections = Collections()
    economics: Economics = Economics(merchant_discount=Fraction(20, 1000))
    misuse: Misuse = Misuse()
    cash_out: CashOut = CashOut()
    inquiries: Inquiries = Inquiries()


class Lenders(Parameters):
    """Lenders other than Net Protections."""

    au: OtherLender = OtherLender()


class Policy(Parameters):
    """Standing decisions of the lender."""

    limits: LimitPolicy = LimitPolicy()
    changes: tuple[Change, ...] = parameter(
        (),
        "Terms that change on a date, by ascending date.",
        unit="-",
        source="NP-15.2; AU-49.2; C-33",
        max_length=100,
    )
    relief: Relief = Relief()
    cash_out: CashOut = CashOut()
    inquiries: Inquiries = Inquiries()
    repossession: Repossession = Repossession()
    bureau: Bureau = Bureau()


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
        from sim.metrics.declared.replications import METRICS  # its package imports this module

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
        20, "Independent replications.", unit="runs", source="assumption", ge=1, le=MAX_REPLICATIONS
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
        1, "Seed of all randomness.", unit="-", source="assumption", ge=0, le=LARGEST_SEED
    )
    population: Population = Population()
    products: Products = Products()
    lenders: Lenders = Lenders()
    behaviour: Behaviour = Behaviour()
    screening: Screening = Screening()
    collections: Collections = Collections()
    economics: Economics = Economics()
    macro: Macro = Macro()
    policy: Policy = Policy()
    experiment: Experiment = Experiment()
    output: Output = Output()

    def active_lenders(self) -> list[Lender]:
        """Give the lenders with a product on offer."""
        offers = {Lender.NP: self.products.is_np_open, Lender.AU: self.products.au_pay.enabled}
        return [lender for lender, is_open in offers.items() if is_open]

    def terms_of(self, lender: Lender) -> LenderTerms:
        """Give the terms of a lender that all lenders have in some form."""
        return self.products.atone if lender == Lender.NP else self.products.au_pay

    def seen_by(self, lender: Lender) -> Self:
        """Give the run as one lender sees it: with its own screening, collections and costs."""
        if lender == Lender.NP:
            return self
        own = self.lenders.au
        return self.model_copy(
            update={
                "behaviour": self.behaviour.model_copy(
                    update={
                        "spending": own.spending,
                        "misuse": own.misuse,
                        "merchants": Merchants(),  # those of Net Protections (NP-25.5, NP-28.11)
                    }
                ),
                "screening": own.screening,
                "collections": own.collections,
                "economics": own.economics,
                "policy": self.policy.model_copy(
                    update={
                        "cash_out": own.cash_out,
                        "inquiries": own.inquiries,
                    }
                ),
            }
        )

    def stages(self) -> list[tuple[dt.date, Self]]:
        """Give the configurations that hold one after the other, each from a date on."""
        return stages(self, self.policy.changes, self.start)

    @model_validator(mode="after")
    def _stays_valid_through_its_changes(self) -> Self:
        if self.policy.changes:
            self.stages()
        return self

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
