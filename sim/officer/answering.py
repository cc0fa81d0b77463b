"""The sheets that come back filled: the town's own figures beside the model's, a short table, the
request by fiscal year and by line, with formulas on the prices of the sheet of prices.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from sim.economics.costing import PriceBook
from sim.officer.fit_sheet import TownFit, fill_fit
from sim.officer.planning import AS_IS, REQUEST, BookPlan, Wish
from sim.officer.reading import BookRead
from sim.officer.request_sheets import LinesOfRequest, fill_by_year, fill_lines
from sim.officer.searching import BEST_MIX
from sim.officer.sheets import ACCOUNTS, BOOK
from sim.report.text.run import label
from sim.report.workbook.money import Money
from sim.report.workbook.page import (
    THOUSAND,
    Book,
    CellStyle,
    Page,
)
from sim.study.case import Case
from sim.study.gather import ALL_MEASURES
from sim.study.request import Request, request_of
from sim.words import named, say

SLIP = 1e-3  # thousand yen
RESULT_SHEETS = ("fit", "one_page", "by_year", "lines")
SHORT_MEASURES = ("compounded", "inflow_compounded", "crises", "wait", "load")
COUNTS = {  # measures shown as counts of households or events, by what their unit is a part of
    "compounded": lambda people, homes: homes / 100,
    "inflow_compounded": lambda people, homes: homes / 1000,
    "crises": lambda people, homes: people / 1e5,
}
WIDE: dict[str, dict[int, float]] = {
    "fit": {1: 42.0},
    "one_page": {1: 52.0},
    "by_year": {1: 44.0},
    "lines": {2: 36.0, 8: 40.0, 9: 56.0},
}


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
    accounts = answer.read.values.get(f"figures.{ACCOUNTS}")
    fill_fit(pages["fit"], answer.case, answer.fitted, accounts)
    _one_page(pages["one_page"], answer)
    rows = fill_lines(pages["lines"], answer)
    fill_by_year(pages["by_year"], answer, LinesOfRequest(pages["lines"], rows), money)
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
            page.put(page.row, column, round(float(value), len(digits.partition(".")[2])), look)
        page.row += 1
    if BEST_MIX in {arm.id for arm in compared.comparison.arms}:
        page.note(say("book.one_page.mix", lang))
    page.note(say("book.one_page.how", lang, arm=label(compared.comparison.arm(AS_IS).name, lang)))


def _count_unit(one: Any, lang: str) -> str:
    """The unit of a column of the short table."""
    if one.name in COUNTS:
        return say(f"book.count.{one.name}", lang)
    return named("unit", one.unit).say(lang)
