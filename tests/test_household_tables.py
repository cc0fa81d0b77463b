"""Tables of households in the shapes that municipalities publish, read by `sim new-town`; all
numbers are made up.
"""

from __future__ import annotations

import datetime
import itertools
from pathlib import Path

import pytest
from openpyxl import Workbook

from sim import words
from sim.cli import main as cli
from sim.declared.vocabulary import KINDS as HOUSEHOLD_KINDS
from sim.scenario.load import load

KINDS = [words.say(f"kind.{kind}", "ja") for kind in HOUSEHOLD_KINDS]
ENOUGH = ("--population", "2900", "--ageing-rate", "33%")


@pytest.fixture(autouse=True)
def system_language():
    yield
    words.speak(None)


class Town:
    """What `sim new-town` made of a table."""

    def __init__(self, code: int, said: str, folder: Path):
        self.code, self.said, self.folder = code, said, folder

    @property
    def people(self):
        return load(self.folder / "t.toml").people

    @property
    def households(self) -> dict[str, dict[str, int]]:
        return self.people.households

    @property
    def districts(self) -> list[str]:
        return [district.id for district in self.people.districts]


@pytest.fixture
def made(capsys, tmp_path):
    """Writes a table (text as CSV, bytes as they are, rows as .xlsx with merged ranges) and makes a
    town of it.
    """

    numbers = itertools.count()

    def make(
        table, *options: str, name: str = "t.csv", merged: tuple[str, ...] = (), lang: str = "ja"
    ) -> Town:
        out = tmp_path / f"out{next(numbers)}"
        file = tmp_path / (name if not isinstance(table, list) else "t.xlsx")
        if isinstance(table, list):
            book = Workbook()
            for row in table:
                book.active.append(row)
            for cells in merged:
                book.active.merge_cells(cells)
            book.save(file)
        else:
            file.write_bytes(table if isinstance(table, bytes) else table.encode("utf-8-sig"))
        command = [
            "new-town",
            "--id",
            "t",
            "--lang",
            lang,
            "--households",
            str(file),
            "--out",
            str(out),
            *options,
        ]
        code = cli.main(command)
        said = "".join(capsys.readouterr())
        assert "Traceback" not in said
        if code:
            assert not out.exists()
        return Town(code, said, out)

    return make


def long(**districts: list[object]) -> str:
    """A long table: a line a district and kind."""
    counts = (
        (name, kind, number)
        for name, row in districts.items()
        for kind, number in zip(KINDS, row, strict=False)
    )
    lines = [f"{name},{kind},{number}" for name, kind, number in counts]
    return "\n".join(["地区,世帯類型,世帯数", *lines, ""])


PLAIN = long(中央=[120, 150, 60, 300, 40, 250, 80], 北=[100, 90, 0, 0, 5, 0, 110])


def with_last(cell: str) -> str:
    """The plain table with another last count."""
    return PLAIN.removesuffix("110\n") + f'"{cell}"\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_every_encoding_of_an_office_is_read(made, encoding):
    assert made(PLAIN.encode(encoding), *ENOUGH).households["北"]["other"] == 110


@pytest.mark.parametrize("mark", ["-", "－", "―", "−", "ー", "0", "０"])
def test_marks_of_none_are_0(made, mark):
    assert "other" not in made(with_last(mark), *ENOUGH).households["北"]


@pytest.mark.parametrize(
    ("cell", "number"),
    [("120.0", 120), ("5世帯", 5), ("１，２００", 1200), ("1,200", 1200), (" 7 ", 7)],
)
def test_counts_are_read_as_they_are_typed(made, cell, number):
    town = made(
        with_last(cell), "--population", f"{2.2 * (1185 + number):.0f}", "--ageing-rate", "0.3"
    )
    assert town.households["北"]["other"] == number


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("X", "x", "***", "＊", "秘匿", "χ"), "withheld"),
        (("…", "‥", "...", "NA", "n/a", "・・・", "不詳"), "unknown"),
        (("", "　"), "empty"),
        (("1,2,0", "１，２０", "11,80"), "commas"),
        (("120.5",), "fraction"),
        (("-5", "▲5", "△5", "−5"), "negative"),
        (("many", "12x"), "no_count"),
    ],
)
@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_what_is_no_count_is_refused_with_line_and_cell(made, cells, reason, lang):
    for cell in cells:
        town = made(with_last(cell), *ENOUGH, lang=lang)
        assert (
            town.code == 2
            and words.say(f"table.{reason}", lang) in town.said
            and "C15" in town.said
            and "15" in town.said
        )


SPELLINGS = ["西町", "⻄町", "パーク", "パーク", "ﾊﾟｰｸ", "パ－ク", "中央 ", "中　央", "1-2丁目", "1‐2丁目",
             "１ー２丁目", "霞ヶ関", "霞ケ関", "三丁目", "3丁目", "金山", "⾦山"]  # fmt: skip


def test_spellings_that_are_the_same_to_a_reader_are_one_district(made):
    lines = [f"{name},{KINDS[place % 7]},{20}" for place, name in enumerate(SPELLINGS)]
    town = made(
        "\n".join(["地区,世帯類型,世帯数", *lines]), "--population", "700", "--ageing-rate", "0.4"
    )
    assert town.districts == ["西町", "パーク", "中央", "1-2丁目", "霞ヶ関", "三丁目", "金山"]
    assert "⻄町" in town.said and sum(
        sum(row.values()) for row in town.households.values()
    ) == 20 * len(SPELLINGS)


def test_one_district_twice_in_a_cross_table_is_refused_with_both_places(made):
    town = made(f"地区,{','.join(KINDS)}\n西町,1,2,3,4,5,6,7\n⻄町,1,2,3,4,5,6,7\n", *ENOUGH)
    assert town.code == 2 and "A2" in town.said and "A3" in town.said and "⻄町" in town.said


TOTALS = [
    "合計",
    "総数",
    "計",
    "小計",
    "総計",
    "北部計",
    "中央地区 小計",
    "（再掲）中央",
    "市全体",
    "total",
]


@pytest.mark.parametrize("name", TOTALS)
def test_totals_are_left_out_by_name_and_named(made, name):
    town = made(PLAIN + f"{name},{KINDS[0]},220\n", *ENOUGH)
    assert town.districts == ["中央", "北"] and name.split()[-1].strip("（再掲）") in town.said


def test_totals_are_left_out_by_their_sum(made):
    rows = [
        ["地区", *KINDS],
        *([name, *range(first, first + 7)] for name, first in (("A", 10), ("B", 21), ("C", 32))),
    ]
    rows += [
        ["ひかり市", *(sum(column) for column in zip(*(row[1:] for row in rows[1:]), strict=True))]
    ]
    town = made(rows, "--population", "1100", "--ageing-rate", "0.3")
    assert town.districts == ["A", "B", "C"] and "ひかり市" in town.said


def test_a_total_that_does_not_fit_is_pointed_out(made):
    town = made(PLAIN + f"合計,{KINDS[0]},999\n", *ENOUGH)
    assert town.code == 0 and "999" in town.said and "220" in town.said


def test_districts_without_households_are_left_out_and_named(made):
    town = made(PLAIN + f"朝日町４丁目,{KINDS[6]},0\n河川敷,{KINDS[6]},-\n", *ENOUGH)
    assert (
        town.districts == ["中央", "北"] and "朝日町４丁目" in town.said and "河川敷" in town.said
    )


MERGED = [["世帯の状況（令和2年）"], [None], ["地区", "世帯類型", "世帯数"]] + [
    [name if kind == KINDS[0] else None, kind, 50 + place]
    for name in ("中央", "北")
    for place, kind in enumerate(KINDS)
]


def test_merged_cells_are_filled_down_in_a_workbook(made):
    town = made(
        MERGED, "--population", "1700", "--ageing-rate", "0.3", merged=("A4:A10", "A11:A17")
    )
    assert {name: len(row) for name, row in town.households.items()} == {"中央": 7, "北": 7}
    assert (
        words.say("table.filled", "ja", rows=12) not in town.said
    )  # the file itself says which cells are one


def test_merged_cells_saved_as_csv_are_filled_down_and_it_is_said(made):
    text = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in MERGED)
    town = made(text, "--population", "1700", "--ageing-rate", "0.3")
    assert {name: len(row) for name, row in town.households.items()} == {
        "中央": 7,
        "北": 7,
    } and "12" in town.said


TWO_ROWS = [
    ["令和２年　世帯", None, None, None, None, None, None, None],
    [
        "地区",
        "一般世帯数",
        "単独世帯",
        None,
        "夫婦のみの世帯",
        None,
        "ひとり親世帯",
        "その他の世帯",
    ],
    [None, None, "総数", "うち65歳以上", "総数", "うち高齢夫婦", None, None],
    ["中央", 1000, 300, 120, 200, 90, 50, 450],
    ["北", 500, 100, 60, 100, 70, 20, 280],
    ["資料：国勢調査", None, None, None, None, None, None, None],
]


@pytest.mark.parametrize("merged", [(), ("A2:A3", "B2:B3", "C2:D2", "E2:F2", "G2:G3", "H2:H3")])
def test_two_heading_rows_below_a_title_merged_or_not(made, merged):
    town = made(TWO_ROWS, "--population", "3300", "--ageing-rate", "0.3", merged=merged)
    found = town.households["中央"]
    assert sum(found.values()) == 1000
    assert (
        found["elder_alone"],
        found["working_alone"],
        found["elder_couple"],
        found["single_parent"],
    ) == (120, 180, 90, 50)
    assert (
        found["other"] > 110 and found["couple_with_children"] > 0
    )  # couples under 65, and a part of 450


SMALL_AREAS = (
    "KEY_CODE,HYOSYO,CITYNAME,NAME,HTKSYORI,HTKSAKI,GASSAN,T001085001,T001085002,T001085003,T001085004\n"
    ",,,,,,,一般世帯数,うち高齢単身世帯,うち高齢夫婦世帯,うち単独世帯\n"
    "99206,1,ひかり市,,,,,1500,300,250,520\n"
    "992060010,2,ひかり市,本町,,,992060020,1200,210,180,420\n"
    "9920600101,3,ひかり市,本町一丁目,,,,700,110,80,220\n"
    "992060020,2,ひかり市,山手,1,992060010,,X,X,X,X\n"
    "992060030,2,ひかり市,浜,,,,-,-,-,-\n"
    "992060040,2,ひかり市,丘,,,,300,90,70,100\n"
)
TITLES = (
    "1,令和２年国勢調査　小地域集計,,,,,,,,,,\n2,世帯の家族類型別一般世帯数－町丁・字等,,,,,,,,,,\n3,,,,,,,,,,,\n"
    "4,市区町村コード,町丁字コード,地域階層レベル,秘匿処理,秘匿先情報,合算地域,市区町村名,大字・町名,総数,単独世帯,夫婦のみの世帯\n"
    "5,99206,-,1,,,,ひかり市,,1200,420,260\n6,99206,0010,2,,,0020,ひかり市,本町,1200,420,260\n"
    "7,99206,0020,2,秘匿地域,0010,,ひかり市,山手,X,X,X\n"
)


def test_small_areas_of_the_census_say_what_is_withheld_and_where_it_is_counted(made):
    town = made(SMALL_AREAS, "--population", "3300", "--ageing-rate", "0.33")
    assert (
        town.districts == ["本町", "丘"]
        and "山手 → 本町" in town.said
        and "浜" in town.said
        and "ひかり市" in town.said
    )
    found = town.households["本町"]
    assert sum(found.values()) == 1200
    assert (found["elder_alone"], found["elder_couple"], found["working_alone"]) == (210, 180, 210)
    assert all(found[kind] > 0 for kind in HOUSEHOLD_KINDS)
    assert (
        "assumed" not in town.said
        and "仮定" in town.said
        and "grade D" in town.people.assumed["households"].en
    )


def test_a_census_table_with_titles_and_a_column_of_row_numbers(made):
    town = made(TITLES.encode("cp932"), *ENOUGH)
    found = town.households["本町"]
    assert (
        sum(found.values()) == 1200
        and found["elder_alone"] + found["working_alone"] == 420
        and "山手 → 本町" in town.said
    )


def test_blocks_of_a_town_are_not_counted_twice(made):
    text = ("第6表,家族類型別一般世帯数\n"
            "市区町村名,大字・町名,字・丁目名,総数,親族のみの世帯,親族のみの世帯,非親族を含む世帯,単独世帯\n"
            ",,,,総数,うち核家族世帯,,\nひかり市,-,-,1000,600,500,30,370\nひかり市,本町,-,400,240,200,10,150\n"
            "ひかり市,本町,一丁目,400,240,200,10,150\nひかり市,山手,-,600,360,300,20,220\n")  # fmt: skip
    town = made(text, "--population", "2300", "--ageing-rate", "0.3")
    assert {name: sum(row.values()) for name, row in town.households.items()} == {
        "本町": 400,
        "山手": 600,
    }


def test_households_in_no_column_and_columns_not_used_are_said(made):
    text = "地区,世帯数,高齢者のみ世帯,ひとり親,その他,自治会加入\n本町,450,120,20,300,90\n"
    town = made(text, "--population", "990", "--ageing-rate", "0.3")
    assert (
        "10世帯" in town.said
        and "自治会加入" in town.said
        and sum(town.households["本町"].values()) == 440
    )


def test_a_total_beside_men_and_women_counts_residents(made):
    people = made(
        "町名,男,女,計,世帯数\n本町,300,310,610,250\n山,100,110,210,80\n", "--ageing-rate", "30%"
    ).people
    assert people.population == 820 and people.districts[0].share == 250 / 330


def test_a_withheld_district_whose_target_is_missing_is_refused(made):
    town = made(
        SMALL_AREAS.replace(",1,992060010,,X", ",1,,,X").replace("992060020,1200", ",1200"), *ENOUGH
    )
    assert town.code == 2 and words.say("table.withheld", "ja") in town.said and "H6" in town.said


CENSUS = {
    "単独世帯": {"elder_alone", "working_alone"}, "夫婦のみの世帯": {"elder_couple", "other"}, "母子世帯": {"single_parent"},
    "父子世帯": {"single_parent"}, "三世代世帯": {"couple_with_children", "elder_with_adult_child"},
    "非親族を含む世帯": {"other"}, "高齢者のみの世帯": {"elder_alone", "elder_couple"},
    "女親と子供から成る世帯": {"single_parent", "elder_with_adult_child", "other"},
    "夫婦と子供から成る世帯": {"couple_with_children", "elder_with_adult_child", "other"},
    "65歳以上世帯員の単独世帯": {"elder_alone"}, "高齢単身者世帯": {"elder_alone"}, "ひとり暮らし高齢者": {"elder_alone"},
    "高齢夫婦世帯": {"elder_couple"}, "母子家庭": {"single_parent"}, "6５歳未満の単独世帯": {"working_alone"},
}  # fmt: skip


@pytest.mark.parametrize("name", CENSUS)
def test_a_kind_of_the_census_is_never_a_narrower_one(made, name):
    """Each name beside a whole town, so that any reading of it is possible in persons and ages."""
    town = made(
        f"地区,世帯数,{name}\n中央,1300,130\n北,1000,100\n",
        "--population",
        "5100",
        "--ageing-rate",
        "0.3",
    )
    assert town.code == 0, town.said
    alone = made(
        f"地区,世帯類型,世帯数\n中央,{name},130\n", "--population", "299", "--ageing-rate", "0.3"
    )
    holds = alone.said.split("分けます")[0].split("は、")[-1]
    said = {kind for kind in HOUSEHOLD_KINDS if words.say(f"kind.{kind}", "ja") in holds}
    if len(CENSUS[name]) > 1:
        assert said == CENSUS[name] and words.say("error.near", "ja", near="") not in alone.said
    found = town.households["中央"]
    assert sum(found.values()) == 1300 and sum(found[kind] for kind in CENSUS[name]) >= 130


def test_parts_beside_a_whole_leave_the_rest(made):
    heading = f"地区,{KINDS[0]},単独世帯,夫婦のみの世帯,{KINDS[1]},女親と子供から成る世帯,母子世帯,その他の世帯"
    text = f"{heading}\n中央,100,250,200,120,60,40,490\n"
    found = made(text, "--population", "2400", "--ageing-rate", "0.35").households["中央"]
    assert (found["elder_alone"], found["working_alone"], found["elder_couple"]) == (100, 150, 120)
    assert (
        found["single_parent"] >= 40
        and found["couple_with_children"] > 0
        and sum(found.values()) == 1000
    )


def test_parts_that_exceed_their_whole_are_refused(made):
    town = made(f"地区,単独世帯,{KINDS[0]},その他の世帯\n中央,100,120,300\n", *ENOUGH)
    assert town.code == 2 and "B2" in town.said and "中央" in town.said and KINDS[0] in town.said


def test_institutions_are_left_out_and_said(made):
    town = made(PLAIN + "北,施設等の世帯,30\n", *ENOUGH)
    assert town.households["北"] == {
        "elder_alone": 100,
        "elder_couple": 90,
        "single_parent": 5,
        "other": 110,
    }
    assert "施設等の世帯" in town.said
    alone = made("地区,世帯類型,世帯数\n中央,施設等の世帯,300\n", *ENOUGH)
    assert alone.code == 2 and words.say("error.near", "ja", near="") not in alone.said


@pytest.mark.parametrize("name", ["そのほか", "大家族", "単身赴任"])
def test_an_unknown_kind_is_refused_with_those_that_are_known(made, name):
    town = made(PLAIN + f"北,{name},3\n", *ENOUGH)
    assert (
        town.code == 2
        and name in town.said
        and "B16" in town.said
        and words.say("term.three", "ja") in town.said
    )


def test_a_slip_is_pointed_out(made):
    near = words.say("error.near", "ja", near="couple_with_children")
    assert near in made(PLAIN + "北,couple_with_childrn,3\n", *ENOUGH).said


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("地区,単独世帯,単独世帯", "C1 B1"),
        ("地区,地区,世帯類型,世帯数", "B1 A1"),
        ("地区,世帯数,一般世帯数", "C1 B1"),
    ],
)
def test_a_heading_that_stands_twice_is_refused(made, heading, cells):
    town = made(f"{heading}\n中央,1,2,3\n", *ENOUGH)
    assert town.code == 2 and all(cell in town.said for cell in cells.split())


@pytest.mark.parametrize(
    "name",
    ["地区", "地域", "町名", "町丁・字等名称", "小学校区", "大字・町名", "自治会名", "District"],
)
@pytest.mark.parametrize(
    "total", ["一般世帯数", "世帯数", "総数", "世帯総数", "一般世帯数（世帯）"]
)
def test_usual_headings_are_known(made, name, total):
    town = made(f"{name},{total},単独世帯\n中央,1000,350\n北,300,90\n", *ENOUGH)
    assert sum(town.households["北"].values()) == 300


def test_a_table_without_heading_is_refused_with_an_example(made):
    town = made("あ,い\n1,2\n", *ENOUGH)
    assert town.code == 2 and "sim template households" in town.said


def test_kinds_may_stand_in_rows(made):
    rows = [[kind, 10 * place, 5 * place, 15 * place] for place, kind in enumerate(KINDS, 1)]
    town = made(
        [["世帯類型", "中央", "北", "計"], *rows, ["合計", 280, 140, 420]],
        "--population",
        "950",
        "--ageing-rate",
        "0.3",
    )
    assert list(town.households["北"].values()) == [5, 10, 15, 20, 25, 30, 35]


BANDS = [f"{age}-{age + 4}歳の{sex}性" for age in range(0, 85, 5) for sex in "男女"] + [
    "85歳以上の男性",
    "85歳以上の女性",
]
CODES = ["全国地方公共団体コード", "地域コード", "地方公共団体名", "調査年月日", "地域名"]


def open_data(*districts: tuple[str, int], dates: tuple[str, ...] = ("2024-04-01",)) -> str:
    """The standard open data of residents by district and age: a number of everybody in each band
    and sex.
    """
    rows = [[*CODES, "総人口", "男性", "女性", *BANDS, "世帯数", "備考"]]
    for date in dates:
        for code, (name, number) in enumerate(districts):
            people = [number] * len(BANDS)
            whole = [sum(people), sum(people[::2]), sum(people[1::2])]
            rows.append(["992062", code, "ひかり市", date, name, *whole, *people, 15 * number, ""])
    return "\n".join(",".join(map(str, row)) for row in rows)


def test_open_data_of_residents_gives_what_it_holds_and_says_what_is_missing(made):
    town = made(open_data(("本町", 30), ("山手", 20), ("港", 0)))
    people = town.people
    assert (people.population, people.ageing_rate, people.households) == (
        1800,
        round(10 / 36, 4),
        None,
    )
    assert {one.id: one.share for one in people.districts} == {"本町": 0.6, "山手": 0.4}
    assert "港" in town.said and "世帯類型" in town.said and "750" in town.said


def test_of_several_dates_the_latest_counts(made):
    town = made(open_data(("本町", 30), ("山手", 20), dates=("2023-04-01", "2024-04-01")))
    assert town.people.population == 1800 and "2024-04-01" in town.said


def test_a_register_of_households_and_residents(made):
    heading = [
        ["町丁別人口・世帯数"],
        ["町名", "世帯数", "人口", None, None],
        [None, None, "総数", "男", "女"],
    ]
    rows = [
        ["本町", "1,200", "2,700", "1,300", "1,400"],
        ["山手", 300, 700, 350, 350],
        ["総数", 1500, 3400, 1650, 1750],
    ]
    people = made([*heading, *rows], "--ageing-rate", "0.3", merged=("C2:E2",)).people
    assert people.population == 3400 and [one.share for one in people.districts] == [0.8, 0.2]


def test_more_than_500_districts_are_answered_with_the_way_out(made):
    lines = [f"町{place}丁目,{KINDS[0]},6" for place in range(600)]
    town = made("\n".join(["地区,世帯類型,世帯数", *lines]), *ENOUGH)
    assert (
        town.code == 2 and "500" in town.said and "校区" in town.said and "Tuple" not in town.said
    )


def test_a_long_file_is_not_read_to_its_end(made, monkeypatch):
    """The rows beyond the 501st district are never looked at: what stands there would be
    refused.
    """
    lines = [f"町{place}丁目,{KINDS[0]},6" for place in range(600)]
    broken = "\n".join(["地区,世帯類型,世帯数", *lines, *(f"x,{KINDS[0]},many" for _ in range(10))])
    assert words.say("table.too_many", "ja", most=500) in made(broken, *ENOUGH).said


def test_two_municipalities_are_refused(made):
    town = made("市区町村名,町名,世帯数\nひかり市,本町,100\nこだま市,本町,100\n", *ENOUGH)
    assert town.code == 2 and "ひかり市" in town.said and "こだま市" in town.said


def test_a_name_that_excel_made_a_date_is_refused(made):
    town = made([["地区", *KINDS], [datetime.date(2024, 1, 2), 1, 2, 3, 4, 5, 6, 7]], *ENOUGH)
    assert town.code == 2 and "A2" in town.said


@pytest.mark.parametrize(
    "content",
    [b"\xd0\xcf\x11\xe0xxxx", b"PK\x03\x04" + b"x" * 600, b"\x00", b"", b"\xff\xfe\x00\xd8"],
)
def test_files_that_are_no_table_are_refused(made, content):
    town = made(content, *ENOUGH, name="t.xlsx")
    assert town.code == 2 and "t.xlsx" in town.said


def test_a_refused_town_names_no_file_that_is_not_there(made):
    town = made(PLAIN, "--population", "99000", "--ageing-rate", "0.3")
    assert (
        town.code == 2
        and "--population" in town.said
        and "99000" in town.said
        and "t.toml" not in town.said
    )


def test_the_example_can_be_read(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for lang in words.LANGUAGES:
        for name in ("t.csv", "t.xlsx"):
            assert cli.main(["template", "households", "--out", f"{lang}/{name}"]) == 0
            assert cli.main(["template", "households", "--out", f"{lang}/{name}"]) == 2
            options = (
                "--id",
                "t",
                "--population",
                "12000",
                "--ageing-rate",
                "34%",
                "--out",
                f"{lang}/{name}_out",
            )
            assert (
                cli.main(["new-town", "--lang", lang, "--households", f"{lang}/{name}", *options])
                == 0
            )
            assert len(load(tmp_path / f"{lang}/{name}_out/t.toml").people.households) == 3
    assert "Traceback" not in "".join(capsys.readouterr())
