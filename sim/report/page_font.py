"""The font of a page: the letters it uses, of the free Japanese font of matplotlib_fontja, under a name of their own."""

from __future__ import annotations

import base64
from functools import cache
from io import BytesIO
from pathlib import Path

import matplotlib_fontja
from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Sim Report Gothic"  # the licence forbids the original's name for what is derived from it
FOLDER = Path(matplotlib_fontja.__file__).parent / "fonts"
FONT, LICENCE = FOLDER / "ipaexg.ttf", FOLDER / "IPA_Font_License_Agreement_v1.0.txt"
NAMES = (1, 3, 4, 6, 16)  # family, unique, full, PostScript, typographic family
STAMP = 0  # the date inside the font: the same letters give the same bytes


@cache
def glyphs() -> frozenset[int]:
    """Code points that the font has."""
    with TTFont(FONT, lazy=True) as font:
        return frozenset(font.getBestCmap())


def lacking(text: str) -> set[str]:
    """Letters of a text that the font cannot show."""
    return {letter for letter in set(text) if ord(letter) >= 32 and ord(letter) not in glyphs()}


def embedded(text: str) -> str:
    """A data URL of the font with the letters of `text` alone, as WOFF."""
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
    """The licence of the font, whole."""
    return LICENCE.read_text(encoding="utf-8-sig").strip()
