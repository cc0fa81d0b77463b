"""The scripts and styles of the page, which ship with the package."""

from __future__ import annotations

from pathlib import Path

STATIC = Path(__file__).with_name("static")
KINDS = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}


def static_file(name: str) -> tuple[bytes, str] | None:
    """A file of the page and its kind; None where there is no such file."""
    files = {one.name: one for one in STATIC.iterdir() if one.suffix in KINDS}
    return None if name not in files else (files[name].read_bytes(), KINDS[files[name].suffix])
