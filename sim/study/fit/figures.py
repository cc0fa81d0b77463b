"""A town's own figures of last year: from its file, a table, or a mapping; and what the model says
in their place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.declared.own_figures import OWN_FIGURES, OwnFigure
from sim.declared.records import FLOWS, column_names
from sim.files import notation
from sim.study.match.targets import is_remark, places_of
from sim.study.measures import MEASURES, Counted, Formula, Years
from sim.towns.household_tables.cells import UNKNOWN, WITHHELD, text_of
from sim.towns.household_tables.sheet import Row, Sheet, sheets
from sim.towns.own_figures import EMPTY, LARGEST
from sim.towns.town import People
from sim.words import LANGUAGES, Phrase
from sim.words.errors import MOST_FAULTS, Fault, ScenarioError, between, fault, nearest

COLUMNS = ("figure", "value", "error")
NEEDED = ("figure", "value")
ADDED = {  # weekly columns whose sum over the year is meant; of the others the mean
    name
    for key, one in FLOWS.items()
    if one.unit != "household-weeks"
    for name in column_names({key: one})
}
MOST_ERROR = 2.0  # of what a town counts, as a share of it


@dataclass(frozen=True)
class KnownFigure:
    """What a town knows: the key of the figure, its value, and the error with which it is counted as
    a share of it.
    """

    key: str
    own: float
    error: float

    @property
    def declared(self) -> OwnFigure:
        """What is declared of it."""
        return OWN_FIGURES[self.key]

    @property
    def adds_up(self) -> bool:
        """Whether twice the town has twice as much."""
        if not self.declared.measure:
            return True
        formula = _measure(self.declared.measure)
        return isinstance(formula, Counted) and not formula.per

    def value(self, year: Years) -> float:
        """Returns what the model says in one year of a town (the first row of `year`)."""
        if self.declared.measure:
            return float(_measure(self.declared.measure)(year).iloc[0])
        return sum(_column(year, name) for name in self.declared.columns)


def _measure(name: str) -> Formula:
    return next(one.formula for one in MEASURES if one.name == name)


def _column(year: Years, name: str) -> float:
    """Returns the sum over the year of a flow, the mean of a stock; households in weeks are a mean
    too.
    """
    return float((year.total if name in ADDED else year.mean)[name].iloc[0])


def figures_of(given: Any, people: People) -> tuple[KnownFigure, ...]:
    """Returns own figures as a user gives them, in the order of the declarations: None for those of
    the town's file, the path of a table (CSV or .xlsx), or a mapping from key to value. Figures that
    are left empty are left out. Raises ScenarioError where there is none, or one that cannot be.
    """
    found: dict[str, tuple[Any, float | None]]
    if given is None:
        lines = people.own_figures
        found = {} if lines is None else {k: (v, None) for k, v in lines.model_dump().items()}
    elif isinstance(given, (str, Path)):
        found = {**read_figures(given)}
    else:
        found = {key: (value, None) for key, value in dict(given).items()}
    faults: list[Fault] = []
    known = {}
    for key, (value, error) in found.items():
        try:
            number = _checked(key, value)
        except ScenarioError as refused:
            faults += refused.faults
            continue
        if number is not None:
            share = OWN_FIGURES[key].error if error is None else error
            known[key] = KnownFigure(key, number, share)
    if faults:
        raise ScenarioError(*faults[:MOST_FAULTS])
    if not known:
        raise fault("fit.no_figures", at="own_figures", allowed=", ".join(OWN_FIGURES))
    return tuple(known[key] for key in OWN_FIGURES if key in known)


def _checked(key: str, value: Any) -> float | None:
    """Returns the number of a figure of a mapping, None where it is left empty."""
    at = f"own_figures.{key}"
    if key not in OWN_FIGURES:
        near = nearest(key, OWN_FIGURES)
        allowed = ", ".join(OWN_FIGURES)
        raise fault("fit.unknown_figure", at=at, given=key, allowed=allowed, near=near)
    if value is None or (isinstance(value, str) and value.strip() in EMPTY):
        return None
    number = notation.parse_number(value) if isinstance(value, str) else value
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise fault("error.type", at=at, given=value, allowed=Phrase("allowed.number"))
    if not 0 <= number <= LARGEST:
        raise fault("error.range", at=at, given=value, allowed=between(0, LARGEST))
    return float(number)


def read_figures(path: str | Path) -> dict[str, tuple[float | None, float | None]]:
    """Returns value and error by key out of a CSV or .xlsx file with the columns `figure` and
    `value`, and `error` where a row says one; None for what is left empty. A figure is named by its
    key or by its words. Raises ScenarioError with every cell that is wrong.
    """
    sheet = next(iter(sheets(Path(path))))
    rows = [(row, cells) for row, cells in sheet.rows() if not is_remark(cells)]
    if not rows:
        raise sheet.refusal("match.no_rows", 0, allowed=", ".join(NEEDED))
    head, heading = rows[0]
    table = _FigureRows(sheet, places_of(sheet, head, heading, COLUMNS, NEEDED, "fit"))
    return table.read(rows[1:])


class _FigureRows:
    """Reads a table of own figures row by row and gathers what is wrong."""

    def __init__(self, sheet: Sheet, places: Mapping[str, int]):
        self.sheet, self.places = sheet, places
        self.names = {
            one.label(lang): key for key, one in OWN_FIGURES.items() for lang in LANGUAGES
        }
        self.names |= {key: key for key in OWN_FIGURES}

    def read(self, rows: list[tuple[int, Row]]) -> dict[str, tuple[float | None, float | None]]:
        """Returns value and error by key; refuses with every fault, up to so many."""
        found: dict[str, tuple[float | None, float | None]] = {}
        lines: dict[str, int] = {}
        faults: list[Fault] = []
        for row, cells in rows:
            try:
                key = self._key(row, cells)
                if key in found:
                    other = self.sheet.place(lines[key])
                    raise self._refusal("match.twice", row, "figure", given=key, other=other)
                value = self._number(row, cells, "value", LARGEST)
                error = self._number(row, cells, "error", MOST_ERROR)
                found[key], lines[key] = (value, error), row
            except ScenarioError as refused:
                faults += refused.faults
        if faults:
            raise ScenarioError(*faults[:MOST_FAULTS])
        return found

    def _text(self, cells: Row, name: str) -> str:
        place = self.places.get(name)
        return text_of(cells[place]) if place is not None and place < len(cells) else ""

    def _key(self, row: int, cells: Row) -> str:
        text = self._text(cells, "figure")
        if text not in self.names:
            near, allowed = nearest(text, self.names), ", ".join(OWN_FIGURES)
            more = {"given": text, "allowed": allowed, "near": near}
            raise self._refusal("fit.unknown_figure", row, "figure", **more)
        return self.names[text]

    def _number(self, row: int, cells: Row, name: str, most: float) -> float | None:
        text = self._text(cells, name)
        if text in EMPTY or UNKNOWN.fullmatch(text) or WITHHELD.fullmatch(text):
            return None
        number = notation.parse_number(text)
        if number is None:
            allowed = Phrase("allowed.number")
            raise self._refusal("error.type", row, name, given=text, allowed=allowed)
        if not 0 <= number <= most:
            raise self._refusal("error.range", row, name, given=text, allowed=between(0, most))
        return number

    def _refusal(self, key: str, row: int, name: str, **more: Any) -> ScenarioError:
        return self.sheet.refusal(key, row, self.places[name], **more)
