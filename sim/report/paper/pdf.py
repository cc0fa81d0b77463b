"""A page of HTML printed to PDF through a Chromium of the system, where there is one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from sim.files.toml import write_whole_bytes

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
)
INSTALLED = (  # where they stand on Windows and macOS
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
SECONDS = 120.0
# the page is our own and asks nothing from outside; Chromium refuses to run as root without this
NO_SANDBOX = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")


def browser() -> str | None:
    """The first browser of the system that can print; None where there is none."""
    found = (shutil.which(name) for name in BROWSERS)
    there = (name for name in INSTALLED if Path(name).is_file())
    return next((one for one in (*found, *there) if one), None)


def print_pdf(html: Path, pdf: Path) -> bool:
    """Print a page to PDF, written whole; returns whether it was done. A browser that fails leaves no
    file. Raises ScenarioError where the PDF cannot be written.
    """
    program = browser()
    if program is None:
        return False
    with tempfile.TemporaryDirectory() as own:
        made = Path(own) / "made.pdf"
        command = [
            program,
            "--headless=new",
            "--disable-gpu",
            *NO_SANDBOX,
            "--disable-dev-shm-usage",
            f"--user-data-dir={own}/profile",
            "--no-pdf-header-footer",
            f"--print-to-pdf={made}",
            html.resolve().as_uri(),
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
            content = made.read_bytes()
        except (OSError, subprocess.SubprocessError):
            return False
    write_whole_bytes(pdf, content, overwrite=True)
    return True


def pages_of(pdf: Path) -> int:
    """How many pages a PDF has, as far as its objects say so."""
    return len(PAGE.findall(pdf.read_bytes()))
