"""What goes to the screen, a pipe or a text file: tables of words, and text written whole."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated, cast

import typer
from rich.console import Console
from rich.table import Table

from sim.cli.help import bilingual_help
from sim.files.toml import write_whole
from sim.report.text.listing import Section
from sim.words import LANGUAGES, Phrase, language, say
from sim.words.errors import fault, short

NARROWEST = 160  # columns of a table that goes to a file or a pipe


def console_for(out: Path | None) -> Console:
    """Returns a console for the screen, wide where it is no terminal; with `out`, one that keeps
    everything for a file.
    """
    if out is not None:
        nowhere = cast(IO[str], _Nowhere())  # the console asks no more of it
        return Console(record=True, width=NARROWEST, file=nowhere, legacy_windows=False)
    return Console() if sys.stdout.isatty() else Console(width=NARROWEST)


class _Nowhere:
    """A stream that forgets what is written to it (the console's own record is used)."""

    def write(self, text: str) -> int:
        """Take the text and do nothing."""
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""


def screen_table(section: Section) -> Table:
    """Returns a section as a table of the screen; text in brackets stands as written."""
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


# in which a comparison tries each part of a bundle alone: with fewer, nothing could be told from
# luck
PAIRS = 4
MOST_PAIRS = 64


class Language(StrEnum):
    """The languages of all text."""

    ja = "ja"
    en = "en"


class Languages(StrEnum):
    """The languages of what is written into files."""

    ja = "ja"
    en = "en"
    both = "both"


def tell_late(late: Sequence[str], quiet: bool) -> None:
    """Say what is left out of a run that --years has shortened."""
    if late and not quiet:
        print(say("note.late", list=", ".join(late)), file=sys.stderr)


def check_pairs(pairs: int) -> None:
    """Refuse a number of pairs in which luck could not be told from a difference."""
    if pairs and not PAIRS <= pairs <= MOST_PAIRS:
        raise fault(
            "error.parts",
            at="--parts",
            given=pairs,
            allowed=Phrase("allowed.pairs", {"low": PAIRS, "high": MOST_PAIRS}),
        )


def languages_of(lang: Languages | None) -> tuple[str, ...]:
    """Returns the languages that files are written in: that of the screen, or both."""
    return LANGUAGES if lang == Languages.both else (language(),)


Langs = Annotated[Languages | None, typer.Option("--lang", help=bilingual_help("cli.langs"))]
Figures = Annotated[
    bool, typer.Option("--figures/--no-figures", help=bilingual_help("cli.figures"))
]
Lang = Annotated[Language | None, typer.Option("--lang", help=bilingual_help("cli.lang"))]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help=bilingual_help("cli.quiet"))]
Outside = Annotated[bool, typer.Option("--allow-outside", help=bilingual_help("cli.outside"))]
Code = Annotated[
    list[Path] | None, typer.Option("--allow-code", help=bilingual_help("cli.allow_code"))
]
Out = Annotated[Path | None, typer.Option("--out", help=bilingual_help("cli.out"))]
