"""A table of ranges, as a user gives them: a row a parameter, with the low and the high end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.declared import declared
from sim.files import notation
from sim.study.match.space import Axis, Space, given_axis
from sim.study.match.targets import is_remark, places_of
from sim.towns.household_tables.cells import text_of
from sim.towns.household_tables.sheet import Row, Sheet, sheets
from sim.words import Phrase
from sim.words.errors import MOST_FAULTS, Fault, ScenarioError

COLUMNS = ("parameter", "low", "high")


def read_ranges(path: str | Path) -> Space:
    """Returns what is drawn by a CSV or .xlsx file with the columns parameter, low and high. Raises
    ScenarioError with every cell that is wrong.
    """
    sheet = next(iter(sheets(Path(path))))
    rows = [(row, cells) for row, cells in sheet.rows() if not is_remark(cells)]
    head, heading = rows[0]
    places = places_of(sheet, head, heading, COLUMNS, COLUMNS)
    known = declared()
    faults: list[Fault] = []
    axes: dict[str, Axis] = {}
    for row, cells in rows[1:]:
        try:
            name, *given = (_cell(sheet, row, cells, places[one], one) for one in COLUMNS)
            at = sheet.place(row, places["parameter"])
            axis = given_axis(name, given, known, file=sheet.file, at=at)
            if name in axes:
                raise sheet.refusal("match.twice", row, places["parameter"], given=name, other=name)
            axes[name] = axis
        except ScenarioError as error:
            faults += error.faults
    if faults:
        raise ScenarioError(*faults[:MOST_FAULTS])
    if not axes:
        raise sheet.refusal("match.no_ranges", head)
    return Space(tuple(axes[name] for name in sorted(axes)))


def _cell(sheet: Sheet, row: int, cells: Row, place: int, name: str) -> Any:
    """Returns a cell: the name of a parameter, or a number."""
    text = text_of(cells[place]) if place < len(cells) else ""
    if not text:
        raise sheet.refusal("error.missing", row, place)
    if name == COLUMNS[0]:
        return text
    number = notation.parse_number(text)
    if number is None:
        raise sheet.refusal("error.type", row, place, given=text, allowed=Phrase("allowed.number"))
    return number
