"""One spelling of what a reader takes for the same: width, composed or not, radicals, look-alikes,
hyphens, spaces.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Radicals that NFKC leaves as they are, each before the ideograph it looks like. Source: Unicode,
# EquivalentUnifiedIdeograph.txt.
RADICALS = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺫目⺬示⺭礻⺯糹⺰纟⺱罓⺲罒⺳㓁"
    "⺴冗⺶羊⺹耂⺺肀⺻聿⺼肉⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻈讠⻉贝⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻟飠⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜"
    "⻰龙⻱龜⻲亀⻳龟"
)
VARIANTS = (
    "髙高﨑崎𠮷吉濵浜ヶケヵカ"  # the same name to a reader, each before the letter of the key
)
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef]")
HYPHENS = "‐‑‒–—―−─━﹣-"
_RADICALS = {
    ord(radical): letter for radical, letter in zip(RADICALS[::2], RADICALS[1::2], strict=True)
}
_VARIANTS = {ord(letter): same for letter, same in zip(VARIANTS[::2], VARIANTS[1::2], strict=True)}
_HYPHENS = dict.fromkeys(map(ord, HYPHENS), "-") | {ord("〜"): "~"}
_LONG = re.compile("(?<=[ァ-ヺー])-")  # a hyphen after katakana is the mark of a long vowel
_NOT_LONG = re.compile("(?<![ァ-ヺぁ-ゖー])ー")  # and such a mark after anything else is a hyphen
_BLOCK = re.compile(r"[〇一二三四五六七八九十]+(?=丁目|番町|条)")
_DIGITS = {letter: number for number, letter in enumerate("〇一二三四五六七八九")}


@lru_cache(maxsize=65_536)
def tidy(text: str) -> str:
    """Text as it is shown: one width, composed, no invisible letters, one kind of hyphen, single
    spaces.
    """
    text = unicodedata.normalize("NFKC", INVISIBLE.sub("", text).translate(_RADICALS)).translate(
        _HYPHENS
    )
    return " ".join(_NOT_LONG.sub("-", _LONG.sub("ー", text)).split())


@lru_cache(maxsize=65_536)
def spelling_key(text: str) -> str:
    """Returns what texts have in common that a reader takes for the same: `tidy` without spaces,
    variants, case; 一丁目 as 1丁目.
    """
    return _BLOCK.sub(
        lambda found: str(_number(found[0])),
        "".join(tidy(text).split()).translate(_VARIANTS).casefold(),
    )


def _number(numeral: str) -> int:
    """Returns a numeral up to 99, such as 二十三."""
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return int("".join(str(_DIGITS[letter]) for letter in numeral))
    return 10 * (_DIGITS.get(tens, 1) if tens else 1) + (_DIGITS.get(ones, 0) if ones else 0)
