"""A scenario that is changed on its way: a lever or a shock from some week on, checked as in a
file; what may go on from what.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.declared.levers import Step, lever_name
from sim.files.bounds import check_bounded
from sim.files.toml import Document, leaves
from sim.files.toml_text import toml_value
from sim.scenario.calendar import WEEKS, Calendar
from sim.scenario.layers import plainly
from sim.scenario.load import events_of, scenario_lines
from sim.scenario.scenario import Event, Scenario, content, digest
from sim.scenario.timeline import check_policies, check_practice, steps_of_lever
from sim.words import InBoth, Phrase, named
from sim.words.errors import Fault, ScenarioError, fault, shown

MOST_FAULTS = 5


@dataclass(frozen=True)
class Change:
    """What was changed in a town, and when: `week` is the week about to be lived then, `date` its
    first day.

    kind: "lever", "shock" or "fork"; `name` the lever, the kind of shock or the scenario;
    `settings` as they were given. `toml` is the same change as lines of a scenario file (empty for
    a fork).
    """

    week: int
    date: datetime.date
    kind: str
    name: str
    settings: dict[str, Any]
    toml: str = ""

    @property
    def said(self) -> Phrase | InBoth:
        """What was changed, in words."""
        if self.kind == "fork":
            return Phrase("change.fork", {"name": self.name})
        return lever_name(self.name) if self.kind == "lever" else named(self.kind, self.name)


def with_lever(
    scenario: Scenario, lever: str, settings: dict[str, Any], now: int
) -> tuple[Scenario, Change]:
    """The scenario with a lever set from week `now` or its `start` on; raises ScenarioError as the
    same lines in a file do.
    """
    table = plainly(settings)
    table = table if {"start", "schedule"} & table.keys() else {"start": now, **table}
    document, calendar = _written({"levers": {lever: table}}, "set_lever"), calendar_of(scenario)
    scenario_lines(document)
    steps = steps_of_lever(lever, table, document, scenario.organisation.practice, calendar)
    for step in steps:
        to_come(step.start_week, now, f"levers.{lever}", table.get("start"), calendar)
    every = tuple(sorted((*scenario.steps, *steps), key=lambda step: step.start_week))
    check_practice(scenario.organisation.practice, every, document)
    check_policies(scenario.organisation, every, document)
    change = Change(
        now,
        calendar.first_day(now),
        "lever",
        lever,
        settings,
        "\n".join(as_toml(step, calendar) for step in steps),
    )
    return scenario.model_copy(update={"steps": every}), change


def with_shock(
    scenario: Scenario, kind: str, settings: dict[str, Any], now: int
) -> tuple[Scenario, Change]:
    """The scenario with a shock in week `now`, or at its date or week; raises ScenarioError as the
    same lines in a file do.
    """
    table = {"kind": kind, **plainly(settings)}
    table = table if {"at", "week"} & table.keys() else {**table, "week": now}
    document, calendar = _written({"events": [table]}, "shock"), calendar_of(scenario)
    (event,) = events_of(scenario_lines(document), document, calendar)
    to_come(event.week, now, "events.0", settings.get("at", event.week), calendar)
    change = Change(now, calendar.first_day(now), "shock", kind, settings, as_toml(event, calendar))
    return scenario.model_copy(update={"events": (*scenario.events, event)}), change


def _written(values: dict[str, Any], source: str) -> Document:
    """Values given in Python as a file would hold them; `source` stands for the file in what is
    refused.
    """
    check_bounded(values, source)
    document = Document()
    document.lay(values, source, Path())
    return document


def calendar_of(scenario: Scenario) -> Calendar:
    """The years of a scenario."""
    return Calendar(scenario.start_year, scenario.years)


def to_come(week: int, now: int, key: str, given: Any, calendar: Calendar) -> None:
    """Refuse a week that has been lived."""
    if week < now:
        last = calendar.weeks - 1
        allowed = Phrase(
            "allowed.from_now",
            {
                "first": calendar.first_day(now),
                "last": calendar.first_day(last),
                "week": now,
                "weeks": last,
            },
        )
        raise fault("error.lived", at=key, given=week if given is None else given, allowed=allowed)


def as_toml(one: Step | Event, calendar: Calendar) -> str:
    """A step or a shock as lines of a scenario file."""
    if isinstance(one, Event):
        head, when = "[[events]]", {"kind": one.kind, "at": calendar.first_day(one.week)}
        values = when | one.model_dump(exclude={"kind", "week", "onset"})
        if one.onset is not None:
            values |= {"onset": one.onset.model_dump(exclude_defaults=True)}
    else:
        head = f"[[levers.{one.lever}.schedule]]"
        ramp = {"ramp_months": one.ramp_weeks * 12 / WEEKS} if one.ramp_weeks else {}
        values = {"start": calendar.first_day(one.start_week), **ramp, **one.settings}
    return (
        "\n".join([head, *(f"{name} = {toml_value(value)}" for name, value in values.items())])
        + "\n"
    )


def check_fork(mine: Scenario, other: Scenario, week: int) -> None:
    """Refuse to go on under `other` in `week` where its town would have started otherwise, or is
    over by then.
    """
    if digest(mine.before_policies()) != digest(other.before_policies()):
        raise ScenarioError(*unlike(mine, other)[:MOST_FAULTS])
    if other.years * WEEKS < week:
        raise fault(
            "error.fork_short",
            file=other.id,
            at="years",
            given=other.years,
            allowed=Phrase("allowed.fork_weeks", {"weeks": week}),
        )


def unlike(mine: Scenario, other: Scenario) -> list[Fault]:
    """Everything that decides the start and differs: in `other` as given, in `mine` as allowed."""
    one, two = (dict(leaves(content(each.before_policies()))) for each in (mine, other))
    return [
        Fault(Phrase("error.fork_start"), other.id, key, two.get(key), shown(one.get(key)))
        for key in one | two
        if one.get(key) != two.get(key)
    ]
