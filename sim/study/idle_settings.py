"""What a scenario sets without any effect: settings whose lever is idle, policies that change
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from sim.declared.funding import ORGANISATION
from sim.declared.levers import LEVERS, Practice, practice_at, setting_declaration
from sim.declared.roles import roles_of
from sim.scenario.scenario import Scenario
from sim.scenario.timeline import boundaries, done
from sim.study.plan import planned_months
from sim.words import Phrase

MOST_NAMED = 3  # levers in one sentence


@dataclass(frozen=True)
class Master:
    """Settings of a lever of which one must be in use, and those that do nothing until then."""

    lever: str
    settings: tuple[str, ...]
    idle: tuple[str, ...]

    @property
    def name(self) -> str:
        """The settings as a sentence names them; what is a word, with the word that is needed."""
        return ", ".join(f"{self.lever}.{one}{self._word(one)}" for one in self.settings)

    def _word(self, setting: str) -> str:
        info = LEVERS[self.lever].model_fields[setting]
        if not isinstance(info.default, str):
            return ""
        return " = " + "/".join(word for word in get_args(info.annotation) if word != info.default)

    def in_use(self, practice: Practice) -> bool:
        """Whether one of the settings differs from "not used"."""
        lever = getattr(practice, self.lever)
        values = (
            (getattr(lever, one), type(lever).model_fields[one].default) for one in self.settings
        )
        return any(
            any(value.values()) if isinstance(value, dict) else value != default
            for value, default in values
        )


@dataclass(frozen=True)
class ActivityMaster:
    """An activity that posts of some role must do, and the settings that do nothing until then."""

    activity: str
    idle: tuple[str, ...]

    @property
    def name(self) -> str:
        """The levers whose posts do most of it, as a sentence names them."""
        return ", ".join(f"{role}.fte" for role in roles_of(self.activity)[:MOST_NAMED])


def activity_masters() -> tuple[ActivityMaster, ...]:
    """Every activity that settings need, from the declarations of the levers."""
    found: dict[str, list[str]] = {}
    for lever, kind in LEVERS.items():
        for name in kind.model_fields:
            if activity := setting_declaration(lever, name)["activity"]:
                found.setdefault(activity, []).append(f"{lever}.{name}")
    return tuple(ActivityMaster(activity, tuple(idle)) for activity, idle in found.items())


def masters() -> tuple[Master, ...]:
    """Every group of settings that others need, from the declarations of the levers."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for lever, kind in LEVERS.items():
        for name in kind.model_fields:
            needs = tuple(setting_declaration(lever, name)["needs"])
            if needs:
                found.setdefault((lever, needs), []).append(f"{lever}.{name}")
    return tuple(Master(lever, needs, tuple(idle)) for (lever, needs), idle in found.items())


def unused(scenario: Scenario) -> tuple[Phrase, ...]:
    """Everything set in vain, as sentences."""
    return (
        *idle_settings(scenario),
        *unchanged(scenario),
        *without_mechanism(scenario),
        *after_the_run(scenario),
        *_events(scenario),
        *idle_funding(scenario),
    )


def idle_settings(scenario: Scenario) -> list[Phrase]:
    """Settings that policies make while what they belong to is never in use."""
    made = dict.fromkeys(
        f"{step.lever}.{name}" for step in _policies(scenario) for name in step.settings
    )
    weeks = [0, *boundaries(scenario.steps)]
    practices = [
        practice_at(scenario.organisation.practice, scenario.steps, week) for week in weeks
    ]
    without: list[Master | ActivityMaster] = [
        one for one in masters() if not any(map(one.in_use, practices))
    ]
    without += [
        one
        for one in activity_masters()
        if not any(done(practice, scenario.organisation, (one.activity,)) for practice in practices)
    ]
    return [
        Phrase("unused.needs", {"setting": f"levers.{name}", "master": f"levers.{master.name}"})
        for master in without
        for name in master.idle
        if name in made
    ]


def _policies(scenario: Scenario) -> list:
    """The steps that are no mere return to standing practice."""
    standing = scenario.organisation.practice.model_dump()
    return [
        step
        for step in scenario.steps
        if any(standing[step.lever][name] != value for name, value in step.settings.items())
    ]


def unchanged(scenario: Scenario) -> list[Phrase]:
    """Settings that equal standing practice in every step that makes them. How an activity is done
    may be said with the first posts that do it, whatever it is.
    """
    practice, standing = (
        scenario.organisation.practice,
        scenario.organisation.practice.model_dump(),
    )
    made: dict[tuple[str, str], list] = {}
    for step in scenario.steps:
        for name, value in step.settings.items():
            made.setdefault((step.lever, name), []).append(value)

    def begins(lever: str, name: str) -> bool:
        activity = setting_declaration(lever, name)["activity"]
        return bool(activity) and not done(practice, scenario.organisation, (activity,))

    return [
        Phrase("unused.same", {"setting": f"levers.{lever}.{name}"})
        for (lever, name), values in made.items()
        if all(value == standing[lever][name] for value in values) and not begins(lever, name)
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


def idle_funding(scenario: Scenario) -> list[Phrase]:
    """Sources of money for measures that buy nothing, in a scenario that buys something else."""
    if not scenario.funding:
        return []
    bought = {*planned_months(scenario)["measure"]} - {ORGANISATION}
    idle = [measure for measure in scenario.funding if measure not in bought]
    return [Phrase("unused.funding", {"measure": one}) for one in idle] if bought else []


def _events(scenario: Scenario) -> list[Phrase]:
    """Relocation outside a disaster, and onset of fields that are off."""
    relocations = [
        Phrase("unused.relocation", {"kind": event.kind})
        for event in scenario.events
        if event.relocation > 0 and event.kind != "disaster"
    ]
    written = [
        event.onset.model_dump(exclude_defaults=True) for event in scenario.events if event.onset
    ]
    off = [field for field in scenario.fields_off if any(field in onset for onset in written)]
    return relocations + [Phrase("unused.onset", {"field": field}) for field in off]
