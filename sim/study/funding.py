"""Sources of money laid over what is planned and over what was counted: the same amounts, paid by
others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

import numpy as np
import pandas as pd

from sim.economics.costing import PriceBook
from sim.economics.funding import granted, mix_id, moved, with_sources
from sim.economics.quantities import OWN_MIX, PREFECTURE_MIX
from sim.scenario.comparison import Comparison
from sim.scenario.scenario import Funding, Scenario
from sim.study.plan import planned_amounts, planned_months

RUN = ["arm", "world", "seed"]


def sources_of(scenario: Scenario) -> list[tuple[str, Funding]]:
    """All sources of a scenario, each with its place in it."""
    return [
        (f"funding.{measure}", one)
        for measure, sources in scenario.funding.items()
        for one in sources
    ]


def funded_book(comparison: Comparison, book: PriceBook) -> PriceBook:
    """The book with the mixes of their own that the arms of a comparison write; raises ScenarioError
    as `with_sources` does.
    """
    sources = [
        (f"arms.{arm.id}.{at}", source)
        for arm in comparison.arms
        for at, source in sources_of(arm.scenario)
    ]
    return with_sources(book, sources, comparison.id)


def _prices(scenario: Scenario, book: PriceBook, ids: pd.Series) -> dict[str, float]:
    return (
        {str(id): book.item(str(id)).priced[0] for id in ids.unique()} if scenario.funding else {}
    )


def funded_plan(scenario: Scenario, book: PriceBook) -> pd.DataFrame:
    """`planned_amounts` with what sources pay for under the mix of their source."""
    plan = planned_amounts(scenario)
    if not scenario.funding:
        return plan
    shifts = [
        (year, id, mix, amount)
        for _measure, id, mix, year, amount in planned_grants(scenario, book)
    ]
    table = pd.DataFrame(shifts, columns=["year", "id", "mix", "amount"])
    return moved(plan, table, ["year"])


def planned_grants(
    scenario: Scenario, book: PriceBook
) -> Iterator[tuple[str, str, str, int, float]]:
    """(measure, id, mix, year, amount) of all that sources pay for as it is planned."""
    months = planned_months(scenario)
    whole = {str(id): np.ones((1, scenario.years)) for id in months["id"].unique()}
    prices = _prices(scenario, book, months["id"])
    for (measure, id, mix), amounts in granted(
        months, scenario.funding, prices, whole, scenario.years
    ).items():
        for year, amount in enumerate(amounts[0], 1):
            if amount:
                yield measure, id, mix, year, float(amount)


def funded_quantities(
    quantities: pd.DataFrame, comparison: Comparison, book: PriceBook
) -> pd.DataFrame:
    """Quantities (arm, world, seed, year, id, mix, amount, unseen) of all runs with what the sources
    of each arm pay for under the mix of their source; what was so before is laid back first.

    A source pays for posts that are filled: its part of the plan in each year, times the share of
    planned posts of that kind which the run has.
    """
    plain = unfunded(quantities)
    if not any(arm.scenario.funding for arm in comparison.arms):
        return plain
    parts = []
    for arm in comparison.arms:
        table = plain[plain["arm"] == arm.id]
        parts.append(_funded_arm(table, arm.scenario, book) if arm.scenario.funding else table)
    return pd.concat(parts, ignore_index=True)[[*quantities.columns]]


def unfunded(quantities: pd.DataFrame) -> pd.DataFrame:
    """The quantities with every mix but that of the prefecture's own posts laid back."""
    mix = quantities["mix"].where(quantities["mix"] == PREFECTURE_MIX, OWN_MIX)
    keys = [name for name in quantities if name not in ("amount", "unseen")]
    table = quantities.assign(mix=mix).groupby(keys, sort=False)[["amount", "unseen"]]
    return table.sum().reset_index()[[*quantities.columns]]


def _funded_arm(table: pd.DataFrame, scenario: Scenario, book: PriceBook) -> pd.DataFrame:
    runs = pd.MultiIndex.from_frame(table[RUN].drop_duplicates())
    years = range(1, scenario.years + 1)
    months = planned_months(scenario)
    filled = _filled(table, months, runs, years)
    prices = _prices(scenario, book, months["id"])
    shifts = []
    for (_measure, id, mix), amounts in granted(
        months, scenario.funding, prices, filled, scenario.years
    ).items():
        wide = pd.DataFrame(amounts, index=runs, columns=pd.Index(years, name="year"))
        long = cast(pd.Series, wide.stack()).rename("amount").reset_index()
        shifts.append(long[long["amount"] > 0].assign(id=id, mix=mix))
    if not shifts:
        return table
    found = pd.concat(shifts, ignore_index=True)
    summed = found.groupby([*RUN, "year", "id", "mix"], sort=False)["amount"].sum().reset_index()
    return moved(table, summed, [*RUN, "year"])


def _filled(
    table: pd.DataFrame, months: pd.DataFrame, runs: pd.MultiIndex, years: range
) -> Mapping[str, np.ndarray]:
    """The share (runs, years) of planned posts of each kind, and of places, that a run has; at most
    all of them.
    """
    own = months[months["mix"] == OWN_MIX]
    planned = own.assign(year=own["month"] // 12 + 1).groupby(["id", "year"])["amount"].sum()
    there = table[table["mix"] == OWN_MIX].set_index([*RUN, "year", "id"])["amount"]
    found = {}
    for id in own["id"].unique():
        wanted = np.array([planned.get((id, year), 0.0) for year in years])
        index = [(*run, year, id) for run in runs for year in years]
        amount = there.reindex(index, fill_value=0.0).to_numpy().reshape(len(runs), len(years))
        found[str(id)] = np.clip(amount / np.maximum(wanted, 1e-9), 0.0, 1.0)
    return found


def paid_as_named_now(
    quantities: pd.DataFrame, comparison: Comparison, book: PriceBook
) -> pd.DataFrame:
    """Quantities read from a folder, with their sources laid over anew where an older version named
    the mixes otherwise.
    """
    sources = [source for arm in comparison.arms for _at, source in sources_of(arm.scenario)]
    if {*quantities["mix"]} <= {OWN_MIX, PREFECTURE_MIX, *map(mix_id, sources)}:
        return quantities
    return funded_quantities(quantities, comparison, book)
