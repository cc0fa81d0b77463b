"""How large a file of ours may be, and how large anything in it: one walk over what was read,
before anything uses it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from sim.words import Phrase
from sim.words.errors import ScenarioError, fault

MOST_BYTES = 1_000_000
MOST_VALUES = 20_000
DEEPEST = 16  # tables and lists inside one another
LONGEST_LIST = 10_000
LONGEST_TEXT = 10_000
LONGEST_NAME = 200
LARGEST_WHOLE = 2**63 - 1
PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+"""
DOTTED = re.compile(
    rf"(?<![A-Za-z0-9_-])(?:{PART}){{{2 * DEEPEST}}}"
)  # reading such a key takes the square of its parts
UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]"
)  # no spreadsheet and no page can hold these


def check_text(text: str, file: str) -> None:
    """Refuse a text whose dotted keys have too many parts to be read in reasonable time."""
    if DOTTED.search(text):
        raise _too_deep("", file)


def check_bounded(document: Any, file: str) -> None:
    """Refuse what is too deep, too many, too long, too large, no finite number or no text, wherever
    it stands.
    """
    for count, (key, depth, value) in enumerate(_inside(document)):
        if count > MOST_VALUES:
            raise fault(
                "error.too_many",
                file=file,
                allowed=Phrase("allowed.at_most", {"high": f"{MOST_VALUES:,}"}),
            )
        if depth > DEEPEST:
            raise _too_deep(key, file)
        name = key.rpartition(".")[2]
        if UNPRINTABLE.search(name):
            raise fault("error.unprintable", at=key, file=file)
        if len(name) > LONGEST_NAME:
            raise _too_long(key[:LONGEST_NAME], file, LONGEST_NAME)
        _check_value(value, key, file)


def _inside(document: Any) -> Iterator[tuple[str, int, Any]]:
    """Everything in a document with its dotted key and how deep it stands, without recursion."""
    left = [("", 0, document)]
    while left:
        key, depth, value = left.pop()
        yield key, depth, value
        if isinstance(value, dict):
            below = [(str(name), part) for name, part in value.items()]
        elif isinstance(value, list):
            below = [(str(place), part) for place, part in enumerate(value)]
        else:
            continue
        left.extend(
            (f"{key}.{name}" if key else name, depth + 1, part) for name, part in reversed(below)
        )


def _check_value(value: Any, key: str, file: str) -> None:
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise _too_long(key, file, LONGEST_TEXT)
    if isinstance(value, str) and UNPRINTABLE.search(value):
        raise fault("error.unprintable", at=key, file=file, given=value)
    if isinstance(value, list) and len(value) > LONGEST_LIST:
        raise fault(
            "error.too_many",
            at=key,
            file=file,
            allowed=Phrase("allowed.at_most", {"high": f"{LONGEST_LIST:,}"}),
        )
    if isinstance(value, float) and not math.isfinite(value):
        raise fault(
            "error.finite", at=key, file=file, given=value, allowed=Phrase("allowed.number")
        )
    if isinstance(value, int) and abs(value) > LARGEST_WHOLE:
        raise fault(
            "error.digits", at=key, file=file, given=value, allowed=Phrase("allowed.digits")
        )


def _too_deep(key: str, file: str) -> ScenarioError:
    return fault(
        "error.too_deep", at=key, file=file, allowed=Phrase("allowed.at_most", {"high": DEEPEST})
    )


def _too_long(key: str, file: str, most: int) -> ScenarioError:
    return fault(
        "error.too_long",
        at=key,
        file=file,
        allowed=Phrase("allowed.letters", {"most": f"{most:,}"}),
    )
