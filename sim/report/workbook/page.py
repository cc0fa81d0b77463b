"""One sheet of the workbook: title, notes, a table with frozen headings, widths that cut nothing,
print set-up for A4.
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections import defaultdict
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs

from sim.words import say

GREY, BLUE, YELLOW, RED, ORANGE, LINE = (
    "#595959",
    "#DCE6F1",
    "#FFF2CC",
    "#FF9999",
    "#F8CBAD",
    "#BFBFBF",
)
NARROW, WIDE = 7.0, 52.0  # characters
LINE_HEIGHT = 15.75  # points, 21 pixels of a screen: Excel knows no height between pixels
HEAD_LINES = 2.2  # that a long heading is broken into
SPARE = 1.12  # a word that does not fit moves on, which leaves the line short
LONGEST = 32_767  # letters that a cell holds
IN_HEADER = 80  # letters of a text in a header, which holds 255 with its codes
A4, HAIR, SOLID, NO_GRID = 9, 7, 1, 2  # as the file format numbers them
WRITTEN = datetime(2000, 1, 1)  # one date for all, so that the same case gives the same bytes
FORMULA_LIKE = ("=", "+", "-", "@")


class CellStyle(NamedTuple):
    """How a cell looks: number format, fill, bold, colour of the text, whether it is centred or a
    title.
    """

    format: str = "General"
    fill: str = ""
    bold: bool = False
    grey: bool = False
    centre: bool = False
    size: int = 10
    line: bool = True
    indent: int = 0
    quoted: bool = False  # text that begins like a formula stays text when it is edited


TEXT, HEAD = CellStyle("@", indent=1), CellStyle("General", BLUE, True, centre=True)
TITLE, NOTE = CellStyle("@", bold=True, size=14, line=False), CellStyle("@", line=False)
INPUT = CellStyle("#,##0", YELLOW)
YEN, THOUSAND, SIGNED = (
    CellStyle("#,##0"),
    CellStyle("#,##0;-#,##0;0"),
    CellStyle("+#,##0;-#,##0;0"),
)
SUM, SIGNED_SUM = THOUSAND._replace(bold=True), SIGNED._replace(bold=True)
PERCENT = CellStyle("0.0%")


class Book:
    """A workbook being written in one language, with a format for each look of a cell."""

    def __init__(self, title: str, lang: str):
        self.lang, self._written = lang, io.BytesIO()
        self.made = Workbook(self._written, {"in_memory": True})
        author = say("sheets.model", lang)
        self.made.set_properties({"title": title, "author": author, "created": WRITTEN})
        self._formats: dict[CellStyle, Format] = {}

    def page(self, name: str, title: str, notes: list[str]) -> Page:
        """A new sheet behind the others."""
        return Page(self, name, title, notes)

    def format(self, look: CellStyle) -> Format:
        """The format of a look; one for all cells that look so."""
        if look not in self._formats:
            self._formats[look] = self.made.add_format(_properties(look, self.lang))
        return self._formats[look]

    def content(self) -> bytes:
        """The bytes of the file; nothing can be written after it."""
        self.made.close()
        return self._written.getvalue()


def _properties(look: CellStyle, lang: str) -> dict[str, Any]:
    """A look in the words of the library that writes the file."""
    found: dict[str, Any] = {
        "font_name": say("sheets.font", lang),
        "font_size": look.size,
        "bold": look.bold,
        "num_format": look.format.replace(";-", ';"△"'),  # as the papers write what is less
        "text_wrap": True,
        "valign": "vcenter" if look.centre else "top",
        "quote_prefix": look.quoted,
    }
    if look.grey:
        found["font_color"] = GREY
    if look.fill:
        found |= {"bg_color": look.fill, "pattern": SOLID}
    if look.line:
        found |= {"bottom": HAIR, "bottom_color": LINE}
    if look.centre:
        found["align"] = "center"
    elif look.indent:
        found |= {"align": "left", "indent": look.indent}
    return found


class Note(NamedTuple):
    """A text over the whole width of a sheet; if it is what a formula gives, the formula too."""

    text: str
    look: CellStyle
    formula: str = ""


class Page:
    """A sheet being filled: `put` writes text and numbers, `live` a formula with the value it shows
    at first. Rows and columns count from 1.
    """

    def __init__(self, book: Book, name: str, title: str, notes: list[str]):
        self.book, self.name, self.lang = book, name, book.lang
        self.sheet = book.made.add_worksheet(name)
        self.texts: dict[int, list[tuple[int, str]]] = defaultdict(list)  # by row
        self.needs: dict[int, float] = {}  # characters by column
        self.head = self.row = len(notes) + 2
        self.notes = {1: Note(title, TITLE)}  # by row
        self.notes |= {row: Note(text, NOTE) for row, text in enumerate(notes, start=2)}

    def heads(self, *texts: str | int) -> None:
        """The headings of the table; a number is a year. The next row is the first of the table."""
        self.head = self.row
        year = HEAD._replace(format=say("sheets.year_format", self.lang))
        for place, text in enumerate(texts, start=1):
            self.put(self.head, place, text, year if isinstance(text, int) else HEAD)
        self.row += 1

    def note(self, text: str, look: CellStyle = NOTE) -> None:
        """Write a text over the whole width of the sheet, in the next row."""
        self.notes[self.row] = Note(text, look)
        self.row += 1

    def put(self, row: int, column: int, value: str | float | None, look: CellStyle = TEXT) -> None:
        """Write text or a number. Text is text, whatever it begins with; NaN is an empty cell."""
        self._need(row, column, value)
        at = row - 1, column - 1
        if isinstance(value, str):
            self.sheet.write_string(*at, value[:LONGEST], self.book.format(_of_text(value, look)))
        elif value is None or math.isnan(value):
            self.sheet.write_blank(*at, None, self.book.format(look))
        else:
            self.sheet.write_number(*at, value, self.book.format(look))

    def live(
        self, row: int, column: int, formula: str, value: float | str, look: CellStyle = THOUSAND
    ) -> None:
        """Write a formula; `value` is what it gives."""
        self._need(row, column, value)
        shown = value if isinstance(value, str) else float(value)
        self.sheet.write_formula(row - 1, column - 1, formula, self.book.format(look), shown)

    def link(self, row: int, column: int, name: str, look: CellStyle) -> None:
        """Write the name of a sheet, which leads there."""
        self._need(row, column, name)
        style = self.book.format(look)
        self.sheet.write_url(row - 1, column - 1, f"internal:'{name}'!A1", style, name)

    def at(self, row: int, column: int, to_row: int = 0, to_column: int = 0) -> str:
        """The absolute address of a cell or a range, for formulas of any sheet."""
        last = (to_row or row) - 1, (to_column or column) - 1
        return f"'{self.name}'!{xl_range_abs(row - 1, column - 1, *last)}"

    def close(self, header: str, words: int, wide: dict[int, float] | None = None) -> None:
        """Set widths and heights, freeze the heading and the first `words` columns (none: no
        heading), write the notes, and prepare the print.
        """
        widths = self._widths(wide or {})
        for row, note in self.notes.items():
            self._merged(row, note, widths)
        for row in range(self.head, self.row):
            if row not in self.notes:
                texts = self.texts.get(row, [])
                most = max((lines(text, widths[column - 1]) for column, text in texts), default=1)
                self.sheet.set_row(row - 1, LINE_HEIGHT * most)
        if words:
            self.sheet.freeze_panes(self.head, words)
            self.sheet.repeat_rows(self.head - 1)
        self._print(header)

    def _merged(self, row: int, note: Note, widths: list[float]) -> None:
        """Write a note over all columns, in as many lines as it takes."""
        style, size = self.book.format(_of_text(note.text, note.look)), note.look.size / 10
        self.sheet.merge_range(row - 1, 0, row - 1, len(widths) - 1, "", style)
        if note.formula:
            self.sheet.write_formula(row - 1, 0, note.formula, style, note.text)
        else:
            self.sheet.write_string(row - 1, 0, note.text[:LONGEST], style)
        broken = lines(note.text, sum(widths) / size)
        self.sheet.set_row(row - 1, LINE_HEIGHT * size * broken)

    def _widths(self, wide: dict[int, float]) -> list[float]:
        """The width of each column in characters: as wide as its widest text or number, up to WIDE
        or what is asked for.
        """
        found = []
        for column in range(1, max(self.needs) + 1):
            found.append(min(max(self.needs.get(column, 0.0) + 2, NARROW), wide.get(column, WIDE)))
            self.sheet.set_column(column - 1, column - 1, found[-1])
        return found

    def _need(self, row: int, column: int, value: float | str | None) -> None:
        """Keep what a cell of the table needs; a heading may break."""
        if isinstance(value, str):
            self.texts[row].append((column, value))
            need = width(value) / HEAD_LINES if row == self.head else width(value) + 1
        else:
            need = len(f"{value or 0:+,.0f}") + 4.0
        self.needs[column] = max(self.needs.get(column, 0.0), need)

    def _print(self, header: str) -> None:
        sheet = self.sheet
        sheet.hide_gridlines(NO_GRID)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.7)
        pages = say("sheets.of_pages", self.lang)
        sheet.set_header(f"&L{_plain(header)}&R{_plain(self.name)}")
        sheet.set_footer(f"&L{_plain(say('sheets.model', self.lang))}&R{pages}")


def _of_text(text: str, look: CellStyle) -> CellStyle:
    """The look of a cell that holds a text."""
    return look._replace(format="@", quoted=text.startswith(FORMULA_LIKE))


@cache
def width(text: str) -> int:
    """Columns of a text on one line: a Japanese letter takes two."""
    return max(
        sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in line)
        for line in text.split("\n")
    )


def lines(text: str, wide: float) -> int:
    """Lines that a text takes in a column: a word that does not fit moves on, so a little more than
    its letters.
    """
    return sum(_broken(width(line), wide - 2) for line in text.split("\n"))


def _broken(long: int, wide: float) -> int:
    return 1 if long <= wide else math.ceil(long * SPARE / wide)


def _plain(text: str) -> str:
    """Text of a header as it stands: "&" begins a code there, and so does a number behind it."""
    return re.sub(r"\s+", " ", text)[:IN_HEADER].replace("&", "&&")
