"""The house rules that a program can check: layers, sources of chance, exact bits, size, documents.

Every rule reads the sources as syntax trees; `parse` is the only place that opens them.
"""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import get_args

import pytest
import yaml

from sim.config import load_config
from sim.experiment.design import load_sweep
from sim.experiment.design.kinds import Design
from tests.convention.sources import ROOT, module_of

MODELS = sorted((ROOT / "models").rglob("*.py"))
SIM = sorted((ROOT / "sim").rglob("*.py"))
ENGINE = sorted((ROOT / "sim" / "engine").rglob("*.py"))
SWEEPS = sorted((ROOT / "configs" / "sweeps").glob("*.yaml"))
ACCOUNTS = sorted((ROOT / "configs" / "accounts").glob("*.yaml"))
CONFIGS = sorted(set((ROOT / "configs").rglob("*.yaml")) - set(SWEEPS) - set(ACCOUNTS))
MOST_LINES = 400

OUTSIDE_OF_MODELS = frozenset(
    {
        "sim", "simpy", "random", "secrets", "uuid", "os", "io", "pathlib", "shutil", "tempfile",
        "glob", "time", "polars", "yaml", "json", "csv", "sqlite3", "socket", "urllib",
        "subprocess", "threading", "multiprocessing", "asyncio", "logging",
    }
)  # fmt: skip
"""What a pure function does not need: the simulator, files, clocks, chance."""
CLOCK = frozenset({"now", "today", "utcnow"})
CHANCE = frozenset({"random", "secrets", "uuid"})
VECTOR_DEPENDENT = frozenset(
    {
        "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "logaddexp", "logaddexp2",
        "power", "float_power", "cbrt", "sin", "cos", "tan", "arcsin", "arccos", "arctan",
        "arctan2", "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh", "hypot",
        "dot", "vdot", "inner", "outer", "matmul", "tensordot", "einsum", "linalg", "fft",
        "convolve", "correlate", "polyval", "vecdot", "matvec", "vecmat",
    }
)  # fmt: skip
"""Names of numpy whose last bit depends on the processor's vector width or on BLAS."""
GENERATORS = frozenset({"rng.py", "philox.py"})
"""The only modules of sim that produce randomness, and they do so without numpy's generators."""


@cache
def parse(path: Path) -> ast.Module:
    """Read one source file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name_of(path: Path) -> str:
    """Name a file for the reader of a failed test."""
    return path.relative_to(ROOT).as_posix()


def every(paths: list[Path]) -> pytest.MarkDecorator:
    """Run a test for each file."""
    return pytest.mark.parametrize("path", paths, ids=name_of)


def imports(path: Path) -> Iterator[str]:
    """Give the dotted names that a module imports, ``a.b.c`` for ``from a.b import c``."""
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}:{node.lineno} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def dotted(node: ast.expr) -> str:
    """Give the dotted name that an expression spells, empty if it is none."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        left = dotted(node.value)
        return f"{left}.{node.attr}" if left else ""
    return ""


def attributes(path: Path) -> Iterator[tuple[str, int]]:
    """Give the dotted names used in a module, with their lines."""
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Attribute) and (name := dotted(node)):
            yield name, node.lineno


def test_there_is_something_to_check() -> None:
    assert len(MODELS) > 20
    assert len(SIM) > 30
    assert len(ENGINE) > 10
    assert len(CONFIGS) >= 2
    assert len(SWEEPS) >= 9


@every(MODELS)
def test_models_know_no_simulator_files_clock_or_chance(path: Path) -> None:
    roots = {name.split(".")[0] for name in imports(path)}
    assert roots & OUTSIDE_OF_MODELS == set()
    used = list(attributes(path))
    assert [name for name, _ in used if name.split(".")[-1] in CLOCK] == []
    calls = [node.func for node in ast.walk(parse(path)) if isinstance(node, ast.Call)]
    assert {dotted(function) for function in calls} & {"open", "print", "input", "eval"} == set()


@every([path for path in (*MODELS, *SIM) if path.name not in GENERATORS])
def test_only_the_generator_modules_produce_randomness(path: Path) -> None:
    assert {name for name in imports(path) if name.split(".")[0] in CHANCE} == set()
    assert {name for name in imports(path) if name.startswith("numpy.random")} == set()
    assert [use for use in attributes(path) if use[0].startswith(("np.random", "random."))] == []
    assert not any(name.startswith("sim.philox") for name in imports(path))


@every([path for path in SIM if path.name in GENERATORS])
def test_the_generator_modules_hold_no_state(path: Path) -> None:
    assert not any(name.startswith(("random", "numpy.random")) for name in imports(path))
    assert [use for use in attributes(path) if "random" in use[0].split(".")] == []


@every([*MODELS, *ENGINE, ROOT / "sim" / "rng.py", ROOT / "sim" / "philox.py"])
def test_no_bit_of_a_result_depends_on_vector_width_or_blas(path: Path) -> None:
    suspects = [
        (name, line)
        for name, line in attributes(path)
        if name.startswith(("np.", "numpy.")) and VECTOR_DEPENDENT & set(name.split(".")[1:])
    ]
    assert suspects == []
    products = [
        node.lineno
        for node in ast.walk(parse(path))
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.MatMult)
    ]
    assert products == []
    from_numpy = {name.split(".")[-1] for name in imports(path) if name.startswith("numpy.")}
    assert from_numpy & VECTOR_DEPENDENT == set()


@every([path for path in (*MODELS, *SIM) if path.name != "__main__.py"])
def test_every_public_name_has_a_docstring(path: Path) -> None:
    tree = parse(path)
    assert ast.get_docstring(tree), "the module has none"
    assert list(undocumented(tree, path.stem)) == []


def undocumented(parent: ast.Module | ast.ClassDef, prefix: str) -> Iterator[str]:
    """Give public functions, classes and methods without a docstring."""
    for node in parent.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if node.name.startswith("_"):
            continue
        if not ast.get_docstring(node):
            yield f"{prefix}.{node.name}"
        if isinstance(node, ast.ClassDef):
            yield from undocumented(node, f"{prefix}.{node.name}")


@every([*MODELS, *SIM])
def test_no_module_is_too_long_to_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@every([*MODELS, *SIM])
def test_no_function_is_too_long_to_read(path: Path) -> None:
    long = [
        f"{node.name}: {lines}"
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef) and (lines := body_lines(node)) > 60
    ]
    assert long == []


def body_lines(function: ast.FunctionDef) -> int:
    """Count the lines of a body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


@every([*MODELS, *SIM])
def test_nothing_unpickles_and_yaml_is_only_read_safely(path: Path) -> None:
    unsafe = {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal", "joblib"}
    assert {name.split(".")[0] for name in imports(path)} & unsafe == set()
    loaders = {"load", "load_all", "unsafe_load", "unsafe_load_all", "full_load", "Loader"}
    loaders |= {"UnsafeLoader", "FullLoader", "full_load_all", "CLoader"}
    used = [use for use in attributes(path) if use[0] in {f"yaml.{name}" for name in loaders}]
    assert used == []
    assert {name for name in imports(path) if name in {f"yaml.{name}" for name in loaders}} == set()


def test_no_two_modules_import_each_other_in_a_circle() -> None:
    paths = {module_of(path): path for path in (*MODELS, *SIM) if path.stem != "__init__"}
    graph = {
        module: {
            part
            for name in set(imports(path)) - set(imported_for_types(path))
            for part in (name, name.rpartition(".")[0])
            if part in paths
        }
        for module, path in paths.items()
    }
    assert len(list(TopologicalSorter(graph).static_order())) == len(paths)


def imported_for_types(path: Path) -> Iterator[str]:
    """Give the dotted names that a module imports for the type checker only."""
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.If) and dotted(node.test) == "TYPE_CHECKING":
            for inner in node.body:
                if isinstance(inner, ast.ImportFrom):
                    yield from (f"{inner.module}.{alias.name}" for alias in inner.names)


def test_the_engine_knows_nothing_of_experiments_reports_or_the_command_line() -> None:
    above = ("sim.experiment", "sim.report", "sim.metrics", "sim.cli", "sim.rules")
    found = [
        f"{name_of(path)} imports {name}"
        for path in ENGINE
        for name in imports(path)
        if name.startswith(above)
    ]
    assert found == []


@every(CONFIGS)
def test_every_shipped_configuration_loads(path: Path) -> None:
    config = load_config(path)
    assert config.name == path.stem


@every(SWEEPS)
def test_every_shipped_sweep_loads_with_all_its_points(path: Path) -> None:
    sweep = load_sweep(path)
    assert sweep.name == path.stem
    assert sweep.points()


def test_a_sweep_of_every_kind_of_design_is_shipped() -> None:
    kinds = {member.model_fields["kind"].default for member in get_args(get_args(Design)[0])}
    assert {yaml.safe_load(path.read_text())["design"]["kind"] for path in SWEEPS} == kinds
