"""Progress is told to whoever reads it, and a run does not depend on that."""

import io
import sys

import pytest

from sim.experiment.progress import Lines, Silent, on_standard_error


class Left(io.StringIO):
    """A stream whose reader leaves after the first line."""

    def write(self, text: str) -> int:
        """Take the first line only."""
        if "\n" in self.getvalue():
            raise BrokenPipeError
        return super().write(text)


def test_a_reader_that_leaves_does_not_end_the_run() -> None:
    stream = Left()
    lines = Lines(stream)
    lines.start(1, 3, 10)
    lines.advance(2)
    lines.extend(1)
    lines.advance(1)
    lines.stop()
    assert stream.getvalue() == "tsuke: 1 of 3 replications were finished earlier\n"


def test_the_last_replication_is_always_told() -> None:
    stream = io.StringIO()
    lines = Lines(stream)
    lines.start(0, 2, 10)
    lines.advance(2)
    assert stream.getvalue().startswith("tsuke: 2 of 2 replications, ")


def test_where_standard_error_is_closed_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    assert isinstance(on_standard_error(), Silent)
