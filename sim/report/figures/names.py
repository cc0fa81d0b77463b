"""Names in figures: short enough that the plot keeps its room, told apart, and with letters that
the fonts have.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable

from sim.report.figures.style import glyphs
from sim.report.text.run import label
from sim.scenario.comparison import Arm, Comparison
from sim.study.case import Case
from sim.words import LANGUAGES, say

ARM, NOTE, ITEM = (
    28,
    64,
    60,
)  # columns of an arm's name, of a name in a note, of a priced thing; a Japanese letter takes two
ELLIPSIS = "…"


def arm_names(comparison: Comparison, lang: str) -> dict[str, str]:
    """Returns the name of every arm in figures: its own short name, else its name, cut so that no
    two arms that differ look alike.
    """
    whole = {arm.id: _given(arm, lang) for arm in comparison.arms}
    heads = {id: cut(name) for id, name in whole.items()}
    often = Counter(heads.values())
    apart = {id: head if often[head] == 1 else cut_inside(whole[id]) for id, head in heads.items()}
    often = Counter(apart.values())
    return {
        id: name if often[name] == 1 else f"{cut(name, ARM - 4)} {number}"
        for number, (id, name) in enumerate(apart.items(), 1)
    }


def _given(arm: Arm, lang: str) -> str:
    """Returns the words that an arm's file gives for figures."""
    return (
        single_line(label(arm.short, lang) if arm.short else "")
        or single_line(label(arm.name, lang))
        or arm.id
    )


def single_line(text: str) -> str:
    """Text on one line, without controls, joiners and signs that choose between forms of a letter:
    no font draws those.
    """
    kept = (
        letter
        for letter in unicodedata.normalize("NFC", text)
        if letter.isspace() or not _unseen(letter)
    )
    return " ".join("".join(kept).split())


def _unseen(letter: str) -> bool:
    chooses = (
        0xFE00 <= ord(letter) <= 0xFE0F
        or 0xE0100 <= ord(letter) <= 0xE01EF
        or 0x1F3FB <= ord(letter) <= 0x1F3FF
    )
    return chooses or unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn")


def display_width(text: str) -> int:
    """Returns the columns that a text takes: a Japanese letter two, a mark on another letter none."""
    return sum(
        0
        if unicodedata.combining(letter)
        else 2
        if unicodedata.east_asian_width(letter) in "WFA"
        else 1
        for letter in text
    )


def cut(text: str, most: int = ARM) -> str:
    """Returns a text of at most so many columns, cut at its end."""
    return text if display_width(text) <= most else _head(text, most - 2).rstrip() + ELLIPSIS


def cut_inside(text: str, most: int = ARM) -> str:
    """Returns a text of at most so many columns, cut inside: for texts that differ at their end."""
    if display_width(text) <= most:
        return text
    half = (most - 2) // 2
    return _head(text, half).rstrip() + ELLIPSIS + _head(text[::-1], half)[::-1].lstrip()


def _head(text: str, most: int) -> str:
    """Returns the first letters that fit into so many columns."""
    room = 0
    for at, letter in enumerate(text):
        room += display_width(letter)
        if room > most:
            return text[:at]
    return text


def named_in(case: Case) -> list[str]:
    """Returns what users have named that stands in the figures of a comparison, in both languages."""
    comparison = case.compared.comparison
    items = [case.book.item(id) for id in case.quantities["id"].unique()]
    return [
        text
        for lang in LANGUAGES
        for text in (
            *arm_names(comparison, lang).values(),
            cut(single_line(label(comparison.name, lang)), NOTE),
            cut(single_line(label(case.book.name, lang)), NOTE),
            *(cut(single_line(label(item, lang)), ITEM) for item in items),
        )
    ]


def lacking(texts: Iterable[str]) -> str:
    """Returns the letters that stand in texts and in no font of the figures, each once, in their
    order.
    """
    return "".join(
        dict.fromkeys(
            letter
            for text in texts
            for letter in single_line(text)
            if not letter.isspace() and ord(letter) not in glyphs()
        )
    )


def letters_line(texts: Iterable[str], lang: str) -> list[str]:
    """Returns one sentence that names the letters which the figures cannot show; none where they
    can show all.
    """
    found = lacking(texts)
    return (
        [say("figure.letters", lang, letters=say("run.comma", lang).join(found))] if found else []
    )
