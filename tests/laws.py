"""What the laws of the model need: towns of 2,000 households out of any scenario file, every lever
at once, snapshots.

A law names no number of the model, so that it stands while parameters and processes change.
"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any, get_args

import numpy as np

from sim.declared import declared
from sim.declared.levers import LEVERS, Practice, Step
from sim.declared.roles import ROLES
from sim.model.state import State
from sim.model.town import Town
from sim.scenario.arms import is_comparison
from sim.scenario.load import load
from sim.scenario.scenario import Event, Scenario, Trend
from tests.towns import small_organisation, small_scenario

HOUSEHOLDS, WEEKS, RUN_IN = 2000, 104, 26
SCENARIOS = Path(__file__).parents[1] / "scenarios"
# Settings that grow with the size of a town.
SIZED = {
    *((role, "fte") for role in ROLES),
    ("staffing", "add"),
    ("community", "places"),
    ("coordination", "conferences"),
    ("resources", "trials"),
}


def another(lever: str, setting: str) -> Any:
    """A value of a setting that differs from its default."""
    info = LEVERS[lever].model_fields[setting]
    if isinstance(info.default, bool):
        return not info.default
    if words := [one for one in get_args(info.annotation) if isinstance(one, str)]:
        return next(word for word in words if word != info.default)
    low, high = (
        next(getattr(one, name) for one in info.metadata if hasattr(one, name))
        for name in ("ge", "le")
    )
    return next(
        value for value in (1.0, 2.0, 0.5) if low <= value <= high and value != info.default
    )


_TUNED: dict[str, dict[str, Any]] = {
    "staffing": {"add": {"elderly": 0.5}, "kind": "regular"},
    "caseworker": {
        "fte": 1.0,
        "kind": "regular",
        "mix": {"desk_cases": 0.8, "visiting": 0.1, "linking_desks": 0.1},
    },
    "csw": {
        "fte": 1.5,
        "kind": "contract",
        "mix": {
            "community_organising": 0.5,
            "visiting": 0.2,
            "accompanying": 0.2,
            "desk_cases": 0.1,
        },
    },
    "livelihood_coordinator": {
        "fte": 1.0,
        "kind": "regular",
        "mix": {"community_organising": 0.8, "participation": 0.2},
    },
    "outreach_worker": {
        "fte": 1.5,
        "kind": "contract",
        "mix": {"visiting": 0.7, "accompanying": 0.3},
    },
    "inclusion_promoter": {
        "fte": 1.0,
        "kind": "outsourced",
        "mix": {"coordination": 0.7, "linking_desks": 0.3},
    },
    "participation_worker": {
        "fte": 1.0,
        "kind": "contract",
        "mix": {"participation": 0.8, "first_consultations": 0.2},
    },
    "assistance_caseworker": {
        "fte": 0.5,
        "kind": "contract",
        "mix": {"desk_cases": 0.9, "visiting": 0.1},
    },
    "intake": {"door": "any_door", "assessment": "household", "briefing": False},
    "outreach": {
        "targeting": {"tips": 0.25, "list": 0.25, "places": 0.25, "untargeted": 0.25},
        "persistence": 4,
        "go_between": True,
    },
    "accompaniment": {"months": 6.0, "companion_months": 9.0, "who": "community"},
    "participation": {"stepwise": True},
    "community": {
        "approach": "interest_led",
        "back_supporters": True,
        "places": 6.0,
        "tie_respecting": True,
    },
    "coordination": {
        "hub": "backup",
        "mediator": True,
        "conferences": 4.0,
        "cases": 1.0,
        "minutes": 45.0,
        "attendees": 4.0,
        "generalising": True,
        "policy_staff": True,
    },
    "supporters": {
        "supervision": 1.0,
        "learning": 1.0,
        "merged_meetings": True,
        "pairing": True,
        "protected_share": 0.1,
    },
    "resources": {"trials": 8.0},
    "workforce": {
        "rotation_years": 2.0,
        "staggered": False,
        "recruitment": 0.5,
        "specialist_share": 0.3,
    },
    "linked_desks": {"on": True, "hours": 1.0},
    "fidelity": {"value": 0.9},
}
# Every lever that is declared, a new one at values that differ from its defaults.
EVERY_LEVER = {
    lever: _TUNED.get(lever) or {name: another(lever, name) for name in kind.model_fields}
    for lever, kind in LEVERS.items()
}
OTHER_WAYS: dict[str, dict[str, Any]] = {
    **{role: {"fte": 0.8} for role in ROLES},  # the mixes and kinds that are declared
    "intake": {"door": "any_door", "briefing": True},
    "community": {
        "approach": "request",
        "places": 4.0,
        "theme": "requested",
        "upstream_share": 0.3,
        "districts_per_worker": 2.0,
    },
    "participation": {"places": 2.0},
    "supporters": {"slack_share": 0.8},
    "accompaniment": {"months": 3.0, "hours": 2.0, "who": "caseworker"},
    "resources": {"trials": 8.0, "design": "big"},
    "coordination": {
        "hub": "gap_filler",
        "authority": True,
        "conferences": 8.0,
        "track": "triage",
        "minutes": 8.0,
        "attendees": 4.0,
    },
}
EVENTS = (
    Event(kind="disaster", week=8, size=0.2, relocation=0.5, onset={"elderly": 3, "gap": 0.5}),
    Event(kind="recession", week=12, weeks=20, size=2.5),
    Event(kind="budget_cut", week=20, weeks=10, size=0.3),
    Event(kind="key_person_leaves", week=15),
)
TREND = Trend(onset=0.02, staff=-0.01, ties=-0.05, alone=0.01)


def steps(
    levers: dict[str, dict[str, Any]], start: int = 2, ramp_weeks: float = 0.0
) -> tuple[Step, ...]:
    """Policies that set `levers` from `start` on."""
    return tuple(
        Step(lever=lever, start_week=start, ramp_weeks=ramp_weeks, settings=settings)
        for lever, settings in levers.items()
    )


def changed(scenario: Scenario, **changes: Any) -> Scenario:
    """The scenario with fields replaced, checked anew; `parameters` lay over those there are."""
    parameters = scenario.parameters | changes.pop("parameters", {})
    return scenario.model_copy(update={"parameters": parameters} | changes)


def nulls() -> dict[str, float]:
    """Every parameter that declares a null, at its null."""
    found = declared()
    pairs = {name: one.null for name, one in found.items() if one.null is not None}
    return {
        name: found[null].value if isinstance(null, str) else float(null)
        for name, null in pairs.items()
    }


def strong() -> Scenario:
    """A small town with drift in which every lever is pulled and every shock comes within half a
    year.
    """
    return small_scenario(
        HOUSEHOLDS,
        run_in_weeks=RUN_IN,
        years=2,
        steps=steps(EVERY_LEVER),
        events=EVENTS,
        trend=TREND,
    )


def strong_otherwise() -> Scenario:
    """As `strong`, with the other choice wherever a lever has one."""
    return changed(strong(), steps=steps(EVERY_LEVER | OTHER_WAYS))


def starved() -> Scenario:
    """As `strong`, with so few posts at the desks that queues grow without end."""
    return changed(strong(), id="starved", organisation=small_organisation(posts_per_100k=20.0))


def laboratory() -> Scenario:
    """A small town without policy or shock, short of staff enough to make every hour count."""
    return small_scenario(
        HOUSEHOLDS,
        run_in_weeks=RUN_IN,
        years=2,
        organisation=small_organisation(posts_per_100k=40.0),
    )


def towns() -> dict[str, Callable[[], Scenario]]:
    """The towns in which every law is tried: each scenario file, and small towns with all levers
    and shocks.
    """
    files = {path.stem: partial(small, path) for path in scenario_files()}
    return files | {
        "every lever": strong,
        "every lever otherwise": strong_otherwise,
        "starved": starved,
    }


def scenario_files() -> list[Path]:
    """Every scenario file of the project that names a town (or extends one that does); comparisons
    are several scenarios.
    """
    return [
        path
        for path in sorted(SCENARIOS.glob("*.toml"))
        if _names_town(path) and not is_comparison(path)
    ]


def _names_town(path: Path) -> bool:
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    parents = values.get("extends", [])
    parents = [parents] if isinstance(parents, str) else parents
    return "town" in values or any(_names_town(path.parent / parent) for parent in parents)


def small(path: Path, households: int = HOUSEHOLDS, **changes: Any) -> Scenario:
    """The scenario of a file at `households`, its posts and sized levers scaled alike, with a short
    run-in.
    """
    scenario = load(path)
    persons = (
        scenario.people.persons_per_household or scenario.parameters["town.persons_per_household"]
    )
    factor = households * persons / scenario.people.population
    people = scenario.people.model_copy(
        update={"population": round(scenario.people.population * factor), "households": None}
    )
    agencies = tuple(
        agency.model_copy(
            update={"posts": {kind: posts * factor for kind, posts in agency.posts.items()}}
        )
        for agency in scenario.organisation.agencies
    )
    practice = {
        lever: _scaled(lever, settings, factor)
        for lever, settings in scenario.organisation.practice.model_dump().items()
    }
    organisation = scenario.organisation.model_copy(
        update={"agencies": agencies, "practice": Practice.model_validate(practice)}
    )
    policies = tuple(
        step.model_copy(update={"settings": _scaled(step.lever, step.settings, factor)})
        for step in scenario.steps
    )
    return changed(
        scenario,
        people=people,
        organisation=organisation,
        steps=policies,
        run_in_weeks=RUN_IN,
        **changes,
    )


def _scaled(lever: str, settings: dict[str, Any], factor: float) -> dict[str, Any]:
    def scaled(value: Any) -> Any:
        return (
            {key: part * factor for key, part in value.items()}
            if isinstance(value, dict)
            else value * factor
        )

    return {
        name: scaled(value) if (lever, name) in SIZED else value for name, value in settings.items()
    }


def weeks_of(town: Town, weeks: int = WEEKS) -> Iterator[State]:
    """Live `weeks`, giving the state after each."""
    for _ in range(min(weeks, town.horizon - town.week)):
        town.step()
        yield town.state


def parts(state: State) -> dict[str, Any]:
    """Everything a town consists of, by name: "table.column", "flows.name", other attributes by
    their own name.
    """
    found: dict[str, Any] = {}
    tables = state.tables()
    for table, columns in tables.items():
        found |= {f"{table}.{name}": column for name, column in columns.columns()}
    found |= {f"flows.{name}": counter for name, counter in state.flows.items()}
    return found | {
        name: value
        for name, value in vars(state).items()
        if name not in tables and name not in ("flows", "scenario", "streams", "p")
    }


def snapshot(state: State) -> dict[str, Any]:
    """A copy of all `parts`."""
    return copy.deepcopy(parts(state))


def differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Names of the parts that differ in any bit, type or length."""
    return [
        name
        for name in sorted(one.keys() | other.keys())
        if name not in one or name not in other or not same(one[name], other[name])
    ]


def same(one: Any, other: Any) -> bool:
    """Whether two parts agree bit for bit."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return (
            one.dtype == other.dtype
            and one.shape == other.shape
            and one.tobytes() == other.tobytes()
        )
    if hasattr(one, "__dict__") and hasattr(other, "__dict__") and type(one) is type(other):
        return vars(one).keys() == vars(other).keys() and all(
            same(vars(one)[key], vars(other)[key]) for key in vars(one)
        )
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return type(one) is type(other) and bool(one == other)


def digest(town: Town) -> str:
    """A fingerprint of every column of every table and of the recorded weeks."""
    print_ = blake2b(digest_size=16)
    for name, part in sorted(parts(town.state).items()):
        if isinstance(part, np.ndarray):
            print_.update(f"{name} {part.dtype} {part.shape}".encode() + part.tobytes())
    for name, table in town.tables.items():
        print_.update(name.encode() + table.to_csv(float_format="%r").encode())
    return print_.hexdigest()


def lived(
    scenario: Scenario, seed: int = 1, weeks: int = WEEKS, week_order: Iterable | None = None
) -> Town:
    """A town that has lived `weeks`."""
    town = Town(scenario, seed, week_order=week_order)
    for _ in weeks_of(town, weeks):
        pass
    return town
