"""Search in Japanese without a dictionary: text and query are cut into pairs of letters.

Sphinx's own splitter cuts the text into words but not the query, so that 支援体制 or 見守る人 finds
nothing. Pairs are the same on both sides.
"""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx
from sphinx.search import SearchLanguage

LETTERS = "ぁ-んァ-ヶー一-龠々"
RUNS = re.compile(rf"[{LETTERS}]+|[^\W{LETTERS}]+")
SPLITTER = f"""
function splitQuery(query) {{
  const runs = query.match(/[{LETTERS}]+|(?:(?![{LETTERS}])[\\p{{L}}\\p{{N}}_])+/gu) || [];
  return runs.flatMap((run) => {{
    const pairs = /[{LETTERS}]{{2}}/u.test(run) ? [...run].slice(1) : [];
    return pairs.length ? pairs.map((letter, place) => run[place] + letter) : [run];
  }});
}}
"""


class Pairs(SearchLanguage):
    """Japanese text by pairs of letters, Latin words as they are."""

    lang = "ja"
    language_name = "Japanese"
    js_splitter_code = SPLITTER

    def split(self, input: str) -> list[str]:
        """The terms of a text."""
        return [term for run in RUNS.findall(input) for term in pairs(run)]


def pairs(run: str) -> list[str]:
    """A run of Japanese letters as overlapping pairs; one letter, or a Latin word, as it is."""
    if len(run) < 2 or not re.match(f"[{LETTERS}]", run):
        return [run]
    return [run[place : place + 2] for place in range(len(run) - 1)]


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx."""
    app.add_search_language(Pairs)
    return {"parallel_read_safe": True}
