"""Rows that repeat what other rows say: totals by their name, and totals by their sums."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sim.towns.household_tables.spelling import spelling_key

WHOLE = re.compile(
    r"(?:総|合|小|中|累|市|町|村|区|全)?計|総数|合計|総合計|全(?:体|域|市|町|村|区|県|地区)|(?:市|町|村|区)全(?:体|域)|"
    r"(?:再掲|[(]再掲[)]).*|total|subtotal|grandtotal|all|sum"
)
ENDING = re.compile(r".+(?:小計|合計|総計|総数|[^時会]計|の計|[(]計[)]|[(](?:再掲|小計|合計)[)])")
FEW = 3  # columns of figures that make a sum of rows no accident
MANY = 50  # or households


def is_total(name: str) -> bool:
    """Returns whether a name is that of a total or of rows listed again."""
    text = spelling_key(name).strip("【】[]()〔〕<>*※ ")
    return bool(WHOLE.fullmatch(text) or ENDING.fullmatch(spelling_key(name)))


def sums(rows: Sequence[tuple[int, ...]]) -> set[int]:
    """Returns the places of rows that are the sum of rows beside them, or of all others; chance is
    kept out by many figures.

    A subtotal is the sum of two or more rows just above it (since the last subtotal) or just below
    it.
    """
    found = above(rows)
    found |= below([row if place not in found else () for place, row in enumerate(rows)])
    rest = [place for place in range(len(rows)) if place not in found]
    whole = [sum(column) for column in zip(*(rows[place] for place in rest), strict=True)]
    many = [place for place in rest if len(rest) > 2 and telling(rows[place])]
    grand = [place for place in many if [2 * number for number in rows[place]] == whole]
    return found | set(grand[:1])


def telling(row: Sequence[int]) -> bool:
    """Returns whether a row holds enough figures for its being a sum to be no accident."""
    return sum(map(bool, row)) >= FEW or (sum(map(bool, row)) >= 2 and sum(row) >= MANY)


def above(rows: Sequence[tuple[int, ...]]) -> set[int]:
    """Returns the rows that are the sum of the two or more rows before them, back to the last such
    row.
    """
    found, begin = set(), 0
    for place, row in enumerate(rows):
        if place - begin >= 2 and telling(row) and added(rows[begin:place]) == row:
            found.add(place)
            begin = place + 1
    return found


def below(rows: Sequence[tuple[int, ...]]) -> set[int]:
    """Returns the rows that are the sum of the two or more rows that follow them."""
    found = set()
    for place, row in enumerate(rows):
        if not row or not telling(row):
            continue
        so_far, number = tuple([0] * len(row)), 0
        for other in rows[place + 1 :]:
            if not other or any(mine > most for mine, most in zip(so_far, row, strict=True)):
                break
            so_far, number = tuple(map(sum, zip(so_far, other, strict=True))), number + 1
            if number >= 2 and so_far == row:
                found.add(place)
                break
    return found


def added(rows: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """Returns the sums of columns."""
    return tuple(map(sum, zip(*rows, strict=True)))
