"""From the paths and expressions of a sweep to the plan by which settings become configurations."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias

from models.errors import InputError
from sim.config_errors import Problem, problems_text
from sim.experiment.design.configurations import Constraint, Plan, Variable, is_rate
from sim.experiment.design.expressions import Expression, ExpressionError, parse
from sim.experiment.design.paths import PathError, overlap, resolve
from sim.experiment.design.variables import Target
from sim.yaml_source import KeyPath, Place, Value, printable, shown

if TYPE_CHECKING:
    from sim.experiment.design.sweep import Sweep

Placing: TypeAlias = Callable[[KeyPath], Place]


class Planner:
    """Reads the paths and expressions of a sweep, collecting every problem."""

    def __init__(self, sweep: "Sweep", place: Placing) -> None:
        self.sweep = sweep
        self.place = place
        self.data: Value = sweep.base.model_dump(mode="json")
        self.problems: list[Problem] = []

    def plan(self) -> Plan:
        """Make the plan, or refuse all that is wrong with it."""
        sweep, known = self.sweep, set(self.sweep.design.parameters)
        variables = [
            self._variable(name, target, ("design", "parameters", name))
            for name, target in sweep.design.parameters.items()
        ]
        for name, derived in sweep.derived.items():
            keys: KeyPath = ("derived", name)
            expression = self._expression(derived.expression, (*keys, "expression"), known)
            variables.append(self._variable(name, derived, keys, expression))
            known.add(name)
        constraints = []
        for number, text in enumerate(sweep.constraints):
            keys = ("constraints", number)
            if (expression := self._expression(text, keys, known)) is not None:
                constraints.append(Constraint(expression, self.place(keys)))
        self._refuse_overlap(variables)
        if self.problems:
            raise InputError(problems_text(self.problems))
        return Plan(
            sweep.base,
            variables,
            constraints,
            Place(self.place(()).file),
            sweep.common_random_numbers,
        )

    def _variable(
        self, name: str, target: Target, keys: KeyPath, expression: Expression | None = None
    ) -> Variable:
        """Find where a setting goes."""
        where: KeyPath | None = None
        if target.path is not None:
            try:
                where = resolve(self.data, target.path)
            except PathError as error:
                self._note((*keys, "path"), str(error))
        rate = is_rate(self.sweep.base, where)
        return Variable(name, where, self.place((*keys, "path")), expression, rate)

    def _expression(self, text: str, keys: KeyPath, known: set[str]) -> Expression | None:
        """Read an expression over known names."""
        try:
            expression = parse(text)
        except ExpressionError as error:
            self._note(keys, str(error))
            return None
        if unknown := sorted(expression.names - known):
            self._note(
                keys,
                f"got {shown(text)}, where {', '.join(map(printable, unknown))} is no parameter; "
                f"allowed: {', '.join(sorted(known))}",
            )
            return None
        return expression

    def _refuse_overlap(self, variables: Iterable[Variable]) -> None:
        """Refuse two settings of one place, and a fixed setting below a varied one."""
        placed = [(v.name, v.keys) for v in variables if v.keys is not None]
        if both := overlap(placed):
            self._note(
                ("design", "parameters"),
                f"{both[0]} and {both[1]} move one place; allowed: a place of its own for each",
            )
        for path in self.sweep.set:
            try:
                fixed = resolve(self.data, path)
            except PathError:  # the setting itself took away what its path led through
                continue
            for name, keys in placed:
                if fixed[: len(keys)] == keys:
                    self._note(("set", path), f"{name} varies this; allowed: what nothing varies")

    def _note(self, path: KeyPath, text: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(self.place(path), path, text))
