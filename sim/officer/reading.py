"""A workbook that comes back: opened, every input cell found by its label, read, and what
else the user put there kept. All faults are gathered before anything is said.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from sim.files.toml import reason
from sim.officer.cells import Input
from sim.officer.changed_prices import ChangedPrices, changed_prices
from sim.officer.finding import FoundInputs, find_inputs
from sim.officer.layout import Place, SheetLayout, laid_out
from sim.officer.readers import read_input
from sim.officer.sheets import BOOK, INPUT_SHEETS
from sim.officer.writing import Typed
from sim.words import LANGUAGES, Phrase, say
from sim.words.errors import (
    NOTHING,
    Fault,
    Refusal,
    ScenarioError,
    fault,
    nearest,
    short,
)

SIZE = "size "  # begins the property that says how far a sheet of results was written
MOST_CELLS = 200_000  # of one sheet: more is no sheet that anybody types
LARGEST_FILE = 50_000_000  # bytes


@dataclass(frozen=True)
class Carried:
    """A cell that the user added: sheet, address, value and number format."""

    sheet: str
    row: int
    column: int
    typed: Typed

    @property
    def address(self) -> str:
        """Its address, such as "F3"."""
        return f"{get_column_letter(self.column)}{self.row}"


@dataclass
class BookRead:
    """A workbook as it was read. `values` holds what the cells mean by key (without those that are
    empty or unknown), `typed` what stands in them, `places` where; `faults` what is wrong, by key
    of the cell; `added` cells beside those of the template, `beside` those beside results,
    `own_sheets` sheets of the user's own; `lacking` the keys whose row or column is not there, `told`
    which rows were not read.
    """

    file: Path
    lang: str
    values: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, Typed] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    inputs: dict[str, Input] = field(default_factory=dict)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    added: list[Carried] = field(default_factory=list)
    own_sheets: dict[str, list[Carried]] = field(default_factory=dict)
    open_lines: int = 0
    changed: ChangedPrices = field(default_factory=ChangedPrices)
    beside: list[Carried] = field(default_factory=list)
    told: list[Phrase] = field(default_factory=list)
    lacking: set[str] = field(default_factory=set)

    def refuse(self, key: str, refusal: Refusal) -> None:
        """Note what is wrong with an input cell."""
        given: Any = NOTHING
        if key in self.typed:
            given = refusal.given if refusal.given is not NOTHING else self.typed[key].value
        found = Fault(
            refusal.phrase,
            short(self.file),
            self.place(key),
            given if isinstance(given, (int, float, str)) or given is NOTHING else str(given),
            refusal.allowed,
            refusal.near,
        )
        self.faults.setdefault(key, []).append(found)

    def take(self, key: str, one: Input, typed: Typed) -> None:
        """Note what was `typed` into the input `one` and read it; what cannot be read is refused."""
        if typed.value not in (None, ""):
            self.typed[key] = typed
        try:
            value = read_input(one, typed.value, self.lang)
        except Refusal as refusal:
            self.refuse(key, refusal)
            return
        if value is not None:
            self.values[key] = value
        elif one.needed:
            self.refuse(key, Refusal("book.wrong.needed"))

    def place(self, key: str) -> Phrase:
        """Where an input cell stands, in words: sheet, address, and what it is."""
        sheet, row, column = self.places[key]
        address = f"{get_column_letter(column)}{row}"
        label = self.inputs[key].label
        return Phrase("book.place", {"sheet": sheet, "cell": address, "label": label})

    @property
    def all_faults(self) -> list[Fault]:
        """Every fault in the order of the sheets, from above."""
        order = {key: place for place, key in enumerate(self.places)}
        keys = sorted(self.faults, key=lambda key: order[key])
        return [*(one for key in keys for one in self.faults[key]), *self.changed.faults]


def read_book(file: Path) -> BookRead:
    """Returns a workbook as it was read. The sheets that this program made beside those that are
    filled in have their size noted in the file; all others are the user's own.

    Raises ScenarioError where the file cannot be opened, or is not this workbook.
    """
    book = open_book(file)
    lang = _language(book, file)
    read = BookRead(file, lang)
    names = {}
    for sheet in INPUT_SHEETS:
        layout = laid_out(sheet, lang)
        names[layout.name] = layout
        page = book[layout.name]
        cells = {(one.row, one.column): one.typed.value for one in _cells(page)}
        found = find_inputs(cells, sheet, layout.places, layout.name)
        read.open_lines = max(read.open_lines, found.lines)
        _inputs(read, page, found)
        read.added += _added(read, page, layout)
    read.changed = changed_prices(book, BOOK, short(file))
    sizes = {one.name: str(one.value) for one in book.custom_doc_props.props}
    for page in book.worksheets:
        if SIZE + page.title in sizes:
            read.beside += _beside(page, sizes[SIZE + page.title])
        elif page.title not in names:
            read.own_sheets[page.title] = list(_cells(page))
    return read


def _beside(page: Worksheet, size: str) -> list[Carried]:
    """The cells that a user typed beside or below what this program had written into a sheet."""
    rows, _, columns = size.partition(":")
    if not rows.isdigit() or not columns.isdigit():
        return []
    return [one for one in _cells(page) if one.row > int(rows) or one.column > int(columns)]


def open_book(file: Path) -> Workbook:
    """Returns the workbook of a file with the values that its formulas show. Raises ScenarioError
    where it cannot be read, which it cannot while Excel holds it on some systems.
    """
    at = short(file)
    if file.suffix.lower() not in (".xlsx", ".xlsm"):
        raise fault("book.suffix", file=at, given=file.suffix, allowed=".xlsx")
    try:
        content = file.read_bytes()
    except PermissionError:
        raise fault("book.open_elsewhere", file=at) from None
    except OSError as error:
        raise fault("error.path", file=at, detail=reason(error)) from None
    if len(content) > LARGEST_FILE:
        raise fault("book.large", file=at)
    try:
        return load_workbook(io.BytesIO(content), data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, TypeError):
        raise fault("book.no_workbook", file=at) from None


def _language(book: Workbook, file: Path) -> str:
    """The language whose sheets the book has."""
    lacking = {
        lang: [one.name.say(lang) for one in INPUT_SHEETS if one.name.say(lang) not in book]
        for lang in LANGUAGES
    }
    lang = min(lacking, key=lambda one: len(lacking[one]))
    names, known = lacking[lang], [one.name.say(lang) for one in INPUT_SHEETS]
    if len(names) == len(known):
        raise fault("book.lacks_sheets", file=short(file), given=", ".join(book.sheetnames),
            allowed=", ".join(known))  # fmt: skip
    others = [one for one in book.sheetnames if one not in known]
    faults = (
        fault("book.lacks_sheet", file=short(file), name=name, near=nearest(name, others)).faults
        for name in names
    )
    if names:
        raise ScenarioError(*(one for found in faults for one in found))
    return lang


def _inputs(read: BookRead, page: Worksheet, found: FoundInputs) -> None:
    """Read the input cells of a sheet."""
    read.told += found.told
    read.lacking |= found.lacking
    for key, place in found.places.items():
        one = found.inputs[key]
        read.places[key], read.inputs[key] = place, one
        if key in found.refused:
            read.refuse(key, found.refused[key])
        if key in found.lacking:
            continue
        cell = page.cell(place.row, place.column)
        if isinstance(cell, MergedCell):
            read.refuse(key, Refusal("book.wrong.merged"))
            continue
        read.take(key, one, Typed(cell.value, cell.number_format))


def _added(read: BookRead, page: Worksheet, layout: SheetLayout) -> list[Carried]:
    """The cells of a sheet that are neither input cells nor texts of the template, in either
    language.
    """
    known = {
        (place.row, place.column)
        for key, place in read.places.items()
        if place.sheet == page.title and key not in read.lacking
    }
    texts = {text.text.strip() for text in layout.texts}
    return [
        one
        for one in _cells(page)
        if (one.row, one.column) not in known and str(one.typed.value).strip() not in texts
    ]


def _cells(page: Worksheet) -> Iterator[Carried]:
    """Yields every cell of a sheet that holds something."""
    for row in page.iter_rows():
        for cell in row:
            if cell.value not in (None, ""):
                typed = Typed(cell.value, cell.number_format or "General")
                yield Carried(page.title, cell.row, cell.column, typed)


def remarks_of(read: BookRead) -> dict[str, list[str]]:
    """Returns what is remarked on input cells, by key: the reason, what is allowed and what is near."""
    return {
        key: [
            line
            for one in found
            for line in (
                one.reason.say(read.lang),
                *([say("book.allowed", read.lang, allowed=one.allowed)] if one.allowed else []),
                *([say("book.near", read.lang, near=one.near)] if one.near else []),
            )
        ]
        for key, found in read.faults.items()
    }
