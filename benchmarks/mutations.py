"""Ways to break a file of ours: its tables and values changed one by one, or its text; the same
file for the same seed.
"""

from __future__ import annotations

import copy
import datetime
import math
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

LONG = 20_000
VALUES: tuple[Any, ...] = (
    math.nan,
    math.inf,
    -math.inf,
    -0.0,
    1e308,
    5e-324,
    1e-12,
    2**31,
    2**63,
    2**63 - 1,
    -(2**63),
    10**400,
    16**5000,
    0,
    1,
    -1,
    0.5,
    3,
    52,
    1e6,
    1e12,
    True,
    False,
    "",
    "0",
    " ",
    "x",
    "none",
    "default",
    "+1.5",
    "+1e9",
    "tips",
    "a" * LONG,
    "a\x00b",
    "\x1b[31m",
    "１",
    "４．５万",
    "㈱",
    "e\u0301",
    "\u202e",
    "\U0001f600",
    "..",
    "../..",
    "/etc/passwd",
    "mutant.toml",
    "base.toml",
    "/dev/zero",
    [],
    [1, "x"],
    [[]],
    [{}],
    {},
    {"x": 1},
    {"start": 1},
    {"ja": "a", "en": "b"},
    datetime.date(1, 1, 1),
    datetime.date(9999, 12, 31),
    datetime.date(2026, 4, 1),
    datetime.datetime(2030, 1, 1, 1, tzinfo=datetime.UTC),
    datetime.time(7, 32),
    list(range(300)),
    ["a"] * 12_000,
)
FACTORS = (0, -1, 0.001, 0.1, 0.5, 0.999, 1.001, 2, 10, 1000, 1e6, 1e9)
NAMES = (
    "",
    "x",
    "a.b",
    "ｆｔｅ",
    "fte",
    "start",
    "end",
    "schedule",
    "share",
    "population",
    "a" * 300,
    "\u3000",
    "id",
    "arms",
    "extends",
)
Node = dict | list


def nodes(value: Any) -> list[tuple[Node, Any]]:
    """Every value of a document as the table or list that holds it and its place there."""
    inside = (
        list(value.items())
        if isinstance(value, dict)
        else list(enumerate(value))
        if isinstance(value, list)
        else []
    )
    return [pair for name, part in inside for pair in ((value, name), *nodes(part))]


def drop(draw: random.Random, holder: Node, place: Any, _other: Any) -> None:
    """Leave a value out."""
    del holder[place]


def replace(draw: random.Random, holder: Node, place: Any, _other: Any) -> None:
    """Put an odd value in its place."""
    holder[place] = copy.deepcopy(draw.choice(VALUES))


def scale(draw: random.Random, holder: Node, place: Any, _other: Any) -> None:
    """Make a number larger, smaller, negative or of another type."""
    value = holder[place]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        new = value * draw.choice(FACTORS)
        holder[place] = int(new) if isinstance(value, int) and draw.random() < 0.7 else new
    else:
        replace(draw, holder, place, None)


def rename(draw: random.Random, holder: Node, place: Any, _other: Any) -> None:
    """Give a setting another name, or a misspelt one."""
    if isinstance(holder, list):
        return drop(draw, holder, place, None)
    name = (
        draw.choice(NAMES)
        if draw.random() < 0.5
        else place[::-1]
        if draw.random() < 0.5
        else place + "s"
    )
    holder[name] = holder.pop(place)
    return None


def transplant(draw: random.Random, holder: Node, place: Any, other: Any) -> None:
    """Put a part of another file in its place, or beside it."""
    there, name = draw.choice(nodes(other) or [({"x": 1}, "x")])
    if isinstance(holder, dict) and draw.random() < 0.5:
        place = str(name)
    holder[place] = copy.deepcopy(there[name])  # no table may come to stand inside itself


def repeat(draw: random.Random, holder: Node, place: Any, _other: Any) -> None:
    """Say an entry of a list twice or many times; make a list of what is none."""
    if isinstance(holder, list):
        holder.extend([holder[place]] * draw.choice((1, 3, 250)))
    else:
        holder[place] = [holder[place]] * draw.choice((1, 2))


def nest(draw: random.Random, holder: Node, place: Any, _other: Any) -> None:
    """Put a value deep inside tables or lists."""
    for _ in range(draw.choice((1, 3, 40, 150))):
        holder[place] = {"a": holder[place]} if draw.random() < 0.5 else [holder[place]]


def swap(draw: random.Random, holder: Node, place: Any, other: Any) -> None:
    """Exchange two values of one table."""
    another = draw.choice(list(holder)) if isinstance(holder, dict) else draw.randrange(len(holder))
    holder[place], holder[another] = holder[another], holder[place]


STEPS: tuple[Callable[..., None], ...] = (
    drop,
    replace,
    replace,
    scale,
    scale,
    scale,
    rename,
    transplant,
    transplant,
    repeat,
    nest,
    swap,
)


def mutated(
    draw: random.Random,
    document: dict[str, Any],
    other: dict[str, Any],
    writer: Callable[[dict[str, Any]], str] | None = None,
) -> str:
    """The text of `document` with one to three things changed in it; both documents are changed in
    place.
    """
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        with suppress(
            OverflowError, RecursionError
        ):  # a step that Python's own numbers or depth do not allow is left out
            there = nodes(document)
            if there:
                draw.choice(STEPS)(draw, *draw.choice(there), other)
    try:
        return (writer or toml)(document)
    except (
        RecursionError
    ):  # too deep to be written by a function that calls itself: deep all the same
        return "x = " + "[" * 5000


def toml(document: dict[str, Any]) -> str:
    """A document as TOML, a line for each setting at the top; too deep tables as they come."""
    return "\n".join(f"{key(name)} = {written(value)}" for name, value in document.items()) + "\n"


def key(name: str) -> str:
    """A key as TOML, in quotes."""
    return written(str(name))


def written(value: Any) -> str:
    """A value as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        plain = (
            letter if letter >= " " and letter not in '"\\\x7f' else f"\\u{ord(letter):04x}"
            for letter in value
        )
        return '"' + "".join(plain) + '"'
    if isinstance(value, int):
        return hex(value) if value > 10**1000 else str(value)
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{key(name)} = {written(part)}" for name, part in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return value.isoformat() if isinstance(value, (datetime.date, datetime.time)) else repr(value)


def _line(draw: random.Random, text: str, change: Callable[[str], str]) -> str:
    lines = text.splitlines(keepends=True) or [""]
    at = draw.randrange(len(lines))
    lines[at] = change(lines[at])
    return "".join(lines)


def _insert(draw: random.Random, text: str, letters: str) -> str:
    at = draw.randrange(len(text) + 1)
    return text[:at] + letters + text[at:]


WORDS = ("[[[[", "[levers]\n", "a.b.c = 1\n", '"""', "1__0", "0x", "-", "e999")
TEXTS: tuple[Callable[[random.Random, str], bytes], ...] = (
    lambda draw, text: b"\xef\xbb\xbf" + text.encode(),
    lambda draw, text: text.replace("\n", "\r\n").encode(),
    lambda draw, text: text.replace("\n", "\r").encode(),
    lambda draw, text: text.encode("utf-16"),
    lambda draw, text: text.encode("cp932", "replace"),
    lambda draw, text: text.encode()[: draw.randrange(len(text) + 1)],
    lambda draw, text: _line(draw, text, lambda line: line * 2).encode(),
    lambda draw, text: _line(draw, text, lambda line: "").encode(),
    lambda draw, text: _line(draw, text, lambda line: line.replace("=", "＝")).encode(),
    lambda draw, text: _line(draw, text, lambda line: line.replace('"', "”")).encode(),
    lambda draw, text: _insert(
        draw, text, draw.choice("\u3000\u00a0\x00\x1b\"'[]{}=,.#\n９\ufeff")
    ).encode(),
    lambda draw, text: _insert(draw, text, draw.choice(WORDS)).encode(),
    lambda draw, text: text.encode().replace(b"1", bytes([draw.randrange(256)]), 1),
    lambda draw, text: bytes(draw.randrange(256) for _ in range(200)),
    lambda draw, text: text.encode() * 2,
    lambda draw, text: b"",
)


def broken(draw: random.Random, text: str) -> bytes:
    """The bytes of a text; of one in eight, changed as text."""
    return draw.choice(TEXTS)(draw, text) if draw.random() < 1 / 8 else text.encode()
