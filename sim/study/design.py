"""Which cells a comparison needs: arms x parameter samples x seeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sim.declared import declared
from sim.scenario.comparison import Comparison
from sim.scenario.scenario import Scenario, Trend
from sim.scenario.values import nulled
from sim.study.cells import Cell
from sim.study.draws import parameter_draws

# the number of the draw in which every effect is at its null, and the rest as the scenario has it
NO_EFFECT = -1
DECLARED_VALUES = (
    0  # the number of the draw in which every parameter has the value that the scenario gives it
)
SEEDS_EACH = 2  # seeds per parameter sample; one could not separate the sources of variation
DRAWS_SEED = 1
FIXED = ("town.horizon",)


class DesignPoint(NamedTuple):
    """The position of a cell in a comparison."""

    arm: str
    draw: int
    seed: int


def design_points(
    comparison: Comparison, seeds: Iterable[int], draw: int = DECLARED_VALUES
) -> list[DesignPoint]:
    """Returns every arm for each of `seeds`, seed by seed."""
    return [DesignPoint(arm.id, draw, seed) for seed in seeds for arm in comparison.arms]


def sampled(count: int) -> dict[int, dict[str, float]]:
    """`count` samples of all graded parameters by their number, from 1; every call gives the same
    ones.
    """
    return (
        dict(enumerate(parameter_draws(declared(), count, DRAWS_SEED, FIXED), start=1))
        if count
        else {}
    )


def cell_of(
    comparison: Comparison,
    place: DesignPoint,
    drawn: Mapping[int, Mapping[str, float]],
    posts: Mapping[int, float],
) -> Cell:
    """Returns the cell at a design point; `posts` by parameter sample multiplies the posts that its
    organisation is given by rate.
    """
    scenario = comparison.arm(place.arm).scenario
    if place.draw == NO_EFFECT:
        return Cell(without_effects(scenario), place.seed)
    if place.draw == DECLARED_VALUES:
        return Cell(scenario, place.seed)
    return Cell(
        times_posts(with_draw(scenario, drawn[place.draw]), posts.get(place.draw, 1.0)), place.seed
    )


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
