"""Fiscal years by name, and amounts in thousand yen, as a budget writes them."""

from __future__ import annotations

import datetime

from sim.words import say

ERAS = ((2019, "令和"), (1989, "平成"))  # the calendar year in which the first fiscal year begins
REIWA = datetime.date(2019, 5, 1)  # the first day of the era


def fiscal_year(year: int, lang: str) -> str:
    """The name of the fiscal year that begins in April of `year`, such as 令和8年度 or FY2026."""
    if lang != "ja":
        return f"FY{year}"
    for first, era in ERAS:
        if year >= first:
            number = year - first + 1
            return f"{era}{'元' if number == 1 else number}年度"
    return f"{year}年度"


def day_name(day: datetime.date, lang: str) -> str:
    """The name of a day, such as 令和8年4月1日 or 2026-04-01."""
    if lang != "ja":
        return day.isoformat()
    before = day.year == ERAS[0][0] and day < REIWA
    year = "平成31年度" if before else fiscal_year(day.year, lang)
    return f"{year.removesuffix('度')}{day.month}月{day.day}日"


def fiscal_years(first: int, last: int, lang: str) -> str:
    """The name of several fiscal years in a row, such as 令和9～10年度 or FY2027-2028."""
    if first == last:
        return fiscal_year(first, lang)
    if lang != "ja":
        return f"FY{first}-{last}"
    names = fiscal_year(first, lang), fiscal_year(last, lang)
    same = names[0][:2] == names[1][:2]
    return f"{names[0].removesuffix('年度')}～{names[1][2:] if same else names[1]}"


def thousand(amount: float) -> str:
    """An amount in thousand yen; what is taken away with a triangle, as budgets write it."""
    whole = round(amount)
    return f"{whole:,}" if whole >= 0 else f"△{-whole:,}"


def with_unit(amount: float, lang: str) -> str:
    """An amount with its unit, such as 22,633千円."""
    return say("request.amount", lang, amount=thousand(amount))
