"""A lesson in plausible worlds, and with one parameter after the other at the ends of its range.

At every end the posts of the windows that wait are tuned anew (see `regions`); worlds bring theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.declared import declared
from sim.economics.costing import read_prices
from sim.files.toml import SHIPPED
from sim.lessons.files import PACK_TOWN, Lesson
from sim.scenario.comparison import Comparison
from sim.scenario.load import load
from sim.scenario.scenario import Claim
from sim.study import cells
from sim.study.calibrate import TARGET_LOAD
from sim.study.claims import gaps
from sim.study.compare import PRICES
from sim.study.design import DECLARED_VALUES, DesignPoint, with_draw, world_points
from sim.study.effort import StudySettings
from sim.study.gather import gather
from sim.study.regions import as_json_value, ends, region, retuned
from sim.study.shrink import smaller
from sim.study.store import read_cell
from sim.study.worlds import worlds_for

SEEDS_EACH = 2  # with which the load of a town is measured
Drawn = Mapping[int, Mapping[str, float]]


def regions_over_worlds(lesson: Lesson, asked: StudySettings) -> dict[str, Any] | None:
    """Returns the regions of the claims over plausible worlds; None without worlds or claims."""
    comparison = asked.reduce(lesson.comparison, asked.range_residents)
    if not asked.worlds or not comparison.claims:
        return None
    ensemble = worlds_for(comparison.base)
    wanted = {
        place: cells.Cell(
            ensemble.scenario(comparison.arm(place.arm).scenario, place.world), place.seed
        )
        for place in world_points(comparison, ensemble.numbers[: asked.worlds])
    }
    values = values_of(comparison, wanted, asked, f"{lesson.id}_worlds")
    if values is None:
        return None
    used = {world: ensemble.of(world) for world in sorted(values["world"].unique())}
    return {
        "asked": asked.worlds,
        "used": len(used),
        "residents": comparison.base.people.population,
        "claims": [as_json_value(region(values, claim, used)) for claim in comparison.claims],
    }


def over_ends(lesson: Lesson, asked: StudySettings) -> dict[str, Any] | None:
    """Returns the verdict on each claim with each parameter that the file supposes to be decisive
    at either end of its range, others as declared.

    None where the file supposes nothing, claims nothing, or not one parameter has both its ends
    finished.
    """
    comparison = asked.reduce(lesson.comparison, asked.range_residents)
    at = dict(enumerate(ends_of(lesson), start=1))
    if not at or not comparison.claims:
        return None
    loads = waiting_loads({DECLARED_VALUES: {}, **at}, asked)
    usual = loads.pop(DECLARED_VALUES, None)
    relative = (
        {}
        if usual is None
        else {number: TARGET_LOAD * found / usual for number, found in loads.items()}
    )
    wanted = {
        DesignPoint(arm.id, number, seed): cells.Cell(
            retuned(with_draw(arm.scenario, at[number]), relative[number]), seed
        )
        for number in relative
        for seed in range(1, asked.end_seeds + 1)
        for arm in comparison.arms
    }
    values = values_of(comparison, wanted, asked, f"{lesson.id}_ends")
    if values is None:
        return None
    whole = set(values["world"].unique())
    pairs = [(low, low + 1) for low in range(1, len(at), 2) if {low, low + 1} <= whole]
    if not pairs:
        return None

    claims = [[_at_ends(values, at, claim, *pair) for pair in pairs] for claim in comparison.claims]
    return {
        "residents": comparison.base.people.population,
        "seeds": asked.end_seeds,
        "claims": claims,
    }


def _at_ends(
    values: pd.DataFrame, at: dict[int, dict[str, float]], claim: Claim, low: int, high: int
) -> dict[str, Any]:
    """Returns the verdict on a claim with a parameter at its ends, of the numbers `low` and `high`
    in `at`.
    """
    at_low, at_high = (gaps(values[values["world"] == number], claim) for number in (low, high))
    (name, least), (_, most) = (next(iter(at[number].items())) for number in (low, high))
    found = ends(at_low, at_high, claim)
    return {"parameter": name, "at_low": least, "at_high": most} | as_json_value(found)


def ends_of(lesson: Lesson) -> list[dict[str, float]]:
    """Returns each parameter that the file supposes to be decisive at the low, then at the high end
    of its graded range.
    """
    known = declared()
    return [
        {name: float(end)}
        for name in lesson.supposed
        for end in (known[name].low, known[name].high)
    ]


def values_of(
    comparison: Comparison,
    wanted: Mapping[DesignPoint, cells.Cell],
    asked: StudySettings,
    id: str,
) -> pd.DataFrame | None:
    """Returns the values of those parameter sets of `wanted` that are finished in all arms and
    seeds; None without one.
    """
    folders = asked.simulated(wanted, id)
    short = {place.world for place in wanted if place not in folders}
    whole = {place: folder for place, folder in folders.items() if place.world not in short}
    return gather(comparison, whole, wanted, read_prices(PRICES)).values if whole else None


def waiting_loads(drawn: Drawn, asked: StudySettings) -> dict[int, float]:
    """Returns the mean load of the windows that wait, by parameter sample, with the posts of the
    declared values; samples that were not simulated are left out.
    """
    scenario = load(SHIPPED / "base.toml", overrides={"town": f"towns/{PACK_TOWN}.toml"})
    if asked.range_residents is not None:
        scenario = smaller(scenario, asked.range_residents)
    if asked.years is not None:
        scenario = scenario.model_copy(update={"years": asked.years})
    wanted = {
        DesignPoint("", draw, seed): cells.Cell(with_draw(scenario, draws), seed)
        for draw, draws in drawn.items()
        for seed in range(1, SEEDS_EACH + 1)
    }
    folders = asked.simulated(wanted, "draws")
    means = {
        place: float(read_cell(folder, "town")["load"].to_numpy().mean())
        for place, folder in folders.items()
    }
    of_draw = {
        world: [mean for place, mean in means.items() if place.world == world] for world in drawn
    }
    return {
        draw: sum(found) / SEEDS_EACH for draw, found in of_draw.items() if len(found) == SEEDS_EACH
    }
