"""The planned cost as tables of words: exact by fiscal year, and apart from it what vacancies
change.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import pandas as pd

from sim.economics.costing import PriceBook
from sim.report.text.listing import Section
from sim.report.text.money import exact, millions
from sim.report.text.phrases import MILLION
from sim.report.text.run import label
from sim.scenario.comparison import Comparison
from sim.scenario.scenario import Scenario
from sim.study.budget import ALL, plan_of, planned_costs
from sim.study.case import Case
from sim.words import say

Span = tuple[int, int]  # years of the run, first and last, in which every amount is the same


def planned_cost_of_comparison(comparison: Comparison, book: PriceBook, lang: str) -> Section:
    """Returns what every arm is planned to cost more than the reference, by fiscal year; years of
    the same amounts stand together.
    """
    wide = _wide(planned_costs(comparison, book))
    spans = _spans(wide)
    rows = [
        (label(arm.name, lang), *_cells(cast(pd.Series, wide.loc[arm.id]), spans))
        for arm in comparison.others
    ]
    return Section(say("compare.budget", lang), _columns(comparison.base, spans, lang), rows)


def of_case(case: Case, lang: str) -> Section:
    """Returns the planned cost together with what vacancies change over the run, and its interval."""
    comparison, saved = case.compared.comparison, case.vacancies.set_index("arm")
    plain = planned_cost_of_comparison(comparison, case.book, lang)
    rows = [
        (*row, millions(saved.loc[arm.id], lang))
        for row, arm in zip(plain.rows, comparison.others, strict=True)
    ]
    return Section(plain.title, (*plain.columns, say("plan.vacancies", lang)), rows)


def planned_cost_of_scenario(scenario: Scenario, book: PriceBook, lang: str) -> Section:
    """Returns what the levers of one scenario are planned to add to the cost of its organisation,
    by fiscal year.
    """
    years = plan_of(scenario, book) * MILLION
    spans = _spans(years.to_frame().T)
    row = (say("setting.levers", lang), *_cells(years, spans))
    return Section(say("plan.of_scenario", lang), _columns(scenario, spans, lang), [row])


def _wide(table: pd.DataFrame) -> pd.DataFrame:
    """Returns the yen of all payers together, with a row for each arm and a column for each year."""
    return (
        table[table["payer"] == ALL]
        .pivot(index="arm", columns="year", values="value")
        .sort_index(axis=1)
    )


def _spans(wide: pd.DataFrame) -> list[Span]:
    """Returns the years one by one, or together where no amount changes by a yen."""
    found: list[Span] = []
    years: Iterable[Any] = wide.columns
    for year in years:
        same = found and ((wide[year] - wide[found[-1][0]]).abs() < 1).all()
        found = [*found[:-1], (found[-1][0], year)] if same else [*found, (year, year)]
    return found


def _cells(years: pd.Series, spans: list[Span]) -> list[str]:
    """Returns the amount of a year of each span, and the sum of all years."""
    return [*(exact(years[first]) for first, _ in spans), exact(years.sum())]


def _columns(base: Scenario, spans: list[Span], lang: str) -> tuple[str, ...]:
    before = base.start_year - 1
    years = (
        say(
            "plan.fiscal" if first == last else "plan.fiscals",
            lang,
            fiscal=before + first,
            last=before + last,
        )
        for first, last in spans
    )
    return (say("column.arm", lang), *years, say("page.t.total5", lang, years=base.years))
