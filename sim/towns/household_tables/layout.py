"""Where things stand in a sheet: the heading among titles, one row or several, and what each column
holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from sim.towns.household_tables.cells import is_figure, text_of
from sim.towns.household_tables.kinds import TERMS, TOTAL, term_of
from sim.towns.household_tables.sheet import Row, Sheet
from sim.towns.household_tables.spelling import spelling_key

DEEPEST = 4  # rows of one heading
OLDEST = 200  # years of age: no end
PLACES = (
    "地区 地区区分 地域 地域区分 町 町丁 町丁字 町丁目 町字 町丁・字等 町丁・字 大字 大字・町 大字町 大字・町丁 字 字・丁目 "
    "丁目 小字 校区 小学校区 中学校区 学区 小学校 行政区 自治会 町内会 町会 自治区 集落 区域 圏域 日常生活圏域 生活圏域 "
    "支所 支所管内 公民館区 区分 地 住所 所在地 町・丁目 地区・町 name district districts area"
)
DISTRICT = {spelling_key(name): rank for rank, name in enumerate(PLACES.split())}
LOWER = {
    spelling_key(name) for name in ("字・丁目", "丁目", "小字", "字")
}  # the second part of a name
UPPER = {spelling_key(name) for name in ("大字・町", "大字", "町", "大字町", "町丁", "大字・町丁")}
CITY = re.compile(r"(?:cityname|(?:市区?町村|地方公共団体|団体|自治体|市町)名?)")
KIND = re.compile(
    r"kind|(?:世帯)?の?(?:家族)?類型|世帯の(?:家族類型|種類|類型|型)|世帯(?:構成|種別|区分)|種別"
)
COUNT = re.compile(r"households|(?:一般)?世帯数?|世帯総数|戸数|件数|数|値|実数")
CODES = {
    "own": re.compile(r"key_?code|町丁字(?:等)?コード|(?:地域|小地域)コード"),
    "into": re.compile(r"htksaki|秘匿先(?:情報|コード)?"),
    "added": re.compile(r"gassan|合算(?:地域|元)?(?:情報|コード)?"),
    "level": re.compile(r"hyosyo|地域階層(?:レベル)?|表章単位|階層"),
    "date": re.compile(r"調査年月日|基準日|年月日|調査日|時点|時間軸(?:\(.*\))?"),
}
CODE_OR_UNIT = re.compile(r"[A-Za-z]?\d+|[\[(]?(?:単位:?)?(?:世帯|人|戸)[\])]?")
PEOPLE = re.compile(
    r"(?:総|全|住民|男女計)?人口(?:総数|計|合計|数)?|人口[(]?総数[)]?|人口の?(?:総数|計|合計)|(?:人口)?男女計|population|総人数"
)
AGED = re.compile(r"65歳以上(?:の?人口|の?者)?(?:の?数)?|(?:老年|高齢者?)人口|高齢者数|aged65|65\+")
AGES = re.compile(
    r"(?:人口)?(\d{1,3})歳?(?:[~-](\d{1,3}))?歳?(以上)?(?:の?人口)?[(_]?の?(男性?|女性?|総数|計)?[)]?(?:の?人口)?"
)


@dataclass
class Layout:
    """What the columns of a sheet hold, by place; `first` is the first row below the heading."""

    first: int
    row: int
    district: list[int] = field(default_factory=list)
    kind: int | None = None
    count: int | None = None
    terms: dict[str, int] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)  # heading of a column not used -> why
    population: int | None = None
    ages: dict[int, tuple[int, int, str]] = field(
        default_factory=dict
    )  # columns of residents of 65 or over: from, to, sex
    city: int | None = None
    codes: dict[str, int] = field(default_factory=dict)

    @property
    def form(self) -> str:
        """long: a line a district and kind; cross: a column a kind; people: households or residents
        by district alone.
        """
        if self.kind is not None and self.count is not None:
            return "long"
        return "cross" if set(self.terms) - {TOTAL} else "people"


def _heading(cell: object) -> str:
    """Returns a heading as it is compared: one spelling, without 名 and units at its end."""
    text = re.sub(r"[\[(](?:世帯|人|戸|件|再掲)[\])]$", "", spelling_key(text_of(cell)))
    return re.sub(r"(?<=.)(?:名称|名|別)$", "", text)


def is_district(cell: object) -> bool:
    """Returns whether a cell is the heading of the districts' names."""
    return _heading(cell) in DISTRICT or (
        _heading(cell) == "地区" or _heading(cell).removesuffix("等") in DISTRICT
    )


def layout_of(sheet: Sheet) -> Layout | None:
    """Returns the layout of a sheet, or None where it has no heading of a table that can be read;
    refuses doubled headings.
    """
    for row, cells in enumerate(sheet.head):
        if any(is_district(cell) for cell in cells) or says_kinds(cells) >= 2:
            above = (
                row - 1
                if row
                and says_kinds(sheet.head[row - 1])
                and not any(map(is_figure, sheet.head[row - 1]))
                else row
            )
            found = _columns(sheet, above, row)
            if found:
                return found
    return None


def says_kinds(cells: Iterable[object]) -> int:
    """Returns how many cells of a row name a household kind, beside totals."""
    return sum(
        1
        for cell in cells
        if isinstance(cell, str) and term_of(text_of(cell)) in TERMS.keys() - {TOTAL}
    )


def is_heading(cells: Row, left: set[int]) -> bool:
    """Returns whether a row goes on with the heading: words in columns of figures, no figure there,
    and no name of a district.
    """
    names = [cells[place] for place in left if place < len(cells) and text_of(cells[place])]
    others = [cell for place, cell in enumerate(cells) if place not in left]
    named = any(not is_left_text(name) for name in names)
    return any(map(text_of, others)) and not any(map(is_figure, others)) and not named


def _columns(sheet: Sheet, top: int, row: int) -> Layout | None:
    """Returns the layout of a heading that begins at row `top`, with the districts' heading at
    `row`; None where it heads no table.
    """
    width = max(len(one) for one in sheet.head[top : row + DEEPEST])
    left = {place for place in range(width) if is_left(sheet, row, place)}
    bottom = row
    while bottom + 1 < min(len(sheet.head), row + DEEPEST) and is_heading(
        sheet.head[bottom + 1], left
    ):
        bottom += 1
    found = Layout(bottom + 1, row)
    paths = [path_of(sheet, top, bottom, place, left) for place in range(width)]
    for place, path in enumerate(paths):
        take(found, sheet, place, ["人口", *path] if counts_people(path, paths) else path)
    _finish(found, sheet, paths)
    if not found.district and found.form == "cross":
        found.district = corner(sheet, found, paths)
    if found.form == "people" and any(
        says_kinds(names_below(sheet, found, place)) >= 2 for place in found.district
    ):
        return None  # kinds stand in rows: the table is to be turned
    useful = found.form != "people" or TOTAL in found.terms or found.population is not None
    return (
        found
        if useful and (found.district or found.city is not None and "own" in found.codes)
        else None
    )


def counts_people(path: list[str], paths: list[list[str]]) -> bool:
    """Returns whether a total stands beside columns of men and women, and so counts residents."""
    beside = {_heading(one[-1]) for one in paths if one and one[:-1] == path[:-1]}
    return (
        bool(path)
        and _heading(path[-1]) in ("計", "合計", "総数", "総計")
        and bool(beside & {"男", "女", "男性", "女性"})
    )


def names_below(sheet: Sheet, found: Layout, place: int) -> list[object]:
    """Returns the cells of a column below the heading, in the rows looked at."""
    return [
        row[place] for row in sheet.head[found.first :] if place < len(row) and text_of(row[place])
    ]


def corner(sheet: Sheet, found: Layout, paths: list[list[str]]) -> list[int]:
    """Returns the first column left of the figures where it holds names below a blank heading, or
    one of household kinds.
    """
    for place in range(min(found.terms.values())):
        below = names_below(sheet, found, place)
        blank = not paths[place] or KIND.fullmatch(_heading(paths[place][-1]))
        if blank and below and not all(map(is_figure, below)):
            return [place]
    return []


def is_left(sheet: Sheet, row: int, place: int) -> bool:
    """Returns whether a column stands on the side of the districts: names, kinds, codes, the number
    of the row.
    """
    return is_left_text(sheet.head[row][place] if place < len(sheet.head[row]) else None)


def is_left_text(cell: object) -> bool:
    """Returns whether a heading is one of names, kinds, codes, the number of the row."""
    text = _heading(cell)
    code = (
        any(pattern.fullmatch(text) for pattern in CODES.values())
        or "コード" in text
        or text.endswith("code")
    )
    return (
        is_district(cell)
        or code
        or bool(KIND.fullmatch(text) or CITY.fullmatch(text))
        or text in ("no", "番号", "備考")
    )


def path_of(sheet: Sheet, top: int, bottom: int, place: int, left: set[int]) -> list[str]:
    """Returns the headings of a column from above: a heading that spans columns stands in each of
    them.
    """
    path: list[str] = []
    for row in range(top, bottom + 1):
        cells = sheet.head[row]
        text = text_of(cells[place]) if place < len(cells) else ""
        below = any(
            place < len(sheet.head[one]) and text_of(sheet.head[one][place])
            for one in range(row + 1, bottom + 1)
        )
        if not text and below and place not in left:
            text = next(
                (
                    text_of(cells[one])
                    for one in range(min(place, len(cells)) - 1, -1, -1)
                    if text_of(cells[one])
                ),
                "",
            )
            text = "" if is_district(text) or KIND.fullmatch(_heading(text)) else text
        if text and text not in path and not CODE_OR_UNIT.fullmatch(text):
            path.append(text)
    return path


def take(found: Layout, sheet: Sheet, place: int, path: list[str]) -> None:
    """Put one column where it belongs; refuses a second column of the same heading."""
    if not path:
        return
    last = _heading(path[-1])
    code = next((name for name, pattern in CODES.items() if pattern.fullmatch(last)), None)
    if code:
        found.codes.setdefault(code, place)
    elif any(is_district(one) for one in path):
        found.district.append(place)
    elif CITY.fullmatch(last) or last in ("市区町村", "市町村"):
        found.city = place
    elif KIND.fullmatch(last) and len(path) == 1:
        found.kind = only(found.kind, place, sheet, found)
    elif is_people(path):
        found.population = only(found.population, place, sheet, found)
    elif ages := ages_in(path):
        found.ages[place] = ages
    else:
        take_term(found, sheet, place, path)


def only(known: int | None, place: int, sheet: Sheet, found: Layout) -> int:
    """Returns the place of a column that may stand once; refuses a second one."""
    if known is not None:
        raise doubled(sheet, found.row, known, place)
    return place


def doubled(sheet: Sheet, row: int, first: int, second: int) -> Exception:
    """Returns the refusal of two columns that say the same."""
    cells = sheet.head[row]
    given = " / ".join(text_of(cells[place]) for place in (first, second) if place < len(cells))
    return sheet.refusal("table.doubled", row, second, given=given, other=sheet.place(row, first))


def is_people(path: list[str]) -> bool:
    """Returns whether a column counts all residents."""
    whole = (
        len(path) == 1 or term_of(path[-1]) == TOTAL or _heading(path[-1]) in ("男女計", "総人口")
    )
    names = [_heading(one) for one in path]
    return (
        whole
        and any(PEOPLE.fullmatch(name) for name in names)
        and not any("歳" in name for name in names)
    )


def ages_in(path: list[str]) -> tuple[int, int, str] | None:
    """Returns the ages (from, to, sex or "") of a column that counts residents of 65 or over, or
    None.
    """
    text = "".join(name for one in path if not PEOPLE.fullmatch(name := _heading(one)))
    if AGED.fullmatch(text):
        return 65, OLDEST, ""
    found = AGES.fullmatch(text)
    if not found or int(found[1]) < 65 or not (found[2] or found[3] or "歳" in text):
        return None
    sex = (found[4] or "").replace("総数", "").replace("計", "")[:1]
    return int(found[1]), OLDEST if found[3] else int(found[2] or found[1]), sex


def columns_of_aged(ages: dict[int, tuple[int, int, str]]) -> list[int]:
    """Returns the columns that together count everybody of 65 or over once: the widest column, else
    bands that follow one another.
    """
    chosen: list[int] = []
    start = 65
    while start <= OLDEST:
        here = {place: one for place, one in ages.items() if one[0] == start}
        if not here:
            return []
        widest = max(one[1] for one in here.values())
        both = {one[2]: place for place, one in here.items() if one[1] == widest}
        if "" not in both and not {"男", "女"} <= both.keys():
            return []
        chosen += [both[""]] if "" in both else [both["男"], both["女"]]
        start = widest + 1
    return chosen


def take_term(found: Layout, sheet: Sheet, place: int, path: list[str]) -> None:
    """Put a column of a household kind where it belongs, or note that it is not used."""
    term, last = term_in(path), _heading(path[-1])
    if term in TERMS:
        if term in found.terms:
            raise doubled(sheet, found.row, found.terms[term], place)
        found.terms[term] = place
    elif term in ("institution", "again"):
        found.left[path[-1]] = f"table.left_{term}"
    elif "世帯" in "".join(path) and not re.search(
        "人員|率|割合|%|平均|備考|あたり|当たり", "".join(path)
    ):
        found.left[path[-1]] = "table.left_unknown"
    elif (
        last
        and not AGES.fullmatch(last)
        and not re.fullmatch(r"男性?|女性?|都道府県|備考|.*コード|秘匿処理|htksyori", last)
    ):
        found.left[path[-1]] = "table.left_other"
    if term == TOTAL and COUNT.fullmatch(last):
        found.count = place


def term_in(path: list[str]) -> str | None:
    """Returns the term that the headings of a column name together."""
    last, above = term_of(path[-1]), "".join(path[:-1])
    with_elders = "65歳以上" in above and "いる" in above
    if with_elders:
        return {"alone": "elder_alone", "couple": "elder_couple", "elders": "elders"}.get(
            last or "", "again"
        )
    over = next((term for one in reversed(path[:-1]) if (term := term_of(one))), None)
    joined = (
        over
        and over != TOTAL
        and term_of("".join(spelling_key(one) for one in path[-2:]).replace("(再掲)", ""))
    )
    if last == TOTAL:
        return over or (None if re.search("人口|人員", above) else TOTAL)
    if last is None and (joined or path[-1].isascii()):
        return joined or over
    return "again" if over == "again" and last in (None, "again") else last


def _finish(found: Layout, sheet: Sheet, paths: list[list[str]]) -> None:
    """What follows from the columns together: the count of the long form, and which columns make a
    district's name.
    """
    if set(found.terms) - {TOTAL}:
        found.kind = None
    if found.kind is not None and found.count is None:
        found.count = found.terms.get(TOTAL)
        counts = [
            place
            for place, path in enumerate(paths)
            if path and COUNT.fullmatch(_heading(path[-1]))
        ]
        found.count = counts[0] if found.count is None and counts else found.count
    if found.kind is not None and found.count is not None:
        found.terms = {}
    names = [_heading(paths[place][-1]) for place in found.district]
    twice = next((place for place in range(len(names)) if names[place] in names[:place]), None)
    if twice is not None:
        raise doubled(
            sheet, found.row, found.district[names.index(names[twice])], found.district[twice]
        )
    if len(names) > 1:
        lower = [place for place, name in zip(found.district, names, strict=True) if name in LOWER]
        upper = [place for place, name in zip(found.district, names, strict=True) if name in UPPER]
        found.district = [*upper[:1], *lower[:1]] if upper and lower else found.district
