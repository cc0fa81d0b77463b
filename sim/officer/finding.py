"""Where the input cells of a sheet stand in a workbook that comes back: the row by its label, the column
by its heading, as the template wrote them in either language. Rows and columns that were inserted,
deleted or moved change nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sim.officer.cells import NO_TEXT, Block, Form, Grid, Input, InputSheet, Words
from sim.officer.layout import Place
from sim.words import LANGUAGES, Phrase
from sim.words.errors import Refusal, nearest

Cells = Mapping[
    tuple[int, int], Any
]  # what a sheet holds by row and column, empty cells not among it
SUMS = {"合計", "計", "総計", "total", "sum"}  # names of a line that adds the others up
ANY_NEAR = 0.0


@dataclass
class FoundInputs:
    """Where the input cells of one sheet stand. `places` and `inputs` by key; `lacking` the keys
    whose row or column is not there; `refused` what cannot be read, by the first key of it; `told`
    what was left aside; `lines` of the open grid.
    """

    sheet: str
    places: dict[str, Place] = field(default_factory=dict)
    inputs: dict[str, Input] = field(default_factory=dict)
    lacking: set[str] = field(default_factory=set)
    refused: dict[str, Refusal] = field(default_factory=dict)
    told: list[Phrase] = field(default_factory=list)
    lines: int = 0

    def tell(self, key: str, **values: Any) -> None:
        """Note what was not read, in words."""
        self.told.append(Phrase(f"book.aside.{key}", {"sheet": self.sheet} | values))


class Part(NamedTuple):
    """The part of a sheet in which a block stands: what its rows hold by column, from above, and the
    column of its labels.
    """

    rows: dict[int, dict[int, Any]]
    left: int

    def at(self, row: int, column: int | None) -> str:
        """What a cell holds, as text."""
        return str(self.rows.get(row, {}).get(column or 0, "")).strip()


class AskedLine(NamedTuple):
    """A row to look for: its label, and its input cells by key with the column of each (None where
    its heading is not there).
    """

    label: Words
    inputs: dict[str, Input]
    columns: dict[str, int | None]


def find_inputs(
    cells: Cells, sheet: InputSheet, usual: Mapping[str, Place], name: str
) -> FoundInputs:
    """Returns where the input cells of a sheet stand. `usual`: where the template has them, which
    is the place that is said of a cell that is not there; `name`: of the sheet.
    """
    found = FoundInputs(name)
    tops = _tops(cells, sheet.blocks)
    for block in sheet.blocks:
        top = tops.get(block.id)
        if top is None:
            _no_block(found, block, usual)
            continue
        below = min((row for row, _ in tops.values() if row > top[0]), default=None)
        part = Part(_rows(cells, top[0], below), top[1])
        if isinstance(block, Grid) and block.is_open:
            _open_grid(found, block, part, usual)
        else:
            _lines(found, block, part, usual)
    return found


def _rows(cells: Cells, top: int, below: int | None) -> dict[int, dict[int, Any]]:
    """What stands between two rows, by row and column."""
    rows: dict[int, dict[int, Any]] = {}
    for (row, column), value in sorted(cells.items(), key=lambda item: item[0]):
        if row > top and (below is None or row < below):
            rows.setdefault(row, {})[column] = value
    return rows


def _tops(cells: Cells, blocks: Iterable[Block]) -> dict[str, tuple[int, int]]:
    """Row and column of the title of each block, one below the other."""
    tops: dict[str, tuple[int, int]] = {}
    last = 0
    for block in blocks:
        titles = _said(block.title, _plain)
        rows = [at for at, text in cells.items() if at[0] > last and _plain(text) in titles]
        if rows:
            tops[block.id] = min(rows)
            last = tops[block.id][0]
    return tops


def _plain(text: Any) -> str:
    """A text without regard to width, capitals and spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(text))).lower()


def _bare(text: Any) -> str:
    """A text without what stands in brackets."""
    plain = left = _plain(text)
    while (shorter := re.sub(r"\([^()]*\)", "", left)) != left:
        left = shorter
    return left or plain


def _said(words: Words, how: Any) -> set[str]:
    return {how(words.say(lang)) for lang in LANGUAGES} - {""}


def _with_text(texts: Mapping[int, Any], words: Words) -> list[int]:
    """The places of a text in a row or a column: as it stands, else but for what is in brackets."""
    for how in (_plain, _bare):
        wanted = _said(words, how)
        found = [at for at, text in texts.items() if how(text) in wanted]
        if found:
            return found
    return []


def _headings(block: Block) -> dict[str, Words]:
    """The headings of the columns that hold input cells, by the id of the input; a form has one."""
    if isinstance(block, Form):
        return {"": Phrase("book.head.cell")}
    return {one.id: one.label for one in block.inputs}


def _columns(block: Block, part: Part) -> tuple[int, dict[str, int | None]]:
    """The row of the headings (0 where there is none) and the column of each input: its usual one
    where its heading was written over, None where that column is another's.
    """
    names = _headings(block)
    first = part.left + (0 if isinstance(block, Grid) and block.is_open else 1)
    usual = {id: first + place for place, id in enumerate(names)}
    for row, texts in part.rows.items():
        known = {id: here[0] for id, words in names.items() if (here := _with_text(texts, words))}
        if 2 * len(known) >= len(names):
            taken = {*known.values()}
            other = {id: None if usual[id] in taken else usual[id] for id in names}
            return row, other | known
    return 0, {**usual}


def _no_block(found: FoundInputs, block: Block, usual: Mapping[str, Place]) -> None:
    """Refuse a block whose title is not there, once."""
    inputs = {one.id: one for one in block.inputs}
    keys = [key for key in usual if key.split(".")[0] == block.id]
    for key in keys:
        found.places[key], found.inputs[key] = usual[key], inputs[key.split(".")[-1]]
    found.lacking |= {*keys}
    found.refused[keys[0]] = Refusal("book.wrong.no_block", title=block.title)


def _lines(found: FoundInputs, block: Block, part: Part, usual: Mapping[str, Place]) -> None:
    """Find the lines of a form or of a grid with lines of its own, and what else stands there."""
    head, columns = _columns(block, part)
    labels = {row: texts[part.left] for row, texts in part.rows.items() if part.left in texts}
    asked = [*_asked(block, columns)]
    rows = {place: _with_text(labels, line.label) for place, line in enumerate(asked)}
    known = {row for one in rows.values() for row in one} | {head}
    other = _left_aside(found, block, part, known, {*columns.values()} - {None})
    for place, line in enumerate(asked):
        _line(found, line, rows[place], usual, other)


def _asked(block: Block, columns: Mapping[str, int | None]) -> Iterable[AskedLine]:
    """Yields the lines of a block."""
    if isinstance(block, Form):
        for one in block.inputs:
            key = f"{block.id}.{one.id}"
            yield AskedLine(one.label, {key: one}, {key: columns[""]})
        return
    for line in block.lines:
        inputs = {
            f"{block.id}.{line.id}.{one.id}": one
            for one in block.inputs
            if one.id not in line.without
        }
        yield AskedLine(line.name, inputs, {key: columns[key.split(".")[-1]] for key in inputs})


def _line(
    found: FoundInputs,
    line: AskedLine,
    rows: list[int],
    usual: Mapping[str, Place],
    other: list[str],
) -> None:
    """Place the input cells of a line; say what is wrong where its label stands twice or not at all.
    A line that is gone is as good as empty, unless another label may be meant for it (`other`).
    """
    found.inputs |= line.inputs
    first, *_ = line.inputs
    for key, column in line.columns.items():
        there = len(rows) == 1 and column is not None
        found.places[key] = Place(found.sheet, rows[0], column or 0) if there else usual[key]
        if not there:
            found.lacking.add(key)
        if len(rows) == 1 and column is None:
            words = line.inputs[key].label
            found.refused.setdefault(first, Refusal("book.wrong.no_column", column=words))
    if len(rows) > 1:
        places = ", ".join(map(str, rows))
        found.refused[first] = Refusal("book.wrong.row_twice", label=line.label, rows=places)
    elif not rows and (other or any(one.needed for one in line.inputs.values())):
        texts = [line.label.say(lang) for lang in LANGUAGES]
        near = next((one for text in texts if (one := nearest(text, other, ANY_NEAR))), "")
        key = "book.wrong.row_renamed" if near else "book.wrong.no_row"
        found.refused[first] = Refusal(key, label=line.label, row=near)
    elif not rows:
        found.tell("no_row", label=line.label)


def _left_aside(
    found: FoundInputs, block: Block, part: Part, known: set[int], columns: set[Any]
) -> list[str]:
    """Tell of rows that hold something where input cells stand and have no label of the template;
    returns their labels.
    """
    known_texts = _said(Phrase("book.head.example"), _plain) | _said(block.note, _plain)
    labels = []
    for row, texts in part.rows.items():
        label = part.at(row, part.left)
        if row in known or _plain(label) in known_texts:
            continue
        if columns & {*texts}:
            found.tell("row", row=row, label=label or Phrase("book.aside.nameless"))
            labels += [label] if label else []
    return labels


def _open_grid(found: FoundInputs, grid: Grid, part: Part, usual: Mapping[str, Place]) -> None:
    """Find the lines of an open grid: all rows below its headings, but for the examples."""
    head, columns = _columns(grid, part)
    lacking = [one for one in grid.inputs if columns[one.id] is None]
    if not head or lacking:
        _no_block(found, grid, usual)
        if head:
            refusal = Refusal("book.wrong.no_column", column=lacking[0].label)
            found.refused[f"{grid.id}.1.{grid.inputs[0].id}"] = refusal
        return
    start = head + 1 + _is_example(grid, part, head + 1, columns)
    used = {*columns.values()}
    filled = [row for row, texts in part.rows.items() if row >= start and used & {*texts}]
    found.lines = max(filled, default=start - 1) - start + 1
    name = columns[grid.inputs[0].id]
    for line in range(1, max(found.lines, grid.shown) + 1):
        row = start + line - 1
        is_sum = _plain(part.at(row, name)) in SUMS
        if is_sum:
            found.tell("sum", row=row, label=part.at(row, name))
        for one in grid.inputs:
            key = f"{grid.id}.{line}.{one.id}"
            found.places[key] = Place(found.sheet, row, columns[one.id] or 0)
            found.inputs[key] = one
            found.lacking |= {key} if is_sum else set()


def _is_example(grid: Grid, part: Part, row: int, columns: Mapping[str, int | None]) -> bool:
    """Whether a row holds the examples of the template, all of them."""
    return all(_plain(part.at(row, columns[one.id])) in _examples(one) for one in grid.inputs)


def _examples(one: Input) -> set[str]:
    """The example of an input cell in each language."""
    words = one.example if hasattr(one.example, "say") else NO_TEXT
    return _said(words, _plain) or {_plain(one.example)}
