"""The arithmetic of the workbook in NumPy: mean quantities x yen per unit, the value that each of
its formulas shows at first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.declared.payers import PAYERS
from sim.economics.costing import PriceItem, price_list, quantities_table, refuse_double_counting
from sim.economics.money import PERSPECTIVES, PROGRAMME, PUBLIC, UNPAID
from sim.study.case import Case
from sim.study.funding import funded_plan
from sim.words import say

TRANSFER, SOCIETY = "transfer", "society"
COLUMNS = (*PAYERS, UNPAID, TRANSFER)  # of what a unit costs
ACCOUNTS = (*COLUMNS, PUBLIC, SOCIETY)  # of what an arm costs
KEY = ["id", "mix", "unseen"]


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
        """(arm, seed, year, id, mix, unseen, amount) of the seeds that all arms share: seen and
        unseen apart.
        """
        compared = self.case.compared
        table = compared.in_all_arms(compared.quantities)
        table = compared.of_main_runs(table)
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
        book = self.case.book
        plans = [funded_plan(arm.scenario, book).assign(arm=arm.id) for arm in arms]
        return pd.concat(plans).query("amount != 0")

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
        """Mean amounts (arms, lines, years) over the seeds that all arms share."""
        total = self.counted.groupby(["arm", *KEY, "year"])["amount"].sum()
        index = [
            (arm, line.item.id, line.mix, line.unseen, year)
            for arm in self.arms
            for line in self.lines
            for year in self.years
        ]
        shape = len(self.arms), len(self.lines), len(self.years)
        amounts = total.reindex(index, fill_value=0.0).to_numpy().reshape(shape)
        return amounts / self.case.compared.shared_seeds

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
        return list(shares.drop_duplicates("arm").set_index("arm")["share"][self.arms])

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
