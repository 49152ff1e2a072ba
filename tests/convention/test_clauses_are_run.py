"""Code that stands for a clause is code that a simulation runs, not code that only tests call.

A definition runs if a simulation or a scripted account leads to it by name: the search follows
every name in its body, decorators and annotations to where it is defined. A name that a local
variable shares with a definition counts as the definition, so the search finds too much rather
than too little.
"""

import ast
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import sim.rules
from tests.convention.sources import ROOT, module_of


class Definition(NamedTuple):
    """A name at the top of a module; the module itself where the name is empty."""

    module: str
    name: str


SIMULATION = (
    Definition("sim.engine.simulation", "simulate"),
    Definition("sim.account.play", "play"),
)
"""What runs a portfolio, and what plays the script of one member."""
FOR_READERS = {
    Definition("models.clauses.readings", "READINGS"): "the readings of the contract",
    Definition("models.clauses.readings", "ONE_READING"): "contradictions that leave one reading",
    Definition("models.kernels.late_damages", "late_damages"): "damages between two dates",
    Definition("models.kernels.late_damages", "accrued_fee"): "a fee between two dates",
    Definition("models.kernels.percentage_rate", "annual_percentage_rate"): "the rate of a plan",
    Definition("models.kernels.revolving", "revolving_fee"): "the fee of a month between dates",
}
"""What no command reaches: lists that tests hold against the program, kernels for notebooks."""


@cache
def sources() -> dict[str, ast.Module]:
    """Read the modules of both packages by their dotted names."""
    files = [path for package in ("models", "sim") for path in (ROOT / package).rglob("*.py")]
    return {
        module_of(path): ast.parse(path.read_text(encoding="utf-8"), str(path)) for path in files
    }


def names_bound(node: ast.stmt) -> list[str]:
    """Give the names that a statement at the top of a module defines."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case _:
            return []


@cache
def definitions() -> dict[Definition, ast.stmt]:
    """Find what every module defines at its top."""
    return {
        Definition(module, name): node
        for module, tree in sources().items()
        for node in tree.body
        for name in names_bound(node)
    }


@cache
def imported(module: str) -> dict[str, Definition]:
    """Map the names that a module imports to what they stand for."""
    found = {}
    for node in ast.walk(sources()[module]):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                found[alias.asname or alias.name] = Definition(node.module or "", alias.name)
    return found


@cache
def resolve(module: str, name: str) -> Definition | None:
    """Follow a name in a module, through the packages that pass it on, to its definition."""
    while Definition(module, name) not in definitions():
        inside = imported(module).get(name) if module in sources() else None
        if inside is None or inside == (module, name):
            return Definition(f"{module}.{name}", "") if f"{module}.{name}" in sources() else None
        module, name = inside
    return Definition(module, name)


def follow(module: str, node: ast.expr) -> Definition | None:
    """Give what a name or a dotted name such as ``module.function`` stands for."""
    match node:
        case ast.Name(id=name):
            return resolve(module, name)
        case ast.Attribute(value=value, attr=name):
            left = follow(module, value)
            return left if left is None or left.name else resolve(left.module, name)
        case _:
            return None


def used_by(place: Definition) -> Iterator[Definition]:
    """Give the definitions that one uses; a module uses what it does when it is imported."""
    if place.name:
        yield Definition(place.module, "")
        nodes = [definitions()[place]]
    else:
        nodes = [node for node in sources()[place.module].body if not names_bound(node)]
    for top in nodes:
        for node in ast.walk(top):
            if isinstance(node, ast.Name | ast.Attribute) and (found := follow(place.module, node)):
                yield found


@cache
def reached(roots: tuple[Definition, ...]) -> set[Definition]:
    """Give all definitions to which some lead."""
    found: set[Definition] = set()
    ahead = list(roots)
    while ahead:
        if (place := ahead.pop()) not in found:
            found.add(place)
            ahead += used_by(place)
    return found


def test_the_search_finds_what_runs_and_not_what_does_not() -> None:
    found = reached(SIMULATION)
    assert Definition("models.products.au_pay.late", "damages_of_accruals") in found
    assert Definition("sim.engine.collection.arrears", "fall_due") in found
    assert Definition("sim.rules", "rule_table") not in found
    assert Definition("models.kernels.late_damages", "late_damages") not in found


def test_every_clause_is_implemented_by_code_that_a_simulation_runs() -> None:
    run = {f"{place.module}.{place.name}" for place in reached(SIMULATION)}
    marked = {name for names in sim.rules.gather().implementations.values() for name in names}
    marked = {name for name in marked if name.startswith(("models.", "sim."))}
    assert len(marked) > 300
    assert sorted(marked - run) == [], "marked with clauses, but no simulation calls it"


def test_every_definition_of_the_models_is_used_by_the_program() -> None:
    program = tuple(
        place
        for place in definitions()
        if place.module.startswith(("sim.cli", "sim.rules")) or place.module == "sim"
    )
    commands = tuple(filter(None, (resolve("sim", name) for name in imported("sim"))))
    run = reached((*program, *commands, *SIMULATION))
    assert run.isdisjoint(FOR_READERS)
    run = run | reached(tuple(FOR_READERS))
    unused = [
        f"{place.module}.{place.name}"
        for place in definitions()
        if place.module.startswith("models.") and place.name != "__all__" and place not in run
    ]
    assert unused == [], "only tests use it: let the program call it, or delete it"
