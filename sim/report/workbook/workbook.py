"""The workbook of a comparison: an officer changes a price, a share or the discount rate, and every
total of money moves.

One workbook a language, so that each can be printed and handed on as it stands; prices are changed
in one place.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sim.report.text.comparison import shared_lines
from sim.report.text.run import label
from sim.report.workbook import tables
from sim.report.workbook.costing import Costing
from sim.report.workbook.money import Money
from sim.report.workbook.page import Book, Page
from sim.report.workbook.prices import Prices
from sim.study.case import Case
from sim.words import say

ORDER = (
    "readme",
    "prices",
    "request",
    "totals",
    "budget",
    "net",
    "even",
    "money",
    "units",
    "quantities",
    "differences",
    "claims",
    "sources",
    "assumptions",
)
LIVE = ("totals", "budget", "net", "even", "money")  # in thousand yen by fiscal year
DATED = ("quantities", "differences")
FROZEN = {
    "readme": 0,
    "prices": 3,
    "budget": 3,
    "quantities": 4,
    "differences": 4,
    "claims": 1,
    "sources": 1,
    "even": 3,
}
WIDE: dict[str, dict[int, float]] = {
    "readme": {1: 26, 2: 110},
    "prices": {2: 60},
    "sources": {1: 44, 2: 24, 4: 60, 6: 50, 7: 24, 8: 14, 9: 50},
    "claims": {1: 40, 5: 24},
    "request": {1: 44, 2: 30, 3: 26},
    "assumptions": {2: 60, 9: 60},
    "units": {1: 90},
    "quantities": {2: 90},
}


def file_name(lang: str) -> str:
    """Returns the name of the workbook in one language."""
    return f"tables.{lang}.xlsx"


def write_sheets(case: Case, file: Path, lang: str) -> None:
    """Write the workbook of a case in one language."""
    file.write_bytes(workbook_bytes(case, lang))


def workbook_bytes(case: Case, lang: str) -> bytes:
    """Returns the workbook of a case in one language; the same case gives the same bytes."""
    book = Book(label(case.compared.comparison.name, lang), lang)
    add_sheets(book, case)
    return book.content()


def add_sheets(book: Book, case: Case) -> Money:
    """Add every sheet of a case to a book, behind those that it has; returns the sheets of money,
    so that formulas of other sheets may stand on their cells.
    """
    comparison, lang = case.compared.comparison, book.lang
    title = label(comparison.name, lang)
    without = {"claims"} if not comparison.claims else set()
    without |= {"request"} if not tables.asked_for(case) else set()
    names = [name for name in ORDER if name not in without]
    pages = {name: book.page(sheet_name(name, lang), *_top(case, name, lang)) for name in names}
    money = _fill(case, pages, lang)
    for name, page in pages.items():
        page.close(title, FROZEN.get(name, 2), WIDE.get(name))
    return money


def sheet_name(name: str, lang: str) -> str:
    """Returns the name of one of the sheets of ORDER."""
    return say(f"sheets.name.{name}", lang)


def _top(case: Case, name: str, lang: str) -> tuple[str, list[str]]:
    """Title and notes of a sheet."""
    comparison = case.compared.comparison
    if name == "readme":
        question = [label(comparison.question, lang)] if comparison.question else []
        return label(comparison.name, lang), [*question, say("sheets.model", lang)]
    notes = [say(f"sheets.about.{name}", lang, **tables.note_values(case))]
    if name in LIVE:
        notes += shared_lines(case.compared, lang)
        notes.append(_unit(case, lang))
    elif name in DATED:
        notes.append(_first_year(case, lang))
    return say(f"sheets.name.{name}", lang), notes + (
        [say("sheets.legend", lang)] if name == "prices" else []
    )


def _unit(case: Case, lang: str) -> str:
    """The unit of money, and which fiscal year is the first."""
    return f"{say('sheets.thousand', lang)}　{_first_year(case, lang)}"


def _first_year(case: Case, lang: str) -> str:
    return say("sheets.first_year", lang, year=case.compared.comparison.base.start_year)


def _fill(case: Case, pages: dict[str, Page], lang: str) -> Money:
    """Fill every sheet, each after those that its formulas stand on; returns those of money."""
    costing = Costing(case)
    prices = Prices(pages["prices"], costing)
    prices.fill()
    money = Money(costing, prices, lang)
    for name in ("quantities", "units", "money", "net", "totals", "budget", "even"):
        getattr(money, name)(pages[name])
    for name in LIVE:
        prices.watch(pages[name], pages[name].head - 1, _unit(case, lang))
    prices.sources(pages["sources"])
    others: dict[str, Callable[[Page, Case], None]] = {
        "request": tables.request_sheet,
        "differences": tables.differences_sheet,
        "claims": tables.claims_sheet,
        "assumptions": tables.assumptions_sheet,
    }
    for name, fill in others.items():
        if name in pages:
            fill(pages[name], case)
    tables.readme_sheet(pages["readme"], case, pages)
    return money
