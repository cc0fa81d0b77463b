"""The arithmetic of the workbook in NumPy: mean quantities x yen per unit, the value that each of
its formulas shows at first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from sim.declared.payers import PAYERS, payer_name
from sim.economics.costing import PriceItem, price_list, quantities_table, refuse_double_counting
from sim.economics.money import PERSPECTIVES, PROGRAMME, PUBLIC, UNPAID
from sim.report.text.run import label
from sim.report.workbook.page import INPUT, NOTE, ORANGE, PERCENT, RED, YELLOW, YEN, Page
from sim.study.budget import planned_amounts
from sim.study.case import Case
from sim.study.design import DECLARED_VALUES
from sim.words import named, say

TRANSFER, SOCIETY = "transfer", "society"
COLUMNS = (*PAYERS, UNPAID, TRANSFER)  # of what a unit costs
ACCOUNTS = (*COLUMNS, PUBLIC, SOCIETY)  # of what an arm costs
KEY = ["id", "mix", "unseen"]
Operator = Literal["between", "greaterThanOrEqual"]  # of what a cell may hold


class Line(NamedTuple):
    """A counted thing, its payers, and whether it is that of households outside support."""

    item: PriceItem
    mix: str
    unseen: bool
    shares: dict[str, float]
    again: bool  # the price stands on an earlier line

    @property
    def programme(self) -> bool:
        """Whether a programme buys it."""
        return self.item.kind in PROGRAMME


@dataclass(frozen=True)
class Costing:
    """Money of a case from means over seeds, at declared parameter values."""

    case: Case

    @property
    def arms(self) -> list[str]:
        """Ids of all arms, the reference among them."""
        return [arm.id for arm in self.case.compared.comparison.arms]

    @property
    def years(self) -> np.ndarray:
        """1, 2, ... to the horizon."""
        return np.arange(1, self.case.years + 1)

    @cached_property
    def counted(self) -> pd.DataFrame:
        """(arm, year, id, mix, unseen, amount) of every run: seen and unseen apart."""
        table = self.case.compared.quantities
        table = table[table["draw"] == DECLARED_VALUES]
        keys = table[["arm", "seed", "year", "id", "mix"]]
        both = pd.concat(
            [
                keys.assign(unseen=False, amount=table["amount"]),
                keys.assign(unseen=True, amount=table["unseen"]),
            ]
        )
        return both[both["amount"] != 0]

    @cached_property
    def plans(self) -> pd.DataFrame:
        """(arm, year, id, mix, amount) of posts and places that are planned."""
        arms = self.case.compared.comparison.arms
        return pd.concat([planned_amounts(arm.scenario).assign(arm=arm.id) for arm in arms]).query(
            "amount != 0"
        )

    @cached_property
    def lines(self) -> list[Line]:
        """What is counted or planned and adds to cost: the programme first, then in the order of
        the book.
        """
        book, found = (
            self.case.book,
            pd.concat([self.counted, self.plans.assign(unseen=False)], ignore_index=True),
        )
        table = quantities_table(found.drop(columns="unseen"))
        refuse_double_counting(table, book)
        priced = price_list(table, book)
        shares = {
            key: dict(zip(part["payer"], part["share"], strict=True))
            for key, part in priced[priced["adds"]].groupby(["id", "mix"], sort=False)
        }
        order = {
            item.id: (item.kind not in PROGRAMME, place) for place, item in enumerate(book.items)
        }
        every: Iterable[Any] = found[KEY].drop_duplicates().itertuples(index=False, name=None)
        keys = sorted(
            (key for key in every if key[:2] in shares), key=lambda key: (order[key[0]], key[1:])
        )
        ids = [id for id, _, _ in keys]
        return [
            Line(book.item(id), mix, unseen, shares[id, mix], id in ids[:place])
            for place, (id, mix, unseen) in enumerate(keys)
        ]

    @cached_property
    def amounts(self) -> np.ndarray:
        """Mean amounts (arms, lines, years)."""
        runs = self.case.quantities.groupby("arm")["seed"].nunique()
        total = self.counted.groupby(["arm", *KEY, "year"])["amount"].sum()
        index = [
            (arm, line.item.id, line.mix, line.unseen, year)
            for arm in self.arms
            for line in self.lines
            for year in self.years
        ]
        shape = len(self.arms), len(self.lines), len(self.years)
        return (
            total.reindex(index, fill_value=0.0).to_numpy().reshape(shape)
            / runs[self.arms].to_numpy()[:, None, None]
        )

    @cached_property
    def planned(self) -> np.ndarray:
        """Amounts of the lines of the programme that are planned beyond the reference (arms, lines,
        years).
        """
        lines = [line for line in self.lines if line.programme]
        index = [
            (arm, line.item.id, line.mix, year)
            for arm in self.arms
            for line in lines
            for year in self.years
        ]
        flat = (
            self.plans.set_index(["arm", "id", "mix", "year"])["amount"]
            .reindex(index, fill_value=0.0)
            .to_numpy()
        )
        amounts = flat.reshape(len(self.arms), len(lines), len(self.years))
        return amounts - amounts[self.arms.index(self.case.reference)]

    @cached_property
    def unseen_shares(self) -> list[float]:
        """For each arm the share of cost that is charged for households outside support."""
        shares = self.case.compared.gathered.shares
        return list(shares[shares["draw"] == DECLARED_VALUES].set_index("arm")["share"][self.arms])

    def name(self, line: Line, lang: str) -> str:
        """The name of a line: with its payers where one thing has several, and whether its
        households are outside support.
        """
        name = getattr(line.item, lang)
        if (
            line.mix
            and len({other.mix for other in self.lines if other.item.id == line.item.id}) > 1
        ):
            name = say(
                "sheets.line.mix", lang, item=name, mix=getattr(self.case.book.mix(line.mix), lang)
            )
        return say("sheets.line.unseen", lang, item=name) if line.unseen else name

    @cached_property
    def weights(self) -> np.ndarray:
        """The share of an amount that is charged (arms, lines)."""
        unseen = np.array([line.unseen for line in self.lines])
        return np.where(unseen, np.array(self.unseen_shares)[:, None], 1.0)

    @cached_property
    def units(self) -> np.ndarray:
        """Yen of one unit (lines, COLUMNS)."""
        return np.array(
            [
                [unit_share(line, name) * line.item.priced[0] for name in COLUMNS]
                for line in self.lines
            ]
        )

    @cached_property
    def yen(self) -> np.ndarray:
        """Yen (arms, ACCOUNTS, years)."""
        return self._accounts(slice(None))

    @cached_property
    def programme(self) -> np.ndarray:
        """Yen of the programme alone (arms, ACCOUNTS, years)."""
        return self._accounts(slice(sum(line.programme for line in self.lines)))

    @cached_property
    def net(self) -> np.ndarray:
        """Yen more than the reference (arms, ACCOUNTS, years)."""
        return self.yen - self.yen[self.arms.index(self.case.reference)]

    def _accounts(self, lines: slice) -> np.ndarray:
        plain = np.einsum(
            "al,aly,lc->acy", self.weights[:, lines], self.amounts[:, lines], self.units[lines]
        )
        of = dict(zip(COLUMNS, plain.swapaxes(0, 1), strict=True))
        public = sum(of[name] for name in PERSPECTIVES[PUBLIC])
        society = sum(of[name] for name in PERSPECTIVES[SOCIETY]) - of[TRANSFER]
        return np.stack([*of.values(), public, society], axis=1)


def unit_share(line: Line, column: str) -> float:
    """The part of a price that stands in one of COLUMNS."""
    social = line.item.view == SOCIETY
    if column == TRANSFER:
        return line.item.transfer
    return float(social) if column == UNPAID else 0.0 if social else line.shares.get(column, 0.0)


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
                "rate_wrong" if name == RATE else "share_wrong", f"D{page.row}", "between", 0, 1
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
        first, last = get_column_letter(SHARES), get_column_letter(SUM - 1)
        page.live(row, SUM, f"SUM({first}{row}:{last}{row})", sum(line.shares.values()), CHECK)
        for column, grade in enumerate((item.grade, self._of_shares(line)[0]), start=SUM + 1):
            page.put(row, column, named("grade", grade).say(lang))

    def _of_shares(self, line: Line) -> tuple[str, str]:
        """Grade and source of a line's shares, the mix or the variant that is taken before them."""
        book, item = self.costing.case.book, line.item
        mix = book.mix(line.mix or item.mix) if line.mix or item.mix else None
        grade, source = (
            (mix.grade, mix.source) if mix and line.mix else (item.shares_grade, item.shares_source)
        )
        taken = label(mix, self.lang) if mix else item.variant
        return grade, say(
            "sheets.taken", self.lang, taken=taken, source=source
        ) if taken else source

    def sources(self, page: Page) -> None:
        """Where prices and shares come from and what is cash, in the order of their rows; then the
        notes of the book.
        """
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
        first, last, sheet = self.page.head + 1, self.page.row - 1, self.page.sheet
        price, written, low, high, total = map(get_column_letter, (PRICE, WRITTEN, LOW, HIGH, SUM))
        prices = f"{price}{first}:{price}{last}"
        shares = f"{get_column_letter(SHARES)}{first}:{get_column_letter(SUM - 1)}{last}"
        self._valid("price_wrong", prices, "greaterThanOrEqual", 0)
        self._valid("share_wrong", shares, "between", 0, 1)
        red, orange = PatternFill("solid", bgColor=RED), PatternFill("solid", bgColor=ORANGE)
        now = f"${price}{first}"
        rules: tuple[tuple[str, str, dict[str, Any]], ...] = (
            (f"{total}{first}:{total}{last}", f"ABS(${total}{first}-1)>{NEAR}", {"fill": red}),
            (prices, f"OR({now}<${low}{first},{now}>${high}{first})", {"fill": orange}),
            (prices, f"{now}<>${written}{first}", {"font": Font(bold=True)}),
        )
        for where, formula, look in rules:
            sheet.conditional_formatting.add(where, FormulaRule([formula], **look))
        self.page.notes.append(self.check)
        self.watch(self.page, self.check, say("sheets.shares_right", self.lang))

    def watch(self, page: Page, row: int, text: str) -> None:
        """Put a note into a row that turns into a red warning while the shares of some row do not
        sum to 1.
        """
        sums = self.page.at(self.page.head + 1, SUM, self.page.row - 1)
        wrong = f"SUMPRODUCT(--(ABS({sums}-1)>{NEAR}))"
        warning = say("sheets.shares_wrong", self.lang, sheet=self.page.sheet.title)
        page.live(row, 1, f'IF({wrong}=0,"{text}","{warning}")', text, NOTE)
        page.sheet.conditional_formatting.add(
            f"A{row}", FormulaRule([f"{wrong}>0"], fill=PatternFill("solid", bgColor=RED))
        )

    def _named(self, name: str, row: int) -> None:
        book, sheet = self.page.sheet.parent, quote_sheetname(self.page.sheet.title)
        assert book is not None  # the sheet stands in one
        book.defined_names[name] = DefinedName(name, attr_text=f"{sheet}!$D${row}")

    def _valid(self, wrong: str, where: str, operator: Operator, *bounds: float) -> None:
        first, second = (*map(str, bounds), None)[:2]
        rule = DataValidation(
            "decimal",
            formula1=first,
            formula2=second,
            operator=operator,
            allow_blank=False,
            showErrorMessage=True,
            errorTitle=say("sheets.wrong", self.lang),
            error=say(f"sheets.{wrong}", self.lang),
        )
        rule.add(where)
        self.page.sheet.add_data_validation(rule)
