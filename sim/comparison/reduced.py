"""A comparison in a smaller town: the same shares, rates and rhythms, every absolute amount scaled with the residents."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import Any

from ..scenario.comparison import Comparison
from ..scenario.errors import fault
from ..scenario.levers import Practice
from ..scenario.scenario import Scenario
from ..scenario.town import Organisation, People
from ..words import Phrase

# Amounts of a whole town, by lever: posts, places, trials, and hours of each agency (whose staff is scaled).
AMOUNTS = {"staffing": ("caseworkers",), "outreach": ("fte",), "participation": ("fte", "places"),
           "community": ("coordinators", "places"), "coordination": ("hub_fte",), "resources": ("trials",),
           "linked_desks": ("hours",)}
INVERSE = {"community": ("districts_per_worker",)}  # so that the same share of the districts is covered
# Meetings keep their rhythm, which makes desks familiar: a review takes so much less time, and so many more sittings make a plan.
REVIEW, TRIAGE = ("minutes",), ("conferences",)  # what is scaled instead where meetings triage, which takes one sitting
HOURS = ("coordination.hours_mediation", "coordination.hours_authority", "coordination.hours_personnel")  # of each agency
SITTINGS = "coordination.review_sittings"


def reduced(comparison: Comparison, residents: int) -> Comparison:
    """The comparison with every arm's town reduced to `residents`; unchanged where it has no more."""
    factor = residents / comparison.base.people.population
    if factor >= 1:
        return comparison
    shortest = min(minutes for arm in comparison.arms for minutes in _minutes(arm.scenario))
    if factor * shortest < 1:
        fewest = ceil(comparison.base.people.population / shortest)
        raise fault("error.reduced", at="residents", given=residents, allowed=Phrase("allowed.at_least", {"low": fewest}))
    arms = tuple(replace(arm, scenario=reduced_scenario(arm.scenario, factor)) for arm in comparison.arms)
    return replace(comparison, arms=arms)


def reduced_scenario(scenario: Scenario, factor: float) -> Scenario:
    """The scenario with `factor` times the residents and every amount of the whole town."""
    meetings = TRIAGE if _triages(scenario) else REVIEW
    steps = tuple(step.model_copy(update={"settings": scaled(step.lever, step.settings, factor, meetings)})
                  for step in scenario.steps)
    parameters = {name: value * factor if name in HOURS else value for name, value in scenario.parameters.items()}
    if meetings == REVIEW:
        parameters[SITTINGS] /= factor
    return scenario.model_copy(update={"people": _people(scenario.people, factor), "parameters": parameters, "steps": steps,
                                       "organisation": _organisation(scenario.organisation, factor, meetings)})


def scaled(lever: str, settings: dict[str, Any], factor: float, meetings: tuple[str, ...] = REVIEW) -> dict[str, Any]:
    """Settings of one lever with its amounts scaled."""
    amounts = AMOUNTS.get(lever, ()) + (meetings if lever == "coordination" else ())
    found = settings | {name: settings[name] * factor for name in amounts if name in settings}
    found |= {name: settings[name] / factor for name in INVERSE.get(lever, ()) if name in settings}
    if lever == "staffing" and "add" in settings:
        found["add"] = {agency: posts * factor for agency, posts in settings["add"].items()}
    return found


def _minutes(scenario: Scenario) -> list[float]:
    """The lengths that a case of a conference has: below a minute there is none."""
    settings = [step.settings for step in scenario.steps if step.lever == "coordination"]
    return [scenario.organisation.practice.coordination.minutes, *(one["minutes"] for one in settings if "minutes" in one)]


def _triages(scenario: Scenario) -> bool:
    tracks = [step.settings.get("track") for step in scenario.steps if step.lever == "coordination"]
    return "triage" in (scenario.organisation.practice.coordination.track, *tracks)


def _people(people: People, factor: float) -> People:
    districts = tuple(one.model_copy(update={"places": one.places * factor}) for one in people.districts)
    counted = people.households and {district: {kind: round(number * factor) for kind, number in kinds.items()}
                                     for district, kinds in people.households.items()}
    population = round(people.population * factor)
    return people.model_copy(update={"population": population, "districts": districts, "households": counted})


def _organisation(organisation: Organisation, factor: float, meetings: tuple[str, ...]) -> Organisation:
    agencies = tuple(one.model_copy(update={"posts": {kind: number * factor for kind, number in one.posts.items()}})
                     for one in organisation.agencies)
    settings = organisation.practice.model_dump().items()
    practice = Practice.model_validate({lever: scaled(lever, values, factor, meetings) for lever, values in settings})
    return organisation.model_copy(update={"agencies": agencies, "practice": practice})
