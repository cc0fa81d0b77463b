"""Letters that look right in a TOML file and are not: curly quotes, full-width spaces, signs and digits."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from ..words import Phrase
from .errors import ScenarioError, fault

MEANT = (
    dict.fromkeys("“”„‟〝〞″", '"')
    | dict.fromkeys("‘’‚‛′", "'")
    | dict.fromkeys("\u3000\u00a0\u2003\u2002", " ")
)
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
# What may hold any letter: a comment, a string of several lines, a string of one line.
HOLDS_ANY = re.compile(
    r"""#[^\n]*|\"{3}(?:\\.|[^\\])*?\"{3}|'{3}.*?'{3}|"(?:\\[^\n]|[^"\\\n])*"|'[^'\n]*'""",
    re.DOTALL,
)


class Found(NamedTuple):
    """A letter out of place: line and column from 1, the letter, and the one that is meant ("" where none is)."""

    line: int
    column: int
    letter: str
    meant: str


def meant_by(letter: str) -> str | None:
    """The plain letter that a look-alike stands for; None where it is none."""
    if letter in INVISIBLE:
        return ""
    plain = MEANT.get(letter) or (
        unicodedata.normalize("NFKC", letter) if letter > "\x7f" else letter
    )
    return plain if plain != letter and plain.isascii() and len(plain) == 1 else None


def first(text: str) -> Found | None:
    """The first look-alike that stands outside strings and comments, or None."""
    covered = HOLDS_ANY.sub(lambda held: re.sub(r"[^\n]", "x", held[0]), text)
    for place, letter in enumerate(covered):
        meant = meant_by(letter) if letter > "\x7f" else None
        if meant is not None:
            line = covered.count("\n", 0, place)
            return Found(line + 1, place - (covered.rfind("\n", 0, place) + 1) + 1, letter, meant)
    return None


def refusal(text: str, detail: str, file: str) -> ScenarioError:
    """The refusal of text that is no TOML: the look-alike that spoils it, else the line where reading stopped (`detail` says)."""
    found = first(text.replace("\r\n", "\n"))
    if found is not None:
        given = Phrase(
            "toml.letter", {"letter": found.letter, "code": f"U+{ord(found.letter):04X}"}
        )
        meant = {" ": Phrase("toml.space"), "": Phrase("toml.nothing")}.get(
            found.meant, found.meant
        )
        return fault(
            "error.lookalike",
            file=file,
            line=found.line,
            column=found.column,
            given=given,
            allowed=meant,
        )
    place = re.search(r"line (\d+), column (\d+)", detail)
    if not place:
        return fault("error.toml", file=file, place="")
    where = Phrase("toml.place", {"line": place[1], "column": place[2]})
    return fault(
        "error.toml", file=file, place=where, given=text.split("\n")[int(place[1]) - 1].strip()
    )
