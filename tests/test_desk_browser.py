"""The desk in a real browser: Chromium of the system, driven by Playwright; skipped, and said so,
where either is absent.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
PATIENCE = 120_000  # ms
SMALLEST = 20  # px of a letter on a page 1280 wide
SERVER = """
import sys
from sim.cli.desk import desk_with
from sim.desk.lesson import lesson_named
from sim.desk.page_server import bound_socket, serve_page
from sim.words import speak
from tests.towns import small_scenario

if __name__ == "__main__":
    speak("ja")
    town = small_scenario(300, run_in_weeks=52, years=2)
    desk = desk_with(town, town, 1)
    desk.twin.lesson, desk.twin.lines = "2", lesson_named("2").lines
    serve_page(desk, bound_socket(0), lambda address: print(address, flush=True))
"""

try:
    from playwright.sync_api import Page, sync_playwright
except ImportError:
    pytest.skip(
        "Playwright is not installed: the desk is not tried in a browser", allow_module_level=True
    )
if CHROMIUM is None:
    pytest.skip("there is no Chromium: the desk is not tried in a browser", allow_module_level=True)


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[tuple[str, subprocess.Popen]]:
    """The address of a desk of two small towns, and its process."""
    script = tmp_path_factory.mktemp("desk") / "server.py"
    script.write_text(SERVER, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdout is not None
    yield process.stdout.readline().strip(), process
    if process.poll() is None:
        process.kill()
    process.wait()


@pytest.fixture(scope="module")
def page(server) -> Iterator[Page]:
    """The page, with every request to elsewhere and every error noted."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(PATIENCE)
        page.elsewhere, page.errors = [], []
        page.on(
            "request",
            lambda one: page.elsewhere.append(one.url) if "127.0.0.1" not in one.url else None,
        )
        page.on("pageerror", lambda one: page.errors.append(str(one)))
        page.goto(server[0])
        page.wait_for_selector("#when:not(:empty)")
        yield page
        browser.close()


def at_week(page: Page, week: int) -> None:
    """Wait until the towns have come to a week."""
    page.wait_for_selector(f'#scene[data-week="{week}"]')


def children_of(pid: int) -> list[int]:
    """The processes that a process has started."""
    told = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    )
    pairs = (map(int, line.split()) for line in told.stdout.splitlines())
    return [one for one, parent in pairs if parent == pid]


def lives(pid: int) -> bool:
    """Whether there is a process of this number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def spoken(page: Page) -> str:
    """The picture in words."""
    return page.get_attribute("#scene", "aria-label") or ""


def test_the_address_is_cleaned_and_a_lesson_is_guessed_run_and_printed(page):
    """From start to sheet without typing."""
    assert "token" not in page.url
    page.click("#lesson-next")
    for field in page.query_selector_all("#lesson .years input"):
        field.fill("1")
    page.click("#lesson-next")
    page.click("#lesson .wide >> nth=0")
    page.click("#lesson-run")
    at_week(page, 104)
    page.click("#lessons")
    assert re.search(r"町A [\d.]+、町B [\d.]+", page.inner_text("#lesson"))
    for _ in range(3):
        page.click("#lesson-next")
    assert page.query_selector("#sheet img") and "sim compare" in page.text_content("#sheet")
    page.click("#lesson-close")


def test_a_lever_moves_town_b_alone_and_undo_takes_it_back(page):
    before = spoken(page)
    page.focus("#rewind")
    page.keyboard.press("Home")
    at_week(page, 0)
    page.click("#levers")
    page.fill("[id='c-caseworker.fte']", "6")
    page.click(".control:has([id='c-caseworker.fte']) button")
    page.wait_for_selector("#changes li:has-text('相談員')")
    page.click("#levers")
    page.click("#year")
    at_week(page, 52)
    page.click("#year")
    at_week(page, 104)
    after = spoken(page)
    assert after != before
    sides = [re.findall(r"A ([\d.]+), B ([\d.]+)", one) for one in (before, after)]
    assert [a for a, _ in sides[0]] == [a for a, _ in sides[1]]
    assert [b for _, b in sides[0]] != [b for _, b in sides[1]]
    page.click("#levers")
    page.click("#undo")
    page.wait_for_selector("#undo:disabled")
    page.click("#levers")
    assert spoken(page) == before


def test_both_languages_every_view_and_no_letter_too_small_to_read(page):
    for lang in ("en", "ja"):
        page.click("#language")
        page.wait_for_selector(f"html[lang={lang}]")
        page.wait_for_selector('#scene[data-week="104"]')
        page.click("#lesson-close")
        for view in ("towns", "loops", "money", "life"):
            page.click(f"#view-{view}")
            page.wait_for_selector(f'#scene[data-view="{view}"]')
            assert float(page.get_attribute("#scene", "data-smallest") or 0) >= SMALLEST
            assert page.get_attribute("#scene", "data-crowded") == "", (lang, view)
    page.click("#view-towns")


def test_a_recorded_page_plays_from_a_file(page, tmp_path):
    page.click("#levers")
    with page.expect_download() as download:
        page.click("#record")
    page.click("#levers")
    file = tmp_path / "played.html"
    download.value.save_as(file)
    browser = page.context.browser
    assert browser is not None
    played = browser.new_page(viewport={"width": 1280, "height": 720})
    asked: list[str] = []
    played.on("request", lambda one: asked.append(one.url))
    played.goto(file.as_uri())
    played.wait_for_selector("#when:not(:empty)")
    first = played.get_attribute("#scene", "aria-label")
    played.focus("#rewind")
    played.keyboard.press("End")
    assert played.get_attribute("#scene", "aria-label") != first
    assert all(one.startswith(("file:", "data:")) for one in asked), asked
    played.close()


def test_ctrl_c_ends_the_server_and_its_towns_and_the_page_says_so(page, server):
    assert page.elsewhere == [] and page.errors == []
    _, process = server
    towns = children_of(process.pid)
    assert len(towns) >= 2
    process.send_signal(signal.SIGINT)
    assert process.wait(30) in (0, -signal.SIGINT, 130)
    until = time.monotonic() + 20
    while time.monotonic() < until and any(map(lives, towns)):
        time.sleep(0.1)
    assert not any(map(lives, towns))
    page.wait_for_selector("#message:not([hidden])")
