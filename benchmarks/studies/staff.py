"""How needs answer to staff, link by link: `python -m benchmarks.studies.staff [--worlds 12]`.

The same town without policy lives in plausible worlds with a half to twice its posts, for fifteen
years of run-in and eight more. The chain from posts to compounded households is told in its links:
posts -> load -> who is in support, by level of need -> dose -> what support adds to the recovery
of a supported need -> needs that end through support, of all that end -> households that become
compounded, crises, relapses. A link is thin where the one before it moves and it does not.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import t

from benchmarks.studies.arms import in_pool, parser, reference_town
from sim.declared.vocabulary import FIELDS, OPEN, WEEKS_PER_YEAR
from sim.model.course import Course
from sim.model.kept import IN_SUPPORT, KNOWN
from sim.scenario.scenario import Scenario
from sim.study.design import times_posts
from sim.study.measures import measures_by_year
from sim.study.worlds import plausible

FACTORS = (0.5, 0.7, 0.85, 1.0, 1.25, 1.6, 2.0)
YEARS, FIRST = 8, 3
EVERY = 13  # weeks from one look at the needs to the next
LEVELS = ("latent", "manifest", "severe")
MEASURES = (
    "load",
    "exhaustion",
    "vacancies",
    "new_consultations",
    "wait",
    "door_wait",
    "open_cases",
    "lapsed",
    "compounded",
    "inflow_compounded",
    "unseen",
    "unseen_compounded",
    "crises",
    "came_back",
    "onsets",
)


def looked_at(course: Course) -> dict[str, float]:
    """Of the needs of this week by level: the share with an open case, the mean dose of those, what
    support adds to their recovery (1/year), and that over all needs of the level.
    """
    needs = course.state.needs
    told = {}
    for at, name in enumerate(LEVELS, start=1):
        mine, held = needs.level == at, (needs.level == at) & (needs.case == OPEN)
        count = max(1, np.count_nonzero(held))
        told[f"in support: {name}"] = np.count_nonzero(held) / max(1, np.count_nonzero(mine))
        told[f"dose: {name}"] = float(needs.dose[held].sum()) / count
        told[f"aid: {name}"] = float(needs.aid[held].sum()) / count
    stages = course.state.stages.reshape(-1, 4, len(KNOWN)).sum(axis=0)
    told["households in support: compounded"] = stages[3, IN_SUPPORT] / max(1, stages[3].sum())
    return told


def lived(task: tuple[Scenario, int, float]) -> dict[str, float]:
    """One run: means over its years from FIRST on."""
    scenario, seed, factor = task
    course, looks = Course(scenario, seed), []
    while course.running:
        course.step()
        if course.week > (FIRST - 1) * WEEKS_PER_YEAR and course.week % EVERY == 0:
            looks.append(looked_at(course))
    table = course.table
    late = table[table["week"] >= (FIRST - 1) * WEEKS_PER_YEAR]
    homes = course.state.households.rows
    yearly = measures_by_year(table, scenario.people.population, homes)
    means = yearly[yearly["year"] >= FIRST].groupby("measure")["value"].mean()
    ended = {
        name: float(late[[f"{name}_{field}" for field in FIELDS]].to_numpy().sum())
        for name in ("resolved", "recoveries")
    }
    share = ended["resolved"] / max(1.0, ended["resolved"] + ended["recoveries"])
    told = {"factor": factor, "seed": seed, **{name: means[name] for name in MEASURES}}
    return told | pd.DataFrame(looks).mean().to_dict() | {"ended by support": share}


def table_of(rows: list[dict[str, float]]) -> pd.DataFrame:
    """A row a link, a column a factor on the posts: means over the worlds, and last how much the
    link moves from half the posts to all of them, over its mean, with half of its 95 % interval over worlds.
    """
    frame = pd.DataFrame(rows).set_index(["factor", "seed"])
    means = frame.groupby("factor").mean().T
    change = (frame.loc[1.0] - frame.loc[0.5]) / frame.loc[1.0].mean()
    error = t.ppf(0.975, len(change) - 1) * change.std(ddof=1) / np.sqrt(len(change))
    return means.assign(**{".5 -> 1": change.mean(), "+-": error})


def main() -> None:
    """Live all runs and print the table."""
    given = parser(__doc__).parse_args()
    worlds, plain = plausible(), reference_town(given.residents, YEARS)
    tasks = [
        (times_posts(worlds.scenario(plain, world), factor), world, factor)
        for factor in FACTORS
        for world in worlds.numbers[: given.worlds]
    ]
    rows = in_pool(lived, tasks, given.workers)
    print(table_of(rows).round(3).to_string())


if __name__ == "__main__":
    main()
