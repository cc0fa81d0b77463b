"""The sheet that an officer changes: prices, shares of payers, the discount rate, the share charged for unseen households."""

from __future__ import annotations

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from ...economics.prices import PAYERS, PriceItem
from ...words import named, say
from ..summary import label
from .costing import Costing, Line
from .page import INPUT, NOTE, ORANGE, PERCENT, RED, YELLOW, YEN, Page

RATE, UNSEEN = "discount_rate", "unseen_cost_share"
PRICE, WRITTEN, LOW, HIGH, SHARES = 4, 5, 6, 7, 8
SUM = SHARES + len(PAYERS)
SHARE = PERCENT._replace(format="0.0%;-0.0%;-", fill=YELLOW)
CHECK = PERCENT._replace(bold=True)
NEAR = 1e-6  # of 1: what a sum of shares may be off


def price_name(id: str) -> str:
    """The name of a price's cell."""
    return f"price_{id}"


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
        """The cells for the discount rate and for the share charged, with the check of all shares beside them."""
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
                "rate_wrong" if name == RATE else "share_wrong", f"D{page.row}", "between", 0, 1
            )
            page.row += 1
        self.check = page.row
        page.row += 1

    def _heads(self) -> list[str]:
        def head(name: str, **values: str) -> str:
            return say(f"sheets.head.{name}", self.lang, **values)

        payers = [head("share", payer=say(f"payer.{payer}", self.lang)) for payer in PAYERS]
        return [
            *map(head, ("kind", "item", "unit", "price", "written", "low", "high")),
            *payers,
            *map(head, ("sum", "grade", "shares_grade")),
        ]

    def _row(self, line: Line, row: int) -> None:
        """A row a counted thing and payer split; the same thing under another split takes the price of its first row."""
        page, item, lang = self.page, line.item, self.lang
        page.put(row, 1, say(f"price_kind.{item.kind}", lang))
        page.put(row, 2, self.costing.name(line._replace(unseen=False), lang))
        page.put(row, 3, named("unit", item.unit).say(lang))
        if line.again:
            page.live(row, PRICE, price_name(item.id), item.price, YEN)
        else:
            page.put(row, PRICE, item.price, INPUT)
            self._named(price_name(item.id), row)
        for column, value in ((WRITTEN, item.price), (LOW, item.low), (HIGH, item.high)):
            page.put(row, column, value, YEN._replace(grey=True))
        for place, payer in enumerate(PAYERS):
            page.put(row, SHARES + place, line.shares.get(payer, 0.0), SHARE)
        page.live(row, SUM, f"SUM(H{row}:L{row})", sum(line.shares.values()), CHECK)
        for column, grade in enumerate((item.grade, self._of_shares(line)[0]), start=SUM + 1):
            page.put(row, column, named("grade", grade).say(lang))

    def _of_shares(self, line: Line) -> tuple[str, str]:
        """Grade and source of a line's shares, the mix or the variant that is taken before them."""
        book, item = self.costing.case.book, line.item
        mix = book.mix(line.mix or item.mix) if line.mix or item.mix else None
        grade, source = (
            (mix.grade, mix.source) if line.mix else (item.shares_grade, item.shares_source)
        )
        taken = label(mix, self.lang) if mix else item.variant
        return grade, say(
            "sheets.taken", self.lang, taken=taken, source=source
        ) if taken else source

    def sources(self, page: Page) -> None:
        """Where prices and shares come from and what is cash, in the order of their rows; then the notes of the book."""
        names = (
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
        page.heads(*(say(f"sheets.head.{name}", self.lang) for name in names))
        for line in self.priced:
            item, (grade, source) = line.item, self._of_shares(line)
            name = self.costing.name(line._replace(unseen=False), self.lang)
            year = (
                say("sheets.price_year", self.lang, year=item.price_year) if item.price_year else ""
            )
            of_price, of_shares = (
                named("grade", one).say(self.lang) for one in (item.grade, grade)
            )
            lag = " – ".join(f"{years:g}" for years in item.lag_years or ())
            note = " ".join(text for text in (item.cashable_note, item.note) if text)
            texts = (
                name,
                item.price_year_note or year,
                of_price,
                item.source,
                of_shares,
                source,
                self._cash(item),
                lag,
                note,
            )
            for column, text in enumerate(texts, start=1):
                page.put(page.row, column, text)
            page.row += 1
        for text in self.costing.case.book.notes:
            page.notes.append(page.row)
            page.put(page.row, 1, text, NOTE)
            page.row += 1

    def _cash(self, item: PriceItem) -> str:
        """Whether a saving is cash, and in steps of how many units where they can only be given up together."""
        words = say(f"cash.{item.cashable}", self.lang)
        return (
            words
            if item.step == 1
            else say("sheets.step", self.lang, cash=words, step=f"{item.step:g}")
        )

    def _checks(self) -> None:
        """Validation of what is typed, and colours for what is changed, out of range or does not sum to 1."""
        first, last, sheet = self.page.head + 1, self.page.row - 1, self.page.sheet
        self._valid("price_wrong", f"D{first}:D{last}", "greaterThanOrEqual", 0)
        self._valid("share_wrong", f"H{first}:L{last}", "between", 0, 1)
        red, orange = PatternFill("solid", bgColor=RED), PatternFill("solid", bgColor=ORANGE)
        rules = (
            (f"M{first}:M{last}", f"ABS($M{first}-1)>{NEAR}", {"fill": red}),
            (f"D{first}:D{last}", f"OR($D{first}<$F{first},$D{first}>$G{first})", {"fill": orange}),
            (f"D{first}:D{last}", f"$D{first}<>$E{first}", {"font": Font(bold=True)}),
        )
        for where, formula, look in rules:
            sheet.conditional_formatting.add(where, FormulaRule([formula], **look))
        self.page.notes.append(self.check)
        self.watch(self.page, self.check, say("sheets.shares_right", self.lang))

    def watch(self, page: Page, row: int, text: str) -> None:
        """Put a note into a row that turns into a red warning while the shares of some row do not sum to 1."""
        sums = self.page.at(self.page.head + 1, SUM, self.page.row - 1)
        wrong = f"SUMPRODUCT(--(ABS({sums}-1)>{NEAR}))"
        warning = say("sheets.shares_wrong", self.lang, sheet=self.page.sheet.title)
        page.live(row, 1, f'IF({wrong}=0,"{text}","{warning}")', text, NOTE)
        page.sheet.conditional_formatting.add(
            f"A{row}", FormulaRule([f"{wrong}>0"], fill=PatternFill("solid", bgColor=RED))
        )

    def _named(self, name: str, row: int) -> None:
        book, sheet = self.page.sheet.parent, quote_sheetname(self.page.sheet.title)
        book.defined_names[name] = DefinedName(name, attr_text=f"{sheet}!$D${row}")

    def _valid(self, wrong: str, where: str, operator: str, *bounds: float) -> None:
        rule = DataValidation(
            "decimal",
            *map(str, bounds),
            operator=operator,
            allow_blank=False,
            showErrorMessage=True,
            errorTitle=say("sheets.wrong", self.lang),
            error=say(f"sheets.{wrong}", self.lang),
        )
        rule.add(where)
        self.page.sheet.add_data_validation(rule)
