"""A workbook whose rows and columns were changed: figures are read by their labels, and what cannot be
is said; figures that do not go together are asked about; what was filled in is listed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from sim import words
from sim.officer.cells import Form, Grid
from sim.officer.finding import _bare
from sim.officer.reading import BookRead, read_book
from sim.officer.sheets import INPUT_SHEETS
from sim.words.errors import ScenarioError
from tests.test_officer import GOOD, filled

LINES = {
    f"districts.{line}.{column}": value
    for line, name in ((1, "中央"), (3, "山手"))
    for column, value in (("name", name), ("all", 100 * line))
}
TYPED = GOOD | LINES | {"now.csw.fte": 1, "posts.child.outsourced": 2, "rules.door": "はい"}


@pytest.fixture(autouse=True)
def system_language():
    """No test leaves its language behind."""
    yield
    words.speak(None)


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> Path:
    return filled(tmp_path_factory.mktemp("rows") / "x.xlsx", TYPED)


def changed(template: Path, file: Path, *steps: Any) -> BookRead:
    """The workbook read after `steps`, each a sheet, what is done to it and with which arguments."""
    book = load_workbook(template)
    for sheet, name, *arguments in steps:
        page = book[sheet]
        for area in [*page.merged_cells.ranges]:  # openpyxl leaves them where they were
            page.unmerge_cells(str(area))
        if name == "set":
            page.cell(*arguments[0]).value = arguments[1]
        else:
            getattr(page, name)(*arguments)
    book.save(file)
    return read_book(file)


def rows_of(template: Path, sheet: str, label: str) -> list[int]:
    return [cell.row for cell in load_workbook(template)[sheet]["A"] if cell.value == label]


@pytest.mark.parametrize("do", ["insert_rows", "insert_cols"])
def test_figures_stand_where_their_labels_stand(do, template, tmp_path):
    """Rows or columns inserted at several places of every sheet change no figure."""
    same = read_book(template)
    assert same.values["districts.3.all"] == 300 and same.values["now.csw.fte"] == 1
    places = (1, 7, 10, 12) if do == "insert_rows" else (1, 2, 4)
    for at in places:
        steps = [(sheet.name.say("ja"), do, at) for sheet in INPUT_SHEETS]
        read = changed(template, tmp_path / "y.xlsx", *steps)
        assert (read.values, read.faults, read.told) == (same.values, {}, [])


def test_a_line_that_was_deleted_is_empty_and_told(template, tmp_path):
    (at,) = rows_of(template, "やりたいこと", "アウトリーチ支援員")
    read = changed(template, tmp_path / "y.xlsx", ("やりたいこと", "delete_rows", at))
    assert read.values == read_book(template).values and not read.faults
    assert "アウトリーチ支援員" in read.told[0].say("ja")


def test_a_row_of_ones_own_is_told_and_kept(template, tmp_path):
    steps = [("町", "insert_rows", 9), ("町", "set", (9, 1), "外国人"), ("町", "set", (9, 2), 55)]
    read = changed(template, tmp_path / "y.xlsx", *steps)
    assert read.values == read_book(template).values and not read.faults
    assert "9行目「外国人」" in read.told[0].say("ja")
    assert {(one.row, one.typed.value) for one in read.added} >= {(9, "外国人"), (9, 55)}


@pytest.mark.parametrize(
    ("label", "fault"),
    [("総人口", "row_renamed"), ("世帯数", "row_twice"), ("人口（速報）", None)],
)
def test_a_label_that_was_changed_is_one_message(label, fault, template, tmp_path):
    (at,) = rows_of(template, "町", "人口")
    read = changed(template, tmp_path / "y.xlsx", ("町", "set", (at, 1), label))
    if fault is None:
        assert not read.faults and read.values["town.population"] == 600
        return
    said = [one.say("ja") for one in read.all_faults]
    assert any("シート「町」" in one and label in one for one in said)
    assert f"book.wrong.{fault}" in {one.reason.key for one in read.all_faults}
    assert "town.population" not in read.values


def test_what_is_merged_is_not_taken_for_empty(template, tmp_path):
    (at,) = rows_of(template, "町", "世帯数")
    read = changed(template, tmp_path / "y.xlsx", ("町", "merge_cells", f"A{at}:B{at}"))
    assert {*read.faults} == {"town.households"}


def test_headings_and_titles_that_are_gone(template, tmp_path):
    """A column that is deleted is named, and so is a table; one message each."""
    read = changed(template, tmp_path / "y.xlsx", ("やりたいこと", "delete_cols", 4))
    assert any("雇用形態" in one.say("ja") for one in read.all_faults)
    (at,) = rows_of(template, "体制と実績", "前年度の実績")
    read = changed(template, tmp_path / "y.xlsx", ("体制と実績", "set", (at, 1), "昨年"))
    (one,) = read.all_faults
    assert "前年度の実績" in one.say("ja") and "figures.consultations" not in read.values


def test_districts_follow_their_heading_without_the_examples(template, tmp_path):
    """The row of examples may be deleted, a sum is no district."""
    (head,) = rows_of(template, "町", "地区名")
    steps = [
        ("町", "delete_rows", head + 1),
        ("町", "set", (head + 2, 1), "合計"),
        ("町", "set", (head + 2, 2), 400),
    ]
    read = changed(template, tmp_path / "y.xlsx", *steps)
    assert {key: value for key, value in read.values.items() if key in LINES} == LINES
    assert "districts.2.all" not in read.values and "合計" in read.told[0].say("ja")


@pytest.mark.parametrize("name", ["やりたい事", None])
def test_a_sheet_that_is_gone_or_renamed_is_named(name, template, tmp_path):
    book = load_workbook(template)
    if name:
        book["やりたいこと"].title = name
    else:
        del book["やりたいこと"]
    book.save(tmp_path / "y.xlsx")
    with pytest.raises(ScenarioError) as raised:
        read_book(tmp_path / "y.xlsx")
    said = raised.value.say("ja")
    assert "「やりたいこと」がありません" in said and (name or "") in said and "町" not in said


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_labels_differ_without_what_is_in_brackets(lang):
    """Else a label that was written upon could be another's."""
    for block in (block for sheet in INPUT_SHEETS for block in sheet.blocks):
        names = [one.label for one in block.inputs]
        if isinstance(block, Grid):
            lines = [_bare(one.name.say(lang)) for one in block.lines]
            assert len({*lines}) == len(lines)
        assert isinstance(block, Form | Grid)
        assert len({_bare(one.say(lang)) for one in names}) == len(names)
