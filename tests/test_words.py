"""Both languages say the same things, with the same values; every name that users see has a
word.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest

from sim import words
from sim.declared import SUBJECTS, declared
from sim.declared.levers import LEVERS
from sim.declared.records import USES
from sim.declared.vocabulary import FIELDS, KINDS, POST_KINDS, ROUTES, STAGES

SOURCES = sorted((Path(__file__).parents[1] / "sim").rglob("*.py"))


def test_same_keys():
    assert words.words("ja").keys() == words.words("en").keys()


@pytest.mark.parametrize("key", sorted(words.words("en")))
def test_same_places_for_values(key):
    names = [
        {name for _, name, _, _ in Formatter().parse(words.words(lang)[key]) if name is not None}
        for lang in words.LANGUAGES
    ]
    assert names[0] == names[1] and "" not in names[0]


def test_japanese_is_japanese():
    plain = {
        key
        for key, text in words.words("ja").items()
        if re.fullmatch(r"[\x00-\x7f]*", re.sub(r"\{.*?\}", "", text))
    }
    assert not {
        key for key in plain if key.startswith(("error.", "unused.", "cli.", "section.", "ask."))
    } - {"error.head"}


def test_every_name_has_a_word():
    wanted = {f"unit.{one.unit}" for one in declared().values()} | {
        f"group.{group}" for group in SUBJECTS
    }
    wanted |= {f"field.{field}" for field in FIELDS}
    assert all(lever.ja and lever.en for lever in LEVERS.values())
    wanted |= {f"kind.{kind}" for kind in KINDS} | {f"post.{kind}" for kind in POST_KINDS}
    wanted |= {f"use.{use}" for use in USES} | {f"stage.{stage}" for stage in STAGES}
    wanted |= {f"route.{route}" for route in ROUTES[1:]}
    wanted |= {
        f"unit.{info.json_schema_extra['unit']}"
        for kind in LEVERS.values()
        for info in kind.model_fields.values()
    }
    assert wanted <= words.words("ja").keys()


def test_every_key_in_the_code_has_a_word():
    used = {
        node.value
        for file in SOURCES
        if file.name != "moved.py"  # it holds names of modules
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(
            r"(error|allowed|unused|ask|section|column|check|new_town|towns|origin|value|grade)\.[a-z_]+",
            node.value,
        )
    }
    assert used <= words.words("en").keys() and len(used) > 60


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LC_ALL": "ja_JP", "LANG": "en_US"}, "ja"),
        ({"LC_ALL": "C", "LANG": "ja_JP"}, "en"),
    ],
)
def test_language_follows_the_system(monkeypatch, environment, expected):
    words.speak(None)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert words.language() == expected


def test_a_chosen_language_comes_first(monkeypatch):
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    words.speak("en")
    try:
        assert words.language() == "en"
    finally:
        words.speak(None)
    with pytest.raises(ValueError, match="fr"):
        words.speak("fr")


def test_no_sentence_stands_twice_and_japanese_comes_first():
    """A key has its sentence in each language, Japanese first, or the name of the key whose sentence it shares."""
    entries = {}
    for file in words.CATALOGUE.glob("*.toml"):
        entries |= tomllib.loads(file.read_text(encoding="utf-8"))
    own = {key: entry for key, entry in entries.items() if "same" not in entry}
    assert all([*entry] == [*words.LANGUAGES] for entry in own.values())
    assert all(
        [*entries[key]] == ["same"] and entries[key]["same"] in own
        for key in entries.keys() - own.keys()
    )
    said = Counter(tuple(entry.values()) for entry in own.values())
    assert not [sentence for sentence, times in said.items() if times > 1]
