"""What goes to the screen, a pipe or a text file: tables of words, and text written whole."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from .scenario.complete import Section
from .scenario.errors import short
from .scenario.files import write_whole
from .words import language, say

NARROWEST = 160  # columns of a table that goes to a file or a pipe


def console_for(out: Path | None) -> Console:
    """A console for the screen, wide where it is no terminal; with `out`, one that keeps everything for a file."""
    if out is not None:
        return Console(record=True, width=NARROWEST, file=_Nowhere(), legacy_windows=False)
    return Console() if sys.stdout.isatty() else Console(width=NARROWEST)


class _Nowhere:
    """A stream that forgets what is written to it (the console's own record is used)."""

    def write(self, text: str) -> int:
        """Take the text and do nothing."""
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""


def as_table(section: Section) -> Table:
    """A section as a table of the screen; text in brackets stands as written."""
    table = Table(title=section.title or None, title_justify="left", show_lines=False)
    for place, column in enumerate(section.columns):
        table.add_column(column, overflow="fold", no_wrap=place == 0)
    for row in section.rows:
        table.add_row(*(cell.replace("[", "\\[") for cell in row))
    return table


def finish(console: Console, out: Path | None, quiet: bool = False) -> None:
    """Write what a console kept to its file, and say so."""
    if out is not None:
        deliver(console.export_text(), out, quiet=quiet)


def deliver(text: str, out: Path | None, encoding: str = "utf-8", quiet: bool = False) -> None:
    """Text to a file, written whole (an older one is replaced), or to the screen."""
    if out is None:
        sys.stdout.write(text)
        return
    write_whole(out, text, overwrite=True, encoding=encoding)
    if not quiet:
        print(say("written", language(), file=short(out)))
