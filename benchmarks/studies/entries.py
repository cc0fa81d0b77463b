"""Who the households are that become compounded: `python -m benchmarks.studies.entries`.

The inflow counts every time that a household becomes compounded. An arm may raise it although fewer
households are compounded, where support makes them lighter and they become compounded again. For
the arms of `scenarios/spirals.toml`, over ten years, against the reference with the same luck:
entries, of them those of households that were compounded within the last two years, households that
were ever compounded, and the mean weeks that an entry lasts (weeks compounded over entries).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.studies.arms import in_pool, parser
from sim import smaller
from sim.declared.vocabulary import COMPOUNDED, WEEKS_PER_YEAR
from sim.model.course import Course
from sim.model.transitions import stage
from sim.scenario.arms import read_comparison
from sim.scenario.scenario import Scenario
from sim.study.worlds import worlds_for

AGAIN = 2 * WEEKS_PER_YEAR  # weeks within which an entry is one of a household that comes back
LONG_AGO = -(10**6)


def lived(task: tuple[str, Scenario, int]) -> dict[str, float | str]:
    """One run: entries, those of who came back, households ever compounded, weeks of an entry."""
    arm, scenario, seed = task
    course = Course(scenario, seed)
    homes = course.state.households
    left = np.full(homes.rows, LONG_AGO)  # week in which it last ceased to be compounded
    who, before = homes.occupant.copy(), stage(course.state) == COMPOUNDED
    ever = {(row, who[row]) for row in np.flatnonzero(before)}
    entries = again = weeks = 0
    while course.running:
        course.step()
        now, moved = stage(course.state) == COMPOUNDED, homes.occupant != who
        before[moved], left[moved], who = False, LONG_AGO, homes.occupant.copy()
        came = np.flatnonzero(now & ~before)
        entries += came.size
        again += int((left[came] > course.week - AGAIN).sum())
        ever.update((row, who[row]) for row in came)
        left[before & ~now], weeks, before = course.week, weeks + int(now.sum()), now
    return {
        "arm": arm,
        "seed": seed,
        "entries": entries,
        "of households that come back": again,
        "first entries": entries - again,
        "households ever compounded": len(ever),
        "weeks compounded": weeks,
        "weeks an entry": weeks / max(1, entries),
    }


def main() -> None:
    """Live the arms in worlds and print differences from the reference, in % of it."""
    given = parser(__doc__).parse_args()
    comparison = smaller(read_comparison(["scenarios/spirals.toml"]), given.residents)
    worlds = worlds_for(comparison.base)
    tasks = [
        (arm.id, worlds.scenario(arm.scenario, world), world)
        for world in worlds.numbers[: given.worlds]
        for arm in comparison.arms
    ]
    found = pd.DataFrame(in_pool(lived, tasks, given.workers)).set_index(["arm", "seed"])
    usual = found.loc[comparison.reference]
    print(usual.mean().round(1).to_string())
    for arm in found.index.unique("arm").drop(comparison.reference):
        percent = 100 * (found.loc[arm] - usual) / usual.mean()
        half = 1.96 * percent.std(ddof=1) / np.sqrt(len(percent))
        print(f"\n{arm}: difference, % of the reference (+- 95 % over worlds)")
        print(pd.DataFrame({"mean": percent.mean(), "+-": half}).round(2).to_string())


if __name__ == "__main__":
    main()
