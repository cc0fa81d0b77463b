"""What stands for a scenario, a town or a comparison in a notebook: a small table of words in the
user's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from sim.declared.levers import lever_name
from sim.scenario.calendar import Calendar
from sim.words import InBoth, Phrase, language, named, say

if TYPE_CHECKING:
    from sim.declared.levers import Step
    from sim.scenario.scenario import Event, Scenario

STYLE = "text-align:left;vertical-align:top;padding:.15em .9em .15em 0"
FRAME = "border-collapse:collapse;margin:.3em 0"
MOST = 8  # policies or shocks that are shown


def card(title: str, rows: Iterable[tuple[Phrase | str, Any]], note: str = "") -> str:
    """HTML of a table of two columns, a name and what is said of it, under `title`; `note` stands
    below it.
    """
    cells = ((in_words(name), said) for name, said in rows if said)
    lines = "".join(
        f'<tr><th scope="row" style="{STYLE}">{escape(name)}</th><td style="{STYLE}">{_text(said)}</td></tr>'
        for name, said in cells
    )
    return framed(title, lines, note)


def grid(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], note: str = "") -> str:
    """HTML of a table with headings; the first cell of each row names it."""
    head = "".join(f'<th scope="col" style="{STYLE}">{escape(one)}</th>' for one in heads)
    body = "".join(
        f'<tr><th scope="row" style="{STYLE}">{escape(first)}</th>'
        + "".join(f'<td style="{STYLE}">{escape(one)}</td>' for one in rest)
        + "</tr>"
        for first, *rest in rows
    )
    return framed(title, f"<tr>{head}</tr>{body}", note)


def framed(title: str, lines: str, note: str) -> str:
    """A table of finished lines under its title."""
    foot = f'<div style="font-size:90%">{escape(note)}</div>' if note else ""
    caption = f'<caption style="text-align:left;font-weight:bold">{escape(title)}</caption>'
    return f'<table style="{FRAME}">{caption}<tbody>{lines}</tbody></table>{foot}'


def _text(said: Any) -> str:
    """A cell: text, a phrase, or several of them on lines of their own."""
    return "<br>".join(map(_text, said)) if isinstance(said, list) else escape(in_words(said))


def in_words(said: Any) -> str:
    """Text as it stands, a phrase in the user's language."""
    return said.say(language()) if isinstance(said, (Phrase, InBoth)) else str(said)


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


def few(lines: list[str]) -> list[str]:
    """The first lines, and how many more there are."""
    return (
        lines if len(lines) <= MOST else [*lines[:MOST], say("card.more", number=len(lines) - MOST)]
    )


def policy(step: Step, calendar: Calendar) -> str:
    """A step in words: its date, lever and settings."""
    settings = ", ".join(f"{name} {_plain(value)}" for name, value in step.settings.items())
    return f"{calendar.first_day(step.start_week)} {lever_name(step.lever).say(language())}: {settings}"


def shock(event: Event, calendar: Calendar) -> str:
    """A shock in words: its date, kind and size."""
    size = "" if event.kind == "key_person_leaves" else f": {event.size:g}"
    return f"{calendar.first_day(event.week)} {named('shock', event.kind).say(language())}{size}"


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
