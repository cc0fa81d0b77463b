"""What arms are planned to cost: full posts and places x price, by fiscal year; and whether arms
that are to cost the same do.

It is arithmetic, and no result of a run: every post is counted from its start date on whether it is
filled or not; while a lever ramps, the posts it has reached in each week. A month is a twelfth of a
year, as in a budget request.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import pandas as pd

from sim.declared.payers import PAYERS
from sim.economics.costing import PriceBook
from sim.economics.funding import with_sources
from sim.economics.money import KEYS, NO_WORLD, PERSPECTIVES, difference, money
from sim.scenario.comparison import Comparison
from sim.scenario.scenario import Scenario
from sim.study.funding import funded_plan, sources_of
from sim.words import Phrase
from sim.words.errors import fault

MILLION = 1_000_000
TOLERANCE = 0.01  # of the dearest arm of a group
PUBLIC, ALL = "public", "all"  # payers together: the public ones, and every payer
WITH, WITHOUT = "with", "without"  # a scenario and the same one without its levers


def planned_costs(comparison: Comparison, book: PriceBook) -> pd.DataFrame:
    """(arm, year, payer, value): yen that posts and places of each arm but the reference are
    planned to cost more than those of the reference. `payer` is one of PAYERS, or `public` or `all`
    for payers together.
    """
    return _more({arm.id: arm.scenario for arm in comparison.arms}, comparison.reference, book)


def plan_of(scenario: Scenario, book: PriceBook) -> pd.Series:
    """Returns the million yen by fiscal year (index 1, 2, ...) that the levers of a scenario add to
    what its organisation costs anyhow.
    """
    alone = scenario.model_copy(update={"steps": ()})
    table = _more({WITH: scenario, WITHOUT: alone}, WITHOUT, book)
    return table[table["payer"] == ALL].set_index("year")["value"] / MILLION


def planned(scenario: Scenario, book: PriceBook) -> float:
    """Returns the mean of `plan_of` over the years of the run."""
    return float(plan_of(scenario, book).mean())


def planned_beyond(
    scenarios: Mapping[str, Scenario], reference: Scenario, book: PriceBook
) -> dict[str, float]:
    """Returns by name what scenarios are planned to cost more than a reference, yen a year (mean of
    the run, all payers); they are priced together, which is quicker than one by one.
    """
    if not scenarios:
        return {}
    table = _more({WITHOUT: reference, **scenarios}, WITHOUT, book)
    means = table[table["payer"] == ALL].groupby("arm")["value"].mean()
    return {str(name): float(value) for name, value in means.items()}


def _more(scenarios: dict[str, Scenario], reference: str, book: PriceBook) -> pd.DataFrame:
    """Returns what scenarios are planned to cost more than one of them, by year and payer."""
    amounts = pd.concat(
        [funded_plan(scenario, book).assign(arm=id) for id, scenario in scenarios.items()],
        ignore_index=True,
    )
    sources = [found for scenario in scenarios.values() for found in sources_of(scenario)]
    yen = money(amounts.assign(world=NO_WORLD, seed=0, variant=""), with_sources(book, sources))
    total = yen.groupby([*KEYS, "payer"], sort=False)["yen"].sum()
    paid = total.unstack("payer", fill_value=0.0)  # type: ignore[arg-type]  # stubs want an int
    paid = paid.reindex(columns=list(PAYERS), fill_value=0.0)
    paid = paid.assign(
        **{
            PUBLIC: paid[list(PERSPECTIVES[PUBLIC])].sum(axis=1),
            ALL: paid[list(PAYERS)].sum(axis=1),
        }
    )
    series = cast(pd.Series, paid.rename_axis(columns="payer").stack())
    long = series.rename("value").reset_index()
    return difference(long, reference)[["arm", "year", "payer", "value"]]


def check_same_cost(comparison: Comparison, book: PriceBook) -> None:
    """Refuse groups of arms that are to cost the same and do not, by more than TOLERANCE of the
    dearest over the run.
    """
    if not comparison.same_cost:
        return
    table = planned_costs(comparison, book)
    totals = table[table["payer"] == ALL].groupby("arm")["value"].sum() / MILLION
    totals[comparison.reference] = 0.0
    for number, group in enumerate(comparison.same_cost):
        costs = {id: float(totals[id]) for id in group}
        if (
            max(costs.values()) - min(costs.values())
            > TOLERANCE * max(abs(cost) for cost in costs.values()) + 1e-9
        ):
            shown = ", ".join(f"{id} {cost:.2f}" for id, cost in costs.items())
            values = {
                "percent": f"{100 * TOLERANCE:g}",
                "costs": shown,
                "years": comparison.base.years,
            }
            raise fault(
                "error.same_cost",
                at=f"same_cost.{number}",
                file=comparison.id,
                allowed=Phrase("allowed.same_cost", values),
            )
