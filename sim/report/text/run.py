"""The summary of a run: what was run, and its measures by year with their intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from sim.declared import declared
from sim.declared.declare import GRADES
from sim.declared.measure import FEWEST
from sim.report.text.listing import Section
from sim.scenario.scenario import Scenario
from sim.study.measures import (
    GROUPS,
    MEASURES,
    SHORT,
    Measure,
    households_of,
    measure,
    measures_by_year,
)
from sim.words import LANGUAGES, named, say

SHOWN = (1, 3, 5, 10)
LOOK = (*SHORT, "wait")


def run_heading(
    scenario: Scenario, seeds: Sequence[int], households: int, posts: float, lang: str
) -> list[str]:
    """Returns the first lines: town, organisation, years, seeds, and that this is a model."""
    people, organisation = scenario.people, scenario.organisation
    numbers = {
        "name": label(scenario.name, lang),
        "first": scenario.start_year,
        "years": scenario.years,
        "seeds": len(seeds),
        "list": seed_ranges(seeds),
    }
    town = {
        "town": label(people.name, lang),
        "population": f"{people.population:,}",
        "households": f"{households:,}",
        "ageing": f"{people.ageing_rate:.1%}",
        "organisation": label(organisation.name, lang),
        "posts": f"{posts:.1f}",
    }
    return [
        *trial(len(seeds), lang),
        say("summary.town", lang, **town),
        say("summary.run" if len(seeds) > 1 else "summary.run_one", lang, **numbers),
        say("summary.model", lang, **grades()),
        say("summary.interval" if len(seeds) > 1 else "summary.no_interval", lang),
    ]


def trial(seeds: int, lang: str) -> list[str]:
    """Returns the very first line where there are too few seeds to conclude anything; none where
    there are enough.
    """
    return [say("summary.trial", lang, seeds=seeds, fewest=FEWEST)] if seeds < FEWEST else []


def label(name: object, lang: str) -> str:
    """Returns a name in one language."""
    return getattr(name, lang)


def grades() -> dict[str, int]:
    """Returns how many parameters there are, and how many of each grade (the worst counts where
    there are two).
    """
    count = Counter(max(parameter.grade.split("/")) for parameter in declared().values())
    return {"number": sum(count.values()), **{grade: count[grade] for grade in GRADES}}


def seed_ranges(seeds: Sequence[int]) -> str:
    """Returns seeds in short, such as "1-5, 8"."""
    runs: list[list[int]] = []
    for seed in sorted(seeds):
        if runs and seed == runs[-1][-1] + 1:
            runs[-1].append(seed)
        else:
            runs.append([seed])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def first_look(town: pd.DataFrame, scenario: Scenario, lang: str) -> str:
    """Returns one line on a single seed: a few measures in its first and its last year."""
    values = measures_by_year(town, scenario.people.population, households_of(town)).set_index(
        ["year", "measure"]
    )["value"]
    last = scenario.years
    parts = [_change(measure(name), values[1, name], values[last, name], lang) for name in LOOK]
    return say(
        "run.first_look",
        lang,
        seed=int(town["seed"].iloc[0]),
        year=last,
        values=say("run.comma", lang).join(parts),
    )


def _change(one: Measure, first: float, last: float, lang: str) -> str:
    """Returns a measure's first and last value in words."""
    digits = decimals(max(abs(first), abs(last)))
    first_word, last_word = (cell(value, float("nan"), digits, lang) for value in (first, last))
    return say(
        "run.first_value",
        lang,
        name=label(one, lang),
        unit=named("unit", one.unit).say(lang),
        first=first_word,
        last=last_word,
    )


def years_shown(years: int) -> list[int]:
    """Returns the years 1, 3, 5 and 10 as far as they go, and the last."""
    return sorted({year for year in SHOWN if year <= years} | {years})


def run_sections(spread: pd.DataFrame, lang: str) -> list[Section]:
    """Returns the measures by group as tables of words. `spread` is the table of `over_seeds`."""
    years = years_shown(int(spread["year"].max()))
    shown = spread[spread["year"].isin(years)]
    rows = {
        str(name): row_of(measure(str(name)), of_one, lang)
        for name, of_one in shown.groupby("measure", sort=False)
    }
    titles = [
        *(say(f"summary.{name}", lang) for name in ("measure", "unit")),
        *(say("summary.year", lang, year=year) for year in years),
    ]
    groups = {
        group: [rows[one.name] for one in MEASURES if one.group == group and one.name in rows]
        for group in GROUPS
    }
    return [
        Section(say(f"group.summary.{group}", lang), tuple(titles), of_group)
        for group, of_group in groups.items()
    ]


def row_of(one: Measure, years: pd.DataFrame, lang: str) -> tuple[str, ...]:
    """Returns a measure with its unit and its values by year, all with as many decimals as the
    largest needs.
    """
    digits = decimals(years["mean"].abs().max())
    rows: Iterable[Any] = years.itertuples()
    return (
        label(one, lang),
        named("unit", one.unit).say(lang),
        *(cell(row.mean, row.high - row.mean, digits, lang) for row in rows),
    )


def cell(mean: float, half: float, digits: int, lang: str) -> str:
    """Returns a number with its interval, such as "12.3 ± 0.2"; a dash where there is nothing to
    count, and a bare 0 where nothing ever happens.
    """
    if pd.isna(mean):
        return say("unit.-", lang)
    if mean == 0 and not half > 0:
        return "0"
    return f"{mean:,.{digits}f}" + ("" if pd.isna(half) else f" ± {half:,.{digits}f}")


def decimals(size: float) -> int:
    """Returns how many decimals show three digits; none from 100 up."""
    return 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3


def summary_table(spread: pd.DataFrame) -> pd.DataFrame:
    """Returns all years and measures with names and units in both languages: the content of
    summary.csv.
    """
    about = {one.name: one for one in MEASURES}
    measures = [about[name] for name in spread["measure"]]
    words = {
        "ja": [one.ja for one in measures],
        "en": [one.en for one in measures],
        **{
            f"unit_{lang}": [named("unit", one.unit).say(lang) for one in measures]
            for lang in LANGUAGES
        },
        "better": [one.better for one in measures],
    }
    return pd.DataFrame(
        {
            "year": spread["year"],
            "measure": spread["measure"],
            **words,
            **{name: spread[name] for name in ("mean", "low", "high", "seeds")},
        }
    )
