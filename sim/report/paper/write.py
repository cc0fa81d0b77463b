"""The documents of a paper by name: `paper` (front and back) and `explanation`."""

from __future__ import annotations

from sim.report.paper.explanation import explanation_pages
from sim.report.paper.figures import explained
from sim.report.paper.findings import Findings
from sim.report.paper.sheets import (
    PaperSide,
    about_line,
    back_sheet,
    front_sheet,
    paper_page,
    title_of,
    trial_line,
)
from sim.words import say


def documents_of(found: Findings, number: str, lang: str) -> dict[str, str]:
    """Each document as HTML."""
    title = title_of(found, lang)
    sheets = [front_sheet(found, number, lang), back_sheet(found, number, lang)]
    return {
        "paper": paper_page(sheets, title, lang),
        "explanation": explanation(found, number, lang),
    }


def explanation(found: Findings, number: str, lang: str) -> str:
    """The explanation as HTML."""
    title = title_of(found, lang)
    foot = say("paper.number", lang, number=number)
    sheets = [
        PaperSide(
            "explanation",
            (*trial_line(found, lang), say("paper.x.over", lang, title=title)),
            name,
            about_line(found, lang) if place == 0 else "",
            tuple(blocks),
            foot,
        )
        for place, (name, blocks) in enumerate(explanation_pages(found, lang))
    ]
    return paper_page(sheets, title, lang, explained(found, lang))
