"""A price file of one's own: what it says changes a result or is refused; amounts are taken in the
unit typed.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from sim import words
from sim.cli.report import book_of
from sim.economics.book import Mix, PriceBook, PriceItem, Variant
from sim.economics.costing import cost, read_prices
from sim.economics.units import UNITS
from sim.report.page import page
from sim.report.text import money as page_tables
from sim.report.workbook.costing import Costing
from sim.report.workbook.page import Book
from sim.report.workbook.prices import Prices
from sim.report.workbook.workbook import write_sheets
from sim.study.case import Case
from sim.study.compare import PRICES
from sim.study.manifest import compared_of
from sim.words.errors import ScenarioError
from tests import finished

TOP = 'extends = "default.toml"\n'
# posts that vacancies save are cash at once
POST = '[[items]]\nid = "post_contract"\nlag_years = [0.0, 0.0]\n'
AID = '[[items]]\nid = "assistance_year"\n'
VARIANT = '[[items.variants]]\nid = "no_welfare_office"\n'
MIX = '[[mixes]]\nid = "poverty_desk"\n'
TAKEN = POST + 'mix = "poverty_desk"\n' + MIX
REFUSED, CHANGED = "refused", "changed"


@pytest.fixture(autouse=True)
def english():
    """Messages in English; no test leaves its language behind."""
    words.speak("en")
    yield
    words.speak(None)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A finished comparison."""
    return finished.compared(tmp_path_factory.mktemp("made"))


def book(folder: Path, text: str, name: str = "mine.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def case(made: Path, file: Path) -> Case:
    """A finished comparison at the prices of a file, as `sim report --prices` shows it."""
    prices = book_of(file)
    return Case(compared_of(made, prices), prices)


def tables(found: Case) -> dict[str, pd.DataFrame]:
    """What is reckoned from a price book, and the table of prices as the report prints it."""
    shown = {
        lang: pd.DataFrame(page_tables.prices_section(found, lang).rows) for lang in words.LANGUAGES
    }
    return {
        "values": found.compared.values,
        "totals": found.cash_totals,
        "views": found.net_costs,
        "turns": found.price_turns,
        **shown,
        "title": pd.DataFrame([found.book.id, found.book.name.ja, found.book.name.en]),
    }


def sources(found: Case) -> list[object]:
    """Every cell of the sheets of sources."""
    cells = []
    for lang in words.LANGUAGES:
        sheets = Book("", lang)
        page = sheets.page("sources", "", [])
        Prices(sheets.page("prices", "", []), Costing(found)).sources(page)
        page.close("", 1)
        written = load_workbook(io.BytesIO(sheets.content()))["sources"]
        cells += [cell.value for row in written for cell in row]
    return cells


@cache
def kept(made: Path, file: Path, _text: str) -> tuple[Case, dict[str, pd.DataFrame]]:
    """A case and its tables, reckoned once for a text."""
    found = case(made, file)
    return found, tables(found)


def outcome(made: Path, before: str, after: str) -> str:
    """Whether a price file changed from `before` to `after` changes a result or is refused; ""
    where neither.
    """
    one, mine = kept(made, book(made.parent, before), before)
    try:
        other = case(made, book(made.parent, after))
        theirs = tables(other)
    except ScenarioError as error:
        assert error.say("ja") != error.say("en")
        return REFUSED
    if all(mine[name].equals(theirs[name]) for name in mine) and sources(one) == sources(other):
        return ""
    return CHANGED


FIELDS = {
    "id": ('"post_contrac"', REFUSED),
    "kind": ('"service"', REFUSED),
    "en": ('"adviser"', CHANGED),
    "ja": ('"相談員"', CHANGED),
    "unit": ('"post-month"', REFUSED),
    "currency": ('"USD"', REFUSED),
    "price": ("4_200_000", CHANGED),
    "low": ("3_000_000", CHANGED),
    "high": ("4_500_000", CHANGED),
    "price_year": ("2025", CHANGED),
    "price_year_note": ('"settled"', CHANGED),
    "price_year_note_ja": ('"決算額"', CHANGED),
    "grade": ('"A"', CHANGED),
    "source": ('"accounts"', CHANGED),
    "source_ja": ('"決算"', CHANGED),
    "view": ('"society"', REFUSED),
    "transfer": ("0.5", CHANGED),
    "excludes": ('["post_outsourced"]', REFUSED),
    "variant": ('"city"', REFUSED),
    "mix": ('"poverty_desk"', CHANGED),
    "note": ('"as agreed"', CHANGED),
    "note_ja": ('"協議のとおり"', CHANGED),
    "variants": (
        '[{id = "x", en = "x", ja = "x", shares = {nation = 1}, cashable = "no", shares_grade = "D", '
        'shares_source = "x"}]',
        REFUSED,
    ),
    "cashable": ('"no"', REFUSED),
    "cashable_note": ('"by decision"', CHANGED),
    "cashable_note_ja": ('"決定による"', CHANGED),
    "step": ("0.001", CHANGED),
    "inside": ('["post_regular"]', CHANGED),
    "shares": ("{municipality = 0.25, nation = 0.75}", CHANGED),
    "shares_grade": ('"A"', CHANGED),
    "shares_source": ('"agreement"', CHANGED),
    "shares_source_ja": ('"協定"', CHANGED),
    "sections": ("{outsourcing = 1.0}", CHANGED),
    "sections_grade": ('"B"', CHANGED),
    "sections_source": ('"statement of pay"', CHANGED),
    "sections_source_ja": ('"給与費明細書"', CHANGED),
    "prise": ("1", REFUSED),
}


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_of_a_row_changes_a_result_or_is_refused(made, name):
    value, expected = FIELDS[name]
    after = POST.replace('"post_contract"', value) if name == "id" else POST + f"{name} = {value}\n"
    assert outcome(made, TOP + POST, TOP + after) == expected


def test_sections_of_ones_own_are_ones_own_and_of_posts_and_places_alone(tmp_path):
    mine = read_prices(book(tmp_path, TOP + POST + "sections = {outsourcing = 1.0}\n"))
    row = mine.item("post_contract")
    assert row.sections_grade == "own"
    assert row.sections_source_in("ja") == row.sections_source == str(tmp_path / "mine.toml")
    with pytest.raises(ScenarioError) as caught:
        read_prices(book(tmp_path, TOP + AID + "sections = {outsourcing = 1.0}\n"))
    assert "belong to posts and places only" in caught.value.say("en")
    for part in ("grade", "source"):
        with pytest.raises(ScenarioError) as caught:
            read_prices(book(tmp_path, TOP + POST + f'sections_{part} = ""\n'))
        assert f"sections_{part}" in caught.value.say("en")


MIXED = [
    ("en", '"desk"'),
    ("ja", '"窓口"'),
    ("grade", '"A"'),
    ("source", '"notice"'),
    ("source_ja", '"通知"'),
    ("own", '"notice"'),
    ("own_ja", '"内示"'),
    ("shares", "{municipality = 0.5, nation = 0.5}"),
]


@pytest.mark.parametrize(("name", "value"), MIXED)
def test_every_field_of_a_mix_changes_a_result_where_a_row_takes_it_and_is_refused_where_none_does(
    made, name, value
):
    assert outcome(made, TOP + TAKEN, TOP + TAKEN + f"{name} = {value}\n") == CHANGED
    assert outcome(made, TOP + POST, TOP + POST + MIX + f"{name} = {value}\n") == REFUSED


OF_VARIANT = {
    "en": '"x"',
    "ja": '"x"',
    "shares": "{municipality = 1}",
    "cashable": '"yes"',
    "lag_years": "[0, 1]",
    "step": "2",
    "shares_source": '"x"',
    "shares_source_ja": '"x"',
    "cashable_note": '"x"',
    "cashable_note_ja": '"x"',
    "shares_grade": '"A"',
    "inside": '["post_regular"]',
}


@pytest.mark.parametrize("line", [f"{name} = {value}" for name, value in OF_VARIANT.items()])
def test_every_field_of_a_variant_is_refused_where_its_row_does_not_take_it(made, line):
    assert outcome(made, TOP + AID, TOP + AID + VARIANT + line + "\n") == REFUSED


WHOLE = {
    "id": ('id = "ours"', CHANGED),
    "name": ('name = {ja = "市の単価", en = "Our prices"}', CHANGED),
    "currency": ('currency = "USD"', REFUSED),
    "notes": ('notes = ["settled accounts"]', CHANGED),
    "notes_ja": ('notes_ja = ["決算による"]', CHANGED),
}


@pytest.mark.parametrize(
    ("line", "expected"), [*WHOLE.values(), ('unit = "千円"', REFUSED), ("colour = 1", REFUSED)]
)
def test_every_setting_of_a_file_changes_a_result_or_is_refused(made, line, expected):
    assert outcome(made, TOP + POST, TOP + line + "\n" + POST) == expected


def test_no_field_is_left_out():
    """`lag_years` is in every row that is changed; `sure` is held by the questions below."""
    assert {*PriceItem.model_fields} == {*FIELDS, "lag_years", "sure"} - {"prise"}
    assert {*Mix.model_fields} == {"id", *(name for name, _ in MIXED)}
    assert {*Variant.model_fields} == {"id", *OF_VARIANT}
    assert {*PriceBook.model_fields} == {"items", "mixes", *WHOLE}


@pytest.mark.parametrize(
    "text",
    [
        '[[items]]\nid = "home_care"\nprice = 1_500_000\n',
        '[[items]]\nid = "conference_hour_regular"\nprice = 7_000\n',
        '[[items]]\nid = "resident_hour"\nshares = {municipality = 1}\n',
        '[[items]]\nid = "resident_hour"\ncashable = "yes"\n',
        '[[items]]\nid = "crisis_eviction"\nlag_years = [0, 1]\n',
        '[[items]]\nid = "crisis_eviction"\nstep = 2\n',
        '[[items]]\nid = "assistance_year"\nmix = "poverty_desk"\n',
        POST + 'mix = "poverty_desk"\nshares = {nation = 1}\n',
        POST + 'mix = "povert_desk"\n',
        POST + "mix = [1]\n",
        POST + "variant = [1]\n",
        AID + "kind = [1]\n",
    ],
)
def test_what_the_model_does_not_count_or_read_is_refused(made, text):
    assert outcome(made, TOP, TOP + text) == REFUSED


def test_shares_of_posts_are_who_pays(made, tmp_path):
    shares = '[[items]]\nid = "post_outsourced"\nshares = {nation = 0.75, municipality = 0.25}\n'
    plain, other = (
        case(made, book(tmp_path, TOP + text)).payers.set_index(["arm", "payer"])["mean"]
        for text in ("", shares)
    )
    counted = compared_of(made).quantities.query(
        "world == 0 and id == 'post_outsourced' and arm == 'outreach'"
    )
    posts = 5_500_000 * counted["amount"].sum() / 2  # seeds
    assert posts > 1e6
    assert other["outreach", "nation"] - plain["outreach", "nation"] == pytest.approx(0.75 * posts)
    assert other["outreach", "municipality"] - plain["outreach", "municipality"] == pytest.approx(
        -0.75 * posts
    )
    by_mix = case(
        made, book(tmp_path, TOP + '[[items]]\nid = "post_outsourced"\nmix = "poverty_desk"\n')
    )
    pd.testing.assert_series_equal(by_mix.payers.set_index(["arm", "payer"])["mean"], other)


def test_a_variant_that_a_row_names_is_who_pays(tmp_path):
    text = TOP + AID + 'variant = "no_welfare_office"\n'
    taken = read_prices(book(tmp_path, text))
    assert cost({"assistance_year": 1}, taken).set_index("payer")["share"].to_dict() == {
        "prefecture": 0.25,
        "nation": 0.75,
    }
    assert taken.item("assistance_year").cashable == "no"
    with pytest.raises(ScenarioError, match="no_welfare_office"):
        read_prices(book(tmp_path, text.replace("no_welfare", "no_welfar")))


@pytest.mark.parametrize(
    ("top", "ja", "en"),
    [
        (TOP, "mine.toml（default.toml に上書き）", "mine.toml (over default.toml)"),
        (
            TOP + 'name = {ja = "市の単価", en = "Our prices"}\n',
            "市の単価（mine.toml。default.toml に上書き）",
            "Our prices (mine.toml, over default.toml)",
        ),
    ],
)
def test_the_book_that_was_used_is_named_by_label_and_file_wherever_prices_are_named(
    made, tmp_path, top, ja, en
):
    found = case(made, book(tmp_path, top + POST))
    for lang, name in (("ja", ja), ("en", en)):
        assert (
            name in page.comparison_scope(found, lang)
            and name in page_tables.prices_section(found, lang).title
        )
        assert "標準の価格表" not in page.comparison_scope(found, lang)
    write_sheets(found, tmp_path / "tables.xlsx", "en")
    assert any(
        en in str(cell.value)
        for row in load_workbook(tmp_path / "tables.xlsx").worksheets[0]
        for cell in row
    )
    plain = Case(compared_of(made), read_prices(PRICES))
    assert "標準の価格表（default.toml）" in page.comparison_scope(plain, "ja")


@pytest.mark.parametrize(
    ("unit", "typed"),
    [
        ("円", "4_300_000"),
        ("yen", "4.3e6"),
        ("千円", "4300"),
        ("千円", "4300.0"),
        ("thousand yen", "4_300"),
        ("Thousand Yen", "4300"),
        ("1,000 yen", "4300"),
        ("万円", "430"),
        ("ten thousand yen", "430"),
        ("百万円", "4.3"),
        ("million yen", "4.3"),
        ("億円", "0.043"),
        ("ＪＰＹ", "4_300_000"),
    ],
)
@pytest.mark.parametrize("where", ["row", "file"])
def test_prices_are_taken_in_the_unit_of_money_that_is_stated(tmp_path, unit, typed, where):
    row = f'[[items]]\nid = "post_contract"\nprice = {typed}\n'
    line = f'unit = "{unit}"\n'
    found = read_prices(book(tmp_path, TOP + (line + row if where == "file" else row + line))).item(
        "post_contract"
    )
    assert (found.price, found.low, found.high, found.unit) == (
        4_300_000,
        2_900_000,
        5_000_000,
        "post-year",
    )


@pytest.mark.parametrize(
    ("typed", "unit", "exact"),
    [
        ("0.1", "百万円", 100_000),
        ("2.007", "百万円", 2_007_000),
        ("1.1", "千円", 1_100),
        ("290.7", "万円", 2_907_000),
        ("0.0000001", "億円", 10),
    ],
)
def test_units_are_exact(tmp_path, typed, unit, exact):
    text = TOP + f'[[items]]\nid = "place"\nprice = {typed}\nunit = "{unit}"\nsure = true\n'
    assert read_prices(book(tmp_path, text)).item("place").price == exact


def test_a_row_may_have_another_unit_than_its_file(tmp_path):
    text = TOP + 'unit = "千円"\n[[items]]\nid = "post_contract"\nprice = 4300\n'
    text += '[[items]]\nid = "place"\nprice = 1.2\nunit = "百万円"\n'
    found = read_prices(book(tmp_path, text))
    assert (found.item("post_contract").price, found.item("place").price) == (4_300_000, 1_200_000)


def test_every_unit_of_money_has_words():
    assert all(
        f"money_unit.{unit}" in words.words(lang) for unit in UNITS for lang in words.LANGUAGES
    )


@pytest.mark.parametrize(
    "typed", ["4300", "4_300_000_000", "0", "430", "4.3", "399_999", "40_000_001"]
)
@pytest.mark.parametrize("name", ["price", "high"])
def test_a_price_far_from_the_books_is_asked_about_in_the_words_of_who_typed_it(
    tmp_path, typed, name
):
    book_says = {"price": "4,000,000", "high": "5,000,000"}[name]
    typed = (
        typed
        if name == "price"
        else typed.replace("399_999", "499_999").replace("40_000_001", "50_000_001")
    )
    row = f'[[items]]\nid = "post_contract"\n{name} = {typed}\n'
    with pytest.raises(ScenarioError) as caught:
        read_prices(book(tmp_path, TOP + row))
    for lang in words.LANGUAGES:
        said = caught.value.say(lang)
        assert (
            f"items.post_contract.{name}" in said
            and "mine.toml" in said
            and typed.replace("_", "") in said
        )
        assert book_says in said and "sure = true" in said
    if name == "price":
        assert read_prices(book(tmp_path, TOP + row + "sure = true\n")).item(
            "post_contract"
        ).price == float(typed)


def test_the_message_names_the_unit_that_was_probably_meant(tmp_path):
    with pytest.raises(ScenarioError) as caught:
        read_prices(book(tmp_path, TOP + '[[items]]\nid = "post_contract"\nprice = 4300\n'))
    assert 'unit = "千円"' in caught.value.say("ja") and "4,300,000円" in caught.value.say("ja")
    assert 'unit = "thousand yen"' in caught.value.say(
        "en"
    ) and "4,300,000 yen" in caught.value.say("en")


@pytest.mark.parametrize("typed", ["400_000", "40_000_000"])
def test_a_tenth_to_ten_times_the_book_is_taken(tmp_path, typed):
    assert (
        read_prices(book(tmp_path, TOP + f'[[items]]\nid = "post_contract"\nprice = {typed}\n'))
        .item("post_contract")
        .price
    )


@pytest.mark.parametrize("line", ['unit = "千"', 'unit = "dollars"', "unit = 1000", 'unit = ""'])
@pytest.mark.parametrize("where", ["row", "file"])
def test_what_is_no_unit_of_money_is_refused(tmp_path, line, where):
    row = '[[items]]\nid = "post_contract"\nprice = 4300\n'
    with pytest.raises(ScenarioError, match="千円"):
        read_prices(
            book(tmp_path, TOP + (f"{line}\n{row}" if where == "file" else f"{row}{line}\n"))
        )


def test_a_copy_of_the_whole_book_is_asked_about_too(tmp_path):
    whole = PRICES.read_text(encoding="utf-8")
    assert read_prices(book(tmp_path, whole)).items == read_prices(PRICES).items
    with pytest.raises(ScenarioError, match="items.post_contract.price"):
        read_prices(book(tmp_path, whole.replace("price = 4_000_000", "price = 4300")))
    typed = whole.replace(
        "price = 4_000_000\nlow = 2_900_000\nhigh = 5_000_000",
        "price = 4000\nlow = 2900\nhigh = 5000.0",
    )
    typed = typed.replace('unit = "post-year"\nprice = 4000', 'unit = "千円"\nprice = 4000')
    assert read_prices(book(tmp_path, typed)).items == read_prices(PRICES).items
