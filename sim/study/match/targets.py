"""What is known of towns: a table of targets, one a row, with the interval that is accepted.

The open targets of the project ship as `open_targets.csv`; a user's own table has the same columns.
A row whose first cell begins with # is read over: a remark, or a target that cannot be measured
yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.declared.records import FLOWS, STOCKS, column_names
from sim.files import notation
from sim.study.measures import MEASURES, Formula, Years, mean
from sim.towns.household_tables.cells import text_of
from sim.towns.household_tables.sheet import Row, Sheet, sheets
from sim.words import LANGUAGES, InBoth, Phrase, say
from sim.words.errors import MOST_FAULTS, ScenarioError, between, fault, nearest

OPEN_TARGETS = Path(__file__).with_name("open_targets.csv")
FIRST_YEAR, LAST_YEAR = 3, 8  # years after the run-in that are looked at, where a row says nothing
MOST_YEARS = 30
REMARK = "#"
NEEDED = ("id", "measure", "accept_low", "accept_high")
COLUMNS = (
    *("id", "measure", "first_year", "last_year", "centre", "accept_low", "accept_high", "weight"),
    *("name_ja", "name_en", "source_ja", "source_en"),
)
LIMITS = {"weight": (0.0, 1.0), "first_year": (1, MOST_YEARS), "last_year": (1, MOST_YEARS)}


@dataclass(frozen=True)
class Target:
    """One thing that is known: the mean of a measure (or weekly column) over the years
    `first_year` to `last_year` lies near `centre`, and is accepted from `low` to `high`, in the
    measure's unit.

    `weight` 1 counts in full, a half at double the variance, 0 makes it a check. `id` names it in
    tables; `name` and `source` are told to readers of Japanese and English.
    """

    id: str
    measure: str
    centre: float
    low: float
    high: float
    first_year: int = FIRST_YEAR
    last_year: int = LAST_YEAR
    weight: float = 1.0
    name: InBoth = InBoth("", "")
    source: InBoth = InBoth("", "")

    @property
    def sd(self) -> float:
        """Observation error and model discrepancy together: half the accepted width is two of
        it.
        """
        return (self.high - self.low) / 4

    @property
    def variance(self) -> float:
        """The square of `sd`, over the weight; a check counts as with weight 1."""
        return self.sd**2 / (self.weight or 1.0)

    @property
    def window(self) -> tuple[int, int]:
        """First and last year that are looked at."""
        return self.first_year, self.last_year

    def formula(self) -> Formula:
        """Returns how it is measured."""
        return measurable()[self.measure]

    def label(self, lang: str) -> str:
        """Returns its name, or that of its measure where the table gives none."""
        return self.name.say(lang) or measure_label(self.measure, lang)


def measurable() -> dict[str, Formula]:
    """Returns everything that a target can be about: the yearly measures, then the columns of the
    weekly table (the mean of a stock over the year, the sum of a flow), by name.
    """
    stocks = {name: mean(name) for name in column_names(STOCKS)}
    flows = {name: _total_of(name) for name in column_names(FLOWS)}
    return flows | stocks | {one.name: one.formula for one in MEASURES}


def _total_of(name: str) -> Formula:
    def total(years: Years) -> pd.Series:
        return years.total[name]

    return total


def measure_label(name: str, lang: str) -> str:
    """Returns the words of a measure; a weekly column is called by its own name."""
    return next((getattr(one, lang) for one in MEASURES if one.name == name), name)


def measure_unit(name: str) -> str:
    """Returns the unit of a measure; nothing for a weekly column."""
    return next((one.unit for one in MEASURES if one.name == name), "")


def read_targets(path: str | Path = OPEN_TARGETS) -> tuple[Target, ...]:
    """Returns the targets of a CSV or .xlsx file. Raises ScenarioError with every cell that is
    wrong: an unknown column or measure, what is no number, an interval that is empty or does not
    hold its centre, an id that stands twice.
    """
    sheet = next(iter(sheets(Path(path))))
    return _Rows(sheet).read()


def targets_of(given: Any) -> tuple[Target, ...]:
    """Returns targets as a user gives them: None for the open targets of the project, the path of a
    table, or an iterable of `Target`. Raises ScenarioError where there is none, or none that rules
    out.
    """
    if given is None or isinstance(given, (str, Path)):
        found = read_targets(OPEN_TARGETS if given is None else given)
    else:
        found = tuple(given)
        _check_known(found)
    if not any(target.weight > 0 for target in found):
        raise fault("match.no_targets", at="targets")
    return found


def _check_known(targets: Iterable[Target]) -> None:
    names = measurable()
    for one in targets:
        at = f"targets.{one.id}"
        if one.measure not in names:
            raise unknown_measure(one.measure, names, at=at)
        if not one.low < one.high or not one.low <= one.centre <= one.high:
            given = f"{one.low:g} - {one.centre:g} - {one.high:g}"
            raise fault("match.interval", at=at, given=given)
        if not 1 <= one.first_year <= one.last_year <= MOST_YEARS or not 0 <= one.weight <= 1:
            given = f"{one.first_year} - {one.last_year}, {one.weight:g}"
            raise fault("error.range", at=at, given=given, allowed=between(1, MOST_YEARS))


def unknown_measure(name: str, names: Mapping[str, Any], **place: Any) -> ScenarioError:
    """Returns the refusal of a measure that there is not, with the nearest one."""
    near = nearest(name, list(names)[::-1])
    allowed = Phrase("match.measures_list")
    return fault("match.unknown_measure", given=name, allowed=allowed, near=near, **place)


class _Rows:
    """Reads a table row by row and gathers what is wrong."""

    def __init__(self, sheet: Sheet):
        self.sheet = sheet
        self.faults: list[Any] = []
        rows = [(place, cells) for place, cells in sheet.rows() if not is_remark(cells)]
        if not rows:
            raise sheet.refusal("match.no_rows", 0, allowed=", ".join(NEEDED))
        (self.head, heading), self.rows = rows[0], rows[1:]
        self.places = places_of(sheet, self.head, heading, COLUMNS, NEEDED)
        self.names = measurable()

    def read(self) -> tuple[Target, ...]:
        """Returns the targets; refuses with every fault, up to so many."""
        found: dict[str, Target] = {}
        lines: dict[str, int] = {}
        for row, cells in self.rows:
            try:
                one = self._target(row, cells)
                if one.id in found:
                    other = self.sheet.place(lines[one.id])
                    raise self._refusal("match.twice", row, "id", given=one.id, other=other)
                found[one.id], lines[one.id] = one, row
            except ScenarioError as error:
                self.faults += error.faults
                if len(self.faults) >= MOST_FAULTS:
                    break
        if self.faults:
            raise ScenarioError(*self.faults)
        if not found:
            raise self.sheet.refusal("match.no_rows", self.head, allowed=", ".join(NEEDED))
        return tuple(found.values())

    def _target(self, row: int, cells: Row) -> Target:
        id, measure = (self._text(row, cells, name) for name in ("id", "measure"))
        if measure not in self.names:
            place = self.sheet.place(row, self.places["measure"])
            raise unknown_measure(measure, self.names, file=self.sheet.file, at=place)
        unit = measure_unit(measure)
        low, high, centre = (
            self._number(row, cells, name, unit) for name in ("accept_low", "accept_high", "centre")
        )
        assert low is not None and high is not None  # both are needed
        centre = (low + high) / 2 if centre is None else centre
        if not low < high or not low <= centre <= high:
            given = f"{low:g} - {centre:g} - {high:g}"
            raise self._refusal("match.interval", row, "accept_low", given=given)
        weight = self._number(row, cells, "weight")
        first, last = (self._number(row, cells, name) for name in ("first_year", "last_year"))
        first, last = int(first or FIRST_YEAR), int(last or max(LAST_YEAR, first or 0))
        if first > last:
            raise self._refusal("match.years", row, "first_year", given=f"{first} - {last}")
        name, source = (
            InBoth(*(self._text(row, cells, f"{part}_{lang}") for lang in LANGUAGES))
            for part in ("name", "source")
        )
        weight = 1.0 if weight is None else weight
        return Target(id, measure, centre, low, high, first, last, weight, name, source)

    def _text(self, row: int, cells: Row, name: str) -> str:
        """Returns the cell of a column as text; refuses one that is needed and empty."""
        place = self.places.get(name)
        text = text_of(cells[place]) if place is not None and place < len(cells) else ""
        if not text and name in NEEDED:
            raise self._refusal("error.missing", row, name)
        return text

    def _number(self, row: int, cells: Row, name: str, unit: str = "") -> float | None:
        """Returns the number in a column; None where an optional one is empty. "34%" is 34 where
        the measure is counted in per cent.
        """
        text = self._text(row, cells, name)
        if not text:
            return None
        number = notation.parse_number(text)
        if number is None or (name.endswith("year") and number != int(number)):
            allowed = Phrase("allowed.whole" if name.endswith("year") else "allowed.number")
            raise self._refusal("error.type", row, name, given=text, allowed=allowed)
        low, high = LIMITS.get(name, (float("-inf"), float("inf")))
        if not low <= number <= high:
            raise self._refusal("error.range", row, name, given=text, allowed=between(low, high))
        percent = unit.startswith("%") and text[-1] in "%％"
        return round(100 * number, 10) if percent else number

    def _refusal(self, key: str, row: int, name: str, **more: Any) -> ScenarioError:
        return self.sheet.refusal(key, row, self.places[name], **more)


def places_of(
    sheet: Sheet,
    row: int,
    heading: Row,
    columns: Sequence[str],
    needed: Sequence[str],
    words: str = "match",
) -> dict[str, int]:
    """Returns where each of the `columns` stands in the heading at `row`, under its own name or its
    word in either language (`<words>.column.<name>`); refuses headings that are unknown, doubled or
    missing.
    """
    spelt = {say(f"{words}.column.{one}", lang): one for one in columns for lang in LANGUAGES}
    spelt |= {one: one for one in columns}
    places: dict[str, int] = {}
    for place, text in enumerate(map(text_of, heading)):
        name = spelt.get(text)
        if name in places:
            other = sheet.place(row, places[name])
            raise sheet.refusal("table.doubled", row, place, given=text, other=other)
        if name is None and text:
            known = {"allowed": ", ".join(columns), "near": nearest(text, spelt)}
            raise sheet.refusal("match.unknown_column", row, place, given=text, **known)
        if name is not None:
            places[name] = place
    missing = [name for name in needed if name not in places]
    if missing:
        raise sheet.refusal("match.missing_column", row, allowed=", ".join(missing))
    return places


def is_remark(cells: Row) -> bool:
    """Returns whether a row is empty or a remark: its first cell begins with REMARK."""
    texts = [text_of(cell) for cell in cells]
    return not any(texts) or texts[0].startswith(REMARK)
