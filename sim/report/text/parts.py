"""Which parts of a bundle change nothing that this model can show, in words."""

from __future__ import annotations

from collections.abc import Sequence

from sim.declared.levers import setting_declaration
from sim.report.text.run import label
from sim.scenario.comparison import Comparison
from sim.study.parts import LUCK, SHOWN, Tried
from sim.words import say


def lines(comparison: Comparison, tried: Sequence[Tried], lang: str) -> list[str]:
    """Returns a line for each part that changes nothing; a line that there is none, where parts
    were tried; nothing where none were.
    """
    found = [
        say(
            f"parts.{one.found}",
            lang,
            part=_part_name(one, lang),
            arms=say("run.comma", lang).join(
                label(comparison.arm(id).name, lang) for id in one.arms
            ),
        )
        for one in tried
        if one.found != SHOWN
    ]
    if any(one.found == LUCK for one in tried):
        found.append(say("parts.no_proof", lang))
    return found or ([say("parts.none", lang, number=len(tried))] if tried else [])


def title(tried: Sequence[Tried], lang: str) -> str:
    """Returns the heading of these lines, with the small town in which the parts were tried; empty
    where none were.
    """
    if not tried:
        return ""
    one = tried[0]
    size = {"residents": f"{one.residents:,}", "years": one.years, "pairs": one.pairs}
    return say("parts.title", lang, **size)


def _part_name(one: Tried, lang: str) -> str:
    """Returns the part by the name of its first setting, with the settings as a file names them."""
    lever, name = one.names[0].split(".")
    words = setting_declaration(lever, name)[lang]
    return say("parts.part", lang, words=words, settings=", ".join(one.names))
