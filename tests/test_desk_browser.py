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

from sim.desk.lesson import all_lessons, lesson_shown
from sim.desk.office.form import form_shown
from sim.desk.static_files import STATIC
from sim.words import words

ROOT = Path(__file__).parents[1]
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
PATIENCE = 120_000  # ms
SMALLEST = 20  # px of a letter on a page 1280 wide
SERVER = """
import sys
from pathlib import Path
from sim.cli.desk import desk_with
from sim.desk.lesson import lesson_named
from sim.desk.page_server import bound_socket, serve_page
from sim.words import speak
from tests.towns import small_scenario

if __name__ == "__main__":
    speak("ja")
    town = small_scenario(300, run_in_weeks=52, years=2)
    desk = desk_with(town, town, 1, Path(sys.argv[1]))
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
        [sys.executable, str(script), str(script.parent / "works")],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
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
        page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
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


NAMELESS = """() => [...document.querySelectorAll("button, input, select, textarea, canvas, svg[role], a, progress")]
  .filter((one) => !(one.getAttribute("aria-label") || [...(one.labels || [])].some((label) => label.textContent.trim())
    || (one.tagName !== "SELECT" && one.textContent.trim())))
  .map((one) => one.outerHTML.slice(0, 120))"""
TOO_SMALL = """(least) => [...document.querySelectorAll("body *")]
  .filter((one) => one.offsetParent && !one.closest(".unseen"))
  .filter((one) => [...one.childNodes].some((part) => part.nodeType === 3 && part.data.trim()))
  .filter((one) => parseFloat(getComputedStyle(one).fontSize) < least)
  .map((one) => one.textContent.slice(0, 40))"""
NO_GLYPH = r"""([letters, face]) => {
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d", { willReadFrequently: true });
  canvas.width = canvas.height = 48;
  const drawn = (letter) => {
    pen.fillStyle = "#fff"; pen.fillRect(0, 0, 48, 48); pen.fillStyle = "#000";
    pen.font = `32px ${face}`; pen.fillText(letter, 4, 36);
    return pen.getImageData(0, 0, 48, 48).data.join();
  };
  const none = ["\u0378", "\u{E0FFF}", "\uFFFE"].map(drawn);
  return [...letters].filter((letter) => none.includes(drawn(letter)));
}"""


def test_every_letter_of_the_pages_has_a_glyph(page):
    texts = [text for lang in ("ja", "en") for key, text in words(lang).items() if "desk." in key]
    texts += [file.read_text(encoding="utf-8") for file in STATIC.iterdir()]
    texts += [str(form_shown(lang)) for lang in ("ja", "en")]
    texts += [str(lesson_shown(one, "ja")) for one in all_lessons()]
    letters = "".join(sorted({one for one in "".join(texts) if one.isprintable() and one.strip()}))
    assert len(letters) > 500
    face = page.evaluate("getComputedStyle(document.body).fontFamily")
    if page.evaluate(NO_GLYPH, ["あ", face]):
        pytest.skip("no Japanese font is installed: glyphs are not looked at")
    assert page.evaluate(NO_GLYPH, [letters, face]) == []
    assert page.evaluate(NO_GLYPH, ["\u0379", face]) == ["\u0379"]  # the look finds what is missing


def test_what_can_be_pressed_has_a_name_and_letters_are_large(page):
    for lang in ("en", "ja"):
        page.click("#language")
        page.wait_for_selector(f"html[lang={lang}]")
        page.wait_for_selector('#scene[data-week="104"]')
        page.click("#lesson-close")
        page.click("#levers")
        assert page.evaluate(NAMELESS) == []
        assert page.evaluate(TOO_SMALL, SMALLEST) == []
        page.click("#levers")


def test_keys_do_what_the_page_says_wherever_the_focus_is(page):
    page.focus("#step")
    for key, view in (("2", "loops"), ("4", "money"), ("1", "towns")):
        page.keyboard.press(key)
        page.wait_for_selector(f'#scene[data-view="{view}"]')
    page.keyboard.press("l")
    page.wait_for_selector("#drawer:not([hidden]) input:focus")
    page.keyboard.press("2")  # belongs to the field
    assert page.get_attribute("#scene", "data-view") == "towns"
    page.keyboard.press("Escape")
    page.wait_for_selector("#drawer", state="hidden")
    page.focus("#scene")
    page.keyboard.press("ArrowLeft")
    at_week(page, 52)
    page.focus("#year")
    page.keyboard.press(" ")  # the button that has the focus, not play
    at_week(page, 104)


def test_a_plan_is_typed_found_again_and_shown_as_two_towns(page):
    origin = page.url.split("/", 3)
    office = page.context.new_page()
    office.set_default_timeout(PATIENCE)
    errors: list[str] = []
    office.on("pageerror", lambda one: errors.append(str(one)))
    office.set_viewport_size({"width": 1280, "height": 720})
    office.goto(f"{origin[0]}//{origin[2]}/office?lang=ja")
    office.fill("[id='f-town.name']", "例示町")
    office.fill("[id='f-town.population']", "600")
    office.fill("[id='f-town.aged']", "多い")
    office.wait_for_selector("[id='wrong-town.aged']:not(:empty)")
    office.fill("[id='f-town.aged']", "34%")
    office.click("#step-wanted")
    office.fill("[id='f-measures.csw.number']", "2")
    office.wait_for_selector(".card.wanted .cost:has-text('11,000千円')")
    office.fill("[id='f-run.years']", "2")
    office.wait_for_selector("#amount:has-text('22,000千円')")
    assert office.evaluate(NAMELESS) == []
    office.click("#step-result")
    office.wait_for_selector("#run_all")
    office.reload()
    office.wait_for_selector("#amount:has-text('22,000千円')")
    office.click("#step-town")
    assert office.input_value("[id='f-town.name']") == "例示町"
    for width in (1366, 390):
        office.set_viewport_size({"width": width, "height": 768})
        assert office.evaluate("document.documentElement.scrollWidth <= innerWidth")
    office.click("#step-wanted")
    office.click("#see-towns")
    office.wait_for_selector("#when:not(:empty)")
    office.wait_for_selector('#scene[data-week="0"]')
    assert "要求する案" in office.evaluate("fetch('/setup').then((one) => one.text())")
    office.close()
    page.wait_for_selector('#scene[data-week="0"]')
    assert errors == []


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
