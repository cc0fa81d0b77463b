"""What stands in a report, in the order in which a comparison is shown: one page for the budget
section, then eight parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sim.declared.payers import PAYERS
from sim.report.figures import comparison as arm_figures
from sim.report.figures import money as money_figures
from sim.report.page.figures import FANS
from sim.report.text import claims, planned
from sim.report.text import parts as idle_parts
from sim.report.text.comparison import (
    ALL_MEASURES,
    combination_sections,
    crossing_lines,
    last_year_section,
    marks_line,
    measure_sections,
    seed_counts,
    shown_measures,
    stopped_lines,
)
from sim.report.text.listing import Section, source_in
from sim.report.text.money import (
    assumptions_section,
    break_even_section,
    cash_section,
    effects_section,
    grades_section,
    idle_section,
    impact_sections,
    information_section,
    optimism_section,
    parameter_turns_section,
    payers_section,
    perspectives_section,
    price_turns_section,
    prices_section,
    unseen_section,
    worth_section,
)
from sim.report.text.money_sentences import (
    believe,
    break_even_lines,
    cash_line,
    first_sentence,
    money_lines,
    no_effect_lines,
    price_lines,
    worth_lines,
)
from sim.report.text.phrases import arm_list as named_arms
from sim.report.text.phrases import yen
from sim.report.text.request import request_sections
from sim.report.text.run import grades, label
from sim.report.text.sentences import QUESTIONS, answers, courses, worse_first
from sim.report.text.worlds import world_sections
from sim.study.case import Case
from sim.study.result import LOOK
from sim.words import say

HELD = ("held_by_ties",)
PARTS_OF_OWN = ("spiral", "iceberg")  # figures that open a part
MOST_WORSE = 3  # things that get worse first, named for each arm on the first page
NUMBER = re.compile(r"[-+±△0-9.,\[\]○●～－ ]*|[-+0-9., ]+ to [-+0-9., ]+")
UNPAID = ("resident_hours", "worry", "stepped_back")
MONEY = (*(f"cost_{payer}" for payer in PAYERS), "cost_public")


@dataclass(frozen=True)
class Block:
    """A piece of a page. kind: text, strong, small, head, points, table, folded, figure."""

    kind: str
    text: str = ""
    lines: tuple[str, ...] = ()
    table: Section | None = None

    @cached_property
    def numeric(self) -> list[int]:
        """The columns of a table that hold numbers alone, and stand to the right."""
        rows = self.table.rows if self.table else []
        return [
            at
            for at, cells in enumerate(zip(*rows, strict=True))
            if at and all(NUMBER.fullmatch(cell) for cell in cells)
        ]


@dataclass(frozen=True)
class ReportPart:
    """A part of the report with its anchor, title and blocks."""

    id: str
    title: str
    blocks: tuple[Block, ...]


def points(lines: Iterable[str]) -> Block:
    """Sentences, one a point."""
    return Block("points", lines=tuple(lines))


def table_blocks(section: Section | None, kind: str = "table") -> list[Block]:
    """Returns a table; nothing where there is none."""
    return [] if section is None else [Block(kind, table=section)]


def summary_part(case: Case, lang: str) -> ReportPart:
    """Returns the first page: one sentence a question, with its uncertainty, for the budget
    section.
    """

    def head(name: str) -> Block:
        return Block("head", say(f"page.h.{name}", lang))

    money = [
        *money_lines(case, lang),
        *break_even_lines(case, lang),
        cash_line(case, lang),
        *no_effect_lines(case, lang)[:1],
    ]
    blocks = (
        Block("strong", first_sentence(case, lang)),
        points(money),
        *table_blocks(planned.of_case(case, lang)),
        head("payers"),
        *table_blocks(payers_section(case, lang)),
        head("people"),
        *table_blocks(last_year_section(case.compared, lang, LOOK[:3])),
        head("worse"),
        points(worse_first(case.compared, lang, MOST_WORSE)),
        head("believe"),
        points(believe(case, lang)),
        Block("small", basis(case, lang)),
    )
    return ReportPart("summary", say("page.summary", lang), blocks)


def basis(case: Case, lang: str) -> str:
    """Returns what the numbers are, and that this is a model."""
    draws = case.over == "draws"
    number = case.replicates if draws else seed_counts(case.compared, lang)
    parts = (
        say("page.model", lang),
        say("page.grades", lang, **grades()),
        say(f"page.basis.{case.over}", lang, number=number, rate=f"{100 * case.rate:g}"),
        *stopped_lines(case.compared, lang),
    )
    return say("page.space", lang).join(parts)


def report_parts(case: Case, lang: str) -> list[ReportPart]:
    """Returns the eight parts."""
    made = (_answers, _differences, _money, _spiral, _iceberg, _claims, _turns, _assumptions)
    return [
        ReportPart(f"part-{number}", say(f"page.part.{number}", lang), tuple(make(case, lang)))
        for number, make in enumerate(made, 1)
    ]


def _answers(case: Case, lang: str) -> list[Block]:
    blocks = [
        Block("text", say("page.convention", lang)),
        points(answers(case.compared, lang, QUESTIONS)),
    ]
    for name in LOOK:
        blocks += [
            Block(
                "head",
                say("page.by_year", lang, measure=label(ALL_MEASURES[name], lang)),
            ),
            points(courses(case.compared, lang, name)),
        ]
    worse = points(worse_first(case.compared, lang))
    return [*blocks, Block("head", say("page.h.worse", lang)), worse]


def _differences(case: Case, lang: str) -> list[Block]:
    compared = case.compared
    shown = list(dict.fromkeys((*shown_measures(compared.comparison), *MONEY)))
    blocks = [Block("text", marks_line(compared, lang))]
    blocks += [Block("figure", f"difference_{name}") for name in FANS]
    blocks += [Block("figure", name) for name in arm_figures.FIGURES if name not in PARTS_OF_OWN]
    for section in measure_sections(compared, lang, shown):
        blocks += table_blocks(section)
    if compared.comparison.combinations:
        blocks.append(Block("head", say("compare.combinations", lang)))
        for section in combination_sections(compared, lang, shown):
            blocks += table_blocks(section)
    idle = idle_parts.lines(compared.comparison, compared.parts, lang)
    title = idle_parts.title(compared.parts, lang)
    return [*blocks, Block("head", title), points(idle)] if idle else blocks


def _money(case: Case, lang: str) -> list[Block]:
    cash = case.cash_totals.set_index(["arm", "what"])["mean"]
    lines = [
        say(
            "page.cash_line_same" if arm.id in case.compared.same else "page.cash_line",
            lang,
            arm=named_arms(case, [arm.id], lang),
            saving=yen(cash[arm.id, "saving"], lang),
            cash=yen(cash[arm.id, "cash"], lang),
            freed=yen(cash[arm.id, "freed"], lang),
        )
        for arm in case.compared.comparison.others
    ]
    blocks = [
        Block("figure", "cumulative"),
        points(break_even_lines(case, lang)),
        *table_blocks(break_even_section(case, lang)),
        Block("figure", "payers"),
        *(block for one in impact_sections(case, lang) for block in table_blocks(one)),
        *_requests(case, lang),
        Block("figure", "cash"),
        Block("text", say("page.cash_words", lang)),
        points(lines),
        *table_blocks(cash_section(case, lang)),
        *table_blocks(perspectives_section(case, lang)),
        Block("small", say("page.three_views", lang)),
        *table_blocks(unseen_section(case, lang)),
        Block("text", say("page.unseen_words", lang)),
        Block("figure", "plane"),
        points(worth_lines(case, lang)),
        *table_blocks(worth_section(case, lang)),
        Block("figure", "acceptability"),
        Block("figure", "tornado"),
        *table_blocks(price_turns_section(case, lang)),
        *table_blocks(optimism_section(case, lang)),
    ]
    placed = {block.text for block in blocks if block.kind == "figure"}
    return [
        *blocks,
        *(Block("figure", name) for name in money_figures.FIGURES if name not in placed),
    ]


def _requests(case: Case, lang: str) -> list[Block]:
    """Returns the budget request of every arm that asks for money, folded; open where it has sources
    of money beside general funds.
    """
    comparison = case.compared.comparison
    blocks: list[Block] = []
    for arm in comparison.others:
        kind = "table" if arm.scenario.funding else "folded"
        for section in request_sections(comparison, arm.id, case.book, lang):
            blocks += table_blocks(section, kind) if section.rows else []
    return [*blocks, Block("small", say("request.exact", lang))] if blocks else []


def _spiral(case: Case, lang: str) -> list[Block]:
    return [
        Block("figure", "spiral"),
        Block("head", say("compare.crossings", lang)),
        points(crossing_lines(case.compared, lang)),
    ]


def _iceberg(case: Case, lang: str) -> list[Block]:
    blocks = [Block("figure", "iceberg")]
    for name, measures in (("held", HELD), ("unpaid", UNPAID)):
        blocks.append(Block("head", say(f"page.t.{name}", lang)))
        for section in measure_sections(case.compared, lang, measures):
            blocks += table_blocks(section)
    return blocks


def _claims(case: Case, lang: str) -> list[Block]:
    sections = claims.claims_sections(case.compared, lang)
    return [block for one in sections for block in table_blocks(one)] or [
        Block("text", say("page.no_claims", lang))
    ]


def _turns(case: Case, lang: str) -> list[Block]:
    clear = parameter_turns_section(case, lang)
    lacking = [] if clear else [Block("text", say(_no_turns(case), lang))]
    return [
        Block("head", say("page.h.believe", lang)),
        points([*believe(case, lang), *worth_lines(case, lang)]),
        Block("head", say("page.h.prices", lang)),
        points(price_lines(case, lang)),
        Block("head", say("sheets.name.assumptions", lang)),
        *(block for one in world_sections(case.compared, lang) for block in table_blocks(one)),
        *lacking,
        *table_blocks(clear),
        *table_blocks(information_section(case, lang)),
        Block("head", say("page.h.idle", lang)),
        points(no_effect_lines(case, lang) or [say("page.no_idle", lang)]),
        *table_blocks(idle_section(case, lang)),
        *table_blocks(effects_section(case, lang)),
    ]


def _no_turns(case: Case) -> str:
    """Returns why no assumption is named that carries the result."""
    return "page.no_worlds" if case.over == "seeds" else "page.no_clear"


def _assumptions(case: Case, lang: str) -> list[Block]:
    town = case.compared.comparison.base.people
    source = (
        [Block("text", say("page.t.town", lang, source=source_in(lang, town.source)))]
        if town.source
        else []
    )
    return [
        *source,
        *table_blocks(grades_section(lang)),
        *table_blocks(prices_section(case, lang)),
        Block("small", say("page.quote", lang)),
        *table_blocks(assumptions_section(case, lang), "folded"),
    ]
