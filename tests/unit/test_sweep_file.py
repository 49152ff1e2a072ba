"""Sweep files: what they become, and what they are refused for, with file and line."""

from pathlib import Path

import pytest

from models.errors import InputError
from sim.config import Config
from sim.config_loading import dump_yaml
from sim.experiment.design import Sweep, load_sweep, settings_frame
from sim.experiment.design.kinds import Grid
from sim.experiment.design.variables import Varied

BASE = """
name: base
months: 3
seed: 5
population: {members: 40}
"""
PARAMETERS = """
    cap: {path: products.atone.limit_cap_yen, values: [10000, 50000]}
    callers: {path: collections.call_desk.callers, low: 0, high: 2}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "sweeps").mkdir()
    return tmp_path / "sweeps"


def written(folder: Path, text: str, name: str = "test") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(f"name: {name}\nbase: ../base.yaml\n{text}", encoding="utf-8")
    return path


def design(kind: str, parameters: str = PARAMETERS, more: str = "") -> str:
    return f"design:\n  kind: {kind}\n{more}  parameters:{parameters}"


def settings(sweep: Sweep) -> list[tuple[object, ...]]:
    return [tuple(point.settings.values()) for point in sweep.points()]


def test_a_grid_combines_everything_and_the_last_parameter_changes_fastest(folder: Path) -> None:
    sweep = load_sweep(written(folder, design("grid")))
    assert settings(sweep) == [(cap, n) for cap in (10_000, 50_000) for n in (0, 1, 2)]
    point = sweep.points()[5]
    assert point.number == 5
    assert point.config.products.atone.limit_cap_yen == 50_000
    assert point.config.collections.call_desk.callers == 2
    assert point.config.months == 3


def test_a_zip_goes_in_step(folder: Path) -> None:
    values = """
    cap: {path: products.atone.limit_cap_yen, values: [1, 2, 3]}
    callers: {path: collections.call_desk.callers, low: 0, high: 2}
"""
    assert settings(load_sweep(written(folder, design("zip", values)))) == [(1, 0), (2, 1), (3, 2)]


def test_a_list_may_carry_whole_ladders_and_names(folder: Path) -> None:
    text = """
design:
  kind: list
  parameters:
    policy: {}
    ladder: {path: collections.ladder}
  points:
    - {policy: gentle, ladder: [{day: 5, action: message}]}
    - {policy: none, ladder: []}
"""
    first, second = load_sweep(written(folder, text)).points()
    assert [step.day for step in first.config.collections.ladder] == [5]
    assert second.config.collections.ladder == ()
    assert second.settings["policy"] == "none"


@pytest.mark.parametrize("path", ["collections.ladder.2.day", "collections.ladder.call.day"])
def test_a_ladder_stage_is_named_by_number_or_action(folder: Path, path: str) -> None:
    text = design("grid", f"\n    day: {{path: {path}, values: [10, 20]}}\n")
    days = [
        [step.day for step in point.config.collections.ladder]
        for point in load_sweep(written(folder, text)).points()
    ]
    assert days == [[2, 7, day, 21, 45, 60, 90, 180] for day in (10, 20)]


def test_a_rate_stays_exact(folder: Path) -> None:
    text = design("grid", """
    rate: {path: products.atone.late.rate, low: [100, 1000], high: [146, 1000], step: [46, 1000]}
""")  # fmt: skip
    sweep = load_sweep(written(folder, text))
    rates = [point.config.products.atone.late.rate for point in sweep.points()]
    assert [str(rate) for rate in rates] == ["1/10", "73/500"]
    assert settings_frame(sweep, sweep.points())["rate"].to_list() == [0.1, 0.146]


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_a_sample_is_a_function_of_the_seed(folder: Path, kind: str) -> None:
    path = written(folder, design(kind, more="  samples: 8\n"))
    assert settings(load_sweep(path)) == settings(load_sweep(path))
    assert settings(load_sweep(path)) != settings(load_sweep(path, ["seed=6"]))


def test_a_latin_hypercube_meets_every_part_of_an_axis_once(folder: Path) -> None:
    parameters = """
    cap: {path: products.atone.limit_cap_yen, low: 1, high: 9}
    day: {path: collections.write_off.day, low: 1, high: 9}
"""
    text = design("latin_hypercube", parameters, "  samples: 9\n")
    columns = zip(*settings(load_sweep(written(folder, text))), strict=True)
    assert [sorted(column) for column in columns] == [list(range(1, 10))] * 2  # type: ignore[type-var]


def test_a_longer_sobol_sequence_keeps_the_points_before(folder: Path) -> None:
    values = "\n    rho: {path: macro.rho, low: 0.01, high: 0.5, scale: log}\n"
    path = written(folder, design("sobol", values, "  samples: 8\n"))
    short, long = load_sweep(path), load_sweep(path, ["design.samples=16"])
    assert settings(long)[:8] == settings(short)


def test_one_at_a_time_moves_nothing_else(folder: Path) -> None:
    sweep = load_sweep(written(folder, design("one_at_a_time")))
    assert settings(sweep) == [(50_000, 2), (10_000, 2), (50_000, 0)]
    # the base is the upper value of both
    assert sweep.rows() == [0, 1, 0, 2, 0]


def test_equal_rows_are_one_point(folder: Path) -> None:
    text = design("morris", "\n    a: {path: collections.call_desk.callers, values: [1, 2]}\n")
    sweep = load_sweep(written(folder, text))
    assert len(sweep.rows()) == 20
    assert sorted(settings(sweep)) == [(1,), (2,)]


def test_derived_values_follow_and_may_go_into_lists(folder: Path) -> None:
    text = (
        design("grid")
        + """
derived:
  low: {path: policy.limits.bands.0.limit_yen, expression: floor(cap * 0.15)}
  discount: {path: economics.merchant_discount, expression: low / cap / 10}
  twice: {expression: 2 * low}
"""
    )
    point = load_sweep(written(folder, text)).points()[0]
    assert point.settings["low"] == 1_500
    assert point.settings["discount"] == [3, 200]
    assert point.settings["twice"] == 3_000
    assert point.config.policy.limits.bands[0].limit_yen == 1_500
    assert str(point.config.economics.merchant_discount) == "3/200"


def test_constraints_leave_out_points(folder: Path) -> None:
    text = design("grid") + "constraints: [cap > 20000 or callers < 1]\n"
    assert settings(load_sweep(written(folder, text))) == [
        (10_000, 0), (50_000, 0), (50_000, 1), (50_000, 2),
    ]  # fmt: skip


def test_a_design_that_needs_all_its_points_refuses_a_broken_constraint(folder: Path) -> None:
    text = design("one_at_a_time") + "constraints: [callers > 0]\n"
    with pytest.raises(InputError, match=r"test.yaml:8: constraint 'callers > 0' is broken at"):
        load_sweep(written(folder, text))


def test_no_point_left_is_an_error(folder: Path) -> None:
    text = design("grid") + "constraints: [cap < 0]\n"
    with pytest.raises(InputError, match=r"test.yaml: constraints: no point of the design"):
        load_sweep(written(folder, text))


def test_points_share_the_seed_unless_told_otherwise(folder: Path) -> None:
    path = written(folder, design("grid"))
    assert {point.config.seed for point in load_sweep(path).points()} == {5}
    apart = load_sweep(path, ["common_random_numbers=false"])
    seeds = [point.config.seed for point in apart.points()]
    assert len(set(seeds)) == 6
    # a seed belongs to the settings: the point keeps it in a larger sweep
    larger = load_sweep(
        path, ["common_random_numbers=false", "design.parameters.cap.values=[5000, 50000]"]
    )
    assert [point.config.seed for point in larger.points()][3:] == seeds[3:]


def test_replications_and_fixed_settings_reach_every_point(folder: Path) -> None:
    path = written(folder, design("grid") + "replications: 7\nset: {months: 4}\n")
    sweep = load_sweep(path, ["population.members=30", "macro.rho=0.1"])
    assert sweep.n_replications == 7
    for point in sweep.points():
        assert point.config.experiment.replications == 7
        assert (point.config.months, point.config.population.members) == (4, 30)
        assert point.config.macro.rho == 0.1


def test_overrides_reach_the_sweep_or_the_base_by_their_first_key(folder: Path) -> None:
    path = written(folder, design("grid"))
    sweep = load_sweep(path, ["replications=3", "months=2", "name=other"])
    assert (sweep.name, sweep.replications, sweep.base.months) == ("other", 3, 2)
    assert sweep.base.name == "base"


def test_a_sweep_written_out_and_read_again_has_the_same_points(folder: Path) -> None:
    text = design("grid") + "derived: {d: {path: macro.rho, expression: cap / 1000000}}\n"
    sweep = load_sweep(written(folder, text), ["months=2", "replications=3"])
    copy = folder / "copy.yaml"
    copy.write_text(dump_yaml(sweep), encoding="utf-8")
    again = load_sweep(copy)
    assert again.points() == sweep.points()
    assert dump_yaml(again) == dump_yaml(sweep)


def test_a_sweep_may_extend_another_and_its_base_stays_where_it_was_written(folder: Path) -> None:
    written(folder, design("grid"), "first")
    deeper = folder / "deeper"
    deeper.mkdir()
    path = deeper / "second.yaml"
    path.write_text("extends: ../first.yaml\nname: second\nreplications: 2\n", encoding="utf-8")
    sweep = load_sweep(path)
    assert (sweep.name, sweep.n_replications, len(sweep.points())) == ("second", 2, 6)


def test_a_sweep_can_be_made_in_python() -> None:
    grid = Grid(parameters={"n": Varied(path="collections.call_desk.callers", values=(1, 2))})
    sweep = Sweep(base=Config(), design=grid)
    assert [point.config.collections.call_desk.callers for point in sweep.points()] == [1, 2]


def refusal(folder: Path, text: str, *overrides: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_sweep(written(folder, text), overrides)
    return [line.replace(f"{folder}/", "") for line in str(caught.value).splitlines()]


def test_every_problem_is_named_with_its_line(folder: Path) -> None:
    text = """replications: 0
metrics: [nonsense]
set:
  monhts: 3
design:
  kind: grid
  parameters:
    cap: {path: products.atone.limit_cap_yen, low: 10, high: 3}
    rho: {path: macro.rho, low: abc, high: 0.3}
    phi: {path: macro.phi, low: 0.1, highh: 0.2}
    min: {path: macro.phi, values: [0.1]}
    none: {}
"""
    found = refusal(folder, text)
    expected = [
        "test.yaml:6: set.monhts: monhts: unknown key; allowed: name, start, months",
        "test.yaml:3: replications: got 0; allowed: a whole number from 1 to 1000000 or null",
        "test.yaml:4: metrics.0: got 'nonsense'; allowed: one of posted_yen, revenue_yen",
        "test.yaml:10: design.parameters.cap.high: got 3; allowed: above low, which is 10",
        "test.yaml:11: design.parameters.rho.low: got 'abc'; allowed: a number, or an exact rate",
        "test.yaml:12: design.parameters.phi.highh: unknown key; allowed: path, label",
        "test.yaml:13: design.parameters.min: this key is refused: allowed: a letter",
        "test.yaml:14: design.parameters.none: required: values, or low and high",
    ]
    assert len(found) == len(expected)
    for line, start in zip(found, expected, strict=True):
        assert line.startswith(start)
    assert "did you mean months?" in found[0]


def test_a_design_that_varies_nothing_is_told_how_much_it_may_vary(folder: Path) -> None:
    (line,) = refusal(folder, "design: {kind: grid, parameters: {}}\n")
    assert "design.parameters: got {}; allowed: a mapping of 1 to 50 keys" in line


def test_a_bad_point_names_its_number_its_settings_and_the_line(folder: Path) -> None:
    text = design("grid", "\n    n: {path: collections.call_desk.callers, values: [1, -1, 1.5]}\n")
    told = "collections.call_desk.callers: got {}; allowed: a whole number from 0 to 10000"
    first, second = refusal(folder, text)
    assert first.startswith("test.yaml:6: point 1 {n: -1}: " + told.format("-1"))
    assert second.startswith("test.yaml:6: point 2 {n: 1.5}: " + told.format("1.5"))


def test_a_rule_over_several_values_names_the_point_too(folder: Path) -> None:
    text = design("grid", "\n    day: {path: collections.ladder.call.day, values: [14, 40]}\n")
    (line,) = refusal(folder, text)
    assert line.startswith("test.yaml: point 1 {day: 40}: collections.ladder: the days [2, 7, 40")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("collections.ladder.letter.day", "'letter' names 3 items; allowed: a number, here one of"),
        ("collections.ladder.court.day", "no item 'court'; allowed: a number below 8, or a name:"),
        ("collections.ladder.9.day", "got the number '9'; allowed: 0 to 7"),
        ("macro.rho.deep", "macro.rho is 0.02, which has no parts"),
        ("makro.rho", "makro: unknown key; allowed: name, start"),
        ("macro..rho", "got 'macro..rho'; allowed: keys with dots between"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(folder: Path, path: str, told: str) -> None:
    text = design("grid", f"\n    x: {{path: {path}, values: [1]}}\n")
    (line,) = refusal(folder, text)
    assert line.startswith("test.yaml:6: design.parameters.x.path: ")
    assert told in line


def test_two_settings_of_one_place_are_refused(folder: Path) -> None:
    parameters = """
    whole: {path: collections.ladder, values: [[]]}
    day: {path: collections.ladder.2.day, values: [10]}
"""
    (line,) = refusal(folder, design("grid", parameters))
    assert line.startswith("test.yaml:5: design.parameters: whole and day move one place")
    fixed = design("grid") + "set: {collections.call_desk.callers: 1}\n"
    (line,) = refusal(folder, fixed)
    assert "callers varies this; allowed: what nothing varies" in line
    (line,) = refusal(folder, design("grid"), "collections.call_desk.callers=1")
    assert line.startswith("--set: set.'collections.call_desk.callers': callers varies this")


def test_expressions_are_refused_where_they_stand(folder: Path) -> None:
    text = (
        design("grid")
        + """
derived:
  first: {expression: cap.real}
  second: {expression: third + 1}
  third: {expression: cap}
constraints:
  - cap > unknown
  - cap + 1
"""
    )
    found = refusal(folder, text)
    assert [line.split(": ")[0] for line in found] == [
        "test.yaml:10", "test.yaml:11", "test.yaml:14",
    ]  # fmt: skip
    assert "third is no parameter; allowed: callers, cap, first" in found[1]
    fine = design("grid") + "constraints: [cap + 1]\n"
    assert "'cap + 1' is 10001; allowed: a comparison" in refusal(folder, fine)[0]


def test_a_division_by_zero_names_line_and_settings(folder: Path) -> None:
    text = design("grid") + "derived: {d: {expression: 1 / callers}}\n"
    found = refusal(folder, text)
    assert found[0].startswith("test.yaml:8: d at {cap: 10000, callers: 0}: '1 / callers' divides")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (design("grid", "\n    a: {path: seed, low: 1, high: 30000}\n"), "makes 30000 points"),
        (design("sobol", more="  samples: 12\n"), "allowed: a power of 2"),
        (design("zip"), "cap has 2, callers has 3 values; allowed: as many of each"),
        (design("fancy"), "got 'fancy'; allowed: one of 'grid', 'latin_hypercube', 'list'"),
        (design("one_at_a_time", "\n    a: {values: [1]}\n"), "a.path: missing; required"),
        (design("grid", "\n    a: {values: [1, 1]}\n"), "a value stands twice"),
        (design("grid", "\n    a: {values: [1], low: 1}\n"), "beside low; allowed: alone"),
        (design("grid", "\n    a: {low: 0, high: 1, scale: log}\n"), "on a log scale: above 0"),
        (design("grid", "\n    a: {low: 0, high: 1, step: 0}\n"), "step: got 0; allowed: above 0"),
        (design("list", "\n    a: {}\n", "  points: [{a: 1, b: 2}]\n"), "a value for each of a"),
        (design("optimisation"), "objectives: allowed: one to four different metrics"),
        (design("grid") + "derived: {cap: {expression: '1'}}\n", "a parameter has this name"),
    ],
)  # fmt: skip
def test_designs_that_make_no_sense_are_refused(folder: Path, text: str, told: str) -> None:
    assert any(told in line for line in refusal(folder, text))


def test_a_missing_or_broken_base_is_named(folder: Path) -> None:
    path = folder / "lost.yaml"
    path.write_text(f"base: nowhere.yaml\n{design('grid')}", encoding="utf-8")
    with pytest.raises(InputError, match=r"lost.yaml:1: base: .*nowhere.yaml: no such file"):
        load_sweep(path)
    path.write_text(design("grid"), encoding="utf-8")
    with pytest.raises(InputError, match=r"lost.yaml:1: base: got null; required: the path"):
        load_sweep(path)
    (folder.parent / "base.yaml").write_text("months: 0\nseed: -1\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"base.yaml:1: months: got 0(.|\n)*base.yaml:2: seed"):
        load_sweep(written(folder, design("grid")))


def test_settings_become_columns_of_their_own_kind(folder: Path) -> None:
    parameters = """
    n: {path: collections.call_desk.callers, values: [1]}
    rho: {path: macro.rho, values: [0, 0.5]}
    days: {path: products.atone.late.admin_fee_days, values: [[10, 25]]}
    on: {values: [true]}
    name: {values: [a, 1]}
"""
    sweep = load_sweep(written(folder, design("grid", parameters)))
    frame = settings_frame(sweep, sweep.points())
    assert [str(dtype) for dtype in frame.dtypes] == [
        "Int64", "Int64", "Float64", "String", "Boolean", "String",
    ]  # fmt: skip
    assert frame.row(3) == (3, 1, 0.5, "[10, 25]", True, "1")
