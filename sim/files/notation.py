"""What people type as a number or a date, read as they mean it: `45,000`, `４５０００`, `4.5万`,
`34%`, `R8.4.1`, `令和8年4月`.

Each function gives None for what it cannot read, so that the caller refuses it in its own words.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from decimal import Decimal
from typing import Any

PLAIN = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+"
MYRIADS = {"億": 100_000_000, "万": 10_000, "千": 1_000, "": 1}
NUMBER = re.compile(
    rf"(?P<sign>[+-]?)(?:(?P<億>{PLAIN})億)?(?:(?P<万>{PLAIN})万)?(?:(?P<千>{PLAIN})千)?(?P<rest>{PLAIN})?(?P<power>e[+-]?\d{{1,3}})?"
    r"(?P<unit>%|パーセント|割|人|名|世帯|戸|件|地区|か所|カ所|箇所|週|か月|カ月|ヶ月|年|円)?"
)
LONGEST = 40  # letters of a number: more is no amount that anybody types
PARTS = {"%": Decimal("0.01"), "パーセント": Decimal("0.01"), "割": Decimal("0.1")}
ERAS = {
    "令和": (2018, 2019, 9999),
    "r": (2018, 2019, 9999),
    "平成": (1988, 1989, 2019),
    "h": (1988, 1989, 2019),
    "昭和": (1925, 1926, 1989),
    "s": (1925, 1926, 1989),
}  # year before the first, first year, last year
DATE = re.compile(
    r"(?:(?P<era>令和|平成|昭和|[rhs])\.?(?P<of_era>元|\d{1,2})|(?P<year>\d{4}))"
    r"(?:年度?|[./-])(?P<month>\d{1,2})(?:月|[./-])?(?:(?P<day>\d{1,2})日?)?"
)
MINUS = dict.fromkeys(map(ord, "▲△−‐‑–—"), "-")


def _plain(text: str) -> str:
    """Text without spaces, in half-width letters, with one kind of minus and comma."""
    return (
        "".join(unicodedata.normalize("NFKC", text).split())
        .translate(MINUS)
        .replace("、", ",")
        .lower()
    )


def parse_number(text: str) -> float | None:
    """The number that a text means; a percentage as a share. None where it is no number, or its
    commas do not part thousands.
    """
    text = _plain(text)
    found = NUMBER.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        return None
    amounts = {name: found[name] for name in ("億", "万", "千", "rest")}
    if not any(amounts.values()):
        return None
    value = sum(
        Decimal(amount.replace(",", "")) * MYRIADS.get(name, 1)
        for name, amount in amounts.items()
        if amount
    )
    value *= PARTS.get(found["unit"], Decimal(1)) * (
        Decimal("1" + found["power"]) if found["power"] else 1
    )
    return float(-value if found["sign"] == "-" else value)


def meant(value: Any) -> Any:
    """The number that a text means; anything else as it is, and so is text with a sign, which may
    mean more than there is.
    """
    found = parse_number(value) if isinstance(value, str) and not signed(value) else None
    return value if found is None else found


def signed(text: str) -> bool:
    """Whether a text begins with + or -."""
    return _plain(text)[:1] in ("+", "-")


def parse_whole(text: str) -> int | None:
    """The whole number that a text means (5.0 is one); None where it is none."""
    value = parse_number(text)
    return int(value) if value is not None and abs(value) < 1e15 and value == int(value) else None


def parse_date(text: str) -> datetime.date | None:
    """The date that a text means; a month is its first day. None where it is no date, or there was
    no such date.
    """
    found = DATE.fullmatch(_plain(text))
    if not found:
        return None
    year = int(found["year"] or 0)
    if found["era"]:
        before, first, last = ERAS[found["era"]]
        year = before + (1 if found["of_era"] == "元" else int(found["of_era"]))
        if not first <= year <= last:
            return None
    try:
        return datetime.date(year, int(found["month"]), int(found["day"] or 1))
    except ValueError:
        return None
