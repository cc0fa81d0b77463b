"""What the columns of a table of municipalities hold, by their headings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sim.towns.household_tables.cells import is_figure, text_of
from sim.towns.household_tables.kinds import TERMS, TOTAL
from sim.towns.household_tables.layout import (
    DEEPEST,
    ages_in,
    columns_of_aged,
    is_people,
    path_of,
    term_in,
)
from sim.towns.household_tables.sheet import Row, Sheet
from sim.towns.household_tables.spelling import spelling_key
from sim.words import Phrase
from sim.words.errors import ScenarioError

CODE, NAME, PREFECTURE, SEX = "code", "name", "prefecture", "sex"
POPULATION, AGED, RATE, POSTS = "population", "aged", "ageing_rate", "posts"
_TOWN = r"(?:市区?町村|市町|地方公共団体|団体|自治体)"
HEADINGS = {
    CODE: rf"(?:全国)?(?:{_TOWN}|標準地域|地域|行政区域|jis)?コード|(?:jis_?|city_?|municipality_?|area_?)?code",
    NAME: rf"(?:都道府県[・/])?{_TOWN}(?:の?名称?)?|名称|名前|(?:municipality|city|town)?_?name|municipality",
    PREFECTURE: r"都道府県(?:名|の名称)?|prefecture",
    SEX: r"性別|男女別?|sex",
    RATE: r"高齢化率|(?:老年人口|65歳以上(?:人口)?)の?(?:割合|比率|構成比)|age?ing_?rate|share_?65",
    POSTS: r"posts|(?:相談(?:支援)?の?)?(?:職員|相談員)の?(?:総?数|定数)?",
}
_PATTERNS = {name: re.compile(written) for name, written in HEADINGS.items()}
_UNIT = re.compile(r"[\[(](?:%|人|世帯|常勤換算|fte)[\])]$")
LEFT = (CODE, NAME, PREFECTURE, SEX)  # columns of words; the rest are figures
NEEDED = (CODE, NAME, POPULATION, RATE)


@dataclass
class Columns:
    """Where the columns of a sheet stand, by what they hold; `first` is the first row below the
    heading at `row`.
    """

    row: int
    first: int
    places: dict[str, int] = field(default_factory=dict)
    aged: list[int] = field(default_factory=list)  # that together count everybody of 65 or over
    terms: dict[str, int] = field(
        default_factory=dict
    )  # household kinds, all households among them
    percent: bool = False  # the heading of the ageing rate says per cent


def columns_of(sheet: Sheet) -> Columns:
    """Returns the columns of a sheet; refuses one without a heading, with a column that is needed
    missing, or with two of the same heading.
    """
    row = next((at for at, cells in enumerate(sheet.head) if _heads(cells)), None)
    if row is None:
        raise sheet.refusal("nation.no_heading", 0, allowed=Phrase("nation.needed"))
    bottom = row
    while bottom + 1 < min(len(sheet.head), row + DEEPEST) and not _is_row(sheet.head[bottom + 1]):
        bottom += 1
    top = row - 1 if row and _more(sheet.head[row - 1]) else row
    found = Columns(row, bottom + 1)
    width = max(len(cells) for cells in sheet.head[top : bottom + 1])
    left = {place for place in range(width) if _of_words(sheet, row, place)}
    paths = [path_of(sheet, top, bottom, place, left) for place in range(width)]
    ages = {place: ages for place, path in enumerate(paths) if path and (ages := ages_in(path))}
    for place, path in enumerate(paths):
        if path and place not in ages:
            _take(found, sheet, place, path)
    found.aged = columns_of_aged(ages)
    _settle(found, paths)
    _check_needed(found, sheet)
    return found


def heading_kind(heading: str) -> str | None:
    """Returns what a column of this heading holds, beside household kinds and ages."""
    text = _UNIT.sub("", spelling_key(heading))
    return next((name for name, one in _PATTERNS.items() if one.fullmatch(text)), None)


def _heads(cells: Row) -> bool:
    """Returns whether a row is a heading: it names the code, and a municipality or its residents."""
    kinds = {heading_kind(text_of(cell)) for cell in cells if text_of(cell)}
    return CODE in kinds and (NAME in kinds or len(kinds) > 1)


def _is_row(cells: Row) -> bool:
    """Returns whether a row holds figures, which a heading does not."""
    return any(map(is_figure, cells))


def _more(cells: Row) -> bool:
    """Returns whether the row above a heading belongs to it: words in several cells."""
    return sum(1 for cell in cells if text_of(cell)) > 1 and not _is_row(cells)


def _of_words(sheet: Sheet, row: int, place: int) -> bool:
    cells = sheet.head[row]
    return place < len(cells) and heading_kind(text_of(cells[place])) in LEFT


def _take(found: Columns, sheet: Sheet, place: int, path: list[str]) -> None:
    """Put one column where it belongs; refuses a second column of the same heading."""
    name = heading_kind(path[-1]) or (POPULATION if is_people(path) else None)
    term = None if name else term_in(path)
    if name is None and term not in TERMS:
        return
    known, key = (found.places, name) if name else (found.terms, str(term))
    if key in known:
        raise sheet.refusal(
            "table.doubled",
            found.row,
            place,
            given=path[-1],
            other=sheet.place(found.row, known[key]),
        )
    known[key] = place
    if name == RATE and "%" in spelling_key(path[-1]):
        found.percent = True


def _settle(found: Columns, paths: list[list[str]]) -> None:
    """A total beside ages, or beside a column of the sexes, counts residents and not households."""
    bare = found.terms.get(TOTAL)
    if (
        POPULATION not in found.places
        and bare is not None
        and "世帯" not in "".join(paths[bare])
        and (found.aged or SEX in found.places)
    ):
        found.places[POPULATION] = found.terms.pop(TOTAL)


def _check_needed(found: Columns, sheet: Sheet) -> None:
    """Refuse a table that lacks a column that is needed; every one is named."""
    missing = [
        name for name in NEEDED if name not in found.places and not (name == RATE and found.aged)
    ]
    faults = [
        sheet.refusal(f"nation.missing_{name}", found.row, allowed=Phrase("nation.needed")).faults
        for name in missing
    ]
    if faults:
        raise ScenarioError(*(one for some in faults for one in some))
