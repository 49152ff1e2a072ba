"""The kinds of design that a sweep file can ask for, as validated sections.

Grid, list, zip, Latin hypercube and Sobol points explore; one at a time, Morris and Sobol indices
tell what matters; optimisation looks for the best. Every kind names its parameters, each with the
path in the configuration that it moves.
"""

import math
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, JsonValue, model_validator

from models.parameters import Parameters, parameter
from sim.experiment.design.variables import MAX_PARAMETERS, Metric, Name, Target, Variables

MAX_SAMPLES = 65_536


class Grid(Parameters):
    """Every combination; the last parameter changes fastest."""

    kind: Literal["grid"] = "grid"
    parameters: Variables


class Listed(Parameters):
    """Points written out one by one."""

    kind: Literal["list"] = "list"
    parameters: dict[Name, Target] = Field(
        min_length=1,
        max_length=MAX_PARAMETERS,
        description="What is varied, by name.",
        json_schema_extra={"unit": "-", "source": "assumption"},
    )
    points: tuple[dict[str, JsonValue], ...] = Field(
        min_length=1,
        max_length=10_000,
        description="Value of every parameter at each point.",
        json_schema_extra={"unit": "-", "source": "assumption"},
    )

    @model_validator(mode="after")
    def _points_are_whole(self) -> Self:
        for number, point in enumerate(self.points):
            if set(point) != set(self.parameters):
                raise ValueError(
                    f"points.{number}: has {', '.join(sorted(point)) or 'nothing'}; allowed: "
                    f"a value for each of {', '.join(self.parameters)}"
                )
        return self


class Zipped(Parameters):
    """The first values together, then the second ones, and so on."""

    kind: Literal["zip"] = "zip"
    parameters: Variables

    @model_validator(mode="after")
    def _are_of_one_length(self) -> Self:
        lengths = {name: varied.axis().n_levels for name, varied in self.parameters.items()}
        if len(set(lengths.values())) > 1:
            told = ", ".join(f"{name} has {n}" for name, n in lengths.items())
            raise ValueError(f"parameters: {told} values; allowed: as many of each")
        return self


class LatinHypercube(Parameters):
    """Random points of which each parameter's n-th parts have one each (McKay et al., 1979)."""

    kind: Literal["latin_hypercube"] = "latin_hypercube"
    parameters: Variables
    samples: int = parameter(
        32, "Points.", unit="points", source="assumption", ge=2, le=MAX_SAMPLES
    )


def _power_of_two(value: object) -> object:
    """Refuse a number of samples that spoils the balance of a Sobol sequence (Owen, 2020)."""
    if isinstance(value, int) and (value < 2 or value & (value - 1)):
        raise ValueError(f"allowed: a power of 2 from 2 to {MAX_SAMPLES}")
    return value


Samples = Annotated[int, BeforeValidator(_power_of_two), Field(le=MAX_SAMPLES)]


class SobolPoints(Parameters):
    """The first points of a scrambled Sobol sequence; more of them keep the ones before."""

    kind: Literal["sobol"] = "sobol"
    parameters: Variables
    samples: Samples = parameter(32, "Points, a power of 2.", unit="points", source="assumption")


class OneAtATime(Parameters):
    """The base, and each parameter alone at its values or bounds."""

    kind: Literal["one_at_a_time"] = "one_at_a_time"
    parameters: Variables

    @model_validator(mode="after")
    def _all_have_a_base(self) -> Self:
        for name, varied in self.parameters.items():
            if varied.path is None:
                raise ValueError(f"parameters.{name}.path: missing; required: its base is there")
        return self


class Morris(Parameters):
    """Elementary effects along random trajectories (Morris, 1991; Campolongo et al., 2007)."""

    kind: Literal["morris"] = "morris"
    parameters: Variables
    trajectories: int = parameter(
        10, "Trajectories.", unit="trajectories", source="assumption", ge=2, le=1000
    )
    levels: int = parameter(
        4,
        "Levels of each parameter, an even number.",
        unit="levels",
        source="assumption",
        ge=4,
        le=100,
        multiple_of=2,
    )


class SobolIndices(Parameters):
    """First- and total-order indices of variance (Saltelli et al., 2010)."""

    kind: Literal["sobol_indices"] = "sobol_indices"
    parameters: Variables
    samples: Samples = parameter(
        64,
        "Base samples, a power of 2; the design has (parameters + 2) times as many points.",
        unit="points",
        source="assumption",
    )
    resamples: int = parameter(
        500, "Resamples of the bootstrap.", unit="-", source="assumption", ge=50, le=10_000
    )


class Objective(Parameters):
    """A metric whose mean over replications is to be low or high."""

    metric: Metric = Field(
        description="Headline metric.", json_schema_extra={"unit": "-", "source": "assumption"}
    )
    direction: Literal["minimise", "maximise"] = parameter(
        "minimise", "What is better.", unit="-", source="assumption"
    )


class Requirement(Parameters):
    """A metric whose mean over replications has a limit."""

    metric: Metric = Field(
        description="Headline metric.", json_schema_extra={"unit": "-", "source": "assumption"}
    )
    at_least: float | None = parameter(None, "Lower limit.", unit="-", source="assumption")
    at_most: float | None = parameter(None, "Upper limit.", unit="-", source="assumption")
    with_confidence: bool = parameter(
        False,
        "Whether the whole interval of the mean has to keep the limit, not the mean alone.",
        unit="-",
        source="assumption",
    )

    @model_validator(mode="after")
    def _has_a_limit(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("required: at_least, at_most or both")
        return self


class Optimisation(Parameters):
    """A search for the settings with the best metrics."""

    kind: Literal["optimisation"] = "optimisation"
    parameters: Variables
    objectives: tuple[Objective, ...] = parameter(
        (), "What is to be low or high.", unit="-", source="assumption", max_length=4
    )
    requirements: tuple[Requirement, ...] = parameter(
        (), "Limits that other metrics keep.", unit="-", source="assumption", max_length=20
    )
    sampler: Literal["tpe", "random", "nsga2", "gp", "grid"] = parameter(
        "tpe",
        "How settings are proposed: Parzen estimators, at random, genetic, Gaussian process, all.",
        unit="-",
        source="assumption",
    )
    trials: int = parameter(
        40, "Settings proposed.", unit="trials", source="assumption", ge=1, le=10_000
    )
    batch: int = parameter(
        4,
        "Settings proposed together before any of them is known; fixes the search whatever the "
        "number of workers.",
        unit="trials",
        source="assumption",
        ge=1,
        le=1000,
    )

    @model_validator(mode="after")
    def _has_objectives(self) -> Self:
        names = [objective.metric for objective in self.objectives]
        if not names or len(set(names)) != len(names):
            raise ValueError("objectives: allowed: one to four different metrics")
        n = math.prod(varied.axis().n_levels for varied in self.parameters.values())
        if self.sampler == "grid" and self.trials < n:
            raise ValueError(
                f"trials: got {self.trials}; allowed with the sampler grid: {n} or more"
            )
        return self


Design: TypeAlias = Annotated[
    Grid
    | Listed
    | Zipped
    | LatinHypercube
    | SobolPoints
    | OneAtATime
    | Morris
    | SobolIndices
    | Optimisation,
    Field(
        discriminator="kind",
        description="Which settings are evaluated.",
        json_schema_extra={"unit": "-", "source": "assumption"},
    ),
]
