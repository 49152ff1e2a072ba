"""The figure of the desks shows those of the lenders that are simulated."""

from pathlib import Path

import pytest

from sim.config import load_config
from sim.experiment.replications import run
from sim.report.figures.payments import desks
from sim.report.source import Run, read_run

CONFIGS = Path(__file__).parents[2] / "configs"
SMALL = ["population.members=60", "months=4"]


def run_of(name: str, folder: Path) -> Run:
    """Simulate a small portfolio and read it as a report does."""
    run(load_config(CONFIGS / name, SMALL), replications=1, jobs=1, out=folder, report=False)
    return read_run(folder)


@pytest.mark.parametrize(
    ("name", "n_desks", "words"),
    [
        ("atone.yaml", 5, ("callers: ",)),
        ("au-pay.yaml", 5, ("callers: ",)),
        ("mixed.yaml", 10, ("callers (np): ", "callers (au): ")),
    ],
)
def test_the_desks_of_every_lender_are_drawn(
    name: str, n_desks: int, words: tuple[str, ...], tmp_path: Path
) -> None:
    found = run_of(name, tmp_path)
    drawing = desks(found)
    n_days = found.tables["backlog"]["day"].n_unique()
    assert drawing.data["backlog"].height == n_desks * n_days
    assert all(word in drawing.caption for word in words)
    assert drawing.figure is not None
    *_, bars = drawing.figure.axes
    assert len(bars.get_yticks()) == n_desks


def test_the_table_of_desks_has_no_rows_of_a_lender_that_is_not_simulated(tmp_path: Path) -> None:
    desks_by_month = run_of("au-pay.yaml", tmp_path).tables["desks"]
    assert desks_by_month["desk"].str.starts_with("au_").all()


def test_the_legend_has_room_above_the_backlog(tmp_path: Path) -> None:
    found = run_of("atone.yaml", tmp_path)
    drawing = desks(found)
    assert drawing.figure is not None
    top = drawing.figure.axes[0].get_ylim()[1]
    assert top >= 1.3 * found.tables["backlog"]["mean"].max()  # type: ignore[operator]
