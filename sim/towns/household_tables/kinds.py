"""What the household kinds of a census hold: each a set of parts, each part of one of the model's
seven kinds.

All that the reader knows of kinds follows from these sets: which heading contains which, what is
left of one when its parts stand beside it, and when a heading cannot be told apart into the model's
kinds. Definitions: the Statistics Bureau's terms of the population census (family type of
households), and the Comprehensive Survey of Living Conditions.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from sim.declared.vocabulary import KINDS
from sim.towns.household_tables.spelling import spelling_key
from sim.words import say

# Parts of the general households, and the kind that the model gives each by its members' ages (a
# child is under 18).
PARTS = {
    "alone_65": "elder_alone", "alone_under_65": "working_alone",
    "couple_65": "elder_couple", "couple_under_65": "other",
    "parents_child": "couple_with_children", "parents_grown_65": "elder_with_adult_child", "parents_grown": "other",
    "mother_child": "single_parent", "mother_grown_65": "elder_with_adult_child", "mother_grown": "other",
    "father_child": "single_parent", "father_grown_65": "elder_with_adult_child", "father_grown": "other",
    "three_child": "couple_with_children", "three_grown": "elder_with_adult_child",
    "kin_65": "elder_with_adult_child", "kin": "other", "not_kin": "other",
}  # fmt: skip
ALL = frozenset(PARTS)
TOTAL = "total"


def starting(*beginnings: str) -> frozenset[str]:
    """Returns the parts whose names begin so."""
    return frozenset(part for part in PARTS if part.startswith(beginnings))


class Term(NamedTuple):
    """A heading that tables use: the parts it holds, and how it is written (a pattern for the `spelling_key`
    of a heading).
    """

    parts: frozenset[str]
    written: str


ELDER, ALONE = (
    r"(?:高齢者?の?|65歳以上の?|老人|老年)",
    r"(?:単独|単身者?|[一1]人暮らし|ひとり暮らし|独居|[一1]人|ひとり)",
)
CHILD = r"(?:子供|子ども|こども|子)"
FROM = r"(?:から成る|からなる|のみの?|だけの?)"
TERMS = {
    TOTAL: Term(
        ALL,
        r"(?:一般)?世帯(?:総数|数|合計|計)?|総世帯|(?:一般世帯)?総数|合計|総計|計|全世帯|households|total",
    ),
    "elder_alone": Term(
        starting("alone_65"),
        rf"(?:世帯員が)?{ELDER}(?:世帯員の|者の)?(?:高齢)?{ALONE}(?:高齢者)?世帯?|{ALONE}(?:世帯)?の?(?:うち)?{ELDER}(?:世帯)?|高齢者?独居",
    ),
    "working_alone": Term(
        starting("alone_under_65"),
        rf"(?:現役世代|生産年齢|65歳未満|非高齢者?)の?{ALONE}世帯?|{ALONE}(?:世帯)?の?(?:うち)?65歳未満",
    ),
    "elder_couple": Term(
        starting("couple_65"),
        rf"{ELDER}夫婦(?:のみ)?の?世帯?|夫婦のみの?世帯?(?:うち)?{ELDER}|高齢夫婦",
    ),
    "single_parent": Term(
        starting("mother_child", "father_child"),
        r"(?:ひとり親|一人親|単親|母子[・及びと]*父子)(?:世帯|家庭)?",
    ),
    "couple_with_children": Term(
        starting("parents_child", "three_child"), rf"夫婦と{CHILD}の?世帯"
    ),
    "elder_with_adult_child": Term(
        frozenset(part for part, kind in PARTS.items() if kind == "elder_with_adult_child"),
        rf"高齢の親と成人した{CHILD}の?世帯",
    ),
    "other": Term(
        frozenset(part for part, kind in PARTS.items() if kind == "other"), r"その他の?世帯|その他"
    ),
    "alone": Term(starting("alone"), rf"{ALONE}世帯|単独|単身|世帯人員が?[一1]人(?:の世帯)?"),
    "couple": Term(starting("couple"), r"夫婦のみの?世帯|夫婦のみ|夫婦世帯"),
    "parents": Term(
        starting("parents"), rf"夫婦と(?:未婚の)?{CHILD}{FROM}(?:世帯)?|夫婦と未婚の{CHILD}の?世帯"
    ),
    "mother": Term(
        starting("mother"), rf"(?:女親|母親)と(?:未婚の)?{CHILD}(?:{FROM})?の?(?:世帯)?"
    ),
    "father": Term(
        starting("father"), rf"(?:男親|父親)と(?:未婚の)?{CHILD}(?:{FROM})?の?(?:世帯)?"
    ),
    "parent": Term(
        starting("mother", "father"),
        rf"(?:ひとり親|一人親|片親)と(?:未婚の)?{CHILD}(?:{FROM})?の?(?:世帯)?",
    ),
    "mother_child": Term(starting("mother_child"), r"母子(?:世帯|家庭)?"),
    "father_child": Term(starting("father_child"), r"父子(?:世帯|家庭)?"),
    "nuclear": Term(starting("couple", "parents", "mother", "father"), r"核家族(?:的)?世帯|核家族"),
    "not_nuclear": Term(starting("three", "kin"), r"核家族以外の?(?:親族)?世帯|その他の?親族世帯"),
    "three": Term(starting("three"), r"(?:三|3)世代(?:同居)?の?世帯|(?:三|3)世代"),
    "relatives": Term(ALL - starting("alone", "not_kin"), r"親族のみの?世帯|親族世帯"),
    "not_kin": Term(starting("not_kin"), r"非親族を?含む世帯|非親族世帯"),
    "elders": Term(
        starting("alone_65", "couple_65"),
        rf"高齢者?(?:のみの?)?世帯|{ELDER}(?:世帯員|者)?のみの?(?:一般)?世帯",
    ),
}
OWN = KINDS
LOOSE = ("couple_with_children", "other")  # names of the model's kinds that mean more in a census
INSTITUTION = re.compile(r"施設等?の?(?:世帯|入所者)?.*")
AGAIN = re.compile(
    r".*(?:のいる(?:一般)?世帯|がいる(?:一般)?世帯|\d歳未満.*いる|人員|\d+[~-]\d+歳.*世帯|(?:7[05]|8[05])歳以上|不詳|"
    r"住宅に住む|持ち?家|借家|間借り).*|(?:世帯)?主世帯"
)
_PATTERNS = [(name, re.compile(term.written)) for name, term in TERMS.items()]
_LABELS = {
    spelling_key(say(f"kind.{name}", lang)): name for name in OWN for lang in ("ja", "en")
} | {name: name for name in OWN}


@lru_cache(maxsize=16_384)
def term_of(text: str) -> str | None:
    """Returns the term that one heading, or one kind in a column, names; "institution" and "again"
    for what is left out; else None.
    """
    text = re.sub(r"^(?:\d+[_.]|うち|内|\(?再掲\)?|\*)+", "", spelling_key(text))
    text = re.sub(r"[\[(](?:世帯|戸|再掲|数)*[\])]$|[、。:]", "", text)
    if text in _LABELS:
        return _LABELS[text]
    bare = (
        text[:-1]
        if text.endswith("世帯数")
        and TERMS[TOTAL].written
        and len(text) > 4
        and text != "一般世帯数"
        else text
    )
    for name, pattern in _PATTERNS:
        if pattern.fullmatch(text) or pattern.fullmatch(bare):
            return name
    if INSTITUTION.fullmatch(text):
        return "institution"
    return "again" if AGAIN.fullmatch(text) else None


def kinds_in(parts: frozenset[str]) -> tuple[str, ...]:
    """Returns the model's kinds that parts belong to, in the model's order."""
    return tuple(kind for kind in KINDS if any(PARTS[part] == kind for part in parts))


def term_label(term: str, lang: str) -> str:
    """Returns a term as a reader knows it."""
    return say(f"kind.{term}" if term in OWN else f"term.{term}", lang)
