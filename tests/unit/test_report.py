"""The report of a small run: figures, captions, page."""

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from matplotlib.figure import Figure

from models.errors import InputError
from sim.cli import main
from sim.config import Config, load_config
from sim.experiment.comparison import compare
from sim.experiment.replications import run
from sim.metrics.columns import TABLE
from sim.metrics.statistics import student_interval
from sim.report import write_report
from sim.report.contract_tables import clause_table, parameter_table
from sim.report.definitions import definition
from sim.report.figures.books import profit_bridge
from sim.report.figures.by_theme import THEMES, draw
from sim.report.figures.credit import roll_rates, unpaid_curve
from sim.report.figures.losses import loss_distribution, lost_yen, macro_factor
from sim.report.html_tables import (
    MOST_ROWS,
    headline_table,
    metric_table,
    tables_of,
)
from sim.report.language import LANGUAGES, in_languages
from sim.report.numbers import percent
from sim.report.page import page
from sim.report.papers.run_document import run_document
from sim.report.source import AS_SAMPLED, Run, read_run
from sim.report.style import INK, PAPER, Drawing, inline

CONFIGS = Path(__file__).parents[2] / "configs"
HOSTILE = "<script>alert(1)</script>" + "x" * 300
N_FIGURES = sum(len(functions) for functions in THEMES.values())


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the results of a run small enough for a test."""
    folder = tmp_path_factory.mktemp("results")
    source = folder / "small.yaml"
    source.write_text("months: 4\npopulation: {members: 60}\n", encoding="utf-8")
    run(load_config(source), replications=2, jobs=1, out=folder / "small", report=False)
    return folder / "small"


@pytest.fixture(scope="module")
def small(directory: Path) -> Run:
    return read_run(directory)


@pytest.fixture(scope="module")
def drawings(small: Run) -> dict[str, list[Drawing]]:
    return in_languages(lambda: draw(small), LANGUAGES)


@pytest.fixture(scope="module")
def html(small: Run, drawings: dict[str, list[Drawing]]) -> str:
    return page(small, drawings)


@pytest.fixture(scope="module")
def written(directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the report into a copy of the results."""
    copy = shutil.copytree(directory, tmp_path_factory.mktemp("written") / "copy")
    assert write_report(copy) == copy / "report.html"
    return copy


def with_tables(run: Run, **tables: pl.DataFrame) -> Run:
    """Give a run with some of its tables replaced."""
    changed: Mapping[str, pl.DataFrame] = {**run.tables, **tables}
    return replace(run, tables=changed)


def with_rates(run: Run, rates: list[float]) -> Run:
    """Give a run whose replications have these net loss rates on a GMV of a million."""
    row = run.tables["replications"].head(1)
    frame = pl.concat([row] * len(rates)).with_columns(
        replication=pl.Series(range(len(rates)), dtype=pl.Int32),
        net_loss_rate=pl.Series(rates, dtype=pl.Float64),
        net_loss_yen=pl.Series([round(1e6 * rate) for rate in rates], dtype=pl.Int64),
    )
    return with_tables(run, replications=frame)


def with_curve(run: Run, share: float) -> Run:
    """Give a run with another unpaid share at 30 days past due."""
    rows = [
        {
            "days_past_due": age, "vintages": 1, "billed_yen": 1000, "unpaid_yen": 1000 * value,
            "unpaid_share": value, "ever_share": value, "recovered_share": 0.0,
            "standard_deviation": None, "lower": None, "upper": None,
        }
        for age, value in ((0, 0.1), (30, share))
    ]  # fmt: skip
    curve = pl.DataFrame(rows).cast(TABLE["unpaid_curve"].schema)  # type: ignore[arg-type]
    return with_tables(run, unpaid_curve=curve)


def emptied(run: Run) -> Run:
    """Give a run of which no table has a row."""
    return with_tables(run, **{name: table.clear() for name, table in run.tables.items()})


def test_the_report_writes_every_figure_and_a_page_and_nothing_else(
    directory: Path, written: Path
) -> None:
    before = {path.relative_to(directory) for path in directory.rglob("*") if path.is_file()}
    after = {path.relative_to(written) for path in written.rglob("*") if path.is_file()}
    assert len(after - before) == N_FIGURES + 1
    assert {path.suffix for path in after - before} == {".svg", ".html"}


def test_the_same_results_give_the_same_bytes(
    directory: Path, written: Path, tmp_path: Path
) -> None:
    again = shutil.copytree(directory, tmp_path / "again")
    write_report(again)
    pages = []
    for copy in (written, again):
        figures = sorted((copy / "figures").iterdir())
        pages.append([path.read_bytes() for path in [copy / "report.html", *figures]])
    assert pages[0] == pages[1]


def test_figures_of_an_older_report_are_removed(
    directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.report.writing.draw", lambda _: [])
    copy = shutil.copytree(directory, tmp_path / "copy")
    (copy / "figures").mkdir()
    (copy / "figures" / "old.svg").write_text("<svg/>", encoding="utf-8")
    write_report(copy)
    assert not (copy / "figures" / "old.svg").exists()


def test_a_directory_that_lacks_a_table_is_refused_by_name(directory: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(directory, tmp_path / "copy")
    (copy / "metrics" / "vintages.parquet").unlink()
    with pytest.raises(InputError, match="lacks the metric tables vintages"):
        write_report(copy)


def test_a_table_under_the_name_of_another_is_refused(directory: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(directory, tmp_path / "copy")
    shutil.copy(copy / "metrics" / "desks.parquet", copy / "metrics" / "portfolio.parquet")
    with pytest.raises(InputError, match="the metric table portfolio has not the columns"):
        write_report(copy)
    with pytest.raises(InputError, match="the metric table portfolio has not the columns"):
        compare([copy, directory])


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("replications", "x", "replications: got 'x'; allowed: a whole number from 1"),
        ("replications", 0, "replications: got 0; allowed: a whole number from 1"),
        ("replications", 10**9, "replications: got 1000000000; allowed: a whole number from 1"),
        ("replications", 900, "but its manifest has 900; run it again"),
        ("started", "lately", "started: got 'lately'; allowed: a time in ISO 8601"),
    ],
)
def test_a_manifest_that_was_changed_is_refused(
    directory: Path, tmp_path: Path, field: str, value: object, message: str
) -> None:
    copy = shutil.copytree(directory, tmp_path / "copy")
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | {field: value}))
    with pytest.raises(InputError, match=message):
        write_report(copy)


def test_a_configuration_that_was_changed_after_the_run_is_refused(
    directory: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(directory, tmp_path / "copy")
    config, manifest = copy / "config.yaml", copy / "manifest.json"
    text = config.read_text(encoding="utf-8")
    assert "\nmonths: 4\n" in text
    config.write_text(text.replace("\nmonths: 4\n", "\nmonths: 5\n"), encoding="utf-8")
    for read in (write_report, lambda path: compare([path, directory])):
        with pytest.raises(InputError, match=r"config\.yaml is not the configuration of this run"):
            read(copy)
    fields = json.loads(manifest.read_text())
    fields["code"] |= {"source_digest": "f" * 64}  # of other code nobody can tell
    manifest.write_text(json.dumps(fields))
    assert write_report(copy)


@pytest.mark.parametrize("name", ["manifest.json", "summary.json"])
@pytest.mark.parametrize("text", ["[]", "[" * 100_000])
def test_a_file_that_is_no_object_is_refused(
    directory: Path, tmp_path: Path, name: str, text: str
) -> None:
    copy = shutil.copytree(directory, tmp_path / "copy")
    (copy / name).write_text(text)
    with pytest.raises(InputError, match=f"{name}"):
        write_report(copy)


@pytest.mark.parametrize(
    ("mean", "words"),
    [
        (None, '<p class="target ">target range: 2.00 % to 3.50 %; not observed'),
        (0.03, '<p class="target met">within target range: 2.00 % to 3.50 %'),
        (0.30, '<p class="target missed">outside target range: 2.00 % to 3.50 %'),
    ],
)
def test_a_card_says_whether_its_target_is_met_only_where_there_is_a_number(
    small: Run, drawings: dict[str, list[Drawing]], mean: float | None, words: str
) -> None:
    metrics = small.summary["metrics"]
    unpaid = metrics["unpaid_share_30"] | {"mean": mean, "lower": None, "upper": None}
    summary = {**small.summary, "metrics": {**metrics, "unpaid_share_30": unpaid}}
    text = page(replace(small, summary=summary), drawings).replace("\N{NO-BREAK SPACE}", " ")
    assert words in re.sub(r"&nbsp;|\N{NARROW NO-BREAK SPACE}", " ", text)


def test_targets_are_those_of_net_protections_alone(
    small: Run, drawings: dict[str, list[Drawing]]
) -> None:
    both = replace(small, config=load_config(CONFIGS / "mixed.yaml"))
    assert "within the target" in unpaid_curve(with_curve(small, 0.03)).caption
    curve = unpaid_curve(with_curve(both, 0.03))
    assert "3.00 % at 30 days; " in curve.caption
    assert "target" not in curve.svg + curve.caption
    assert not {"target_low", "base_year_share"} & set(curve.data["unpaid_curve"].columns)
    assert 'class="target' in page(small, drawings)
    cards = page(both, drawings)
    assert 'class="target met"' not in cards
    assert 'class="target missed"' not in cards
    assert "2.00 % to 3.50 %" not in str(headline_table(both).rows)


def test_the_page_shows_every_figure_once_in_order(html: str) -> None:
    names = [function.__name__ for functions in THEMES.values() for function in functions]
    assert re.findall(r'<figure id="figure-(\w+)">', html) == names
    assert re.findall(r'<figure id="ja-figure-(\w+)">', html) == names


def test_the_page_refers_to_nothing_outside_itself(html: str) -> None:
    markup = html.partition("<script>")[0]
    addresses = re.findall(r'(?:href|src|url)\s*[=(]\s*["\']?([^"\'\s)>]+)', markup)
    assert addresses
    assert all(address.startswith(("#", "data:")) for address in addresses)


def test_a_hostile_name_is_text_and_stays_whole(small: Run) -> None:
    hostile = replace(small, manifest=replace(small.manifest, name=HOSTILE))
    html = page(hostile, {"en": []})
    assert "<script>alert" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;" + "x" * 300) == 3


def test_hostile_texts_in_tables_are_text(small: Run) -> None:
    clauses = small.tables["clauses"].with_columns(meaning=pl.lit(HOSTILE))
    html = page(with_tables(small, clauses=clauses), {"en": []})
    assert "<script>alert" not in html


def test_a_run_without_a_row_in_any_table_gives_figures_that_say_so(small: Run) -> None:
    drawings = draw(emptied(small))
    assert [drawing.caption[:16] for drawing in drawings] == ["Nothing to show:"] * N_FIGURES


@pytest.fixture
def outdated(directory: Path, tmp_path: Path) -> Path:
    """Give the results of a run with a parameter that is unknown by now."""
    old = shutil.copytree(directory, tmp_path / "old")
    config = (old / "config.yaml").read_text(encoding="utf-8")
    config = config.replace("population:", "population:\n  height_cm: 170", 1)
    (old / "config.yaml").write_text(config, encoding="utf-8")
    return old


@pytest.mark.parametrize("command", [["report"], ["trace", "--member", "1"]])
def test_a_run_of_an_older_version_is_refused_as_such(
    outdated: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = json.loads((outdated / "manifest.json").read_text(encoding="utf-8"))
    manifest["code"] |= {"version": "0.0.9", "source_digest": "f" * 64}
    (outdated / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    before = sorted(outdated.rglob("*"))
    assert main([command[0], str(outdated), *command[1:]]) == 2
    message = " ".join(capsys.readouterr().err.split())
    assert "old was written by other code than this (version 0.0.9," in message
    assert re.search(r"config\.yaml:\d+: population\.height_cm: unknown key", message)
    assert message.endswith("Run it again with this version, into another directory.")
    assert sorted(outdated.rglob("*")) == before


def test_a_run_of_this_version_that_somebody_edited_is_no_older_one(
    outdated: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(outdated)]) == 2
    message = capsys.readouterr().err
    assert "population.height_cm: unknown key" in message
    assert "other code" not in message


def test_a_month_of_one_replication_has_a_report(tmp_path: Path) -> None:
    source = tmp_path / "month.yaml"
    source.write_text("months: 1\npopulation: {members: 5}\n", encoding="utf-8")
    run(load_config(source), replications=1, jobs=1, out=tmp_path / "month", report=True)
    html = (tmp_path / "month" / "report.html").read_text(encoding="utf-8")
    assert "no interval" in html
    assert "Nothing to show: " in html


def test_one_person_one_month_and_one_replication_are_each_one(tmp_path: Path) -> None:
    source, out = tmp_path / "one.yaml", tmp_path / "one"
    source.write_text("months: 1\npopulation: {members: 1}\n", encoding="utf-8")
    run(load_config(source), replications=1, jobs=1, out=out, report=False)
    one = read_run(out)
    drawings = in_languages(lambda: draw(one), LANGUAGES)
    html = page(one, drawings)
    assert "1 person, 2026-01-01 to 2026-01-31 (1 month), 1 replication" in html
    paper = run_document(one, drawings["en"])
    texts = [html, paper.lead, *(block for block in paper.methods if isinstance(block, str))]
    for text in texts:
        assert not re.search(r"\b1 (person|month|replication|clause|parameter)s\b", text)


@pytest.mark.parametrize("n", [1, 2, 29, 30, 200])
def test_the_loss_distribution_is_drawn_for_any_number_of_replications(small: Run, n: int) -> None:
    rates = [0.001 * (1 + i % 17) for i in range(n)]
    drawing = loss_distribution(with_rates(small, rates))
    assert f"mean {100 * np.mean(rates):.2f} % of GMV" in drawing.caption
    assert ("interval" in drawing.caption) == (n > 1)


def test_the_interval_of_the_loss_is_that_of_the_card_also_below_0(small: Run) -> None:
    rates = [0.0, 0.0, 0.012]
    low, high = student_interval(rates, 0.95) or (0.0, 0.0)
    assert low < 0
    caption = loss_distribution(with_rates(small, rates)).caption
    assert f"interval {percent(low)} to {percent(high)}" in caption


def test_the_caption_of_the_losses_has_the_interval_of_the_headline(small: Run) -> None:
    sampling = {"macro": {"sampling": {"method": "antithetic"}}, "experiment": {"replications": 4}}
    pairs = with_rates(small, [0.01, 0.03, 0.012, 0.03])
    alone, together = (
        loss_distribution(replace(pairs, config=config)).caption
        for config in (Config(), Config.model_validate(sampling))
    )
    assert "interval 0.30 % to 3.80 %" in alone
    # The means of the pairs are 2.0 % and 2.1 %: 12.7 times half their difference around 2.05 %.
    assert "interval 1.41 % to 2.69 %" in together


def test_reports_of_weighted_replications_say_that_figures_are_not(small: Run) -> None:
    config = Config.model_validate({"macro": {"sampling": {"method": "importance"}}})
    weighted = replace(small, config=config)
    n_figures = sum(map(len, THEMES.values()))
    drawings = [Drawing("name", "title", "caption", "<svg/>", {}, ())] * n_figures
    for run_shown, is_said in ((small, False), (weighted, True)):
        assert (AS_SAMPLED in run_document(run_shown, drawings).blocks) == is_said


def test_equal_losses_in_all_replications_are_drawn(small: Run) -> None:
    for n in (3, 40):
        assert "mean 0.50 %" in loss_distribution(with_rates(small, [0.005] * n)).caption


def test_the_loss_caption_states_value_at_risk_and_expected_shortfall(small: Run) -> None:
    # 20 values: the 19th is the value at risk at 95 %, the 20th alone the shortfall
    drawing = loss_distribution(with_rates(small, [0.01 * i for i in range(1, 21)]))
    assert "value at risk at 95 % 19.00 %, expected shortfall 20.00 %" in drawing.caption


@pytest.mark.parametrize(
    ("share", "word"), [(0.019, "below"), (0.02, "within"), (0.035, "within"), (0.036, "above")]
)
def test_the_unpaid_curve_says_how_it_lies_to_the_target(
    small: Run, share: float, word: str
) -> None:
    caption = unpaid_curve(with_curve(small, share)).caption
    assert f"{100 * share:.2f} % at 30 days ({word} the target 2.0 % to 3.5 %)" in caption


def test_shares_of_late_yen_add_up_in_the_caption(small: Run) -> None:
    stages = pl.DataFrame({
        "replication": [0, 0, 0], "stage": ["in_house", "law_firm", "open"],
        "yen": [750_000, 150_000, 100_000], "late_yen": [1_000_000] * 3,
    })  # fmt: skip
    caption = lost_yen(with_tables(small, recovery_by_stage=stages)).caption
    assert "in house 75.0 %, law firm 15.0 %, open 10.0 %" in caption


def test_the_macro_figure_states_slope_and_correlation(small: Run) -> None:
    row = small.tables["replications"].head(1)
    frame = pl.concat([row] * 5).with_columns(
        macro_factor_mean=pl.Series([-2.0, -1.0, 0.0, 1.0, 2.0]),
        unpaid_share_1=pl.Series([0.12, 0.11, 0.10, 0.09, 0.08]),
    )
    caption = macro_factor(with_tables(small, replications=frame)).caption
    assert "A factor lower by 1 goes with 1.00 points more" in caption
    assert "correlation \N{MINUS SIGN}1.00" in caption


def test_the_bridge_ends_at_the_profit_of_the_books(small: Run) -> None:
    profit = small.tables["replications"]["profit_yen"].mean()
    assert isinstance(profit, float)
    assert f"profit {profit:,.0f} yen" in profit_bridge(small).caption


def test_the_bridge_leaves_out_what_is_0_and_writes_small_amounts_in_yen(small: Run) -> None:
    lossless = with_tables(
        small,
        costs=small.tables["costs"].clear(),
        revenue=small.tables["revenue"].head(1).with_columns(yen=pl.lit(390)),
        written_off=small.tables["written_off"].clear(),
        profit=small.tables["profit"].with_columns(recovered_yen=pl.lit(0)),
    )
    drawing = profit_bridge(lossless)
    assert drawing.data["profit_bridge"]["step"].to_list()[-2:] == ["income", "profit"]
    assert drawing.figure is not None
    (axes,) = drawing.figure.axes
    assert axes.get_xlabel() == "yen"
    assert len({text.get_text() for text in axes.texts}) == 1


def test_tables_name_lenders_and_say_nothing_of_rows_they_lack(small: Run) -> None:
    clauses = clause_table(small)
    assert [heading.metric for heading in clauses.headings][1] == "clauses.lender"
    assert "yen per replication" in [heading.text for heading in clauses.headings]
    (rolls,) = [table for table in tables_of(small) if table.name == "roll_rates"]
    assert "month null" not in rolls.note


def test_a_seed_is_no_amount(small: Run) -> None:
    seeded = replace(small, config=load_config(CONFIGS / "atone.yaml"))
    values = {row[0].text: row[1].text for row in parameter_table(seeded).rows}
    assert values["seed"] == "20260101"
    assert values["behaviour.hardship.reference_income_yen"] == "250,000"


def test_roll_rates_without_arrears_say_so(small: Run) -> None:
    calm = small.tables["roll_rates"].filter(
        pl.col("from_bucket").is_in(["no_debt"]) & pl.col("to_bucket").is_in(["no_debt"])
    )
    assert (
        "no member was ever in arrears" in roll_rates(with_tables(small, roll_rates=calm)).caption
    )


def test_an_inline_figure_takes_the_colours_of_the_page_and_has_its_own_ids(small: Run) -> None:
    drawing = profit_bridge(small)
    svg = inline(drawing)
    assert svg.startswith("<svg ")
    assert INK not in svg
    assert PAPER not in svg
    ids = set(re.findall(r'\bid="([^"]+)"', svg))
    assert all(name.startswith("profit_bridge-") for name in ids)
    assert set(re.findall(r'href="#([^"]+)"', svg)) <= ids
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= ids


def test_every_figure_has_data_and_metrics_that_are_declared(
    drawings: dict[str, list[Drawing]],
) -> None:
    for drawing in drawings["en"]:
        if drawing.caption.startswith("Nothing to show"):
            continue
        assert drawing.data, drawing.name
        assert all(frame.height and frame.width for frame in drawing.data.values()), drawing.name
        assert drawing.metrics, drawing.name
        assert all(definition(metric).meaning for metric in drawing.metrics)


def test_files_of_figures_have_names_of_their_own(
    drawings: dict[str, list[Drawing]],
) -> None:
    names = [name for drawing in drawings["en"] for name in drawing.data]
    assert len(set(names)) == len(names)


def test_the_data_of_a_figure_are_what_is_drawn(
    small: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures: list[Figure] = []

    def catch(figure: Figure, *_: object, **__: object) -> None:
        figures.append(figure)

    monkeypatch.setattr(Figure, "savefig", catch)
    monkeypatch.setattr("sim.report.style._tidy", lambda _: "")
    curve = unpaid_curve(small).data["unpaid_curve"].drop_nulls("unpaid_share")
    [line] = [x for x in figures[-1].axes[0].lines if x.get_label() == "simulated, pooled"]
    assert line.get_xydata().tolist() == [  # type: ignore[union-attr]
        [day, 100 * share] for day, share in curve.select("days_past_due", "unpaid_share").rows()
    ]
    steps = profit_bridge(small).data["profit_bridge"]
    widths = [bar.get_width() for bar in figures[-1].axes[0].patches]  # type: ignore[attr-defined]
    assert widths == pytest.approx(steps["yen"].to_list())
    cells = roll_rates(small).data["roll_rates"]
    written = [text.get_text() for text in figures[-1].axes[0].texts]
    shares = cells.filter(pl.col("member_share") >= 0.001)["member_share"]
    assert [x for x in written if x not in {"·", "<0.1"}] == [f"{100 * x:.1f}" for x in shares]


def test_parameters_that_differ_from_their_default_are_highlighted(small: Run) -> None:
    table = parameter_table(small)
    names = {table.rows[number][0].text for number in table.highlighted}
    assert names == {"name", "months", "population.members", "experiment.replications"} - (
        {"name"} if small.config.name == "run" else set()
    )


def test_a_long_table_is_cut_and_says_so(small: Run) -> None:
    frame = pl.concat([small.tables["replications"]] * MOST_ROWS)
    table = metric_table("replications", "Replications", frame, ["replication", "profit_yen"])
    assert len(table.rows) == MOST_ROWS
    assert f"The first {MOST_ROWS} of {2 * MOST_ROWS} rows" in table.note


def test_headings_explain_ratios_with_their_formula(small: Run) -> None:
    table = metric_table("portfolio", "", small.tables["portfolio"].head(1), ["late_share"])
    assert table.headings[0].metric == "portfolio.late_share"
    assert table.headings[0].note.endswith("= overdue_principal_yen / principal_receivable_yen")


def test_the_page_states_seed_digests_and_versions(small: Run) -> None:
    html = page(small, {"en": []})
    manifest = small.manifest
    for text in (
        manifest.result_digest, manifest.config_digest, manifest.code["source_digest"],
        manifest.surroundings["python"], *manifest.surroundings["packages"].values(),
    ):  # fmt: skip
        assert f"{text}" in html
    assert json.loads(json.dumps(manifest.seed)) == small.config.seed
