"""The sweep file: a base configuration, fixed settings, a design, derived values, constraints."""

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, JsonValue, PrivateAttr, WithJsonSchema, model_validator

from models.parameters import Parameters, parameter
from sim.config import MAX_REPLICATIONS, Config
from sim.experiment.design.configurations import Plan, base_values, points_of
from sim.experiment.design.designs import Row, n_rows, rows
from sim.experiment.design.kinds import Design, Grid, LatinHypercube, Optimisation, SobolPoints
from sim.experiment.design.planning import Planner
from sim.experiment.design.variables import Metric, Name, Target
from sim.experiment.sweeps.point import Point
from sim.yaml_source import KeyPath, Place

MAX_POINTS = 20_000
NOT_IN_FILE = Place("the sweep")
"""Where a sweep was written that came from no file."""

FEWEST_GROUPS = 2
"""Replications, or groups of them, from which a mean has an interval."""


class Derived(Target):
    """A value that follows from the parameters."""

    expression: str = Field(
        description="Arithmetic over the names of parameters and of derived values before it.",
        json_schema_extra={"unit": "-", "source": "assumption"},
    )


class Sweep(Parameters):
    """A sweep, a sensitivity analysis or an optimisation over one base configuration."""

    name: str = parameter(
        "sweep",
        "Name of the sweep and of its directory.",
        unit="-",
        source="assumption",
        pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$",
    )
    title: str = parameter(
        "", "What the report is called.", unit="-", source="assumption", max_length=120
    )
    base: Annotated[
        Config,
        WithJsonSchema(
            {
                "anyOf": [{"type": "string"}, {"type": "object"}],
                "description": "Path of the configuration to start from, relative to this file; "
                "or the configuration itself.",
            }
        ),
    ]
    set: dict[str, JsonValue] = Field(
        {},
        description="Fixed settings laid over the base: path to value.",
        json_schema_extra={"unit": "-", "source": "assumption"},
        max_length=200,
    )
    replications: int | None = parameter(
        None,
        "Replications of each point; silence: those of the base.",
        unit="runs",
        source="assumption",
        ge=1,
        le=MAX_REPLICATIONS,
    )
    common_random_numbers: bool = parameter(
        True,
        "Whether all points share the base's seed, so that they differ by their settings only.",
        unit="-",
        source="assumption",
    )
    metrics: tuple[Metric, ...] = Field(
        ("net_loss_rate", "profit_rate", "approval_rate"),
        description="Headline metrics that the report shows, the most important first.",
        json_schema_extra={"unit": "-", "source": "assumption"},
        max_length=20,
    )
    design: Design
    derived: dict[Name, Derived] = Field(
        {},
        description="Values that follow from the parameters, by name.",
        json_schema_extra={"unit": "-", "source": "assumption"},
        max_length=50,
    )
    constraints: tuple[str, ...] = Field(
        (),
        description="Comparisons that the settings satisfy; a grid or a sample leaves out points "
        "that do not, other designs are refused.",
        json_schema_extra={"unit": "-", "source": "assumption"},
        max_length=50,
    )
    _places: Mapping[KeyPath, Place] = PrivateAttr(default_factory=dict)
    _built: tuple[tuple[Point, ...], tuple[int, ...]] | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if both := sorted({*self.derived} & {*self.design.parameters}):
            raise ValueError(f"derived.{both[0]}: a parameter has this name; allowed: another one")
        own = self.base.experiment.replications
        if self.replications not in (None, own):
            raise ValueError(f"replications: got {self.replications}; the base has {own}")
        least = self._least_replications()
        if own < least and self.base.experiment.precision is None:
            raise ValueError(
                f"replications: got {own}; allowed: {least} or more where a requirement has "
                "with_confidence, since it looks at an interval"
            )
        if not self.metrics or len(set(self.metrics)) != len(self.metrics):
            raise ValueError("metrics: allowed: 1 to 20 different ones")
        if (n := n_rows(self.design)) > MAX_POINTS:
            raise ValueError(f"design: makes {n} points; allowed: up to {MAX_POINTS}")
        return self

    def _least_replications(self) -> int:
        """Give the replications from which a search that looks at intervals has one."""
        design = self.design
        if isinstance(design, Optimisation) and any(r.with_confidence for r in design.requirements):
            return FEWEST_GROUPS * self.base.macro.sampling.group_size
        return 1

    @property
    def is_adaptive(self) -> bool:
        """Whether later points depend on the results of earlier ones (an optimisation)."""
        return isinstance(self.design, Optimisation)

    @property
    def n_replications(self) -> int:
        """Replications of each point."""
        return self.base.experiment.replications

    @cached_property
    def group_size(self) -> int:
        """Replications that depend on each other, at whichever point."""
        return math.lcm(*(point.config.macro.sampling.group_size for point in self.points()))

    @property
    def labels(self) -> dict[str, str]:
        """How figures call each setting, by its name."""
        targets: dict[str, Target] = {**self.design.parameters, **self.derived}
        return {name: target.label or name.replace("_", " ") for name, target in targets.items()}

    def points(self) -> list[Point]:
        """Give the points in their order, all validated.

        Returns
        -------
        list of Point
            For an optimisation those that show its bounds to be valid; its own points come from
            `sim.experiment.design.optimise`.

        Raises
        ------
        InputError
            If a point is no valid configuration.
        """
        return list(self._points_and_rows()[0])

    def rows(self) -> list[int]:
        """Give, for each row of the design that is left, the number of its point."""
        return list(self._points_and_rows()[1])

    def plan(self) -> Plan:
        """Give the way from settings to configurations.

        Raises
        ------
        InputError
            If a path leads nowhere or an expression cannot be read.
        """
        return Planner(self, self._place).plan()

    def base_row(self) -> Row:
        """Give the value of each parameter in the base; its first level where it has no place."""
        plan = self.plan()
        values = base_values(plan.base, plan.variables)
        first = {
            name: target.axis().level(0)
            for name, target in self.design.parameters.items()
            if hasattr(target, "axis")
        }
        return {
            name: first.get(name) if values[name] is None else values[name]
            for name in self.design.parameters
        }

    def remember_places(self, places: Mapping[KeyPath, Place]) -> None:
        """Note where each part is written, for the messages of later refusals."""
        # a frozen model forbids assignment; places and points are no part of its value
        object.__setattr__(self, "_places", places)

    def _place(self, path: KeyPath) -> Place:
        """Tell where a part of the sweep is written."""
        while path and path not in self._places:
            path = path[:-1]
        return self._places.get(path, NOT_IN_FILE)

    def _points_and_rows(self) -> tuple[tuple[Point, ...], tuple[int, ...]]:
        """Build the points once."""
        if self._built is None:
            may_drop = isinstance(self.design, Grid | LatinHypercube | SobolPoints | Optimisation)
            made = rows(self.design, self.base.seed, self.base_row())
            points, numbers = points_of(self.plan(), made, may_drop=may_drop)
            built = tuple(points), tuple(numbers)
            object.__setattr__(self, "_built", built)
            return built
        return self._built
