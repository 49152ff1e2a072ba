"""The report of a real run, opened in a browser from the disk.

Needs a Chromium on the path; without one the tests are skipped, or fail where the environment
says TSUKE_REQUIRE_BROWSER=1.
"""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from sim.config import load_config
from sim.experiment.replications import run
from sim.report import write_report
from sim.report.figures import THEMES

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
HOSTILE = f"{MARKUP}{'x' * 400}"
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
    boxes = [figure.bounding_box() for figure in page.locator("figure svg").all()]
    assert len(boxes) == N_FIGURES >= 10
    assert all(box is not None and box["width"] > 300 and box["height"] > 80 for box in boxes)
    drawn = page.locator("figure svg").evaluate_all(
        "all => all.map(svg => svg.querySelectorAll('path, use').length)"
    )
    assert min(drawn) > 10
    assert all(caption.strip() for caption in page.locator("figcaption").all_inner_texts())


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
    assert page.locator("h1").inner_text() == HOSTILE
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
