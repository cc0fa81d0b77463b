"""Prefectures, size classes and the codes of municipalities.

Source: JIS X 0401 (prefectures); Ministry of Internal Affairs and Communications, codes of local
governments (検査数字を含む全国地方公共団体コード).
"""

from __future__ import annotations

from collections.abc import Set
from typing import NamedTuple

from sim.words import InBoth, named

PREFECTURES = {f"{number:02}": named("prefecture", f"{number:02}") for number in range(1, 48)}


class SizeClass(NamedTuple):
    """Municipalities of `least` residents or more, up to those of the next larger class."""

    id: str
    least: int
    name: InBoth


SIZE_CLASSES = (  # the largest first
    SizeClass("1m", 1_000_000, InBoth("100万人以上", "1,000,000 and more")),
    SizeClass("500k", 500_000, InBoth("50万～100万人未満", "500,000 to 999,999")),
    SizeClass("300k", 300_000, InBoth("30万～50万人未満", "300,000 to 499,999")),
    SizeClass("200k", 200_000, InBoth("20万～30万人未満", "200,000 to 299,999")),
    SizeClass("100k", 100_000, InBoth("10万～20万人未満", "100,000 to 199,999")),
    SizeClass("50k", 50_000, InBoth("5万～10万人未満", "50,000 to 99,999")),
    SizeClass("30k", 30_000, InBoth("3万～5万人未満", "30,000 to 49,999")),
    SizeClass("10k", 10_000, InBoth("1万～3万人未満", "10,000 to 29,999")),
    SizeClass("5k", 5_000, InBoth("5千～1万人未満", "5,000 to 9,999")),
    SizeClass("0", 0, InBoth("5千人未満", "below 5,000")),
)


def size_class(population: int) -> SizeClass:
    """Returns the size class of a municipality of so many residents."""
    return next(one for one in SIZE_CLASSES if population >= one.least)


def check_digit(five: str) -> str:
    """Returns the sixth digit of a code of five: 11 less the remainder by 11 of the digits weighted
    6, 5, 4, 3, 2, its last digit.
    """
    total = sum(int(digit) * weight for digit, weight in zip(five, (6, 5, 4, 3, 2), strict=True))
    return str((11 - total % 11) % 10)


def is_code(five: str) -> bool:
    """Returns whether five digits can be the code of a municipality or a ward: a prefecture that
    there is, and a number in it.
    """
    return len(five) == 5 and five.isdigit() and five[:2] in PREFECTURES and five[2:] != "000"


def is_ward(code: str, name: str, known: Set[str]) -> bool:
    """Returns whether a code is that of a ward of a designated city that is among the `known` codes.

    City and wards have the numbers 100 to 199 in their prefecture, a city's own a multiple of ten.
    The 23 wards of Tokyo are municipalities.
    """
    number = int(code[2:])
    if not 101 <= number <= 199 or code[:2] == "13" or not name.endswith("区"):
        return False
    return any(f"{code[:2]}{city}" in known for city in range(100, number, 10))
