"""A smaller town with the same mix of people: posts, places, trials and conferences shrink with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from .comparison import Comparison
from .levers import LEVERS, Practice
from .scenario import Scenario
from .town import Organisation

SIZES = ("posts", "places", "per year", "per month")  # units of settings that grow with the town
Ground = TypeVar("Ground", Scenario, Comparison)


def smaller(source: Ground, population: int) -> Ground:
    """The scenario, or every arm of the comparison, in a town of `population` residents (1 or more), for a quick look.

    Shares, rates and districts stay; posts (those of the organisation too), places, trials and conferences are scaled. Numbers
    of people and events then come in steps, and luck weighs more: say the size beside the result. ValueError where a table of
    households fixes the size.
    """
    if isinstance(source, Comparison):
        return replace(source, arms=tuple(replace(arm, scenario=smaller(arm.scenario, population)) for arm in source.arms))
    if source.people.households is not None:
        raise ValueError(f"{source.people.id}: a table of households fixes the size of the town")
    share = population / source.people.population
    steps = tuple(step.model_copy(update={"settings": _scaled(step.lever, step.settings, share)}) for step in source.steps)
    people = type(source.people).model_validate({**source.people.model_dump(), "population": population})
    return source.model_copy(update={"people": people, "organisation": _organisation(source.organisation, share), "steps": steps})


def _organisation(organisation: Organisation, share: float) -> Organisation:
    agencies = tuple(agency.model_copy(update={"posts": {kind: number * share for kind, number in agency.posts.items()}})
                     for agency in organisation.agencies)
    practice = {lever: _scaled(lever, settings, share) for lever, settings in organisation.practice.model_dump().items()}
    return organisation.model_copy(update={"agencies": agencies, "practice": Practice.model_validate(practice)})


def _scaled(lever: str, settings: dict[str, Any], share: float) -> dict[str, Any]:
    """Settings of one lever with every size times `share`."""
    return {name: _times(value, share) if _unit(lever, name) in SIZES else value for name, value in settings.items()}


def _times(value: Any, share: float) -> Any:
    return {name: number * share for name, number in value.items()} if isinstance(value, dict) else value * share


def _unit(lever: str, name: str) -> str:
    return LEVERS[lever].model_fields[name].json_schema_extra["unit"]
