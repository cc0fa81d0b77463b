"""What a paper says of one arm, in numbers: households as counts with their range over runs, and money
by fiscal year in yen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sim.declared import declared
from sim.declared.measure import FEWEST
from sim.economics import money
from sim.economics.money import PUBLIC
from sim.report.text.run import label
from sim.study.case import Case
from sim.study.marks import HIGHER, LOWER, interval, side
from sim.study.measures import IN_NEED, UNSEEN
from sim.study.paired import differences
from sim.study.request import Request, request_of
from sim.words import say

RANGE = (0.05, 0.95)  # of the runs
OUTLOOK = (
    0.9,
    0.5,
    0.1,
)  # pessimistic, standard, optimistic: of differences that had better be low
MUNICIPALITY = "municipality"
HOUSEHOLDS = ("compounded", "became", "unseen", "seen")  # counts of households
OTHERS = ("load", "wait")
EFFECTS = (*HOUSEHOLDS, *OTHERS)
MEASURED = ("compounded", *OTHERS)  # effects that are measures of the comparison too
BETTER_SIDE = {"seen": HIGHER}  # of the others, less is better
RUN = ["world", "seed"]
WEAKEST = 3
GRADES = "ABCD"


@dataclass(frozen=True)
class ExpectedEffect:
    """What an arm does to one measure, against the reference: means over runs, the difference and its
    range over runs, in how many of them it is lower, and on which side of the reference it can be
    said to lie (as in `sim.study.marks`).
    """

    name: str
    reference: float
    arm: float
    difference: float
    low: float
    high: float
    lower: int
    runs: int
    side: str

    @property
    def better(self) -> str:
        """The side that is better."""
        return BETTER_SIDE.get(self.name, LOWER)


@dataclass(frozen=True)
class Weak:
    """A number on which the result hangs and that is not well known: its name, grade, value and range,
    and its key in the words on who could measure it.
    """

    name: str
    grade: str
    value: str
    subject: str


@dataclass(frozen=True)
class Findings:
    """The numbers of a paper on one arm of a case."""

    case: Case
    arm: str

    @cached_property
    def request(self) -> Request:
        """What is asked for."""
        return request_of(self.case.compared.comparison, self.arm, self.case.book)

    @cached_property
    def plain(self) -> Request:
        """The same without grants."""
        return request_of(self.case.compared.comparison, self.arm, self.case.book, grants=False)

    @property
    def first(self) -> int:
        """The calendar year in which the first fiscal year begins."""
        return self.case.compared.comparison.base.start_year

    @property
    def runs(self) -> int:
        """The number of runs, worlds or seeds."""
        return self.case.compared.seeds

    @property
    def few(self) -> bool:
        """Whether there are too few runs to say anything of a difference."""
        return self.runs < FEWEST

    @cached_property
    def yearly(self) -> pd.DataFrame:
        """(arm, world, seed, year, name, value) of EFFECTS: households as counts, the rest as it is
        measured; `became` counts up to and with the year.
        """
        compared = self.case.compared
        values = compared.in_all_arms(compared.main)
        households = compared.gathered.households
        keys = ["arm", *RUN, "year"]
        parts = [self._stocks(keys)]
        for name, measure in (("became", "inflow_compounded"), ("load", "load"), ("wait", "wait")):
            of_measure = values[values["measure"] == measure].sort_values("year", kind="stable")
            table = of_measure[[*keys, "value"]].assign(name=name)
            if name == "became":
                counts = table["value"] * households / 1000
                table["value"] = counts.groupby([table[key] for key in keys[:-1]]).cumsum()
            parts.append(table)
        return pd.concat(parts, ignore_index=True)

    def _stocks(self, keys: list[str]) -> pd.DataFrame:
        """Households that are compounded, and households in need that are not in support and that
        are: means of the weeks of a year.
        """
        weekly = self.case.compared.weekly
        unseen = weekly[list(UNSEEN)].sum(axis=1)
        in_need = weekly[[f"households_{stage}" for stage in IN_NEED]].sum(axis=1)
        table = weekly[["arm", *RUN]].assign(
            year=weekly["week"] // 52 + 1,
            compounded=weekly["households_compounded"],
            unseen=unseen,
            seen=in_need - unseen,
        )
        means = table.groupby(keys, sort=False).mean().reset_index()
        return means.melt(id_vars=keys, var_name="name", value_name="value")

    def pairs(self, name: str, year: int, arm: str = "") -> pd.DataFrame:
        """The values of the arm (that of the paper where none is given) and of the reference, run by
        run; runs in which either has none are left out.
        """
        table = self.yearly[(self.yearly["name"] == name) & (self.yearly["year"] == year)]
        wide = table.pivot(index=RUN, columns="arm", values="value")
        both = wide[[arm or self.arm, self.case.reference]].dropna()
        return both.set_axis(["arm", "reference"], axis=1)

    def gaps(self, name: str, year: int, arm: str = "") -> pd.Series:
        """The differences from the reference, run by run."""
        both = self.pairs(name, year, arm)
        return both["arm"] - both["reference"]

    def effect(self, name: str, year: int, arm: str = "") -> ExpectedEffect:
        """What an arm (that of the paper where none is given) does to a measure in a year."""
        both, gaps = self.pairs(name, year, arm), self.gaps(name, year, arm)
        low, high = gaps.quantile(list(RANGE)) if len(gaps) else (np.nan, np.nan)
        return ExpectedEffect(
            name,
            float(both["reference"].mean()),
            float(both["arm"].mean()),
            float(gaps.mean()),
            float(low),
            float(high),
            int((gaps < 0).sum()),
            len(gaps),
            self._sides[arm or self.arm, name, year],
        )

    @cached_property
    def _sides(self) -> dict[tuple[str, str, int], str]:
        """What may be said of each effect, by arm, name and year: what the comparison says of its own
        measures, and of the other numbers what the same rule gives.
        """
        judged = self.case.compared.judged
        judged = judged[judged["measure"].isin(MEASURED)]
        own = self.yearly[~self.yearly["name"].isin(MEASURED)].rename(columns={"name": "measure"})
        table = differences(own, self.case.reference, steps={"became": 1.0})
        found: dict[tuple[str, str, int], str] = {}
        row: Any
        for row in table.itertuples():
            said = side(*interval(row), row.n, row.identical)
            found[row.arm, row.measure, row.year] = said
        for row in judged.itertuples():
            found[row.arm, row.measure, row.year] = row.side
        return found

    def parts(self, part: str, payer: str, arm: str = "") -> pd.Series:
        """Yen more than the reference by fiscal year (index calendar year), the mean of the runs, not
        discounted. `part` is one of those of `money.with_plan`.
        """
        table = self.case.planned_parts
        rows = table[
            (table["arm"] == (arm or self.arm))
            & (table["part"] == part)
            & (table["payer"] == payer)
        ]
        by_year = rows.groupby("year")["value"].mean()
        return by_year.set_axis(by_year.index + self.first - 1)

    def net(self, payer: str, arm: str = "") -> pd.Series:
        """Yen more than the reference over the whole run, run by run, not discounted."""
        table = self.case.parts
        rows = table[
            (table["arm"] == (arm or self.arm))
            & (table["part"] == "net")
            & (table["payer"] == payer)
        ]
        return rows.groupby(RUN)["value"].sum()

    def outlook(self, values: pd.Series) -> tuple[float, float, float]:
        """The pessimistic, the standard and the optimistic value of what had better be low."""
        worst, middle, best = (float(values.quantile(at)) for at in OUTLOOK)
        return worst, middle, best

    @cached_property
    def paid_back(self) -> dict[str, tuple[int, int, float]]:
        """By payer (municipality, public): in how many runs the net cost comes to stay at or below
        zero within the run, not discounted, of how many, and the middle year where that is in half
        of them.
        """
        table = money.first_years(money.cumulative(self.case.parts, 0))
        found = {}
        for payer in (MUNICIPALITY, PUBLIC):
            rows = table[(table["arm"] == self.arm) & (table["payer"] == payer)]
            back = rows["year"].notna()
            middle = float(rows["year"].fillna(np.inf).median())
            found[payer] = int(back.sum()), len(rows), middle if np.isfinite(middle) else np.nan
        return found

    def weakest(self, lang: str) -> list[Weak]:
        """Three numbers, the worst grade first: of the parameters and of the prices on which the
        money of all public payers hangs most, a few each. Within a grade the share of costs of those
        outside support stands first, then parameters by how closely the money follows them, then
        prices by how far they move it.
        """
        found = [*self._weak_parameters(lang), *self._weak_prices(lang)]
        ranked = sorted(enumerate(found), key=lambda one: (-_worst(one[1].grade), one[0]))
        return [weak for _, weak in ranked[:WEAKEST]]

    def _weak_parameters(self, lang: str) -> list[Weak]:
        table = self.case.parameter_turns
        names: list[str] = ["ledger.unseen_cost_share"]
        if len(table):
            rows = table[(table["arm"] == self.arm) & (table["view"] == PUBLIC)]
            rows = rows[rows["clear"].astype(bool)]
            order = rows["correlation"].abs().sort_values(ascending=False).index
            names += [name for name in rows.loc[order, "name"] if name not in names]
        return [_weak_parameter(name, lang) for name in names[: 2 * WEAKEST]]

    def _weak_prices(self, lang: str) -> list[Weak]:
        table = self.case.price_turns
        rows = table[(table["arm"] == self.arm) & (table["view"] == PUBLIC)]
        rows = rows.sort_values("swing", ascending=False).head(2 * WEAKEST)
        return [self._weak_price(str(id), lang) for id in rows["id"]]

    def _weak_price(self, id: str, lang: str) -> Weak:
        item = self.case.book.item(id)
        price, low, high = (f"{value / 1000:,.6g}" for value in item.priced)
        value = say("paper.weak_price", lang, value=_ranged(price, low, high, lang))
        return Weak(getattr(item, lang), item.grade, value, f"price.{item.kind}")


def _worst(grade: str) -> int:
    return max((GRADES.find(letter) for letter in grade), default=-1)


def _ranged(value: str, low: str, high: str, lang: str) -> str:
    """A number with its range."""
    return say("paper.e.range", lang, mean=value, low=low, high=high)


def _weak_parameter(name: str, lang: str) -> Weak:
    one = declared()[name]
    value = _ranged(f"{one.value:g}", f"{one.low:g}", f"{one.high:g}", lang)
    return Weak(label(one, lang), one.grade, value, name.partition(".")[0])


def household_counts(values: Sequence[float]) -> list[str]:
    """Counts of households as they are said: whole where there are at least ten."""
    return [f"{value:z,.0f}" if abs(value) >= 10 else f"{value:z,.1f}" for value in values]


def with_triangle(text: str) -> str:
    """A written difference with its sign: a triangle before what is less, as budgets write it, and
    nothing before 0.
    """
    if text.startswith("-"):
        return f"△{text[1:]}"
    return f"+{text}" if any(digit in text for digit in "123456789") else text


def household_differences(values: Sequence[float]) -> list[str]:
    """Differences in households with their signs."""
    return [with_triangle(text) for text in household_counts(values)]
