"""The sheets of the request that come back filled: line by line, and by fiscal year with its sections and
who pays, all of it formulas on the prices of the sheet of prices.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from sim.declared.funding import GENERAL
from sim.declared.payers import PUBLIC_PAYERS, payer_name
from sim.economics.money import PUBLIC
from sim.officer.planning import LABELS, OWN_BUDGET, REQUEST, Wish, fiscal_name
from sim.officer.sheets import FUNDINGS
from sim.report.text.request import section_name, share_text
from sim.report.workbook.money import Money
from sim.report.workbook.page import (
    HEAD,
    SIGNED,
    SIGNED_SUM,
    SUM,
    TEXT,
    THOUSAND,
    CellStyle,
    Page,
)
from sim.report.workbook.prices import price_name
from sim.scenario.funding import MONTHS
from sim.study.request import GENERAL as GENERAL_SOURCE
from sim.words import named, say

if TYPE_CHECKING:
    from sim.officer.answering import Answer

NUMBER = CellStyle("#,##0.##")
AMOUNT = 7  # column of the amounts on the sheet of lines
Rows = dict[
    tuple[str, int], int
]  # row of a line of the request in a fiscal year, of a sum under ""


class LinesOfRequest(NamedTuple):
    """The sheet of lines, and where each line stands on it."""

    page: Page
    rows: Rows

    def amount(self, wish: Wish, year: int) -> str:
        """The address of the amount of a line in a fiscal year."""
        return self.page.at(self.rows[wish.id, year], AMOUNT)


def fill_lines(page: Page, answer: Answer) -> Rows:
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
            f"{payer_name(payer, lang)}{share_text(share)}" for payer, share in wish.funding.items()
        )
    return FUNDINGS[wish.funding or OWN_BUDGET].say(lang)


def requested(answer: Answer, year: int, line: str = "") -> float:
    """Returns what the request, or one of its lines, comes to in a fiscal year, thousand yen."""
    return sum(
        wish.number * answer.price(wish)[0] * answer.months(wish, year) / MONTHS
        for wish in answer.plan.priced
        if line in ("", wish.id)
    )


def fill_by_year(page: Page, answer: Answer, lines: LinesOfRequest, money: Money) -> None:
    """The request by fiscal year; apart from it what the model expects each payer to bear more or
    less.
    """
    _year_heads(page, answer)
    rows = lines.rows
    for id in dict.fromkeys(id for id, _year in sorted(rows, key=lambda key: rows[key])):
        _request_row(page, answer, lines, id)
    if rows:
        fill_sources(page, answer, lines)
    page.note(say("book.by_year.model", page.lang))
    if any(wish.source and wish.ceiling is not None for wish in answer.plan.priced):
        page.note(say("book.by_year.ceiling", page.lang))
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


def _request_row(page: Page, answer: Answer, lines: LinesOfRequest, id: str) -> None:
    """A line of the request, or with no id their sum, from the sheet of lines."""
    count, look = answer.plan.years, THOUSAND if id else SUM
    name = LABELS[id].say(page.lang) if id else say("book.by_year.request", page.lang)
    page.put(page.row, 1, name, TEXT._replace(bold=not id))
    values = [requested(answer, year, id) for year in answer.years]
    for place, (year, value) in enumerate(zip(answer.years, values, strict=True)):
        page.live(page.row, 2 + place, lines.page.at(lines.rows[id, year], AMOUNT), value, look)
    _total(page, count, sum(values))
    page.row += 1


def fill_sources(page: Page, answer: Answer, lines: LinesOfRequest) -> None:
    """The request by section of the budget, and who pays it, each out of the lines of the year; then
    what general funds would bear without any grant, which stands in the row of the sum above.
    """
    lang, total = page.lang, page.row - 1
    of_section, of_source = answer.priced_parts
    page.note(say("book.by_year.sections", lang))
    for name, part in of_section.groupby("section", sort=False):
        terms = {year: _section_terms(answer, lines, part, year) for year in answer.years}
        _sum_row(page, answer, section_name(str(name), lang), terms)
    page.note(say("book.by_year.sources", lang))
    for payer in (*[one for one in PUBLIC_PAYERS if one != GENERAL], GENERAL):
        part = of_source[of_source["payer"] == payer]
        name = say("book.general", lang) if payer == GENERAL else payer_name(payer, lang)
        terms = {year: _payer_terms(answer, lines, part, year) for year in answer.years}
        _sum_row(page, answer, name, terms)
    page.put(page.row, 1, say("book.without_grants", lang))
    sums = [requested(answer, year) for year in answer.years]
    for place, amount in enumerate(sums):
        page.live(page.row, 2 + place, page.at(total, 2 + place), amount, THOUSAND)
    _total(page, answer.plan.years, sum(sums))
    page.row += 1


Terms = list[tuple[str, float]]  # parts of a sum: as formulas, and what they come to


def _sum_row(page: Page, answer: Answer, name: str, terms: dict[int, Terms]) -> None:
    """A row of sums by fiscal year; none where all are nothing."""
    sums = {year: sum(value for _, value in of_year) for year, of_year in terms.items()}
    if not any(sums.values()):
        return
    page.put(page.row, 1, name)
    for place, year in enumerate(answer.years):
        formula = "+".join(text for text, _ in terms[year]) or "0"
        page.live(page.row, 2 + place, formula, sums[year], THOUSAND)
    _total(page, answer.plan.years, sum(sums.values()))
    page.row += 1


def _whole(part: pd.DataFrame, wish: Wish, year: int) -> pd.DataFrame:
    """The rows of a line of the request in a fiscal year that hold something."""
    mine = (part["measure"] == wish.measure) & (part["fiscal"] == year) & (part["thousand"] != 0)
    return part[mine]


def _section_terms(answer: Answer, lines: LinesOfRequest, part: pd.DataFrame, year: int) -> Terms:
    """What each line gives to a section of the budget: a fixed share of its amount."""
    terms = []
    for wish in answer.plan.priced:
        thousand = float(_whole(part, wish, year)["thousand"].sum())
        if thousand:
            share = thousand / requested(answer, year, wish.id)
            terms.append((f"{lines.amount(wish, year)}*{share!r}", thousand))
    return terms


def _payer_terms(answer: Answer, lines: LinesOfRequest, part: pd.DataFrame, year: int) -> Terms:
    """What a payer bears of each line: a share of what the source counts, which is no more than its
    ceiling, and of what is left.
    """
    terms = []
    for wish in answer.plan.priced:
        rows = _whole(part, wish, year)
        amount, cell = requested(answer, year, wish.id), lines.amount(wish, year)
        counted, formula = _counted(answer, wish, year, amount, cell)
        for granted, whole, text in (
            (True, counted, formula),
            (False, amount - counted, f"({cell}-{formula})"),
        ):
            thousand = float(rows[(rows["source"] != GENERAL_SOURCE) == granted]["thousand"].sum())
            if thousand and whole:
                terms.append((f"{text}*{thousand / whole!r}", thousand))
    return terms


def _counted(answer: Answer, wish: Wish, year: int, amount: float, cell: str) -> tuple[float, str]:
    """What the source of a line counts of its amount in a fiscal year, thousand yen, and its formula:
    the months up to its end, no more than its ceiling.
    """
    months = answer.months(wish, year)
    if not wish.source or not months:
        return 0.0, "0"
    last = MONTHS if wish.until is None else _months_passed(wish.until, year) + 1
    within = max(0.0, min(1.0, (last - (MONTHS - months)) / months))
    part, formula = amount * within, f"{cell}*{within!r}"
    if wish.ceiling is None:
        return part, formula
    return min(part, wish.ceiling), f"MIN({formula},{wish.ceiling!r})"


def _months_passed(day: datetime.date, year: int) -> int:
    """Months from 1 April of a fiscal year to the month of a day."""
    return (day.year - year) * MONTHS + day.month - 4


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
