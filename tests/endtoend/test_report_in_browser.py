"""The report of a real run, opened in a browser from the disk.

Needs a Chromium on the path; without one the tests are skipped, or fail where the environment
says TSUKE_REQUIRE_BROWSER=1.
"""

import csv
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from sim.config import load_config
from sim.experiment.replications import run
from sim.report import write_report
from sim.report.csv_text import csv_text
from sim.report.figures.by_theme import THEMES, draw
from sim.report.numbers import grouped
from sim.report.source import read_run

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MARKUP = "<script>window.attacked = 1</script><img src=x onerror='window.attacked = 1'>"
HOSTILE = f"=cmd|' /C calc'!A0 ../../etc {MARKUP} 延滞🧾 {'x' * 400}"
N_FIGURES = sum(len(functions) for functions in THEMES.values())
CONFIG = {
    "months": 6,
    "population": {"members": 150},
    "collections": {
        "channels": {MARKUP: {"cost_yen": 1}},
        "ladder": [{"day": 2, "action": MARKUP}],
    },
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the report of a run whose name and channel attack the page."""
    folder = tmp_path_factory.mktemp("results")
    source = folder / "small.yaml"
    source.write_text(json.dumps(CONFIG), encoding="utf-8")
    out = folder / "out"
    run(load_config(source), replications=3, jobs=1, out=out, report=False)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    (out / "manifest.json").write_text(json.dumps(manifest | {"name": HOSTILE}), encoding="utf-8")
    return write_report(out)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the browser of the system."""
    executable = shutil.which("chromium")
    if executable is None:
        message = "there is no chromium on the path"
        if os.environ.get("TSUKE_REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a tab."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    yield page
    page.close()


def test_the_page_opens_without_error_and_asks_for_nothing_but_itself(
    page: Page, report: Path
) -> None:
    problems: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(report.as_uri(), wait_until="load")
    assert problems == []
    assert requests == [report.as_uri()]


def test_every_figure_is_drawn(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    boxes = [figure.bounding_box() for figure in page.locator("figure svg:visible").all()]
    assert len(boxes) == N_FIGURES >= 10
    assert all(box is not None and box["width"] > 300 and box["height"] > 80 for box in boxes)
    drawn = page.locator("figure svg").evaluate_all(
        "all => all.map(svg => svg.querySelectorAll('path, use, text').length)"
    )
    assert len(drawn) == 2 * N_FIGURES
    assert min(drawn) > 2
    captions = page.locator("figcaption:visible").all_inner_texts()
    assert [caption.split()[:2] for caption in captions] == [
        ["Figure", f"{number}."] for number in range(1, N_FIGURES + 1)
    ]


def test_the_language_switches_with_figures_tables_and_contents(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    page.get_by_role("button", name="日本語").click()
    assert page.evaluate("document.documentElement.lang") == "ja"
    assert page.locator("h2:visible").first.inner_text() == "1 主要指標"
    texts = page.locator("figure svg:visible").all_text_contents()
    assert len(texts) == N_FIGURES
    assert "延滞日数" in "".join(texts)
    assert page.locator("#ja-table-unpaid_curve th").first.inner_text() == "延滞日数"
    assert page.locator("#figure-unpaid_curve").is_hidden()
    page.get_by_role("button", name="English").press("Enter")
    assert page.locator("h2:visible").first.inner_text() == "1 Headline numbers"
    assert page.locator("#ja-figure-unpaid_curve").is_hidden()


def test_downloads_hold_what_the_figures_show(page: Page, report: Path) -> None:
    shown = {name: frame for d in draw(read_run(report.parent)) for name, frame in d.data.items()}
    page.goto(report.as_uri())
    for place in ("#figure-", "#ja-figure-"):
        links = page.locator(f"figure[id^='{place[1:]}'] a[download]").evaluate_all(
            "all => all.map(a => [a.download, a.href])"
        )
        assert {name: unquote(href.partition(",")[2]) for name, href in links} == {
            f"{name}.csv": csv_text(frame) for name, frame in shown.items()
        }
    with page.expect_download() as started:
        page.locator("#figure-profit_bridge a[download]").click()
    assert started.value.suggested_filename == "profit_bridge.csv"
    with Path(started.value.path()).open(encoding="utf-8", newline="") as file:
        *_, profit = csv.DictReader(file)
    amounts = page.locator("#figure-profit_bridge svg text").all_text_contents()
    assert any(grouped(float(profit["yen"]) / 1e6, digits) in amounts for digits in range(7))


def test_the_definition_of_a_number_is_one_click_away(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    definition = page.locator("#figure-unpaid_curve details")
    assert definition.locator("dl").is_hidden()
    definition.locator("summary").press("Enter")
    assert "unpaid_curve.unpaid_share (share)" in definition.inner_text()
    assert "unpaid_yen / billed_yen" in definition.inner_text()
    page.locator(".card a:visible").first.click()
    assert "replications.posted_yen" in page.locator(":target").inner_text()


def test_paper_has_no_navigation_whole_tables_and_open_definitions(
    page: Page, report: Path
) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(report.as_uri())
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("nav:visible, .controls:visible, .downloads:visible").count() == 0
    assert page.locator("#figure-unpaid_curve dl").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    cut = page.locator(".scroll:visible").evaluate_all(
        "all => all.filter(e => e.scrollHeight > e.clientHeight + 1).length"
    )
    assert cut == 0


def test_light_and_dark_are_a_switch(page: Page, report: Path) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(report.as_uri())
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("button", name="Light or dark").click()
    assert page.evaluate(ground) != light
    page.get_by_role("button", name="Light or dark").click()
    assert page.evaluate(ground) == light


def test_without_script_the_page_is_whole_in_its_first_language(
    browser: Browser, report: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    assert page.locator("figure svg:visible").count() == N_FIGURES
    assert page.locator("button:visible").count() == 0
    assert page.locator("a[download]:visible").first.get_attribute("href", timeout=1000)
    context.close()


def test_a_click_on_a_heading_sorts_numbers_as_numbers(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    table = page.locator("#table-clauses")
    heading = table.locator("th", has_text="count per replication")
    column = heading.evaluate("cell => cell.cellIndex + 1")
    cells = table.locator(f"tbody td:nth-child({column})")

    def shown() -> list[float]:
        return [float(text.replace(",", "")) for text in cells.all_inner_texts()]

    before = shown()
    heading.locator("button").click()
    assert heading.get_attribute("aria-sort") == "ascending"
    assert shown() == sorted(before) != before
    heading.locator("button").press("Enter")
    assert heading.get_attribute("aria-sort") == "descending"
    assert shown() == sorted(before, reverse=True)


def test_a_heading_of_texts_sorts_by_text(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    table = page.locator("#table-parameters")
    table.locator("th button", has_text="parameter").click()
    names = table.locator("tbody td:first-child").all_inner_texts()
    assert names.index("behaviour.new_method_share") < names.index("months") < names.index("seed")


def test_hostile_names_are_shown_as_text_and_do_nothing(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    assert page.locator("h1:visible").inner_text() == HOSTILE
    assert page.evaluate("window.attacked") is None
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 1
    assert MARKUP in page.locator("#table-parameters").inner_text()


@pytest.mark.parametrize("width", [320, 390, 768])
def test_a_narrow_page_does_not_scroll_sideways(page: Page, report: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(report.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.body.scrollWidth") <= width


def test_links_of_the_contents_lead_to_something(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    missing = page.evaluate(
        "[...document.querySelectorAll('nav a')].map(a => a.getAttribute('href'))"
        ".filter(href => !document.querySelector(href))"
    )
    assert missing == []


def test_text_stands_out_on_light_and_on_dark(page: Page, report: Path) -> None:
    for scheme, is_dark in (("light", False), ("dark", True)):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(report.as_uri())
        ground, ink = page.evaluate(
            "[getComputedStyle(document.body).backgroundColor,"
            " getComputedStyle(document.querySelector('figure svg')).color]"
            ".map(text => text.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0))"
        )
        assert (ground < ink) == is_dark
        assert abs(ground - ink) > 400
