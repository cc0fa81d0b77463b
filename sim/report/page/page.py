"""The report as one page of HTML in each language: nothing is asked from outside, and it prints on
A4.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import unescape
from pathlib import Path
from re import sub

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sim.report.page.figures import FAMILY, Drawn, embedded, inline, licence
from sim.report.page.parts import ReportPart, report_parts, summary_part, table_blocks
from sim.report.text.listing import Section
from sim.report.text.phrases import arm_list
from sim.report.text.run import label, trial
from sim.study.case import Case
from sim.words import say

TEMPLATES = Path(__file__).parent / "templates"
PRINTABLE = "".join(map(chr, range(32, 127)))


def report_page(case: Case, lang: str, drawn: Drawn, appendices: Sequence[Section] = ()) -> str:
    """Returns the whole report in one language. `appendices` follow the eight parts; same results
    and appendices give the same bytes.
    """
    return _page(case, lang, drawn, page_parts(case, lang, appendices))


def page_parts(case: Case, lang: str, appendices: Sequence[Section] = ()) -> list[ReportPart]:
    """Returns the parts of the page, without figures: first page, eight parts, appendices."""
    return [summary_part(case, lang), *report_parts(case, lang), *appendix_part(appendices, lang)]


def write_page(
    case: Case, folder: Path, lang: str, drawn: Drawn, parts: Sequence[ReportPart]
) -> None:
    """Write `report.<lang>.html` of these parts and figures."""
    text = _page(case, lang, drawn, parts)
    (folder / f"report.{lang}.html").write_text(text, encoding="utf-8", newline="\n")


def _page(case: Case, lang: str, drawn: Drawn, parts: Sequence[ReportPart]) -> str:
    values = {
        "lang": lang,
        "say": lambda key, **given: say(key, lang, **given),
        "parts": parts,
        "figures": inline(case, lang, drawn),
        "family": FAMILY,
        "title": label(case.compared.comparison.name, lang),
        "question": _question(case, lang),
        "trial": trial(case.compared.seeds, lang),
        "about": comparison_scope(case, lang),
        "licence": licence(),
        "style": Markup(templates_of(TEMPLATES).get_template("page.css").render(family=FAMILY)),
    }
    bare = templates_of(TEMPLATES).get_template("page.html").render(font="", **values)
    return bare.replace(FONT_HERE, embedded(font_letters(bare)), 1)


FONT_HERE = "font-goes-here"


def appendix_part(appendices: Sequence[Section], lang: str) -> list[ReportPart]:
    """Returns the appendices as one part; none where there are none."""
    blocks = tuple(block for one in appendices for block in table_blocks(one))
    return [ReportPart("appendix", say("page.appendix", lang), blocks)] if blocks else []


def font_letters(html: str) -> str:
    """Returns every letter that a page can show."""
    return "".join(sorted({*PRINTABLE, *unescape(sub(r"<[^>]*>", " ", html)), *html}))


def _question(case: Case, lang: str) -> str:
    question = case.compared.comparison.question
    return label(question, lang) if question else ""


def comparison_scope(case: Case, lang: str) -> str:
    """Returns what is compared, where, and for how long."""
    comparison = case.compared.comparison
    town = comparison.base.people
    return say(
        "page.look",
        lang,
        reference=arm_list(case, [case.reference], lang),
        town=label(town.name, lang),
        population=f"{town.population:,}",
        first=comparison.base.start_year,
        years=case.years,
        book=label(case.book.name, lang),
    )


@cache
def templates_of(folder: Path) -> Environment:
    """Returns the templates in a folder; whatever is put in is escaped unless it is marked up."""
    return Environment(
        loader=FileSystemLoader(folder, encoding="utf-8"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=True,
    )
