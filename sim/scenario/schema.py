"""JSON Schema of scenario, people and organisation files, for editors that check TOML while one
writes.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from sim.declared import declared
from sim.declared.declare import Parameter
from sim.declared.levers import LAST_WEEK, LEVERS, Settings
from sim.scenario.comparison import Combination, Precision
from sim.scenario.scenario import MECHANISMS, Claim, Event, Scenario, Trend
from sim.scenario.seeds import LARGEST_SEED, MOST_SEEDS
from sim.scenario.town import FIELDS, AgencyRecord, Label, Organisation, People
from sim.words import Phrase, named

DIALECT = "https://json-schema.org/draft/2020-12/schema"
WHEN = {
    "anyOf": [
        {"type": "integer", "minimum": 0, "maximum": LAST_WEEK},
        {"type": "string", "format": "date"},
        {"type": "string", "format": "date-time"},
    ]
}
Schema = dict[str, Any]


def schemas() -> dict[str, Schema]:
    """The three schemas by kind of file."""
    return {
        "scenario": scenario_schema(),
        "people": record_schema(People),
        "organisation": record_schema(Organisation),
    }


def _both(phrase: Phrase) -> str:
    """A title in both languages."""
    ja, en = phrase.say("ja"), phrase.say("en")
    return ja if ja == en else f"{ja} / {en}"


def lever_title(kind: type[Settings]) -> str:
    """The name of a lever in both languages."""
    return f"{kind.ja} / {kind.en}"


def closed(properties: Schema, **more: Any) -> Schema:
    """A table that holds only these names."""
    return {"type": "object", "properties": properties, "additionalProperties": False, **more}


def record_schema(model: type[BaseModel]) -> Schema:
    """The schema of a whole file that is one record; its id may be left to the file's name."""
    written = json.dumps(model.model_json_schema()).replace(AgencyRecord.__name__, "Agency")
    schema = titled(json.loads(written))
    schema["required"] = [name for name in schema.get("required", []) if name != "id"]
    return {"$schema": DIALECT, **schema}


def titled(schema: Any, name: str = "") -> Any:
    """The schema with titles in both languages on every setting that has a name."""
    if isinstance(schema, list):
        return [titled(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {
        key: titled(part)
        for key, part in schema.items()
        if key not in ("properties", "$defs", "title", "ja", "en", "unit")
    }
    for key in ("properties", "$defs"):
        if key in schema:
            changed[key] = {
                inner: titled(part, inner if key == "properties" else "")
                for inner, part in schema[key].items()
            }
    title = title_of(schema, name)
    if "unit" in schema and schema["unit"] != "-":
        changed["description"] = _both(named("unit", schema["unit"]))
    return {"title": title, **changed} if title else changed


def title_of(schema: Schema, name: str) -> str:
    """The title of a setting: its own labels, else the word for its name."""
    if "ja" in schema and "en" in schema and isinstance(schema["ja"], str):
        return f"{schema['ja']} / {schema['en']}"
    if name in LEVERS:
        return lever_title(LEVERS[name])
    return _both(named("setting", name)) if name else ""


def scenario_schema() -> Schema:
    """The schema of a scenario file."""
    plain = titled(Scenario.model_json_schema())["properties"]
    properties = {
        "extends": {"type": "string"},
        "town": {"type": "string"},
        "organisation": {"type": "string"},
        "name": label_schema(),
        "question": label_schema(),
        "levers": closed({name: lever_schema(name, kind) for name, kind in LEVERS.items()}),
        "events": {"type": "array", "items": event_schema()},
        "trend": {"anyOf": [{"enum": ["default", "none"]}, _part(Trend)]},
        "parameters": parameters_schema(declared()),
        "switched_off": {"type": "array", "items": {"enum": list(MECHANISMS)}},
        "fields_off": {"type": "array", "items": {"enum": list(FIELDS)}},
        "claims": {"type": "array", "items": _part(Claim)},
        "outside_ranges": {"type": "boolean", "default": False},
        "seeds": {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": MOST_SEEDS},
                {
                    "type": "array",
                    "items": {"type": "integer", "minimum": 0, "maximum": LARGEST_SEED},
                    "minItems": 1,
                    "maxItems": MOST_SEEDS,
                    "uniqueItems": True,
                },
            ]
        },
        **{
            name: plain[name]
            for name in ("effects", "start_year", "years", "run_in_weeks", "event_log")
        },
    }
    properties |= {
        "packs": {"type": "array", "items": {"type": "string"}},
        "guidebook": {"type": "object"},
    }
    properties = entitled(properties)
    properties |= entitled(comparison_schema(properties))
    return {
        "$schema": DIALECT,
        "title": "シナリオ・比較 / Scenario or comparison",
        **closed(properties),
    }


def entitled(properties: Schema) -> Schema:
    """The settings of a file, each with its title."""
    return {
        name: {"title": _both(named("setting", name)), **one} for name, one in properties.items()
    }


def comparison_schema(properties: Schema) -> Schema:
    """What a comparison file holds beside the common ground of its arms; an arm holds what a
    scenario may, and its id.
    """
    text = {"type": "string"}
    names = {"type": "array", "items": text}
    own = {
        name: one for name, one in properties.items() if name not in ("extends", "claims", "seeds")
    }
    combination = _part(Combination)
    combination.pop("$defs")
    combination["properties"]["name"] |= label_schema()
    arm = {name: {"title": _both(named("setting", name)), **text} for name in ("id", "scenario")}
    arm["short"] = {"title": _both(named("setting", "short")), **label_schema()}
    return {
        "arms": {"type": "array", "minItems": 2, "items": closed({**arm, **own}, required=["id"])},
        "reference": text,
        "measures": names,
        "same_cost": {"type": "array", "items": {**names, "minItems": 2}},
        "combinations": {"type": "array", "items": combination},
        "until_decided": {"type": "boolean"},
        "precision": _part(Precision),
    }


def label_schema() -> Schema:
    """A name in both languages, or one text for both."""
    return {"anyOf": [_part(Label), {"type": "string"}]}


def _part(model: type[BaseModel]) -> Schema:
    """The schema of a small record that stands inside another."""
    schema = titled(model.model_json_schema())
    return {key: value for key, value in schema.items() if key != "$schema"}


def event_schema() -> Schema:
    """An event with its date `at`, or with its week."""
    schema = _part(Event)
    schema["properties"]["at"] = {"title": _both(named("setting", "at")), **WHEN}
    schema["required"] = [name for name in schema["required"] if name != "week"]
    return schema


def lever_schema(name: str, kind: type[Settings]) -> Schema:
    """A lever: its settings, when, and its schedule."""
    settings = _part(kind)["properties"]
    if name == "outreach":
        settings["targeting"] = {
            **settings["targeting"],
            "anyOf": [{"type": "object"}, {"type": "string"}],
        }
        settings["targeting"].pop("type", None)
    ramp = {"type": "number", "minimum": 0, "maximum": 240}
    timing: dict[str, Schema] = {"start": WHEN, "ramp_months": ramp}
    timing = {
        inner: {"title": _both(named("setting", inner)), **one} for inner, one in timing.items()
    }
    whole = {
        **settings,
        **timing,
        "end": {"title": _both(named("setting", "end")), **WHEN},
        "schedule": {
            "title": _both(named("setting", "schedule")),
            "type": "array",
            "items": closed({**settings, **timing}, required=["start"]),
        },
    }
    return closed(whole, title=lever_title(kind), description=(kind.__doc__ or "").strip())


def parameters_schema(parameters: dict[str, Parameter]) -> Schema:
    """All parameters by group, with default, range, unit, grade and source."""
    groups: dict[str, Schema] = {}
    for dotted, parameter in parameters.items():
        group, name = dotted.split(".")
        table = groups.setdefault(group, closed({}, title=_both(named("group", group))))
        table["properties"][name] = {
            "title": f"{parameter.ja} / {parameter.en}",
            "type": "number",
            "default": parameter.value,
            "minimum": parameter.low,
            "maximum": parameter.high,
            "description": f"{_both(named('unit', parameter.unit))}; {parameter.grade}; {parameter.source}",
        }
    return closed(groups)
