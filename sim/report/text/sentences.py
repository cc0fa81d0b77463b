"""Sentences on measures, made from results. None says more than its interval allows: where the interval
holds 0, neither "more" nor "less".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from sim.declared.measure import FEWEST
from sim.report.text.comparison import WORSE, mark
from sim.report.text.phrases import LESS, MORE, arm_list, numbers_range, ordered, years_said
from sim.report.text.run import label
from sim.study.gather import ALL_MEASURES
from sim.study.marks import FEW, HIGHER, LOWER, SAME, UNCLEAR, interval
from sim.study.measures import HEADLINE
from sim.study.result import Compared
from sim.words import named, say

SAID = {HIGHER: MORE, LOWER: LESS}
QUESTIONS = tuple(one for one in HEADLINE if one not in ("contact_compounded", "leavers"))
SAID_WHEN_WORSE = {
    *QUESTIONS,
    "leavers",
    "vacancies",
    "lost",
    "worry",
    "stepped_back",
    "waiting_cases",
}
EARLY = 3  # years in which something that gets worse counts as getting worse first


def answers(compared: Compared, lang: str, questions: Iterable[str] = QUESTIONS) -> list[str]:
    """Returns one sentence for each question: which arms lie above the reference in the last year,
    which below it, and of which it cannot be told.
    """
    return [_answer(compared, name, lang) for name in questions]


def _answer(compared: Compared, measure: str, lang: str) -> str:
    last = compared.comparison.base.years
    table = compared.judged
    rows = ordered(compared, table[(table["measure"] == measure) & (table["year"] == last)])
    groups: dict[str, list[str]] = {kind: [] for kind in (LESS, MORE, UNCLEAR, FEW, SAME)}
    for row in rows:
        kind = SAID.get(row.side, row.side)
        reach = (
            ""
            if kind == SAME
            else numbers_range(*interval(row), lang)
            if kind != FEW
            else f"{row.difference:+.3g}"
        )
        name = arm_list(compared, [row.arm], lang)
        groups[kind].append(say("page.with_range", lang, arm=name, range=reach) if reach else name)
    about = ALL_MEASURES[measure]
    parts = [
        say(f"page.answer.{kind}", lang, arms=say("run.comma", lang).join(found))
        for kind, found in groups.items()
        if found
    ]
    return say(
        "page.answer",
        lang,
        measure=label(about, lang),
        unit=named("unit", about.unit).say(lang),
        year=last,
        parts=say("page.then", lang).join(parts),
    )


def courses(compared: Compared, lang: str, measure: str) -> list[str]:
    """Returns one line for each arm: in which years it clearly lies above and below the reference,
    with the interval of the last of them.
    """
    table = compared.judged[compared.judged["measure"] == measure]
    return [
        _course(compared, arm.id, table[table["arm"] == arm.id].sort_values("year"), lang)
        for arm in compared.comparison.others
    ]


def _course(compared: Compared, arm: str, rows: pd.DataFrame, lang: str) -> str:
    found: dict[str, list[tuple[int, str]]] = {MORE: [], LESS: []}
    row: Any
    for row in rows.itertuples():
        if (kind := SAID.get(row.side)) in found:
            found[kind].append((row.year, numbers_range(*interval(row), lang)))
    parts = [
        say(
            f"page.course.{kind}{_many(years)}",
            lang,
            years=years_said([one[0] for one in years], lang),
            last=years[-1][0],
            range=years[-1][1],
        )
        for kind, years in sorted(found.items(), key=lambda item: item[1][:1])
        if years
    ]
    quiet = not parts
    if quiet or sum(map(len, found.values())) < len(rows):
        only = set(rows["side"]) if quiet else set()
        key = "same" if only == {SAME} else "few" if FEW in only else "none" if quiet else "rest"
        parts.append(say(f"page.course.{key}", lang))
    return say(
        "page.course",
        lang,
        arm=arm_list(compared, [arm], lang),
        parts=say("page.then", lang).join(parts),
    )


def _many(years: Sequence[Any]) -> str:
    """Returns the ending of a key that speaks of several years."""
    return "s" if len(years) > 1 else ""


def worse_first(compared: Compared, lang: str, most: int = len(ALL_MEASURES)) -> list[str]:
    """Says what gets worse within the first EARLY years, one line for each arm, `most` of it by
    name; money is said elsewhere.
    """
    lines = []
    for arm in compared.comparison.others:
        parts = worse_items(compared, arm.id, lang)
        if len(parts) > most:
            more = say("page.worse_more", lang, number=len(parts) - most)
            parts = [*parts[:most], more]
        if parts:
            lines.append(
                say(
                    "compare.worse",
                    lang,
                    arm=arm_list(compared, [arm.id], lang),
                    list=say("run.comma", lang).join(parts),
                )
            )
    return lines or [
        say(
            "page.few_worse" if compared.seeds < FEWEST else "page.nothing_worse", lang, years=EARLY
        )
    ]


def worse_items(compared: Compared, arm: str, lang: str) -> list[str]:
    """Returns what gets worse in an arm within the first EARLY years, a measure with its years
    each.
    """
    table = compared.judged[compared.judged["year"] <= EARLY]
    table = table[table["arm"] == arm]
    return [
        part
        for name in ALL_MEASURES
        if name in SAID_WHEN_WORSE
        for part in _worse_item(table, name, lang)
    ]


def _worse_item(table: pd.DataFrame, name: str, lang: str) -> list[str]:
    """Returns a measure of an arm with the years in which it is worse; nothing where it never is."""
    about = ALL_MEASURES[name]
    rows: Iterable[Any] = table[table["measure"] == name].itertuples()
    years = [row.year for row in rows if mark(row, about.better) == WORSE]
    key, said = f"page.worse_item{_many(years)}", years_said(years, lang) if years else ""
    return [say(key, lang, measure=label(about, lang), years=said)] if years else []
