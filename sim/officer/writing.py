"""The sheets that are filled in, written: yellow cells with what was typed, pull-downs, a prompt with
unit, example and source at each cell, remarks where something is wrong, and print settings for A4.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.officer.cells import Input, InputSheet
from sim.officer.layout import WHERE, SheetLayout, example, laid_out
from sim.officer.sheets import INPUT_SHEETS
from sim.report.workbook.page import (
    A4,
    BLUE,
    NO_GRID,
    RED,
    YELLOW,
    Book,
    CellStyle,
    lines,
)
from sim.words import say

NAMES = "in_"  # begins the name of each input cell, for formulas of the user
STYLES = {
    "title": CellStyle("@", bold=True, size=14, line=False),
    "note": CellStyle("@", line=False),
    "block": CellStyle("@", bold=True, size=12, line=False),
    "head": CellStyle("@", BLUE, True, centre=True),
    "label": CellStyle("@"),
    "unit": CellStyle("@", grey=True),
    "example": CellStyle("@", grey=True),
    "where": CellStyle("@", grey=True),
    "shut": CellStyle("@", "#D9D9D9"),
}
FORMATS = {
    "count": "#,##0",
    "amount": "#,##0.##",
    "money": "#,##0",
    "aged": "#,##0.###",
    "date": "yyyy/m/d",
    "until": "yyyy/m/d",
    "year": "0",
    "text": "@",
    "choice": "@",
    "funding": "@",
}
FIRST_WIDTH, WIDTH, LAST_WIDTH, ABOUT_WIDTH = 36.0, 13.5, 52.0, 84.0
LINE = 15.75  # points
MOST_TITLE, MOST_PROMPT = 32, 250  # letters that a prompt holds
PLAIN_FORMATS = ("General", "@", "")


@dataclass(frozen=True)
class Typed:
    """What a user typed into a cell: the value as the spreadsheet keeps it, and its number format."""

    value: Any
    format: str = "General"


@dataclass(frozen=True)
class Filled:
    """What stands in the yellow cells by key, the remarks on them, and how many lines the open
    grids have.
    """

    typed: Mapping[str, Typed] = field(default_factory=dict)
    remarks: Mapping[str, Sequence[str]] = field(default_factory=dict)
    open_lines: int = 0


def write_inputs(book: Book, filled: Filled | None = None) -> dict[str, SheetLayout]:
    """Write every sheet that is filled in, in order; returns their layouts by id."""
    filled = filled or Filled()
    return {sheet.id: _write(book, sheet, filled) for sheet in INPUT_SHEETS}


def _write(book: Book, declared: InputSheet, filled: Filled) -> SheetLayout:
    layout = laid_out(declared, book.lang, filled.open_lines)
    sheet = book.made.add_worksheet(layout.name)
    widths = _widths(layout)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    heights: dict[int, float] = {}
    for row, column, text, style, to in layout.texts:
        look = book.format(STYLES[style])
        if to > column:
            sheet.merge_range(row - 1, column - 1, row - 1, to - 1, text, look)
        else:
            sheet.write_string(row - 1, column - 1, text, look)
        wide = sum(widths[column - 1 : max(to, column)]) * 10 / STYLES[style].size
        need = LINE * lines(text, wide) * STYLES[style].size / 10
        heights[row] = max(heights.get(row, LINE), need)
    for row, height in heights.items():
        sheet.set_row(row - 1, height)
    for key, one in layout.inputs.items():
        _cell(book, sheet, layout, key, one, filled)
    _prepare_print(book, sheet, layout)
    return layout


def _widths(layout: SheetLayout) -> list[float]:
    last = WIDTH if layout.open_from else LAST_WIDTH if layout.columns == WHERE else ABOUT_WIDTH
    return [FIRST_WIDTH, *[WIDTH] * (layout.columns - 2), last]


def _cell(
    book: Book, sheet: Any, layout: SheetLayout, key: str, one: Input, filled: Filled
) -> None:
    """One input cell: its value, its name, its pull-down or prompt, and what is remarked on it."""
    _sheet, row, column = layout.places[key]
    at = row - 1, column - 1
    typed, remarks = filled.typed.get(key), filled.remarks.get(key)
    _value(book, sheet, at, one, typed, RED if remarks else YELLOW)
    where = f"'{layout.name}'!${_letter(column)}${row}"
    book.made.define_name(NAMES + key.replace(".", "_"), f"={where}")
    title = one.label.say(book.lang)[:MOST_TITLE]
    rule: dict[str, Any] = {"validate": "any", "input_title": title}
    rule["input_message"] = _prompt(one, book.lang)[:MOST_PROMPT]
    if one.choices:
        offered = [_offered(words.say(book.lang)) for words in one.choices.values()]
        rule |= {"validate": "list", "source": offered, "error_type": "warning"}
        rule["show_error"] = one.reader == "choice"
        rule["error_message"] = say("book.allowed.of_list", book.lang)
    sheet.data_validation(*at, *at, rule)
    if remarks:
        sheet.write_comment(*at, "\n".join(remarks), {"x_scale": 2.2, "y_scale": 1.6})


def _value(
    book: Book, sheet: Any, at: tuple[int, int], one: Input, typed: Typed | None, fill: str
) -> None:
    """Write a value as it was typed, in the format that it had."""
    value, shown = (typed.value, typed.format) if typed else (None, "General")
    plain = FORMATS[one.reader] if not isinstance(value, str) else "@"
    format = plain if shown in PLAIN_FORMATS else shown
    look = book.format(CellStyle(format, fill, quoted=_looks_live(value)))
    if value is None:
        sheet.write_blank(*at, None, look)
    elif isinstance(value, bool):
        sheet.write_boolean(*at, value, look)
    elif isinstance(value, (datetime.datetime, datetime.date)):
        sheet.write_datetime(*at, value, look)
    elif isinstance(value, (int, float)):
        sheet.write_number(*at, value, look)
    else:
        sheet.write_string(*at, str(value), look)


def _offered(name: str) -> str:
    """A choice as a pull-down holds it: short, without a comma, which would part it in two."""
    return re.split(r"[（;,]| \(", name)[0].strip()


def _looks_live(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("=", "+", "-", "@"))


def _prompt(one: Input, lang: str) -> str:
    """What is said at a cell: unit, example, and where the figure is found."""
    parts = (
        ("unit", one.unit.say(lang)),
        ("example", example(one, lang)),
        ("where", one.where.say(lang)),
    )
    return "\n".join(
        say("book.prompt", lang, name=say(f"book.head.{name}", lang), text=text)
        for name, text in parts
        if text
    )


def _prepare_print(book: Book, sheet: Any, layout: SheetLayout) -> None:
    sheet.hide_gridlines(NO_GRID)
    if layout.columns > WHERE:
        sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0 if layout.open_from else 1)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer(f"&L{layout.name}&R{say('sheets.of_pages', book.lang)}")
    sheet.freeze_panes(3, 1)
    sheet.print_area(0, 0, layout.row - 1, layout.columns - 1)


def _letter(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(column - 1))


def template_bytes(lang: str) -> bytes:
    """Returns the empty workbook in one language; the same bytes each time."""
    book = Book(say("book.title", lang), lang)
    write_inputs(book)
    return book.content()
