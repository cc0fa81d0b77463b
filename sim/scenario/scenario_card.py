"""What stands for a scenario in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.declared.levers import lever_name
from sim.scenario.calendar import Calendar
from sim.scenario.onset import in_short
from sim.words import Phrase, language, named
from sim.words.card import few

if TYPE_CHECKING:
    from sim.declared.levers import Step
    from sim.scenario.scenario import Event, Scenario


def scenario_card(scenario: Scenario) -> list[tuple[Phrase | str, Any]]:
    """What a scenario is about: its town, organisation, years, policies and shocks."""
    lang, people, organisation = language(), scenario.people, scenario.organisation
    posts = sum(
        sum(organisation.posts_of(agency, people.population).values())
        for agency in organisation.agencies
    )
    calendar = Calendar(scenario.start_year, scenario.years)
    town = {
        "town": getattr(people.name, lang),
        "population": f"{people.population:,}",
        "ageing": f"{people.ageing_rate:.1%}",
    }
    period = {"first": scenario.start_year, "last": scenario.start_year + scenario.years}
    team = {"organisation": getattr(organisation.name, lang), "posts": f"{posts:.1f}"}
    return [
        (named("setting", "question"), scenario.question and getattr(scenario.question, lang)),
        (Phrase("card.town"), Phrase("card.people", town)),
        (Phrase("card.organisation"), Phrase("card.posts", team)),
        (Phrase("card.period"), Phrase("card.years", period)),
        (
            named("setting", "levers"),
            few([policy(step, calendar) for step in scenario.steps]) or Phrase("card.none"),
        ),
        (named("setting", "events"), few([shock(event, calendar) for event in scenario.events])),
        (named("setting", "switched_off"), ", ".join(scenario.switched_off)),
        (named("setting", "effects"), scenario.effects if scenario.effects == "none" else ""),
    ]


def policy(step: Step, calendar: Calendar) -> str:
    """A step in words: its date, lever and settings."""
    settings = ", ".join(f"{name} {_plain(value)}" for name, value in step.settings.items())
    return f"{calendar.first_day(step.start_week)} {lever_name(step.lever).say(language())}: {settings}"


def shock(event: Event, calendar: Calendar) -> str:
    """A shock in words: its date, kind and size."""
    size = "" if event.kind == "key_person_leaves" else f": {event.size:g}"
    onset = event.onset and in_short(event.onset.model_dump(exclude_defaults=True))
    head = f"{calendar.first_day(event.week)} {named('shock', event.kind).say(language())}{size}"
    return f"{head} ({onset})" if onset else head


def _plain(value: Any) -> str:
    """The value of a setting in short."""
    if isinstance(value, dict):
        return " + ".join(f"{name} {part:g}" for name, part in value.items())
    return (
        f"{value:g}"
        if isinstance(value, float)
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )
