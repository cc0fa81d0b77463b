"""The explanation that goes with a paper: a few pages, figures first, then the tables that the request
stands on.
"""

from __future__ import annotations

from collections.abc import Iterable

from sim.declared.measure import FEWEST
from sim.report.page.parts import Block, points, table_blocks
from sim.report.paper.findings import Findings
from sim.report.paper.front import (
    effect_section,
    money_section,
    others_section,
    payback_lines,
    weak_lines,
)
from sim.report.paper.worse import worse_points
from sim.report.text.comparison import BETTER, WORSE
from sim.report.text.listing import Section
from sim.report.text.request import request_sections
from sim.report.text.sentences import EARLY
from sim.report.text.worlds import luck_line
from sim.words import say

CHECKED = (1, 3, 5)  # years whose effects have a table, beside the last one


def explanation_pages(found: Findings, lang: str) -> list[tuple[str, list[Block]]]:
    """Each page: its title and its blocks."""
    made = {
        "people": _people(found, lang),
        "spiral": _spiral(lang),
        "money": _money(found, lang),
        "request": _request(found, lang),
        "sure": _sure(found, lang),
    }
    return [(say(f"paper.x.{name}", lang), blocks) for name, blocks in made.items()]


def _people(found: Findings, lang: str) -> list[Block]:
    tables = [
        _named(effect_section(found, lang, year), say("paper.x.of_year", lang, year=year))
        for year in sorted({year for year in CHECKED if year < found.case.years})
    ]
    last = _named(effect_section(found, lang), say("paper.x.of_year", lang, year=found.case.years))
    return [
        Block("figure", "counts"),
        Block("text", say("paper.f.note", lang, runs=found.effect("compounded", 1).runs)),
        Block("text", say("paper.x.counts", lang, good=BETTER, bad=WORSE, fewest=FEWEST)),
        *_tables([*tables, last]),
    ]


def _named(section: Section, title: str) -> Section:
    return Section(title, section.columns, section.rows)


def _tables(sections: Iterable[Section]) -> list[Block]:
    return [block for one in sections for block in table_blocks(one)]


def _spiral(lang: str) -> list[Block]:
    return [
        Block("figure", "spiral"),
        Block("text", say("paper.x.spiral_words", lang)),
        Block("figure", "iceberg"),
        Block("text", say("paper.x.iceberg_words", lang)),
    ]


def _money(found: Findings, lang: str) -> list[Block]:
    return [
        Block("figure", "sources"),
        Block("text", say("paper.f.exact", lang)),
        Block("text", say("paper.x.sources_words", lang)),
        Block("figure", "net"),
        points(payback_lines(found, lang)),
        *table_blocks(money_section(found, lang)),
        Block("text", say("paper.x.money_words", lang)),
    ]


def _request(found: Findings, lang: str) -> list[Block]:
    comparison = found.case.compared.comparison
    sections = request_sections(comparison, found.arm, found.case.book, lang)
    return [
        *_tables(one for one in sections if one.rows),
        Block("text", say("request.exact", lang)),
    ]


def _sure(found: Findings, lang: str) -> list[Block]:
    others = others_section(found, lang)
    return [
        Block("head", say("paper.x.weak", lang)),
        points(weak_lines(found, lang)),
        Block("text", say("paper.x.weak_words", lang)),
        Block("head", say("paper.x.worse", lang, years=EARLY)),
        points(worse_points(found, lang)),
        *([Block("head", say("paper.x.others", lang))] if others.rows else []),
        *_tables([others] if others.rows else []),
        Block("head", say("paper.x.model", lang)),
        points([say(f"paper.x.model_{at}", lang) for at in range(1, 5)]),
        points(luck_line(found.case.compared, lang)),
    ]
