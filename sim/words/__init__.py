"""All text a user reads, in Japanese and English: words by key, said with values.

The sentences stand in `catalogue/*.toml`, a table a key with the sentence in each language; every
file of that folder is read.
"""

from __future__ import annotations

import locale
import os
import tomllib
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("ja", "en")
CATALOGUE = Path(__file__).with_name("catalogue")


@dataclass(frozen=True)
class Phrase:
    """A sentence that has yet to be said: its key and its values."""

    key: str
    values: dict[str, Any] = field(default_factory=dict)
    otherwise: str | None = None  # said where no file of words has the key

    def say(self, lang: str) -> str:
        """Returns the sentence in `lang`."""
        if self.otherwise is not None and self.key not in words(lang):
            return self.otherwise
        return say(self.key, lang, **self.values)


@dataclass(frozen=True)
class InBoth:
    """A text that a declaration has in both languages. It can stand wherever a `Phrase` can."""

    ja: str
    en: str

    def say(self, lang: str) -> str:
        """Returns the text in `lang`."""
        return self.ja if lang == "ja" else self.en


def named(kind: str, name: str) -> Phrase:
    """Returns the name of a unit, field, household kind and so on in the user's language, or the
    name as it stands where there is no word for it.
    """
    return Phrase(f"{kind}.{name}", {}, name)


@cache
def words(lang: str) -> dict[str, str]:
    """Returns every sentence of one language by key."""
    return {key: sentence[lang] for key, sentence in catalogue().items()}


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Returns every key with its sentence in each language; `same` names the key whose sentence it
    shares.

    Raises ValueError where two files have one key.
    """
    found: dict[str, dict[str, str]] = {}
    for file in sorted(CATALOGUE.glob("*.toml")):
        book = tomllib.loads(file.read_text(encoding="utf-8"))
        twice = found.keys() & book.keys()
        if twice:
            raise ValueError(f"{file.name}: given twice: {', '.join(sorted(twice))}")
        found.update(book)
    return {key: found[entry.get("same", key)] for key, entry in found.items()}


def say(key: str, lang: str | None = None, **values: Any) -> str:
    """Returns the sentence `key` in `lang` (in the user's language where that is None), with
    phrases among the values said in the same language.
    """
    lang = lang or language()
    said = {
        name: value.say(lang) if isinstance(value, (Phrase, InBoth)) else value
        for name, value in values.items()
    }
    return words(lang)[key].format(**said)


_chosen: ContextVar[str | None] = ContextVar("language", default=None)


def speak(lang: str | None) -> None:
    """Sets the one language that is used from here on; None goes back to the system's."""
    if lang is not None and lang not in LANGUAGES:
        raise ValueError(f"{lang!r} is not one of {', '.join(LANGUAGES)}")
    _chosen.set(lang)


def language() -> str:
    """Returns the language chosen by `speak`, else the system's: `ja` where the locale starts with
    ja, else `en`.
    """
    chosen = _chosen.get()
    if chosen:
        return chosen
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "ja" if os.environ[name].lower().startswith("ja") else "en"
    return "ja" if (locale.getlocale()[0] or "").lower().startswith("ja") else "en"
