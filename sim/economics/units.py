"""Units of money: what a price that somebody typed means in yen, and the question that is asked where
it is far from the price of the book.
"""

from __future__ import annotations

import math
import unicodedata
from decimal import Decimal
from typing import Any

from sim.words import Phrase
from sim.words.errors import fault

YEN = 1
UNITS: dict[int, tuple[str, ...]] = {
    YEN: ("円", "yen", "jpy"),
    1_000: ("千円", "thousand yen", "1000 yen", "jpy 1000"),
    10_000: ("万円", "ten thousand yen", "10000 yen"),
    1_000_000: ("百万円", "million yen", "1000000 yen"),
    100_000_000: ("億円", "hundred million yen", "100000000 yen"),
}
FEWEST, MOST = 0.1, 10.0  # of the book's amount: beyond them it is asked about


def factor(unit: Any) -> int | None:
    """Returns the yen of one `unit` of money, Japanese or English, in any width and case; None
    where it is no unit of money.
    """
    if not isinstance(unit, str):
        return None
    plain = " ".join(unicodedata.normalize("NFKC", unit).lower().replace(",", "").split())
    return next((yen for yen, names in UNITS.items() if plain in names), None)


def in_yen(value: Any, yen: int) -> Any:
    """Returns in yen a number typed in units of `yen`: 4.3 million is 4,300,000 exactly. Anything
    that is no number stays as it is.
    """
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or yen == YEN
        or not math.isfinite(value)
    ):
        return value
    exact = Decimal(repr(value)) * yen
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def question(typed: Any, unit: int, book: Any, *, at: str, file: str) -> None:
    """Raises ScenarioError where an amount (typed in units of `unit` yen) lies below a tenth or
    above ten times the book's (yen, above 0).

    The message says what was typed, what it means in yen, what the book says, and how to state the
    unit or that the amount is meant.
    """
    yen = in_yen(typed, unit)
    if (
        not all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in (yen, book))
        or yen < 0
        or not book > 0
    ):
        return
    if FEWEST * book <= yen <= MOST * book:
        return
    better = _meant(typed, book)
    way = (
        Phrase("allowed.price_sure")
        if better is None
        else Phrase(
            "allowed.price_unit",
            {"unit": Phrase(f"money_unit.{better}"), "yen": _plain(in_yen(typed, better))},
        )
    )
    raise fault(
        "error.price_far",
        at=at,
        file=file,
        given=typed,
        allowed=way,
        yen=_plain(yen),
        book=_plain(book),
        times=_times(Decimal(repr(yen)) / Decimal(repr(book))),
    )


def _times(ratio: Decimal) -> Phrase:
    """Returns in words how many times the book's amount it is, or what part of it."""
    if ratio > 1:
        return Phrase(
            "price_far.times", {"number": f"{ratio:,.0f}" if ratio < 10**12 else f"{ratio:.3g}"}
        )
    return (
        Phrase("price_far.part", {"number": f"{1 / ratio:,.0f}"})
        if ratio
        else Phrase("price_far.nothing")
    )


def _meant(typed: float, book: float) -> int | None:
    """Returns the unit of money in which an amount comes nearest to the book's; None where it comes
    near in none.
    """
    near = {
        unit: abs(math.log(in_yen(typed, unit)) - math.log(book)) for unit in UNITS if typed > 0
    }
    best = min(near, key=lambda unit: near[unit], default=None)
    return best if best is not None and near[best] <= math.log(MOST) else None


def _plain(yen: float) -> str:
    """Returns an amount in yen with its thousands apart."""
    return f"{yen:,.0f}" if yen == round(yen) else f"{yen:,}"


def all_units() -> str:
    """Returns the units of money that a file may state, in both languages."""
    return ", ".join(name for names in UNITS.values() for name in names[:2])
