"""What stands for a thing in a notebook: a small table of words in the user's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from sim.words import InBoth, Phrase, language, say

STYLE = "text-align:left;vertical-align:top;padding:.15em .9em .15em 0"
FRAME = "border-collapse:collapse;margin:.3em 0"
MOST = 8  # lines of a kind that are shown


def card(title: str, rows: Iterable[tuple[Phrase | str, Any]], note: str = "") -> str:
    """HTML of a table of two columns, a name and what is said of it, under `title`; `note` stands
    below it.
    """
    cells = ((in_words(name), said) for name, said in rows if said)
    lines = "".join(
        f'<tr><th scope="row" style="{STYLE}">{escape(name)}</th><td style="{STYLE}">{_text(said)}</td></tr>'
        for name, said in cells
    )
    return framed(title, lines, note)


def grid(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], note: str = "") -> str:
    """HTML of a table with headings; the first cell of each row names it."""
    head = "".join(f'<th scope="col" style="{STYLE}">{escape(one)}</th>' for one in heads)
    body = "".join(
        f'<tr><th scope="row" style="{STYLE}">{escape(first)}</th>'
        + "".join(f'<td style="{STYLE}">{escape(one)}</td>' for one in rest)
        + "</tr>"
        for first, *rest in rows
    )
    return framed(title, f"<tr>{head}</tr>{body}", note)


def framed(title: str, lines: str, note: str) -> str:
    """A table of finished lines under its title."""
    foot = f'<div style="font-size:90%">{escape(note)}</div>' if note else ""
    caption = f'<caption style="text-align:left;font-weight:bold">{escape(title)}</caption>'
    return f'<table style="{FRAME}">{caption}<tbody>{lines}</tbody></table>{foot}'


def _text(said: Any) -> str:
    """A cell: text, a phrase, or several of them on lines of their own."""
    return "<br>".join(map(_text, said)) if isinstance(said, list) else escape(in_words(said))


def in_words(said: Any) -> str:
    """Text as it stands, a phrase in the user's language."""
    return said.say(language()) if isinstance(said, (Phrase, InBoth)) else str(said)


def few(lines: list[str]) -> list[str]:
    """The first lines, and how many more there are."""
    return (
        lines if len(lines) <= MOST else [*lines[:MOST], say("card.more", number=len(lines) - MOST)]
    )
