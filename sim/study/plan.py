"""Posts and places that a scenario plans, by fiscal year and month by month: arithmetic, and no result
of a run.
"""

from __future__ import annotations

from typing import cast

import numpy as np
import pandas as pd

from sim.declared.funding import FUNDED, ORGANISATION
from sim.declared.levers import Practice, Step, practice_at
from sim.declared.vocabulary import POST_KINDS, WEEKS_PER_YEAR
from sim.economics.quantities import OWN_MIX, POSTS, PREFECTURE_MIX
from sim.model.posts import OWN_AGENCIES, post_groups, wanted_posts
from sim.scenario.funding import MONTH_STARTS, month_of_week, years_passed
from sim.scenario.scenario import Scenario

PLACE = "place"


def planned_amounts(scenario: Scenario) -> pd.DataFrame:
    """(year, id, mix, amount): post-years of all posts that a scenario wants, and place-years of
    the places that levers add.
    """
    names = _names(scenario)
    weeks, own = scenario.years * WEEKS_PER_YEAR, scenario.organisation.practice
    edges = sorted(
        {
            *range(0, weeks + 1, WEEKS_PER_YEAR),
            *(week for step in scenario.steps for week in _moves(step, weeks)),
        }
    )
    amounts = np.zeros((scenario.years, len(names)))
    for week, end in zip(edges, edges[1:], strict=False):
        wanted = _wanted(scenario, practice_at(own, scenario.steps, week))
        amounts[week // WEEKS_PER_YEAR] += wanted * (years_passed(end) - years_passed(week))
    table = pd.DataFrame(
        amounts,
        index=range(1, scenario.years + 1),
        columns=pd.MultiIndex.from_tuples(names),
    )
    table = table.T.groupby(level=[0, 1]).sum().rename_axis(index=["id", "mix"], columns="year")
    long = cast(pd.Series, table.stack())
    return long.rename("amount").reset_index()[["year", "id", "mix", "amount"]]


def planned_months(scenario: Scenario) -> pd.DataFrame:
    """(month, measure, id, mix, amount): post-years and place-years of each month (0 is the first
    April) by the lever that buys them; what the organisation has, its standing practice included,
    stands under ORGANISATION, and a lever has what it adds to that (below 0 where it takes away).
    Summed over measures and the months of a year it is `planned_amounts`.
    """
    weeks, own = scenario.years * WEEKS_PER_YEAR, scenario.organisation.practice
    starts = {
        year * WEEKS_PER_YEAR + start for year in range(scenario.years) for start in MONTH_STARTS
    }
    moves = (week for step in scenario.steps for week in _moves(step, weeks))
    edges = sorted({*starts, *moves, weeks})
    names, found = _names(scenario), []
    for week, end in zip(edges, edges[1:], strict=False):
        length = years_passed(end) - years_passed(week)
        month = month_of_week(week)
        practice = practice_at(own, scenario.steps, week)
        for measure, wanted in _by_measure(scenario, practice).items():
            found += [
                (month, measure, *name, number * length)
                for name, number in zip(names, wanted, strict=True)
                if number
            ]
    columns = ["month", "measure", "id", "mix", "amount"]
    table = pd.DataFrame(found, columns=columns)
    return table.groupby(columns[:-1], sort=False)["amount"].sum().reset_index()


def _by_measure(scenario: Scenario, practice: Practice) -> dict[str, np.ndarray]:
    """Posts and places wanted under a practice, by the lever that buys them: what each adds to the
    standing practice, whose posts and places are the organisation's.
    """
    standing = scenario.organisation.practice
    has = _wanted(scenario, standing)
    found = {ORGANISATION: has}
    for lever in FUNDED:
        if getattr(practice, lever) != getattr(standing, lever):
            alone = standing.model_copy(update={lever: getattr(practice, lever)})
            found[lever] = _wanted(scenario, alone) - has
    return found


def _names(scenario: Scenario) -> list[tuple[str, str]]:
    """Rows of the price book and their mix, in the order of `_wanted`."""
    posts = [
        (
            POSTS[POST_KINDS[group.kind]],
            PREFECTURE_MIX if _of_prefecture(scenario, group.agency) else OWN_MIX,
        )
        for group in post_groups(scenario)
    ]
    return [*posts, (PLACE, OWN_MIX)]


def _of_prefecture(scenario: Scenario, agency: int) -> bool:
    """Returns whether an agency is the prefecture's; of those that every town has and that follow
    the agencies listed, public assistance may be.
    """
    organisation = scenario.organisation
    owners = [one.owner for one in organisation.agencies]
    own = dict.fromkeys(OWN_AGENCIES, "municipality") | {
        "assistance": organisation.assistance.owner
    }
    return [*owners, *own.values()][agency] == "prefecture"


def _moves(step: Step, weeks: int) -> range:
    """Returns the weeks of the run in which a step moves something."""
    if step.start_week >= weeks:
        return range(0)
    return range(step.start_week, min(weeks, int(step.start_week + step.ramp_weeks) + 1) + 1)


def _wanted(scenario: Scenario, practice: Practice) -> np.ndarray:
    """Returns the posts wanted under a practice, group by group, then the places that levers add."""
    return np.append(
        wanted_posts(scenario, practice, scenario.organisation.assistance.posts or 0.0),
        practice.community.places + practice.participation.places,
    )
