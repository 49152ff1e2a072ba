"""The schema that editors read beside the configurations is the one of the code."""

from pathlib import Path

import pytest

from sim.cli import main

SCHEMA = Path(__file__).parents[2] / "configs" / "schema.json"


def test_the_schema_file_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert capsys.readouterr().out == SCHEMA.read_text(), "run: tsuke schema > configs/schema.json"
