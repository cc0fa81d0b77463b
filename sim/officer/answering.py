"""The sheets that come back filled: the town's own figures beside the model's, a short table, the
request by fiscal year and by line, with formulas on the prices of the sheet of prices.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from sim.declared.funding import GENERAL
from sim.declared.payers import PUBLIC_PAYERS, payer_name
from sim.economics.costing import PriceBook
from sim.economics.money import PUBLIC
from sim.officer.fit_sheet import TownFit, fill_fit
from sim.officer.planning import AS_IS, LABELS, OWN_BUDGET, REQUEST, BookPlan, Wish, fiscal_name
from sim.officer.reading import BookRead
from sim.officer.searching import BEST_MIX
from sim.officer.sheets import BOOK, FUNDINGS
from sim.report.text.request import section_name
from sim.report.text.run import label
from sim.report.workbook.money import Money
from sim.report.workbook.page import (
    HEAD,
    SIGNED,
    SIGNED_SUM,
    SUM,
    TEXT,
    THOUSAND,
    Book,
    CellStyle,
    Page,
)
from sim.report.workbook.prices import price_name
from sim.study.case import Case
from sim.study.gather import ALL_MEASURES
from sim.study.request import Request, request_of
from sim.words import named, say

SLIP = 1e-3  # thousand yen
RESULT_SHEETS = ("fit", "one_page", "by_year", "lines")
MONTHS = 12
SHORT_MEASURES = ("compounded", "inflow_compounded", "crises", "wait", "load")
COUNTS = {  # measures shown as counts of households or events, by what their unit is a part of
    "compounded": lambda people, homes: homes / 100,
    "inflow_compounded": lambda people, homes: homes / 1000,
    "crises": lambda people, homes: people / 1e5,
}
NUMBER = CellStyle("#,##0.##")
WIDE: dict[str, dict[int, float]] = {
    "fit": {1: 34.0},
    "one_page": {1: 44.0},
    "by_year": {1: 44.0},
    "lines": {2: 36.0, 8: 40.0, 9: 56.0},
}
AMOUNT = 7  # column of the amounts on the sheet of lines
Rows = dict[tuple[str, int], int]  # row of a line of the request in a fiscal year


@dataclass(frozen=True)
class Answer:
    """What comes back: the workbook as it was read, the plan, the case that was computed, and what a
    fit to the town's own figures has found; None where it knows none.
    """

    read: BookRead
    plan: BookPlan
    case: Case
    fitted: TownFit | None = None

    @property
    def years(self) -> list[int]:
        """The fiscal years of the run."""
        return [self.plan.first + year for year in range(self.plan.years)]

    @cached_property
    def request(self) -> Request:
        """The exact request, in thousand yen, with its sources of money."""
        return request_of(self.case.compared.comparison, REQUEST, self.case.book)

    @cached_property
    def priced_parts(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The sections and the sources of the request, each line at its own unit price, also where
        lines of one kind of post have several.
        """
        sections: list[pd.DataFrame] = []
        sources: list[pd.DataFrame] = []
        for wish in self.plan.priced:
            price, of_book = self.price(wish)
            book = self.book if of_book else self.book.with_prices({wish.item: 1000 * price})
            asked = request_of(self.case.compared.comparison, REQUEST, book)
            for tables, table in ((sections, asked.sections), (sources, asked.sources)):
                tables.append(table[table["own"] & (table["measure"] == wish.measure)])
        return pd.concat(sections), pd.concat(sources)

    def months(self, wish: Wish, year: int) -> float:
        """Months of a line in a fiscal year, as the request counts them."""
        table = self.request.lines
        found = table[(table["fiscal"] == year) & (table["measure"] == wish.measure)]
        return float(found["months"].max()) if len(found) else 0.0

    def price(self, wish: Wish) -> tuple[float, bool]:
        """The unit price of a line in thousand yen, and whether it is that of the price book: it is
        not where lines of one kind of post have several.
        """
        of_book = self.book.item(wish.item).priced[0] / 1000
        changed = wish.item in self.read.changed.yen
        if wish.price is None and not changed:
            usual = BOOK.item(wish.item).priced[0] / 1000
            return usual, abs(usual - of_book) < SLIP
        if wish.price is None or changed:
            return of_book, True
        return wish.price, abs(wish.price - of_book) < SLIP

    @property
    def book(self) -> PriceBook:
        """The prices."""
        return self.case.book


def result_name(name: str, lang: str) -> str:
    """Returns the name of one of RESULT_SHEETS."""
    return say(f"book.sheet.{name}", lang)


def result_pages(book: Book, answer: Answer) -> dict[str, Page]:
    """Add the result sheets to a book, empty but for titles and notes."""
    return {
        name: book.page(
            result_name(name, book.lang),
            say(f"book.sheet.{name}.title", book.lang, years=answer.plan.years),
            [say(f"book.sheet.{name}.note", book.lang, years=answer.plan.years)],
        )
        for name in RESULT_SHEETS
    }


def fill_results(pages: dict[str, Page], answer: Answer, money: Money) -> None:
    """Fill the result sheets; their formulas stand on the sheets of `money`."""
    fill_fit(pages["fit"], answer.case, answer.fitted)
    _one_page(pages["one_page"], answer)
    rows = _lines(pages["lines"], answer)
    _by_year(pages["by_year"], answer, pages["lines"], rows, money)
    title = label(answer.case.compared.comparison.name, answer.read.lang)
    for name, page in pages.items():
        page.close(title, 1, WIDE.get(name))


def _one_page(page: Page, answer: Answer) -> None:
    """A line an arm: yearly cost as planned, and differences from things as they are in the last
    year.
    """
    case, lang = answer.case, page.lang
    measures = [ALL_MEASURES[name] for name in SHORT_MEASURES]
    people, homes = (
        case.compared.comparison.base.people.population,
        case.compared.gathered.households,
    )
    times = {one.name: COUNTS.get(one.name, lambda *_: 1.0)(people, homes) for one in measures}
    units = [f"{label(one, lang)}\n({_count_unit(one, lang)})" for one in measures]
    page.heads(say("book.head.arm", lang), say("book.head.a_year", lang), *units)
    compared = case.compared
    table = compared.differences
    last = table[table["year"] == compared.comparison.base.years].set_index(["arm", "measure"])
    plan = case.plan[case.plan["payer"] == "all"].groupby("arm")["value"].mean()
    for arm in compared.comparison.arms:
        is_base = arm.id == AS_IS
        page.put(page.row, 1, label(arm.name, lang))
        page.put(page.row, 2, 0.0 if is_base else float(plan[arm.id]) / 1000, THOUSAND)
        for column, one in enumerate(measures, start=3):
            cell: Any = last.loc[
                (compared.comparison.others[0].id if is_base else arm.id, one.name)
            ]
            value = (cell["reference"] if is_base else cell["difference"]) * times[one.name]
            digits = "#,##0.0" if one.name in COUNTS else "0.00"
            look = CellStyle(digits if is_base else f"+{digits};-{digits};0")
            page.put(page.row, column, float(value), look)
        page.row += 1
    if BEST_MIX in {arm.id for arm in compared.comparison.arms}:
        page.note(say("book.one_page.mix", lang))
    page.note(say("book.one_page.how", lang, arm=label(compared.comparison.arm(AS_IS).name, lang)))


def _count_unit(one: Any, lang: str) -> str:
    """The unit of a column of the short table."""
    if one.name in COUNTS:
        return say(f"book.count.{one.name}", lang)
    return named("unit", one.unit).say(lang)


def _lines(page: Page, answer: Answer) -> Rows:
    """The request of each fiscal year line by line: number x unit price x months / 12, then its sum;
    returns the row of each line and year, of a sum under "". The unit price is that of the sheet of
    prices, in thousand yen.
    """
    names = ("year", "line", "kind", "number", "price", "months", "amount", "heading", "funding")
    page.heads(*(say(f"book.head.{name}", page.lang) for name in names))
    rows: Rows = {}
    for year in answer.years:
        first = page.row
        for wish in answer.plan.priced:
            rows[wish.id, year] = page.row
            _line(page, answer, wish, year)
            page.row += 1
        if page.row == first:
            continue
        rows["", year] = page.row
        bold = TEXT._replace(bold=True)
        page.put(page.row, 1, fiscal_name(year).say(page.lang), bold)
        page.put(page.row, 2, say("book.head.sum", page.lang), bold)
        whole = f"SUM({page.at(first, AMOUNT, page.row - 1)})"
        page.live(page.row, AMOUNT, whole, requested(answer, year), SUM)
        page.row += 1
    return rows


def _line(page: Page, answer: Answer, wish: Wish, year: int) -> None:
    """One line of the request in one fiscal year."""
    lang, row = page.lang, page.row
    price, of_book = answer.price(wish)
    months = answer.months(wish, year)
    page.put(row, 1, fiscal_name(year).say(lang))
    page.put(row, 2, LABELS[wish.id].say(lang))
    page.put(row, 3, named("post", wish.kind).say(lang) if wish.kind else "")
    page.put(row, 4, wish.number, NUMBER)
    if of_book:
        page.live(row, 5, f"{price_name(wish.item)}/1000", price, THOUSAND)
    else:
        page.put(row, 5, price, THOUSAND)
    page.put(row, 6, months, NUMBER)
    parts = "*".join(page.at(row, column) for column in (4, 5, 6))
    page.live(row, AMOUNT, f"{parts}/{MONTHS}", wish.number * price * months / MONTHS, THOUSAND)
    heads = [section_name(name, lang) for name in answer.book.item(wish.item).sections]
    page.put(row, 8, say("run.comma", lang).join(heads))
    until = wish.until
    ends = (
        say("book.until", lang, until=fiscal_name(until.year - (until.month < 4))) if until else ""
    )
    page.put(row, 9, _funding_name(wish, lang) + ends)


def _funding_name(wish: Wish, lang: str) -> str:
    """The source of the money of a line, in words."""
    if isinstance(wish.funding, dict):
        return say("run.comma", lang).join(
            f"{payer_name(payer, lang)} {share:.3g}" for payer, share in wish.funding.items()
        )
    return FUNDINGS[wish.funding or OWN_BUDGET].say(lang)


def requested(answer: Answer, year: int, line: str = "") -> float:
    """Returns what the request, or one of its lines, comes to in a fiscal year, thousand yen."""
    return sum(
        wish.number * answer.price(wish)[0] * answer.months(wish, year) / MONTHS
        for wish in answer.plan.priced
        if line in ("", wish.id)
    )


def _by_year(page: Page, answer: Answer, lines: Page, rows: Rows, money: Money) -> None:
    """The request by fiscal year; apart from it what the model expects each payer to bear more or
    less.
    """
    _year_heads(page, answer)
    for id in dict.fromkeys(id for id, _year in sorted(rows, key=lambda key: rows[key])):
        _request_row(page, answer, lines, id, rows)
    if rows:
        _sources(page, answer)
    page.note(say("book.by_year.model", page.lang))
    _year_heads(page, answer)
    for payer in (*PUBLIC_PAYERS, PUBLIC):
        _payer_row(page, answer, money, payer)


def _year_heads(page: Page, answer: Answer) -> None:
    """The fiscal years as headings in the next row."""
    years = [fiscal_name(year).say(page.lang) for year in answer.years]
    heads = say("book.head.thousand", page.lang), *years, say("book.head.sum", page.lang)
    for column, text in enumerate(heads, start=1):
        page.put(page.row, column, text, HEAD)
    page.row += 1


def _request_row(page: Page, answer: Answer, lines: Page, id: str, rows: Rows) -> None:
    """A line of the request, or with no id their sum, from the sheet of lines."""
    count, look = answer.plan.years, THOUSAND if id else SUM
    name = LABELS[id].say(page.lang) if id else say("book.by_year.request", page.lang)
    page.put(page.row, 1, name, TEXT._replace(bold=not id))
    values = [requested(answer, year, id) for year in answer.years]
    for place, (year, value) in enumerate(zip(answer.years, values, strict=True)):
        page.live(page.row, 2 + place, lines.at(rows[id, year], AMOUNT), value, look)
    _total(page, count, sum(values))
    page.row += 1


def _sources(page: Page, answer: Answer) -> None:
    """The request by section of the budget, and who pays it, each its share of the sum above; then
    what general funds would bear without any grant.
    """
    lang, total = page.lang, page.row - 1
    of_section, of_source = answer.priced_parts
    sections = {
        section_name(str(name), lang): _by_fiscal(part)
        for name, part in of_section.groupby("section", sort=False)
    }
    payers = {
        say("book.general", lang) if one == GENERAL else payer_name(one, lang): _by_fiscal(
            of_source[of_source["payer"] == one]
        )
        for one in (*[one for one in PUBLIC_PAYERS if one != GENERAL], GENERAL)
    }
    page.note(say("book.by_year.sections", lang))
    _parts(page, answer, total, sections)
    page.note(say("book.by_year.sources", lang))
    _parts(page, answer, total, payers)
    page.put(page.row, 1, say("book.without_grants", lang))
    sums = [requested(answer, year) for year in answer.years]
    for place, amount in enumerate(sums):
        page.live(page.row, 2 + place, page.at(total, 2 + place), amount, THOUSAND)
    _total(page, answer.plan.years, sum(sums))
    page.row += 1


def _by_fiscal(table: pd.DataFrame) -> dict[int, int]:
    """Thousand yen by fiscal year."""
    return dict(table.groupby("fiscal")["thousand"].sum())


def _parts(page: Page, answer: Answer, total: int, parts: dict[str, dict[int, int]]) -> None:
    """Rows that each are a share of the sum in row `total`, by fiscal year: what stands in `parts`,
    by name and year, says how large it is.
    """
    whole = _by_fiscal(answer.priced_parts[0])
    sums = [requested(answer, year) for year in answer.years]
    for name, amounts in parts.items():
        shares = [
            amounts.get(year, 0) / whole[year] if whole.get(year) else 0.0 for year in answer.years
        ]
        if not any(shares):
            continue
        page.put(page.row, 1, name)
        for place, (share, amount) in enumerate(zip(shares, sums, strict=True)):
            formula = f"{page.at(total, 2 + place)}*{float(share)!r}"
            page.live(page.row, 2 + place, formula, amount * share, THOUSAND)
        _total(page, len(sums), sum(a * b for a, b in zip(shares, sums, strict=True)))
        page.row += 1


def _payer_row(page: Page, answer: Answer, money: Money, payer: str) -> None:
    """What a payer bears more than with things as they are, from the live sheets of money."""
    count, look = answer.plan.years, SIGNED_SUM if payer == PUBLIC else SIGNED
    page.put(page.row, 1, payer_name(payer, page.lang))
    cells = [money.net_cell(REQUEST, payer, year) for year in range(1, count + 1)]
    for place, (address, value) in enumerate(cells):
        page.live(page.row, 2 + place, address, value, look)
    _total(page, count, sum(value for _, value in cells), SIGNED_SUM)
    page.row += 1


def _total(page: Page, count: int, value: float, look: CellStyle = SUM) -> None:
    """The sum of a row over its years."""
    at = page.at(page.row, 2, page.row, 1 + count)
    page.live(page.row, 2 + count, f"SUM({at})", value, look)
