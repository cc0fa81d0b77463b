"""A workbook that comes back: opened, every input cell found by its name or its place, read, and what
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
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string
from openpyxl.worksheet.worksheet import Worksheet

from sim.files.toml import reason
from sim.officer.cells import Input
from sim.officer.changed_prices import ChangedPrices, changed_prices
from sim.officer.layout import Place, SheetLayout, laid_out
from sim.officer.readers import read_input
from sim.officer.sheets import BOOK, INPUT_SHEETS
from sim.officer.writing import NAMES, Typed
from sim.words import LANGUAGES, Phrase, say
from sim.words.errors import NOTHING, Fault, Refusal, fault, short

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
    `own_sheets` sheets of the user's own.
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
        page = book[sheet.name.say(lang)]
        read.open_lines = max(read.open_lines, _open_lines(page, laid_out(sheet, lang)))
    for sheet in INPUT_SHEETS:
        layout = laid_out(sheet, lang, read.open_lines)
        names[layout.name] = layout
        _inputs(read, book, layout)
        read.added += _added(read, book[layout.name], layout)
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
    if lacking[lang]:
        raise fault(
            "book.lacks_sheets",
            file=short(file),
            given=", ".join(book.sheetnames),
            allowed=", ".join(one.name.say(lang) for one in INPUT_SHEETS),
        )
    return lang


def _open_lines(page: Worksheet, layout: SheetLayout) -> int:
    """How many lines of the open grid hold something, to the last that does."""
    if not layout.open_from or page.max_row > MOST_CELLS:
        return 0
    wide = len([key for key in layout.inputs if key.split(".")[1] == "1"])
    filled = [
        row
        for row in range(layout.open_from, page.max_row + 1)
        if any(page.cell(row, column).value not in (None, "") for column in range(1, wide + 1))
    ]
    return max(filled, default=layout.open_from - 1) - layout.open_from + 1


def _inputs(read: BookRead, book: Workbook, layout: SheetLayout) -> None:
    """Read the input cells of a sheet."""
    page = book[layout.name]
    for key, one in layout.inputs.items():
        place = _named(book, key, layout.name) or layout.places[key]
        read.places[key], read.inputs[key] = place, one
        cell = page.cell(place.row, place.column)
        if cell.value not in (None, ""):
            read.typed[key] = Typed(cell.value, cell.number_format)
        try:
            value = read_input(one, cell.value, read.lang)
        except Refusal as refusal:
            read.refuse(key, refusal)
            continue
        if value is not None:
            read.values[key] = value
        elif one.needed:
            read.refuse(key, Refusal("book.wrong.needed"))


def _named(book: Workbook, key: str, sheet: str) -> Place | None:
    """Where the name of an input cell points: rows that were inserted have moved it."""
    found = book.defined_names.get(NAMES + key.replace(".", "_"))
    where = (found.attr_text or "") if found is not None else ""
    page, _, address = where.rpartition("!")
    if page.strip("'") != sheet or "#" in where or ":" in address:
        return None
    letters, row = coordinate_from_string(address.replace("$", ""))
    return Place(sheet, row, column_index_from_string(letters))


def _added(read: BookRead, page: Worksheet, layout: SheetLayout) -> list[Carried]:
    """The cells of a sheet that are neither input cells nor texts of the template, in either
    language.
    """
    known = {
        (place.row, place.column) for key, place in read.places.items() if place.sheet == page.title
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
