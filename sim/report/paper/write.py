"""The documents of a paper by name: `paper` (front and back) and `explanation`."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from sim.files.toml import write_whole
from sim.report.paper.explanation import explanation_pages
from sim.report.paper.figures import explained
from sim.report.paper.findings import Findings
from sim.report.paper.pdf import pages_of, print_pdf
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

FRONT_AND_BACK = 2  # pages of a paper in print


def documents_of(found: Findings, number: str, lang: str) -> dict[str, str]:
    """Each document as HTML."""
    return {
        "paper": leaf(found, number, lang),
        "explanation": explanation(found, number, lang),
    }


def leaf(found: Findings, number: str, lang: str, *, dense: bool = False) -> str:
    """Front and back as HTML; `dense`: with less space between lines."""
    sheets = [front_sheet(found, number, lang), back_sheet(found, number, lang)]
    return paper_page(sheets, title_of(found, lang), lang, dense=dense)


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


class Papers(NamedTuple):
    """The files that were written, and how many pages front and back take in print; 0 where no PDF
    was made.
    """

    files: list[Path]
    pages: int


def write_papers(found: Findings, number: str, folder: Path, lang: str, pdf: bool = True) -> Papers:
    """Write the documents of a paper into a folder as `paper.<lang>.html` and
    `explanation.<lang>.html`, each whole; with `pdf`, as PDF too where the system has a browser. A
    paper that is longer than its leaf has its lines closer together.
    """
    files, pages = [], 0
    for name, text in documents_of(found, number, lang).items():
        file = folder / f"{name}.{lang}.html"
        write_whole(file, text, overwrite=True)
        files.append(file)
        printed = file.with_suffix(".pdf")
        if not pdf or not print_pdf(file, printed):
            continue
        files.append(printed)
        if name == "paper" and (pages := pages_of(printed)) > FRONT_AND_BACK:
            write_whole(file, leaf(found, number, lang, dense=True), overwrite=True)
            print_pdf(file, printed)
            pages = pages_of(printed)
    return Papers(files, pages)
