"""A synthetic nation: 1,718 municipalities and 124 million residents from stated facts, since no
table of real municipalities ships.

Facts: the number of municipalities by prefecture (市町村数; the 23 wards of Tokyo are not among
them); shares of municipalities and of residents by size in 2020 (厚生労働白書 令和5年版, 図表1-2-5,
from the population census of 2020; those of 200,000 and more are divided as in the census of 2010,
the last whose numbers by class were at hand); 124 million residents, 29.3 % of them 65 or over (人口推計,
1 October 2024, rounded). Assumed: sizes within a class, how the ageing rate falls with size, and that
sizes are dealt out to the prefectures without regard to place. The residents of the 23 wards are in
the largest class. Names and codes are those of no municipality that there is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq

from sim.towns.nation.regions import PREFECTURES, check_digit
from sim.towns.nation.table import Municipality

RESIDENTS = 124_000_000
AGEING_RATE = 0.293
PER_DECADE = (
    0.062  # by which the ageing rate is lower for ten times the residents: assumed, grade D
)
WAVE = 0.04  # by which municipalities of a size differ, up or down: assumed, grade D
LOWEST, HIGHEST = 0.15, 0.60
SERIES = 800  # the first number in a prefecture; no real municipality has one above 799
_COUNTS = (
    "179 40 33 35 25 35 59 44 25 35 63 54 39 33 30 15 19 17 27 77 42 35 54 29 19 26 43 41 39 30 19 19 27 "
    "23 19 24 17 20 34 60 20 21 45 18 26 43 41"
)
COUNTS = dict(zip(PREFECTURES, map(int, _COUNTS.split()), strict=True))


class SizeShare(NamedTuple):
    """Municipalities of one class of sizes: shares (%) of municipalities and of residents,
    the sizes between which they lie, and the word that ends their names.
    """

    municipalities: float
    residents: float
    least: int
    most: int
    ending: str


SHARES = (
    *(
        SizeShare(6.4 * number / 112, 54.0 * residents / 67.21, least, most, "市")
        for number, residents, least, most in (
            (12, 28.84, 1_000_000, 3_800_000),
            (17, 11.70, 500_000, 1_000_000),
            (43, 16.69, 300_000, 500_000),
            (40, 9.98, 200_000, 300_000),
        )
    ),
    SizeShare(22.8, 30.1, 50_000, 200_000, "市"),
    SizeShare(16.9, 7.6, 5_000, 50_000, "市"),  # the smallest city: assumed
    SizeShare(8.1, 3.3, 20_000, 50_000, "町"),
    SizeShare(15.1, 2.9, 10_000, 20_000, "町"),
    SizeShare(13.8, 1.3, 5_000, 10_000, "町"),
    SizeShare(16.9, 0.6, 170, 5_000, "村"),  # the smallest village: 170, about that of Aogashima
)


def synthetic_nation() -> tuple[Municipality, ...]:
    """Returns the municipalities of the synthetic nation in the order of their codes; the same each
    time.
    """
    sizes = sorted(_sizes(), reverse=True)
    homes = list(_homes())
    rates = _rates(np.array([size for size, _ in sizes]))
    serial: dict[str, int] = dict.fromkeys(PREFECTURES, SERIES)
    found = []
    for number, ((size, ending), home, rate) in enumerate(
        zip(sizes, homes, rates, strict=True), start=1
    ):
        serial[home] += 1
        name = f"合成{ending}{number:04}"
        found.append(Municipality(f"{home}{serial[home]}", name, size, float(rate)))
    return tuple(sorted(found, key=lambda row: row.code))


def _sizes() -> Iterator[tuple[int, str]]:
    """Returns the residents of every municipality and the end of its name, class by class."""
    numbers = _shared(sum(COUNTS.values()), [one.municipalities for one in SHARES])
    residents = _shared(RESIDENTS, [one.residents for one in SHARES])
    for one, number, whole in zip(SHARES, numbers, residents, strict=True):
        for size in _within(one, number, whole):
            yield size, one.ending


def _shared(whole: int, weights: list[float]) -> list[int]:
    """Returns whole numbers in these proportions that sum to `whole`: largest remainders."""
    exact = [whole * weight / sum(weights) for weight in weights]
    found = [int(number) for number in exact]
    order = sorted(range(len(exact)), key=lambda at: found[at] - exact[at])
    for at in order[: whole - sum(found)]:
        found[at] += 1
    return found


def _within(one: SizeShare, number: int, whole: int) -> list[int]:
    """Returns sizes of `number` municipalities that sum to `whole`: least (most / least)^(u^g) at the
    middle u of each of `number` equal parts of 0 to 1, with the exponent g that gives the sum.
    """
    u = (np.arange(number) + 0.5) / number

    def sizes(log_g: float) -> np.ndarray:
        return one.least * (one.most / one.least) ** (u ** math.exp(log_g))

    log_g = brentq(lambda log_g: sizes(log_g).sum() - whole, -6.0, 6.0)
    return _shared(whole, list(sizes(log_g)))


def _homes() -> Iterator[str]:
    """Returns the prefectures in the order in which municipalities, the largest first, are dealt to
    them: each at equal steps along the order.
    """
    steps = (
        ((place + 0.5) / number, prefecture)
        for prefecture, number in COUNTS.items()
        for place in range(number)
    )
    return (prefecture for _, prefecture in sorted(steps))


def _rates(sizes: np.ndarray) -> np.ndarray:
    """Returns the ageing rates: falling with the logarithm of the size, different within a size by a
    fixed pattern, and AGEING_RATE over all residents.
    """
    pattern = (np.arange(len(sizes)) * (math.sqrt(5) - 1) / 2) % 1.0
    shape = -PER_DECADE * np.log10(sizes) + WAVE * (2 * pattern - 1)

    def rates(level: float) -> np.ndarray:
        return np.clip(level + shape, LOWEST, HIGHEST)

    level = brentq(lambda level: rates(level) @ sizes / sizes.sum() - AGEING_RATE, 0.0, 2.0)
    return np.round(rates(level), 4)


HEADING = ("団体コード", "都道府県名", "市区町村名", "人口", "高齢化率")


def table_text(rows: tuple[Municipality, ...]) -> str:
    """Returns municipalities as the text of a CSV file that `read_nation` reads."""
    lines = [",".join(HEADING)]
    lines += [
        f"{row.code}{check_digit(row.code)},{PREFECTURES[row.prefecture].say('ja')},{row.name},"
        f"{row.population},{100 * row.ageing_rate:.2f}%"
        for row in rows
    ]
    return "\n".join([*lines, ""])
