"""From the rows of a design to points: derived values, constraints, validated configurations.

Every row becomes a whole configuration before anything runs. What is wrong is said with the line
of the sweep file, the number of the point and its settings; several problems are said together.
"""

import copy
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import ParamSpec, TypeVar

from models.errors import InputError
from sim.config import Config
from sim.config_errors import MAX_SHOWN
from sim.config_loading import validate
from sim.experiment.design.designs import Row
from sim.experiment.design.expressions import Expression, ExpressionError, Operand, exact
from sim.experiment.design.paths import at, attribute, put
from sim.experiment.sweeps.point import Point
from sim.yaml_source import KeyPath, Place, Value, YamlSource, shown

MAX_SEED = 2**63 - 1
Arguments = ParamSpec("Arguments")
Made = TypeVar("Made")


@dataclass(frozen=True)
class Variable:
    """Where one setting goes.

    Parameters
    ----------
    name
        Its name.
    keys
        Its place in the configuration, None if it serves expressions only.
    place
        Where it is written.
    expression
        How it follows from others; None if the design sets it.
    is_rate
        Whether the configuration wants an exact rate there.
    """

    name: str
    keys: KeyPath | None
    place: Place
    expression: Expression | None = None
    is_rate: bool = False


@dataclass(frozen=True)
class Constraint:
    """What settings have to satisfy."""

    expression: Expression
    place: Place


@dataclass(frozen=True)
class Plan:
    """How settings become configurations.

    Parameters
    ----------
    base
        The configuration around the settings.
    variables
        Parameters in the order of the design, then derived ones, each after what it needs.
    constraints
        What settings have to satisfy.
    place
        The sweep file.
    common_random_numbers
        Whether all points share the base's seed.
    """

    base: Config
    variables: Sequence[Variable]
    constraints: Sequence[Constraint]
    place: Place
    common_random_numbers: bool = True

    @cached_property
    def base_data(self) -> dict[str, Value]:
        """The base as plain data, every default written out."""
        return self.base.model_dump(mode="json")

    def settings(self, row: Row) -> Row:
        """Add the derived values to a row.

        Raises
        ------
        InputError
            If one has no value; the message names its line and the row.
        """
        settings: Row = {}
        for variable in self.variables:
            if variable.expression is None:
                settings[variable.name] = row[variable.name]
                continue
            try:
                value = variable.expression.value(_operands(variable.expression, settings))
            except ExpressionError as error:
                where = f"{variable.place}: {variable.name} at {shown(settings, 80)}"
                raise InputError(f"{where}: {error}") from error
            settings[variable.name] = _written(value, is_rate=variable.is_rate)
        return settings

    def allows(self, settings: Row) -> bool:
        """Tell whether settings satisfy all constraints.

        Raises
        ------
        InputError
            If a constraint is neither true nor false; the message names its line and the settings.
        """
        for constraint in self.constraints:
            try:
                holds = constraint.expression.value(_operands(constraint.expression, settings))
                if not isinstance(holds, bool):
                    raise ExpressionError(
                        f"{shown(constraint.expression.text)} is {shown(holds)}; allowed: a "
                        "comparison"
                    )
            except ExpressionError as error:
                where = f"{constraint.place}: constraint at {shown(settings, 80)}"
                raise InputError(f"{where}: {error}") from error
            if not holds:
                return False
        return True

    def point(self, number: int, settings: Row) -> Point:
        """Build and validate the configuration of one point.

        Raises
        ------
        InputError
            If the settings make no valid configuration; each line names point and settings.
        """
        data = copy.deepcopy(self.base_data)
        told = f"point {number} {shown(settings, 120)}"
        places: dict[KeyPath, Place] = {(): Place(f"{self.place}: {told}")}
        for variable in self.variables:
            if variable.keys is not None:
                put(data, variable.keys, copy.deepcopy(settings[variable.name]))
                places[variable.keys] = Place(f"{variable.place}: {told}")
        if not self.common_random_numbers:
            data["seed"] = seed_of(self.base.seed, settings)
        return Point(number, settings, validate(Config, YamlSource(data, places)))


def seed_of(seed: int, settings: Mapping[str, Value]) -> int:
    """Give a point a seed of its own: a hash of the base's seed and the settings.

    A function of the settings, not of the number: a point keeps it when the sweep grows.
    """
    text = json.dumps([seed, dict(settings)], sort_keys=True, separators=(",", ":"))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") & MAX_SEED


def points_of(plan: Plan, rows: Sequence[Row], *, may_drop: bool) -> tuple[list[Point], list[int]]:
    """Build all points of a design.

    Parameters
    ----------
    plan
        How rows become configurations.
    rows
        The rows; equal ones are one point.
    may_drop
        Whether rows that break a constraint are left out; otherwise they are refused.

    Returns
    -------
    tuple
        The points, and for each row that is left the number of its point.

    Raises
    ------
    InputError
        If a point is no valid configuration, a row breaks a constraint and may not, or no row
        is left; all problems in one message.
    """
    problems = _Problems()
    points: dict[str, Point | None] = {}
    numbers: list[int] = []
    order: dict[str, int] = {}
    for row in rows:
        settings = problems.catch(plan.settings, row)
        if settings is None:
            continue
        allowed = problems.catch(plan.allows, settings)
        if allowed is None or not allowed:
            if allowed is False and not may_drop:
                problems.lines.append(_broken(plan, settings))
            continue
        key = json.dumps(settings, sort_keys=True)
        if key not in order:
            order[key] = len(order)
            points[key] = problems.catch(plan.point, order[key], settings)
        numbers.append(order[key])
    problems.raise_if_any()
    if not numbers:
        raise InputError(f"{plan.place}: constraints: no point of the design satisfies them all")
    return [point for point in points.values() if point is not None], numbers


def _broken(plan: Plan, settings: Row) -> str:
    """Say which constraint the settings of a design break that cannot do without them."""
    for constraint in plan.constraints:
        if constraint.expression.value(_operands(constraint.expression, settings)) is False:
            return (
                f"{constraint.place}: constraint {shown(constraint.expression.text)} is broken at "
                f"{shown(settings, 120)}; allowed in this kind of design: constraints that every "
                "point satisfies"
            )
    return ""


class _Problems:
    """Collects the lines of refusals."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def catch(
        self, function: Callable[Arguments, Made], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Made | None:
        """Call a function; note its refusal and give None."""
        try:
            return function(*args, **kwargs)
        except InputError as error:
            self.lines += str(error).splitlines()
            return None

    def raise_if_any(self) -> None:
        """Refuse what was found wrong."""
        distinct = list(dict.fromkeys(self.lines))
        if len(distinct) > MAX_SHOWN:
            distinct = [*distinct[:MAX_SHOWN], f"and {len(distinct) - MAX_SHOWN} more problems"]
        if distinct:
            raise InputError("\n".join(distinct))


def operand(value: Value) -> Operand | None:
    """Give what an expression sees of a setting, None for lists and mappings."""
    match value:
        case bool() | str():
            return value
        case int() | float():
            return exact(value)
        case [int(numerator), int(denominator)] if denominator > 0:
            return Fraction(numerator, denominator)
    return None


def _operands(expression: Expression, settings: Row) -> dict[str, Operand]:
    """Give the values of the names of an expression."""
    result: dict[str, Operand] = {}
    for name in expression.names:
        value = operand(settings[name])
        if value is None:
            raise ExpressionError(
                f"{name} is {shown(settings[name])}; allowed in an expression: a number, a rate, "
                "a text, true or false"
            )
        result[name] = value
    return result


def _written(value: Operand, *, is_rate: bool) -> Value:
    """Write the value of an expression as a configuration does."""
    if not isinstance(value, Fraction):
        return value
    if is_rate:
        return [value.numerator, value.denominator]
    return int(value) if value.denominator == 1 else float(value)


def is_rate(base: Config, keys: KeyPath | None) -> bool:
    """Tell whether the configuration holds an exact rate at a place."""
    return keys is not None and isinstance(attribute(base, keys), Fraction)


def base_values(base: Config, variables: Sequence[Variable]) -> dict[str, Value]:
    """Give the value of each variable in the base configuration, None without a place there."""
    data = base.model_dump(mode="json")
    return {v.name: None if v.keys is None else at(data, v.keys) for v in variables}
