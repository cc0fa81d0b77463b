"""Options that several commands share."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ..scenario.errors import fault
from ..words import LANGUAGES, Phrase, language, say

PAIRS = 4  # in which a comparison tries each part of a bundle alone: with fewer, nothing could be told from luck
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


def both(key: str) -> str:
    """A help text in both languages."""
    return f"{say(key, 'ja')} / {say(key, 'en')}"


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
    """The languages that files are written in: that of the screen, or both."""
    return LANGUAGES if lang == Languages.both else (language(),)


Langs = Annotated[Languages | None, typer.Option("--lang", help=both("cli.langs"))]
Figures = Annotated[bool, typer.Option("--figures/--no-figures", help=both("cli.figures"))]
Lang = Annotated[Language | None, typer.Option("--lang", help=both("cli.lang"))]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help=both("cli.quiet"))]
Outside = Annotated[bool, typer.Option("--allow-outside", help=both("cli.outside"))]
Out = Annotated[Path | None, typer.Option("--out", help=both("cli.out"))]
