"""What scenario discovery says: the boxes in words, with how good they are and what luck finds."""

from __future__ import annotations

from typing import Any

from sim.declared import declared
from sim.declared.measure import LOWER
from sim.report.text.listing import Section
from sim.report.text.run import label
from sim.study.discover.prim import LEAST_WORLDS, Box, Limit
from sim.study.discover.study import Discovered
from sim.study.discover.worlds import ABOVE
from sim.study.gather import ALL_MEASURES
from sim.words import say

SHOWN_COLUMNS = 8


def discovered_lines(found: Discovered, lang: str) -> list[str]:
    """Returns what was looked for, the boxes in words, or that nothing was found."""
    hits, worlds = int(found.hits.sum()), len(found.hits)
    share = f"{100 * hits / worlds:.0f}" if worlds else "0"
    told = {"worlds": worlds, "hits": hits, "share": share}
    lines = [
        say("discover.head", lang, what=_looked_for(found, lang), **told),
        *_meaning(found, lang),
    ]
    if found.worlds.left_out and found.worlds.compared is None:
        lines.append(say("discover.left_out", lang, names=_listed_columns(found, lang)))
    if min(hits, worlds - hits) < LEAST_WORLDS:
        numbers = {"fewest": LEAST_WORLDS, "hits": hits, "others": worlds - hits}
        return [*lines, say("discover.too_few", lang, **numbers)]
    for number, box in enumerate(found.boxes, start=1):
        lines += ["", *_box_lines(found, number, box, lang)]
    lines.append("")
    if not found.boxes:
        numbers = {"shuffles": found.shuffles, "luck": _times(found, found.chance)}
        return [*lines, say("discover.none", lang, **numbers)]
    return [*lines, say("discover.no_more", lang), say("discover.caution", lang)]


def _looked_for(found: Discovered, lang: str) -> str:
    worlds, value = found.worlds, _number(found.threshold)
    if worlds.compared is None:
        return say(f"discover.outcome_{found.side}", lang, name=worlds.name, value=value)
    comparison = worlds.compared.comparison
    return say(
        f"discover.difference_{found.side}",
        lang,
        year=worlds.year,
        measure=label(ALL_MEASURES[worlds.measure], lang),
        arm=label(comparison.arm(worlds.arm).name, lang),
        reference=label(comparison.arm(comparison.reference).name, lang),
        value=value,
    )


def _meaning(found: Discovered, lang: str) -> list[str]:
    """Returns the line that says whether the arm is worse or better there, where that is known."""
    worlds = found.worlds
    if worlds.compared is None or not worlds.better or found.threshold != 0:
        return []
    worse = (found.side == ABOVE) == (worlds.better == LOWER)
    arm = label(worlds.compared.comparison.arm(worlds.arm).name, lang)
    return [say("discover.means_worse" if worse else "discover.means_better", lang, arm=arm)]


def _box_lines(found: Discovered, number: int, box: Box, lang: str) -> list[str]:
    limits = say("discover.and", lang).join(limit_text(found, one, lang) for one in box.limits)
    told: dict[str, Any] = {
        "number": number,
        "limits": limits,
        "worlds": box.worlds,
        "hits": box.hits,
        "density": f"{100 * box.density:.0f}",
        "base": f"{100 * box.base:.0f}",
        "all": say("discover.all" if number == 1 else "discover.rest", lang),
    }
    luck = {"shuffles": found.shuffles, "luck": _times(found, box.chance)}
    coverage = f"{100 * box.hits / found.hits.sum():.0f}"
    return [
        say("discover.box", lang, **told),
        say("discover.coverage", lang, coverage=coverage, **luck),
    ]


def limit_text(found: Discovered, one: Limit, lang: str) -> str:
    """Returns one limit in words, with the meaning of its parameter where it is a declared one."""
    name, side = str(found.worlds.parameters.columns[one.column]), "above" if one.above else "below"
    known, value = declared(), _number(one.value)
    if name not in known:
        return say(f"discover.plain_{side}", lang, name=name, value=value)
    meaning = label(known[name], lang)
    return say(f"discover.limit_{side}", lang, label=meaning, name=name, value=value)


def limits_section(found: Discovered, lang: str) -> Section:
    """Returns the table of all limits with their quasi-p-values."""
    rows = [
        (str(number), limit_text(found, one, lang), f"{p:.2g}")
        for number, box in enumerate(found.boxes, start=1)
        for one, p in zip(box.limits, box.quasi_p, strict=True)
    ]
    heads = tuple(say(f"discover.{name}", lang) for name in ("number", "limit", "quasi_p"))
    return Section(say("discover.limits", lang), heads, rows)


def _times(found: Discovered, chance: float) -> int:
    """Returns in how many shuffled searches luck was as good; the true outcomes count as one."""
    return round(chance * (found.shuffles + 1)) - 1


def _number(value: float) -> str:
    return f"{value:.3g}"


def _listed_columns(found: Discovered, lang: str) -> str:
    names = list(found.worlds.left_out)
    more = len(names) - SHOWN_COLUMNS
    shown = names[:SHOWN_COLUMNS]
    shown += [say("sensitivity.and_more", lang, number=more)] if more > 0 else []
    return say("run.comma", lang).join(shown)
