"""A file of a table as rows of cells: CSV in the encodings of Japanese offices, .xlsx with merged
cells filled.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from sim.files.toml import refusing
from sim.words import Phrase
from sim.words.errors import ScenarioError, fault, short

HEAD = 200  # rows looked at to find the heading
LARGEST_CSV, LARGEST_XLSX = 200_000_000, 60_000_000  # bytes; of .xlsx as unpacked
WIDEST = 2_000  # columns
Row = tuple[Any, ...]


@dataclass
class Sheet:
    """One sheet: its first rows, and the rest as they come. `lines` gives the line of a CSV row
    where it is not its number.
    """

    file: str
    name: str
    head: list[Row]
    rest: Iterator[Row]
    lines: dict[int, int] = field(default_factory=dict)
    turned: bool = False

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Returns every row with its place, from 0."""
        return enumerate(chain(self.head, self.rest))

    def place(self, row: int, column: int | None = None) -> Phrase:
        """Returns where a row or a cell stands, as a user finds it: line and cell, or sheet and
        cell; places count from 0.
        """
        if self.turned and column is not None:
            row, column = column, row
        cell = f"{_column_letters(column)}{row + 1}" if column is not None else ""
        line = self.lines.get(row, row + 1)
        values = {"line": line, "cell": cell, "sheet": self.name}
        return Phrase(
            f"table.{'sheet' if self.name else 'line'}_{'cell' if cell else 'row'}", values
        )

    def refusal(self, key: str, row: int, column: int | None = None, **more: Any) -> ScenarioError:
        """Returns a refusal at a row or a cell."""
        return fault(key, file=self.file, at=self.place(row, column), **more)

    def transposed(self) -> Sheet:
        """Returns the sheet with rows and columns changed over."""
        rows = list(chain(self.head, self.rest))
        self.head = rows
        width = max(map(len, rows), default=0)
        turned = [
            tuple(row[place] if place < len(row) else None for row in rows)
            for place in range(width)
        ]
        return Sheet(
            self.file, self.name, turned[:HEAD], iter(turned[HEAD:]), self.lines, not self.turned
        )


def _column_letters(column: int) -> str:
    """Returns the letters of a column, counted from 0: A, B, ..., Z, AA, ..."""
    first, last = divmod(column, 26)
    return (_column_letters(first - 1) if first else "") + chr(ord("A") + last)


def sheets(path: Path) -> list[Sheet]:
    """Returns the sheets of a file that hold anything; refuses what is no table at all."""
    content = contents(path)
    if content[:4] == b"PK\x03\x04":
        found = workbook(content, short(path))
    elif content[:4] == b"\xd0\xcf\x11\xe0":
        raise fault("table.old_excel", file=short(path))
    else:
        found = [csv_sheet(content, short(path))]
    found = [
        sheet
        for sheet in found
        if any(any(cell not in (None, "") for cell in row) for row in sheet.head)
    ]
    if not found:
        raise fault("error.empty", file=short(path))
    return found


def contents(path: Path) -> bytes:
    """Returns the bytes of a file; refuses what is missing, a folder, unreadable or far larger than
    a table of 500 districts.
    """
    file = short(path)
    with refusing(path):
        if path.is_dir():
            raise fault("table.folder", file=file)
        if not path.exists():
            raise fault("error.not_found", file=file)
        if not path.is_file():
            raise fault("error.no_plain_file", file=file)
        if path.stat().st_size > LARGEST_CSV:
            raise fault("table.too_large", file=file, allowed=Phrase("table.too_large_way"))
        return path.read_bytes()


def csv_sheet(content: bytes, file: str) -> Sheet:
    """Returns a CSV (commas, tabs or semicolons), read row by row as it is asked for."""
    text = decoded(content, file)
    first = text[:4096]
    mark = max(",\t;", key=first.count)
    lines: dict[int, int] = {}
    rows = csv_rows(csv.reader(io.StringIO(text, newline=""), delimiter=mark), lines, file)
    return Sheet(file, "", list(islice(rows, HEAD)), rows, lines)


def csv_rows(reader: Any, lines: dict[int, int], file: str) -> Iterator[Row]:
    """Returns the rows of a CSV; `lines` learns where a row of several lines has moved the rest."""
    try:
        for number, row in enumerate(reader):
            if reader.line_num != number + 1:
                lines[number] = reader.line_num
            yield tuple(row[:WIDEST])
    except csv.Error:
        raise fault("table.no_csv", file=file, line=reader.line_num) from None


def decoded(content: bytes, file: str) -> str:
    """Returns the text of a CSV: UTF-8 with or without mark, Shift_JIS as Excel saves it, UTF-16,
    EUC.
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp932", "euc_jis_2004", "shift_jis_2004")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise fault("table.encoding", file=file)


def workbook(content: bytes, file: str) -> list[Sheet]:
    """Returns the visible sheets of an .xlsx, merged cells filled with what they show."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if "xl/workbook.xml" not in packed.namelist():
                raise fault("table.no_workbook", file=file)
            if (
                sum(part.file_size for part in packed.infolist() if part.filename.startswith("xl/"))
                > LARGEST_XLSX
            ):
                raise fault("table.too_large", file=file, allowed=Phrase("table.too_large_way"))
        from openpyxl import load_workbook  # here, since only a workbook needs it

        book = load_workbook(io.BytesIO(content), data_only=True)
        return [
            Sheet(file, one.title, *filled(one))
            for one in book.worksheets
            if one.sheet_state == "visible"
        ]
    except ScenarioError:
        raise
    except Exception:  # openpyxl lets many kinds through on damaged files
        raise fault("table.damaged", file=file) from None


def filled(sheet: Any) -> tuple[list[Row], Iterator[Row]]:
    """Returns the first rows of a sheet and the rest, every cell of a merged range holding what the
    range shows.
    """
    rows = [list(row[:WIDEST]) for row in sheet.iter_rows(values_only=True)]
    for merged in sheet.merged_cells.ranges:
        shown = rows[merged.min_row - 1][merged.min_col - 1]
        for row in rows[merged.min_row - 1 : merged.max_row]:
            for column in range(merged.min_col - 1, min(merged.max_col, len(row))):
                row[column] = shown
    whole = [tuple(row) for row in rows]
    return whole[:HEAD], iter(whole[HEAD:])
