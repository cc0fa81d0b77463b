"""A scenario in a town of another size: amounts of the whole town go with its residents, shares and
rates stay.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from sim.declared.levers import LEVERS, Practice, setting_declaration
from sim.scenario.comparison import Comparison
from sim.scenario.scenario import Scenario
from sim.towns.town import MOST_DISTRICTS, Organisation, People

SIZES = ("posts", "places", "per year")  # units of settings that grow with the town
COVERED = (
    "districts",
)  # units that shrink as it grows, so that the same share of the districts is covered
DESK_HOURS = {"linked_desks": ("hours",)}  # hours of a whole desk, whose staff is scaled
HOURS = (
    "coordination.hours_mediation",
    "coordination.hours_authority",
    "coordination.hours_personnel",
)  # likewise
SITTINGS = "coordination.review_sittings"
Ground = TypeVar("Ground", Scenario, Comparison)


class Scale(NamedTuple):
    """How a town differs from that of the scenario: residents and districts as multiples of its, and
    whether conferences keep their number.
    """

    share: float
    rhythm: bool
    districts: float = 1.0


def smaller(source: Ground, population: int) -> Ground:
    """The scenario `source`, or every arm of the comparison, in a town of `population` residents; unchanged
    where it has no more.

    Posts, places, trials, counted households and hours of a whole desk are scaled. Conferences keep
    their number, which makes desks familiar: a review takes so much less time, and so many more
    sittings make a plan. Where they triage, in one sitting, or a case would have less than a
    minute, there are fewer conferences instead. Numbers of people and events then come in steps,
    and luck weighs more: say the size beside the result. ValueError where `population` is below 1.
    """
    if isinstance(source, Comparison):
        return replace(
            source,
            arms=tuple(
                replace(arm, scenario=smaller(arm.scenario, population)) for arm in source.arms
            ),
        )
    if population < 1:
        raise ValueError(f"{population}: a town has at least one resident")
    share = population / source.people.population
    return source if share >= 1 else _scaled_town(source, share)


def resized(scenario: Scenario, people: People) -> Scenario:
    """The scenario with other people in place of its own, in a town of their number: what `smaller`
    scales is scaled in the same way, up or down, so that a resident has as much of everything.

    Districts that a worker covers go with the districts for each resident, so that the same share
    is covered. No agency may name the districts that it serves.
    """
    share = people.population / scenario.people.population
    districts = len(people.districts) / len(scenario.people.districts)
    scale = Scale(share, _keeps_rhythm(scenario, share), districts)
    return _at_scale(scenario, people, scale)


def _scaled_town(scenario: Scenario, share: float) -> Scenario:
    scale = Scale(share, _keeps_rhythm(scenario, share))
    return _at_scale(scenario, _people(scenario.people, share), scale)


def _at_scale(scenario: Scenario, people: People, scale: Scale) -> Scenario:
    steps = tuple(
        step.model_copy(update={"settings": _scaled(step.lever, step.settings, scale)})
        for step in scenario.steps
    )
    hours = {name: scenario.parameters[name] * scale.share for name in HOURS}
    sittings = {SITTINGS: scenario.parameters[SITTINGS] / scale.share} if scale.rhythm else {}
    return scenario.model_copy(
        update={
            "people": people,
            "steps": steps,
            "parameters": scenario.parameters | hours | sittings,
            "organisation": _organisation(scenario.organisation, scale),
        }
    )


def _keeps_rhythm(scenario: Scenario, share: float) -> bool:
    """Whether conferences keep their number: nothing triages, and the minutes for each case are as
    many as the setting may have (one at least).
    """
    ever = [step.settings for step in scenario.steps if step.lever == "coordination"]
    ever.append(scenario.organisation.practice.coordination.model_dump())
    limits = LEVERS["coordination"].model_fields["minutes"].metadata
    least = next(one.ge for one in limits if hasattr(one, "ge"))
    most = next(one.le for one in limits if hasattr(one, "le"))
    minutes = [one["minutes"] * share for one in ever if "minutes" in one]
    return all(one.get("track") != "triage" for one in ever) and all(
        least <= one <= most for one in minutes
    )


def _scaled(lever: str, settings: dict[str, Any], scale: Scale) -> dict[str, Any]:
    """Settings of one lever with every amount of the whole town scaled."""
    scaled = {name: _times(value, _factor(lever, name, scale)) for name, value in settings.items()}
    return {
        name: min(value, MOST_DISTRICTS) if _unit(lever, name) in COVERED else value
        for name, value in scaled.items()
    }


def _unit(lever: str, name: str) -> str:
    return setting_declaration(lever, name)["unit"]


def _factor(lever: str, name: str, scale: Scale) -> float:
    unit = _unit(lever, name)
    scaled = (
        unit in SIZES
        or name in DESK_HOURS.get(lever, ())
        or unit == ("minutes" if scale.rhythm else "per month")
    )
    covered = scale.districts / scale.share if unit in COVERED else 1.0
    return scale.share if scaled else covered


def _times(value: Any, factor: float) -> Any:
    if factor == 1.0:
        return value
    return (
        {name: number * factor for name, number in value.items()}
        if isinstance(value, dict)
        else value * factor
    )


def _people(people: People, share: float) -> People:
    districts = tuple(
        one.model_copy(update={"places": one.places * share}) for one in people.districts
    )
    counted = people.households and {
        district: {kind: round(number * share) for kind, number in kinds.items()}
        for district, kinds in people.households.items()
    }
    population = round(people.population * share)
    return people.model_copy(
        update={"population": population, "districts": districts, "households": counted}
    )


def _organisation(organisation: Organisation, scale: Scale) -> Organisation:
    agencies = tuple(
        agency.model_copy(update={"posts": _times(agency.posts, scale.share)})
        for agency in organisation.agencies
    )
    office = organisation.assistance
    if office.posts is not None:
        office = office.model_copy(update={"posts": office.posts * scale.share})
    practice = {
        lever: _scaled(lever, settings, scale)
        for lever, settings in organisation.practice.model_dump().items()
    }
    return organisation.model_copy(
        update={
            "agencies": agencies,
            "assistance": office,
            "practice": Practice.model_validate(practice),
        }
    )
