"""The JSON Schemas that ship: what the records say, named by every file that ships, which fits; what
is broken does not.
"""

from __future__ import annotations

import copy
import json
import re
import shutil
import tomllib
from functools import cache
from pathlib import Path

import jsonschema
import pytest

from sim.files.toml import SHIPPED
from sim.report.reference.schema import FOLDER, KINDS, schema_text
from sim.scenario.arms import is_comparison
from sim.towns.new_town import Numbers, write_town

FILES = sorted(SHIPPED.rglob("*.toml"))
LINE = re.compile(r"#:schema (\S+)")


def named_by(file: Path) -> Path:
    """The schema that a file names in its first line."""
    found = LINE.fullmatch(file.read_text(encoding="utf-8").splitlines()[0])
    assert found, file
    return (file.parent / found[1]).resolve()


@cache
def checker(kind: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((FOLDER / f"{kind}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def as_json(value):
    """A document as an editor sees it: a date is text."""
    if isinstance(value, dict):
        return {name: as_json(part) for name, part in value.items()}
    if isinstance(value, list):
        return [as_json(part) for part in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def content(name: str) -> dict:
    return as_json(tomllib.loads((SHIPPED / name).read_text(encoding="utf-8")))


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_that_ships_is_what_the_records_say(kind):
    assert (FOLDER / f"{kind}.json").read_text(encoding="utf-8") == schema_text(kind), (
        "write it anew with `python -m sim.cli.documents`"
    )


def test_only_these_schemas_ship():
    assert {file.stem for file in FOLDER.iterdir()} == {*KINDS}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SHIPPED)))
def test_a_file_that_ships_names_its_schema_and_fits_it(file):
    schema = named_by(file)
    assert schema.parent == FOLDER.resolve() and schema.stem in KINDS
    if schema.stem in ("scenario", "comparison"):
        assert (schema.stem == "comparison") == is_comparison(file)
    checker(schema.stem).validate(as_json(tomllib.loads(file.read_text(encoding="utf-8"))))


BROKEN = {
    "unknown key of a scenario": ("scenario", "base.toml", {"yeers": 3}),
    "years beyond the longest": ("scenario", "base.toml", {"years": 51}),
    "years as text": ("scenario", "base.toml", {"years": "ten"}),
    "arms of a scenario": ("scenario", "base.toml", {"arms": []}),
    "unknown lever": ("scenario", "base.toml", {"levers": {"outreech": {"fte": 1}}}),
    "unknown setting": ("scenario", "base.toml", {"levers": {"outreach": {"ftes": 1}}}),
    "posts below 0": ("scenario", "base.toml", {"levers": {"outreach_worker": {"fte": -1}}}),
    "word of no door": ("scenario", "base.toml", {"levers": {"intake": {"door": "open"}}}),
    "a schedule without start": (
        "scenario",
        "base.toml",
        {"levers": {"outreach_worker": {"schedule": [{"fte": 1}]}}},
    ),
    "a ramp of a life": (
        "scenario",
        "base.toml",
        {"levers": {"outreach_worker": {"fte": 1, "ramp_months": 241}}},
    ),
    "unknown group": ("scenario", "base.toml", {"parameters": {"need": {}}}),
    "unknown parameter": ("scenario", "base.toml", {"parameters": {"needs": {"onset": 1}}}),
    "parameter out of range": (
        "scenario",
        "base.toml",
        {"parameters": {"needs": {"onset_latent": 9}}},
    ),
    "unknown mechanism": ("scenario", "base.toml", {"switched_off": ["neds"]}),
    "trend of no kind": ("scenario", "base.toml", {"trend": "defalt"}),
    "seeds twice": ("scenario", "base.toml", {"seeds": [1, 1]}),
    "no seeds": ("scenario", "base.toml", {"seeds": 0}),
    "shock of no kind": ("scenario", "base.toml", {"events": [{"kind": "flood", "at": 3}]}),
    "claim without measure": (
        "scenario",
        "base.toml",
        {"claims": [{"en": "a", "direction": "lower"}]},
    ),
    "one arm": ("comparison", "spirals.toml", {"arms": [{"id": "waiting"}]}),
    "an arm without id": ("comparison", "spirals.toml", {"arms": [{"id": "a"}, {}]}),
    "an id in capitals": ("comparison", "spirals.toml", {"arms": [{"id": "a"}, {"id": "B"}]}),
    "seeds of an arm": (
        "comparison",
        "spirals.toml",
        {"arms": [{"id": "a"}, {"id": "b", "seeds": 3}]},
    ),
    "a lever of an arm that is none": (
        "comparison",
        "spirals.toml",
        {"arms": [{"id": "a"}, {"id": "b", "levers": {"outreech": {}}}]},
    ),
    "a group of one": ("comparison", "spirals.toml", {"same_cost": [["waiting"]]}),
    "no half width": ("comparison", "spirals.toml", {"precision": {"measure": "load"}}),
    "weights beyond": (
        "comparison",
        "spirals.toml",
        {"combinations": [{"arm": "a", "parts": {"b": 1e9}}]},
    ),
    "no residents": ("people", "towns/kaga.toml", {"population": 0}),
    "ageing rate in per cent": ("people", "towns/kaga.toml", {"ageing_rate": 32}),
    "no districts": ("people", "towns/kaga.toml", {"districts": []}),
    "a setting of people too many": ("people", "towns/kaga.toml", {"popualtion": 3}),
    "no agencies": ("organisation", "organisations/kaga.toml", {"agencies": []}),
    "unknown practice": ("organisation", "organisations/kaga.toml", {"practice": {"x": {}}}),
    "a price below 0": ("prices", "prices/default.toml", {"items": [{"id": "a", "price": -1}]}),
    "a row without id": ("prices", "prices/default.toml", {"items": [{"price": 1}]}),
    "a key of no row": ("prices", "prices/default.toml", {"items": [{"id": "a", "prise": 1}]}),
}


@pytest.mark.parametrize(("kind", "name", "wrong"), BROKEN.values(), ids=BROKEN)
def test_what_is_broken_does_not_fit(kind, name, wrong):
    document = copy.deepcopy(content(name)) | wrong
    assert not checker(kind).is_valid(document)


@pytest.mark.parametrize(
    "right",
    [
        {"levers": {"outreach_worker": {"fte": 2, "mix": {"visiting": 1}, "start": "2025-04-01"}}},
        {"trend": {"onset": 0.01}, "seeds": 20},
        {"seeds": [4, 9], "name": "一つの言葉"},
        {"events": [{"kind": "disaster", "at": "2026-01-01"}]},
    ],
)
def test_what_people_write_fits(right):
    checker("scenario").validate(right)


def test_a_price_book_may_hold_what_differs_alone():
    checker("prices").validate(
        {"extends": "default.toml", "unit": "千円", "items": [{"id": "place", "price": 4300}]}
    )


NUMBERS = Numbers("mine", "町", "Town", 20_000, 0.3, districts=2, posts=12)


def test_a_new_town_beside_the_schemas_names_them_and_fits(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "scenarios")
    for file in write_town(NUMBERS, tmp_path / "scenarios"):
        schema = named_by(file)
        assert schema.is_file()
        checker(schema.stem).validate(as_json(tomllib.loads(file.read_text(encoding="utf-8"))))


def test_a_new_town_elsewhere_names_no_schema(tmp_path):
    for file in write_town(NUMBERS, tmp_path):
        assert not file.read_text(encoding="utf-8").startswith("#:schema")
