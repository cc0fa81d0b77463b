"""`sim template`: an example of a table to fill in, as CSV and as an Excel workbook."""

from __future__ import annotations

import csv
import io
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.console import Lang, Out, Quiet, bilingual_help
from sim.scenario.files import write_whole
from sim.scenario.town import HOUSEHOLD_KINDS
from sim.words import say
from sim.words.errors import fault, short

DISTRICTS = {"ja": ("中央", "山手", "海辺"), "en": ("Centre", "Hillside", "Seaside")}
EXAMPLE = (
    (420, 450, 300, 620, 110, 540, 560),
    (180, 260, 190, 210, 30, 120, 190),
    (150, 160, 120, 90, 20, 110, 100),
)


class ExampleTable(StrEnum):
    """The tables that have an example."""

    households = "households"


def template_command(
    table: Annotated[
        ExampleTable, typer.Argument(help=bilingual_help("cli.template_of"))
    ] = ExampleTable.households,
    lang: Lang = None,
    quiet: Quiet = False,
    out: Out = None,
) -> None:
    """Write an example of a table: to the file named, or as CSV and .xlsx into the current
    folder.
    """
    files = [out] if out else [Path(f"{table.value}.csv"), Path(f"{table.value}.xlsx")]
    for file in files:
        if file.suffix.lower() not in (".csv", ".xlsx"):
            raise fault("template.bad_suffix", file=short(file), allowed=say("template.suffix"))
        if file.exists():
            raise fault("error.exists", file=short(file))
    for file in files:
        _write_csv(file) if file.suffix.lower() == ".csv" else write_workbook(file)
    if not quiet:
        print(say("template.written", files=", ".join(map(short, files))))
        print(say("template.next", file=short(files[-1])))


def _rows() -> list[tuple[Any, ...]]:
    """Returns the example: a heading, and a line a district with its households by kind."""
    from sim.words import language

    heading = (say("template.district"), *(say(f"kind.{kind}") for kind in HOUSEHOLD_KINDS))
    return [
        heading,
        *((name, *numbers) for name, numbers in zip(DISTRICTS[language()], EXAMPLE, strict=True)),
    ]


def _write_csv(file: Path) -> None:
    """The example as CSV in UTF-8 with its mark, as Excel opens it."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(_rows())
    write_whole(file, text.getvalue(), encoding="utf-8-sig")


def write_workbook(file: Path) -> None:
    """The example as a workbook, with a sheet that says how it is filled in."""
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # a new workbook has one
    sheet.title = say("template.sheet")
    for row in _rows():
        sheet.append(row)
    sheet.freeze_panes = "B2"
    for letter in "ABCDEFGH":
        sheet.column_dimensions[letter].width = 20
    help_sheet = book.create_sheet(say("template.help_sheet"))
    for key in ("template.help", "template.child"):
        help_sheet.append([say(key)])
    help_sheet.column_dimensions["A"].width = 120
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        book.save(file)
    except OSError as error:
        raise fault(
            "error.unwritable", file=short(file), detail=error.strerror or str(error)
        ) from None
