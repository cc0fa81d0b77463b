"""Sheets of money: every amount is a formula on quantities, prices, shares and the discount
rate.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.declared.payers import PAYERS, payer_name
from sim.economics.money import (
    FIRST_YEARS,
    PERSPECTIVES,
    PLANNED_PARTS,
    PUBLIC,
    RATES,
    UNPAID,
    factors,
)
from sim.report.text.run import label
from sim.report.workbook.costing import ACCOUNTS, COLUMNS, SOCIETY, TRANSFER, Costing, Line
from sim.report.workbook.page import (
    HEAD,
    PERCENT,
    SIGNED,
    SIGNED_SUM,
    SUM,
    TEXT,
    THOUSAND,
    YEN,
    Page,
)
from sim.report.workbook.prices import RATE, UNSEEN, Prices, price_name
from sim.study.case import VIEWS
from sim.words import named, say

YENS = 1000  # sheets show thousand yen, as budgets do
NETS = (*PAYERS, UNPAID, PUBLIC, SOCIETY)
SUMS = (PUBLIC, SOCIETY)
AMOUNT = THOUSAND._replace(format="#,##0.0")
WEIGHT = PERCENT._replace(format="0%")
FACTOR = THOUSAND._replace(format="0.0000", grey=True)


class Money:
    """The sheets of money of one workbook; each is filled after those that its formulas stand
    on.
    """

    def __init__(self, costing: Costing, prices: Prices, lang: str):
        self.costing, self.prices, self.lang = costing, prices, lang
        self.years = [int(year) for year in costing.years]
        self.names = {
            arm.id: label(arm.name, lang) for arm in costing.case.compared.comparison.arms
        }
        self.reference = costing.arms.index(costing.case.reference)
        self.others = [place for place in range(len(costing.arms)) if place != self.reference]

    def head(self, *names: str) -> list[str]:
        """Headings by their names."""
        return [say(f"sheets.head.{name}", self.lang) for name in names]

    def account(self, name: str) -> str:
        """A payer, a sum of payers, or what is no payment, in words."""
        if name in (TRANSFER, SOCIETY):
            return say(f"sheets.{name}", self.lang)
        return payer_name(name, self.lang)

    def quantities(self, page: Page) -> None:
        """Amounts by arm, counted thing and year: every arm has the same lines in the same order.
        Then what is planned.
        """
        self.amounts = page
        page.heads(*self.head("arm", "item", "unit", "weight"), *self.years)
        for place, arm in enumerate(self.costing.arms):
            for number, line in enumerate(self.costing.lines):
                page.put(page.row, 1, self.names[arm])
                page.put(page.row, 2, self.costing.name(line, self.lang))
                page.put(page.row, 3, named("unit", line.item.unit).say(self.lang))
                self._weight(page, place, line)
                for column, amount in enumerate(self.costing.amounts[place, number], start=5):
                    page.put(page.row, column, float(amount), AMOUNT)
                page.row += 1
        self._plans(page)

    def _weight(self, page: Page, arm: int, line: Line) -> None:
        """The share of an amount that is charged; an arm with a share of its own keeps it."""
        share = self.costing.unseen_shares[arm]
        if line.unseen and share == self.costing.unseen_shares[self.reference]:
            page.live(page.row, 4, UNSEEN, share, WEIGHT)
        else:
            page.put(page.row, 4, share if line.unseen else 1.0, WEIGHT)

    def units(self, page: Page) -> None:
        """What one unit costs whom."""
        self.each = page
        payers = (say("sheets.head.each", self.lang, payer=self.account(name)) for name in COLUMNS)
        page.heads(*self.head("item", "unit"), *payers)
        for line, values in zip(self.costing.lines, self.costing.units, strict=True):
            page.put(page.row, 1, self.costing.name(line, self.lang))
            page.put(page.row, 2, named("unit", line.item.unit).say(self.lang))
            for column, (name, value) in enumerate(zip(COLUMNS, values, strict=True), start=3):
                page.live(page.row, column, self._unit(line, name), float(value), YEN)
            page.row += 1

    def _unit(self, line: Line, column: str) -> str:
        """The formula of one unit's yen in one of COLUMNS: nobody pays what only the view of
        society has.
        """
        price, social = price_name(line.item.id), line.item.view == SOCIETY
        if column == TRANSFER:
            return f"{price}*{line.item.transfer!r}"
        if column == UNPAID:
            return f"{price}*{self.prices.social(line)}" if social else "0"
        return "0" if social else f"{price}*{self.prices.share(line, column)}"

    def money(self, page: Page) -> None:
        """What every arm costs by account and year."""
        self.yen = page
        self._heads(page, "arm", "payer")
        self.first_money = page.row
        for arm, name in enumerate(self.costing.arms):
            for place, account in enumerate(ACCOUNTS):
                self._labels(page, self.names[name], self.account(account))
                look = SUM if account in SUMS else THOUSAND
                for year in range(len(self.years)):
                    value = self.costing.yen[arm, place, year] / YENS
                    page.live(page.row, 3 + year, self._yen(page, arm, account, year), value, look)
                self._sums(page, self.costing.yen[arm, place] / YENS, THOUSAND, SUM)
                page.row += 1

    def _yen(self, page: Page, arm: int, account: str, year: int) -> str:
        """The formula of one amount: quantities x yen per unit, or a sum over the rows above."""
        if account not in SUMS:
            return f"{self._product(arm, account, year)}/{YENS}"

        def row(name: str) -> str:
            return page.at(self._money_row(arm, name), 3 + year)

        paid = "+".join(row(name) for name in PERSPECTIVES[account])
        return paid if account == PUBLIC else f"{paid}-{row(TRANSFER)}"

    def _money_row(self, arm: int, account: str) -> int:
        return self.first_money + arm * len(ACCOUNTS) + ACCOUNTS.index(account)

    def _product(self, arm: int, account: str, year: int, lines: int | None = None) -> str:
        """The sum over the first `lines` lines (all if None) of share charged x amount x yen per
        unit.
        """
        many = len(self.costing.lines)
        first, count = self.amounts.head + 1 + arm * many, many if lines is None else lines
        unit, column = self.each.head + 1, 3 + COLUMNS.index(account)
        ranges = (
            self.amounts.at(first, 4, first + count - 1),
            self.amounts.at(first, 5 + year, first + count - 1),
            self.each.at(unit, column, unit + count - 1),
        )
        return f"SUMPRODUCT({','.join(ranges)})"

    def net(self, page: Page) -> None:
        """What every other arm costs more than the reference."""
        self.more = page
        self._heads(page, "arm", "payer")
        self.first_net = page.row
        for arm in self.others:
            for account in NETS:
                self._labels(page, self.names[self.costing.arms[arm]], self.account(account))
                values = self._net(arm, account)
                for year, value in enumerate(values):
                    one, other = (
                        self.yen.at(self._money_row(place, account), 3 + year)
                        for place in (arm, self.reference)
                    )
                    page.live(
                        page.row,
                        3 + year,
                        f"{one}-{other}",
                        value,
                        SIGNED_SUM if account in SUMS else SIGNED,
                    )
                self._sums(page, values, SIGNED, SIGNED_SUM)
                page.row += 1

    def _net(self, arm: int, account: str) -> np.ndarray:
        return self.costing.net[arm, ACCOUNTS.index(account)] / YENS

    def _net_row(self, arm: int, account: str) -> int:
        return self.first_net + self.others.index(arm) * len(NETS) + NETS.index(account)

    def net_cell(self, arm: str, account: str, year: int) -> tuple[str, float]:
        """Returns the address of what an arm costs an account more than the reference in a year of
        the run (1, 2, ...), and the thousand yen that it shows.
        """
        place = self.costing.arms.index(arm)
        address = self.more.at(self._net_row(place, account), 2 + year)
        return address, float(self._net(place, account)[year - 1])

    def _net_years(self, arm: int, account: str) -> str:
        row = self._net_row(arm, account)
        return self.more.at(row, 3, row, 2 + len(self.years))

    def totals(self, page: Page) -> None:
        """Net cost of the whole run by perspective, at the chosen rate and at others, with what was
        written beside it.
        """
        written = self.costing.case.net_costs
        written = written[written["chosen"]].set_index(["arm", "view"])
        page.heads(
            *self.head("arm", "view", "now", "as_written", "moved", "interval_low", "interval_high")
        )
        for column, rate in enumerate(RATES, start=8):
            page.put(
                page.head, column, rate, HEAD._replace(format=say("sheets.rate_format", self.lang))
            )
        for arm in self.others:
            for view in VIEWS:
                self._total(page, arm, view, written.loc[(self.costing.arms[arm], view)])
                page.row += 1

    def _total(self, page: Page, arm: int, view: str, written) -> None:
        """One row of the totals."""
        row, years, values = page.row, self._net_years(arm, view), self._net(arm, view)
        self._labels(
            page, self.names[self.costing.arms[arm]], say(f"perspective.{view}", self.lang)
        )
        now = float(values @ factors(self.costing.years, self.costing.case.rate))
        page.live(row, 3, f"SUMPRODUCT({years},{self._factors})", now, SIGNED_SUM)
        page.put(row, 4, written["mean"] / YENS, SIGNED._replace(grey=True))
        page.live(
            row, 5, f"ROUND(C{row}-D{row},3)", round(now - written["mean"] / YENS, 3) + 0.0, SIGNED
        )
        for column, end in enumerate(("low", "high"), start=6):
            page.put(row, column, written[end] / YENS, SIGNED._replace(grey=True))
        ahead = self.more.at(self.more.head, 3, self.more.head, 2 + len(self.years))
        for column, rate in enumerate(RATES, start=8):
            formula = f"SUMPRODUCT({years},(1+{page.at(page.head, column)})^(1-{ahead}))"
            page.live(
                row, column, formula, float(values @ factors(self.costing.years, rate)), SIGNED
            )

    def _plans(self, page: Page) -> None:
        """Posts and places that are planned beyond the reference: every arm has the same lines in
        the same order.
        """
        self.first_plan = page.row
        for arm in self.others:
            for line, amounts in zip(self.costing.lines, self.costing.planned[arm], strict=False):
                name = say(
                    "sheets.line.planned", self.lang, item=self.costing.name(line, self.lang)
                )
                self._labels(
                    page,
                    self.names[self.costing.arms[arm]],
                    name,
                    named("unit", line.item.unit).say(self.lang),
                )
                page.put(page.row, 4, 1.0, WEIGHT)
                for column, amount in enumerate(amounts, start=5):
                    page.put(page.row, column, float(amount), AMOUNT)
                page.row += 1

    def _planned(self, arm: int, account: str, year: int) -> str:
        """The formula of planned yen: the sum over lines of planned amount x yen per unit."""
        count = self.costing.planned.shape[1]
        first, unit, column = (
            self.first_plan + self.others.index(arm) * count,
            self.each.head + 1,
            3 + COLUMNS.index(account),
        )
        amounts = self.amounts.at(first, 5 + year, first + count - 1)
        return f"SUMPRODUCT({amounts},{self.each.at(unit, column, unit + count - 1)})"

    def budget(self, page: Page) -> None:
        """What changes in the first five fiscal years, undiscounted: the plan, what vacancies
        change, the rest, and the net.
        """
        years = self.years[:FIRST_YEARS]
        page.heads(*self.head("arm", "payer", "part"), *years, *self.head("total"))
        for arm in self.others:
            for payer in (*PAYERS, PUBLIC):
                for part, formula, value in self._parts(arm, payer):
                    self._labels(
                        page,
                        self.names[self.costing.arms[arm]],
                        self.account(payer),
                        say(f"part.{part}", self.lang),
                    )
                    look = SIGNED_SUM if part == "net" else SIGNED
                    for year in range(len(years)):
                        page.live(page.row, 4 + year, formula(page, year), value[year], look)
                    ends = page.at(page.row, 4, page.row, 3 + len(years))
                    page.live(
                        page.row,
                        4 + len(years),
                        f"SUM({ends})",
                        float(value[: len(years)].sum()),
                        SIGNED_SUM,
                    )
                    page.row += 1

    def _parts(self, arm: int, payer: str) -> Iterator[tuple]:
        """(part, its formula of a page and a year, its values) of one arm and payer, in the order
        of PLANNED_PARTS.
        """
        net, place = self._net(arm, payer), ACCOUNTS.index(payer)
        payers = PERSPECTIVES.get(payer, (payer,))
        each = self.costing.units[
            : self.costing.planned.shape[1], [COLUMNS.index(one) for one in payers]
        ].sum(axis=1)
        plan = each @ self.costing.planned[arm] / YENS
        own = (
            self.costing.programme[arm, place] - self.costing.programme[self.reference, place]
        ) / YENS
        count = sum(line.programme for line in self.costing.lines)

        def planned(_page: Page, year: int) -> str:
            return f"({'+'.join(self._planned(arm, one, year) for one in payers)})/{YENS}"

        def vacancies(page: Page, year: int) -> str:
            sums = (
                "+".join(self._product(one, name, year, count) for name in payers)
                for one in (arm, self.reference)
            )
            return "({}-({}))/{}-{}".format(*sums, YENS, page.at(page.row - 1, 4 + year))

        def other(page: Page, year: int) -> str:
            return f"{page.at(page.row + 1, 4 + year)}-{page.at(page.row - 1, 4 + year)}-{page.at(page.row - 2, 4 + year)}"

        def whole(_page: Page, year: int) -> str:
            return self.more.at(self._net_row(arm, payer), 3 + year)

        values = (plan, own - plan, net - own, net)
        yield from zip(PLANNED_PARTS, (planned, vacancies, other, whole), values, strict=True)

    def even(self, page: Page) -> None:
        """Cumulative discounted net cost, and from which year on it stays at or below 0."""
        page.heads(*self.head("arm", "payer", "even"), *self.years)
        ahead = page.at(page.head, 4, page.head, 3 + len(self.years))
        for arm in self.others:
            for payer in (*PAYERS, PUBLIC):
                self._labels(page, self.names[self.costing.arms[arm]], self.account(payer))
                run = np.cumsum(
                    self._net(arm, payer) * factors(self.costing.years, self.costing.case.rate)
                )
                self._even(page, run, ahead)
                for year, value in enumerate(run):
                    before = f"{page.at(page.row, 3 + year)}+" if year else ""
                    flow = self.more.at(self._net_row(arm, payer), 3 + year)
                    page.live(
                        page.row,
                        4 + year,
                        f"{before}{flow}*{self.more.at(self.more.head + 1, 3 + year)}",
                        value,
                        SIGNED,
                    )
                page.row += 1

    def _even(self, page: Page, run: np.ndarray, ahead: str) -> None:
        """The year of the break-even: the one after the last with a cumulative cost above 0; none
        where it is always 0.
        """
        last, whole = (
            page.at(page.row, 3 + len(self.years)),
            page.at(page.row, 4, page.row, 3 + len(self.years)),
        )
        never, same = say("sheets.within", self.lang), say("money.same", self.lang)
        above = np.flatnonzero(run > 0)
        value = (
            same
            if not run.any()
            else never
            if run[-1] > 0
            else float(above[-1] + 2 if len(above) else 1)
        )
        look = HEAD._replace(fill="", format=say("sheets.year_format", self.lang))
        formula = f'IF(SUMPRODUCT(ABS({whole}))=0,"{same}",IF({last}>0,"{never}",SUMPRODUCT(MAX(({whole}>0)*{ahead}))+1))'
        page.live(page.row, 3, formula, value, look)

    def _heads(self, page: Page, *names: str) -> None:
        """Headings with years and sums, and the discount factors below them."""
        page.heads(*self.head(*names), *self.years, *self.head("total", "present"))
        page.put(page.row, 1, say("sheets.head.factor", self.lang), TEXT._replace(grey=True))
        for year, factor in enumerate(factors(self.costing.years, self.costing.case.rate), start=3):
            page.live(
                page.row, year, f"(1+{RATE})^(1-{page.at(page.head, year)})", float(factor), FACTOR
            )
        page.row += 1

    @property
    def _factors(self) -> str:
        return self.more.at(self.more.head + 1, 3, self.more.head + 1, 2 + len(self.years))

    def _labels(self, page: Page, *texts: str) -> None:
        for column, text in enumerate(texts, start=1):
            page.put(page.row, column, text)

    def _sums(self, page: Page, values: np.ndarray, look, strong) -> None:
        """Total and present value behind the years of a row."""
        last = 2 + len(self.years)
        row, head = page.at(page.row, 3, page.row, last), page.head + 1
        page.live(page.row, last + 1, f"SUM({row})", float(values.sum()), look)
        present = float(values @ factors(self.costing.years, self.costing.case.rate))
        page.live(
            page.row, last + 2, f"SUMPRODUCT({row},{page.at(head, 3, head, last)})", present, strong
        )
