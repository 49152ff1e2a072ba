"""What a sweep varies: a name, a path in the configuration, and values or bounds."""

import re
from typing import Annotated, Self, TypeAlias

from pydantic import BeforeValidator, Field, JsonValue, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from models.parameters import Parameters, parameter
from sim.experiment.design.axes import (
    MAX_LEVELS,
    Axis,
    Choices,
    Number,
    Range,
    Scale,
    fraction_of,
)
from sim.experiment.design.expressions import FUNCTIONS
from sim.metrics.declared.replications import METRICS

RESERVED = frozenset({"point", "replication", "metric", "value", "and", "or", "not", "True",
                      "False", "None", "if", "else", "in", "is", "for", "lambda"})  # fmt: skip
"""Columns of a sweep's table and words of expressions."""
MAX_PARAMETERS = 50

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}\Z")


def _name(value: object) -> object:
    """Refuse a name that a table or an expression could not carry."""
    if isinstance(value, str) and (not _NAME.match(value) or value in RESERVED | FUNCTIONS):
        text = (
            "allowed: a letter, then up to 39 letters, digits and _, none of "
            f"{', '.join(sorted(RESERVED | FUNCTIONS))}"
        )
        raise PydanticCustomError("name", "{text}", {"text": text})
    return value


def _number(value: object) -> object:
    """Read a bound: a number, or an exact rate as two integers."""
    match value:
        case bool():
            pass
        case int() | float():
            return value
        case [int(n), int(d)] if d > 0 and not isinstance(n, bool) and not isinstance(d, bool):
            return value
    raise ValueError("allowed: a number, or an exact rate as [numerator, denominator]")


def _metric(value: object) -> object:
    """Refuse what is no headline metric."""
    if isinstance(value, str) and value not in METRICS:
        raise ValueError(f"allowed: one of {', '.join(METRICS)}")
    return value


Name = Annotated[str, BeforeValidator(_name)]
Metric = Annotated[str, BeforeValidator(_metric), WithJsonSchema({"enum": list(METRICS)})]
Bound = Annotated[
    Number,
    BeforeValidator(_number),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number"},
                {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
            ]
        }
    ),
]


class Target(Parameters):
    """Where a parameter goes in the configuration."""

    path: str | None = parameter(
        None,
        "Path in the configuration, as after --set; an item of a list by its number or by its "
        "name or action; silence: the parameter serves expressions only.",
        unit="-",
        source="assumption",
        max_length=200,
    )
    label: str = parameter("", "How figures call it.", unit="-", source="assumption", max_length=60)


class Varied(Target):
    """One parameter: its path, and either its values or its bounds."""

    values: tuple[JsonValue, ...] | None = parameter(
        None, "Values, of any kind.", unit="-", source="assumption", min_length=1, max_length=10_000
    )
    low: Bound | None = parameter(None, "Lower bound.", unit="-", source="assumption")
    high: Bound | None = parameter(None, "Upper bound.", unit="-", source="assumption")
    step: Bound | None = parameter(
        None,
        "Distance of neighbours from the lower bound on; silence: 1 for whole numbers, one over "
        "the common denominator for rates, none for decimals.",
        unit="-",
        source="assumption",
    )
    levels: int | None = parameter(
        None,
        "Values between the bounds, both included; silence: every step.",
        unit="values",
        source="assumption",
        ge=2,
        le=1000,
    )
    scale: Scale = parameter(
        "linear", "How the way between the bounds is divided.", unit="-", source="assumption"
    )

    @model_validator(mode="after")
    def _is_a_list_or_a_range(self) -> Self:
        bounds = {"low": self.low, "high": self.high, "step": self.step, "levels": self.levels}
        written = [name for name, bound in bounds.items() if bound is not None]
        if self.values is not None:
            if written or self.scale != "linear":
                raise ValueError(f"values: beside {', '.join(written) or 'scale'}; allowed: alone")
            texts = [repr(value) for value in self.values]
            if len(set(texts)) != len(texts):
                raise ValueError("values: a value stands twice; allowed: each once")
            return self
        if self.low is None or self.high is None:
            raise ValueError("required: values, or low and high")
        self._check_range(self.low, self.high)
        return self

    def _check_range(self, low: Number, high: Number) -> None:
        """Refuse bounds that span nothing or too much."""
        if fraction_of(low) >= fraction_of(high):
            raise ValueError(f"high: got {high}; allowed: above low, which is {low}")
        if self.step is not None and fraction_of(self.step) <= 0:
            raise ValueError(f"step: got {self.step}; allowed: above 0")
        if self.scale == "log" and fraction_of(low) <= 0:
            raise ValueError(f"low: got {low}; allowed on a log scale: above 0")
        axis = self.axis()
        if isinstance(axis, Range) and self.step is not None and axis.n_steps > MAX_LEVELS:
            raise ValueError(f"step: {axis.n_steps} values; allowed: up to {MAX_LEVELS}")

    def axis(self) -> Axis:
        """Give the values or the range, ready to be divided."""
        if self.values is not None:
            return Choices(tuple(self.values))
        if self.low is None or self.high is None:
            raise ValueError("a parameter without values and bounds")
        return Range(self.low, self.high, self.step, self.scale, self.levels)


Variables: TypeAlias = Annotated[
    dict[Name, Varied],
    Field(
        min_length=1,
        max_length=MAX_PARAMETERS,
        description="What is varied, by name.",
        json_schema_extra={"unit": "-", "source": "assumption"},
    ),
]
