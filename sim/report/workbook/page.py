"""One sheet of the workbook: title, notes, a table with frozen headings, widths that cut nothing,
print set-up for A4.
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.worksheet import Worksheet

from sim.words import say

GREY, BLUE, YELLOW, RED, ORANGE, LINE = (
    "FF595959",
    "FFDCE6F1",
    "FFFFF2CC",
    "FFFF9999",
    "FFF8CBAD",
    "FFBFBFBF",
)
NARROW, WIDE = 7.0, 52.0  # characters
LINE_HEIGHT = 16.0  # points
HEAD_LINES = 2.2  # that a long heading is broken into
SPARE = 1.12  # a word that does not fit moves on, which leaves the line short
A4 = 9
WHOLE = CalcProperties(fullCalcOnLoad=True)


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


@cache
def _styles(look: CellStyle, font: str) -> dict[str, object]:
    line = Side("hair", LINE) if look.line else None
    return {
        "font": Font(name=font, size=look.size, bold=look.bold, color=GREY if look.grey else None),
        "fill": PatternFill("solid", look.fill) if look.fill else PatternFill(),
        "border": Border(bottom=line),
        "number_format": look.format,
        "alignment": Alignment(
            "center" if look.centre else "left" if look.indent else None,
            "center" if look.centre else "top",
            wrap_text=True,
            indent=look.indent,
        ),
    }


class Page:
    """A sheet being filled: `put` writes text and numbers, `live` a formula with the value it shows
    at first.
    """

    def __init__(self, sheet: Worksheet, title: str, notes: list[str], lang: str):
        self.sheet, self.lang, self.font = sheet, lang, say("sheets.font", lang)
        self.values: dict[str, float | str] = {}
        self.looks: dict[CellStyle, Any] = {}  # cells: their stubs have no `_style`
        self.texts: dict[int, list[tuple[int, str]]] = defaultdict(list)  # by row
        self.needs: dict[int, float] = {}  # characters by column
        self.head = self.row = len(notes) + 2
        self.notes = [1 + place for place in range(len(notes) + 1)]
        self.put(1, 1, title, TITLE)
        for place, note in enumerate(notes, start=2):
            self.put(place, 1, note, NOTE)

    def heads(self, *texts: str | int) -> None:
        """The headings of the table; a number is a year. The next row is the first of the table."""
        self.head = self.row
        year = HEAD._replace(format=say("sheets.year_format", self.lang))
        for place, text in enumerate(texts, start=1):
            self.put(self.head, place, text, year if isinstance(text, int) else HEAD)
        self.row += 1

    def put(self, row: int, column: int, value: str | float | None, look: CellStyle = TEXT) -> Cell:
        """Write text or a number. Text is text, whatever it begins with; NaN is an empty cell."""
        cell = self._cell(row, column, value)
        if isinstance(value, str):
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
            cell.data_type = "s"
        elif value is not None and not math.isnan(value):
            cell.value = value
        return self._dress(cell, look._replace(format="@") if isinstance(value, str) else look)

    def live(
        self, row: int, column: int, formula: str, value: float | str, look: CellStyle = THOUSAND
    ) -> Cell:
        """Write a formula; `value` is what it gives."""
        cell = self._cell(row, column, value)
        cell.value = f"={formula}"
        self.values[cell.coordinate] = value
        return self._dress(cell, look)

    def at(self, row: int, column: int, to_row: int = 0, to_column: int = 0) -> str:
        """The absolute address of a cell or a range, for formulas of any sheet."""
        first = f"'{self.sheet.title}'!${get_column_letter(column)}${row}"
        return first + (
            f":${get_column_letter(to_column or column)}${to_row or row}"
            if to_row or to_column
            else ""
        )

    def close(self, header: str, words: int, wide: dict[int, float] | None = None) -> None:
        """Set widths and heights, freeze the heading and the first `words` columns (none: no
        heading), and prepare the print.
        """
        widths = self._widths(wide or {})
        whole = sum(widths)
        for row in self.notes:
            cell = self.sheet.cell(row, 1)
            self.sheet.merged_cells.add(f"A{row}:{get_column_letter(len(widths))}{row}")
            text, size = str(self.values.get(cell.coordinate, cell.value)), cell.font.size / 10
            self.sheet.row_dimensions[row].height = LINE_HEIGHT * size * lines(text, whole / size)
        for row in range(self.head, self.row):
            most = (
                max(lines(text, widths[column - 1]) for column, text in self.texts[row])
                if row in self.texts
                else 1
            )
            self.sheet.row_dimensions[row].height = LINE_HEIGHT * most
        if words:
            self.sheet.freeze_panes = self.sheet.cell(self.head + 1, words + 1).coordinate
            self.sheet.print_title_rows = f"{self.head}:{self.head}"
        self._print(header)

    def _dress(self, cell: Any, look: CellStyle) -> Cell:
        """Give a cell its look; the first cell of a look is copied, since that is quick."""
        if look in self.looks:
            cell._style = copy(self.looks[look]._style)
        else:
            for name, style in _styles(look, self.font).items():
                setattr(cell, name, style)
            self.looks[look] = cell
        cell.quotePrefix = cell.data_type == "s" and str(cell.value)[:1] in tuple("=+-@")
        return cell

    def _widths(self, wide: dict[int, float]) -> list[float]:
        """The width of each column in characters: as wide as its widest text or number, up to WIDE
        or what is asked for.
        """
        found = []
        for column in range(1, self.sheet.max_column + 1):
            found.append(min(max(self.needs.get(column, 0.0) + 2, NARROW), wide.get(column, WIDE)))
            self.sheet.column_dimensions[get_column_letter(column)].width = found[-1]
        return found

    def _cell(self, row: int, column: int, value: float | str | None) -> Cell:
        """The cell; what it needs is noted if it stands in the table."""
        if row >= self.head and row not in self.notes:
            self._note(row, column, value)
        cell = self.sheet.cell(row, column)
        assert isinstance(cell, Cell)  # no cell has been merged yet
        return cell

    def _note(self, row: int, column: int, value: float | str | None) -> None:
        """Note what a cell of the table needs; a heading may break."""
        if isinstance(value, str):
            self.texts[row].append((column, value))
            need = width(value) / HEAD_LINES if row == self.head else width(value) + 1
        else:
            need = len(f"{value or 0:+,.0f}") + 4.0
        self.needs[column] = max(self.needs.get(column, 0.0), need)

    def _print(self, header: str) -> None:
        sheet = self.sheet
        sheet.sheet_view.showGridLines = False
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        set_up = sheet.sheet_properties.pageSetUpPr
        assert set_up is not None
        set_up.fitToPage = True
        margins = sheet.page_margins
        margins.left = margins.right = 0.4
        margins.top = margins.bottom = 0.7
        _write(sheet.oddHeader, _plain(header), _plain(sheet.title))
        _write(
            sheet.oddFooter,
            _plain(say("sheets.model", self.lang)),
            say("sheets.of_pages", self.lang),
        )


def _write(item: HeaderFooterItem | None, left: str, right: str) -> None:
    """Put text into a header or a footer."""
    assert item is not None and item.left is not None and item.right is not None
    item.left.text, item.right.text = left, right


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
    return re.sub(r"\s+", " ", text).replace("&", "&&")


WRITTEN = datetime(2000, 1, 1)
FORMULA = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)><f>(.*?)</f><v\s*/?>(?:</v>)?</c>', re.DOTALL)
MODIFIED = re.compile(r"(<dcterms:modified[^>]*>)[^<]*")
SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")


def workbook_bytes(book: Workbook, values: Sequence[Mapping[str, float | str]]) -> bytes:
    """The file of a workbook. `values`: for each sheet in order, what its formulas show, by cell
    ("B7").
    """
    book.properties.created = WRITTEN
    plain = io.BytesIO()
    book.save(plain)
    out = io.BytesIO()
    with (
        zipfile.ZipFile(plain) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            text = source.read(name)
            if found := SHEET.fullmatch(name):
                text = _with_values(text.decode(), values[int(found[1]) - 1]).encode()
            elif name == "docProps/core.xml":
                text = MODIFIED.sub(rf"\g<1>{WRITTEN.isoformat()}Z", text.decode()).encode()
            entry = zipfile.ZipInfo(name, WRITTEN.timetuple()[:6])
            target.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _with_values(xml: str, values: Mapping[str, float | str]) -> str:
    """The XML of a sheet with the value of each formula; KeyError where one is missing."""

    def put(found: re.Match[str]) -> str:
        cell, style, formula = found.groups()
        value = values[cell]
        kind, text = (
            (' t="str"', escape(value)) if isinstance(value, str) else ("", repr(float(value)))
        )
        return f'<c r="{cell}"{style}{kind}><f>{formula}</f><v>{text}</v></c>'

    return FORMULA.sub(put, xml)
