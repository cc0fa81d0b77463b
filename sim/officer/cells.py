"""What an input cell of the officer's workbook is, and the blocks in which cells stand on a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sim.words import InBoth, Phrase

Reader = Literal[
    "text", "count", "amount", "aged", "money", "date", "until", "year", "choice", "funding"
]
Words = InBoth | Phrase
NO_TEXT: Words = InBoth("", "")


@dataclass(frozen=True, kw_only=True)
class Input:
    """One thing that a user types: its label, unit, example, where the figure is found, who reads
    it, within which bounds.

    example: as it stands in the book, a pair where the languages differ; choices: what a pull-down
    offers, by the value that is meant; needed: without it there is no town.
    """

    id: str
    ja: str
    en: str
    reader: Reader
    unit: Words = NO_TEXT
    example: Any = ""
    where: Words = NO_TEXT
    low: float = 0.0
    high: float = 1e9
    choices: Mapping[str, Words] = field(default_factory=dict)
    needed: bool = False

    @property
    def label(self) -> InBoth:
        """Its name in both languages."""
        return InBoth(self.ja, self.en)


@dataclass(frozen=True)
class GridLine:
    """A line of a grid: its id, its name, what is said beside it, and the columns that have no cell
    in it.
    """

    id: str
    name: Words
    about: Words = NO_TEXT
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """A list of input cells, one under the other."""

    id: str
    title: Words
    inputs: tuple[Input, ...]
    note: Words = NO_TEXT


@dataclass(frozen=True)
class Grid:
    """A table of input cells. With no `lines` it is open: the user goes on downwards as far as
    needed, from `shown` empty lines on.
    """

    id: str
    title: Words
    inputs: tuple[Input, ...]
    lines: tuple[GridLine, ...] = ()
    note: Words = NO_TEXT
    shown: int = 12
    about: Words = NO_TEXT  # heading of what is said beside each line

    @property
    def is_open(self) -> bool:
        """Whether the user decides how many lines there are."""
        return not self.lines


Block = Form | Grid


@dataclass(frozen=True)
class InputSheet:
    """A sheet that the user fills in."""

    id: str
    name: Words
    note: Words
    blocks: tuple[Block, ...]


def numbered(count: int) -> tuple[GridLine, ...]:
    """Returns `count` lines without a name."""
    return tuple(GridLine(str(place), NO_TEXT) for place in range(1, count + 1))
