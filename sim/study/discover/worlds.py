"""The worlds that are searched: a column a parameter, and one outcome of each; from a comparison in
plausible worlds, from a CSV or .xlsx file, or from a table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.declared.measure import HIGHER, LOWER
from sim.files import notation
from sim.study.cells import code_hash
from sim.study.gather import ALL_MEASURES
from sim.study.manifest import compared_of, manifest_of
from sim.study.result import Compared
from sim.study.sensitivity.ground import arm_beside_reference
from sim.study.worlds import plausible
from sim.towns.household_tables.cells import text_of
from sim.towns.household_tables.sheet import sheets
from sim.words import Phrase
from sim.words.errors import between, fault, nearest, short, unknown

OUTCOME = "outcome"  # the column of outcomes where none is named
MOST_COLUMNS = 8  # named in one line
ABOVE, BELOW = "above", "below"


@dataclass(frozen=True)
class WorldTable:
    """Worlds: `parameters` (a row a world, a column a parameter) with their outcomes (n,).

    `name` is the outcome's column. Of a comparison `compared`, `arm`, `measure` and `year` say of
    what the outcome is the difference from the reference, `better` which way is. `left_out` are
    columns that hold no numbers or never vary.
    """

    parameters: pd.DataFrame
    outcomes: np.ndarray
    name: str
    compared: Compared | None = None
    arm: str = ""
    measure: str = ""
    year: int = 0
    left_out: tuple[str, ...] = field(default=())

    @property
    def better(self) -> str:
        """Which way the outcome is better; "" where that is not known."""
        return ALL_MEASURES[self.measure].better if self.measure in ALL_MEASURES else ""


def worlds_of_comparison(
    source: Path | Compared, measure: str, year: int | None = None, arm: str = ""
) -> WorldTable:
    """Returns the plausible worlds of a finished comparison, with the difference of an arm from the
    reference in a year (the last one if none is given), mean over a world's seeds.

    Refuses a comparison without worlds, and a folder made by another version, whose worlds were
    others.
    """
    if isinstance(source, Compared):
        compared, place = source, source.comparison.id
    else:
        place = short(source)
        if manifest_of(source)["code"] != code_hash():
            raise fault("discover.other_version", file=place)
        compared = compared_of(source)
    comparison = compared.comparison
    year = comparison.base.years if year is None else year
    if measure not in ALL_MEASURES:
        raise unknown("error.unknown_measure", measure, ALL_MEASURES, at="--measure", file="")
    if not 1 <= year <= comparison.base.years:
        limits = between(1, comparison.base.years)
        raise fault("error.range", at="--year", given=year, allowed=limits)
    reference, other = arm_beside_reference(comparison, arm)
    if not compared.worlds:
        raise fault("discover.no_worlds", file=place)
    values = compared.values
    found = values[
        values["world"].isin(compared.worlds)
        & (values["year"] == year)
        & (values["measure"] == measure)
    ]
    mean = found.pivot_table(index="world", columns="arm", values="value", aggfunc="mean")
    gap = (mean[other.id] - mean[reference.id]).dropna()
    table = plausible().values.loc[gap.index]
    told: dict[str, Any] = {"arm": other.id, "measure": measure, "year": year}
    return _varying(WorldTable(table, gap.to_numpy(), measure, compared, **told))


def worlds_of_frame(frame: pd.DataFrame, outcome: str = "", place: str = "") -> WorldTable:
    """Returns the worlds of a table; the outcome is the column of that name, "outcome" where none is
    given. Rows without an outcome, or with a parameter missing, are left out.
    """
    name = outcome or OUTCOME
    if name not in frame.columns:
        columns = [str(one) for one in frame.columns]
        near, allowed = nearest(name, columns), ", ".join(columns[:MOST_COLUMNS])
        raise fault(
            "discover.no_outcome",
            at="--outcome",
            file=place,
            given=name,
            near=near,
            allowed=allowed,
        )
    numbers = frame.apply(pd.to_numeric, errors="coerce")
    if numbers[name].isna().all():
        raise fault("discover.no_numbers", at="--outcome", file=place, given=name)
    numbers = numbers[numbers[name].notna()]
    plain = numbers.drop(columns=name).dropna(axis="columns", how="all").dropna()
    worlds = WorldTable(plain, numbers.loc[plain.index, name].to_numpy(dtype=float), name)
    empty = [str(one) for one in frame.columns if one != name and one not in plain.columns]
    return _varying(worlds, tuple(empty))


def _varying(worlds: WorldTable, empty: tuple[str, ...] = ()) -> WorldTable:
    """Returns the worlds without parameters that never vary."""
    table = worlds.parameters.reset_index(drop=True)
    moves = table.nunique() > 1
    still = tuple(str(name) for name in table.columns[~moves])
    kept = {**vars(worlds), "parameters": table.loc[:, moves], "left_out": (*empty, *still)}
    return WorldTable(**kept)


def read_worlds(path: Path, outcome: str = "") -> WorldTable:
    """Returns the worlds of a CSV or .xlsx file: names in its first row, a world a row. Numbers are
    read as offices write them; "true" and "false" count as 1 and 0.
    """
    sheet = next(iter(sheets(path)))
    rows = [cells for _row, cells in sheet.rows() if any(map(text_of, cells))]
    names = [text_of(cell) for cell in rows[0]]
    for at, name in enumerate(names):
        if name and name in names[:at]:
            other = sheet.place(0, names.index(name))
            raise sheet.refusal("table.doubled", 0, at, given=name, other=other)
    columns = {
        name: [_number(cells[at]) if at < len(cells) else None for cells in rows[1:]]
        for at, name in enumerate(names)
        if name
    }
    return worlds_of_frame(pd.DataFrame(columns), outcome, sheet.file)


def _number(cell: Any) -> float | None:
    text = text_of(cell)
    if text.lower() in ("true", "false"):
        return float(text.lower() == "true")
    return notation.parse_number(text) if text else None


def only_matching(worlds: WorldTable, patterns: Iterable[str]) -> WorldTable:
    """Returns the worlds with only those parameters that match a pattern, all where there is none:
    a name or a subject, with * and ?. Refuses a pattern that matches nothing.
    """
    names = [str(name) for name in worlds.parameters.columns]
    kept: set[str] = set()
    patterns = tuple(patterns)
    for pattern in patterns:
        found = {
            name
            for name in names
            if any(fnmatchcase(one, pattern) for one in (name, *name.split(".", 1)))
        }
        if not found:
            near = nearest(pattern, names)
            raise fault("sensitivity.pattern", at="--parameters", given=pattern, near=near)
        kept |= found
    if not patterns:
        return worlds
    chosen = [name for name in names if name in kept]
    return WorldTable(**{**vars(worlds), "parameters": worlds.parameters[chosen]})


def interest(
    worlds: WorldTable,
    above: float | None = None,
    below: float | None = None,
    wins: bool = False,
) -> tuple[str, float]:
    """Returns in which outcomes we are interested: ABOVE or BELOW, and the value.

    Of a comparison these are the differences on the worse side of 0 (on the better one with
    `wins`), of a column of 0 and 1 the 1; else one of `above` and `below` must be given.
    """
    if above is not None and below is not None:
        raise fault("discover.both", at="--above", given=f"{above:g}, {below:g}")
    if above is not None or below is not None:
        return (BELOW, float(below)) if below is not None else (ABOVE, float(above or 0.0))
    if worlds.better in (LOWER, HIGHER):
        return (ABOVE if (worlds.better == LOWER) != wins else BELOW), 0.0
    if set(np.unique(worlds.outcomes)) <= {0.0, 1.0}:
        return (BELOW if wins else ABOVE), 0.5
    raise fault("discover.which", at="--above", given=worlds.name, allowed=Phrase("discover.side"))
