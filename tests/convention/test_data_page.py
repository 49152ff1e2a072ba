"""The page on data describes the files that a run and an export really leave."""

from pathlib import Path

import polars as pl
import pytest

import sim
from tests.convention.sources import ROOT
from tests.convention.test_docs import CODE, rows_of, section_of

PAGE = ROOT / "docs" / "data.md"
TYPES = {
    "int8": pl.Int8(),
    "int16": pl.Int16(),
    "int32": pl.Int32(),
    "int64": pl.Int64(),
    "float64": pl.Float64(),
    "bool": pl.Boolean(),
    "text": pl.String(),
    "date": pl.Date(),
    "datetime, ms": pl.Datetime("ms"),
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the directory of a small run with an export in it."""
    folder = tmp_path_factory.mktemp("data") / "run"
    overrides = ["population.members=20", "months=2"]
    sim.run(ROOT / "configs" / "atone.yaml", overrides=overrides, replications=1, out=folder)
    sim.export(folder, what=["panel", "transitions", "events", "ledger"])
    return folder


def documented(*headings: str) -> dict[str, pl.DataType]:
    """Give columns and types of the tables below some headings."""
    rows = [row for heading in headings for row in rows_of(section_of(PAGE, heading))]
    columns = [row for row in rows if len(row) == 4]
    assert all(unit and meaning for _, _, unit, meaning in columns)
    return {name.strip("`"): TYPES[kind] for name, kind, _, _ in columns}


@pytest.mark.parametrize(
    ("headings", "files"),
    [
        (["Facts"], "replications/*.parquet"),
        (["Ledger"], "ledger.parquet"),
        (["Events"], "events.parquet"),
        (["Panel"], "export/panel/*.parquet"),
        (["Transitions"], "export/transitions/*.parquet"),
        (["Exports", "Ledger"], "export/ledger/*.parquet"),
        (["Exports", "Events"], "export/events/*.parquet"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_columns_and_types_are_those_of_the_page(
    run: Path, headings: list[str], files: str
) -> None:
    paths = sorted(run.glob(files))
    assert paths
    for path in paths:
        schema = pl.read_parquet_schema(path)
        assert list(schema.items()) == list(documented(*headings).items()), path


@pytest.mark.parametrize(
    ("heading", "folder"), [("The directory of a run", ""), ("Exports", "export")]
)
def test_the_page_lists_every_file(run: Path, heading: str, folder: str) -> None:
    rows = [row for row in rows_of(section_of(PAGE, heading)) if len(row) == 2]
    patterns = [pattern for row in rows for pattern in CODE.findall(row[0])]
    found = {
        path
        for path in (run / folder).rglob("*")
        if path.is_file() and path.name != ".lock" and (folder or "export" not in path.parts)
    }
    listed = {path for pattern in patterns for path in (run / folder).glob(pattern)}
    assert found == {path for path in listed if path.is_file()}
    empty = [pattern for pattern in patterns if not any((run / folder).glob(pattern))]
    assert empty == ([] if folder else ["failures.json"])
