"""The budget request of an arm, exact: by fiscal year, measure and thing, number x unit price x months;
by section of the budget (節); by source of the money. In thousand yen, and computed without any run.

Every amount is a whole number of thousand yen. A fiscal year's total is rounded once, and its lines,
sections and sources share it out (largest remainders), so that every table adds up to the same total.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from sim.declared.funding import FUNDED, ORGANISATION
from sim.declared.payers import PAYERS
from sim.economics.costing import PriceBook
from sim.economics.quantities import OWN_MIX, PREFECTURE_MIX
from sim.scenario.comparison import Comparison
from sim.scenario.funding import MONTHS
from sim.scenario.scenario import Scenario
from sim.study.funding import funded_book, planned_grants
from sim.study.plan import planned_months

THOUSAND = 1000
LINE = ["measure", "id", "mix"]  # what makes a line of a request
KINDS: Any = {"year": int, "fiscal": int, "own": bool, "thousand": int}
LEAST = 1e-9  # posts: less is none
ONE_YEN = 1.0  # less is what sums of fractions leave
DIGITS = 9  # of numbers and months
Granted = dict[tuple[int, str, str], dict[str, float]]  # yen by (year, measure, id), and by mix
GENERAL = ""  # the source of what no grant pays
UNSPLIT = ""  # the section of a thing whose row of the book names none


@dataclass(frozen=True)
class Request:
    """What an arm asks for beyond the reference.

    `lines` (year, fiscal, measure, id, mix, own, number, months, price, yen, thousand): year counts
    from 1, `fiscal` is the calendar year in which it begins, `number` the most posts or places of the
    year, `months` how many months they are paid, `price` yen a year. `own` is False for posts at a
    desk of the prefecture, which the prefecture pays and the municipality does not ask for. A line of
    no posts stands where the arm has as many as the reference and others pay for them.
    `sections` (year, fiscal, measure, id, mix, own, section, thousand); `sources` (year, fiscal,
    measure, id, mix, own, source, payer, thousand).
    """

    arm: str
    lines: pd.DataFrame
    sections: pd.DataFrame
    sources: pd.DataFrame

    @property
    def years(self) -> list[int]:
        """The fiscal years, by the calendar year in which they begin."""
        return sorted(int(year) for year in self.lines["fiscal"].unique())

    @cached_property
    def total(self) -> dict[int, int]:
        """Thousand yen that the municipality asks for, by fiscal year."""
        return _sum(self.lines[self.lines["own"]])

    @cached_property
    def elsewhere(self) -> dict[int, int]:
        """Thousand yen of posts at desks of the prefecture, by fiscal year."""
        return _sum(self.lines[~self.lines["own"]])

    def of(self, payer: str) -> dict[int, int]:
        """Thousand yen of the request that a payer bears, by fiscal year."""
        own = self.sources[self.sources["own"]]
        return _sum(own[own["payer"] == payer])


def _sum(table: pd.DataFrame) -> dict[int, int]:
    found = table.groupby("fiscal")["thousand"].sum()
    return dict(zip(map(int, found.index), map(int, found), strict=True))


def request_of(
    comparison: Comparison, arm: str, book: PriceBook, *, grants: bool = True
) -> Request:
    """The request of an arm. `grants`: with the sources of money that it writes; without, all that no
    row of the book says otherwise of comes out of general funds.
    """
    book = funded_book(comparison, book)
    scenario, reference = comparison.arm(arm).scenario, comparison.base
    granted = _granted(scenario, reference, book) if grants else {}
    lines = _lines(scenario, reference, book, granted)
    first = scenario.start_year - 1
    lines["fiscal"] = lines["year"] + first
    sources = _paid(lines, granted, book)
    sections = [
        (*key, section, value)
        for key, line in _by_line(lines)
        for section, value in _in_sections(line, book).items()
    ]
    columns = ["year", "fiscal", *LINE, "own"]
    tables = (
        lines[[*columns, "number", "months", "price", "yen", "thousand"]],
        pd.DataFrame(sections, columns=[*columns, "section", "thousand"]),
        pd.DataFrame(sources, columns=[*columns, "source", "payer", "thousand"]),
    )
    return Request(arm, *(table.astype(KINDS) for table in tables))


def _by_line(lines: pd.DataFrame) -> Iterable[tuple[tuple[Any, ...], Any]]:
    """Every line, with its keys."""
    for line in lines.itertuples(index=False):
        row: Any = line
        yield (row.year, row.fiscal, row.measure, row.id, row.mix, row.own), row


def _lines(
    scenario: Scenario, reference: Scenario, book: PriceBook, granted: Granted
) -> pd.DataFrame:
    """Number, months, unit price and amount by year, measure and thing; of what is `granted` too."""
    more = planned_months(scenario).assign(sign=1.0)
    less = planned_months(reference).assign(sign=-1.0)
    both = pd.concat([more, less], ignore_index=True)
    both["posts"] = both["amount"] * both["sign"] * MONTHS  # in the month
    months = both.groupby(["month", *LINE], sort=False)["posts"].sum().reset_index()
    months = months[months["posts"].abs() > LEAST]
    rows = [
        (month_year, *key, *_number(part["posts"]))
        for (month_year, *key), part in months.assign(year=months["month"] // MONTHS + 1).groupby(
            ["year", *LINE], sort=False
        )
    ]
    asked = {(year, measure, id) for year, measure, id, mix, *_ in rows if mix == OWN_MIX}
    rows += [(*key, OWN_MIX, 0.0, float(MONTHS)) for key in granted if key not in asked]
    table = pd.DataFrame(rows, columns=["year", *LINE, "number", "months"])
    table["price"] = [book.item(id).priced[0] for id in table["id"]]
    table["yen"] = table["number"] * table["months"] * table["price"] / MONTHS
    table["own"] = table["mix"] != PREFECTURE_MIX
    table["thousand"] = 0
    place = table["measure"].map([*FUNDED, ORGANISATION].index)
    table = table.assign(place=place).sort_values(["year", "place", "id", "mix"], kind="stable")
    table = table.drop(columns="place").reset_index(drop=True)
    for _key, part in table.groupby(["year", "own"], sort=False):
        table.loc[part.index, "thousand"] = shared_out(part["yen"] / THOUSAND)
    return table


def _number(posts: pd.Series) -> tuple[float, float]:
    """The most posts of a year, and for how many months they would make what its months have."""
    most = float(posts.max() if posts.max() > -posts.min() else posts.min())
    return round(most, DIGITS), round(float(posts.sum() / most), DIGITS)


def shared_out(amounts: Sequence[float] | pd.Series, total: int | None = None) -> list[int]:
    """Whole numbers that stand for `amounts` and sum to `total` (their rounded sum where it is not
    given): each is rounded down, and what is lacking goes to the largest remainders.
    """
    amounts = [float(one) for one in amounts]
    total = math.floor(sum(amounts) + 0.5) if total is None else total
    whole = [math.floor(one + 1e-9) for one in amounts]
    lacking = total - sum(whole)
    by_rest = sorted(range(len(amounts)), key=lambda at: (whole[at] - amounts[at], at))
    for place in range(abs(lacking)):
        at = by_rest[place % len(by_rest)] if lacking > 0 else by_rest[-1 - place % len(by_rest)]
        whole[at] += 1 if lacking > 0 else -1
    return whole


def _in_sections(line: Any, book: PriceBook) -> dict[str, int]:
    """A line by section of the budget."""
    parts: Mapping[str, float] = book.item(line.id).sections or {UNSPLIT: 1.0}
    amounts = [line.thousand * part for part in parts.values()]
    return dict(zip(parts, shared_out(amounts, line.thousand), strict=True))


def _granted(scenario: Scenario, reference: Scenario, book: PriceBook) -> Granted:
    """Yen that sources pay for beyond those of the reference."""
    granted: Granted = {}
    for one, sign in ((scenario, 1.0), (reference, -1.0)):
        for measure, id, mix, year, amount in planned_grants(one, book):
            found = granted.setdefault((year, measure, id), {})
            found[mix] = found.get(mix, 0.0) + sign * amount * book.item(id).priced[0]
    return {key: found for key, found in granted.items() if max(map(abs, found.values())) > ONE_YEN}


def _paid(lines: pd.DataFrame, granted: Granted, book: PriceBook) -> list[tuple[Any, ...]]:
    """Every line by source and payer."""
    rows: list[tuple[Any, ...]] = []
    for key, line in _by_line(lines):
        of_line = granted.get((line.year, line.measure, line.id), {}) if line.mix == OWN_MIX else {}
        rows += [(*key, *where, value) for where, value in _by_payer(line, of_line, book).items()]
    return rows


def _by_payer(
    line: Any, granted: Mapping[str, float], book: PriceBook
) -> dict[tuple[str, str], int]:
    """Thousand yen of a line by (source, payer)."""
    rest = line.yen - sum(granted.values())
    shares = book.mix(line.mix).shares if line.mix else book.item(line.id).shares
    parts = {
        (mix, payer): yen * getattr(book.mix(mix).shares, payer)
        for mix, yen in granted.items()
        for payer in PAYERS
    }
    parts |= {(GENERAL, payer): rest * getattr(shares, payer) for payer in PAYERS}
    parts = {key: yen for key, yen in parts.items() if abs(yen) > ONE_YEN} or parts
    amounts = shared_out([yen / THOUSAND for yen in parts.values()], line.thousand)
    return dict(zip(parts, amounts, strict=True))


def funding_table(comparison: Comparison, book: PriceBook) -> pd.DataFrame:
    """(arm, year, fiscal, grants, source, payer, thousand): who pays the request of every arm, with
    its sources of money (`grants` True) and without them.
    """
    parts = []
    for arm in comparison.others:
        for grants in (True, False):
            table = request_of(comparison, arm.id, book, grants=grants).sources
            keys = ["year", "fiscal", "source", "payer"]
            own = table[table["own"]].groupby(keys, sort=False)["thousand"].sum().reset_index()
            parts.append(own.assign(arm=arm.id, grants=grants))
    table = pd.concat(parts, ignore_index=True)
    return table[["arm", "year", "fiscal", "grants", "source", "payer", "thousand"]]
