"""Look at a report as people see it: `python -m tests.look [DIR]` (results of `sim compare`;
results/spirals if left out).

Needs Chromium (or Chrome) and poppler's pdftoppm, which a computer that only computes may lack: so
it stands outside the test command. Writes look/ into DIR: screenshots of both languages (wide and
as narrow as a telephone), the printed PDF, a PNG a page.
"""

from __future__ import annotations

import importlib
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

LANGUAGES = ("ja", "en")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SCREENS = {"wide": (1360, 2400), "narrow": (420, 1600)}
DOTS = 70  # an inch, of the pictures of pages
SHEETS = "tests.look_sheets"  # recalculates the workbook, where it is there: `look(folder, into)`


class Lacking(RuntimeError):
    """A program or a file that a look needs and is not there; says so in words."""


def browser() -> str:
    """The browser's program."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise Lacking(
            f"no browser: a look needs one of {', '.join(BROWSERS)} on the PATH (Debian: apt-get install chromium)"
        )
    return found


def painter() -> str:
    """The program that makes pictures of PDF pages."""
    found = shutil.which("pdftoppm")
    if found is None:
        raise Lacking("no pdftoppm: a look needs poppler (Debian: apt-get install poppler-utils)")
    return found


def headless(*arguments: object) -> None:
    """The browser without a window, without a network, in a profile of its own."""
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser(),
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--disable-dev-shm-usage",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={profile}",
            *map(str, arguments),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    if done.returncode:
        raise Lacking(f"the browser ended with code {done.returncode}: {done.stderr[-2000:]}")


def look(folder: Path, into: Path) -> list[Path]:
    """Screenshots, PDF and pages of the reports in `folder`; the files written."""
    into.mkdir(parents=True, exist_ok=True)
    for lang in LANGUAGES:
        report = folder / f"report.{lang}.html"
        if not report.is_file():
            raise Lacking(f"no {report}: make it with `sim compare`")
        for name, (width, height) in SCREENS.items():
            headless(
                f"--screenshot={into / f'{lang}.{name}.png'}",
                f"--window-size={width},{height}",
                report.resolve().as_uri(),
            )
        pdf = into / f"{lang}.pdf"
        headless(f"--print-to-pdf={pdf}", "--no-pdf-header-footer", report.resolve().as_uri())
        subprocess.run(
            [painter(), "-r", str(DOTS), "-png", str(pdf), str(into / f"{lang}.page")], check=True
        )
    return sorted(into.iterdir())


def main(arguments: list[str]) -> int:
    """Look at the results in a folder; exit code 1, with the reason in words, where that cannot
    be.
    """
    folder = Path(arguments[0] if arguments else "results/spirals")
    into = folder / "look"
    try:
        painter()
        for file in look(folder, into):
            print(file)
        if importlib.util.find_spec(SHEETS):
            importlib.import_module(SHEETS).look(folder, into)
    except Lacking as lacking:
        print(lacking, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
