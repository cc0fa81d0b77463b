"""The workbook: its formulas worked out anew give the tables, at the prices as written and at
others; text is text.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from openpyxl import load_workbook

from sim.declared import declared
from sim.declared.payers import PAYERS
from sim.economics.costing import read_prices
from sim.report.text import comparison as differences
from sim.report.workbook.page import LINE_HEIGHT, Book, width
from sim.report.workbook.workbook import file_name, write_sheets
from sim.study.case import Case
from sim.study.compare import PRICES, compare
from sim.study.gather import ALL_MEASURES
from sim.words import LANGUAGES, say
from tests.comparisons import CLAIM, write
from tests.scenario_files import PEOPLE, WAITING
from tests.spreadsheets import Calculator, compared, formulas, head_of, rows_of

GROUND = 'town = "towns/trial.toml"\nyears = 6\nrun_in_weeks = 6\nseeds = 2\nname = {ja = "住民 & 職員", en = "A & B &P"}\n'
NASTY = '=HYPERLINK("http://example.org/";"x")'
ARMS = f"""
reference = "waiting"
[[arms]]
id = "waiting"
name = {{ja = "待つ", en = "Wait"}}
[[arms]]
id = "outreach"
name = {{ja = "=1+1", en = '{NASTY}'}}
levers.outreach_worker = {{fte = 1}}
levers.csw = {{fte = 1}}
levers.community = {{places = 2}}
[[arms]]
id = "same"
name = {{ja = "+同じ", en = "@same"}}
"""
PRICE, SHARES = 4, 8  # columns of the sheet of prices
SUM = SHARES + len(PAYERS)


@pytest.fixture(scope="module")
def case(tmp_path_factory) -> Case:
    """Three arms, one of them the reference again, six years, two seeds, with names that look like
    formulas.
    """
    root = tmp_path_factory.mktemp("sheets")
    for name, text in {
        "towns/trial.toml": PEOPLE,
        "organisations/windows_that_wait.toml": WAITING,
    }.items():
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text(text, encoding="utf-8")
    return Case(compare(write(root, ARMS + CLAIM, GROUND), no_effect=0), read_prices(PRICES))


@pytest.fixture(scope="module")
def files(case, tmp_path_factory):
    """Both workbooks."""
    root = tmp_path_factory.mktemp("written")
    found = {lang: root / file_name(lang) for lang in LANGUAGES}
    for lang, file in found.items():
        write_sheets(case, file, lang)
    return found


def opened(files, lang):
    """The workbook with its formulas, and the name of a sheet in its language."""
    return load_workbook(files[lang]), lambda name: say(f"sheets.name.{name}", lang)


def price_rows(book, sheet, lang) -> dict[str, int]:
    """The row of each price by its English or Japanese name."""
    head = head_of(Calculator(book), sheet, "kind", lang)
    return {book[sheet].cell(row, 2).value: row for row in range(head + 1, book[sheet].max_row + 1)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_formula_gives_the_value_it_shows_and_the_money_of_the_tables(case, files, lang):
    book, _ = opened(files, lang)
    shown = load_workbook(files[lang], data_only=True)
    calculator = Calculator(book)
    places = list(formulas(book))
    assert len(places) > 500
    for sheet, row, column in places:
        value, stored = calculator(sheet, row, column), shown[sheet].cell(row, column).value
        assert value == stored or abs(value - stored) <= max(1e-6, 1e-9 * abs(stored)), (
            sheet,
            row,
            column,
        )
    assert compared(calculator, case, lang) > 300
    assert (
        compared(lambda sheet, row, column: shown[sheet].cell(row, column).value, case, lang) > 300
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_changed_price_share_and_rate_move_every_total_as_the_economics_do(case, files, lang):
    book, name = opened(files, lang)
    rows, sheet = price_rows(book, name("prices"), lang), book[name("prices")]
    item = case.book.item("service_manifest")
    sheet.cell(rows[getattr(item, lang)], PRICE).value = 333_333
    shares = dict.fromkeys(PAYERS, 0.0) | dict(zip(PAYERS, (0.1, 0.2, 0.3, 0.4), strict=False))
    for place, share in enumerate(shares.values()):
        sheet.cell(rows[getattr(item, lang)], SHARES + place).value = share
    book[name("prices")][
        book.defined_names["discount_rate"].attr_text.split("!")[1].replace("$", "")
    ].value = 0.035
    book[name("prices")][
        book.defined_names["unseen_cost_share"].attr_text.split("!")[1].replace("$", "")
    ].value = 0.25
    content = case.book.with_prices({"service_manifest": 333_333.0})
    items = tuple(
        one.model_copy(update={"shares": one.shares.model_copy(update=shares)})
        if one.id == item.id
        else one
        for one in content.items
    )
    gathered = case.compared.gathered
    gathered = gathered._replace(shares=gathered.shares.assign(share=0.25))
    other = Case(
        replace(case.compared, gathered=gathered),
        content.model_copy(update={"items": items}),
        0.035,
    )
    assert compared(Calculator(book), other, lang) > 300
    with pytest.raises(AssertionError):
        compared(Calculator(book), case, lang)


def test_what_a_change_moved_stands_beside_what_was_written(case, files):
    book, name = opened(files, "en")
    sheet = book[name("prices")]
    sheet.cell(
        price_rows(book, name("prices"), "en")[case.book.item("post_outsourced").en], PRICE
    ).value *= 2
    before = rows_of(Calculator(load_workbook(files["en"])), "totals", "en", 2, 8)
    for key, (now, written, moved, *_) in rows_of(Calculator(book), "totals", "en", 2, 8).items():
        assert moved == pytest.approx(now - written, abs=0.002) and written == pytest.approx(
            before[key][0]
        )
        assert (moved > 0) == (key[0] == NASTY) and before[key][2] == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_shares_that_do_not_sum_to_one_turn_every_sheet_of_money_red(files, lang):
    book, name = opened(files, lang)
    sheet = book[name("prices")]
    row = head_of(Calculator(book), name("prices"), "kind", lang) + 1
    notes = {
        one: head_of(Calculator(book), name(one), "arm", lang) - 1
        for one in ("money", "net", "totals", "budget", "even")
    }
    warning = say("sheets.shares_wrong", lang, sheet=name("prices"))
    assert all(Calculator(book)(name(one), place, 1) != warning for one, place in notes.items())
    sheet.cell(row, SHARES).value -= 0.1
    assert Calculator(book)(name("prices"), row, SUM) == pytest.approx(0.9)
    for one, place in notes.items():
        assert Calculator(book)(name(one), place, 1) == warning
        assert any(
            f"A{place}" in str(where.sqref) for where in book[name(one)].conditional_formatting
        )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_amounts_of_money_are_all_formulas_and_all_else_equals_the_tables(case, files, lang):
    book, name = opened(files, lang)
    for one, words in {"money": 2, "net": 2, "budget": 3, "even": 2, "units": 2}.items():
        sheet = book[name(one)]
        head = head_of(Calculator(book), name(one), "item" if one == "units" else "arm", lang)
        assert all(
            cell.data_type == "f"
            for row in sheet.iter_rows(min_row=head + 1, min_col=words + 1)
            for cell in row
            if cell.value is not None
        )
    arms = {arm.id: getattr(arm.name, lang) for arm in case.compared.comparison.arms}
    means = case.compared.quantities.groupby(["arm", "id", "year"])[["amount", "unseen"]].sum() / 2
    found = rows_of(Calculator(book), "quantities", lang, 2, 8)
    assert len(found) > 30
    for (arm, id, year), amount in means.iterrows():
        item = getattr(case.book.item(id), lang)
        seen, unseen = (
            found.get((arms[arm], text), [0] * 8)
            for text in (item, say("sheets.line.unseen", lang, item=item))
        )
        assert seen[1 + year] == pytest.approx(amount["amount"]) and unseen[
            1 + year
        ] == pytest.approx(amount["unseen"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_differences_claims_and_assumptions_equal_their_tables(case, files, lang):
    book, name = opened(files, lang)
    sheet, head = (
        book[name("differences")],
        head_of(Calculator(book), name("differences"), "measure", lang),
    )
    arms = {getattr(arm.name, lang): arm.id for arm in case.compared.comparison.arms}
    ids = {getattr(one, lang): id for id, one in ALL_MEASURES.items()}
    table = case.compared.differences.set_index(["measure", "arm", "year"])
    rows = list(sheet.iter_rows(min_row=head + 1, values_only=True))
    assert len(rows) == len(differences.SHOWN) * 2 * 6
    for measure, _, arm, year, reference, difference, low, high, _ in rows:
        one = table.loc[(ids[measure], arms[arm], year)]
        wanted = (
            one["reference"],
            one["difference"],
            *((0, 0) if one["identical"] else differences.interval(one)),
        )
        given = [np.nan if value is None else value for value in (reference, difference, low, high)]
        np.testing.assert_allclose(given, wanted)
    head = head_of(Calculator(book), name("claims"), "claim", lang)
    claim = next(book[name("claims")].iter_rows(min_row=head + 1, values_only=True))
    verdict = case.compared.verdicts[0]
    assert claim[1] == say(f"claims.{verdict.state}", lang) and claim[10] == verdict.n == 2
    assert claim[7] == pytest.approx(verdict.mean)
    head = head_of(Calculator(book), name("assumptions"), "group", lang)
    given = [
        row[2] for row in book[name("assumptions")].iter_rows(min_row=head + 1, values_only=True)
    ]
    assert given == [case.compared.comparison.base.parameters[one] for one in declared()]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_text_that_looks_like_a_formula_is_text(files, lang):
    book, _ = opened(files, lang)
    nasty = {"ja": {"=1+1", "+同じ"}, "en": {NASTY, "@same"}}[lang]
    found = [
        cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value in nasty
    ]
    assert {cell.value for cell in found} == nasty and all(
        cell.data_type == "s" and cell.quotePrefix for cell in found
    )
    known = set(
        re.findall(
            r"([A-Z]+)\(",
            " ".join(book[sheet].cell(row, column).value for sheet, row, column in formulas(book)),
        )
    )
    assert known <= {"SUM", "SUMPRODUCT", "IF", "ABS", "MAX", "ROUND"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_macros_no_links_outside_and_the_same_bytes_again(case, files, lang, tmp_path):
    with zipfile.ZipFile(files[lang]) as packed:
        names = packed.namelist()
        relations = "".join(packed.read(one).decode() for one in names if one.endswith(".rels"))
        assert {entry.date_time[0] for entry in packed.infolist()} == {1980}
    assert not [one for one in names if "vba" in one.lower() or "external" in one.lower()]
    assert 'TargetMode="External"' not in relations
    write_sheets(case, tmp_path / "again.xlsx", lang)
    assert (tmp_path / "again.xlsx").read_bytes() == files[lang].read_bytes()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sheets_are_named_guarded_and_ready_to_print(case, files, lang):
    book, name = opened(files, lang)
    assert len(book.sheetnames) == 14 and book.sheetnames[:2] == [name("readme"), name("prices")]
    assert book.calculation.fullCalcOnLoad
    for sheet in book:
        assert len(sheet.title) <= 31 and not sheet.protection.sheet
        setup = sheet.page_setup
        assert (
            setup.orientation,
            int(setup.paperSize),
            setup.fitToWidth or 1,
            setup.fitToHeight,
        ) == (
            "landscape",
            9,
            1,
            0,
        )
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.oddFooter.right.text == say(
            "sheets.of_pages", lang
        )
        assert sheet.oddHeader.left.text == {"ja": "住民 && 職員", "en": "A && B &&P"}[lang]
        if sheet.title != name("readme"):
            assert sheet.freeze_panes and sheet.print_title_rows
    counted = case.quantities["id"].unique()
    assert {f"price_{id}" for id in counted} | {"discount_rate", "unseen_cost_share"} == {
        one for one in book.defined_names if not one.startswith("shares_")
    }
    rules = book[name("prices")].data_validations.dataValidation
    limits = {(rule.operator or "between", rule.formula1, rule.formula2) for rule in rules}
    assert limits == {("greaterThanOrEqual", "0", None), ("between", "0", "1")}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_is_cut(files, lang):
    book, _ = opened(files, lang)
    for sheet in book:
        merged = {str(area).split(":")[0] for area in sheet.merged_cells.ranges}
        for row in sheet.iter_rows():
            for cell in row:
                if (
                    isinstance(cell.value, str)
                    and cell.data_type == "s"
                    and cell.coordinate not in merged
                ):
                    room = (
                        sheet.column_dimensions[cell.column_letter].width
                        - 1
                        - cell.alignment.indent
                    )
                    lines = (sheet.row_dimensions[cell.row].height or LINE_HEIGHT) / LINE_HEIGHT
                    assert width(cell.value) <= room * lines, (sheet.title, cell.coordinate)


def test_a_broken_formula_would_be_seen(case, files):
    book, name = opened(files, "en")
    sheet = book[name("money")]
    head = head_of(Calculator(book), name("money"), "arm", "en")
    cell = sheet.cell(head + 2, 3)
    cell.value = cell.value.replace("/1000", "/999")
    with pytest.raises(AssertionError, match="money"):
        compared(Calculator(book), case, "en")


def test_a_long_name_is_cut_in_the_header_and_nowhere_else():
    name = "&" * 200
    book = Book(name, "en")
    page = book.page("Sheet", name, [])
    page.put(page.row, 1, "cell")
    page.put(page.row, 2, name)
    page.close(name, 1)
    sheet = load_workbook(io.BytesIO(book.content()))["Sheet"]
    assert sheet.oddHeader.left.text == "&&" * 80 and sheet.oddHeader.right.text == "Sheet"
    assert sheet["A1"].value == name == sheet["B2"].value
