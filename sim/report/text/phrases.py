"""How amounts, ranges, years and arms are written in a sentence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from sim.report.text.run import decimals, label, seed_ranges
from sim.scenario.comparison import Comparison
from sim.study.case import Case
from sim.study.result import Compared
from sim.words import say

OKU, MAN = 1e8, 1e4  # 億, 万
MILLION = 1e6
MORE, LESS = "more", "less"  # what an interval allows to say, beside UNCLEAR, FEW and SAME


def yen(value: float, lang: str, sign: bool = False) -> str:
    """Returns an amount in words, such as "2.90億円", "340万円" or "290 million yen"."""
    if value != value:  # one seed has no interval
        return say("unit.-", lang)
    mark = "+" if sign and value > 0 else "-" if value < 0 else ""
    size = abs(value)
    if lang == "en":
        return f"{mark}{size / MILLION:,.{decimals(size / MILLION)}f} million yen"
    if size >= OKU:
        return f"{mark}{size / OKU:,.2f}億円"
    return f"{mark}{round(size / MAN):,}万円"


def yen_range(low: float, high: float, lang: str, sign: bool = False) -> str:
    """Returns two amounts as a range, or one where they are the same."""
    if low == high:
        return yen(low, lang, sign)
    return say("allowed.range", lang, low=yen(low, lang, sign), high=yen(high, lang, sign))


def numbers_range(low: float, high: float, lang: str) -> str:
    """Returns two plain numbers with their signs as a range."""
    digits = decimals(max(abs(low), abs(high)))
    return say("allowed.range", lang, low=f"{low:+z,.{digits}f}", high=f"{high:+z,.{digits}f}")


def share(value: float) -> str:
    """Returns a share in percent without decimals."""
    return f"{100 * value:.0f}"


def year(value: float, lang: str) -> str:
    """Returns a fiscal year of the run, or that it is not within it."""
    return (
        say("money.never", lang)
        if math.isnan(value)
        else say("summary.year", lang, year=f"{value:.0f}")
    )


def years_said(years: Sequence[int], lang: str) -> str:
    """Returns years in short, such as 1～3, 5."""
    return seed_ranges(years).replace("-", say("page.to", lang))


def plain_number(value: float) -> str:
    """Returns a number with three digits."""
    return f"{value:,.{decimals(value)}f}"


def in_order(one: float, other: float) -> tuple[float, float]:
    """Returns two numbers, the lesser first."""
    return (other, one) if other < one else (one, other)


def arm_list(case_or_compared: Case | Compared, arms: Iterable[str], lang: str) -> str:
    """Returns the names of arms in a row."""
    compared: Any = getattr(case_or_compared, "compared", case_or_compared)
    comparison: Comparison = compared.comparison
    return say("run.comma", lang).join(
        say("page.quoted", lang, name=label(comparison.arm(arm).name, lang)) for arm in arms
    )


def ordered(compared: Compared, table: pd.DataFrame) -> list[Any]:
    """Returns one row for each arm, in the order of the comparison."""
    every: Iterable[Any] = table.itertuples()
    rows = {row.arm: row for row in every}
    return [rows[arm.id] for arm in compared.comparison.others if arm.id in rows]
