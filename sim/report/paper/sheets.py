"""The paper as pages of HTML: front and back on one leaf, then the explanation; nothing is asked from
outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from sim.declared.measure import FEWEST
from sim.report.page.figures import FAMILY, embedded
from sim.report.page.page import font_letters, templates_of
from sim.report.page.parts import Block
from sim.report.paper.back import answers_of
from sim.report.paper.findings import Findings
from sim.report.paper.front import front_blocks
from sim.report.text.fiscal import fiscal_years
from sim.report.text.run import label
from sim.words import say

TEMPLATES = Path(__file__).parent / "templates"
FONT_HERE = "font-goes-here"


@dataclass(frozen=True)
class PaperSide:
    """One side of a paper: its kind (front, back, explanation), what stands above the title, the
    title, a line about it, its blocks, and its foot.
    """

    kind: str
    over: tuple[str, ...]
    title: str
    about: str
    blocks: tuple[Block, ...]
    foot: str


def front_sheet(found: Findings, number: str, lang: str) -> PaperSide:
    """The request itself."""
    return PaperSide(
        "front",
        (*trial_line(found, lang), say("paper.over", lang)),
        title_of(found, lang),
        about_line(found, lang),
        tuple(front_blocks(found, lang)),
        say("paper.number", lang, number=number),
    )


def trial_line(found: Findings, lang: str) -> list[str]:
    """That there are too few runs to conclude anything; nothing where there are enough."""
    runs = found.case.compared.seeds
    return [say("paper.trial", lang, runs=runs)] if runs < FEWEST else []


def back_sheet(found: Findings, number: str, lang: str) -> PaperSide:
    """The questions of the hearing."""
    blocks: list[Block] = []
    for place, answer in enumerate(answers_of(found, lang), 1):
        blocks.append(
            Block("head", say("paper.question", lang, number=place, text=answer.question))
        )
        blocks.append(Block("points", lines=answer.lines))
    return PaperSide(
        "back",
        (*trial_line(found, lang), say("paper.back_over", lang)),
        say("paper.back_title", lang),
        say("paper.back_about", lang),
        tuple(blocks),
        say("paper.number", lang, number=number),
    )


def title_of(found: Findings, lang: str) -> str:
    """The title of the paper: what is compared, and the arm."""
    comparison = found.case.compared.comparison
    arm, name = label(comparison.arm(found.arm).name, lang), label(comparison.name, lang)
    return name if arm in name else say("paper.title", lang, name=name, arm=arm)


def about_line(found: Findings, lang: str) -> str:
    """Town, years and what it is set against."""
    comparison = found.case.compared.comparison
    people = comparison.base.people
    return say(
        "paper.about",
        lang,
        town=label(people.name, lang),
        population=f"{people.population:,}",
        years=fiscal_years(found.first, found.first + found.case.years - 1, lang),
        reference=label(comparison.arm(comparison.reference).name, lang),
    )


def paper_page(
    sheets: Sequence[PaperSide],
    title: str,
    lang: str,
    figures: dict[str, str] | None = None,
    *,
    dense: bool = False,
) -> str:
    """Sheets as one page of HTML with its own font; `dense`: with less space between lines."""
    style = Markup(templates_of(TEMPLATES).get_template("paper.css").render(family=FAMILY))
    bare = (
        templates_of(TEMPLATES)
        .get_template("paper.html")
        .render(
            sheets=sheets,
            title=title,
            lang=lang,
            style=style,
            family=FAMILY,
            figures=figures or {},
            dense=dense,
        )
    )
    return bare.replace(FONT_HERE, embedded(font_letters(bare)), 1)
