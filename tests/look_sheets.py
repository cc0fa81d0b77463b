"""Look at the workbooks of a comparison: `python -m tests.look_sheets [DIR]`, also a part of
`python -m tests.look`.

Needs LibreOffice Calc and poppler's pdftoppm (Debian: apt-get install libreoffice-calc
poppler-utils fonts-noto-cjk), which a computer that only computes may lack: so it stands outside
the test command. Recalculates tables.ja.xlsx and tables.en.xlsx in LibreOffice from their formulas
alone and sets every amount of money against sim.economics, at the prices as written; then again
with one price and the discount rate changed in a copy. Writes the printed PDF and a PNG a page into
DIR/look.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from openpyxl import Workbook, load_workbook

from sim.cli.report import again
from sim.study.case import Case
from sim.words import LANGUAGES
from tests.spreadsheets import compared

CALC, EXCEL = ("soffice", "libreoffice"), "xlsx:Calc MS Excel 2007 XML"
NEW_PRICE, NEW_RATE = ("post_contract", 5_250_000.0), 0.035
DOTS = 70  # an inch, of the pictures of pages


def program(*names: str) -> str:
    """A program by any of its names; ends with a reason in words where none is there."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        sys.exit(
            f"no {names[0]}: looking at workbooks needs LibreOffice Calc and pdftoppm "
            "(Debian: apt-get install libreoffice-calc poppler-utils fonts-noto-cjk)"
        )
    return found


def converted(file: Path, kind: str, into: Path) -> Path:
    """The file as LibreOffice writes it, in a profile of its own."""
    with tempfile.TemporaryDirectory() as profile:
        command = [
            program(*CALC),
            f"-env:UserInstallation={Path(profile).as_uri()}",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            into,
            file,
        ]
        done = subprocess.run(
            list(map(str, command)), capture_output=True, text=True, timeout=300, check=False
        )
    made = into / f"{file.stem}.{kind.split(':')[0]}"
    if done.returncode or not made.is_file():
        sys.exit(f"LibreOffice made no {made.name}: {done.stderr[-1000:]}")
    return made


def recalculated(book: Workbook) -> Workbook:
    """The workbook with its values as LibreOffice works them out; openpyxl leaves the stored ones
    out when it saves.
    """
    with tempfile.TemporaryDirectory() as folder:
        bare, out = Path(folder) / "bare.xlsx", Path(folder) / "out"
        book.save(bare)
        return load_workbook(converted(bare, EXCEL, out), data_only=True)


def checked(book: Workbook, case: Case, lang: str) -> int:
    """How many amounts LibreOffice gives as the tables have them; an AssertionError names the first
    that it does not.
    """
    values = recalculated(book)
    return compared(lambda sheet, row, column: values[sheet].cell(row, column).value, case, lang)


def cell_of(book: Workbook, name: str):
    """The cell behind a name."""
    sheet, _, where = book.defined_names[name].attr_text.rpartition("!")
    return book[sheet.strip("'")][where.replace("$", "")]


def look(folder: Path, into: Path) -> None:
    """Recalculate both workbooks in `folder` twice, and write PDF and pages into `into`."""
    painter = program("pdftoppm")
    into.mkdir(parents=True, exist_ok=True)
    work, found, _ = again(folder, None, None, None, None)
    case = Case(found, work.book, work.rate)
    other = Case(case.compared, case.book.with_prices(dict([NEW_PRICE])), NEW_RATE)
    for lang in LANGUAGES:
        file = folder / f"tables.{lang}.xlsx"
        if not file.is_file():
            sys.exit(f"no {file}: make it with `sim compare`")
        book = load_workbook(file)
        print(f"{file}: LibreOffice and the tables agree on {checked(book, case, lang)} amounts")
        cell_of(book, f"price_{NEW_PRICE[0]}").value, cell_of(book, "discount_rate").value = (
            NEW_PRICE[1],
            NEW_RATE,
        )
        print(
            f"  with {NEW_PRICE[0]} at {NEW_PRICE[1]:,.0f} yen and {NEW_RATE:.1%}: on {checked(book, other, lang)}"
        )
        pdf = converted(file, "pdf", into)
        subprocess.run(
            [painter, "-r", str(DOTS), "-png", str(pdf), str(into / file.stem)], check=True
        )
        print(f"  {pdf}")


if __name__ == "__main__":
    results = Path(sys.argv[1] if len(sys.argv) > 1 else "results/spirals")
    look(results, results / "look")
