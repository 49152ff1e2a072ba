"""The schema that editors read beside the sweep files is the one of the code."""

import json
from pathlib import Path

from sim.experiment.design import sweep_schema

SWEEPS = Path(__file__).parents[2] / "configs" / "sweeps"


def test_the_schema_file_is_that_of_the_code() -> None:
    written = json.dumps(sweep_schema(), indent=2, ensure_ascii=False) + "\n"
    assert (SWEEPS / "schema.json").read_text(encoding="utf-8") == written, (
        "run: tsuke schema --sweep > configs/sweeps/schema.json"
    )


def test_every_shipped_sweep_names_the_schema() -> None:
    for path in SWEEPS.glob("*.yaml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first == "# yaml-language-server: $schema=schema.json", path.name
