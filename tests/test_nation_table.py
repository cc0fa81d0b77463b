"""Tables of municipalities: as offices write them, as the state publishes them, and what is refused."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from openpyxl import Workbook

from sim.declared.records import STOCKS
from sim.scenario.parameter_sets import read_sets
from sim.towns.household_tables.kinds import PARTS
from sim.towns.nation import read_nation
from sim.towns.nation.regions import (
    PREFECTURES,
    SIZE_CLASSES,
    check_digit,
    is_code,
    is_ward,
    size_class,
)
from sim.towns.nation.synthetic import COUNTS, SHARES, synthetic_nation, table_text
from sim.words import LANGUAGES
from sim.words.errors import ScenarioError

PLAIN = "団体コード,市区町村名,人口,高齢化率\n"


def table(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    file = folder / "table.csv"
    file.write_text(text, encoding=encoding)
    return file


def refusal(folder: Path, text: str) -> list[tuple[str, str]]:
    """What a table is refused for: reason and place; whole sentences in both languages."""
    with pytest.raises(ScenarioError) as caught:
        read_nation(table(folder, text))
    assert all("{" not in caught.value.say(lang) for lang in LANGUAGES)
    return [(one.reason.key, one.key.say("en")) for one in caught.value.faults]


def test_spellings_of_offices_are_read(tmp_path):
    text = (
        "全国の市町村（令和7年）\n\n"
        "市区町村コード,市町村名,総人口,高齢化率（%）,相談員数\n"
        '172065,加賀市,"６３，４８６",35.4,30.5\n'
        "472018,那覇市,31.5万,24.1％,\n"
        "473570,南大東村,1,23.9,\n"
    )
    found = read_nation(table(tmp_path, text, "cp932"))
    assert [(row.code, row.name, row.population) for row in found.rows] == [
        ("17206", "加賀市", 63_486),
        ("47201", "那覇市", 315_000),
        ("47357", "南大東村", 1),
    ]
    assert [row.ageing_rate for row in found.rows] == [0.354, 0.241, 0.239]
    assert [row.posts for row in found.rows] == [30.5, None, None]
    assert found.rows[0].line == 4 and found.rows[0].prefecture == "17"


@pytest.mark.parametrize("rates", ["0.3,0.4", "30%,40%", "30,40", "30.0％,40"])
def test_rates_are_shares_or_per_cent_as_the_column_says(tmp_path, rates):
    one, other = rates.split(",")
    found = read_nation(table(tmp_path, f"{PLAIN}172065,a,900,{one}\n472018,b,900,{other}\n"))
    assert [row.ageing_rate for row in found.rows] == [0.3, 0.4]


def test_zeros_that_a_spreadsheet_dropped_are_put_back(tmp_path):
    rows = "12025,函館市,240000,37%\n12114,網走市,32000,34%\n11002,札幌市,1970000,28%\n"
    found = read_nation(table(tmp_path, PLAIN + rows))
    assert [row.code for row in found.rows] == ["01202", "01211", "01100"]
    five = read_nation(table(tmp_path, PLAIN + "1202,函館市,240000,37%\n47201,那覇市,315000,24%\n"))
    assert [row.code for row in five.rows] == ["01202", "47201"]


def register(rows: list[tuple]) -> list[list]:
    """The register's table by age as it is downloaded: title, headings in two rows, rows by sex."""
    bands = [f"{age}歳～{age + 4}歳" for age in range(0, 100, 5)] + ["100歳以上"]
    sheet: list[list] = [["【総計】市区町村別年齢階級別人口"]]
    sheet.append(["団体コード", "都道府県名", "市区町村名", "性別", "総数", *bands])
    sheet.append(["", "", "", "", "人", *["人"] * len(bands)])
    for code, prefecture, name, numbers in rows:
        sheet.append([code, prefecture, name, "計", sum(numbers), *numbers])
        sheet.append([code, prefecture, name, "男", *["X"] * (len(bands) + 1)])
    return sheet


def test_the_table_that_the_state_publishes_is_read_as_it_is(tmp_path):
    ages = [10] * 21
    withheld = ["X"] * 22
    sheet = register(
        [
            ("010006", "北海道", "-", ages),
            ("011002", "北海道", "札幌市", [100] * 21),
            ("011011", "北海道", "札幌市中央区", ages),
            ("131008", "東京都", "特別区部", [90] * 21),
            ("131016", "東京都", "千代田区", [20] * 21),
            ("172065", "石川県", "加賀市", [30] * 13 + [60] * 8),
        ]
    )
    sheet.append(["011100", "北海道", "札幌市清田区", "計", *withheld])
    book = Workbook()
    for row in sheet:
        book.active.append(row)
    book.save(tmp_path / "2504nsnen.xlsx")
    found = read_nation(tmp_path / "2504nsnen.xlsx")
    assert [(row.code, row.name) for row in found.rows] == [
        ("01100", "札幌市"),
        ("13101", "千代田区"),
        ("17206", "加賀市"),
    ]
    assert [row.population for row in found.rows] == [2100, 420, 870]
    assert found.rows[2].ageing_rate == pytest.approx(480 / 870, abs=1e-6)
    assert found.left_out == {"totals": 2, "wards": 2, "sexes": 6}


def test_kinds_of_a_census_become_shares(tmp_path):
    heading = "code,name,population,ageing_rate,一般世帯総数,単独世帯,65歳以上の単独世帯,夫婦と子供から成る世帯\n"
    file = table(tmp_path, heading + "17206,加賀市,2300,35%,1000,300,120,250\n")
    (row,) = read_nation(file).rows
    assert row.households == 1000 and sum(row.composition.values()) == pytest.approx(1)
    assert row.composition["elder_alone"] == 0.12 and row.composition["working_alone"] == 0.18
    assert set(row.composition) <= set(PARTS.values())


def test_households_alone_give_the_size_of_a_household(tmp_path):
    (row,) = read_nation(
        table(tmp_path, "code,name,人口,高齢化率,世帯数\n17206,a,2300,35%,1000\n")
    ).rows
    assert row.households == 1000 and row.composition is None


@pytest.mark.parametrize(
    ("text", "reason", "place"),
    [
        ("団体コード,市区町村名,高齢化率\n17206,a,30%\n", "nation.missing_population", "line 1"),
        ("団体コード,市区町村名,人口\n17206,a,900\n", "nation.missing_ageing_rate", "line 1"),
        ("市区町村名,人口,高齢化率\na,900,30%\n", "nation.no_heading", "line 1"),
        (PLAIN, "nation.no_rows", "line 2"),
        (PLAIN + "482013,a,900,30%\n", "nation.code", "line 2 (cell A2)"),
        (PLAIN + "加賀,a,900,30%\n", "nation.code", "line 2 (cell A2)"),
        (PLAIN + "172066,加賀市,900,30%\n", "nation.check_digit", "line 2 (cell A2)"),
        (PLAIN + "17206,a,900,30%\n17206,b,800,30%\n", "nation.twice", "line 3 (cell A3)"),
        (PLAIN + "17206,a,900,340%\n", "error.range", "line 2 (cell D2)"),
        (PLAIN + "17206,a,900,34\n17207,b,900,340\n", "error.range", "line 3 (cell D3)"),
        (PLAIN + "17206,a,900,.34\n17207,b,900,340\n", "error.range", "line 3 (cell D3)"),
        (PLAIN + "17206,a,900,many\n", "error.type", "line 2 (cell D2)"),
        (PLAIN + "17206,a,0,30%\n", "error.range", "line 2 (cell C2)"),
        (PLAIN + "17206,a,X,30%\n", "table.withheld", "line 2 (cell C2)"),
        (PLAIN + "17206,,900,30%\n", "nation.no_name", "line 2 (cell B2)"),
        ("code,name,人口,65歳以上人口\n17206,a,900,950\n", "nation.aged", "line 2 (cell D2)"),
        ("code,name,人口,高齢化率,posts\n17206,a,900,30%,90\n", "error.range", "line 2 (cell E2)"),
        ("code,name,人口,高齢化率,世帯数\n17206,a,900,30%,10\n", "nation.size", "line 2 (cell C2)"),
        (
            "code,name,人口,人口,高齢化率\n17206,a,900,900,30%\n",
            "table.doubled",
            "line 1 (cell D1)",
        ),
        (
            "code,name,人口,高齢化率,単独世帯,高齢者のみの世帯\n17206,a,900,30%,100,100\n",
            "table.overlap",
            "line 1",
        ),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(tmp_path, text, reason, place):
    assert refusal(tmp_path, text) == [(reason, place)]


def test_every_wrong_row_is_told_at_once(tmp_path):
    found = refusal(tmp_path, PLAIN + "99999,a,900,30%\n17206,b,0,30%\n17207,c,900,340%\n")
    assert [place for _, place in found] == [
        "line 2 (cell A2)",
        "line 3 (cell C3)",
        "line 4 (cell D4)",
    ]


def test_codes_wards_and_classes():
    known = {"01100", "14100", "14130"}
    assert is_ward("01110", "札幌市清田区", known) and is_ward("14131", "川崎区", known)
    assert not is_ward("14130", "川崎市", known) and not is_ward("13101", "千代田区", known)
    assert not is_ward("04101", "青葉区", known)  # its city is not in the table
    assert check_digit("17206") == "5" and not is_code("00101") and not is_code("48101")
    bounds = [one.least for one in SIZE_CLASSES]
    assert bounds == sorted(bounds, reverse=True) and bounds[-1] == 0
    assert [size_class(number).id for number in (1_000_000, 999_999, 5_000, 4_999)] == [
        "1m",
        "500k",
        "5k",
        "0",
    ]


def test_the_synthetic_nation_adds_up_and_is_the_same_each_time(tmp_path):
    rows = synthetic_nation()
    assert rows == synthetic_nation() and len(rows) == 1718
    residents = sum(row.population for row in rows)
    assert residents == 124_000_000 and max(row.population for row in rows) < 5_000_000
    aged = sum(row.population * row.ageing_rate for row in rows)
    assert aged / residents == pytest.approx(0.293, abs=2e-5)
    assert Counter(row.prefecture for row in rows) == COUNTS and set(COUNTS) == set(PREFECTURES)
    villages = [row.population for row in rows if row.population < 5_000]
    assert len(villages) == pytest.approx(1718 * SHARES[-1].municipalities / 100, abs=1)
    assert sum(villages) == pytest.approx(residents * SHARES[-1].residents / 100, rel=0.01)
    assert all(row.name.startswith("合成") and int(row.code[2:]) > 800 for row in rows)
    file = table(tmp_path, table_text(rows), "cp932")
    read = read_nation(file).rows
    assert [(one.code, one.name, one.population, one.ageing_rate) for one in read] == [
        (one.code, one.name, one.population, one.ageing_rate) for one in rows
    ]


def test_every_mean_of_a_week_says_what_weights_it():
    counted = {"households", "cases", "posts", "residents", "resources", "h", "needs"}
    assert {name for name, one in STOCKS.items() if not one.weight} == {
        name for name, one in STOCKS.items() if one.unit in counted
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("needs.onset_latnt\n1\n", "error.unknown_parameter"),
        ("needs.coupling\nmany\n", "error.type"),
        ("needs.coupling,needs.coupling\n.1,.2\n", "table.doubled"),
        ("needs.coupling\n", "nation.sets"),
    ],
)
def test_parameter_sets_that_cannot_be_are_refused(tmp_path, text, reason):
    with pytest.raises(ScenarioError) as caught:
        read_sets(table(tmp_path, text))
    assert caught.value.faults[0].reason.key == reason
    assert all("{" not in caught.value.say(lang) for lang in LANGUAGES)
