"""Searches for the best settings, on known functions of them."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from models.errors import InputError
from sim.experiment.design import Sweep, load_sweep, optimise
from sim.experiment.design.searching import search_of
from sim.experiment.sweeps.point import Point

TOP = """
base: {months: 2, seed: 3, population: {members: 10}}
constraints: [x + y / 10 < 1.8]
design:
  kind: optimisation
  trials: 40
  batch: 5
  parameters:
    x: {path: behaviour.repayment.forgets, low: 0.0, high: 1.0, step: 0.1}
    y: {path: collections.call_desk.callers, low: 0, high: 10}
"""
LOSS = "  objectives: [{metric: net_loss_rate}]\n"
BOTH = "  objectives: [{metric: net_loss_rate}, {metric: approval_rate, direction: maximise}]\n"
N = 4


def sweep_of(folder: Path, more: str, *overrides: str) -> Sweep:
    path = folder / "search.yaml"
    path.write_text(TOP + more, encoding="utf-8")
    return load_sweep(path, overrides)


def numbers(point: Point) -> tuple[float, int]:
    x, y = point.settings["x"], point.settings["y"]
    assert isinstance(x, float)
    assert isinstance(y, int)
    return x, y


class Evaluation:
    """A bowl around x 0.3, y 5, an approval that grows with x, and what was asked for."""

    def __init__(self, failing: frozenset[int] = frozenset()) -> None:
        self.batches: list[list[tuple[float, int]]] = []
        self.failing = failing

    def __call__(self, points: Sequence[Point]) -> list[pl.DataFrame | None]:
        """Evaluate and remember."""
        self.batches.append([numbers(point) for point in points])
        return [None if p.number in self.failing else self.frame(*numbers(p)) for p in points]

    def frame(self, x: float, y: int) -> pl.DataFrame:
        """Give the headline numbers of a point."""
        loss = (x - 0.3) ** 2 + (y / 10 - 0.5) ** 2
        return pl.DataFrame(
            {
                "replication": range(N),
                "net_loss_rate": [loss + 0.01 * (r - 1.5) for r in range(N)],
                "approval_rate": [x] * N,
            }
        )


@pytest.mark.parametrize("sampler", ["tpe", "random", "nsga2"])
def test_a_search_comes_near_the_bottom_of_a_bowl(tmp_path: Path, sampler: str) -> None:
    sweep = sweep_of(tmp_path, LOSS, f"design.sampler={sampler}")
    (best,) = optimise(sweep, Evaluation()).best
    x, y = numbers(best)
    assert (x - 0.3) ** 2 + (y / 10 - 0.5) ** 2 < 0.08


def test_a_grid_finds_the_bottom_itself(tmp_path: Path) -> None:
    sweep = sweep_of(tmp_path, LOSS, "design.sampler=grid", "design.trials=121")
    found = optimise(sweep, Evaluation())
    assert [numbers(point) for point in found.best] == [(0.3, 5)]
    allowed = [(x, y) for x in range(11) for y in range(11) if x + y < 18]
    assert len(found.points) == len(allowed)
    assert found.trials["trial"].n_unique() == 121


@pytest.mark.parametrize("sampler", ["tpe", "random", "nsga2"])
def test_the_same_sweep_searches_the_same_way(tmp_path: Path, sampler: str) -> None:
    sweep = sweep_of(tmp_path, BOTH, f"design.sampler={sampler}")
    first, second = Evaluation(), Evaluation()
    one, two = optimise(sweep, first), optimise(sweep, second)
    assert first.batches == second.batches
    assert one.trials.equals(two.trials)
    other = Evaluation()
    optimise(sweep_of(tmp_path, BOTH, f"design.sampler={sampler}", "seed=4"), other)
    assert other.batches != first.batches


def test_a_stopped_search_goes_on_as_if_it_had_not_stopped(tmp_path: Path) -> None:
    sweep, whole = sweep_of(tmp_path, LOSS), Evaluation()
    kept: dict[tuple[float, int], pl.DataFrame | None] = {}
    stopped_at = 3

    def until_stopped(points: Sequence[Point]) -> list[pl.DataFrame | None]:
        if len(whole.batches) == stopped_at:
            raise KeyboardInterrupt
        frames = whole(points)
        kept.update(zip(map(numbers, points), frames, strict=True))
        return frames

    with pytest.raises(KeyboardInterrupt):
        optimise(sweep, until_stopped)
    rest = Evaluation()

    def resumed(points: Sequence[Point]) -> list[pl.DataFrame | None]:
        new = [point for point in points if numbers(point) not in kept]
        if new:
            kept.update(zip(map(numbers, new), rest(new), strict=True))
        return [kept[numbers(point)] for point in points]

    uninterrupted = Evaluation()
    expected = optimise(sweep, uninterrupted)
    assert optimise(sweep, resumed).trials.equals(expected.trials)
    assert whole.batches + rest.batches == uninterrupted.batches


def test_a_point_is_evaluated_once_however_often_it_is_proposed(tmp_path: Path) -> None:
    few = "design.parameters.x.step=0.5"
    evaluation = Evaluation()
    optimum = optimise(sweep_of(tmp_path, LOSS, few), evaluation)
    asked = [point for batch in evaluation.batches for point in batch]
    assert len(set(asked)) == len(asked) == len(optimum.points)
    assert [point.number for point in optimum.points] == list(range(len(asked)))


def test_settings_that_break_a_constraint_are_not_evaluated(tmp_path: Path) -> None:
    evaluation = Evaluation()
    sweep = sweep_of(tmp_path, LOSS, "constraints=[x < 0.5]")
    trials = optimise(sweep, evaluation).trials
    assert all(x < 0.5 for batch in evaluation.batches for x, _ in batch)
    left_out = trials.filter(pl.col("point").is_null())
    assert left_out.height > 0
    assert not left_out["is_feasible"].any()


def test_the_best_keeps_the_requirements(tmp_path: Path) -> None:
    limit = "  requirements: [{metric: approval_rate, at_least: 0.5}]\n"
    sweep = sweep_of(tmp_path, LOSS + limit, "design.sampler=grid", "design.trials=121")
    found = optimise(sweep, Evaluation())
    assert [numbers(point) for point in found.best] == [(0.5, 5)]
    rows = found.trials.filter(pl.col("metric") == "approval_rate")
    beyond = (0.5 - rows["mean"]).clip(lower_bound=0.0)
    assert rows["violation"].to_list() == pytest.approx(beyond.to_list())
    assert (rows["is_feasible"] == (rows["mean"] >= 0.5)).all()


def test_a_requirement_may_ask_for_the_whole_interval(tmp_path: Path) -> None:
    """Half-width: t(3, .975) 3.182 times 0.01291 over 2, 0.0205; the bowl is at most 0.1."""
    limit = "  requirements: [{metric: net_loss_rate, at_most: 0.1, with_confidence: true}]\n"
    up = "  objectives: [{metric: net_loss_rate, direction: maximise}]\n"
    sweep = sweep_of(tmp_path, up + limit, "design.sampler=grid", "design.trials=121")
    (best, *_) = optimise(sweep, Evaluation()).best
    x, y = numbers(best)
    assert (x - 0.3) ** 2 + (y / 10 - 0.5) ** 2 == pytest.approx(0.05)


def test_the_interval_of_a_share_ends_where_the_share_does(tmp_path: Path) -> None:
    class Approval(Evaluation):
        def frame(self, x: float, y: int) -> pl.DataFrame:
            return super().frame(x, y).with_columns(approval_rate=pl.Series([1.0, 0.9, 1.0, 1.0]))

    sweep = sweep_of(tmp_path, BOTH, "design.sampler=grid", "design.trials=121")
    rows = optimise(sweep, Approval()).trials.filter(pl.col("metric") == "approval_rate")
    assert rows["upper"].unique().to_list() == [1.0]


def test_intervals_are_over_groups_of_replications(tmp_path: Path) -> None:
    class Pairs(Evaluation):
        def frame(self, x: float, y: int) -> pl.DataFrame:
            return super().frame(x, y).with_columns(net_loss_rate=pl.Series([-9.0, 9.0, -7.0, 7.0]))

    sampling = "base.macro={sampling: {method: antithetic}}"
    sweep = sweep_of(tmp_path, LOSS, "design.sampler=grid", "design.trials=121", sampling)
    trials = optimise(sweep, Pairs()).trials
    for end in ("lower", "upper"):
        assert trials[end].drop_nulls().unique().to_list() == [0.0]


def test_a_requirement_on_the_whole_interval_needs_replications_for_one(tmp_path: Path) -> None:
    limit = "  requirements: [{metric: net_loss_rate, at_most: 0.1, with_confidence: true}]\n"
    with pytest.raises(InputError, match=r"replications: got 1; allowed: 2 or more"):
        sweep_of(tmp_path, LOSS + limit, "replications=1")


def test_several_objectives_have_a_front(tmp_path: Path) -> None:
    sweep = sweep_of(tmp_path, BOTH, "design.sampler=grid", "design.trials=121")
    found = optimise(sweep, Evaluation())
    # more approval costs loss from x 0.3 on; below it both get worse
    front = sorted(numbers(point) for point in found.best)
    assert [x for x, _ in front] == pytest.approx([0.3 + 0.1 * k for k in range(8)])
    assert all(y == 5 for _, y in front)


def test_a_failed_point_is_no_candidate(tmp_path: Path) -> None:
    sweep = sweep_of(tmp_path, LOSS)
    found = optimise(sweep, Evaluation(frozenset({0, 1})))
    lost = found.trials.filter(pl.col("point") < 2)
    assert lost["mean"].is_null().all()
    assert not lost["is_feasible"].any()
    assert found.table.filter(pl.col("point") < 2).height == 0


def test_no_feasible_trial_means_no_best(tmp_path: Path) -> None:
    limit = "  requirements: [{metric: approval_rate, at_least: 2.0}]\n"
    assert optimise(sweep_of(tmp_path, LOSS + limit), Evaluation()).best == ()


def test_the_bounds_of_a_search_are_validated_before_it_runs(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"forgets: got 1.5; allowed: a number from 0 to 1"):
        sweep_of(tmp_path, LOSS, "design.parameters.x.high=1.5")


def test_a_grid_needs_as_many_trials_as_it_has_points(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="got 40; allowed with the sampler grid: 121 or more"):
        sweep_of(tmp_path, LOSS, "design.sampler=grid")


def test_another_design_cannot_be_optimised(tmp_path: Path) -> None:
    sweep = sweep_of(tmp_path, LOSS, "design={kind: grid, parameters: {x: {values: [1]}}}",
                     "constraints=[]")  # fmt: skip
    with pytest.raises(InputError, match="the design grid; allowed: optimisation"):
        optimise(sweep, Evaluation())


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.experiment.design.searching.find_spec", lambda _: None)
    with pytest.raises(InputError, match=r"the sampler gp needs the package torch; install"):
        optimise(sweep_of(tmp_path, LOSS, "design.sampler=gp"), Evaluation())


def test_choices_without_order_are_proposed_as_such(tmp_path: Path) -> None:
    sweep = sweep_of(tmp_path, LOSS, "constraints=[]", "design.parameters.y={values: [a, b, c]}")
    design = sweep.design
    assert design.kind == "optimisation"
    search = search_of(design, seed=1)
    proposed = search.ask(8)
    assert {len(levels) for levels in proposed} == {2}
    assert {levels[1] for levels in proposed} <= {0, 1, 2}
