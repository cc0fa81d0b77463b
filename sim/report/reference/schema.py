"""JSON Schemas of the files that people write, for editors that check TOML while one writes: what
their records say, with titles in both languages.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.declared.levers import LEVERS
from sim.declared.payers import NAMES
from sim.economics.book import PriceBook
from sim.files.locator import SHIPPED
from sim.report.reference.documents import write
from sim.scenario.comparison import whole_comparison
from sim.scenario.scenario_file import whole_scenario
from sim.towns.town import Organisation, People
from sim.words import LANGUAGES, Phrase, named

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = SHIPPED / "schemas"
HIDDEN = ("properties", "$defs", "title", "ja", "en", "unit", "cost", "needs", "activity")
Schema = dict[str, Any]
KINDS: dict[str, Callable[[], type[BaseModel]]] = {
    "scenario": whole_scenario,
    "comparison": whole_comparison,
    "people": lambda: People,
    "organisation": lambda: Organisation,
    "prices": lambda: PriceBook,
}


def schema_of(kind: str) -> Schema:
    """The schema of a kind of file; its id may be left to the file's name."""
    written = KINDS[kind]().model_json_schema()
    schema = titled(as_laid_over(written) if kind == "prices" else written)
    needed = [name for name in schema.pop("required", []) if name != "id"]
    title = {"title": _both(named("file", kind))}
    return {"$schema": DIALECT, **title, **schema} | ({"required": needed} if needed else {})


def as_laid_over(book: Schema) -> Schema:
    """The schema of a price book that may extend another: of its rows only those that differ, and
    of a row only what differs; it may say in which unit of money it is typed.
    """
    rows = {
        name: {**row, "required": ["id"]} if "id" in row["properties"] else row
        for name, row in book["$defs"].items()
    }
    own = {"extends": {"type": "string"}, "unit": {"type": "string"}}
    return book | {"$defs": rows, "properties": own | book["properties"], "required": []}


def schemas() -> dict[str, Schema]:
    """The schemas by kind of file."""
    return {kind: schema_of(kind) for kind in KINDS}


def schema_text(kind: str) -> str:
    """The schema of a kind of file as its file holds it."""
    return json.dumps(schema_of(kind), ensure_ascii=False, indent=2) + "\n"


def write_schemas(folder: Path = FOLDER) -> list[Path]:
    """Write the schemas of all kinds of files, as they ship; gives the files."""
    return write({f"{kind}.json": schema_text(kind) for kind in KINDS}, folder)


def _both(phrase: Phrase) -> str:
    """A title in both languages."""
    return " / ".join(dict.fromkeys(phrase.say(lang) for lang in LANGUAGES))


def titled(schema: Any, name: str = "") -> Any:
    """The schema with titles in both languages on every setting that has a name, and without the
    null that no TOML file can hold.
    """
    if isinstance(schema, list):
        return [titled(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    schema = _without_null(schema)
    changed = {key: titled(part) for key, part in schema.items() if key not in HIDDEN}
    for key in ("properties", "$defs"):
        if key in schema:
            changed[key] = {
                inner: titled(part, inner if key == "properties" else "")
                for inner, part in schema[key].items()
            }
    title = title_of(schema, name)
    if schema.get("unit", "-") != "-":
        changed["description"] = _both(named("unit", schema["unit"]))
    return {"title": title, **changed} if title else changed


def _without_null(schema: Schema) -> Schema:
    """A setting that may be left out, as what it is where it is given."""
    parts = [part for part in schema.get("anyOf", ()) if part != {"type": "null"}]
    if len(parts) == len(schema.get("anyOf", ())):
        return schema
    rest = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
    return rest | (parts[0] if len(parts) == 1 else {"anyOf": parts})


def title_of(schema: Schema, name: str) -> str:
    """The title of a setting: its own labels, else the word for its name."""
    if isinstance(schema.get("ja"), str) and isinstance(schema.get("en"), str):
        return f"{schema['ja']} / {schema['en']}"
    if name in LEVERS:
        return f"{LEVERS[name].ja} / {LEVERS[name].en}"
    if name in NAMES:
        return f"{NAMES[name]['ja']} / {NAMES[name]['en']}"
    return _both(named("setting", name)) if name else ""
