"""One cell of a table: a count, the mark of none, or why it is no count."""

from __future__ import annotations

import datetime
import re
from enum import Enum
from typing import Any

from sim.towns.household_tables.spelling import tidy

UNITS = re.compile(r"(世帯|戸|件|人|名)$")
GROUPED = re.compile(r"\d{1,3}(,\d{3})+|\d+")
LARGEST = 10_000_000  # households or residents of one district


class Mark(Enum):
    """Why a cell is no count; the value is the key of the sentence that says so."""

    WITHHELD = "table.withheld"
    UNKNOWN = "table.unknown"
    EMPTY = "table.empty"
    FRACTION = "table.fraction"
    NEGATIVE = "table.negative"
    COMMAS = "table.commas"
    DATE = "table.date"
    LARGE = "table.large"
    TEXT = "table.no_count"


NONE = {"-", "--", "---", "ー", "該当なし", "なし"}
WITHHELD = re.compile(r"[x×χ]+|\*+|秘匿|秘|非公表|非公開|\(秘匿\)|<\d+|\d+未満", re.IGNORECASE)
UNKNOWN = re.compile(
    r"…+|‥+|\.{2,}|・{1,}|n/?a|#n/a|nan|null|none|\?+|不明|不詳|未詳|未集計|未定", re.IGNORECASE
)


def text_of(value: Any) -> str:
    """Returns a cell as text; nothing where it is empty."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return tidy(str(value))


def count(value: Any) -> int | Mark:
    """Returns the whole number that a cell holds, 0 where it says none, or the mark that says why
    it is no count.
    """
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        return Mark.DATE
    if isinstance(value, bool):
        return Mark.TEXT
    text = str(value) if isinstance(value, (int, float)) else tidy(value or "").lstrip("'").strip()
    if not text:
        return Mark.EMPTY
    if text in NONE:
        return 0
    if UNKNOWN.fullmatch(text) or tidy(str(value)) == "...":
        return Mark.UNKNOWN
    return Mark.WITHHELD if WITHHELD.fullmatch(text) else _count(text)


def _count(text: str) -> int | Mark:
    """Returns the count that a text gives, or why it gives none."""
    text = UNITS.sub("", "".join(text.split()).replace("、", ","))
    if re.fullmatch(r"[-▲△][\d.,]+", text):
        return Mark.NEGATIVE if re.search("[1-9]", text) else 0
    body, point, rest = text.partition(".")
    if not re.fullmatch(r"[\d,]+", body) or not re.fullmatch(r"\d*", rest):
        return Mark.TEXT
    if not GROUPED.fullmatch(body):
        return Mark.COMMAS
    if rest.strip("0"):
        return Mark.FRACTION
    found = int(body.replace(",", "")) if len(body) < 20 else LARGEST + 1
    return found if found <= LARGEST else Mark.LARGE


def is_figure(value: Any) -> bool:
    """Returns whether a cell looks like one of a table's figures: a count, or a mark in place of
    one.
    """
    found = count(value)
    return found not in (Mark.EMPTY, Mark.TEXT)
