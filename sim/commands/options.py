"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from ..words import say


class Language(StrEnum):
    """The languages of all text."""

    ja = "ja"
    en = "en"


def both(key: str) -> str:
    """A help text in both languages."""
    return f"{say(key, 'ja')} / {say(key, 'en')}"


Lang = Annotated[Language | None, typer.Option("--lang", help=both("cli.lang"))]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help=both("cli.quiet"))]
Outside = Annotated[bool, typer.Option("--allow-outside", help=both("cli.outside"))]
