"""What the model says of things that no target was matched to (of seats of commissioners the level was,
and only their path is a prediction), so that it can be judged:
`python -m benchmarks.studies.predictions [--worlds 12]`.

Each line is lived in the reference town of national composition at declared values and in plausible
worlds, and told as a mean over runs with the range that holds nine of ten. Nothing here is tuned.

1. Seats of commissioners over ten years, isolated deaths, who discovers crises: without any policy.
2. Visits from door to door: two full posts that visit without a list.
3. An outreach programme of two posts, as the role is declared: contacts and hours in years 1 to 3.
4. All early help cut by two fifths for five years.
5. A recession whose onset factors are scaled until new consultations on poverty average three times
   the ordinary for twelve months.
6. Twenty towns of 5,000 to 300,000 residents that start two conferences a month and a promoter of
   multi-agency work for every 50,000 residents: joint cases in year 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pandas as pd

from benchmarks.studies.arms import in_pool, parser, reference_town, with_levers
from sim.declared.records import CRISIS_IDS
from sim.declared.vocabulary import FIELDS, ROUTES
from sim.scenario.onset import STRONGEST, Onset
from sim.scenario.scenario import Event, Scenario
from sim.study.cells import live
from sim.study.worlds import plausible

YEARS, POSTS = 10, 2.0
SIZES = tuple(int(round(size, -3)) for size in np.geomspace(5_000, 300_000, 20))
THREE_TIMES, WHOLE_YEAR, HALVINGS = 3.0, 52, 7
ONSETS = tuple(f"onsets_{field}" for field in FIELDS)
Told = dict[str, float]


def year_of(table: pd.DataFrame, year: int, *columns: str) -> float:
    """The sum of columns over a year, counted from 1."""
    weeks = table[(table["week"] // WHOLE_YEAR + 1) == year]
    return float(weeks[list(columns)].to_numpy().sum())


def mean_of(table: pd.DataFrame, year: int, column: str) -> float:
    """The mean of a stock over a year, counted from 1."""
    return year_of(table, year, column) / WHOLE_YEAR


def without_policy(scenario: Scenario, seed: int) -> Told:
    """Seats, isolated deaths, and who discovers crises."""
    table, hundred = live(scenario, seed)["town"], 100_000 / scenario.people.population
    crises = [f"crises_{kind}" for kind in CRISIS_IDS]
    every = sum(year_of(table, year, *crises) for year in range(1, YEARS + 1))
    unseen = sum(year_of(table, year, "crises_unseen") for year in range(1, YEARS + 1))
    deaths = sum(
        year_of(table, year, "crises_crisis_isolated_death") for year in range(1, YEARS + 1)
    )
    first = {
        route: sum(year_of(table, year, f"first_contacts_{route}") for year in range(1, YEARS + 1))
        for route in ROUTES
    }
    told = {
        f"seats filled, year {year} (%)": 100
        * mean_of(table, year, "commissioners")
        / mean_of(table, year, "seats")
        for year in (1, 5, 10)
    }
    told["isolated deaths (per 100,000 a year)"] = deaths * hundred / YEARS
    told["crises (per 100,000 a year)"] = every * hundred / YEARS
    told["crises of households not in support (%)"] = 100 * unseen / max(every, 1)
    whole = sum(first.values())
    for route, count in first.items():
        told[f"first contacts: {route} (%)"] = 100 * count / max(whole, 1)
    return told


def door_to_door(scenario: Scenario, seed: int) -> Told:
    """Visits without a list: of 1,000, how many find a household in need, and how many accept."""
    levers: dict[str, dict] = {
        "outreach_worker": {"fte": POSTS, "mix": "visiting"},
        "outreach": {"targeting": "untargeted"},
    }
    table = live(with_levers(scenario, levers, years=3), seed)["town"]
    visits = table["visits"].sum()
    return {
        f"door to door: {name} of 1,000 visits": 1000 * table[column].sum() / visits
        for name, column in (
            ("to households in need", "visits_in_need"),
            ("found", "found"),
            ("linked to support", "accepted"),
        )
    } | {"door to door: visits a post and year": visits / POSTS / 3}


def programme(scenario: Scenario, seed: int) -> Told:
    """An outreach programme: contacts and hours in years 1 to 3."""
    levers: dict[str, dict] = {
        "outreach_worker": {"fte": POSTS},
        "outreach": {"targeting": {"tips": 0.4, "list": 0.6}},
    }
    table = live(with_levers(scenario, levers, years=3), seed)["town"]
    columns = {
        "visits": "visits",
        "households found": "found",
        "households that accept": "accepted",
        "hours of visiting": "hours_outreach",
    }
    return {
        f"outreach programme of 2 posts, year {year}: {name}": year_of(table, year, column)
        for year in (1, 2, 3)
        for name, column in columns.items()
    }


def cut(scenario: Scenario, seed: int) -> Told:
    """Two fifths of all posts gone for five years, against the same town without the cut (%)."""
    gone = Event(kind="budget_cut", week=0, weeks=5 * WHOLE_YEAR, size=0.4)
    tables = [
        live(one, seed)["town"]
        for one in (scenario, scenario.model_copy(update={"events": (gone,)}))
    ]
    for table in tables:
        table["compounded in support"] = table["households_compounded"] - table["unseen_compounded"]
    plain, found = tables
    columns = ("households_compounded", "compounded in support", "open_cases", "exhaustion")
    return {
        f"early help cut by two fifths, year {year}: {column} (% of that without)": 100
        * mean_of(found, year, column)
        / max(mean_of(plain, year, column), 1e-9)
        for year in (1, 5, 7)
        for column in columns
    }


def in_recession(scenario: Scenario, seed: int, scale: float) -> pd.DataFrame:
    """The weeks of a town whose onset of poverty rises in year 3 by `scale` times the declared rise."""
    rise = {"latent": 1 + 0.27 * scale, "manifest": 1 + 0.52 * scale}
    event = Event(
        kind="recession",
        week=2 * WHOLE_YEAR,
        weeks=WHOLE_YEAR,
        onset=Onset.model_validate({"poverty": rise}),
    )
    return live(scenario.model_copy(update={"events": (event,)}), seed)["town"]


def recession(scenario: Scenario, seed: int) -> Told:
    """The scale of the onset factors at which poverty consultations average three times the ordinary
    for a year, to about a fortieth above, and what comes of it. Where the strongest shock that a file
    may hold is not enough, it is told as the strongest, and not as reached.
    """
    scenario = scenario.model_copy(update={"years": 5})
    plain, column = live(scenario, seed)["town"], "consultations_new_poverty"
    ordinary = max(year_of(plain, 3, column), 1.0)
    low, scale = 16.0, (STRONGEST - 1) / 0.52
    found = in_recession(scenario, seed, scale)
    reached = year_of(found, 3, column) >= THREE_TIMES * ordinary
    for _halving in range(HALVINGS if reached else 0):
        between = float(np.sqrt(low * scale))
        tried = in_recession(scenario, seed, between)
        if year_of(tried, 3, column) >= THREE_TIMES * ordinary:
            scale, found = between, tried
        else:
            low = between
    told: Told = {
        "recession: scale of the declared rise of onset": scale,
        "recession: three times is reached (share of runs)": float(reached),
        "recession: needs that begin in the year (% of residents)": 100
        * year_of(found, 3, *ONSETS)
        / scenario.people.population,
    }
    for name, year in (("during", 3), ("two years later", 5)):
        told[f"recession, {name}: new poverty consultations (ratio)"] = (
            year_of(found, year, column) / ordinary
        )
        for stock in ("households_compounded", "assistance_weeks", "load"):
            told[f"recession, {name}: {stock} (% of that without)"] = (
                100 * mean_of(found, year, stock) / max(mean_of(plain, year, stock), 1e-9)
            )
    return told


def scheme(size: int, seed: int) -> Told:
    """A town that starts to coordinate: households brought, and plans begun, in year 1."""
    levers: dict[str, dict] = {
        "inclusion_promoter": {"fte": size / 50_000},
        "coordination": {"hub": "backup", "conferences": 2.0, "track": "review"},
    }
    table = live(with_levers(reference_town(size, 1), levers), seed)["town"]
    brought = table["brought"].sum()
    return {
        f"joint cases in year 1, town of {size:,}": brought,
        "joint cases in year 1 (per 100,000)": brought * 100_000 / size,
        "joint plans in year 1 (per 100,000)": table["plans_begun"].sum() * 100_000 / size,
    }


STUDIES: tuple[Callable[[Scenario, int], Told], ...] = (
    without_policy,
    door_to_door,
    programme,
    cut,
    recession,
)


def lived(task: tuple[Callable[..., Told], object, int]) -> Told:
    """One prediction of one run."""
    study, about, seed = task
    return study(about, seed)


def tasks(worlds: int, residents: int, only: list[str]) -> Iterator[tuple[str, tuple]]:
    """Every prediction at declared values with as many seeds as there are worlds, and in worlds;
    `only` those named, if any.
    """
    known, plain = plausible(), reference_town(residents, YEARS)
    for study in (each for each in STUDIES if not only or each.__name__ in only):
        for number in known.numbers[:worlds]:
            yield "declared", (study, plain, number)
            yield "worlds", (study, known.scenario(plain, number), number)
    for number, size in enumerate(SIZES, start=1) if not only or scheme.__name__ in only else ():
        yield "declared", (scheme, size, number)


def summary(rows: list[tuple[str, Told]]) -> pd.DataFrame:
    """A row a prediction: mean and range (5-95 %) at declared values and over worlds."""
    frame = pd.DataFrame(
        [(kind, name, value) for kind, told in rows for name, value in told.items()],
        columns=["kind", "what", "value"],
    )
    by = frame.groupby(["what", "kind"], sort=False)["value"]
    table = by.agg(
        mean="mean",
        low=partial(pd.Series.quantile, q=0.05),
        high=partial(pd.Series.quantile, q=0.95),
        runs="size",
    )
    return table.unstack("kind").swaplevel(axis=1).sort_index(axis=1, level=0, sort_remaining=False)


def main() -> None:
    """Live everything and print the table."""
    asked = parser(__doc__)
    names = [study.__name__ for study in (*STUDIES, scheme)]
    asked.add_argument("--only", nargs="*", default=[], choices=names)
    given = asked.parse_args()
    every = list(tasks(given.worlds, given.residents, given.only))
    found = in_pool(lived, [task for _kind, task in every], given.workers)
    rows = list(zip([kind for kind, _task in every], found, strict=True))
    print(summary(rows).round(2).to_string())


if __name__ == "__main__":
    main()
