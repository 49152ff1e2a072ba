"""Exports of single members: they tie out with facts and books, and go on where they stop."""

import json
from pathlib import Path

import polars as pl
import pytest
from lifelines import KaplanMeierFitter

import sim
from models.errors import InputError
from sim.cli import main
from sim.config import Config, load_config
from sim.engine.simulation import simulate
from sim.engine.state.world import World
from sim.experiment.digest import facts_digest
from sim.exporting import exports
from sim.exporting.accounts import RECEIVABLES
from sim.exporting.months import SCHEMAS, begin, months
from sim.exporting.panel import STATES
from sim.exporting.store import as_csv
from sim.facts.replication import facts_of
from sim.record.accounts import Account
from sim.record.eventlog import Record

ROOT = Path(__file__).resolve().parents[2]
N_MONTHS = 7
DEFAULT_DPD = 45
FLOWS = ("charged_yen", "paid_yen", "charged_off_yen", "other_credits_yen")
Tables = dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def config() -> Config:
    """Give a small portfolio of both lenders in trouble, which writes off within its horizon."""
    return load_config(
        ROOT / "configs" / "mixed.yaml",
        [
            "population.members=200",
            f"months={N_MONTHS}",
            "behaviour.hardship.per_month=0.08",
            f"economics.default_dpd={DEFAULT_DPD}",
            f"lenders.au.economics.default_dpd={DEFAULT_DPD}",
            "collections.write_off={day: 100, quiet_days: 30}",
            "lenders.au.collections.write_off={day: 100, quiet_days: 30}",
        ],
    )


@pytest.fixture(scope="module")
def replay(config: Config) -> tuple[Tables, pl.DataFrame, dict[str, list[int]]]:
    """Give all tables of everybody, the facts of the same pass and its balances by lender."""
    worlds = begin(config, 0, Record.everyone())
    parts = [tables for _, tables in months(worlds, list(SCHEMAS))]
    tables = {name: pl.concat(part[name] for part in parts) for name in SCHEMAS}
    balances = {world.lender.name.lower(): world.ledger.balance[0].tolist() for world in worlds}
    return tables, facts_of(worlds), balances


@pytest.fixture(scope="module")
def tables(replay: tuple[Tables, pl.DataFrame, dict[str, list[int]]]) -> Tables:
    """Give the exported tables."""
    return replay[0]


@pytest.fixture(scope="module")
def facts(replay: tuple[Tables, pl.DataFrame, dict[str, list[int]]]) -> pl.DataFrame:
    """Give the facts of the pass that was stopped every night."""
    return replay[1]


def test_an_export_shows_the_lives_of_the_run(
    config: Config, tables: Tables, facts: pl.DataFrame
) -> None:
    outcome = simulate(config, [0], record=Record.everyone())
    assert facts_digest(outcome.facts) == facts_digest(facts)
    for name, frame, keys in (
        ("ledger", outcome.ledger, ["member", "lender", "day"]),
        ("events", outcome.events, ["case_id", "timestamp", "lender"]),
    ):
        exported = tables[name].drop("id")
        assert exported.sort(keys, maintain_order=True).equals(
            frame.sort(keys, maintain_order=True)
        )


def test_members_and_principal_by_bucket_are_those_of_the_facts(
    tables: Tables, facts: pl.DataFrame
) -> None:
    counted = (
        tables["panel"]
        .group_by("lender", "month", key="bucket")
        .agg(count=pl.len().cast(pl.Int64), yen=pl.col("principal_yen").sum())
    )
    expected = facts.filter(table="arrears").filter(pl.col("key") != "not_a_member")
    same = ["lender", "month", "key", "count", "yen"]
    assert counted.select(same).sort(same).equals(expected.select(same).sort(same))
    assert {"written_off", "dpd_91_180"} <= set(counted["key"])


def test_moves_between_buckets_are_those_of_the_facts(tables: Tables, facts: pl.DataFrame) -> None:
    keys = {"key": "bucket_before", "subkey": "bucket"}
    moves = tables["panel"].filter(pl.col("month") > 0).group_by("lender", "month", **keys)
    counted = moves.agg(count=pl.len().cast(pl.Int64), yen=pl.col("principal_yen").sum())
    stays_out = (pl.col("key") == "not_a_member") & (pl.col("subkey") == "not_a_member")
    expected = facts.filter(table="moves").filter(~stays_out)
    same = ["lender", "month", "key", "subkey", "count", "yen"]
    assert counted.select(same).sort(same).equals(expected.select(same).sort(same))


def test_what_is_owed_rolls_forward_and_adds_up_to_the_books(
    replay: tuple[Tables, pl.DataFrame, dict[str, list[int]]],
) -> None:
    tables, _, balances = replay
    panel = tables["panel"].sort("id", "month")
    before = pl.col("owed_yen").shift(1, fill_value=0).over("id")
    change = pl.col("charged_yen") - pl.sum_horizontal(FLOWS[1:])
    assert panel.filter(pl.col("owed_yen") != before + change).is_empty()
    assert all(panel[flow].sum() > 0 for flow in FLOWS)
    last = panel.filter(pl.col("month") == N_MONTHS - 1)
    for lender, balance in balances.items():
        of_lender = last.filter(lender=lender)
        assert of_lender["owed_yen"].sum() == sum(balance[account] for account in RECEIVABLES)
        assert of_lender["principal_yen"].sum() == balance[Account.PRINCIPAL_RECEIVABLE]
        assert of_lender["credit_yen"].sum() == -balance[Account.MEMBER_CREDIT]
        assert of_lender["charged_off_to_date_yen"].sum() == balance[Account.WRITE_OFF]
        assert of_lender["recovered_to_date_yen"].sum() == -balance[Account.RECOVERY]


def test_dates_and_counters_of_the_panel_agree_with_each_other(tables: Tables) -> None:
    panel = tables["panel"].sort("id", "month")
    is_late = pl.col("days_past_due") > 0
    late = panel.filter(is_late)
    assert late.height > 20
    assert (late.filter(pl.col("bucket") != "written_off")["overdue_yen"] > 0).all()
    assert (late["cycles_past_due"] == (late["days_past_due"] - 1) // 30 + 1).all()
    assert (panel.filter(~is_late)["cycles_past_due"] == 0).all()
    assert panel.filter(pl.col("next_due_date") <= pl.col("as_of")).is_empty()
    assert (panel["scheduled_yen"].is_not_null()).all()
    defaulted = panel.filter(pl.col("first_default_date").is_not_null())
    assert defaulted.height > 0
    old = panel.filter(pl.col("days_past_due") > DEFAULT_DPD)
    assert old["first_default_date"].is_not_null().all()
    assert (panel["months_on_book"] == panel.with_columns(
        since=pl.int_range(pl.len()).over("id"))["since"]).all()  # fmt: skip
    gone = panel.filter(pl.col("charge_off_date").is_not_null())
    assert (gone["charge_off_date"] <= gone["as_of"]).all()
    assert gone.height > 0


def test_stays_tile_the_time_of_each_member_and_end_as_the_panel_moves(tables: Tables) -> None:
    panel, stays = tables["panel"], tables["transitions"].sort("id", "start_month", "end_month")
    assert stays.filter(
        pl.col("start_month")
        != pl.col("end_month").shift(1).over("id").fill_null(pl.col("start_month"))
    ).is_empty()
    spans = stays.group_by("id").agg(pl.col("duration_months").sum(), pl.col("event").last())
    ages = panel.group_by("id").agg(pl.col("months_on_book").max())
    both = ages.join(spans, on="id", how="full")
    assert (both["months_on_book"] == both["duration_months"]).all()
    assert (spans["event"] == 0).all()
    moved = panel.filter(
        (pl.col("bucket") != pl.col("bucket_before")) & (pl.col("bucket_before") != "not_a_member")
    ).select("id", "month", "bucket_before", "bucket")
    ended = stays.filter(event=1).select("id", "end_month", "state", "next_state")
    assert moved.sort(moved.columns).rows() == ended.sort(ended.columns).rows()
    assert set(stays["state"]) <= set(STATES)


def test_survival_in_a_bucket_is_one_less_its_roll_rate(tables: Tables) -> None:
    stays = tables["transitions"].filter(pl.col("duration_months") > 0, state="current")
    curve = KaplanMeierFitter().fit(stays["duration_months"], stays["event"])
    first = tables["panel"].filter(
        pl.col("month") > 0, pl.col("bucket_before") == "current"
    ).with_columns(entered=pl.col("month") - 1)  # fmt: skip
    entries = stays.select("id", "lender", entered="start_month")
    fresh = first.join(entries, on=["id", "entered"])
    stayed = (fresh["bucket"] == "current").sum()
    assert curve.predict(1) == pytest.approx(stayed / fresh.height)


@pytest.fixture
def small() -> Config:
    """Give a run that takes a moment."""
    settings = ["population.members=20", "months=2", "name=small"]
    return load_config(ROOT / "configs" / "atone.yaml", settings)


def test_an_export_of_some_members_is_the_part_of_the_whole_that_is_theirs(
    small: Config, tmp_path: Path
) -> None:
    whole = sim.export(small, what=list(SCHEMAS), out=tmp_path / "whole")
    some = sim.export(
        small, what=list(SCHEMAS), members=4, file_format="csv", out=tmp_path / "some"
    )
    for name in SCHEMAS:
        member = "case_id" if name == "events" else "member"
        part = whole.scan(name).filter(pl.col(member).is_in([0, 5, 10, 15])).collect()
        assert some.scan(name).collect().equals(part), name
        assert part.height > 0 or name == "transitions"


def stopped_in_the_second(config: Config, replication: int, record: Record) -> list[World]:
    """Begin a replication, or be stopped."""
    if replication == 1:
        raise KeyboardInterrupt
    return begin(config, replication, record)


def test_a_stopped_export_keeps_what_is_finished(
    small: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "e"

    with monkeypatch.context() as patch:
        patch.setattr(exports, "begin", stopped_in_the_second)
        with pytest.raises(KeyboardInterrupt):
            sim.export(small, replications=2, out=out)
    kept = {path: path.stat().st_mtime_ns for path in (out / "panel").iterdir()}
    assert sorted(path.name for path in kept) == [
        "00000-2026-01.parquet",
        "00000-2026-02.parquet",
    ]
    done = sim.export(small, replications=2, out=out)
    assert all(path.stat().st_mtime_ns == time for path, time in kept.items())
    fresh = sim.export(small, replications=2, out=tmp_path / "f")
    assert done.scan("panel").collect().equals(fresh.scan("panel").collect())
    assert json.loads((out / "finished" / "00001.json").read_text())["rows"]["panel"] > 0


def test_a_directory_belongs_to_one_export(small: Config, tmp_path: Path) -> None:
    sim.export(small, members=5, out=tmp_path / "e")
    with pytest.raises(InputError, match=r"what \(\['panel'\] there, \['panel', 'ledger'\] now\)"):
        sim.export(small, members=5, what=["ledger", "panel"], out=tmp_path / "e")
    other = small.model_copy(update={"seed": 7})
    with pytest.raises(InputError, match="config_digest"):
        sim.export(other, members=5, out=tmp_path / "e")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.docx").touch()
    with pytest.raises(InputError, match=r"no manifest\.json, but thesis"):
        sim.export(small, out=tmp_path / "full")


def test_a_finished_run_is_exported_beside_its_results(
    small: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    digest = sim.run(small, replications=2, out=run, report=False, jobs=1).digest
    assert main(["export", str(run), "--members", "4", "--what", "panel,events"]) == 0
    assert str(run / "export" / "panel") in capsys.readouterr().out
    assert sim.run(small, replications=2, out=run, report=False, jobs=1).digest == digest
    assert main(["export", str(run), "--set", "seed=3"]) == 2
    manifest = json.loads((run / "manifest.json").read_text())
    manifest["code"]["source_digest"] = "0" * 64
    (run / "manifest.json").write_text(json.dumps(manifest))
    assert main(["export", str(run)]) == 2
    assert "cannot be simulated again as it was" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--what", "loans"], "what: got 'loans'; allowed: panel, transitions, events, ledger"),
        (["--what", ""], "what: got ''; allowed: panel"),
        (["--format", "xlsx"], "'xlsx' is not one of 'parquet', 'csv'"),
        (["--members", "few"], "--members: got 'few'; allowed: a number from 1, or all"),
        (["--members", "0"], "members: got 0; allowed: at least 1, or all"),
        (["--members", "10001"], "members: got 10001; allowed: 1 to 10000, or all"),
        (["--replications", "0"], "--replications: got 0; allowed: at least 1"),
    ],
)
def test_an_unusable_choice_is_refused_before_a_directory_is_made(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "e"
    source = str(ROOT / "configs" / "atone.yaml")
    assert main(["export", source, "--out", str(out), *arguments]) == 2
    assert message in capsys.readouterr().err
    assert not out.exists()


def test_no_text_of_a_csv_is_a_formula() -> None:
    texts = ["=1+1", "+8+1", "-1", "@SUM(A1)", "\tx", "plain", None]
    lines = as_csv(pl.DataFrame({"resource": texts, "yen": [-1] * 7})).splitlines()
    assert lines == ["resource,yen", "'=1+1,-1", "'+8+1,-1", "-1,-1", "'@SUM(A1),-1", "'\tx,-1",
                     "plain,-1", ",-1"]  # fmt: skip
