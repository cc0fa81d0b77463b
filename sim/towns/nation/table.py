"""A table of municipalities, one a row: code, name, residents, ageing rate, and what else is known."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sim.files import notation
from sim.towns.household_tables.cells import Mark, count, text_of
from sim.towns.household_tables.divide import Negative, Overlap, divided, portions
from sim.towns.household_tables.entries import Names, bad_figure
from sim.towns.household_tables.kinds import TOTAL
from sim.towns.household_tables.sheet import Row, Sheet, sheets
from sim.towns.household_tables.totals import is_total
from sim.towns.nation import columns
from sim.towns.nation.columns import CODE, NAME, POPULATION, POSTS, RATE, SEX, Columns
from sim.towns.nation.regions import check_digit, is_code, is_ward
from sim.towns.town import MOST_RESIDENTS, People
from sim.words import Phrase
from sim.words.errors import MOST_FAULTS, ScenarioError, between

MOST_ROWS = 100_000
MOST_POSTS = 0.01  # per resident, as for a new town
LEAST_PERCENT = 2  # the lowest ageing rate of a town, in per cent; no share is so high
LEFT_OUT = ("totals", "wards", "sexes")  # rows that are counted in others
BOTH = ("計", "総数", "男女計", "both", "total", "")  # what a column of the sexes says of everybody
WARDS_OF_TOKYO = "13100"  # the 23 wards together, where a census counts them as one city
Shares = Callable[[int, float], Mapping[str, float]]


@dataclass(frozen=True)
class Municipality:
    """A row of the table: code of five digits, and what the table says of it. `composition` gives
    shares of the household kinds. `line` is where it stands.
    """

    code: str
    name: str
    population: int
    ageing_rate: float
    posts: float | None = None
    households: int | None = None
    composition: Mapping[str, float] | None = field(default=None, hash=False)
    line: int = 0

    @property
    def prefecture(self) -> str:
        """The two digits of its prefecture."""
        return self.code[:2]


@dataclass(frozen=True)
class NationTable:
    """The municipalities of a file in its order, and how many rows were left out, by why."""

    file: str
    rows: tuple[Municipality, ...]
    left_out: Mapping[str, int]

    @property
    def population(self) -> int:
        """Residents of all of them."""
        return sum(row.population for row in self.rows)


def read_nation(path: Path, shares: Shares | None = None) -> NationTable:
    """Returns the municipalities of a CSV or .xlsx file, in the encodings and spellings of offices.

    `shares` gives the shares of the household kinds that follow from residents and ageing rate; it
    divides a column that holds several kinds. Totals of prefectures, wards of designated cities and
    rows of one sex are left out and counted. Raises ScenarioError with every row that is wrong.
    """
    sheet = next(iter(sheets(path)))
    found = columns.columns_of(sheet)
    reader = _Rows(sheet, found, shares)
    rows = reader.read()
    if not rows:
        raise sheet.refusal("nation.no_rows", found.first)
    return NationTable(sheet.file, tuple(rows), reader.left_out)


class _Rows:
    """Reads row by row and gathers what is wrong."""

    def __init__(self, sheet: Sheet, found: Columns, shares: Shares | None):
        self.sheet, self.columns, self.shares = sheet, found, shares
        self.left_out = dict.fromkeys(LEFT_OUT, 0)
        self.faults: list[ScenarioError] = []
        self.percent = found.percent
        try:
            self.portions = portions(list(found.terms)) if set(found.terms) - {TOTAL} else []
        except Overlap as error:
            raise sheet.refusal(
                "table.overlap",
                found.row,
                allowed=Phrase("table.overlap_way"),
                terms=Names(error.args),
            ) from None

    def read(self) -> list[Municipality]:
        """Returns the municipalities; refuses with every fault, up to so many."""
        kept = list(self._kept())
        codes = self._codes(kept)
        known = {code for code in codes if code}
        self.percent = self._in_percent([cells for _, cells in kept])
        found: dict[str, Municipality] = {}
        for (row, cells), code in zip(kept, codes, strict=True):
            if code is None or self._is_left_out(code, cells, known):
                continue
            try:
                if code in found:
                    other = Phrase(
                        "table.line_row", {"line": found[code].line, "cell": "", "sheet": ""}
                    )
                    raise self._refusal("nation.twice", row, CODE, given=code, other=other)
                found[code] = self._municipality(row, code, cells)
            except ScenarioError as error:
                self._note(error)
        if self.faults:
            raise ScenarioError(*itertools.chain(*(one.faults for one in self.faults)))
        return list(found.values())

    def _kept(self) -> Iterator[tuple[int, Row]]:
        """Returns the rows that say something of both sexes."""
        for row, cells in itertools.islice(self.sheet.rows(), self.columns.first, None):
            if row > MOST_ROWS:
                raise self.sheet.refusal("nation.too_long", row)
            if sum(1 for cell in cells if text_of(cell)) < 2:
                continue  # empty, or a note
            if SEX in self.columns.places and self._text(cells, SEX).lower() not in BOTH:
                self.left_out["sexes"] += 1
                continue
            yield row, cells

    def _codes(self, kept: list[tuple[int, Row]]) -> list[str | None]:
        """Returns the code of five digits of each row, None for one that is no municipality's or
        cannot be read.

        A spreadsheet drops the zero in front, so that 12114 may be 01211 with its check digit or
        the number 114 of prefecture 12: the column as a whole tells which.
        """
        texts = [self._text(cells, CODE).partition("_")[0] for _, cells in kept]
        digits = [text for text in texts if text.isdigit() and len(text) <= 6]
        padded = [text.zfill(6) for text in digits]
        six = any(len(text) == 6 for text in digits) or (
            len(digits) > 2 and all(check_digit(text[:5]) == text[5] for text in padded)
        )
        return [
            self._code(row, cells, text, six)
            for (row, cells), text in zip(kept, texts, strict=True)
        ]

    def _code(self, row: int, cells: Row, text: str, six: bool) -> str | None:
        """Returns the code of one row; notes what is wrong with it."""
        if text in ("", "-") or is_total(text):
            self.left_out["totals"] += 1
            return None
        whole = text.zfill(6 if six and len(text) > 3 else 5)
        code = whole[:5]
        if text.isdigit() and len(text) <= 6 and code[2:] == "000":
            self.left_out["totals"] += 1
            return None
        if not text.isdigit() or len(whole) != (6 if six else 5) or not is_code(code):
            self._note(self._refusal("nation.code", row, CODE, given=text))
            return None
        if six and check_digit(code) != whole[5]:
            right = code + check_digit(code)
            self._note(self._refusal("nation.check_digit", row, CODE, given=text, near=right))
            return None
        return code

    def _is_left_out(self, code: str, cells: Row, known: set[str]) -> bool:
        """Returns whether a row is counted in another one: a ward of a designated city that stands
        in the table, or the 23 wards together.
        """
        if code == WARDS_OF_TOKYO:
            inside = any(one[:3] == "131" and one != code for one in known)
            self.left_out["totals"] += inside
            return inside
        if is_ward(code, self._text(cells, NAME), known):
            self.left_out["wards"] += 1
            return True
        return False

    def _municipality(self, row: int, code: str, cells: Row) -> Municipality:
        """Returns one municipality; refuses what it cannot be."""
        name = self._text(cells, NAME).removeprefix(f"{code}_")
        if not name:
            raise self._refusal("nation.no_name", row, NAME)
        population = self._count(row, cells, self.columns.places[POPULATION])
        if not 1 <= population <= MOST_RESIDENTS:
            raise self._refusal(
                "error.range", row, POPULATION, given=population, allowed=between(1, MOST_RESIDENTS)
            )
        rate = self._rate(row, cells, population)
        composition, households = self._kinds(row, name, cells, population, rate)
        self._check_size(row, population, households)
        return Municipality(
            code,
            name,
            population,
            rate,
            self._posts(row, cells, population),
            households,
            composition,
            self.sheet.lines.get(row, row + 1),
        )

    def _rate(self, row: int, cells: Row, population: int) -> float:
        """Returns the ageing rate: as it stands, or from the residents of 65 or over."""
        low, high = limits_of("ageing_rate")
        shown = {"low": f"{100 * low:g}", "high": f"{100 * high:g}"}
        allowed = Phrase("nation.rates", shown)
        if RATE in self.columns.places:
            text = self._text(cells, RATE)
            rate = notation.parse_number(text)
            if rate is None:
                raise self._refusal("error.type", row, RATE, given=text, allowed=allowed)
            rate /= 100 if self.percent and "%" not in text else 1
            if not low <= rate <= high:
                raise self._refusal("error.range", row, RATE, given=text, allowed=allowed)
            return round(rate, 6)
        aged = sum(self._count(row, cells, place) for place in self.columns.aged)
        rate = aged / population
        if not low <= rate <= high:
            place = self.columns.aged[0]
            raise self.sheet.refusal("nation.aged", row, place, given=aged, allowed=allowed)
        return round(rate, 6)

    def _in_percent(self, rows: list[Row]) -> bool:
        """Returns whether ageing rates without a sign are in per cent: the heading says so, or all
        of them are above any share.
        """
        texts = [self._text(cells, RATE) for cells in rows]
        plain = [notation.parse_number(text) for text in texts if "%" not in text]
        above = all(one is not None and one >= LEAST_PERCENT for one in plain)
        return self.columns.percent or bool(plain) and above

    def _posts(self, row: int, cells: Row, population: int) -> float | None:
        """Returns the posts, None where the table has none for this row."""
        text = self._text(cells, POSTS) if POSTS in self.columns.places else ""
        if not text:
            return None
        posts, most = notation.parse_number(text), max(1.0, population * MOST_POSTS)
        if posts is None or not 0 < posts <= most:
            allowed = Phrase("ask.allowed_posts", {"high": f"{most:,.4g}"})
            raise self._refusal("error.range", row, POSTS, given=text, allowed=allowed)
        return posts

    def _kinds(
        self, row: int, name: str, cells: Row, population: int, rate: float
    ) -> tuple[dict[str, float] | None, int | None]:
        """Returns shares of the household kinds and the number of households, as far as the table
        has them.
        """
        terms = self.columns.terms
        counts = {term: self._count(row, cells, place) for term, place in terms.items()}
        if not self.portions:
            return None, counts.get(TOTAL)
        implied = self.shares(population, rate) if self.shares else {}

        def shares(kinds: tuple[str, ...]) -> dict[str, float]:
            whole = sum(implied.get(kind, 0.0) for kind in kinds)
            return {kind: implied[kind] / whole if whole else 1 / len(kinds) for kind in kinds}

        try:
            numbers = divided(counts, self.portions, shares)
        except Negative as error:
            outer, *inside = error.args
            raise self.sheet.refusal(
                "table.parts_exceed",
                row,
                terms[outer],
                district=name,
                outer=Names([outer]),
                inside=Names(inside),
                given=counts[outer],
            ) from None
        whole = sum(numbers.values())
        return {kind: number / whole for kind, number in numbers.items()} or None, whole or None

    def _check_size(self, row: int, population: int, households: int | None) -> None:
        """Refuse households that would be smaller or larger on average than a town's can be."""
        low, high = limits_of("persons_per_household")
        size = population / households if households else low
        if not low <= size <= high:
            raise self._refusal(
                "nation.size", row, POPULATION, given=round(size, 2), allowed=between(low, high)
            )

    def _count(self, row: int, cells: Row, place: int) -> int:
        """Returns a count; refuses what is none."""
        cell = cells[place] if place < len(cells) else None
        found = count(cell)
        if isinstance(found, Mark):
            text = notation.parse_whole(text_of(cell))  # 4.5万
            if text is None or text < 0:
                raise bad_figure(self.sheet, found, row, place, cell)
            return text
        return found

    def _text(self, cells: Row, name: str) -> str:
        """Returns the cell of a column as text."""
        place = self.columns.places.get(name)
        return text_of(cells[place]) if place is not None and place < len(cells) else ""

    def _refusal(self, key: str, row: int, name: str, **more) -> ScenarioError:
        """Returns a refusal at the cell of a column."""
        return self.sheet.refusal(key, row, self.columns.places[name], **more)

    def _note(self, error: ScenarioError) -> None:
        """Keep a fault; raise all where there are too many to go on."""
        self.faults.append(error)
        if len(self.faults) >= MOST_FAULTS:
            raise ScenarioError(*itertools.chain(*(one.faults for one in self.faults)))


def limits_of(name: str) -> tuple[float, float]:
    """Returns the range that a number of a town's people may have."""
    found = People.model_fields[name].metadata
    low = next(one.ge for one in found if hasattr(one, "ge"))
    return low, next(one.le for one in found if hasattr(one, "le"))
