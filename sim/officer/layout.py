"""Where everything stands on a sheet that is filled in: the texts of the template, and the place of
each input cell by its key. The writer and the reader use the same places.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from sim.officer.cells import Block, Form, Grid, GridLine, Input, InputSheet, Words, numbered
from sim.words import Phrase, say

Style = Literal["title", "note", "block", "head", "label", "unit", "example", "where", "shut"]
FIRST_BLOCK = 4  # row of the first block, below title, note and legend
WHERE = 5  # column of a form in which the source of a figure stands


class PlacedText(NamedTuple):
    """A text of the template: its row and column, how it looks, and to which column it reaches."""

    row: int
    column: int
    text: str
    style: Style
    to: int = 0


class Place(NamedTuple):
    """Where an input cell stands: sheet, row and column, which count from 1."""

    sheet: str
    row: int
    column: int


@dataclass
class SheetLayout:
    """A sheet in one language: its texts, its input cells by key and where each stands, the number
    of its columns, and the first row of its open grid (0 where it has none).
    """

    sheet: InputSheet
    lang: str
    texts: list[PlacedText] = field(default_factory=list)
    inputs: dict[str, Input] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    columns: int = WHERE
    row: int = FIRST_BLOCK
    open_from: int = 0

    @property
    def name(self) -> str:
        """The name of the sheet."""
        return self.sheet.name.say(self.lang)

    def say(self, column: int, words: Words | str, style: Style, to: int = 0) -> None:
        """Put a text of the template into the present row."""
        text = words if isinstance(words, str) else words.say(self.lang)
        if text or style == "shut":
            self.texts.append(PlacedText(self.row, column, text, style, to))

    def ask(self, key: str, one: Input, column: int) -> None:
        """Put an input cell into the present row."""
        self.inputs[key] = one
        self.places[key] = Place(self.name, self.row, column)


def laid_out(sheet: InputSheet, lang: str, open_lines: int = 0) -> SheetLayout:
    """Returns the layout of a sheet, whose open grid has at least `open_lines` lines."""
    layout = SheetLayout(sheet, lang)
    layout.columns = max(WHERE, *(_width(block) for block in sheet.blocks))
    layout.row = 1
    layout.say(1, sheet.name, "title", layout.columns)
    for layout.row, words in enumerate((sheet.note, Phrase("book.legend")), start=2):
        layout.say(1, words, "note", layout.columns)
    layout.row = FIRST_BLOCK
    for block in sheet.blocks:
        layout.row += 1
        layout.say(1, block.title, "block", layout.columns)
        if block.note.say(lang):
            layout.row += 1
            layout.say(1, block.note, "note", layout.columns)
        layout.row += 1
        _form(layout, block) if isinstance(block, Form) else _grid(layout, block, open_lines)
    return layout


def _width(block: Block) -> int:
    if isinstance(block, Form):
        return WHERE
    return len(block.inputs) + (not block.is_open) + bool(block.about.say("ja"))


def _form(layout: SheetLayout, form: Form) -> None:
    heads = ("item", "cell", "unit", "example", "where")
    for column, head in enumerate(heads, start=1):
        to = layout.columns if head == "where" else 0
        layout.say(column, say(f"book.head.{head}", layout.lang), "head", to)
    layout.row += 1
    for one in form.inputs:
        layout.say(1, one.label, "label")
        layout.ask(f"{form.id}.{one.id}", one, 2)
        layout.say(3, one.unit, "unit")
        layout.say(4, example(one, layout.lang), "example")
        layout.say(WHERE, one.where, "where", layout.columns)
        layout.row += 1


def _grid(layout: SheetLayout, grid: Grid, open_lines: int) -> None:
    first = 1 if grid.is_open else 2
    if not grid.is_open:
        layout.say(1, say("book.head.item", layout.lang), "head")
    for column, one in enumerate(grid.inputs, start=first):
        unit = one.unit.say(layout.lang)
        layout.say(column, one.label.say(layout.lang) + (f"\n({unit})" if unit else ""), "head")
    layout.say(first + len(grid.inputs), grid.about, "head", layout.columns)
    layout.row += 1
    if not grid.is_open:
        layout.say(1, say("book.head.example", layout.lang), "example")
    for column, one in enumerate(grid.inputs, start=first):
        layout.say(column, example(one, layout.lang), "example")
    layout.row += 1
    if grid.is_open:
        layout.open_from = layout.row
    for line in _lines(grid, open_lines):
        _line(layout, grid, line, first)
        layout.row += 1


def _lines(grid: Grid, open_lines: int) -> Iterator[GridLine]:
    yield from grid.lines or numbered(max(open_lines, grid.shown))


def _line(layout: SheetLayout, grid: Grid, line: GridLine, first: int) -> None:
    layout.say(1, line.name, "label")
    for column, one in enumerate(grid.inputs, start=first):
        if one.id in line.without:
            layout.say(column, "", "shut")
        else:
            layout.ask(f"{grid.id}.{line.id}.{one.id}", one, column)
    layout.say(first + len(grid.inputs), line.about, "where", layout.columns)


def example(one: Input, lang: str) -> str:
    """Returns the example of an input cell as it stands in the book."""
    return one.example.say(lang) if hasattr(one.example, "say") else str(one.example)
