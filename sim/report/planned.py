"""The planned cost as tables of words: exact by fiscal year, and apart from it what vacancies change."""

from __future__ import annotations

import pandas as pd

from ..comparison.budget import ALL, plan, plan_of
from ..comparison.case import Case
from ..economics.prices import PriceBook
from ..scenario.comparison import Comparison
from ..scenario.complete import Section
from ..scenario.scenario import Scenario
from ..words import say
from .page_tables import exact, millions
from .sentences import MILLION
from .summary import label, years_shown

MOST_YEARS = 10  # shown one by one


def of_comparison(comparison: Comparison, book: PriceBook, lang: str) -> Section:
    """What every arm is planned to cost more than the reference, by fiscal year."""
    rows = [(name, *cells) for name, cells in _arms(plan(comparison, book), comparison, lang)]
    return Section(say("compare.budget", lang), _columns(comparison.base, lang), rows)


def of_case(case: Case, lang: str) -> Section:
    """The same, with what vacancies change over the run and its interval."""
    comparison = case.compared.comparison
    saved = case.vacancies.set_index("arm")
    found = zip(comparison.others, _arms(case.plan, comparison, lang), strict=True)
    rows = [(name, *cells, millions(saved.loc[arm.id], lang)) for arm, (name, cells) in found]
    return Section(say("compare.budget", lang), (*_columns(comparison.base, lang), say("plan.vacancies", lang)), rows)


def of_scenario(scenario: Scenario, book: PriceBook, lang: str) -> Section:
    """What the levers of one scenario are planned to add to the cost of its organisation, by fiscal year."""
    years = plan_of(scenario, book) * MILLION
    row = (say("plan.levers", lang), *_cells(years))
    return Section(say("plan.of_scenario", lang), _columns(scenario, lang), [row])


def _arms(table: pd.DataFrame, comparison: Comparison, lang: str) -> list[tuple[str, list[str]]]:
    every = table[table["payer"] == ALL].set_index(["arm", "year"])["value"]
    return [(label(arm.name, lang), _cells(every.loc[arm.id].sort_index())) for arm in comparison.others]


def _cells(years: pd.Series) -> list[str]:
    """The amounts of the years that are shown, and the sum of all."""
    return [*(exact(years[year]) for year in _years(len(years))), exact(years.sum())]


def _years(count: int) -> list[int]:
    return list(range(1, count + 1)) if count <= MOST_YEARS else years_shown(count)


def _columns(base: Scenario, lang: str) -> tuple[str, ...]:
    years = (say("page.t.fiscal", lang, year=year, fiscal=base.start_year + year - 1) for year in _years(base.years))
    return (say("page.t.arm", lang), *years, say("page.t.total5", lang, years=base.years))

