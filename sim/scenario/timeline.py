"""Policies in time: lever tables of a file become steps."""

from __future__ import annotations

import math
import re
from typing import Any

from pydantic import ValidationError

from sim.declared.levers import LEVERS, Practice, Settings, Step, practice_at
from sim.declared.roles import ROLES, WITH_RESIDENTS, posts_by_activity
from sim.files.refusals import checked_record, faults
from sim.files.toml import Document
from sim.scenario.calendar import WEEKS, Calendar
from sim.scenario.scenario_file import MORE, TIMING, lever_lines
from sim.towns.town import Organisation
from sim.words import Phrase
from sim.words.errors import ScenarioError, fault, unknown

MOST_STEPS = 200
AT_THE_TOWNS = tuple(name for name, role in ROLES.items() if role.at_desk)  # posts of its own


def steps_of(
    levers: dict[str, Any], document: Document, standing: Practice, calendar: Calendar
) -> tuple[Step, ...]:
    """The steps of all levers of a scenario, in order of start; the practice they lead to holds in
    every week.
    """
    steps = [
        step
        for lever, table in levers.items()
        for step in steps_of_lever(lever, table, document, standing, calendar)
    ]
    if len(steps) > MOST_STEPS:
        raise fault(
            "error.too_many",
            at="levers",
            file=document.source("levers"),
            given=len(steps),
            allowed=Phrase("allowed.at_most", {"high": MOST_STEPS}),
        )
    kept = (step for step in steps if not calendar.leaves_out(step.start_week))
    in_order = tuple(sorted(kept, key=lambda step: step.start_week))
    check_practice(standing, in_order, document)
    return in_order


def steps_of_lever(
    lever: str,
    table: dict[str, Any],
    document: Document,
    standing: Practice,
    calendar: Calendar,
) -> list[Step]:
    """The steps of one lever: its settings from the start, its schedule, and back to standing
    practice at the end.
    """
    key, has = f"levers.{lever}", getattr(standing, lever)
    table = beyond_standing(table, has)
    lines: Any = checked_record(lever_lines(lever), table, at=key, source=document.source)
    entries = [(lines, table, key)] if {*table} - {*TIMING} or "schedule" not in table else []
    entries += [
        (entry, table["schedule"][place], f"{key}.schedule.{place}")
        for place, entry in enumerate(lines.schedule)
    ]
    steps = [step_of(lever, *entry, document, calendar) for entry in entries]
    weeks = [calendar.week(lines.start, f"{key}.start", document), *(s.start_week for s in steps)]
    if weeks != sorted(weeks):
        file = document.source(f"{key}.schedule")
        raise fault("error.schedule_order", at=f"{key}.schedule", file=file)
    if lines.end is None:
        return steps
    end = calendar.week(lines.end, f"{key}.end", document, beyond=True)
    check_order(steps, weeks[0], end, table, key, document)
    names = {name for step in steps for name in step.settings}
    back = LEVERS[lever](**has.model_dump(include=names))
    settings = {name: getattr(back, name) for name in LEVERS[lever].model_fields if name in names}
    return [*steps, Step(lever=lever, start_week=end, settings=settings)]


def step_of(
    lever: str, lines: Any, table: dict[str, Any], key: str, document: Document, calendar: Calendar
) -> Step:
    """The step of a lever's table, or of an entry of its schedule: exactly the settings named."""
    settings = {name: getattr(lines, name) for name in table if name not in TIMING}
    if not settings:
        allowed = ", ".join(LEVERS[lever].model_fields)
        raise fault("error.lever_empty", at=key, file=document.source(key), allowed=allowed)
    return Step(
        lever=lever,
        start_week=calendar.week(lines.start, f"{key}.start", document),
        ramp_weeks=lines.ramp_months * WEEKS / 12,
        settings=settings,
    )


def beyond_standing(table: dict[str, Any], standing: Settings) -> dict[str, Any]:
    """The table with an amount written as "+1.5" in numbers: that much beyond what the organisation
    has; in its schedule too.
    """
    found: dict[str, Any] = {}
    for name, value in table.items():
        has = getattr(standing, name, None)
        if (
            isinstance(value, str)
            and re.fullmatch(MORE, value)
            and isinstance(has, (int, float))
            and not isinstance(has, bool)
        ):
            found[name] = has + float(value)
        elif name == "schedule" and isinstance(value, list):
            found[name] = [
                beyond_standing(entry, standing) if isinstance(entry, dict) else entry
                for entry in value
            ]
        else:
            found[name] = value
    return found


def check_order(
    steps: list[Step], start: int, end: int, table: dict[str, Any], key: str, document: Document
) -> None:
    """A policy ends after it starts, and after the last entry of its schedule."""
    file = document.source(f"{key}.end")
    if end <= start:
        raise fault(
            "error.end_before_start",
            at=f"{key}.end",
            file=file,
            given=table["end"],
            allowed=Phrase("allowed.after", {"start": table.get("start", 0)}),
        )
    if any(step.start_week >= end for step in steps):
        raise fault(
            "error.schedule_order", at=f"{key}.schedule", file=document.source(f"{key}.schedule")
        )


def boundaries(steps: tuple[Step, ...]) -> list[int]:
    """Weeks at which a step begins, is on its way, or is complete."""
    weeks = {
        week
        for step in steps
        for week in (step.start_week, step.start_week + math.ceil(step.ramp_weeks))
    }
    return sorted(weeks | {week - 1 for week in weeks if week > 0})


def check_practice(standing: Practice, steps: tuple[Step, ...], document: Document) -> None:
    """The practice of every week is one that can be."""
    for week in boundaries(steps):
        try:
            practice_at(standing, steps, week)
        except ValidationError as error:
            raise ScenarioError(*faults(error, Practice, "levers", document.source)) from None


def check_policies(
    organisation: Organisation,
    steps: tuple[Step, ...],
    document: Document,
    standing: Document | None = None,
) -> None:
    """Policies name agencies that exist and rely on staff that is there. `standing`: the file of
    the organisation.
    """
    ids = [agency.id for agency in organisation.agencies]
    for step in steps:
        for name in step.settings.get("add", {}) if step.lever == "staffing" else ():
            if name not in ids:
                raise unknown(
                    "error.unknown_agency",
                    name,
                    ids,
                    at=f"levers.staffing.add.{name}",
                    file=document.source("levers.staffing"),
                )
    for lever, name, reason in without_posts(organisation, steps):
        values = [step.settings[name] for step in steps if name in step.settings]
        at = f"levers.{lever}" if values else f"practice.{lever}"
        file = (document if values or not standing else standing).source(at)
        has = getattr(getattr(organisation.practice, lever), name)
        raise fault(reason, at=f"{at}.{name}", file=file, given=[*values, has][0])


def without_posts(
    organisation: Organisation, steps: tuple[Step, ...]
) -> list[tuple[str, str, str]]:
    """What a scenario says of posts that it has in no week: (lever, setting, reason). A week in
    which such posts are still to come is none of it.
    """
    practices = [
        practice_at(organisation.practice, steps, week) for week in sorted({0, *boundaries(steps)})
    ]
    light = [practice.accompaniment for practice in practices]
    by_community = any(one.months > 0 and one.who == "community" for one in light)
    hub = any(step.lever == "coordination" and "hub" in step.settings for step in steps)
    standing = organisation.practice.coordination.hub
    hub = hub or standing != Practice().coordination.hub
    return [
        (lever, name, reason)
        for said, activities, lever, name, reason in (
            (by_community, WITH_RESIDENTS, "accompaniment", "who", "error.community_accompanies"),
            (hub, ("coordination",), "coordination", "hub", "error.hub"),
        )
        if said and not any(done(practice, organisation, activities) for practice in practices)
    ]


def done(practice: Practice, organisation: Organisation, activities: tuple[str, ...]) -> bool:
    """Whether any post does one of `activities`, by a lever or by the mix that the town writes for
    its own caseworkers.
    """
    bought = posts_by_activity(practice, organisation.roles)
    found = [*bought.values(), *(organisation.roles.get(role, {}) for role in AT_THE_TOWNS)]
    return any(mix.get(activity, 0.0) > 0 for mix in found for activity in activities)
