"""What people type into a cell, read as they mean it: `45,000`, `４５０００`, `4.5万`, `34%`, `R8.4.1`,
`令和8年4月`; `-`, `X` and `…` say that the figure is not known.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from sim.declared.funding import GENERAL
from sim.files.notation import parse_date, parse_number
from sim.officer.cells import Input
from sim.towns.household_tables.cells import NONE, UNKNOWN, WITHHELD
from sim.words import LANGUAGES, Phrase
from sim.words.errors import Refusal, between, nearest

EPOCH = datetime.date(1899, 12, 30)  # day 0 of a date that a spreadsheet keeps as a number
OLDEST_DAY, NEWEST_DAY = 36_526, 73_050  # 2000 and 2099 as such numbers
FIRST_DATE, LAST_DATE = datetime.date(2015, 4, 1), datetime.date(2100, 3, 31)
LONGEST_TEXT = 60
PAYER_WORDS = {
    "国": "nation",
    "都道府県": "prefecture",
    "県": "prefecture",
    "都": "prefecture",
    "道": "prefecture",
    "府": "prefecture",
    "市町村": GENERAL,
    "市": GENERAL,
    "町": GENERAL,
    "村": GENERAL,
    "一般財源": GENERAL,
    "nation": "nation",
    "prefecture": "prefecture",
    "municipality": GENERAL,
}
SHARE_OF = re.compile(
    rf"({'|'.join(sorted(PAYER_WORDS, key=len, reverse=True))})\s*(\d+/\d+|\d+(?:\.\d+)?%)"
)
OF_MONEY = ("円", "万", "億", "千")  # a text with one of these says its own unit


def read_input(one: Input, raw: Any, lang: str) -> Any:
    """Returns what a cell means: None where it is empty or says that the figure is not known.

    raw: as the spreadsheet gives it. Raises Refusal with what is allowed, and what is near.
    """
    if isinstance(raw, str):
        raw = raw.strip().lstrip("'").strip()
    if raw is None or raw == "" or (one.reader != "text" and _unknown(raw)):
        return None
    return READERS[one.reader](one, raw, lang)


def _unknown(raw: Any) -> bool:
    text = unicodedata.normalize("NFKC", str(raw)).strip()
    return text in NONE or any(mark.fullmatch(text) is not None for mark in (UNKNOWN, WITHHELD))


def _text(one: Input, raw: Any, lang: str) -> str:
    if isinstance(raw, (datetime.date, datetime.time)):  # a spreadsheet made it of 1-2
        raise Refusal("book.wrong.text_date", allowed=Phrase("book.allowed.no_date"))
    text = f"{raw:g}" if isinstance(raw, float) else str(raw)
    if len(text) > LONGEST_TEXT or not text.isprintable():
        raise Refusal(
            "book.wrong.text", allowed=Phrase("book.allowed.text", {"most": LONGEST_TEXT})
        )
    return text


def _number(one: Input, raw: Any) -> float:
    """A number as typed; a date is none, since a spreadsheet makes dates of 1/2 and the like."""
    value = None
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        value = float(raw)
    elif isinstance(raw, str):
        value = parse_number(raw)
    if value is None or value != value:
        raise Refusal("book.wrong.number", allowed=_range(one))
    return value


def _range(one: Input) -> Phrase:
    return between(one.low, one.high)


def _bounded(one: Input, value: float) -> float:
    if not one.low <= value <= one.high:
        raise Refusal("book.wrong.range", allowed=_range(one))
    return value


def _amount(one: Input, raw: Any, lang: str) -> float:
    return _bounded(one, _number(one, raw))


def _count(one: Input, raw: Any, lang: str) -> int:
    value = _bounded(one, _number(one, raw))
    if value != int(value):
        raise Refusal("book.wrong.whole", allowed=_range(one))
    return int(value)


def _aged(one: Input, raw: Any, lang: str) -> float:
    """A number of people, or a share of them: below 1, or with a sign of percent."""
    value = _number(one, raw)
    if value >= 1 and value != int(value):
        raise Refusal("book.wrong.aged", allowed=Phrase("book.allowed.aged"))
    return _bounded(one, value)


def _money(one: Input, raw: Any, lang: str) -> float:
    """An amount in thousand yen; in yen where the text names a unit of its own."""
    value = _number(one, raw)
    if isinstance(raw, str) and any(word in raw for word in OF_MONEY):
        value /= 1000
    if value > one.high and one.low <= value / 1000 <= one.high:
        raise Refusal(
            "book.wrong.thousands", allowed=_range(one), near=f"{value / 1000:,.12g}", given=raw
        )
    return _bounded(one, value)


def _date(one: Input, raw: Any, lang: str) -> datetime.date:
    found = _as_date(raw)
    if found is None:
        raise Refusal("book.wrong.date", allowed=Phrase("book.allowed.date"))
    if not FIRST_DATE <= found <= LAST_DATE:
        raise Refusal("book.wrong.date_range", allowed=Phrase("book.allowed.dates"))
    return found


def _until(one: Input, raw: Any, lang: str) -> datetime.date:
    """The last day of something; of a fiscal year alone 31 March."""
    found = _date(one, raw, lang)
    if not _is_year(raw):
        return found
    return _date(one, datetime.date(found.year + 1, 3, 31), lang)


def _is_year(raw: Any) -> bool:
    """Whether a date that was read names a fiscal year alone."""
    if isinstance(raw, datetime.date) or (not isinstance(raw, str) and raw >= OLDEST_DAY):
        return False
    return parse_date(unicodedata.normalize("NFKC", str(raw)).strip()) is None


def _as_date(raw: Any) -> datetime.date | None:
    """A date; of a fiscal year alone its first day."""
    if isinstance(raw, datetime.datetime):
        return raw.date()
    if isinstance(raw, datetime.date):
        return raw
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        if OLDEST_DAY <= raw <= NEWEST_DAY:
            return EPOCH + datetime.timedelta(days=int(raw))
        raw = f"{raw:g}"
    text = unicodedata.normalize("NFKC", str(raw)).strip()
    year = text.removesuffix("度").removesuffix("年").removeprefix("FY")
    return parse_date(text) or parse_date(f"{year}年4月")


def _year(one: Input, raw: Any, lang: str) -> int:
    """A fiscal year, from its name or from a day in it."""
    found = _as_date(raw)
    if found is None:
        raise Refusal("book.wrong.year", allowed=Phrase("book.allowed.year"))
    return int(_bounded(one, fiscal_year_of(found)))


def fiscal_year_of(day: datetime.date) -> int:
    """Returns the fiscal year of a day: it begins on 1 April."""
    return day.year - (day.month < 4)


def _choice(one: Input, raw: Any, lang: str) -> str:
    """The value of a choice, by its name in either language."""
    names = {
        unicodedata.normalize("NFKC", words.say(language)).lower(): value
        for value, words in one.choices.items()
        for language in LANGUAGES
    }
    text = unicodedata.normalize("NFKC", str(raw)).strip().lower()
    if isinstance(raw, bool) and {"yes", "no"} <= names.keys():
        text = "yes" if raw else "no"
    begun = {value for name, value in names.items() if len(text) > 1 and name.startswith(text)}
    if text not in names and len(begun) == 1:
        return begun.pop()
    if text not in names:
        shown = [words.say(lang) for words in one.choices.values()]
        raise Refusal(
            "book.wrong.choice", allowed=", ".join(shown), near=nearest(str(raw), shown, 0.3)
        )
    return names[text]


def _funding(one: Input, raw: Any, lang: str) -> str | dict[str, float]:
    """A source of money by its name, or shares of one's own such as `国1/2、県1/4`; what they leave
    open comes out of general funds.
    """
    text = unicodedata.normalize("NFKC", str(raw)).lower()
    found = [(PAYER_WORDS[who], part) for who, part in SHARE_OF.findall(text)]
    if not found or SHARE_OF.sub("", text).strip("、,・/ "):
        return _named_funding(one, raw, lang)
    shares: dict[str, float] = {}
    for payer, part in found:
        shares[payer] = shares.get(payer, 0.0) + _part(part)
    total = sum(shares.values())
    if total > 1 + 1e-9:
        raise Refusal("book.wrong.shares", allowed=Phrase("book.allowed.funding"))
    shares[GENERAL] = shares.get(GENERAL, 0.0) + max(0.0, 1 - total)
    return {payer: share for payer, share in shares.items() if share > 0}


def _named_funding(one: Input, raw: Any, lang: str) -> str:
    """A source of money by its name; a refusal says that shares would do too."""
    try:
        return _choice(one, raw, lang)
    except Refusal as refusal:
        allowed = Phrase("book.allowed.source", {"list": refusal.allowed})
        raise Refusal("book.wrong.funding", allowed=allowed, near=refusal.near) from None


def _part(text: str) -> float:
    """A fraction or a percentage as a share."""
    over, _, under = text.partition("/")
    if under and int(under) == 0:
        raise Refusal("book.wrong.funding", allowed=Phrase("book.allowed.funding"))
    return int(over) / int(under) if under else float(text.rstrip("%")) / 100


READERS: dict[str, Callable[[Input, Any, str], Any]] = {
    "text": _text,
    "count": _count,
    "amount": _amount,
    "aged": _aged,
    "money": _money,
    "date": _date,
    "until": _until,
    "year": _year,
    "choice": _choice,
    "funding": _funding,
}
