"""`sim template`: the workbook of municipal data to fill in, or an example of a table of households
as CSV and as an Excel workbook.
"""

from __future__ import annotations

import csv
import io
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.console import Lang, Out, Quiet
from sim.cli.help import bilingual_help
from sim.declared.vocabulary import KINDS
from sim.files.toml import write_whole, write_whole_bytes
from sim.words import say
from sim.words.errors import fault, quoted, short

DISTRICTS = {"ja": ("中央", "山手", "海辺"), "en": ("Centre", "Hillside", "Seaside")}
EXAMPLE = (
    (420, 450, 300, 620, 110, 540, 560),
    (180, 260, 190, 210, 30, 120, 190),
    (150, 160, 120, 90, 20, 110, 100),
)


class ExampleTable(StrEnum):
    """What can be written to be filled in: the workbook of `sim go`, or a table of households."""

    book = "book"
    households = "households"


def template_command(
    table: Annotated[
        ExampleTable, typer.Argument(help=bilingual_help("cli.template_of"))
    ] = ExampleTable.book,
    lang: Lang = None,
    quiet: Quiet = False,
    out: Out = None,
) -> None:
    """Write the workbook to fill in, or an example of a table: to the file named, or into the
    current folder.
    """
    if table is ExampleTable.book:
        return write_book(out or Path(say("book.file")), quiet)
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


def write_book(file: Path, quiet: bool) -> None:
    """Write the workbook that `sim go` reads, empty; refuses to replace a file."""
    from sim.officer.writing import template_bytes
    from sim.words import language

    if file.suffix.lower() != ".xlsx":
        raise fault("template.bad_suffix", file=short(file), allowed=".xlsx")
    write_whole_bytes(file, template_bytes(language()))
    if not quiet:
        print(say("template.written", files=short(file)))
        print(say("template.go", file=quoted(file)))


def _rows() -> list[tuple[Any, ...]]:
    """Returns the example: a heading, and a line a district with its households by kind."""
    from sim.words import language

    heading = (say("template.district"), *(say(f"kind.{kind}") for kind in KINDS))
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
    from xlsxwriter import Workbook

    from sim.report.workbook.page import WRITTEN

    content = io.BytesIO()
    book = Workbook(content, {"in_memory": True})
    book.set_properties({"created": WRITTEN})
    sheet = book.add_worksheet(say("template.sheet"))
    for place, row in enumerate(_rows()):
        sheet.write_row(place, 0, row)
    sheet.freeze_panes(1, 1)
    sheet.set_column("A:H", 20)
    help_sheet = book.add_worksheet(say("template.help_sheet"))
    help_sheet.write_column(0, 0, [say("template.help"), say("template.child")])
    help_sheet.set_column("A:A", 120)
    book.close()
    write_whole_bytes(file, content.getvalue())
