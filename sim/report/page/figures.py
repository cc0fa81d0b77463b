"""Figures inside a page: drawn once, their text in the page's font, ids of their own, and what they
show in words.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from html import escape
from io import BytesIO
from pathlib import Path

import matplotlib_fontja
from fontTools import subset
from fontTools.ttLib import TTFont
from matplotlib.figure import Figure

from sim.report.figures import comparison as arm_figures
from sim.report.figures import money as money_figures
from sim.report.figures.style import JAPANESE, LATIN, as_files, drawing, style
from sim.report.text.sentences import answers
from sim.study.case import Case
from sim.words import LANGUAGES, say

FAMILY = "Sim Report Gothic"  # the licence forbids the original's name for what is derived from it
FOLDER = Path(matplotlib_fontja.__file__).parent / "fonts"
FONT, LICENCE = FOLDER / "ipaexg.ttf", FOLDER / "IPA_Font_License_Agreement_v1.0.txt"
NAMES = (1, 3, 4, 6, 16)  # family, unique, full, PostScript, typographic family
STAMP = 0  # the date inside the font: the same letters give the same bytes


@cache
def glyphs() -> frozenset[int]:
    """Returns the code points that the font has."""
    with TTFont(FONT, lazy=True) as font:
        return frozenset(font.getBestCmap())


def lacking(text: str) -> set[str]:
    """Returns the letters of a text that the font cannot show."""
    return {letter for letter in set(text) if ord(letter) >= 32 and ord(letter) not in glyphs()}


def embedded(text: str) -> str:
    """Returns a data URL of the font with the letters of `text` alone, as WOFF."""
    options = subset.Options(
        flavor="woff",
        hinting=False,
        layout_features=["kern"],
        notdef_outline=True,
        drop_tables=["GSUB"],
    )
    out = BytesIO()
    with subset.load_font(FONT, options) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(text=text)
        cutter.subset(font)
        for record in font["name"].names:
            if record.nameID in NAMES:
                record.string = FAMILY.replace(" ", "") if record.nameID == 6 else FAMILY
        font["head"].modified = font["head"].created = STAMP
        font.recalcTimestamp = False
        subset.save_font(font, out, options)
    return "data:font/woff;base64," + base64.b64encode(out.getvalue()).decode("ascii")


def licence() -> str:
    """Returns the licence of the font, whole."""
    return LICENCE.read_text(encoding="utf-8-sig").strip()


FANS = tuple(one for one in arm_figures.FANS if not one.startswith("cost_"))
ON_PAGE = (
    *(f"difference_{name}" for name in FANS),
    *arm_figures.FIGURES,
    *money_figures.FIGURES,
)
FAMILIES = re.compile(rf"'(?:{JAPANESE}|{LATIN})'(?:, '(?:{JAPANESE}|{LATIN})')*")
Drawn = dict[tuple[str, str], tuple[str, str]]  # (name, language): heading, SVG


def drawings(case: Case) -> Mapping[str, Callable[[str], Figure]]:
    """Returns every figure of a comparison and its money by name, to be drawn in a language."""
    arms, money = arm_figures.figures(case.compared), money_figures.FIGURES
    return {name: partial(one.draw, case.compared) for name, one in arms.items()} | {
        name: partial(one.draw, case) for name, one in money.items()
    }


def draw_all(
    case: Case,
    names: Iterable[str] = (),
    languages: Sequence[str] = LANGUAGES,
    files: dict[str, bytes] | None = None,
) -> Drawn:
    """Returns the figures for the page in some languages, all unless `names` are given. Into
    `files`, where it is given, each is put as PNG and SVG, by its name as a file.
    """
    found: Drawn = {}
    for lang in languages:
        with style(lang):
            for name, draw in drawings(case).items():
                if names and name not in names:
                    continue
                figure = draw(lang)
                text = drawing(figure)
                found[name, lang] = (figure.get_suptitle().replace("\n", ""), text)
                if files is not None:
                    files |= as_files(figure, text, f"{name}.{lang}")
    return found


def inline(case: Case, lang: str, drawn: Drawn) -> dict[str, str]:
    """Returns the figures by name as SVG to stand inside a page, with their words for those who
    cannot see them.
    """
    return {
        name: dressed(text, name, say("page.alt", lang, title=title, shows=shows(case, name, lang)))
        for (name, spoken), (title, text) in drawn.items()
        if spoken == lang and name in ON_PAGE
    }


def shows(case: Case, name: str, lang: str) -> str:
    """Returns what a figure shows, in words, for those who cannot see it."""
    if name in money_figures.FIGURES:
        return money_figures.FIGURES[name].alt(case, lang)
    return answers(case.compared, lang, (arm_figures.figures(case.compared)[name].measure,))[0]


def _first(pattern: str, text: str) -> str:
    """Returns what matches first in the text of a drawing, in which something does."""
    found = re.search(pattern, text)
    assert found is not None
    return found.group(0)


def dressed(svg: str, name: str, alt: str) -> str:
    """Returns a drawing sized by the page, its ids kept apart from other figures', its words in the
    page's font, said in `alt`.
    """
    text = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.S)
    text = re.sub(r'(\bid="|xlink:href="#|url\(#)', lambda found: f"{found.group(1)}{name}-", text)
    text = FAMILIES.sub(f"'{FAMILY}'", text)
    opening = _first(r"<svg[^>]*>", text)
    box = _first(r'viewBox="[^"]*"', opening)
    said = escape(alt, quote=True)
    return f'<svg {box} role="img" aria-label="{said}"><title>{said}</title>{text[len(opening) :].strip()}'
