"""What a scenario sets without any effect: settings whose lever is idle, policies that change
nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from sim.declared.levers import Practice, practice_at
from sim.scenario.scenario import Scenario
from sim.scenario.timeline import boundaries
from sim.words import Phrase

# A setting (or all others of a lever) works only while its master is in use.
MASTERS: dict[str, tuple[tuple[str, ...], Callable[[Practice], bool]]] = {
    "staffing.caseworkers, staffing.add": (
        ("staffing.kind",),
        lambda p: p.staffing.caseworkers > 0 or any(p.staffing.add.values()),
    ),
    "outreach.fte": (
        ("outreach.targeting", "outreach.persistence", "outreach.go_between"),
        lambda p: p.outreach.fte > 0,
    ),
    "accompaniment.months": (
        ("accompaniment.hours", "accompaniment.who"),
        lambda p: p.accompaniment.months > 0,
    ),
    "participation.fte": (("participation.stepwise",), lambda p: p.participation.fte > 0),
    "community.coordinators": (
        ("community.approach", "community.upstream_share"),
        lambda p: p.community.coordinators > 0,
    ),
    "community.places": (("community.theme",), lambda p: p.community.places > 0),
    "coordination.conferences": (
        tuple(
            f"coordination.{name}"
            for name in ("track", "minutes", "cases", "attendees", "generalising", "policy_staff")
        ),
        lambda p: p.coordination.conferences > 0,
    ),
    "intake.door = any_door": (("intake.briefing",), lambda p: p.intake.door == "any_door"),
    "resources.trials": (("resources.design",), lambda p: p.resources.trials > 0),
    "linked_desks.on": (("linked_desks.hours",), lambda p: p.linked_desks.on),
}


def unused(scenario: Scenario) -> tuple[Phrase, ...]:
    """Everything set in vain, as sentences."""
    return (
        *idle_settings(scenario),
        *unchanged(scenario),
        *without_mechanism(scenario),
        *after_the_run(scenario),
        *events(scenario),
    )


def idle_settings(scenario: Scenario) -> list[Phrase]:
    """Settings that policies make while what they belong to is never in use."""
    made = dict.fromkeys(
        f"{step.lever}.{name}" for step in policies(scenario) for name in step.settings
    )
    weeks = [0, *boundaries(scenario.steps)]
    practices = [
        practice_at(scenario.organisation.practice, scenario.steps, week) for week in weeks
    ]
    return [
        Phrase("unused.needs", {"setting": f"levers.{name}", "master": f"levers.{master}"})
        for master, (names, in_use) in MASTERS.items()
        if not any(map(in_use, practices))
        for name in names
        if name in made
    ]


def policies(scenario: Scenario) -> list:
    """The steps that are no mere return to standing practice."""
    standing = scenario.organisation.practice.model_dump()
    return [
        step
        for step in scenario.steps
        if any(standing[step.lever][name] != value for name, value in step.settings.items())
    ]


def unchanged(scenario: Scenario) -> list[Phrase]:
    """Settings that equal standing practice in every step that makes them."""
    standing = scenario.organisation.practice.model_dump()
    made: dict[tuple[str, str], list] = {}
    for step in scenario.steps:
        for name, value in step.settings.items():
            made.setdefault((step.lever, name), []).append(value)
    return [
        Phrase("unused.same", {"setting": f"levers.{lever}.{name}"})
        for (lever, name), values in made.items()
        if all(value == standing[lever][name] for value in values)
    ]


def without_mechanism(scenario: Scenario) -> list[Phrase]:
    """Levers whose process of the same name is switched off."""
    levers = dict.fromkeys(step.lever for step in scenario.steps)
    return [
        Phrase("unused.mechanism", {"lever": lever, "mechanism": lever})
        for lever in levers
        if lever in scenario.switched_off
    ]


def after_the_run(scenario: Scenario) -> list[Phrase]:
    """Policies whose end lies after the run."""
    levers = dict.fromkeys(
        step.lever for step in scenario.steps if step.start_week >= scenario.years * 52
    )
    return [Phrase("unused.end", {"lever": lever}) for lever in levers]


def events(scenario: Scenario) -> list[Phrase]:
    """Relocation outside a disaster."""
    return [
        Phrase("unused.relocation", {"kind": event.kind})
        for event in scenario.events
        if event.relocation > 0 and event.kind != "disaster"
    ]
