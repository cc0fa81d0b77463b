"""Several parameter sets from a table: a column a parameter, a row a set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sim.declared import declared
from sim.declared.withdrawn import WITHDRAWN
from sim.files import notation
from sim.scenario.comparison import Comparison
from sim.towns.household_tables.cells import text_of
from sim.towns.household_tables.sheet import Sheet, sheets
from sim.words import Phrase
from sim.words.errors import ScenarioError, nearest

MOST_SETS = 40
NUMBER = "set"  # a column that numbers the sets is read over


def read_sets(path: Path) -> list[dict[str, float]]:
    """Returns the parameter values of each row of a CSV or .xlsx file, by dotted name; a cell left
    empty keeps the value that the arms give. Refuses names that are not declared, what is no number,
    and more than MOST_SETS rows.
    """
    sheet = next(iter(sheets(path)))
    names = [text_of(cell) for cell in sheet.head[0]]
    for place, name in enumerate(names):
        if name in WITHDRAWN:
            why, new = Phrase(f"withdrawn.{name}"), WITHDRAWN[name]
            key = "error.withdrawn_parameter"
            raise sheet.refusal(key, 0, place, given=name, allowed=why, near=new)
        if name and name != NUMBER and name not in declared():
            raise sheet.refusal(
                "error.unknown_parameter", 0, place, given=name, near=nearest(name, declared())
            )
        if name in names[:place]:
            other = sheet.place(0, names.index(name))
            raise sheet.refusal("table.doubled", 0, place, given=name, other=other)
    found = [
        _set(sheet, row, names, cells)
        for row, cells in sheet.rows()
        if row and any(map(text_of, cells))
    ]
    if not 0 < len(found) <= MOST_SETS:
        allowed = Phrase("allowed.range", {"low": 1, "high": MOST_SETS})
        raise sheet.refusal("nation.sets", 0, given=len(found), allowed=allowed)
    return found


def _set(sheet: Sheet, row: int, names: list[str], cells: tuple) -> dict[str, float]:
    values = {}
    for place, (name, cell) in enumerate(zip(names, cells, strict=False)):
        text = text_of(cell)
        if not name or name == NUMBER or not text:
            continue
        number = notation.parse_number(text)
        if number is None:
            raise sheet.refusal(
                "error.type", row, place, given=text, allowed=Phrase("allowed.number")
            )
        values[name] = number
    return values


def comparisons_of(
    read: Callable[[dict[str, float]], Comparison], path: Path | None
) -> tuple[Comparison, ...]:
    """Returns the arms with each parameter set of a file, or as they are where there is none; `read`
    gives them with values by dotted key. A value that is refused is told with its row.
    """
    if path is None:
        return (read({}),)
    found = []
    for number, values in enumerate(read_sets(path), start=1):
        try:
            found.append(read({f"parameters.{name}": value for name, value in values.items()}))
        except ScenarioError as error:
            at = {"number": number}
            raise ScenarioError(
                *(
                    replace(
                        one, file=str(path), key=Phrase("nation.at_set", at | {"what": one.key})
                    )
                    for one in error.faults
                )
            ) from None
    return tuple(found)
