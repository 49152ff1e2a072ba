"""The report of a sweep: figures for every kind of design, tables, one page that opens offline."""

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

import sim
from models.errors import InputError
from sim.experiment.design import Sweep, analyse, load_sweep, optimise, settings_frame
from sim.experiment.design.responses import tidy
from sim.experiment.sweeps.point import Point
from sim.report.metric_words import axis_of
from sim.report.style import Drawing
from sim.report.sweeps.figures_by_design import themes_of
from sim.report.sweeps.figures_of_points import heat_map, response, trade_off
from sim.report.sweeps.figures_of_sensitivity import tornado
from sim.report.sweeps.page import sweep_page, write_sweep_report
from sim.report.sweeps.source import SweepResults, read_results
from sim.report.sweeps.tables import analysis_tables, parameter_table, points_table

TOP = """
name: demo
base: {months: 2, seed: 3, population: {members: 10}}
metrics: [net_loss_rate, profit_yen]
"""
TWO = """
    forgets: {path: behaviour.repayment.forgets, label: bills forgotten, values: [0.1, 0.2, 0.3]}
    callers: {path: collections.call_desk.callers, values: [1, 2, 30]}
"""
ONE = "\n    forgets: {path: behaviour.repayment.forgets, low: 0.1, high: 0.3, levels: 3}\n"
SEARCH = (
    "  trials: 8\n"
    "  objectives: [{metric: net_loss_rate}, {metric: profit_yen, direction: maximise}]\n"
)
KINDS = {
    "grid": ("", TWO, {"Response": 2, "Both parameters": 2, "Trade-off": 1}),
    "zip": ("", TWO, {"Response": 2, "Trade-off": 1}),
    "latin_hypercube": ("  samples: 6\n", TWO, {"All points": 2}),
    "sobol": ("  samples: 4\n", TWO, {"All points": 2}),
    "one_at_a_time": ("", TWO, {"What moves the result": 2}),
    "morris": ("  trajectories: 3\n", TWO, {"What matters": 2}),
    "sobol_indices": ("  samples: 8\n", TWO, {"Shares of variance": 2, "All points": 2}),
    "optimisation": (SEARCH, TWO, {"Search": 3}),
}


def frame_of(point: Point) -> pl.DataFrame:
    """Give made-up headline numbers that follow the settings."""
    forgets = point.config.behaviour.repayment.forgets
    callers = point.config.collections.call_desk.callers
    luck = [0.001 * math.sin(9.1 * r + point.number) for r in range(4)]
    return pl.DataFrame(
        {
            "replication": range(4),
            "net_loss_rate": [forgets / 10 + 0.01 / callers + x for x in luck],
            "profit_yen": [1e6 * (20 + forgets - callers / 10 + 9 * x) for x in luck],
        }
    )


def sweep_of(folder: Path, kind: str, more: str, parameters: str) -> Sweep:
    path = folder / f"{kind}.yaml"
    path.write_text(f"{TOP}design:\n  kind: {kind}\n{more}  parameters:{parameters}", "utf-8")
    return load_sweep(path)


def results_of(sweep: Sweep, lost: frozenset[int] = frozenset()) -> SweepResults:
    def evaluate(points: list[Point]) -> dict[int, pl.DataFrame | None]:
        return {p.number: None if p.number in lost else frame_of(p) for p in points}

    points, found = sweep.points(), {}
    if sweep.is_adaptive:
        optimum = optimise(sweep, lambda new: list(evaluate(list(new)).values()))
        points, found["trials"] = list(optimum.points), optimum.trials
    table = tidy(evaluate(points))
    table = table.join(settings_frame(sweep, points), on="point", how="left")
    return SweepResults(sweep, table, found or analyse(sweep, table), sorted(lost))


def drawn(themes: Mapping[str, list[Drawing]]) -> list[Drawing]:
    return [drawing for drawings in themes.values() for drawing in drawings]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_design_has_its_figures_and_page(tmp_path: Path, kind: str) -> None:
    more, parameters, expected = KINDS[kind]
    results = results_of(sweep_of(tmp_path, kind, more, parameters))
    themes = themes_of(results)
    assert {theme: len(drawings) for theme, drawings in themes.items()} == expected
    drawings = drawn(themes)
    assert not any("Nothing to show" in drawing.caption for drawing in drawings)
    assert len({drawing.name for drawing in drawings}) == len(drawings)
    assert all(drawing.data and drawing.metrics for drawing in drawings)
    html = sweep_page(results, {"en": themes})
    assert html.count("<figure ") == len(drawings)
    assert not re.search(r'(?:src|href)="(?!#|data:)', html)
    assert not re.search(r"url\((?!#)", html)


def test_a_list_of_policies_is_drawn_by_name(tmp_path: Path) -> None:
    points = (
        "  points:\n    - {policy: as it is, forgets: 0.2}\n    - {policy: <b>new, forgets: 0.1}\n"
    )
    parameters = "\n    policy: {}\n    forgets: {path: behaviour.repayment.forgets}\n"
    results = results_of(sweep_of(tmp_path, "list", points, parameters))
    html = sweep_page(results, {"en": themes_of(results)})
    assert "&lt;b&gt;new" in html
    assert "<b>new" not in html


def test_figures_are_the_same_bytes_each_time(tmp_path: Path) -> None:
    results = results_of(sweep_of(tmp_path, "grid", "", TWO))
    first, second = drawn(themes_of(results)), drawn(themes_of(results))
    assert [drawing.svg for drawing in first] == [drawing.svg for drawing in second]


def test_the_caption_of_a_response_tells_the_paired_difference(tmp_path: Path) -> None:
    results = results_of(sweep_of(tmp_path, "grid", "", ONE))
    caption = response(results, "net_loss_rate").caption
    assert caption.startswith(
        "From 1.51 % to 3.50 %, a difference of 1.99 percentage points (95 % interval 1.73"
    )
    assert "paired over 4 replications" in caption


def test_the_caption_of_a_heat_map_names_both_ends(tmp_path: Path) -> None:
    caption = heat_map(results_of(sweep_of(tmp_path, "grid", "", TWO)), "net_loss_rate").caption
    assert "Highest 4.0" in caption
    assert "at bills forgotten 0.3, callers 1; lowest 1.0" in caption
    assert "at bills forgotten 0.1, callers 30." in caption


def test_failed_points_are_named_and_the_rest_is_drawn(tmp_path: Path) -> None:
    results = results_of(sweep_of(tmp_path, "grid", "", TWO), frozenset({1, 4}))
    html = sweep_page(results, {"en": themes_of(results)})
    assert "2 points failed" in html
    assert "are missing below: 1, 4." in html
    assert len(points_table(results).rows) == 7


def test_a_metric_without_values_is_said_to_have_none(tmp_path: Path) -> None:
    results = results_of(sweep_of(tmp_path, "grid", "", ONE))
    assert "Nothing to show" in response(results, "take_rate").caption
    assert "Nothing to show" in heat_map(
        results_of(sweep_of(tmp_path, "grid", "", TWO)), "take_rate"
    ).caption  # fmt: skip
    assert "Nothing to show" in trade_off(results, "take_rate", "net_loss_rate").caption


def test_the_table_of_points_has_means_with_intervals(tmp_path: Path) -> None:
    table = points_table(results_of(sweep_of(tmp_path, "grid", "", ONE)))
    texts = [heading.text for heading in table.headings]
    assert texts == ["point", "forgets", "net loss rate", "profit, yen", "replications"]
    first = table.rows[0]
    assert [first[0].text, first[1].text, first[2].text] == ["0", "0.1", "1.51 %"]
    assert re.fullmatch(r"\d\.\d\d % to \d\.\d\d %", first[2].note)


def test_the_table_of_parameters_writes_values_bounds_and_expressions(tmp_path: Path) -> None:
    parameters = """
    rate: {path: products.atone.late.rate, low: [0, 1000], high: [146, 1000], step: [73, 1000]}
    rho: {path: macro.rho, low: 0.01, high: 0.1, scale: log, levels: 2}
"""
    path = tmp_path / "t.yaml"
    derived = "derived: {fee: {path: products.atone.late.admin_fee_yen, expression: 1 + 1}}\n"
    path.write_text(f"{TOP}{derived}constraints: [rho < 1]\ndesign:\n  kind: grid\n"
                    f"  parameters:{parameters}", "utf-8")  # fmt: skip
    table = parameter_table(results_of(load_sweep(path)))
    assert [row[2].text for row in table.rows] == [
        "0/1000 to 146/1000, by 73/1000", "0.01 to 0.1, log scale", "= 1 + 1",
    ]  # fmt: skip
    assert table.note.endswith("of the kind grid; constraints: rho < 1.")


def test_analyses_are_written_in_the_unit_of_their_metric(tmp_path: Path) -> None:
    results = results_of(sweep_of(tmp_path, "one_at_a_time", "", TWO))
    tables = {table.name: table for table in analysis_tables(results)}
    assert list(tables) == ["effects", "tornado", "noise"]
    rows = {(row[0].text, row[1].text): row for row in tables["tornado"].rows}
    found = rows["net loss rate", "bills forgotten"]
    assert [found[number].text[-2:] for number in (4, 5, 6, 7, 8, 9)] == [" %"] * 3 + ["pp"] * 3
    assert re.fullmatch(r".?[\d,]+", rows["profit", "bills forgotten"][7].text)


def test_a_tornado_without_an_effect_keeps_its_settings_apart(tmp_path: Path) -> None:
    results = results_of(sweep_of(tmp_path, "one_at_a_time", "", TWO))
    flat = results.table.with_columns(value=pl.lit(1.0))
    analyses = analyse(results.sweep, flat)
    drawing = tornado(replace(results, table=flat, analyses=analyses), "profit_yen")
    assert drawing.figure is not None
    sides = [text.get_ha() for text in drawing.figure.axes[0].texts]
    assert sorted(sides) == ["left", "left", "right", "right"]


def test_the_cards_of_one_at_a_time_name_what_is_set(tmp_path: Path) -> None:
    results = results_of(sweep_of(tmp_path, "one_at_a_time", "", TWO))
    html = sweep_page(results, {"en": themes_of(results)})
    cards = re.findall(r'class="interval">([^<]*)', html)
    assert cards[0] == "bills forgotten 0.1; bills forgotten 0.3"


def test_axes_have_units() -> None:
    assert axis_of("mean_wait_minutes_calls").label == "mean wait, calls, minutes"
    assert axis_of("macro_factor_mean").factor == 1.0


def test_the_report_of_a_finished_directory_is_written(tmp_path: Path) -> None:
    path = tmp_path / "real.yaml"
    path.write_text(f"{TOP}replications: 2\ndesign:\n  kind: grid\n  parameters:{ONE}", "utf-8")
    result = sim.sweep(path, jobs=1, out=tmp_path / "out")
    report = write_sweep_report(tmp_path / "out")
    assert report == tmp_path / "out" / "report.html"
    html = report.read_text("utf-8")
    assert str(result.digest) in html
    assert sorted(p.name for p in (tmp_path / "out" / "figures").iterdir()) == [
        "response_net_loss_rate.svg",
        "response_profit_yen.svg",
        "trade_off_profit_yen_net_loss_rate.svg",
    ]
    assert read_results(tmp_path / "out").table.equals(result.table)


def test_what_is_no_finished_sweep_has_no_report(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is no directory of a sweep: it has no manifest\.json"):
        write_sweep_report(tmp_path)
