"""The workbook that is given back: the sheets that were filled in, with every typed value, the results,
the live sheets of money, and what the user had added. It is always a new file.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.officer.answering import RESULT_SHEETS, Answer, fill_results, result_name, result_pages
from sim.officer.changed_prices import OWN_PRICES
from sim.officer.layout import SheetLayout
from sim.officer.reading import SIZE, BookRead, Carried
from sim.officer.sheets import INPUT_SHEETS
from sim.officer.writing import Filled, write_inputs
from sim.report.workbook.page import Book, CellStyle
from sim.report.workbook.workbook import ORDER, add_sheets, sheet_name
from sim.words import Phrase, say
from sim.words.errors import fault, short

NOTES = "notes"
MOST_COPIES = 999
LONGEST_NAME = 31  # letters of the name of a sheet


def generated_sheets(lang: str) -> set[str]:
    """Returns the names of the sheets that this program makes beside those that are filled in."""
    return {
        *(result_name(name, lang) for name in (*RESULT_SHEETS, NOTES)),
        *(sheet_name(name, lang) for name in ORDER),
    }


def returned_bytes(
    read: BookRead,
    notes: Iterable[Phrase],
    answer: Answer | None = None,
    remarks: Mapping[str, Sequence[str]] | None = None,
) -> bytes:
    """Returns the workbook that is given back. With `answer` it has the results; `remarks` stand at
    input cells; `notes` say what was filled in.
    """
    book = Book(say("book.title", read.lang), read.lang)
    book.made.set_custom_property(OWN_PRICES, ",".join(sorted(read.changed.yen)) or "-")
    layouts = write_inputs(book, Filled(read.typed, remarks or {}, read.open_lines))
    moved = _carry_cells(book, layouts, read.added) | dict.fromkeys(read.beside, True)
    pages = result_pages(book, answer) if answer else {}
    _notes(book, read, [*notes], moved)
    if answer:
        fill_results(pages, answer, add_sheets(book, answer.case))
    names = free_names(read)
    for name, cells in read.own_sheets.items():
        sheet = book.made.add_worksheet(names[name])
        for one in cells:
            _write(book, sheet, one.row - 1, one.column - 1, one)
    _note_sizes(book)
    return book.content()


def free_names(read: BookRead) -> dict[str, str]:
    """Returns by the name of each sheet of the user's own the name under which it is given back: a
    number is added where this program has a sheet of that name. A spreadsheet takes names that
    differ in capitals alone for one.
    """
    inputs = (sheet.name.say(read.lang) for sheet in INPUT_SHEETS)
    taken = {name.lower() for name in (*inputs, *generated_sheets(read.lang))}
    found: dict[str, str] = {}
    for name in read.own_sheets:
        ends = ("", *(f" ({number})" for number in range(2, MOST_COPIES)))
        tried = (name[: LONGEST_NAME - len(end)] + end for end in ends)
        found[name] = next(one for one in tried if one.lower() not in taken)
        taken.add(found[name].lower())
    return found


def _note_sizes(book: Book) -> None:
    """Note how far each sheet of results was written: what stands beside it later is the user's."""
    made = generated_sheets(book.lang)
    for sheet in book.made.worksheets():
        if sheet.get_name() in made:
            rows, columns = sheet.dim_rowmax, sheet.dim_colmax
            size = "0:0" if rows is None else f"{rows + 1}:{columns + 1}"
            book.made.set_custom_property(SIZE + sheet.get_name(), size)


def _carry_cells(
    book: Book, layouts: Mapping[str, SheetLayout], added: Iterable[Carried]
) -> dict[Carried, bool]:
    """Write the cells that the user added where they stood, unless something of the template stands
    there; returns for each whether it does.
    """
    by_name = {layout.name: layout for layout in layouts.values()}
    found = {}
    for one in added:
        layout = by_name[one.sheet]
        taken = one.row <= layout.row and one.column <= layout.columns
        found[one] = taken
        if not taken:
            sheet = book.made.get_worksheet_by_name(one.sheet)
            _write(book, sheet, one.row - 1, one.column - 1, one)
    return found


def _write(book: Book, sheet: Any, row: int, column: int, one: Carried) -> None:
    """Write a cell of the user's own by its value."""
    value = one.typed.value
    format = one.typed.format if not isinstance(value, str) else "@"
    look = book.format(CellStyle(format, line=False))
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, look)
    elif isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        sheet.write_datetime(row, column, value, look)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value, look)
    else:
        sheet.write_string(row, column, str(value), look)


def _notes(
    book: Book, read: BookRead, notes: Sequence[Phrase], moved: Mapping[Carried, bool]
) -> None:
    """The sheet of what was filled in, what is wrong, and what of the user's own was carried over."""
    lang = book.lang
    page = book.page(result_name(NOTES, lang), say("book.sheet.notes.title", lang), [])
    page.heads(*(say(f"book.head.{name}", lang) for name in ("what", "where_cell", "text")))
    rows = [(say("book.what.fault", lang), one.key.say(lang) if isinstance(one.key, Phrase) else "",
             " ".join(one.say(lang).split("\n")[0:1])) for one in read.all_faults]  # fmt: skip
    rows += [(say("book.what.aside", lang), "", one.say(lang)) for one in read.told]
    rows += [(say("book.what.filled", lang), "", one.say(lang)) for one in notes]
    for one, elsewhere in moved.items():
        what = say("book.what.moved" if elsewhere else "book.what.carried", lang)
        rows.append((what, f"{one.sheet} {one.address}", str(one.typed.value)))
    rows += [
        (say("book.what.price", lang), id, f"{price:,.0f}")
        for id, price in read.changed.yen.items()
    ]
    rows += [
        (say("book.what.sheet", lang), new, say("book.renamed", lang, name=name) * (new != name))
        for name, new in free_names(read).items()
    ]
    for row in rows or [(say("book.what.nothing", lang), "", "")]:
        for column, text in enumerate(row, start=1):
            page.put(page.row, column, text)
        page.row += 1
    page.close(say("book.title", lang), 1, {3: 90.0})


def base_name(file: Path) -> str:
    """Returns the name of a workbook without what is added when it is given back."""
    stem = file.stem
    for lang in ("ja", "en"):
        for kind in ("results", "remarks"):
            head, mark, number = stem.rpartition(say(f"book.{kind}", lang))
            if mark and head and (not number or number.isdigit()):
                return head
    return stem


def new_name(file: Path, kind: str, lang: str) -> Path:
    """Returns the name of a file that is not there yet, beside the user's."""
    start = base_name(file) + say(f"book.{kind}", lang)
    for number in range(1, MOST_COPIES):
        found = file.with_name(f"{start}{number if number > 1 else ''}.xlsx")
        if not found.exists():
            return found
    raise fault("error.exists", file=short(found))
