"""The rows of a table as entries, one a district: read row by row, so that a file that is too long
is answered at once.
"""

from __future__ import annotations

import datetime
import itertools
from dataclasses import dataclass, field
from typing import Any, cast

from sim.files import notation
from sim.towns.household_tables.cells import NONE, Mark, count, text_of
from sim.towns.household_tables.kinds import OWN, TERMS, TOTAL, term_label, term_of
from sim.towns.household_tables.layout import Layout, columns_of_aged
from sim.towns.household_tables.sheet import Row, Sheet
from sim.towns.household_tables.spelling import spelling_key, tidy
from sim.towns.household_tables.totals import is_total
from sim.words import Phrase, say
from sim.words.errors import ScenarioError, fault, nearest

MOST_DISTRICTS = 500
MOST_ROWS, MOST_NAMES = 30_000, 5_000  # of a table, districts without anybody and totals counted in
RESIDENTS, AGED = "residents", "aged"
MUNICIPALITY, TOWN = (
    "1",
    "2",
)  # levels of a census table: the whole municipality, 大字・町名 (below it 丁目)
CODES = ("into", "added", "level", "date")


@dataclass
class Entry:
    """A district: its name as first written, and each figure with the row and column where it
    stands.
    """

    name: str
    row: int
    figures: dict[str, int | Mark] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    spellings: list[str] = field(default_factory=list)  # as written, the first one first
    code: str = ""
    into: str = ""
    added: str = ""
    level: str = ""
    date: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """The figures, of a district in which none is missing."""
        return cast(dict[str, int], self.figures)

    @property
    def withheld(self) -> bool:
        """Whether every figure is withheld."""
        return bool(self.figures) and all(
            figure is Mark.WITHHELD for figure in self.figures.values()
        )

    def empty(self) -> bool:
        """Returns whether the district has nobody."""
        return all(figure == 0 for figure in self.figures.values())


@dataclass
class Entries:
    """All entries of a sheet by the key of their name, and what was met on the way."""

    districts: dict[str, Entry] = field(default_factory=dict)
    totals: list[Entry] = field(default_factory=list)
    filled: int = 0
    notes: int = 0
    details: list[str] = field(default_factory=list)  # names of rows below the level used
    left: dict[str, str] = field(default_factory=dict)
    dates: set[str] = field(default_factory=set)


def entries_of(sheet: Sheet, layout: Layout) -> Entries:
    """Returns every row of a sheet below its heading as part of an entry; refuses what cannot be
    read, and too many districts.
    """
    reader = LongRows(sheet, layout) if layout.form == "long" else WideRows(sheet, layout)
    for row, cells in itertools.islice(sheet.rows(), layout.first, None):
        if not any(text_of(cell) for cell in cells):
            continue
        if sum(1 for cell in cells if text_of(cell)) == 1 and not reader.is_row(cells):
            reader.found.notes += 1
            continue
        reader.read(row, cells)
        if (
            len(reader.inhabited) > MOST_DISTRICTS
            or len(reader.found.districts) > MOST_NAMES
            or row > MOST_ROWS
        ):
            raise too_many(sheet)
    return reader.found


def too_many(sheet: Sheet) -> Exception:
    """Returns the refusal of more districts than a town may have, with the way out."""
    return fault(
        "table.too_many", file=sheet.file, most=MOST_DISTRICTS, allowed=Phrase("table.too_many_way")
    )


class Rows:
    """What both forms of a table share: names of districts, and the codes beside them."""

    def __init__(self, sheet: Sheet, layout: Layout):
        self.sheet, self.layout, self.found = sheet, layout, Entries()
        self.inhabited: set[str] = set()
        self.cities: dict[str, str] = {}

    def cell(self, cells: Row, place: int | None) -> Any:
        """Returns the cell at a place of a row; None beyond its end."""
        return cells[place] if place is not None and place < len(cells) else None

    def code(self, cells: Row, name: str) -> str:
        """Returns a code of a row as text."""
        return text_of(self.cell(cells, self.layout.codes.get(name)))

    def written(self, cells: Row) -> str:
        """Returns the name of a row's district letter by letter as the file has it."""
        return " ".join(
            str(cell).strip() for place in self.layout.district if (cell := self.cell(cells, place))
        )

    def name(self, row: int, cells: Row) -> str:
        """Returns the name of a row's district in one spelling; nothing where it has none. Refuses
        a name that Excel has made a date.
        """
        parts = []
        for place in self.layout.district:
            cell = self.cell(cells, place)
            if isinstance(cell, (datetime.date, datetime.time)):
                raise self.sheet.refusal("table.name_date", row, place, given=str(cell))
            parts.append(text_of(cell))
        if len(parts) < 2 or self.joined():
            return "".join(part for part in parts if part not in NONE)
        return next(
            (part for part in parts if is_total(part)),
            next((part for part in reversed(parts) if part), ""),
        )

    def joined(self) -> bool:
        """Returns whether two columns make one name (本町 + 一丁目)."""
        return len(self.layout.district) == 2 and "町" in text_of(
            self.sheet.head[self.layout.row][self.layout.district[0]]
        )

    def one_city(self, row: int, cells: Row) -> None:
        """Refuse a table of more than one municipality."""
        city = text_of(self.cell(cells, self.layout.city))
        if city and not is_total(city):
            self.cities.setdefault(spelling_key(city), city)
        if len(self.cities) > 1:
            raise self.sheet.refusal(
                "table.cities", row, self.layout.city, given=", ".join(self.cities.values())
            )

    def entry(self, name: str, row: int, written: str) -> Entry:
        """Returns the entry of a name, known or new; another spelling of it is noted."""
        entry = self.found.districts.setdefault(spelling_key(name), Entry(tidy(name), row))
        if written and written not in entry.spellings:
            entry.spellings.append(written)
        return entry


class WideRows(Rows):
    """Rows of the cross form, or of a table without kinds: one a district."""

    def __init__(self, sheet: Sheet, layout: Layout):
        super().__init__(sheet, layout)
        self.has_towns = False
        self.aged = columns_of_aged(layout.ages)
        people = {RESIDENTS: layout.population} if layout.population is not None else {}
        self.columns = {**layout.terms, **people}

    def is_row(self, cells: Row) -> bool:
        """Returns whether a row with one filled cell is a district's row after all."""
        return False

    def read(self, row: int, cells: Row) -> None:
        """Take one row."""
        name = self.name(row, cells)
        codes: dict[str, Any] = {
            field: self.code(cells, code)
            for field, code in (("code", "own"), *((one, one) for one in CODES))
        }
        entry = Entry(tidy(name), row, spellings=[self.written(cells)], **codes)
        self.take_figures(entry, row, cells)
        whole = (
            entry.level == MUNICIPALITY or not name and text_of(self.cell(cells, self.layout.city))
        )
        if whole or is_total(name):
            entry.name = entry.name or text_of(self.cell(cells, self.layout.city))
            self.found.totals.append(entry)
            return
        self.one_city(row, cells)
        if not name:
            raise self.sheet.refusal("table.no_name", row, self.layout.district[0])
        if entry.level not in ("", TOWN) or self.is_part(cells):
            self.found.details.append(entry.name)
            if self.has_towns or not entry.level:
                return
        self.has_towns = self.has_towns or entry.level == TOWN
        self.keep(entry)

    def is_part(self, cells: Row) -> bool:
        """Returns whether a row is a block of a town (本町 + 一丁目) that has a row of its own."""
        town, *blocks = (text_of(self.cell(cells, place)) for place in self.layout.district)
        named = any(block not in NONE and block for block in blocks)
        return named and self.joined() and spelling_key(town) in self.found.districts

    def keep(self, entry: Entry) -> None:
        """Keep a district; refuses a second row of its name, but at another date, where the latest
        counts.
        """
        known = self.found.districts.get(spelling_key(entry.name))
        self.found.dates |= {entry.date} - {""}
        if known is not None and known.date == entry.date:
            raise twice(self.sheet, self.layout, known, entry)
        if known is None or sortable(known.date) < sortable(entry.date):
            self.found.districts[spelling_key(entry.name)] = entry
            if not entry.empty():
                self.inhabited.add(spelling_key(entry.name))

    def take_figures(self, entry: Entry, row: int, cells: Row) -> None:
        """The figures of a row; refuses at once what is no figure at all."""
        for name, place in self.columns.items():
            entry.figures[name], entry.places[name] = self.figure(row, place, cells), (row, place)
        if self.aged:
            ages = [self.figure(row, place, cells) for place in self.aged]
            bad = next(
                (
                    place
                    for place, figure in zip(self.aged, ages, strict=True)
                    if isinstance(figure, Mark)
                ),
                None,
            )
            entry.figures[AGED] = sum(ages) if bad is None else ages[self.aged.index(bad)]  # type: ignore[arg-type]
            entry.places[AGED] = (row, self.aged[0] if bad is None else bad)

    def figure(self, row: int, place: int, cells: Row) -> int | Mark:
        """Returns one figure, or a mark that may be mended by what stands elsewhere."""
        found = count(self.cell(cells, place))
        if isinstance(found, Mark) and found not in (Mark.WITHHELD, Mark.UNKNOWN, Mark.EMPTY):
            raise bad_figure(self.sheet, found, row, place, self.cell(cells, place))
        return found


class LongRows(Rows):
    """Rows of the long form: one a district and kind."""

    last = ""

    def is_row(self, cells: Row) -> bool:
        """Returns whether a row with one filled cell is a figure of the district above."""
        return False

    def read(self, row: int, cells: Row) -> None:
        """Take one row; a district left empty is that of the row above (a merged cell saved as
        CSV).
        """
        place, column, name = self.layout.kind, self.layout.count, self.name(row, cells)
        assert column is not None  # the long form is told by it
        written = text_of(self.cell(cells, place))
        if not name and not self.last:
            raise self.sheet.refusal("table.no_name", row, self.layout.district[0])
        self.found.filled += not name
        self.last = name = name or self.last
        self.one_city(row, cells)
        term = self.term(written, row)
        figure = count(self.cell(cells, column))
        if term is None:
            return
        if isinstance(figure, Mark):
            raise bad_figure(self.sheet, figure, row, column, self.cell(cells, column))
        if is_total(name):
            self.found.totals.append(Entry(tidy(name), row, {term: figure}, {term: (row, column)}))
            return
        entry = self.entry(name, row, self.written(cells))
        if term in entry.figures:
            first = self.sheet.place(*entry.places[term])
            raise self.sheet.refusal(
                "table.row_twice", row, column, given=f"{name}, {written}", other=first
            )
        entry.figures[term], entry.places[term] = figure, (row, column)
        if figure:
            self.inhabited.add(spelling_key(name))

    def term(self, written: str, row: int) -> str | None:
        """Returns the kind that a row names; None for what is left out. Refuses what is no kind
        that can be read.
        """
        term = term_of(written) if written else None
        if term in ("institution", "again"):
            self.found.left[written] = f"table.left_{term}"
            return None
        if term is None:
            raise unknown_kind(self.sheet, row, self.layout.kind, written)
        return term


def sortable(date: str) -> tuple[int, ...]:
    """Returns a date's text in an order."""
    found = notation.parse_date(date)
    return found.timetuple()[:3] if found else ()


def twice(sheet: Sheet, layout: Layout, known: Entry, entry: Entry) -> Exception:
    """Returns the refusal of two rows of one district; of a column of kinds that has no heading
    that is known.
    """
    if layout.form == "people" and layout.left:
        allowed = "世帯類型 / 家族類型 / kind"
        return sheet.refusal(
            "table.no_kind_heading", layout.row, given=", ".join(layout.left), allowed=allowed
        )
    given = " / ".join(dict.fromkeys((*known.spellings, *entry.spellings)))
    return sheet.refusal(
        "table.district_twice",
        entry.row,
        layout.district[-1],
        given=given,
        other=sheet.place(known.row, layout.district[-1]),
    )


def unknown_kind(sheet: Sheet, row: int, place: int | None, written: str) -> Exception:
    """Returns the refusal of a kind that cannot be read, with those that can; never a suggestion of
    another kind but for a slip.
    """
    own = {say(f"kind.{name}", lang): name for name in OWN for lang in ("ja", "en")} | {
        name: name for name in OWN
    }
    near = nearest(written, own, cutoff=0.9)
    return sheet.refusal(
        "table.unknown_kind",
        row,
        place,
        given=written,
        near=near,
        allowed=Phrase(
            "table.kinds", {"own": Names(OWN), "census": Names(TERMS.keys() - {TOTAL, *OWN})}
        ),
    )


class Names(Phrase):
    """The names of terms, in the user's language."""

    def __init__(self, terms: Any):
        super().__init__("", {"terms": tuple(term for term in TERMS if term in terms)})

    def say(self, lang: str) -> str:
        """Returns the names, one after another."""
        return ("、" if lang == "ja" else ", ").join(
            term_label(term, lang) for term in self.values["terms"]
        )


def bad_figure(sheet: Sheet, mark: Mark, row: int, place: int | None, given: Any) -> ScenarioError:
    """Returns the refusal of one cell."""
    way = (
        f"{mark.value}_way"
        if mark in (Mark.WITHHELD, Mark.UNKNOWN, Mark.EMPTY)
        else "table.count_way"
    )
    return sheet.refusal(
        mark.value, row, place, given="" if given is None else given, allowed=Phrase(way)
    )
