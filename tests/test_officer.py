"""The officer's workbook: every cell is written and read where it is declared; mistakes come back as
remarks and nothing typed is lost; what is typed becomes a request whose amounts are those of the book.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from sim import words
from sim.cli import main as cli
from sim.cli.go import drafted, tell_draft
from sim.cli.go_fit import in_fitted_worlds
from sim.economics.costing import read_prices
from sim.economics.quantities import POSTS
from sim.officer.answering import Answer, result_pages
from sim.officer.book import returned_bytes
from sim.officer.drafting import place_faults
from sim.officer.fit_sheet import TownFit, hindrance, worlds_lines
from sim.officer.layout import laid_out
from sim.officer.planning import (
    COMPARISON_FILE,
    PRICES_FILE,
    REQUEST,
    comparison_in,
    write_files,
)
from sim.officer.reading import read_book
from sim.officer.request_sheets import LinesOfRequest, fill_lines, fill_sources, requested
from sim.officer.searching import BEST_MIX, SEARCH_FILE, is_searched
from sim.officer.sheets import BOOK, INPUT_SHEETS
from sim.officer.unusual import unusual_in
from sim.officer.writing import template_bytes
from sim.report.workbook.page import Book
from sim.scenario.arms import load_comparison
from sim.scenario.load import load
from sim.study.budget import planned_beyond
from sim.study.compare import RunSettings
from sim.study.executors import Here
from sim.study.fit.figures import KnownFigure
from sim.words.errors import fault
from tests.spreadsheets import Calculator

GOOD: dict[str, Any] = {
    "town.name": "例示町",
    "town.population": "６００",
    "town.aged": "34%",
    "measures.csw.number": "1",
    "measures.csw.start": "令和8年10月",
    "measures.csw.price": "600万円",
    "measures.csw.funding": "国1/2、県1/4",
    "measures.csw.ceiling": "2,000",
    "measures.csw.until": "R9.3.31",
    "figures.consultations": "12",
    "figures.accounts": "3,000",
    "measures.place.number": 1,
    "against.alone": "いいえ",
    "against.variants": "いいえ",
    "run.years": 2,
}
MISTAKES: dict[str, Any] = {  # what people type, and should not
    "town.name": None,
    "town.population": "約4万人",
    "town.aged": "120%",
    "town.households": "19,50",
    "districts.1.all": "三百",
    "districts.2.name": "中央",
    "districts.2.all": -5,
    "districts.3.elder_alone": 12.5,
    "posts.elderly.regular": "二人",
    "posts.child.contract": 99_999,
    "assistance.owner": "県か市",
    "now.csw.fte": "若干名",
    "figures.wait_first": "すぐ",
    "figures.accounts": "不明です",
    "measures.csw.number": 1,
    "measures.csw.start": "来年の春",
    "measures.csw.kind": "委任",
    "measures.csw.price": 5_500_000,
    "measures.outreach_worker.kind": "委託",
    "measures.place.start": "R40.13.1",
    "rules.door": "たぶん",
    "run.first": "平成",
    "run.years": 200,
}
REMARKED = {*MISTAKES} - {
    "districts.2.name",
    "measures.csw.number",
    "measures.outreach_worker.kind",
}


@pytest.fixture(autouse=True)
def system_language():
    """No test leaves its language behind."""
    yield
    words.speak(None)


@pytest.fixture(autouse=True, scope="module")
def no_browser():
    """Nothing is printed to PDF here, which takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.report.paper.write.print_pdf", lambda _html, _pdf: False)
        yield


def place_of(key: str, lang: str = "ja"):
    return next(
        places[key] for sheet in INPUT_SHEETS if key in (places := laid_out(sheet, lang).places)
    )


def filled(file: Path, cells: dict[str, Any], lang: str = "ja") -> Path:
    """A template with values in its cells."""
    file.write_bytes(template_bytes(lang))
    book = load_workbook(file)
    for key, value in cells.items():
        sheet, row, column = place_of(key, lang)
        book[sheet].cell(row, column).value = value
    book.save(file)
    return file


def of_cells(folder: Path, cells: dict[str, Any]):
    """The draft and the plan of a workbook with values in its cells, and what is refused by cell."""
    draft, plan = drafted(read_book(filled(folder / "x.xlsx", cells)))
    return draft, plan, draft.read.faults


@dataclass(frozen=True)
class WorkOf:
    """What is asked of the work on a comparison, and nothing else."""

    effort: RunSettings


def go(file: Path, *more: str) -> int:
    return cli.main(["go", str(file), "--worlds", "0", "--workers", "1", "--lang", "ja", *more])


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_the_template_has_every_cell_and_reads_back_empty(lang, tmp_path):
    file = filled(tmp_path / "x.xlsx", {}, lang)
    read = read_book(file)
    assert read.lang == lang and not read.typed and not read.added and not read.own_sheets
    assert {*read.faults} == {key for key, one in read.inputs.items() if one.needed}
    assert template_bytes(lang) == template_bytes(lang)


def test_examples_are_what_can_be_typed(tmp_path):
    """Each example of the book, typed, is read without a fault."""
    cells = {
        key: one.example.say("ja") if hasattr(one.example, "say") else one.example
        for sheet in INPUT_SHEETS
        for key, one in laid_out(sheet, "ja").inputs.items()
    }
    read = read_book(filled(tmp_path / "x.xlsx", cells))
    assert read.faults == {} and read.values.keys() == cells.keys()
    assert read.values["town.population"] == 45_000 and read.values["town.aged"] == 0.34
    assert read.values["measures.csw.start"] == datetime.date(2026, 4, 1)
    assert read.values["run.first"] == 2026 and read.values["figures.accounts"] == 96_000


def test_what_people_type_is_read_as_they_mean_it(tmp_path):
    typed = {
        "town.population": "4.5万",
        "town.aged": "１５，３００",
        "town.households": "…",
        "posts.child.regular": "X",
        "measures.csw.price": "550万円",
        "measures.place.price": "1,000",
        "measures.csw.start": datetime.datetime(2026, 4, 1),
        "measures.place.start": "令和8年度",
        "measures.csw.until": 46_112,
        "measures.csw.funding": "重層的支援体制整備事業",
        "measures.place.funding": "国1/3",
        "rules.door": "Yes",
        "run.first": "R8",
    }
    values = read_book(filled(tmp_path / "x.xlsx", {"town.name": "町", **typed})).values
    assert values["town.population"] == 45_000 and values["town.aged"] == 15_300
    assert "town.households" not in values and "posts.child.regular" not in values
    assert values["measures.csw.price"] == 5500 and values["measures.place.price"] == 1000
    assert (
        values["measures.csw.start"] == values["measures.place.start"] == datetime.date(2026, 4, 1)
    )
    assert values["measures.csw.until"] == datetime.date(2026, 3, 31)
    assert values["measures.csw.funding"] == "multi_layer_new"
    assert values["measures.place.funding"] == pytest.approx(
        {"nation": 1 / 3, "municipality": 2 / 3}
    )
    assert values["rules.door"] == "yes" and values["run.first"] == 2026


def test_twenty_mistakes_come_back_as_twenty_remarks_and_nothing_is_lost(tmp_path, capsys):
    file = filled(tmp_path / "私の町.xlsx", MISTAKES)
    before = file.read_bytes()
    assert go(file) == 2 and len(REMARKED) == 20
    said = capsys.readouterr().err
    assert file.read_bytes() == before and not (tmp_path / "私の町_結果").exists()
    back = load_workbook(tmp_path / "私の町_確認.xlsx")
    for key, value in MISTAKES.items():
        sheet, row, column = place_of(key)
        cell = back[sheet].cell(row, column)
        assert cell.value == value
        assert (cell.comment is not None) == (
            key in REMARKED or key == "measures.outreach_worker.number"
        )
        if key in REMARKED:
            assert f"「{sheet}」{cell.coordinate}" in said
    assert place_of("measures.outreach_worker.number").sheet in said
    near = back["やりたいこと"].cell(*place_of("measures.csw.kind")[1:]).comment.text
    assert "委託" in near
    thousands = back["やりたいこと"].cell(*place_of("measures.csw.price")[1:]).comment.text
    assert "千円" in thousands and "5,500" in thousands


@pytest.fixture(scope="module")
def given_back(tmp_path_factory) -> Path:
    """A workbook that was run: a small town, two years, the central world alone, with a cell and a
    sheet of the user's own.
    """
    file = filled(tmp_path_factory.mktemp("officer") / "私の町.xlsx", GOOD)
    book = load_workbook(file)
    book["町"].cell(3, 14).value = "財政課に確認"
    book["町"].cell(8, 1).value = "人口（速報）"
    book.create_sheet("メモ").append(["電話", 1234])
    book.save(file)
    assert go(file) == 0
    return file.with_name("私の町_結果.xlsx")


def test_the_book_comes_back_with_what_was_typed(given_back):
    back = load_workbook(given_back)
    for key, value in GOOD.items():
        sheet, row, column = place_of(key)
        assert back[sheet].cell(row, column).value == value
    assert back["町"].cell(3, 14).value == "財政課に確認"
    assert [cell.value for cell in back["メモ"][1]] == ["電話", 1234]
    notes = [[cell.value for cell in row] for row in back["確認事項"].iter_rows()]
    told = " ".join(str(cell) for row in notes for cell in row)
    assert "財政課に確認" in told and "人口（速報）" in told and "メモ" in told


def test_the_request_is_number_times_price_times_months(given_back):
    """Half a year of a CSW at 6,000 and a place at 1,000 for a year and a half; worked out anew from
    the formulas it is the same, and moves with a price.
    """
    back = load_workbook(given_back)
    sheet = back["年度別"]
    row = next(cell.row for cell in sheet["A"] if cell.value == "要求額 計")
    calculator = Calculator(back)
    assert [calculator("年度別", row, column) for column in (2, 3, 4)] == [4000, 7000, 11000]
    shown = load_workbook(given_back, data_only=True)["年度別"]
    assert [shown.cell(row, column).value for column in (2, 3, 4)] == [4000, 7000, 11000]
    name = back.defined_names["price_post_outsourced"].attr_text
    page, address = name.rsplit("!", 1)
    back[page.strip("'")][address].value = 8_000_000
    assert Calculator(back)("年度別", row, 3) == 9000


def test_own_figures_stand_beside_the_model(given_back):
    """With no world but the central one it is a first look; what was left empty stands below."""
    sheet = load_workbook(given_back, data_only=True)["適合"]
    rows = {row[0]: row for row in sheet.iter_rows(values_only=True) if row[0]}
    name, _unit, own, model, gap, met = rows["新規相談の件数"][:6]
    assert own == 12 and model > 0 and gap == pytest.approx(model / own - 1)
    assert met in ("合う", "外れる") and any("調整なし" in text for text in rows if "まず" in text)
    assert rows["生活保護を受けている世帯（年平均）"][2] > 0
    _unit, own, cost, gap = rows["相談支援の決算額"][1:5]
    comparison = load_comparison(given_back.with_name("私の町_結果") / COMPARISON_FILE)
    posts = [
        number * BOOK.item(POSTS[kind]).priced[0] / 1000
        for agency in comparison.base.organisation.agencies
        for kind, number in agency.posts.items()
        if kind != "outsourced"
    ]
    assert own == 3000 and cost > sum(posts) > 0 and gap == pytest.approx(cost / 3000 - 1)
    folder = given_back.with_name("私の町_結果")
    assert (folder / "fit" / "manifest.json").is_file()
    assert "consultations = 12" in (folder / "towns" / "town.toml").read_text("utf-8")


def test_the_paper_lies_beside_the_book_and_says_its_amounts(given_back):
    """As pages where there is no browser; a page is in the folder of the results too."""
    page = given_back.with_name("私の町_結果") / "results" / "paper.ja.html"
    said = page.read_text(encoding="utf-8")
    assert "4,000" in said and "7,000" in said and "試し計算" in said
    for name in ("一枚", "説明"):
        assert given_back.with_name(f"私の町_結果_{name}.html").stat().st_size > 10_000


@pytest.mark.parametrize(("kept", "used"), [(7, True), (2, False)])
def test_arms_are_compared_in_the_worlds_that_fit_unless_these_are_few(kept, used):
    settings = {world: {"hours": 1.1} for world in range(1, kept + 1)}
    found: Any = SimpleNamespace(
        kept=tuple(settings), tried=24, settings=settings, factors={"asking": 0.9}
    )
    found.table = pd.DataFrame([{"figure": "leavers", "own": 2.0, "central": 9.0}])
    asked: Any = WorkOf(RunSettings((1,), Here(1), worlds=24))
    several = TownFit(found, found, ("leavers",))
    work = in_fitted_worlds(asked, several)
    left = {**settings, 0: {"asking": 0.9}}
    assert (work.effort.worlds, work.effort.turned) == ((kept, left) if used else (24, {}))
    out, which = worlds_lines(several, "ja")
    assert str(kept) in which and "離職した職員" in out and "大きく" in out


def test_the_figure_that_keeps_worlds_from_fitting_is_found():
    """Never one of the staff that was typed, and never the last one."""
    keys = ("consultations", "assistance_households", "staff_child")
    table = pd.DataFrame({"figure": keys, "kept_without": [2, 17, 20]})
    figures = tuple(KnownFigure(key, 1.0, 0.1) for key in keys)
    found: Any = SimpleNamespace(figures=figures, table=table, tried=24, kept=(3,))
    assert hindrance(found, []) == "assistance_households"
    assert hindrance(found, ["a", "b"]) is None
    found.figures = figures[1:]
    assert hindrance(found, []) is None


def test_what_a_book_comes_to_is_saved_as_scenario_files(given_back):
    folder = given_back.with_name("私の町_結果")
    comparison = load_comparison(folder / COMPARISON_FILE)
    assert [arm.id for arm in comparison.arms] == ["as_is", REQUEST, "caseworkers"]
    assert comparison.base.people.population == 600 and comparison.base.years == 2
    assert (folder / "results" / "manifest.json").is_file()


def test_who_pays_the_request_follows_its_sources_to_their_end(given_back):
    """Of half a year of 6,000 the source counts 2,000 in the first fiscal year, nothing after its end.
    With a dearer post it still counts 2,000, with a cheap one all; sections follow their own lines.
    """

    def paid(price: int) -> dict[str, list[float]]:
        book = load_workbook(given_back)
        page, address = book.defined_names["price_post_outsourced"].attr_text.rsplit("!", 1)
        book[page.strip("'")][address].value = price
        calculator: Any = Calculator(book)
        rows = {cell.value: cell.row for cell in reversed(book["年度別"]["A"]) if cell.value}
        names = ("国", "一般財源", "12節 委託料", "10節 需用費")
        found = {name: [calculator("年度別", rows[name], at) for at in (2, 3)] for name in names}
        return {name: pytest.approx(values) for name, values in found.items()}

    assert paid(6_000_000) == {
        "国": [1000, 0],
        "一般財源": [2500, 7000],
        "12節 委託料": [3000, 6000],
        "10節 需用費": [300, 300],
    }
    dear, cheap = paid(8_000_000), paid(2_000_000)
    assert dear["国"] == [1000, 0] and dear["一般財源"] == [3500, 9000]
    assert dear["12節 委託料"] == [4000, 8000] and dear["10節 需用費"] == [300, 300]
    assert cheap["国"] == [500, 0] and cheap["一般財源"] == [1250, 3000]


def test_prices_changed_in_a_book_are_read_in_again(given_back, tmp_path):
    """A price, the shares of a row and the discount rate, changed on the sheet of prices of a book
    that was given back: the cells are found again, the next book stands on the new values, and the
    one after that still does.
    """
    book = load_workbook(given_back)

    def cell(name: str):
        page, address = book.defined_names[name].attr_text.rsplit("!", 1)
        return book[page.strip("'")][address]

    cell("price_post_outsourced").value = "800万"
    cell("discount_rate").value = 0.03
    shares = cell("shares_place")[0]
    shares[0].value, shares[2].value = 0.5, 0.5
    for one in (shares[1], *shares[3:]):
        one.value = 0
    book["年度別"].cell(3, 20).value = "査定で減額"
    book.save(given_back.with_name("私の町_結果7.xlsx"))
    assert go(given_back.with_name("私の町_結果7.xlsx")) == 0
    again = given_back.with_name("私の町_結果2.xlsx")
    sheet = load_workbook(again, data_only=True)["年度別"]
    row = next(cell.row for cell in sheet["A"] if cell.value == "要求額 計")
    assert [sheet.cell(row, column).value for column in (2, 3)] == [5000, 9000]
    changed = read_book(again).changed
    assert changed.yen == {"post_outsourced": 8_000_000} and changed.rate == 0.03
    assert changed.shares["place", ""]["nation"] == 0.5 and not changed.faults
    notes = [cell.value for row in load_workbook(again)["確認事項"].iter_rows() for cell in row]
    assert "査定で減額" in notes and "年度別 T3" in notes
    assert load_workbook(again).sheetnames == load_workbook(given_back).sheetnames


def test_check_says_what_is_unusual_first(tmp_path, capsys):
    file = filled(tmp_path / "x.xlsx", GOOD | {"measures.csw.price": 20_000, "town.aged": "60%"})
    assert cli.main(["check", str(file), "--lang", "ja"]) == 0
    said = capsys.readouterr().out
    assert (
        said.index("20,000千円") < said.index("60.0%") < said.index("補った値")
        and "記入欄" not in said
    )
    assert cli.main(["check", str(file), "--lang", "ja", "--all"]) == 0
    assert "６００" in capsys.readouterr().out
    wrong = filled(tmp_path / "y.xlsx", GOOD | {"town.population": "たくさん"})
    assert cli.main(["check", str(wrong), "--lang", "ja"]) == 2
    assert "シート「町」B8" in capsys.readouterr().err


def test_help_is_never_cut(monkeypatch, capsys):
    """Japanese has no spaces to break at: a long text goes on in the next line."""
    monkeypatch.setenv("COLUMNS", "60")
    for command in ([], ["go"], ["compare"]):
        assert cli.main([*command, "--lang", "ja", "--help"]) == 0
    assert "…" not in capsys.readouterr().out.replace("[引数]...", "")


def test_other_uses_cost_what_the_request_costs(tmp_path):
    """Posts come on top of those that are there, lines of one kind of post may have several prices,
    and the search is given the same amount.
    """
    cells = GOOD | {
        "now.csw.fte": 1,
        "measures.outreach_worker.number": 1,
        "measures.outreach_worker.price": 4_500,
        "against.alone": "はい",
        "against.search": "はい",
        "town.population": 3_000,
    }
    draft, plan = drafted(read_book(filled(tmp_path / "x.xlsx", cells)))
    assert not draft.read.all_faults
    write_files(tmp_path / "scenarios", draft.files)
    comparison = load_comparison(tmp_path / "scenarios" / COMPARISON_FILE)
    book = read_prices(tmp_path / "scenarios" / PRICES_FILE)
    arms = {arm.id: arm.scenario for arm in comparison.others}
    assert {*arms} == {REQUEST, "caseworkers", "alone_csw", "alone_outreach_worker", "alone_place"}
    cost = planned_beyond(arms, comparison.base, book)
    assert [*cost.values()] == pytest.approx([cost[REQUEST]] * len(arms), rel=1e-3)
    asked = 6_000 * 18 / 12 + 4_500 * 2 + 1_000 * 2  # thousand yen in two years
    assert cost[REQUEST] == pytest.approx(1000 * asked / 2, rel=1e-6)
    told = " ".join(line.say("ja") for line in draft.filled_in)
    assert "CSWの単価6,000千円は要求額に用い" in told
    search = load(tmp_path / "scenarios" / "search.toml")
    assert search.people.population == 3_000
    assert f"money = {round(cost[REQUEST])}" in draft.files["search.toml"]


def test_the_mix_that_a_search_finds_is_an_arm_of_the_same_amount(tmp_path, monkeypatch, capsys):
    """A tiny search: its winner stands in the comparison, in the files and on the sheet, paid as the
    request is; without "yes" it is only written down.
    """
    tiny = {"candidates": 2, "refine": 0, "finalists": 1, "worlds": 2, "confirm_worlds": 2}
    over = {f"search.{name}": value for name, value in tiny.items()}
    monkeypatch.setattr("sim.cli.go_search.AS_WRITTEN", over)
    cells = GOOD | {"run.years": 1, "against.search": "はい", "against.caseworkers": "いいえ"}
    file = filled(tmp_path / "x.xlsx", cells | {"measures.csw.start": "R8.4.1"})
    assert go(file) == 0 and "効果の最も大きい組み合わせ（" in capsys.readouterr().out
    folder = tmp_path / "x_結果"
    comparison, book = load_comparison(folder / COMPARISON_FILE), read_prices(folder / PRICES_FILE)
    assert [arm.id for arm in comparison.others] == [REQUEST, BEST_MIX]
    arms = {arm.id: arm.scenario for arm in comparison.others}
    cost = planned_beyond(arms, comparison.base, book)
    assert 0.9 * cost[REQUEST] <= cost[BEST_MIX] <= 1.001 * cost[REQUEST]
    funded = arms[BEST_MIX].funding
    assert all(one in arms[REQUEST].funding for one in funded)
    names = [cell.value for cell in load_workbook(tmp_path / "x_結果.xlsx")["一枚"]["A"]]
    assert any("効果の最も大きい組み合わせ" in str(name) for name in names)
    draft, _, _ = of_cells(tmp_path, GOOD)
    assert SEARCH_FILE in draft.files and not is_searched(draft)


def test_a_book_that_excel_holds_is_one_clear_message(tmp_path, capsys):
    file = filled(tmp_path / "x.xlsx", GOOD)
    (tmp_path / "~$x.xlsx").touch()
    assert go(file) == 2
    said = capsys.readouterr().err
    assert "Excel" in said and "~$x.xlsx" in said and len(said.splitlines()) == 1


def test_prices_and_search_of_an_earlier_run_are_gone(tmp_path):
    """A unit price that was cleared is that of the price book again."""
    rules = {one: None for one in GOOD if one.startswith("measures.")} | {"rules.door": "はい"}
    first, _, _ = of_cells(tmp_path, GOOD)
    then, _, faults = of_cells(tmp_path, GOOD | rules | {"against.caseworkers": "いいえ"})
    assert not faults and PRICES_FILE in first.files and PRICES_FILE not in then.files
    folder = tmp_path / "out"
    tell_draft(first, folder, quiet=True)
    assert (folder / PRICES_FILE).is_file() and (folder / SEARCH_FILE).is_file()
    tell_draft(then, folder, quiet=True)
    assert not (folder / PRICES_FILE).exists() and not (folder / SEARCH_FILE).exists()


def test_the_request_is_lived_half_done_and_late_unless_that_is_not_wanted(tmp_path):
    for typed, more in ((None, ["request__half_reach", "request__late"]), ("いいえ", [])):
        draft, _, faults = of_cells(tmp_path, GOOD | {"against.variants": typed})
        arms = [arm.id for arm in comparison_in(draft.files).arms]
        assert not faults and arms == ["as_is", REQUEST, "caseworkers", *more]


def test_no_household_of_a_total_is_lost(tmp_path):
    """Every line has its total and one kind alone: the rest stands in the other kinds. A total above
    all its kinds is told.
    """
    lines = {
        f"districts.{at}.{column}": value
        for at, name in enumerate(("中央", "山手"), start=1)
        for column, value in (("name", name), ("all", 2400), ("elder_alone", 310))
    }
    draft, _, faults = of_cells(tmp_path, GOOD | {"town.population": 10_000} | lines)
    assert not faults and draft.people.households is not None
    for row in draft.people.households.values():
        assert sum(row.values()) == pytest.approx(2400, abs=4) and row["elder_alone"] == 310
        assert min(row.values()) > 0
    kinds = ("elder_couple", "elder_adult_child", "couple_children", "single_parent")
    names = [one.id for one in INPUT_SHEETS[0].blocks[1].inputs[3:]]
    assert {*kinds} & {*names}
    whole = {f"districts.{at}.{kind}": 10 for at in (1, 2) for kind in names}
    draft, _, faults = of_cells(tmp_path, GOOD | {"town.population": 1_000} | lines | whole)
    told = " ".join(line.say("ja") for line in draft.filled_in)
    assert "中央の世帯数（計）2,400" in told and "370" in told


@pytest.mark.parametrize(("lang", "own"), [("ja", "内訳"), ("ja", "年度別"), ("en", "notes")])
def test_a_sheet_of_the_users_own_keeps_its_cells_whatever_its_name(lang, own, tmp_path):
    file = filled(tmp_path / "x.xlsx", GOOD if lang == "ja" else {}, lang)
    book = load_workbook(file)
    book.create_sheet(own).append(["電話", 1234])
    book.save(file)
    for _ in range(2):  # what came back comes back again
        read = read_book(file)
        file.write_bytes(returned_bytes(read, []))
        back = load_workbook(file)
        assert [cell.value for cell in back[f"{own} (2)"][1]] == ["電話", 1234]
        assert f"{own} (3)" not in back


def test_funding_ends_with_the_fiscal_year_that_is_named(tmp_path):
    for typed in ("令和10年度", "R10", "2028年度"):
        draft, _, _ = of_cells(tmp_path, GOOD | {"measures.csw.until": typed})
        assert draft.read.values["measures.csw.until"] == datetime.date(2029, 3, 31), typed
    for typed in ("令和10年4月", "2028/4/1", datetime.datetime(2028, 4, 1)):
        draft, _, _ = of_cells(tmp_path, GOOD | {"measures.csw.until": typed})
        assert draft.read.values["measures.csw.until"] == datetime.date(2028, 4, 1), typed


def test_yen_in_place_of_thousand_yen(tmp_path):
    """Above all bounds it is refused, else asked about."""
    yen = {"measures.csw.ceiling": 8_000_000, "figures.accounts": 96_000_000}
    _, _, faults = of_cells(tmp_path, GOOD | yen)
    assert {key: one[0].near for key, one in faults.items()} == {
        "measures.csw.ceiling": "8,000",
        "figures.accounts": "96,000",
    }
    small = {"measures.csw.ceiling": 400_000, "figures.accounts": 4_800_000}
    draft, plan, faults = of_cells(tmp_path, GOOD | small | {"posts.child.contract": 1})
    asked = [one.question.say("ja") for one in unusual_in(draft, plan)]
    assert not faults
    assert sum("400,000千円" in one or "4,800,000千円" in one for one in asked) == 2
    usual = {"measures.csw.ceiling": 8_000, "figures.accounts": 4_800, "posts.child.contract": 1}
    draft, plan, _ = of_cells(tmp_path, GOOD | usual)
    assert not any("円で入力" in one.question.say("ja") for one in unusual_in(draft, plan))


def test_sections_and_sources_are_those_of_each_line(tmp_path):
    """Two lines of one kind of post at 9,000 and 1,000: the grant on half of the dear one is 4,500 of
    10,000, not half of the mean price.
    """
    cells = GOOD | {
        "measures.csw.start": "R8.4.1",
        "measures.csw.price": 9_000,
        "measures.csw.funding": "国1/2",
        "measures.csw.ceiling": None,
        "measures.csw.until": None,
        "measures.outreach_worker.number": 1,
        "measures.outreach_worker.kind": "委託",
        "measures.outreach_worker.price": 1_000,
        "measures.place.number": None,
    }
    draft, plan, faults = of_cells(tmp_path, cells)
    assert not faults
    write_files(tmp_path / "scenarios", draft.files)
    book = read_prices(tmp_path / "scenarios" / PRICES_FILE)
    case: Any = SimpleNamespace(
        compared=SimpleNamespace(comparison=comparison_in(draft.files)), book=book
    )
    answer = Answer(draft.read, plan, case)
    made = Book("x", "ja")
    pages = result_pages(made, answer)
    lines, page = pages["lines"], pages["by_year"]
    page.row += 1
    fill_sources(page, answer, LinesOfRequest(lines, fill_lines(lines, answer)))
    for one in (lines, page):
        one.close("x", 1)
    (tmp_path / "y.xlsx").write_bytes(made.content())
    sheet = load_workbook(tmp_path / "y.xlsx", data_only=True)["年度別"]
    rows = {cell.value: cell.row for cell in sheet["A"] if cell.value}
    assert requested(answer, 2026) == pytest.approx(10_000)
    assert sheet.cell(rows["国"], 2).value == pytest.approx(4_500)
    assert sheet.cell(rows["一般財源"], 2).value == pytest.approx(5_500)


def test_the_search_is_bounded_by_the_typed_prices(tmp_path):
    cells = {**GOOD, "measures.csw.price": 11_000, "measures.place.number": None}
    draft, _, faults = of_cells(tmp_path, cells | {"against.search": "はい"})
    assert not faults
    bound = draft.yearly / 11e6 // 0.25 * 0.25
    assert draft.files[SEARCH_FILE].split("levers.csw.fte]")[1].split()[2] == f"{bound:g}"


@pytest.mark.parametrize("key", ["measures.csw.number", "rules.door"])
def test_one_mistake_brings_no_second_one(key, tmp_path):
    """What cannot be read may be what is wanted: nobody is told that nothing is wanted."""
    cells = {name: value for name, value in GOOD.items() if not name.startswith("measures.")}
    wrong = cells | {key: "約2", "against.caseworkers": "はい"}
    assert {*of_cells(tmp_path, wrong)[2]} == {key}


@pytest.mark.parametrize(
    ("key", "cell"),
    [
        ("start_year", "run.first"),
        ("years", "run.years"),
        ("arms.1.levers.csw.fte", "measures.csw.number"),
        ("arms.1.levers.community.places", "measures.place.number"),
        ("arms.1.funding.csw.until", "measures.csw.until"),
        ("funding.csw.shares.nation", "measures.csw.funding"),
    ],
)
def test_what_the_checks_find_stands_at_its_cell(key, cell, tmp_path):
    read = read_book(filled(tmp_path / "x.xlsx", GOOD))
    place_faults(read, fault("error.range", at=key, file="plan.toml", given=1, allowed="2"))
    assert {*read.faults} == {cell}


def test_a_folder_is_made_and_one_that_cannot_be_written_is_said(tmp_path, monkeypatch, capsys):
    out = tmp_path / "new" / "x.xlsx"
    assert cli.main(["template", "--out", str(out), "--lang", "ja"]) == 0 and out.is_file()

    def refused(path: Path, content: bytes) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", refused)
    assert cli.main(["template", "--out", str(tmp_path / "y.xlsx"), "--lang", "ja"]) == 2
    said = capsys.readouterr().err
    assert "Excel" not in said and "権限がありません" in said


def test_what_is_no_source_and_no_name(tmp_path):
    cells = {
        "measures.csw.funding": "国庫1/2",
        "measures.place.funding": "国1/0",
        "districts.1.name": datetime.datetime(2026, 1, 2),
        "districts.1.all": 200,
    }
    _, _, faults = of_cells(tmp_path, GOOD | cells)
    assert {*faults} == {*cells} - {"districts.1.all"}
    for line in ("csw", "place"):
        assert "国1/2、県1/4" in faults[f"measures.{line}.funding"][0].say("ja")


def test_funding_that_ends_within_the_last_fiscal_year_is_asked_about(tmp_path):
    """The last of two years from April 2026 ends in March 2028."""
    for until, asked in (("2028/2/29", True), ("2028/3/31", False)):
        draft, plan, _ = of_cells(tmp_path, GOOD | {"measures.csw.until": until})
        found = [one.question.say("ja") for one in unusual_in(draft, plan)]
        assert any("令和10年2月29日" in one for one in found) == asked
