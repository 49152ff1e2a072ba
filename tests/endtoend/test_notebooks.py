"""The notebooks run from top to bottom and show what they promise."""

import importlib.util
from pathlib import Path

import pytest
from matplotlib.figure import Figure

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def test_the_first_figure_shows_that_reminders_are_paid_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MPLBACKEND", "Agg")
    spec = importlib.util.spec_from_file_location("first_figure", NOTEBOOKS / "first_figure.py")
    assert spec is not None
    assert spec.loader is not None
    notebook = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(notebook)
    _, names = notebook.app.run()
    figure = names["figure"]
    assert isinstance(figure, Figure)
    (axes,) = figure.axes
    reminded, alone = (line.get_ydata() for line in axes.lines)
    assert 0 < reminded[0] < alone[0] < 100
    assert [text.get_text() for text in axes.get_legend().texts] == [
        "reminder 3 days before",
        "no reminder",
    ]
