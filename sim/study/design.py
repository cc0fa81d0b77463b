"""Which cells a comparison needs: arms x worlds x seeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sim.declared import declared
from sim.scenario.comparison import Comparison
from sim.scenario.scenario import Scenario, Trend
from sim.scenario.values import nulled

NO_EFFECT = -1  # in place of a world: every effect is at its null
DECLARED_VALUES = 0  # in place of a world: every parameter has the value that the scenario gives it
# what no world varies: the horizon, a convention of accounting whose values stand beside each other
# in every result, and a limit of the law that is read only where overtime is told
FIXED = ("town.horizon", "ledger.unseen_cost_share", "workforce.overtime_limit")


class DesignPoint(NamedTuple):
    """The position of a cell in a comparison: `world` is the number of a plausible world, or
    DECLARED_VALUES, or NO_EFFECT.
    """

    arm: str
    world: int
    seed: int


def design_points(
    comparison: Comparison, seeds: Iterable[int], world: int = DECLARED_VALUES
) -> list[DesignPoint]:
    """Returns every arm for each of `seeds`, seed by seed."""
    return [DesignPoint(arm.id, world, seed) for seed in seeds for arm in comparison.arms]


def world_points(comparison: Comparison, worlds: Iterable[int]) -> list[DesignPoint]:
    """Returns every arm in each of `worlds`, world by world; the seed is the world's number."""
    return [DesignPoint(arm.id, one, one) for one in worlds for arm in comparison.arms]


def times_posts(scenario: Scenario, factor: float) -> Scenario:
    """Returns the scenario with `factor` times the posts for each 100,000 residents; as it is where
    posts are given by number.
    """
    organisation = scenario.organisation
    if organisation.posts_per_100k is None or factor == 1.0:
        return scenario
    more = organisation.model_copy(update={"posts_per_100k": organisation.posts_per_100k * factor})
    return scenario.model_copy(update={"organisation": more})


def without_effects(scenario: Scenario) -> Scenario:
    """Returns the scenario as `effects = "none"` makes it."""
    return scenario.model_copy(
        update={"parameters": nulled(scenario.parameters, declared()), "effects": "none"}
    )


def with_draw(scenario: Scenario, draw: Mapping[str, float]) -> Scenario:
    """Returns the scenario with sampled parameters; values that it sets itself other than declared,
    nulls among them, stay.
    """
    plain = declared()
    free = {
        name: value
        for name, value in draw.items()
        if scenario.parameters[name] == plain[name].value
    }
    parameters = {**scenario.parameters, **free}
    drift = {
        name: parameters[f"population.trend_{name}"]
        for name in Trend.model_fields
        if getattr(scenario.trend, name) == scenario.parameters[f"population.trend_{name}"]
    }
    return scenario.model_copy(
        update={"parameters": parameters, "trend": scenario.trend.model_copy(update=drift)}
    )
