"""The summary of a run: what was run, and its measures by year with their intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from ..experiment.measures import GROUPS, MEASURES
from ..scenario.complete import Section
from ..scenario.parameters import declared
from ..scenario.scenario import Scenario
from ..words import named, say

SHOWN = (1, 3, 5, 10)
GRADES = ("A", "B", "C", "D")


def heading(scenario: Scenario, seeds: Sequence[int], households: int, posts: float, lang: str) -> list[str]:
    """The first lines: town, organisation, years, seeds, and that this is a model."""
    people, organisation = scenario.people, scenario.organisation
    numbers = {"name": label(scenario.name, lang), "first": scenario.start_year, "years": scenario.years,
               "seeds": len(seeds), "list": listed(seeds)}
    return [
        say("summary.town", lang, town=label(people.name, lang), population=f"{people.population:,}", households=f"{households:,}",
            ageing=f"{people.ageing_rate:.1%}", organisation=label(organisation.name, lang), posts=f"{posts:.1f}"),
        say("summary.run" if len(seeds) > 1 else "summary.run_one", lang, **numbers),
        say("summary.model", lang, **grades()),
        say("summary.interval" if len(seeds) > 1 else "summary.no_interval", lang),
    ]


def label(name: object, lang: str) -> str:
    """A name in one language."""
    return getattr(name, lang)


def grades() -> dict[str, int]:
    """How many parameters there are, and how many of each grade (the worst counts where there are two)."""
    count = Counter(max(parameter.grade.split("/")) for parameter in declared().values())
    return {"number": sum(count.values()), **{grade: count[grade] for grade in GRADES}}


def listed(seeds: Sequence[int]) -> str:
    """Seeds in short: "1-5, 8"."""
    runs: list[list[int]] = []
    for seed in sorted(seeds):
        if runs and seed == runs[-1][-1] + 1:
            runs[-1].append(seed)
        else:
            runs.append([seed])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def years_shown(years: int) -> list[int]:
    """Years 1, 3, 5, 10 as far as they go, and the last."""
    return sorted({year for year in SHOWN if year <= years} | {years})


def sections(spread: pd.DataFrame, lang: str) -> list[Section]:
    """The measures by group as tables of words. `spread` is the table of `over_seeds`."""
    years = years_shown(int(spread["year"].max()))
    cells = {(row.measure, row.year): cell(row.mean, row.high - row.mean, lang) for row in spread.itertuples()}
    titles = (*(say(f"summary.{name}", lang) for name in ("measure", "unit")), *(say("summary.year", lang, year=year) for year in years))
    return [Section(say(f"group.summary.{group}", lang), titles,
                    [(label(one, lang), named("unit", one.unit).say(lang), *(cells[one.name, year] for year in years))
                     for one in MEASURES if one.group == group]) for group in GROUPS]


def cell(mean: float, half: float, lang: str) -> str:
    """A number with its interval: "12.3 ± 0.2"; a dash where there is nothing to count."""
    if pd.isna(mean):
        return say("summary.nothing", lang)
    digits = decimals(max(abs(mean), 0 if pd.isna(half) else half))
    return f"{mean:,.{digits}f}" + ("" if pd.isna(half) else f" ± {half:,.{digits}f}")


def decimals(size: float) -> int:
    """Decimals that show three digits, none from 100 up."""
    return 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 or size == 0 else 3


def table(spread: pd.DataFrame) -> pd.DataFrame:
    """All years and measures with names and units in both languages: the content of summary.csv."""
    about = {one.name: one for one in MEASURES}
    measures = [about[name] for name in spread["measure"]]
    words = {"ja": [one.ja for one in measures], "en": [one.en for one in measures],
             "unit_ja": [named("unit", one.unit).say("ja") for one in measures], "unit_en": [named("unit", one.unit).say("en") for one in measures],
             "better": [one.better for one in measures]}
    return pd.DataFrame({"year": spread["year"], "measure": spread["measure"], **words,
                         **{name: spread[name] for name in ("mean", "low", "high", "seeds")}})
