"""The sheet of prices, which a reader may change, and the sheet of where they come from."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_col_to_name

from sim.declared.payers import PAYERS, payer_name
from sim.economics.costing import PriceItem
from sim.report.text.request import section_name
from sim.report.text.run import label
from sim.report.workbook.costing import Costing, Line
from sim.report.workbook.page import INPUT, NOTE, ORANGE, PERCENT, RED, YELLOW, YEN, Note, Page
from sim.words import named, say

RATE, UNSEEN = "discount_rate", "unseen_cost_share"
PRICE, WRITTEN, LOW, HIGH, SHARES = 4, 5, 6, 7, 8
SUM = SHARES + len(PAYERS)
SHARE = PERCENT._replace(format="0.0%;-0.0%;-", fill=YELLOW)
CHECK = PERCENT._replace(bold=True)
SHARE_RANGE = {"criteria": "between", "minimum": 0, "maximum": 1}
OF_SOURCES = (  # headings of the sheet of sources
    "item",
    "price_year",
    "grade",
    "source",
    "shares_grade",
    "shares_source",
    "cash",
    "lag",
    "note",
)
NEAR = 1e-6  # of 1: what a sum of shares may be off


def price_name(id: str) -> str:
    """The name of a price's cell."""
    return f"price_{id}"


def shares_name(id: str, mix: str) -> str:
    """The name of the cells that hold who pays what part of a row."""
    return f"shares_{id}.{mix}" if mix else f"shares_{id}"


class Prices:
    """The sheet, and where its prices and shares stand."""

    def __init__(self, page: Page, costing: Costing):
        self.page, self.costing, self.lang = page, costing, page.lang
        self.rows: dict[tuple[str, str], int] = {}
        self.priced = list(
            {(line.item.id, line.mix): line for line in reversed(costing.lines)}.values()
        )[::-1]

    def fill(self) -> None:
        """Write the sheet."""
        self._settings()
        self.page.heads(*self._heads())
        for line in self.priced:
            self.rows[line.item.id, line.mix] = self.page.row
            self._row(line, self.page.row)
            self.page.row += 1
        self._checks()

    def share(self, line: Line, payer: str) -> str:
        """The address of a payer's share of a line."""
        return self.page.at(self.rows[line.item.id, line.mix], SHARES + PAYERS.index(payer))

    def social(self, line: Line) -> str:
        """The address of the sum of a line's shares."""
        return self.page.at(self.rows[line.item.id, line.mix], SUM)

    def _settings(self) -> None:
        """The cells for the discount rate and for the share charged, with the check of all shares
        beside them.
        """
        page = self.page
        reference = self.costing.arms.index(self.costing.case.reference)
        share = self.costing.unseen_shares[reference]
        for name, words, value in (
            (RATE, "rate", self.costing.case.rate),
            (UNSEEN, "unseen_share", share),
        ):
            page.put(page.row, 2, say(f"sheets.{words}", self.lang))
            page.put(page.row, PRICE, value, INPUT._replace(format="0.0%"))
            self._named(name, page.row)
            self._valid(
                "rate_wrong" if name == RATE else "share_wrong", f"D{page.row}", SHARE_RANGE
            )
            page.row += 1
        self.check = page.row
        page.row += 1

    def _heads(self) -> list[str]:
        def head(name: str, **values: str) -> str:
            return say(f"sheets.head.{name}", self.lang, **values)

        payers = [head("share", payer=payer_name(payer, self.lang)) for payer in PAYERS]
        return [
            *map(head, ("kind", "item", "unit", "price", "written", "low", "high")),
            *payers,
            *map(head, ("sum", "grade", "shares_grade")),
        ]

    def _row(self, line: Line, row: int) -> None:
        """A row a counted thing and payer split; the same thing under another split takes the price
        of its first row.
        """
        page, item, lang = self.page, line.item, self.lang
        price, low, high = item.priced
        page.put(row, 1, say(f"price_kind.{item.kind}", lang))
        page.put(row, 2, self.costing.name(line._replace(unseen=False), lang))
        page.put(row, 3, named("unit", item.unit).say(lang))
        if line.again:
            page.live(row, PRICE, price_name(item.id), price, YEN)
        else:
            page.put(row, PRICE, price, INPUT)
            self._named(price_name(item.id), row)
        for column, value in ((WRITTEN, price), (LOW, low), (HIGH, high)):
            page.put(row, column, value, YEN._replace(grey=True))
        for place, payer in enumerate(PAYERS):
            page.put(row, SHARES + place, line.shares.get(payer, 0.0), SHARE)
        of_row = page.at(row, SHARES, row, SUM - 1)
        page.book.made.define_name(shares_name(item.id, line.mix), f"={of_row}")
        shares = f"SUM({_letter(SHARES)}{row}:{_letter(SUM - 1)}{row})"
        page.live(row, SUM, shares, sum(line.shares.values()), CHECK)
        for column, grade in enumerate((item.grade, self._of_shares(line)[0]), start=SUM + 1):
            page.put(row, column, named("grade", grade).say(lang))

    def _of_shares(self, line: Line) -> tuple[str, str]:
        """Grade and source of a line's shares, the mix or the variant that is taken before them."""
        book, item = self.costing.case.book, line.item
        mix = book.mix(line.mix or item.mix) if line.mix or item.mix else None
        grade, source = (
            (mix.grade, mix.source_in(self.lang))
            if mix and line.mix
            else (item.shares_grade, item.shares_source_in(self.lang))
        )
        if mix and mix.own:
            source = say("sheets.own", self.lang, source=source, own=mix.own_in(self.lang))
        taken = label(mix, self.lang) if mix else item.variant
        return grade, say(
            "sheets.taken", self.lang, taken=taken, source=source
        ) if taken else source

    def sources(self, page: Page) -> None:
        """Where prices and shares come from and what is cash, in the order of their rows; then the
        notes of the book.
        """
        page.heads(*(say(f"sheets.head.{name}", self.lang) for name in OF_SOURCES))
        for line in self.priced:
            for column, text in enumerate(self._origin(line), start=1):
                page.put(page.row, column, text)
            page.row += 1
        for text in self.costing.case.book.notes_in(self.lang):
            page.note(text)

    def _origin(self, line: Line) -> tuple[str, ...]:
        """The texts of a line in the order of OF_SOURCES."""
        item, (grade, source) = line.item, self._of_shares(line)
        year = say("sheets.price_year", self.lang, year=item.price_year) if item.price_year else ""
        return (
            self.costing.name(line._replace(unseen=False), self.lang),
            item.price_year_in(self.lang) or year,
            named("grade", item.grade).say(self.lang),
            item.source_in(self.lang),
            named("grade", grade).say(self.lang),
            source,
            self._cash(item),
            " – ".join(f"{years:g}" for years in item.lag_years or ()),
            " ".join(
                text
                for text in (
                    item.cashable_note_in(self.lang),
                    item.note_in(self.lang),
                    sections_text(item, self.lang),
                )
                if text
            ),
        )

    def _cash(self, item: PriceItem) -> str:
        """Whether a saving is cash, and in steps of how many units where they can only be given up
        together.
        """
        words = say(f"cash.{item.cashable}", self.lang)
        return (
            words
            if item.step == 1
            else say("sheets.step", self.lang, cash=words, step=f"{item.step:g}")
        )

    def _checks(self) -> None:
        """Validation of what is typed, and colours for what is changed, out of range or does not
        sum to 1.
        """
        first, last = self.page.head + 1, self.page.row - 1
        price, written, low, high, total = map(_letter, (PRICE, WRITTEN, LOW, HIGH, SUM))
        prices = f"{price}{first}:{price}{last}"
        shares = f"{_letter(SHARES)}{first}:{_letter(SUM - 1)}{last}"
        self._valid("price_wrong", prices, {"criteria": ">=", "value": 0})
        self._valid("share_wrong", shares, SHARE_RANGE)
        now = f"${price}{first}"
        off, sums = f"ABS(${total}{first}-1)>{NEAR}", f"{total}{first}:{total}{last}"
        self._coloured(self.page, sums, off, {"bg_color": RED})
        out = f"OR({now}<${low}{first},{now}>${high}{first})"
        self._coloured(self.page, prices, out, {"bg_color": ORANGE})
        self._coloured(self.page, prices, f"{now}<>${written}{first}", {"bold": True})
        self.watch(self.page, self.check, say("sheets.shares_right", self.lang))

    def watch(self, page: Page, row: int, text: str) -> None:
        """Put a note into a row that turns into a red warning while the shares of some row do not
        sum to 1.
        """
        sums = self.page.at(self.page.head + 1, SUM, self.page.row - 1)
        wrong = f"SUMPRODUCT(--(ABS({sums}-1)>{NEAR}))"
        warning = say("sheets.shares_wrong", self.lang, sheet=self.page.name)
        page.notes[row] = Note(text, NOTE, f'IF({wrong}=0,"{text}","{warning}")')
        self._coloured(page, f"A{row}", f"{wrong}>0", {"bg_color": RED})

    def _coloured(self, page: Page, where: str, formula: str, look: dict[str, Any]) -> None:
        """Let cells look otherwise while a formula holds."""
        style = page.book.made.add_format(look)
        rule = {"type": "formula", "criteria": formula, "format": style}
        page.sheet.conditional_format(where, rule)

    def _named(self, name: str, row: int) -> None:
        """Give the cell in the column of prices a name, for formulas."""
        self.page.book.made.define_name(name, f"={self.page.at(row, PRICE)}")

    def _valid(self, wrong: str, where: str, limits: dict[str, Any]) -> None:
        """Let cells take only numbers within limits; others are refused with words."""
        words = {
            "error_title": say("sheets.wrong", self.lang),
            "error_message": say(f"sheets.{wrong}", self.lang),
        }
        rule = {"validate": "decimal", "ignore_blank": False} | limits | words
        self.page.sheet.data_validation(where, rule)


def sections_text(item: PriceItem, lang: str) -> str:
    """The parts of a price by section of the budget, and where they come from; empty where it has
    none.
    """
    if not item.sections:
        return ""
    parts = say("request.space", lang).join(
        f"{section_name(section, lang)} {100 * part:g}%" for section, part in item.sections.items()
    )
    source, grade = item.sections_source_in(lang), item.sections_grade
    return say("sheets.sections", lang, parts=parts, grade=grade, source=source)


def _letter(column: int) -> str:
    """The letters of a column, the first of which is 1."""
    return xl_col_to_name(column - 1)
