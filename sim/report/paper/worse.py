"""What of an arm gets worse within the first years: said by the rule of all marks; where there are too
few runs for one, what gets worse in every run, and that this is no proof.
"""

from __future__ import annotations

from sim.report.paper.findings import EFFECTS, Findings
from sim.report.text.comparison import WORSE, mark
from sim.report.text.phrases import years_said
from sim.report.text.sentences import EARLY, worse_items
from sim.study.marks import HIGHER
from sim.words import say

MOST_WORSE = 3
SUMS = ("became", "unseen", "seen")  # numbers of the paper that are no measures of the comparison


def worse_line(found: Findings, lang: str) -> str:
    """What gets worse before anything gets better, in one sentence."""
    items = early_worse(found, lang)
    if not items:
        return nothing_worse(found, lang)
    key = "paper.worse_few" if found.few else "paper.worse"
    if len(items) > MOST_WORSE:
        more = say("page.worse_more", lang, number=len(items) - MOST_WORSE)
        items = [*items[:MOST_WORSE], more]
    said = say("run.comma", lang).join(items)
    return say(key, lang, years=EARLY, list=said, runs=found.runs)


def worse_points(found: Findings, lang: str) -> list[str]:
    """The same as a list of every measure."""
    items = early_worse(found, lang)
    if not items:
        return [nothing_worse(found, lang)]
    few = [say("paper.few_worse", lang, runs=found.runs)] if found.few else []
    return [*items, *few]


def nothing_worse(found: Findings, lang: str) -> str:
    """That nothing can be said to get worse, or that there are too few runs to tell."""
    key = "paper.not_worse_few" if found.few else "paper.not_worse"
    return say(key, lang, years=EARLY, runs=found.runs)


def early_worse(found: Findings, lang: str) -> list[str]:
    """What gets worse within the first EARLY years, each with its years: what has the mark of it,
    or, where runs are too few for marks, what is worse in every run.
    """
    if found.few:
        return _effects(found, EFFECTS, lang)
    return [
        *worse_items(found.case.compared, found.arm, lang),
        *_effects(found, SUMS, lang),
    ]


def _effects(found: Findings, names: tuple[str, ...], lang: str) -> list[str]:
    items = []
    for name in names:
        years = [year for year in range(1, EARLY + 1) if _is_worse(found, name, year)]
        if years:
            key = "page.worse_items" if len(years) > 1 else "page.worse_item"
            about = say(f"paper.short.{name}", lang)
            items.append(say(key, lang, measure=about, years=years_said(years, lang)))
    return items


def _is_worse(found: Findings, name: str, year: int) -> bool:
    if year > found.case.years:
        return False
    effect = found.effect(name, year)
    if found.few:
        gaps = found.gaps(name, year)
        worse = gaps < 0 if effect.better == HIGHER else gaps > 0
        return len(gaps) > 0 and bool(worse.all())
    return mark(effect, effect.better) == WORSE
